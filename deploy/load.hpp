// `wangge load`: a city's standing data from files (deploy/demo/README.md describes them), or the demo district.
// Every row is checked before anything is written; every bad row is named; nothing is half-loaded.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include "storage/standing_set.hpp"

namespace wangge::deploy {

using Progress = storage::standing::Progress;

struct BadRow {
  std::string file;
  std::int64_t line = 0;  // of the file, the header is line 1; for GeoJSON the feature's number
  std::string column, reason;
};

struct LoadOptions {
  std::string dir;       // the folder with the files
  bool dry_run = false;  // check only, touch no database
  bool compare = false;  // tell what would change in the database, and change nothing
  bool allow_gaps = false;  // holes between the grids are meant (a lake)
  std::string by, note;  // kept with the versions
};
std::vector<std::string> loadable_parts();
std::optional<core::LocalDay> parse_day(std::string_view text);  // "2026-10-01"

// One part of a city that is loaded already: its new files, the rest as it stands.
struct PartOptions {
  std::string part;                // one of loadable_parts()
  std::vector<std::string> files;  // .csv, .geojson by their table's name; .xlsx with sheets so named; a single table of any name
  std::string district;            // "": the only one
  bool dry_run = false;            // tell what would change, and change nothing
  bool allow_gaps = false, allow_findings = false;  // rules that never answer or stand in a shadow are loaded all the same
  std::string by, note;
};

struct ReadCity {
  storage::standing::StandingSet set;
  std::vector<BadRow> bad;
  bool ok() const { return bad.empty(); }
};
// One source of files: a name gives the text, or nothing when there is no such file.
using FileSource = std::function<bool(std::string const& name, std::string& text)>;
// Makes cells and components where there are no files of them (the demo's synthetic grid).
using MakePlaces = std::function<void(storage::standing::StandingSet&)>;
ReadCity read_city_files(FileSource const& source, MakePlaces const& make_places = {});

// 0 loaded (or dry run clean), 1 bad rows (named on `err`), 2 the database refused or is away (exception text on
// `err`).
int load_city(std::string const& url, LoadOptions const& options, std::ostream& out, std::ostream& err,
              Progress const& progress = {});

// The same for a part: the diff is told, then it takes effect (not on a dry run). What the new rules leave unanswered or in a
// shadow is named; rules with such findings are refused unless allowed.
int load_part(std::string const& url, PartOptions const& options, std::ostream& out, std::ostream& err);
// The part's files checked against the city as it stands in `base`.
ReadCity read_part_files(std::string const& part, FileSource const& source, storage::standing::StandingSet base);
// Gives a part's tables out of files, and says what is wrong with a file (unknown name, no XLSX).
FileSource part_source(std::string const& part, std::vector<std::string> const& files, std::vector<BadRow>& bad);

// Loads the demo district 370871, its accounts and tokens, and writes DATA/demo-accounts.json and
// DATA/demo-backdate.json (0600). A second call changes nothing that is there. Throws storage::Broken.
int load_demo(std::string const& url, std::string const& data_dir, Progress const& progress = {});

}  // namespace wangge::deploy
