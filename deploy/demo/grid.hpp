// The demo's synthetic grid: no polygon of zone 370871, of its subdistricts or communities is public, so cells of about
// 100 m x 100 m are laid over a rectangle and given to made-up community points. A sketch, no boundary of any kind.
#pragma once

#include <cstdint>
#include <vector>

#include "storage/standing_set.hpp"

namespace wangge::deploy {

// splitmix64: the same numbers on every machine and standard library, which the demo's known answers need.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  double unit();                         // [0, 1)
  std::uint64_t below(std::uint64_t n);  // [0, n), n > 0
 private:
  std::uint64_t state_;
};

inline constexpr double kWest = 116.58, kEast = 116.82, kSouth = 35.33, kNorth = 35.52;
inline constexpr int kColumns = 218, kRows = 211;  // about 100 m each way at this latitude
inline constexpr int kCellsPerCommunity = 999;     // three digits of the code

// The edge between two columns (rows) is one and the same double for both neighbours: no gap, no overlap.
double column_edge(int column);  // 0..kColumns, from the west
double row_edge(int row);        // 0..kRows, from the south

struct Seed {  // a community's made-up point
  double lon = 0, lat = 0;
};
// One point per community, in their order, spread over the part of the rectangle nearest to their subdistrict's point.
std::vector<Seed> community_seeds(std::vector<storage::standing::CommunityRow> const& communities);
// Each cell goes to the nearest community of the nearest subdistrict that has room, else to the nearest with room.
// Codes count west to east, then north to south, inside a community.
std::vector<storage::standing::CellRow> make_cells(std::vector<storage::standing::CommunityRow> const& communities);
// A few hundred objects with 17-digit ids, on or near the made-up streets, with the bodies that look after them.
std::vector<storage::standing::ComponentRow> make_components(std::vector<storage::standing::CellRow> const& cells);

}  // namespace wangge::deploy
