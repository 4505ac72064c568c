// Making and checking a backup. See backup.hpp; going back is restore.cpp.
#include "deploy/backup.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>

#include "deploy/backup_files.hpp"
#include "deploy/errors.hpp"

namespace wangge::deploy {
namespace fs = std::filesystem;
namespace {

Seconds clock_now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

void refuse_unless_empty(fs::path const& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !(fs::is_directory(folder, error) && fs::is_empty(folder, error)))
    throw UsageError(folder.string() + " is not empty; give a new folder");
}

void base_backup(BackupSource const& source, fs::path const& target) {
  Command command;
  command.argv = {(postgres_programs() / "pg_basebackup").string(), "--dbname", source.admin_url, "--pgdata", target.string(),
                  "--wal-method", "stream", "--checkpoint", "fast", "--manifest-checksums", "SHA256", "--no-password"};
  command.env = {{"LC_ALL", "C"}};
  auto const done = run(command);
  if (!done.ok()) throw EnvironmentError("pg_basebackup failed: " + done.err);
}

// Pictures carry their SHA-256 in their name: a damaged original is found here, and named.
std::string damaged_medium(fs::path const& file, std::string const& sha256) {
  auto const name = file.filename().string();
  constexpr std::string_view kPrefix = "sha256-";
  if (!name.starts_with(kPrefix) || name.size() != kPrefix.size() + 64) return "";
  return name.substr(kPrefix.size()) == sha256 ? "" : name;
}

struct Listing {
  Manifest manifest;
  std::vector<std::string> damaged_media;
};

// Hashes what was written. Media linked to an older backup keep the hash they were given there.
void list_files(fs::path const& folder, fs::path const& previous, Listing& out) {
  Manifest older;
  std::error_code error;
  if (!previous.empty() && fs::exists(previous / "manifest.json", error)) older = read_manifest(previous);
  for (auto const& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    auto const inside = fs::relative(entry.path(), folder).string();
    out.manifest.bytes += entry.file_size();
    if (inside.starts_with("database/") && inside != "database/backup_manifest") continue;
    auto const known = older.files.find(inside);
    bool const same = inside.starts_with("media/") && known != older.files.end() && fs::equivalent(entry.path(), previous / inside, error);
    FileFact const fact{entry.file_size(), same ? known->second.sha256 : sha256_of_file(entry.path())};
    if (inside.starts_with("media/"))
      if (auto const bad = damaged_medium(entry.path(), fact.sha256); !bad.empty()) out.damaged_media.push_back(bad);
    out.manifest.files[inside] = fact;
  }
}

void sync_file_system(fs::path const& folder) {
  int const fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || syncfs(fd) != 0) throw EnvironmentError("cannot flush " + folder.string() + " to the disk");
  close(fd);
}

void verify_database(fs::path const& database) {
  auto const version = read_file(database / "PG_VERSION");
  if (version.empty() || version.find_first_not_of("0123456789\n") != std::string::npos)
    throw DamageError((database / "PG_VERSION").string() + " is not what was written");
  Command command;
  command.argv = {(postgres_programs(database) / "pg_verifybackup").string(), "--quiet", database.string()};
  command.env = {{"LC_ALL", "C"}};
  auto const done = run(command);
  if (!done.ok()) throw DamageError("pg_verifybackup: " + done.err);
}

void verify_spools(fs::path const& folder, Manifest const& manifest) {
  for (auto const& [path, fact] : manifest.files) {
    if (!path.starts_with("spool/") || !is_sqlite(folder / path)) continue;
    if (auto const problem = sqlite_problem(folder / path); !problem.empty()) throw DamageError(path + ": " + problem);
  }
}

std::string stamp(Seconds at) {
  std::time_t const t = at.time_since_epoch().count();
  std::tm local{};
  localtime_r(&t, &local);
  char text[32];
  std::strftime(text, sizeof text, "%Y%m%dT%H%M%S", &local);
  return text;
}

std::vector<fs::path> nightly_folders(fs::path const& base) {
  std::vector<fs::path> found;
  std::error_code error;
  for (auto const& entry : fs::directory_iterator(base, error)) {
    auto const name = entry.path().filename().string();
    if (entry.is_directory() && name.size() == 15 && name[8] == 'T' && fs::exists(entry.path() / "manifest.json")) found.push_back(entry.path());
  }
  std::ranges::sort(found);
  return found;
}

// The archive is needed back to the first segment of the oldest backup that is kept.
void clean_archive(fs::path const& archive, fs::path const& oldest) {
  if (archive.empty()) return;
  auto const label = read_file(oldest / "database" / "backup_label");
  auto const file = label.find("(file ");
  if (file == std::string::npos) return;
  auto const segment = label.substr(file + 6, 24);
  Command command;
  command.argv = {(postgres_programs() / "pg_archivecleanup").string(), archive.string(), segment};
  run(command);
}

}  // namespace

LastBackup make_backup(BackupSource const& source, fs::path const& target, fs::path const& previous, Notice const& notice) {
  refuse_unless_empty(target);
  auto const partial = fs::path(target.string() + ".partial");
  fs::remove_all(partial);
  fs::create_directories(partial);
  fs::permissions(partial, fs::perms::owner_all);
  Listing listing;
  auto& manifest = listing.manifest;
  auto const started = clock_now();
  manifest.started_at = started.time_since_epoch().count();
  auto const& layout = source.layout;
  notice("copying the database");
  base_backup(source, partial / "database");
  manifest.database_at = clock_now().time_since_epoch().count();
  // After the database: a report acknowledged before is in one of the two, most are in both.
  notice("copying spools, pictures, keys and settings");
  copy_tree(layout.spool, partial / "spool");
  link_tree(layout.media, partial / "media", previous.empty() ? fs::path{} : previous / "media");
  copy_tree(layout.keys, partial / "keys");
  copy_tree(layout.tls, partial / "tls");
  fs::create_directories(partial / "settings");
  for (auto const& entry : fs::directory_iterator(layout.data))
    if (entry.is_regular_file()) fs::copy_file(entry.path(), partial / "settings" / entry.path().filename());
  notice("checking what was written");
  list_files(partial, previous, listing);
  verify_database(partial / "database");
  verify_spools(partial, manifest);
  manifest.data = layout.data.string();
  manifest.wal_archive = source.wal_archive.string();
  manifest.wal_live = source.wal_live.string();
  manifest.version = WANGGE_VERSION;
  auto const finished = clock_now();
  manifest.finished_at = finished.time_since_epoch().count();
  write_manifest(partial, manifest);
  sync_file_system(partial);
  fs::remove(target);  // an empty folder the caller made
  fs::rename(partial, target);
  sync_folder(target.parent_path());
  for (auto const& name : listing.damaged_media)
    notice("the picture " + name + " is damaged at its source; restore it from an older backup");
  LastBackup const done{started, finished, target.string(), manifest.bytes};
  note_backup(layout.backup, done);
  return done;
}

LastBackup nightly_backup(BackupSource const& source, Notice const& notice) {
  auto const& base = source.layout.backup;
  fs::create_directories(base);
  std::error_code error;
  for (auto const& entry : fs::directory_iterator(base))
    if (entry.path().extension() == ".partial") fs::remove_all(entry.path(), error);
  auto const before = nightly_folders(base);
  auto const done = make_backup(source, base / stamp(clock_now()), before.empty() ? fs::path{} : before.back(), notice);
  auto folders = nightly_folders(base);
  auto const keep = static_cast<std::size_t>(source.settings.backup.keep);
  for (; folders.size() > keep; folders.erase(folders.begin())) {
    fs::remove(folders.front() / "manifest.json", error);  // half a backup must not look like one
    fs::remove_all(folders.front(), error);
  }
  if (!folders.empty()) clean_archive(source.wal_archive, folders.front());
  return done;
}

void verify_backup(fs::path const& folder) {
  auto const manifest = read_manifest(folder);
  for (auto const& [path, fact] : manifest.files) {
    std::error_code error;
    auto const size = fs::file_size(folder / path, error);
    if (error) throw DamageError(path + " is missing from " + folder.string());
    if (size != fact.size || sha256_of_file(folder / path) != fact.sha256) throw DamageError(path + " in " + folder.string() + " is not what was written");
  }
  verify_database(folder / "database");
  verify_spools(folder, manifest);
}

}  // namespace wangge::deploy
