// Where the embedded cluster and its archive lie: DATA when the database's user can get there, else a state folder. See
// embedded_postgres.hpp.
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "deploy/embedded_postgres.hpp"
#include "deploy/errors.hpp"

namespace wangge::deploy {
namespace fs = std::filesystem;
namespace {

constexpr auto kStateFolder = "/var/lib/wangge";

// Can this user get into the folder? Asked of the kernel as that user, so that ACLs and mounts count too.
bool reaches(User const& user, fs::path const& folder) {
  if (user.uid == geteuid()) return true;
  Command test;
  test.argv = {"/usr/bin/test", "-x", folder.string()};
  test.as = user;
  return run(test).ok();
}

// Copies a finished segment into the archive so that a crash leaves either nothing or the whole of it. Zeros at the
// end of a segment that was closed early take no room.
constexpr auto kArchiveScript = R"sh(#!/bin/sh
# Called by PostgreSQL: archive.sh FOLDER PATH NAME. See deploy/runbook.md, "Going back to a moment".
target="$1/$3"
if [ -f "$target" ]; then cmp -s "$2" "$target"; exit $?; fi
cp --sparse=always "$2" "$target.part" && sync "$target.part" && mv "$target.part" "$target" && sync "$1"
)sh";

std::string first_line(fs::path const& file) {
  auto const text = read_file(file);
  return text.substr(0, text.find('\n'));
}

void make_owned(fs::path const& folder, User const& user) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw EnvironmentError("cannot make " + folder.string() + ": " + error.message());
  own(folder, user);
  fs::permissions(folder, fs::perms::owner_all, error);
}

std::string chance_name() {
  std::array<unsigned char, 4> chance{};
  randombytes_buf(chance.data(), chance.size());
  return sha256_hex(std::string(chance.begin(), chance.end())).substr(0, 8);
}

}  // namespace

void own(fs::path const& path, User const& user) {
  if (geteuid() == 0 && user.uid != 0 && lchown(path.c_str(), user.uid, user.gid) != 0)
    throw EnvironmentError("cannot give " + path.string() + " to " + user.name + ": " + strerror(errno));
}

void make_passable(fs::path const& folder) {
  std::error_code error;
  bool const made = fs::create_directories(folder, error);
  if (error) throw EnvironmentError("cannot make " + folder.string() + ": " + error.message());
  constexpr auto kOthers = fs::perms::others_exec;
  if (made || (fs::status(folder).permissions() & kOthers) == fs::perms::none)
    fs::permissions(folder, fs::perms(0755), error);
}

fs::path postgres_programs(fs::path const& cluster) {
  fs::path const base = "/usr/lib/postgresql";
  auto wanted = cluster.empty() ? std::string{} : read_file(cluster / "PG_VERSION");
  while (!wanted.empty() && wanted.back() == '\n') wanted.pop_back();
  int best = 0;
  std::error_code ignored;
  for (auto const& entry : fs::directory_iterator(base, ignored)) {
    auto const name = entry.path().filename().string();
    if (!fs::exists(entry.path() / "bin" / "postgres", ignored)) continue;
    if (!wanted.empty() && name != wanted) continue;
    best = std::max(best, std::atoi(name.c_str()));
  }
  if (best == 0)
    throw EnvironmentError("PostgreSQL " + (wanted.empty() ? "" : wanted + " ") +
                           "is not installed: apt-get install postgresql-15 postgresql-15-postgis-3");
  return base / std::to_string(best) / "bin";
}

User database_user() {
  if (geteuid() != 0) return current_user();
  if (auto const user = find_user("postgres")) return *user;
  throw EnvironmentError(
      "PostgreSQL refuses to run as root and there is no user 'postgres': apt-get install postgresql-15");
}

// DATA/postgres itself when the database's user can get there, else a state folder of its own behind a link.
void EmbeddedPostgres::place_root() {
  std::error_code ignored;
  if (fs::exists(layout_.postgres, ignored)) return;
  if (fs::is_symlink(layout_.postgres, ignored))
    throw EnvironmentError(
        layout_.postgres.string() + " points to " + root_.string() +
        ", which is gone. If its cases are given up for lost, remove the link and start again; else restore a backup");
  if (reaches(user_, layout_.data)) {
    make_owned(layout_.postgres, user_);
    return;
  }
  root_ = fs::path(kStateFolder) / (sha256_hex(layout_.data.string()).substr(0, 8) + "-" + chance_name());
  make_passable(kStateFolder);
  make_owned(root_, user_);
  write_file(root_ / "belongs-to", layout_.data.string() + "\n", 0644);
  fs::create_directory_symlink(root_, layout_.postgres);
  notice_("the user '" + user_.name + "' cannot reach " + layout_.data.string() + "; the database lies in " +
          root_.string());
}

fs::path EmbeddedPostgres::archive() const {
  auto const noted = first_line(root_ / "archive-place");
  return noted.empty() ? root_ / "archive" : fs::path(noted);
}

// Each cluster has a folder of its own there: two that were restored from one backup give their logs the same names.
void EmbeddedPostgres::place_archive() {
  if (first_line(root_ / "archive-name").empty())
    write_file(root_ / "archive-name", "wal-" + chance_name() + "\n", 0644);
  auto const before = first_line(root_ / "archive-place");
  auto const wanted = layout_.archive / first_line(root_ / "archive-name");
  auto place = wanted;
  std::string why;
  try {
    make_passable(layout_.archive);
    make_owned(wanted, user_);
    if (!reaches(user_, wanted)) why = "the user '" + user_.name + "' cannot reach " + layout_.archive.string();
  } catch (std::exception const& error) {
    why = error.what();
  }
  // A disk that is away only now is waited for: the database keeps its log until then.
  if (!why.empty() && before != wanted.string()) {
    std::error_code ignored;
    fs::remove(wanted, ignored);
    place = root_ / "archive";
    make_owned(place, user_);
  }
  if (!why.empty() && (before == wanted.string() || before != place.string()))
    notice_(why + "; the database's log is archived in " + place.string());
  if (before != place.string()) write_file(root_ / "archive-place", place.string() + "\n", 0644);
}

void EmbeddedPostgres::prepare_root() {
  place_root();
  // 0700 folders may belong to another user after a copy as root: put right what we made ourselves.
  make_owned(root_, user_);
  make_owned(root_ / "log", user_);
  if (archive_) place_archive();
  socket_ = short_folder(root_ / "socket", std::string(".s.PGSQL.5432.lock").size());
  make_owned(socket_, user_);
  write_file(root_ / "archive.sh", kArchiveScript, 0755);
}

void EmbeddedPostgres::prepare() {
  prepare_root();
  std::error_code ignored;
  if (!fs::exists(cluster() / "PG_VERSION", ignored)) make_cluster();
  write_configuration();
}

// Made under another name and renamed when whole: a half-finished initdb is never taken for a cluster.
void EmbeddedPostgres::make_cluster() {
  auto const half = root_ / "cluster.new";
  fs::remove_all(half);
  notice_("making the database in " + root_.string());
  Command init;
  init.argv = {(postgres_programs() / "initdb").string(),
               "--pgdata",
               half.string(),
               "--username",
               "postgres",
               "--auth",
               "trust",
               "--encoding",
               "UTF8",
               "--locale",
               "C.UTF-8",
               "--lc-collate",
               "C",  // bytes compared as bytes: the same order, and keys are compared all day
               "--data-checksums"};
  init.as = user_;
  auto const done = deploy::run(init);
  if (!done.ok()) throw EnvironmentError("initdb failed: " + done.err);
  fs::rename(half, cluster());
  sync_folder(root_);
}

}  // namespace wangge::deploy
