// The way to the audit log: in order, never in anybody's way, nothing lost in silence.
#include "gateways/audit_trail.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "dispatcher/core/types.hpp"

namespace wangge::doors {
namespace {

using namespace std::chrono_literals;

// An audit log that can be away, hang, or refuse one deed.
struct Log {
  AuditTrail::Write write() {
    return [this](AuditTrail::Group const& group) {
      std::lock_guard const lock(mutex);
      ++tries;
      if (away) throw storage::Broken("away");
      for (auto const& one : group)
        if (one.deed.detail == "poison") throw storage::Poison("a text that no database can hold");
      for (auto const& one : group) written.push_back(one.deed);
    };
  }
  std::vector<std::string> subjects() {
    std::lock_guard const lock(mutex);
    std::vector<std::string> out;
    for (auto const& deed : written) out.push_back(deed.subject);
    return out;
  }
  std::mutex mutex;
  std::atomic<int> tries{0};
  std::atomic<bool> away{false};
  std::vector<storage::Deed> written;
};

class Trail : public ::testing::Test {
 protected:
  void note(AuditTrail& trail, std::string path, std::string audit_class = "personal", std::string query = "", core::Millis after = 0ms) {
    trail.note({audit_class, who, "GET", path, query, t0 + after});
  }
  core::Principal who = [] {
    core::Principal p;
    p.name = "acceptor-1";
    p.role = core::Role::acceptor;
    p.district = "370871";
    return p;
  }();
  core::Instant const t0{core::Millis{1'764'000'000'000}};
  Log log;
};

TEST_F(Trail, WritesWhoDidWhatInItsOrder) {
  {
    AuditTrail trail(log.write());
    trail.start();
    for (int i = 0; i < 500; ++i) note(trail, "/api/v1/cases/" + std::to_string(i));
    note(trail, "/api/v1/cases", "read", "text=" + std::string(2000, 'x') + "井");
    trail.stop();
    EXPECT_EQ(trail.counts().written, 501u);
    EXPECT_EQ(trail.counts().waiting, 0u);
  }
  ASSERT_EQ(log.written.size(), 501u);
  for (int i = 0; i < 500; ++i) EXPECT_EQ(log.written[static_cast<std::size_t>(i)].subject, "GET /api/v1/cases/" + std::to_string(i));
  auto const& one = log.written[0];
  EXPECT_EQ(one.district + one.actor + one.role + one.deed, "370871acceptor-1acceptorpersonal");
  EXPECT_LT(log.written.back().detail.size(), 600u) << "a long question is cut";
}

TEST_F(Trail, WhileTheDatabaseIsAwayTheyWaitAndThenComeInOrder) {
  log.away = true;
  AuditTrail trail(log.write(), {.pause = 1ms});
  trail.start();
  for (int i = 0; i < 300; ++i) note(trail, std::to_string(i));
  while (log.tries < 3) std::this_thread::yield();
  EXPECT_EQ(trail.counts().waiting, 300u);
  log.away = false;
  while (trail.counts().written < 300) std::this_thread::yield();
  auto const subjects = log.subjects();
  ASSERT_EQ(subjects.size(), 300u);
  for (std::size_t i = 0; i < 300; ++i) EXPECT_EQ(subjects[i], "GET " + std::to_string(i));
}

TEST_F(Trail, NobodyWaitsForALogThatHangsAndWhatFindsNoRoomIsCounted) {
  AuditTrail trail(log.write(), {.most = 10, .group = 4});
  std::unique_lock hung(log.mutex);
  trail.start();
  for (int i = 0; i < 25; ++i) note(trail, std::to_string(i));
  auto const counts = trail.counts();
  EXPECT_EQ(counts.waiting, 10u);
  EXPECT_EQ(counts.lost, 15u);
  hung.unlock();
  while (trail.counts().written < 10) std::this_thread::yield();
}

TEST_F(Trail, ADeedThatNoDatabaseCanHoldKeepsNoOtherOut) {
  AuditTrail trail(log.write());
  note(trail, "1");
  note(trail, "2", "personal", "poison");
  note(trail, "3");
  trail.start();
  trail.stop();
  EXPECT_EQ(log.subjects(), (std::vector<std::string>{"GET 1", "GET 3"}));
  EXPECT_EQ(trail.counts().written, 2u);
  EXPECT_EQ(trail.counts().lost, 1u);
}

TEST_F(Trail, ScreensThatLookAgainAreNotedOnceAMinuteButPersonalDataEachTime) {
  AuditTrail trail(log.write());
  for (int second = 0; second < 120; second += 10) {
    note(trail, "/list", "read", "state=x", core::Millis{second * 1000});
    note(trail, "/case", "personal", "", core::Millis{second * 1000});
  }
  note(trail, "/list", "read", "state=y");
  who.name = "acceptor-2";
  note(trail, "/list", "read", "state=x");
  trail.start();
  trail.stop();
  auto const subjects = log.subjects();
  EXPECT_EQ(std::count(subjects.begin(), subjects.end(), "GET /list"), 4);
  EXPECT_EQ(std::count(subjects.begin(), subjects.end(), "GET /case"), 12);
}

}  // namespace
}  // namespace wangge::doors
