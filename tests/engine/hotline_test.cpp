// Hotline orders through the command writer: opened once, answered once, told of in their time, beside cases.
#include <gtest/gtest.h>

#include <algorithm>

#include "dispatcher/engine/command_writer.hpp"
#include "dispatcher/engine/report_writer.hpp"
#include "tests/engine/fixture.hpp"

namespace wangge::engine::test {
namespace {

using core::Role;
using core::test::local;
using core::test::person_of;
using namespace std::chrono_literals;

constexpr char kNo[] = "hotline_12345:JN-1";

struct Orders : testing::Test {
  City c;
  storage::MemoryStore report_store{c.database}, store{c.database};
  ReportWriter reports{c.city.district, report_store, [](std::string) {}};
  CommandWriter writer{c.city.district, store, [](std::string) {}};
  core::Instant now = local(2026, 11, 24, 9, 5);
  int commands = 0;
  Touched touched;

  void SetUp() override {
    auto const start = report_store.take_over(c.city.district, "test");
    reports.begin(start, c.world(), {});
    store.join(c.city.district, start.epoch);
    writer.begin(start.epoch, c.world());
  }
  core::HotlineOrder order() const {
    auto const all = c.now().orders;
    auto const found = all.find(kNo);
    return found == all.end() ? core::HotlineOrder{} : found->second;
  }
  CommandIn command(Role role, std::string action, core::ActionInput input = {}) {
    CommandIn in;
    in.peer = "peer";
    in.correlation = std::to_string(++commands);
    in.command.command_id = in.command.body_hash = "c" + in.correlation;
    in.command.who = person_of(role, role == Role::unit_clerk || role == Role::unit_head ? "city_a" : "", "");
    in.command.who.district = c.city.district;
    in.command.action = std::move(action);
    in.command.input = std::move(input);
    in.command.case_no = kNo;
    in.command.version = order().version;
    in.command.received_at = now;
    return in;
  }
  storage::CommandRow act(Role role, std::string action, core::ActionInput input = {}) {
    return writer.process({command(role, std::move(action), std::move(input))}, now, touched)[0].row;
  }
  core::ActionInput words() {
    core::ActionInput in;
    in.text = "夜间施工扰民";
    in.name = "张三", in.phone = "13800000000";
    in.unit = "city_a";
    in.until = now + 72h;
    in.satisfaction = "satisfied";
    return in;
  }
};

TEST_F(Orders, AWholeLifeBesideItsCases) {
  auto const case_no = reports.process({report_in(c, 1)}, now, touched)[0].answer.case_no();
  ASSERT_EQ(act(Role::hotline_agent, "receive", words()).status, 200);
  EXPECT_EQ(c.now().reporters.at(kNo).second, "13800000000") << "kept apart";
  EXPECT_EQ(act(Role::hotline_agent, "receive", words()).code, "known") << "sent again: the same order";
  EXPECT_EQ(order().version, 1);
  ASSERT_EQ(act(Role::hotline_agent, "sign_order").status, 200);
  ASSERT_EQ(act(Role::dispatch_officer, "assign_order", words()).status, 200);
  auto link = words();
  link.into = "3708712026112499999";
  EXPECT_EQ(act(Role::dispatch_officer, "link_case", link).code, "unknown_case");
  link.into = case_no;
  ASSERT_EQ(act(Role::dispatch_officer, "link_case", link).status, 200);
  auto stale = command(Role::unit_clerk, "draft_reply", words());
  stale.command.version -= 1;
  EXPECT_EQ(writer.process({stale}, now, touched)[0].row.status, 409);
  auto const draft = command(Role::unit_clerk, "draft_reply", words());
  EXPECT_EQ(writer.process({draft}, now, touched)[0].row.status, 200);
  auto const again = writer.process({draft}, now, touched)[0];
  EXPECT_TRUE(again.replayed);
  EXPECT_EQ(again.row.version, 5);
  ASSERT_EQ(act(Role::unit_head, "sign_off_reply").status, 200);
  ASSERT_EQ(act(Role::hotline_agent, "return_visit", words()).status, 200);
  EXPECT_EQ(order().state, core::OrderState::closed);
  EXPECT_EQ(c.now().cases.at(case_no).state, core::State::pending_dispose) << "the case goes its own way";
}

TEST_F(Orders, AReportThatNamesAnOrderIsLinkedToIt) {
  auto named = [&](std::int64_t seq, std::string number) {
    auto in = report_in(c, seq);
    in.report.upstream_system = "hotline_12345", in.report.upstream_number = std::move(number);
    return in;
  };
  act(Role::hotline_agent, "receive", words());
  auto const out = reports.process({named(1, "JN-1"), named(2, "JN-1"), named(3, "JN-2"), named(4, "no such number!")}, now, touched);
  EXPECT_EQ(order().cases, (std::vector<std::string>{out[0].answer.case_no(), out[1].answer.case_no()}));
  EXPECT_EQ(order().version, 3);
  EXPECT_EQ(c.now().history.at(kNo).back().actor, "system");
  EXPECT_EQ(order().state, core::OrderState::received) << "nobody signed yet";
  reports.process({named(1, "JN-1")}, now, touched);
  EXPECT_EQ(order().version, 3) << "sent again: the same case";
  auto const replayed = core::replay_order(c.city.district, kNo, c.now().history.at(kNo));
  EXPECT_EQ(core::order_fields(replayed), core::order_fields(order()));
  ASSERT_EQ(act(Role::hotline_agent, "sign_order").status, 200) << "the lanes agree on its version";
}

TEST_F(Orders, TwoStepsOfOneBatchBuildOnEachOther) {
  act(Role::hotline_agent, "receive", words());
  auto first = command(Role::hotline_agent, "sign_order"),
       second = command(Role::dispatch_officer, "assign_order", words());
  second.command.version = 2;
  auto const out = writer.process({first, second}, now, touched);
  EXPECT_EQ(out[0].row.status, 200);
  EXPECT_EQ(out[1].row.status, 200);
  EXPECT_EQ(order().version, 3);
  EXPECT_EQ(c.now().history.at(kNo).size(), 3u);
}

TEST_F(Orders, NobodySignsAndTheShiftHearsOfItThenTheCommittee) {
  act(Role::hotline_agent, "receive", words());
  EXPECT_EQ(writer.fire(now + 10min, touched), 0);
  EXPECT_EQ(writer.fire(*order().sign_by, touched), 1);
  std::vector<std::string> told;
  for (auto const& e : c.now().escalations) told.push_back(e.step + " " + e.told);
  EXPECT_NE(std::find(told.begin(), told.end(), "breach shift_leader"), told.end());
  EXPECT_EQ(writer.fire(*order().sign_by + 1min, touched), 0) << "once";
  EXPECT_EQ(writer.fire(*order().sign_by + 240h, touched), 1);
  EXPECT_EQ(c.now().escalations.back().step, "committee");
  ASSERT_EQ(act(Role::hotline_agent, "sign_order").status, 200);
  for (auto const& e : c.now().escalations) EXPECT_TRUE(e.ended) << "signed: what was told has no object any more";
}

TEST_F(Orders, AcknowledgingStopsEveryLaterRung) {
  act(Role::hotline_agent, "receive", words());
  ASSERT_EQ(writer.fire(*order().sign_by, touched), 1);
  ASSERT_EQ(act(Role::shift_leader, "acknowledge_order").status, 200);
  EXPECT_EQ(writer.fire(*order().sign_by + 999h, touched), 0);
}

}  // namespace
}  // namespace wangge::engine::test
