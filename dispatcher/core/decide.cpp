// One action on one case. Checks in CONTRACT 5's order: scope 404, role/unit/squad 403, version 409, then the guards;
// then the row of the lifecycle table is taken, and what policy adds to it.
#include "dispatcher/core/decide.hpp"

#include <algorithm>

#include "dispatcher/core/intake.hpp"
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
    return nullptr;
  }();
  if (text) return !text->empty();
  if (field.name == "photos") return !in.photos.empty();
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
    auto const& value = field.name == "result" ? in.result : in.check_mode;
    if (!field.choices.empty() && !value.empty() && !among(field.choices, value)) {
      return no(Reason::field_missing, "/" + std::string(field.name));
    }
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

// One try of one row: asks its guard, then takes it.
class Attempt {
 public:
  Attempt(Facts const& facts, Command const& command, Row const& row, Steps& steps)
      : facts_(facts), in_(command.input), who_(command.who), row_(row), steps_(steps), c_(steps.now()) {
    hand_ = {who_.name, who_.role, in_.reason, in_.opinion, in_.photos, command.command_id};
    if (row.action == Action::note) hand_.opinion = in_.text;
  }

  No run() {
    if (auto refusal = guard()) return refusal;
    return act();
  }

 private:
  No guard();
  No guard_return_window() const;
  No act();
  No dispatch();
  No reassign();
  No amend();
  No send_patroller(TaskKind kind, std::string_view not_of_unit, std::string const& not_person);
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
};

No Attempt::guard() {
  auto const& closings = facts_.city->closing_conditions;
  switch (row_.guard) {
    case Guard::none:
    case Guard::one_lead_unit:  // asked where unit and squad are found
    case Guard::has_checker:
      return std::nullopt;  // asked where the patroller is found
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
      return facts_.dispatched_by == who_.name ? no(Reason::sender_may_not_decide) : std::nullopt;
    case Guard::own_task:  // whose task it is was asked with the rights; a checker may also not judge his own body
    case Guard::not_own_disposal:
      return row_.action == Action::check && !who_.unit.empty() && who_.unit == c_.unit
                 ? no(Reason::checker_of_disposing_unit)
                 : std::nullopt;
    case Guard::no_open_request:
      return request_waits(c_) ? no(Reason::request_open) : std::nullopt;
    case Guard::open_request:
      if (c_.pending_request.empty()) return no(Reason::no_request);
      return c_.requested_by == who_.name ? no(Reason::same_person) : std::nullopt;
    case Guard::second_person:
      return facts_.dispatched_by == who_.name ? no(Reason::same_person) : std::nullopt;
    case Guard::closing_condition:
      return std::find(closings.begin(), closings.end(), in_.closing_condition) == closings.end()
                 ? no(Reason::unknown_closing_condition, "/closing_condition")
                 : std::nullopt;
  }
  return std::nullopt;
}

No Attempt::guard_return_window() const {
  if (request_waits(c_)) return no(Reason::request_open);
  auto const* task = steps_.open_task(TaskKind::dispose);
  if (!task || c_.checked_at) return no(Reason::return_window_over);  // a failed check opens no new window
  auto const& policy = facts_.city->policy;
  bool const urgent = c_.clock == id(ClockKind::urgent);
  Limit const window{urgent ? ClockKind::urgent : ClockKind::work_hour,
                     urgent ? policy.return_window_urgent_minutes : policy.return_window_minutes};
  auto const end = deadline(facts_.city->calendar_of(c_.unit), window, task->created_at).due;
  return steps_.at() > end ? no(Reason::return_window_over) : std::nullopt;
}

No Attempt::act() {
  switch (row_.action) {
    case Action::send_verify:
      return send_patroller(TaskKind::verify, "", "");
    case Action::send_check:
      return send_patroller(TaskKind::check, c_.unit, "");
    case Action::recheck:
      return send_patroller(TaskKind::check, c_.unit, c_.holder);
    case Action::file: {
      auto const filing = find_filing(*facts_.city, c_, in_.condition);
      steps_.file(row_, hand_, *filing.entry, *filing.condition);
      return std::nullopt;
    }
    case Action::dispatch:
      return dispatch();
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
      });
    case Action::reject_disposal:
      return take([](Case& c) { c.disposed_at.reset(); });
    case Action::return_:
      return take([&](Case& c) { c.requested_by = who_.name, c.requested_at = steps_.at(); });
    case Action::approve_return:
      return take([](Case& c) { c.requested_by.clear(); });  // requested_at stops the clock
    case Action::refuse_return:
    case Action::refuse_void:
      return take([](Case& c) {
        c.pending_request.clear();
        c.requested_by.clear();
        c.requested_at.reset();
      });
    case Action::request_void:
      return take([&](Case& c) {
        c.pending_request = in_.reason;
        c.requested_by = who_.name;
        c.requested_at = steps_.at();
      });
    case Action::check:
      return take([&](Case& c) {
        if (row_.outcome != "fail") return;
        c.checked_at = steps_.at();
        c.holder.clear();
        steps_.give(TaskKind::dispose, c.unit, c.squad, "", std::nullopt);
      });
    case Action::close:
      return take([&](Case& c) { c.closing_condition = in_.closing_condition; });
    default:
      return take([](Case&) {});
  }
}

No Attempt::send_patroller(TaskKind kind, std::string_view not_of_unit, std::string const& not_person) {
  auto const patroller = find_checker(*facts_.city, c_, steps_.at(), not_of_unit, not_person);
  if (patroller.empty()) return no(Reason::no_checker_on_duty);
  steps_.send_patroller(row_, hand_, kind, patroller, in_.check_mode);
  return std::nullopt;
}

No Attempt::dispatch() {
  auto const& city = *facts_.city;
  std::vector<std::string> tried;
  auto const routed = route(city, c_, facts_.component, &tried);
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
    tried.push_back("named: " + to.unit + " / " + to.squad + " by " + who_.name);
  }
  steps_.dispatch(row_, hand_, to, tried);
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
  return take([&](Case& c) {
    if (in_.category) {
      c.standard = key.standard;
      c.kind = key.kind;
      c.code = key.code;
      c.class_code = entry->class_code;
      if (!entry->find(c.condition)) c.condition.clear();  // it belonged to the old category
    }
    if (!in_.condition.empty()) c.condition = in_.condition;
    if (!in_.address.empty()) c.address = in_.address;
    if (!in_.component_id.empty()) c.component_id = in_.component_id;
    if (moves) {
      c.lon = in_.lon;
      c.lat = in_.lat;
      settle_place(c, facts_.place);
    }
    if (!facts_.neighbours.empty()) settle_twins(c, facts_.neighbours);
  });
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
  if (command.at && *command.at < c.last_at) return Refused{Reason::at_before_last, "/at"};
  if (auto refusal = check_fields(info(*action), command.input)) return *refusal;
  bool const by_result = *action == Action::verify || *action == Action::check;
  auto const* row = find_row(c.state, *action, by_result ? command.input.result : "");
  if (!row) return Refused{Reason::field_missing, "/result"};

  // What a person did is judged when the door received it, but a case's time never runs backwards.
  auto const judged = command.at.value_or(received);
  Case start = c;
  if (command.at) start.backdated = true;
  Steps steps(facts, std::move(start), std::max(judged, c.last_at), judged);
  if (auto refusal = Attempt(facts, command, *row, steps).run()) return *refusal;
  if (*action == Action::dispose || *action == Action::confirm) steps.follow_policy();
  return std::move(steps).done();
}

}  // namespace wangge::core
