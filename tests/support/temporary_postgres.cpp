#include "tests/support/temporary_postgres.hpp"

#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "storage/postgres_store.hpp"

// libpqxx 6.4 forgets the result of a query whose connection died (make_result throws before it owns it): 2 KB a death.
// Ours to know, not ours to mend; without this every test that kills a connection would end as a leak. What we ourselves
// leak of pqxx is held by an object of ours, and that one still shows.
extern "C" char const* __lsan_default_suppressions();
extern "C" char const* __lsan_default_suppressions() { return "leak:libpqxx-6\n"; }

namespace wangge::tests {
namespace {

std::filesystem::path const kPrograms = "/usr/lib/postgresql/15/bin";

std::string read_file(std::filesystem::path const& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// The changes of sqitch.plan in their order.
std::vector<std::string> plan() {
  std::vector<std::string> names;
  std::istringstream lines(read_file(std::filesystem::path(WANGGE_MIGRATIONS) / "sqitch.plan"));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '%' || line[0] == '#' || line[0] == '@') continue;
    names.push_back(line.substr(0, line.find(' ')));
  }
  return names;
}

template <class Condition>
void wait_until(Condition condition, char const* what) {
  auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error(std::string("waited 60 s for ") + what);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

}  // namespace

void TemporaryPostgres::make_folder() {
  char name[] = "/tmp/wgXXXXXX";
  if (mkdtemp(name) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  if (geteuid() == 0) {
    auto const* user = getpwnam("postgres");
    if (user == nullptr || chown(name, user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("no user postgres");
  }
}

TemporaryPostgres::TemporaryPostgres(std::vector<std::string> settings) : settings_(std::move(settings)) {
  make_folder();
  run({"initdb", "-D", (folder_ / "data").string(), "--no-sync", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"});
  start();
}

TemporaryPostgres::TemporaryPostgres(std::vector<std::string> settings, std::filesystem::path const& copy_of)
    : settings_(std::move(settings)) {
  make_folder();
  std::filesystem::copy(copy_of / "data", folder_ / "data", std::filesystem::copy_options::recursive);
  std::ofstream(folder_ / "data" / "recovery.signal");
  std::filesystem::permissions(folder_ / "data", std::filesystem::perms::owner_all);
  if (geteuid() == 0) {
    auto const* user = getpwnam("postgres");
    auto const give = [&](std::filesystem::path const& path) {
      if (lchown(path.c_str(), user->pw_uid, user->pw_gid) != 0) throw std::runtime_error("cannot give " + path.string());
    };
    give(folder_ / "data");
    for (auto const& entry : std::filesystem::recursive_directory_iterator(folder_ / "data")) give(entry.path());
  }
  settings_.push_back("restore_command=false");
  start();
  wait_until([&] { return sql(url("postgres"), "SELECT pg_is_in_recovery()")[0][0] == "f"; }, "the end of the recovery");
}

std::unique_ptr<TemporaryPostgres> TemporaryPostgres::restored_copy() const {
  return std::unique_ptr<TemporaryPostgres>(new TemporaryPostgres(settings_, folder_));
}

TemporaryPostgres::~TemporaryPostgres() {
  stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

TemporaryPostgres& TemporaryPostgres::shared() {
  static TemporaryPostgres server;
  return server;
}

pid_t TemporaryPostgres::launch(std::vector<std::string> const& command, bool dies_with_us) const {
  std::vector<std::string> words = command;
  words[0] = (kPrograms / words[0]).string();
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  passwd const* user = geteuid() == 0 ? getpwnam("postgres") : nullptr;
  pid_t const child = fork();
  if (child != 0) return child;
  if (user != nullptr && (setgroups(0, nullptr) != 0 || setgid(user->pw_gid) != 0 || setuid(user->pw_uid) != 0)) _exit(126);
  if (dies_with_us) prctl(PR_SET_PDEATHSIG, SIGQUIT);
  if (chdir(folder_.c_str()) != 0 || freopen((folder_ / "log").c_str(), "a", stdout) == nullptr || dup2(1, 2) < 0) _exit(126);
  execv(arguments[0], arguments.data());
  _exit(127);
}

void TemporaryPostgres::run(std::vector<std::string> const& command) const {
  int status = 0;
  waitpid(launch(command, false), &status, 0);
  if (status != 0) throw std::runtime_error(command[0] + " failed: " + read_file(folder_ / "log"));
}

void TemporaryPostgres::start() {
  std::vector<std::string> command{"postgres", "-D", (folder_ / "data").string(), "-k", folder_.string(), "-h", ""};
  for (auto const& setting : {"fsync=off", "full_page_writes=off", "shared_buffers=64MB", "max_connections=60", "lc_messages=C"}) {
    command.insert(command.end(), {"-c", setting});
  }
  for (auto const& setting : settings_) command.insert(command.end(), {"-c", setting});
  wait_until([&] {
    if (postmaster_ == 0) postmaster_ = launch(command, true);
    // After a hard kill the orphans still hold the shared memory: the new postmaster leaves at once, and is tried again.
    if (waitpid(postmaster_, nullptr, WNOHANG) == postmaster_) postmaster_ = 0;
    return postmaster_ != 0 && PQping(url("postgres").c_str()) == PQPING_OK;
  }, "PostgreSQL");
}

void TemporaryPostgres::stop() {
  if (postmaster_ == 0) return;
  kill(postmaster_, SIGINT);
  waitpid(postmaster_, nullptr, 0);
  postmaster_ = 0;
}

void TemporaryPostgres::kill_hard() {
  kill(postmaster_, SIGKILL);
  waitpid(postmaster_, nullptr, 0);
  postmaster_ = 0;
}

// The postmaster first, so that it makes no more children; the second round finds those made meanwhile.
void TemporaryPostgres::signal_all(int signal) const {
  if (postmaster_ == 0) return;
  kill(postmaster_, signal);
  for (int round = 0; round < 2; ++round) {
    std::error_code ignored;
    for (auto const& entry : std::filesystem::directory_iterator("/proc", ignored)) {
      auto const name = entry.path().filename().string();
      if (name.find_first_not_of("0123456789") != std::string::npos) continue;
      std::string text;
      std::getline(std::ifstream(entry.path() / "stat"), text);  // it may have ended meanwhile: then there is none
      auto const behind = text.rfind(')');  // "pid (command) state parent …"
      if (behind == std::string::npos) continue;
      std::istringstream rest(text.substr(behind + 1));
      char state = 0;
      pid_t parent = 0;
      if (rest >> state >> parent && parent == postmaster_) kill(static_cast<pid_t>(std::stol(name)), signal);
    }
  }
}

std::string TemporaryPostgres::url(std::string const& database) const {
  return "host=" + folder_.string() + " user=postgres dbname=" + database;
}

std::vector<std::vector<std::string>> TemporaryPostgres::sql(std::string const& url, std::string const& text) const {
  std::unique_ptr<PGconn, decltype(&PQfinish)> const connection(PQconnectdb(url.c_str()), PQfinish);
  std::unique_ptr<PGresult, decltype(&PQclear)> const result(PQexec(connection.get(), text.c_str()), PQclear);
  auto const status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) throw std::runtime_error(PQerrorMessage(connection.get()));
  std::vector<std::vector<std::string>> rows(static_cast<std::size_t>(PQntuples(result.get())));
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (int c = 0; c < PQnfields(result.get()); ++c) rows[r].emplace_back(PQgetvalue(result.get(), static_cast<int>(r), c));
  }
  return rows;
}

void TemporaryPostgres::migrate(std::string const& url) const {
  std::filesystem::path const migrations = WANGGE_MIGRATIONS;
  if (exists(migrations / "superuser.sql")) sql(url, read_file(migrations / "superuser.sql"));
  for (auto const& change : plan()) {
    try {
      sql(url, read_file(migrations / "deploy" / (change + ".sql")));
    } catch (std::runtime_error const& e) {
      throw std::runtime_error("deploy/" + change + ".sql: " + e.what());
    }
  }
  storage::sync_lifecycle(url);
}

std::string TemporaryPostgres::fresh_database() {
  if (!template_made_) {
    sql(url("postgres"), "CREATE DATABASE migrated");
    migrate(url("migrated"));
    template_made_ = true;
  }
  auto const name = "t" + std::to_string(++databases_);
  sql(url("postgres"), "CREATE DATABASE " + name + " TEMPLATE migrated STRATEGY wal_log");
  return url(name);
}

}  // namespace wangge::tests
