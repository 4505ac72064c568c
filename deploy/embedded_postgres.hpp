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
std::uint64_t machine_memory();  // bytes, or the control group's limit when that is less

class EmbeddedPostgres {
 public:
  using Notice = std::function<void(std::string const&)>;
  EmbeddedPostgres(Layout layout, bool archive, Notice notice);

  std::string url() const;        // the program's role
  std::string admin_url() const;  // the cluster's superuser
  std::filesystem::path root() const { return root_; }        // holds the four below
  std::filesystem::path cluster() const { return root_ / "cluster"; }
  std::filesystem::path archive() const { return root_ / "archive"; }
  std::filesystem::path socket() const { return socket_; }

  // Makes root and cluster when they are missing (a half-made one is thrown away), writes the configuration.
  void prepare();
  // prepare() without initdb: for a cluster that a restore has put there.
  void prepare_root();
  void write_configuration(std::string const& extra = "");

  // Blocks until it answers. Waits for the leftovers of a killed postmaster. `interrupted` ends the wait (returns false).
  bool start(std::function<bool()> interrupted = [] { return false; });
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
  void make_cluster();
  std::vector<pid_t> processes_of_cluster() const;

  Layout layout_;
  bool archive_;
  Notice notice_;
  User user_;
  std::filesystem::path root_, socket_;
  pid_t pid_ = 0;
};

}  // namespace wangge::deploy
