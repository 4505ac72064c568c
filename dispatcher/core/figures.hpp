// What one case adds to the closure tables of all months: the rules of CONTRACT 7 turned from "this month's cases" into
// "this case's months". Storage sums these lines; the spans stay the truth, and the sums are tested against them.
#pragma once

#include <map>
#include <span>

#include "dispatcher/core/types.hpp"

namespace wangge::core {

// Months by number (year x 12 + month - 1) in a district's zone, and when each is read.
class Months {
 public:
  static constexpr std::int32_t kForEver = 2'147'483'647;
  Months() = default;
  Months(std::chrono::minutes offset, std::map<std::int32_t, Instant> read_at)
      : offset_(offset), read_at_(std::move(read_at)) {}
  std::int32_t month_of(Instant at) const;
  std::int32_t day_of(Instant at) const;  // since 1970-01-01
  // The first month whose T is not before `at`: from that one on, what happened then is known.
  std::int32_t known(Instant at) const;

 private:
  std::chrono::minutes offset_{480};
  std::map<std::int32_t, Instant> read_at_;
};

// Up to ended_extended: in that month alone. The others stand from that month on until they are taken out again.
enum class Figure : std::uint8_t {
  filed,
  dispatched,
  closed,
  closed_on_time,
  ended,
  ended_reworked,
  ended_extended,
  open_at_end,
  awaiting,
  enforcement,
  undone,
  undone_carried,
  undone_reworked,
  undone_extended,
};
inline constexpr std::size_t kFigures = 14;

struct FigureLine {
  // Of whoever holds the case at the month's end, and where the month counts it; into the case and spans given.
  std::string_view unit, squad, street, class_code;
  std::int32_t month = 0;
  std::int32_t day = 0;  // > 0: open and undisposed now, filed in `month`, due on that day
  std::array<std::int64_t, kFigures> n{};
};

// Where months count a case, and as what: as it is, but in those that were sealed before it was amended (DECISIONS 155).
struct Placed {
  std::string_view street, community, grid, class_code, code;  // into the case given
  std::int32_t from = 0, to = 0;                               // months, half-open
};
std::vector<Placed> places_of(Case const& c);

// spans: all of the case, in the order of their versions. Reads of the case: street, class_code, state, unit, squad,
// last_at, filed_at, dispatched_at, closed_at, exempt, enforcement_no, rework, extensions, flags.
std::vector<FigureLine> figures_of(Case const& c, std::span<Span const> spans, Months const& months);

}  // namespace wangge::core
