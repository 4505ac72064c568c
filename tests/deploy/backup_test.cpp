// Backup and restore with a real cluster: what comes back, what is refused, what damage is found.
#include "deploy/backup.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>

#include "deploy/backup_files.hpp"
#include "deploy/errors.hpp"
#include "tests/deploy/folder.hpp"
#include "tests/deploy/psql.hpp"

namespace wangge::deploy {
namespace {

namespace fs = std::filesystem;
using tests::Folder;
using tests::psql;

void sqlite(fs::path const& file, char const* text) {
  sqlite3* db = nullptr;
  fs::create_directories(file.parent_path());
  ASSERT_EQ(sqlite3_open(file.c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, text, nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  sqlite3_close(db);
}

struct BackupOf : testing::Test {
  Folder folder;
  Settings settings;
  Layout layout = layout_of(folder.path / "data", settings);
  Notice quiet = [](std::string const&) {};
  std::unique_ptr<EmbeddedPostgres> postgres;
  fs::path medium;

  void SetUp() override {
    make_folders(layout);
    postgres = std::make_unique<EmbeddedPostgres>(layout, true, quiet);
    postgres->prepare();
    ASSERT_TRUE(postgres->start());
    postgres->ensure_database();
    psql(postgres->url(), "CREATE TABLE t (n int)");
    psql(postgres->url(), "INSERT INTO t VALUES (1)");
    sqlite(layout.spool / "spool.sqlite", "PRAGMA journal_mode=WAL; CREATE TABLE r(n); INSERT INTO r VALUES (5)");
    medium = folder.write("data/media/ba/sha256-" + sha256_hex("abc"), "abc");
    folder.write("data/keys/k", "secret");
    folder.write("data/wangge.toml", "[backup]\nkeep = 2\n");
  }
  void TearDown() override { postgres->stop(); }
  BackupSource source() { return {settings, layout, postgres->admin_url(), postgres->archive(), postgres->cluster() / "pg_wal"}; }
  // Restores into a new folder, starts it, gives what `statement` answers.
  std::string after_restore(RestoreOptions options, std::string const& statement) {
    restore(options, quiet);
    auto const again = layout_of(options.data, settings);
    EmbeddedPostgres restored(again, true, quiet);
    restored.prepare();
    EXPECT_TRUE(restored.start());
    auto const answer = psql(restored.url(), statement);
    restored.stop();
    return answer;
  }
};

TEST_F(BackupOf, EverythingComesBackOnANewTimeline) {
  auto const done = make_backup(source(), folder.path / "b", {}, quiet);
  EXPECT_GT(done.bytes, 1u << 20);
  psql(postgres->url(), "INSERT INTO t VALUES (2)");
  verify_backup(folder.path / "b");
  auto const timeline = after_restore({folder.path / "b", folder.path / "new", ""}, "SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8) || ' ' || (SELECT sum(n) FROM t)");
  EXPECT_EQ(timeline, "00000002 1");
  EXPECT_EQ(read_file(folder.path / "new/media/ba" / medium.filename()), "abc");
  EXPECT_EQ(read_file(folder.path / "new/keys/k"), "secret");
  EXPECT_EQ(read_file(folder.path / "new/wangge.toml"), "[backup]\nkeep = 2\n");
  EXPECT_EQ(sqlite_problem(folder.path / "new/spool/spool.sqlite"), "");
  EXPECT_FALSE(fs::exists(folder.path / "new/restore.incomplete"));
  EXPECT_EQ(last_backup(layout.backup)->path, (folder.path / "b").string());
}

TEST_F(BackupOf, AFileSetAsideAfterASpoolsRescueIsCopiedAsItIs) {
  std::string const torn = std::string("SQLite format 3\0", 16) + std::string(5000, 'x');
  folder.write("data/spool/spool.sqlite.damaged-1", torn);
  folder.write("data/spool/spool.sqlite.damaged-1-wal", "its log");
  make_backup(source(), folder.path / "b", {}, quiet);
  verify_backup(folder.path / "b");
  restore({folder.path / "b", folder.path / "new", ""}, quiet);
  EXPECT_EQ(read_file(folder.path / "new/spool/spool.sqlite.damaged-1"), torn);
  EXPECT_EQ(read_file(folder.path / "new/spool/spool.sqlite.damaged-1-wal"), "its log");
  EXPECT_EQ(sqlite_problem(folder.path / "new/spool/spool.sqlite"), "");
}

TEST_F(BackupOf, ItGoesBackToAMoment) {
  make_backup(source(), folder.path / "b", {}, quiet);
  psql(postgres->url(), "INSERT INTO t VALUES (10)");
  auto const moment = psql(postgres->url(), "SELECT clock_timestamp()");
  psql(postgres->url(), "INSERT INTO t VALUES (100)");
  psql(postgres->admin_url(), "SELECT pg_switch_wal()");
  psql(postgres->url(), "INSERT INTO t VALUES (1000)");
  EXPECT_EQ(after_restore({folder.path / "b", folder.path / "new", moment}, "SELECT sum(n) FROM t"), "11");
}

TEST_F(BackupOf, AMomentAfterTheLastCommitGivesEverythingAndSaysSo) {
  make_backup(source(), folder.path / "b", {}, quiet);
  psql(postgres->url(), "INSERT INTO t VALUES (10)");
  auto const moment = psql(postgres->url(), "SELECT clock_timestamp() + interval '1 hour'");
  psql(postgres->admin_url(), "SELECT pg_switch_wal()");
  std::string said;
  quiet = [&](std::string const& text) { said += text + "\n"; };
  EXPECT_EQ(after_restore({folder.path / "b", folder.path / "new", moment}, "SELECT sum(n) FROM t"), "11");
  EXPECT_NE(said.find("ends before " + moment), std::string::npos) << said;
}

TEST_F(BackupOf, AMomentBeforeTheBackupOrWithoutItsOffsetIsRefused) {
  auto const moment = psql(postgres->url(), "SELECT clock_timestamp() - interval '1 hour'");
  make_backup(source(), folder.path / "b", {}, quiet);
  for (auto const& wrong : {moment, std::string("2026-11-24T10:30:00+08:00"), std::string("2099-01-01T00:00:00"), std::string("yesterday")})
    EXPECT_THROW(restore({folder.path / "b", folder.path / "new", wrong}, quiet), UsageError) << wrong;
  EXPECT_FALSE(fs::exists(folder.path / "new"));
}

TEST_F(BackupOf, TheLogLiesBesideTheBackupsSoThatItOutlivesData) {
  EXPECT_TRUE(postgres->archive().string().starts_with((layout.backup / "wal" / "wal-").string())) << postgres->archive();
  settings.backup.dir = (folder.path / "safe").string();
  layout = layout_of(folder.path / "data", settings);
  fs::create_directories(layout.backup);
  postgres->stop();
  postgres = std::make_unique<EmbeddedPostgres>(layout, true, quiet);
  postgres->prepare();
  ASSERT_TRUE(postgres->start());
  make_backup(source(), folder.path / "safe/b", {}, quiet);
  psql(postgres->url(), "INSERT INTO t VALUES (10)");
  auto const moment = psql(postgres->url(), "SELECT clock_timestamp()");
  psql(postgres->url(), "INSERT INTO t VALUES (100)");
  auto const segment = psql(postgres->admin_url(), "SELECT pg_walfile_name(pg_switch_wal())");
  for (int i = 0; i < 3000 && !fs::exists(postgres->archive() / segment); ++i) usleep(10000);
  postgres->stop();
  fs::remove_all(folder.path / "data");
  EXPECT_EQ(after_restore({folder.path / "safe/b", folder.path / "new", moment}, "SELECT sum(n) FROM t"), "11");
}

TEST_F(BackupOf, ARestoreRefusesAFolderThatHoldsSomething) {
  make_backup(source(), folder.path / "b", {}, quiet);
  folder.write("new/x", "y");
  EXPECT_THROW(restore({folder.path / "b", folder.path / "new", ""}, quiet), UsageError);
  EXPECT_THROW(make_backup(source(), folder.path / "new", {}, quiet), UsageError);
}

TEST_F(BackupOf, DamageIsNamedAndNotRestored) {
  make_backup(source(), folder.path / "b", {}, quiet);
  for (auto const& name : std::vector<std::string>{"keys/k", "database/PG_VERSION", "media/ba/" + medium.filename().string(), "spool/spool.sqlite"}) {
    auto const file = folder.path / "b" / name;
    auto const before = read_file(file);
    fs::remove(file);  // a medium is a link to the original: never write through it
    std::ofstream(file, std::ios::binary) << "x" << before.substr(1);
    EXPECT_THROW(verify_backup(folder.path / "b"), DamageError) << name;
    EXPECT_THROW(restore({folder.path / "b", folder.path / "new", ""}, quiet), DamageError) << name;
    std::ofstream(file, std::ios::binary) << before;
    verify_backup(folder.path / "b");
  }
  fs::remove(folder.path / "b/keys/k");
  EXPECT_THROW(verify_backup(folder.path / "b"), DamageError);
}

TEST_F(BackupOf, AnUnfinishedBackupIsNone) {
  make_backup(source(), folder.path / "b", {}, quiet);
  fs::remove(folder.path / "b/manifest.json");
  EXPECT_THROW(restore({folder.path / "b", folder.path / "new", ""}, quiet), DamageError);
}

TEST_F(BackupOf, NightlyOnesKeepTheNewestAndShareTheirPictures) {
  settings.backup.keep = 2;
  auto const first = nightly_backup(source(), quiet);
  for (int i = 0; i < 2; ++i) {
    while (fs::exists(layout.backup / fs::path(last_backup(layout.backup)->path).filename()) &&
           std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) <= last_backup(layout.backup)->started)
      usleep(20000);  // names are by the second
    nightly_backup(source(), quiet);
  }
  EXPECT_FALSE(fs::exists(first.path));
  int folders = 0;
  for (auto const& entry : fs::directory_iterator(layout.backup)) folders += entry.is_directory();
  EXPECT_EQ(folders, 3) << "two backups and the database's log";
  auto const newest = fs::path(last_backup(layout.backup)->path);
  EXPECT_TRUE(fs::equivalent(newest / "media/ba" / medium.filename(), medium));
  verify_backup(newest);
}

TEST_F(BackupOf, ASpoolElsewhereThatSurvivedIsNotOverwritten) {
  settings.gateway.spool_dir = (folder.path / "far").string();
  layout = layout_of(folder.path / "data", settings);
  sqlite(layout.spool / "spool.sqlite", "CREATE TABLE r(n); INSERT INTO r VALUES (5)");
  folder.write("data/wangge.toml", "[gateway]\nspool_dir = \"" + (folder.path / "far").string() + "\"\n");
  make_backup(source(), folder.path / "b", {}, quiet);
  sqlite(layout.spool / "spool.sqlite", "INSERT INTO r VALUES (6)");
  auto const before = sha256_of_file(layout.spool / "spool.sqlite");
  restore({folder.path / "b", folder.path / "new", ""}, quiet);
  EXPECT_EQ(sha256_of_file(layout.spool / "spool.sqlite"), before);
  EXPECT_FALSE(fs::exists(folder.path / "new/spool/spool.sqlite"));
}

// The archive's and the restore's commands go through a shell and through PostgreSQL's own %-letters.
TEST(BackupElsewhere, AFolderWithASpaceAQuoteAndAPercentSignIsArchivedBackedUpAndRestored) {
  Folder const folder;
  auto const odd = folder.path / "the city's 100%p data";
  Settings const settings;
  auto const layout = layout_of(odd / "data", settings);
  make_folders(layout);
  fs::permissions(odd, fs::perms::others_exec, fs::perm_options::add);
  Notice const quiet = [](std::string const&) {};
  EmbeddedPostgres postgres(layout, true, quiet);
  postgres.prepare();
  ASSERT_TRUE(postgres.start());
  postgres.ensure_database();
  migrate(postgres.url(), postgres.admin_url(), quiet);
  psql(postgres.url(), "CREATE TABLE t AS SELECT 1 AS n");
  make_backup({settings, layout, postgres.admin_url(), postgres.archive(), postgres.cluster() / "pg_wal"}, odd / "b", {}, quiet);
  psql(postgres.url(), "INSERT INTO t VALUES (10)");
  auto const moment = psql(postgres.url(), "SELECT clock_timestamp()");
  psql(postgres.url(), "INSERT INTO t VALUES (100)");
  auto const segment = psql(postgres.admin_url(), "SELECT pg_walfile_name(pg_switch_wal())");
  for (int i = 0; i < 3000 && !fs::exists(postgres.archive() / segment); ++i) usleep(10000);
  EXPECT_TRUE(fs::exists(postgres.archive() / segment));
  postgres.stop();
  restore({odd / "b", odd / "new", moment}, quiet);
  EmbeddedPostgres restored(layout_of(odd / "new", settings), true, quiet);
  restored.prepare();
  ASSERT_TRUE(restored.start());
  EXPECT_EQ(psql(restored.url(), "SELECT sum(n) FROM t"), "11");
  restored.stop();
}

}  // namespace
}  // namespace wangge::deploy
