// What only PostgreSQL can show: columns against the core's fields, constraints against the core's states, take-over of a
// hanging writer, partitions, timelines.
#include <gtest/gtest.h>

#include <thread>
#include <libpq-fe.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "dispatcher/core/lifecycle.hpp"
#include "storage/postgres_store.hpp"
#include "tests/store/backends.hpp"
#include "tests/store/batches.hpp"
#include "tests/support/temporary_postgres.hpp"

namespace wangge::tests {
namespace {

class PostgresOnly : public testing::Test {
 protected:
  void SetUp() override {
    url = server.fresh_database();
    server.sql(url, "INSERT INTO district (code, zh, en, version) VALUES ('370871', 'z', 'e', 1)");
  }
  std::vector<std::vector<std::string>> sql(std::string const& text) { return server.sql(url, text); }
  TemporaryPostgres& server = TemporaryPostgres::shared();
  std::string url;
};

TEST_F(PostgresOnly, CasesHasAColumnForEveryField) {
  std::vector<std::string> wanted{"district", "case_no", "version"};
  core::Case c;
  core::for_each_field(c, [&](char const* name, auto const&) { wanted.emplace_back(name); });
  wanted.emplace_back("dispatched_by");
  std::vector<std::string> columns;
  for (auto const& row : sql("SELECT attname FROM pg_attribute WHERE attrelid = 'cases'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum")) columns.push_back(row[0]);
  std::sort(wanted.begin(), wanted.end());
  std::sort(columns.begin(), columns.end());
  EXPECT_EQ(columns, wanted);
}

TEST_F(PostgresOnly, TheLifecycleInTheDatabaseIsTheCores) {
  std::set<std::vector<std::string>> wanted;
  for (auto const& row : core::lifecycle()) wanted.insert({std::string(id(row.from)), std::string(id(row.action)), std::string(id(row.to))});
  sql("INSERT INTO lifecycle_move VALUES ('closed', 'report', 'reported')");
  storage::sync_lifecycle(url);
  auto const moves = sql("SELECT from_state, action, to_state FROM lifecycle_move");
  EXPECT_EQ(std::set(moves.begin(), moves.end()), wanted);
}

TEST_F(PostgresOnly, StatesAndEndsAreTheCores) {
  for (auto const& state : core::kStates) {
    for (bool const ended : {false, true}) {
      auto life = Life(1).save();
      life.after.state = state.state;
      if (ended) life.after.closed_at = at(1);
      auto store = storage::open_postgres(url, "1");
      auto const epoch = store->take_over(kDistrict, "x").epoch;
      life.rows[0].action = "report";
      life.rows[0].to = core::State::pending_accept;
      if (ended == !state.open) {
        EXPECT_NO_THROW(store->save(batch(epoch, {life}), at(2))) << state.id;
        sql("DELETE FROM cases; DELETE FROM report_key; DELETE FROM reporter; DELETE FROM report_extras");
      } else {
        EXPECT_THROW(store->save(batch(epoch, {life}), at(2)), storage::Poison) << state.id;
      }
    }
  }
}

TEST_F(PostgresOnly, TakeOverEndsAWriterThatHangsInATransaction) {
  auto old = storage::open_postgres(url, "1");
  old->take_over(kDistrict, "old");
  // The old writer's backend holds the fence, as if its process had been stopped between two statements.
  auto const pid = sql("SELECT backend_pids[1] FROM fence")[0][0];
  sql("UPDATE fence SET backend_pids = backend_pids || 1");  // a process id that went to somebody else
  auto fresh = storage::open_postgres(url, "2");
  EXPECT_EQ(fresh->take_over(kDistrict, "new").epoch, 2);
  EXPECT_TRUE(sql("SELECT pid FROM pg_stat_activity WHERE pid = " + pid).empty());
  EXPECT_EQ(sql("SELECT cardinality(backend_pids) FROM fence")[0][0], "1");
}

TEST_F(PostgresOnly, BothConnectionsOfAnEpochAreKnownToTheFence) {
  auto first = storage::open_postgres(url, "1"), second = storage::open_postgres(url, "2");
  auto const epoch = first->take_over(kDistrict, "x").epoch;
  second->join(kDistrict, epoch);
  second->join(kDistrict, epoch);
  EXPECT_EQ(sql("SELECT cardinality(backend_pids) FROM fence")[0][0], "2");
}

TEST_F(PostgresOnly, OnANewTimelineEpochsLeapAndNumbersGoOnFromAnUnusedMultiple) {
  auto store = storage::open_postgres(url, "1");
  auto epoch = store->take_over(kDistrict, "x").epoch;
  EXPECT_EQ(store->reserve_numbers(kDistrict, epoch, "20261102", 150), 1);
  sql("UPDATE fence SET timeline = '000000FF'");
  epoch = store->take_over(kDistrict, "x").epoch;
  EXPECT_GE(epoch, 1001);
  auto const floor = store->reserve_numbers(kDistrict, epoch, "20261102", 10);
  EXPECT_GE(floor, 100000);
  EXPECT_EQ(floor % 100000, 0);
  EXPECT_EQ(store->reserve_numbers(kDistrict, epoch, "20261101", 10), floor);  // its row may be among what was lost
  EXPECT_EQ(store->reserve_numbers(kDistrict, epoch, "20991231", 10), 1);      // a day to come is whole
  EXPECT_EQ(store->take_over(kDistrict, "x").epoch, epoch + 1);
  EXPECT_EQ(store->reserve_numbers(kDistrict, epoch + 1, "20261102", 10), floor + 10);
}

TEST_F(PostgresOnly, TwoRestoresOfOneBackupGiveNeitherAnEpochNorANumberTwice) {
  // A cold copy is a backup; each life of it begins by archive recovery, as `wangge restore` does it.
  TemporaryPostgres original;
  auto const source = original.fresh_database();
  original.sql(source, "INSERT INTO district (code, zh, en, version) VALUES ('370871', 'z', 'e', 1)");
  auto store = storage::open_postgres(source, "1");
  auto const before = store->take_over(kDistrict, "x").epoch;
  store->reserve_numbers(kDistrict, before, "20261102", 150);
  store.reset();
  original.stop();
  std::vector<std::pair<std::int64_t, std::int64_t>> lives;  // epoch, first number
  auto const second = [] { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); };
  for (int life = 0; life < 2; ++life) {
    // A place of its own is a second of its own; nobody restores twice in one, but this test could.
    for (auto const began = second(); second() == began;) std::this_thread::sleep_for(std::chrono::milliseconds{20});
    auto const copy = original.restored_copy();
    auto const name = source.substr(source.find("dbname=") + 7);
    auto restored = storage::open_postgres(copy->url(name), "1");
    auto const epoch = restored->take_over(kDistrict, "x").epoch;
    EXPECT_EQ(copy->sql(copy->url(name), "SELECT timeline FROM fence")[0][0], "00000002") << "both are on it";
    lives.emplace_back(epoch, restored->reserve_numbers(kDistrict, epoch, "20261102", 150));
  }
  EXPECT_GT(lives[0].first, before);
  EXPECT_GT(lives[1].first, lives[0].first + 10) << "room for the take-overs of the first life";
  EXPECT_GE(lives[1].second, lives[0].second + 100000) << "and for its numbers";
}

TEST_F(PostgresOnly, ABeatIsAsOldAsTheDatabasesClockSays) {
  auto store = storage::open_postgres(url, "1");
  EXPECT_EQ(store->epoch(kDistrict), 0);
  EXPECT_FALSE(store->beat_age(kDistrict)) << "nobody ever took over";
  auto const epoch = store->take_over(kDistrict, "x").epoch;
  EXPECT_EQ(store->epoch(kDistrict), epoch);
  sql("UPDATE beat SET renewed_at = now() - interval '1 hour'");
  EXPECT_GE(*store->beat_age(kDistrict), std::chrono::minutes(60));
  sql("UPDATE beat SET renewed_at = now() + interval '1 hour'");  // the clock was set back since
  EXPECT_GE(*store->beat_age(kDistrict), std::chrono::minutes(55));
  store->renew(kDistrict, epoch);
  EXPECT_LT(*store->beat_age(kDistrict), std::chrono::minutes(5));
}

TEST_F(PostgresOnly, WhatIsMadeAheadDoesNotWaitLongForAReader) {
  auto store = storage::open_postgres(url, "1");
  store->take_over(kDistrict, "x");
  sql("DROP TABLE history_" + sql("SELECT to_char(now() + interval '3 months', 'YYYYMM')")[0][0]);
  std::unique_ptr<PGconn, decltype(&PQfinish)> const reader(PQconnectdb(url.c_str()), PQfinish);
  auto const say = [&](char const* words) { PQclear(PQexec(reader.get(), words)); };
  say("BEGIN; SELECT count(*) FROM history");
  EXPECT_THROW(store->make_ahead(), storage::Broken);
  say("COMMIT");
  EXPECT_NO_THROW(store->make_ahead());
  EXPECT_EQ(sql("SELECT count(*) FROM pg_inherits WHERE inhparent = 'history'::regclass")[0][0], "6");
}

TEST_F(PostgresOnly, PartitionsAreMadeAheadAndTheDefaultCatchesTheRest) {
  auto store = storage::open_postgres(url, "1");
  auto const epoch = store->take_over(kDistrict, "x").epoch;
  EXPECT_EQ(sql("SELECT count(*) FROM pg_inherits WHERE inhparent = 'history'::regclass")[0][0], "6");
  store->save(batch(epoch, {Life(1).save()}), core::Instant{std::chrono::sys_days{std::chrono::year{2001} / 1 / 1}});
  EXPECT_EQ(sql("SELECT count(*) FROM history_default")[0][0], "1");
  EXPECT_EQ(sql("SELECT ensure_partitions('2001-01-15')")[0][0], "14");  // history_200101 stays where its row lies
}

TEST_F(PostgresOnly, EveryKeyBeginsWithTheDistrict) {
  auto const odd = sql(
      "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]"
      " WHERE i.indisprimary AND c.relname IN ('cases','report_key','command','span','task','spool_cursor','dead_letter','case_media',"
      "'reporter','report_extras','case_number','fence','beat','chain_head') AND a.attname <> 'district'");
  EXPECT_TRUE(odd.empty());
}

// Through sqitch itself, as an operator would: every change deployed, reverted, deployed again, each time verified.
class Migrations : public testing::Test {
 protected:
  void SetUp() override {
    server.sql(server.url("postgres"), "DROP DATABASE IF EXISTS migrations");
    server.sql(server.url("postgres"), "CREATE DATABASE migrations");
    server.sql(url, "CREATE EXTENSION postgis; CREATE EXTENSION btree_gist");
    log = std::filesystem::path(server.socket()) / "sqitch.log";
  }
  // Its words on failure.
  std::string sqitch(std::string const& words) const {
    std::string const command = std::string("cd ") + WANGGE_STORAGE "/migrations && SQITCH_FULLNAME=x SQITCH_EMAIL=x@localhost SQITCH_USER_CONFIG=/dev/null LC_ALL=C.UTF-8 sqitch " +
                                words + " 'db:pg://postgres@/migrations?host=" + server.socket() + "' >" + log.string() + " 2>&1";
    if (std::system(command.c_str()) == 0) return "";
    std::ifstream in(log);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // Everything of ours in the schema, as text.
  std::string schema() const {
    std::string all;
    for (auto const& row : server.sql(url,
             "SELECT x FROM ("
             "SELECT 'relation ' || c.relname || ' ' || c.relkind::text FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
             " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') "
             "UNION ALL SELECT 'column ' || c.relname || '.' || a.attname || ' ' || a.atttypid::regtype || ' ' || a.attnotnull || ' ' || coalesce(pg_get_expr(f.adbin, f.adrelid), '')"
             " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum"
             " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped"
             " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') "
             "UNION ALL SELECT 'function ' || p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace"
             " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')) y(x) ORDER BY x"))
      all += row[0] + "\n";
    return all;
  }
  TemporaryPostgres& server = TemporaryPostgres::shared();
  std::string url = server.url("migrations");
  std::filesystem::path log;
};

TEST_F(Migrations, RevertTakesEverythingAwayAndTheNextDeployBringsItBack) {
  auto const empty = schema();  // what the extensions bring
  ASSERT_EQ(sqitch("deploy --verify"), "");
  auto const deployed = schema();
  EXPECT_NE(deployed.find("relation cases r"), std::string::npos) << deployed;
  EXPECT_NE(deployed.find("relation history p"), std::string::npos) << deployed;
  server.sql(url, "INSERT INTO district (code, zh, en, version) VALUES ('370871', 'z', 'e', 1)");
  ASSERT_EQ(sqitch("revert -y"), "");
  EXPECT_EQ(schema(), empty) << "left behind";
  ASSERT_EQ(sqitch("deploy --verify"), "");
  EXPECT_EQ(schema(), deployed);
  EXPECT_EQ(server.sql(url, "SELECT count(*) FROM district")[0][0], "0");
}

}  // namespace
}  // namespace wangge::tests
