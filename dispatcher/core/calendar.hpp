// Working time. One Calendar = one body's zone, sessions by season, holidays and make-up days; immutable after build.
// Source of the clock kinds: CJ/T 315-2009 and DOMAIN 4.1; of the provisional rule: RULINGS 6.
#pragma once

#include <map>
#include <span>
#include <string>

#include "dispatcher/core/types.hpp"

namespace wangge::core {

using Days = std::chrono::days;
using LocalDay = std::chrono::sys_days;  // a local civil date, counted as if UTC

struct Session {
  std::int32_t from_minute = 0, to_minute = 0;  // local minutes of the day, half-open [from, to)
};

struct Reached {
  Instant at{};
  bool provisional = false;  // a day outside the loaded years was counted Monday to Friday
};

class Calendar {
 public:
  // sessions: ascending, not overlapping, at least one minute in all (throws std::invalid_argument otherwise).
  // overrides: true = works (调休 make-up day), false = rests (holiday). Loaded range: [first, last] inclusive.
  // seasons: other sessions from that day on (夏令作息), days inside the loaded range. notes: why a day differs (the
  // document that says so), for people.
  using Seasons = std::map<LocalDay, std::vector<Session>>;
  Calendar(std::chrono::minutes utc_offset, std::vector<Session> sessions, std::map<LocalDay, bool> overrides,
           LocalDay first, LocalDay last, Seasons seasons = {}, std::map<LocalDay, std::string> notes = {});
  Calendar();  // Asia/Shanghai, 08:00-12:00 and 14:00-18:00, Monday to Friday, nothing loaded: everything provisional

  // The instant at which `work` of working time has passed since `from`. work == 0 gives `from` itself; the end of a
  // limit that fills a session exactly is that session's end, not the next one's start. Never before `from`.
  Reached add_work(Instant from, Millis work) const;
  // The mirror: an instant before `to` with exactly `work` of working time between (a deadline that lies behind).
  Instant take_work(Instant to, Millis work) const;
  // Working time inside [from, to); 0 when to <= from.
  Millis work_between(Instant from, Instant to) const;
  bool works(LocalDay day) const;
  bool loaded(LocalDay day) const;
  std::vector<Session> const& sessions(LocalDay day) const;  // of that day's season, whether it works or not
  std::string note(LocalDay day) const;                      // "" where none was given
  // Is somebody at work? A session's first and last moment both count.
  bool open(Instant at) const;
  Instant last_open(Instant at) const;  // the newest moment at work not after `at`
  Instant next_open(Instant at) const;  // the first one not before it
  // The end of a statutory term 法定期间 (RULINGS 5): the first day is not counted; working: n working days, else n natural
  // days whose last, when it rests, rolls forward to the next working day. It ends with that day.
  Instant legal_days(Instant from, int n, bool working) const;
  LocalDay local_day(Instant at) const;
  std::int32_t local_minute(Instant at) const;  // minute of the local day, 0..1439
  Instant start_of(LocalDay day) const;         // local midnight as an instant
  LocalDay first() const { return first_; }
  LocalDay last() const { return last_; }
  // The end of the n-th working day after `day` (n >= 1), as the instant of that day's local midnight + 24 h.
  // CONTRACT 7 reads a month 3 working days after its end.
  Instant end_of_working_day_after(LocalDay day, int n) const;

 private:
  struct Season {
    LocalDay from;
    std::vector<Session> sessions;
    std::int64_t minutes = 0;  // of one day
  };
  Season const& season(LocalDay day) const;
  LocalDay range_end() const { return first_ + Days{static_cast<std::int64_t>(days_.size()) - 1}; }
  std::int64_t days_before(LocalDay day) const;   // working days before `day`, from a fixed Monday
  LocalDay nth_day(std::int64_t n) const;         // the working day with exactly n working days before it
  std::int64_t minutes_before(LocalDay day) const;
  Millis worked(Instant at) const;                // working time before `at`, from that Monday
  Instant worked_at(Millis work) const;           // the earliest instant by which so much was worked
  Instant reached_on(LocalDay day, Millis rest) const;

  std::chrono::minutes offset_;
  std::vector<Season> seasons_;  // ascending; the first holds for every day before the second
  std::map<LocalDay, bool> overrides_;
  std::map<LocalDay, std::string> notes_;
  LocalDay first_, last_;
  // Prefix sums over the loaded range, so that a year costs a look-up and not a walk: working days and their minutes.
  std::vector<std::int32_t> days_, minutes_;
};

}  // namespace wangge::core
