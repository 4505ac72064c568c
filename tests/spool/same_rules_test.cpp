// The simulator's spool and the real one, side by side through the same random life: whatever one answers, the other does.
#include <sqlite3.h>

#include <fstream>

#include "gateways/spool/sqlite_store.hpp"
#include "tests/sim/spool.hpp"
#include "tests/spool/records.hpp"

namespace wangge::spool {
namespace {

std::string words(Record const& r) {
  bool const lost = r.key.starts_with("damaged-");  // the ids of placeholders are random
  return r.district + " " + std::to_string(r.seq) + " " + (lost ? "lost" : r.report_id + " " + r.key + " " + r.body_hash) + " " +
         std::to_string(r.payload.size()) + " state " + std::to_string(static_cast<int>(r.state)) + (r.answered ? " answered" : "") +
         (r.refused ? " refused" : "") + " " + r.case_no + (r.place_unusable ? " unusable" : "");
}
std::string words(std::vector<Record> const& rows) {
  std::string out;
  for (auto const& r : rows) out += words(r) + "\n";
  return out;
}
std::string words(std::vector<Store::Appended> const& list) {
  std::string out;
  for (auto const& a : list) out += std::to_string(static_cast<int>(a.kind)) + ": " + words(a.record) + "\n";
  return out;
}
std::string words(std::optional<Record> const& r) { return r ? words(*r) : "none"; }

struct Both {
  explicit Both(std::uint64_t seed) : chance(seed), model("first") { reopen(false); }

  void reopen(bool restored) {
    real.reset();
    if (restored) std::ofstream(folder / "restored") << "by hand";
    real = open_sqlite({.dir = folder.path()});
    if (restored) model.renew("second");
    model.open();
  }
  std::string district() { return chance.one_in(4) ? "370811" : "370871"; }

  void act() {
    auto const what = chance.between(1, 100);
    auto const d = district();
    if (what <= 40) {
      std::vector<Record> records;
      for (auto n = chance.between(1, 4); n > 0; --n)
        records.push_back(make_record("k" + std::to_string(chance.between(1, 12)), "b" + std::to_string(chance.between(1, 3)), d, ++time));
      EXPECT_EQ(words(real->append(records)), words(model.append(records)));
    } else if (what <= 65) {
      std::vector<Store::Outcome> said;
      for (auto n = chance.between(1, 3); n > 0; --n) {
        auto const state = chance.one_in(3) ? RecordState::refused : chance.one_in(6) ? RecordState::dead_letter : RecordState::committed;
        said.push_back({d, chance.between(1, 20), state, state == RecordState::committed ? "case" : "", "", chance.one_in(9)});
      }
      real->settle(said);
      model.settle(said);
    } else if (what <= 72) {
      auto const cursor = chance.between(0, 20);
      EXPECT_EQ(real->requeue_after(d, cursor), model.requeue_after(d, cursor));
    } else if (what <= 78) {
      auto const before = core::Instant(core::Millis(chance.between(0, time)));
      auto const below = chance.between(0, 20);
      EXPECT_EQ(real->prune(d, before, below), model.prune(d, before, below));
    } else if (what <= 84) {
      reopen(false);
    } else if (what <= 88) {
      reopen(true);
    } else if (what <= 92) {
      damage(d);
    }
  }

  void damage(std::string const& d) {
    auto const rows = real->queued(d, 0, 100);
    std::vector<Record> sound;
    for (auto const& r : rows)
      if (r.state == RecordState::queued) sound.push_back(r);
    if (sound.empty()) return;
    auto const seq = chance.of(sound).seq;
    auto const id = chance.of(sound).report_id;
    real.reset();
    sqlite3* db = nullptr;
    ASSERT_EQ(sqlite3_open((folder / "spool.sqlite").c_str(), &db), SQLITE_OK);
    auto const sql = "UPDATE record SET payload = 'rotten' WHERE district = '" + d + "' AND id % 1099511627776 = " + std::to_string(seq);
    EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK);
    EXPECT_EQ(sqlite3_changes(db), 1) << id;
    sqlite3_close(db);
    model.damage(d, seq);
    reopen(false);
  }

  void compare() {
    EXPECT_EQ(real->districts(), model.districts());
    for (auto const& d : model.districts()) {
      EXPECT_EQ(words(real->queued(d, 0, 1000)), words(model.queued(d, 0, 1000)));
      EXPECT_EQ(real->settled_below(d), model.settled_below(d));
      auto const after = chance.between(0, 10);
      EXPECT_EQ(words(real->queued(d, after, 3)), words(model.queued(d, after, 3)));
      for (int k = 1; k <= 12; ++k) {
        auto const key = "k" + std::to_string(k);
        EXPECT_EQ(words(real->find_key(d, "patroller-1", key)), words(model.find_key(d, "patroller-1", key)));
        auto const report = "report-" + key + "-b1";
        auto const a = real->find_report(report), b = model.find_report(report);
        EXPECT_EQ(a.has_value(), b.has_value()) << report;
      }
    }
    auto const a = real->health(), b = model.health();
    EXPECT_EQ(a.queued, b.queued);
    EXPECT_EQ(a.committed, b.committed);
    EXPECT_EQ(a.damaged, b.damaged);
  }

  sim::Chance chance;
  TempFolder folder{true};
  std::unique_ptr<Store> real;
  sim::SimSpool model;
  std::int64_t time = 0;
};

TEST(SameRules, TheSimulatorsSpoolAnswersAsTheRealOneDoes) {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    Both both(seed);
    for (int i = 0; i < 60; ++i) {
      both.act();
      both.compare();
      ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed << ", step " << i;
    }
  }
}

}  // namespace
}  // namespace wangge::spool
