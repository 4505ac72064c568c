// Which unit and squad? The fixed order of DOMAIN 9.1: component maintainer, condition in grid, condition in street,
// class default in district, the territorial street; else a person decides. Every level looked at leaves its line.
#include "dispatcher/core/routing.hpp"

#include "dispatcher/core/decide.hpp"

namespace wangge::core {

namespace {

using Parts = std::initializer_list<std::string_view>;

std::string key(RouteLevel level, Parts parts) {
  std::string out(id(level));
  for (auto const part : parts) {
    out += '\x1f';
    out += part;
  }
  return out;
}

class Router {
 public:
  Router(City const& city, std::vector<std::string>* tried) : city_(city), tried_(tried) {}

  // Tries the keys of one level, the most exact first. True: the search is over (found, or two rules disagree).
  bool level(RouteLevel level, std::initializer_list<Parts> keys) {
    for (auto const& parts : keys) {
      auto const found = city_.route_index.find(key(level, parts));
      if (found != city_.route_index.end() && take(level, found->second)) return true;
    }
    say(level, "no rule");
    return false;
  }

  void say(RouteLevel level, std::string_view words) {
    if (tried_) tried_->push_back(std::string(id(level)) + ": " + std::string(words));
  }

  std::optional<Routed> answer;

 private:
  bool take(RouteLevel level, std::vector<std::uint32_t> const& rules) {
    for (auto const index : rules) {
      auto const& rule = city_.routes[index];
      auto const squad = city_.squads.find(rule.squad);
      if (squad == city_.squads.end() || squad->second.unit != rule.unit || !city_.units.contains(rule.unit)) {
        say(level, "rule " + rule.id + " names a unit or squad that is not there");
        continue;
      }
      if (answer && (answer->unit != rule.unit || answer->squad != rule.squad)) {
        // An overlap in the responsibility list is for the coordination desk, not for chance (RULINGS 17).
        say(level, "rules " + answer->rule + " and " + rule.id + " disagree: a person decides");
        answer.reset();
        return true;
      }
      if (!answer) answer = Routed{rule.unit, rule.squad, rule.id, level};
    }
    if (answer) say(level, "rule " + answer->rule + " -> " + answer->unit + " / " + answer->squad);
    return answer.has_value();
  }

  City const& city_;
  std::vector<std::string>* tried_;
};

}  // namespace

std::string route_key(RouteRule const& r) {
  switch (r.level) {
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

std::optional<Routed> route(City const& city, Case const& c, std::optional<ComponentFact> const& component,
                            std::vector<std::string>* tried) {
  using enum RouteLevel;
  Router router(city, tried);
  if (!component) {
    router.say(component_maintainer, "no component");
  } else if (router.level(component_maintainer, {{component->maintainer}, {component->owner}})) {
    return router.answer;  // the maintainer, else the owner (RULINGS 16)
  }
  if (router.level(condition_in_grid,
                   {{c.standard, c.kind, c.code, c.condition, c.grid}, {c.standard, c.kind, c.code, "", c.grid}}) ||
      router.level(condition_in_street,
                   {{c.standard, c.kind, c.code, c.condition, c.street}, {c.standard, c.kind, c.code, "", c.street}}) ||
      router.level(class_in_district, {{c.class_code}, {""}}) || router.level(territorial, {{c.street}})) {
    return router.answer;
  }
  return std::nullopt;
}

}  // namespace wangge::core
