// What an action does beside moving the case: each takes its row with what only it knows.
#include <algorithm>

#include "dispatcher/core/attempt.hpp"
#include "dispatcher/core/intake.hpp"
#include "dispatcher/core/routing.hpp"

namespace wangge::core {

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
        set_flag(c, "resumed");  // the new task opens no new window for a return
        steps_.give(TaskKind::dispose, c.unit, c.squad, "", std::nullopt);
      });
    case Action::make_safe: {
      auto const patroller = find_checker(*facts_.city, c_, steps_.at(), c_.unit, "", facts_.where);
      if (patroller.empty()) return no(Reason::no_checker_on_duty);
      return take([&](Case&) { steps_.give_look(patroller); });
    }
    case Action::check:
      return check();
    case Action::close:
    case Action::upstream_close:
      return close();
    case Action::upstream_rework:
      return take([](Case& c) { c.upstream_done_at.reset(); });
    case Action::accept_self_disposal:
      return take_and_look(c_.reporter, [](Case&) {});
    case Action::appeal:
      return take_and_look(c_.holder, [&](Case& c) { steps_.ask(c, RequestKind::appeal, who_.name, std::nullopt, in_.reason); });
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
      return note();
    case Action::rework:  // what was never handed over cannot be done again
      if (!c_.handed_over_at) return no(Reason::wrong_state);
      return take([](Case&) {});
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
  steps_.grants(*request);
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
  steps_.grants(*request);
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
  if (!info(row_.from).open) return take([&](Case& c) { c.blind = in_.result; });
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

// Closed here. A case of an upper platform then waits for its word (RULINGS 19), and what follows a closing waits with it.
No Attempt::close() {
  if (row_.to == State::awaiting_upstream) {
    return take([&](Case& c) {
      c.closing_condition = in_.closing_condition;
      c.upstream_done_at = steps_.at();
    });
  }
  auto const closing = row_.action == Action::close ? in_.closing_condition : c_.closing_condition;
  auto const& follow_up = facts_.city->policy.follow_up_closing;
  bool const repair_left = !follow_up.empty() && closing == follow_up && c_.followed_by.empty();
  auto const second = second_look(c_.holder);
  take([&](Case& c) {
    c.closing_condition = closing;
    if (!second.empty()) c.blind = "asked";
    if (!repair_left) return;
    c.followed_by = facts_.next_case_no;
    steps_.open_linked(hand_, "repair");
  });
  if (!second.empty()) steps_.give_look(second);
  return std::nullopt;
}

// A row after which somebody else looks, whatever chance says: a self-disposal that was accepted, a closing that is appealed
// against (RULINGS 13). `first`: who looked before, or did it himself.
template <class Change>
No Attempt::take_and_look(std::string const& first, Change&& change) {
  auto const second = c_.blind.empty() ? second_look(first) : "";
  take([&](Case& c) {
    change(c);
    if (!second.empty()) c.blind = "asked";
  });
  if (!second.empty()) steps_.give_look(second);
  return std::nullopt;
}

// Who looks once more, blind: another than `first`. Chance is the report's id and the millisecond of the closing: the same on every
// replay, and nobody can choose a report that is never drawn. All of the citizens' hotline, of self-disposals and of appeals.
std::string Attempt::second_look(std::string const& first) const {
  auto const& policy = facts_.city->policy;
  std::uint64_t hash = 1469598103934665603ull;
  for (unsigned char const ch : c_.report_id + std::to_string(steps_.at().time_since_epoch().count())) hash = (hash ^ ch) * 1099511628211ull;
  bool const all = c_.source == "hotline_12345" || row_.action == Action::accept_self_disposal || row_.action == Action::appeal;
  bool const chosen = all || static_cast<std::int64_t>(hash >> 20) % 100 < policy.blind_percent;
  if (policy.blind_percent == 0 || !chosen || first.empty()) return "";
  auto other = find_checker(*facts_.city, c_, steps_.at(), c_.unit, first, facts_.where);
  return other == first ? "" : other;
}

// Enforcement goes forward only: ordered, decided, fulfilled; a step may be left out, none comes again. Those say so who do it or
// answer for the case.
No Attempt::note() {
  if (in_.milestone.empty()) return take([](Case&) {});
  if (c_.enforcement_no.empty()) return no(Reason::wrong_state, "/milestone");
  static constexpr std::array<Role, 4> kOnlyWatch{Role::hotline_agent, Role::evaluator, Role::inspector, Role::leader};
  if (std::find(kOnlyWatch.begin(), kOnlyWatch.end(), who_.role) != kOnlyWatch.end()) return no(Reason::not_yours, "/milestone");
  static constexpr std::array<std::string_view, 3> kSteps{"ordered", "decided", "fulfilled"};
  auto const place = [](std::string_view step) { return std::find(kSteps.begin(), kSteps.end(), step); };
  if (!c_.enforcement_step.empty() && place(in_.milestone) <= place(c_.enforcement_step)) return no(Reason::milestone_passed, "/milestone");
  return take([&](Case& c) { c.enforcement_step = in_.milestone; });
}

No Attempt::merge() {
  steps_.merge(row_, hand_, *facts_.other);
  return std::nullopt;
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
  hand_.opinion = in_.result;  // the word itself stays on record: afterwards the order is gone from the case
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
  auto const when = kind == TaskKind::check ? looks_from(*facts_.city, c_, steps_.at()) : steps_.at();
  auto const patroller = find_checker(*facts_.city, c_, when, not_of_unit, not_person, facts_.where);
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
    if (to.squad.empty() && routed && routed->unit == to.unit) to.squad = routed->squad;
    if (to.squad.empty()) {  // a unit is enough: its squad is found as for a rule that names only the unit
      auto const picked = pick_squad(city, c_, {steps_.at(), facts_.component, facts_.loads}, to.unit, "", "");
      if (!picked) return no(Reason::field_missing, "/squad");  // nobody of it is there: a person must say who goes
      to.squad = picked->squad;
    }
    auto const squad = city.squads.find(to.squad);
    if (squad == city.squads.end()) return no(Reason::unknown_squad, "/squad");
    if (to.unit.empty()) to.unit = squad->second.unit;
    if (squad->second.unit != to.unit) return no(Reason::squad_not_of_unit, "/squad");
    if (routed && routed->unit == to.unit && routed->squad == to.squad) to.rule = routed->rule;
    if (routed && routed->unit == to.unit) to.assisting = routed->assisting;
    tried.push_back({RouteLevel::decision, "named", "", "", to.unit, to.squad, who_.name, "", ""});
  }
  // Whom the coordination desk named stays, whoever sends the case on: only the desk names another (RULINGS 2).
  if (c_.binding && !desk && to.unit != c_.unit) return no(Reason::unit_is_binding, "/unit");
  std::vector<std::string> assisting;
  for (auto const& unit : in_.assist) {
    if (!city.units.contains(unit)) return no(Reason::unknown_unit, "/assist");
    if (unit != to.unit && std::find(assisting.begin(), assisting.end(), unit) == assisting.end()) assisting.push_back(unit);
  }
  if (assisting.empty()) assisting = assisting_of(city, to);  // nobody named any: those of the responsibility list (RULINGS 17)
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

}  // namespace wangge::core
