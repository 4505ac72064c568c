// Two states of a row (JSON text) as what changed between them: ": minutes 240 -> 480", one line a field, inner ones by path.
#pragma once

#include <string>
#include <vector>

namespace wangge::deploy {

std::vector<std::string> field_changes(std::string const& was, std::string const& is);

}  // namespace wangge::deploy
