// The map reads the real 311 file row by row, and says clearly what it cannot read.
#include "deploy/replay/map.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "../folder.hpp"
#include "deploy/city/table.hpp"
#include "deploy/csv.hpp"
#include "deploy/demo/demo.hpp"

namespace wangge::deploy {
namespace {

using namespace std::chrono_literals;

TEST(ReplayMap, ReadsTimesWithAndWithoutZone) {
  auto const noon = core::Instant(*parse_day("2016-07-13")) + 12h;
  struct Case {
    char const* text;
    std::int64_t offset;
    std::optional<core::Instant> at;
  };
  for (auto const& c : std::vector<Case>{
           {"2016-07-13 12:00:00+00:00", 480, noon},
           {"2016-07-13T12:00:00Z", 480, noon},
           {"2016-07-13T20:00:00+0800", 0, noon},
           {"2016-07-13 20:00", 480, noon},
           {"2016-07-13T12:00:00.25Z", 0, noon + core::Millis(250)},
           {"2016-07-13T05:30:00-06:30", 0, noon},
           {"2016-07-13", 0, std::nullopt},
           {"2016-02-30 12:00:00", 0, std::nullopt},
           {"2016-07-13 25:00:00", 0, std::nullopt},
           {"2016-07-13 12:00:00 nonsense", 0, std::nullopt},
           {"", 0, std::nullopt},
       }) {
    EXPECT_EQ(parse_iso_time(c.text, c.offset), c.at) << c.text;
  }
}

TEST(ReplayMap, ReadsEveryRowOfTheRealFile) {
  std::ifstream file(WANGGE_SF311, std::ios::binary);
  ASSERT_TRUE(file) << WANGGE_SF311;
  CsvReader reader(file);
  auto map = ReplayMap::read(WANGGE_SF311_MAP);
  auto const city = demo_set().city();
  std::vector<std::string> fields;
  ASSERT_TRUE(reader.next(fields));
  map.bind(fields);
  int rows = 0, nowhere = 0, clamped = 0, open = 0;
  std::map<std::string, int> sources;
  while (reader.next(fields)) {
    ReplayRow row;
    ASSERT_EQ(map.apply(fields, row), "") << "line " << reader.line();
    ++rows;
    nowhere += !row.has_place;
    clamped += row.clamped;
    open += !row.closed;
    ++sources[row.source];
    auto const* entry = city.find(row.category);
    ASSERT_NE(entry, nullptr) << row.category.code;
    if (!row.condition.empty()) {
      EXPECT_NE(entry->find(row.condition), nullptr) << row.category.code;
    }
    if (!row.has_place) {
      EXPECT_TRUE(row.lon == 0 && row.lat == 0);
    }
    if (row.closed) {
      EXPECT_GE(*row.closed, row.opened);
    }
  }
  EXPECT_EQ(rows, 10'000);
  EXPECT_EQ(nowhere, 4'264);
  EXPECT_EQ(clamped, 17);
  EXPECT_GT(open, 0);
  EXPECT_EQ(sources["hotline_12319"], 4'865);
}

TEST(ReplayMap, ShiftsByTheMeanOfTheRowsThatHaveAPlace) {
  tests::Folder folder;
  auto const file = folder.write("m.toml", R"(
[columns]
key = "id"
opened = "t"
lon = "x"
lat = "y"
[place]
shift = "mean"
target_lon = 100
target_lat = 50
[default_category]
code = "06010"
)");
  auto map = ReplayMap::read(file.string());
  map.bind({"id", "t", "x", "y"});
  std::vector<std::vector<std::string>> const rows{{"1", "2020-01-01 00:00", "1", "1"},
                                                   {"2", "2020-01-01 00:00", "3", "5"},
                                                   {"3", "2020-01-01 00:00", "0.0", "0.0"}};
  for (auto const& row : rows) map.add_to_means(row);
  ReplayRow row;
  ASSERT_EQ(map.apply(rows[0], row), "");
  EXPECT_DOUBLE_EQ(row.lon, 99);
  EXPECT_DOUBLE_EQ(row.lat, 48);
  ASSERT_EQ(map.apply(rows[2], row), "");
  EXPECT_FALSE(row.has_place);
  EXPECT_EQ(row.lon, 0);
}

TEST(ReplayMap, SaysWhatIsWrongWithARowOrAMap) {
  tests::Folder folder;
  auto const good = folder.write(
      "m.toml",
      "[columns]\nkey=\"id\"\nopened=\"t\"\n[time]\nformat=\"%d/%m/%Y %H:%M\"\n[default_category]\ncode=\"06010\"\n");
  auto map = ReplayMap::read(good.string());
  map.bind({"id", "t"});
  ReplayRow row;
  EXPECT_EQ(map.apply({"1", "13/07/2016 12:00"}, row), "");
  EXPECT_NE(map.apply({"1", "yesterday"}, row).find("column t is no time"), std::string::npos);
  EXPECT_EQ(map.apply({"", "13/07/2016 12:00"}, row), "no key");
  EXPECT_NE(map.apply({"1"}, row).find("1 fields"), std::string::npos);
  EXPECT_THROW(map.bind({"id"}), std::runtime_error);
  EXPECT_THROW(map.bind({"id", "t", "id"}), std::runtime_error) << "which of them is the key?";
  map.bind({"id", "t", "", ""});
  EXPECT_EQ(map.apply({"1", "13/07/2016 12:00", "", ""}, row), "") << "columns that nobody names may share a name";
  EXPECT_NE(map.apply({"1", "13/07/2016 12:00", ""}, row).find("3 fields, the header has 4"), std::string::npos);
  for (char const* bad :
       {"not toml at all = =", "[columns]\nkey=\"id\"\n[default_category]\ncode=\"1\"\n",
        "[columns]\nkey=\"id\"\nopened=\"t\"\n",
        "[columns]\nkey=\"id\"\nopened=\"t\"\n[source]\ndefault=\"pigeon\"\n[default_category]\ncode=\"1\"\n"}) {
    EXPECT_THROW(ReplayMap::read(folder.write("bad.toml", bad).string()), std::runtime_error) << bad;
  }
}

}  // namespace
}  // namespace wangge::deploy
