#include "gateways/beat.hpp"

namespace wangge::doors {

void Beat::start() {
  thread_ = std::thread([this] { run(); });
}

void Beat::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void Beat::add(std::shared_ptr<http::Stream> const& stream) {
  std::lock_guard lock(mutex_);
  streams_.push_back(stream);
}

void Beat::run() {
  std::unique_lock lock(mutex_);
  while (!woken_.wait_for(lock, every_, [this] { return stopping_; })) {
    std::vector<std::shared_ptr<http::Stream>> open;
    std::erase_if(streams_, [&](auto const& weak) {
      auto stream = weak.lock();
      if (!stream || !stream->open()) return true;
      open.push_back(std::move(stream));
      return false;
    });
    lock.unlock();
    for (auto const& stream : open) stream->comment("beat");
    open.clear();  // the last holder may be here: its end is not told under the lock
    lock.lock();
  }
}

}  // namespace wangge::doors
