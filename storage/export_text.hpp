// Texts of exported tables: JSON strings, URL parts, CSV cells, rates. Only for storage/*.cpp.
#pragma once

#include "dispatcher/core/switches.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace wangge::storage {

std::string rate_text(std::int64_t hundredths);       // 8301 -> "83.01"
void quote(std::string& out, std::string_view text);  // a JSON string
// [{"name": …, "value": …, "title": …}]: what the figures depend on.
void put_switches(std::string& out, std::vector<core::NamedSwitch> const& named, std::string_view lang);
std::string percent(std::string_view text);           // inside a URL
std::string csv_cell(std::string text);  // a cell that a spreadsheet would read as a formula is kept as text

}  // namespace wangge::storage
