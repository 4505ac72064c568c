// Inside the core: how rules are found without walking all of them, and how a squad is found for a unit.
#pragma once

#include "dispatcher/core/decide.hpp"

namespace wangge::core {

// The text under which a rule stands in City::route_index: its level and what it must match exactly there.
std::string route_key(RouteRule const& rule);
// The text under which a line stands in City::list_index: its category, or its class.
std::string list_key(Responsibility const& line);
// Does the case fit everything the rule asks of it, times aside? (Also what its level finds it by.)
bool fits(RouteRule const& rule, Case const& c, std::optional<ComponentFact> const& component);
bool fits(Responsibility const& line, Case const& c);

struct Picked {
  std::string squad, how;
};
// The squad of `unit` for this case at this moment: `named` when it is there, its stand-in, else by shift, `by` and
// name. nullopt: nobody of the unit is there.
std::optional<Picked> pick_squad(City const& city, Case const& c, RouteFacts const& facts, std::string const& unit,
                                 std::string const& named, std::string_view by);
// Whom the responsibility list names beside the lead, as far as the city knows them.
std::vector<std::string> assisting_of(City const& city, Routed const& to);

}  // namespace wangge::core
