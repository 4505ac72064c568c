// What leaves the spool, on the real store: settled, old, and surely in the last checked backup.
#include "gateways/link/retention.hpp"

#include <gtest/gtest.h>

#include <filesystem>

#include "gateways/spool/sqlite_store.hpp"

namespace wangge::link {
namespace {

using namespace std::chrono_literals;

core::Instant at(std::chrono::minutes m) {
  return core::Instant(core::Millis(1'790'000'000'000)) + m;
}

struct Kept : testing::Test {
  std::string folder;
  std::unique_ptr<spool::Store> store;
  Retention retention;

  void SetUp() override {
    char name[] = "/tmp/wgkept.XXXXXX";
    folder = ::mkdtemp(name);
    store = spool::open_sqlite({.dir = folder});
  }
  void TearDown() override {
    store.reset();
    std::filesystem::remove_all(folder);
  }
  static spool::Record record(std::string const& key, core::Instant received) {
    spool::Record r;
    r.district = "370871";
    r.principal = "p";
    r.key = r.report_id = r.body_hash = r.payload = key;
    r.received_at = received;
    return r;
  }
  void append(std::string const& key, core::Instant received) { store->append({record(key, received)}); }
  void settle(std::int64_t seq) { store->settle({{"370871", seq, spool::RecordState::committed, "no", "", false}}); }
  std::int64_t run(core::Instant now, std::optional<core::Instant> verified, std::int64_t epoch = 1,
                   std::int64_t passed_below = 1'000'000) {
    return retention.run(*store, {{"370871", {epoch, verified, passed_below}}}, now);
  }
};

TEST_F(Kept, WhatIsOldAndInACheckedBackupGoes) {
  append("a", at(0min));
  settle(1);
  EXPECT_EQ(run(at(1min), std::nullopt), 0);
  EXPECT_EQ(run(at(2h), at(1h)), 0) << "not 72 hours old";
  EXPECT_EQ(run(at(73h), std::nullopt), 0) << "no backup is known";
  EXPECT_EQ(run(at(75h), at(74h)), 1);
  EXPECT_FALSE(store->find_key("370871", "p", "a"));
}

TEST_F(Kept, ARefusedRecordStaysWhileABackupMayWaitForItsSeq) {
  append("a", at(0min));
  store->settle({{"370871", 1, spool::RecordState::refused, "", "", false}});
  run(at(1min), std::nullopt, 1, 1);  // the owner has not heard yet that it is refused for good
  EXPECT_EQ(run(at(80h), at(79h), 1, 2), 0) << "restored from that backup, its cursor would never pass";
  EXPECT_EQ(run(at(90h), at(85h), 1, 2), 1);
}

TEST_F(Kept, WhatCameToTheDatabaseAfterTheBackupBeganStays) {
  append("early", at(0min));
  append("late", at(0min));
  settle(1);
  EXPECT_EQ(run(at(1min), std::nullopt), 0);
  settle(2);  // the database had been away; the backup of hour 1 has nothing of it
  EXPECT_EQ(run(at(80h), at(1h)), 1);
  EXPECT_FALSE(store->find_key("370871", "p", "early"));
  EXPECT_TRUE(store->find_key("370871", "p", "late"));
  EXPECT_EQ(run(at(90h), at(85h)), 1) << "the look of hour 80 came before this one";
}

TEST_F(Kept, ALookJustBeforeTheBackupIsNotTrustedForClocksDiffer) {
  append("a", at(0min));
  settle(1);
  run(at(80h), std::nullopt);
  EXPECT_EQ(run(at(82h), at(80h) + 4min), 0);
  EXPECT_EQ(run(at(84h), at(80h) + 5min), 1);
}

TEST_F(Kept, WhatIsQueuedOrDeadStaysHoweverOld) {
  append("queued", at(0min));
  append("dead", at(0min));
  append("behind", at(0min));
  store->settle({{"370871", 2, spool::RecordState::dead_letter, "", "", false}});
  settle(3);
  run(at(80h), std::nullopt);
  EXPECT_EQ(run(at(82h), at(81h)), 0) << "below the first without a word nothing is left to drop";
  settle(1);
  run(at(83h), std::nullopt);
  EXPECT_EQ(run(at(85h), at(84h)), 2);
  EXPECT_TRUE(store->find_key("370871", "p", "dead"));
}

TEST_F(Kept, UnderANewEpochTheDatabaseMayHaveGoneBackAndOldLooksProveNothing) {
  append("a", at(0min));
  settle(1);
  run(at(1min), std::nullopt, 1);
  EXPECT_EQ(run(at(80h), at(79h), 2), 0);
  EXPECT_EQ(run(at(90h), at(85h), 2), 1);
}

TEST_F(Kept, ManyGoInSlicesWithoutWaitingForTheNextHour) {
  std::vector<spool::Record> records;
  std::vector<spool::Store::Outcome> words;
  for (int i = 1; i <= 5001; ++i) {
    records.push_back(record(std::to_string(i), at(0min)));
    words.push_back({"370871", i, spool::RecordState::committed, "no", "", false});
  }
  store->append(records);
  store->settle(words);
  run(at(1min), std::nullopt);
  EXPECT_EQ(run(at(80h), at(79h)), 5000);
  EXPECT_EQ(run(at(80h), at(79h)), 1);
  EXPECT_EQ(run(at(80h), at(79h)), 0);
}

}  // namespace
}  // namespace wangge::link
