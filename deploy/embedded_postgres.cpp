// The cluster's life. What is hard here is the way back after kill -9: the lock file may be stale and the orphans of
// the old postmaster may still hold its shared memory. See embedded_postgres.hpp.
#include "deploy/embedded_postgres.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <thread>

#include "deploy/errors.hpp"

namespace wangge::deploy {
namespace fs = std::filesystem;
using namespace std::chrono_literals;
namespace {

constexpr int kPort = 5432;  // only names the socket file; nothing listens on TCP
constexpr auto kStateFolder = "/var/lib/wangge";

void own(fs::path const& path, User const& user) {
  if (geteuid() == 0 && user.uid != 0 && lchown(path.c_str(), user.uid, user.gid) != 0)
    throw EnvironmentError("cannot give " + path.string() + " to " + user.name + ": " + strerror(errno));
}

void make_owned(fs::path const& folder, User const& user) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw EnvironmentError("cannot make " + folder.string() + ": " + error.message());
  own(folder, user);
  fs::permissions(folder, fs::perms::owner_all, error);
}

// Can this user get into the folder? Asked of the kernel as that user, so that ACLs and mounts count too.
bool reaches(User const& user, fs::path const& folder) {
  if (user.uid == geteuid()) return true;
  Command test;
  test.argv = {"/usr/bin/test", "-x", folder.string()};
  test.as = user;
  return run(test).ok();
}

std::string tail(fs::path const& file, std::size_t bytes) {
  auto const text = read_file(file);
  auto const from = text.size() > bytes ? text.find('\n', text.size() - bytes) : 0;
  return from == std::string::npos ? text : text.substr(from);
}

// Why it did not start: what it said before its log was open, and the grave lines of its newest log.
std::string last_words(fs::path const& early, fs::path const& log_folder) {
  std::string words;
  std::error_code ignored;
  fs::path newest;
  for (auto const& entry : fs::directory_iterator(log_folder, ignored))
    if (entry.path().extension() == ".json" && (newest.empty() || entry.last_write_time() > fs::last_write_time(newest))) newest = entry.path();
  std::istringstream lines(tail(newest, 20000));
  std::string last;
  for (std::string line; std::getline(lines, line);) {
    boost::system::error_code error;
    auto const value = boost::json::parse(line, error);
    if (error || !value.is_object()) continue;
    auto const field = [&](char const* name) -> std::string {
      auto const* v = value.as_object().if_contains(name);
      return v && v->is_string() ? std::string(v->as_string()) : std::string{};
    };
    auto const severity = field("error_severity");
    if (severity == "FATAL" || severity == "PANIC") last = severity + ": " + field("message") + " " + field("detail");
  }
  std::istringstream first(tail(early, 2000));
  for (std::string line; std::getline(first, line);)
    if (line.find("FATAL") != std::string::npos || line.find("PANIC") != std::string::npos || line.find("ERROR") != std::string::npos) words = line;
  return words + (words.empty() || last.empty() ? "" : "\n") + last;
}

std::string quoted(std::string const& text) {  // a value of postgresql.conf
  std::string out = "'";
  for (char c : text) out += c == '\'' ? std::string("''") : std::string(1, c);
  return out + "'";
}

std::string megabytes(std::uint64_t bytes) { return std::to_string(bytes >> 20) + "MB"; }

// Copies a finished segment into the archive so that a crash leaves either nothing or the whole of it. Zeros at the
// end of a segment that was closed early take no room.
constexpr auto kArchiveScript = R"sh(#!/bin/sh
# Called by PostgreSQL: archive.sh PATH NAME. See deploy/runbook.md, "Going back to a moment".
target="$(dirname "$0")/archive/$2"
if [ -f "$target" ]; then cmp -s "$1" "$target"; exit $?; fi
cp --sparse=always "$1" "$target.part" && sync "$target.part" && mv "$target.part" "$target" && sync "$(dirname "$target")"
)sh";

}  // namespace

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
  throw EnvironmentError("PostgreSQL refuses to run as root and there is no user 'postgres': apt-get install postgresql-15");
}

std::uint64_t machine_memory() {
  auto memory = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  std::ifstream limit("/sys/fs/cgroup/memory.max");
  std::uint64_t bytes = 0;
  if (limit >> bytes) memory = std::min(memory, bytes);
  return memory;
}

EmbeddedPostgres::EmbeddedPostgres(Layout layout, bool archive, Notice notice)
    : layout_(std::move(layout)), archive_(archive), notice_(std::move(notice)), user_(database_user()) {
  std::error_code ignored;
  root_ = fs::is_symlink(layout_.postgres, ignored) ? fs::read_symlink(layout_.postgres) : layout_.postgres;
  socket_ = short_folder(root_ / "socket", std::string(".s.PGSQL.5432.lock").size());
}

std::string EmbeddedPostgres::url() const { return "postgresql://wangge@/wangge?host=" + socket_.string(); }
std::string EmbeddedPostgres::admin_url() const { return "postgresql://postgres@/wangge?host=" + socket_.string(); }

// DATA/postgres itself when the database's user can get there, else a state folder of its own behind a link.
void EmbeddedPostgres::place_root() {
  std::error_code ignored;
  if (fs::exists(layout_.postgres, ignored)) return;
  if (fs::is_symlink(layout_.postgres, ignored))
    throw EnvironmentError(layout_.postgres.string() + " points to " + root_.string() +
                           ", which is gone. If its cases are given up for lost, remove the link and start again; else restore a backup");
  if (reaches(user_, layout_.data)) {
    make_owned(layout_.postgres, user_);
    return;
  }
  std::array<unsigned char, 4> chance{};
  randombytes_buf(chance.data(), chance.size());
  auto const name = sha256_hex(layout_.data.string()).substr(0, 8) + "-" +
                    sha256_hex(std::string(chance.begin(), chance.end())).substr(0, 8);
  root_ = fs::path(kStateFolder) / name;
  fs::create_directories(kStateFolder, ignored);
  make_owned(root_, user_);
  write_file(root_ / "belongs-to", layout_.data.string() + "\n", 0644);
  fs::create_directory_symlink(root_, layout_.postgres);
  notice_("the user '" + user_.name + "' cannot reach " + layout_.data.string() + "; the database lies in " + root_.string());
}

void EmbeddedPostgres::prepare_root() {
  place_root();
  // 0700 folders may belong to another user after a copy as root: put right what we made ourselves.
  make_owned(root_, user_);
  make_owned(root_ / "archive", user_);
  make_owned(root_ / "log", user_);
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
  init.argv = {(postgres_programs() / "initdb").string(), "--pgdata", half.string(), "--username", "postgres", "--auth", "trust",
               "--encoding", "UTF8", "--locale", "C.UTF-8", "--data-checksums"};
  init.as = user_;
  auto const done = deploy::run(init);
  if (!done.ok()) throw EnvironmentError("initdb failed: " + done.err);
  fs::rename(half, cluster());
  sync_folder(root_);
}

void EmbeddedPostgres::write_configuration(std::string const& extra) {
  auto const memory = machine_memory();
  auto const mib = [](std::uint64_t n) { return n << 20; };
  std::string text = "# Written by wangge at every start; put changes into postgresql.auto.conf (ALTER SYSTEM).\n";
  text += "include 'postgresql.conf'\n";
  auto const set = [&](char const* name, std::string const& value) { text += std::string(name) + " = " + quoted(value) + "\n"; };
  set("listen_addresses", "");
  set("port", std::to_string(kPort));
  set("unix_socket_directories", socket_.string());
  set("unix_socket_permissions", "0700");
  set("max_connections", "120");
  set("shared_buffers", megabytes(std::clamp(memory / 6, mib(128), mib(8192))));
  set("effective_cache_size", megabytes(std::max(memory / 2, mib(256))));
  set("maintenance_work_mem", megabytes(std::clamp(memory / 32, mib(64), mib(1024))));
  set("work_mem", "16MB");
  set("huge_pages", "try");
  set("jit", "off");               // costs more than it gives on queries of a few milliseconds
  set("random_page_cost", "1.1");
  // Safety first: an acknowledged case is on the disk.
  set("fsync", "on");
  set("synchronous_commit", "on");
  set("full_page_writes", "on");
  set("wal_level", "replica");
  set("wal_compression", "lz4");
  set("wal_buffers", "16MB");
  set("max_wal_size", memory < mib(2048) ? "1GB" : "4GB");
  set("min_wal_size", "256MB");
  set("checkpoint_timeout", "10min");
  set("archive_mode", "on");       // cannot be changed without a restart; an empty command keeps segments
  set("archive_command", archive_ ? "/bin/sh " + (root_ / "archive.sh").string() + " %p %f" : "/bin/true");
  set("archive_timeout", "300");
  set("timezone", "UTC");
  set("log_timezone", "UTC");
  set("log_destination", "jsonlog");
  set("logging_collector", "on");
  set("log_directory", (root_ / "log").string());
  set("log_filename", "postgres-%a.log");  // one a weekday, seven are kept
  set("log_truncate_on_rotation", "on");
  set("log_rotation_age", "1d");
  set("log_rotation_size", "0");
  set("log_checkpoints", "off");
  set("log_autovacuum_min_duration", "10min");
  text += extra;
  write_file(cluster() / "wangge.conf", text, 0600);
  own(cluster() / "wangge.conf", user_);
}

std::vector<pid_t> EmbeddedPostgres::processes_of_cluster() const {
  std::vector<pid_t> found;
  std::error_code ignored;
  auto const home = fs::canonical(cluster(), ignored);
  for (auto const& entry : fs::directory_iterator("/proc", ignored)) {
    auto const pid = std::atoi(entry.path().filename().c_str());
    if (pid <= 1) continue;
    std::error_code gone;
    if (fs::read_symlink(entry.path() / "cwd", gone) != home || gone) continue;
    if (fs::read_symlink(entry.path() / "exe", gone).filename() == "postgres") found.push_back(pid);
  }
  return found;
}

std::optional<pid_t> EmbeddedPostgres::running() const {
  auto const pid = read_pid(cluster() / "postmaster.pid");
  if (!pid || !alive(*pid)) return std::nullopt;
  // After a reboot the number may belong to somebody else: only a postgres that lives in this folder counts.
  auto const ours = processes_of_cluster();
  return std::ranges::find(ours, *pid) == ours.end() ? std::nullopt : pid;
}

void EmbeddedPostgres::clear_leftovers(std::chrono::seconds since_first_try) {
  std::error_code ignored;
  if (!fs::exists(cluster() / "postmaster.pid", ignored) || running()) return;
  // The postmaster is dead. Its children notice within moments; one that hangs keeps the shared memory, and a new
  // postmaster rightly refuses to start beside it.
  auto const orphans = processes_of_cluster();
  if (orphans.empty()) {
    fs::remove(cluster() / "postmaster.pid", ignored);
    return;
  }
  int const signal_now = since_first_try >= 8s ? SIGKILL : since_first_try >= 2s ? SIGQUIT : 0;
  for (pid_t const pid : orphans)
    if (signal_now) kill(pid, signal_now);
}

pid_t EmbeddedPostgres::launch(int death_signal) {
  Command server;
  server.argv = {(postgres_programs(cluster()) / "postgres").string(), "-D", cluster().string(), "-c",
                 "config_file=" + (cluster() / "wangge.conf").string()};
  server.as = user_;
  server.death_signal = death_signal;
  server.output = layout_.log / "postgres-start.log";
  server.env = {{"LC_ALL", "C.UTF-8"}, {"PG_OOM_ADJUST_FILE", "/proc/self/oom_score_adj"}};
  std::error_code ignored;
  if (fs::exists(server.output, ignored) && fs::file_size(server.output, ignored) > (1u << 20)) fs::remove(server.output, ignored);
  pid_ = spawn(server);
  return pid_;
}

bool EmbeddedPostgres::ready(pid_t pid) const {
  std::ifstream in(cluster() / "postmaster.pid");
  std::string line, last;
  long long first = 0;
  for (int number = 1; std::getline(in, line); ++number) {
    if (number == 1) first = std::atoll(line.c_str());
    last = line;
  }
  return first == pid && last.starts_with("ready");
}

bool EmbeddedPostgres::start(std::function<bool()> interrupted) {
  auto const begin = std::chrono::steady_clock::now();
  auto const waited = [&] { return std::chrono::duration_cast<std::chrono::seconds>(std::chrono::steady_clock::now() - begin); };
  constexpr auto kPatience = 300s;  // crash recovery of a busy cluster may take minutes
  bool told = false;
  while (!interrupted()) {
    if (auto const other = running()) {
      // Left over from a program that was just killed; it got its signal and is shutting down.
      if (!std::exchange(told, true)) notice_("waiting for the previous database process " + std::to_string(*other) + " to end");
      if (waited() > 20s) kill(*other, SIGINT);
      if (waited() > 120s) throw EnvironmentError("another PostgreSQL (process " + std::to_string(*other) + ") uses " + cluster().string());
      std::this_thread::sleep_for(100ms);
      continue;
    }
    clear_leftovers(waited());
    pid_t const pid = launch(SIGINT);
    int status = 0;
    while (waitpid(pid, &status, WNOHANG) == 0) {
      if (ready(pid)) return true;
      if (interrupted()) {
        stop();
        return false;
      }
      if (waited() > kPatience) {
        stop();
        throw EnvironmentError("the database did not become ready in 5 minutes; see " + (layout_.log / "postgres-start.log").string());
      }
      std::this_thread::sleep_for(20ms);
    }
    pid_ = 0;
    if (waited() > 30s)
      throw EnvironmentError("the database does not start: " + last_words(layout_.log / "postgres-start.log", root_ / "log"));
    if (!std::exchange(told, true)) notice_("the database did not start at once, trying again");
    std::this_thread::sleep_for(500ms);
  }
  return false;
}

void EmbeddedPostgres::stop() {
  if (pid_ <= 0) return;
  kill(pid_, SIGINT);  // fast: roll back, disconnect, checkpoint
  auto const begin = std::chrono::steady_clock::now();
  bool harder = false;
  while (waitpid(pid_, nullptr, WNOHANG) == 0) {
    if (!harder && std::chrono::steady_clock::now() - begin > 60s) {
      kill(pid_, SIGQUIT);
      harder = true;
    }
    std::this_thread::sleep_for(20ms);
  }
  pid_ = 0;
}

}  // namespace wangge::deploy
