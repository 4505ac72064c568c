// What a city sets for its maps and for what it publishes; the gateway's settings bring them here.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace wangge::console {

struct Picture {
  std::string type, bytes;
};

// A base map of somebody else's, by the common scheme of tiles. Its key stays here.
struct BaseMapOptions {
  // http(s) address with {z} {x} {y} ({-y}: counted from the south), {key}, and {s} for a digit 0 to 7; "" = no base
  // map
  std::string url, key;
  std::string attribution, approval_number;  // shown on the map; the number (审图号) is what the law asks for
  int zoom_most = 18;
  std::size_t keep_bytes = 32u << 20;
  std::chrono::seconds keep_for{std::chrono::hours{24}};
  // Fetches an address; throws std::runtime_error when it is away or says no.
  std::function<Picture(std::string const& url)> fetch;
};

// What everybody may see without signing in (DECISIONS 116).
struct PublicOptions {
  std::vector<std::string> districts;  // none: the doors are closed
  int days = 30;                       // cases reported in the last so many days
  std::vector<std::string> hidden;     // category codes that are never shown
};

}  // namespace wangge::console
