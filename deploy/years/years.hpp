// A city with known answers: whole months of believable cases from a seed, put through the engine and the store in
// batches. The plan is written down as a script, one line a case with its steps and instants; what the tables must say
// of it is worked out from that script by somebody else (tests/e2e/years_oracle.py), who knows nothing of this program.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "dispatcher/core/calendar.hpp"
#include "storage/standing_set.hpp"

namespace wangge::deploy {

// One step of a life. What stays empty is not said.
struct YearStep {
  std::string action, role, by;
  core::Instant at{};
  std::string result, reason, unit, squad, closing, number, satisfaction, text;
  std::string request;            // the kind of the waiting request that is decided on
  std::string into;               // merge: the master's key
  std::string of_unit, of_squad;  // whose officer he is
  std::vector<std::string> assist;
  std::optional<core::Instant> until;
  std::optional<double> lon, lat;  // amend: the true place; check: where the checker stood
  std::string photo;               // a name; empty: one of its own for each step
};

struct YearCase {
  std::string key, report_id;
  std::string parent;  // a linked case, opened by a step of this key's case: it has no report of its own
  std::string source, condition, description, street, grid;
  core::CategoryKey category;
  std::string reporter;
  core::Role role = core::Role::reporter;
  core::Instant at{};
  double lon = 0, lat = 0;
  bool misplaced = false, self_disposed = false;
  std::optional<double> confidence;
  std::string unit, squad;  // whom the routes name
  std::string fate;         // what the plan means by it, for people
  std::vector<YearStep> steps;
};

struct YearOptions {
  std::uint64_t seed = 1;
  std::string from;  // first month, "2025-01"; empty: so many months before this one
  int months = 24;
  int per_day = 150;
  std::filesystem::path script;  // JSON lines; empty: none is written
  bool live = false;             // as if lived then: what is judged by when it was recorded sees it
  bool fraud = false;            // one contractor's patroller covers for one squad during the last three months
};

// Plans one local day after the other; the same options give the same cases for ever.
class Years {
 public:
  Years(storage::standing::StandingSet const& set, YearOptions const& options, core::Instant horizon);
  ~Years();
  std::vector<YearCase> day(core::LocalDay day, bool fraud);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::string script_line(YearCase const& c);

struct YearsResult {
  std::int64_t cases = 0, commands = 0, batches = 0;
  std::vector<std::string> refusals;  // a plan is never refused: each is a fault, here or in the product
};
using YearsProgress = std::function<void(std::string_view what, std::uint64_t done, std::uint64_t total)>;
// Throws std::runtime_error when a dispatcher is at work on the district, when the months are not over, or when this
// very plan was played before; storage::Broken when the database goes away.
YearsResult play_years(std::string const& url, YearOptions options, core::Instant now,
                       YearsProgress const& progress = {});

}  // namespace wangge::deploy
