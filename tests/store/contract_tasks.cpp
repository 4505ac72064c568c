// The store's contract, on both stores: tasks, outbox, spans, transport rows.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/store/backends.hpp"
#include "tests/store/batches.hpp"

namespace wangge::tests {
namespace {

using core::State;

class TaskContract : public Contract {};
INSTANTIATE_TEST_SUITE_P(Stores, TaskContract, testing::Values("memory", "postgres"), [](auto const& info) { return std::string(info.param); });

storage::Batch transport(std::int64_t epoch, std::vector<storage::ReceivedSave> saves) {
  auto b = batch(epoch, {});
  b.transport = std::move(saves);
  return b;
}

bool is_received(storage::Store& store, std::string const& task_id) {
  storage::LoadRequest want;
  want.tasks = {task_id};
  return store.load(kDistrict, want).task_received.at(task_id);
}

TEST_P(TaskContract, AGivenTaskWaitsInTheOutboxUntilItIsReceived) {
  Life life(1);
  store->save(batch(epoch, {life.dispatched("S1").save()}), at(2));
  EXPECT_EQ(backend->outbox(), (std::vector<OutboxLine>{{life.task_id(), 1, "S1", "", "pending", false}}));
  EXPECT_FALSE(is_received(*store, life.task_id()));
  store->save(transport(epoch, {received(life, 1)}), at(6));
  EXPECT_TRUE(is_received(*store, life.task_id()));
  EXPECT_EQ(backend->outbox()[0].status, "delivered");
  auto const rows = backend->history(number(1));
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows.back().action, "received");
  EXPECT_TRUE(rows.back().transport);
  EXPECT_EQ(rows.back().version, 4);  // never raised
}

TEST_P(TaskContract, ReceivedTwiceIsOneRow) {
  Life life(1);
  store->save(batch(epoch, {life.dispatched().save()}), at(2));
  store->save(transport(epoch, {received(life, 1), received(life, 1)}), at(6));
  store->save(transport(epoch, {received(life, 1)}), at(7));
  EXPECT_EQ(backend->history(number(1)).size(), 5u);
}

TEST_P(TaskContract, ReceivedWithAnOldEpochIsAConflict) {
  Life life(1);
  store->save(batch(epoch, {life.dispatched("S1").save()}), at(2));
  life.step("reassign", State::pending_dispose, at(3), [](core::Case& c) { c.squad = "S2"; }).give("S2", 2);
  store->save(batch(epoch, {life.save()}), at(3));
  EXPECT_THROW(store->save(transport(epoch, {received(life, 1)}), at(6)), storage::Conflict);
  EXPECT_THROW(store->save(transport(epoch, {received(Life(9).dispatched(), 1)}), at(6)), storage::Conflict);
  EXPECT_FALSE(is_received(*store, life.task_id()));
  EXPECT_EQ(backend->history(number(1)).size(), 5u);
  store->save(transport(epoch, {received(life, 2)}), at(6));
  EXPECT_TRUE(is_received(*store, life.task_id()));
}

TEST_P(TaskContract, GivenToSomebodyElseItIsUnreceivedAgain) {
  Life life(1);
  store->save(batch(epoch, {life.dispatched("S1").save()}), at(2));
  store->save(transport(epoch, {received(life, 1)}), at(6));
  life.step("reassign", State::pending_dispose, at(7), [](core::Case& c) { c.squad = "S2"; }).give("S2", 2, "S1");
  store->save(batch(epoch, {life.save()}), at(7));
  EXPECT_FALSE(is_received(*store, life.task_id()));
  auto const lines = backend->outbox();
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_NE(std::find(lines.begin(), lines.end(), OutboxLine{life.task_id(), 2, "S2", "", "pending", false}), lines.end());
  EXPECT_NE(std::find(lines.begin(), lines.end(), OutboxLine{life.task_id(), 1, "S1", "", "withdrawn", true}), lines.end())
      << "who had it is told to drop it, under the epoch he knows";
  EXPECT_EQ(store->unreceived(kDistrict, at(8), 10).size(), 1u);
}

TEST_P(TaskContract, AWithdrawnTaskIsTakenBackFromItsHolder) {
  Life life(1);
  store->save(batch(epoch, {life.dispatched("S1").save()}), at(2));
  life.step("recall", State::pending_dispatch, at(3)).end_task(true);
  store->save(batch(epoch, {life.save()}), at(3));
  EXPECT_EQ(backend->outbox(), (std::vector<OutboxLine>{{life.task_id(), 1, "S1", "", "withdrawn", false},
                                                        {life.task_id(), 1, "S1", "", "withdrawn", true}}));
  EXPECT_TRUE(store->unreceived(kDistrict, at(100), 10).empty());
  storage::LoadRequest want;
  want.cases = {number(1)};
  EXPECT_TRUE(store->load(kDistrict, want).cases.at(number(1)).open_tasks.empty());
}

TEST_P(TaskContract, ADoneTaskNeedsNoDelivery) {
  Life life(1);
  store->save(batch(epoch, {life.dispatched("S1").save()}), at(2));
  life.step("sign", State::disposing, at(3)).end_task(false);
  store->save(batch(epoch, {life.save()}), at(3));
  EXPECT_EQ(backend->outbox(), (std::vector<OutboxLine>{{life.task_id(), 1, "S1", "", "delivered", false}}));
}

TEST_P(TaskContract, GivenAndDoneInOneBatchTellsNobody) {
  Life life(1);
  life.dispatched("S1").step("sign", State::disposing, at(3)).end_task(false);
  store->save(batch(epoch, {life.save()}), at(3));
  EXPECT_TRUE(backend->outbox().empty());
}

TEST_P(TaskContract, UnreceivedTasksAreFoundOnceTheyAreOld) {
  Life early(1), late(2), quiet(3);
  auto silent = quiet.dispatched().save();
  silent.tasks[0].task.quiet = true;
  store->save(batch(epoch, {early.dispatched().save(), silent}), at(2));
  store->save(batch(epoch, {late.dispatched().save()}), at(5));
  EXPECT_TRUE(store->unreceived(kDistrict, at(2), 10).empty());
  auto const old = store->unreceived(kDistrict, at(4), 10);
  ASSERT_EQ(old.size(), 1u);
  EXPECT_EQ(old[0].task_id, early.task_id());
  EXPECT_EQ(store->unreceived(kDistrict, at(9), 10).size(), 2u);
  EXPECT_EQ(store->unreceived(kDistrict, at(9), 1).size(), 1u);
  store->save(transport(epoch, {received(early, 1, true), received(early, 1, true)}), at(9));  // escalated
  ASSERT_EQ(store->unreceived(kDistrict, at(9), 10).size(), 1u);
  EXPECT_EQ(backend->history(number(1)).back().action, "task_escalated");
  EXPECT_EQ(backend->history(number(1)).size(), 5u);
  EXPECT_EQ(backend->outbox()[0].status, "pending");  // escalated is not delivered
  store->save(transport(epoch, {received(early, 1)}), at(10));
  EXPECT_TRUE(is_received(*store, early.task_id()));
}

TEST_P(TaskContract, AReceivedTaskIsNotEscalated) {
  Life life(1);
  store->save(batch(epoch, {life.dispatched().save()}), at(2));
  store->save(transport(epoch, {received(life, 1), received(life, 1, true)}), at(9));
  auto const rows = backend->history(number(1));
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_EQ(rows.back().action, "received");
}

TEST_P(TaskContract, SpansFollowTheCase) {
  Life life(1);
  store->save(batch(epoch, {life.dispatched().save()}), at(2));
  auto spans = backend->spans(number(1));
  ASSERT_EQ(spans.size(), 1u);
  EXPECT_EQ(spans[0].kind, core::SpanKind::undisposed);
  EXPECT_EQ(spans[0].from_at, at(1));
  EXPECT_EQ(spans[0].due_at, at(61));
  EXPECT_EQ(spans[0].unit, "U1");
  EXPECT_FALSE(spans[0].until_at);
  // Handed over, checked, closed in one batch: the span between begins and ends in it.
  life.step("sign", State::disposing, at(10)).step("dispose", State::disposed, at(20));
  life.step("confirm", State::pending_review, at(30), [](core::Case& c) {
    c.handed_over_at = at(30);
    c.left_ms = 31 * 60'000;
  });
  life.step("send_check", State::checking, at(31)).step("check", State::pending_close, at(40));
  life.step("close", State::closed, at(50), [](core::Case& c) { c.closed_at = at(50); });
  store->save(batch(epoch, {life.save()}), at(51));
  spans = backend->spans(number(1));
  ASSERT_EQ(spans.size(), 2u);
  EXPECT_EQ(spans[0].until_at, at(30));
  EXPECT_EQ(spans[0].ended, "next");
  EXPECT_EQ(spans[1].kind, core::SpanKind::awaiting);
  EXPECT_EQ(spans[1].from_at, at(30));
  EXPECT_EQ(spans[1].until_at, at(50));
  EXPECT_EQ(spans[1].ended, "closed");
}

TEST_P(TaskContract, ASpanThatIsNotOpenCannotEnd) {
  Life life(1);
  store->save(batch(epoch, {life.save()}), at(2));
  life.step("accept", State::pending_file, at(3));
  auto save = life.save();
  save.spans.push_back({true, at(3), "next", std::nullopt});
  EXPECT_THROW(store->save(batch(epoch, {save}), at(3)), storage::Poison);
}

}  // namespace
}  // namespace wangge::tests
