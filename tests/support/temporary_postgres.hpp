// A PostgreSQL of a test's own: made in a short temporary folder, listening on a Unix socket only, stopped and removed
// when the object goes. It does not sync: tests of durability use the program's embedded cluster instead.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace wangge::tests {

class TemporaryPostgres {
 public:
  explicit TemporaryPostgres(std::vector<std::string> settings = {});  // e.g. {"max_connections=200"}
  ~TemporaryPostgres();
  TemporaryPostgres(TemporaryPostgres const&) = delete;

  // One server a test program, started at first use and stopped at its end.
  static TemporaryPostgres& shared();

  // A new database with every migration deployed and the lifecycle filled in; returns its URL.
  std::string fresh_database();
  std::string url(std::string const& database) const;
  // Runs SQL (one or more statements) and gives the last result's rows as text, NULL as "".
  std::vector<std::vector<std::string>> sql(std::string const& url, std::string const& text) const;

  void stop();          // fast shutdown: every backend is ended
  void start();         // again, on the same folder
  // Another server on a copy of this one's folder (stop this one first), begun by archive recovery: on a new timeline.
  std::unique_ptr<TemporaryPostgres> restored_copy() const;
  void kill_hard();     // SIGKILL to the postmaster; start() waits for its orphans
  // While this lives every process of the server is stopped (SIGSTOP): connections stay, nobody answers.
  struct Frozen {
    explicit Frozen(TemporaryPostgres const& s) : server(s) { server.signal_all(SIGSTOP); }
    ~Frozen() { server.signal_all(SIGCONT); }
    Frozen(Frozen const&) = delete;
    TemporaryPostgres const& server;
  };
  std::string socket() const { return folder_.string(); }

 private:
  TemporaryPostgres(std::vector<std::string> settings, std::filesystem::path const& copy_of);
  void make_folder();
  void signal_all(int signal) const;
  void run(std::vector<std::string> const& command) const;
  pid_t launch(std::vector<std::string> const& command, bool dies_with_us) const;
  void migrate(std::string const& url) const;
  std::filesystem::path folder_;
  std::vector<std::string> settings_;
  pid_t postmaster_ = 0;
  int databases_ = 0;
  bool template_made_ = false;
};

}  // namespace wangge::tests
