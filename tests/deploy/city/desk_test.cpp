// The desk behind the managing pages: a part goes out as tables and comes back the same; faults find their row; somebody quicker is
// noticed; units keep their rules; a changed calendar tells which deadlines it moves.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "../folder.hpp"
#include "deploy/city/readers.hpp"
#include "deploy/city/tables.hpp"
#include "deploy/standing_desk.hpp"
#include "small_city.hpp"
#include "storage/standing.hpp"
#include "tests/support/temporary_postgres.hpp"

namespace wangge::deploy {
namespace {

namespace standing = storage::standing;
using console::PartPut;
using tests::Folder;
using tests::SmallCity;
using tests::TemporaryPostgres;

constexpr char kDistrict[] = "990001";

SmallCity full_city() {
  SmallCity small;
  small.files["areas.csv"] = "layer,code,parent,zh,en,grids\nduty,d1,,一号责任网格,Duty one,990001001001*\n";
  small.files["duty.csv"] =
      "patroller,unit,street,community,grid,duty_grid,from_day,to_day,weekdays,from,to\n"
      "p1,patrols,,,,d1,2026-12-01,2026-12-31,12345,06:00,14:00\np2,patrols,,,,d1,,,,14:00,22:00\n";
  small.files["shifts.csv"] = "squad,street,community,grid,from_day,to_day,weekdays,from,to\nroads-1,,,,,,67,22:00,06:00\nroads-1,,,,,,,,\n";
  small.files["absences.csv"] = "squad,from_day,to_day,stand_in,reason\nroads-1,2026-12-01,2026-12-03,,培训\n";
  small.files["responsibility.csv"] =
      "id,standard,kind,code,condition,class_code,area,supervising,responsible,assisting,basis,document,from_day,to_day,pick\n"
      "l1,,,,,06,990001001,roads,roads,patrols,\"条例, 第三条\",文〔2026〕1号,2026-01-01,,load\n";
  small.files["campaigns.csv"] =
      "key,zh,en,categories,areas,sources,from_day,to_day,quota,counted,checklist,points\n"
      "spring,春季,Spring,06,990001001,patrol,2026-03-01,2026-03-31,100,apart,看一;看二,m1 116.59 35.41 南门 市场;m2 "
      "116.6 35.42\n";
  small.files["plans.csv"] = "key,zh,en,urgent,urgent_minutes,relaxed,clocks,percent\nrain,暴雨,Rain,06,90,01,work_hour,300\n";
  small.files["calendar_seasons.csv"] = "calendar,first,sessions\ncenter,2026-06-01,07:30-11:30;15:00-19:00\n";
  small.files["crossmap.csv"] = "old_standard,old_kind,old_code,new_standard,new_kind,new_code,relation\ngbt30428.2-2013,component,0101,gbt47678.5-2026,component,01001,same\n";
  small.files["catalogue.csv"] =
      "standard,kind,code,class_code,class_zh,class_en,zh,en,valid_from,valid_to,photos_least,photo_rule_zh,same_period\n"
      "gbt47678.5-2026,matter,06010,06,市容环境,Appearance,暴露垃圾,Litter,,,2,近景和远景,yes\n"
      "gbt47678.5-2026,component,01001,01,公用设施,Utilities,供水井盖,Cover,2026-07-01,2027-07-01,,,\n";
  small.files["conditions.csv"] =
      "standard,kind,code,id,area_level,zh,en,clock,minutes,thresholds,closing\n"
      "gbt47678.5-2026,matter,06010,1,,少量,Little,work_hour,240,volume_l>=20,restored\n"
      "gbt47678.5-2026,matter,06010,1,A,,,work_hour,120,,\n"
      "gbt47678.5-2026,matter,06010,2,,成片,Much,work_day,480,,\n"
      "gbt47678.5-2026,component,01001,1,,破损,Broken,urgent,120,,\n";
  small.files["routes.csv"] =
      "id,level,maintainer,standard,kind,code,condition,class_code,grid,street,unit,squad,from_day,to_day,weekdays,from,to,document\n"
      "r1,condition_in_street,,gbt47678.5-2026,matter,06010,2,,,990001001,roads,roads-1,2026-01-01,2026-12-31,135,22:00,06:00,纪要\n"
      "r2,class_in_district,,,,,,06,,,roads,,,,,,,\n";
  return small;
}

// Every part, written as tables and read again, is the same part.
TEST(PartTables, AreReadBackAsTheyWereWritten) {
  auto const small = full_city();
  auto const read = read_city_files(small.source());
  ASSERT_TRUE(read.ok()) << read.bad.front().file << ' ' << read.bad.front().column << ' ' << read.bad.front().reason;
  for (auto const& part : editable_parts()) {
    auto const tables = tables_of(part, read.set);
    ASSERT_FALSE(tables.empty()) << part;
    std::map<std::string, std::string> files;
    for (auto const& table : tables) {
      auto [name, text] = file_of(table);
      files[name] = text.text;
      EXPECT_EQ(text.lines.size(), table.rows.size());
    }
    FileSource const source = [&](std::string const& name, std::string& text) {
      auto const found = files.find(name);
      if (found == files.end()) return false;
      text = found->second;
      return true;
    };
    auto base = read.set;
    base.calendar_names = {"center"};
    auto const again = read_part_files(part, source, base);
    ASSERT_TRUE(again.ok()) << part << ": " << again.bad.front().column << ' ' << again.bad.front().reason;
    auto const back = tables_of(part, again.set);
    for (std::size_t i = 0; i < tables.size(); ++i) EXPECT_EQ(back[i].rows, tables[i].rows) << part << ' ' << tables[i].name;
  }
}

struct Desk : testing::Test {
  Desk() {
    sql("DELETE FROM district");
    auto const small = full_city();
    for (auto const& [name, text] : small.files) folder.write(name, text);
    LoadOptions options{folder.path.string()};
    options.by = "李";
    std::ostringstream out, err;
    EXPECT_EQ(load_city(url(), options, out, err), 0) << err.str();
  }
  static std::string const& url() {
    static auto const made = TemporaryPostgres::shared().fresh_database();
    return made;
  }
  static std::vector<std::vector<std::string>> sql(std::string const& text) { return TemporaryPostgres::shared().sql(url(), text); }
  PartPut put(std::string const& part) {
    PartPut out;
    out.tables = desk.tables(kDistrict, part);
    out.version = desk.stands(kDistrict, part).version;
    out.dry_run = false;
    out.by = "王", out.note = "纪要 4";
    return out;
  }
  static console::PartTable& table(PartPut& put, std::string const& name) {
    return *std::find_if(put.tables.begin(), put.tables.end(), [&](auto const& t) { return t.name == name; });
  }
  Folder folder;
  CityDesk desk{url()};
};

TEST_F(Desk, WhatStandsPublishedAgainChangesNothing) {
  for (auto const& part : editable_parts()) {
    auto const result = desk.put(kDistrict, part, put(part));
    EXPECT_TRUE(result.faults.empty()) << part << ": " << (result.faults.empty() ? "" : result.faults[0].column + " " + result.faults[0].reason);
    EXPECT_TRUE(result.changes.empty()) << part << ": " << (result.changes.empty() || result.changes[0].rows.empty() ? "" : result.changes[0].rows[0].key + result.changes[0].rows[0].was + result.changes[0].rows[0].is);
  }
  EXPECT_EQ(sql("SELECT count(*) FROM route_rule")[0][0], "2");
  EXPECT_EQ(sql("SELECT valid_from IS NOT NULL FROM category WHERE kind = 'component'")[0][0], "t") << "since when a category is valid is kept";
}

TEST_F(Desk, ACheckChangesNothingAndAFaultFindsItsRow) {
  auto change = put("duty");
  table(change, "duty").rows.push_back({"p3", "nobody", "", "", "", "d1", "", "", "", "06:00", "25:00"});
  auto const bad = desk.put(kDistrict, "duty", change);
  ASSERT_EQ(bad.faults.size(), 2u);
  for (auto const& fault : bad.faults) EXPECT_EQ(fault.row, 2);
  EXPECT_EQ(sql("SELECT count(*) FROM duty_line")[0][0], "2") << "nothing half-loaded";
  table(change, "duty").rows.back() = {"p3", "patrols", "", "", "", "d1", "", "", "", "06:00", "22:00"};
  change.dry_run = true;
  auto const checked = desk.put(kDistrict, "duty", change);
  ASSERT_EQ(checked.changes.size(), 1u);
  EXPECT_EQ(checked.changes[0].added, 1);
  EXPECT_EQ(checked.changes[0].changed + checked.changes[0].removed, 0) << "a row that comes changes no other";
  EXPECT_EQ(sql("SELECT count(*) FROM duty_line")[0][0], "2");
  change.dry_run = false;
  EXPECT_GT(desk.put(kDistrict, "duty", change).version, 1);
  EXPECT_EQ(sql("SELECT count(*) FROM duty_line")[0][0], "3");
  EXPECT_EQ(desk.stands(kDistrict, "duty").note, "纪要 4");
}

TEST_F(Desk, WhoComesSecondIsToldWhoWasQuicker) {
  auto first = put("rules"), second = put("rules");
  table(first, "routes").rows[1][0] = "r3";
  ASSERT_TRUE(desk.put(kDistrict, "rules", first).faults.empty());
  table(second, "routes").rows.pop_back();
  try {
    desk.put(kDistrict, "rules", second);
    FAIL() << "the second change went through";
  } catch (standing::StalePart const& stale) {
    EXPECT_EQ(stale.stands.by, "王");
  }
  EXPECT_EQ(sql("SELECT count(*) FROM route_rule WHERE id = 'r3'")[0][0], "1");
}

TEST_F(Desk, UnitsKeepTheirRulesAndWhatIsNamedCannotGo) {
  auto change = put("bodies");
  table(change, "units").rows.push_back({"gardens", "园林", "Gardens", "", "roads"});
  auto const result = desk.put(kDistrict, "bodies", change);
  ASSERT_TRUE(result.faults.empty());
  EXPECT_EQ(sql("SELECT parent FROM unit WHERE key = 'gardens'")[0][0], "roads");
  EXPECT_EQ(sql("SELECT count(*) FROM route_rule")[0][0], "2") << "rules hang on units";
  auto gone = put("bodies");
  auto& units = table(gone, "units").rows;
  std::erase_if(units, [](auto const& row) { return row[0] == "patrols"; });
  auto const refused = desk.put(kDistrict, "bodies", gone);
  ASSERT_FALSE(refused.faults.empty());
  EXPECT_NE(refused.faults[0].reason.find("names unit patrols"), std::string::npos) << refused.faults[0].reason;
}

TEST_F(Desk, ASwitchIsCheckedByItsKindAndItsBounds) {
  auto change = put("policy");
  auto& rows = table(change, "switches").rows;
  auto const at = [&](std::string const& name) { return std::find_if(rows.begin(), rows.end(), [&](auto const& r) { return r[0] == name; }); };
  (*at("twin_metres"))[1] = "many";
  auto const bad = desk.put(kDistrict, "policy", change);
  ASSERT_EQ(bad.faults.size(), 1u);
  EXPECT_EQ(bad.faults[0].row, at("twin_metres") - rows.begin());
  EXPECT_EQ(bad.faults[0].column, "value");
  (*at("twin_metres"))[1] = "80";
  auto const result = desk.put(kDistrict, "policy", change);
  ASSERT_EQ(result.changes.size(), 1u);
  EXPECT_EQ(sql("SELECT policy ->> 'twin_metres' FROM district")[0][0], "80");
}

TEST_F(Desk, AFileBecomesTablesOrSaysWhy) {
  std::vector<console::PartFault> faults;
  auto const read = desk.unpack("duty", "十二月.csv", "patroller,unit,from,to\np9,patrols,06:00,22:00\n", faults);
  ASSERT_EQ(read.size(), 1u);
  EXPECT_TRUE(faults.empty());
  EXPECT_EQ(read[0].rows[0][0], "p9");
  EXPECT_EQ(read[0].rows[0][10], "22:00") << "columns find their place by name";
  standing::write_tables(desk.tables(kDistrict, "shifts"), (folder.path / "book.xlsx").string());
  std::ifstream file(folder.path / "book.xlsx", std::ios::binary);
  std::string const bytes{std::istreambuf_iterator<char>(file), {}};
  auto const book = desk.unpack("shifts", "book.xlsx", bytes, faults);
  ASSERT_EQ(book.size(), 2u);
  EXPECT_TRUE(faults.empty());
  EXPECT_EQ(book[1].rows, desk.tables(kDistrict, "shifts")[0].rows);
  EXPECT_TRUE(desk.unpack("duty", "x.xlsx", "PK nothing", faults).empty());
  desk.unpack("duty", "x.csv", "patroller,colour\np9,red\n", faults);
  desk.unpack("shifts", "x.csv", "a,b\n", faults);
  EXPECT_EQ(faults.size(), 3u);
}

}  // namespace
}  // namespace wangge::deploy
