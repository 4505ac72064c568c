// Which unit and squad? Level by level in the order of RouteLevel, else a person decides. Every level looked at leaves
// its step. On `decision` and `ordered` the first rule that fits answers; on the others two answers are a dispute.
#include "dispatcher/core/routing.hpp"

#include <algorithm>
#include <tuple>

namespace wangge::core {

namespace {

using Parts = std::initializer_list<std::string_view>;

std::string key(std::string_view head, Parts parts) {
  std::string out(head);
  for (auto const part : parts) {
    out += '\x1f';
    out += part;
  }
  return out;
}
std::string key(RouteLevel level, Parts parts) {
  return key(id(level), parts);
}

bool asks(std::string const& wanted, std::string_view has) {
  return wanted.empty() || wanted == has;
}

class Router {
 public:
  Router(City const& city, Case const& c, RouteFacts const& facts, std::vector<RouteStep>* tried)
      : city_(city), c_(c), facts_(facts), tried_(tried) {
    auto const& clock = city.calendar_of("");
    day_ = clock.local_day(facts.at);
    minute_ = clock.local_minute(facts.at);
  }

  // Each gives true when the search is over: found, or two answers that a person must choose from.
  bool first_of(RouteLevel level);
  bool level(RouteLevel level, std::initializer_list<Parts> keys);
  bool list();

  void say(RouteLevel level, std::string result, std::string rule = "", std::string other = "") {
    if (!tried_) return;
    tried_->push_back({level, std::move(result), std::move(rule), std::move(other)});
  }

  std::optional<Routed> answer;

 private:
  bool now(Times const& when) const { return when.hold(day_, minute_); }
  bool answers(RouteLevel level, RouteRule const& rule);
  bool take(RouteLevel level, std::vector<std::uint32_t> const& rules);
  bool choose(RouteLevel level, std::string const& rule, std::string const& unit, std::string const& squad,
              std::string const& pick, std::string const& document);

  City const& city_;
  Case const& c_;
  RouteFacts const& facts_;
  std::vector<RouteStep>* tried_;
  LocalDay day_;
  std::int32_t minute_;
};

// Finds the squad and makes it the answer; false: the rule leads to nobody, which leaves its step.
bool Router::choose(RouteLevel level, std::string const& rule, std::string const& unit, std::string const& squad,
                    std::string const& pick, std::string const& document) {
  auto const named = city_.squads.find(squad);
  bool const there =
      city_.units.contains(unit) && (squad.empty() || (named != city_.squads.end() && named->second.unit == unit));
  if (!there) return say(level, "gone", rule), false;
  auto const picked = pick_squad(city_, c_, facts_, unit, squad, pick);
  if (!picked) return say(level, "absent", rule), false;
  answer = Routed{unit, picked->squad, rule, level, {}};
  if (tried_) tried_->push_back({level, "hit", rule, "", unit, picked->squad, "", document, picked->how});
  return true;
}

// decision, ordered: in order, the first that fits and leads to somebody.
bool Router::first_of(RouteLevel level) {
  auto const found = city_.route_index.find(key(level, {}));
  if (found != city_.route_index.end()) {
    auto const& rules = found->second;
    auto const one = [&](std::uint32_t index) {
      auto const& rule = city_.routes[index];
      return now(rule.when) && fits(rule, c_, facts_.component) &&
             choose(level, rule.id, rule.unit, rule.squad, rule.pick, rule.document);
    };
    bool const over = level == RouteLevel::decision
                          ? std::any_of(rules.rbegin(), rules.rend(), one)  // the newest first
                          : std::any_of(rules.begin(), rules.end(), one);
    if (over) return true;
  }
  return false;  // most cities have few of these: no step for each case that they do not concern
}

// Tries the keys of one level, the most exact first.
bool Router::level(RouteLevel level, std::initializer_list<Parts> keys) {
  for (auto const& parts : keys) {
    auto const found = city_.route_index.find(key(level, parts));
    if (found != city_.route_index.end() && take(level, found->second)) return true;
  }
  say(level, "no_rule");
  return false;
}

bool Router::take(RouteLevel level, std::vector<std::uint32_t> const& rules) {
  RouteRule const* best = nullptr;
  for (auto const index : rules) {
    auto const& rule = city_.routes[index];
    if (!now(rule.when) || !fits(rule, c_, facts_.component)) continue;
    auto const squad = city_.squads.find(rule.squad);
    bool const there = city_.units.contains(rule.unit) &&
                       (rule.squad.empty() || (squad != city_.squads.end() && squad->second.unit == rule.unit));
    if (!there) {
      say(level, "gone", rule.id);
    } else if (best && (best->unit != rule.unit || best->squad != rule.squad)) {
      // An overlap is for the coordination desk, not for chance (RULINGS 17).
      return say(level, "disagree", best->id, rule.id), true;
    } else if (!best) {
      best = &rule;
    }
  }
  return best && choose(level, best->id, best->unit, best->squad, best->pick, best->document);
}

// How exactly a line of the list speaks of this case: place first, then matter, then condition.
std::tuple<std::size_t, bool, bool> exactness(Responsibility const& line) {
  return {line.area.size(), !line.code.empty(), !line.condition.empty()};
}

// 权责清单: the most exact line that holds; two of the same exactness that name different bodies are a dispute.
bool Router::list() {
  Responsibility const* best = nullptr;
  Responsibility const* other = nullptr;
  for (auto const& key_of : {key("", {c_.standard, c_.kind, c_.code}), key("class", {c_.class_code})}) {
    auto const found = city_.list_index.find(key_of);
    if (found == city_.list_index.end()) continue;
    for (auto const index : found->second) {
      auto const& line = city_.responsibilities[index];
      if (!now(line.when) || !fits(line, c_)) continue;
      if (!best || exactness(line) > exactness(*best)) {
        best = &line;
        other = nullptr;
      } else if (exactness(line) == exactness(*best) && line.responsible != best->responsible) {
        other = &line;
      }
    }
  }
  if (!best) return say(RouteLevel::responsibility, "no_rule"), false;
  if (other) return say(RouteLevel::responsibility, "disagree", best->id, other->id), true;
  if (!choose(RouteLevel::responsibility, best->id, best->responsible, "", best->pick, best->document)) return false;
  answer->assisting = best->assisting;
  return true;
}

}  // namespace

std::string route_key(RouteRule const& r) {
  switch (r.level) {
    case RouteLevel::decision:
    case RouteLevel::ordered:
    case RouteLevel::responsibility:
      return key(r.level, {});
    case RouteLevel::component_maintainer:
      return key(r.level, {r.maintainer});
    case RouteLevel::condition_in_grid:
      return key(r.level, {r.standard, r.kind, r.code, r.condition, r.grid});
    case RouteLevel::condition_in_street:
      return key(r.level, {r.standard, r.kind, r.code, r.condition, r.street});
    case RouteLevel::class_in_district:
      return key(r.level, {r.class_code});
    case RouteLevel::territorial:
      return key(r.level, {r.street});
  }
  return {};
}

std::string list_key(Responsibility const& line) {
  return line.code.empty() ? key("class", {line.class_code}) : key("", {line.standard, line.kind, line.code});
}

bool fits(RouteRule const& r, Case const& c, std::optional<ComponentFact> const& component) {
  bool const body = r.maintainer.empty() ||
                    (component && (component->maintainer == r.maintainer || component->owner == r.maintainer));
  return body && asks(r.standard, c.standard) && asks(r.kind, c.kind) && asks(r.code, c.code) &&
         asks(r.condition, c.condition) && asks(r.class_code, c.class_code) && asks(r.grid, c.grid) &&
         asks(r.community, c.community) && asks(r.street, c.street) && asks(r.area_level, c.area_level) &&
         asks(r.source, c.source) && asks(r.campaign, c.campaign);
}

bool fits(Responsibility const& line, Case const& c) {
  bool const matter = line.code.empty() ? line.class_code == c.class_code
                                        : line.standard == c.standard && line.kind == c.kind && line.code == c.code;
  bool const here = line.area.empty() || (line.area == c.street || line.area == c.community || line.area == c.grid);
  return matter && here && asks(line.condition, c.condition);
}

std::optional<Routed> route(City const& city, Case const& c, RouteFacts const& facts, std::vector<RouteStep>* tried) {
  using enum RouteLevel;
  Router router(city, c, facts, tried);
  if (router.first_of(decision) || router.first_of(ordered)) return router.answer;
  if (!facts.component) {
    router.say(component_maintainer, "no_component");
  } else if (router.level(component_maintainer, {{facts.component->maintainer}, {facts.component->owner}})) {
    return router.answer;  // the maintainer, else the owner (RULINGS 16)
  }
  if (router.level(condition_in_grid,
                   {{c.standard, c.kind, c.code, c.condition, c.grid}, {c.standard, c.kind, c.code, "", c.grid}}) ||
      router.level(condition_in_street,
                   {{c.standard, c.kind, c.code, c.condition, c.street}, {c.standard, c.kind, c.code, "", c.street}}))
    return router.answer;
  if (!city.responsibilities.empty() && router.list()) return router.answer;
  if (router.level(class_in_district, {{c.class_code}, {""}}) || router.level(territorial, {{c.street}}))
    return router.answer;
  return std::nullopt;
}

}  // namespace wangge::core
