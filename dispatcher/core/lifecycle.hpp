// THE TABLE: from, action, to, who, guard, clock effect, count effect (DOMAIN 3.3 with RULINGS 2-4, 8-14, 18).
// The console's buttons, `actions` in the API, the allowed-transition check in PostgreSQL, the diagram in
// ARCHITECTURE.md and the officers' page are made from it.
#pragma once

#include <span>

#include "dispatcher/core/types.hpp"

namespace wangge::core {

enum class Action : std::uint8_t {
  report, send_verify, verify, accept, decline, file, decline_filing, dispatch, recall, return_filing, sign, return_,
  approve_return, refuse_return, hand_back, dispose, reject_disposal, confirm, rework, send_check, check, recheck, close,
  request_void, approve_void, refuse_void, force_close, amend, reassign, note, accept_self_disposal, refuse_self_disposal,
  extend, defer, suspend, resume, supervise, urge, instruct, set_urgent, make_safe, merge, unmerge, transfer_out,
  hand_to_enforcement, reply, appeal, reopen, approve_request, refuse_request, assist_done, waive_assist, acknowledge,
  answer_order, judge_order, refer_discipline, upstream_close, upstream_rework, reproject,
};

enum class Guard : std::uint8_t {
  none,
  usable_place,        // the place lies in a cell
  known_condition,     // a filing condition of the category is named (given, else the category's default)
  one_lead_unit,       // unit and squad exist and belong together
  return_window,       // inside the policy's window after dispatch (RULINGS 2)
  not_the_sender,      // who sent it may not decide on its return (RULINGS 3)
  own_task,            // the open verify/check task is the caller's
  not_own_disposal,    // a checker never belongs to the disposing unit (RULINGS 13)
  no_open_request,     // no request of the kind waits
  open_request,        // the named request of the kind waits, and the caller did not make it (a second person)
  closing_condition,   // a known closing code
  has_checker,         // a patroller is on duty there and is not the disposing unit's
  extension,           // in time, twice at most, a hazard made safe before (RULINGS 4)
  pause,               // until a day inside the policy's year, 挂账 once, a hazard made safe before (RULINGS 4)
  assists_answered,    // every assisting unit answered or was waived (RULINGS 14)
  own_assist,          // the caller's unit has an open assisting task
  open_assist,         // the named unit has one
  mergeable,           // the master is open, of the same category, and this case has no duplicates of its own
  late_closure,        // closed, handed over late, never appealed before
  reopen_window,       // closed not longer ago than the policy's days, and not followed by another case yet
  not_urgent_yet,
  hazard,              // on the urgent clock, not yet made safe
  open_order,          // the named order waits for an answer
  answered_order,      // the named order was answered, and the caller gave it (or is a leader)
  moved_deadline,      // the calendar now gives the running clock another deadline (RULINGS 6)
};

// What the step does to the disposal clock (RULINGS 1, 2).
enum class ClockEffect : std::uint8_t {
  none, start, stop, stop_from_request, stop_hand_over, resume, extend, hurry, end, reproject,
};

enum class CountEffect : std::uint8_t {
  none, report, accept, not_accept, file, not_file, dispatch, returned, dispose, hand_over, rework, check, close, forced, voided,
  send_verify, verify, send_check, extended, paused, made_safe, safe_checked, supervised, urged, instructed, merged, moved_out,
  to_enforcement, replied, appealed, exempted, reopened,
};

// Field shapes of an action's body beside command_id and version; also the API's `actions[].fields`.
struct FieldSpec {
  std::string_view name;
  std::string_view type;  // text | photos | code | codes | category | number | time | choice
  bool required = false;
  std::string_view choices = "";        // "pass|fail|unable"
  std::string_view required_when = "";  // "result=unable": needed only then
};

struct Row {
  State from;
  Action action;
  State to;  // where an outcome decides (verify, check), the row of each outcome is its own line with `outcome`
  std::span<Role const> who;
  Guard guard = Guard::none;
  ClockEffect clock = ClockEffect::none;
  CountEffect count = CountEffect::none;
  std::string_view outcome = "";  // value of `result`, or the kind of the request decided on, that selects this row
};

struct ActionInfo {
  Action action;
  std::string_view id, zh, en;
  std::span<FieldSpec const> fields;
};

std::span<Row const> lifecycle();  // expanded: rows from "any open state" are written once and repeated here
std::span<Row const* const> rows_of(Action action);  // the same, of one action
// The row that leaves `from` by `action`; `outcome` only where the action has one. nullptr: not allowed there.
Row const* find_row(State from, Action action, std::string_view outcome = "");
ActionInfo const& info(Action a);
inline std::string_view id(Action a) { return info(a).id; }
std::optional<Action> action_from(std::string_view id);
std::span<ActionInfo const> actions();

// The actions `who` may try on `c` now (role, unit, squad and state; guards that need more facts are not asked).
std::vector<Action> actions_for(Principal const& who, Case const& c, std::span<Task const> open_tasks);
// Is this field of an action's body for this role? Making a decision a rule is the coordination desk's alone.
bool field_is_for(Role role, Action action, FieldSpec const& field);
// May `who` see this case at all? District, then street, unit, squad as far as the principal carries them.
bool in_scope(Principal const& who, Case const& c);

// Why the city says no. One table: code, zh, en, HTTP status.
enum class Reason : std::uint8_t {
  not_yours, stale_version, not_allowed, wrong_state, place_unusable, unknown_condition, unknown_unit, unknown_squad,
  squad_not_of_unit, return_window_over, sender_may_not_decide, not_your_task, checker_of_disposing_unit, request_open,
  no_request, same_person, unknown_closing_condition, no_checker_on_duty, at_before_last, at_in_future, unknown_category,
  field_missing, out_of_scope, command_id_reused, key_conflict, backdate_not_allowed, amend_after_filing,
  unit_is_binding, already_late, extensions_used, until_out_of_range, suspended_before, hazard_not_safe, assists_open,
  no_assist, no_master, master_not_open, other_category, has_duplicates, not_late, appealed_before, appeal_window_over, reopen_window_over,
  followed_before, urgent_already, not_a_hazard, month_sealed, no_order, not_the_giver, deadline_stands,
  unknown_case, case_linked, no_unit_named, not_the_hour, milestone_passed,
};
struct ReasonInfo {
  Reason reason;
  std::string_view code;  // the API's `code`: every guard's refusal is `not_allowed` (CONTRACT 5)
  std::string_view zh, en;
  int status;
  std::string_view id;  // the guard's own name: place_unusable, return_window_over, …
};
ReasonInfo const& info(Reason r);
std::span<ReasonInfo const> reasons();

}  // namespace wangge::core
