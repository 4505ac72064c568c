#include "dispatcher/core/month.hpp"

namespace wangge::core {

MonthDays month_of(LocalDay day) {
  std::chrono::year_month_day const date{day};
  auto const month = date.year() / date.month();
  return {LocalDay{month / 1}, LocalDay{(month + std::chrono::months{1}) / 1}};
}

Instant cut_off(Calendar const& calendar, MonthDays const& month) {
  return calendar.end_of_working_day_after(month.behind - Days{1}, kWorkingDaysToCutOff);
}

Instant appeals_until(Calendar const& calendar, Policy const& policy, MonthDays const& month) {
  auto const days = kWorkingDaysToCutOff + static_cast<int>(std::min<std::int64_t>(policy.appeal_days, 366));
  return calendar.end_of_working_day_after(month.behind - Days{1}, days);
}

MonthStage stage_of(Calendar const& calendar, Policy const& policy, MonthDays const& month, bool sealed, Instant now) {
  if (sealed) return MonthStage::sealed;
  if (now < calendar.start_of(month.behind)) return MonthStage::running;
  if (now < cut_off(calendar, month)) return MonthStage::counting;
  return now < appeals_until(calendar, policy, month) ? MonthStage::appeals : MonthStage::due;
}

MonthDays counted_in(Calendar const& calendar, Instant handed_over_at, Instant closed_at) {
  auto month = month_of(calendar.local_day(handed_over_at));
  while (closed_at > cut_off(calendar, month)) month = month_of(month.behind);
  return month;
}

}  // namespace wangge::core
