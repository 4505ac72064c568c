// Inside the core: the JSON text of Case::explain. {"routing": [one object a level], "deadline": {…}}.
#pragma once

#include "dispatcher/core/decide.hpp"

namespace wangge::core {

std::string explain_routing(std::vector<RouteStep> const& steps);
// Replaces the deadline part of `explain`, keeps its routing part.
std::string explain_deadline(std::string const& explain, Case const& c, std::string_view calendar, Instant from,
                             Millis left);

}  // namespace wangge::core
