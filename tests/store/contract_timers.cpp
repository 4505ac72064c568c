// The store's contract, on both stores: armed clocks, what they told, and running deadlines by page.
#include <gtest/gtest.h>

#include "tests/store/backends.hpp"
#include "tests/store/batches.hpp"

namespace wangge::tests {
namespace {

using core::AlarmClock;
using core::State;

class TimerContract : public Contract {
 protected:
  storage::CaseSave armed(Life& life, std::optional<core::Instant> due, std::optional<core::Instant> fire,
                          AlarmClock clock = AlarmClock::disposal) {
    auto save = life.save();
    save.alarms.push_back({clock, due, fire});
    return save;
  }
  storage::TimerFired fired(storage::Timer const& timer, std::optional<core::Instant> next,
                            std::vector<core::Role> told) {
    storage::TimerFired f{.timer = timer,
                          .next = next,
                          .step_id = "step" + std::to_string(timer.step),
                          .told = std::move(told),
                          .unit = "U1",
                          .row = {}};
    f.row.version = 4;
    f.row.action = "escalated";
    f.row.actor = "system";
    f.row.from = f.row.to = State::pending_dispose;
    f.row.at = at(70);
    f.row.transport = true;
    return f;
  }
  void tell(storage::TimerFired f) {
    auto b = batch(epoch, {});
    b.fired = {std::move(f)};
    store->save(b, at(70));
  }
  std::vector<storage::Timer> due(std::int64_t minute, int limit = 100) {
    return store->due_timers(kDistrict, at(minute), limit);
  }
  std::size_t told() {
    std::size_t rows = 0;
    for (auto const& row : backend->history(number(1))) rows += row.action == "escalated";
    return rows;
  }
};
INSTANTIATE_TEST_SUITE_P(Stores, TimerContract, testing::Values("memory", "postgres"),
                         [](auto const& info) { return std::string(info.param); });

TEST_P(TimerContract, AnArmedClockFallsDueAtItsMomentAndIsToldOnce) {
  Life life(1);
  life.dispatched();
  store->save(batch(epoch, {armed(life, at(61), at(49))}), at(2));
  EXPECT_TRUE(due(48).empty());
  auto const first = due(49);
  ASSERT_EQ(first.size(), 1u);
  EXPECT_EQ(first[0].case_no, number(1));
  EXPECT_EQ(first[0].due_at, at(61));
  EXPECT_EQ(first[0].step, 0);
  tell(fired(first[0], at(61), {core::Role::squad_leader, core::Role::unit_clerk}));
  EXPECT_TRUE(due(60).empty());
  tell(fired(first[0], at(61), {core::Role::squad_leader}));  // the same again: a retry after a doubtful commit
  EXPECT_EQ(told(), 1u);
  auto const second = due(61);
  ASSERT_EQ(second.size(), 1u);
  EXPECT_EQ(second[0].step, 1);
  tell(fired(second[0], std::nullopt, {core::Role::unit_head}));
  EXPECT_TRUE(due(100'000).empty()) << "the ladder has ended";
  EXPECT_EQ(told(), 2u);
}

TEST_P(TimerContract, TheSameDeadlineKeepsItsRungAndAnotherBeginsAnew) {
  Life life(1);
  life.dispatched();
  store->save(batch(epoch, {armed(life, at(61), at(49))}), at(2));
  tell(fired(due(49)[0], at(61), {core::Role::squad_leader}));
  life.step("note", State::pending_dispose, at(50));
  store->save(batch(epoch, {armed(life, at(61), at(49))}), at(50));
  EXPECT_TRUE(due(60).empty()) << "not told again";
  EXPECT_EQ(due(61)[0].step, 1);
  life.step("note", State::pending_dispose, at(51));
  store->save(batch(epoch, {armed(life, at(90), at(80))}), at(51));
  EXPECT_TRUE(due(79).empty());
  EXPECT_EQ(due(80)[0].step, 0);
}

TEST_P(TimerContract, AStoppedClockIsGone) {
  Life life(1);
  life.dispatched();
  store->save(batch(epoch, {armed(life, at(61), at(49))}), at(2));
  auto const stale = due(49)[0];
  life.step("recall", State::pending_dispatch, at(50));
  store->save(batch(epoch, {armed(life, std::nullopt, std::nullopt)}), at(50));
  EXPECT_TRUE(due(100'000).empty());
  tell(fired(stale, at(61), {core::Role::squad_leader}));
  EXPECT_EQ(told(), 0u) << "it was loaded before the case moved";
}

TEST_P(TimerContract, AnAcknowledgementStopsWhatHasToldAndOnlyThat) {
  Life life(1);
  life.dispatched();
  auto save = armed(life, at(61), at(49));
  save.alarms.push_back({AlarmClock::milestone, at(300), at(300)});
  store->save(batch(epoch, {save}), at(2));
  tell(fired(due(49)[0], at(61), {core::Role::squad_leader}));
  auto const loaded = due(61)[0];
  life.step("acknowledge", State::pending_dispose, at(55));
  save = life.save();
  save.acknowledged_by = "head";
  store->save(batch(epoch, {save}), at(55));
  EXPECT_TRUE(due(299).empty());
  tell(fired(loaded, std::nullopt, {core::Role::unit_head}));
  EXPECT_EQ(told(), 1u) << "acknowledged between reading and telling";
  ASSERT_EQ(due(300).size(), 1u);
  EXPECT_EQ(due(300)[0].clock, AlarmClock::milestone) << "this one had told nobody yet";
}

TEST_P(TimerContract, TheLongestWaitingComeFirstAndNoMoreThanAsked) {
  std::vector<storage::CaseSave> saves;
  for (int n = 1; n <= 9; ++n) {
    Life life(n);
    life.dispatched();
    saves.push_back(armed(life, at(61), at(49 - n)));
  }
  store->save(batch(epoch, saves), at(2));
  auto const first = due(49, 3);
  ASSERT_EQ(first.size(), 3u);
  EXPECT_EQ(first[0].case_no, number(9));
  EXPECT_EQ(first[2].case_no, number(7));
  EXPECT_EQ(due(49).size(), 9u);
}

TEST_P(TimerContract, RunningClocksComePageByPageByDeadline) {
  std::vector<storage::CaseSave> saves;
  for (int n = 1; n <= 5; ++n) {
    Life life(n);
    life.dispatched("S1", at(100 - n));
    auto save = life.save();
    save.after.run_from = at(1);
    save.after.run_left_ms = 60'000;
    if (n == 3) save.after.left_ms = 1000;  // stands still
    save.rows.back().changes = {};
    saves.push_back(save);
  }
  store->save(batch(epoch, saves), at(2));
  std::vector<std::string> seen;
  std::optional<std::pair<core::Instant, std::string>> after;
  for (;;) {
    auto const page = store->running_clocks(kDistrict, after, 2);
    for (auto const& c : page) seen.push_back(c.case_no);
    if (page.size() < 2) break;
    after = {*page.back().due_at, page.back().case_no};
  }
  EXPECT_EQ(seen, (std::vector<std::string>{number(5), number(4), number(2), number(1)}));
}

}  // namespace
}  // namespace wangge::tests
