// A handover as sheets: what is printed, saved as a workbook or as text.
#pragma once

#include <boost/json/value.hpp>
#include <vector>

#include "storage/desk_records.hpp"
#include "storage/publish/sheet.hpp"

namespace wangge::console {

// The head with signatures and notes first, then red, soon red, promised, ordered.
std::vector<storage::Sheet> handover_sheets(storage::Handover const& handover, boost::json::value const& snapshot, std::chrono::minutes offset,
                                            std::string const& lang);
// All of them under one head of columns, for a form that has one table only.
storage::Sheet whole_sheet(std::vector<storage::Sheet> const& sheets);

}  // namespace wangge::console
