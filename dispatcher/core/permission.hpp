// Inside the core: may this person try this action on this case? Shared by decide() and the buttons of actions_for().
#pragma once

#include "dispatcher/core/decide.hpp"

namespace wangge::core {

// nullopt: yes. not_yours and not_your_task answer 403 in any state; wrong_state is a guard's 422, asked after the
// version.
std::optional<Reason> may_not_try(Principal const& who, Case const& c, std::span<Task const> open_tasks, Action action);
// in_scope, or holding an open task of the case, or assisting in it.
bool sees(Principal const& who, Case const& c, std::span<Task const> open_tasks);
// An open assisting task of the caller's unit (RULINGS 14).
bool assists(Principal const& who, std::span<Task const> open_tasks);

}  // namespace wangge::core
