// The indicators of evaluation (kpi.tsv, DOMAIN 5) as one table, and the arithmetic of a rate. What counts is found by
// the marks of history rows (marks.hpp), by the closure table (CONTRACT 7), or by what stands at the instant of
// reading.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wangge::core {

enum class Measure : std::uint8_t {
  cases,     // cases with this mark in the period, each once
  rows,      // the marks themselves: times
  valid,     // cases with this mark that were filed and not voided
  not_void,  // … not voided; of a disposal due: nor taken back from that body; of a missed report: nor refused or merged
  right,     // … whose first unit was the right one (no approved return led elsewhere)
  wrong,     // … whose was not
  held,      // … whose hand-over no check has failed (RULINGS 1: a failed one never was)
  closure,   // a column of the closure table
  stock,     // standing at the instant of reading
  rate,      // numerator / (denominator - less), in percent
  score,     // points of the answers of return visits, on average
};
// What a case became is read as it was known at the instant of reading, so that a closed month keeps its digits.

struct Indicator {
  std::string_view id, zh, en;
  Measure measure;
  std::string_view
      from;  // mark, column or stock; of a rate: the numerator's id. "a|b": b where rows are people or bodies
  std::string_view denominator = "", less = "";  // "a|b": b where rows are people
  std::string_view unit = "", better = "";  // "%"; higher | lower
  std::string_view source = "";             // who defines it
};

std::span<Indicator const> indicators();
Indicator const* find_indicator(std::string_view id);

// Percent in hundredths, half up; nullopt (–) where nothing is to be divided by (DOMAIN 5.3).
std::optional<std::int64_t> rate_of(std::int64_t part, std::int64_t whole);

// Is its value a count, or hundredths (of a percent, of a point)?
constexpr bool is_count(Indicator const& i) {
  return i.measure != Measure::rate && i.measure != Measure::score;
}

// The value of an indicator where the counts of others are known: a count as it is, a rate in hundredths of a percent.
// nullopt: not known in this grouping, or –.
using Counts = std::map<std::string_view, std::int64_t>;
std::optional<std::int64_t> value_of(Indicator const& indicator, Counts const& counts);

// The formula in words: "inst_num / accept_num × 100 %".
std::string formula(Indicator const& indicator);

}  // namespace wangge::core
