// Four files of lines "milliseconds case_no version command_id", the newest is answered.0. See answered.hpp.
#include "gateways/console/answered.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace wangge::console {
namespace fs = std::filesystem;
namespace {

constexpr int kFiles = 4;
constexpr std::size_t kWaitingMost = 100'000;  // while the disk does not answer
constexpr auto kRest = std::chrono::milliseconds{100};

fs::path file(fs::path const& folder, int n) { return folder / ("answered." + std::to_string(n)); }

std::string line_of(AnsweredStep const& s) {
  return std::to_string(s.at.time_since_epoch().count()) + ' ' + s.case_no + ' ' + std::to_string(s.version) + ' ' +
         s.command_id + '\n';
}

bool read_line(std::string const& line, AnsweredStep& step) {
  std::istringstream words(line);
  std::int64_t at = 0;
  if (!(words >> at >> step.case_no >> step.version >> step.command_id)) return false;
  step.at = core::Instant{core::Millis{at}};
  return true;
}

}  // namespace

Answered::Answered(fs::path folder, Limits limits) : folder_(std::move(folder)), limits_(limits) {
  thread_ = std::thread([this] { run(); });
}

Answered::~Answered() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  ready_.notify_all();
  thread_.join();
  if (fd_ >= 0) ::close(fd_);
}

void Answered::note(AnsweredStep step) {
  bool first = false;
  {
    std::lock_guard lock(mutex_);
    if (waiting_.size() >= kWaitingMost) return;
    first = waiting_.empty();
    waiting_.push_back(std::move(step));
  }
  if (first) ready_.notify_one();
}

void Answered::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    ready_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    std::vector<AnsweredStep> steps;
    steps.swap(waiting_);
    lock.unlock();
    write(steps);
    lock.lock();
    ready_.wait_for(lock, kRest, [this] { return stopping_; });  // under load many lines a write
  }
}

void Answered::open() {
  auto const path = file(folder_, 0);
  fd_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  std::error_code error;
  auto const size = fs::file_size(path, error);
  size_ = error ? 0 : static_cast<std::size_t>(size);
  first_ = {};
  std::ifstream in(path);
  AnsweredStep step;
  if (std::string line; std::getline(in, line) && read_line(line, step)) first_ = step.at;
}

void Answered::turn() {
  ::close(std::exchange(fd_, -1));
  std::error_code ignored;
  for (int n = kFiles - 1; n > 0; --n) fs::rename(file(folder_, n - 1), file(folder_, n), ignored);
}

void Answered::write(std::vector<AnsweredStep> const& steps) {
  if (fd_ < 0) open();
  if (fd_ >= 0 && size_ > 0 && (steps.front().at - first_ >= limits_.span || size_ >= limits_.bytes)) {
    turn();
    open();
  }
  std::string lines;
  for (auto const& step : steps) lines += line_of(step);
  if (size_ == 0) first_ = steps.front().at;
  std::size_t done = 0;
  while (fd_ >= 0 && done < lines.size()) {
    auto const n = ::write(fd_, lines.data() + done, lines.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  size_ += done;
  bool const failed = done < lines.size();
  if (failed && !failed_) spdlog::warn("done steps cannot be noted in {}: {}", folder_.string(), std::strerror(errno));
  failed_ = failed;
}

std::vector<AnsweredStep> read_answered(fs::path const& folder, core::Instant since) {
  std::vector<AnsweredStep> found;
  for (int n = kFiles - 1; n >= 0; --n) {
    std::ifstream in(file(folder, n));
    for (std::string line; std::getline(in, line);)
      if (AnsweredStep step; read_line(line, step) && step.at >= since) found.push_back(std::move(step));
  }
  return found;
}

}  // namespace wangge::console
