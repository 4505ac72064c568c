// Bit rot: one damaged byte anywhere in the file or its log, cut and emptied files. Every loss is counted, and nothing is
// lost but what the damage touched.
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <set>

#include "gateways/spool/salvage.hpp"
#include "gateways/spool/sqlite_store.hpp"
#include "tests/spool/records.hpp"

namespace wangge::spool {
namespace {

namespace fs = std::filesystem;

std::string slurp(std::string const& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}
// In place: the inode is part of the spool's identity.
void write_back(std::string const& path, std::string const& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}
std::uint64_t flips() {
  char const* wanted = std::getenv("WANGGE_FLIPS");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 150;
}

class SpoolRot : public testing::Test {
 protected:
  SpoolRot() : path_(dir_ / "spool.sqlite") {}

  // Groups of different sizes in two districts, some large records, some settled, some requeued. `closed`: all is in the
  // file; else the log holds most of it, as after a kill.
  void fill(bool closed) {
    SqliteOptions options{.dir = dir_.path(), .checkpoint_idle_pages = closed ? 1000 : 1 << 30, .checkpoint_busy_pages = 1 << 30};
    auto store = open_sqlite(options);
    id_ = store->spool_id();
    std::mt19937_64 chance(5);
    for (int group = 0; group < 40; ++group) {
      std::vector<Record> records;
      for (auto n = 1 + chance() % 12; n > 0; --n) {
        records.push_back(make_record("k" + std::to_string(++count_), "body", chance() % 4 == 0 ? "370811" : "370871"));
        if (chance() % 20 == 0) records.back().payload += std::string(chance() % 30'000, 'L');
      }
      last_group_.clear();
      for (auto& appended : store->append(records)) {
        last_group_.insert(appended.record.key);
        all_[appended.record.key] = appended.record;
        if (chance() % 2 == 0) store->settle({committed(appended.record, "case of " + appended.record.key)});
      }
    }
    // The last word of the log is an append's.
    last_group_ = {"last"};
    all_["last"] = store->append({make_record("last")})[0].record;
    if (!closed) {
      database_ = slurp(path_);
      log_ = slurp(path_ + "-wal");
    }
    store.reset();
    if (closed) database_ = slurp(path_);
  }

  void lay(std::string const& database, std::string const& log) {
    for (auto const& file : fs::directory_iterator(dir_.path())) {
      auto const name = file.path().filename().string();
      if (name != "spool.sqlite" && name != "lock" && name != "made") fs::remove(file.path());
    }
    write_back(path_, database);
    if (!log.empty()) write_back(path_ + "-wal", log);
  }

  // Opens, and says what is wrong: "" when each record is there or, at most `may_miss` of them, counted.
  std::string check(std::size_t may_miss, bool last_may_miss) {
    auto store = open_sqlite(dir_.path(), 0);
    std::set<std::string> missing;
    for (auto const& [key, r] : all_) {
      auto const found = store->find_key(r.district, r.principal, key);
      if (!found) missing.insert(key);
      else if (found->payload != r.payload || found->report_id != r.report_id || found->body_hash != r.body_hash) return "changed: " + key;
      else if (!found->case_no.empty() && found->case_no != "case of " + key) return "another's case: " + key;
      else if (found->seq != r.seq && store->spool_id() == id_) return "another seq under the old spool id: " + key;
    }
    damaged_ += store->health().damaged != 0 ? 1 : 0;
    renewed_ += store->spool_id() != id_ ? 1 : 0;
    if (last_may_miss && std::includes(last_group_.begin(), last_group_.end(), missing.begin(), missing.end())) return "";
    if (missing.size() > may_miss) return std::to_string(missing.size()) + " records are gone, among them " + *missing.begin();
    if (!missing.empty() && store->health().damaged == 0) return "gone and not counted: " + *missing.begin();
    // It is a spool that works.
    if (store->append({make_record("after")})[0].kind != Store::Appended::Kind::stored) return "append";
    return "";
  }

  TempFolder dir_{true};
  std::string path_, id_, database_, log_;
  std::map<std::string, Record> all_;
  std::set<std::string> last_group_;
  int count_ = 0, damaged_ = 0, renewed_ = 0;
};

TEST_F(SpoolRot, OneDamagedByteInTheFileHarmsAtMostOneRecordAndIsCounted) {
  fill(true);
  std::mt19937_64 chance(1);
  for (std::uint64_t i = 0; i < flips(); ++i) {
    std::string bytes = database_;
    // Structure is rare among bytes: the first pages and the heads of pages get more than their share.
    std::size_t const page = chance() % 3 == 0 ? chance() % std::min<std::size_t>(8, bytes.size() / 4096) : chance() % (bytes.size() / 4096);
    std::size_t const at = page * 4096 + (chance() % 3 == 0 ? chance() % 120 : chance() % 4096);
    bytes[at] = static_cast<char>(bytes[at] ^ (1 + chance() % 255));
    lay(bytes, "");
    std::string wrong;
    try {
      wrong = check(1, false);
    } catch (std::exception const& failure) {
      wrong = std::string("not opened: ") + failure.what();
    }
    ASSERT_EQ(wrong, "") << "flip " << i << " at " << at;
  }
  EXPECT_GT(damaged_, 0);
  EXPECT_GT(renewed_, 0) << "no flip met the structure";
}

TEST_F(SpoolRot, OneDamagedByteInTheLogHarmsAtMostOneRecordAndIsCounted) {
  fill(false);
  ASSERT_GT(log_.size(), 100U * 4120);
  std::mt19937_64 chance(2);
  for (std::uint64_t i = 0; i < flips() / 2; ++i) {
    std::string bytes = log_;
    std::size_t const at = chance() % 10 == 0 ? chance() % 32 : chance() % 4 == 0 ? 32 + chance() % 300 * 4120 + chance() % 24 : chance() % bytes.size();
    if (at >= bytes.size()) continue;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 + chance() % 255));
    lay(database_, bytes);
    std::string wrong;
    try {
      wrong = check(1, true);
    } catch (std::exception const& failure) {
      wrong = std::string("not opened: ") + failure.what();
    }
    ASSERT_EQ(wrong, "") << "flip " << i << " at " << at;
  }
  EXPECT_GT(renewed_, 0);
}

TEST_F(SpoolRot, AnUndamagedLogIsReadAndNothingIsCounted) {
  fill(false);
  lay(database_, log_);
  EXPECT_EQ(check(0, false), "");
  EXPECT_EQ(damaged_, 0);
  EXPECT_EQ(renewed_, 0);
}

TEST_F(SpoolRot, ALogTornInItsLastTransactionIsNoDamage) {
  fill(false);
  for (std::size_t cut : {std::size_t{1}, std::size_t{4000}, std::size_t{4120}}) {
    lay(database_, log_.substr(0, log_.size() - cut));
    EXPECT_EQ(check(0, true), "") << cut;
  }
  EXPECT_EQ(damaged_, 0);
  EXPECT_EQ(renewed_, 0);
}

TEST_F(SpoolRot, ACutFileGivesWhatIsLeftAndSaysHowMuchIsGone) {
  fill(true);
  lay(database_.substr(0, database_.size() / 2), "");
  EXPECT_EQ(check(all_.size(), false), "");
  EXPECT_EQ(damaged_, 1);
  EXPECT_EQ(renewed_, 1);
  auto store = open_sqlite(dir_.path(), 0);
  EXPECT_GT(store->health().queued, 50);
}

TEST_F(SpoolRot, AnEmptiedOrForeignFileIsNotTakenForANewSpool) {
  fill(true);
  for (std::string const& bytes : {std::string(), std::string(50'000, 'x'), std::string("SQLite format 3\0 but not really", 32)}) {
    lay(bytes, "");
    EXPECT_EQ(check(all_.size(), false), "");
    EXPECT_TRUE(fs::exists(path_ + ".damaged-1")) << "kept for people to look at";
  }
  EXPECT_EQ(damaged_, 3);
  EXPECT_EQ(renewed_, 3);
}

TEST_F(SpoolRot, ACrashDuringTheRescueLeavesTheOldFileOrTheNewOne) {
  fill(true);
  std::string bytes = database_;
  bytes.replace(0, 16, "no database file");
  lay(bytes, "");
  open_sqlite(dir_.path(), 0).reset();
  std::string const rescued = slurp(path_);
  // Dead before the rename: a half new file lies about.
  lay(bytes, "");
  write_back(path_ + ".new", rescued.substr(0, 10'000));
  EXPECT_EQ(check(0, false), "");
  // Dead after it: the old file and its log are still in place.
  lay(bytes, "a log that belongs to the old file");
  write_back(path_ + ".rescued", rescued);
  EXPECT_EQ(check(0, false), "");
  EXPECT_FALSE(fs::exists(path_ + ".rescued"));
}

TEST_F(SpoolRot, SalvageFindsEveryRecordAndWordInTheBytesAlone) {
  fill(true);
  auto const saved = salvage(database_, "");
  EXPECT_EQ(saved.size(), all_.size());
  std::size_t words = 0;
  for (auto const& one : saved) {
    EXPECT_EQ(one.record.payload, all_.at(one.record.key).payload);
    words += one.word ? 1 : 0;
  }
  auto store = open_sqlite(dir_.path(), 0);
  EXPECT_EQ(static_cast<std::int64_t>(words), store->health().committed);
}

}  // namespace
}  // namespace wangge::spool
