// Inside the core: how a responsibility rule is found again without walking all of them.
#pragma once

#include "dispatcher/core/city.hpp"

namespace wangge::core {

// The text under which a rule stands in City::route_index: its level and everything it must match exactly.
std::string route_key(RouteRule const& rule);

}  // namespace wangge::core
