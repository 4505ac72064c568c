// The newest reports by category and place: what the core is told as possible twins (RULINGS 12). A proposal to an
// officer, not a rule: it is bounded (the newest kMost, the newest kPerSquare of one square) and warmed at take-over.
#pragma once

#include <deque>
#include <unordered_map>
#include <vector>

#include "storage/store.hpp"

namespace wangge::engine {

class RecentIndex {
 public:
  static constexpr std::size_t kMost = 200'000;
  static constexpr std::size_t kPerSquare = 64;

  RecentIndex() = default;
  RecentIndex(RecentIndex&&) = default;  // no copies: order_ points into by_square_
  RecentIndex& operator=(RecentIndex&&) = default;

  void clear();
  void add(storage::RecentCase const& c);
  // Cases of the same category opened within `metres` and `hours` of this one, oldest first, at most 8.
  std::vector<core::Neighbour> near(core::Report const& r, core::Instant opened_at, std::int64_t metres, std::int64_t hours) const;
  std::size_t size() const { return order_.size(); }

 private:
  struct Entry {
    std::string case_no, component_id;
    double lon = 0, lat = 0;
    core::Instant opened_at{};
  };
  struct Square {
    std::vector<Entry> newest;  // oldest first
    std::size_t dropped = 0;    // older ones that still stand in order_
  };
  void forget_oldest();

  // Key: category and a square of about 0.001 degree; twins lie in the square or near it. Most squares hold one case: what an
  // entry costs beside it is what the index costs.
  using Squares = std::unordered_map<std::string, Square>;
  Squares by_square_;
  std::deque<Squares::value_type const*> order_;  // squares in order of arrival, oldest first; nodes of a map stay where they are
};

}  // namespace wangge::engine
