// See worker.hpp.
#include "gateways/media/worker.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <stdexcept>
#include <thread>
#include <vector>

namespace wangge::media {
namespace {

constexpr int kCannotRun = 126;  // what the child says when it did not become vips

// Runs in the child between fork and exec, beside frozen threads: only calls that are safe there.
[[noreturn]] void become(char* const* arguments, char* const* environment, WorkerLimits const& limits) {
  auto const limit = [](__rlimit_resource what, rlim_t value) {
    struct rlimit both {value, value};
    if (::setrlimit(what, &both) != 0) ::_exit(kCannotRun);
  };
  limit(RLIMIT_AS, limits.memory_bytes);
  limit(RLIMIT_CPU, limits.cpu_seconds);
  limit(RLIMIT_FSIZE, limits.output_bytes);
  limit(RLIMIT_CORE, 0);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  int const null = ::open("/dev/null", O_RDWR);
  if (null < 0 || ::dup2(null, 0) < 0 || ::dup2(null, 1) < 0 || ::dup2(null, 2) < 0) ::_exit(kCannotRun);
  if (::close_range(3, ~0U, 0) != 0) {
    for (int fd = 3; fd < 4096; ++fd) ::close(fd);
  }
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(arguments[0], arguments, environment);
  ::_exit(kCannotRun);
}

// The exit status, or SIGKILL's when the time was over.
int wait_for(pid_t child, std::chrono::seconds wall) {
  auto const end = std::chrono::steady_clock::now() + wall;
  auto pause = std::chrono::milliseconds(2);
  bool killed = false;
  while (true) {
    int status = 0;
    pid_t const answer = ::waitpid(child, &status, killed ? 0 : WNOHANG);
    if (answer == child) return status;
    if (answer < 0 && errno != EINTR) throw std::runtime_error(std::string("the picture worker got lost: ") + std::strerror(errno));
    if (!killed && std::chrono::steady_clock::now() >= end) {
      ::kill(child, SIGKILL);
      killed = true;
    }
    if (!killed) std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::milliseconds(20));
  }
}

}  // namespace

std::string find_vips() {
  char const* path = std::getenv("PATH");
  std::istringstream folders(std::string(path != nullptr ? path : "") + ":/usr/bin:/usr/local/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    std::string const candidate = folder + "/vips";
    if (!folder.empty() && ::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  throw std::runtime_error("pictures cannot be taken in: the program vips is not installed (Debian package libvips-tools)");
}

bool make_rendition(std::string const& vips, std::string const& from, std::string const& to, WorkerLimits const& limits) {
  std::vector<std::string> words{vips, "thumbnail", from, to, "4096", "--height", "4096", "--size", "down", "--fail-on", "truncated",
                                 "--export-profile", "srgb"};
  std::vector<std::string> settings{"PATH=/usr/bin:/bin", "LANG=C", "HOME=/nonexistent", "VIPS_CONCURRENCY=1",
                                    "VIPS_BLOCK_UNTRUSTED=1", "VIPS_DISC_THRESHOLD=2g"};
  std::vector<char*> arguments, environment;
  for (auto& word : words) arguments.push_back(word.data());
  for (auto& setting : settings) environment.push_back(setting.data());
  arguments.push_back(nullptr);
  environment.push_back(nullptr);
  pid_t const child = ::fork();
  if (child < 0) throw std::runtime_error(std::string("cannot start the picture worker: ") + std::strerror(errno));
  if (child == 0) become(arguments.data(), environment.data(), limits);
  int const status = wait_for(child, limits.wall);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
  if (WIFEXITED(status) && (WEXITSTATUS(status) == kCannotRun || WEXITSTATUS(status) == 127)) {
    throw std::runtime_error("the picture worker cannot run " + vips);
  }
  return false;
}

}  // namespace wangge::media
