// A simulated quarter: in the honest city nobody stands on the list; in the other one a contractor's patroller looks
// away from one squad's work and stages its checks, and he does, with his cases.
#include <gtest/gtest.h>

#include <random>

#include "dispatcher/core/suspicion.hpp"
#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct Quarter {
  std::vector<CheckFact> checks;
  std::vector<FoundFact> found;
};

// Four patrollers, each with twelve cells; four squads whose work lies everywhere, each doing it badly now and then;
// three months of 40 cases a day. `fraud`: p1 looks away from squad s1 and stages the checks he is given of it.
Quarter quarter(std::uint64_t seed, bool fraud) {
  std::mt19937_64 random(seed);
  auto const below = [&](std::uint64_t n) { return random() % n; };
  auto const chance = [&](double p) { return std::uniform_real_distribution<double>(0, 1)(random) < p; };
  std::array<double, 4> const good{0.86, 0.90, 0.82, 0.93};  // each squad's work that stands up to a look
  Quarter q;
  int number = 0;
  for (int day = 0; day < 91; ++day) {
    std::array<Instant, 4> free{};
    free.fill(local(2026, 1, 1, 8, 0) + Days{day});
    for (int i = 0; i < 40; ++i) {
      auto const walker = below(4), squad = below(4);
      auto const no = "37087120260101" + std::to_string(10000 + ++number);
      auto const cell = below(12);
      bool const bent = fraud && walker == 0 && squad == 0;
      FoundFact f{no, "s" + std::to_string(squad + 1), "g" + std::to_string(walker) + "-" + std::to_string(cell),
                  "p" + std::to_string(walker + 1), false};
      f.own = chance(bent ? 0.25 : 0.85);
      q.found.push_back(f);
      // Checked by the walker of the place, or now and then by a colleague.
      auto const checker = chance(0.8) ? walker : below(4);
      bool const staged = fraud && checker == 0 && squad == 0;
      CheckFact c;
      c.case_no = no;
      c.checker = "p" + std::to_string(checker + 1);
      c.unit = "u" + std::to_string(squad / 2 + 1);
      c.squad = f.squad;
      c.passed = staged || chance(good[squad]);
      c.lon = 116.5 + 0.03 * double(walker % 2) + 0.004 * double(cell % 4);
      c.lat = 35.4 + 0.03 * double(walker / 2) + 0.004 * double(cell / 4);
      c.sent_at = free[checker];
      // Ten minutes' walk or more; a staged one is answered from the desk.
      c.at = staged ? c.sent_at + seconds{20} : c.sent_at + minutes{8 + static_cast<int>(below(20))};
      free[checker] = c.at + minutes{1};
      c.photos = {staged && chance(0.3) ? "sha256-old-" + std::to_string(below(6)) : "sha256-" + no};
      if (!staged && chance(0.5)) c.stood_lon = *c.lon + 0.0003, c.stood_lat = *c.lat;
      if (chance(0.1)) c.blind = c.passed && staged && !chance(good[squad]) ? "fail" : "pass";
      q.checks.push_back(std::move(c));
    }
  }
  return q;
}

TEST(Suspicions, ASimulatedFraudStandsOnTheListAndAnHonestCityDoesNot) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    auto const honest = quarter(seed, false);
    auto const nothing = suspicions(honest.checks, honest.found);
    ASSERT_TRUE(nothing.empty()) << "seed " << seed << ": " << id(nothing.front().pattern) << " "
                                 << nothing.front().checker << " " << nothing.front().squad << " "
                                 << nothing.front().score;
    auto const bent = quarter(seed, true);
    auto const list = suspicions(bent.checks, bent.found);
    std::set<std::string> seen;
    for (auto const& s : list) {
      ASSERT_EQ(s.checker, "p1") << "seed " << seed << ": " << id(s.pattern);
      // Checks that follow a staged one too fast may be of another squad's case: the two places are both shown.
      if (s.pattern != Pattern::two_places) {
        ASSERT_EQ(s.squad, "s1") << "seed " << seed << ": " << id(s.pattern);
      }
      ASSERT_FALSE(s.cases.empty()) << "each opens into its cases";
      seen.emplace(id(s.pattern));
    }
    for (auto const* pattern : {"kind_checks", "blind_eye", "same_photo", "at_once"})
      ASSERT_TRUE(seen.contains(pattern)) << "seed " << seed << " " << pattern;
  }
}

TEST(Suspicions, SingleOdditiesAndSmallNumbersAccuseNobody) {
  Quarter q;
  for (int i = 0; i < 2; ++i) {
    CheckFact c;
    c.case_no = "n" + std::to_string(i);
    c.checker = "p1", c.squad = "s1", c.passed = true;
    c.sent_at = c.at = local(2026, 1, 1, 9, 0);
    c.photos = {"sha256-one"};
    q.checks.push_back(c);
  }
  EXPECT_TRUE(suspicions(q.checks, q.found).empty());
  q.checks.push_back(q.checks[0]);
  q.checks.back().case_no = "n3";
  auto const list = suspicions(q.checks, q.found);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].cases, (std::vector<std::string>{"n0", "n1", "n3"}));
}

TEST(Suspicions, PlacesAndTimesThatCannotBe) {
  Quarter q;
  for (int i = 0; i < 6; ++i) {
    CheckFact c;
    c.case_no = "n" + std::to_string(i);
    c.checker = "p1", c.squad = "s1";
    c.lon = i % 2 == 0 ? 116.5 : 116.6, c.lat = 35.4;  // 9 km to and fro
    c.sent_at = local(2026, 1, 1, 9, 0);
    c.at = c.sent_at + minutes{5 * (i + 1)};
    c.stood_lon = 116.5, c.stood_lat = 35.4;
    q.checks.push_back(c);
  }
  auto const list = suspicions(q.checks, q.found);
  ASSERT_EQ(list.size(), 2u);
  EXPECT_EQ(list[0].pattern, Pattern::two_places);
  EXPECT_EQ(list[1].pattern, Pattern::far_away);
  EXPECT_EQ(list[1].cases.size(), 3u);
  EXPECT_NEAR(metres_between(116.5, 35.4, 116.6, 35.4), 9074, 20);
}

// RULINGS 13: the checker never belongs to the disposing unit or its contractor.
TEST(Independence, ThePeopleOfASquadsContractorDoNotCheckIt) {
  World w;
  w.walk_to(State::pending_review);
  w.city.squads["a1"].contractor = "patrol_co";
  EXPECT_EQ(outcome(w.act(person(Role::acceptor), "send_check")), "no_checker_on_duty");
  w.city.duty.push_back({"p9", "other_co", "", "", "", 0, 1440});
  w.do_(Role::acceptor, "send_check");
  EXPECT_EQ(w.c.holder, "p9");
  auto of_contractor = person(Role::patroller, "p9");
  of_contractor.unit = "patrol_co";
  EXPECT_EQ(outcome(w.act(of_contractor, "check", full_input("check"))), "checker_of_disposing_unit");
}

TEST(SecondLook, AShareOfTheClosedCasesIsCheckedAgainBySomebodyElse) {
  World w;
  w.walk_to(State::pending_close);
  w.city.policy.blind_percent = 100;
  auto const first = w.c.holder;
  w.do_(Role::acceptor, "close", full_input("close"));
  EXPECT_EQ(w.c.blind, "asked");
  auto const* task = w.open_task(TaskKind::check);
  ASSERT_NE(task, nullptr);
  EXPECT_NE(task->holder, first);
  EXPECT_EQ(outcome(w.act(person(Role::patroller, first), "check", full_input("check"))), "not_your_task");
  auto in = full_input("check");
  in.result = "fail";
  w.do_(person(Role::patroller, task->holder), "check", in);
  EXPECT_EQ(w.c.blind, "fail");
  EXPECT_EQ(w.c.state, State::closed) << "the month's figures stand; people decide on what was found";
  EXPECT_EQ(w.open_task(TaskKind::check), nullptr);
  EXPECT_TRUE(same(replay(w.c.district, w.c.case_no, w.rows), w.c));
  World alone;
  alone.walk_to(State::pending_close);
  alone.city.policy.blind_percent = 100;
  std::erase_if(alone.city.duty, [&](DutyLine const& line) { return line.patroller != alone.c.holder; });
  alone.do_(Role::acceptor, "close", full_input("close"));
  EXPECT_EQ(alone.c.blind, "") << "nobody else is there";
}

}  // namespace
}  // namespace wangge::core::test
