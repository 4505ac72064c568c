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

// RULINGS 12: only the same component in the same condition merges by itself.
TEST(Intake, TheSameComponentInTheSameConditionMergesByItself) {
  auto const second = [](std::function<void(World&, Report&)> const& change) {
    World known, w;
    auto r = a_report();
    r.component_id = "37087100100100001";
    known.report(r);
    w.facts.other = known.c;
    w.facts.other->case_no = "3708712025092200009";
    change(w, r);
    w.report(r);
    return w;
  };
  struct Line {
    char const* words;
    std::function<void(World&, Report&)> change;
    bool merges;
  };
  Line const lines[] = {
      {"the same", [](World&, Report&) {}, true},
      {"named by a citizen", [](World&, Report& r) { r.source = "public"; }, true},
      {"another condition", [](World&, Report& r) { r.condition = "2"; }, false},
      {"another component", [](World& w, Report&) { w.facts.other->component_id = "37087100100100002"; }, false},
      {"no component", [](World& w, Report& r) { r.component_id.clear(), w.facts.other->component_id.clear(); }, false},
      {"another category", [](World& w, Report&) { w.facts.other->code = "02002"; }, false},
      {"not filed yet", [](World& w, Report&) { w.facts.other->condition.clear(); }, false},
      {"ended", [](World& w, Report&) { w.facts.other->state = State::closed; }, false},
      {"said to be put right", [](World& w, Report&) { w.facts.other->disposed_at = w.now; }, false},
      {"the city merges by hand", [](World& w, Report&) { w.city.policy.auto_merge = false; }, false},
      {"a key used before", [](World& w, Report&) { w.facts.key_conflict = true; }, false},
  };
  for (auto const& line : lines) {
    auto const w = second(line.change);
    EXPECT_EQ(w.c.state == State::merged, line.merges) << line.words;
    ASSERT_EQ(w.also.size(), line.merges ? 1u : 0u) << line.words;
    EXPECT_TRUE(same(replay(w.c.district, w.c.case_no, w.rows), w.c)) << line.words;
    if (!line.merges) continue;
    EXPECT_EQ(w.c.merged_into, "3708712025092200009");
    EXPECT_EQ(w.also.front().after.duplicates, 1);
    EXPECT_EQ(w.rows.back().actor, "system");
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
