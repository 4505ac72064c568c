// Believable days with answers known beforehand: a seed and a date give the same reports, lives and expected counts
// for ever. play_day() sends them through the doors under backdate tokens; playing twice plays nothing twice.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dispatcher/core/types.hpp"
#include "storage/standing_set.hpp"

namespace wangge::deploy {

using Progress = storage::standing::Progress;

enum class Fate : std::uint8_t {
  closed,           // disposed in time, checked, closed
  closed_late,      // the same, disposed after the deadline
  reworked,         // first check failed, second passed, closed
  voided,           // filed, then voided with a second person
  not_accepted,     // verified: not there
  waiting_dispose,  // dispatched, nobody signed
  disposing,        // signed, not done
  checking,         // handed over, the check waits
  to_accept,        // waits in the manual queue
};
inline constexpr std::size_t kFates = 9;
std::string_view id(Fate fate);

// One step of a life, in order of time.
struct Step {
  std::string action, role;
  core::Instant at{};
  std::string result;  // verify, check
};

struct PlannedReport {
  std::string key;  // Idempotency-Key, from seed, date and number
  std::string source, description, condition;
  core::CategoryKey category;
  std::string reporter;  // whose token sends it: a patroller's or the app's
  std::string component_id;
  double lon = 0, lat = 0;
  std::string street, grid, unit, squad;  // where it lies and whom the routes name
  core::Instant at{}, dispatched_at{}, due_at{};
  Fate fate = Fate::closed;
  std::vector<Step> steps;
};

struct DayPlan {
  std::string date;
  std::vector<PlannedReport> reports;  // in order of time
};

// What the closure table of the day's month must show for these reports alone when it is read at `as_of`, a moment
// after the day. Counted from the plan, not by the dispatcher.
struct ExpectedCounts {
  std::int64_t filed = 0, dispatched = 0, due = 0, closed = 0, closed_on_time = 0, reworked = 0, awaiting_check = 0;
  bool operator==(ExpectedCounts const&) const = default;
};
struct Expected {
  std::map<std::string, ExpectedCounts> by_unit;  // dispatched cases only
  ExpectedCounts total;
};
Expected expect(DayPlan const& plan, core::Instant as_of);

struct PlayOptions {
  std::string base_url = "http://127.0.0.1:8080";
  std::string certificate;  // what our own doors show, with https
  std::string tokens;  // DATA/demo-backdate.json
  std::string date;    // local day, "2026-11-23"; empty = yesterday
  std::uint64_t seed = 1;
  int count = 300;
  int in_flight = 16;
};

// Every step lies inside the local day, so that the plan depends on nothing but seed, date and count.
DayPlan plan_day(storage::standing::StandingSet const& demo, std::string const& date, std::uint64_t seed, int count);
std::string yesterday(std::int32_t utc_offset_minutes, core::Instant now);
// Small JPEGs, each its own by a comment inside: same name, same bytes.
std::string demo_photo(std::string const& name);

struct PlayResult {
  std::int64_t reports = 0, created = 0, already = 0, commands = 0, refused = 0;
  std::map<std::string, std::int64_t> refusals;  // "sign 403 not_yours" -> count
  bool skipped = false;                          // this very day was played before
  bool ok() const { return refused == 0; }
};
// Throws std::runtime_error when the doors cannot be reached for 30 s.
PlayResult play_day(PlayOptions const& options, Progress const& progress = {});

}  // namespace wangge::deploy
