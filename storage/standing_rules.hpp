// Inside standing*.cpp: reading rows of standing data column by column, and the parts that rules.sql added.
#pragma once

#include <cstdio>
#include <pqxx/pqxx>

#include "storage/standing.hpp"

namespace wangge::storage::standing {

using Transaction = pqxx::transaction_base;

inline core::LocalDay day_from(char const* iso) {
  int y = 0, m = 0, d = 0;
  if (std::sscanf(iso, "%d-%d-%d", &y, &m, &d) != 3) throw std::runtime_error(std::string("no date: ") + iso);
  return std::chrono::year{y} / m / d;
}

template <class Enum, class Names>
Enum enum_from(Names const& names, std::string_view text) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  throw std::runtime_error("unknown word in standing data: " + std::string(text));
}

std::vector<std::string> words_of(std::string_view spaced);  // "a b" -> a, b
std::string spaced(std::vector<std::string> const& words);
std::vector<std::vector<std::pair<double, double>>> rings_from_hex(std::string_view hex);

// A row read from left to right.
class Columns {
 public:
  explicit Columns(pqxx::row const& row, int at = 0) : row_(row), at_(at) {}
  Columns& operator>>(std::string& to) { return to = row_[at_++].c_str(), *this; }
  Columns& operator>>(bool& to) { return to = row_[at_++].as<bool>(), *this; }
  Columns& operator>>(std::int32_t& to) { return to = row_[at_++].as<std::int32_t>(), *this; }
  Columns& operator>>(std::int64_t& to) { return to = row_[at_++].as<std::int64_t>(), *this; }
  Columns& operator>>(std::uint8_t& to) { return to = static_cast<std::uint8_t>(row_[at_++].as<int>()), *this; }
  Columns& operator>>(core::Instant& to) {
    return to = core::Instant{core::Millis{row_[at_++].as<std::int64_t>()}}, *this;
  }
  Columns& operator>>(std::vector<std::string>& to) { return to = words_of(row_[at_++].c_str()), *this; }
  Columns& operator>>(std::optional<core::LocalDay>& to) {
    auto const field = row_[at_++];
    to = field.is_null() ? std::nullopt : std::optional(day_from(field.c_str()));
    return *this;
  }
  Columns& operator>>(std::optional<core::Instant>& to) {
    auto const field = row_[at_++];
    to = field.is_null() ? std::nullopt : std::optional(core::Instant{core::Millis{field.as<std::int64_t>()}});
    return *this;
  }

 private:
  pqxx::row row_;
  int at_;
};

// Schemes of evaluation and tariffs of settlement; and their writing, inside the load's transaction.
void read_published(Transaction& tx, core::City& city);
void copy_schemes(pqxx::work& tx, StandingSet const& set);
void copy_tariffs(pqxx::work& tx, StandingSet const& set);

// Rules, the list, shifts, absences, areas, campaigns, plans with their switches, managed places, the cross-map.
void read_rules(Transaction& tx, core::City& city);

}  // namespace wangge::storage::standing
