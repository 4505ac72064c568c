// One action on one case. Checks in CONTRACT 5's order: scope 404, role/unit/squad 403, version 409, then the guards;
// then the row of the lifecycle table is taken (attempt.hpp), and what policy adds to it.
#include <algorithm>

#include "dispatcher/core/attempt.hpp"
#include "dispatcher/core/permission.hpp"

namespace wangge::core {

namespace {

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

// What selects among the rows of one state and action: the result named, or the kind of the request decided on.
std::string_view outcome_of(Action action, Case const& c, ActionInput const& in) {
  if (action == Action::verify) return in.result;
  if (action == Action::check) {
    // An enforcement's result is looked at in `checking`; elsewhere a check looks at a hazard.
    bool const enforcement = c.state == State::checking && !c.enforcement_no.empty() && !c.handed_over_at;
    return enforcement && in.result == "fail" ? std::string_view("not_restored") : std::string_view(in.result);
  }
  // What the upper platform gave, it closes; a hotline closes its own order, not the case (RULINGS 18, 19).
  bool const upstream = !c.upstream_number.empty() && !c.source.starts_with("hotline_");
  if (action == Action::close) return upstream ? "upstream" : "";
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
