// The city switches as storage reads and writes them: named once in the core.
#pragma once

#include "dispatcher/core/switches.hpp"

namespace wangge::storage::standing {

using core::for_each_switch;

}  // namespace wangge::storage::standing
