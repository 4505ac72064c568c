#include "dispatcher/engine/command_writer.hpp"

#include <gtest/gtest.h>

#include "dispatcher/engine/report_writer.hpp"
#include "tests/engine/fixture.hpp"

namespace wangge::engine::test {
namespace {

using core::Role;
using core::test::person_of;

struct Commands : testing::Test {
  City c;
  storage::MemoryStore report_store{c.database}, store{c.database};
  ReportWriter reports{c.city.district, report_store, [](std::string) {}};
  CommandWriter writer{c.city.district, store, [](std::string) {}};
  core::Instant now = core::test::local(2026, 11, 24, 9, 5);
  std::string case_no;
  int commands = 0;

  void SetUp() override {
    auto const start = report_store.take_over(c.city.district, "test");
    reports.begin(start, c.world(), {});
    store.join(c.city.district, start.epoch);
    writer.begin(start.epoch, c.world());
    Touched touched;
    case_no = reports.process({report_in(c, 1)}, now, touched)[0].answer.case_no();
    ASSERT_EQ(row().state, core::State::pending_dispose) << "policy carries an ordinary report to the squad";
  }
  core::Case row() const { return c.now().cases.at(case_no); }
  CommandIn command(Role role, std::string action, std::int64_t version) {
    CommandIn in;
    in.peer = "peer";
    in.correlation = std::to_string(++commands);
    in.command.command_id = "c" + in.correlation;
    in.command.body_hash = in.command.command_id;
    in.command.who = person_of(role, row().unit, row().squad);
    in.command.who.district = c.city.district;
    in.command.action = action;
    in.command.input = core::test::full_input(action);
    in.command.case_no = case_no;
    in.command.version = version;
    in.command.received_at = now;
    return in;
  }
  std::vector<CommandAnswer> process(std::vector<CommandIn> batch) {
    Touched touched;
    return writer.process(batch, now, touched);
  }
  core::Task task() const {
    auto const now = c.now();
    for (auto const& [id, t] : now.tasks)
      if (t.task.open) return t.task;
    ADD_FAILURE() << "no open task";
    return {};
  }
};

TEST_F(Commands, ACommandIsDoneOnceAndItsRetryGetsTheFirstAnswer) {
  auto const sign = command(Role::squad_leader, "sign", row().version);
  auto const first = process({sign});
  EXPECT_EQ(first[0].row.status, 200);
  EXPECT_EQ(first[0].row.version, row().version);
  auto const again = process({sign});
  EXPECT_EQ(again[0].row.status, 200);
  EXPECT_TRUE(again[0].replayed);
  EXPECT_EQ(again[0].row.version, first[0].row.version);
}

TEST_F(Commands, AnotherBodyUnderACommandIdIsRefused) {
  auto sign = command(Role::squad_leader, "sign", row().version);
  process({sign});
  sign.command.body_hash = "other";
  auto const out = process({sign});
  EXPECT_EQ(out[0].row.status, 422);
  EXPECT_EQ(out[0].row.code, "command_id_reused");
}

TEST_F(Commands, TwoOfficersAtOnceOneIsTooLate) {
  auto const version = row().version;
  auto const out = process({command(Role::squad_leader, "sign", version), command(Role::disposer, "sign", version)});
  EXPECT_EQ(out[0].row.status, 200);
  EXPECT_EQ(out[1].row.status, 409);
  EXPECT_EQ(out[1].row.version, row().version);
}

TEST_F(Commands, CommandsOfOneBatchBuildOnEachOther) {
  auto const version = row().version;
  auto const out = process({command(Role::squad_leader, "sign", version), command(Role::squad_leader, "dispose", version + 1)});
  EXPECT_EQ(out[0].row.status, 200);
  EXPECT_EQ(out[1].row.status, 200);
  auto const rows = c.now().history.at(case_no);
  EXPECT_EQ(core::replay(c.city.district, case_no, rows).version, row().version);
}

TEST_F(Commands, AStrangeCaseOrDistrictIs404) {
  auto in = command(Role::squad_leader, "sign", 1);
  in.command.case_no = "nothing";
  EXPECT_EQ(process({in})[0].row.status, 404);
  in = command(Role::squad_leader, "sign", row().version);
  in.command.who.district = "370800";
  EXPECT_EQ(process({in})[0].row.status, 404);
}

TEST_F(Commands, ACommitInDoubtIsResolvedByTheCommandId) {
  auto const sign = command(Role::squad_leader, "sign", row().version);
  for (auto const fault : {storage::Fault::in_doubt_lost, storage::Fault::in_doubt_committed}) {
    int n = 0;
    c.database->fault = [&](char const*) { return n++ == 0 ? fault : storage::Fault::none; };
    EXPECT_THROW(process({sign}), storage::InDoubt);
    c.database->fault = {};
    auto const out = process({sign});
    EXPECT_EQ(out[0].row.status, 200);
    int signs = 0;
    auto const rows = c.now().history.at(case_no);
    for (auto const& r : rows) signs += r.action == "sign";
    EXPECT_EQ(signs, 1);
    if (fault == storage::Fault::in_doubt_lost) {  // again for a commit that did happen
      process({command(Role::squad_leader, "hand_back", row().version)});
      break;
    }
  }
}

TEST_F(Commands, OnlyTheSquadOfTheTaskReceivesIt) {
  auto const t = task();
  ReceivedIn in{"peer", "x", t.task_id, t.epoch, person_of(Role::squad_leader, t.unit, t.squad), now};
  in.who.district = c.city.district;
  Touched touched;
  auto wrong = in;
  wrong.who.squad = "b1";
  EXPECT_EQ(writer.received({wrong}, now, touched)[0].row.status, 404);
  auto old = in;
  old.epoch = t.epoch - 1;
  EXPECT_EQ(writer.received({old}, now, touched)[0].row.status, 409);
  auto const version = row().version;
  EXPECT_EQ(writer.received({in}, now, touched)[0].row.status, 204);
  EXPECT_EQ(writer.received({in}, now, touched)[0].row.status, 204) << "repeats are welcome";
  EXPECT_EQ(row().version, version) << "transport never raises the version";
}

TEST_F(Commands, WhoHadATaskUnderAnOldEpochIsToldThatItIsGone) {
  auto const before = task();
  ReceivedIn late{"peer", "x", before.task_id, before.epoch, person_of(Role::squad_leader, before.unit, before.squad), now};
  late.who.district = c.city.district;
  auto pass_on = command(Role::unit_clerk, "reassign", row().version);
  for (auto const& [id, squad] : c.city.squads)
    if (squad.unit == before.unit && id != before.squad) pass_on.command.input.squad = id;
  ASSERT_NE(pass_on.command.input.squad, before.squad) << "the city has two squads of one unit";
  ASSERT_EQ(process({pass_on})[0].row.status, 200);
  ASSERT_EQ(task().epoch, before.epoch + 1);
  Touched touched;
  auto const out = writer.received({late}, now, touched);
  EXPECT_EQ(out[0].row.status, 409);
  EXPECT_EQ(out[0].row.code, "stale_epoch");
  auto never = late;
  never.epoch = 0;
  EXPECT_EQ(writer.received({never}, now, touched)[0].row.status, 409);
  auto present = late;
  present.epoch = before.epoch + 1;
  EXPECT_EQ(writer.received({present}, now, touched)[0].row.status, 404) << "the present epoch is the other squad's";
  auto stranger = late;
  stranger.who.unit = "another";
  stranger.who.squad = "another-1";
  EXPECT_EQ(writer.received({stranger}, now, touched)[0].row.status, 404);
  auto patroller = late;
  patroller.who = person_of(Role::patroller, before.unit, before.squad);
  patroller.who.district = c.city.district;
  EXPECT_EQ(writer.received({patroller}, now, touched)[0].row.status, 404);
}

TEST_F(Commands, ATaskTakenBackBeforeItReachedTheDeviceIsNotReceived) {
  auto const gone = task();
  ReceivedIn late{"peer", "x", gone.task_id, gone.epoch, person_of(Role::squad_leader, gone.unit, gone.squad), now};
  late.who.district = c.city.district;
  ASSERT_EQ(process({command(Role::dispatch_officer, "recall", row().version)})[0].row.status, 200);
  auto const rows = c.now().history.at(case_no).size();
  Touched touched;
  EXPECT_EQ(writer.received({late}, now, touched)[0].row.status, 409);
  EXPECT_EQ(c.now().history.at(case_no).size(), rows) << "no row says that a device got what was taken back";
}

TEST_F(Commands, ATaskReceivedBeforeItEndedIsStillReceived) {
  auto const done = task();
  ReceivedIn in{"peer", "x", done.task_id, done.epoch, person_of(Role::squad_leader, done.unit, done.squad), now};
  in.who.district = c.city.district;
  Touched touched;
  ASSERT_EQ(writer.received({in}, now, touched)[0].row.status, 204);
  ASSERT_EQ(process({command(Role::dispatch_officer, "recall", row().version)})[0].row.status, 200);
  EXPECT_EQ(writer.received({in}, now, touched)[0].row.status, 204) << "a repeat is a repeat";
}

TEST_F(Commands, ATaskNobodyReceivesIsEscalatedOnce) {
  Touched touched;
  EXPECT_EQ(writer.escalate(now + std::chrono::seconds(60), touched), 0);
  EXPECT_EQ(writer.escalate(now + std::chrono::seconds(600), touched), 1);
  EXPECT_EQ(writer.escalate(now + std::chrono::seconds(900), touched), 0);
  EXPECT_TRUE(c.now().tasks.begin()->second.escalated_at.has_value());
}

}  // namespace
}  // namespace wangge::engine::test
