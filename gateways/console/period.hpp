// Which local days a statistics question means, and at which instant the table is read (CONTRACT 7). Pure.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "dispatcher/core/calendar.hpp"

namespace wangge::console {

struct PeriodAsked {
  std::string_view month, from, to, period, as_of;  // query values, "" when absent
};

struct PeriodRead {
  std::string label;  // "2026-10", "2026-Q4", "2026", "2026-10-01/2026-10-07"
  core::Instant from{}, to{};  // half-open
  core::Instant as_of{};           // T: the earlier of now and 3 working days after the period's end
  core::Instant previous_as_of{};  // T of the days before
};

struct BadPeriod {
  std::string field;  // the query parameter to blame
};

// month=2026-10; or from=&to= (local days, both included); or period=day|week|month|quarter|year around `month` or
// `from`; with none of them the current local month. as_of (RFC 3339) reads an earlier T, never a later one.
std::variant<PeriodRead, BadPeriod> read_period(PeriodAsked const& asked, core::Calendar const& calendar, core::Instant now);

// The period just before, and the same one a year ago, each read at its own T. A whole month's neighbours are whole months.
PeriodRead period_before(PeriodRead const& read, core::Calendar const& calendar);
PeriodRead year_before(PeriodRead const& read, core::Calendar const& calendar);

std::optional<core::LocalDay> day_from(std::string_view text);  // 2026-10-31

}  // namespace wangge::console
