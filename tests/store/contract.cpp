// The store's contract, on both stores: cases, keys, versions, epochs, numbers, cursors, in-doubt commits.
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "dispatcher/core/decide.hpp"
#include "tests/store/backends.hpp"
#include "tests/store/batches.hpp"

namespace wangge::tests {
namespace {

using core::State;
using storage::Conflict;
using storage::Poison;
using storage::StaleEpoch;

INSTANTIATE_TEST_SUITE_P(Stores, Contract, testing::Values("memory", "postgres"), [](auto const& info) { return std::string(info.param); });

storage::Loaded load_case(storage::Store& store, std::string const& case_no) {
  storage::LoadRequest want;
  want.cases = {case_no};
  return store.load(kDistrict, want);
}

TEST_P(Contract, AnUntouchedDistrictStartsAtEpochOne) {
  EXPECT_EQ(epoch, 1);
  EXPECT_EQ(store->districts(), std::vector<std::string>{kDistrict});
}

TEST_P(Contract, ANewCaseIsReadBackAsItWasWritten) {
  Life life(1);
  store->save(batch(epoch, {life.dispatched().save()}), at(2));
  auto const loaded = load_case(*store, number(1));
  ASSERT_EQ(loaded.cases.size(), 1u);
  auto const& facts = loaded.cases.at(number(1));
  EXPECT_EQ(core::diff(facts.row, life.now()), core::Changes{});
  EXPECT_EQ(facts.row.version, 4);
  EXPECT_EQ(facts.row.district, kDistrict);
  EXPECT_EQ(facts.dispatched_by, "officer-1");
  ASSERT_EQ(facts.open_tasks.size(), 1u);
  EXPECT_EQ(facts.open_tasks[0].task_id, life.task_id());
  EXPECT_EQ(facts.open_tasks[0].due_at, at(61));
  EXPECT_EQ(facts.open_tasks[0].created_at, at(1));
  EXPECT_EQ(backend->media_of(number(1)), (std::vector<std::string>{"sha256-aa", "sha256-bb"}));
}

TEST_P(Contract, ManyCasesInOneBatchAreAllThere) {
  std::vector<storage::CaseSave> saves;
  for (int n = 1; n <= 200; ++n) saves.push_back(Life(n).dispatched().save());
  store->save(batch(epoch, saves), at(2));
  EXPECT_EQ(backend->cases(), 200);
  EXPECT_EQ(backend->outbox().size(), 200u);
}

TEST_P(Contract, HistoryReplaysToTheRow) {
  Life life(1);
  store->save(batch(epoch, {life.dispatched().save()}), at(2));
  life.step("sign", State::disposing, at(10), [](core::Case& c) { c.signed_at = at(10); });
  life.step("dispose", State::disposed, at(20), [](core::Case& c) { c.disposed_at = at(20); });
  store->save(batch(epoch, {life.save()}), at(21));
  auto const rows = backend->history(number(1));
  ASSERT_EQ(rows.size(), 6u);
  EXPECT_EQ(core::diff(core::replay(kDistrict, number(1), rows), load_case(*store, number(1)).cases.at(number(1)).row), core::Changes{});
  EXPECT_EQ(rows[5].photos, std::vector<std::string>{"sha256-cc"});
  EXPECT_EQ(rows[5].opinion, "同意");
  EXPECT_EQ(backend->media_of(number(1)).size(), 3u);
}

TEST_P(Contract, AKeyIsAnsweredOnce) {
  store->save(batch(epoch, {Life(1).save()}), at(2));
  auto again = Life(2).save();
  again.key->key = "key-1";
  EXPECT_THROW(store->save(batch(epoch, {Life(3).save(), again}), at(3)), Conflict);
  EXPECT_EQ(backend->cases(), 1);  // nothing of the batch stays
  storage::LoadRequest want;
  want.keys = {{"patroller-1", "key-1"}, {"patroller-1", "key-2"}, {"other", "key-1"}};
  auto const loaded = store->load(kDistrict, want);
  ASSERT_EQ(loaded.keys.size(), 1u);
  auto const& key = loaded.keys.at({"patroller-1", "key-1"});
  EXPECT_EQ(key.case_no, number(1));
  EXPECT_EQ(key.report_id, "report-1");
  EXPECT_EQ(key.case_state, "pending_accept");
}

TEST_P(Contract, TwiceTheSameKeyInOneBatchIsAConflict) {
  auto twin = Life(2).save();
  twin.key->key = "key-1";
  EXPECT_THROW(store->save(batch(epoch, {Life(1).save(), twin}), at(2)), Conflict);
  EXPECT_EQ(backend->cases(), 0);
}

TEST_P(Contract, AReportMakesOneCase) {
  store->save(batch(epoch, {Life(1).save()}), at(2));
  auto again = Life(2).save();
  again.after.report_id = again.key->report_id = "report-1";
  EXPECT_THROW(store->save(batch(epoch, {again}), at(3)), Conflict);
}

TEST_P(Contract, ACaseNumberIsGivenOnce) {
  store->save(batch(epoch, {Life(1).save()}), at(2));
  auto other = Life(2).save();
  other.after.case_no = number(1);
  EXPECT_THROW(store->save(batch(epoch, {other}), at(3)), Conflict);
}

TEST_P(Contract, AMovedVersionIsAConflictAndNothingStays) {
  Life life(1);
  store->save(batch(epoch, {life.dispatched().save()}), at(2));
  Life other = life;
  life.step("sign", State::disposing, at(10));
  store->save(batch(epoch, {life.save()}), at(10));
  other.step("recall", State::pending_dispatch, at(11));
  EXPECT_THROW(store->save(batch(epoch, {Life(2).save(), other.save()}), at(11)), Conflict);
  EXPECT_EQ(load_case(*store, number(1)).cases.at(number(1)).row.state, State::disposing);
  EXPECT_EQ(backend->cases(), 1);
  EXPECT_EQ(backend->history(number(1)).size(), 5u);
}

TEST_P(Contract, AnOldEpochIsRefused) {
  auto newcomer = backend->open("new");
  auto const start = newcomer->take_over(kDistrict, "second");
  EXPECT_EQ(start.epoch, epoch + 1);
  // The old writer's connection was ended; connecting anew does not help it.
  bool stale = false;
  for (int tries = 0; tries < 3 && !stale; ++tries) {
    try {
      store->save(batch(epoch, {Life(1).save()}), at(2));
    } catch (StaleEpoch const&) {
      stale = true;
    } catch (storage::Broken const&) {
    }
  }
  EXPECT_TRUE(stale);
  EXPECT_EQ(backend->cases(), 0);
  EXPECT_THROW(store->renew(kDistrict, epoch), StaleEpoch);
  EXPECT_THROW(store->join(kDistrict, epoch), StaleEpoch);
  EXPECT_THROW(store->reserve_numbers(kDistrict, epoch, "20261102", 10), StaleEpoch);
  EXPECT_THROW(store->set_aside(kDistrict, epoch, {"report", "r", "p", "e"}, {}), StaleEpoch);
  newcomer->save(batch(start.epoch, {Life(1).save()}), at(2));
  EXPECT_NO_THROW(newcomer->renew(kDistrict, start.epoch));
}

TEST_P(Contract, ATakeOverEndsTheConnectionsOfTheOldWriter) {
  auto second = backend->open("2");
  second->join(kDistrict, epoch);
  auto newcomer = backend->open("new");
  auto const present = newcomer->take_over(kDistrict, "second").epoch;
  for (auto* old : {store.get(), second.get()}) {
    EXPECT_THROW(old->save(batch(epoch, {Life(1).save()}), at(2)), storage::Broken);
    EXPECT_EQ(old->epoch(kDistrict), present) << "by which it learns why";
    EXPECT_THROW(old->save(batch(epoch, {Life(1).save()}), at(2)), StaleEpoch);
  }
  EXPECT_EQ(backend->cases(), 0);
  EXPECT_EQ(newcomer->epoch(kDistrict), present);
}

TEST_P(Contract, TheBeatIsFreshAfterATakeOverAndOnlyOfTheOwner) {
  auto watcher = backend->open("watch");
  auto const age = watcher->beat_age(kDistrict);
  ASSERT_TRUE(age);
  EXPECT_LT(*age, std::chrono::minutes(5));
  watcher->renew(kDistrict, epoch);
  EXPECT_THROW(watcher->renew(kDistrict, epoch + 1), StaleEpoch);
  EXPECT_NO_THROW(watcher->make_ahead());
}

TEST_P(Contract, ASecondConnectionSharesTheEpoch) {
  auto second = backend->open("2");
  second->join(kDistrict, epoch);
  store->save(batch(epoch, {Life(1).save()}), at(2));
  second->save(batch(epoch, {Life(2).save()}), at(2));
  store->save(batch(epoch, {Life(3).save()}), at(2));
  EXPECT_EQ(backend->cases(), 3);
}

// Whatever a step changes comes back, each field by itself: written narrow (what an ordinary life moves) or whole.
TEST_P(Contract, EachChangedFieldComesBack) {
  int fields = 0;
  core::Case const empty;
  core::for_each_field(empty, [&](char const*, auto const&) { ++fields; });
  for (int field = 0; field < fields; ++field) {
    Life life(field + 1);
    store->save(batch(epoch, {life.dispatched().save()}), at(2));
    std::string name;
    life.step("sign", State::disposing, at(10), [&](core::Case& c) {
      int at_field = 0;
      core::for_each_field(c, [&](char const* called, auto& value) {
        using T = std::remove_cvref_t<decltype(value)>;
        if (at_field++ != field) return;
        name = called;
        if (name == "state" || name == "closed_at") return;  // bound to each other
        if constexpr (std::is_same_v<T, std::string>) value = name;
        else if constexpr (std::is_same_v<T, std::vector<std::string>>) value = {name, "b"};
        else if constexpr (std::is_same_v<T, bool>) value = !value;
        else if constexpr (std::is_same_v<T, std::int64_t>) value = 7000 + field;
        else if constexpr (std::is_same_v<T, std::optional<std::int64_t>>) value = 7000 + field;
        else if constexpr (std::is_same_v<T, std::optional<double>>) value = 30.5;
        else if constexpr (std::is_same_v<T, core::Instant>) value = at(20);
        else if constexpr (std::is_same_v<T, std::optional<core::Instant>>) value = at(5000 + field);
      });
    });
    store->save(batch(epoch, {life.save()}), at(11));
    storage::LoadRequest want;
    want.cases = {life.now().case_no};
    auto const loaded = store->load(kDistrict, want);
    ASSERT_TRUE(loaded.cases.contains(life.now().case_no)) << name;
    EXPECT_EQ(core::diff(life.now(), loaded.cases.at(life.now().case_no).row), core::Changes{}) << name;
  }
}

TEST_P(Contract, OfTwoRacingConnectionsOneMovesTheCase) {
  auto second = backend->open("2");
  second->join(kDistrict, epoch);
  for (int n = 1; n <= 20; ++n) {
    Life life(n);
    store->save(batch(epoch, {life.dispatched().save()}), at(2));
    std::atomic<int> won = 0, lost = 0;
    auto const race = [&](storage::Store& mine, Life rival) {
      rival.step("sign", State::disposing, at(10));
      try {
        mine.save(batch(epoch, {rival.save()}), at(10));
        ++won;
      } catch (Conflict const&) {
        ++lost;
      }
    };
    std::thread other([&] { race(*second, life); });
    race(*store, life);
    other.join();
    EXPECT_EQ(won, 1);
    EXPECT_EQ(lost, 1);
    EXPECT_EQ(backend->history(number(n)).size(), 5u);
  }
}

TEST_P(Contract, OfTwoRacingConnectionsOneAnswersTheKey) {
  auto second = backend->open("2");
  second->join(kDistrict, epoch);
  std::atomic<int> won = 0;
  for (int n = 1; n <= 20; ++n) {
    auto const race = [&](storage::Store& mine, int mine_n) {
      auto save = Life(mine_n).save();
      save.key->key = "race-" + std::to_string(n);
      try {
        mine.save(batch(epoch, {save}), at(2));
        ++won;
      } catch (Conflict const&) {
      }
    };
    std::thread other([&] { race(*second, 1000 + n); });
    race(*store, n);
    other.join();
  }
  EXPECT_EQ(won, 20);
  EXPECT_EQ(backend->cases(), 20);
}

TEST_P(Contract, ADoubtfulCommitIsResolvedByLoadingTheKey) {
  storage::LoadRequest want;
  want.keys = {{"patroller-1", "key-1"}};
  auto const first = batch(epoch, {Life(1).dispatched().save()});
  backend->next_commit_in_doubt(false, [&] { store->save(first, at(2)); });
  epoch = store->take_over(kDistrict, "first").epoch;
  EXPECT_TRUE(store->load(kDistrict, want).keys.empty());
  auto again = first;
  again.epoch = epoch;
  backend->next_commit_in_doubt(true, [&] { store->save(again, at(2)); });
  epoch = store->take_over(kDistrict, "first").epoch;
  EXPECT_EQ(store->load(kDistrict, want).keys.size(), 1u);
  again.epoch = epoch;
  EXPECT_THROW(store->save(again, at(3)), Conflict);
  EXPECT_EQ(backend->cases(), 1);
  EXPECT_EQ(backend->history(number(1)).size(), 4u);
}

TEST_P(Contract, ABrokenConnectionDoesNothingAndTheNextTryWorks) {
  backend->cut_connections();
  EXPECT_THROW(store->save(batch(epoch, {Life(1).save()}), at(2)), storage::Broken);
  EXPECT_EQ(backend->cases(), 0);
  store->save(batch(epoch, {Life(1).save()}), at(2));
  EXPECT_EQ(backend->cases(), 1);
}

TEST_P(Contract, NumbersNeverRepeat) {
  std::set<std::int64_t> given;
  auto const take = [&](storage::Store& from, std::string const& day, std::int64_t count) {
    auto const first = from.reserve_numbers(kDistrict, epoch, day, count);
    for (std::int64_t n = first; n < first + count; ++n) EXPECT_TRUE(given.insert(n).second) << n;
    return first;
  };
  EXPECT_EQ(take(*store, "20261102", 100), 1);
  EXPECT_EQ(take(*store, "20261102", 50), 101);
  EXPECT_EQ(store->reserve_numbers(kDistrict, epoch, "20261103", 10), 1);
  auto second = backend->open("2");
  epoch = second->take_over(kDistrict, "second").epoch;
  std::vector<std::int64_t> firsts(2);
  auto third = backend->open("3");
  third->join(kDistrict, epoch);
  std::thread other([&] { firsts[0] = second->reserve_numbers(kDistrict, epoch, "20261102", 1000); });
  firsts[1] = third->reserve_numbers(kDistrict, epoch, "20261102", 1000);
  other.join();
  EXPECT_EQ(std::set(firsts.begin(), firsts.end()), (std::set<std::int64_t>{151, 1151}));
}

TEST_P(Contract, ASpoolsMarkNeverFalls) {
  auto first = batch(epoch, {});
  first.marks = {{"spool-a", 5}, {"spool-a", 7}, {"spool-b", 1}};
  store->save(first, at(2));
  first.marks = {{"spool-a", 6}};
  store->save(first, at(3));
  auto const cursors = store->take_over(kDistrict, "again").cursors;
  EXPECT_EQ(cursors, (std::map<std::string, std::int64_t>{{"spool-a", 7}, {"spool-b", 1}}));
}

TEST_P(Contract, AMarkStaysOnlyWithItsBatch) {
  auto refused = batch(epoch, {Life(1).save()});
  refused.cases[0].after.description = std::string("nul\0byte", 8);
  refused.marks = {{"spool-a", 5}};
  EXPECT_THROW(store->save(refused, at(2)), Poison);
  EXPECT_TRUE(store->take_over(kDistrict, "again").cursors.empty());
}

TEST_P(Contract, WhatTheDatabaseCannotHoldIsPoison) {
  auto const refused = [&](std::function<void(storage::CaseSave&)> spoil) {
    auto save = Life(1).save();
    spoil(save);
    EXPECT_THROW(store->save(batch(epoch, {Life(2).save(), save}), at(2)), Poison);
    EXPECT_EQ(backend->cases(), 0);
  };
  refused([](auto& s) { s.after.description = "\xff\xfe"; });
  refused([](auto& s) { s.after.description = std::string("a\0b", 3); });
  refused([](auto& s) { s.after.closed_at = at(1); });             // an open state with an end
  refused([](auto& s) { s.after.state = State::closed; });         // an end without its time
  refused([](auto& s) { s.rows[0].to = State::closed; });          // no such move
  refused([](auto& s) { s.rows[0].action = "vanish"; });
  refused([](auto& s) { s.after.case_no = "12"; });
  refused([](auto& s) { s.after.case_no = "1101082026110200001"; });  // another district's
  refused([](auto& s) { s.after.district = "110108"; });
  store->save(batch(epoch, {Life(1).save(), Life(2).save()}), at(2));
  EXPECT_EQ(backend->cases(), 2);
}

TEST_P(Contract, WhatCannotBeDecidedIsSetAside) {
  store->set_aside(kDistrict, epoch, {"report", "r-1", "bytes", "why \xe4\xb8\x8d"}, {{"spool-a", 3}});
  store->set_aside(kDistrict, epoch, {"report", "r-1", "bytes", "again"}, {{"spool-a", 4}});
  EXPECT_EQ(backend->dead_letters(), std::vector<std::string>{"report r-1 bytes"});
  EXPECT_EQ(store->take_over(kDistrict, "again").cursors.at("spool-a"), 4);
}

TEST_P(Contract, ACommandIsAnsweredOnce) {
  auto first = batch(epoch, {});
  first.commands = {{"officer-1", "c-1", "hash", 422, "not_allowed", "/reason", number(1), 4}};
  store->save(first, at(2));
  EXPECT_THROW(store->save(first, at(3)), Conflict);
  storage::LoadRequest want;
  want.command_ids = {{"officer-1", "c-1"}, {"officer-2", "c-1"}};
  auto const loaded = store->load(kDistrict, want);
  ASSERT_EQ(loaded.commands.size(), 1u);
  auto const& row = loaded.commands.at({"officer-1", "c-1"});
  EXPECT_EQ(row.status, 422);
  EXPECT_EQ(row.code, "not_allowed");
  EXPECT_EQ(row.field, "/reason");
  EXPECT_EQ(row.version, 4);
}

TEST_P(Contract, ComponentsAreFacts) {
  storage::LoadRequest want;
  want.components = {"3708710101000001", "3708710101000002"};
  auto const loaded = store->load(kDistrict, want);
  ASSERT_EQ(loaded.components.size(), 1u);
  EXPECT_EQ(loaded.components.begin()->second.maintainer, "maintainer");
}

TEST_P(Contract, RecentOpenCasesWarmTheSearchForTwins) {
  Life open(1), ended(2), nowhere(3);
  ended.step("decline", State::not_accepted, at(1), [](core::Case& c) { c.closed_at = at(1); });
  auto lost = nowhere.save();
  lost.after.place_unusable = true;
  store->save(batch(epoch, {open.save(), ended.save(), lost}), at(2));
  auto const recent = store->load_recent(kDistrict, at(-10));
  ASSERT_EQ(recent.size(), 1u);
  EXPECT_EQ(recent[0].case_no, number(1));
  EXPECT_DOUBLE_EQ(recent[0].lon, 116.5874);
  EXPECT_EQ(recent[0].opened_at, at(0));
  EXPECT_TRUE(store->load_recent(kDistrict, at(1)).empty());
}

// The coordination desk's decision and the rule it makes are one transaction; whoever polls the version reads it.
TEST_P(Contract, ADecisionOfTheDeskBecomesARuleWithItsCase) {
  Life life(1);
  auto save = life.dispatched().save();
  core::RouteRule rule;
  rule.id = "desk-" + number(1) + "-4", rule.level = core::RouteLevel::decision;
  rule.standard = "gbt47678.5-2026", rule.kind = "matter", rule.code = "01001", rule.street = "370871001";
  rule.when.from = core::LocalDay{std::chrono::year{2026} / 11 / 2}, rule.when.to = core::LocalDay{std::chrono::year{2027} / 1 / 1};
  rule.unit = "U1", rule.document = "会议纪要 12";
  save.rules = {rule};
  EXPECT_THROW(store->save(batch(epoch + 1, {save}), at(2)), StaleEpoch);
  EXPECT_TRUE(store->load_city(kDistrict).routes.empty()) << "what was refused made no rule";
  auto const before = store->city_version(kDistrict);
  store->save(batch(epoch, {save}), at(2));
  EXPECT_GT(store->city_version(kDistrict), before);
  auto const routes = store->load_city(kDistrict).routes;
  ASSERT_EQ(routes.size(), 1u);
  EXPECT_EQ(routes[0], rule);
  auto second = Life(2).dispatched().save();
  rule.id = "desk-2";
  second.rules = {rule};
  store->save(batch(epoch, {second}), at(3));
  EXPECT_EQ(store->load_city(kDistrict).routes.back().id, "desk-2") << "the oldest first";
}

TEST_P(Contract, HowBusySquadsAreIsCountedFromTheirOpenTasks) {
  Life one(1), two(2), three(3);
  store->save(batch(epoch, {one.dispatched("S1").save(), two.dispatched("S1").save(), three.dispatched("S2").save()}), at(2));
  store->save(batch(epoch, {three.step("sign", State::disposing, at(3)).end_task(false).save()}), at(3));
  storage::LoadRequest want;
  EXPECT_TRUE(store->load(kDistrict, want).loads.empty()) << "only when asked for";
  want.loads = true;
  EXPECT_EQ(store->load(kDistrict, want).loads, (core::SquadLoads{{"S1", 2}}));
}

TEST_P(Contract, ComponentsOfTheKindAreNearWithinTwentyMetres) {
  std::string const standard = "gbt47678.5-2026";
  backend->put_component(standard, "01001", 116.6, 35.4);
  storage::LoadRequest want;
  double const metre = 1 / 111'320.0;
  want.spots = {{standard, "01001", 116.6, 35.4 + 18 * metre},
                {standard, "01001", 116.6, 35.4 + 22 * metre},
                {standard, "01002", 116.6, 35.4},
                {standard, "01001", 116.6 + 18 * metre / 0.815, 35.4},
                {standard, "01001", 0, 0}};
  EXPECT_EQ(store->load(kDistrict, want).component_near, (std::vector<bool>{true, false, false, true, false}));
}

}  // namespace
}  // namespace wangge::tests
