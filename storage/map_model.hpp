// What maps, walls and the public page read: vector tiles, the day so far, what everybody may know of cases. Never
// writes. Connects on first use; throws Broken as ReadModel does. What changes only with the standing data, or is asked
// by many at once, is kept in bounded memory.
#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/read_model.hpp"

namespace wangge::storage {

// A tile of the common scheme: Web Mercator, 2^z columns and rows, the first in the north-west.
struct TileAt {
  int z = 0, x = 0, y = 0;
};
inline constexpr int kTileZoomMost = 20;

struct TileLayer {
  std::string_view id;
  bool live;  // of cases: in the caller's scope, and new within seconds. Else standing data, the same until its version
              // rises
  int zoom_least;  // below it a tile would hold too much to be of use: it is empty
};
inline constexpr std::array<TileLayer, 5> kTileLayers{
    {{"cells", false, 13}, {"areas", false, 6}, {"cases", true, 6}, {"squads", true, 6}, {"components", false, 16}}};
TileLayer const* find_layer(std::string_view id);  // nullptr when there is none

struct Box {  // degrees
  double west = 0, south = 0, east = 0, north = 0;
};
Box box_of(TileAt at);

// What everybody may ask for (DECISIONS 116).
struct PublicFilter {
  core::Instant since{};
  std::vector<std::string> hidden;  // codes that are never shown
  std::optional<Box> box;           // of the rounded places
  std::string class_code, standing, case_no, cursor;
  int limit = 50;
};
inline constexpr std::array<std::string_view, 5> kStandings{"filed", "in_hand", "checking", "paused", "closed"};
struct PublicCase {
  std::string case_no, class_code, class_zh, class_en, code, zh, en, street_zh, street_en, community_zh, community_en,
      lon, lat, standing, reported_on, changed_on, closed_on;  // lon, lat, closed_on: "" = none
};
struct PublicCases {
  std::vector<PublicCase> items;
  std::string next_cursor;
};

class MapModel {
 public:
  explicit MapModel(std::string const& database_url, int connections = 2, Patience patience = {});
  virtual ~MapModel();  // doors' tests put their own answers in its place

  struct Tile {
    std::string mvt;   // "" = nothing there
    std::string etag;  // of the content
  };
  // The layer must exist and the tile lie in its scheme. Cases and squads: what `who` may see.
  virtual Tile tile(core::Principal const& who, TileLayer const& layer, TileAt at);
  virtual std::optional<Box> extent(std::string const& district,
                                    std::string const& grid = {});  // of its unit grids, or of one
  // The day so far in the caller's scope, JSON; `as_of` and `day` stand in it.
  virtual std::string today(core::Principal const& who);
  virtual PublicCases public_cases(std::string const& district, PublicFilter const& filter, core::Instant now);
  virtual std::string public_streets(std::string const& district);  // GeoJSON features, a JSON array
  struct Name {
    std::string zh, en;
  };
  virtual std::optional<Name> district(std::string const& code);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::string public_json(PublicCase const& one);
std::string public_csv(std::vector<PublicCase> const& all, std::string const& lang);  // UTF-8 BOM, formula-safe

}  // namespace wangge::storage
