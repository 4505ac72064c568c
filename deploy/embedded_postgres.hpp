// The private PostgreSQL cluster of one DATA folder: made, tuned, started, waited for, stopped.
// fsync stays on. It listens on a Unix socket only, in a folder nobody else can enter.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "deploy/layout.hpp"
#include "deploy/process.hpp"

namespace wangge::deploy {

// Folder with initdb, postgres, pg_basebackup: the newest installed, or the version a cluster was made with.
std::filesystem::path postgres_programs(std::filesystem::path const& cluster = {});
// PostgreSQL refuses root: then it runs as the user `postgres`, else as ourselves.
User database_user();
void own(std::filesystem::path const& path, User const& user);  // as root: gives it to the user
// A folder that others may pass through, whatever the umask says: the database's user goes to its own below it.
void make_passable(std::filesystem::path const& folder);
std::string quoted_setting(std::string const& text);  // a value of postgresql.conf
// One word of archive_command or restore_command: quoted for the shell, PostgreSQL's percent sign doubled.
std::string word_of_command(std::string const& text);
std::uint64_t machine_memory();  // bytes, or the control group's limit when that is less

class EmbeddedPostgres {
 public:
  using Notice = std::function<void(std::string const&)>;
  EmbeddedPostgres(Layout layout, bool archive, Notice notice);

  std::string url() const;        // the program's role
  std::string admin_url() const;  // the cluster's superuser
  std::filesystem::path root() const { return root_; }        // holds cluster, socket, log
  std::filesystem::path cluster() const { return root_ / "cluster"; }
  std::filesystem::path socket() const { return socket_; }
  std::filesystem::path log() const { return root_ / "log"; }
  std::filesystem::path archive() const;  // below layout.archive, or in root when its user cannot get there

  // Makes root and cluster when they are missing (a half-made one is thrown away), writes the configuration.
  void prepare();
  // prepare() without initdb: for a cluster that a restore has put there.
  void prepare_root();
  void write_configuration(std::string const& extra = "");

  // Blocks until it answers. Waits for the leftovers of a killed postmaster. `interrupted` ends the wait (returns false).
  bool start(std::function<bool()> interrupted = [] { return false; });
  // The same for a restore, which may replay for hours and has nobody to wait for: no limit, and a death is final.
  void recover();
  void stop();

  // For the supervisor, which must not block: one try, and whether it answers.
  void clear_leftovers(std::chrono::seconds since_first_try);
  pid_t launch(int death_signal);
  bool ready(pid_t pid) const;
  std::optional<pid_t> running() const;  // a live postmaster of this cluster, whoever started it
  pid_t pid() const { return pid_; }

  // `wangge` and the database itself exist afterwards. Cheap when they do.
  void ensure_database();

 private:
  void place_root();
  void place_archive();
  void make_cluster();
  std::string archive_command() const;
  std::vector<pid_t> processes_of_cluster() const;

  Layout layout_;
  bool archive_;
  Notice notice_;
  User user_;
  std::filesystem::path root_, socket_;
  pid_t pid_ = 0;
};

}  // namespace wangge::deploy
