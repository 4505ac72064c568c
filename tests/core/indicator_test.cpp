// The indicators' arithmetic, on figures that cities published (DOMAIN 5.1); and what the rows of a life count as.
#include "dispatcher/core/evaluation.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "dispatcher/core/figures.hpp"
#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

std::optional<std::int64_t> value(std::string_view id, Counts const& counts) {
  auto const* indicator = find_indicator(id);
  EXPECT_NE(indicator, nullptr) << id;
  return indicator ? value_of(*indicator, counts) : std::nullopt;
}

TEST(Indicators, ZhengzhousWeekOfApril2019) {
  Counts const week{{"accept_num", 51'571},       {"inst_num", 51'229},    {"dispatch_num", 49'151},
                    {"need_archive_num", 52'434}, {"archive_num", 43'523}, {"intime_archive_num", 40'394},
                    {"rework_num", 276},          {"postpone_num", 104}};
  EXPECT_EQ(value("inst_rate", week), 99'34);
  EXPECT_EQ(value("dispatch_rate", week), 95'94);
  EXPECT_EQ(value("archive_rate", week), 83'01);
  EXPECT_EQ(value("intime_archive_rate", week), 77'04);
  EXPECT_EQ(value("rework_rate", week), 53);
  EXPECT_EQ(value("postpone_rate", week), 20);
}

TEST(Indicators, TianmensMonthOfDecember2016) {
  Counts const month{{"need_archive_num", 972}, {"archive_num", 911}, {"intime_archive_num", 737}};
  EXPECT_EQ(value("archive_rate", month), 93'72);
  EXPECT_EQ(value("intime_archive_rate", month), 75'82);
}

TEST(Indicators, JinhuaTakesSuspendedCasesOutOfTheDenominator) {
  EXPECT_EQ(value("archive_rate_jinhua", {{"archive_num", 90}, {"need_archive_num", 110}, {"hang_num", 10}}), 90'00);
  EXPECT_EQ(value("archive_rate_jinhua", {{"archive_num", 90}, {"need_archive_num", 110}}), std::nullopt)
      << "not known in this grouping";
}

TEST(Indicators, NothingIsDividedByNothing) {
  EXPECT_EQ(value("archive_rate", {{"archive_num", 0}, {"need_archive_num", 0}}), std::nullopt);
  EXPECT_EQ(rate_of(1, 3), 33'33);
  EXPECT_EQ(rate_of(2, 3), 66'67);
  EXPECT_EQ(rate_of(1, 8), 12'50);
  EXPECT_EQ(rate_of(1, 20'000), 1) << "half up";
}

TEST(Indicators, EveryOneHasItsWordsItsSourceAndSomethingThatCounts) {
  std::set<std::string_view> ids;
  for (auto const& i : indicators()) {
    EXPECT_TRUE(ids.insert(i.id).second) << i.id;
    EXPECT_FALSE(i.zh.empty() || i.en.empty() || i.source.empty()) << i.id;
    if (i.measure == Measure::rate) {
      EXPECT_TRUE(i.unit == "%" && !i.better.empty()) << i.id;
    }
    if (i.measure >= Measure::closure) continue;
    for (auto from = i.from; !from.empty();) {
      auto const bar = std::min(from.find('|'), from.size());
      EXPECT_NE(std::find(kMarks.begin(), kMarks.end(), from.substr(0, bar)), kMarks.end()) << i.id << ": " << from;
      from = from.substr(std::min(bar + 1, from.size()));
    }
  }
  EXPECT_EQ(formula(*find_indicator("archive_rate_jinhua")), "archive_num / (need_archive_num - hang_num) × 100 %");
}

TEST(Evaluation, GradesBeginWhereTheStandardSaysSo) {
  struct Row {
    std::int64_t score;
    char grade;
  };
  for (auto const& row : {Row{100'00, 'A'}, Row{90'00, 'A'}, Row{89'99, 'B'}, Row{75'00, 'B'}, Row{74'99, 'C'},
                          Row{60'00, 'C'}, Row{59'99, 'D'}, Row{40'00, 'D'}, Row{39'99, 'E'}, Row{0, 'E'}}) {
    EXPECT_EQ(grade_of(row.score), row.grade) << row.score;
  }
}

Scheme const& standard(std::string_view id) {
  for (auto const& scheme : standard_schemes()) {
    if (scheme.id == id) return scheme;
  }
  throw std::runtime_error("no scheme");
}

TEST(Evaluation, ADepartmentsMonthByHand) {
  // 60 cases: 90 points x 10 %; closed 9 of 10: 90 x 30 %; disposed in time 8 of 10: 80 x 30 %; reworked 1 of 10: 90 x
  // 30 %.
  Counts const counts{{"dispatch_num", 60},      {"archive_num", 9},       {"need_archive_num", 10},
                      {"intime_dispose_num", 8}, {"need_dispose_num", 10}, {"rework_num", 1}};
  auto const score = score_of(standard("department"), counts);
  EXPECT_EQ(score.total, 87'00);
  EXPECT_EQ(score.grade, 'B');
}

// DOMAIN 9: a rate is weighed as it is, and only the total is rounded. 73.1959 + 93.2773 + 94.8454 weigh 78.3956, not the 78.40 of
// three rounded rates: the total is 89.9922, a B.
TEST(Evaluation, RatesAreWeighedBeforeTheyAreRounded) {
  Counts const counts{{"dispatch_num", 1},          {"archive_num", 71},         {"need_archive_num", 97},
                      {"intime_dispose_num", 352},  {"need_dispose_num", 357},   {"rework_num", 5}};
  auto const score = score_of(standard("department"), counts);
  EXPECT_EQ(score.parts[1], 73'20);
  EXPECT_EQ(score.total, 89'99);
  EXPECT_EQ(score.grade, 'B');
}

TEST(Evaluation, WhatCouldNotBeJudgedTakesNoWeight) {
  auto const score = score_of(standard("department"), {{"dispatch_num", 10},
                                                       {"archive_num", 0},
                                                       {"need_archive_num", 0},
                                                       {"intime_dispose_num", 5},
                                                       {"need_dispose_num", 10},
                                                       {"rework_num", 0}});
  EXPECT_EQ(score.parts[1], std::nullopt);
  EXPECT_EQ(score.total, 62'50) << "(100 x 10 + 50 x 30) / 40";
  EXPECT_EQ(score_of(standard("region"), {}).grade, ' ');
}

TEST(Evaluation, BandsOfVolumeAndDeductions) {
  Scheme scheme = standard("dispatcher");
  Counts counts{{"dispatch_num", 300},
                {"intime_dispatch_num", 300},
                {"need_dispatch_num", 300},
                {"accur_dispatch_num", 300},
                {"multi_rework_num", 7}};
  EXPECT_EQ(score_of(scheme, counts).total, 88'00) << "101 to 300: 40 points x 20 %";
  counts["dispatch_num"] = 2001;
  EXPECT_EQ(score_of(scheme, counts).total, 100'00);
  scheme.deductions = {{"multi_rework_num", 20, 2}};
  EXPECT_EQ(score_of(scheme, counts).total, 99'00) << "five of seven, a fifth of a point each";
  scheme.deductions = {{"multi_rework_num", 100'00, 0}};
  EXPECT_EQ(score_of(scheme, counts).total, 0);
}

TEST(Evaluation, EverySchemeOfTheStandardIsSoundAndFaultsAreNamed) {
  for (auto const& scheme : standard_schemes()) EXPECT_EQ(fault_of(scheme), "") << scheme.id;
  EXPECT_EQ(fault_of({"x", "", "", "unit", {{"archive_rate", 90}}}), "x: its weights make 90, not 100");
  EXPECT_EQ(fault_of({"x", "", "", "unit", {{"colour", 100}}}), "x: there is no indicator colour");
  EXPECT_EQ(fault_of({"x", "", "", "unit", {{"accept_num", 100}}}), "x: accept_num is a count and wants bands");
  EXPECT_EQ(fault_of({"x", "", "", "unit", {}}), "x weighs nothing");
}

// "person:mark mark; person:mark" of every row since the report.
std::string story(World const& w) {
  std::string out;
  for (auto const& step : w.marks) {
    std::string before;
    for (auto const& mark : step.marks) {
      auto const who = mark.person + "/" + std::string(id(mark.post));
      out += (out.empty()     ? ""
              : who == before ? " "
                              : "; ") +
             (who == before ? std::string{} : who + ": ") + std::string(mark.id);
      before = who;
    }
  }
  return out;
}
bool has(World const& w, std::string_view mark, std::string_view unit = "") {
  for (auto const& step : w.marks) {
    for (auto const& one : step.marks) {
      if (one.id == mark && (unit.empty() || one.unit == unit)) return true;
    }
  }
  return false;
}

std::size_t times(World const& w, std::string_view mark) {
  std::size_t n = 0;
  for (auto const& step : w.marks)
    n += static_cast<std::size_t>(std::count_if(step.marks.begin(), step.marks.end(), [&](Mark const& m) { return m.id == mark; }));
  return n;
}
std::vector<std::string> bodies(World const& w, std::string_view mark) {
  std::vector<std::string> out;
  for (auto const& step : w.marks)
    for (auto const& m : step.marks)
      if (m.id == mark) out.push_back(m.unit + "/" + m.squad);
  return out;
}

TEST(Marks, APunctualLife) {
  World w;
  w.walk_to(State::closed);
  for (auto const* mark : {"report", "patrol_report", "accept", "intime_accept", "inst", "intime_inst", "dispatch",
                           "intime_dispatch", "dispose", "intime_dispose", "supervise", "send_check", "need_check",
                           "check", "intime_check", "human_archive"}) {
    EXPECT_TRUE(has(w, mark)) << mark << " in " << story(w);
  }
  for (auto const* mark :
       {"public_report", "missed", "rework", "overtime_dispose", "back", "hang", "cancel", "need_send_verify"}) {
    EXPECT_FALSE(has(w, mark)) << mark << " in " << story(w);
  }
  EXPECT_TRUE(has(w, "dispose", "city_a"));
}

TEST(Marks, AFailedCheckIsTheUnitsRework) {
  World w;
  w.walk_to(State::checking);
  auto in = full_input("check");
  in.result = "fail";
  w.do_(Role::patroller, "check", in);
  EXPECT_TRUE(has(w, "rework", "city_a"));
  EXPECT_TRUE(has(w, "check"));
}

TEST(Marks, ALateCheckIsNoneInTime) {
  World w;
  w.walk_to(State::checking);
  w.pass(std::chrono::minutes{31});
  w.do_(Role::patroller, "check", full_input("check"));
  EXPECT_TRUE(has(w, "check"));
  EXPECT_FALSE(has(w, "intime_check"));
}

TEST(Marks, AReturnCountsForWhoGaveItBack) {
  World w;
  w.walk_to(State::returned_by_unit);
  w.do_(Role::shift_leader, "approve_return");
  EXPECT_TRUE(has(w, "back", "city_a"));
  EXPECT_FALSE(has(w, "shuffle"));
  EXPECT_FALSE(has(w, "overtime_back")) << "the window refuses late ones";
}

TEST(Marks, EveryBodyThatGetsACaseOwesItsDisposalUntilItIsTakenBack) {
  using Bodies = std::vector<std::string>;
  World w;
  w.walk_to(State::returned_by_unit);
  auto const first = w.c.unit + "/" + w.c.squad;
  w.do_(Role::shift_leader, "approve_return");
  EXPECT_EQ(bodies(w, "need_dispose"), Bodies{first});
  EXPECT_EQ(bodies(w, "taken_back"), Bodies{first});
  w.do_(Role::dispatch_officer, "dispatch");
  EXPECT_EQ(bodies(w, "need_dispose"), (Bodies{first, w.c.unit + "/" + w.c.squad}));
  EXPECT_EQ(times(w, "dispatch"), 1u) << "once a case";
  w.do_(Role::dispatch_officer, "recall", full_input("recall"));
  EXPECT_EQ(times(w, "taken_back"), 2u);
}

// RULINGS 2: what is granted counts from its asking, also when the unit gave the case to another squad between.
TEST(Figures, AnApprovalReachesBackOverAHandToAnotherSquad) {
  auto const start = local(2026, 4, 28, 9, 0), due = local(2026, 4, 30, 17, 0), asked = local(2026, 4, 30, 16, 0);
  auto const moved = local(2026, 5, 1, 9, 0), granted = local(2026, 5, 2, 9, 0), longer = local(2026, 5, 12, 17, 0);
  Case c;
  c.street = "370871001", c.class_code = "06", c.unit = "u", c.squad = "s2", c.state = State::disposing;
  c.filed_at = c.dispatched_at = start, c.last_at = granted, c.extensions = 1;
  auto const span = [&](std::int64_t version, Instant from, std::optional<Instant> until, char const* squad, Instant due_at) {
    Span s;
    s.version = version, s.kind = SpanKind::undisposed, s.from_at = from, s.until_at = until, s.unit = "u", s.squad = squad, s.due_at = due_at;
    return s;
  };
  std::vector<Span> spans{span(3, start, moved, "s1", due), span(5, moved, granted, "s2", due), span(6, granted, std::nullopt, "s2", longer)};
  spans[1].effect_at = asked, spans[1].effect_due_at = longer;
  auto const april = 2026 * 12 + 3;
  auto const undone = [&](Instant read) {
    std::int64_t n = 0;
    for (auto const& line : figures_of(c, spans, Months(std::chrono::minutes{480}, {{april, read}})))
      if (line.day == 0 && line.month == april) n += line.n[std::size_t(Figure::undone)];
    return n;
  };
  EXPECT_EQ(undone(local(2026, 5, 6, 18, 0)), 0) << "granted before the month is read";
  EXPECT_EQ(undone(local(2026, 5, 1, 18, 0)), 1) << "not known yet";
  spans[1].effect_due_at = local(2026, 4, 30, 20, 0);
  EXPECT_EQ(undone(local(2026, 5, 6, 18, 0)), 1) << "too little";
}

std::string who(World const& w, std::string_view mark) {
  for (auto const& step : w.marks) {
    for (auto const& m : step.marks) {
      if (m.id == mark) return m.person;
    }
  }
  return "";
}

TEST(Marks, FiledOnceHoweverOftenItWasReturnedToFiling) {
  World w;
  w.walk_to(State::pending_dispatch);
  w.do_(Role::dispatch_officer, "return_filing", full_input("return_filing"));
  w.do_(Role::shift_leader, "file");
  EXPECT_EQ(times(w, "inst"), 1u) << story(w);
}

// Also from pending_file, whose acceptance is given a second time: to whatever end, the same is counted by whom and by which unit.
TEST(Marks, MergeThenUnmergeIsTheIdentityForEveryIndicator) {
  using namespace std::chrono;
  for (auto const merged_in : {State::pending_accept, State::pending_file}) {
    World plain, twice;
    for (auto* w : {&plain, &twice}) {
      w->walk_to(merged_in);
      if (w == &twice) {
        w->do_(Role::acceptor, "merge", full_input("merge"));
        w->do_(Role::shift_leader, "unmerge", full_input("unmerge"));
      }
      if (w->c.state == State::pending_accept) w->do_(Role::acceptor, "accept");
      w->do_(Role::shift_leader, "file");
      w->do_(Role::dispatch_officer, "dispatch");
      w->do_(Role::squad_leader, "sign");
      w->do_(Role::disposer, "dispose", full_input("dispose"));
      w->do_(Role::unit_clerk, "confirm");
      w->do_(Role::dispatch_officer, "send_check");
      w->do_(Role::patroller, "check", full_input("check"));
      w->do_(Role::acceptor, "close", full_input("close"));
    }
    auto const counted = [](World const& w) {
      std::vector<std::string> out;
      for (auto const& step : w.marks)
        for (auto const& m : step.marks) out.push_back(std::string(m.id) + " " + m.person + " " + m.unit + " " + m.squad);
      std::sort(out.begin(), out.end());
      return out;
    };
    EXPECT_EQ(counted(twice), counted(plain)) << id(merged_in);
    Months const months(minutes{480}, {});
    auto const lines = [&](World const& w) {
      std::string out;
      for (auto const& line : figures_of(w.c, w.spans, months)) {
        out += std::string(line.unit) + " " + std::to_string(line.month) + ":";
        for (auto const n : line.n) out += " " + std::to_string(n);
        out += ";";
      }
      return out;
    };
    EXPECT_EQ(lines(twice), lines(plain)) << "the closure table";
  }
}

TEST(Marks, WhatWasDecidedAboutASelfDisposalIsThePatrollersFigure) {
  for (auto const* action : {"accept_self_disposal", "refuse_self_disposal"}) {
    World w;
    w.city.policy = by_hand();
    auto report = a_report();
    report.principal = "p1";
    report.role = Role::patroller;
    report.self_disposed = true;
    w.report(report);
    w.do_(Role::acceptor, action, full_input(action));
    auto const mark = action == std::string("accept_self_disposal") ? "patrol_deal_archive" : "patrol_deal_cancel";
    EXPECT_EQ(who(w, mark), "p1") << story(w);
  }
}

// RULINGS 15: only where somebody was on duty, and then it is his, whoever goes to look.
TEST(Marks, AMissedReportIsWhoseRosterLineHeldThePlaceThen) {
  for (bool const on_duty : {true, false}) {
    World w;
    w.city.policy = by_hand();
    w.city.policy.auto_send_verify = true;
    w.report(a_report("public"));
    if (w.c.state != State::verifying) w.do_(Role::acceptor, "send_verify");
    if (!on_duty) w.city.duty.clear();
    auto in = full_input("verify");
    in.result = "exist";
    w.do_(person(Role::patroller, w.open_task(TaskKind::verify)->holder), "verify", in);
    EXPECT_EQ(who(w, "missed"), on_duty ? "p1" : "") << story(w);
  }
}

TEST(Marks, AnAnswerOfAReturnVisitCountsOnceItSaysSomethingNew) {
  World w;
  w.walk_to(State::closed);
  for (auto const* said : {"satisfied", "satisfied", "no_reply", "very_dissatisfied"}) {
    ActionInput in;
    in.text = "回访";
    in.satisfaction = said;
    w.do_(Role::hotline_agent, "reply", in);
  }
  EXPECT_EQ(times(w, "visit"), 2u) << story(w);
  EXPECT_EQ(times(w, "omit_reply"), 1u);
  EXPECT_EQ(times(w, "reply"), 1u);
}

// A patroller files nothing: what he missed is measured on what became cases of his reports.
TEST(Indicators, AMissedRateOfAPersonIsOfHisOwnValidReports) {
  Counts person{{"missed_num", 1}, {"inst_num", 0}, {"valid_patrol_report_num", 8}};
  EXPECT_EQ(value("missed_rate", person), 12'50);
  person["inst_num"] = 20, person["need_archive_num"] = 3;
  EXPECT_EQ(value("missed_rate", person), 5'00) << "a row of a place or a body: of all that was filed";
}

TEST(Indicators, SatisfactionIsTheAverageOfWhatTheAnswersAreWorth) {
  Counts counts{{"very_satisfied_num", 1}, {"satisfied_num", 1}, {"acceptable_num", 1}, {"dissatisfied_num", 0}, {"very_dissatisfied_num", 0}};
  EXPECT_EQ(value("satisfaction_score", counts), 76'67);
  counts = {{"very_satisfied_num", 0}, {"satisfied_num", 0}, {"acceptable_num", 1}, {"dissatisfied_num", 0}, {"very_dissatisfied_num", 2}};
  EXPECT_EQ(value("satisfaction_score", counts), -50'00);
  counts = {{"very_satisfied_num", 0}, {"satisfied_num", 0}, {"acceptable_num", 0}, {"dissatisfied_num", 0}, {"very_dissatisfied_num", 0}};
  EXPECT_EQ(value("satisfaction_score", counts), std::nullopt) << "nobody was asked";
  EXPECT_EQ(formula(*find_indicator("satisfaction_score")),
            "(100 × very_satisfied_num + 80 × satisfied_num + 50 × acceptable_num - 100 × very_dissatisfied_num) / visit_num");
}

}  // namespace
}  // namespace wangge::core::test
