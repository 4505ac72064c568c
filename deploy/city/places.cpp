// Streets, communities, cells (GeoJSON) and components.
#include <boost/json.hpp>
#include <cmath>
#include <numbers>

#include "deploy/city/readers.hpp"

namespace wangge::deploy {
namespace {

namespace json = boost::json;
using storage::standing::CellRow;
using Ring = std::vector<std::pair<double, double>>;

constexpr char const* kCells = "cells.geojson";

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
std::string read_ring(json::value const& from, Ring& to) {
  auto const* points = from.if_array();
  if (points == nullptr || points->size() < 4) return "a ring has at least four points";
  for (auto const& point : *points) {
    auto const* pair = point.if_array();
    if (pair == nullptr || pair->size() < 2 || !(*pair)[0].is_number() || !(*pair)[1].is_number()) {
      return "a point is [lon, lat]";
    }
    double const lon = (*pair)[0].to_number<double>(), lat = (*pair)[1].to_number<double>();
    if (!(std::abs(lon) <= 180) || !(std::abs(lat) <= 90)) return "a point lies off the earth (lon first, then lat)";
    to.emplace_back(lon, lat);
  }
  if (to.front() != to.back()) return "the ring is not closed: its last point is not its first";
  return "";
}

std::string text_at(json::object const& object, char const* name) {
  auto const* found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

std::string read_shape(json::object const& feature, CellRow& cell) {
  auto const* geometry = feature.if_contains("geometry");
  if (geometry == nullptr || !geometry->is_object() || text_at(geometry->as_object(), "type") != "Polygon") {
    return "the geometry is no Polygon";
  }
  auto const* rings = geometry->as_object().if_contains("coordinates");
  if (rings == nullptr || !rings->is_array() || rings->as_array().empty()) return "the polygon has no rings";
  for (auto const& ring : rings->as_array()) {
    if (auto wrong = read_ring(ring, cell.shape.rings.emplace_back()); !wrong.empty()) return wrong;
  }
  if (area_of(cell.shape.rings[0]) <= 0) return "the polygon has no area";
  return "";
}

void read_cell(CityReading& city, json::value const& feature, std::int64_t number) {
  auto wrong = [&](char const* column, std::string reason) {
    city.complain(kCells, number, column, std::move(reason));
  };
  auto const* object = feature.if_object();
  if (object == nullptr) return wrong("", "the feature is no object");
  auto const* properties = object->if_contains("properties");
  if (properties == nullptr || !properties->is_object()) return wrong("properties", "there are none");
  auto const& p = properties->as_object();
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
  if (auto const reason = read_shape(*object, cell); !reason.empty()) return wrong("geometry", reason);
  cell.exchange_code = text_at(p, "exchange_code");
  cell.area_level = text_at(p, "area_level");
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
  Table(city.source, "streets.csv", city.bad).each({"code", "zh", "en"}, [&](TableRow& row) {
    storage::standing::StreetRow street{row.digits("code", 9), row.word("zh"), row["en"]};
    in_english(street.en, street.zh);
    streets.add(row, "code", street.code);
    if (row.good() && street.code.substr(0, 6) != city.set.district)
      row.bad("code", "does not begin with the district");
    city.streets.insert(street.code);
    city.set.streets.push_back(std::move(street));
  });
  Table(city.source, "communities.csv", city.bad).each({"code", "street", "zh", "en"}, [&](TableRow& row) {
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

void read_cells(CityReading& city) {
  std::string text;
  if (!city.source(kCells, text)) return city.complain(kCells, 0, "", "there is no such file");
  json::error_code error;
  auto const file = json::parse(text, error);
  if (error) return city.complain(kCells, 0, "", "is no JSON: " + error.message());
  auto const* features = file.is_object() ? file.as_object().if_contains("features") : nullptr;
  if (features == nullptr || !features->is_array())
    return city.complain(kCells, 0, "features", "is no FeatureCollection");
  std::int64_t number = 0;
  for (auto const& feature : features->as_array()) read_cell(city, feature, ++number);
  if (number == 0) city.complain(kCells, 0, "features", "has no cells");
}

void read_components(CityReading& city) {
  Keys keys;
  Table(city.source, "components.csv", city.bad)
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
            c.maintainer = row["maintainer"];
            c.owner = row["owner"];
            c.supervisor = row["supervisor"];
            c.lon = row.real("lon", -180, 180);
            c.lat = row.real("lat", -90, 90);
            bool const is_id = (c.component_id.size() == 16 || c.component_id.size() == 17) &&
                               c.component_id.find_first_not_of("0123456789") == std::string::npos;
            if (!is_id) row.bad("id", "\"" + c.component_id + "\" is not 16 or 17 digits");
            keys.add(row, "id", c.component_id);
            if (!city.categories.contains({c.standard, "component", c.code})) {
              row.bad("code", "no component category " + c.standard + " " + c.code);
            }
            city.set.components.push_back(std::move(c));
          },
          true);
}

}  // namespace wangge::deploy
