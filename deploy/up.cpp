// The supervisor. One thread, one loop: signals, deaths, restarts, jobs. See up.hpp.
#include "deploy/up.hpp"

#include <signal.h>
#include <spdlog/spdlog.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <deque>
#include <iostream>
#include <map>
#include <thread>

#include "deploy/database.hpp"
#include "deploy/errors.hpp"
#include "deploy/nightly.hpp"
#include "deploy/process.hpp"

namespace wangge::deploy {
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
namespace {

std::string program() {
  return fs::read_symlink("/proc/self/exe").string();
}

struct Child {
  std::string name;
  pid_t pid = 0;
  int deaths = 0;  // in a row
  bool was_ready = false;
  Clock::time_point started{}, next_start{};
};

struct Job {  // something that runs once beside the children
  std::string name;
  std::vector<std::string> argv;
  bool needs_doors = false;
  bool demo = false;
};

class Supervisor {
 public:
  Supervisor(Settings const& settings, Layout const& layout, UpOptions const& options)
      : settings_(settings),
        layout_(layout),
        options_(options),
        program_(program()),
        nightly_(layout.backup, settings.backup.at, settings.backup.nightly) {}

  int run();

 private:
  void block_signals();
  bool stop_asked(std::chrono::milliseconds wait);
  bool start_database();
  void turn();
  void launch(Child& child);
  void start(Child& child);
  void reap();
  void ended(Child& child, int status);
  void job_ended(int status);
  void start_jobs();
  bool run_to_end(std::vector<std::string> argv, std::string const& what);
  void look_for_readiness();
  void plan_demo();
  void finish_demo(bool well);
  void outlive(std::string const& name);
  void drain();
  void drain_one(Child& child, int signal, std::chrono::seconds patience);
  std::vector<std::string> words(std::vector<std::string> first) const;
  void note_pid(std::string const& name, pid_t pid);
  void note_pids_again();
  void forget_pid(std::string const& name);

  Settings const& settings_;
  Layout const& layout_;
  UpOptions const& options_;
  std::string program_;
  Nightly nightly_;
  std::unique_ptr<EmbeddedPostgres> postgres_;
  std::string url_, admin_url_;
  Child database_{"postgres"}, dispatcher_{"dispatcher"}, gateway_{"gateway"};
  Clock::time_point database_trouble_{}, next_anchor_{}, next_job_{}, next_note_{}, complained_{};
  std::map<std::string, pid_t> unnoted_;  // whose pid file could not be written yet
  std::deque<Job> jobs_;
  Job job_;
  pid_t job_pid_ = 0;
  bool announced_ = false, stopping_ = false;
  int result_ = kOk;
  sigset_t signals_{};
};

void Supervisor::block_signals() {
  sigemptyset(&signals_);
  for (int const s : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) sigaddset(&signals_, s);
  sigprocmask(SIG_BLOCK, &signals_, nullptr);
}

// Sleeps until a signal or the time is over. True when we are asked to end.
bool Supervisor::stop_asked(std::chrono::milliseconds wait) {
  timespec const time{wait.count() / 1000, (wait.count() % 1000) * 1'000'000};
  int const got = sigtimedwait(&signals_, nullptr, &time);
  if (got == SIGTERM || got == SIGINT) stopping_ = true;
  return stopping_;
}

std::vector<std::string> Supervisor::words(std::vector<std::string> first) const {
  first.insert(first.begin(), program_);
  first.insert(first.end(), options_.forward.begin(), options_.forward.end());
  return first;
}

// False when asked to stop meanwhile.
bool Supervisor::start_database() {
  auto const notice = [](std::string const& text) { spdlog::info("{}", text); };
  if (!settings_.database.url.empty()) {
    url_ = settings_.database.url;
    admin_url_ = settings_.database.admin_url.empty() ? url_ : settings_.database.admin_url;
  } else {
    postgres_ = std::make_unique<EmbeddedPostgres>(layout_, settings_.backup.archive, notice);
    postgres_->prepare();
    if (!postgres_->start([&] { return stop_asked(0ms); })) return false;
    url_ = postgres_->url();
    admin_url_ = postgres_->admin_url();
    database_.pid = postgres_->pid();
    database_.started = Clock::now();
    note_pid("postgres", database_.pid);
    postgres_->ensure_database();
  }
  migrate(url_, admin_url_, notice);
  return true;
}

// A full or unwritable disk must not end the one process that keeps the others alive: it says so and tries again.
void Supervisor::note_pid(std::string const& name, pid_t pid) {
  try {
    write_file(layout_.pid_file(name), std::to_string(pid) + "\n", 0644);
    unnoted_.erase(name);
  } catch (std::exception const& error) {
    if (unnoted_.insert_or_assign(name, pid).second) spdlog::error("{}; going on without it", error.what());
  }
}

void Supervisor::note_pids_again() {
  if (unnoted_.empty() || Clock::now() < next_note_) return;
  next_note_ = Clock::now() + 1s;
  for (auto const& [name, pid] : std::map(unnoted_)) note_pid(name, pid);
}

void Supervisor::forget_pid(std::string const& name) {
  std::error_code ignored;
  fs::remove(layout_.pid_file(name), ignored);
  unnoted_.erase(name);
}

void Supervisor::launch(Child& child) {
  try {
    start(child);
  } catch (std::exception const& error) {
    auto const delay = restart_delay_ms(++child.deaths);
    child.next_start = Clock::now() + std::chrono::milliseconds(delay);
    spdlog::error("{} cannot be started: {}; trying again in {} ms", child.name, error.what(), delay);
  }
}

void Supervisor::start(Child& child) {
  if (&child == &database_) {
    postgres_->clear_leftovers(std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - database_trouble_));
    if (auto const other = postgres_->running()) {
      spdlog::warn("process {} still serves {}", *other, postgres_->cluster().string());
      child.next_start = Clock::now() + 500ms;
      return;
    }
    child.pid = postgres_->launch(SIGINT);
  } else {
    Command command;
    command.argv = words({child.name});
    command.death_signal = SIGTERM;
    if (&child == &gateway_) {
      std::error_code ignored;
      fs::remove(layout_.address, ignored);
    }
    child.pid = spawn(command);
  }
  child.started = Clock::now();
  note_pid(child.name, child.pid);
}

void Supervisor::ended(Child& child, int status) {
  bool const short_life = Clock::now() - child.started < 20s;
  child.deaths = short_life ? child.deaths + 1 : 0;
  child.pid = 0;
  forget_pid(child.name);
  if (stopping_) return;
  if (&child == &database_ && !short_life) database_trouble_ = Clock::now();
  if (&child == &database_ && database_trouble_ == Clock::time_point{}) database_trouble_ = Clock::now();
  // A child that says its settings or its surroundings are wrong, and never worked, will not work the next time.
  if (!child.was_ready && !announced_ && (status == kUsage || status == kEnvironment)) {
    spdlog::error("{} cannot start (exit code {}); see its words above", child.name, status);
    result_ = status;
    stopping_ = true;
    return;
  }
  auto const delay = restart_delay_ms(child.deaths);
  child.next_start = Clock::now() + std::chrono::milliseconds(delay);
  spdlog::warn("{} ended ({}{}), starting it again in {} ms", child.name, status > 128 ? "signal " : "exit code ",
               status > 128 ? status - 128 : status, delay);
}

void Supervisor::reap() {
  int status = 0;
  for (pid_t pid = 0; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    auto const code = exit_code(status);
    if (pid == job_pid_) job_ended(code);
    for (auto* child : {&database_, &dispatcher_, &gateway_})
      if (pid == child->pid) ended(*child, code);
  }
}

void Supervisor::look_for_readiness() {
  std::error_code ignored;
  if (database_.pid && !database_.was_ready && postgres_->ready(database_.pid)) {
    database_.was_ready = true;
    database_trouble_ = {};
  }
  if (gateway_.pid && fs::exists(layout_.address, ignored)) gateway_.was_ready = true;
  if (announced_ || !gateway_.was_ready) return;
  announced_ = true;
  auto const address = read_file(layout_.address);
  spdlog::info("ready: {}", address.substr(0, address.find('\n')));
  notify_systemd("READY=1");
}

void Supervisor::plan_demo() {
  jobs_.push_back({"play yesterday", words({"demo-day"}), true, true});
  jobs_.push_back({"the month's table", words({"report", "closure", "--demo-month", "--format", "table"}), true, true});
}

void Supervisor::start_jobs() {
  if (job_pid_) return;
  if (jobs_.empty() && announced_ && nightly_.due()) {
    nightly_.attempted();
    jobs_.push_back({"nightly backup", words({"backup", "--nightly"})});
  }
  if (jobs_.empty() && announced_ && !settings_.audit.anchor.empty() && Clock::now() >= next_anchor_) {
    next_anchor_ = Clock::now() + 10min;
    jobs_.push_back({"audit anchor", words({"audit", "anchor"})});
  }
  if (jobs_.empty() || (jobs_.front().needs_doors && !announced_) || Clock::now() < next_job_) return;
  Command command;
  command.argv = jobs_.front().argv;
  command.death_signal = SIGTERM;
  next_job_ = Clock::now() + 5s;  // when it cannot be started, it is the first again
  job_pid_ = spawn(command);
  next_job_ = {};
  job_ = jobs_.front();
  jobs_.pop_front();
}

void Supervisor::job_ended(int status) {
  job_pid_ = 0;
  if (stopping_) return;
  if (status != 0) spdlog::error("{} failed (exit code {})", job_.name, status);
  if (!job_.demo) return;
  bool const last = jobs_.empty() || !jobs_.front().demo;
  if (status != 0 || last) finish_demo(status == 0);
}

void Supervisor::finish_demo(bool well) {
  std::erase_if(jobs_, [](Job const& job) { return job.demo; });
  auto const address = read_file(layout_.address);
  std::cout << "\n";
  print_accounts(layout_.data / "demo-accounts.json");
  std::cout << "\n" << address.substr(0, address.find('\n')) << "/\n" << std::flush;
  if (!options_.once) return;
  if (!well) result_ = kFailed;
  stopping_ = true;
}

// Before the children: what must be over before they start.
bool Supervisor::run_to_end(std::vector<std::string> argv, std::string const& what) {
  Command command;
  command.argv = std::move(argv);
  command.death_signal = SIGTERM;
  pid_t const pid = spawn(command);
  int status = 0;
  while (waitpid(pid, &status, WNOHANG) == 0)
    if (stop_asked(100ms)) {
      kill(pid, SIGTERM);
      waitpid(pid, nullptr, 0);
      return false;
    }
  if (exit_code(status) != 0) throw EnvironmentError(what + " failed");
  return true;
}

int Supervisor::run() {
  block_signals();
  make_folders(layout_);
  DataLock const lock(layout_, "wangge up");
  std::error_code ignored;
  if (fs::exists(layout_.data / "restore.incomplete", ignored))
    throw EnvironmentError(layout_.data.string() +
                           " holds a restore that did not finish; restore again into another folder");
  note_pid("up", getpid());
  for (auto const* name : {"gateway", "dispatcher"}) outlive(name);
  auto const problem = port_problem(settings_.server.address, static_cast<int>(settings_.server.port));
  if (!problem.empty()) throw EnvironmentError(problem);

  bool going = start_database();
  if (going && options_.demo) going = run_to_end(words({"load", "--demo", "--quiet"}), "loading the demo district");
  if (going) {
    database_.was_ready = true;
    launch(dispatcher_);
    launch(gateway_);
    if (options_.demo) plan_demo();
  }
  while (!stop_asked(announced_ ? 200ms : 20ms)) {
    try {
      turn();
    } catch (std::exception const& error) {
      if (Clock::now() - complained_ < 10s) continue;
      complained_ = Clock::now();
      spdlog::error("{}; going on", error.what());
    }
  }
  drain();
  return result_;
}

void Supervisor::turn() {
  reap();
  if (stopping_) return;
  auto const now = Clock::now();
  for (auto* child : {&database_, &dispatcher_, &gateway_})
    if (!child->pid && (child != &database_ || postgres_) && now >= child->next_start) launch(*child);
  note_pids_again();
  look_for_readiness();
  start_jobs();
}

// The children of an `up` that was just killed got SIGTERM from the kernel and are draining; they hold port and spool.
void Supervisor::outlive(std::string const& name) {
  auto const pid = read_pid(layout_.pid_file(name));
  std::error_code gone;
  auto const ours = [&] {
    return pid && alive(*pid) &&
           fs::read_symlink("/proc/" + std::to_string(*pid) + "/exe", gone).filename().string().starts_with("wangge");
  };
  for (auto const begin = Clock::now(); ours() && !stop_asked(50ms);)
    if (Clock::now() - begin > 15s) kill(*pid, SIGKILL);
  forget_pid(name);
}

void Supervisor::drain_one(Child& child, int signal, std::chrono::seconds patience) {
  if (!child.pid) return;
  kill(child.pid, signal);
  auto const begin = Clock::now();
  int status = 0;
  while (waitpid(child.pid, &status, WNOHANG) == 0) {
    if (Clock::now() - begin > patience) {
      spdlog::warn("{} did not end in {} s, ending it hard", child.name, patience.count());
      kill(child.pid, &child == &database_ ? SIGQUIT : SIGKILL);
      waitpid(child.pid, &status, 0);
      break;
    }
    std::this_thread::sleep_for(10ms);
  }
  child.pid = 0;
  forget_pid(child.name);
}

// In the order of the road: no new reports, then no new decisions, then the truth.
void Supervisor::drain() {
  notify_systemd("STOPPING=1");
  spdlog::info("stopping");
  if (job_pid_) {
    kill(job_pid_, SIGTERM);
    waitpid(job_pid_, nullptr, 0);
  }
  drain_one(gateway_, SIGTERM, 15s);
  drain_one(dispatcher_, SIGTERM, 15s);
  drain_one(database_, SIGINT, 60s);
  std::error_code ignored;
  fs::remove(layout_.address, ignored);
  forget_pid("up");
}

}  // namespace

int up(Settings const& settings, Layout const& layout, UpOptions const& options) {
  return Supervisor(settings, layout, options).run();
}

}  // namespace wangge::deploy
