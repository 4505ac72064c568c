// Where a setting's value comes from, and that a wrong one names its place.
#include "deploy/settings/settings.hpp"

#include <gtest/gtest.h>

#include "deploy/errors.hpp"
#include "tests/deploy/folder.hpp"

namespace wangge::deploy {
namespace {

using tests::Folder;

std::string refusal(std::string const& toml, std::map<std::string, std::string> const& env = {},
                    Overrides const& words = {}) {
  Folder const folder;
  try {
    load_settings(folder.write("wangge.toml", toml), env, words);
  } catch (UsageError const& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Settings, AreTheDefaultsWithoutAFile) {
  auto const s = load_settings("/nowhere/wangge.toml", {}, {});
  EXPECT_EQ(s.server.port, 8080);
  EXPECT_EQ(s.server.address, "127.0.0.1");
  EXPECT_EQ(s.gateway.answer_wait_ms, 500);
  EXPECT_TRUE(s.backup.nightly);
}

TEST(Settings, TheCommandLineWinsOverTheEnvironmentAndThatOverTheFile) {
  Folder const folder;
  auto const file = folder.write("wangge.toml", "[server]\nport = 1\nworker_threads = 2\n[backup]\nkeep = 3\n");
  auto const s = load_settings(file, {{"WANGGE_SERVER_PORT", "10"}, {"WANGGE_SERVER_WORKER_THREADS", "20"}},
                               {{"server.port", "100"}});
  EXPECT_EQ(s.server.port, 100);
  EXPECT_EQ(s.server.worker_threads, 20);
  EXPECT_EQ(s.backup.keep, 3);
}

TEST(Settings, AListComesFromTomlOrFromCommas) {
  Folder const folder;
  auto const file = folder.write("wangge.toml", "[gateway]\ndispatchers = [\"tcp://a:1\", \"tcp://b:1\"]\n");
  EXPECT_EQ(load_settings(file, {}, {}).gateway.dispatchers, (std::vector<std::string>{"tcp://a:1", "tcp://b:1"}));
  EXPECT_EQ(load_settings(file, {}, {{"gateway.dispatchers", "tcp://c:1,tcp://d:1"}}).gateway.dispatchers,
            (std::vector<std::string>{"tcp://c:1", "tcp://d:1"}));
}

TEST(Settings, AnUnknownKeyIsRefusedWithFileLineAndKey) {
  auto const why = refusal("[server]\nport = 80\nprot = 81\n");
  EXPECT_NE(why.find("wangge.toml, line 3, server.prot"), std::string::npos) << why;
}

TEST(Settings, AnUnknownSectionIsRefused) {
  EXPECT_NE(refusal("[sever]\nport = 80\n").find("line 2, sever.port"), std::string::npos);
}

TEST(Settings, AWrongTypeIsRefusedWithItsLine) {
  EXPECT_NE(refusal("[server]\nport = \"80\"\n").find("line 2, server.port: must be a whole number"),
            std::string::npos);
  EXPECT_NE(refusal("[backup]\nnightly = 1\n").find("line 2, backup.nightly: must be true or false"),
            std::string::npos);
  EXPECT_NE(refusal("[gateway]\nhints = [1]\n").find("line 2, gateway.hints: must be a list of texts"),
            std::string::npos);
}

TEST(Settings, ABaseMapWithoutItsApprovalNumberIsRefused) {
  EXPECT_NE(refusal("[map]\nurl = \"https://maps.example/{z}/{x}/{y}\"\n").find("map.approval_number is missing"), std::string::npos);
  EXPECT_EQ(refusal("[map]\nurl = \"https://maps.example/{z}/{x}/{y}\"\napproval_number = \"GS(2026)1\"\n"), "accepted");
  EXPECT_NE(refusal("[map]\nurl = \"maps.example\"\napproval_number = \"1\"\n").find("map.url must begin with http"), std::string::npos);
}

TEST(Settings, NothingIsPublishedUnlessADistrictIsNamed) {
  EXPECT_TRUE(load_settings("/nowhere/wangge.toml", {}, {}).everybody.districts.empty());
  EXPECT_EQ(load_settings("/nowhere/wangge.toml", {}, {{"public.districts", "370871,370802"}}).everybody.districts,
            (std::vector<std::string>{"370871", "370802"}));
}

TEST(Settings, AValueOutOfRangeIsRefused) {
  EXPECT_NE(refusal("[server]\nport = 70000\n").find("70000 is not between 0 and 65535"), std::string::npos);
  EXPECT_NE(refusal("[backup]\nat = \"25:00\"\n").find("not a time of day"), std::string::npos);
  EXPECT_NE(refusal("[backup]\nat = \"02:60\"\n").find("not a time of day"), std::string::npos);
  EXPECT_NE(refusal("[gateway]\nname = \"../x\"\n").find("not a name"), std::string::npos);
  EXPECT_NE(refusal("[log]\nlevel = \"loud\"\n").find("'loud'"), std::string::npos);
}

TEST(Settings, BrokenTomlNamesItsLine) {
  EXPECT_NE(refusal("[server]\nport = = 3\n").find("line 2"), std::string::npos);
}

TEST(Settings, AMisspeltVariableIsRefusedButForeignOnesAreNot) {
  EXPECT_NE(refusal("", {{"WANGGE_SERVER_PROT", "1"}}).find("WANGGE_SERVER_PROT"), std::string::npos);
  EXPECT_EQ(refusal("", {{"WANGGE_BIN", "x"}, {"SERVER_PROT", "1"}}), "accepted");
}

TEST(Settings, AWordOfTheCommandLineIsNamed) {
  EXPECT_NE(refusal("", {}, {{"server.port", "x"}}).find("--set server.port: 'x' is not a whole number"),
            std::string::npos);
  EXPECT_NE(refusal("", {}, {{"nothing", "x"}}).find("--set nothing"), std::string::npos);
}

TEST(Settings, HalfACertificateIsRefused) {
  EXPECT_NE(refusal("[server]\ntls_key = \"k\"\n").find("belong together"), std::string::npos);
}

}  // namespace
}  // namespace wangge::deploy
