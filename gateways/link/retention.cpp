#include "gateways/link/retention.hpp"

#include <algorithm>

namespace wangge::link {

std::int64_t Retention::run(spool::Store& store, std::map<std::string, Owned> const& districts, core::Instant now) {
  bool const look = now >= look_at_;
  if (look) look_at_ = now + rules_.every;
  if (!look && !more_) return 0;
  std::int64_t dropped = 0;
  for (auto const& [district, owned] : districts) {
    auto& [epoch, looks] = looks_[district];
    if (epoch != owned.epoch) looks.clear();
    epoch = owned.epoch;
    if (look) looks.push_back({now, std::min(store.settled_below(district), owned.passed_below)});
    if (looks.size() > kMostLooks) looks.erase(looks.begin() + 1);  // the oldest may be the only one before the backup
    if (!owned.verified_backup) continue;
    auto const in_time = [this, began = *owned.verified_backup](Look const& l) { return l.at + rules_.clocks_differ <= began; };
    while (looks.size() > 1 && in_time(looks[1])) looks.pop_front();  // the newest that was before the backup counts
    if (looks.empty() || !in_time(looks.front())) continue;
    dropped += store.prune(district, now - rules_.keep, looks.front().below);
  }
  more_ = dropped > 0;
  return dropped;
}

}  // namespace wangge::link
