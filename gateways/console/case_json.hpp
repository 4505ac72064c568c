// A case as the outside sees it (CONTRACT 3): one shape for GET, for the answer of an action and for a stale version.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dispatcher/core/decide.hpp"
#include "storage/read_model.hpp"

namespace wangge::console {

struct Viewer {
  core::Principal const& who;
  std::string_view lang;
  core::Instant now;
  std::vector<std::string> closing_conditions;  // the codes `close` takes, shown as choices
};

// JSON object text with `actions` for this viewer; the reporter's name and phone only where the role may see them.
std::string case_json(storage::ReadModel::CaseView const& view, Viewer const& viewer);
// Why routed so, how the deadline came about.
std::string explain_json(core::Case const& row, core::Instant now);
bool sees_reporter(core::Role role);

}  // namespace wangge::console
