// The monthly settlement of contracted patrols (采集公司月结): what a company's patrollers did, at prices that are data. Money is in
// hundredths of the currency's unit (分); deductions are negative prices.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "dispatcher/core/calendar.hpp"
#include "dispatcher/core/indicators.hpp"

namespace wangge::core {

struct DutyLine;

// Counts beside the indicators: days a patroller stood on the roster, days on which he did something, and the difference.
inline constexpr std::array<std::string_view, 3> kAttendance{"duty_days", "worked_days", "absent_days"};

struct Tariff {
  enum class Kind : std::uint8_t { each, monthly, below };
  std::string id, zh, en;
  std::string contractor;             // a unit; "" = every company
  Kind kind = Kind::each;
  std::string item = {}, less = {};   // each: a count, less another; below: a rate
  std::int64_t price = 0;             // each: for one; monthly: for a patroller's month; below: for each point under the bound
  std::int64_t free = 0;              // each: so many cost and earn nothing
  std::int64_t bound = 0;             // below: hundredths of a percent
  std::int64_t most = 0;              // never more than that, either way; 0: no bound
  std::string document = {};
  std::optional<LocalDay> from{}, to{};  // months from <= first day < to
  bool holds(LocalDay first) const { return (!from || *from <= first) && (!to || first < *to); }
  bool operator==(Tariff const&) const = default;
};
inline constexpr std::array<std::string_view, 3> kTariffKinds{"each", "monthly", "below"};

// "" when it is sound.
std::string tariff_fault(Tariff const& tariff);
// Those in force for a company in the month that begins on that day.
std::vector<Tariff const*> tariffs_of(std::vector<Tariff> const& all, std::string_view contractor, LocalDay first);

struct Amount {
  std::optional<std::int64_t> quantity;  // each: what is paid for; below: hundredths of a point under the bound; nullopt: not known
  std::int64_t money = 0;
};
Amount amount_of(Tariff const& tariff, Counts const& counts);

// A stretch of the period in which a patroller stood on one company's roster.
struct Stretch {
  std::string person, contractor;
  LocalDay from{}, to{};  // half-open
  std::int64_t duty_days = 0;
  bool operator==(Stretch const&) const = default;
};
// By person, then by day. On a day with lines of several companies the first line counts.
std::vector<Stretch> stretches(std::vector<DutyLine> const& roster, LocalDay from, LocalDay to);

// "1234.50"; "-3.00".
std::string money_text(std::int64_t hundredths);

}  // namespace wangge::core
