// One seed: a storm of reports, commands and faults, then calm, then every promise is checked.
#pragma once

#include "storage/memory_store.hpp"
#include "tests/sim/sim.hpp"

namespace wangge::sim {

struct Totals {
  std::uint64_t reports = 0, acknowledged = 0, cases = 0, commands = 0, done = 0, refused = 0, received = 0,
                crashes = 0, takeovers = 0, failovers = 0, restores = 0, conflicts = 0, dead_letters = 0, damaged = 0,
                pruned = 0;
  void add(Totals const& o) {
    for (auto m : {&Totals::reports, &Totals::acknowledged, &Totals::cases, &Totals::commands, &Totals::done,
                   &Totals::refused, &Totals::received, &Totals::crashes, &Totals::takeovers, &Totals::failovers,
                   &Totals::restores, &Totals::conflicts, &Totals::dead_letters, &Totals::damaged, &Totals::pruned})
      this->*m += o.*m;
  }
};

// Throws Broken with the promise that failed. `trace` collects a digest of everything that happened (same seed, same
// digest).
void run_seed(std::uint64_t seed, int events, Bugs const& bugs, storage::PlantedBugs const& store_bugs, Totals& totals,
              std::uint64_t* trace = nullptr);

}  // namespace wangge::sim
