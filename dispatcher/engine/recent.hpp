// The newest reports by category and place: what the core is told as possible twins (RULINGS 12). A proposal to an
// officer, not a rule: it is bounded (the newest kMost, the newest kPerSquare of one square) and warmed at take-over.
#pragma once

#include <deque>
#include <unordered_map>

#include "storage/store.hpp"

namespace wangge::engine {

class RecentIndex {
 public:
  static constexpr std::size_t kMost = 200'000;
  static constexpr std::size_t kPerSquare = 64;

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
  // Key: category and a square of about 0.001 degree; twins lie in the square or near it.
  std::unordered_map<std::string, std::deque<Entry>> by_square_;
  std::deque<std::string> order_;  // keys in order of arrival, oldest first
};

}  // namespace wangge::engine
