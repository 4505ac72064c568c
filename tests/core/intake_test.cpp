// A report becomes exactly one case and goes as far as policy and the facts carry it (RULINGS 10, 12).
#include <gtest/gtest.h>

#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

std::string stops_at(World const& w) {
  return std::string(id(w.c.state)) + " v" + std::to_string(w.c.version);
}

TEST(Intake, StopsBeforeTheFirstStepThatNeedsAPerson) {
  struct Line {
    char const* words;
    char const* code;
    char const* grid;
    bool Policy::*off;
    char const* stop;
  };
  Line const lines[] = {
      {"all on", "01001", "g11", nullptr, "pending_dispose v4"},
      {"no place", "01001", "", nullptr, "pending_accept v1"},
      {"unknown category", "99999", "g11", nullptr, "pending_accept v1"},
      {"no condition", "06006", "g11", nullptr, "pending_file v2"},
      {"no routing answer", "05005", "g21", nullptr, "pending_dispatch v3"},
      {"accept off", "01001", "g11", &Policy::auto_accept, "pending_accept v1"},
      {"file off", "01001", "g11", &Policy::auto_file, "pending_file v2"},
      {"dispatch off", "01001", "g11", &Policy::auto_dispatch, "pending_dispatch v3"},
  };
  for (auto const& line : lines) {
    World w;
    if (line.off) w.city.policy.*line.off = false;
    w.report(a_report("patrol", line.code), line.grid);
    EXPECT_EQ(stops_at(w), line.stop) << line.words;
    EXPECT_TRUE(same(replay(w.c.district, w.c.case_no, w.rows), w.c)) << line.words;
  }
}

TEST(Intake, SourcesToVerifyFirstGoToThePatrollerAtOnce) {
  for (auto const* source : {"hotline_12319", "hotline_12345", "public", "media"}) {
    World w;
    w.report(a_report(source));
    EXPECT_EQ(stops_at(w), "verifying v2") << source;
    EXPECT_EQ(w.open_task(TaskKind::verify)->holder, "p1");
  }
}

TEST(Intake, VerifyingByItselfNeedsPolicyAPlaceAndSomebodyOnDuty) {
  World off, nowhere, nobody;
  off.city.policy.auto_send_verify = false;
  off.report(a_report("public"));
  EXPECT_EQ(stops_at(off), "pending_accept v1");
  nowhere.report(a_report("public"), "");
  EXPECT_EQ(stops_at(nowhere), "pending_accept v1");
  nobody.city.duty.clear();
  nobody.report(a_report("public"));
  EXPECT_EQ(stops_at(nobody), "pending_accept v1");
}

TEST(Intake, AnUnsureMachineIsVerifiedFirst) {
  auto with = [](std::optional<double> confidence) {
    World w;
    auto r = a_report("ai");
    r.confidence = confidence;
    w.report(r);
    return std::string(id(w.c.state));
  };
  EXPECT_EQ(with(0.8), "pending_dispose");
  EXPECT_EQ(with(0.79), "verifying");
  EXPECT_EQ(with(std::nullopt), "verifying");
}

TEST(Intake, AKeyUsedForAnotherBodyMakesAFlaggedCaseForPeople) {
  World w;
  w.facts.key_conflict = true;
  w.report();
  EXPECT_EQ(stops_at(w), "pending_accept v1");
  EXPECT_TRUE(w.c.key_conflict);
}

TEST(Intake, ASelfDisposedReportIsReviewed) {
  World w;
  auto r = a_report();
  r.self_disposed = true;
  w.report(r);
  EXPECT_EQ(stops_at(w), "self_disposed_review v1");
  w.do_(Role::acceptor, "refuse_self_disposal", full_input("refuse_self_disposal"));
  EXPECT_EQ(stops_at(w), "pending_accept v2");
}

TEST(Intake, TheGivenConditionIsFiledElseTheCategorysDefault) {
  auto filed = [](std::string condition) {
    World w;
    auto r = a_report();
    r.condition = condition;
    w.report(r);
    return std::string(id(w.c.state)) + " " + w.c.condition + " " + w.c.clock;
  };
  EXPECT_EQ(filed(""), "pending_dispose 1 work_hour");
  EXPECT_EQ(filed("2"), "pending_dispose 2 urgent");
  EXPECT_EQ(filed("8"), "pending_file 8 ");  // nobody guesses which was meant
}

TEST(Intake, OnASharedEdgeTheLowestCellIsTaken) {
  World w;
  w.facts.place.cells = {{"g12", "s1", "c12"}, {"g11", "s1", "c11"}, {"g21", "s2", "c21"}};
  w.apply(decide_report(w.facts, a_report(), "3708712025092200009", w.now));
  EXPECT_EQ(w.c.grid, "g11");
  EXPECT_EQ(w.c.community, "c11");
}

TEST(Intake, TwinsAreProposedNotMerged) {
  World w;
  w.facts.neighbours = {{"B", ""}, {"A", ""}, {"B", "x"}};
  w.report();
  EXPECT_EQ(w.c.twins, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(w.c.state, State::pending_dispose);
}

TEST(Intake, NoPersonalDataReachesTheHistory) {
  World w;
  auto r = a_report("patrol");
  r.reporter_name = "王小明";
  r.reporter_phone = "13800000000";
  w.report(r);
  for (auto const& row : w.rows) {
    for (auto const& [field, text] : row.changes) {
      EXPECT_EQ(text.find("王小明"), std::string::npos) << field;
      EXPECT_EQ(text.find("13800000000"), std::string::npos) << field;
    }
  }
}

TEST(Intake, TheSameReportGivesTheSameCase) {
  World a, b;
  a.report();
  b.report();
  EXPECT_TRUE(same(a.c, b.c));
}

}  // namespace
}  // namespace wangge::core::test
