// Scope and rights: who sees a case, who may try what. Deny by default: a role that no row names may do nothing.
#include "dispatcher/core/permission.hpp"

#include <algorithm>

namespace wangge::core {

namespace {

bool names(Row const& row, Role role) {
  return std::find(row.who.begin(), row.who.end(), role) != row.who.end();
}

bool of_unit(Role role) {
  return role == Role::unit_clerk || role == Role::unit_head || role == Role::squad_leader || role == Role::disposer;
}
bool of_squad(Role role) {
  return role == Role::squad_leader || role == Role::disposer;
}
// Their `unit` is the body that employs them, not one that disposes cases: it never narrows what they see.
bool of_patrol(Role role) {
  return role == Role::patroller || role == Role::patrol_lead;
}

bool covers(std::string const& bound, std::string const& value) {
  return bound.empty() || bound == value;
}

bool owns(Principal const& who, Case const& c) {
  if (!of_unit(who.role)) return true;
  if (who.unit.empty() || who.unit != c.unit) return false;
  return !of_squad(who.role) || (!who.squad.empty() && who.squad == c.squad);
}

bool decides_returns(Role role, Case const& c) {
  return role == (c.returns >= 2 ? Role::coordinator : Role::shift_leader);  // the third goes to the coordination desk
}

bool holds_task(Principal const& who, std::span<Task const> tasks, Action action) {
  auto const kind = action == Action::verify ? TaskKind::verify : TaskKind::check;
  return std::any_of(tasks.begin(), tasks.end(),
                     [&](Task const& t) { return t.open && t.kind == kind && t.holder == who.name; });
}

}  // namespace

bool in_scope(Principal const& who, Case const& c) {
  if (who.district != c.district) return false;
  if (who.role == Role::reporter) return who.name == c.reporter;
  if (!covers(who.street, c.street)) return false;
  return of_patrol(who.role) || (covers(who.unit, c.unit) && covers(who.squad, c.squad));
}

bool sees(Principal const& who, Case const& c, std::span<Task const> open_tasks) {
  return in_scope(who, c) ||
         (who.district == c.district && std::any_of(open_tasks.begin(), open_tasks.end(), [&](Task const& t) {
            return t.open && !t.holder.empty() && t.holder == who.name;
          }));
}

bool request_waits(Case const& c) {
  return !c.pending_request.empty() || c.state == State::returned_by_unit;
}

std::optional<Reason> may_not_try(Principal const& who, Case const& c, std::span<Task const> open_tasks,
                                  Action action) {
  bool role_somewhere = false, here = false, role_here = false, own_task = false;
  for (auto const& row : lifecycle()) {
    if (row.action != action) continue;
    bool const named = names(row, who.role);
    role_somewhere |= named;
    if (row.from != c.state) continue;
    here = true;
    role_here |= named;
    own_task |= row.guard == Guard::own_task;
  }
  if (!role_somewhere || !owns(who, c) || (here && !role_here)) return Reason::not_yours;
  if (!here) return action == Action::amend && c.filed_at ? Reason::amend_after_filing : Reason::wrong_state;
  if (own_task && !holds_task(who, open_tasks, action)) return Reason::not_your_task;
  if ((action == Action::approve_return || action == Action::refuse_return) && !decides_returns(who.role, c)) {
    return Reason::not_yours;
  }
  return std::nullopt;
}

std::vector<Action> actions_for(Principal const& who, Case const& c, std::span<Task const> open_tasks) {
  std::vector<Action> allowed;
  if (!info(c.state).open || !sees(who, c, open_tasks)) return allowed;
  for (auto const& action : actions()) {
    auto const a = action.action;
    if (a == Action::report || may_not_try(who, c, open_tasks, a)) continue;
    if (a == Action::request_void && request_waits(c)) continue;
    if ((a == Action::approve_void || a == Action::refuse_void) &&
        (c.pending_request.empty() || c.requested_by == who.name))
      continue;
    if (a == Action::accept && c.place_unusable) continue;
    allowed.push_back(a);
  }
  return allowed;
}

}  // namespace wangge::core
