// fork, exec and what must hold between them. See process.hpp.
#include "deploy/process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "deploy/errors.hpp"
#include "deploy/settings/settings.hpp"

namespace wangge::deploy {
namespace {

std::string on_path(std::string const& name) {
  if (name.find('/') != std::string::npos) return name;
  char const* path = getenv("PATH");
  std::stringstream folders(path ? path : "/usr/local/bin:/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    auto const file = folder + "/" + name;
    if (access(file.c_str(), X_OK) == 0) return file;
  }
  throw EnvironmentError("the program '" + name + "' is not installed");
}

struct Descriptor {
  int fd = -1;
  ~Descriptor() { reset(); }
  void reset() {
    if (fd >= 0) close(fd);
    fd = -1;
  }
};

struct Plan {  // what the child needs, ready before the fork
  std::string program;
  std::vector<char*> argv, envp;
  std::vector<std::string> env_text;
  bool change_user = false;
  User user;
  int out = -1, err = -1;
};

Plan plan(Command const& command) {
  Plan p;
  p.program = on_path(command.argv.at(0));
  for (auto const& a : command.argv) p.argv.push_back(const_cast<char*>(a.c_str()));
  p.argv.push_back(nullptr);
  auto env = environment();
  for (auto const& [name, value] : command.env) env[name] = value;
  if (command.as && command.as->uid != geteuid()) {
    p.change_user = true;
    p.user = *command.as;
    env["HOME"] = "/";
    env["USER"] = env["LOGNAME"] = command.as->name;
  }
  for (auto const& [name, value] : env) p.env_text.push_back(name + "=" + value);
  for (auto& line : p.env_text) p.envp.push_back(line.data());
  p.envp.push_back(nullptr);
  return p;
}

[[noreturn]] void fail_in_child(int report) {
  int const error = errno;
  [[maybe_unused]] auto const n = write(report, &error, sizeof error);
  _exit(127);
}

[[noreturn]] void become(Command const& command, Plan const& p, pid_t parent, int report) {
  if (command.own_group) setpgid(0, 0);
  if (p.change_user &&
      (setgroups(0, nullptr) != 0 || setresgid(p.user.gid, p.user.gid, p.user.gid) != 0 ||
       setresuid(p.user.uid, p.user.uid, p.user.uid) != 0))
    fail_in_child(report);
  if (command.death_signal) {
    // After the change of user, which clears it. The parent may have died in between.
    prctl(PR_SET_PDEATHSIG, command.death_signal);
    if (getppid() != parent) _exit(127);
  }
  if (p.out >= 0 && (dup2(p.out, STDOUT_FILENO) < 0 || dup2(p.err, STDERR_FILENO) < 0)) fail_in_child(report);
  int const null = open("/dev/null", O_RDONLY);
  if (null >= 0) {
    dup2(null, STDIN_FILENO);
    if (null > 2) close(null);
  }
  if (chdir(command.cwd.c_str()) != 0) fail_in_child(report);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);  // an ignored signal would stay ignored across exec
  execve(p.program.c_str(), p.argv.data(), p.envp.data());
  fail_in_child(report);
}

pid_t start(Command const& command, Plan const& p) {
  std::array<int, 2> report{};
  if (pipe2(report.data(), O_CLOEXEC) != 0) throw EnvironmentError(std::string("pipe: ") + strerror(errno));
  Descriptor const read_end{report[0]};
  Descriptor write_end{report[1]};
  pid_t const parent = getpid();
  pid_t const pid = fork();
  if (pid < 0) throw EnvironmentError(std::string("fork: ") + strerror(errno));
  if (pid == 0) become(command, p, parent, report[1]);
  write_end.reset();
  int error = 0;
  ssize_t n = 0;
  do n = read(read_end.fd, &error, sizeof error);
  while (n < 0 && errno == EINTR);
  if (n == sizeof error) {
    waitpid(pid, nullptr, 0);
    throw EnvironmentError("cannot start " + p.program + ": " + strerror(error));
  }
  return pid;
}

}  // namespace

User current_user() {
  if (auto const* entry = getpwuid(geteuid())) return {entry->pw_uid, entry->pw_gid, entry->pw_name};
  return {geteuid(), getegid(), std::to_string(geteuid())};
}

std::optional<User> find_user(std::string const& name) {
  auto const* entry = getpwnam(name.c_str());
  if (!entry) return std::nullopt;
  return User{entry->pw_uid, entry->pw_gid, entry->pw_name};
}

pid_t spawn(Command const& command) {
  auto p = plan(command);
  Descriptor log;
  if (!command.output.empty()) {
    log.fd = open(command.output.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);
    if (log.fd < 0) throw EnvironmentError(command.output.string() + ": " + strerror(errno));
    p.out = p.err = log.fd;
  }
  return start(command, p);
}

Finished run(Command command) {
  if (!command.death_signal) command.death_signal = SIGTERM;  // nobody would read its words any more
  auto p = plan(command);
  std::array<int, 2> out{}, err{};
  if (pipe2(out.data(), O_CLOEXEC) != 0 || pipe2(err.data(), O_CLOEXEC) != 0)
    throw EnvironmentError(std::string("pipe: ") + strerror(errno));
  Descriptor out_read{out[0]}, out_write{out[1]}, err_read{err[0]}, err_write{err[1]};
  p.out = out[1];
  p.err = err[1];
  pid_t const pid = start(command, p);
  out_write.reset();
  err_write.reset();
  Finished done;
  std::array<pollfd, 2> ends{pollfd{out_read.fd, POLLIN, 0}, pollfd{err_read.fd, POLLIN, 0}};
  std::array<std::string*, 2> texts{&done.out, &done.err};
  std::array<char, 65536> buffer{};
  while (ends[0].fd >= 0 || ends[1].fd >= 0) {
    if (poll(ends.data(), ends.size(), -1) < 0 && errno != EINTR) break;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      if (ends[i].fd < 0 || !(ends[i].revents & (POLLIN | POLLHUP | POLLERR))) continue;
      auto const n = read(ends[i].fd, buffer.data(), buffer.size());
      if (n > 0) texts[i]->append(buffer.data(), static_cast<std::size_t>(n));
      if (n == 0 || (n < 0 && errno != EINTR)) ends[i].fd = -1;
    }
  }
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  done.status = exit_code(status);
  return done;
}

std::string shell_quoted(std::string const& word) {
  std::string out = "'";
  for (char const c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

bool alive(pid_t pid) {
  if (pid <= 0 || (kill(pid, 0) != 0 && errno != EPERM)) return false;
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  std::getline(stat, line);
  auto const paren = line.rfind(')');
  return paren != std::string::npos && paren + 2 < line.size() && line[paren + 2] != 'Z';
}

std::optional<pid_t> read_pid(std::filesystem::path const& file) {
  std::ifstream in(file);
  pid_t pid = 0;
  if (in >> pid && pid > 1) return pid;
  return std::nullopt;
}

int exit_code(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

}  // namespace wangge::deploy
