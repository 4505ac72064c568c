// Starting other programs: as whom, with which signal when we die, where their words go.
// Everything is prepared before fork(); between fork and exec only async-signal-safe calls are made.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace wangge::deploy {

struct User {
  uid_t uid = 0;
  gid_t gid = 0;
  std::string name;
};
User current_user();
std::optional<User> find_user(std::string const& name);

struct Command {
  std::vector<std::string> argv;                          // argv[0]: absolute path or a name on PATH
  std::vector<std::pair<std::string, std::string>> env;   // added to ours
  std::optional<User> as;                                 // needs root when it is somebody else
  int death_signal = 0;                                   // sent to the child when the calling thread's process ends
  std::filesystem::path output;                           // stdout and stderr are appended here; "" = ours
  std::filesystem::path cwd = "/";
  bool own_group = true;                                  // a Ctrl-C at the terminal reaches only us
};

// Throws EnvironmentError when the program cannot be started.
pid_t spawn(Command const& command);

struct Finished {
  int status = -1;  // exit code, or 128 + signal
  std::string out, err;
  bool ok() const { return status == 0; }
};
// Runs to the end with its output kept. Throws EnvironmentError when it cannot be started.
Finished run(Command command);

std::string shell_quoted(std::string const& word);          // one word of /bin/sh, whatever is in it
bool alive(pid_t pid);                                     // exists and is no zombie
std::optional<pid_t> read_pid(std::filesystem::path const& file);
int exit_code(int wait_status);

}  // namespace wangge::deploy
