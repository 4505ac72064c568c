// Instants as text at the edge of the read model: RFC 3339 and local days.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dispatcher/core/calendar.hpp"

namespace wangge::storage {

std::optional<core::Instant> parse_instant(std::string_view text);  // RFC 3339 with zone
std::string format_instant(core::Instant at, std::chrono::minutes offset);
std::string format_utc(core::Instant at);  // …Z, safe inside a URL
std::optional<core::LocalDay> parse_day(std::string_view text);  // 2026-10-01
std::string format_day(core::LocalDay day);
std::optional<core::LocalDay> parse_month(std::string_view text);  // 2026-10 -> its first day
core::LocalDay month_after(core::LocalDay first);

}  // namespace wangge::storage
