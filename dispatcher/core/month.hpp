// A month's figures on their way to being final (DOMAIN 5.3): the month ends, its late results are awaited until the cut-off T,
// then the figures stand provisionally while departments may appeal; then they are sealed.
#pragma once

#include <array>
#include <string_view>

#include "dispatcher/core/city.hpp"

namespace wangge::core {

enum class MonthStage : std::uint8_t {
  running,   // the month has not ended
  counting,  // it has, and its closings are awaited until T
  appeals,   // T has passed: the figures are provisional and may be appealed against
  due,       // the window is over: it may be sealed once no appeal waits
  sealed,
};
struct StageWords {
  MonthStage stage;
  std::string_view id, zh, en;
};
inline constexpr std::array<StageWords, 5> kMonthStages{{
    {MonthStage::running, "running", "进行中", "still running"},
    {MonthStage::counting, "counting", "待截数", "awaiting its cut-off"},
    {MonthStage::appeals, "appeals", "暂定，申诉期内", "provisional, open to appeals"},
    {MonthStage::due, "due", "暂定，待封存", "provisional, to be sealed"},
    {MonthStage::sealed, "sealed", "已封存", "sealed"},
}};
constexpr StageWords const& words(MonthStage stage) {
  return kMonthStages[static_cast<std::size_t>(stage)];
}

inline constexpr int kWorkingDaysToCutOff = 3;  // CONTRACT 7

// A month by one of its days: local, half-open.
struct MonthDays {
  LocalDay first{}, behind{};
};
MonthDays month_of(LocalDay day);
Instant cut_off(Calendar const& calendar, MonthDays const& month);
// The end of the last day on which an appeal may be asked for.
Instant appeals_until(Calendar const& calendar, Policy const& policy, MonthDays const& month);
MonthStage stage_of(Calendar const& calendar, Policy const& policy, MonthDays const& month, bool sealed, Instant now);
// The month whose table counts a case: that of its hand-over, or a later one by whose cut-off it was closed.
MonthDays counted_in(Calendar const& calendar, Instant handed_over_at, Instant closed_at);

}  // namespace wangge::core
