// Going back: a backup becomes a new DATA folder. See backup.hpp.
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "deploy/backup.hpp"
#include "deploy/backup_files.hpp"
#include "deploy/errors.hpp"
#include "deploy/postgres_log.hpp"

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
  for (auto const& folder : from) {
    std::error_code error;
    for (auto const& entry : fs::directory_iterator(folder, error)) {
      auto const name = entry.path().filename().string();
      if (!entry.is_regular_file() || name.ends_with(".part") || fs::exists(to / name)) continue;
      fs::copy_file(entry.path(), to / name, error);
    }
  }
}

// "2026-11-24T10:30:00+08:00", also as PostgreSQL writes it, with a space and a short offset. An offset is wanted.
std::optional<Seconds> moment_of(std::string const& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, used = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2d%*[T ]%2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second, &used) != 6) return std::nullopt;
  std::size_t at = static_cast<std::size_t>(used);
  if (at < text.size() && text[at] == '.') at = std::min(text.find_first_not_of("0123456789", at + 1), text.size());
  auto const zone = text.substr(at);
  int hours = 0, minutes = 0;
  char sign = '+';
  if (zone != "Z" && std::sscanf(zone.c_str(), "%c%2d:%2d", &sign, &hours, &minutes) < 2) return std::nullopt;
  if (sign != '+' && sign != '-') return std::nullopt;
  std::chrono::year_month_day const date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)), std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  auto const offset = std::chrono::minutes(hours * 60 + minutes) * (sign == '-' ? -1 : 1);
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) + std::chrono::seconds(second) - offset;
}

void refuse_moments_before(Manifest const& manifest, std::string const& until) {
  if (until.empty()) return;
  auto const moment = moment_of(until);
  if (!moment) throw UsageError("--until wants a moment with its offset, like 2026-11-24T10:30:00+08:00, not '" + until + "'");
  if (moment->time_since_epoch().count() < manifest.database_at)
    throw UsageError("this backup's database was copied after " + until + "; take an older backup");
}

// Always by archive recovery, which begins a new timeline: by that the dispatcher knows that numbers and epochs may have
// been given out that are now forgotten, and leaps over them.
std::string recovery_settings(fs::path const& log, std::string const& until) {
  std::string text = "hot_standby = off\n";  // "ready" then means promoted, not merely readable
  text += "restore_command = " + quoted_setting("cp " + word_of_command(log.string()) + "/%f %p") + "\nrecovery_target_action = 'promote'\n";
  if (!until.empty()) text += "recovery_target_time = " + quoted_setting(until) + "\n";
  return text;
}

// To the moment, or, when the log ends before it, to the end of the log: then nothing was committed in between.
void replay_log(EmbeddedPostgres& postgres, fs::path const& log, std::string const& until, Notice const& notice) {
  postgres.write_configuration(recovery_settings(log, until));
  try {
    postgres.recover();
  } catch (EnvironmentError const& error) {
    constexpr auto kEndedBefore = "recovery ended before configured recovery target";
    if (until.empty() || std::string_view(error.what()).find(kEndedBefore) == std::string_view::npos) throw;
    auto const last = last_message(postgres.log(), "last completed transaction was at log time");
    notice("the log that was found ends before " + until + (last.empty() ? "" : " (" + last + ")") + "; everything in it is restored");
    postgres.write_configuration(recovery_settings(log, ""));
    postgres.recover();
  }
}

void restore_database(RestoreOptions const& options, Manifest const& manifest, EmbeddedPostgres& postgres, User const& user, Notice const& notice) {
  postgres.prepare_root();
  fs::copy(options.backup / "database", postgres.cluster(), fs::copy_options::recursive);
  fs::permissions(postgres.cluster(), fs::perms::owner_all);
  auto const log = postgres.root() / "restore-wal";
  fs::create_directories(log);
  if (!options.until.empty())
    gather_log(log, options.wal.empty() ? std::vector<fs::path>{manifest.wal_archive, manifest.wal_live} : options.wal);
  write_file(postgres.cluster() / "recovery.signal", "");
  give_to(postgres.cluster(), user);
  give_to(log, user);
  replay_log(postgres, log, options.until, notice);  // recovered, promoted, answering
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
  refuse_moments_before(manifest, options.until);

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
  restore_database(options, manifest, postgres, database_user(), notice);

  notice("restoring spools, pictures and keys");
  // A spool outside DATA that is still there is newer than the copy and resends by itself.
  if (!has_files(layout.spool)) copy_tree(options.backup / "spool", layout.spool);
  if (!has_files(layout.media)) copy_tree(options.backup / "media", layout.media);
  copy_tree(options.backup / "keys", layout.keys);
  if (fs::exists(options.backup / "tls")) copy_tree(options.backup / "tls", layout.tls);
  write_file(layout.data / "restored-from", options.backup.string() + "\n" + std::to_string(manifest.finished_at) + "\n" + options.until + "\n" + manifest.data + "\n");
  sync_folder(layout.data);
  fs::remove(layout.data / kUnfinished);
  sync_folder(layout.data);
}

}  // namespace wangge::deploy
