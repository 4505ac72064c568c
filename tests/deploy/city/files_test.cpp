// Every bad row is named with its file, line, column and reason; a good city reads as it stands in its files.
#include <gtest/gtest.h>

#include <sstream>

#include "../folder.hpp"
#include "deploy/city/table.hpp"
#include "small_city.hpp"

namespace wangge::deploy {
namespace {

using tests::Folder;
using tests::SmallCity;

std::string all(std::vector<BadRow> const& bad) {
  std::string text;
  for (auto const& b : bad) text += b.file + ":" + std::to_string(b.line) + ":" + b.column + ": " + b.reason + "\n";
  return text;
}

TEST(CityFiles, AGoodCityReadsAsItStands) {
  SmallCity small;
  auto const read = read_city_files(small.source());
  ASSERT_TRUE(read.ok()) << all(read.bad);
  auto const city = read.set.city();
  EXPECT_EQ(city.district, "990001");
  EXPECT_FALSE(city.policy.auto_confirm);
  EXPECT_TRUE(city.policy.auto_accept) << "a switch that is not named keeps its default";
  EXPECT_EQ(city.policy.verify_first.size(), 1u);
  EXPECT_EQ(city.policy.ai_confidence, 0.5);
  auto const* litter = city.find({"gbt47678.5-2026", "matter", "06010"});
  ASSERT_NE(litter, nullptr);
  ASSERT_EQ(litter->conditions.size(), 2u);
  EXPECT_EQ(litter->conditions[0].limit.minutes, 240);
  EXPECT_EQ(city.find({"gbt47678.5-2026", "component", "01001"})->valid_to,
            core::Instant(*parse_day("2027-07-01")) - std::chrono::hours(8));
  EXPECT_EQ(read.set.cells.size(), 2u);
  EXPECT_EQ(read.set.cells[0].shape.community, "990001001001");
  EXPECT_GT(read.set.cells[0].area_m2, 1e6);
  EXPECT_FALSE(city.calendar_of("").works(*parse_day("2026-10-01")));
  EXPECT_TRUE(city.calendar_of("roads").works(*parse_day("2026-10-10")));
}

struct Spoiled {
  char const* file;
  char const* line;    // added to the file
  char const* column;  // to be named
  char const* reason;  // to occur in the reason
};

TEST(CityFiles, EachFaultIsNamedWithItsPlace) {
  for (auto const& s : std::vector<Spoiled>{
           {"streets.csv", "12,短,Short", "code", "not 9 digits"},
           {"streets.csv", "990002001,别处,Elsewhere", "code", "district"},
           {"streets.csv", "990001001,重,Again", "code", "line 2"},
           {"communities.csv", "990001001002,990001009,二,Two", "street", "no street"},
           {"communities.csv", "990001001002,990001001", "", "2 fields"},
           {"calendars.csv", "late,12:00-08:00,2026-01-01,2026-12-31", "sessions", "in order"},
           {"calendars.csv", "none,,2026-01-01,2026-12-31", "sessions", "empty"},
           {"calendars.csv", "back,08:00-12:00,2026-12-31,2026-01-01", "last", "before first"},
           {"calendar_days.csv", "*,2026-02-30,no", "day", "no date"},
           {"calendar_days.csv", "*,2026-10-01,yes", "day", "twice"},
           {"calendar_days.csv", "*,2027-10-01,yes", "day", "outside"},
           {"calendar_days.csv", "*,2026-10-02,perhaps", "works", "none of"},
           {"units.csv", ",无名,Nameless,", "key", "is empty"},
           {"units.csv", "x,甲,X,moon", "calendar", "no calendar moon"},
           {"squads.csv", "s2,nowhere,二队,Two", "unit", "no unit nowhere"},
           {"duty.csv", "p2,patrols,990001009,,,00:00,24:00", "street", "no street"},
           {"duty.csv", "p2,patrols,,,,22:00,06:00", "to", "night is two lines"},
           {"duty.csv", "p2,patrols,,,,six,24:00", "from", "time of day"},
           {"catalogue.csv", "iso,matter,06011,06,市,A,垃圾,L,,", "standard", "none of"},
           {"catalogue.csv", "local,matter,0601x,06,市,A,垃圾,L,,", "code", "digits"},
           {"catalogue.csv", "local,matter,06011,06,市,A,垃圾,L,,", "code", "no condition"},
           {"catalogue.csv", "local,matter,06011,06,市,A,垃圾,L,2026-02-01,2026-01-01", "valid_to", "after"},
           {"conditions.csv", "gbt47678.5-2026,matter,06010,3,多,M,lunar,1", "clock", "none of"},
           {"conditions.csv", "gbt47678.5-2026,matter,06010,3,多,M,,30", "clock", "none of"},
           {"conditions.csv", "gbt47678.5-2026,matter,06010,3,多,M,urgent,0", "minutes", "whole number"},
           {"conditions.csv", "gbt47678.5-2026,matter,06010,1,多,M,urgent,9", "id", "line 2"},
           {"conditions.csv", "gbt47678.5-2026,matter,09999,1,多,M,urgent,9", "code", "no category"},
           {"closing_conditions.csv", "restored,又,Again", "code", "line 2"},
           {"routes.csv", "r3,by_magic,,,,,,,,,roads,roads-1", "level", "none of"},
           {"routes.csv", "r3,class_in_district,,,,,,06,,,roads,ghosts", "squad", "no squad"},
           {"routes.csv", "r3,class_in_district,,,,,,06,,,patrols,roads-1", "squad", "belongs to roads"},
           {"routes.csv", "r3,condition_in_street,,gbt47678.5-2026,matter,06010,9,,,990001001,roads,roads-1",
            "condition", "no condition 9"},
           {"routes.csv", "r3,condition_in_grid,,gbt47678.5-2026,matter,06010,,,990001001001009,,roads,roads-1", "grid",
            "no cell"},
           {"routes.csv", "r2,class_in_district,,,,,,06,,,roads,roads-1", "id", "line 3"},
           {"components.csv", "123,gbt47678.5-2026,01001,井,C,,,,116,35", "id", "digits"},
           {"components.csv", "99000101001000002,gbt47678.5-2026,01001,井,C,,,,east,35", "lon", "no number"},
           {"components.csv", "99000101001000002,gbt47678.5-2026,06010,井,C,,,,116,35", "code",
            "no component category"},
           {"units.csv", "bad,\xFF\xFE,Bad,", "zh", "UTF-8"},
           {"units.csv", "bad,\"open,Bad,", "", "never ends"},
       }) {
    SmallCity small;
    auto const lines = std::count(small.files.at(s.file).begin(), small.files.at(s.file).end(), '\n');
    auto const read = read_city_files(small.add(s.file, s.line).source());
    bool named = false;
    for (auto const& bad : read.bad) {
      named |= bad.file == s.file && bad.line == lines + 1 && bad.column == s.column &&
               bad.reason.find(s.reason) != std::string::npos;
    }
    EXPECT_TRUE(named) << s.file << " + " << s.line << "\n" << all(read.bad);
  }
}

TEST(CityFiles, SeasonsNotesAndContractorsAreReadAndChecked) {
  SmallCity small;
  small.files["calendar_seasons.csv"] = "calendar,first,sessions\ncenter,2026-06-01,07:00-11:00;15:00-18:00\n";
  auto const read = read_city_files(small.source());
  ASSERT_TRUE(read.ok()) << all(read.bad);
  auto const city = read.set.city();
  EXPECT_EQ(city.calendar_of("").sessions(*parse_day("2026-06-01")).front().from_minute, 420);
  EXPECT_EQ(city.calendar_of("").sessions(*parse_day("2026-05-31")).front().from_minute, 480);
  for (auto const* line : {"nobody,2026-06-01,07:00-11:00", "center,1999-06-01,07:00-11:00", "center,2026-06-01,11:00-07:00"}) {
    small.files["calendar_seasons.csv"] = "calendar,first,sessions\n" + std::string(line) + "\n";
    EXPECT_NE(all(read_city_files(small.source()).bad).find("calendar_seasons.csv:2:"), std::string::npos) << line;
  }
}

TEST(CityFiles, CellsAreCheckedOneByOne) {
  struct Case {
    char const *from, *to, *column, *reason;
    int number;
  };
  for (auto const& c : std::vector<Case>{
           {"990001001001002", "99000100100100x", "grid", "15 digits", 2},
           {"990001001001002\",", "990001001001001\",", "grid", "twice", 2},
           {"990001001001002", "990001001002002", "grid", "no community", 2},
           {"[116.1,35.1]]]", "[116.1,35.15]]]", "geometry", "not closed", 1},
           {"[116.1,35.2]", "[716.1,35.2]", "geometry", "off the earth", 1},
           {"\"Polygon\",\"coordinates\":[[[116.1", "\"Point\",\"coordinates\":[[[116.1", "geometry", "no Polygon", 1},
           {"[116.1,35.2]", "\"here\"", "geometry", "a point is", 1},
       }) {
    SmallCity small;
    auto& text = small.files["cells.geojson"];
    auto const at = text.find(c.from);
    ASSERT_NE(at, std::string::npos) << c.from;
    text.replace(at, std::string(c.from).size(), c.to);
    auto const read = read_city_files(small.source());
    bool named = false;
    for (auto const& bad : read.bad) {
      named |= bad.file == "cells.geojson" && bad.line == c.number && bad.column == c.column &&
               bad.reason.find(c.reason) != std::string::npos;
    }
    EXPECT_TRUE(named) << c.to << "\n" << all(read.bad);
  }
}

TEST(CityFiles, AMissingFileOrColumnOrSwitchIsNamedToo) {
  for (auto const& [name, text] : SmallCity().files) {
    SmallCity small;
    small.files.erase(name);
    auto const read = read_city_files(small.source());
    if (name == "components.csv") {
      EXPECT_TRUE(read.ok()) << "components are optional";
    } else {
      EXPECT_NE(all(read.bad).find(name + ":0:: there is no such file"), std::string::npos) << name;
    }
  }
  SmallCity small;
  small.files["squads.csv"] = "key,unit,zh\nroads-1,roads,一队\n";
  EXPECT_NE(all(read_city_files(small.source()).bad).find("squads.csv:1:en: this column is missing"),
            std::string::npos);
  small = {};
  small.files["district.toml"] += "auto_magic = true\n";
  EXPECT_NE(all(read_city_files(small.source()).bad).find("policy.auto_magic: there is no such switch"),
            std::string::npos);
  small = {};
  small.files["district.toml"] += "twin_metres = \"far\"\n";
  EXPECT_NE(all(read_city_files(small.source()).bad).find("policy.twin_metres"), std::string::npos);
  small = {};
  small.files["cells.geojson"] = "{";
  EXPECT_NE(all(read_city_files(small.source()).bad).find("is no JSON"), std::string::npos);
}

TEST(CityFiles, EveryBadRowIsNamedHoweverManyThereAre) {
  Folder folder;
  SmallCity small;
  for (int i = 0; i < 300; ++i) small.add("squads.csv", "s" + std::to_string(i) + ",nowhere,队,Squad");
  for (auto const& [name, text] : small.files) folder.write(name, text);
  LoadOptions options{folder.path.string()};
  options.dry_run = true;
  std::ostringstream out, err;
  EXPECT_EQ(load_city("", options, out, err), 1);
  for (int i = 0; i < 300; ++i)
    EXPECT_NE(err.str().find("squads.csv:" + std::to_string(i + 3) + ":"), std::string::npos) << i;
}

}  // namespace
}  // namespace wangge::deploy
