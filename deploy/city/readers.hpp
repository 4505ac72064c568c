// The files of a city, one reader each; what they have read so far is what the next ones check against.
#pragma once

#include <boost/json/object.hpp>

#include "deploy/city/table.hpp"

namespace wangge::deploy {

struct CityReading {
  FileSource const& source;
  storage::standing::StandingSet& set;
  std::vector<BadRow>& bad;

  std::map<std::string, std::string> squad_unit;  // squad -> unit
  std::set<std::string> units, streets, communities, grids;
  std::map<core::CategoryKey, std::size_t> categories;  // index in set.catalogue

  // What stands in `set` already, for readers of single parts.
  void know();
  void complain(std::string file, std::int64_t line, std::string column, std::string reason) {
    bad.push_back({std::move(file), line, std::move(column), std::move(reason)});
  }
};

void read_district(CityReading& city);    // district.toml
void read_places(CityReading& city);      // streets.csv, communities.csv
void read_cells(CityReading& city);       // cells.geojson
void read_components(CityReading& city);  // components.csv, may be absent
void read_calendars(CityReading& city);   // calendars.csv, calendar_days.csv
void read_bodies(CityReading& city);      // units.csv, squads.csv
void check_calendars(CityReading& city);  // does every unit find its calendar?
void check_bodies(CityReading& city);     // does everybody who names a unit or a squad find it?
void read_duty(CityReading& city);        // duty.csv
void read_catalogue(CityReading& city);   // catalogue.csv, conditions.csv
void read_closing(CityReading& city);     // closing_conditions.csv
void check_closing(CityReading& city);    // do the conditions ask for closing codes that are there?
void read_routes(CityReading& city);      // routes.csv
// These may all be absent:
void read_cross_map(CityReading& city);         // crossmap.csv
void read_responsibilities(CityReading& city);  // responsibility.csv
void read_switches(CityReading& city);          // district.toml, its [policy] alone
void read_shifts(CityReading& city);            // shifts.csv, absences.csv
void read_areas(CityReading& city);             // areas.csv
void read_campaigns(CityReading& city);         // campaigns.csv
void read_plans(CityReading& city);             // plans.csv
void read_managed(CityReading& city);           // managed.geojson
void read_schemes(CityReading& city);           // schemes.csv, scheme_parts.csv, scheme_groups.csv, scheme_deductions.csv
void read_tariffs(CityReading& city);           // tariffs.csv

// Rings of a GeoJSON geometry; says what is wrong with them, or nothing.
struct GeoFeature {
  std::int64_t number = 0;
  boost::json::object const& properties;
  std::vector<std::vector<std::pair<double, double>>> rings;
};
// Walks the polygons of a FeatureCollection, each point turned into CGCS2000 from the file's own system (`crs`).
void each_polygon(CityReading& city, std::string const& file, std::function<void(GeoFeature&)> const& feature);
std::string text_at(boost::json::object const& object, char const* name);

// A part of a city (storage::standing::kParts) as files bring it: its tables, and what reads them.
struct PartReader {
  std::string_view part;
  std::vector<std::string_view> files;
  void (*read)(CityReading& city);
};
PartReader const* find_part(std::string_view part);

}  // namespace wangge::deploy
