#include "dispatcher/engine/numbers.hpp"

#include <cstdio>

namespace wangge::engine {

std::string CaseNumbers::next(core::City const& city, core::Instant opened_at) {
  std::chrono::year_month_day const date(city.calendar_of("").local_day(opened_at));
  char day[16], number[32];
  std::snprintf(day, sizeof day, "%04d%02u%02u", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()));
  auto& block = blocks_[day];
  if (block.next == block.end) {
    block.next = store_.reserve_numbers(district_, epoch_, day, block_);
    block.end = block.next + block_;
  }
  std::snprintf(number, sizeof number, "%05lld", static_cast<long long>(block.next++));
  return district_ + day + number;
}

}  // namespace wangge::engine
