// Regressions named by the field (tests/README.md lists them all): what went wrong in other systems between a report
// and its crew, tried on the writers.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "dispatcher/engine/command_writer.hpp"
#include "dispatcher/engine/report_writer.hpp"
#include "tests/engine/fixture.hpp"

namespace wangge::engine::test {
namespace {

using core::Role;
using core::test::local;
using core::test::person_of;
using namespace std::chrono_literals;

struct Peers : testing::Test {
  City c;
  storage::MemoryStore report_store{c.database}, store{c.database};
  ReportWriter reports{c.city.district, report_store, [](std::string) {}};
  CommandWriter writer{c.city.district, store, [](std::string) {}};
  core::Instant now = local(2026, 11, 24, 9, 5);
  int commands = 0;
  Touched touched;

  void SetUp() override { begin(); }
  void begin() {
    auto const start = report_store.take_over(c.city.district, "test");
    try {
      store.districts();
    } catch (storage::Broken const&) {
    }
    reports.begin(start, c.world(), {});
    store.join(c.city.district, start.epoch);
    writer.begin(start.epoch, c.world());
  }
  std::string report(int n) { return reports.process({report_in(c, n)}, now, touched)[0].answer.case_no(); }
  core::Case row(std::string const& case_no) const { return c.now().cases.at(case_no); }
  std::int32_t act(std::string const& case_no, Role role, std::string action, core::ActionInput input = {}) {
    CommandIn in;
    in.peer = "peer";
    in.correlation = std::to_string(++commands);
    in.command.command_id = in.command.body_hash = "c" + in.correlation;
    auto const present = row(case_no);
    bool const squad = role == Role::squad_leader || role == Role::disposer;
    bool const unit = squad || role == Role::unit_clerk || role == Role::unit_head;
    in.command.who = person_of(role, unit ? present.unit : "", squad ? present.squad : "",
                               role == Role::patroller ? present.holder : "");
    in.command.who.district = c.city.district;
    in.command.action = std::move(action);
    in.command.input = std::move(input);
    in.command.case_no = case_no;
    in.command.version = present.version;
    in.command.received_at = now;
    return writer.process({in}, now, touched)[0].row.status;
  }
  // Tasks that wait on squads' devices, and those they are told to drop.
  std::set<std::string> pushed(bool withdrawn) const {
    std::set<std::string> out;
    for (auto const& push : c.database->pending_pushes(1000))
      if (push.withdrawn == withdrawn) out.insert(push.task_id);
    return out;
  }
  std::int64_t load_of(std::string const& squad) {
    storage::LoadRequest want;
    want.loads = true;
    auto const loads = store.load(c.city.district, want).loads;
    auto const found = loads.find(squad);
    return found == loads.end() ? 0 : found->second;
  }
};

// FMS #1334: the state changes before the task has reached anybody.
TEST_F(Peers, AStateThatChangesBeforeDispatchIsStillDispatchedOrExplicitlyCancelled) {
  auto const no = report(1);
  ASSERT_EQ(pushed(false).size(), 1u) << "waits for a device";
  auto const task = *pushed(false).begin();
  ASSERT_EQ(act(no, Role::dispatch_officer, "recall"), 200);
  EXPECT_TRUE(pushed(false).empty());
  EXPECT_EQ(pushed(true), std::set{task}) << "cancelled in so many words, not just gone";
  ASSERT_EQ(act(no, Role::dispatch_officer, "dispatch"), 200);
  EXPECT_EQ(pushed(false).size(), 1u) << "and the next dispatch goes out as ever";
  core::ActionInput note;
  note.text = "已电话联系";
  ASSERT_EQ(act(no, Role::dispatch_officer, "note", note), 200);
  EXPECT_EQ(pushed(false).size(), 1u) << "a change that moves nothing cancels nothing";
}

// FMS Reports.pm, suitenumerique/messages #445.
TEST_F(Peers, AWorkerKilledBetweenProcessingAndDoneIsLeasedAgain) {
  for (auto const fault : {storage::Fault::broken, storage::Fault::in_doubt_committed, storage::Fault::in_doubt_lost}) {
    auto const n = 10 + static_cast<int>(fault);
    bool armed = true;
    c.database->fault = [&](char const* verb) {
      bool const now_ = armed && std::string_view(verb) == "save";
      if (now_) armed = false;
      return now_ ? fault : storage::Fault::none;
    };
    try {
      reports.process({report_in(c, n)}, now, touched);
    } catch (std::runtime_error const&) {
    }
    c.database->fault = {};
    begin();  // another worker, which knows nothing
    auto const no = report(n);
    auto const again = report(n);
    EXPECT_EQ(no, again);
    std::size_t cases = 0;
    for (auto const& [number, one] : c.now().cases) cases += one.report_id == "r" + std::to_string(n);
    EXPECT_EQ(cases, 1u);
    std::size_t tasks = 0;
    for (auto const& [id, t] : c.now().tasks) tasks += t.task.case_no == no;
    EXPECT_EQ(tasks, 1u) << "and one task, pushed once more at most";
  }
}

// FMS #3228.
TEST_F(Peers, APoisonCaseDoesNotBlockTheQueue) {
  c.database->poison = [](storage::CaseSave const& save) { return save.after.report_id == "r3"; };
  std::vector<ReportIn> batch;
  for (int n = 1; n <= 6; ++n) batch.push_back(report_in(c, n));
  auto const out = reports.process(batch, now, touched);
  EXPECT_EQ(out.size(), 6u);
  EXPECT_EQ(c.now().cases.size(), 5u);
  EXPECT_EQ(c.now().dead_letters.size(), 1u);
}

// GovFlow run: eight at once, here from eight workers' batches that interleave over two connections.
TEST_F(Peers, EightParallelCreatesHaveUniqueNumbers) {
  std::set<std::string> numbers;
  for (int round = 0; round < 40; ++round) {
    std::vector<ReportIn> batch;
    for (int n = 0; n < 8; ++n) batch.push_back(report_in(c, 100 + round * 8 + n));
    for (auto const& out : reports.process(batch, now, touched))
      EXPECT_TRUE(numbers.insert(out.answer.case_no()).second);
    if (round % 10 == 9) begin();  // and over take-overs
  }
  EXPECT_EQ(numbers.size(), 320u);
}

// Ushahidi #3886: N rows, twice.
TEST_F(Peers, AnImportOfNRowsTwiceGivesNCases) {
  for (int twice = 0; twice < 2; ++twice) {
    std::vector<ReportIn> batch;
    for (int n = 1; n <= 50; ++n) batch.push_back(report_in(c, n));
    reports.process(batch, now, touched);
  }
  EXPECT_EQ(c.now().cases.size(), 50u);
  std::vector<ReportIn> elsewhere;  // from another gateway, under other numbers of its spool
  for (int n = 1; n <= 50; ++n) {
    auto in = report_in(c, n);
    in.spool_id = "another";
    elsewhere.push_back(std::move(in));
  }
  reports.process(elsewhere, now, touched);
  EXPECT_EQ(c.now().cases.size(), 50u);
}

// Resgrid #273, TicketsCAD #59. Every open screen of the squad reads the same outbox: doors_tests has the screens.
TEST_F(Peers, ACrewBecomesFreeWhenTheCaseEnds) {
  auto const worked = report(1), forced = report(2);
  auto const squad = row(worked).squad;
  EXPECT_EQ(load_of(squad), 2);
  core::ActionInput in;
  in.photos = {"sha256-1"};
  in.reason = "影响消除";
  ASSERT_EQ(act(worked, Role::squad_leader, "sign"), 200);
  ASSERT_EQ(act(worked, Role::disposer, "dispose", in), 200);
  EXPECT_EQ(load_of(squad), 1) << "handed over: the crew is free, whatever the check says later";
  ASSERT_EQ(act(forced, Role::shift_leader, "force_close", in), 200);
  core::ActionInput yes;
  yes.request_id = row(forced).requests.front().request_id;
  ASSERT_EQ(act(forced, Role::leader, "approve_request", yes), 200);
  EXPECT_EQ(load_of(squad), 0);
  EXPECT_EQ(pushed(true).size(), 1u) << "the open screens are told to drop what was taken from them";
  for (auto const& id : pushed(false)) EXPECT_NE(c.now().tasks.at(id).task.squad, squad);
}

}  // namespace
}  // namespace wangge::engine::test
