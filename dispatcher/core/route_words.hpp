// What routing tried, in words a city officer reads, in Chinese or English; and the parts of a step as they are kept.
#pragma once

#include "dispatcher/core/decide.hpp"

namespace wangge::core {

// The filled members of a step but its level, by name, as they stand in Case::explain. And back.
std::vector<std::pair<std::string_view, std::string>> route_step_members(RouteStep const& step);
void set_route_step_member(RouteStep& step, std::string_view name, std::string_view value);

std::string_view level_words(RouteLevel level, std::string_view lang);
// One sentence; `who` names unit and squad in the reader's words (empty: their keys).
std::string route_words(RouteStep const& step, std::string_view lang, std::string who = "");

}  // namespace wangge::core
