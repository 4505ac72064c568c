// History back into its row: what the store holds must be exactly what the rows say (DESIGN 1.5).
#include <algorithm>
#include <stdexcept>

#include "dispatcher/core/decide.hpp"

namespace wangge::core {

namespace {

[[noreturn]] void broken(std::string const& case_no, HistoryRow const& row, std::string const& why) {
  throw std::invalid_argument("history of " + case_no + ", version " + std::to_string(row.version) + ": " + why);
}

bool in_table(HistoryRow const& row) {
  auto const action = action_from(row.action);
  auto const rows = lifecycle();
  return action && std::any_of(rows.begin(), rows.end(), [&](Row const& known) {
           return known.from == row.from && known.to == row.to && known.action == *action;
         });
}

}  // namespace

Case replay(std::string const& district, std::string const& case_no, std::span<HistoryRow const> rows) {
  Case c;
  c.district = district;
  c.case_no = case_no;
  for (auto const& row : rows) {
    if (row.transport) {
      if (row.version != c.version) broken(case_no, row, "a transport row must repeat the present version");
      continue;
    }
    if (row.version != c.version + 1) broken(case_no, row, "does not follow " + std::to_string(c.version));
    if (row.from != c.state)
      broken(case_no, row, "leaves " + std::string(id(row.from)) + ", but the case is " + std::string(id(c.state)));
    if (!in_table(row))
      broken(case_no, row, row.action + " to " + std::string(id(row.to)) + " is not in the lifecycle table");
    if (row.at < c.last_at) broken(case_no, row, "time runs backwards");
    patch(c, row.changes);
    c.version = row.version;
    if (c.state != row.to) broken(case_no, row, "its changes lead to " + std::string(id(c.state)));
    if (c.last_at != row.at) broken(case_no, row, "its `at` is not the case's last");
  }
  return c;
}

}  // namespace wangge::core
