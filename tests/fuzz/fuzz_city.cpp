// Any bytes as one file of a city, the others as they should be: read, or every fault named; never a crash. The first
// byte chooses the file: cells in GeoJSON, the district in TOML, or one of the tables.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "deploy/city/readers.hpp"
#include "tests/deploy/city/small_city.hpp"

namespace {

using namespace wangge;

void demand(bool fact) {
  if (!fact) std::abort();
}

constexpr std::array kFiles{"cells.geojson",     "district.toml",
                            "components.csv",    "calendars.csv",
                            "calendar_days.csv", "catalogue.csv",
                            "conditions.csv",    "routes.csv",
                            "duty.csv",          "squads.csv",
                            "communities.csv",   "streets.csv",
                            "units.csv",         "closing_conditions.csv",
                            "areas.csv",         "plans.csv",
                            "campaigns.csv",     "responsibility.csv",
                            "shifts.csv",        "absences.csv",
                            "crossmap.csv",      "managed.geojson"};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  static tests::SmallCity const whole;
  std::string const changed = kFiles[data[0] % kFiles.size()];
  std::string const text(reinterpret_cast<char const*>(data) + 1, size - 1);
  deploy::FileSource const source = [&](std::string const& name, std::string& out) {
    auto const found = whole.files.find(name);
    if (name == changed) out = text;
    else if (found != whole.files.end()) out = found->second;
    else return false;  // this small city has no such file
    return true;
  };
  storage::standing::StandingSet set;
  std::vector<deploy::BadRow> bad;
  deploy::CityReading city{source, set, bad, {}, {}, {}, {}, {}, {}};
  deploy::read_district(city);
  deploy::read_places(city);
  deploy::read_cells(city);
  deploy::read_calendars(city);
  deploy::read_bodies(city);
  deploy::read_catalogue(city);
  deploy::read_closing(city);
  deploy::read_cross_map(city);
  deploy::read_components(city);
  deploy::read_areas(city);
  deploy::read_duty(city);
  deploy::read_campaigns(city);
  deploy::read_routes(city);
  deploy::read_responsibilities(city);
  deploy::read_shifts(city);
  deploy::read_plans(city);
  deploy::read_managed(city);
  for (auto const& row : bad) demand(!row.file.empty() && !row.reason.empty() && row.line >= 0);
  if (!bad.empty()) return 0;
  demand(set.district.size() == 6);
  for (auto const& cell : set.cells) {
    demand(cell.shape.grid.size() == 15 && cell.area_m2 > 0 && !cell.shape.rings.empty());
    for (auto const& ring : cell.shape.rings) demand(ring.size() >= 4 && ring.front() == ring.back());
  }
  return 0;
}
