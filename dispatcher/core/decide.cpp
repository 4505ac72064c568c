// One action on one case. Checks in CONTRACT 5's order: scope 404, role/unit/squad 403, version 409, then the guards;
// then the row of the lifecycle table is taken, and what policy adds to it.
#include "dispatcher/core/decide.hpp"

#include <algorithm>

#include "dispatcher/core/intake.hpp"
#include "dispatcher/core/month.hpp"
#include "dispatcher/core/permission.hpp"
#include "dispatcher/core/steps.hpp"

namespace wangge::core {

namespace {

using No = std::optional<Refused>;

No no(Reason reason, std::string field = "") {
  return Refused{reason, std::move(field)};
}

// Is the named field given (and among its choices)?
bool given(FieldSpec const& field, ActionInput const& in) {
  auto const text = [&]() -> std::string const* {
    if (field.name == "reason") return &in.reason;
    if (field.name == "opinion") return &in.opinion;
    if (field.name == "result") return &in.result;
    if (field.name == "closing_condition") return &in.closing_condition;
    if (field.name == "condition") return &in.condition;
    if (field.name == "check_mode") return &in.check_mode;
    if (field.name == "unit") return &in.unit;
    if (field.name == "squad") return &in.squad;
    if (field.name == "holder") return &in.holder;
    if (field.name == "address") return &in.address;
    if (field.name == "component_id") return &in.component_id;
    if (field.name == "text") return &in.text;
    if (field.name == "request_id") return &in.request_id;
    if (field.name == "into") return &in.into;
    if (field.name == "number") return &in.number;
    if (field.name == "satisfaction") return &in.satisfaction;
    if (field.name == "milestone") return &in.milestone;
    if (field.name == "as_rule") return &in.as_rule;
    return nullptr;
  }();
  if (text) return !text->empty();
  if (field.name == "photos") return !in.photos.empty();
  if (field.name == "assist") return !in.assist.empty();
  if (field.name == "until") return in.until.has_value();
  if (field.name == "category") return in.category.has_value();
  return field.name == "lon" ? in.lon.has_value() : in.lat.has_value();
}

bool among(std::string_view choices, std::string_view value) {
  for (std::size_t from = 0; from <= choices.size();) {
    auto const bar = std::min(choices.find('|', from), choices.size());
    if (choices.substr(from, bar - from) == value) return true;
    from = bar + 1;
  }
  return false;
}

No check_fields(ActionInfo const& action, ActionInput const& in) {
  for (auto const& field : action.fields) {
    bool const needed =
        field.required || (!field.required_when.empty() && field.required_when == "result=" + in.result);
    if (needed && !given(field, in)) return no(Reason::field_missing, "/" + std::string(field.name));
    if (field.choices.empty()) continue;
    auto const& value = field.name == "result"         ? in.result
                        : field.name == "satisfaction" ? in.satisfaction
                        : field.name == "milestone"    ? in.milestone
                        : field.name == "as_rule"      ? in.as_rule
                                                       : in.check_mode;
    if (!value.empty() && !among(field.choices, value)) return no(Reason::field_missing, "/" + std::string(field.name));
  }
  return std::nullopt;
}

// A case's condition: named now, or on the case, or the category's first.
struct Filing {
  CatalogueEntry const* entry = nullptr;
  Condition const* condition = nullptr;
};

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

// May a case under this filing condition be closed so? A newer catalogue's answer does not bind what was filed before it.
bool closes_so(City const& city, Case const& c, std::string const& closing) {
  auto const* entry = city.find({c.standard, c.kind, c.code});
  auto const* condition = entry && c.catalogue_version == city.catalogue_version ? entry->find(c.condition) : nullptr;
  return !condition || condition->closing.empty() ||
         std::find(condition->closing.begin(), condition->closing.end(), closing) != condition->closing.end();
}

// The unit's squad when it has exactly one; else "".
std::string only_squad_of(City const& city, std::string const& unit) {
  std::string only;
  for (auto const& [key, squad] : city.squads) {
    if (squad.unit != unit) continue;
    if (!only.empty()) return "";
    only = key;
  }
  return only;
}

bool has_request(Case const& c, RequestKind kind) {
  return std::any_of(c.requests.begin(), c.requests.end(), [&](Request const& r) { return r.kind == kind; });
}

Request const* find_request(Case const& c, std::string const& request_id) {
  auto const found =
      std::find_if(c.requests.begin(), c.requests.end(), [&](Request const& r) { return r.request_id == request_id; });
  return found == c.requests.end() ? nullptr : &*found;
}

Order const* find_order(Case const& c, std::string const& order_id) {
  auto const found = std::find_if(c.orders.begin(), c.orders.end(), [&](Order const& o) { return o.order_id == order_id; });
  return found == c.orders.end() ? nullptr : &*found;
}

// Which kind of request an action asks for, or decides on.
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

// Where a decision names no request_id (returns, voids), the one that waits of that kind.
std::string waiting(Case const& c, RequestKind kind) {
  for (auto const& r : c.requests) {
    if (r.kind == kind) return r.request_id;
  }
  return "";
}

// One try of one row: asks its guard, then takes it.
class Attempt {
 public:
  Attempt(Facts const& facts, Command const& command, Row const& row, Steps& steps)
      : facts_(facts), in_(command.input), who_(command.who), row_(row), steps_(steps), c_(steps.now()) {
    hand_ = {who_.name, who_.role, in_.reason, in_.opinion, in_.photos, command.command_id};
    if (!in_.text.empty()) hand_.opinion = in_.text;
    auto const kind = request_of(row.action);
    request_id_ = in_.request_id.empty() && kind ? waiting(c_, *kind) : in_.request_id;
  }

  No run() {
    if (auto refusal = guard()) return refusal;
    return act();
  }

 private:
  No guard();
  No guard_return_window() const;
  No guard_request() const;
  No guard_extension() const;
  No guard_pause() const;
  No guard_merge() const;
  No guard_appeal() const;
  No guard_reopen() const;
  No guard_order() const;
  No act();
  No ask();
  No approve();
  No refuse();
  No approve_return();
  No check();
  No close();
  No merge();
  No unmerge();
  No dispatch(Row const& row);
  No reassign();
  No give_order(OrderKind kind);
  No judge_order();
  std::string second_look() const;
  No amend();
  No send_patroller(TaskKind kind, std::string_view not_of_unit, std::string const& not_person);
  bool hazard_waits() const { return c_.clock == id(ClockKind::urgent) && !c_.safe_checked_at; }
  template <class Change>
  No take(Change&& change) {
    steps_.take(row_, hand_, change);
    return std::nullopt;
  }

  Facts const& facts_;
  ActionInput const& in_;
  Principal const& who_;
  Row const& row_;
  Steps& steps_;
  Case const& c_;
  Hand hand_;
  std::string request_id_;
};

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
                 : std::nullopt;
    case Guard::no_open_request:
      return has_request(c_, *request_of(row_.action)) ? no(Reason::request_open) : std::nullopt;
    case Guard::open_request:
      return guard_request();
    case Guard::closing_condition: {
      bool const known = std::find(closings.begin(), closings.end(), in_.closing_condition) != closings.end();
      return known && closes_so(*facts_.city, c_, in_.closing_condition) ? std::nullopt
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

No Attempt::guard_return_window() const {
  if (c_.binding) return no(Reason::unit_is_binding);
  if (has_request(c_, RequestKind::return_)) return no(Reason::request_open);
  auto const* task = steps_.open_task(TaskKind::dispose);
  if (!task || c_.checked_at) return no(Reason::return_window_over);  // a failed check opens no new window
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
  return request->by == who_.name ? no(Reason::same_person) : std::nullopt;
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

No Attempt::act() {
  switch (row_.action) {
    case Action::send_verify:
      return send_patroller(TaskKind::verify, "", row_.from == State::verifying ? c_.holder : "");
    case Action::send_check:
      return send_patroller(TaskKind::check, c_.unit, row_.from == State::checking ? c_.holder : "");
    case Action::recheck:
      return send_patroller(TaskKind::check, c_.unit, c_.holder);
    case Action::file: {
      auto const filing = find_filing(*facts_.city, c_, in_.condition);
      Case filed = c_;
      filed.class_code = filing.entry->class_code;
      filed.condition = filing.condition->id;
      std::vector<RouteStep> tried;
      auto const routed = route(*facts_.city, filed, {steps_.at(), facts_.component, facts_.loads}, &tried);
      steps_.file(row_, hand_, *filing.entry, *filing.condition, routed ? nullptr : &tried);
      return std::nullopt;
    }
    case Action::dispatch:
      return dispatch(row_);
    case Action::reassign:
      return reassign();
    case Action::amend:
      return amend();
    case Action::sign:
      return take([&](Case& c) {
        c.signed_at = steps_.at();
        if (who_.role == Role::disposer || who_.role == Role::squad_leader) c.holder = who_.name;
      });
    case Action::hand_back:
      return take([&](Case& c) {
        c.signed_at.reset();
        c.holder.clear();
        auto const* task = steps_.open_task(TaskKind::dispose);
        if (task && !task->holder.empty()) steps_.reassign_task(task->squad, "");  // any of the squad again
      });
    case Action::reject_disposal:
      return take([](Case& c) { c.disposed_at.reset(); });
    case Action::return_:
    case Action::request_void:
    case Action::extend:
    case Action::defer:
    case Action::suspend:
    case Action::force_close:
    case Action::transfer_out:
    case Action::appeal:
      return ask();
    case Action::approve_return:
      return approve_return();
    case Action::approve_void:
    case Action::approve_request:
      return approve();
    case Action::refuse_return:
    case Action::refuse_void:
    case Action::refuse_request:
      return refuse();
    case Action::resume:
      return take([&](Case& c) {
        c.pause_kind.clear();
        c.suspended_until.reset();
        c.signed_at.reset();
        c.holder.clear();
        steps_.give(TaskKind::dispose, c.unit, c.squad, "", std::nullopt);
      });
    case Action::make_safe: {
      auto const patroller = find_checker(*facts_.city, c_, steps_.at(), c_.unit, "");
      if (patroller.empty()) return no(Reason::no_checker_on_duty);
      return take([&](Case&) { steps_.give_look(patroller); });
    }
    case Action::check:
      return check();
    case Action::close:
      return close();
    case Action::merge:
      return merge();
    case Action::unmerge:
      return unmerge();
    case Action::reopen:
      return take([&](Case& c) {
        c.followed_by = facts_.next_case_no;
        steps_.open_linked(hand_, "reopen");
      });
    case Action::hand_to_enforcement:
      return take([&](Case& c) {
        c.enforcement_no = in_.number;
        c.enforcement_step.clear();
      });
    case Action::note:
      if (!in_.milestone.empty() && c_.enforcement_no.empty()) return no(Reason::wrong_state, "/milestone");
      return take([&](Case& c) {
        if (!in_.milestone.empty()) c.enforcement_step = in_.milestone;
      });
    case Action::reply:
      return take([&](Case& c) {
        if (!in_.satisfaction.empty()) c.satisfaction = in_.satisfaction;
      });
    case Action::supervise:
      return give_order(OrderKind::supervise);
    case Action::instruct:
      if (in_.text.empty() && in_.photos.empty()) return no(Reason::field_missing, "/text");
      return give_order(OrderKind::instruct);
    case Action::answer_order:
      return take([&](Case& c) {
        for (auto& o : c.orders)
          if (o.order_id == in_.request_id) o.answered_at = steps_.judged();
      });
    case Action::judge_order:
      return judge_order();
    case Action::reproject:
      hand_.reason = "calendar " + facts_.city->calendar_key_of(c_.unit) + ", standing data " + std::to_string(facts_.city->version);
      return take([](Case&) {});
    case Action::assist_done:
      return take([&](Case&) { steps_.end_assist(who_.unit, false); });
    case Action::waive_assist:
      return take([&](Case&) { steps_.end_assist(in_.unit, true); });
    default:
      return take([](Case&) {});
  }
}

No Attempt::ask() {
  return take([&](Case& c) { steps_.ask(c, *request_of(row_.action), who_.name, in_.until, in_.reason); });
}

No Attempt::approve() {
  auto const* request = find_request(c_, request_id_);
  steps_.counts_from(request->at);
  return take([&](Case& c) {
    auto const granted = steps_.take_request(c, request_id_);
    if (row_.to != State::suspended) return;
    c.pause_kind = id(granted.kind);
    c.suspended_until = granted.until;
    c.holder.clear();
  });
}

No Attempt::refuse() {
  return take([&](Case& c) {
    auto const refused = steps_.take_request(c, request_id_);
    if (refused.kind == RequestKind::appeal) c.appeal = "refused";
  });
}

// The clock stops from the asking. The coordination desk names the unit at once, and that binds (RULINGS 2).
No Attempt::approve_return() {
  auto const* request = find_request(c_, request_id_);
  bool const desk = who_.role == Role::coordinator;
  if (desk && in_.unit.empty() && in_.squad.empty()) return no(Reason::field_missing, "/unit");
  steps_.counts_from(request->at);
  hand_.photos.clear();
  steps_.passing(desk);
  steps_.take(row_, hand_, [&](Case& c) {
    steps_.take_request(c, request_id_);
    c.return_approved = true;
    if (desk) c.binding = true;
  });
  steps_.passing(false);
  return desk ? dispatch(*find_row(State::pending_dispatch, Action::dispatch)) : std::nullopt;
}

// A patroller's result, with where he stood when he says so.
No Attempt::check() {
  auto const stood = [&](Case& c) {
    if (!in_.lon || !in_.lat) return;
    c.checked_lon = in_.lon;
    c.checked_lat = in_.lat;
  };
  if (row_.from == State::closed) return take([&](Case& c) { c.blind = in_.result; });
  if (row_.count == CountEffect::rework) {
    return take([&](Case& c) {
      stood(c);
      c.checked_at = steps_.at();
      c.holder.clear();
      steps_.give(TaskKind::dispose, c.unit, c.squad, "", std::nullopt);
    });
  }
  return take(stood);
}

No Attempt::close() {
  auto const& follow_up = facts_.city->policy.follow_up_closing;
  bool const repair_left = !follow_up.empty() && in_.closing_condition == follow_up && c_.followed_by.empty();
  auto const second = second_look();
  take([&](Case& c) {
    c.closing_condition = in_.closing_condition;
    if (!second.empty()) c.blind = "asked";
    if (!repair_left) return;
    c.followed_by = facts_.next_case_no;
    steps_.open_linked(hand_, "repair");
  });
  if (!second.empty()) steps_.give_look(second);
  return std::nullopt;
}

// Who looks once more, blind: another than who checked. Chance is the report's own id, the same on every replay.
std::string Attempt::second_look() const {
  auto const& policy = facts_.city->policy;
  std::uint64_t hash = 1469598103934665603ull;
  for (unsigned char const ch : c_.report_id) hash = (hash ^ ch) * 1099511628211ull;
  bool const chosen = c_.source == "hotline_12345" || static_cast<std::int64_t>(hash >> 20) % 100 < policy.blind_percent;
  if (policy.blind_percent == 0 || !chosen || c_.holder.empty()) return "";
  auto other = find_checker(*facts_.city, c_, steps_.at(), c_.unit, c_.holder);
  return other == c_.holder ? "" : other;
}

No Attempt::merge() {
  auto const& master = *facts_.other;
  return take([&](Case& c) {
    c.merged_into = master.case_no;
    steps_.touch_other(master, Action::merge, hand_, 1);
  });
}

No Attempt::unmerge() {
  if (!facts_.other) return no(Reason::no_master);
  return take([&](Case& c) {
    steps_.touch_other(*facts_.other, Action::unmerge, hand_, -1);
    c.merged_into.clear();
    c.closed_at.reset();
  });
}

No Attempt::give_order(OrderKind kind) {
  if (in_.until && *in_.until <= steps_.judged()) return no(Reason::until_out_of_range, "/until");
  return take([&](Case& c) {
    steps_.order(c, kind, who_.name, in_.until, kind == OrderKind::supervise ? in_.reason : in_.text);
  });
}

// 阅 and 同意 settle the order; 再办 asks for another answer, by another day if one is given.
No Attempt::judge_order() {
  bool const again = in_.result == "again";
  if (again && in_.until && *in_.until <= steps_.judged()) return no(Reason::until_out_of_range, "/until");
  return take([&](Case& c) {
    if (!again) {
      std::erase_if(c.orders, [&](Order const& o) { return o.order_id == in_.request_id; });
      return;
    }
    for (auto& o : c.orders) {
      if (o.order_id != in_.request_id) continue;
      o.answered_at.reset();
      o.until = in_.until;
    }
  });
}

No Attempt::send_patroller(TaskKind kind, std::string_view not_of_unit, std::string const& not_person) {
  auto const patroller = find_checker(*facts_.city, c_, steps_.at(), not_of_unit, not_person);
  if (patroller.empty()) return no(Reason::no_checker_on_duty);
  steps_.send_patroller(row_, hand_, kind, patroller, in_.check_mode);
  return std::nullopt;
}

No Attempt::dispatch(Row const& row) {
  auto const& city = *facts_.city;
  bool const desk = who_.role == Role::coordinator;
  if (!in_.as_rule.empty() && !desk) return no(Reason::not_yours, "/as_rule");
  std::vector<RouteStep> tried;
  auto const routed = route(city, c_, {steps_.at(), facts_.component, facts_.loads}, &tried);
  Routed to;
  if (in_.unit.empty() && in_.squad.empty()) {
    if (!routed) return no(Reason::field_missing, "/unit");
    to = *routed;
  } else {
    to.unit = in_.unit;
    to.squad = in_.squad;
    if (!to.unit.empty() && !city.units.contains(to.unit)) return no(Reason::unknown_unit, "/unit");
    if (to.squad.empty()) to.squad = routed && routed->unit == to.unit ? routed->squad : only_squad_of(city, to.unit);
    if (to.squad.empty()) return no(Reason::field_missing, "/squad");
    auto const squad = city.squads.find(to.squad);
    if (squad == city.squads.end()) return no(Reason::unknown_squad, "/squad");
    if (to.unit.empty()) to.unit = squad->second.unit;
    if (squad->second.unit != to.unit) return no(Reason::squad_not_of_unit, "/squad");
    if (routed && routed->unit == to.unit && routed->squad == to.squad) to.rule = routed->rule;
    tried.push_back({RouteLevel::decision, "named", "", "", to.unit, to.squad, who_.name, "", ""});
  }
  std::vector<std::string> assisting;
  for (auto const& unit : in_.assist) {
    if (!city.units.contains(unit)) return no(Reason::unknown_unit, "/assist");
    if (unit != to.unit && std::find(assisting.begin(), assisting.end(), unit) == assisting.end()) assisting.push_back(unit);
  }
  steps_.dispatch(row, hand_, to, tried, assisting);
  if (!in_.as_rule.empty()) steps_.rule_from_decision(in_.as_rule, in_.until, in_.opinion);
  return std::nullopt;
}

No Attempt::reassign() {
  auto const& squads = facts_.city->squads;
  auto const target = in_.squad.empty() ? c_.squad : in_.squad;
  if (in_.squad.empty() && in_.holder.empty()) return no(Reason::field_missing, "/squad");
  auto const squad = squads.find(target);
  if (squad == squads.end()) return no(Reason::unknown_squad, "/squad");
  if (squad->second.unit != c_.unit) return no(Reason::squad_not_of_unit, "/squad");
  if (who_.role == Role::squad_leader && target != who_.squad) return no(Reason::not_yours, "/squad");
  return take([&](Case& c) {
    c.squad = target;
    c.holder = in_.holder;
    steps_.reassign_task(target, in_.holder);
  });
}

No Attempt::amend() {
  bool const moves = in_.lon || in_.lat;
  if (!moves && !in_.category && in_.condition.empty() && in_.address.empty() && in_.component_id.empty()) {
    return no(Reason::field_missing, "/category");
  }
  if (moves && !(in_.lon && in_.lat)) return no(Reason::field_missing, in_.lon ? "/lat" : "/lon");
  auto const key = in_.category.value_or(CategoryKey{c_.standard, c_.kind, c_.code});
  auto const* entry = facts_.city->find(key);
  if (in_.category && !entry) return no(Reason::unknown_category, "/category");
  if (!in_.condition.empty() && !(entry && entry->find(in_.condition)))
    return no(Reason::unknown_condition, "/condition");
  if (moves && facts_.place.cells.empty() && c_.state != State::pending_accept) return no(Reason::place_unusable, "/lon");
  bool const other_category = key != CategoryKey{c_.standard, c_.kind, c_.code};
  return take([&](Case& c) {
    if (in_.category) {
      c.standard = key.standard;
      c.kind = key.kind;
      c.code = key.code;
      c.class_code = entry->class_code;
      if (other_category) c.condition.clear();  // its number meant something else there
    }
    if (!in_.condition.empty()) c.condition = in_.condition;
    if (!in_.address.empty()) c.address = in_.address;
    if (!in_.component_id.empty()) c.component_id = in_.component_id;
    if (moves) {
      c.lon = in_.lon;
      c.lat = in_.lat;
      settle_place(c, facts_.place);
    }
    if (moves || other_category) settle_twins(c, facts_.neighbours);  // the old ones were twins of another problem
  });
}

// What selects among the rows of one state and action: the result named, or the kind of the request decided on.
std::string_view outcome_of(Action action, Case const& c, ActionInput const& in) {
  if (action == Action::verify) return in.result;
  if (action == Action::check) {
    // An enforcement's result is looked at in `checking`; elsewhere a check looks at a hazard.
    bool const enforcement = c.state == State::checking && !c.enforcement_no.empty() && !c.handed_over_at;
    return enforcement && in.result == "fail" ? std::string_view("not_restored") : std::string_view(in.result);
  }
  if (action != Action::approve_request && action != Action::refuse_request) return "";
  auto const* request = find_request(c, in.request_id);
  return request ? id(request->kind) : "?";
}

}  // namespace

Decision decide(Facts const& facts, Command const& command, Instant now) {
  auto const action = action_from(command.action);
  if (!facts.present || !action || *action == Action::report || !sees(command.who, *facts.present, facts.open_tasks)) {
    return Refused{Reason::out_of_scope, ""};
  }
  auto const& c = *facts.present;
  auto const obstacle = may_not_try(command.who, c, facts.open_tasks, *action);
  if (obstacle && info(*obstacle).status == 403) return Refused{*obstacle, ""};
  if (command.at && !command.who.backdate) return Refused{Reason::backdate_not_allowed, "/at"};
  if (command.version != c.version) return Refused{Reason::stale_version, "/version"};
  if (obstacle) return Refused{*obstacle, ""};

  auto const received = command.received_at == Instant{} ? now : command.received_at;
  if (command.at && *command.at > received) return Refused{Reason::at_in_future, "/at"};
  if (auto const& sealed = facts.city->sealed_before; command.at && sealed && *command.at < *sealed) return Refused{Reason::month_sealed, "/at"};
  if (command.at && *command.at < c.last_at) return Refused{Reason::at_before_last, "/at"};
  if (auto refusal = check_fields(info(*action), command.input)) return *refusal;
  auto const* row = find_row(c.state, *action, outcome_of(*action, c, command.input));
  bool const decides = *action == Action::approve_request || *action == Action::refuse_request;
  if (!row) return decides ? Refused{Reason::no_request, "/request_id"} : Refused{Reason::field_missing, "/result"};
  if (std::find(row->who.begin(), row->who.end(), command.who.role) == row->who.end()) return Refused{Reason::not_yours, ""};

  // What a person did is judged when the door received it, but a case's time never runs backwards.
  Steps::When when;
  when.judged = command.at.value_or(received);
  when.at = std::max(when.judged, c.last_at);
  when.starts = command.at ? when.at : std::max(when.at, now);
  when.backdated = command.at.has_value();
  Steps steps(facts, c, when);
  if (auto refusal = Attempt(facts, command, *row, steps).run()) return *refusal;
  if (*action == Action::dispose || *action == Action::confirm) steps.follow_policy();
  return std::move(steps).done();
}

}  // namespace wangge::core
