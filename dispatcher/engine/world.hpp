// What a writer needs of a district besides its store: the standing facts and the cell index, swapped whole.
#pragma once

#include <memory>

#include "dispatcher/core/city.hpp"
#include "dispatcher/engine/cells.hpp"
#include "dispatcher/engine/positions.hpp"

namespace wangge::engine {

struct World {
  std::shared_ptr<core::City const> city;
  std::shared_ptr<CellIndex const> cells;
  std::shared_ptr<Positions> positions{};  // one for all worlds of a district; none: nobody's place is known
  core::WhereIs where() const {
    return [this](std::string_view person) { return positions ? positions->find(person) : std::nullopt; };
  }
};

// Which live screens and devices a commit concerns; a hint, may be lost.
struct Touched {
  std::string district;
  std::vector<std::string> squads, holders, cases;
  void add(core::TaskChange const& change) {
    if (!change.given && !change.withdrawn) return;
    if (!change.task.squad.empty()) squads.push_back(change.task.squad);
    if (!change.task.holder.empty()) holders.push_back(change.task.holder);
    if (!change.previous_squad.empty()) squads.push_back(change.previous_squad);
    if (!change.previous_holder.empty()) holders.push_back(change.previous_holder);
  }
};

}  // namespace wangge::engine
