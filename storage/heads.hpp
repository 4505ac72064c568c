// The heads of the audit chains as they stand now: cheap, for the anchor that signs and copies them away.
#pragma once

#include "storage/audit.hpp"

namespace wangge::storage {

std::vector<ChainState> read_heads(std::string const& url);  // throws Broken

}  // namespace wangge::storage
