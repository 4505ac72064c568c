// Loading is all or nothing, replaces what was there, and gives back exactly what was read.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "../folder.hpp"
#include "deploy/demo/demo.hpp"
#include "small_city.hpp"
#include "storage/standing.hpp"
#include "tests/support/temporary_postgres.hpp"

namespace wangge::deploy {
namespace {

namespace standing = storage::standing;
using tests::Folder;
using tests::SmallCity;
using tests::TemporaryPostgres;

std::string folder_of(Folder const& folder, SmallCity const& small) {
  for (auto const& [name, text] : small.files) folder.write(name, text);
  return folder.path.string();
}

// One database for all, emptied: making one costs more than the tests.
std::string empty_database() {
  static auto const made = TemporaryPostgres::shared().fresh_database();
  TemporaryPostgres::shared().sql(made, "DELETE FROM district; TRUNCATE token, account, token_version, login, session, session_version");
  return made;
}

TEST(Load, WhatWasReadComesBackExactly) {
  auto const url = empty_database();
  Folder folder;
  SmallCity small;
  std::ostringstream out, err;
  ASSERT_EQ(load_city(url, {folder_of(folder, small)}, out, err), 0) << err.str();
  pqxx::connection connection(url);
  auto const city = standing::read_city(connection, "990001");
  auto const meant = read_city_files(small.source()).set;
  EXPECT_EQ(city.version, 1);
  EXPECT_EQ(city.zh, "小城");
  EXPECT_EQ(city.exchange_code, "990000");
  EXPECT_FALSE(city.policy.auto_confirm);
  EXPECT_EQ(city.policy.ai_confidence, 0.5);
  EXPECT_EQ(city.policy.verify_first, meant.policy.verify_first);
  EXPECT_EQ(city.policy.calendar, "center");
  EXPECT_EQ(city.catalogue.size(), 2u);
  EXPECT_EQ(city.find({"gbt47678.5-2026", "component", "01001"})->valid_to, meant.catalogue[1].valid_to);
  EXPECT_EQ(city.find({"gbt47678.5-2026", "matter", "06010"})->conditions[1].limit.minutes, 480);
  EXPECT_EQ(city.routes.size(), 2u);
  EXPECT_EQ(city.duty.size(), 1u);
  EXPECT_EQ(city.duty[0].to_minute, 1440);
  EXPECT_EQ(city.closing_conditions, std::vector<std::string>{"restored"});
  EXPECT_FALSE(city.route_index.empty()) << "finish() was called";
  auto const cells = standing::read_cells(connection, "990001");
  ASSERT_EQ(cells.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(cells[i].grid, meant.cells[i].shape.grid);
    EXPECT_EQ(cells[i].rings, meant.cells[i].shape.rings) << "shared edges stay exact";
  }
  EXPECT_EQ(standing::read_districts(connection), std::vector<std::string>{"990001"});
}

TEST(Load, ABadRowLoadsNothingAndADryRunNeither) {
  auto const url = empty_database();
  Folder folder, bad_folder;
  std::ostringstream out, err;
  SmallCity bad;
  bad.add("squads.csv", "s2,nowhere,二队,Two");
  EXPECT_EQ(load_city(url, {folder_of(bad_folder, bad)}, out, err), 1);
  EXPECT_NE(err.str().find("squads.csv:3: unit: no unit nowhere"), std::string::npos) << err.str();
  EXPECT_EQ(standing::version_of(url, "990001"), 0);
  LoadOptions dry{folder_of(folder, {})};
  dry.dry_run = true;
  EXPECT_EQ(load_city(url, dry, out, err), 0);
  EXPECT_EQ(standing::version_of(url, "990001"), 0);
}

TEST(Load, LoadingAgainReplacesAndRaisesTheVersion) {
  auto const url = empty_database();
  Folder folder;
  std::ostringstream out, err;
  SmallCity small;
  ASSERT_EQ(load_city(url, {folder_of(folder, small)}, out, err), 0);
  small.files["components.csv"] = "id,standard,code,zh,en,maintainer,owner,supervisor,lon,lat\n";
  small.add("squads.csv", "roads-2,roads,二队,Two");
  ASSERT_EQ(load_city(url, {folder_of(folder, small)}, out, err), 0) << err.str();
  pqxx::connection connection(url);
  EXPECT_EQ(standing::city_version(connection, "990001"), 2);
  EXPECT_EQ(standing::read_city(connection, "990001").squads.size(), 2u);
  EXPECT_EQ(TemporaryPostgres::shared().sql(url, "SELECT count(*) FROM component")[0][0], "0");
}

// The database refuses what the files could not show; the city that was there stays whole.
TEST(Load, WhatTheDatabaseRefusesLeavesTheOldCityWhole) {
  auto const url = empty_database();
  SmallCity small;
  auto set = read_city_files(small.source()).set;
  standing::write(url, set);
  set.cells[1].area_m2 = -1;
  set.squads.push_back({"roads-2", "roads", "二队", "Two"});
  EXPECT_THROW(standing::write(url, set), storage::Broken);
  pqxx::connection connection(url);
  EXPECT_EQ(standing::city_version(connection, "990001"), 1);
  EXPECT_EQ(standing::read_city(connection, "990001").squads.size(), 1u);
  EXPECT_EQ(standing::read_cells(connection, "990001").size(), 2u);
  EXPECT_THROW(standing::write("host=/nowhere dbname=x", set), storage::Broken);
}

TEST(Load, DemoLoadsOnceAndKeepsItsPeopleForEver) {
  auto& postgres = TemporaryPostgres::shared();
  auto const url = empty_database();
  Folder data;
  ASSERT_EQ(load_demo(url, data.path.string()), 0);
  auto read = [&](char const* name) {
    std::ifstream in(data.path / name);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  auto const accounts = read("demo-accounts.json"), backdate = read("demo-backdate.json");
  auto const counts = [&] {
    return postgres.sql(
        url,
        "SELECT (SELECT version FROM district), (SELECT count(*) FROM cell), (SELECT count(*) FROM token), "
        "(SELECT count(*) FROM account), (SELECT version FROM token_version)")[0];
  };
  auto const before = counts();
  EXPECT_EQ(before[0], "1");
  EXPECT_EQ(before[1], "45998");
  ASSERT_EQ(load_demo(url, data.path.string()), 0);
  EXPECT_EQ(read("demo-accounts.json"), accounts);
  EXPECT_EQ(read("demo-backdate.json"), backdate);
  EXPECT_EQ(counts(), before);
  auto const mode = std::filesystem::status(data.path / "demo-accounts.json").permissions();
  EXPECT_EQ(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  // A database that was made anew gets the same people from the files.
  auto const fresh = empty_database();
  ASSERT_EQ(load_demo(fresh, data.path.string()), 0);
  EXPECT_EQ(read("demo-accounts.json"), accounts);
  EXPECT_EQ(postgres.sql(fresh, "SELECT count(*) FROM token")[0][0], before[2]);
  // The city's own files under the demo's code are the city's.
  postgres.sql(fresh, "UPDATE district SET fingerprint = '', zh = '本市'");
  ASSERT_EQ(load_demo(fresh, data.path.string()), 0);
  EXPECT_EQ(postgres.sql(fresh, "SELECT zh FROM district")[0][0], "本市");
}

TEST(Load, EveryPointOfADemoCellIsFoundByTheDatabaseToo) {
  auto& postgres = TemporaryPostgres::shared();
  auto const url = empty_database();
  standing::write(url, demo_set());
  auto const gaps = postgres.sql(
      url,
      "SELECT count(*), min(n), max(n) FROM (SELECT p.id, count(c.grid) AS n FROM component p LEFT JOIN cell c "
      "ON c.district = p.district AND ST_Covers(c.shape, p.place) GROUP BY p.id) x")[0];
  EXPECT_EQ(gaps[1], "1");
  EXPECT_EQ(gaps[2], "1");
  EXPECT_EQ(postgres.sql(url, "SELECT count(*) FROM cell WHERE NOT ST_IsValid(shape)")[0][0], "0");
}

}  // namespace
}  // namespace wangge::deploy
