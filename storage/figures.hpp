// The rollup of the closure table (DECISIONS 26): kept in the transaction of every case write, folded now and then,
// built anew from cases and spans. What is counted stands in dispatcher/core/figures.cpp.
#pragma once

#include <functional>
#include <map>
#include <tuple>

#include "dispatcher/core/calendar.hpp"
#include "dispatcher/core/figures.hpp"
#include "storage/read_model.hpp"

namespace wangge::storage {

inline constexpr int kWorkingDaysToRead = 3;  // T: so many working days after the period's end (CONTRACT 7)

struct Rebuilt {
  std::int64_t cases = 0;
  bool usable = false;  // false: a month is read after the next one's end, by this calendar
};
// Computes the district's rollup from its cases and spans, at one moment, while writers go on. Throws Broken.
// `progress` hears how many cases are done.
Rebuilt rebuild_figures(std::string const& url, std::string const& district, core::Instant now,
                        std::function<void(std::int64_t)> const& progress = {});
// Does the rollup answer? When it does not, tables are right but slow, until it is built anew.
bool figures_stand(std::string const& url, std::string const& district);
// Moves what was added since the last time into the rollup; tables read the same before and after.
void fold_figures(std::string const& url, std::string const& district, core::Instant now);

struct FigureCheck {
  std::int64_t tables = 0, numbers = 0;
  std::vector<std::string> differences;  // sentences; empty: the same digits
};
// Compares rollup and span computation in every grouping of the month that holds `from`, at its T or now.
FigureCheck check_figures(ReadModel& reads, ClosureRequest month);

// Replays the history of every case that the period's tables may speak of, and compares with its row, its spans and, for what
// lies in [from, to), with what its rows were counted as. repair: marks that differ or are missing are put right.
struct HistoryPeriod {
  core::Instant from, to, as_of;
};
struct HistoryCheck {
  std::int64_t cases = 0, marks = 0;
  std::vector<std::string> findings;  // "CASE_NO: what differs"
  std::int64_t repaired = 0;          // cases whose marks were put right
};
HistoryCheck check_histories(std::string const& url, std::string const& district, HistoryPeriod const& period,
                             bool repair = false);

struct Seal {
  std::string month;  // 2026-10
  core::Instant to{}, as_of{}, sealed_at{};
  std::string content, digest, signature, sealed_by;
};
std::string sha256_hex(std::string_view text);
std::optional<Seal> find_seal(std::string const& url, std::string const& district, std::string const& month);
// Throws Conflict when the month is sealed.
void put_seal(std::string const& url, std::string const& district, Seal const& seal);

namespace pg {
class Session;
class Pipeline;
}
// For storage/*.cpp. The months by this calendar, in the database: where one that was counted by moved, the rollup no
// longer answers until it is built anew. Inside no transaction of the caller's.
void keep_months(pg::Session& s, std::string const& district, core::Calendar const& calendar);
void fold(pg::Session& s, std::string const& district, core::Instant now);
core::Months load_months(pg::Session& s, std::string const& district);

// What counting needs of a case, with its spans.
struct FigureCase {
  core::Case row;
  std::vector<core::Span> spans;
};
// Applies what a save does to the spans.
void apply(std::vector<core::Span>& spans, std::vector<core::SpanChange> const& changes);

// Sums the lines of cases, in and out, and writes what is left of them.
class FigureSum {
 public:
  void add(FigureCase const& one, core::Months const& months, std::int64_t sign);
  void write(pg::Pipeline& p, std::string const& district);  // and begins again

 private:
  using Key = std::tuple<std::string, std::string, std::string, std::string, std::string, std::int32_t, std::int32_t>;
  std::map<Key, std::array<std::int64_t, core::kFigures>> lines_;
  core::Instant newest_{};
};
std::map<std::string, FigureCase> load_counted(pg::Session& s, std::string const& district,
                                               std::vector<std::string> const& cases);

}  // namespace wangge::storage
