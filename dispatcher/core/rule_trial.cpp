#include "dispatcher/core/rule_trial.hpp"

#include <algorithm>

#include "dispatcher/core/routing.hpp"

namespace wangge::core {

namespace {

template <class Line>
void collect(std::vector<Line> const& before, std::vector<Line> const& after, std::vector<Line>& to,
             RuleChange& change) {
  std::map<std::string, Line const*> old;
  for (auto const& line : before) old[line.id] = &line;
  for (auto const& line : after) {
    auto const was = old.find(line.id);
    if (was == old.end()) {
      ++change.added;
      to.push_back(line);
      continue;
    }
    if (*was->second != line) {
      ++change.changed;
      to.push_back(*was->second);
      to.push_back(line);
    }
    old.erase(was);
  }
  for (auto const& [id, line] : old) {
    ++change.removed;
    to.push_back(*line);
  }
}

// Ordered rules that are on both sides, in their order: moved about, they answer differently although none changed.
std::vector<std::string> order_of(City const& city, City const& other) {
  std::vector<std::string> ids;
  for (auto const& r : city.routes) {
    bool const there =
        std::any_of(other.routes.begin(), other.routes.end(), [&](RouteRule const& o) { return o.id == r.id; });
    if (r.level <= RouteLevel::ordered && there) ids.push_back(r.id);
  }
  return ids;
}

bool same_bodies(City const& a, City const& b) {
  auto const squads = [](City const& c) {
    std::vector<std::tuple<std::string, std::string, std::optional<double>, std::optional<double>>> out;
    for (auto const& [key, s] : c.squads) out.emplace_back(key, s.unit, s.lon, s.lat);
    return out;
  };
  auto const units = [](City const& c) {
    std::vector<std::string> out;
    for (auto const& [key, u] : c.units) out.push_back(key);
    return out;
  };
  return squads(a) == squads(b) && units(a) == units(b) && a.shifts == b.shifts && a.absences == b.absences;
}

bool same(std::optional<Routed> const& a, std::optional<Routed> const& b) {
  if (!a || !b) return !a && !b;
  return a->unit == b->unit && a->squad == b->squad;
}

}  // namespace

bool RuleChange::touches(PastCase const& past) const {
  if (everything) return true;
  return std::any_of(rules.begin(), rules.end(), [&](auto const& r) { return fits(r, past.c, past.component); }) ||
         std::any_of(lines.begin(), lines.end(), [&](auto const& l) { return fits(l, past.c); });
}

RuleChange change_between(City const& before, City const& after) {
  RuleChange change;
  collect(before.routes, after.routes, change.rules, change);
  collect(before.responsibilities, after.responsibilities, change.lines, change);
  if (order_of(before, after) != order_of(after, before)) {
    for (auto const& r : after.routes) {
      if (r.level <= RouteLevel::ordered) change.rules.push_back(r);
    }
  }
  change.everything = !same_bodies(before, after);
  return change;
}

Trial try_rules(City const& before, City const& after, std::span<PastCase const> past, std::size_t most_moves) {
  auto const change = change_between(before, after);
  Trial trial;
  trial.cases = static_cast<std::int64_t>(past.size());
  for (auto const& one : past) {
    if (!change.touches(one)) continue;
    ++trial.asked;
    RouteFacts const facts{one.at, one.component, nullptr};
    auto was = route(before, one.c, facts);
    auto is = route(after, one.c, facts);
    if (same(was, is)) continue;
    ++trial.moved;
    if (trial.moves.size() < most_moves) trial.moves.push_back({one.c.case_no, std::move(was), std::move(is)});
  }
  return trial;
}

}  // namespace wangge::core
