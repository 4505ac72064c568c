// Pure arithmetic from a fixed seed: the same cells, codes and components on every machine.
#include "deploy/demo/grid.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>
#include <string>

namespace wangge::deploy {
namespace {

using storage::standing::CellRow;
using storage::standing::CommunityRow;
using storage::standing::ComponentRow;

// Rough points of the five subdistricts, read off public maps by hand; the district they lie in gives the exchange
// code.
struct StreetPoint {
  std::string_view street;
  double lon, lat;
  std::string_view exchange;
};
constexpr std::array<StreetPoint, 5> kStreetPoints{{
    {"370871001", 116.620, 35.430, "370811"},  // 洸河
    {"370871002", 116.660, 35.430, "370811"},  // 柳行
    {"370871003", 116.700, 35.380, "370811"},  // 接庄
    {"370871004", 116.780, 35.460, "370812"},  // 王因
    {"370871005", 116.720, 35.460, "370812"},  // 黄屯
}};

constexpr std::uint64_t kSeed = 370871;

double square(double x) {
  return x * x;
}

// Degrees squared with east-west shortened: good enough to say which of two points is nearer.
double distance2(double lon1, double lat1, double lon2, double lat2) {
  static double const shrink = std::cos(35.425 * std::numbers::pi / 180);
  return square((lon1 - lon2) * shrink) + square(lat1 - lat2);
}

std::size_t nearest_street(double lon, double lat) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < kStreetPoints.size(); ++i) {
    if (distance2(lon, lat, kStreetPoints[i].lon, kStreetPoints[i].lat) <
        distance2(lon, lat, kStreetPoints[best].lon, kStreetPoints[best].lat)) {
      best = i;
    }
  }
  return best;
}

std::size_t street_index(std::string const& code) {
  for (std::size_t i = 0; i < kStreetPoints.size(); ++i) {
    if (kStreetPoints[i].street == code) return i;
  }
  return 0;
}

// On GRS80: metres along the meridian and the parallel.
double area_of(int column, int row) {
  constexpr double a = 6378137.0, e2 = 0.0066943800229;
  double const lat = (row_edge(row) + row_edge(row + 1)) / 2 * std::numbers::pi / 180;
  double const w2 = 1 - e2 * square(std::sin(lat));
  double const north = a * (1 - e2) / std::pow(w2, 1.5) * (row_edge(row + 1) - row_edge(row)) * std::numbers::pi / 180;
  double const east =
      a / std::sqrt(w2) * std::cos(lat) * (column_edge(column + 1) - column_edge(column)) * std::numbers::pi / 180;
  return std::round(north * east * 10) / 10;
}

std::string digits(std::uint64_t n, std::size_t width) {
  auto text = std::to_string(n);
  return std::string(width - std::min(width, text.size()), '0') + text;
}

struct Square {
  int column, row;
  double lon, lat;      // its middle
  std::size_t nearest;  // community, by the rule
  double distance;
};

std::size_t nearest_community(Square const& s, std::vector<CommunityRow> const& communities,
                              std::vector<Seed> const& seeds, std::string_view street, std::vector<int> const& taken) {
  std::size_t best = seeds.size();
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < seeds.size(); ++i) {
    if (taken[i] >= kCellsPerCommunity || (!street.empty() && communities[i].street != street)) continue;
    double const d = distance2(s.lon, s.lat, seeds[i].lon, seeds[i].lat);
    if (d < least) {
      least = d;
      best = i;
    }
  }
  return best;
}

}  // namespace

std::uint64_t Dice::next() {
  state_ += 0x9E3779B97F4A7C15ull;
  std::uint64_t z = state_;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}
double Dice::unit() {
  return static_cast<double>(next() >> 11) * 0x1.0p-53;
}
std::uint64_t Dice::below(std::uint64_t n) {
  return next() % n;
}

double column_edge(int column) {
  return column == kColumns ? kEast : kWest + (kEast - kWest) * column / kColumns;
}
double row_edge(int row) {
  return row == kRows ? kNorth : kSouth + (kNorth - kSouth) * row / kRows;
}

std::vector<Seed> community_seeds(std::vector<CommunityRow> const& communities) {
  Dice dice(kSeed);
  std::vector<Seed> seeds;
  for (auto const& community : communities) {
    auto const street = street_index(community.street);
    Seed best;
    double farthest = -1;
    // Of twenty tries inside the subdistrict's part take the one farthest from the points already there.
    for (int tries = 0; tries < 20;) {
      double const lon = kWest + (kEast - kWest) * dice.unit(), lat = kSouth + (kNorth - kSouth) * dice.unit();
      if (nearest_street(lon, lat) != street) continue;
      ++tries;
      double nearest = std::numeric_limits<double>::infinity();
      for (auto const& seed : seeds) nearest = std::min(nearest, distance2(lon, lat, seed.lon, seed.lat));
      if (nearest > farthest) {
        farthest = nearest;
        best = {lon, lat};
      }
    }
    seeds.push_back(best);
  }
  return seeds;
}

std::vector<CellRow> make_cells(std::vector<CommunityRow> const& communities) {
  auto const seeds = community_seeds(communities);
  std::vector<int> taken(seeds.size(), 0);
  std::vector<Square> squares;
  for (int row = 0; row < kRows; ++row) {
    for (int column = 0; column < kColumns; ++column) {
      Square s{
          column, row, (column_edge(column) + column_edge(column + 1)) / 2, (row_edge(row) + row_edge(row + 1)) / 2,
          0,      0};
      s.nearest = nearest_community(s, communities, seeds, kStreetPoints[nearest_street(s.lon, s.lat)].street, taken);
      s.distance = distance2(s.lon, s.lat, seeds[s.nearest].lon, seeds[s.nearest].lat);
      squares.push_back(s);
    }
  }
  // Nearest first, so that a full community keeps its own middle and hands on its rim.
  std::stable_sort(squares.begin(), squares.end(),
                   [](Square const& a, Square const& b) { return a.distance < b.distance; });
  std::vector<std::vector<Square>> of(seeds.size());
  for (auto const& s : squares) {
    auto to = s.nearest;
    if (taken[to] >= kCellsPerCommunity) {
      to = nearest_community(s, communities, seeds, communities[s.nearest].street, taken);
      if (to == seeds.size()) to = nearest_community(s, communities, seeds, "", taken);
    }
    ++taken[to];
    of[to].push_back(s);
  }
  std::vector<CellRow> cells;
  cells.reserve(squares.size());
  for (std::size_t i = 0; i < of.size(); ++i) {
    std::sort(of[i].begin(), of[i].end(),
              [](Square const& a, Square const& b) { return a.row != b.row ? a.row > b.row : a.column < b.column; });
    std::uint64_t number = 0;
    for (auto const& s : of[i]) {
      CellRow cell;
      auto const tail = communities[i].code.substr(6) + digits(++number, 3);
      cell.shape.grid = communities[i].code.substr(0, 6) + tail;
      cell.exchange_code = std::string(kStreetPoints[street_index(communities[i].street)].exchange) + tail;
      cell.shape.street = communities[i].street;
      cell.shape.community = communities[i].code;
      double const w = column_edge(s.column), e = column_edge(s.column + 1);
      double const south = row_edge(s.row), north = row_edge(s.row + 1);
      cell.shape.rings = {{{w, south}, {e, south}, {e, north}, {w, north}, {w, south}}};
      cell.area_m2 = area_of(s.column, s.row);
      cell.first_day = "2025-01-01";
      cells.push_back(std::move(cell));
    }
  }
  return cells;
}

std::vector<ComponentRow> make_components(std::vector<CellRow> const& cells) {
  struct Kind {
    std::string_view code, zh, en, maintainer, supervisor;
    int count;
  };
  constexpr std::array<Kind, 9> kKinds{{
      {"01001", "供水井盖", "Water-supply manhole cover", "water", "housing", 60},
      {"01002", "污水井盖", "Sewage manhole cover", "drainage", "housing", 60},
      {"01003", "雨水井盖", "Storm-water manhole cover", "drainage", "housing", 60},
      {"01011", "燃气井盖", "Gas manhole cover", "gas_heat", "housing", 30},
      {"01023", "不明井盖", "Manhole cover of unknown owner", "", "housing", 10},
      {"01037", "路灯", "Street lamp", "lighting", "municipal", 120},
      {"02017", "交通护栏", "Traffic guard rail", "traffic", "traffic", 30},
      {"03005", "垃圾箱", "Litter bin", "sanitation", "sanitation", 60},
      {"04002", "行道树", "Street tree", "greening", "greening", 70},
  }};
  Dice dice(kSeed + 1);
  std::vector<ComponentRow> out;
  for (auto const& kind : kKinds) {
    for (int i = 1; i <= kind.count; ++i) {
      auto const& cell = cells[dice.below(cells.size())];
      auto const& ring = cell.shape.rings[0];
      ComponentRow row;
      row.component_id =
          cell.shape.grid.substr(0, 6) + std::string(kind.code) + digits(static_cast<std::uint64_t>(i), 6);
      row.standard = "gbt47678.5-2026";
      row.code = kind.code;
      row.zh = std::string(kind.zh) + digits(static_cast<std::uint64_t>(i), 3);
      row.en = std::string(kind.en) + " " + digits(static_cast<std::uint64_t>(i), 3);
      row.maintainer = kind.maintainer;
      row.owner = kind.maintainer;
      row.supervisor = kind.supervisor;
      // Well inside the cell: an object never lies on a border.
      row.lon = ring[0].first + (ring[2].first - ring[0].first) * (0.2 + 0.6 * dice.unit());
      row.lat = ring[0].second + (ring[2].second - ring[0].second) * (0.2 + 0.6 * dice.unit());
      out.push_back(std::move(row));
    }
  }
  return out;
}

}  // namespace wangge::deploy
