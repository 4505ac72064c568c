// Going back: a backup becomes a new DATA folder. See backup.hpp.
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "deploy/backup.hpp"
#include "deploy/backup_files.hpp"
#include "deploy/errors.hpp"

namespace wangge::deploy {
namespace fs = std::filesystem;
namespace {

constexpr auto kUnfinished = "restore.incomplete";  // `up` refuses a folder that still has it

void give_to(fs::path const& folder, User const& user) {
  if (geteuid() != 0) return;
  auto const give = [&](fs::path const& path) {
    if (lchown(path.c_str(), user.uid, user.gid) != 0)
      throw EnvironmentError("cannot give " + path.string() + " to " + user.name + ": " + strerror(errno));
  };
  give(folder);
  for (auto const& entry : fs::recursive_directory_iterator(folder)) give(entry.path());
}

// Whatever log is still to be found: the archive, then the segments the old cluster had not archived yet.
void gather_log(fs::path const& to, std::vector<fs::path> const& from) {
  fs::create_directories(to);
  for (auto const& folder : from) {
    std::error_code error;
    for (auto const& entry : fs::directory_iterator(folder, error)) {
      auto const name = entry.path().filename().string();
      if (!entry.is_regular_file() || name.ends_with(".part") || fs::exists(to / name)) continue;
      fs::copy_file(entry.path(), to / name, error);
    }
  }
}

std::string quoted(std::string const& text) {
  std::string out = "'";
  for (char const c : text) {
    if (c == '\'') out += '\'';
    out += c;
  }
  return out + "'";
}

void restore_database(RestoreOptions const& options, Manifest const& manifest, EmbeddedPostgres& postgres, User const& user) {
  postgres.prepare_root();
  fs::copy(options.backup / "database", postgres.cluster(), fs::copy_options::recursive);
  fs::permissions(postgres.cluster(), fs::perms::owner_all);
  auto const log = postgres.root() / "restore-wal";
  if (!options.until.empty())
    gather_log(log, options.wal.empty() ? std::vector<fs::path>{manifest.wal_archive, manifest.wal_live} : std::vector{options.wal});
  else
    fs::create_directories(log);
  // Always by archive recovery, which begins a new timeline: by that the dispatcher knows that numbers and epochs
  // may have been given out that are now forgotten, and leaps over them.
  write_file(postgres.cluster() / "recovery.signal", "");
  std::string extra = "hot_standby = off\n";  // "ready" then means promoted, not merely readable
  extra += "restore_command = " + quoted("cp " + log.string() + "/%f %p") + "\nrecovery_target_action = 'promote'\n";
  if (!options.until.empty()) extra += "recovery_target_time = " + quoted(options.until) + "\n";
  give_to(postgres.cluster(), user);
  give_to(log, user);
  postgres.write_configuration(extra);
  postgres.start();  // ready means: recovered, promoted, answering
  postgres.stop();
  if (fs::exists(postgres.cluster() / "recovery.signal")) throw Failure("the database did not finish its recovery");
  postgres.write_configuration();
  fs::remove_all(log);
}

bool has_files(fs::path const& folder) {
  std::error_code error;
  return fs::exists(folder, error) && !fs::is_empty(folder, error);
}

}  // namespace

void restore(RestoreOptions const& options, Notice const& notice) {
  std::error_code error;
  if (has_files(options.data)) throw UsageError(options.data.string() + " is not empty; a restore makes a new folder");
  notice("checking the backup");
  verify_backup(options.backup);
  auto const manifest = read_manifest(options.backup);

  auto const draft = layout_of(options.data, Settings{});
  fs::create_directories(draft.data);
  write_file(draft.data / kUnfinished, options.backup.string() + "\n");
  fs::copy(options.backup / "settings", draft.data, error);
  auto const settings = load_settings(draft.settings, environment(), {});
  auto const layout = layout_of(options.data, settings);
  make_folders(layout);
  DataLock const lock(layout, "wangge restore");

  notice(options.until.empty() ? "restoring the database" : "restoring the database as of " + options.until);
  EmbeddedPostgres postgres(layout, settings.backup.archive, notice);
  restore_database(options, manifest, postgres, database_user());

  notice("restoring spools, pictures and keys");
  // A spool outside DATA that is still there is newer than the copy and resends by itself.
  if (!has_files(layout.spool)) copy_tree(options.backup / "spool", layout.spool);
  if (!has_files(layout.media)) copy_tree(options.backup / "media", layout.media);
  copy_tree(options.backup / "keys", layout.keys);
  if (fs::exists(options.backup / "tls")) copy_tree(options.backup / "tls", layout.tls);
  write_file(layout.data / "restored-from", options.backup.string() + "\n" + std::to_string(manifest.finished_at) + "\n" + options.until + "\n");
  sync_folder(layout.data);
  fs::remove(layout.data / kUnfinished);
  sync_folder(layout.data);
}

}  // namespace wangge::deploy
