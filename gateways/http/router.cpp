// See router.hpp.
#include "gateways/http/router.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <stdexcept>

#include "gateways/http/text.hpp"

namespace wangge::http {
namespace {

constexpr std::array<std::string_view, 5> kAudit{"none", "read", "personal", "write", "admin"};
constexpr std::array<std::string_view, 6> kMethods{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

bool is_name(std::string_view piece) { return piece.size() > 2 && piece.front() == '{' && piece.back() == '}'; }

std::vector<std::string> pieces_of(std::string_view path) {
  std::vector<std::string> out;
  for (std::size_t at = 1; at <= path.size();) {
    auto const slash = std::min(path.find('/', at), path.size());
    out.emplace_back(path.substr(at, slash - at));
    at = slash + 1;
  }
  return out;
}

// A literal sorts before a {name} in the same place, so that /cases/export wins over /cases/{case_no}.
std::string order_of(std::vector<std::string> const& pieces) {
  std::string out;
  for (auto const& piece : pieces) out += is_name(piece) ? std::string("/~") : "/ " + piece;
  return out;
}

void check(Route const& r) {
  std::string const name = "route " + r.method + ' ' + r.path + ": ";
  auto const demand = [&](bool fact, char const* what) {
    if (!fact) throw std::logic_error(name + what);
  };
  demand(std::find(kMethods.begin(), kMethods.end(), r.method) != kMethods.end(), "the method is none that is served");
  demand(!r.path.empty() && r.path.front() == '/', "the path does not begin with a slash");
  demand(r.path == "/" || r.path.back() != '/', "the path ends with a slash");
  demand(r.access != Access::roles || !r.roles.empty(), "access by roles, but no role is named");
  demand(r.access == Access::roles || r.roles.empty(), "roles are named, but access is not by roles");
  demand(std::find(kAudit.begin(), kAudit.end(), r.audit) != kAudit.end(),
         "no audit class (none, read, personal, write, admin)");
  demand(r.handle || r.stream, "no handler");
  demand(!(r.handle && r.stream), "both a handler and a stream");
  demand(!r.stream || r.method == "GET", "a stream that is not GET");
  std::set<std::string> names;
  for (auto const& piece : pieces_of(r.path)) {
    bool const brace = piece.find_first_of("{}") != std::string::npos;
    demand(!brace || is_name(piece), "a {name} must be a whole piece of the path");
    demand(!is_name(piece) || names.insert(piece).second, "a {name} stands twice");
    demand(piece.find_first_of("%?# ") == std::string::npos, "the path must be written decoded");
  }
}

// What a {name} may never hold: it could leave its folder, or end a C string.
bool is_safe(std::string_view piece) {
  return piece != "." && piece != ".." && piece.find_first_of("/\\") == std::string_view::npos &&
         std::none_of(piece.begin(), piece.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace

PathForm split_path(std::string_view path, std::vector<std::string>& pieces) {
  pieces.clear();
  if (path.empty() || path.front() != '/') return PathForm::torn;
  PathForm form = PathForm::good;
  for (std::size_t at = 1; at <= path.size();) {
    auto const slash = std::min(path.find('/', at), path.size());
    std::string_view const raw = path.substr(at, slash - at);
    auto decoded = percent_decode(raw);
    if (!decoded) return PathForm::torn;
    if (!is_safe(*decoded)) form = PathForm::unsafe;
    pieces.push_back(std::move(*decoded));
    at = slash + 1;
  }
  return form;
}

bool split_query(std::string_view query, NameMap& into, std::string* repeated) {
  while (!query.empty()) {
    auto const end = std::min(query.find('&'), query.size());
    std::string_view const pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (pair.empty()) continue;
    auto const equals = std::min(pair.find('='), pair.size());
    auto const name = percent_decode(pair.substr(0, equals), true);
    auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
    if (!name || !value) return false;
    if (repeated != nullptr && into.contains(*name)) *repeated = *name;
    into[*name] = std::move(*value);
  }
  return true;
}

Router::Router(std::vector<Route> routes) : routes_(std::move(routes)) {
  std::map<std::string, Place> by_order;
  std::set<std::pair<std::string, std::string>> seen;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    Route const& r = routes_[i];
    check(r);
    auto pieces = pieces_of(r.path);
    std::string const order = order_of(pieces);
    if (!seen.emplace(r.method, order).second) {
      throw std::logic_error("route " + r.method + ' ' + r.path + ": stands twice");
    }
    Place& place = by_order[order];
    if (place.routes.empty()) place.pieces = std::move(pieces);
    if (place.pieces != pieces_of(r.path)) {
      throw std::logic_error("route " + r.method + ' ' + r.path + ": another method names its {names} differently");
    }
    place.routes.push_back(i);
  }
  for (auto& [order, place] : by_order) {
    bool const literal = std::none_of(place.pieces.begin(), place.pieces.end(), is_name);
    if (literal) exact_.emplace(routes_[place.routes.front()].path, places_.size());
    places_.push_back(std::move(place));
  }
}

bool Router::fits(Place const& place, std::vector<std::string> const& pieces) {
  return std::equal(place.pieces.begin(), place.pieces.end(), pieces.begin(), pieces.end(),
                    [](std::string const& wanted, std::string const& given) {
                      return is_name(wanted) ? !given.empty() : wanted == given;
                    });
}

Router::Place const* Router::place_of(std::vector<std::string> const& pieces) const {
  auto const it = std::find_if(places_.begin(), places_.end(), [&](Place const& p) { return fits(p, pieces); });
  return it == places_.end() ? nullptr : &*it;
}

Router::Match Router::find(std::string_view method, std::string_view path, NameMap& params) const {
  Match match;
  Place const* place = nullptr;
  if (auto const it = exact_.find(std::string(path)); it != exact_.end()) {
    place = &places_[it->second];
  } else {
    std::vector<std::string> pieces;
    auto const form = split_path(path, pieces);
    match.bad_path = form == PathForm::torn;
    place = form == PathForm::good ? place_of(pieces) : nullptr;
    if (place == nullptr) return match;
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      std::string const& wanted = place->pieces[i];
      if (is_name(wanted)) params.add(wanted.substr(1, wanted.size() - 2), std::move(pieces[i]));
    }
  }
  bool get = false;
  for (std::size_t const i : place->routes) {
    std::string const& known = routes_[i].method;
    get = get || known == "GET";
    if (known == method || (method == "HEAD" && known == "GET")) {
      match.route = &routes_[i];
      return match;
    }
    if (known != "OPTIONS") match.allow += known + ", ";
  }
  match.allow += get ? "HEAD, OPTIONS" : "OPTIONS";
  return match;
}

}  // namespace wangge::http
