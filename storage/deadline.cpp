#include "storage/deadline.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace wangge::storage {
namespace {

using Clock = std::chrono::steady_clock;

// One thread for all limits of the program, begun with the first.
class Watcher {
 public:
  static Watcher& one() {
    static Watcher watcher;
    return watcher;
  }
  std::uint64_t add(int socket, std::chrono::milliseconds limit) {
    std::lock_guard const lock(mutex_);
    auto const until = Clock::now() + limit;
    bool const sooner = by_time_.empty() || until < by_time_.begin()->first;
    sockets_.emplace(++last_, Watched{socket, until});
    by_time_.emplace(until, last_);
    if (sooner) changed_.notify_one();
    return last_;
  }
  void remove(std::uint64_t id) {
    std::lock_guard const lock(mutex_);
    auto const found = sockets_.find(id);
    by_time_.erase({found->second.until, id});
    sockets_.erase(found);
  }
  bool passed(std::uint64_t id) {
    std::lock_guard const lock(mutex_);
    return sockets_.at(id).passed;
  }

 private:
  struct Watched {
    int socket;
    Clock::time_point until;
    bool passed = false;
  };
  Watcher() : thread_([this] { run(); }) {}
  ~Watcher() {
    {
      std::lock_guard const lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
  }
  void run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      if (by_time_.empty()) {
        changed_.wait(lock);
        continue;
      }
      auto const [until, id] = *by_time_.begin();
      if (Clock::now() < until) {
        changed_.wait_until(lock, until);
        continue;
      }
      by_time_.erase(by_time_.begin());
      auto& late = sockets_.at(id);
      late.passed = true;
      ::shutdown(late.socket, SHUT_RDWR);
    }
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::uint64_t, Watched> sockets_;
  std::set<std::pair<Clock::time_point, std::uint64_t>> by_time_;
  std::uint64_t last_ = 0;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace

Deadline::Deadline(int socket, std::chrono::milliseconds limit) : own_(socket < 0 ? -1 : ::fcntl(socket, F_DUPFD_CLOEXEC, 0)) {
  if (own_ >= 0) id_ = Watcher::one().add(own_, limit);
}

Deadline::~Deadline() {
  if (own_ < 0) return;
  Watcher::one().remove(id_);
  ::close(own_);
}

bool Deadline::passed() const { return own_ >= 0 && Watcher::one().passed(id_); }

}  // namespace wangge::storage
