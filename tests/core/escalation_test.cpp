// Who is told when: the ladder of each clock. Properties over random moments, and the regressions named by the field.
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "dispatcher/core/escalation.hpp"
#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

using namespace std::chrono_literals;
using std::chrono::hours;
using std::chrono::minutes;

// Reported, accepted, filed and dispatched at `now` by policy.
World dispatched(std::string code, Instant now, std::string condition = "") {
  World w;
  w.now = now;
  auto r = a_report("patrol", std::move(code));
  r.condition = std::move(condition);
  w.report(r);
  return w;
}

std::vector<std::string> steps(std::vector<AlarmStep> const& ladder) {
  std::vector<std::string> ids;
  for (auto const& s : ladder) ids.emplace_back(s.id);
  return ids;
}

// GLPI PR #22678, Zammad #4432.
TEST(Escalation, PreBreachWarningFallsInsideWorkingHours) {
  auto const w = dispatched("04004", local(2025, 9, 22, 16, 0));  // 3 natural days: 80 % is Thursday 01:36
  EXPECT_EQ(local_text(*w.c.warn_at), local_text(local(2025, 9, 25, 1, 36)));
  auto const ladder = alarm_ladder(w.city, w.c, AlarmClock::disposal);
  EXPECT_EQ(steps(ladder), (std::vector<std::string>{"warn", "breach", "shift", "desk", "committee"}));
  EXPECT_EQ(local_text(ladder[0].at), local_text(local(2025, 9, 24, 18, 0))) << "the evening before, not in the night";
}

TEST(EscalationProperty, WarningsAreInHoursAndBeforeTheBreachAndNothingComesInTheNightUnlessUrgent) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 2'000; ++i) {
    static constexpr char const* kCodes[]{"01001", "02002", "03003", "04004"};
    auto const w = dispatched(kCodes[random() % 4], local(2025, 1, 10) + minutes{random() % (600 * 1440)});
    if (!w.c.due_at) continue;
    auto const ladder = alarm_ladder(w.city, w.c, AlarmClock::disposal);
    bool const night_too = w.c.clock == "urgent";
    auto const& calendar = w.city.calendar_of(w.c.unit);
    ASSERT_FALSE(ladder.empty());
    for (std::size_t k = 0; k < ladder.size(); ++k) {
      ASSERT_TRUE(night_too || calendar.open(ladder[k].at)) << local_text(ladder[k].at) << " " << ladder[k].id;
      ASSERT_GE(ladder[k].at, w.now);
      if (k > 0) {
        ASSERT_GE(ladder[k].at, ladder[k - 1].at);
      }
      if (ladder[k].id == "warn")
        ASSERT_LT(ladder[k].at, *w.c.due_at);
      else
        ASSERT_GE(ladder[k].at, *w.c.due_at);
    }
    if (night_too) {
      ASSERT_EQ(ladder[1].at, *w.c.due_at) << "an urgent breach is told at once";
    }
  }
}

TEST(Escalation, TheLadderEndsAtTheCommitteeAndTellsNobodyOfDiscipline) {
  auto const w = dispatched("01001", local(2025, 9, 22, 9, 0));
  auto const ladder = alarm_ladder(w.city, w.c, AlarmClock::disposal);
  EXPECT_EQ(ladder.back().id, "committee");
  EXPECT_EQ(std::vector(ladder.back().told.begin(), ladder.back().told.end()), std::vector{Role::leader});
  EXPECT_TRUE(ladder[0].in_unit && ladder[1].in_unit);
  World named;
  named.walk_to(State::pending_dispose);
  EXPECT_EQ(outcome(named.act(person(Role::leader), "refer_discipline", {})), "field_missing")
      << "not without its reason";
  EXPECT_EQ(outcome(named.act(person(Role::coordinator), "refer_discipline", full_input("refer_discipline"))),
            "not_yours");
  named.do_(Role::leader, "refer_discipline", full_input("refer_discipline"));
}

TEST(Escalation, CasesNobodyOwnsClimbByTheirStagesClock) {
  World w;
  w.report(a_report("patrol", "05005"), "g21");  // nobody answers for it
  ASSERT_EQ(w.c.state, State::pending_dispatch);
  EXPECT_FALSE(alarm_due(w.c, AlarmClock::disposal));
  auto const ladder = alarm_ladder(w.city, w.c, AlarmClock::stage);
  EXPECT_EQ(steps(ladder), (std::vector<std::string>{"breach", "desk", "committee"}));
  EXPECT_EQ(ladder[0].at, *w.c.stage_due_at);
  EXPECT_FALSE(ladder[0].in_unit);
}

TEST(Escalation, ClocksThatStandStillOrAreBackdatedTellNobody) {
  World handed, past, paused;
  handed.walk_to(State::pending_review);
  EXPECT_FALSE(alarm_due(handed.c, AlarmClock::disposal));
  paused.walk_to(State::suspended);
  EXPECT_FALSE(alarm_due(paused.c, AlarmClock::disposal));
  auto r = a_report();
  r.at = past.now;
  past.report(r);
  ASSERT_TRUE(past.c.due_at && past.c.backdated);
  for (auto const clock : {AlarmClock::disposal, AlarmClock::stage, AlarmClock::milestone})
    EXPECT_TRUE(alarm_ladder(past.city, past.c, clock).empty());
}

// CCRS EscalationScheduler.
TEST(Escalation, ACommentDoesNotResetTheDeadline) {
  auto w = dispatched("01001", local(2025, 9, 22, 9, 0));
  auto const before = w.c;
  w.do_(Role::acceptor, "note", full_input("note"));
  EXPECT_EQ(w.c.due_at, before.due_at);
  EXPECT_TRUE(alarm_changes(w.city, before, w.c).empty());
}

TEST(Escalation, ANewDeadlineBeginsTheLadderAnewAndAStoppedClockEndsIt) {
  auto w = dispatched("01001", local(2025, 9, 22, 9, 0));
  auto changes = alarm_changes(w.city, {}, w.c);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].due, w.c.due_at);
  w.do_(Role::unit_clerk, "extend", full_input("extend"));
  auto before = w.c;
  w.do_(Role::dispatch_officer, "approve_request");
  changes = alarm_changes(w.city, before, w.c);
  ASSERT_EQ(changes.size(), 1u);
  EXPECT_EQ(changes[0].due, w.c.due_at);
  before = w.c;
  w.do_(Role::dispatch_officer, "recall");
  changes = alarm_changes(w.city, before, w.c);
  ASSERT_EQ(changes.size(), 2u) << "the disposal's ladder ends, the dispatcher's begins";
  EXPECT_FALSE(changes[0].due);
  EXPECT_EQ(changes[1].clock, AlarmClock::stage);
}

// ---- orders from above

TEST(Order, WaitsForItsAnswerAndForTheGiversWord) {
  World w;
  w.walk_to(State::disposing);
  auto in = full_input("instruct");
  in.until = w.now + hours{24};
  w.do_(Role::leader, "instruct", in);
  ASSERT_EQ(w.c.orders.size(), 1u);
  EXPECT_EQ(alarm_due(w.c, AlarmClock::order), in.until);
  EXPECT_EQ(alarm_ladder(w.city, w.c, AlarmClock::order).back().id, "committee");
  ActionInput answer;
  answer.request_id = w.c.orders[0].order_id;
  answer.text = "已到现场";
  auto judge = answer;
  judge.result = "again";
  judge.until = w.now + hours{48};
  EXPECT_EQ(outcome(w.act(person(Role::leader), "judge_order", judge)), "not_the_giver") << "nothing was answered yet";
  w.do_(Role::unit_head, "answer_order", answer);
  EXPECT_FALSE(alarm_due(w.c, AlarmClock::order));
  EXPECT_EQ(outcome(w.act(person(Role::unit_head), "answer_order", answer)), "no_order") << "answered already";
  EXPECT_EQ(outcome(w.act(person(Role::inspector), "judge_order", judge)), "not_the_giver");
  w.do_(Role::leader, "judge_order", judge);
  EXPECT_EQ(alarm_due(w.c, AlarmClock::order), judge.until) << "再办: another answer by another day";
  w.do_(Role::unit_head, "answer_order", answer);
  judge.result = "agree";
  w.do_(Role::leader, "judge_order", judge);
  EXPECT_TRUE(w.c.orders.empty());
  EXPECT_TRUE(same(replay(w.c.district, w.c.case_no, w.rows), w.c));
}

TEST(Order, IsGivenInWordsOrAsAPhotoOfThePaper) {
  World w;
  w.walk_to(State::pending_dispatch);
  EXPECT_EQ(outcome(w.act(person(Role::leader), "instruct", {})), "field_missing");
  ActionInput paper;
  paper.photos = {"sha256-5"};
  w.do_(Role::leader, "instruct", paper);
  paper.until = w.now - hours{1};
  EXPECT_EQ(outcome(w.act(person(Role::leader), "instruct", paper)), "until_out_of_range");
  w.do_(Role::inspector, "supervise", full_input("supervise"));
  EXPECT_EQ(w.c.orders.size(), 2u);
  EXPECT_EQ(orders_from(orders_text(w.c.orders)), w.c.orders);
  EXPECT_THROW(orders_from("o1\x1fwish\x1f\x1f"
                           "0\x1f\x1f\x1f"),
               std::invalid_argument);
}

TEST(Order, WantsItsAnswerAlsoWhenTheCaseHasEnded) {
  World w;
  w.walk_to(State::pending_close);
  auto in = full_input("supervise");
  in.until = w.now + hours{1};
  w.do_(Role::inspector, "supervise", in);
  w.do_(Role::acceptor, "close", full_input("close"));
  EXPECT_TRUE(alarm_due(w.c, AlarmClock::order));
}

// ---- milestones

TEST(Milestone, AHazardHasAnHourToBeMadeSafe) {
  auto w = dispatched("01001", local(2025, 9, 22, 22, 0), "2");
  EXPECT_EQ(w.c.milestone, "made_safe");
  EXPECT_EQ(w.c.milestone_due_at, w.now + 60min);
  EXPECT_EQ(alarm_ladder(w.city, w.c, AlarmClock::milestone).front().at, w.now + 60min) << "also at night";
  w.pass(61min);
  w.do_(Role::squad_leader, "make_safe", full_input("make_safe"));
  EXPECT_EQ(w.c.milestone, "");
  EXPECT_EQ(w.c.late_milestones, std::vector<std::string>{"made_safe"});
  auto in = full_input("check");
  in.result = "fail";
  w.do_(person(Role::patroller, w.open_task(TaskKind::check)->holder), "check", in);
  EXPECT_EQ(w.c.milestone, "made_safe") << "to be made safe again";
}

TEST(Milestone, AnEnforcementGoesOnInStatutoryDays) {
  World w;
  w.walk_to(State::disposing);  // Monday 2025-09-22
  w.do_(Role::unit_head, "hand_to_enforcement", full_input("hand_to_enforcement"));
  EXPECT_EQ(w.c.milestone, "ordered");
  EXPECT_EQ(local_text(*w.c.milestone_due_at), local_text(local(2025, 10, 1, 0, 0)))
      << "7 working days from Tuesday on, the make-up Sunday the 28th among them";
  auto note = full_input("note");
  note.milestone = "ordered";
  w.do_(Role::unit_head, "note", note);
  EXPECT_EQ(w.c.milestone, "decided");
  EXPECT_TRUE(w.c.late_milestones.empty());
  note.milestone = "decided";
  w.now = *w.c.milestone_due_at + 1ms;
  w.do_(Role::unit_head, "note", note);
  EXPECT_EQ(w.c.late_milestones, std::vector<std::string>{"decided"});
  EXPECT_EQ(w.c.milestone, "fulfilled");
}

TEST(LegalDays, TheFirstDayIsNotCountedAndALastDayOnAHolidayRollsForward) {
  auto const city = small_city();
  auto const& calendar = city.calendar_of("");
  // 90 natural days from 2025-07-04 end on 2025-10-02, in the National Day holiday: to the end of Thursday 2025-10-09.
  EXPECT_EQ(local_text(calendar.legal_days(local(2025, 7, 4, 15, 0), 90, false)), local_text(local(2025, 10, 10)));
  EXPECT_EQ(local_text(calendar.legal_days(local(2025, 9, 22, 15, 0), 3, false)), local_text(local(2025, 9, 26)));
  EXPECT_EQ(local_text(calendar.legal_days(local(2025, 9, 30, 9, 0), 2, true)), local_text(local(2025, 10, 11)));
}

// ---- seasons

TEST(Seasons, SummerHoursBeginOnTheirDayAndCountAsTheyAre) {
  using namespace std::chrono;
  auto const day = [](unsigned month, unsigned d) { return LocalDay{sys_days{year{2026} / month / d}}; };
  std::vector<Session> const winter{{480, 720}, {840, 1080}}, summer{{420, 660}, {900, 1080}};
  Calendar const calendar(480min, winter, {}, day(1, 1), day(12, 31), {{day(6, 1), summer}, {day(10, 1), winter}});
  EXPECT_EQ(calendar.work_between(local(2026, 5, 29), local(2026, 5, 30)), 480min);
  EXPECT_EQ(calendar.work_between(local(2026, 6, 1), local(2026, 6, 2)), 420min);
  // Friday 2026-05-29 17:00 + 4 h: one hour, then Monday 1 June 07:00 to 10:00.
  EXPECT_EQ(local_text(calendar.add_work(local(2026, 5, 29, 17, 0), 240min).at), local_text(local(2026, 6, 1, 10, 0)));
  EXPECT_THROW(Calendar(480min, winter, {}, day(1, 1), day(12, 31), {{LocalDay{sys_days{year{2027} / 1 / 1}}, summer}}),
               std::invalid_argument);
  std::mt19937_64 random(3);
  for (int i = 0; i < 20'000; ++i) {
    auto const from = local(2025, 6, 1) + Millis{static_cast<std::int64_t>(random() % (3ull * 365 * 86'400'000))};
    Millis const work{static_cast<std::int64_t>(random() % (90ull * 86'400'000))};
    auto const to = calendar.add_work(from, work).at;
    ASSERT_EQ(calendar.work_between(from, to), work) << local_text(from) << " + " << work.count();
    ASSERT_TRUE(work == 0ms || calendar.work_between(from, to - 1ms) < work);
  }
}

}  // namespace
}  // namespace wangge::core::test
