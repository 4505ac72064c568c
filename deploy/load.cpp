// Reads a city's files in the order in which they lean on each other, tells everything that is wrong, and writes only
// when nothing is.
#include "deploy/load.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <sstream>

#include "deploy/city/differences.hpp"
#include "deploy/city/readers.hpp"
#include "deploy/city/xlsx.hpp"
#include "dispatcher/core/rule_check.hpp"

namespace wangge::deploy {
namespace {

namespace standing = storage::standing;

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

// What a load changes, a line a row: "+ key", "- key", "~ key: field before -> after".
void tell(std::ostream& out, std::vector<standing::PartChange> const& changes) {
  if (changes.empty()) out << "nothing changes\n";
  for (auto const& change : changes) {
    out << change.part << ": " << change.added << " added, " << change.changed << " changed, " << change.removed << " removed\n";
    for (auto const& row : change.rows) {
      if (row.change != "changed") {
        out << (row.change == "added" ? "  + " : "  - ") << row.key << '\n';
        continue;
      }
      for (auto const& line : field_changes(row.was, row.is)) out << "  ~ " << row.key << line << '\n';
    }
    auto const all = static_cast<std::size_t>(change.added + change.changed + change.removed);
    if (all > change.rows.size()) out << "  … and " << all - change.rows.size() << " more\n";
  }
}

void tell(std::ostream& err, standing::BadGrids const& bad) {
  for (auto const& f : bad.faults) {
    err << "cells.geojson: grid " << f.grid << ": ";
    if (f.fault == "self_crossing") err << "crosses itself: " << f.detail;
    else if (f.fault == "overlap") err << "lies over " << f.other << " by " << f.detail << " m2";
    else if (f.fault == "gap") err << "a hole of " << f.detail << " m2 lies beside it (--allow-gaps when it is meant)";
    else err << "the id was retired on " << f.detail << " and is never used again";
    err << '\n';
  }
  err << bad.faults.size() << " faults; nothing was loaded\n";
}

core::LocalDay today(std::int32_t utc_offset_minutes) {
  return std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now() + std::chrono::minutes(utc_offset_minutes));
}

std::vector<core::Finding> findings_of(standing::StandingSet const& set) {
  auto const city = set.city();
  std::vector<std::string> streets;
  for (auto const& street : set.streets) streets.push_back(street.code);
  auto found = core::check_rules(city, today(set.utc_offset_minutes));
  auto of_list = core::check_list(city, today(set.utc_offset_minutes), streets);
  found.insert(found.end(), of_list.begin(), of_list.end());
  return found;
}

void tell(std::ostream& out, std::vector<core::Finding> const& findings) {
  constexpr std::size_t kShown = 50;
  for (std::size_t i = 0; i < std::min(findings.size(), kShown); ++i) out << "note: " << findings[i].kind << ": " << findings[i].en << '\n';
  if (findings.size() > kShown) out << "note: … and " << findings.size() - kShown << " more\n";
}

bool ends_with(std::string const& file, std::string_view ending) {
  return file.size() > ending.size() && file.compare(file.size() - ending.size(), ending.size(), ending) == 0;
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
  read_closing(city);
  read_cross_map(city);
  if (!make_places) read_components(city);
  read_areas(city);
  read_duty(city);
  read_campaigns(city);
  read_routes(city);
  read_responsibilities(city);
  read_shifts(city);
  read_plans(city);
  read_managed(city);
  read_schemes(city);
  read_tariffs(city);
  return result;
}

ReadCity read_part_files(std::string const& part, FileSource const& source, standing::StandingSet base) {
  ReadCity result;
  result.set = std::move(base);
  CityReading city{source, result.set, result.bad, {}, {}, {}, {}, {}, {}};
  city.know();
  find_part(part)->read(city);
  return result;
}

FileSource part_source(std::string const& part, std::vector<std::string> const& files, std::vector<BadRow>& bad) {
  auto const& tables = find_part(part)->files;
  auto const texts = std::make_shared<std::map<std::string, std::string>>();
  auto const table_of = [&](std::string const& stem) -> std::string {
    for (auto const table : tables) {
      if (table.substr(0, table.find('.')) == stem) return std::string(table);
    }
    return "";
  };
  auto const only_table = tables.size() == 1 ? std::string(tables.front()) : "";
  std::string names;
  for (auto const table : tables) names += (names.empty() ? "" : ", ") + std::string(table);
  for (auto const& file : files) {
    std::filesystem::path const path(file);
    std::string text;
    if (!folder(path.parent_path().empty() ? "." : path.parent_path().string())(path.filename().string(), text)) {
      bad.push_back({file, 0, "", "there is no such file"});
      continue;
    }
    if (ends_with(file, ".xlsx")) {
      try {
        auto sheets = read_xlsx(text);
        bool const only = sheets.size() == 1;
        for (auto& [sheet, csv] : sheets) {
          auto table = table_of(sheet);
          if (table.empty() && only) table = only_table.empty() ? table_of(path.stem().string()) : only_table;
          if (!table.empty()) (*texts)[table] = std::move(csv);
        }
      } catch (XlsxBroken const& broken) {
        bad.push_back({file, 0, "", broken.what()});
      }
      continue;
    }
    auto const named = table_of(path.stem().string());
    auto const& table = named.empty() ? only_table : named;
    if (table.empty()) bad.push_back({file, 0, "", "is none of " + names});
    else (*texts)[table] = std::move(text);
  }
  if (texts->empty() && bad.empty()) bad.push_back({files.empty() ? part : files.front(), 0, "", "holds none of " + names});
  return [texts](std::string const& name, std::string& text) {
    auto const found = texts->find(name);
    if (found == texts->end()) return false;
    text = found->second;
    return true;
  };
}

int load_part(std::string const& url, PartOptions const& options, std::ostream& out, std::ostream& err) {
  try {
    auto district = options.district;
    auto const districts = standing::districts_of(url);
    if (district.empty() && districts.size() == 1) district = districts.front();
    if (std::find(districts.begin(), districts.end(), district) == districts.end()) {
      err << (district.empty() ? "name the district with --district" : "district " + district + " is not loaded") << '\n';
      return 1;
    }
    std::vector<BadRow> bad;
    auto const source = part_source(options.part, options.files, bad);
    if (!bad.empty()) return tell(err, bad), 1;
    auto const read = read_part_files(options.part, source, standing::load_set(url, district));
    if (!read.ok()) return tell(err, read.bad), 1;
    bool const routing = options.part == "rules" || options.part == "responsibility" || options.part == "catalogue";
    auto const findings = routing ? findings_of(read.set) : std::vector<core::Finding>{};
    tell(out, findings);
    bool const refused = options.part == "rules" && !options.allow_findings &&
                         std::any_of(findings.begin(), findings.end(), [](core::Finding const& f) {
                           return f.kind == "never" || f.kind == "shadowed" || f.kind == "disputed";
                         });
    if (refused && !options.dry_run) {
      err << "these rules never answer, stand in a shadow or dispute; nothing was loaded (--allow-findings loads them all the same)\n";
      return 1;
    }
    standing::WriteOptions write;
    write.parts = {options.part};
    write.by = options.by, write.note = options.note;
    write.dry_run = options.dry_run;
    write.check_grids = true, write.allow_gaps = options.allow_gaps;
    auto const written = standing::write(url, read.set, write);
    tell(out, written.changes);
    if (options.dry_run) out << "nothing written (dry run)\n";
    else out << options.part << " of district " << district << " is loaded as version " << written.version << '\n';
    return refused ? 1 : 0;
  } catch (standing::BadGrids const& grids) {
    tell(err, grids);
    return 1;
  } catch (standing::SealedPart const& sealed) {
    err << sealed.what() << "\nnothing was loaded\n";
    return 1;
  } catch (storage::Broken const& broken) {
    err << "the database refused the load, nothing was changed: " << broken.what() << '\n';
    return 2;
  }
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
    standing::WriteOptions write;
    write.progress = progress;
    write.by = options.by, write.note = options.note;
    write.dry_run = options.compare;
    write.check_grids = true, write.allow_gaps = options.allow_gaps;
    bool const again = standing::version_of(url, set.district) > 0;
    auto const written = standing::write(url, set, write);
    tell(out, findings_of(set));
    if (again || options.compare) tell(out, written.changes);
    out << what << (options.compare ? "; nothing written" : "; loaded as version " + std::to_string(written.version)) << '\n';
    return 0;
  } catch (standing::BadGrids const& grids) {
    tell(err, grids);
    return 1;
  } catch (standing::SealedPart const& sealed) {
    err << sealed.what() << "\nnothing was loaded\n";
    return 1;
  } catch (storage::Broken const& broken) {
    err << "the database refused the load, nothing was changed: " << broken.what() << '\n';
    return 2;
  }
}

}  // namespace wangge::deploy
