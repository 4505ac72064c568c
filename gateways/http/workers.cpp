// See workers.hpp.
#include "gateways/http/workers.hpp"

#include <algorithm>

namespace wangge::http {

Workers::Workers(int threads, std::size_t queue) : limit_(queue) {
  for (int i = 0; i < std::max(1, threads); ++i) threads_.emplace_back([this] { run(); });
}

bool Workers::push(std::function<void()> job) {
  {
    std::lock_guard const lock(mutex_);
    if (stopping_ || jobs_.size() >= limit_) return false;
    jobs_.push_back(std::move(job));
  }
  more_.notify_one();
  return true;
}

void Workers::stop() {
  std::deque<std::function<void()>> dropped;  // destroyed outside the lock: a dropped job may answer
  {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
    dropped.swap(jobs_);
  }
  more_.notify_all();
  for (auto& thread : threads_) {
    if (thread.joinable()) thread.join();
  }
}

void Workers::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    more_.wait(lock, [&] { return stopping_ || !jobs_.empty(); });
    if (stopping_) return;
    {
      auto const job = std::move(jobs_.front());
      jobs_.pop_front();
      lock.unlock();
      job();
    }
    lock.lock();
  }
}

}  // namespace wangge::http
