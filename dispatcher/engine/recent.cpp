#include "dispatcher/engine/recent.hpp"

#include <algorithm>
#include <cmath>

namespace wangge::engine {

namespace {

constexpr double kSquare = 0.001;                // degrees, about 90-110 m here: wider than any twin radius in use
constexpr double kMetresPerDegree = 111'320.0;   // of latitude
constexpr std::size_t kMostTwins = 8;

std::string key_of(std::string_view standard, std::string_view kind, std::string_view code, std::int64_t x, std::int64_t y) {
  std::string key;
  key.append(standard).append("/").append(kind).append("/").append(code);
  key.append("/").append(std::to_string(x)).append("/").append(std::to_string(y));
  return key;
}

std::int64_t square(double degrees) { return static_cast<std::int64_t>(std::floor(degrees / kSquare)); }

double metres_between(double lon1, double lat1, double lon2, double lat2) {
  double const dy = (lat2 - lat1) * kMetresPerDegree;
  double const dx = (lon2 - lon1) * kMetresPerDegree * std::cos((lat1 + lat2) / 2 * M_PI / 180);
  return std::hypot(dx, dy);
}

}  // namespace

void RecentIndex::clear() {
  by_square_.clear();
  order_.clear();
}

void RecentIndex::add(storage::RecentCase const& c) {
  auto const at = by_square_.try_emplace(key_of(c.standard, c.kind, c.code, square(c.lon), square(c.lat))).first;
  auto& [newest, dropped] = at->second;
  if (newest.size() == kPerSquare) newest.erase(newest.begin()), ++dropped;
  newest.push_back({c.case_no, c.component_id, c.lon, c.lat, c.opened_at});
  order_.push_back(&*at);
  if (order_.size() > kMost) forget_oldest();
}

void RecentIndex::forget_oldest() {
  auto const it = by_square_.find(order_.front()->first);
  order_.pop_front();
  auto& [newest, dropped] = it->second;
  if (dropped > 0) return void(--dropped);
  newest.erase(newest.begin());
  if (newest.empty()) by_square_.erase(it);
}

std::vector<core::Neighbour> RecentIndex::near(core::Report const& r, core::Instant opened_at, std::int64_t metres,
                                               std::int64_t hours) const {
  std::vector<Entry const*> found;
  auto const span = std::chrono::hours(hours);
  auto const reach = static_cast<std::int64_t>(std::ceil(static_cast<double>(metres) / (kSquare * kMetresPerDegree * 0.5)));
  for (std::int64_t dx = -reach; dx <= reach; ++dx)
    for (std::int64_t dy = -reach; dy <= reach; ++dy) {
      auto const it = by_square_.find(
          key_of(r.category.standard, r.category.kind, r.category.code, square(r.lon) + dx, square(r.lat) + dy));
      if (it == by_square_.end()) continue;
      for (auto const& c : it->second.newest) {
        auto const apart = c.opened_at > opened_at ? c.opened_at - opened_at : opened_at - c.opened_at;
        if (apart <= span && metres_between(c.lon, c.lat, r.lon, r.lat) <= static_cast<double>(metres)) found.push_back(&c);
      }
    }
  std::sort(found.begin(), found.end(), [](auto* a, auto* b) { return a->case_no < b->case_no; });
  if (found.size() > kMostTwins) found.erase(found.begin(), found.end() - kMostTwins);  // the newest are the likeliest
  std::vector<core::Neighbour> out;
  for (auto* c : found) out.push_back({c->case_no, c->component_id});
  return out;
}

}  // namespace wangge::engine
