// The spool's store: what an open one promises, and what it does with a copied, damaged, full or shared one.
#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>
#include <limits>

#include "gateways/spool/sqlite_store.hpp"
#include "tests/spool/records.hpp"

namespace wangge::spool {
namespace {

namespace fs = std::filesystem;
using Kind = Store::Appended::Kind;

void sql(std::string const& path, std::string const& words) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &db), SQLITE_OK);
  char* error = nullptr;
  EXPECT_EQ(sqlite3_exec(db, words.c_str(), nullptr, nullptr, &error), SQLITE_OK) << (error != nullptr ? error : "");
  sqlite3_free(error);
  sqlite3_close(db);
}

TEST(Spool, GivesEachDistrictItsOwnSeqsFromOneWithoutGaps) {
  TempFolder dir;
  auto store = open_sqlite(dir.path(), 0);
  auto first = store->append({make_record("a"), make_record("b"), make_record("c", "body", "370811")});
  auto second = store->append({make_record("d"), make_record("e", "body", "370811")});
  ASSERT_EQ(first.size(), 3U);
  EXPECT_EQ(first[0].record.seq, 1);
  EXPECT_EQ(first[1].record.seq, 2);
  EXPECT_EQ(first[2].record.seq, 1);
  EXPECT_EQ(second[0].record.seq, 3);
  EXPECT_EQ(second[1].record.seq, 2);
  EXPECT_EQ(store->districts(), (std::vector<std::string>{"370811", "370871"}));
}

TEST(Spool, KeepsEveryFieldOverAReopening) {
  TempFolder dir;
  Record r = make_record("a");
  r.payload = std::string("\0\x01\xff zero", 8) + std::string(60'000, 'p');
  std::string id;
  {
    auto store = open_sqlite(dir.path(), 0);
    id = store->spool_id();
    auto const stored = store->append({r})[0].record;
    EXPECT_FALSE(stored.answered);
  }
  auto store = open_sqlite(dir.path(), 0);
  EXPECT_EQ(store->spool_id(), id);
  auto const found = store->find_report(r.report_id);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->seq, 1);
  EXPECT_EQ(found->district, r.district);
  EXPECT_EQ(found->principal, r.principal);
  EXPECT_EQ(found->key, r.key);
  EXPECT_EQ(found->body_hash, r.body_hash);
  EXPECT_EQ(found->payload, r.payload);
  EXPECT_EQ(found->received_at, r.received_at);
  EXPECT_EQ(found->state, RecordState::queued);
  EXPECT_TRUE(found->answered) << "a 2xx may have been said before the restart";
  EXPECT_EQ(store->append({make_record("b")})[0].record.seq, 2);
}

TEST(Spool, TellsTheSameReportFromAConflictAlsoWithinOneGroup) {
  TempFolder dir;
  auto store = open_sqlite(dir.path(), 0);
  auto const group = store->append({make_record("a"), make_record("a"), make_record("a", "other"), make_record("b")});
  EXPECT_EQ(group[0].kind, Kind::stored);
  EXPECT_EQ(group[1].kind, Kind::same);
  EXPECT_EQ(group[1].record.seq, 1);
  EXPECT_EQ(group[2].kind, Kind::conflict);
  EXPECT_EQ(group[2].record.body_hash, "hash-of-body");
  EXPECT_EQ(group[3].record.seq, 2) << "repeats consume no seq";
  EXPECT_EQ(store->append({make_record("a")})[0].kind, Kind::same);
  auto other_principal = make_record("a");
  other_principal.principal = "patroller-2";
  EXPECT_EQ(store->append({other_principal})[0].kind, Kind::stored);
  EXPECT_EQ(store->append({make_record("a", "body", "370811")})[0].kind, Kind::stored);
  EXPECT_EQ(store->find_key("370871", "patroller-2", "a")->seq, 3);
  EXPECT_FALSE(store->find_key("370871", "patroller-3", "a"));
  EXPECT_FALSE(store->find_report("nothing"));
}

TEST(Spool, HandsOutWhatIsQueuedInSeqOrderUntilItIsSettled) {
  TempFolder dir;
  auto store = open_sqlite(dir.path(), 0);
  for (int i = 1; i <= 10; ++i) store->append({make_record("k" + std::to_string(i))});
  auto rows = store->queued("370871", 0, 3);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[2].seq, 3);
  store->settle({committed(rows[0]), committed(rows[2])});
  rows = store->queued("370871", 0, 100);
  ASSERT_EQ(rows.size(), 8U);
  EXPECT_EQ(rows[0].seq, 2);
  EXPECT_EQ(rows[1].seq, 4);
  EXPECT_EQ(store->queued("370871", 9, 100).size(), 1U);
  EXPECT_TRUE(store->queued("370871", 10, 100).empty());
  EXPECT_TRUE(store->queued("999999", 0, 100).empty());
  store->settle({{"370871", 2, RecordState::refused, "", "", false}, {"370871", 4, RecordState::dead_letter, "", "", false}});
  EXPECT_EQ(store->queued("370871", 0, 1)[0].seq, 5);
  auto const settled = store->find_key("370871", "patroller-1", "k1");
  EXPECT_EQ(settled->state, RecordState::committed);
  EXPECT_EQ(settled->case_no, "3708712026112400001");
  EXPECT_EQ(settled->case_state, "pending_dispose");
  auto const health = store->health();
  EXPECT_EQ(health.queued, 6);
  EXPECT_EQ(health.committed, 2);
  EXPECT_GT(health.bytes, 0);
  EXPECT_EQ(health.oldest_queued, core::Instant(core::Millis(1'000'000)));
}

TEST(Spool, GoesBackToACursorKeepingWhatWasAnswered) {
  TempFolder dir;
  auto store = open_sqlite(dir.path(), 0);
  auto const group = store->append({make_record("a"), make_record("b"), make_record("c"), make_record("d")});
  store->settle({committed(group[0].record, "1"), committed(group[1].record, "2"), committed(group[2].record, "3"),
                 {"370871", 4, RecordState::refused, "", "", false}});
  EXPECT_TRUE(store->queued("370871", 0, 10).empty());
  EXPECT_EQ(store->requeue_after("370871", 1), 3);
  EXPECT_EQ(store->requeue_after("370871", 1), 0) << "once is enough";
  auto const rows = store->queued("370871", 0, 10);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].seq, 2);
  EXPECT_EQ(rows[0].case_no, "2");
  EXPECT_EQ(rows[0].state, RecordState::queued);
  EXPECT_TRUE(rows[0].answered);
  EXPECT_FALSE(rows[2].answered) << "a refused record got no 2xx";
  EXPECT_EQ(store->health().queued, 3);
  EXPECT_EQ(store->health().committed, 1);
  store->settle({committed(rows[0], "2")});
  EXPECT_EQ(store->queued("370871", 0, 10).size(), 2U);
}

TEST(Spool, PrunesOnlyWhatIsSettledAndOldAndGoesOnCounting) {
  TempFolder dir;
  {
    auto store = open_sqlite(dir.path(), 0);
    auto const group = store->append({make_record("a", "body", "370871", 100), make_record("b", "body", "370871", 200),
                                      make_record("c", "body", "370871", 300)});
    store->settle({committed(group[0].record), committed(group[2].record)});
    EXPECT_EQ(store->settled_below("370871"), 2);
    EXPECT_EQ(store->prune("370871", core::Instant(core::Millis(250)), 1), 0);
    EXPECT_EQ(store->prune("370871", core::Instant(core::Millis(250)), 9), 1);
    EXPECT_FALSE(store->find_key("370871", "patroller-1", "a"));
    EXPECT_TRUE(store->find_key("370871", "patroller-1", "b")) << "queued ones stay, however old";
    store->settle({committed(group[1].record)});
    EXPECT_EQ(store->settled_below("370871"), 4);
    EXPECT_EQ(store->prune("370871", core::Instant(core::Millis(1000)), 4), 2);
    EXPECT_EQ(store->prune("999999", core::Instant(core::Millis(1000)), 4), 0);
    EXPECT_EQ(store->health().committed, 0);
  }
  auto store = open_sqlite(dir.path(), 0);
  EXPECT_EQ(store->append({make_record("d")})[0].record.seq, 4);
  EXPECT_EQ(store->health().damaged, 0);
}

TEST(Spool, RefusesWhenTheDiskIsNearlyFullAndStoresNothing) {
  TempFolder dir;
  auto store = open_sqlite(dir.path(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_THROW(store->append({make_record("a")}), Full);
  EXPECT_FALSE(store->find_key("370871", "patroller-1", "a"));
  EXPECT_TRUE(store->districts().empty());
}

TEST(Spool, KeepsASecondGatewayOut) {
  TempFolder dir;
  auto store = open_sqlite(dir.path(), 0);
  try {
    open_sqlite(dir.path(), 0);
    FAIL() << "two gateways share a spool";
  } catch (InUse const& refused) {
    EXPECT_NE(std::string(refused.what()).find("in use by process " + std::to_string(::getpid())), std::string::npos) << refused.what();
  }
  store.reset();
  EXPECT_NO_THROW(open_sqlite(dir.path(), 0));
}

TEST(Spool, IsReadableOnlyByItsOwner) {
  TempFolder dir;
  auto store = open_sqlite(dir / "spool", 0);
  store->append({make_record("a")});
  struct stat info {};
  for (char const* name : {"spool.sqlite", "spool.sqlite-wal", "lock"}) {
    ASSERT_EQ(::stat((dir / "spool/" + name).c_str(), &info), 0) << name;
    EXPECT_EQ(info.st_mode & 0777, 0600U) << name;
  }
  ASSERT_EQ(::stat((dir / "spool").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700U);
}

TEST(Spool, ACopiedFolderBecomesASpoolOfItsOwnAndSendsAllItHolds) {
  TempFolder dir;
  std::string id;
  {
    auto store = open_sqlite(dir / "one", 0);
    id = store->spool_id();
    for (int i = 1; i <= 5; ++i) store->append({make_record("k" + std::to_string(i), "body", "370871", i)});
    for (auto const& r : store->queued("370871", 0, 4)) store->settle({committed(r, "case-" + std::to_string(r.seq))});
    EXPECT_EQ(store->prune("370871", core::Instant(core::Millis(3)), 6), 2);
  }
  fs::copy(dir / "one", dir / "two", fs::copy_options::recursive);
  auto store = open_sqlite(dir / "two", 0);
  EXPECT_NE(store->spool_id(), id);
  auto const rows = store->queued("370871", 0, 10);
  ASSERT_EQ(rows.size(), 3U);
  EXPECT_EQ(rows[0].seq, 1) << "counted anew: the dispatcher's cursor of a new spool begins at 0";
  EXPECT_EQ(rows[0].key, "k3");
  EXPECT_EQ(rows[0].case_no, "case-3");
  EXPECT_TRUE(rows[0].answered);
  EXPECT_EQ(rows[2].seq, 3);
  EXPECT_EQ(rows[2].key, "k5");
  EXPECT_EQ(store->append({make_record("k6")})[0].record.seq, 4);
  EXPECT_EQ(store->append({make_record("k4")})[0].kind, Kind::same);
  EXPECT_EQ(store->health().damaged, 0);
  EXPECT_EQ(open_sqlite(dir / "one", 0)->spool_id(), id) << "the old one stays what it was";
  std::string const second = store->spool_id();
  store.reset();
  EXPECT_EQ(open_sqlite(dir / "two", 0)->spool_id(), second);
}

TEST(Spool, AFolderRestoredInPlaceSaysSoWithAFileCalledRestored) {
  TempFolder dir;
  std::string const id = open_sqlite(dir.path(), 0)->spool_id();
  std::ofstream(dir / "restored") << "by hand";
  std::string const second = open_sqlite(dir.path(), 0)->spool_id();
  EXPECT_NE(second, id);
  EXPECT_EQ(open_sqlite(dir.path(), 0)->spool_id(), second);
}

TEST(Spool, ARefusedBodyHoldsNoKeyAndStaysRefused) {
  TempFolder dir;
  auto const settle = [](Store& store, std::int64_t seq, RecordState state) {
    store.settle({{"370871", seq, state, state == RecordState::committed ? "case" : "", "", false}});
  };
  {
    auto store = open_sqlite(dir.path(), 0);
    store->append({make_record("k", "refused body")});
    EXPECT_EQ(store->append({make_record("k", "the other")})[0].kind, Kind::conflict) << "nobody knows yet which one is right";
    settle(*store, 1, RecordState::refused);
    auto const again = store->append({make_record("k", "refused body")})[0];
    EXPECT_EQ(again.kind, Kind::same);
    EXPECT_EQ(again.record.state, RecordState::refused);
    EXPECT_TRUE(again.record.refused);
    auto const right = store->append({make_record("k", "the other"), make_record("k", "a third")});
    EXPECT_EQ(right[0].kind, Kind::stored) << "the body that the dispatcher knows under this key may come here too";
    EXPECT_EQ(right[1].kind, Kind::conflict);
    EXPECT_EQ(right[1].record.seq, 2);
    settle(*store, 2, RecordState::committed);
    EXPECT_EQ(store->append({make_record("k", "refused body")})[0].record.seq, 1);
    EXPECT_EQ(store->append({make_record("k", "the other")})[0].record.case_no, "case");
    EXPECT_EQ(store->requeue_after("370871", 0), 2);
    auto const rows = store->queued("370871", 0, 10);
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_TRUE(rows[0].refused) << "only its seq counts";
    EXPECT_FALSE(rows[0].answered);
    EXPECT_TRUE(rows[1].answered);
    EXPECT_FALSE(rows[1].refused);
  }
  std::ofstream(dir / "restored") << "by hand";
  auto store = open_sqlite(dir.path(), 0);
  auto const rows = store->queued("370871", 0, 10);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_TRUE(rows[0].refused && !rows[0].answered) << "also in a new spool";
  EXPECT_EQ(store->find_key("370871", "patroller-1", "k")->seq, 2) << "the one that holds it";
}

TEST(Spool, SaysWhenTheDiskIsFull) {
  TempFolder dir;
  EXPECT_FALSE(open_sqlite(dir.path(), 0)->health().full);
  EXPECT_TRUE(open_sqlite(dir.path(), std::numeric_limits<std::uint64_t>::max())->health().full);
}

TEST(Spool, SetsADamagedRecordAsideAndKeepsItsSeq) {
  TempFolder dir;
  std::string id;
  {
    auto store = open_sqlite(dir.path(), 0);
    id = store->spool_id();
    auto const group = store->append({make_record("a"), make_record("b"), make_record("c")});
    store->settle({committed(group[0].record)});
  }
  sql(dir / "spool.sqlite", "UPDATE record SET principal = 'mallory' WHERE key = 'b'");
  auto store = open_sqlite(dir.path(), 0);
  EXPECT_EQ(store->spool_id(), id);
  EXPECT_EQ(store->health().damaged, 1);
  auto const rows = store->queued("370871", 0, 10);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].seq, 2);
  EXPECT_EQ(rows[0].state, RecordState::dead_letter) << "the sender reports it";
  EXPECT_TRUE(rows[0].payload.empty());
  EXPECT_EQ(rows[1].key, "c");
  EXPECT_EQ(store->find_key("370871", "patroller-1", "a")->state, RecordState::committed);
  store->settle({{"370871", 2, RecordState::dead_letter, "", "", false}});
  EXPECT_EQ(store->queued("370871", 0, 10).size(), 1U);
  EXPECT_EQ(store->append({make_record("b")})[0].record.seq, 4) << "a retry brings it again";
}

TEST(Spool, NoticesDamageThatComesWhileItIsOpen) {
  TempFolder dir;
  auto store = open_sqlite(dir.path(), 0);
  store->append({make_record("a"), make_record("b"), make_record("c")});
  sql(dir / "spool.sqlite", "UPDATE record SET payload = 'other' WHERE key IN ('a', 'b')");
  auto const again = store->append({make_record("a")});
  EXPECT_EQ(again[0].kind, Kind::stored);
  EXPECT_EQ(again[0].record.seq, 4);
  auto const rows = store->queued("370871", 0, 10);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].state, RecordState::dead_letter);
  EXPECT_EQ(rows[1].state, RecordState::dead_letter);
  EXPECT_EQ(rows[2].key, "c");
  EXPECT_EQ(rows[3].key, "a");
  EXPECT_EQ(store->health().damaged, 2);
}

TEST(Spool, AsksAgainWhenOnlyTheOutcomeIsDamaged) {
  TempFolder dir;
  {
    auto store = open_sqlite(dir.path(), 0);
    store->settle({committed(store->append({make_record("a")})[0].record)});
  }
  sql(dir / "spool.sqlite", "UPDATE outcome SET case_no = '666'");
  auto store = open_sqlite(dir.path(), 0);
  auto const rows = store->queued("370871", 0, 10);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].case_no, "");
  EXPECT_EQ(store->health().damaged, 1);
  EXPECT_EQ(store->health().queued, 1);
}

TEST(Spool, CountsVanishedRecordsAndBecomesANewSpool) {
  TempFolder dir;
  std::string id;
  {
    auto store = open_sqlite(dir.path(), 0);
    id = store->spool_id();
    store->append({make_record("a"), make_record("b"), make_record("c"), make_record("d")});
  }
  sql(dir / "spool.sqlite", "DELETE FROM record WHERE key IN ('b', 'd')");
  auto store = open_sqlite(dir.path(), 0);
  EXPECT_NE(store->spool_id(), id) << "a seq given again must not be taken for the vanished one";
  EXPECT_EQ(store->health().damaged, 2);
  auto const rows = store->queued("370871", 0, 10);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].seq, 2);
  EXPECT_EQ(rows[1].key, "c");
}

}  // namespace
}  // namespace wangge::spool
