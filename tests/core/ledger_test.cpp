// The ledger of the disposal clock: whatever happened to a case, its figures come out of it again; and told in words.
#include <gtest/gtest.h>

#include "dispatcher/core/ledger.hpp"
#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

using namespace std::chrono_literals;

// Dispatched on Monday 2025-09-22 at 09:00 under 4 work hours.
World dispatched() {
  World w;
  w.city.policy = by_hand();
  w.report(a_report());
  w.do_(Role::acceptor, "accept");
  w.do_(Role::shift_leader, "file");
  w.do_(Role::dispatch_officer, "dispatch");
  return w;
}

std::string told(World const& w, std::string_view lang) {
  std::string all;
  for (auto const& line : explain_clock(w.city, w.c, w.rows, lang)) all += line + "\n";
  return all;
}

TEST(Ledger, EverySegmentIsThereWithWhatItUsedAndWhatWasLeft) {
  auto w = dispatched();
  w.now = local(2025, 9, 22, 11, 0);
  w.do_(Role::unit_clerk, "defer", full_input("defer"));
  w.now = local(2025, 9, 22, 17, 0);
  w.do_(Role::dispatch_officer, "approve_request");
  w.now = local(2025, 9, 29, 9, 0);
  w.do_(Role::dispatch_officer, "resume");
  w.do_(Role::unit_clerk, "extend", full_input("extend"));
  w.do_(Role::dispatch_officer, "approve_request");
  auto const segments = ledger(w.rows);
  ASSERT_EQ(segments.size(), 2u);
  EXPECT_EQ(segments[0].until, local(2025, 9, 22, 11, 0)) << "from the instant of asking";
  EXPECT_EQ(segments[0].used(), 2h);
  EXPECT_EQ(segments[0].left, 2h);
  EXPECT_EQ(segments[0].ended, "approve_request");
  EXPECT_EQ(segments[1].had, 6h);
  EXPECT_EQ(segments[1].extensions, 1);
  EXPECT_FALSE(segments[1].until);
  EXPECT_EQ(
      deadline_left(w.city.calendar_of(w.c.unit), ClockKind::work_hour, segments[1].from, segments[1].had, 4h).due,
      w.c.due_at)
      << "the deadline is derived from the ledger";
}

TEST(Explain, TellsTheDeadlineInBothLanguages) {
  auto w = dispatched();
  w.now = local(2025, 9, 22, 10, 0);
  w.do_(Role::unit_clerk, "extend", full_input("extend"));
  w.do_(Role::dispatch_officer, "approve_request");
  auto const zh = told(w, "zh"), en = told(w, "en");
  for (auto const* words :
       {"时限：4 小时（工作时），立案条件 1。", "日历 center：工作日 08:00–12:00、14:00–18:00 计时。",
        "2025-09-22 09:00 起计时（派遣），可用 8 小时（含延期 1 次）；应于 2025-09-23 09:00 前完成。",
        "每个工作日 12:00–14:00、18:00–08:00 不计。", "申请延期：理由。", "同意申请，时限改为 2025-09-23 09:00。"})
    EXPECT_NE(zh.find(words), std::string::npos) << words << "\n" << zh;
  for (auto const* words :
       {"Limit: 4 h in work hours, filing condition 1.",
        "Ran from 2025-09-22 09:00 (Dispatch) with 8 h (with 1 extension); due by 2025-09-23 09:00.",
        "Of each working day 12:00–14:00, 18:00–08:00 does not count."})
    EXPECT_NE(en.find(words), std::string::npos) << words << "\n" << en;
}

// Zammad #390.
TEST(Explain, AnUnofficialHolidayIsVisible) {
  using namespace std::chrono;
  World w;
  auto const day = [](unsigned d) { return LocalDay{sys_days{year{2025} / 9 / d}}; };
  std::map<LocalDay, bool> const days{{day(23), false}, {day(24), false}, {day(27), true}};
  Calendar const odd(480min, {{480, 720}, {840, 1080}}, days, LocalDay{sys_days{year{2025} / 1 / 1}},
                     LocalDay{sys_days{year{2025} / 12 / 31}}, {}, {{day(24), "国办发明电〔2024〕12号"}});
  w.city.calendars.insert_or_assign("center", odd);
  w.now = local(2025, 9, 22, 16, 0);
  w.report();  // 4 work hours: two on Monday, two on Thursday
  EXPECT_EQ(local_text(*w.c.due_at), local_text(local(2025, 9, 25, 10, 0)));
  auto const zh = told(w, "zh"), en = told(w, "en");
  EXPECT_NE(zh.find("不计 2025-09-23（周二）：节假日（日历未注明依据）。"), std::string::npos) << zh;
  EXPECT_NE(zh.find("不计 2025-09-24（周三）：节假日（国办发明电〔2024〕12号）。"), std::string::npos) << zh;
  EXPECT_NE(en.find("Skipped: 2025-09-23 (Tuesday), a holiday (the calendar names no basis)."), std::string::npos)
      << en;
}

// GLPI #687.
TEST(Explain, ACaseCreatedOutOfHoursStartsAtTheNextOpening) {
  World w;
  w.now = local(2025, 9, 19, 20, 0);  // Friday evening
  w.report();
  EXPECT_EQ(local_text(*w.c.due_at), local_text(local(2025, 9, 22, 12, 0)));
  EXPECT_NE(told(w, "zh").find("不计 2025-09-20 至 2025-09-21：周末。"), std::string::npos) << told(w, "zh");
}

TEST(Reproject, AChangedCalendarMovesARunningDeadlineWithTheReasonInItsHistory) {
  World w;
  w.now = local(2026, 12, 31, 17, 0);
  w.report();
  ASSERT_TRUE(w.c.provisional);
  EXPECT_EQ(local_text(*w.c.due_at), local_text(local(2027, 1, 1, 11, 0))) << "a Friday, as far as anybody knows";
  auto const system = person(Role::system);
  EXPECT_EQ(outcome(w.act(system, "reproject")), "deadline_stands");
  // The year 2027 is loaded: New Year's Day rests.
  using namespace std::chrono;
  LocalDay const new_year{sys_days{year{2027} / 1 / 1}};
  w.city.calendars.insert_or_assign(
      "center", Calendar(480min, {{480, 720}, {840, 1080}}, {{new_year, false}}, LocalDay{sys_days{year{2026} / 1 / 1}},
                         LocalDay{sys_days{year{2027} / 12 / 31}}));
  w.city.version = 7;
  w.pass(10min);
  EXPECT_EQ(outcome(w.act(person(Role::shift_leader), "reproject")), "not_yours");
  ASSERT_EQ(outcome(w.act(system, "reproject")), "accepted");
  EXPECT_EQ(local_text(*w.c.due_at), local_text(local(2027, 1, 4, 11, 0)));
  EXPECT_FALSE(w.c.provisional);
  EXPECT_EQ(w.open_task(TaskKind::dispose)->due_at, w.c.due_at);
  EXPECT_NE(w.rows.back().reason.find("calendar center, standing data 7"), std::string::npos);
  EXPECT_TRUE(same(replay(w.c.district, w.c.case_no, w.rows), w.c));
  EXPECT_NE(told(w, "zh").find("时限重算：calendar center, standing data 7，时限改为 2027-01-04 11:00。"),
            std::string::npos)
      << told(w, "zh");
  EXPECT_EQ(outcome(w.act(system, "reproject")), "deadline_stands") << "once is enough";
}

}  // namespace
}  // namespace wangge::core::test
