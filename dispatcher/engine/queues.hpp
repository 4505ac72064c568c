// What waits between the bus thread and a lane. Bounded in bytes; a resent report meets its waiting twin and only
// refreshes it, so a long dead database does not fill the memory with copies.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <unordered_map>
#include <variant>

#include "dispatcher/engine/convert.hpp"

namespace wangge::engine {

class ReportQueue {
 public:
  explicit ReportQueue(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  void push(ReportIn in) {
    std::lock_guard lock(mutex_);
    auto const id = in.report.district + '/' + in.spool_id + '/' + std::to_string(in.seq);
    if (auto it = waiting_.find(id); it != waiting_.end()) {
      it->second->peer = std::move(in.peer);
      it->second->report.answered |= in.report.answered;
      it->second->refused |= in.refused;
      return;
    }
    if (bytes_ + in.payload.size() > most_bytes_) return;  // dropped: no answer, the spool sends it again
    bytes_ += in.payload.size();
    auto item = std::make_shared<ReportIn>(std::move(in));
    waiting_[id] = item;
    items_.push_back(std::move(item));
    arrived_.notify_one();
  }

  // Up to `cap` reports of one district; waits at most `at_most` for the first.
  std::vector<ReportIn> take(std::size_t cap, std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    if (items_.empty() && at_most.count() > 0) arrived_.wait_for(lock, at_most, [&] { return !items_.empty() || rung_; });
    rung_ = false;
    std::vector<ReportIn> batch;
    while (!items_.empty() && batch.size() < cap) {
      auto& item = *items_.front();
      if (!batch.empty() && batch.front().report.district != item.report.district) break;
      waiting_.erase(item.report.district + '/' + item.spool_id + '/' + std::to_string(item.seq));
      bytes_ -= item.payload.size();
      batch.push_back(std::move(item));
      items_.pop_front();
    }
    return batch;
  }

  void clear() {  // whoever owns the district next gets them from the spools
    std::lock_guard lock(mutex_);
    items_.clear();
    waiting_.clear();
    bytes_ = 0;
  }

  void ring() {
    std::lock_guard lock(mutex_);
    rung_ = true;
    arrived_.notify_one();
  }

  std::size_t size() const {
    std::lock_guard lock(mutex_);
    return items_.size();
  }

 private:
  std::size_t const most_bytes_;
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::shared_ptr<ReportIn>> items_;
  std::unordered_map<std::string, std::shared_ptr<ReportIn>> waiting_;
  std::size_t bytes_ = 0;
  bool rung_ = false;
};

class CommandQueue {
 public:
  using Item = std::variant<CommandIn, ReceivedIn>;
  static constexpr std::size_t kMost = 20'000;

  bool push(Item item) {  // false: full, answer 503
    std::lock_guard lock(mutex_);
    if (items_.size() >= kMost) return false;
    items_.push_back(std::move(item));
    arrived_.notify_one();
    return true;
  }

  std::vector<Item> take(std::size_t cap, std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    if (items_.empty() && at_most.count() > 0) arrived_.wait_for(lock, at_most, [&] { return !items_.empty() || rung_; });
    rung_ = false;
    std::vector<Item> batch;
    while (!items_.empty() && batch.size() < cap) {
      batch.push_back(std::move(items_.front()));
      items_.pop_front();
    }
    return batch;
  }

  void ring() {
    std::lock_guard lock(mutex_);
    rung_ = true;
    arrived_.notify_one();
  }

  std::size_t size() const {
    std::lock_guard lock(mutex_);
    return items_.size();
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Item> items_;
  bool rung_ = false;
};

}  // namespace wangge::engine
