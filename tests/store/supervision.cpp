// Requests and orders across cases: one row each, in the order that presses, by kind, by whose turn it is, within the caller's scope,
// page by page. And looks at patterns: kept as they were said.
#include "storage/supervision_model.hpp"

#include "tests/store/read_fixture.hpp"

namespace wangge::tests {
namespace {

using core::OrderKind;
using core::RequestKind;
using core::Role;

struct Supervision : ReadModel {
  void SetUp() override {
    ReadModel::SetUp();
    auto const asked = [](int n, std::string const& squad, std::vector<core::Request> requests, std::vector<core::Order> orders) {
      auto save = Life(n).dispatched(squad).save();
      save.after.requests = std::move(requests), save.after.orders = std::move(orders);
      return save;
    };
    save({asked(11, "S1", {{"r3", RequestKind::extend, "clerk", at(20), std::nullopt, "等配件, \"急\""}, {"r4", RequestKind::transfer_out, "clerk", at(10), std::nullopt, ""}},
                {{"o2", OrderKind::supervise, "inspector", at(1), at(3), std::nullopt, "书面答复"}}),
          asked(12, "S2", {{"r3", RequestKind::defer, "clerk", at(15), at(900), "雨季"}},
                {{"o2", OrderKind::instruct, "leader", at(1), std::nullopt, std::nullopt, ""}, {"o3", OrderKind::instruct, "leader", at(1), at(2), at(2), "阅"}})});
    model = std::make_unique<storage::SupervisionModel>(url, 1);
  }
  std::vector<std::string> requests(core::Principal const& who, storage::RequestsAsked const& asked = {}) { return members(model->requests(who, asked).items, "kind"); }
  std::vector<std::string> orders(core::Principal const& who, storage::OrdersAsked const& asked = {}) { return members(model->orders(who, asked).items, "order_id"); }
  core::Principal leader = principal(Role::leader);
  std::unique_ptr<storage::SupervisionModel> model;
};

TEST_F(Supervision, RequestsStandOldestFirstAndAreChosenByKindAndByWhoDecides) {
  // "kind" also names the category's: matter follows each request's.
  auto const kinds = [](std::vector<std::string> all) {
    std::erase(all, "matter"), std::erase(all, "component");
    return all;
  };
  EXPECT_EQ(kinds(requests(leader)), (std::vector<std::string>{"transfer_out", "defer", "extend"}));
  storage::RequestsAsked asked;
  asked.kind = "defer";
  EXPECT_EQ(kinds(requests(leader, asked)), (std::vector<std::string>{"defer"}));
  asked = {};
  asked.yours = {"extend", "defer"}, asked.mine = true;
  EXPECT_EQ(kinds(requests(leader, asked)), (std::vector<std::string>{"defer", "extend"}));
  asked.yours = {};
  EXPECT_TRUE(requests(leader, asked).empty()) << "who decides nothing has nothing to decide";
  auto squad = principal(Role::squad_leader);
  squad.unit = "U1", squad.squad = "S2";
  EXPECT_EQ(kinds(requests(squad)), (std::vector<std::string>{"defer"}));
  auto const all = model->requests(leader, {}).items;
  EXPECT_NE(all.find(R"("reason" : "等配件, \"急\"")"), std::string::npos) << all;
}

TEST_F(Supervision, OrdersStandByTheDayOfTheirAnswerAndAreChosenByWhatTheyWaitFor) {
  EXPECT_EQ(orders(leader), (std::vector<std::string>{"o3", "o2", "o2"})) << "those without a day come last";
  storage::OrdersAsked asked;
  asked.waiting = "word";
  EXPECT_EQ(orders(leader, asked), (std::vector<std::string>{"o3"}));
  asked.waiting = "answer", asked.late = true;
  EXPECT_EQ(members(model->orders(leader, asked).items, "text"), (std::vector<std::string>{"书面答复"})) << "its day is over; what has no day is never late";
  asked = {};
  asked.kind = "instruct";
  EXPECT_EQ(orders(leader, asked).size(), 2u);
}

TEST_F(Supervision, BothAreWalkedInPagesWithoutLossOrRepeat) {
  std::vector<std::string> seen;
  storage::OrdersAsked orders;
  storage::RequestsAsked requests;
  orders.limit = requests.limit = 1;
  for (int n = 0; n < 5; ++n) {
    auto const page = model->orders(leader, orders);
    for (auto const& id : members(page.items, "order_id")) seen.push_back(id);
    if ((orders.cursor = page.next_cursor).empty()) break;
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"o3", "o2", "o2"}));
  seen.clear();
  for (int n = 0; n < 5; ++n) {
    auto const page = model->requests(leader, requests);
    for (auto const& id : members(page.items, "request_id")) seen.push_back(id);
    if ((requests.cursor = page.next_cursor).empty()) break;
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"r4", "r3", "r3"}));
  orders.cursor = "00";
  EXPECT_THROW(model->orders(leader, orders), storage::BadFilter);
}

TEST_F(Supervision, WhatAWordSettledIsListedWithAnswerAndWordTheNewestFirst) {
  auto const life = [&](int n, OrderKind kind, core::Instant until, core::Instant answered, core::Instant judged) {
    Life one(n);
    one.dispatched(n == 21 ? "S1" : "S2");
    one.step("supervise", core::State::pending_dispose, at(2), [&](core::Case& c) { c.orders = {{"o5", kind, "leader", at(2), until, std::nullopt, "书面答复" + std::to_string(n)}}; });
    one.step("note", core::State::pending_dispose, at(3));
    one.step("answer_order", core::State::pending_dispose, answered, [&](core::Case& c) { c.orders[0].answered_at = answered; });
    one.step("judge_order", core::State::pending_dispose, at(8), [&](core::Case& c) { c.orders[0].answered_at.reset(); });  // 再办
    one.step("answer_order", core::State::pending_dispose, answered, [&](core::Case& c) { c.orders[0].answered_at = answered; });
    one.step("judge_order", core::State::pending_dispose, judged, [&](core::Case& c) { c.orders.clear(); });
    return one.save();
  };
  save({life(21, OrderKind::supervise, at(30), at(20), at(40)), life(22, OrderKind::instruct, at(5), at(20), at(50))});
  storage::OrdersAsked asked;
  asked.settled = true;
  auto const all = model->orders(leader, asked).items;
  EXPECT_EQ(members(all, "text"), (std::vector<std::string>{"书面答复22", "书面答复21"})) << all;
  EXPECT_EQ(members(all, "late"), (std::vector<std::string>{"true", "false"}));
  EXPECT_EQ(members(all, "settled_by"), (std::vector<std::string>{"officer-1", "officer-1"}));
  EXPECT_EQ(members(all, "verdict"), (std::vector<std::string>{"同意", "同意"})) << "the word as the row keeps it";
  asked.late = true;
  EXPECT_EQ(members(model->orders(leader, asked).items, "order_id"), std::vector<std::string>{"o5"});
  asked.late = false, asked.kind = "supervise";
  EXPECT_EQ(members(model->orders(leader, asked).items, "text"), std::vector<std::string>{"书面答复21"});
  asked.kind = "", asked.limit = 1;
  auto const first = model->orders(leader, asked);
  asked.cursor = first.next_cursor;
  auto const second = model->orders(leader, asked);
  EXPECT_EQ(members(first.items + second.items, "text"), (std::vector<std::string>{"书面答复22", "书面答复21"}));
  EXPECT_EQ(second.next_cursor, "");
  auto squad = principal(Role::squad_leader);
  squad.unit = "U1", squad.squad = "S1";
  asked.cursor = "", asked.limit = 50;
  EXPECT_EQ(members(model->orders(squad, asked).items, "text"), std::vector<std::string>{"书面答复21"});
  asked.settled = false;
  EXPECT_EQ(orders(leader, asked).size(), 3u) << "those that wait are as they were";
}

TEST_F(Supervision, ALookIsKeptForItsPeriodOnly) {
  model->look("370871", at(0), at(100), {"far_away", "p1", "S1", "inspector", "", "unfounded", "定位漂移"});
  model->look("370871", at(0), at(100), {"far_away", "p1", "S1", "leader", "", "founded", "再看属实"});
  auto const kept = model->looks("370871", at(0), at(100));
  ASSERT_EQ(kept.size(), 2u);
  EXPECT_EQ(kept[1].verdict, "founded") << "the newest speaks last";
  EXPECT_EQ(kept[0].note, "定位漂移");
  EXPECT_TRUE(model->looks("370871", at(1), at(100)).empty());
  EXPECT_TRUE(model->looks("370872", at(0), at(100)).empty());
}

}  // namespace
}  // namespace wangge::tests
