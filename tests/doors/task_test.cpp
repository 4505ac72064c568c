// Tasks and hints, live: what waited is sent on connect, what comes is pushed once, what is received is forgotten.
#include <gtest/gtest.h>

#include <set>

#include "world.hpp"

namespace wangge::test {
namespace {

storage::TaskPush push(std::string task, std::string squad, std::string holder = "", std::int64_t epoch = 1) {
  storage::TaskPush p;
  p.task_id = task;
  p.squad = std::move(squad);
  p.holder = std::move(holder);
  p.epoch = epoch;
  p.district = "370871";
  p.json = "{\"task_id\":\"" + task + "\",\"epoch\":" + std::to_string(epoch) + "}";
  return p;
}

class Tasks : public ::testing::Test {
 protected:
  void add(storage::TaskPush p) {
    std::lock_guard lock(world.reads.mutex);
    world.reads.pushes.push_back(std::move(p));
  }
  void clear() {
    std::lock_guard lock(world.reads.mutex);
    world.reads.pushes.clear();
  }
  std::unique_ptr<http::test::Client> connect(std::string_view token, std::string_view path = "/api/v1/tasks/stream") {
    auto client = std::make_unique<http::test::Client>(world.port);
    client->send(http::test::get(path, token));
    EXPECT_NE(client->read_until("\r\n\r\n").find(" 200 "), std::string::npos);
    return client;
  }
  World world;
};

TEST_F(Tasks, WhatWaitedIsSentOnConnectAndWhatComesIsPushed) {
  add(push("t-1", "s1"));
  auto const client = connect("squad_leader");
  EXPECT_NE(client->read_until("\"task_id\":\"t-1\"").find("event: task\n"), std::string::npos);
  add(push("t-2", "s1"));
  world.streams.wake();
  EXPECT_NE(client->read_until("\"task_id\":\"t-2\"").find("event: task\n"), std::string::npos);
}

TEST_F(Tasks, ATaskIsNotSentTwiceOnOneConnectionButAgainOnTheNextAndWithANewEpoch) {
  add(push("t-1", "s1"));
  auto const client = connect("squad_leader");
  client->read_until("\"task_id\":\"t-1\"");
  clear();
  add(push("t-1", "s1", "", 2));
  auto const again = client->read_until("\"epoch\":2");
  EXPECT_EQ(again.find("\"epoch\":1", again.find("event")), std::string::npos) << again;
  auto const other = connect("squad_leader");
  EXPECT_NE(other->read_until("\"epoch\":2").find("t-1"), std::string::npos);
}

TEST_F(Tasks, AWithdrawnTaskIsToldAsSuch) {
  auto const client = connect("squad_leader");
  auto gone = push("t-1", "s1");
  gone.withdrawn = true;
  add(gone);
  EXPECT_NE(client->read_until("t-1").find("event: task_withdrawn\n"), std::string::npos);
}

// Resgrid #273, TicketsCAD #59: the crew's tablet, its leader's phone and the wall in the yard.
TEST_F(Tasks, ACrewBecomesFreeOnEveryOpenScreen) {
  add(push("t-1", "s1"));
  std::vector<std::unique_ptr<http::test::Client>> screens;
  for (auto const* token : {"squad_leader", "disposer", "disposer:second"}) {
    screens.push_back(connect(token));
    screens.back()->read_until("\"task_id\":\"t-1\"");
  }
  clear();
  auto gone = push("t-1", "s1", "", 2);
  gone.withdrawn = true;
  add(gone);
  world.streams.wake();
  for (auto const& screen : screens) EXPECT_NE(screen->read_until("\"epoch\":2").find("event: task_withdrawn\n"), std::string::npos);
}

TEST_F(Tasks, EachHolderGetsOnlyHisOwn) {
  add(push("of-other-squad", "s2"));
  add(push("of-patroller", "", "patroller"));
  auto elsewhere = push("of-other-district", "s1");
  elsewhere.district = "110101";
  add(elsewhere);
  add(push("of-named-disposer", "s1", "somebody"));
  add(push("of-squad", "s1"));
  auto const disposer = connect("disposer");
  auto const text = disposer->read_until("\"task_id\":\"of-squad\"");
  for (auto const* foreign : {"of-other-squad", "of-patroller", "of-other-district", "of-named-disposer"})
    EXPECT_EQ(text.find(foreign), std::string::npos) << foreign;
  auto const patroller = connect("patroller");
  EXPECT_EQ(patroller->read_until("\"task_id\":\"of-patroller\"").find("of-squad"), std::string::npos);
  auto const leader = connect("squad_leader");
  EXPECT_NE(leader->read_until("\"task_id\":\"of-squad\"").find("of-named-disposer"), std::string::npos)
      << "a squad's leader sees all of the squad's";
}

// An assisting task lies with a unit, with no squad and no person: its desk hears of it (RULINGS 14).
TEST_F(Tasks, AUnitsDeskGetsWhatLiesWithTheUnitItself) {
  auto elsewhere = push("of-other-unit", "");
  elsewhere.desk = "u2";
  add(elsewhere);
  add(push("of-squad", "s1"));
  auto own = push("of-desk", "");
  own.desk = "u1";
  add(own);
  for (auto const* role : {"unit_clerk", "unit_head"}) {
    auto const desk = connect(role);
    auto const text = desk->read_until("\"task_id\":\"of-desk\"");
    EXPECT_NE(text.find("event: task\n"), std::string::npos) << role;
    EXPECT_EQ(text.find("of-other-unit"), std::string::npos) << role;
    EXPECT_EQ(text.find("of-squad"), std::string::npos) << role;
    add(push("wakes-" + std::string(role), "s1"));
    auto later = push("later-" + std::string(role), "");
    later.desk = "u1";
    add(later);
    world.streams.wake();
    EXPECT_NE(desk->read_until("later-" + std::string(role)).find("event: task\n"), std::string::npos);
  }
  auto const leader = connect("squad_leader");
  EXPECT_EQ(leader->read_until("\"task_id\":\"of-squad\"").find("of-desk"), std::string::npos);
}

TEST_F(Tasks, TheStreamOutlivesADeadDatabase) {
  auto const client = connect("squad_leader");
  world.reads.away = true;
  add(push("t-1", "s1"));
  world.streams.wake();
  auto const late = connect("disposer");  // joins while the database is away
  world.reads.away = false;
  EXPECT_NE(client->read_until("t-1").find("event: task\n"), std::string::npos);
  EXPECT_NE(late->read_until("t-1").find("event: task\n"), std::string::npos);
}

TEST_F(Tasks, ReceivedIsAnswered204AndAnOldEpoch409) {
  world.road.command_outcome = {.status = 204};
  auto const ok = world.ask("POST", "/api/v1/tasks/t-1/received", "squad_leader", "{\"epoch\":1}");
  EXPECT_EQ(ok.status, 204);
  EXPECT_TRUE(ok.text.empty());
  ASSERT_EQ(world.road.receipts.size(), 1u);
  EXPECT_EQ(world.road.receipts[0].task_id, "t-1");
  EXPECT_EQ(world.road.receipts[0].who.squad, "s1");
  world.road.command_outcome = {.status = 409, .code = "stale_epoch"};
  EXPECT_EQ(world.ask("POST", "/api/v1/tasks/t-1/received", "squad_leader", "{\"epoch\":1}").code(), "stale_epoch");
  world.road.command_outcome = {.status = 404};
  EXPECT_EQ(world.ask("POST", "/api/v1/tasks/t-1/received", "squad_leader", "{\"epoch\":1}").status, 404);
  world.road.command_outcome = {.status = 503, .code = "no_dispatcher"};
  EXPECT_EQ(world.ask("POST", "/api/v1/tasks/t-1/received", "squad_leader", "{\"epoch\":1}").status, 503);
}

TEST_F(Tasks, AReceiptWithoutAnEpochIsMalformed) {
  for (auto const* body : {"{}", "{\"epoch\":\"1\"}", "{\"epoch\":1.5}", "[]"})
    EXPECT_EQ(world.ask("POST", "/api/v1/tasks/t-1/received", "squad_leader", body).status, 422) << body;
  EXPECT_EQ(world.ask("POST", "/api/v1/tasks/t-1/received", "squad_leader", "{").code(), "bad_json");
  EXPECT_TRUE(world.road.receipts.empty());
}

TEST(Heartbeat, AQuietStreamCarriesComments) {
  World world({.poll = core::Millis{20}, .heartbeat = core::Millis{30}});
  http::test::Client client(world.port);
  client.send(http::test::get("/api/v1/tasks/stream", "squad_leader"));
  EXPECT_NE(client.read_until(": beat").find("200"), std::string::npos);
}

TEST_F(Tasks, ConsolesAreToldOfChangedCasesOfTheirDistrictOnly) {
  auto const client = connect("shift_leader", "/api/v1/stream");
  while (world.hints.connected() == 0) std::this_thread::yield();
  world.hints.hint({"110101", {}, {}, {"1101012026112400001"}});
  world.hints.hint({"370871", {}, {}, {kCaseNo}});
  auto const text = client->read_until(std::string("\"case_no\":\"") + kCaseNo + "\"");
  EXPECT_NE(text.find("event: case\n"), std::string::npos);
  EXPECT_EQ(text.find("110101"), std::string::npos);
}

// Scope bounds hints as it bounds lists: a number of somebody else's case is nobody else's to know.
TEST_F(Tasks, HintsStayWithinTheCallersScope) {
  auto own = case_view(), other = case_view();
  other.row.case_no = "3708712026112400002";
  other.row.unit = "u2";
  other.row.squad = "s2";
  auto held = other;
  held.row.case_no = "3708712026112400003";
  core::Task task;
  task.holder = "disposer";
  held.open_tasks = {task};
  {
    std::lock_guard lock(world.reads.mutex);
    for (auto const& view : {own, other, held}) world.reads.cases[view.row.case_no] = view;
  }
  auto const clerk = connect("unit_clerk", "/api/v1/stream"), disposer = connect("disposer", "/api/v1/stream"),
             shift = connect("shift_leader", "/api/v1/stream");
  while (world.hints.connected() < 3) std::this_thread::yield();
  world.hints.hint({"370871", {}, {}, {"3708712026112400002", "3708712026112400003", kCaseNo}});
  auto const last = std::string("\"case_no\":\"") + kCaseNo + "\"";
  auto const of_clerk = clerk->read_until(last), of_disposer = disposer->read_until(last), of_shift = shift->read_until(last);
  EXPECT_EQ(of_clerk.find("00002"), std::string::npos);
  EXPECT_EQ(of_clerk.find("00003"), std::string::npos);
  EXPECT_EQ(of_disposer.find("00002"), std::string::npos);
  EXPECT_NE(of_disposer.find("00003"), std::string::npos) << "he holds a task of it";
  EXPECT_NE(of_shift.find("00002"), std::string::npos);
  world.reads.away = true;  // the scope cannot be looked up: whoever is bounded hears nothing, the others go on
  world.hints.hint({"370871", {}, {}, {"3708712026112400002"}});
  EXPECT_NE(shift->read_until("00002\"").find("event: case"), std::string::npos);
  world.reads.away = false;
  world.hints.hint({"370871", {}, {}, {kCaseNo}});
  EXPECT_EQ(clerk->read_until(last).find("00002"), std::string::npos);
}

// A query that hangs holds up the tasks, not the line: the comments go on, for tasks and for hints.
TEST(Heartbeat, GoesOnWhileAQueryHangs) {
  World world({.poll = core::Millis{20}, .heartbeat = core::Millis{30}}, core::Millis{30});
  http::test::Client tasks(world.port), hints(world.port);
  tasks.send(http::test::get("/api/v1/tasks/stream", "squad_leader"));
  hints.send(http::test::get("/api/v1/stream", "unit_clerk"));
  EXPECT_NE(tasks.read_until(": beat").find("200"), std::string::npos);
  EXPECT_NE(hints.read_until(": beat").find("200"), std::string::npos);
  std::unique_lock hung(world.reads.mutex);
  world.streams.wake();
  world.hints.hint({"370871", {}, {}, {kCaseNo}});
  while (world.reads.waiting < 2) std::this_thread::yield();  // both threads are in their query
  for (int i = 0; i < 5; ++i) {
    EXPECT_NE(tasks.read_until(": beat").find("beat"), std::string::npos);
    EXPECT_NE(hints.read_until(": beat").find("beat"), std::string::npos);
  }
  hung.unlock();
}

// A burst larger than one query's window: the newest rows alone must not be all that anybody hears of.
TEST(TaskWindow, ABurstLargerThanTheWindowIsPushedWhole) {
  struct Heard final : http::Stream {
    bool send(std::string_view, std::string_view data) override {
      std::lock_guard lock(mutex);
      all.emplace_back(data);
      changed.notify_all();
      return true;
    }
    bool comment(std::string_view) override { return true; }
    bool open() const override { return true; }
    void close() override {}
    bool wait_for(std::size_t count) {
      std::unique_lock lock(mutex);
      return changed.wait_for(lock, std::chrono::seconds{20}, [&] { return all.size() >= count; });
    }
    std::mutex mutex;
    std::condition_variable changed;
    std::vector<std::string> all;
  };
  std::mutex mutex;
  std::vector<storage::TaskPush> rows;  // newest first, as the read model gives them
  auto const pending = [&](int limit, std::vector<std::string> const& told) {
    std::lock_guard lock(mutex);
    std::vector found(rows.begin(), rows.begin() + std::min<std::ptrdiff_t>(limit, std::ssize(rows)));
    for (auto& row : found)
      if (std::find(told.begin(), told.end(), row.outbox_id) != told.end()) row = {.outbox_id = row.outbox_id};
    return found;
  };
  squad::TaskStreams streams(pending, [](core::Principal const&) { return std::vector<storage::TaskPush>(); },
                             {.poll = core::Millis{10}, .window = 2, .whole_every = std::chrono::hours{1}});
  core::Principal who;
  who.name = "somebody";
  who.district = "370871";
  who.role = core::Role::squad_leader;
  who.squad = "s1";
  auto const heard = std::make_shared<Heard>();
  streams.start();
  auto const add = [&](int from, int to) {
    std::lock_guard lock(mutex);
    for (int i = from; i < to; ++i) {
      auto row = push("t-" + std::to_string(i), "s1");
      row.outbox_id = std::to_string(i);
      rows.insert(rows.begin(), row);
    }
  };
  add(0, 1);
  streams.add(who, heard);
  ASSERT_TRUE(heard->wait_for(1)) << "the first query is whole";
  add(1, 9);
  ASSERT_TRUE(heard->wait_for(9));
  streams.stop();
  std::set<std::string> different(heard->all.begin(), heard->all.end());
  EXPECT_EQ(different.size(), heard->all.size()) << "and none twice";
}

}  // namespace
}  // namespace wangge::test
