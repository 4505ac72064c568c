// Some of a month's cases, by their places in its list: bits in memory, in the database bits or gaps, whichever is
// shorter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wangge::storage {

class PlaceSet {
 public:
  explicit PlaceSet(std::size_t size) : size_(size), words_((size + 63) / 64) {}
  void add(std::size_t place) { words_.at(place / 64) |= std::uint64_t{1} << place % 64; }
  PlaceSet& operator&=(PlaceSet const& other);
  PlaceSet& operator|=(PlaceSet const& other);
  PlaceSet& operator-=(PlaceSet const& other);
  std::optional<std::size_t> next(std::size_t from) const;  // the first place that is not before `from`
  std::size_t size() const { return size_; }
  std::string packed() const;

 private:
  std::size_t size_;
  std::vector<std::uint64_t> words_;
};

// The same while it is made, place after place.
class Gaps {
 public:
  void add(std::size_t place);
  std::string packed(std::size_t size) const;

 private:
  std::string bytes_;
  std::size_t next_ = 0;
};

// Reads what packed() wrote. Throws std::invalid_argument.
PlaceSet unpack(std::string_view packed, std::size_t size);

}  // namespace wangge::storage
