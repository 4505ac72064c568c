// Texts that were costly to get, kept for a while in bounded memory and asked for once however many want them at the
// same time. What is asked for long ago goes first.
#pragma once

#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace wangge::storage {

class Kept {
 public:
  using Clock = std::chrono::steady_clock;
  explicit Kept(std::size_t most_bytes) : most_(most_bytes) {}

  // The text of this key if it is there and no older than `life`. Never waits.
  std::optional<std::string> known(std::string const& key, std::chrono::seconds life) {
    std::lock_guard lock(mutex_);
    auto const found = all_.find(key);
    if (found == all_.end() || found->second->asking || Clock::now() - found->second->at > life) return std::nullopt;
    order_.splice(order_.begin(), order_, found->second);
    return found->second->text;
  }

  // The text of this key if it is no older than `life`, else what `ask` gives. Whoever comes while it is being asked
  // waits for that answer; if asking failed, the next one asks anew.
  template <class Ask>
  std::string get(std::string const& key, std::chrono::seconds life, Ask&& ask) {
    std::unique_lock lock(mutex_);
    while (true) {
      auto const found = all_.find(key);
      if (found == all_.end()) break;
      if (found->second->asking) {
        answered_.wait(lock);
        continue;
      }
      if (Clock::now() - found->second->at <= life) {
        order_.splice(order_.begin(), order_, found->second);
        return found->second->text;
      }
      drop(found->second);
      break;
    }
    order_.push_front({key, {}, {}, true});
    all_[key] = order_.begin();
    lock.unlock();
    try {
      std::string text = ask();
      lock.lock();
      auto& entry = *all_.at(key);
      entry.asking = false, entry.at = Clock::now(), entry.text = text;
      bytes_ += cost(entry);
      while (bytes_ > most_ && !order_.empty() && !order_.back().asking) drop(std::prev(order_.end()));
      answered_.notify_all();
      return text;
    } catch (...) {
      if (!lock.owns_lock()) lock.lock();
      drop(all_.at(key));
      answered_.notify_all();
      throw;
    }
  }

 private:
  struct Entry {
    std::string key, text;
    Clock::time_point at{};
    bool asking = false;
  };
  using Place = std::list<Entry>::iterator;
  static std::size_t cost(Entry const& e) { return e.key.size() + e.text.size() + 128; }
  void drop(Place place) {
    if (!place->asking) bytes_ -= cost(*place);
    all_.erase(place->key);
    order_.erase(place);
  }
  std::size_t most_, bytes_ = 0;
  std::mutex mutex_;
  std::condition_variable answered_;
  std::list<Entry> order_;  // the newest asked for first
  std::unordered_map<std::string, Place> all_;
};

}  // namespace wangge::storage
