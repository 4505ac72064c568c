// The read model's tables as sheets. `before`, `year_ago`: the same of the period before and of a year ago, or null; then the
// sheet has columns FIELD.previous and FIELD.year_ago.
#pragma once

#include "storage/publish/sheet.hpp"
#include "storage/read_model.hpp"

namespace wangge::storage {

Sheet closure_sheet(ClosureTable const& table, std::string const& lang, ClosureTable const* before = nullptr,
                    ClosureTable const* year_ago = nullptr);
std::string_view closure_basis(std::string const& lang);
// Only the indicators of these measures: an indicator a column.
Sheet indicator_sheet(IndicatorTable const& table, std::string const& lang, IndicatorTable const* before = nullptr,
                      IndicatorTable const* year_ago = nullptr);
// The whole of a period, an indicator a row: this period, the one before, a year ago.
Sheet compared_sheet(IndicatorTable const& table, IndicatorTable const* before, IndicatorTable const* year_ago, std::string const& lang);
// A wide sheet cut for paper: the first two columns on each part, at most `columns` others, those that say nothing of any row left out
// and counted below the last part. The total stays the last row of each.
std::vector<Sheet> paper_sheets(Sheet const& wide, std::string const& lang, std::size_t columns = 10);
// Every formula with its source, and the basis of the closure table.
Sheet formula_sheet(std::string const& lang);

}  // namespace wangge::storage
