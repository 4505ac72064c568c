// Scores and grades (GB/T 30428.4, DOMAIN 5.2): a scheme weighs indicators, some by bands of volume, and takes points
// off. Schemes are data: the standard's own stand here, a city's come from a file of the same shape.
#pragma once

#include <string>
#include <vector>

#include "dispatcher/core/calendar.hpp"
#include "dispatcher/core/indicators.hpp"

namespace wangge::core {

struct SchemePart {
  enum class Kind : std::uint8_t { rate, inverse, bands };  // inverse: 100 less the rate
  std::string indicator;
  std::int64_t weight = 0;  // percent; those of a scheme make 100
  Kind kind = Kind::rate;
  // (from this value on, points 0-100), ascending; of a rate the values are hundredths of a percent.
  std::vector<std::pair<std::int64_t, std::int64_t>> bands = {};
  bool operator==(SchemePart const&) const = default;
};

struct Deduction {
  std::string indicator;
  std::int64_t hundredths = 0;  // of a point, for each
  std::int64_t free = 0;        // so many cost nothing
  std::int64_t most = 0;        // never more hundredths than that; 0: no bound
  bool operator==(Deduction const&) const = default;
};

// Whom a scheme compares with each other: counties with counties, towns with towns.
struct SchemeGroup {
  std::string id, zh, en;
  std::vector<std::string> members;        // keys of rows; "*": everybody whom no other group names
  std::vector<SchemePart> parts = {};      // its own weights; none: the scheme's
  std::vector<Deduction> deductions = {};  // likewise
  bool operator==(SchemeGroup const&) const = default;
};

struct Scheme {
  std::string id, zh, en;
  std::string by;  // one of the groupings of the indicators
  std::vector<SchemePart> parts;
  std::vector<Deduction> deductions = {};
  std::string post = {};                 // of a scheme by person: the role whose holders it judges
  std::string document = {};             // on what paper it rests
  std::string object = {};               // what it is asked for by: department; "" = its id
  std::optional<LocalDay> from{}, to{};  // months from <= first day < to
  std::vector<SchemeGroup> groups = {};  // none: all in one
  std::string_view asked() const { return object.empty() ? std::string_view(id) : std::string_view(object); }
  bool holds(LocalDay first) const { return (!from || *from <= first) && (!to || first < *to); }
  bool operator==(Scheme const&) const = default;
};

struct Score {
  std::vector<std::optional<std::int64_t>> parts;  // hundredths of a point; nullopt: nothing was there to be judged
  std::int64_t deducted = 0;
  std::optional<std::int64_t> total;  // 0-10000; what could not be judged takes no weight
  char grade = ' ';                   // A-E, ' ' where there is no total
};

std::vector<Scheme> const& standard_schemes();  // of posts, departments and regions
// "" when it is sound, else what is wrong with it: weights, unknown indicators, bands, groups.
std::string fault_of(Scheme const& scheme);
// The scheme of that id or object in force on the first day of a period: the city's own before the standard's. Null: none.
Scheme const* find_scheme(std::vector<Scheme> const& own, std::string_view wanted, LocalDay first);
// Every scheme in force then, once an object.
std::vector<Scheme const*> schemes_on(std::vector<Scheme> const& own, LocalDay first);

// The group that judges a row; null: none of a scheme that has groups. Without groups there is one, of everybody.
SchemeGroup const* group_of(Scheme const& scheme, std::string_view key);
std::vector<SchemePart> const& parts_of(Scheme const& scheme, SchemeGroup const* group);
std::vector<Deduction> const& deductions_of(Scheme const& scheme, SchemeGroup const* group);

Score score_of(std::vector<SchemePart> const& parts, std::vector<Deduction> const& deductions, Counts const& counts);
Score score_of(Scheme const& scheme, Counts const& counts);

struct Judged {
  std::string key;
  std::size_t group = 0;  // index into scheme.groups; 0 where there are none
  Score score;
  std::optional<std::int64_t> rank;  // 1, 2, 2, 4 within its group; none without a score
};
// Every row that the scheme judges: by group, the best first, equal ones by key. The row of nobody ("") is left out.
std::vector<Judged> judge(Scheme const& scheme, std::vector<std::pair<std::string, Counts>> const& rows);
// A [90,100] green, B [75,90) blue, C [60,75) yellow, D [40,60) red, E [0,40) black.
char grade_of(std::int64_t hundredths);

}  // namespace wangge::core
