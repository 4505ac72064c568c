#include "storage/place_set.hpp"

#include <bit>
#include <stdexcept>

namespace wangge::storage {
namespace {
constexpr char kBits = 'b', kGaps = 'g';
}

PlaceSet& PlaceSet::operator&=(PlaceSet const& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_.at(i);
  return *this;
}

PlaceSet& PlaceSet::operator|=(PlaceSet const& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_.at(i);
  return *this;
}

PlaceSet& PlaceSet::operator-=(PlaceSet const& other) {
  for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_.at(i);
  return *this;
}

std::optional<std::size_t> PlaceSet::next(std::size_t from) const {
  for (std::size_t word = from / 64; word < words_.size(); ++word) {
    auto const left = word == from / 64 ? words_[word] >> from % 64 << from % 64 : words_[word];
    if (left != 0) return word * 64 + static_cast<std::size_t>(std::countr_zero(left));
  }
  return std::nullopt;
}

std::string PlaceSet::packed() const {
  std::string out(1, kBits);
  for (auto word : words_) {
    for (int i = 0; i < 8; ++i, word >>= 8) out += static_cast<char>(word & 0xff);
  }
  return out;
}

void Gaps::add(std::size_t place) {
  auto gap = place - next_;
  for (; gap > 0x7f; gap >>= 7) bytes_ += static_cast<char>(gap | 0x80);
  bytes_ += static_cast<char>(gap);
  next_ = place + 1;
}

std::string Gaps::packed(std::size_t size) const {
  auto const gaps = kGaps + bytes_;
  return gaps.size() <= size / 8 + 8 ? gaps : unpack(gaps, size).packed();
}

PlaceSet unpack(std::string_view packed, std::size_t size) {
  PlaceSet set(size);
  auto const broken = [] { return std::invalid_argument("a set of places cannot be read"); };
  if (packed.empty()) throw broken();
  bool const bits = packed.front() == kBits;
  if (!bits && packed.front() != kGaps) throw broken();
  packed.remove_prefix(1);
  if (bits) {
    if (packed.size() != (size + 63) / 64 * 8) throw broken();
    for (std::size_t i = 0; i < packed.size(); ++i) {
      for (auto byte = static_cast<unsigned char>(packed[i]); byte != 0; byte &= static_cast<unsigned char>(byte - 1))
        if (auto const place = i * 8 + static_cast<std::size_t>(std::countr_zero(byte)); place < size) set.add(place);
    }
    return set;
  }
  std::size_t place = 0;
  for (std::size_t i = 0; i < packed.size();) {
    std::size_t gap = 0;
    for (int shift = 0;; shift += 7) {
      if (i == packed.size() || shift > 28) throw broken();
      auto const byte = static_cast<unsigned char>(packed[i++]);
      gap |= static_cast<std::size_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) break;
    }
    place += gap;
    if (place >= size) throw broken();
    set.add(place++);
  }
  return set;
}

}  // namespace wangge::storage
