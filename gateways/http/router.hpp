// The table of routes: checked once at the start, then asked for each request. Knows no sockets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gateways/http/http.hpp"

namespace wangge::http {

class Router {
 public:
  // Throws std::logic_error naming the route when a row is incomplete or stands twice.
  explicit Router(std::vector<Route> routes);

  struct Match {
    Route const* route = nullptr;
    bool bad_path = false;  // a percent sign that decodes to nothing: 400
    std::string allow;      // the path is known, but not with this method: what Allow says
  };
  // HEAD finds the GET route. `params` receives the decoded {names}.
  Match find(std::string_view method, std::string_view path, NameMap& params) const;
  std::vector<Route> const& routes() const { return routes_; }

 private:
  struct Place {                      // one path with its methods
    std::vector<std::string> pieces;  // literal, or "{name}"
    std::vector<std::size_t> routes;
  };
  static bool fits(Place const& place, std::vector<std::string> const& pieces);
  Place const* place_of(std::vector<std::string> const& pieces) const;

  std::vector<Route> routes_;
  std::vector<Place> places_;  // literal pieces before {names}: the first that fits is the most exact
  std::unordered_map<std::string, std::size_t> exact_;  // paths without {names}, as written
};

// The pieces between slashes, decoded. `unsafe`: readable, but a piece could leave its folder or end a line: no route
// holds such a path, whatever it may mean elsewhere. `torn`: cannot be decoded.
enum class PathForm : std::uint8_t { good, unsafe, torn };
PathForm split_path(std::string_view path, std::vector<std::string>& pieces);
// Decoded; false when something cannot be. `repeated`: a name that stands twice, which a door refuses (the last wins otherwise).
bool split_query(std::string_view query, NameMap& into, std::string* repeated = nullptr);

}  // namespace wangge::http
