// City switches (DOMAIN 4.4) and what they change; checks beside the ordinary ones (RULINGS 13); cases of an upper
// platform (RULINGS 19); dispatches that name a unit only, and whom the responsibility list names beside the lead
// (RULINGS 14, 17).
#include <gtest/gtest.h>

#include <algorithm>

#include "dispatcher/core/switches.hpp"
#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

using namespace std::chrono_literals;

// At the check, one of four work hours used: dispatched 09:03, handed over 10:03 or so.
World at_the_check() {
  World w;
  w.walk_to(State::disposing);
  w.now = local(2025, 9, 22, 10, 0);
  w.do_(Role::disposer, "dispose", full_input("dispose"));
  w.now = local(2025, 9, 22, 11, 0);
  w.do_(Role::unit_clerk, "confirm");
  w.do_(Role::dispatch_officer, "send_check");
  return w;
}

Millis left_after_failed_check(std::string const& rework_clock) {
  auto w = at_the_check();
  w.city.policy.rework_clock = rework_clock;
  w.city.policy.rework_minutes = 60;
  w.now = local(2025, 9, 22, 15, 0);
  auto in = full_input("check");
  in.result = "fail";
  w.do_(person(Role::patroller, w.open_task(TaskKind::check)->holder), "check", in);
  return left_at(w.city.calendar_of(w.c.unit), ClockKind::work_hour, w.now, *w.c.due_at);
}

TEST(Switches, AReworkGoesOnBeginsAfreshOrHasAShortLimit) {
  auto const remaining = left_after_failed_check("remaining");
  EXPECT_LT(remaining, 4h);
  EXPECT_GT(remaining, 2h);
  EXPECT_EQ(left_after_failed_check("fresh"), Millis{4h});
  EXPECT_EQ(left_after_failed_check("short"), Millis{1h});
  auto w = at_the_check();
  w.city.policy.rework_clock = "fresh";
  auto const patroller = person(Role::patroller, w.open_task(TaskKind::check)->holder);
  auto in = full_input("check");
  in.result = "unable";
  w.do_(patroller, "check", in);
  w.do_(Role::dispatch_officer, "rework", full_input("rework"));
  EXPECT_EQ(Millis{*w.c.left_ms}, Millis{4h}) << "a rework by the officer too; it starts with the next dispatch";
}

TEST(Switches, OnTimeIsDecidedWhereTheCitySaysSo) {
  for (auto const* at : {"confirm", "submit"}) {
    World w;
    w.walk_to(State::disposing);
    w.city.policy.on_time_at = at;
    w.now = *w.c.due_at - 1min;
    w.do_(Role::disposer, "dispose", full_input("dispose"));
    w.now = *w.c.due_at + 3h;  // a slow clerk
    w.do_(Role::unit_clerk, "confirm");
    EXPECT_EQ(w.c.late, std::string(at) == "confirm") << at;
    EXPECT_EQ(w.c.handed_over_at, w.now) << "the month is the hand-over's all the same";
    EXPECT_EQ(w.spans.back().due_at < w.spans.back().from_at, w.c.late)
        << "and the closure table reads it from the span";
  }
}

TEST(Switches, EachHasItsWordsAndBoundsAndABadOneIsNamed) {
  Policy policy;
  EXPECT_TRUE(bad_switches(policy).empty());
  std::size_t named = 0;
  for_each_switch(policy, [&](char const* name, auto const&) {
    ++named;
    auto const* info = find_switch(name);
    ASSERT_NE(info, nullptr) << name << " has no words";
    EXPECT_FALSE(info->zh.empty() || info->en.empty()) << name;
  });
  EXPECT_EQ(switches().size(), named + 1) << "verify_first is a list";
  policy.rework_clock = "never";
  policy.blind_percent = 101;
  policy.accept_minutes = 0;
  auto const bad = bad_switches(policy);
  ASSERT_EQ(bad.size(), 3u);
  EXPECT_EQ(bad[0].first, "accept_minutes");
}

TEST(Switches, AReportNamesTheOnesItsFiguresDependOn) {
  Policy policy;
  auto const has = [](std::vector<NamedSwitch> const& named, std::string const& name) {
    return std::any_of(named.begin(), named.end(), [&](NamedSwitch const& s) { return s.name == name; });
  };
  auto const closure = switches_of(ReportOf::closure, switch_values(policy));
  for (auto const* name : {"on_time_at", "rework_clock", "extensions_most", "calendar"})
    EXPECT_TRUE(has(closure, name)) << name;
  EXPECT_FALSE(has(closure, "rework_minutes")) << "not in force";
  EXPECT_FALSE(has(closure, "check_minutes"));
  policy.rework_clock = "short";
  EXPECT_TRUE(has(switches_of(ReportOf::closure, switch_values(policy)), "rework_minutes"));
  auto const indicators = switches_of(ReportOf::indicators, switch_values(policy));
  for (auto const* name : {"check_minutes", "verify_first", "blind_percent", "on_time_at"})
    EXPECT_TRUE(has(indicators, name)) << name;
  EXPECT_NE(switches_text(closure, "zh").find("on_time_at = confirm"), std::string::npos);
}

// ---- checks

TEST(SecondLook, SelfDisposalsAndAppealsAreLookedAtBySomebodyElseAlways) {
  World self;
  self.walk_to(State::self_disposed_review);
  self.city.policy.blind_percent = 1;  // whatever chance says
  self.do_(Role::acceptor, "accept_self_disposal");
  EXPECT_EQ(self.c.blind, "asked");
  ASSERT_NE(self.open_task(TaskKind::check), nullptr);
  EXPECT_EQ(self.open_task(TaskKind::check)->holder, "p2") << "not who disposed of it himself";
  auto in = full_input("check");
  in.result = "fail";
  self.do_(person(Role::patroller, "p2"), "check", in);
  EXPECT_EQ(self.c.blind, "fail");
  EXPECT_EQ(self.c.state, State::self_disposed_closed) << "it is kept on the list of suspicions, and moves nothing";

  World appealed;
  appealed.walk_to(State::closed);
  appealed.city.policy.blind_percent = 1;
  appealed.c.late = true;
  appealed.facts.present = appealed.c;
  appealed.do_(Role::unit_clerk, "appeal", full_input("appeal"));
  ASSERT_NE(appealed.open_task(TaskKind::check), nullptr);
  EXPECT_EQ(appealed.open_task(TaskKind::check)->holder, "p2") << "another than who checked it";
  World off;
  off.walk_to(State::self_disposed_review);
  off.do_(Role::acceptor, "accept_self_disposal");
  EXPECT_EQ(off.open_task(TaskKind::check), nullptr) << "a city that looks at nothing twice";
}

TEST(SamePeriod, ATimeBoundProblemIsCheckedAtItsHour) {
  World w;
  w.walk_to(State::pending_review);  // reported at 09:00
  w.city.catalogue.begin()->second.same_period = true;
  w.now = local(2025, 9, 22, 15, 0);
  w.do_(Role::dispatch_officer, "send_check");
  EXPECT_EQ(local_text(*w.open_task(TaskKind::check)->due_at), local_text(local(2025, 9, 23, 9, 30)))
      << "tomorrow at nine, and half an hour";
  auto const patroller = person(Role::patroller, w.open_task(TaskKind::check)->holder);
  EXPECT_EQ(outcome(w.act(patroller, "check", full_input("check"))), "not_the_hour")
      << "in the afternoon it is gone anyway";
  w.now = local(2025, 9, 23, 8, 30);
  w.do_(patroller, "check", full_input("check"));
  EXPECT_EQ(w.c.state, State::pending_close);
}

TEST(SamePeriod, ThatItIsStillThereMayBeSaidAtAnyHour) {
  World w;
  w.walk_to(State::checking);
  w.city.catalogue.begin()->second.same_period = true;
  w.now = local(2025, 9, 22, 15, 0);
  auto in = full_input("check");
  in.result = "fail";
  w.do_(person(Role::patroller, w.open_task(TaskKind::check)->holder), "check", in);
}

// ---- an upper platform

TEST(Upstream, LocalCompletionWaitsForTheUpperPlatformsWord) {
  World w;
  w.walk_to(State::awaiting_upstream);
  EXPECT_TRUE(w.c.upstream_done_at);
  EXPECT_FALSE(w.c.closed_at);
  EXPECT_EQ(w.spans.back().kind, SpanKind::awaiting) << "closed by nobody yet";
  World back = w;
  w.do_(Role::acceptor, "upstream_close");
  EXPECT_EQ(w.c.state, State::closed);
  EXPECT_EQ(w.c.closing_condition, "restored") << "as it was closed here";
  EXPECT_EQ(w.spans.back().ended, "closed");
  auto const left = *back.c.left_ms;
  back.do_(Role::acceptor, "upstream_rework", full_input("upstream_rework"));
  EXPECT_EQ(back.c.state, State::pending_dispatch);
  EXPECT_EQ(back.c.rework, 1);
  EXPECT_FALSE(back.c.handed_over_at) << "its hand-over is void";
  EXPECT_FALSE(back.c.upstream_done_at) << "its clock there runs again";
  EXPECT_EQ(*back.c.left_ms, left);
}

TEST(Upstream, BothClocksRunAndTheEarlierLights) {
  World w;
  w.walk_to(State::disposing);
  w.c.opened_at = local(2025, 9, 22, 8, 0);
  w.c.upstream_due_at = local(2025, 9, 22, 13, 0);  // ours is due at 15:03
  EXPECT_EQ(light(w.c, local(2025, 9, 22, 11, 0)), "green");
  EXPECT_EQ(light(w.c, local(2025, 9, 22, 12, 0)), "yellow") << "a fifth of its five hours is left";
  EXPECT_EQ(light(w.c, local(2025, 9, 22, 13, 0) + 1ms), "red");
  w.c.upstream_due_at = local(2025, 9, 30, 13, 0);
  EXPECT_EQ(light(w.c, local(2025, 9, 22, 16, 0)), "red") << "ours";
  w.c.due_at.reset();
  EXPECT_EQ(light(w.c, local(2025, 9, 22, 16, 0)), "green") << "before the dispatch it runs too";
}

TEST(Upstream, AHotlinesCaseIsClosedHereItsOrderElsewhere) {
  World w;
  w.city.policy = by_hand();
  auto r = a_report("hotline_12345");
  r.upstream_system = "12345", r.upstream_number = "A-1";
  w.report(r);
  EXPECT_EQ(w.c.upstream_number, "A-1");
  w.do_(Role::acceptor, "accept");
  w.do_(Role::shift_leader, "file");
  w.do_(Role::dispatch_officer, "dispatch");
  w.do_(Role::squad_leader, "sign");
  w.do_(Role::disposer, "dispose", full_input("dispose"));
  w.do_(Role::unit_clerk, "confirm");
  w.do_(Role::dispatch_officer, "send_check");
  w.do_(person(Role::patroller, w.open_task(TaskKind::check)->holder), "check", full_input("check"));
  w.do_(Role::acceptor, "close", full_input("close"));
  EXPECT_EQ(w.c.state, State::closed);
}

// ---- dispatching

TEST(Dispatch, AUnitIsEnoughItsSquadIsFoundByShift) {
  World w;
  w.walk_to(State::pending_dispatch);
  w.city.routes.clear();
  w.city.finish();
  auto const morning = [](std::string squad, int from, int to) {
    SquadShift s;
    s.squad = std::move(squad);
    s.when.from_minute = from, s.when.to_minute = to;
    return s;
  };
  w.city.shifts = {morning("a1", 720, 1440), morning("a2", 0, 720)};
  ActionInput in;
  in.unit = "city_a";
  World later = w;
  w.do_(Role::dispatch_officer, "dispatch", in);
  EXPECT_EQ(w.c.squad, "a2") << "on shift in the morning";
  later.now = local(2025, 9, 22, 15, 0);
  later.do_(Role::dispatch_officer, "dispatch", in);
  EXPECT_EQ(later.c.squad, "a1");
  auto clerk = full_input("reassign");
  clerk.squad = "a2";
  later.do_(Role::unit_clerk, "reassign", clerk);
  EXPECT_EQ(later.c.squad, "a2") << "its clerk may pass it on within the unit";
}

TEST(Dispatch, WhomTheResponsibilityListNamesBesideTheLeadAssists) {
  auto with_list = [](World& w) {
    Responsibility line;
    line.id = "l1", line.standard = "gbt47678.5-2026", line.kind = "matter", line.code = "01001";
    line.responsible = "city_a", line.supervising = "city_a";
    line.assisting = {"city_b", "gone", "city_a"};
    w.city.responsibilities = {line};
    w.city.routes.clear();
    w.city.finish();
  };
  World by_hand_;
  by_hand_.walk_to(State::pending_dispatch);
  with_list(by_hand_);
  by_hand_.do_(Role::dispatch_officer, "dispatch");
  ASSERT_NE(by_hand_.open_task(TaskKind::assist), nullptr);
  EXPECT_EQ(by_hand_.open_task(TaskKind::assist)->unit, "city_b");
  World by_itself;
  with_list(by_itself);
  by_itself.report();
  ASSERT_EQ(by_itself.c.state, State::pending_dispose);
  ASSERT_NE(by_itself.open_task(TaskKind::assist), nullptr);
  World named;
  named.walk_to(State::pending_dispatch);
  with_list(named);
  ActionInput other;
  other.unit = "city_b";
  named.do_(Role::dispatch_officer, "dispatch", other);
  EXPECT_EQ(named.open_task(TaskKind::assist), nullptr) << "another lead than the list's: nobody is named beside him";
}

TEST(Closing, TheCatalogueItWasFiledUnderBindsItForEver) {
  World w;
  w.walk_to(State::pending_close);
  w.city.catalogue_version = 2;  // a newer one; the case was filed under 1
  w.c.catalogue_version = 1;
  w.facts.present = w.c;
  w.facts.closing_then = {"danger_removed"};
  EXPECT_EQ(outcome(w.ask(w.command(person(Role::acceptor), "close", full_input("close")))),
            "unknown_closing_condition");
  w.facts.closing_then->push_back("restored");
  EXPECT_EQ(outcome(w.ask(w.command(person(Role::acceptor), "close", full_input("close")))), "accepted");
  w.facts.closing_then.reset();
  EXPECT_EQ(outcome(w.ask(w.command(person(Role::acceptor), "close", full_input("close")))), "accepted")
      << "not known: any";
}

TEST(Campaigns, ACaseOfOneThatCountsApartSaysSo) {
  World w;
  Campaign drive;
  drive.key = "flood", drive.apart = true, drive.categories = {"01"};
  w.city.campaigns = {drive};
  w.report();
  EXPECT_EQ(w.c.campaign, "flood");
  EXPECT_TRUE(has_flag(w.c, "counted_apart:flood"));
}

}  // namespace
}  // namespace wangge::core::test
