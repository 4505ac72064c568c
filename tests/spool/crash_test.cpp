// The spool on a disk that forgets: random appends, settles, crashes at any disk operation, reopenings. What was
// acknowledged is there, groups are whole, no seq is given twice; and the same test finds a missing fsync.
#include <cstdlib>
#include <optional>
#include <set>

#include "gateways/spool/sqlite_store.hpp"
#include "tests/spool/crash_vfs.hpp"
#include "tests/spool/records.hpp"

namespace wangge::spool {
namespace {

using Kind = Store::Appended::Kind;

// What the outside knows, and the first promise found broken.
struct Life {
  explicit Life(std::uint64_t seed, bool sync = true) : chance(seed), sync(sync) {}

  void run(int crashes) {
    for (int i = 0; i < crashes && broken.empty(); ++i) {
      if (chance() % 8 != 0) disk.die_at(1 + static_cast<std::int64_t>(chance() % 150));
      try {
        auto store = open();
        verify(*store);
        for (int step = 0; step < 30 && broken.empty(); ++step) act(*store);
      } catch (Damaged const&) {
        if (!disk.dead()) broken = "damage without a fault";
      }
      disk.crash(chance);
    }
    if (broken.empty()) verify(*open());
  }

  std::unique_ptr<Store> open() {
    return open_sqlite(SqliteOptions{.dir = folder.path(), .vfs = disk.vfs(), .sync = sync, .checkpoint_idle_pages = 20,
                                     .checkpoint_busy_pages = 60});
  }

  void act(Store& store) {
    auto const what = chance() % 10;
    if (what < 6) {
      std::vector<Record> group;
      for (auto n = 1 + chance() % 6; n > 0; --n) {
        bool const repeat = !known.empty() && chance() % 5 == 0;
        std::string const key = repeat ? std::next(known.begin(), static_cast<std::ptrdiff_t>(chance() % known.size()))->first : "k" + std::to_string(++keys);
        group.push_back(make_record(key, "body", chance() % 3 == 0 && !repeat ? "370811" : "370871"));
        if (repeat) group.back().district = known.at(key).district;
        if (chance() % 16 == 0) group.back().payload += std::string(20'000, 'y');
      }
      std::set<std::string> fresh;
      for (auto const& r : group) {
        if (known.count(r.key) == 0 && tried.count(r.key) == 0) fresh.insert(r.key);
        tried.emplace(r.key, r);
      }
      groups.push_back(fresh);
      for (auto const& appended : store.append(group)) {
        if (appended.kind == Kind::conflict) broken = "a conflict out of nothing";
        known[appended.record.key] = appended.record;
      }
    } else if (what < 8 && !known.empty()) {
      auto const& r = std::next(known.begin(), static_cast<std::ptrdiff_t>(chance() % known.size()))->second;
      store.settle({committed(r, "case of " + r.key)});
    } else if (what == 8) {
      store.requeue_after("370871", static_cast<std::int64_t>(chance() % 50));
    } else {
      store.queued("370871", static_cast<std::int64_t>(chance() % 20), 10);
    }
  }

  void verify(Store& store) {
    if (id.empty()) id = store.spool_id();
    if (known.empty()) id = store.spool_id();  // nothing was promised under the old one
    if (store.spool_id() != id) broken = "another spool id";
    if (store.health().damaged != 0) broken = "a crash looks like damage";
    for (auto const& [key, r] : known) {
      auto const found = store.find_key(r.district, r.principal, key);
      if (!found) broken = "acknowledged and lost: " + key;
      else if (found->seq != r.seq || found->payload.find("payload of " + key) != 0) broken = "acknowledged and changed: " + key;
      else if (!found->case_no.empty() && found->case_no != "case of " + key) broken = "an outcome of another: " + key;
    }
    for (auto const& group : groups) {
      std::size_t there = 0;
      for (auto const& key : group) there += store.find_key(tried.at(key).district, "patroller-1", key) ? 1 : 0;
      if (there != 0 && there != group.size()) broken = "half a group";
    }
    // All that is there, settled or not, has the seqs from 1 without a gap.
    for (auto const& district : store.districts()) {
      std::set<std::int64_t> seqs;
      for (auto const& [key, r] : tried) {
        if (r.district != district) continue;
        if (auto const found = store.find_key(district, "patroller-1", key); found && !seqs.insert(found->seq).second) broken = "a seq twice";
      }
      if (!seqs.empty() && *seqs.rbegin() != static_cast<std::int64_t>(seqs.size())) broken = "a gap in the seqs";
    }
  }

  std::mt19937_64 chance;
  bool sync;
  TempFolder folder{true};  // the disk is ours
  CrashDisk disk;
  int keys = 0;
  std::string id, broken;
  std::map<std::string, Record> known, tried;  // acknowledged; ever sent
  std::vector<std::set<std::string>> groups;   // the keys that were new in one append
};

std::uint64_t seeds() {
  char const* wanted = std::getenv("WANGGE_SEEDS");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 60;
}

TEST(SpoolCrash, NothingAcknowledgedIsLostWhereverThePowerFails) {
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    Life life(seed);
    life.run(12);
    ASSERT_EQ(life.broken, "") << "seed " << seed;
  }
}

TEST(SpoolCrash, TheSameTestFindsAMissingFsync) {
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    Life life(seed, false);
    life.run(12);
    if (!life.broken.empty()) return;
  }
  FAIL() << "acknowledging before the fsync went unnoticed";
}

TEST(SpoolCrash, EveryDiskOperationOfAnAppendIsASafePlaceToDie) {
  for (std::int64_t at = 1;; ++at) {
    Life life(static_cast<std::uint64_t>(at));
    auto store = life.open();
    store->append({make_record("before")});
    life.disk.die_at(at);
    bool acknowledged = true;
    try {
      store->append({make_record("a"), make_record("b")});
    } catch (Damaged const&) {
      acknowledged = false;
    }
    store.reset();
    life.disk.crash(life.chance);
    store = life.open();
    EXPECT_TRUE(store->find_key("370871", "patroller-1", "before"));
    bool const a = store->find_key("370871", "patroller-1", "a").has_value();
    EXPECT_EQ(a, store->find_key("370871", "patroller-1", "b").has_value()) << "half a group, operation " << at;
    EXPECT_TRUE(a || !acknowledged) << "operation " << at;
    if (acknowledged) {
      EXPECT_GT(at, 3) << "the sweep reached no operation";
      break;
    }
  }
}

TEST(SpoolCrash, AFailedFsyncIsNeverAcknowledgedAndStopsTheStore) {
  for (int at = 1; at <= 2; ++at) {
    Life life(7);
    auto store = life.open();
    store->append({make_record("a")});
    life.disk.fail_sync(1);
    EXPECT_THROW(store->append({make_record("b")}), Damaged);
    EXPECT_THROW(store->append({make_record("c")}), Damaged) << "no second try on the same pages";
    EXPECT_THROW(store->health(), Damaged) << "also who only looks is told";
    EXPECT_THROW(store->settle({{"370871", 1, RecordState::committed, "1", "", false}}), Damaged);
    store.reset();
    if (at == 2) life.disk.crash(life.chance);
    store = life.open();
    EXPECT_TRUE(store->find_key("370871", "patroller-1", "a"));
    auto const again = store->append({make_record("b")})[0];
    EXPECT_EQ(again.record.seq, 2);
    // Whatever was said now must hold, though the pages of the failed fsync were only in the cache.
    store.reset();
    life.disk.crash(life.chance);
    EXPECT_TRUE(life.open()->find_key("370871", "patroller-1", "b"));
  }
}

TEST(SpoolCrash, WhatTheCacheShowedAfterAFailedFsyncIsMadeDurableBeforeItIsConfirmed) {
  Life life(11);
  auto store = life.open();
  store->append({make_record("a")});
  life.disk.fail_sync(1);
  EXPECT_THROW(store->append({make_record("b")}), Damaged);
  // The process is killed, not the machine: the log still shows b, and the disk has nothing of it.
  life.disk.die_at(1);
  store.reset();
  life.disk.die_at(INT64_C(1) << 40);
  store = life.open();
  auto const again = store->append({make_record("b")})[0];
  ASSERT_EQ(again.kind, Kind::same) << "the test shows nothing";
  life.disk.die_at(1);  // a clean close would move the log into the file
  store.reset();
  life.disk.crash(life.chance);
  store = life.open();
  EXPECT_TRUE(store->find_key("370871", "patroller-1", "b")) << "confirmed from the cache";
  EXPECT_EQ(store->health().damaged, 0);
}

TEST(SpoolCrash, AFullDiskStoresNothingAndWorksAgainWhenThereIsRoom) {
  for (std::int64_t room = 0; room < 16'000; room += 500) {
    Life life(3);
    auto store = life.open();
    store->append({make_record("a")});
    life.disk.room(room);
    int stored = 0;
    bool full = false;
    for (int i = 0; i < 12 && !full; ++i) {
      try {
        store->append({make_record("x" + std::to_string(i)), make_record("y" + std::to_string(i), "body", "370811")});
        ++stored;
      } catch (Full const&) {
        full = true;
        EXPECT_FALSE(store->find_key("370871", "patroller-1", "x" + std::to_string(i)));
      }
    }
    ASSERT_TRUE(full) << room;
    EXPECT_EQ(store->health().queued, 1 + 2 * stored);
    life.disk.room(-1);
    EXPECT_EQ(store->append({make_record("z")})[0].record.seq, 2 + stored) << "a refused append consumes no seq";
    store->settle({{"370871", 1, RecordState::committed, "1", "", false}});
    store.reset();
    life.disk.crash(life.chance);
    store = life.open();
    EXPECT_EQ(store->health().queued + store->health().committed, 2 + 2 * stored);
    EXPECT_TRUE(store->find_key("370871", "patroller-1", "z"));
  }
}

TEST(SpoolCrash, AWriteErrorAnywhereIsNeverAcknowledged) {
  for (int at = 1; at <= 8; ++at) {
    Life life(static_cast<std::uint64_t>(at));
    auto store = life.open();
    store->append({make_record("a")});
    life.disk.fail_write(at);
    std::set<std::string> acknowledged{"a"};
    for (int i = 0; i < 6; ++i) {
      std::string const key = "x" + std::to_string(i);
      try {
        store->append({make_record(key)});
        acknowledged.insert(key);
      } catch (Damaged const&) {
      }
    }
    EXPECT_LT(acknowledged.size(), 7U) << "the fault was not reached";
    store.reset();
    life.disk.crash(life.chance);
    store = life.open();
    for (auto const& key : acknowledged) EXPECT_TRUE(store->find_key("370871", "patroller-1", key)) << key;
  }
}

}  // namespace
}  // namespace wangge::spool
