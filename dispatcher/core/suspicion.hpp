// Patterns that an honest city does not show (RULINGS 13). Each is a comparison that carries its own measure: a checker
// with the other checkers of the same squad, what he finds of one squad's with what he finds of the others' in the same
// places; or something that cannot be: one photo at two places, two places at one time. A pattern accuses nobody: it
// opens into its cases, and people look. Pure: facts in, patterns out.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dispatcher/core/types.hpp"

namespace wangge::core {

// One answered check of a handed-over case.
struct CheckFact {
  std::string case_no, checker, unit, squad;
  bool passed = false;
  Instant sent_at{}, at{};
  std::vector<std::string> photos;             // by content: the same picture has the same id
  std::optional<double> lon, lat;              // of the case
  std::optional<double> stood_lon, stood_lat;  // of the checker, where his device said so
  std::string blind;                           // what the second look found: pass | fail | unable
};

// One case of a squad: who walks there, and who found it.
struct FoundFact {
  std::string case_no, squad, grid, walker;  // walker: the patroller of that place
  bool own = false;                          // the walker reported it himself
};

enum class Pattern : std::uint8_t {
  kind_checks,   // passes a squad's work far more often than its other checkers do
  blind_eye,     // finds far less of one squad's work than of the others' in the same places
  contradicted,  // a second look found what the first had passed
  same_photo,    // one picture proves two cases
  two_places,    // checks so far apart in so short a time that nobody can have been at both
  far_away,      // stood too far from the place
  at_once,       // answered sooner than anybody can have gone there
};
inline constexpr std::array<std::string_view, 7> kPatterns{"kind_checks", "blind_eye", "contradicted", "same_photo",
                                                           "two_places",  "far_away",  "at_once"};
constexpr std::string_view id(Pattern p) {
  return kPatterns[static_cast<std::size_t>(p)];
}
struct PatternWords {
  std::string_view zh, en;
};
PatternWords words(Pattern p);

struct Suspicion {
  Pattern pattern = Pattern::kind_checks;
  std::string checker, squad;
  double score = 0;  // standard deviations from what the comparison expects; else the number of cases
  std::vector<std::string> cases;
};

// What counts as a pattern. Defaults: a comparison that chance alone shows less than once in some ten thousand tries.
struct Suspecting {
  double deviations = 4;
  std::size_t least = 20;       // cases on each side of a comparison
  double check_metres = 200;    // policy check_metres
  double metres_a_second = 17;  // some 60 km/h, through a city
  double far_metres = 500;      // nearer than this two places are one walk
  Millis at_once{60'000};
  std::size_t odd_least = 3;  // single oddities happen: a clock, a slip
};

// The strongest first. The same facts give the same list.
std::vector<Suspicion> suspicions(std::span<CheckFact const> checks, std::span<FoundFact const> found,
                                  Suspecting const& limits = {});

double metres_between(double lon_a, double lat_a, double lon_b, double lat_b);

}  // namespace wangge::core
