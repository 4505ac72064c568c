// Moments as text, RFC 3339: read with a zone always, written in the offset asked for. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "dispatcher/core/types.hpp"

namespace wangge::http {

// "2026-10-01T08:00:00.250+08:00" or "…Z". Nothing for a missing zone, a day the calendar does not have, 24:00 or
// trailing bytes. Digits beyond the millisecond are cut. A leap second (23:59:60 UTC) is the next second's beginning.
std::optional<core::Instant> parse_time(std::string_view text);

// Milliseconds are written only when there are any; offset 0 is written "Z".
std::string format_time(core::Instant at, int offset_minutes = 0);

}  // namespace wangge::http
