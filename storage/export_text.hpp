// Texts of exported tables: JSON strings, URL parts, CSV cells, rates. Only for storage/*.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dispatcher/core/switches.hpp"
#include "dispatcher/core/types.hpp"

namespace wangge::storage {

std::string rate_text(std::int64_t hundredths);       // 8301 -> "83.01"
void quote(std::string& out, std::string_view text);  // a JSON string
// [{"name": …, "value": …, "title": …}]: what the figures depend on.
void put_switches(std::string& out, std::vector<core::NamedSwitch> const& named, std::string_view lang);
std::string percent(std::string_view text);           // inside a URL
struct IndicatorTable;
struct MonthState;
// What lists exactly the cases of one count of a table by `by`; no key: of the whole.
std::string indicator_cases(std::string const& by, core::Instant from, core::Instant to, core::Instant as_of, std::chrono::minutes offset,
                            std::optional<std::string> const& key, std::string_view indicator, std::string const& campaign = "");
// "month_state":{…} or nothing; and the same as a line for people.
void put_state(std::string& out, std::optional<MonthState> const& state, std::chrono::minutes offset, std::string const& lang);
std::string state_line(MonthState const& state, std::chrono::minutes offset, std::string const& lang);
std::string csv_cell(std::string text);  // a cell that a spreadsheet would read as a formula is kept as text

}  // namespace wangge::storage
