// From the hash of a key to the row that holds it, in memory: 16 bytes an entry, open addressing. A unique index in the
// file would dirty one random page a record; this one is filled by the scan that verifies every record at start anyway.
// Hashes may collide: the caller compares the row itself.
#pragma once

#include <bit>
#include <cstdint>
#include <utility>
#include <vector>

namespace wangge::spool {

class KeyIndex {
 public:
  void add(std::uint64_t hash, std::int64_t row) {
    if ((used_ + 1) * 3 > slots_.size() * 2) rebuild();
    place(hash, row);
    ++used_;
    ++live_;
  }
  void remove(std::uint64_t hash, std::int64_t row) {
    if (slots_.empty()) return;
    for (std::size_t at = hash & mask();; at = (at + 1) & mask()) {
      if (slots_[at].row == kFree) return;
      if (slots_[at].hash == hash && slots_[at].row == row) {
        slots_[at].row = kGone;
        --live_;
        return;
      }
    }
  }
  // Calls is_it(row) for each row of this hash until it says yes; that row, or 0.
  template <class IsIt>
  std::int64_t find(std::uint64_t hash, IsIt&& is_it) const {
    if (slots_.empty()) return 0;
    for (std::size_t at = hash & mask(); slots_[at].row != kFree; at = (at + 1) & mask()) {
      if (slots_[at].hash == hash && slots_[at].row != kGone && is_it(slots_[at].row)) return slots_[at].row;
    }
    return 0;
  }
  void clear() {
    slots_.clear();
    used_ = live_ = 0;
  }

 private:
  static constexpr std::int64_t kFree = 0, kGone = -1;  // rows are positive
  struct Slot {
    std::uint64_t hash = 0;
    std::int64_t row = kFree;
  };
  std::size_t mask() const { return slots_.size() - 1; }
  void place(std::uint64_t hash, std::int64_t row) {
    std::size_t at = hash & mask();
    while (slots_[at].row != kFree) at = (at + 1) & mask();
    slots_[at] = {hash, row};
  }
  void rebuild() {  // room for twice what lives; tombstones go
    std::vector<Slot> old(std::bit_ceil(live_ * 3 + 64));
    old.swap(slots_);
    for (auto const& slot : old) {
      if (slot.row > 0) place(slot.hash, slot.row);
    }
    used_ = live_;
  }
  std::vector<Slot> slots_;
  std::size_t used_ = 0, live_ = 0;
};

}  // namespace wangge::spool
