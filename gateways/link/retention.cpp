#include "gateways/link/retention.hpp"

namespace wangge::link {

void Retention::look(spool::Store& store, core::Instant now) {
  for (auto const& district : store.districts()) {
    auto& looks = looks_[district];
    looks.push_back({now, store.settled_below(district)});
    if (looks.size() > kMostLooks) looks.erase(looks.begin() + 1);  // the oldest may be the only one before the backup
  }
}

std::int64_t Retention::run(spool::Store& store, std::map<std::string, core::Instant> const& verified,
                            core::Instant now) {
  if (!more_ && now < look_at_) return 0;
  if (now >= look_at_) {
    look_at_ = now + rules_.every;
    look(store, now);
  }
  more_ = false;
  std::int64_t dropped = 0;
  for (auto const& [district, began] : verified) {
    auto& looks = looks_[district];
    auto const in_time = [&](Look const& l) { return l.at + rules_.clocks_differ <= began; };
    while (looks.size() > 1 && in_time(looks[1])) looks.pop_front();  // the newest that was before the backup counts
    if (looks.empty() || !in_time(looks.front())) continue;
    dropped += store.prune(district, now - rules_.keep, looks.front().below);
  }
  more_ = dropped > 0;
  return dropped;
}

}  // namespace wangge::link
