// Shifts of the center and the light of a handover.
#include <gtest/gtest.h>

#include "dispatcher/core/desk_shift.hpp"

namespace wangge::core {
namespace {

using namespace std::chrono_literals;
constexpr std::chrono::minutes kChina{480};

Instant local(int day, int hour, int minute = 0) {
  return Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / day}} + std::chrono::hours{hour} + std::chrono::minutes{minute} - kChina;
}

TEST(DeskShift, AnInstantLiesInExactlyOneShiftAlsoAroundMidnight) {
  struct Row {
    int day, hour, minute;
    char const* name;
    Instant from, to;
  };
  for (auto const& row : {Row{28, 8, 0, "白班", local(28, 8), local(28, 20)}, Row{28, 19, 59, "白班", local(28, 8), local(28, 20)},
                          Row{28, 20, 0, "夜班", local(28, 20), local(29, 8)}, Row{29, 0, 0, "夜班", local(28, 20), local(29, 8)},
                          Row{29, 7, 59, "夜班", local(28, 20), local(29, 8)}}) {
    auto const shift = shift_at(standard_shifts(), local(row.day, row.hour, row.minute), kChina);
    EXPECT_EQ(shift.zh, row.name) << row.day << ' ' << row.hour << ':' << row.minute;
    EXPECT_EQ(shift.from, row.from);
    EXPECT_EQ(shift.to, row.to);
  }
}

TEST(DeskShift, OneShiftADayAndThreeUnorderedOnesWork) {
  auto const one = shift_at({{9 * 60, "全天", "All day"}}, local(28, 3), kChina);
  EXPECT_EQ(one.from, local(27, 9));
  EXPECT_EQ(one.to, local(28, 9));
  auto const three = shift_at({{16 * 60, "中班", "Late"}, {0, "夜班", "Night"}, {8 * 60, "早班", "Early"}}, local(28, 23, 59), kChina);
  EXPECT_EQ(three.zh, "中班");
  EXPECT_EQ(three.to, local(29, 0));
}

TEST(DeskShift, TheLastShiftsFollowWithoutAGapAndNoneEndedBeforeTheCityBegan) {
  auto const shifts = last_shifts(standard_shifts(), local(28, 9), local(26, 9), kChina, 14);
  ASSERT_EQ(shifts.size(), 5u) << "from the day shift of the 26th to that of the 28th";
  for (std::size_t i = 1; i < shifts.size(); ++i) EXPECT_EQ(shifts[i].to, shifts[i - 1].from);
  EXPECT_EQ(last_shifts(standard_shifts(), local(28, 9), local(1, 0), kChina, 14).size(), 14u);
}

TEST(DeskShift, AShiftWithoutItsHandoverTurnsYellowThenRed) {
  auto const shift = shift_at(standard_shifts(), local(28, 9), kChina);
  for (auto const state : {HandoverState::missing, HandoverState::opened, HandoverState::signed_out}) {
    EXPECT_EQ(handover_light(shift, state, shift.to - 1ms), "");
    EXPECT_EQ(handover_light(shift, state, shift.to), "yellow");
    EXPECT_EQ(handover_light(shift, state, shift.to + kHandoverGrace), "red");
  }
  EXPECT_EQ(handover_light(shift, HandoverState::complete, shift.to + 100h), "green");
}

}  // namespace
}  // namespace wangge::core
