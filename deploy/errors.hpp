// What can go wrong for the person at the shell, told apart by the exit code the program ends with.
#pragma once

#include <stdexcept>

namespace wangge::deploy {

// The exit codes of every subcommand; `wangge --help` prints the same list.
enum Exit : int {
  kOk = 0,
  kFailed = 1,       // it was tried and did not work, or the answer is no
  kUsage = 2,        // wrong command line or settings
  kEnvironment = 3,  // database away, port in use, DATA locked, no room, a package missing
  kDamaged = 4,      // a check found damage: backup, audit chain, spool
};

struct Failure : std::runtime_error {
  using runtime_error::runtime_error;
};
struct UsageError : std::runtime_error {
  using runtime_error::runtime_error;
};
struct EnvironmentError : std::runtime_error {
  using runtime_error::runtime_error;
};
struct DamageError : std::runtime_error {
  using runtime_error::runtime_error;
};

}  // namespace wangge::deploy
