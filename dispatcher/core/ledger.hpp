// The ledger of a case's disposal clock: every segment in which it ran, read from history and from nothing else. What
// was used, what was left and the deadline itself can be derived again from it; `explain` tells it in words.
#pragma once

#include <span>

#include "dispatcher/core/city.hpp"

namespace wangge::core {

struct Segment {
  std::string unit, clock;       // whose calendar, which of the clocks
  Instant from{};                // it ran from here …
  Millis had{};                  // … with so much, extensions granted meanwhile included
  std::int64_t extensions = 0;   // granted inside it
  std::string began, ended;      // actions of the rows; `ended` "" while it runs
  std::optional<Instant> until;  // the moment from which it stands still (an approval counts from its asking)
  std::optional<Millis> left;  // at its end; negative: late. Empty: it runs, or was cut (urgency, the end of the case)
  Millis used() const { return had - left.value_or(had); }
};

// Oldest first. Throws std::invalid_argument when a row cannot be read.
std::vector<Segment> ledger(std::span<HistoryRow const> rows);

// How the deadline came about, one sentence a line: limit and calendar, each segment, each skipped span of the newest
// one, each request and what became of it, each change of the calendar. `lang`: "zh" or "en".
std::vector<std::string> explain_clock(City const& city, Case const& c, std::span<HistoryRow const> rows,
                                       std::string_view lang);

}  // namespace wangge::core
