// Copying for backup and restore: plain files, live SQLite files, hard links where that is as good; and the manifest.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace wangge::deploy {

struct FileFact {
  std::uint64_t size = 0;
  std::string sha256;
};

struct Manifest {
  std::int64_t started_at = 0, finished_at = 0;  // seconds since 1970
  std::int64_t database_at = 0;                  // when the copy of the database was whole
  std::string data, wal_archive, wal_live, version;
  std::map<std::string, FileFact> files;  // path inside the backup; of database/ only its own manifest
  std::uint64_t bytes = 0;                // of everything
};
void write_manifest(std::filesystem::path const& folder, Manifest const& manifest);
Manifest read_manifest(std::filesystem::path const& folder);  // throws DamageError

// A folder of files that may change or vanish meanwhile; SQLite files through SQLite's own online backup. Missing: nothing.
void copy_tree(std::filesystem::path const& from, std::filesystem::path const& to);
// Content-addressed files never change: a link to `previous`' or to the source itself is as good as a copy.
void link_tree(std::filesystem::path const& from, std::filesystem::path const& to, std::filesystem::path const& previous);
bool is_sqlite(std::filesystem::path const& file);  // one to trust: never *.damaged-N
void copy_sqlite(std::filesystem::path const& from, std::filesystem::path const& to);
std::string sqlite_problem(std::filesystem::path const& file);  // "" = sound

}  // namespace wangge::deploy
