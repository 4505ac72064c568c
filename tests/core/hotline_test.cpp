// Hotline orders (RULINGS 18): every row of their table, each refusal, the deadline that no case moves, the ladder.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "dispatcher/core/hotline.hpp"
#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

using namespace std::chrono_literals;

constexpr char const* kOrderNo = "hotline_12345:JN-2025-1";

Principal who_is(Role role) {
  return person_of(role, role == Role::unit_head || role == Role::unit_clerk ? "city_a" : "", "");
}

struct Desk {
  Desk() { facts.city = &city; }

  OrderDecision ask(Role role, std::string action, ActionInput in = {}) const {
    Command c;
    c.command_id = action + std::to_string(o.version);
    c.who = who_is(role);
    c.action = std::move(action);
    c.case_no = kOrderNo;
    c.version = o.version;
    c.received_at = now;
    c.input = std::move(in);
    return decide_order(facts, c);
  }
  std::string act(Role role, std::string const& action, ActionInput in = {}) {
    auto decision = ask(role, action, std::move(in));
    if (auto const* no = std::get_if<Refused>(&decision)) return std::string(info(no->reason).id);
    auto const& yes = std::get<OrderAccepted>(decision);
    o = yes.after;
    facts.present = o;
    rows.insert(rows.end(), yes.rows.begin(), yes.rows.end());
    return "accepted";
  }
  void receive() {
    ActionInput in;
    in.text = "夜间施工扰民";
    in.name = "张三", in.phone = "13800000000";
    in.until = local(2025, 9, 26, 18, 0);
    ASSERT_EQ(act(Role::hotline_agent, "receive", in), "accepted");
  }
  // By ordinary people to `state`.
  void walk_to(OrderState state) {
    receive();
    if (state == OrderState::received) return;
    if (state == OrderState::sent_back || state == OrderState::returned) {
      ASSERT_EQ(act(Role::hotline_agent, "send_back", input("send_back")), "accepted");
      if (state == OrderState::returned) {
        ASSERT_EQ(act(Role::hotline_agent, "grant_send_back"), "accepted");
      }
      return;
    }
    for (auto const* action : {"sign_order", "assign_order", "draft_reply", "sign_off_reply", "return_visit"}) {
      bool const assigned = o.state == OrderState::handling && !o.unit.empty();
      if (o.state == state && (state != OrderState::handling || assigned)) return;
      auto const role = std::string(action) == "sign_off_reply" ? Role::unit_head
                        : std::string(action) == "draft_reply"  ? Role::unit_clerk
                                                                : Role::hotline_agent;
      ASSERT_EQ(act(role, action, input(action)), "accepted") << action;
    }
  }
  ActionInput input(std::string const& action) const {
    ActionInput in;
    in.reason = "不属本区", in.text = "已责令停工";
    in.unit = "city_a";
    in.into = "3708712025092200001";
    in.satisfaction = "satisfied";
    if (action == "ask_extension") in.until = o.due_at.value_or(now) + 48h;
    return in;
  }

  City city = small_city();
  OrderFacts facts;
  HotlineOrder o;
  std::vector<HistoryRow> rows;
  Instant now = local(2025, 9, 22, 9, 0);
};

TEST(Hotline, EveryRowOfItsTableIsTakenByEachOfItsRolesAndByNobodyElse) {
  for (auto const& row : order_rows()) {
    for (auto const& role : kRoles) {
      Desk d;
      d.walk_to(row.from);
      if (HasFatalFailure()) return;
      auto const action = std::string(id(row.action));
      auto in = d.input(action);
      if (row.outcome == "again") in.satisfaction = "dissatisfied", in.until = d.now + 72h;
      bool const waits = action == "grant_extension" || action == "refuse_extension";
      if (waits) d.o.extension_until = *d.o.due_at + 24h;
      if (action == "unlink_case") d.o.cases = {in.into};
      if (d.o.unit.empty()) d.o.unit = "city_a";  // so that a unit's people see it
      d.facts.present = d.o;
      d.facts.case_known = true;
      bool const may = std::find(row.who.begin(), row.who.end(), role.role) != row.who.end();
      auto const said = d.act(role.role, action, in);
      if (!may) {
        EXPECT_NE(said, "accepted") << action << " by " << role.id;
        continue;
      }
      EXPECT_EQ(said, "accepted") << id(row.from) << " " << action << " by " << role.id;
      EXPECT_EQ(id(d.o.state), id(row.to)) << action;
    }
  }
}

TEST(Hotline, EachRefusalHasItsReason) {
  Desk d;
  EXPECT_EQ(d.act(Role::patroller, "receive", d.input("receive")), "not_yours");
  EXPECT_EQ(d.act(Role::hotline_agent, "receive", {}), "field_missing");
  d.walk_to(OrderState::received);
  EXPECT_EQ(d.act(Role::unit_clerk, "draft_reply", d.input("")), "out_of_scope") << "not its unit's yet";
  EXPECT_EQ(d.act(Role::hotline_agent, "draft_reply", d.input("")), "wrong_state");
  EXPECT_EQ(d.act(Role::evaluator, "sign_order"), "not_yours");
  EXPECT_EQ(d.act(Role::hotline_agent, "send_back", {}), "field_missing");
  d.act(Role::hotline_agent, "sign_order");
  EXPECT_EQ(d.act(Role::hotline_agent, "draft_reply", d.input("")), "no_unit_named");
  auto nowhere = d.input("");
  nowhere.unit = "nowhere";
  EXPECT_EQ(d.act(Role::dispatch_officer, "assign_order", nowhere), "unknown_unit");
  d.act(Role::dispatch_officer, "assign_order", d.input(""));
  EXPECT_EQ(d.act(Role::dispatch_officer, "link_case", d.input("")), "unknown_case");
  d.facts.case_known = true;
  EXPECT_EQ(d.act(Role::dispatch_officer, "link_case", d.input("")), "accepted");
  EXPECT_EQ(d.act(Role::dispatch_officer, "link_case", d.input("")), "case_linked");
  EXPECT_EQ(d.act(Role::hotline_agent, "grant_extension", d.input("")), "no_request");
  auto sooner = d.input("ask_extension");
  sooner.until = d.now + 1h;
  EXPECT_EQ(d.act(Role::unit_clerk, "ask_extension", sooner), "until_out_of_range");
  EXPECT_EQ(d.act(Role::unit_clerk, "ask_extension", d.input("ask_extension")), "accepted");
  EXPECT_EQ(d.act(Role::unit_clerk, "ask_extension", d.input("ask_extension")), "request_open");
  d.act(Role::unit_head, "draft_reply", d.input(""));
  EXPECT_EQ(d.act(Role::unit_head, "sign_off_reply"), "same_person") << "who wrote it does not sign it off";
  d.now = local(2025, 10, 9, 9, 0);
  EXPECT_EQ(d.act(Role::hotline_agent, "send_back", d.input("")), "wrong_state");
  d.act(Role::hotline_agent, "refuse_extension");
  EXPECT_EQ(d.act(Role::unit_clerk, "ask_extension", d.input("ask_extension")), "already_late");
  Desk later;
  later.walk_to(OrderState::handling);
  later.now = local(2025, 9, 24, 9, 0);
  EXPECT_EQ(later.act(Role::hotline_agent, "send_back", later.input("")), "return_window_over");
  Desk visited;
  visited.walk_to(OrderState::replied);
  auto again = visited.input("");
  again.satisfaction = "dissatisfied";
  EXPECT_EQ(visited.act(Role::hotline_agent, "return_visit", again), "field_missing") << "by which day?";
}

TEST(Hotline, ADissatisfiedCitizenMeansItIsDoneAgain) {
  Desk d;
  d.walk_to(OrderState::replied);
  auto in = d.input("");
  in.satisfaction = "very_dissatisfied";
  in.until = d.now + 72h;
  ASSERT_EQ(d.act(Role::hotline_agent, "return_visit", in), "accepted");
  EXPECT_EQ(d.o.state, OrderState::handling);
  EXPECT_EQ(d.o.redone, 1);
  EXPECT_EQ(d.o.due_at, in.until);
  EXPECT_FALSE(d.o.replied_at);
  EXPECT_EQ(d.o.unit, "city_a") << "the same unit answers again";
}

TEST(Hotline, ItsDeadlineIsTheUpstreamsAlone) {
  Desk d;
  d.walk_to(OrderState::handling);
  auto const due = d.o.due_at;
  d.facts.case_known = true;
  d.act(Role::dispatch_officer, "link_case", d.input(""));
  // Whatever becomes of the case - paused, voided, ended - no action of a case speaks of the order, and no fact of one
  // is read.
  EXPECT_EQ(d.o.due_at, due);
  EXPECT_EQ(d.act(Role::unit_clerk, "ask_extension", d.input("ask_extension")), "accepted");
  EXPECT_EQ(d.o.due_at, due) << "the clock runs while it waits";
  auto less = d.input("");
  less.until = *due + 24h;
  EXPECT_EQ(d.act(Role::hotline_agent, "grant_extension", less), "accepted");
  EXPECT_EQ(d.o.due_at, *due + 24h) << "what upstream gave, not what was asked";
  d.now = *d.o.due_at + 1ms;
  d.act(Role::unit_clerk, "draft_reply", d.input(""));
  d.act(Role::unit_head, "sign_off_reply");
  EXPECT_TRUE(d.o.late);
}

TEST(Hotline, TheSameOrderSentTwiceIsOne) {
  Desk d;
  d.receive();
  auto const again = d.ask(Role::hotline_agent, "receive", d.input(""));
  EXPECT_TRUE(std::get<OrderAccepted>(again).known);
  EXPECT_TRUE(std::get<OrderAccepted>(again).rows.empty());
  EXPECT_TRUE(is_order_no("hotline_12345:A-1_b.2"));
  for (auto const* no : {"3708712025092200001", "hotline_12345:", "other:1", "hotline_12345:a b", "hotline_12345:热"})
    EXPECT_FALSE(is_order_no(no)) << no;
}

TEST(Hotline, NoPersonalDataReachesTheHistory) {
  Desk d;
  d.receive();
  for (auto const& row : d.rows)
    for (auto const& [field, value] : row.changes) EXPECT_EQ(value.find("13800000000"), std::string::npos) << field;
}

TEST(Hotline, ItsLadderRunsWhileNobodySignedAndWhileNobodyReplied) {
  Desk d;
  d.receive();
  EXPECT_EQ(order_alarm_due(d.o), d.o.sign_by);
  EXPECT_EQ(order_ladder(d.city, d.o).back().id, "committee");
  auto const before = d.o;
  d.act(Role::hotline_agent, "sign_order");
  auto const change = order_alarm_change(d.city, before, d.o);
  ASSERT_TRUE(change);
  EXPECT_EQ(change->due, d.o.due_at);
  auto const ladder = order_ladder(d.city, d.o);
  EXPECT_EQ(ladder.front().id, "warn");
  for (auto const& rung : ladder)
    EXPECT_EQ(d.city.calendar_of("").next_open(rung.at), rung.at) << "nothing in the night";
  d.walk_to(OrderState::received);
  Desk done;
  done.walk_to(OrderState::replied);
  EXPECT_FALSE(order_alarm_due(done.o));
  EXPECT_TRUE(order_ladder(done.city, done.o).empty());
}

TEST(HotlineProperty, RandomLivesReplayToTheirRow) {
  std::mt19937_64 random(7);
  auto const pick = [&](std::size_t below) { return random() % below; };
  std::array<int, kOrderStates.size()> ends{};
  for (int life = 0; life < 300; ++life) {
    Desk d;
    d.receive();
    for (int step = 0; step < 30; ++step) {
      d.now += std::chrono::minutes{pick(600)};
      auto const& action = order_actions()[1 + pick(order_actions().size() - 1)];
      auto const& role = kRoles[pick(kRoles.size())].role;
      auto in = d.input(std::string(action.id));
      d.facts.case_known = pick(2) != 0;
      if (action.id == "return_visit" && pick(2)) in.satisfaction = "dissatisfied", in.until = d.now + 24h;
      auto const before = d.o;
      auto const buttons = order_actions_for(who_is(role), d.o);
      bool const shown = std::find(buttons.begin(), buttons.end(), action.action) != buttons.end();
      auto const said = d.act(role, std::string(action.id), in);
      EXPECT_TRUE(shown || said != "accepted") << action.id << " was taken without a button";
      if (said == "accepted") {
        EXPECT_EQ(d.o.version, before.version + 1);
      } else {
        EXPECT_TRUE(order_diff(before, d.o).empty()) << "a refusal changes nothing";
      }
    }
    auto const again = replay_order("370871", kOrderNo, d.rows);
    EXPECT_EQ(again.version, d.o.version);
    EXPECT_TRUE(order_diff(again, d.o).empty());
    ++ends[static_cast<std::size_t>(d.o.state)];
  }
  EXPECT_GT(ends[static_cast<std::size_t>(OrderState::returned)], 0);
}

}  // namespace
}  // namespace wangge::core::test
