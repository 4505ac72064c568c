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

TEST_F(AttemptsFile, AClockThatRanBackwardsNeverMakesItLater) {
  Attempts attempts(file(), t0);
  keep(attempts, command(), later);
  EXPECT_EQ(attempts.first(command(), t0), t0);
}

}  // namespace
}  // namespace wangge::console
