// The real threads, bus and spool of both processes in one, over the memory store: answers, a database that goes away
// and comes back, a second dispatcher, a restart of the gateway.
#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "dispatcher/engine/runtime.hpp"
#include "gateways/link/link.hpp"
#include "tests/engine/fixture.hpp"

namespace wangge::engine::test {
namespace {

using namespace std::chrono_literals;

template <class T>
class Answer {  // waits for a callback
 public:
  std::function<void(T)> take() {
    return [state = state_](T value) {
      std::lock_guard lock(state->mutex);
      state->value = std::move(value);
      state->arrived.notify_all();
    };
  }
  T get() {
    std::unique_lock lock(state_->mutex);
    if (!state_->arrived.wait_for(lock, 60s, [&] { return state_->value.has_value(); })) throw std::runtime_error("no answer in a minute");
    return *state_->value;
  }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable arrived;
    std::optional<T> value;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

template <class F>
bool until(F&& f) {
  for (int i = 0; i < 6000; ++i) {
    if (f()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

struct Road : testing::Test {
  City c;
  std::string folder;
  std::unique_ptr<Dispatcher> dispatcher;
  std::unique_ptr<link::Link> gateway;

  void SetUp() override {
    char name[] = "/tmp/wgroad.XXXXXX";
    folder = ::mkdtemp(name);
    dispatcher = make_dispatcher("d1", false);
    gateway = make_gateway();
    ASSERT_TRUE(until([&] { return dispatcher->healthy() && gateway->health().dispatcher_connected; }));
  }
  void TearDown() override {
    if (gateway) gateway->stop();
    if (dispatcher) dispatcher->stop();
    gateway.reset();
    dispatcher.reset();
    std::filesystem::remove_all(folder);
  }
  std::unique_ptr<Dispatcher> make_dispatcher(std::string const& name, bool standby) {
    DispatcherOptions o;
    o.name = name;
    o.bus_endpoint = "ipc://" + folder + "/bus-" + name;
    o.hint_endpoint = "ipc://" + folder + "/hints-" + name;
    o.standby = standby;
    o.open_store = [this](std::string const&) { return std::make_unique<storage::MemoryStore>(c.database); };
    auto d = std::make_unique<Dispatcher>(o);
    d->start();
    return d;
  }
  std::unique_ptr<link::Link> make_gateway() {
    link::Options o;
    o.gateway_name = "g1";
    o.spool_dir = folder + "/spool";
    o.dispatchers = {"ipc://" + folder + "/bus-d1", "ipc://" + folder + "/bus-d2"};
    o.hints = {"ipc://" + folder + "/hints-d1"};
    auto l = std::make_unique<link::Link>(o);
    l->start();
    return l;
  }
  link::ReportOutcome submit(int number, std::chrono::milliseconds wait = 30s) {
    Answer<link::ReportOutcome> answer;
    gateway->submit(report_in(c, number).report, wait, answer.take());
    return answer.get();
  }
  link::CommandOutcome sign(std::string const& case_no, std::string const& id) {
    auto const row = c.now().cases.at(case_no);
    core::Command k;
    k.command_id = k.body_hash = id;
    k.who = core::test::person_of(core::Role::squad_leader, row.unit, row.squad);
    k.who.district = c.city.district;
    k.action = "sign";
    k.case_no = case_no;
    k.version = row.version;
    k.received_at = row.last_at;
    Answer<link::CommandOutcome> answer;
    gateway->ask(k, answer.take());
    return answer.get();
  }
};

TEST_F(Road, AReportIsCommittedAndASquadSigns) {
  auto const out = submit(1);
  ASSERT_EQ(out.kind, link::ReportOutcome::Kind::committed);
  EXPECT_EQ(out.case_state, "pending_dispose");
  EXPECT_EQ(sign(out.case_no, "c1").status, 200);
  EXPECT_EQ(c.now().cases.at(out.case_no).state, core::State::disposing);
}

TEST_F(Road, TheDoorsGetTheirReferenceAndItsChanges) {
  ASSERT_TRUE(until([&] { return gateway->reference()->version() > 0; }));
  core::CategoryKey const key{"gbt47678.5-2026", "matter", "01001"};
  using Known = link::Reference::Known;
  auto const t = core::test::local(2026, 11, 24);
  EXPECT_EQ(gateway->reference()->known(c.city.district, key, "", t), Known::yes);
  EXPECT_EQ(gateway->reference()->known(c.city.district, {"local", "matter", "1"}, "", t), Known::unknown_category);
  auto changed = c.city;
  changed.version += 1;
  changed.catalogue.erase(key);
  c.database->put_city(changed, cells());
  EXPECT_TRUE(until([&] { return gateway->reference()->known(c.city.district, key, "", t) == Known::unknown_category; }));
}

TEST_F(Road, ADeadDatabaseMakes202AndNothingIsLost) {
  c.database->set_down(true);
  for (int i = 1; i <= 20; ++i) EXPECT_EQ(submit(i, 50ms).kind, link::ReportOutcome::Kind::queued);
  EXPECT_TRUE(until([&] { return !dispatcher->healthy(); }));
  Answer<link::CommandOutcome> answer;
  core::Command k;
  k.command_id = "c";
  k.who = core::test::person(core::Role::acceptor);
  k.who.district = c.city.district;
  gateway->ask(k, answer.take());
  EXPECT_EQ(answer.get().status, 503);
  c.database->set_down(false);
  EXPECT_TRUE(until([&] { return c.now().cases.size() == 20; }));
}

TEST_F(Road, AGatewayThatRestartsBringsWhatItHolds) {
  c.database->set_down(true);
  for (int i = 1; i <= 5; ++i) submit(i, 1ms);
  gateway->stop();
  gateway.reset();
  c.database->set_down(false);
  gateway = make_gateway();
  EXPECT_TRUE(until([&] { return c.now().cases.size() == 5; }));
}

TEST_F(Road, AStandbyTakesOverWhenTheOwnerStops) {
  auto const first = submit(1);
  auto second = make_dispatcher("d2", true);
  dispatcher->stop();
  dispatcher.reset();
  ASSERT_TRUE(until([&] { return second->healthy(); }));
  EXPECT_EQ(submit(2).kind, link::ReportOutcome::Kind::committed);
  EXPECT_EQ(submit(1).case_no, first.case_no);
  dispatcher = std::move(second);
}

TEST_F(Road, ARetryOfACommandInDoubtIsAnsweredOnce) {
  auto const out = submit(1);
  std::atomic<int> n{0};
  c.database->fault = [&](char const* verb) {
    return std::string_view(verb) == "save" && n++ == 0 ? storage::Fault::in_doubt_committed : storage::Fault::none;
  };
  EXPECT_EQ(sign(out.case_no, "c1").status, 200);
  int signs = 0;
  auto const rows = c.now().history.at(out.case_no);
  for (auto const& r : rows) signs += r.action == "sign";
  EXPECT_EQ(signs, 1);
}

}  // namespace
}  // namespace wangge::engine::test
