#include "storage/map_model.hpp"

#include <sodium.h>

#include <cmath>
#include <numbers>

#include "storage/chain.hpp"
#include "storage/kept.hpp"
#include "storage/reader.hpp"
#include "storage/standing.hpp"

namespace wangge::storage {
namespace {

constexpr int kOneByOne = 300;       // cases of a tile before they become heaps
constexpr int kOneByOneNear = 3000;  // and from this zoom on, where heaps would hide what can be told apart
constexpr int kNear = 17;
constexpr int kMostShapes = 5000;  // cells or components of one tile
constexpr int kStreetsBelow = 12;  // areas: streets below this zoom, communities from it on
constexpr std::chrono::seconds kLiveFor{3}, kTodayFor{5}, kStandingFor{3600}, kVersionFor{5};
constexpr std::size_t kTileBytes = 24u << 20;

std::string name_of(TileAt at) {
  return std::to_string(at.z) + '/' + std::to_string(at.x) + '/' + std::to_string(at.y);
}

double latitude(double y, double n) {
  return std::atan(std::sinh(std::numbers::pi * (1 - 2 * y / n))) * 180 / std::numbers::pi;
}

void put(pg::Params& params, Box const& b) {
  for (double const edge : {b.west, b.south, b.east, b.north}) params.text(pqxx::to_string(edge));
}

// Who sees the same: part of a key for what is kept.
std::string scope_key(core::Principal const& w) {
  std::string key(w.district);
  for (std::string const& part : {std::string(core::id(w.role)), w.name, w.street, w.unit, w.squad}) key += '\n' + part;
  return key;
}
// The name decides only what a reporter sees, and reporters see no map.
core::Principal nameless(core::Principal who) {
  who.name.clear();
  return who;
}

}  // namespace

TileLayer const* find_layer(std::string_view id) {
  for (auto const& layer : kTileLayers)
    if (layer.id == id) return &layer;
  return nullptr;
}

Box box_of(TileAt at) {
  double const n = std::ldexp(1.0, at.z);
  return {at.x / n * 360 - 180, latitude(at.y + 1, n), (at.x + 1) / n * 360 - 180, latitude(at.y, n)};
}

struct MapModel::Impl {
  Impl(std::string const& url, int connections, Patience patience) : pool(url, connections, patience) {}

  // The version of the standing data, asked at most every few seconds.
  std::string version(std::string const& district) {
    return versions.get(district, kVersionFor, [&] {
      return pool.with([&](pg::Session& s) {
        return s.guarded([&] { return std::to_string(standing::city_version(s.raw(), district)); });
      });
    });
  }

  std::string ask_tile(core::Principal const& who, TileLayer const& layer, TileAt at) {
    auto const box = box_of(at);
    auto const tile = name_of(at);
    return pool.with(layer.live ? pool.patience().read : pool.patience().heavy, [&](pg::Session& s) {
      auto params = layer.live ? scope(who) : pg::Params().text(who.district);
      if (layer.id == "cases") params.number(read_now().time_since_epoch().count());
      put(params, box);
      auto const rows = [&] {
        if (layer.id == "cases")
          return s.run(queries::tile_cases, params.text(tile).number(at.z < kNear ? kOneByOne : kOneByOneNear));
        if (layer.id == "squads") return s.run(queries::tile_squads, params.text(tile));
        if (layer.id == "areas")
          return s.run(queries::tile_areas, params.text(tile).text(at.z < kStreetsBelow ? "street" : "community"));
        if (layer.id == "cells") return s.run(queries::tile_cells, params.number(kMostShapes).text(tile));
        return s.run(queries::tile_components, params.number(kMostShapes).text(tile));
      }();
      return rows.empty() || rows[0][0].is_null() ? std::string() : from_hex(pg::text(rows[0][0]));
    });
  }

  Pool pool;
  Kept tiles{kTileBytes}, versions{1u << 16}, days{4u << 20}, outlines{8u << 20};
};

MapModel::MapModel(std::string const& url, int connections, Patience patience)
    : impl_(std::make_unique<Impl>(url, connections, patience)) {}
MapModel::~MapModel() = default;

MapModel::Tile MapModel::tile(core::Principal const& who, TileLayer const& layer, TileAt at) {
  if (at.z < layer.zoom_least) return {"", "\"none\""};
  auto const asker = nameless(who);
  std::string key = std::string(layer.id) + '/' + name_of(at) + '\n';
  key += layer.live ? scope_key(asker) : asker.district + '\n' + impl_->version(asker.district);
  Tile out;
  out.mvt =
      impl_->tiles.get(key, layer.live ? kLiveFor : kStandingFor, [&] { return impl_->ask_tile(asker, layer, at); });
  std::string digest(16, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(digest.data()), digest.size(),
                     reinterpret_cast<unsigned char const*>(out.mvt.data()), out.mvt.size(), nullptr, 0);
  out.etag = '"' + to_hex(digest) + '"';
  return out;
}

std::optional<Box> MapModel::extent(std::string const& district, std::string const& grid) {
  return impl_->pool.with([&](pg::Session& s) -> std::optional<Box> {
    auto const rows = s.run(queries::tile_extent, pg::Params().text(district).text(grid));
    if (rows.empty()) return std::nullopt;
    auto const edge = [&](int i) { return rows[0][i].as<double>(); };
    return Box{edge(0), edge(1), edge(2), edge(3)};
  });
}

std::string MapModel::today(core::Principal const& who) {
  auto const asker = nameless(who);
  return impl_->days.get(scope_key(asker), kTodayFor, [&] {
    return impl_->pool.with([&](pg::Session& s) {
      return pg::text(s.run(queries::wall_today, scope(asker).number(read_now().time_since_epoch().count()))[0][0]);
    });
  });
}

std::string MapModel::public_streets(std::string const& district) {
  return impl_->outlines.get(district + '\n' + impl_->version(district), kStandingFor, [&] {
    return impl_->pool.with(impl_->pool.patience().heavy, [&](pg::Session& s) {
      return pg::text(s.run(queries::published_streets, pg::Params().text(district))[0][0]);
    });
  });
}

std::optional<MapModel::Name> MapModel::district(std::string const& code) {
  return impl_->pool.with([&](pg::Session& s) -> std::optional<Name> {
    auto const rows = s.run(queries::published_district, pg::Params().text(code));
    if (rows.empty()) return std::nullopt;
    return Name{pg::text(rows[0][0]), pg::text(rows[0][1])};
  });
}

PublicCases MapModel::public_cases(std::string const& district, PublicFilter const& f, core::Instant now) {
  constexpr std::string_view kList = "public";
  auto params =
      pg::Params().text(district).number(f.since.time_since_epoch().count()).number(now.time_since_epoch().count());
  params.array(f.hidden);
  if (f.box)
    put(params, *f.box);
  else
    params.null().null().null().null();
  params.text(f.class_code).text(f.standing).text(f.case_no);
  if (f.cursor.empty())
    params.null().null();
  else
    for (auto const& part : read_cursor(f.cursor, kList, 2)) params.text(part);
  params.number(f.limit + 1);
  try {
    return impl_->pool.with(impl_->pool.patience().heavy, [&](pg::Session& s) {
      PublicCases out;
      std::string last;
      for (auto const& row : s.run(queries::published_cases, params)) {
        if (static_cast<int>(out.items.size()) == f.limit) {
          out.next_cursor = last;
          break;
        }
        auto& c = out.items.emplace_back();
        int at = 0;
        for (auto* text : {&c.case_no, &c.class_code, &c.class_zh, &c.class_en, &c.code, &c.zh, &c.en, &c.street_zh,
                           &c.street_en, &c.community_zh, &c.community_en, &c.lon, &c.lat, &c.standing, &c.reported_on,
                           &c.changed_on, &c.closed_on}) {
          if (!row[at].is_null()) *text = pg::text(row[at]);
          ++at;
        }
        last = make_cursor({std::string(kList), pg::text(row[at]), c.case_no});
      }
      return out;
    });
  } catch (Poison const& e) {  // only a cursor or a number brings texts that no database can hold
    throw BadFilter(f.cursor.empty() ? "case_no" : "cursor", e.what());
  }
}

}  // namespace wangge::storage
