// A set of places is the same after it was packed, whichever form was shorter, and refuses what it did not write.
#include <gtest/gtest.h>

#include <random>

#include "storage/place_set.hpp"

namespace wangge::tests {
namespace {

using storage::Gaps;
using storage::PlaceSet;

std::vector<std::size_t> places_of(PlaceSet const& set) {
  std::vector<std::size_t> places;
  for (auto at = set.next(0); at; at = set.next(*at + 1)) places.push_back(*at);
  return places;
}

TEST(PlaceSets, SparseAndDenseOnesComeBackAsTheyWere) {
  std::mt19937 chance(1);
  for (std::size_t const size : {1u, 63u, 64u, 65u, 1000u, 100'000u}) {
    for (int const one_in : {1, 2, 7, 300, 100'000}) {
      Gaps gaps;
      std::vector<std::size_t> places;
      for (std::size_t place = 0; place < size; ++place) {
        if (chance() % static_cast<unsigned>(one_in) != 0) continue;
        gaps.add(place);
        places.push_back(place);
      }
      auto const packed = gaps.packed(size);
      EXPECT_LE(packed.size(), size / 8 + 9);
      EXPECT_EQ(places_of(storage::unpack(packed, size)), places) << size << ", one in " << one_in;
      EXPECT_EQ(places_of(storage::unpack(storage::unpack(packed, size).packed(), size)), places);
    }
  }
}

TEST(PlaceSets, AreCutJoinedAndTakenAway) {
  PlaceSet even(200), third(200);
  for (std::size_t i = 0; i < 200; i += 2) even.add(i);
  for (std::size_t i = 0; i < 200; i += 3) third.add(i);
  auto both = even, any = even, rest = even;
  both &= third, any |= third, rest -= third;
  for (std::size_t i = 0; i < 200; ++i) {
    bool const e = i % 2 == 0, t = i % 3 == 0;
    EXPECT_EQ(both.next(i) == i, e && t) << i;
    EXPECT_EQ(any.next(i) == i, e || t) << i;
    EXPECT_EQ(rest.next(i) == i, e && !t) << i;
  }
}

TEST(PlaceSets, WhatCannotBeOneIsRefused) {
  for (std::string const& wrong : {std::string(), std::string("x"), std::string("b\x01"), std::string("g\x80"), std::string("g\x05\x05")})
    EXPECT_THROW(storage::unpack(wrong, 8), std::invalid_argument);
}

}  // namespace
}  // namespace wangge::tests
