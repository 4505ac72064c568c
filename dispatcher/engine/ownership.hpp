// Who writes which district under which epoch, shared by the lanes. The report lane takes over; the command lane joins
// the same epoch; whoever loses its connection asks for a new take-over, so an old backend can never finish unseen.
#pragma once

#include <map>
#include <mutex>
#include <utility>

#include "dispatcher/engine/world.hpp"

namespace wangge::engine {

class Ownership {
 public:
  struct View {
    std::uint64_t generation = 0;  // of the take-over; 0 = nothing owned
    std::uint64_t worlds = 0;      // of the standing data
    std::map<std::string, std::int64_t> epochs;
    std::map<std::string, World> world;
  };

  View view() const {
    std::lock_guard lock(mutex_);
    return view_;
  }
  bool owned() const {
    std::lock_guard lock(mutex_);
    return view_.generation != 0;
  }
  std::uint64_t generation() const {
    std::lock_guard lock(mutex_);
    return view_.generation;
  }
  std::uint64_t worlds() const {
    std::lock_guard lock(mutex_);
    return view_.worlds;
  }

  void taken(std::map<std::string, std::int64_t> epochs, std::map<std::string, World> world) {
    std::lock_guard lock(mutex_);
    view_.generation = ++last_;
    ++view_.worlds;
    view_.epochs = std::move(epochs);
    view_.world = std::move(world);
  }
  // Somebody lost a connection or its epoch under `generation`; older news is ignored (false).
  bool lose(std::uint64_t generation) {
    std::lock_guard lock(mutex_);
    if (generation == 0 || generation != view_.generation) return false;
    view_.generation = 0;
    return true;
  }
  // The database holds districts that nobody here has: the report lane takes them over too.
  void ask_more() {
    std::lock_guard lock(mutex_);
    more_ = true;
  }
  bool take_more() {
    std::lock_guard lock(mutex_);
    return std::exchange(more_, false);
  }
  void change(std::string const& district, World world) {
    std::lock_guard lock(mutex_);
    if (!view_.world.contains(district)) return;
    view_.world[district] = std::move(world);
    ++view_.worlds;
  }
  void note_cursor(std::string const& district, std::string const& spool, std::int64_t seq) {
    std::lock_guard lock(mutex_);
    cursors_[{district, spool}] = seq;
  }
  void forget_cursors(std::string const& district) {
    std::lock_guard lock(mutex_);
    std::erase_if(cursors_, [&](auto const& c) { return c.first.first == district; });
  }
  std::int64_t cursor(std::string const& district, std::string const& spool) const {
    std::lock_guard lock(mutex_);
    auto const it = cursors_.find({district, spool});
    return it == cursors_.end() ? 0 : it->second;
  }

 private:
  mutable std::mutex mutex_;
  View view_;
  bool more_ = false;
  std::uint64_t last_ = 0;
  std::map<std::pair<std::string, std::string>, std::int64_t> cursors_;
};

}  // namespace wangge::engine
