// The gateway assembled: every door's routes as one visible table, the server that carries them, the link to the
// dispatchers, the reads and the media folder. Wiring only; what a door does stands in its own room.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "gateways/console/map_options.hpp"
#include "gateways/sessions/book.hpp"
#include "gateways/sessions/oidc.hpp"

namespace wangge::console {
class StandingDesk;
}

namespace wangge::gateway {

struct GatewayOptions {
  std::string name = "gateway-1";  // stable: the dispatcher knows this process by it
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;            // 0: any free port
  std::string tls_certificate, tls_key;  // both: HTTPS
  std::string spool_dir, media_dir;      // the spool folder also keeps the unanswered attempts
  std::vector<std::string> dispatchers, hints;
  std::string sheets_dir;  // the city's own templates of printed papers; may be missing
  std::string public_url;  // how phones reach this gateway, for printed codes; "" = the host the caller used
  std::string database_url;  // reads only; may be down at start and later
  int database_connections = 3;
  int worker_threads = 4;
  std::uint64_t free_bytes_floor = 64ull << 20;
  std::chrono::milliseconds answer_wait{500};  // how long POST /reports waits for the word after COMMIT
  std::chrono::hours media_unnamed_for{24 * 7};  // then a file that no case names is removed
  // Signs a month's digest with the installation's key; none: months are not sealed through this gateway.
  std::function<std::string(std::string const& text)> sign;
  // Signing in. secure_cookies also where TLS ends at a proxy in front; proxies: whose X-Forwarded-For is believed.
  sessions::Rules sessions;
  sessions::OidcSettings oidc;
  bool secure_cookies = false;
  std::vector<std::string> proxies;
  std::string totp_key;  // 32 bytes that seal the keys of one-time codes; every gateway of a city has the same. "": none
  console::BaseMapOptions base_map;
  console::PublicOptions everybody;
  // Reads and changes parts of the standing data for the managing pages; null: this gateway has no such desk. Outlives the gateway.
  console::StandingDesk* desk = nullptr;
  std::string version = "0.1.0";
  // More parts of /readyz, each a function that gives a JSON object as text, e.g. {"backup": {"age_s": 3600}}.
  std::map<std::string, std::function<std::string()>> parts;
};

class Gateway {
 public:
  explicit Gateway(GatewayOptions options);
  ~Gateway();
  // Throws std::runtime_error naming address and port when taken, spool::Damaged when the spool cannot be trusted.
  void start();
  void stop();  // drains: running requests are answered, everything accepted is on the disk
  std::uint16_t port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wangge::gateway
