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
  bool past = false;                            // the case as it once was: nothing can be done with that
  bool whole = false;                           // the reporter unmasked
};

// JSON object text with `actions` for this viewer; the reporter's name and phone only where the role may see them.
std::string case_json(storage::ReadModel::CaseView const& view, Viewer const& viewer);
// Steps of routing in words of `lang`, a JSON array.
std::string routing_json(std::vector<core::RouteStep> const& steps, std::string_view lang);
// Why routed so; how the deadline came about, in numbers and in words of `lang`.
std::string explain_json(core::Case const& row, core::City const& city, std::vector<core::HistoryRow> const& rows, core::Instant now,
                         std::string_view lang);
// Number, version, state and stage of a case that is no longer the caller's to see.
std::string brief_json(core::Case const& row, bool state_known, std::string_view lang);
bool sees_reporter(core::Role role);
// Does the case's JSON tell this caller who reported it (masked)?
bool shows_reporter(storage::ReadModel::CaseView const& view, core::Principal const& who);

}  // namespace wangge::console
