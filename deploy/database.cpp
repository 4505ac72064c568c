// Who owns DATA, where the database answers, how its schema comes about. See database.hpp.
#include "deploy/database.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <thread>

#include "deploy/errors.hpp"
#include "storage/postgres_store.hpp"

namespace wangge::deploy {
namespace fs = std::filesystem;
using namespace std::chrono_literals;
namespace {

fs::path migrations_folder() {
  if (char const* given = getenv("WANGGE_MIGRATIONS")) return given;
  return WANGGE_MIGRATIONS_FOLDER;
}

// sqitch hands a socket's folder on unquoted, so one with a space in it has to come by the environment.
void take_out_socket(std::string& url, Command& command) {
  constexpr std::string_view kHost = "?host=";
  auto const at = url.find(kHost);
  auto const value = at == std::string::npos ? std::string{} : url.substr(at + kHost.size());
  if (value.empty() || value.find('&') != std::string::npos) return;
  std::string folder;
  for (std::size_t i = 0; i < value.size(); ++i) {
    bool const coded = value[i] == '%' && i + 2 < value.size();
    folder += coded ? static_cast<char>(std::stoi(value.substr(i + 1, 2), nullptr, 16)) : value[i];
    if (coded) i += 2;
  }
  url.erase(at);
  command.env.emplace_back("PGHOST", folder);
}

void must(Finished const& done, std::string const& what) {
  if (!done.ok()) throw EnvironmentError(what + " failed: " + (done.err.empty() ? done.out : done.err));
}

}  // namespace

DataLock::DataLock(Layout const& layout, std::string const& who) {
  auto const file = layout.run / "lock";
  fd_ = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd_ < 0) throw EnvironmentError("cannot open " + file.string() + ": " + strerror(errno));
  if (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    auto holder = read_file(file);
    close(fd_);
    throw EnvironmentError(layout.data.string() + " is in use by " + (holder.empty() ? "another wangge" : holder) +
                           "; stop that one first, or give another --data");
  }
  auto const text = who + " (process " + std::to_string(getpid()) + ")";
  if (ftruncate(fd_, 0) != 0 || pwrite(fd_, text.data(), text.size(), 0) < 0)
    throw EnvironmentError("cannot write " + file.string());
}

DataLock::~DataLock() {
  close(fd_);
}

bool DataLock::held(Layout const& layout) {
  int const fd = open((layout.run / "lock").c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return false;
  bool const free = flock(fd, LOCK_EX | LOCK_NB) == 0;
  close(fd);
  return !free;
}

Database::Database(Settings const& settings, Layout const& layout, EmbeddedPostgres::Notice notice, Wanted wanted) {
  if (!settings.database.url.empty()) {
    url_ = settings.database.url;
    admin_url_ = settings.database.admin_url.empty() ? url_ : settings.database.admin_url;
    return;
  }
  embedded_ = std::make_unique<EmbeddedPostgres>(layout, settings.backup.archive, notice);
  url_ = embedded_->url();
  admin_url_ = embedded_->admin_url();
  // A running `up` has it, or is just (re)starting it.
  for (auto const begin = std::chrono::steady_clock::now(); DataLock::held(layout);
       std::this_thread::sleep_for(100ms)) {
    auto const pid = embedded_->running();
    if (pid && embedded_->ready(*pid)) return;
    if (std::chrono::steady_clock::now() - begin > 30s)
      throw EnvironmentError("the database of " + layout.data.string() +
                             " is not running: " + read_file(layout.run / "lock") + " holds the folder");
  }
  std::error_code ignored;
  // A link that leads nowhere is told by prepare(), with what to do.
  bool const there = fs::exists(embedded_->cluster() / "PG_VERSION", ignored) || fs::is_symlink(layout.postgres, ignored);
  if (wanted == Wanted::present && !there)
    throw EnvironmentError("no Wangge data in " + layout.data.string() + ": give the right --data, or make it with `wangge load` or `wangge up`");
  make_folders(layout);
  lock_ = std::make_unique<DataLock>(layout, "a wangge command");
  embedded_->prepare();
  embedded_->start();
  url_ = embedded_->url();
  admin_url_ = embedded_->admin_url();
  embedded_->ensure_database();
}

Database::~Database() {
  if (lock_ && embedded_) embedded_->stop();
}

void EmbeddedPostgres::ensure_database() {
  auto const programs = postgres_programs(cluster());
  auto const tool = [&](char const* name, std::vector<std::string> args) {
    Command command;
    command.argv = {(programs / name).string(), "--host", socket_.string(), "--username", "postgres"};
    command.argv.insert(command.argv.end(), args.begin(), args.end());
    command.env = {{"LC_ALL", "C"}};
    auto const done = deploy::run(command);
    if (!done.ok() && done.err.find("already exists") == std::string::npos) must(done, name);
  };
  std::error_code ignored;
  auto const made = root_ / "database-made";  // the cluster outlives it only when a person removes it: harmless
  if (fs::exists(made, ignored)) return;
  tool("createuser", {"wangge"});
  tool("createdb", {"--owner", "wangge", "wangge"});
  write_file(made, "");
}

int migrate(std::string const& url, std::string const& admin_url, EmbeddedPostgres::Notice const& notice) {
  auto const folder = migrations_folder();
  std::error_code ignored;
  if (!fs::exists(folder / "sqitch.plan", ignored))
    throw EnvironmentError("the migrations are not in " + folder.string() +
                           "; set WANGGE_MIGRATIONS to storage/migrations of the source tree");
  if (fs::exists(folder / "superuser.sql", ignored)) {
    Command first;
    first.argv = {
        "psql",   "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--file", (folder / "superuser.sql").string(),
        admin_url};
    first.env = {{"PGOPTIONS", "-c client_min_messages=warning"}};
    must(run(first), "preparing the database");
  }
  Command sqitch;
  sqitch.cwd = folder;
  sqitch.env = {{"SQITCH_FULLNAME", "wangge"},
                {"SQITCH_EMAIL", "wangge@localhost"},
                {"LC_ALL", "C.UTF-8"},
                {"PGOPTIONS", "-c client_min_messages=warning"},
                {"SQITCH_USER_CONFIG", "/dev/null"}};
  auto target = url;
  take_out_socket(target, sqitch);
  sqitch.argv = {"sqitch", "deploy", "--verify", "db:" + target};
  auto const done = run(sqitch);
  must(done, "sqitch deploy");
  storage::sync_lifecycle(url);
  int changes = 0;
  for (auto at = done.out.find("  + "); at != std::string::npos; at = done.out.find("  + ", at + 1)) ++changes;
  if (changes > 0) notice("the schema is up to date now");
  return changes;
}

}  // namespace wangge::deploy
