// Scores and grades (GB/T 30428.4, DOMAIN 5.2): a scheme weighs indicators, some by bands of volume, and takes points
// off. Schemes are data: the standard's own stand here, a city's come from a file of the same shape.
#pragma once

#include <string>
#include <vector>

#include "dispatcher/core/indicators.hpp"

namespace wangge::core {

struct SchemePart {
  enum class Kind : std::uint8_t { rate, inverse, bands };  // inverse: 100 less the rate
  std::string indicator;
  std::int64_t weight = 0;  // percent; those of a scheme make 100
  Kind kind = Kind::rate;
  std::vector<std::pair<std::int64_t, std::int64_t>> bands = {};  // (from this count on, points 0-100), ascending
};

struct Deduction {
  std::string indicator;
  std::int64_t hundredths = 0;  // of a point, for each
  std::int64_t free = 0;        // so many cost nothing
};

struct Scheme {
  std::string id, zh, en;
  std::string by;  // one of the groupings of the indicators
  std::vector<SchemePart> parts;
  std::vector<Deduction> deductions = {};
};

struct Score {
  std::vector<std::optional<std::int64_t>> parts;  // hundredths of a point; nullopt: nothing was there to be judged
  std::int64_t deducted = 0;
  std::optional<std::int64_t> total;  // 0-10000; what could not be judged takes no weight
  char grade = ' ';                   // A-E, ' ' where there is no total
};

std::vector<Scheme> const& standard_schemes();  // of posts, departments and regions
// "" when it is sound, else what is wrong with it: weights, unknown indicators, bands.
std::string fault_of(Scheme const& scheme);
Score score_of(Scheme const& scheme, Counts const& counts);
// A [90,100] green, B [75,90) blue, C [60,75) yellow, D [40,60) red, E [0,40) black.
char grade_of(std::int64_t hundredths);

}  // namespace wangge::core
