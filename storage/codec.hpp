// Between core values and PostgreSQL's rows, both ways, in the order of core::for_each_field. Only for storage/*.cpp.
#pragma once

#include "storage/pg.hpp"

namespace wangge::storage {

// Columns of cases/insert.sql (a new case: the opening fields), cases/move.sql (what an ordinary life moves), cases/insert_whole.sql and
// cases/update.sql (every field), each between case_no, version and dispatched_by.
class CaseColumns {
 public:
  enum class Which : std::uint8_t { opening, moving, every };
  explicit CaseColumns(Which which);
  void add(core::Case const& row, std::string_view dispatched_by);
  void put(pg::Params& params);
  std::size_t size() const { return columns_.front().size(); }

 private:
  Which which_;
  std::vector<pg::Column> columns_;
};

// Is anything set that cases/insert.sql leaves to its default?
bool has_later_fields(core::Case const& row);

// Do these rows of history change only what cases/move.sql writes?
bool moves_only(std::vector<core::HistoryRow> const& rows);

// The row of parts/case_columns.sql, from column `at` on; moves `at` behind it. The last column is dispatched_by.
core::Case read_case(pqxx::row const& row, int& at);
// The row of parts/task_columns.sql; `received` is its last column.
core::Task read_task(pqxx::row const& row, bool* received = nullptr, int from = 0);

// version, kind, from, until, ended, unit, squad, due, effect and its due, from column `at` on.
core::Span read_span(pqxx::row const& row, int at);

// The columns of history/of_cases.sql from `at` on (version first). Throws std::invalid_argument on an unknown role.
core::HistoryRow read_history_row(pqxx::row const& row, int at);
core::Role read_role(std::string_view id);  // throws std::invalid_argument

core::State read_state(std::string_view id);  // throws Broken on a word that is not in the table

std::string iso_day(core::LocalDay day);  // 2026-10-01

}  // namespace wangge::storage
