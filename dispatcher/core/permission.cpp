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
  return in_scope(who, c) || (who.district == c.district && assists(who, open_tasks)) ||
         (who.district == c.district && std::any_of(open_tasks.begin(), open_tasks.end(), [&](Task const& t) {
            return t.open && !t.holder.empty() && t.holder == who.name;
          }));
}

bool assists(Principal const& who, std::span<Task const> tasks) {
  return of_unit(who.role) && !who.unit.empty() && std::any_of(tasks.begin(), tasks.end(), [&](Task const& t) {
    return t.open && t.kind == TaskKind::assist && t.unit == who.unit;
  });
}

std::optional<Reason> may_not_try(Principal const& who, Case const& c, std::span<Task const> open_tasks,
                                  Action action) {
  bool role_somewhere = false, here = false, role_here = false, own_task = false;
  for (auto const* row : rows_of(action)) {
    bool const named = names(*row, who.role);
    role_somewhere |= named;
    if (row->from != c.state) continue;
    here = true;
    role_here |= named;
    own_task |= row->guard == Guard::own_task;
  }
  bool const owner = action == Action::assist_done ? assists(who, open_tasks) : owns(who, c);
  if (!role_somewhere || !owner || (here && !role_here)) return Reason::not_yours;
  if (!here) return action == Action::amend && c.filed_at ? Reason::amend_after_filing : Reason::wrong_state;
  if (own_task && !holds_task(who, open_tasks, action)) return Reason::not_your_task;
  if ((action == Action::approve_return || action == Action::refuse_return) && !decides_returns(who.role, c)) {
    return Reason::not_yours;
  }
  return std::nullopt;
}

namespace {

// Guards that the case alone answers: a button that could only be refused is not shown.
bool hopeless(Principal const& who, Case const& c, std::span<Task const> open_tasks, Action action) {
  auto const waits = [&](RequestKind kind) {
    return std::any_of(c.requests.begin(), c.requests.end(), [&](Request const& r) { return r.kind == kind; });
  };
  auto const decides = [&] {  // a request of a kind whose row names this role, asked by somebody else
    return std::any_of(c.requests.begin(), c.requests.end(), [&](Request const& r) {
      auto const* row = find_row(c.state, action, id(r.kind));
      return row && names(*row, who.role) && r.by != who.name;
    });
  };
  auto const others = [&](RequestKind kind) {
    return std::any_of(c.requests.begin(), c.requests.end(), [&](Request const& r) { return r.kind == kind && r.by != who.name; });
  };
  bool const hazard = c.clock == "urgent" && !c.safe_checked_at;
  switch (action) {
    case Action::accept:
      return c.place_unusable;
    case Action::return_:
      return c.binding || waits(RequestKind::return_) || has_flag(c, "resumed");
    case Action::rework:
      return !c.handed_over_at;
    case Action::request_void:
      return waits(RequestKind::void_);
    case Action::approve_void:
    case Action::refuse_void:
      return !others(RequestKind::void_);
    case Action::approve_request:
    case Action::refuse_request:
      return !decides();
    case Action::extend:
      return hazard || waits(RequestKind::extend);
    case Action::defer:
      return hazard || waits(RequestKind::defer);
    case Action::suspend:
      return hazard || waits(RequestKind::suspend) || c.suspensions > 0;
    case Action::force_close:
      return waits(RequestKind::force_close);
    case Action::transfer_out:
      return waits(RequestKind::transfer_out);
    case Action::make_safe:
      return c.clock != "urgent" || c.made_safe_at.has_value();
    case Action::set_urgent:
      return c.urgent;
    case Action::answer_order:
      return std::none_of(c.orders.begin(), c.orders.end(), [](Order const& o) { return !o.answered_at; });
    case Action::judge_order:
      return std::none_of(c.orders.begin(), c.orders.end(),
                          [&](Order const& o) { return o.answered_at && (o.by == who.name || who.role == Role::leader); });
    case Action::appeal:
      return !c.late || !c.appeal.empty();
    case Action::reopen:
      return !c.followed_by.empty();
    case Action::merge:
      return c.duplicates > 0;
    case Action::waive_assist:
      return std::none_of(open_tasks.begin(), open_tasks.end(), [](Task const& t) { return t.open && t.kind == TaskKind::assist; });
    case Action::confirm:
      return std::any_of(open_tasks.begin(), open_tasks.end(), [](Task const& t) { return t.open && t.kind == TaskKind::assist; });
    default:
      return false;
  }
}

}  // namespace

bool field_is_for(Role role, Action action, FieldSpec const& field) {
  bool const routes = action == Action::dispatch || action == Action::approve_return;
  return role == Role::coordinator || !routes || (field.name != "as_rule" && field.name != "until");
}

std::vector<Action> actions_for(Principal const& who, Case const& c, std::span<Task const> open_tasks) {
  std::vector<Action> allowed;
  if (!sees(who, c, open_tasks)) return allowed;
  for (auto const& action : actions()) {
    auto const a = action.action;
    if (a == Action::report || may_not_try(who, c, open_tasks, a) || hopeless(who, c, open_tasks, a)) continue;
    allowed.push_back(a);
  }
  return allowed;
}

}  // namespace wangge::core
