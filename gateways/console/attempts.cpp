// The file of unanswered commands: read and compacted at start, appended in groups, each group synced once.
#include "gateways/console/attempts.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>

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
  std::int64_t at = 0;
  std::string name;
  while (in >> at >> name) {  // a torn last line fails here and is dropped
    auto const when = core::Instant{core::Millis{at}};
    if (name.size() == 64 && now - when < kKept) first_.emplace(name, when);
  }
  compact(now);
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

// Writes what is still young to a new file and puts it in the old one's place.
void Attempts::compact(core::Instant now) {
  forget_old(now);
  auto const fresh = file_ + ".new";
  int const fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) throw std::runtime_error("cannot write " + fresh + ": " + std::strerror(errno));
  std::string lines;
  for (auto const& [name, at] : first_) lines += line_of(at, name);
  if (!write_all(fd, lines) || ::fdatasync(fd) != 0 || std::rename(fresh.c_str(), file_.c_str()) != 0) {
    auto const why = std::string(std::strerror(errno));
    ::close(fd);
    throw std::runtime_error("cannot write " + file_ + ": " + why);
  }
  if (fd_ >= 0) ::close(fd_);
  fd_ = fd;
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
    // A full disk must not keep the caller from his 503: this process still remembers the attempt.
    if (!write_all(fd_, lines) || ::fdatasync(fd_) != 0)
      spdlog::error("unanswered commands could not be kept in {}: {}", file_, std::strerror(errno));
    for (auto const& entry : group) entry.done();
  }
}

}  // namespace wangge::console
