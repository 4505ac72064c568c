// The store's contract, on both stores: hotline orders (RULINGS 18). Their steps come from the core itself.
#include <gtest/gtest.h>

#include "tests/store/backends.hpp"
#include "tests/store/batches.hpp"

namespace wangge::tests {
namespace {

constexpr char kNo[] = "hotline_12345:A-1";

class OrderContract : public Contract {
 protected:
  OrderContract() {
    city.district = kDistrict;
    city.units["U1"] = {"U1", "甲", "A", ""};
  }
  // One step as the engine takes it, not saved yet.
  storage::OrderSave step(std::string action, std::int64_t minute, core::ActionInput in = {}) {
    core::OrderFacts facts;
    facts.city = &city;
    auto const loaded = load();
    if (loaded.orders.contains(kNo)) facts.present = loaded.orders.at(kNo);
    facts.case_known = true;
    core::Command c;
    c.command_id = action;
    c.who.name = "agent", c.who.role = core::Role::hotline_agent, c.who.district = kDistrict;
    if (action == "draft_reply") c.who.role = core::Role::unit_clerk, c.who.unit = "U1", c.who.name = "clerk";
    c.action = std::move(action);
    c.case_no = kNo;
    c.version = facts.present ? facts.present->version : 0;
    c.received_at = at(minute);
    c.input = std::move(in);
    auto decision = core::decide_order(facts, c);
    auto& yes = std::get<core::OrderAccepted>(decision);
    storage::OrderSave save;
    auto const before = facts.present.value_or(core::HotlineOrder{});
    save.version_before = before.version;
    save.alarm = core::order_alarm_change(city, before, yes.after);
    save.after = std::move(yes.after);
    save.rows = std::move(yes.rows);
    return save;
  }
  storage::OrderSave received() {
    core::ActionInput in;
    in.text = "夜间施工扰民, \"3 号院\"";
    auto save = step("receive", 0, in);
    save.caller_name = "张三", save.caller_phone = "13800000000";
    return save;
  }
  void put(storage::OrderSave save, std::int64_t minute) {
    auto b = batch(epoch, {});
    b.orders = {std::move(save)};
    store->save(b, at(minute));
  }
  storage::Loaded load() {
    storage::LoadRequest want;
    want.orders = {kNo};
    return store->load(kDistrict, want);
  }
  core::City city;
};
INSTANTIATE_TEST_SUITE_P(Stores, OrderContract, testing::Values("memory", "postgres"),
                         [](auto const& info) { return std::string(info.param); });

TEST_P(OrderContract, IsReadBackAsItWasWrittenAndReplaysToItsRow) {
  put(received(), 0);
  put(step("sign_order", 1), 1);
  core::ActionInput in;
  in.unit = "U1", in.into = number(1), in.text = "已责令停工,\n加强巡查", in.reason = "需要更多时间";
  put(step("assign_order", 2, in), 2);
  put(step("link_case", 3, in), 3);
  in.into = number(2);
  put(step("link_case", 4, in), 4);
  in.until = load().orders.at(kNo).due_at.value() + std::chrono::hours{24};
  put(step("ask_extension", 5, in), 5);
  auto last = step("draft_reply", 6, in);
  auto const want = last.after;
  put(std::move(last), 6);
  auto const got = load().orders.at(kNo);
  EXPECT_EQ(got.version, 7);
  EXPECT_TRUE(core::order_diff(want, got).empty());
  EXPECT_EQ(got.cases, (std::vector<std::string>{number(1), number(2)}));
  auto const history = backend->history(kNo);
  ASSERT_EQ(history.size(), 7u);
  auto const again = core::replay_order(kDistrict, kNo, history);
  EXPECT_EQ(again.version, got.version);
  EXPECT_TRUE(core::order_diff(again, got).empty()) << "chained with all history, it gives the row";
  EXPECT_EQ(backend->cases(), 0) << "an order is no case";
}

TEST_P(OrderContract, AMovedVersionIsAConflictAndNothingStays) {
  auto const first = received();
  put(first, 0);
  EXPECT_THROW(put(first, 1), storage::Conflict) << "the same number twice";
  auto stale = step("sign_order", 1);
  put(step("sign_order", 1), 1);
  EXPECT_THROW(put(stale, 2), storage::Conflict);
  EXPECT_EQ(backend->history(kNo).size(), 2u);
  auto b = batch(epoch, {Life(1).dispatched().save()});
  b.orders = {stale};
  EXPECT_THROW(store->save(b, at(3)), storage::Conflict);
  EXPECT_EQ(backend->cases(), 0) << "all or nothing";
}

TEST_P(OrderContract, WhatNoDatabaseCanHoldIsPoison) {
  auto save = received();
  save.after.text = std::string("a\0b", 3);
  EXPECT_THROW(put(save, 0), storage::Poison);
  save = received();
  save.after.order_no = number(1);
  EXPECT_THROW(put(save, 0), storage::Poison) << "a case's number";
}

TEST_P(OrderContract, VoidingOrSuspendingACaseNeverClosesItsOrder) {
  put(received(), 0);
  put(step("sign_order", 1), 1);
  core::ActionInput in;
  in.into = number(1);
  Life life(1);
  store->save(batch(epoch, {life.dispatched().save()}), at(2));
  put(step("link_case", 3, in), 3);
  auto const before = load().orders.at(kNo);
  store->save(
      batch(epoch, {life.step("request_void", core::State::pending_dispose, at(4))
                        .step("approve_void", core::State::voided, at(5), [](core::Case& c) { c.closed_at = at(5); })
                        .end_task(true)
                        .save()}),
      at(5));
  auto const after = load().orders.at(kNo);
  EXPECT_EQ(after.version, before.version);
  EXPECT_TRUE(core::order_diff(before, after).empty()) << "open, by the same deadline";
}

TEST_P(OrderContract, ItsClockFallsDueIsToldOnceAndIsAcknowledged) {
  put(received(), 0);
  auto const sign_by = *load().orders.at(kNo).sign_by;
  EXPECT_TRUE(store->due_timers(kDistrict, at(0), 10).empty());
  auto const due = store->due_timers(kDistrict, sign_by + std::chrono::hours{72}, 10);
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].clock, core::AlarmClock::hotline);
  EXPECT_EQ(due[0].case_no, kNo);
  EXPECT_EQ(due[0].due_at, sign_by);
  storage::TimerFired f{.timer = due[0],
                        .next = sign_by + std::chrono::hours{80},
                        .step_id = "breach",
                        .told = {core::Role::shift_leader},
                        .unit = "",
                        .row = {}};
  f.row.version = 1, f.row.action = "escalated", f.row.actor = "system", f.row.at = at(70), f.row.transport = true;
  for (int twice = 0; twice < 2; ++twice) {
    auto b = batch(epoch, {});
    b.fired = {f};
    store->save(b, at(70));
  }
  EXPECT_EQ(backend->history(kNo).size(), 2u) << "twice is once";
  auto word = step("acknowledge_order", 80);
  word.acknowledged_by = "leader";
  put(std::move(word), 80);
  EXPECT_TRUE(store->due_timers(kDistrict, sign_by + std::chrono::hours{999}, 10).empty()) << "nobody is told any more";
  put(step("sign_order", 90), 90);
  EXPECT_EQ(store->due_timers(kDistrict, at(90) + std::chrono::hours{9999}, 10).size(), 1u)
      << "another deadline, another ladder";
}

}  // namespace
}  // namespace wangge::tests
