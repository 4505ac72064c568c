// `wangge backup` and `wangge restore`: everything a city needs to begin again elsewhere, in one folder.
//   database/   base backup with the log written meanwhile (pg_basebackup), checked by pg_verifybackup
//   spool/      accepted reports, copied after the database: together they hold every report acknowledged before
//   media/ keys/ tls/ settings/
//   manifest.json   every file with size and SHA-256, when, from where
// A folder that carries a manifest is whole and was checked; it is written under another name until then.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "deploy/database.hpp"
#include "deploy/nightly.hpp"

namespace wangge::deploy {

using Notice = EmbeddedPostgres::Notice;

struct BackupSource {
  Settings const& settings;
  Layout const& layout;
  std::string admin_url;
  std::filesystem::path wal_archive, wal_live;  // "" when the database is not ours
};

// `target` must not exist or be empty. `previous`: an older backup whose unchanged media are linked, not copied.
LastBackup make_backup(BackupSource const& source, std::filesystem::path const& target, std::filesystem::path const& previous,
                       Notice const& notice);
// Into layout.backup/YYYYMMDDTHHMMSS; keeps the newest `settings.backup.keep`, and the log archive back to the oldest of them.
LastBackup nightly_backup(BackupSource const& source, Notice const& notice);

// Every file against the manifest, the database against its own, spools by SQLite's check. Throws DamageError naming what is wrong.
void verify_backup(std::filesystem::path const& folder);

struct RestoreOptions {
  std::filesystem::path backup, data;  // data: the new folder, empty or not there
  std::string until;                   // "" = the end of the backup; else RFC 3339 or what PostgreSQL reads
  std::vector<std::filesystem::path> wal = {};  // archived log for `until`; none = where the backup says it was
};
void restore(RestoreOptions const& options, Notice const& notice);

}  // namespace wangge::deploy
