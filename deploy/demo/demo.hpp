// The demo district as it ships: its files, its grid, its people. Used by load, the days and the tests.
#pragma once

#include "deploy/load.hpp"
#include "deploy/tokens.hpp"

namespace wangge::deploy {

// The shipped files, checked, with the synthetic grid. Aborts when they are faulty: they are part of the program.
storage::standing::StandingSet demo_set();
std::string demo_fingerprint();
// Everybody who works in the demo: every role at least once, a leader and a worker for each squad, a clerk and a head
// for each disposing unit, the patrollers of duty.csv.
std::vector<TokenRequest> demo_people(storage::standing::StandingSet const& set);
// Roles that act on cases and may therefore replay old days.
bool may_backdate(std::string_view role);

}  // namespace wangge::deploy
