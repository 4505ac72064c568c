// Starting programs and knowing whether they live.
#include "deploy/process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <fstream>

#include "deploy/errors.hpp"
#include "deploy/layout.hpp"
#include "tests/deploy/folder.hpp"

namespace wangge::deploy {
namespace {

using tests::Folder;

Command shell(std::string const& text) {
  Command command;
  command.argv = {"/bin/sh", "-c", text};
  return command;
}

TEST(Process, BothOutputsAndTheExitCodeComeBack) {
  auto const done = run(shell("echo out; echo err >&2; exit 3"));
  EXPECT_EQ(done.out, "out\n");
  EXPECT_EQ(done.err, "err\n");
  EXPECT_EQ(done.status, 3);
}

TEST(Process, MuchOutputOnBothSidesDoesNotHang) {
  auto const done = run(shell("head -c 300000 /dev/zero; head -c 300000 /dev/zero >&2"));
  EXPECT_EQ(done.out.size(), 300000u);
  EXPECT_EQ(done.err.size(), 300000u);
}

TEST(Process, ASignalShowsAs128AndItsNumber) {
  EXPECT_EQ(run(shell("kill -9 $$")).status, 128 + 9);
}

TEST(Process, AProgramThatIsNotThereIsNamed) {
  Command command;
  command.argv = {"wangge-no-such-program"};
  EXPECT_THROW(run(command), EnvironmentError);
  command.argv = {"/nowhere/program"};
  EXPECT_THROW(spawn(command), EnvironmentError);
}

TEST(Process, AnIgnoredSigpipeIsNotInherited) {
  signal(SIGPIPE, SIG_IGN);
  EXPECT_EQ(run(shell("grep SigIgn /proc/self/status")).out.find("SigIgn:\t0000000000001000"), std::string::npos);
}

TEST(Process, RootBecomesAnotherUserWithoutItsGroups) {
  auto const nobody = find_user("nobody");
  if (current_user().uid != 0 || !nobody) GTEST_SKIP() << "needs root";
  auto command = shell("id -u; id -G");
  command.as = nobody;
  EXPECT_EQ(run(command).out, std::to_string(nobody->uid) + "\n" + std::to_string(nobody->gid) + "\n");
}

// The child must die with its parent, also when the child changed its user after the fork.
TEST(Process, AChildDiesWithItsParent) {
  Folder const folder;
  auto const pid_file = folder.path / "pid";
  pid_t const middle = fork();
  if (middle == 0) {
    auto command = shell("exec sleep 600");
    command.death_signal = SIGKILL;
    if (auto const nobody = find_user("nobody"); nobody && geteuid() == 0) command.as = nobody;
    std::ofstream(pid_file) << spawn(command) << std::flush;
    kill(getpid(), SIGKILL);
  }
  waitpid(middle, nullptr, 0);
  auto const child = read_pid(pid_file);
  ASSERT_TRUE(child);
  for (int i = 0; i < 1000 && alive(*child); ++i) usleep(10000);
  EXPECT_FALSE(alive(*child));
}

TEST(Process, AZombieIsNotAlive) {
  pid_t const pid = spawn(shell("exit 0"));
  siginfo_t info{};
  ASSERT_EQ(waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT), 0);
  EXPECT_FALSE(alive(pid));
  waitpid(pid, nullptr, 0);
}

}  // namespace
}  // namespace wangge::deploy
