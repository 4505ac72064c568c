// The embedded cluster: made once, found again, and the way back after kill -9.
#include "deploy/database.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <algorithm>
#include <sstream>

#include "deploy/errors.hpp"
#include "tests/deploy/folder.hpp"
#include "tests/deploy/psql.hpp"

namespace wangge::deploy {
namespace {

namespace fs = std::filesystem;
using tests::Folder;
using tests::psql;

struct Embedded : testing::Test {
  Folder folder;
  Settings settings;
  Layout layout = layout_of(folder.path / "data", settings);
  std::vector<std::string> notices;
  EmbeddedPostgres::Notice notice = [this](std::string const& text) { notices.push_back(text); };

  void SetUp() override { make_folders(layout); }
  std::unique_ptr<EmbeddedPostgres> started() {
    auto postgres = std::make_unique<EmbeddedPostgres>(layout, true, notice);
    postgres->prepare();
    EXPECT_TRUE(postgres->start());
    postgres->ensure_database();
    return postgres;
  }
};

TEST_F(Embedded, IsMadeOnceDurablyAndKeepsItsRows) {
  {
    auto const postgres = started();
    EXPECT_EQ(psql(postgres->admin_url(), "SHOW fsync"), "on");
    EXPECT_EQ(psql(postgres->admin_url(), "SHOW data_checksums"), "on");
    EXPECT_EQ(psql(postgres->admin_url(), "SHOW listen_addresses"), "");
    EXPECT_EQ(psql(postgres->admin_url(), "SHOW server_encoding"), "UTF8");
    postgres->ensure_database();  // again: nothing to do
    psql(postgres->url(), "CREATE TABLE t AS SELECT 1 AS n");
    postgres->stop();
  }
  auto const postgres = started();
  EXPECT_EQ(psql(postgres->url(), "SELECT n FROM t"), "1");
  EXPECT_EQ(std::ranges::count_if(notices, [](std::string const& n) { return n.starts_with("making the database"); }),
            1);
  postgres->stop();
}

TEST_F(Embedded, AHalfFinishedInitdbIsThrownAway) {
  fs::create_directories(layout.postgres / "cluster.new");
  folder.write("data/postgres/cluster.new/PG_VERSION", "15\n");
  auto const postgres = started();
  EXPECT_EQ(psql(postgres->admin_url(), "SELECT 1"), "1");
  EXPECT_FALSE(fs::exists(layout.postgres / "cluster.new"));
  postgres->stop();
}

TEST_F(Embedded, StartsAgainAfterItsPostmasterWasKilledWithBackendsAtWork) {
  auto const postgres = started();
  psql(postgres->url(), "CREATE TABLE t (n int)");
  psql(postgres->url(), "INSERT INTO t VALUES (7)");
  Command busy;  // a backend that does not look up for a long time
  busy.argv = {"psql", "-X", "-c", "SELECT count(*) FROM generate_series(1, 2000000000)", postgres->url()};
  busy.output = "/dev/null";
  pid_t const client = spawn(busy);
  while (psql(postgres->admin_url(),
              "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%2000000000%' AND pid <> pg_backend_pid()") ==
         "0")
    usleep(10000);
  kill(postgres->pid(), SIGKILL);
  waitpid(postgres->pid(), nullptr, 0);
  ASSERT_TRUE(postgres->start());
  EXPECT_EQ(psql(postgres->url(), "SELECT n FROM t"), "7");
  postgres->stop();
  waitpid(client, nullptr, 0);
}

TEST_F(Embedded, AStaleLockFileOfAnotherProcessNumberIsNoHindrance) {
  auto postgres = started();
  postgres->stop();
  std::ostringstream stale;  // as after a power cut, with a number that belongs to somebody else now
  stale << getpid() << "\n" << postgres->cluster().string() << "\n1\n5432\n\n\n  0  0\nready\n";
  folder.write("data/postgres/cluster/postmaster.pid", stale.str());
  EXPECT_FALSE(postgres->running());
  ASSERT_TRUE(postgres->start());
  postgres->stop();
}

TEST_F(Embedded, StopsWaitingWhenItIsToldTo) {
  auto postgres = std::make_unique<EmbeddedPostgres>(layout, true, notice);
  postgres->prepare();
  EXPECT_FALSE(postgres->start([] { return true; }));
}

TEST_F(Embedded, OnlyOneProgramOwnsAFolder) {
  DataLock const lock(layout, "the first");
  EXPECT_TRUE(DataLock::held(layout));
  try {
    DataLock const second(layout, "the second");
    FAIL() << "two owners";
  } catch (EnvironmentError const& error) {
    EXPECT_NE(std::string(error.what()).find("the first (process"), std::string::npos) << error.what();
  }
}

TEST_F(Embedded, AMistypedFolderIsRefusedAndNothingIsMadeInIt) {
  auto const there = layout_of(layout.data / "mistyped", settings);
  try {
    Database const database(settings, there, notice);
    FAIL() << "a database was made";
  } catch (EnvironmentError const& error) {
    EXPECT_NE(std::string(error.what()).find("no Wangge data in"), std::string::npos) << error.what();
  }
  EXPECT_FALSE(std::filesystem::exists(there.data));
}

TEST_F(Embedded, MigratesAndFindsNothingToDoTheSecondTime) {
  Database database(settings, layout, notice, Database::Wanted::made);
  EXPECT_GT(migrate(database.url(), database.admin_url(), notice), 0);
  EXPECT_EQ(notices.back(), "the schema is up to date now");
  notices.clear();
  EXPECT_EQ(migrate(database.url(), database.admin_url(), notice), 0);
  EXPECT_TRUE(notices.empty());
  EXPECT_NE(psql(database.url(), "SELECT count(*) FROM lifecycle_move"), "0");
}

// Killed between a change's COMMIT and sqitch's own note of it: the next start deploys that change once more.
TEST_F(Embedded, AChangeThatSqitchForgotIsDeployedOverItself) {
  Database database(settings, layout, notice, Database::Wanted::made);
  auto const schema = [&] {
    return psql(database.admin_url(),
                "SELECT string_agg(x, E'\\n' ORDER BY x) FROM ("
                "SELECT format('%s.%s %s %s', c.relname, a.attname, a.atttypid::regtype, a.attnotnull) FROM "
                "pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
                "WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped "
                "UNION ALL SELECT pg_get_constraintdef(oid) || conrelid::regclass FROM pg_constraint WHERE "
                "connamespace = 'public'::regnamespace "
                "UNION ALL SELECT tgname || tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal) s(x)");
  };
  migrate(database.url(), database.admin_url(), notice);
  psql(database.url(), "INSERT INTO district (code, zh, en, version) VALUES ('370871', 'z', 'e', 1)");
  auto const before = schema();
  psql(database.admin_url(), "DROP SCHEMA sqitch CASCADE");  // all forgotten, which is each of them forgotten
  EXPECT_NO_THROW(migrate(database.url(), database.admin_url(), notice));
  EXPECT_EQ(schema(), before);
  EXPECT_EQ(psql(database.url(), "SELECT zh FROM district"), "z");
}

TEST(EmbeddedElsewhere, WhenItsUserCannotReachDataItLiesBehindALink) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  Folder const closed(false);
  Settings const settings;
  auto const layout = layout_of(closed.path, settings);
  make_folders(layout);
  std::vector<std::string> notices;
  EmbeddedPostgres postgres(layout, true, [&](std::string const& text) { notices.push_back(text); });
  postgres.prepare();
  EXPECT_TRUE(fs::is_symlink(layout.postgres));
  ASSERT_FALSE(notices.empty());
  EXPECT_NE(notices[0].find("cannot reach"), std::string::npos);
  ASSERT_TRUE(postgres.start());
  postgres.ensure_database();
  EXPECT_EQ(psql(postgres.admin_url(), "SELECT 1"), "1");
  postgres.stop();
  EmbeddedPostgres again(layout, true, {});
  EXPECT_EQ(again.root(), postgres.root());
}

TEST(EmbeddedElsewhere, ItsStateFolderCanBePassedThroughWhateverTheUmask) {
  Folder const folder;
  auto const mask = umask(077);
  make_passable(folder.path / "a");
  umask(mask);
  EXPECT_EQ(fs::status(folder.path / "a").permissions(), fs::perms(0755));
  fs::permissions(folder.path / "a", fs::perms(0700));  // as an older version left it
  make_passable(folder.path / "a");
  EXPECT_EQ(fs::status(folder.path / "a").permissions(), fs::perms(0755));
}

TEST(EmbeddedElsewhere, ADeepFolderGetsAShortSocket) {
  Folder const folder;
  Settings const settings;
  auto deep = folder.path;
  for (int i = 0; i < 6; ++i) deep /= std::string(20, static_cast<char>('a' + i));
  auto const layout = layout_of(deep, settings);
  make_folders(layout);
  for (auto p = deep; p != folder.path; p = p.parent_path())
    fs::permissions(p, fs::perms::others_exec, fs::perm_options::add);
  EmbeddedPostgres postgres(layout, true, [](std::string const&) {});
  postgres.prepare();
  ASSERT_TRUE(postgres.start());
  postgres.ensure_database();
  EXPECT_EQ(psql(postgres.admin_url(), "SELECT 1"), "1");
  postgres.stop();
  fs::remove_all(postgres.socket());
}

}  // namespace
}  // namespace wangge::deploy
