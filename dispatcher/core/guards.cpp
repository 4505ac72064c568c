// The guards of the table: why the city says no to a step that its role, its unit and the case's version allow.
#include <algorithm>
#include <cstdlib>

#include "dispatcher/core/attempt.hpp"
#include "dispatcher/core/month.hpp"

namespace wangge::core {

namespace {

// May a case under this filing condition be closed so? By the catalogue it was filed under: a newer one's answer does not
// bind it, its own does for ever.
bool closes_so(Facts const& facts, Case const& c, std::string const& closing) {
  static std::vector<std::string> const kAny;
  auto const& city = *facts.city;
  auto const* entry = city.find({c.standard, c.kind, c.code});
  auto const* condition = entry && c.catalogue_version == city.catalogue_version ? entry->find(c.condition) : nullptr;
  auto const& codes = condition ? condition->closing : facts.closing_then ? *facts.closing_then : kAny;
  return codes.empty() || std::find(codes.begin(), codes.end(), closing) != codes.end();
}

bool has_request(Case const& c, RequestKind kind) {
  return std::any_of(c.requests.begin(), c.requests.end(), [&](Request const& r) { return r.kind == kind; });
}

Order const* find_order(Case const& c, std::string const& order_id) {
  auto const found = std::find_if(c.orders.begin(), c.orders.end(), [&](Order const& o) { return o.order_id == order_id; });
  return found == c.orders.end() ? nullptr : &*found;
}

}  // namespace

Filing find_filing(City const& city, Case const& c, std::string const& named) {
  Filing f;
  f.entry = city.find({c.standard, c.kind, c.code});
  if (!f.entry) return f;
  auto const& wanted = named.empty() ? c.condition : named;
  if (!wanted.empty()) {
    f.condition = f.entry->find(wanted);
  } else if (!f.entry->conditions.empty()) {
    f.condition = &f.entry->conditions.front();
  }
  return f;
}

Request const* find_request(Case const& c, std::string const& request_id) {
  auto const found =
      std::find_if(c.requests.begin(), c.requests.end(), [&](Request const& r) { return r.request_id == request_id; });
  return found == c.requests.end() ? nullptr : &*found;
}

std::optional<RequestKind> request_of(Action action) {
  switch (action) {
    case Action::return_:
    case Action::approve_return:
    case Action::refuse_return:
      return RequestKind::return_;
    case Action::request_void:
    case Action::approve_void:
    case Action::refuse_void:
      return RequestKind::void_;
    case Action::extend:
      return RequestKind::extend;
    case Action::defer:
      return RequestKind::defer;
    case Action::suspend:
      return RequestKind::suspend;
    case Action::force_close:
      return RequestKind::force_close;
    case Action::transfer_out:
      return RequestKind::transfer_out;
    case Action::appeal:
      return RequestKind::appeal;
    default:
      return std::nullopt;
  }
}

std::string waiting(Case const& c, RequestKind kind) {
  for (auto const& r : c.requests) {
    if (r.kind == kind) return r.request_id;
  }
  return "";
}

No Attempt::guard() {
  auto const& closings = facts_.city->closing_conditions;
  switch (row_.guard) {
    case Guard::none:
    case Guard::one_lead_unit:  // asked where unit and squad are found
    case Guard::has_checker:    // asked where the patroller is found
      return std::nullopt;
    case Guard::usable_place:
      if (c_.place_unusable) return no(Reason::place_unusable);
      return facts_.city->find({c_.standard, c_.kind, c_.code}) ? std::nullopt : no(Reason::unknown_category);
    case Guard::known_condition: {
      auto const filing = find_filing(*facts_.city, c_, in_.condition);
      if (!filing.entry) return no(Reason::unknown_category);
      return filing.condition ? std::nullopt : no(Reason::unknown_condition, "/condition");
    }
    case Guard::return_window:
      return guard_return_window();
    case Guard::not_the_sender:
      if (!find_request(c_, request_id_)) return no(Reason::no_request);
      return facts_.dispatched_by == who_.name ? no(Reason::sender_may_not_decide) : std::nullopt;
    case Guard::own_task:  // whose task it is was asked with the rights; a checker may also not judge his own body
    case Guard::not_own_disposal:
      return row_.action == Action::check && !who_.unit.empty() &&
                     (who_.unit == c_.unit || who_.unit == facts_.city->contractor_of(c_.squad))
                 ? no(Reason::checker_of_disposing_unit)
             : row_.from == State::checking && row_.outcome == "pass" && wrong_hour() ? no(Reason::not_the_hour)
                                                                                      : std::nullopt;
    case Guard::no_open_request:
      return has_request(c_, *request_of(row_.action)) ? no(Reason::request_open) : std::nullopt;
    case Guard::open_request:
      return guard_request();
    case Guard::closing_condition: {
      bool const known = std::find(closings.begin(), closings.end(), in_.closing_condition) != closings.end();
      return known && closes_so(facts_, c_, in_.closing_condition) ? std::nullopt
                                                                        : no(Reason::unknown_closing_condition, "/closing_condition");
    }
    case Guard::extension:
      return guard_extension();
    case Guard::pause:
      return guard_pause();
    case Guard::assists_answered:
      return steps_.open_task(TaskKind::assist) ? no(Reason::assists_open) : std::nullopt;
    case Guard::own_assist:
      return steps_.open_assist(who_.unit) ? std::nullopt : no(Reason::no_assist);
    case Guard::open_assist:
      return steps_.open_assist(in_.unit) ? std::nullopt : no(Reason::no_assist, "/unit");
    case Guard::mergeable:
      return guard_merge();
    case Guard::late_closure:
      return guard_appeal();
    case Guard::reopen_window:
      return guard_reopen();
    case Guard::not_urgent_yet:
      return c_.urgent ? no(Reason::urgent_already) : std::nullopt;
    case Guard::open_order:
    case Guard::answered_order:
      return guard_order();
    case Guard::moved_deadline:
      return deadline_moved(*facts_.city, c_) ? std::nullopt : no(Reason::deadline_stands);
    case Guard::hazard:
      return c_.clock == id(ClockKind::urgent) && !c_.made_safe_at ? std::nullopt : no(Reason::not_a_hazard);
  }
  return std::nullopt;
}

// 同时段核查: what comes and goes with the hour is gone only if it is gone at that hour.
bool Attempt::wrong_hour() const {
  auto const& city = *facts_.city;
  auto const* entry = city.find({c_.standard, c_.kind, c_.code});
  if (!entry || !entry->same_period) return false;
  auto const& clock = city.calendar_of("");
  auto const apart = std::abs(clock.local_minute(steps_.judged()) - clock.local_minute(c_.opened_at));
  return std::min(apart, 1440 - apart) > city.policy.same_period_minutes;
}

No Attempt::guard_return_window() const {
  if (c_.binding) return no(Reason::unit_is_binding);
  if (has_request(c_, RequestKind::return_)) return no(Reason::request_open);
  auto const* task = steps_.open_task(TaskKind::dispose);
  // Neither a failed check nor the end of a pause opens a new window.
  if (!task || c_.checked_at || has_flag(c_, "resumed")) return no(Reason::return_window_over);
  auto const& policy = facts_.city->policy;
  bool const urgent = c_.clock == id(ClockKind::urgent);
  Limit const window{urgent ? ClockKind::urgent : ClockKind::work_hour,
                     urgent ? policy.return_window_urgent_minutes : policy.return_window_minutes};
  auto const end = deadline(facts_.city->calendar_of(c_.unit), window, task->created_at).due;
  return steps_.judged() > end ? no(Reason::return_window_over) : std::nullopt;
}

// The request is decided by a second person, never by who asked.
No Attempt::guard_request() const {
  auto const* request = find_request(c_, request_id_);
  if (!request) return in_.request_id.empty() ? no(Reason::no_request) : no(Reason::no_request, "/request_id");
  if (request->by == who_.name) return no(Reason::same_person);
  bool const gives_time = request->kind == RequestKind::extend || request->kind == RequestKind::defer || request->kind == RequestKind::suspend;
  // It may have become a hazard since it was asked (RULINGS 4).
  return row_.action == Action::approve_request && gives_time && hazard_waits() ? no(Reason::hazard_not_safe) : std::nullopt;
}

No Attempt::guard_extension() const {
  if (has_request(c_, RequestKind::extend)) return no(Reason::request_open);
  if (hazard_waits()) return no(Reason::hazard_not_safe);
  if (steps_.judged() > *c_.due_at) return no(Reason::already_late);
  return c_.extensions >= facts_.city->policy.extensions_most ? no(Reason::extensions_used) : std::nullopt;
}

No Attempt::guard_pause() const {
  if (has_request(c_, *request_of(row_.action))) return no(Reason::request_open);
  if (hazard_waits()) return no(Reason::hazard_not_safe);
  auto const latest = steps_.judged() + Days{facts_.city->policy.pause_days_most};
  if (*in_.until <= steps_.judged() || *in_.until > latest) return no(Reason::until_out_of_range, "/until");
  if (steps_.judged() > *c_.due_at) return no(Reason::already_late);
  // 挂账 only once; 缓办 may come again with the season.
  return row_.action == Action::suspend && c_.suspensions > 0 ? no(Reason::suspended_before) : std::nullopt;
}

No Attempt::guard_merge() const {
  if (!facts_.other || facts_.other->case_no == c_.case_no || facts_.other->district != c_.district)
    return no(Reason::no_master, "/into");
  auto const& master = *facts_.other;
  if (!info(master.state).open) return no(Reason::master_not_open, "/into");
  if (c_.duplicates > 0) return no(Reason::has_duplicates);
  bool const alike = master.standard == c_.standard && master.kind == c_.kind && master.code == c_.code;
  return alike ? std::nullopt : no(Reason::other_category, "/into");
}

No Attempt::guard_appeal() const {
  if (!c_.appeal.empty()) return no(Reason::appealed_before);
  if (!c_.late || !c_.handed_over_at || !c_.closed_at) return no(Reason::not_late);
  auto const& city = *facts_.city;
  auto const& calendar = city.calendar_of("");
  auto const month = counted_in(calendar, *c_.handed_over_at, *c_.closed_at);
  bool const sealed = city.sealed_before && calendar.start_of(month.behind) <= *city.sealed_before;
  bool const over = steps_.judged() >= appeals_until(calendar, city.policy, month);
  return sealed || over ? no(Reason::appeal_window_over) : std::nullopt;
}

No Attempt::guard_reopen() const {
  if (!c_.followed_by.empty()) return no(Reason::followed_before);
  auto const until = *c_.closed_at + Days{facts_.city->policy.reopen_days};
  return steps_.judged() > until ? no(Reason::reopen_window_over) : std::nullopt;
}

// An answer waits for who gave the order; a leader may speak for him.
No Attempt::guard_order() const {
  auto const* order = find_order(c_, in_.request_id);
  if (!order) return no(Reason::no_order, "/request_id");
  if (row_.guard == Guard::open_order) return order->answered_at ? no(Reason::no_order, "/request_id") : std::nullopt;
  bool const may = order->answered_at && (order->by == who_.name || who_.role == Role::leader);
  return may ? std::nullopt : no(Reason::not_the_giver, "/request_id");
}

}  // namespace wangge::core
