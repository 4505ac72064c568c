// May this dispatcher take over? Two that live would else take the epoch from each other for ever: whoever finds that
// somebody else took over waits until that one's beat is old. Runs in the dispatcher and in the simulator.
#pragma once

#include <map>

#include "storage/store.hpp"

namespace wangge::engine {

class Claim {
 public:
  static constexpr std::chrono::milliseconds kBeatOld{5000};

  explicit Claim(bool standby) : waits_(standby) {}

  void taken(std::string const& district, std::int64_t epoch) { mine_[district] = epoch; }
  void passed() { waits_ = true; }  // StaleEpoch was thrown at us
  // Asked before every take-over. A lost connection may have been ended by a newer owner: the fence tells. False: an
  // owner lives, look again later.
  bool may_take_over(storage::Store& store) {
    auto const districts = store.districts();
    for (auto const& district : districts) {
      auto const had = mine_.find(district);
      if (had != mine_.end() && store.epoch(district) > had->second) waits_ = true;
    }
    if (waits_)
      for (auto const& district : districts)
        if (auto const age = store.beat_age(district); age && *age < kBeatOld) return false;
    waits_ = false;
    return true;
  }

 private:
  bool waits_;
  std::map<std::string, std::int64_t> mine_;  // district -> the newest epoch that was ours
};

}  // namespace wangge::engine
