// Output, files, slots of the night, restarts, the doctor's judgements: small pure parts.
#include <gtest/gtest.h>

#include <fstream>
#include <future>
#include <set>
#include <sstream>

#include "deploy/anchor.hpp"
#include "deploy/backup_files.hpp"
#include "deploy/doctor.hpp"
#include "deploy/errors.hpp"
#include "deploy/log.hpp"
#include "deploy/nightly.hpp"
#include "deploy/output.hpp"
#include "deploy/up.hpp"
#include "tests/deploy/folder.hpp"

namespace wangge::deploy {
namespace {

using tests::Folder;
using namespace std::chrono_literals;

TEST(Output, ChineseTakesTwoColumns) {
  EXPECT_EQ(display_width("网格a"), 5u);
  std::ostringstream out;
  print({{"name", "n"}, {}, {{"网格", "1"}, {"abc", "2"}}}, Style::table, out);
  EXPECT_EQ(out.str(), "name  n\n网格  1\nabc   2\n");
}

TEST(SealingKey, IsMadeOnceHoweverManyAskAtOnceAndADamagedOneIsTold) {
  Folder folder;
  auto const keys = folder.path / "keys";
  std::filesystem::create_directories(keys);
  std::vector<std::future<std::string>> asked;
  for (int i = 0; i < 8; ++i) asked.push_back(std::async(std::launch::async, [&] { return sealing_key(keys); }));
  std::set<std::string> seen;
  for (auto& one : asked) seen.insert(one.get());
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen.begin()->size(), 32u);
  EXPECT_EQ(sealing_key(keys), *seen.begin());
  EXPECT_EQ(std::filesystem::status(keys / "totp.key").permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(keys), {}), 1) << "nothing of the others is left";
  std::ofstream(keys / "totp.key") << "not a key\n";
  EXPECT_THROW(sealing_key(keys), DamageError);
}

TEST(Output, ATabInAFieldMakesNoSecondField) {
  std::ostringstream out;
  print({{"a", "b"}, {}, {{"x\ty", "z\nw"}}}, Style::tsv, out);
  EXPECT_EQ(out.str(), "a\tb\nx y\tz w\n");
}

TEST(Output, JsonIsEscaped) {
  std::ostringstream out;
  print({{"a"}, {}, {{"\"\\\n\x01"}}}, Style::json, out);
  EXPECT_EQ(out.str(), "[{\"a\": \"\\\"\\\\\\n\\u0001\"}]\n");
}

TEST(Output, NumbersAreNumbersInJson) {
  std::ostringstream out;
  print({{"what", "n"}, {}, {{"1", "2"}, {"3", ""}}, {"n"}}, Style::json, out);
  EXPECT_EQ(out.str(), "[{\"what\": \"1\", \"n\": 2},\n {\"what\": \"3\", \"n\": null}]\n");
}

TEST(Output, ACheckPrintsWhatItCountedAlsoWhenNothingWasFound) {
  Listing const counts{{"rows"}, {}, {{"7"}}, {"rows"}};
  Listing findings{{"what"}, {}, {}};
  auto const printed = [&](Style style) {
    std::ostringstream out;
    print_with_findings(counts, findings, style, out);
    return out.str();
  };
  EXPECT_EQ(printed(Style::json), "{\"rows\": 7, \"findings\": []}\n");
  EXPECT_EQ(printed(Style::tsv), "rows\tfindings\n7\t0\n");
  findings.rows.push_back({"changed"});
  EXPECT_EQ(printed(Style::json), "{\"rows\": 7, \"findings\": [{\"what\": \"changed\"}]}\n");
  EXPECT_EQ(printed(Style::tsv), "rows\tfindings\n7\t1\n\nwhat\nchanged\n");
}

TEST(Output, ASecretIsBareUnlessJsonAsksForTheRow) {
  Listing const row{{"name", "token"}, {}, {{"a", "t0"}}};
  std::ostringstream bare, json;
  print_one(row, "token", Style::tsv, bare);
  print_one(row, "token", Style::json, json);
  EXPECT_EQ(bare.str(), "t0\n");
  EXPECT_EQ(json.str(), "[{\"name\": \"a\", \"token\": \"t0\"}]\n");
}

TEST(Files, AFileIsWrittenWholeUnderItsName) {
  Folder const folder;
  auto const file = folder.path / "x";
  write_file(file, "one");
  write_file(file, "two");
  EXPECT_EQ(read_file(file), "two");
  EXPECT_FALSE(std::filesystem::exists(folder.path / "x.new"));
}

TEST(Files, LongSocketPathsMoveToAShortFolder) {
  auto const wanted = std::filesystem::path("/tmp") / std::string(120, 'a') / "run";
  auto const folder = short_folder(wanted, 10);
  EXPECT_LT(folder.string().size(), 60u);
  EXPECT_EQ(folder, short_folder(wanted, 10));
  EXPECT_NE(folder, short_folder(wanted / "other", 10));
  EXPECT_EQ(short_folder("/tmp/x/run", 10), "/tmp/x/run");
  std::filesystem::remove(folder);
  std::filesystem::remove(short_folder(wanted / "other", 10));
}

TEST(Files, ShaOfAFileIsThatOfItsText) {
  Folder const folder;
  EXPECT_EQ(sha256_of_file(folder.write("x", "abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

struct Night : testing::Test {
  Night() { setenv("TZ", "UTC", 1), tzset(); }
  Folder folder;
  Seconds now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h;
  Nightly nightly{folder.path, "02:30", true, [this] { return now; }};
};

TEST_F(Night, AFreshFolderWaitsForTheComingNight) {
  now += 6min;
  EXPECT_FALSE(nightly.due());
  now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 25} + 2h + 29min;
  EXPECT_FALSE(nightly.due());
  now += 1min;
  EXPECT_TRUE(nightly.due());
  nightly.attempted();
  EXPECT_FALSE(nightly.due());
  now += 24h;
  EXPECT_TRUE(nightly.due());
}

TEST_F(Night, AMissedNightIsMadeUpAfterTheStart) {
  nightly.attempted();
  now += 72h;
  Nightly later{folder.path, "02:30", true, [this] { return now; }};
  EXPECT_FALSE(later.due());  // the start has its own work first
  now += 5min;
  EXPECT_TRUE(later.due());
}

TEST_F(Night, SwitchedOffIsNeverDue) {
  nightly.attempted();
  Nightly off{folder.path, "02:30", false, [this] { return now; }};
  now += 100h;
  EXPECT_FALSE(off.due());
}

TEST_F(Night, TheNoteOfTheLastBackupIsReadBack) {
  EXPECT_FALSE(last_backup(folder.path));
  note_backup(folder.path, {now, now + 5s, "/b/1", 77});
  auto const last = last_backup(folder.path);
  ASSERT_TRUE(last);
  EXPECT_EQ(last->started, now);
  EXPECT_EQ(last->finished, now + 5s);
  EXPECT_EQ(last->path, "/b/1");
  EXPECT_EQ(last->bytes, 77u);
  folder.write("last.json", "{");
  EXPECT_FALSE(last_backup(folder.path));
}

TEST_F(Night, AFolderThatCannotBeWrittenStopsNobodyAndTheAttemptIsKeptInMind) {
  // A file where the folder should be: as root no permission would refuse us.
  Nightly blocked{folder.write("in-the-way", "") / "backup", "02:30", true, [this] { return now; }};
  now += 6min;
  EXPECT_NO_THROW(EXPECT_FALSE(blocked.due()));  // a fresh folder, as far as it can see
  now = std::chrono::sys_days{std::chrono::year{2026} / 11 / 25} + 2h + 31min;
  EXPECT_TRUE(blocked.due());
  EXPECT_NO_THROW(blocked.attempted());
  EXPECT_FALSE(blocked.due()) << "else a full disk would see a backup begun every moment";
  now += 24h;
  EXPECT_TRUE(blocked.due());
  blocked.attempted();
  std::filesystem::remove(folder.path / "in-the-way");
  now += 5min;
  EXPECT_FALSE(blocked.due());
  EXPECT_TRUE(std::filesystem::exists(folder.path / "in-the-way/backup/last-attempt")) << "written once there is room";
}

TEST(Restart, AKilledOneIsBackWithinTenSecondsHoweverOften) {
  EXPECT_LE(restart_delay_ms(0), 100);
  for (int deaths = 1; deaths < 1000; ++deaths) {
    EXPECT_GE(restart_delay_ms(deaths), restart_delay_ms(deaths - 1));
    EXPECT_LE(restart_delay_ms(deaths), 5000);
  }
}

TEST(Port, ATakenPortIsNamed) {
  EXPECT_EQ(port_problem("127.0.0.1", 0), "");
  EXPECT_NE(port_problem("no such address", 8080).find("server.address"), std::string::npos);
}

TEST(Doctor, ANightWithoutBackupIsBad) {
  auto const now = Seconds(std::chrono::seconds(1'000'000));
  EXPECT_EQ(judge_backup(std::nullopt, true, now, "en").level, Finding::Level::warn);
  EXPECT_EQ(judge_backup(LastBackup{now, now - 25h, "/b", 1}, true, now, "en").level, Finding::Level::ok);
  EXPECT_EQ(judge_backup(LastBackup{now, now - 30h, "/b", 1}, true, now, "en").level, Finding::Level::bad);
  EXPECT_EQ(judge_backup(LastBackup{now, now - 30h, "/b", 1}, false, now, "en").level, Finding::Level::ok);
}

TEST(Doctor, EveryFindingThatIsNotOkSaysWhatToDo) {
  for (auto const* lang : {"zh", "en"})
    for (auto const free : {std::uint64_t{0}, std::uint64_t{1} << 30, std::uint64_t{100} << 30}) {
      auto const found = judge_space("DATA", free, 64u << 20, lang);
      EXPECT_EQ(found.remedy.empty(), found.level == Finding::Level::ok);
    }
  EXPECT_EQ(judge_space("DATA", 1000, 64u << 20, "en").level, Finding::Level::bad);
}

TEST(Manifest, AMistypedFolderIsNoDamagedBackup) {
  Folder const folder;
  EXPECT_THROW(read_manifest(folder.path / "nowhere"), UsageError);
}

TEST(Manifest, IsReadBackAndAFolderWithoutOneIsNoBackup) {
  Folder const folder;
  EXPECT_THROW(read_manifest(folder.path), DamageError);
  Manifest m;
  m.started_at = 5;
  m.data = "/d";
  m.files["a/b"] = {3, "ff"};
  write_manifest(folder.path, m);
  auto const back = read_manifest(folder.path);
  EXPECT_EQ(back.started_at, 5);
  EXPECT_EQ(back.data, "/d");
  EXPECT_EQ(back.files.at("a/b").size, 3u);
  EXPECT_EQ(back.files.at("a/b").sha256, "ff");
  folder.write("manifest.json", "{\"format\":2}");
  EXPECT_THROW(read_manifest(folder.path), DamageError);
}

TEST(Anchor, SignedHeadsComeBackAndAChangedOneDoesNot) {
  Folder const folder;
  std::filesystem::create_directories(folder.path / "keys");
  std::vector<storage::ChainState> heads{{"370871", "reports", 7, "ab"}, {"370871", "commands", 3, "cd"}};
  auto const away = anchor_place((folder.path / "away").string());
  auto const file = write_anchor(heads, *away, folder.path / "keys");
  ASSERT_FALSE(file.empty());
  EXPECT_TRUE(write_anchor(heads, *away, folder.path / "keys").empty());  // nothing moved
  auto read = read_anchors(*away, folder.path / "keys");
  EXPECT_TRUE(read.bad.empty());
  ASSERT_EQ(read.heads.size(), 2u);
  EXPECT_EQ(read.heads[0].seq, 7);
  auto text = read_file(file);
  text.replace(text.find("\"seq\":7"), 7, "\"seq\":6");
  write_file(file, text);
  read = read_anchors(*away, folder.path / "keys");
  EXPECT_EQ(read.bad.size(), 1u);
  EXPECT_TRUE(read.heads.empty());
}

TEST(Anchor, GoesToAFolderOrAnHttpUrlAndNowhereElse) {
  EXPECT_THROW(anchor_place("ftp://x/y"), UsageError);
  EXPECT_THROW(anchor_place("https://user:secret@:x/"), UsageError);
  EXPECT_NO_THROW(anchor_place("https://user:secret@x/y?z=1"));
}

}  // namespace
}  // namespace wangge::deploy
