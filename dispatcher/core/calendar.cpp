// Working time by counting: how much was worked before an instant, and its inverse. A limit is then one addition and
// one look-up, whatever its length, and adding and measuring are exact inverses because both read the same count.
#include "dispatcher/core/calendar.hpp"

#include <algorithm>
#include <stdexcept>

namespace wangge::core {

namespace {

using std::chrono::minutes;

constexpr LocalDay kMonday{Days{-3}};  // 1969-12-29, a Monday: Monday to Friday is counted from here

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  return a / b - (a % b < 0 ? 1 : 0);
}

// Mondays to Fridays before `day`.
constexpr std::int64_t weekdays_before(LocalDay day) {
  auto const n = (day - kMonday).count();
  auto const weeks = floor_div(n, 7);
  return weeks * 5 + std::min<std::int64_t>(n - weeks * 7, 5);
}

constexpr LocalDay nth_weekday(std::int64_t n) {
  auto const weeks = floor_div(n, 5);
  return kMonday + Days{weeks * 7 + (n - weeks * 5)};
}

static_assert(weekdays_before(kMonday + Days{7}) == 5 && weekdays_before(kMonday - Days{7}) == -5);
static_assert(nth_weekday(5) == kMonday + Days{7} && nth_weekday(-1) == kMonday - Days{3});

}  // namespace

namespace {

// Minutes of one day; throws when the sessions make no day.
std::int64_t length(std::vector<Session> const& sessions) {
  std::int32_t reached = 0;
  std::int64_t total = 0;
  for (auto const& s : sessions) {
    if (s.from_minute < reached || s.to_minute <= s.from_minute || s.to_minute > 1440) {
      throw std::invalid_argument("calendar: sessions must be ascending, not overlapping and inside the day");
    }
    reached = s.to_minute;
    total += s.to_minute - s.from_minute;
  }
  if (total <= 0) throw std::invalid_argument("calendar: a working day needs at least one minute");
  return total;
}

}  // namespace

Calendar::Calendar(minutes utc_offset, std::vector<Session> sessions, std::map<LocalDay, bool> overrides,
                   LocalDay first, LocalDay last, Seasons seasons, std::map<LocalDay, std::string> notes)
    : offset_(utc_offset), overrides_(std::move(overrides)), notes_(std::move(notes)), first_(first), last_(last) {
  auto const begins = length(sessions);
  seasons_.push_back({first, std::move(sessions), begins});
  for (auto& [from, of_season] : seasons) {
    if (from < first_ || from > last_) throw std::invalid_argument("calendar: a season begins outside its years");
    auto const minutes = length(of_season);
    seasons_.push_back({from, std::move(of_season), minutes});
  }
  days_.push_back(0);
  minutes_.push_back(0);
  for (auto day = first_; day <= last_; day += Days{1}) {
    bool const at_work = works(day);
    days_.push_back(days_.back() + at_work);
    minutes_.push_back(minutes_.back() + (at_work ? static_cast<std::int32_t>(season(day).minutes) : 0));
  }
}

Calendar::Calendar() : Calendar(minutes{480}, {{480, 720}, {840, 1080}}, {}, LocalDay{Days{0}}, LocalDay{Days{-1}}) {}

bool Calendar::loaded(LocalDay day) const {
  return day >= first_ && day <= last_;
}

bool Calendar::works(LocalDay day) const {
  if (loaded(day)) {
    if (auto const found = overrides_.find(day); found != overrides_.end()) return found->second;
  }
  return std::chrono::weekday{day}.iso_encoding() <= 5;
}

LocalDay Calendar::local_day(Instant at) const {
  return std::chrono::floor<Days>(at + offset_);
}

std::int32_t Calendar::local_minute(Instant at) const {
  auto const local = at + offset_;
  return static_cast<std::int32_t>(std::chrono::floor<minutes>(local - std::chrono::floor<Days>(local)).count());
}

Instant Calendar::start_of(LocalDay day) const {
  return Instant{day} - offset_;
}

Calendar::Season const& Calendar::season(LocalDay day) const {
  for (auto at = seasons_.size(); at-- > 1;) {
    if (day >= seasons_[at].from) return seasons_[at];
  }
  return seasons_.front();
}

std::vector<Session> const& Calendar::sessions(LocalDay day) const {
  return season(day).sessions;
}

std::string Calendar::note(LocalDay day) const {
  auto const found = notes_.find(day);
  return found == notes_.end() ? std::string() : found->second;
}

std::int64_t Calendar::days_before(LocalDay day) const {
  if (day <= first_) return weekdays_before(day);
  auto const end = range_end();
  auto const inside = days_[static_cast<std::size_t>((std::min(day, end) - first_).count())];
  return weekdays_before(first_) + inside + (day > end ? weekdays_before(day) - weekdays_before(end) : 0);
}

LocalDay Calendar::nth_day(std::int64_t n) const {
  auto const before_range = weekdays_before(first_);
  if (n < before_range) return nth_weekday(n);
  if (auto const inside = n - before_range; inside < days_.back()) {
    // The first day after which more than `inside` days were worked.
    auto const found = std::upper_bound(days_.begin(), days_.end(), inside);
    return first_ + Days{found - days_.begin() - 1};
  }
  return nth_weekday(weekdays_before(range_end()) + (n - before_range - days_.back()));
}

// As days_before: Monday to Friday outside the loaded range, with the sessions of its edge.
std::int64_t Calendar::minutes_before(LocalDay day) const {
  auto const front = seasons_.front().minutes;
  if (day <= first_) return weekdays_before(day) * front;
  auto const end = range_end();
  auto const inside = minutes_[static_cast<std::size_t>((std::min(day, end) - first_).count())];
  auto const beyond = day > end ? (weekdays_before(day) - weekdays_before(end)) * seasons_.back().minutes : 0;
  return weekdays_before(first_) * front + inside + beyond;
}

Millis Calendar::worked(Instant at) const {
  auto const day = local_day(at);
  Millis total = minutes{minutes_before(day)};
  if (!works(day)) return total;
  Millis const into = at - start_of(day);
  for (auto const& s : sessions(day)) {
    total += std::clamp(into - minutes{s.from_minute}, Millis{0}, Millis{minutes{s.to_minute - s.from_minute}});
  }
  return total;
}

// A full day's work is reached on that day, not on the next.
Instant Calendar::worked_at(Millis work) const {
  constexpr std::int64_t kMinute = 60'000;
  auto const front = seasons_.front().minutes * kMinute;
  auto const before = weekdays_before(first_) * front;
  auto rest = work.count();
  if (rest <= before) {
    auto const n = floor_div(rest - 1, front);
    return reached_on(nth_weekday(n), Millis{rest - n * front});
  }
  rest -= before;
  if (auto const inside = minutes_.back() * kMinute; rest > inside) {
    rest -= inside;
    auto const back = seasons_.back().minutes * kMinute;
    auto const n = floor_div(rest - 1, back);
    return reached_on(nth_weekday(weekdays_before(range_end()) + n), Millis{rest - n * back});
  }
  auto const found = std::lower_bound(minutes_.begin(), minutes_.end(), floor_div(rest + kMinute - 1, kMinute));
  auto const day = found - minutes_.begin() - 1;
  return reached_on(first_ + Days{day}, Millis{rest - minutes_[static_cast<std::size_t>(day)] * kMinute});
}

Instant Calendar::reached_on(LocalDay day, Millis rest) const {
  auto const& of_day = sessions(day);
  for (auto const& s : of_day) {
    Millis const long_ = minutes{s.to_minute - s.from_minute};
    if (rest <= long_) return start_of(day) + minutes{s.from_minute} + rest;
    rest -= long_;
  }
  return start_of(day) + minutes{of_day.back().to_minute};
}

bool Calendar::open(Instant at) const {
  return work_between(at, at + Millis{1}) > Millis{0} || work_between(at - Millis{1}, at) > Millis{0};
}

Instant Calendar::last_open(Instant at) const {
  return open(at) ? at : worked_at(worked(at));
}

Instant Calendar::next_open(Instant at) const {
  return open(at) ? at : worked_at(worked(at) + Millis{1}) - Millis{1};
}

Instant Calendar::legal_days(Instant from, int n, bool working) const {
  auto const day = local_day(from);
  if (working) return end_of_working_day_after(day, n);
  auto last = day + Days{n};
  while (!works(last)) last += Days{1};
  return start_of(last + Days{1});
}

Reached Calendar::add_work(Instant from, Millis work) const {
  if (work <= Millis{0}) return {from, !loaded(local_day(from))};
  auto const at = worked_at(worked(from) + work);
  return {at, !loaded(local_day(from)) || !loaded(local_day(at))};
}

Instant Calendar::take_work(Instant to, Millis work) const {
  return work <= Millis{0} ? to : worked_at(worked(to) - work);
}

Millis Calendar::work_between(Instant from, Instant to) const {
  return to <= from ? Millis{0} : worked(to) - worked(from);
}

Instant Calendar::end_of_working_day_after(LocalDay day, int n) const {
  return start_of(nth_day(days_before(day + Days{1}) + n - 1) + Days{1});
}

}  // namespace wangge::core
