// Reads a city's files in the order in which they lean on each other, tells everything that is wrong, and writes only
// when nothing is.
#include "deploy/load.hpp"

#include <filesystem>
#include <fstream>
#include <ostream>
#include <sstream>

#include "deploy/city/readers.hpp"

namespace wangge::deploy {
namespace {

FileSource folder(std::string const& dir) {
  return [dir](std::string const& name, std::string& text) {
    std::ifstream file(std::filesystem::path(dir) / name, std::ios::binary);
    if (!file) return false;
    std::ostringstream all;
    all << file.rdbuf();
    text = all.str();
    return true;
  };
}

void tell(std::ostream& err, std::vector<BadRow> const& bad) {
  for (auto const& row : bad) {
    err << row.file;
    if (row.line > 0) err << ':' << row.line;
    if (!row.column.empty()) err << ": " << row.column;
    err << ": " << row.reason << '\n';
  }
  err << bad.size() << " faults; nothing was loaded\n";
}

}  // namespace

ReadCity read_city_files(FileSource const& source, MakePlaces const& make_places) {
  ReadCity result;
  CityReading city{source, result.set, result.bad, {}, {}, {}, {}, {}, {}};
  read_district(city);
  read_places(city);
  if (make_places) {
    make_places(result.set);
    for (auto const& cell : result.set.cells) city.grids.insert(cell.shape.grid);
  } else {
    read_cells(city);
  }
  read_calendars(city);
  read_bodies(city);
  read_catalogue(city);
  if (!make_places) read_components(city);
  read_routes(city);
  return result;
}

int load_city(std::string const& url, LoadOptions const& options, std::ostream& out, std::ostream& err,
              Progress const& progress) {
  auto const read = read_city_files(folder(options.dir));
  if (!read.ok()) {
    tell(err, read.bad);
    return 1;
  }
  auto const& set = read.set;
  auto const what = "district " + set.district + ": " + std::to_string(set.cells.size()) + " cells, " +
                    std::to_string(set.catalogue.size()) + " categories, " + std::to_string(set.routes.size()) +
                    " routes, " + std::to_string(set.squads.size()) + " squads, " +
                    std::to_string(set.components.size()) + " components";
  if (options.dry_run) {
    out << what << "; no fault found, nothing written (dry run)\n";
    return 0;
  }
  try {
    auto const version = storage::standing::write(url, set, "", progress);
    out << what << "; loaded as version " << version << '\n';
    return 0;
  } catch (storage::Broken const& broken) {
    err << "the database refused the load, nothing was changed: " << broken.what() << '\n';
    return 2;
  }
}

}  // namespace wangge::deploy
