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

Calendar::Calendar(minutes utc_offset, std::vector<Session> sessions, std::map<LocalDay, bool> overrides,
                   LocalDay first, LocalDay last)
    : offset_(utc_offset),
      sessions_(std::move(sessions)),
      overrides_(std::move(overrides)),
      first_(first),
      last_(last) {
  std::int32_t reached = 0;
  for (auto const& s : sessions_) {
    if (s.from_minute < reached || s.to_minute <= s.from_minute || s.to_minute > 1440) {
      throw std::invalid_argument("calendar: sessions must be ascending, not overlapping and inside the day");
    }
    reached = s.to_minute;
    per_day_ += minutes{s.to_minute - s.from_minute};
  }
  if (per_day_ <= Millis{0}) throw std::invalid_argument("calendar: a working day needs at least one minute");
  worked_before_.push_back(0);
  for (auto day = first_; day <= last_; day += Days{1}) worked_before_.push_back(worked_before_.back() + works(day));
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

std::int64_t Calendar::days_before(LocalDay day) const {
  if (day <= first_) return weekdays_before(day);
  auto const end = first_ + Days{static_cast<std::int64_t>(worked_before_.size()) - 1};
  auto const inside = worked_before_[static_cast<std::size_t>((std::min(day, end) - first_).count())];
  return weekdays_before(first_) + inside + (day > end ? weekdays_before(day) - weekdays_before(end) : 0);
}

LocalDay Calendar::nth_day(std::int64_t n) const {
  auto const before_range = weekdays_before(first_);
  if (n < before_range) return nth_weekday(n);
  if (auto const inside = n - before_range; inside < worked_before_.back()) {
    // The first day after which more than `inside` days were worked.
    auto const found = std::upper_bound(worked_before_.begin(), worked_before_.end(), inside);
    return first_ + Days{found - worked_before_.begin() - 1};
  }
  auto const end = first_ + Days{static_cast<std::int64_t>(worked_before_.size()) - 1};
  return nth_weekday(weekdays_before(end) + (n - before_range - worked_before_.back()));
}

Millis Calendar::worked(Instant at) const {
  auto const day = local_day(at);
  auto total = per_day_ * days_before(day);
  if (!works(day)) return total;
  Millis const into = at - start_of(day);
  for (auto const& s : sessions_) {
    total += std::clamp(into - minutes{s.from_minute}, Millis{0}, Millis{minutes{s.to_minute - s.from_minute}});
  }
  return total;
}

Instant Calendar::worked_at(Millis work) const {
  auto const n =
      floor_div(work.count() - 1, per_day_.count());  // a full day's work is reached on that day, not the next
  auto const day = nth_day(n);
  auto rest = work - per_day_ * n;
  for (auto const& s : sessions_) {
    Millis const length = minutes{s.to_minute - s.from_minute};
    if (rest <= length) return start_of(day) + minutes{s.from_minute} + rest;
    rest -= length;
  }
  return start_of(day) + minutes{sessions_.back().to_minute};
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
