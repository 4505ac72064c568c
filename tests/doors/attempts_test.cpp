// Unanswered commands: the first attempt counts, for a day, also after a restart.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>

#include <unistd.h>

#include "gateways/console/attempts.hpp"
#include "world.hpp"

namespace wangge::console {
namespace {

class AttemptsFile : public ::testing::Test {
 protected:
  AttemptsFile() {
    auto path = (std::filesystem::temp_directory_path() / "wangge-attempts-XXXXXX").string();
    folder = ::mkdtemp(path.data());
  }
  ~AttemptsFile() override { std::filesystem::remove_all(folder); }
  std::string file() const { return folder + "/attempts"; }
  static core::Command command(std::string id = "a", std::string name = "p", std::string body = "b") {
    core::Command c;
    c.command_id = std::move(id);
    c.who.name = std::move(name);
    c.who.district = "370871";
    c.body_hash = std::move(body);
    return c;
  }
  static void keep(Attempts& attempts, core::Command c, core::Instant at) {
    c.received_at = at;
    std::promise<void> done;
    attempts.keep(c, [&] { done.set_value(); });
    done.get_future().wait();
  }
  std::string folder;
  core::Instant const t0 = test::at("2026-11-24T08:00:00Z");
  core::Instant const later = t0 + std::chrono::hours{2};
};

TEST_F(AttemptsFile, TheFirstAttemptCountsAlsoAfterARestart) {
  {
    Attempts attempts(file(), t0);
    EXPECT_EQ(attempts.first(command(), t0), t0);
    keep(attempts, command(), t0);
    keep(attempts, command(), t0 + std::chrono::hours{1});
    EXPECT_EQ(attempts.first(command(), later), t0);
  }
  Attempts again(file(), later);
  EXPECT_EQ(again.first(command(), later), t0);
}

TEST_F(AttemptsFile, AnotherIdPersonOrBodyIsAnotherAttempt) {
  Attempts attempts(file(), t0);
  keep(attempts, command(), t0);
  EXPECT_EQ(attempts.first(command("other"), later), later);
  EXPECT_EQ(attempts.first(command("a", "other"), later), later);
  EXPECT_EQ(attempts.first(command("a", "p", "other"), later), later);
}

TEST_F(AttemptsFile, ADayLaterItCountsNoMore) {
  auto const day = std::chrono::hours{24};
  {
    Attempts attempts(file(), t0);
    keep(attempts, command(), t0);
    EXPECT_EQ(attempts.first(command(), t0 + day - core::Millis{1}), t0);
    EXPECT_EQ(attempts.first(command(), t0 + day), t0 + day);
  }
  Attempts again(file(), t0 + day);
  EXPECT_EQ(again.size(), 0u);
  EXPECT_EQ(std::filesystem::file_size(file()), 0u) << "the old ones are dropped at the start";
}

TEST_F(AttemptsFile, ATornLastLineIsDroppedAndTheRestIsKept) {
  {
    Attempts attempts(file(), t0);
    keep(attempts, command(), t0);
  }
  std::ofstream(file(), std::ios::app) << "17639712";
  Attempts again(file(), later);
  EXPECT_EQ(again.first(command(), later), t0);
  EXPECT_EQ(again.size(), 1u);
}

TEST_F(AttemptsFile, ABrokenLineInTheMiddleCostsOnlyItself) {
  {
    Attempts attempts(file(), t0);
    keep(attempts, command("a"), t0);
    keep(attempts, command("b"), t0);
    keep(attempts, command("c"), t0);
  }
  std::vector<std::string> lines;
  {
    std::ifstream in(file());
    for (std::string line; std::getline(in, line);) lines.push_back(line);
  }
  ASSERT_EQ(lines.size(), 3u);
  std::ofstream out(file());
  out << lines[0].substr(0, 30) << '\n' << lines[1] << "\n\nnonsense of another kind\n99999999999999999999 " << lines[1].substr(14) << '\n'
      << lines[0] << lines[0] << '\n' << lines[2] << '\n';
  out.close();
  Attempts again(file(), later);
  EXPECT_EQ(again.size(), 2u);
  EXPECT_EQ(again.first(command("b"), later), t0);
  EXPECT_EQ(again.first(command("c"), later), t0);
  EXPECT_EQ(again.first(command("a"), later), later);
}

TEST_F(AttemptsFile, AShortWriteOnAFullDiskTearsOneLineAndNoLaterOne) {
  {
    Attempts attempts(file(), t0);
    keep(attempts, command("a"), t0);
    {
      test::FullDisk const full(std::filesystem::file_size(file()) + 20);
      keep(attempts, command("b"), t0);
      EXPECT_EQ(attempts.first(command("b"), later), t0) << "this process remembers it";
    }
    keep(attempts, command("c"), t0);
    keep(attempts, command("d"), t0);
  }
  std::ifstream in(file());
  for (std::string line; std::getline(in, line);) EXPECT_TRUE(line.empty() || line.size() == 78) << line << ": no line was joined to a torn one";
  Attempts again(file(), later);
  EXPECT_EQ(again.size(), 4u) << "what found no room is written when there is some again";
  for (auto const* id : {"a", "b", "c", "d"}) EXPECT_EQ(again.first(command(id), later), t0) << id;
}

TEST_F(AttemptsFile, AFullDiskAtTheStartIsNoReasonNotToStart) {
  {
    Attempts attempts(file(), t0);
    keep(attempts, command("a"), t0);
    keep(attempts, command("old"), t0 - std::chrono::hours{30});
  }
  {
    std::unique_ptr<Attempts> attempts;
    {
      test::FullDisk const full(10);
      attempts = std::make_unique<Attempts>(file(), later);
      EXPECT_EQ(attempts->first(command("a"), later), t0) << "what was kept is still known";
      keep(*attempts, command("b"), later);
      EXPECT_EQ(attempts->first(command("b"), later), later);
    }
    keep(*attempts, command("c"), later);
  }
  Attempts again(file(), later);
  EXPECT_EQ(again.first(command("a"), later), t0) << "the old file was not harmed";
  EXPECT_EQ(again.first(command("c"), later + core::Millis{1}), later) << "and went on when there was room again";
}

TEST_F(AttemptsFile, AFolderThatIsNotThereKeepsThemInMemory) {
  Attempts attempts(folder + "/nowhere/attempts", t0);
  keep(attempts, command(), t0);
  EXPECT_EQ(attempts.first(command(), later), t0);
}

TEST_F(AttemptsFile, AClockThatRanBackwardsNeverMakesItLater) {
  Attempts attempts(file(), t0);
  keep(attempts, command(), later);
  EXPECT_EQ(attempts.first(command(), t0), t0);
}

}  // namespace
}  // namespace wangge::console
