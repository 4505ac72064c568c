// Where people of a dispatcher's districts were seen last: at what they reported, and where they checked. A hint that breaks
// ties (core::find_checker); in memory only, so after a start nobody's place is known until he is seen again. Thread-safe.
#pragma once

#include <map>
#include <mutex>

#include "dispatcher/core/decide.hpp"

namespace wangge::engine {

class Positions {
 public:
  // Older news than what is known changes nothing.
  void see(std::string const& person, core::Seen const& seen) {
    std::lock_guard lock(mutex_);
    auto& known = seen_[person];
    if (seen.at >= known.at) known = seen;
    if (seen_.size() > kMost) std::erase_if(seen_, [&](auto const& one) { return seen.at - one.second.at > core::kSeenFor; });
    if (seen_.size() > kMost) seen_.clear();
  }
  std::optional<core::Seen> find(std::string_view person) const {
    std::lock_guard lock(mutex_);
    auto const it = seen_.find(person);
    return it == seen_.end() ? std::nullopt : std::optional(it->second);
  }

 private:
  static constexpr std::size_t kMost = 20'000;  // people; a big city has some thousand on its streets
  mutable std::mutex mutex_;
  std::map<std::string, core::Seen, std::less<>> seen_;
};

}  // namespace wangge::engine
