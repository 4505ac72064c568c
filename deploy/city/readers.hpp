// The files of a city, one reader each; what they have read so far is what the next ones check against.
#pragma once

#include "deploy/city/table.hpp"

namespace wangge::deploy {

struct CityReading {
  FileSource const& source;
  storage::standing::StandingSet& set;
  std::vector<BadRow>& bad;

  std::map<std::string, std::string> squad_unit;  // squad -> unit
  std::set<std::string> units, streets, communities, grids;
  std::map<core::CategoryKey, std::size_t> categories;  // index in set.catalogue

  void complain(std::string file, std::int64_t line, std::string column, std::string reason) {
    bad.push_back({std::move(file), line, std::move(column), std::move(reason)});
  }
};

void read_district(CityReading& city);    // district.toml
void read_places(CityReading& city);      // streets.csv, communities.csv
void read_cells(CityReading& city);       // cells.geojson
void read_components(CityReading& city);  // components.csv, may be absent
void read_calendars(CityReading& city);   // calendars.csv, calendar_days.csv
void read_bodies(CityReading& city);      // units.csv, squads.csv, duty.csv
void read_catalogue(CityReading& city);   // catalogue.csv, conditions.csv, closing_conditions.csv
void read_routes(CityReading& city);      // routes.csv

}  // namespace wangge::deploy
