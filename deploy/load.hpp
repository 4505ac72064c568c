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

// Loads the demo district 370871, its accounts and tokens, and writes DATA/demo-accounts.json and
// DATA/demo-backdate.json (0600). A second call changes nothing that is there. Throws storage::Broken.
int load_demo(std::string const& url, std::string const& data_dir, Progress const& progress = {});

}  // namespace wangge::deploy
