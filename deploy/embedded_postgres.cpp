// The cluster's life. What is hard here is the way back after kill -9: the lock file may be stale and the orphans of
// the old postmaster may still hold its shared memory. See embedded_postgres.hpp.
#include "deploy/embedded_postgres.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <thread>

#include "deploy/errors.hpp"
#include "deploy/postgres_log.hpp"

namespace wangge::deploy {
namespace fs = std::filesystem;
using namespace std::chrono_literals;
namespace {

// A folder as the value of a URL's parameter.
std::string in_url(fs::path const& path) {
  constexpr char kHex[] = "0123456789ABCDEF";
  std::string out;
  for (char const c : path.string()) {
    auto const byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) || std::string_view("/-._~").find(c) != std::string_view::npos)
      out += c;
    else
      out.append("%").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
  }
  return out;
}

}  // namespace

EmbeddedPostgres::EmbeddedPostgres(Layout layout, bool archive, Notice notice)
    : layout_(std::move(layout)), archive_(archive), notice_(std::move(notice)), user_(database_user()) {
  std::error_code ignored;
  root_ = fs::is_symlink(layout_.postgres, ignored) ? fs::read_symlink(layout_.postgres) : layout_.postgres;
  socket_ = short_folder(root_ / "socket", std::string(".s.PGSQL.5432.lock").size());
}

std::string EmbeddedPostgres::url() const { return "postgresql://wangge@/wangge?host=" + in_url(socket_); }
std::string EmbeddedPostgres::admin_url() const { return "postgresql://postgres@/wangge?host=" + in_url(socket_); }

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
      throw EnvironmentError("the database does not start: " + last_words(layout_.log / "postgres-start.log", log()));
    if (!std::exchange(told, true)) notice_("the database did not start at once, trying again");
    std::this_thread::sleep_for(500ms);
  }
  return false;
}

void EmbeddedPostgres::recover() {
  pid_t const pid = launch(SIGINT);
  while (waitpid(pid, nullptr, WNOHANG) == 0) {
    if (ready(pid)) return;
    std::this_thread::sleep_for(20ms);
  }
  pid_ = 0;
  throw EnvironmentError("the database could not recover: " + last_words(layout_.log / "postgres-start.log", log()));
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
