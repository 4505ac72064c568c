// Months, quarters, weeks in the district's local days.
#include "gateways/console/period.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "gateways/http/rfc3339.hpp"

namespace wangge::console {
namespace {

using core::LocalDay;
using std::chrono::days;
using std::chrono::months;
using std::chrono::year_month_day;

constexpr int kWorkingDaysToRead = 3;  // CONTRACT 7

std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  int value = 0;
  for (auto const c : text.substr(from, count)) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + (c - '0');
  }
  return value;
}

std::optional<LocalDay> month_from(std::string_view text) {  // its first day
  return text.size() == 7 ? day_from(std::string(text) + "-01") : std::nullopt;
}

struct Span {
  LocalDay from, to;
  std::string label;
};

std::string text(char const* format, int a, int b = 0, int c = 0) {
  char out[32];
  std::snprintf(out, sizeof out, format, a, b, c);
  return out;
}

std::string day_text(LocalDay day) {
  year_month_day const d{day};
  return text("%04d-%02d-%02d", int(d.year()), int(unsigned(d.month())), int(unsigned(d.day())));
}

std::optional<Span> around(LocalDay day, std::string_view period) {
  year_month_day const d{day};
  int const year = int(d.year());
  unsigned const month = unsigned(d.month());
  auto const first = [&](unsigned m) { return LocalDay{d.year() / std::chrono::month{m} / 1}; };
  if (period == "day") return Span{day, day + days{1}, day_text(day)};
  if (period == "week") {
    auto const monday = day - (std::chrono::weekday{day} - std::chrono::Monday);
    return Span{monday, monday + days{7}, day_text(monday) + "/" + day_text(monday + days{6})};
  }
  auto const after = [&](unsigned m, int n) { return LocalDay{(d.year() / std::chrono::month{m} + months{n}) / 1}; };
  if (period == "month") return Span{first(month), after(month, 1), text("%04d-%02d", year, int(month))};
  if (period == "quarter") {
    unsigned const start = (month - 1) / 3 * 3 + 1;
    return Span{first(start), after(start, 3), text("%04d-Q%d", year, int(month - 1) / 3 + 1)};
  }
  if (period == "year") return Span{first(1), after(1, 12), text("%04d", year)};
  return std::nullopt;
}

std::variant<Span, BadPeriod> span_of(PeriodAsked const& asked, LocalDay today) {
  auto const from = day_from(asked.from), to = day_from(asked.to), month = month_from(asked.month);
  if (!asked.month.empty() && !month) return BadPeriod{"month"};
  if (!asked.from.empty() && !from) return BadPeriod{"from"};
  if (month && (from || to)) return BadPeriod{"month"};  // which of the two is meant?
  if (!asked.to.empty() && (!to || (from && *to < *from))) return BadPeriod{"to"};
  if (asked.period.empty() && (from || to)) {
    if (!from) return BadPeriod{"from"};
    if (!to) return BadPeriod{"to"};
    return Span{*from, *to + days{1}, day_text(*from) + "/" + day_text(*to)};
  }
  auto span = around(month ? *month : from ? *from : today, asked.period.empty() ? "month" : asked.period);
  if (!span) return BadPeriod{"period"};
  return *span;
}

}  // namespace

std::optional<LocalDay> day_from(std::string_view t) {
  if (t.size() != 10 || t[4] != '-' || t[7] != '-') return std::nullopt;
  auto const y = digits(t, 0, 4), m = digits(t, 5, 2), d = digits(t, 8, 2);
  if (!y || !m || !d) return std::nullopt;
  auto const date = std::chrono::year{*y} / std::chrono::month{unsigned(*m)} / std::chrono::day{unsigned(*d)};
  if (!date.ok() || *y < 2000) return std::nullopt;
  return LocalDay{date};
}

std::variant<PeriodRead, BadPeriod> read_period(PeriodAsked const& asked, core::Calendar const& calendar,
                                                core::Instant now) {
  auto const found = span_of(asked, calendar.local_day(now));
  if (auto const* bad = std::get_if<BadPeriod>(&found)) return *bad;
  auto const& span = std::get<Span>(found);
  PeriodRead read;
  read.label = span.label;
  read.from = calendar.start_of(span.from);
  read.to = calendar.start_of(span.to);
  read.as_of = std::min(now, calendar.end_of_working_day_after(span.to - days{1}, kWorkingDaysToRead));
  read.previous_as_of = std::min(now, calendar.end_of_working_day_after(span.from - days{1}, kWorkingDaysToRead));
  if (!asked.as_of.empty()) {
    auto const at = http::parse_time(asked.as_of);
    if (!at) return BadPeriod{"as_of"};
    read.as_of = std::min(read.as_of, *at);
    read.previous_as_of = std::min(read.previous_as_of, *at);
  }
  return read;
}

namespace {

bool first_of_month(LocalDay day) {
  return unsigned(year_month_day{day}.day()) == 1;
}

LocalDay months_earlier(LocalDay day, int count) {
  year_month_day const date{day};
  auto const month = date.year() / date.month() - months{count};
  auto const same = month / date.day();
  return same.ok() ? LocalDay{same} : LocalDay{month / std::chrono::last};
}

PeriodRead read_between(LocalDay from, LocalDay to, PeriodRead const& later, core::Calendar const& calendar) {
  PeriodRead read;
  read.label = day_text(from) + "/" + day_text(to - days{1});
  read.from = calendar.start_of(from);
  read.to = calendar.start_of(to);
  read.as_of = std::min(later.as_of, calendar.end_of_working_day_after(to - days{1}, kWorkingDaysToRead));
  read.previous_as_of = std::min(later.as_of, calendar.end_of_working_day_after(from - days{1}, kWorkingDaysToRead));
  return read;
}

}  // namespace

PeriodRead period_before(PeriodRead const& read, core::Calendar const& calendar) {
  auto const from = calendar.local_day(read.from), to = calendar.local_day(read.to);
  auto const length = (to - from).count();
  year_month_day const a{from}, b{to};
  int const whole_months = (int(b.year()) - int(a.year())) * 12 + int(unsigned(b.month())) - int(unsigned(a.month()));
  bool const whole = first_of_month(from) && first_of_month(to);
  return read_between(whole ? months_earlier(from, whole_months) : from - days{length}, from, read, calendar);
}

PeriodRead year_before(PeriodRead const& read, core::Calendar const& calendar) {
  return read_between(months_earlier(calendar.local_day(read.from), 12),
                      months_earlier(calendar.local_day(read.to), 12), read, calendar);
}

}  // namespace wangge::console
