// The demo's cells tile the rectangle: every point lies in exactly one, codes are unique, no community overflows.
#include "deploy/demo/grid.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>

#include "deploy/csv.hpp"
#include "deploy/demo/demo.hpp"
#include "deploy/replay/map.hpp"

namespace wangge::deploy {
namespace {

storage::standing::StandingSet const& demo() {
  static auto const set = demo_set();
  return set;
}

TEST(Grid, CellsTileTheRectangleWithSharedEdges) {
  std::set<std::pair<double, double>> corners;
  for (auto const& cell : demo().cells) {
    auto const& ring = cell.shape.rings.at(0);
    ASSERT_EQ(ring.size(), 5u);
    EXPECT_EQ(ring.front(), ring.back());
    ASSERT_TRUE(corners.insert(ring[0]).second) << "two cells at one place: " << cell.shape.grid;
  }
  ASSERT_EQ(demo().cells.size(), static_cast<std::size_t>(kColumns) * kRows);
  // Each corner is an edge value, bit for bit, and each cell spans one column and one row: so they tile.
  std::map<double, int> columns, rows;
  for (int i = 0; i <= kColumns; ++i) columns[column_edge(i)] = i;
  for (int i = 0; i <= kRows; ++i) rows[row_edge(i)] = i;
  for (auto const& cell : demo().cells) {
    auto const& ring = cell.shape.rings[0];
    ASSERT_TRUE(columns.contains(ring[0].first) && rows.contains(ring[0].second)) << cell.shape.grid;
    EXPECT_EQ(columns.at(ring[2].first), columns.at(ring[0].first) + 1);
    EXPECT_EQ(rows.at(ring[2].second), rows.at(ring[0].second) + 1);
  }
}

TEST(Grid, CodesAreUniqueAndNoCommunityHoldsMoreThan999) {
  std::set<std::string> codes, exchange, communities;
  std::map<std::string, int> count;
  for (auto const& community : demo().communities) communities.insert(community.code);
  EXPECT_EQ(communities.size(), 123u);
  for (auto const& cell : demo().cells) {
    auto const& grid = cell.shape.grid;
    EXPECT_EQ(grid.size(), 15u);
    EXPECT_TRUE(codes.insert(grid).second) << grid;
    EXPECT_TRUE(exchange.insert(cell.exchange_code).second) << cell.exchange_code;
    EXPECT_TRUE(communities.contains(cell.shape.community));
    EXPECT_EQ(grid.substr(0, 12), cell.shape.community);
    EXPECT_EQ(cell.exchange_code.substr(6), grid.substr(6));
    EXPECT_TRUE(cell.exchange_code.starts_with("370811") || cell.exchange_code.starts_with("370812"));
    EXPECT_NEAR(cell.area_m2, 10'000, 200);
    ++count[cell.shape.community];
  }
  for (auto const& [community, n] : count) EXPECT_LE(n, 999) << community;
  EXPECT_EQ(count.size(), 123u) << "every community has cells";
}

TEST(Grid, SequenceRunsWestToEastThenNorthToSouth) {
  std::map<std::string, std::pair<double, double>> last;  // community -> (north edge, west edge) of the cell before
  for (auto const& cell : demo().cells) {
    auto const& ring = cell.shape.rings[0];
    std::pair const here{ring[2].second, ring[0].first};
    if (auto const before = last.find(cell.shape.community); before != last.end()) {
      bool const east = here.first == before->second.first && here.second > before->second.second;
      EXPECT_TRUE(east || here.first < before->second.first) << cell.shape.grid;
    }
    last[cell.shape.community] = here;
  }
}

TEST(Grid, EveryPlaceOfTheRealFileLiesInExactlyOneCell) {
  std::ifstream file(WANGGE_SF311, std::ios::binary);
  ASSERT_TRUE(file) << WANGGE_SF311 << " is where the real 311 file lies";
  CsvReader reader(file);
  auto map = ReplayMap::read(WANGGE_SF311_MAP);
  std::vector<std::string> fields;
  ASSERT_TRUE(reader.next(fields));
  map.bind(fields);
  std::map<std::pair<double, double>, storage::standing::CellRow const*> by_corner;
  for (auto const& cell : demo().cells) by_corner[cell.shape.rings[0][0]] = &cell;
  int placed = 0;
  while (reader.next(fields)) {
    ReplayRow row;
    ASSERT_EQ(map.apply(fields, row), "") << "line " << reader.line();
    if (!row.has_place) continue;
    ++placed;
    int inside = 0;
    for (int dc = -1; dc <= 1; ++dc) {
      for (int dr = -1; dr <= 1; ++dr) {
        int const column = static_cast<int>((row.lon - kWest) / (kEast - kWest) * kColumns) + dc;
        int const r = static_cast<int>((row.lat - kSouth) / (kNorth - kSouth) * kRows) + dr;
        if (column < 0 || column >= kColumns || r < 0 || r >= kRows) continue;
        auto const& ring = by_corner.at({column_edge(column), row_edge(r)})->shape.rings[0];
        inside += row.lon >= ring[0].first && row.lon < ring[2].first && row.lat >= ring[0].second &&
                  row.lat < ring[2].second;
      }
    }
    EXPECT_EQ(inside, 1) << row.key << " at " << row.lon << "," << row.lat;
  }
  EXPECT_EQ(placed, 10'000 - 4'264);
}

TEST(Grid, IsTheSameEveryTime) {
  auto const again = make_cells(demo().communities);
  ASSERT_EQ(again.size(), demo().cells.size());
  for (std::size_t i = 0; i < again.size(); ++i) EXPECT_EQ(again[i].shape.rings, demo().cells[i].shape.rings);
}

TEST(Grid, ComponentsLieInsideACellAndHaveSeventeenDigits) {
  std::set<std::string> ids;
  for (auto const& c : demo().components) {
    EXPECT_EQ(c.component_id.size(), 17u);
    EXPECT_TRUE(ids.insert(c.component_id).second) << c.component_id;
    EXPECT_TRUE(c.lon > kWest && c.lon < kEast && c.lat > kSouth && c.lat < kNorth);
  }
  EXPECT_GE(ids.size(), 300u);
}

}  // namespace
}  // namespace wangge::deploy
