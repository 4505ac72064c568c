// Two whole dispatcher processes on one real PostgreSQL: who owns the district when one is stopped, woken, killed.
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "dispatcher/engine/runtime.hpp"
#include "tests/support/temporary_postgres.hpp"

namespace wangge::engine::test {
namespace {

using namespace std::chrono_literals;
using tests::TemporaryPostgres;

template <class F>
bool until(F&& f) {
  for (int i = 0; i < 6000; ++i) {
    if (f()) return true;
    std::this_thread::sleep_for(10ms);
  }
  return false;
}

std::string variable(char const* name) {
  auto const* value = std::getenv(name);
  return value ? value : "";
}

// Not a test of its own: what a spawned process runs. It notes its health in a file and ends with its parent.
TEST(Child, DISABLED_IsADispatcher) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  auto const folder = variable("WANGGE_TEST_FOLDER");
  DispatcherOptions o;
  o.name = variable("WANGGE_TEST_NAME");
  o.database_url = variable("WANGGE_TEST_URL");
  o.standby = !variable("WANGGE_TEST_STANDBY").empty();
  o.bus_endpoint = "ipc://" + folder + "/bus-" + o.name;
  o.hint_endpoint = "ipc://" + folder + "/hints-" + o.name;
  Dispatcher dispatcher(o);
  dispatcher.start();
  auto const file = folder + "/health-" + o.name;
  for (;;) {
    auto const h = dispatcher.health();
    std::ofstream(file + ".new") << h.owner << ' ' << h.takeovers << ' ' << h.looks << '\n';
    std::filesystem::rename(file + ".new", file);
    std::this_thread::sleep_for(20ms);
  }
}

class Process {
 public:
  Process(std::string folder, std::string name, std::string const& url, bool standby)
      : file_(folder + "/health-" + name) {
    std::vector<std::string> words{"/proc/self/exe", "--gtest_filter=Child.DISABLED_IsADispatcher",
                                   "--gtest_also_run_disabled_tests"};
    std::vector<std::string> settings{"WANGGE_TEST_FOLDER=" + folder, "WANGGE_TEST_NAME=" + name,
                                      "WANGGE_TEST_URL=" + url};
    if (standby) settings.push_back("WANGGE_TEST_STANDBY=1");
    std::vector<char*> argv, env;
    for (auto& w : words) argv.push_back(w.data());
    argv.push_back(nullptr);
    for (char** e = environ; *e; ++e) env.push_back(*e);
    for (auto& s : settings) env.push_back(s.data());
    env.push_back(nullptr);
    if (posix_spawn(&pid_, "/proc/self/exe", nullptr, nullptr, argv.data(), env.data()) != 0)
      throw std::runtime_error("no process");
  }
  ~Process() { end(); }
  void end() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  void pause() {
    kill(pid_, SIGSTOP);
    waitpid(pid_, nullptr, WUNTRACED);
  }
  void wake() { kill(pid_, SIGCONT); }

  struct Health {
    bool owner = false;
    int takeovers = 0, looks = 0;
  };
  Health health() const {
    Health h;
    std::ifstream(file_) >> h.owner >> h.takeovers >> h.looks;
    return h;
  }

 private:
  std::string file_;
  pid_t pid_ = 0;
};

struct TwoDispatchers : testing::Test {
  TemporaryPostgres& server = TemporaryPostgres::shared();
  std::string url, folder;

  void SetUp() override {
    url = server.fresh_database();
    server.sql(url, "INSERT INTO district (code, zh, en, version) VALUES ('370871', 'z', 'e', 1)");
    char name[] = "/tmp/wgtwo.XXXXXX";
    folder = ::mkdtemp(name);
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  // Holder and epoch of the fence; epoch 0 while nobody has taken over.
  std::pair<std::string, int> fence() {
    auto const rows = server.sql(url, "SELECT holder, epoch FROM fence WHERE district = '370871'");
    return rows.empty() ? std::pair<std::string, int>{"", 0} : std::pair{rows[0][0], std::stoi(rows[0][1])};
  }
};

TEST_F(TwoDispatchers, AStoppedOwnerLosesTheDistrictAndDoesNotTakeItBackWhenItWakes) {
  Process a(folder, "a", url, false);
  ASSERT_TRUE(until([&] { return fence() == std::pair<std::string, int>{"a", 1}; }));
  Process b(folder, "b", url, true);
  ASSERT_TRUE(until([&] { return b.health().looks >= 2 || b.health().owner; }));
  EXPECT_EQ(fence().second, 1) << "a standby leaves a living owner alone";

  a.pause();
  ASSERT_TRUE(until([&] { return fence() == std::pair<std::string, int>{"b", 2}; }));
  auto const looks = a.health().looks;
  a.wake();
  ASSERT_TRUE(until([&] { return a.health().looks >= looks + 3 || fence().second > 2; }));
  EXPECT_EQ(fence(), (std::pair<std::string, int>{"b", 2})) << "it waits now";
  EXPECT_FALSE(a.health().owner);
  EXPECT_TRUE(b.health().owner);

  b.end();  // and it is there when it is needed
  ASSERT_TRUE(until([&] { return fence() == std::pair<std::string, int>{"a", 3}; }));
  EXPECT_TRUE(until([&] { return a.health().owner; }));
}

}  // namespace
}  // namespace wangge::engine::test
