// Streets, communities, cells and managed places (GeoJSON) and components, in whatever coordinates they come.
#include <boost/json.hpp>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <sstream>

#include "deploy/city/readers.hpp"
#include "dispatcher/core/coordinates.hpp"

namespace wangge::deploy {
namespace {

namespace json = boost::json;
using storage::standing::CellRow;
using Ring = std::vector<std::pair<double, double>>;

constexpr char const* kCells = "cells.geojson";
constexpr char const* kSystems = "CGCS2000, WGS-84, GCJ-02, EPSG:4491 to 4554";

void in_english(std::string& en, std::string const& zh) {
  if (en.empty()) en = zh;
}

// Planar about the ring's middle: a cell is some hundred metres wide.
double area_of(Ring const& ring) {
  constexpr double kMetresPerDegree = 111'320.0;
  double const shrink = std::cos(ring.front().second * std::numbers::pi / 180);
  double sum = 0;
  for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
    sum += (ring[i].first - ring[0].first) * (ring[i + 1].second - ring[0].second) -
           (ring[i + 1].first - ring[0].first) * (ring[i].second - ring[0].second);
  }
  return std::abs(sum) / 2 * kMetresPerDegree * kMetresPerDegree * shrink;
}

// Says what is wrong, or fills the ring.
std::string read_ring(core::Crs const& crs, json::value const& from, Ring& to) {
  auto const* points = from.if_array();
  if (points == nullptr || points->size() < 4) return "a ring has at least four points";
  for (auto const& point : *points) {
    auto const* pair = point.if_array();
    if (pair == nullptr || pair->size() < 2 || !(*pair)[0].is_number() || !(*pair)[1].is_number()) {
      return "a point is [lon, lat]";
    }
    auto const p = core::to_cgcs2000(crs, (*pair)[0].to_number<double>(), (*pair)[1].to_number<double>());
    if (!(std::abs(p.lon) <= 180) || !(std::abs(p.lat) <= 90))
      return "a point lies off the earth (lon first, then lat)";
    to.emplace_back(p.lon, p.lat);
  }
  if (to.front() != to.back()) return "the ring is not closed: its last point is not its first";
  return "";
}

std::string read_shape(core::Crs const& crs, json::object const& feature, std::vector<Ring>& rings) {
  auto const* geometry = feature.if_contains("geometry");
  if (geometry == nullptr || !geometry->is_object() || text_at(geometry->as_object(), "type") != "Polygon") {
    return "the geometry is no Polygon";
  }
  auto const* from = geometry->as_object().if_contains("coordinates");
  if (from == nullptr || !from->is_array() || from->as_array().empty()) return "the polygon has no rings";
  for (auto const& ring : from->as_array()) {
    if (auto wrong = read_ring(crs, ring, rings.emplace_back()); !wrong.empty()) return wrong;
  }
  if (area_of(rings[0]) <= 0) return "the polygon has no area";
  return "";
}

// The system of a whole file: "crs": "GCJ-02", or as older GeoJSON has it {"properties": {"name":
// "urn:ogc:def:crs:EPSG::4549"}}.
std::string crs_name(json::object const& file) {
  auto const* crs = file.if_contains("crs");
  if (crs == nullptr || !crs->is_object()) return text_at(file, "crs");
  auto const* properties = crs->as_object().if_contains("properties");
  return properties != nullptr && properties->is_object() ? text_at(properties->as_object(), "name") : std::string("?");
}

// lon and lat, or x and y of the system named in `crs`; what the file said is kept beside.
void read_point(TableRow& row, storage::standing::ComponentRow& c) {
  auto const crs = core::crs_from(row["crs"]);
  if (!crs) return row.bad("crs", "\"" + row["crs"] + "\" is no system known here: " + kSystems);
  if (crs->kind == core::Crs::Kind::geographic) {
    c.lon = row.real("lon", -180, 180);
    c.lat = row.real("lat", -90, 90);
    if (crs->name != "CGCS2000") c.crs = crs->name, c.source_x = c.lon, c.source_y = c.lat;
    return;
  }
  bool const plane = crs->kind == core::Crs::Kind::plane;
  c.crs = crs->name;
  c.source_x = row.real("lon", plane ? 0 : -180, plane ? 5e7 : 180);
  c.source_y = row.real("lat", plane ? 0 : -90, plane ? 1e7 : 90);
  auto const p = core::to_cgcs2000(*crs, *c.source_x, *c.source_y);
  c.lon = p.lon, c.lat = p.lat;
  if (!(std::abs(p.lon) <= 180 && std::abs(p.lat) <= 90)) row.bad("lon", "lies off the earth in " + crs->name);
}

void read_cell(CityReading& city, GeoFeature& feature) {
  auto wrong = [&](char const* column, std::string reason) {
    city.complain(kCells, feature.number, column, std::move(reason));
  };
  auto const& p = feature.properties;
  CellRow cell;
  auto const grid = text_at(p, "grid");
  if (grid.size() != 15 || grid.find_first_not_of("0123456789") != std::string::npos) {
    return wrong("grid", "\"" + grid + "\" is not 15 digits");
  }
  cell.shape.grid = grid;
  cell.shape.street = grid.substr(0, 9);
  cell.shape.community = grid.substr(0, 12);
  if (!city.communities.contains(cell.shape.community)) return wrong("grid", "no community " + cell.shape.community);
  if (!city.grids.insert(grid).second) return wrong("grid", "cell " + grid + " stands twice");
  cell.shape.rings = std::move(feature.rings);
  cell.exchange_code = text_at(p, "exchange_code");
  cell.area_level = text_at(p, "area_level");
  cell.shape.area_level = cell.area_level;
  cell.first_day = text_at(p, "initial_date");
  cell.last_day = text_at(p, "end_date");
  if (cell.first_day.empty()) cell.first_day = "2000-01-01";
  if (!parse_day(cell.first_day)) return wrong("initial_date", "no date like 2026-10-01");
  if (!cell.last_day.empty() && (!parse_day(cell.last_day) || cell.last_day <= cell.first_day)) {
    return wrong("end_date", "no date after initial_date");
  }
  auto const* area = p.if_contains("area_m2");
  cell.area_m2 = area != nullptr && area->is_number() ? area->to_number<double>() : area_of(cell.shape.rings[0]);
  if (!(cell.area_m2 > 0)) return wrong("area_m2", "is not above 0");
  city.set.cells.push_back(std::move(cell));
}

}  // namespace

void read_places(CityReading& city) {
  Keys streets, communities;
  CityTable(city.source, "streets.csv", city.bad).each({"code", "zh", "en"}, [&](TableRow& row) {
    storage::standing::StreetRow street{row.digits("code", 9), row.word("zh"), row["en"]};
    in_english(street.en, street.zh);
    streets.add(row, "code", street.code);
    if (row.good() && street.code.substr(0, 6) != city.set.district)
      row.bad("code", "does not begin with the district");
    city.streets.insert(street.code);
    city.set.streets.push_back(std::move(street));
  });
  CityTable(city.source, "communities.csv", city.bad).each({"code", "street", "zh", "en"}, [&](TableRow& row) {
    storage::standing::CommunityRow community{row.digits("code", 12), row.digits("street", 9), row.word("zh"),
                                              row["en"]};
    in_english(community.en, community.zh);
    communities.add(row, "code", community.code);
    if (row.good() && community.code.substr(0, 9) != community.street)
      row.bad("street", "the code begins with another street");
    if (!city.streets.contains(community.street)) row.bad("street", "no street " + community.street);
    city.communities.insert(community.code);
    city.set.communities.push_back(std::move(community));
  });
}

std::string text_at(json::object const& object, char const* name) {
  auto const* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

void each_polygon(CityReading& city, std::string const& file, std::function<void(GeoFeature&)> const& each) {
  std::string text;
  if (!city.source(file, text)) return city.complain(file, 0, "", "there is no such file");
  json::error_code error;
  auto const read = json::parse(text, error);
  if (error) return city.complain(file, 0, "", "is no JSON: " + error.message());
  auto const* features = read.is_object() ? read.as_object().if_contains("features") : nullptr;
  if (features == nullptr || !features->is_array())
    return city.complain(file, 0, "features", "is no FeatureCollection");
  auto const crs = core::crs_from(crs_name(read.as_object()));
  if (!crs)
    return city.complain(file, 0, "crs", "\"" + crs_name(read.as_object()) + "\" is no system known here: " + kSystems);
  std::int64_t number = 0;
  for (auto const& one : features->as_array()) {
    ++number;
    auto const* object = one.if_object();
    if (object == nullptr) {
      city.complain(file, number, "", "the feature is no object");
      continue;
    }
    auto const* properties = object->if_contains("properties");
    if (properties == nullptr || !properties->is_object()) {
      city.complain(file, number, "properties", "there are none");
      continue;
    }
    GeoFeature feature{number, properties->as_object(), {}};
    if (auto reason = read_shape(*crs, *object, feature.rings); !reason.empty()) {
      city.complain(file, number, "geometry", std::move(reason));
      continue;
    }
    each(feature);
  }
  if (number == 0) city.complain(file, 0, "features", "has no polygons");
}

void read_cells(CityReading& city) {
  each_polygon(city, kCells, [&](GeoFeature& feature) { read_cell(city, feature); });
}

void read_managed(CityReading& city) {
  constexpr char const* kFile = "managed.geojson";
  std::string text;
  if (!city.source(kFile, text)) return;
  city.set.managed.clear();
  std::set<std::string> keys;
  each_polygon(city, kFile, [&](GeoFeature& feature) {
    auto const& p = feature.properties;
    auto const wrong = [&](char const* column, std::string reason) {
      city.complain(kFile, feature.number, column, std::move(reason));
    };
    core::ManagedPlace place{text_at(p, "key"), text_at(p, "kind"), text_at(p, "zh"), text_at(p, "en")};
    if (place.en.empty()) place.en = place.zh;
    bool const plain = place.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos;
    if (place.key.empty() || !plain)
      return wrong("key", "small letters, digits, - and _ only; it stands in the flags of cases");
    if (!keys.insert(place.key).second) return wrong("key", place.key + " stands twice");
    if (place.kind != "control" && place.kind != "market") return wrong("kind", "is neither control nor market");
    if (place.zh.empty()) return wrong("zh", "is empty");
    std::istringstream allowed(text_at(p, "allowed"));
    for (std::string word; allowed >> word;) {
      bool const known = std::any_of(city.set.catalogue.begin(), city.set.catalogue.end(), [&](auto const& e) {
        return e.class_code == word || e.key.standard + "/" + e.key.kind + "/" + e.key.code == word;
      });
      if (!known) return wrong("allowed", "the catalogue has no class and no category " + word);
      place.allowed.push_back(std::move(word));
    }
    if (place.allowed.empty()) return wrong("allowed", "names nothing; everything would be allowed there");
    auto const day = [&](char const* name) {
      return text_at(p, name).empty() ? std::nullopt : parse_day(text_at(p, name));
    };
    place.when.from = day("from_day"), place.when.to = day("to_day");
    if (!text_at(p, "from_day").empty() && !place.when.from) return wrong("from_day", "no date like 2026-10-01");
    if (!text_at(p, "to_day").empty() && !place.when.to) return wrong("to_day", "no date like 2026-10-01");
    if (place.when.to) *place.when.to += core::Days{1};
    if (auto const from = text_at(p, "from"); !from.empty()) {
      if (!parse_minute(from)) return wrong("from", "no time of day like 06:30");
      place.when.from_minute = *parse_minute(from);
    }
    if (auto const to = text_at(p, "to"); !to.empty()) {
      if (!parse_minute(to)) return wrong("to", "no time of day like 06:30");
      place.when.to_minute = *parse_minute(to);
    }
    place.document = text_at(p, "document");
    if (place.kind == "control" && place.document.empty())
      return wrong("document", "a control area stands on an approval: name it");
    auto const* stalls = p.if_contains("stalls");
    if (stalls != nullptr && stalls->is_int64()) place.stalls = stalls->as_int64();
    place.ring = feature.rings[0];
    city.set.managed.push_back(std::move(place));
  });
}

void read_components(CityReading& city) {
  Keys keys;
  CityTable(city.source, "components.csv", city.bad)
      .each(
          {"id", "standard", "code", "zh", "en", "maintainer", "owner", "supervisor", "lon", "lat"},
          [&](TableRow& row) {
            storage::standing::ComponentRow c;
            c.component_id = row["id"];
            c.standard = row["standard"];
            c.code = row["code"];
            c.zh = row.word("zh");
            c.en = row["en"];
            in_english(c.en, c.zh);
            c.maintainer = row["maintainer"], c.maintainer_name = row["maintainer_name"];
            c.owner = row["owner"], c.owner_name = row["owner_name"];
            c.supervisor = row["supervisor"], c.supervisor_name = row["supervisor_name"];
            read_point(row, c);
            c.grid = row["grid"], c.street = row["street"], c.community = row["community"];
            if (!c.grid.empty() && !city.grids.contains(c.grid)) row.bad("grid", "no cell " + c.grid);
            if (!c.street.empty() && !city.streets.contains(c.street)) row.bad("street", "no street " + c.street);
            if (!c.community.empty() && !city.communities.contains(c.community))
              row.bad("community", "no community " + c.community);
            c.state = row["state"], c.data_source = row["data_source"], c.remark = row["remark"];
            for (auto const& [column, to] :
                 {std::pair{"initial_date", &c.initial_date}, {"changed_date", &c.changed_date}}) {
              row.day_or_none(column);
              *to = row[column];
            }
            bool const is_id = (c.component_id.size() == 16 || c.component_id.size() == 17) &&
                               c.component_id.find_first_not_of("0123456789") == std::string::npos;
            if (!is_id) row.bad("id", "\"" + c.component_id + "\" is not 16 or 17 digits");
            keys.add(row, "id", c.component_id);
            if (!city.categories.contains({c.standard, "component", c.code})) {
              row.bad("code", "no component category " + c.standard + " " + c.code);
            } else if (is_id && c.component_id.substr(6, c.code.size()) != c.code) {
              row.bad("id", "names another kind than " + c.code + " after its district");
            }
            city.set.components.push_back(std::move(c));
          },
          true);
}

}  // namespace wangge::deploy
