// The file of unanswered commands: read and compacted at start, appended in groups, each group synced once. Where the disk
// refuses, this process remembers, and writes all of it when there is room again.
#include "gateways/console/attempts.hpp"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <optional>

#include <fcntl.h>
#include <unistd.h>

#include <spdlog/spdlog.h>

#include "gateways/http/ids.hpp"

namespace wangge::console {
namespace {

constexpr auto kKept = std::chrono::hours{24};
constexpr std::size_t kMost = 500'000;  // about 60 MB; beyond it new attempts count from their own arrival

std::string name_of(core::Command const& c) {
  std::string text;
  for (auto const* part : {&c.who.district, &c.who.name, &c.command_id, &c.body_hash}) text += *part + '\n';
  return http::sha256_hex(text);
}

std::string line_of(core::Instant at, std::string const& name) {
  return std::to_string(at.time_since_epoch().count()) + ' ' + name + '\n';
}

// What line_of wrote; nothing else counts.
std::optional<std::pair<std::string, core::Instant>> read_line(std::string_view line) {
  auto const space = line.find(' ');
  if (space == std::string_view::npos) return std::nullopt;
  std::int64_t at = 0;
  auto const read = std::from_chars(line.data(), line.data() + space, at);
  auto const name = line.substr(space + 1);
  if (read.ec != std::errc{} || read.ptr != line.data() + space || name.size() != 64) return std::nullopt;
  if (name.find_first_not_of("0123456789abcdef") != std::string_view::npos) return std::nullopt;
  return std::pair(std::string(name), core::Instant{core::Millis{at}});
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    auto const n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

}  // namespace

Attempts::Attempts(std::string file, core::Instant now) : file_(std::move(file)), swept_(now) {
  std::ifstream in(file_);
  for (std::string line; std::getline(in, line);) {
    auto const entry = read_line(line);  // a torn line, the last or not, costs only itself
    if (entry && now - entry->second < kKept) first_.insert(*entry);
  }
  forget_old(now);
  if (!compact()) {
    unkept_ = true;
    spdlog::error("unanswered commands cannot be kept in {}: {}; they are remembered while this process lives", file_, std::strerror(errno));
  }
  thread_ = std::thread([this] { run(); });
}

Attempts::~Attempts() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  ready_.notify_all();
  if (thread_.joinable()) thread_.join();
  if (fd_ >= 0) ::close(fd_);
}

// Writes everything remembered to a new file and puts it in the old one's place. False, with errno: nothing has changed.
bool Attempts::compact() {
  std::string lines;
  {
    std::lock_guard lock(mutex_);
    for (auto const& [name, at] : first_) lines += line_of(at, name);
  }
  auto const fresh = file_ + ".new";
  int const fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  if (!write_all(fd, lines) || ::fdatasync(fd) != 0 || std::rename(fresh.c_str(), file_.c_str()) != 0) {
    auto const why = errno;
    ::close(fd);
    ::unlink(fresh.c_str());
    errno = why;
    return false;
  }
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
  torn_ = false;
  return true;
}

// One write may be cut short: the next begins a line of its own.
bool Attempts::append(std::string const& lines) {
  if (fd_ < 0) {
    fd_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    torn_ = true;
  }
  if (fd_ < 0) return false;
  bool const written = write_all(fd_, torn_ ? '\n' + lines : lines);
  torn_ = !written;
  return written && ::fdatasync(fd_) == 0;
}

void Attempts::forget_old(core::Instant now) {
  std::erase_if(first_, [&](auto const& entry) { return now - entry.second >= kKept; });
  swept_ = now;
}

core::Instant Attempts::first(core::Command const& command, core::Instant now) const {
  std::lock_guard lock(mutex_);
  auto const found = first_.find(name_of(command));
  if (found == first_.end() || now - found->second >= kKept) return now;
  return std::min(found->second, now);
}

void Attempts::keep(core::Command const& command, std::function<void()> done) {
  auto const name = name_of(command);
  {
    std::lock_guard lock(mutex_);
    if (command.received_at - swept_ > std::chrono::hours{1}) forget_old(command.received_at);
    if (first_.size() < kMost && first_.emplace(name, command.received_at).second) {
      waiting_.push_back({line_of(command.received_at, name), std::move(done)});
      done = nullptr;
    }
  }
  if (done) return done();  // known already, or no room
  ready_.notify_one();
}

std::size_t Attempts::size() const {
  std::lock_guard lock(mutex_);
  return first_.size();
}

void Attempts::run() {
  for (;;) {
    std::vector<Waiting> group;
    {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
      if (waiting_.empty()) return;
      group.swap(waiting_);
    }
    std::string lines;
    for (auto const& entry : group) lines += entry.line;
    // A full disk must not keep the caller from his 503: this process still remembers the attempt, and writes it with all
    // others once there is room again.
    bool const kept = append(lines);
    if (!kept && !unkept_) spdlog::error("unanswered commands could not be kept in {}: {}", file_, std::strerror(errno));
    unkept_ = !kept || (unkept_ && !compact());
    for (auto const& entry : group) entry.done();
  }
}

}  // namespace wangge::console
