// The mechanics of one row: state, version, the disposal clock (RULINGS 1, 2), counts, tasks, history, spans.
#include "dispatcher/core/steps.hpp"

#include <algorithm>

#include "dispatcher/core/explain.hpp"

namespace wangge::core {

namespace {

// The stage whose own clock runs while a case rests in this state, and its limit; none: no such clock.
struct StageLimit {
  std::string_view stage;
  std::int64_t minutes = 0;
};

StageLimit stage_limit(State state, Policy const& policy) {
  switch (state) {
    case State::pending_accept:
    case State::verifying:  // the same clock, standing still
    case State::self_disposed_review:
      return {"accept", policy.accept_minutes};
    case State::pending_file:
    case State::returned_by_dispatch:
      return {"file", policy.file_minutes};
    case State::pending_dispatch:
      return {"dispatch", policy.dispatch_minutes};
    case State::pending_review:
      return {"review", policy.review_minutes};
    case State::pending_close:
      return {"close", policy.close_minutes};
    default:
      return {};
  }
}

// While a return is only asked for, the unit still has the case.
bool with_unit(State s) {
  return s == State::pending_dispose || s == State::disposing || s == State::returned_by_unit;
}

}  // namespace

Steps::Steps(Facts const& facts, Case start, When when)
    : facts_(facts), c_(std::move(start)), when_(when), open_(facts.open_tasks) {}

Case Steps::begin(Row const& row) {
  Case before = c_;
  c_.state = row.to;
  c_.version += 1;
  c_.last_at = when_.at;
  if (when_.backdated && !c_.backdated) {  // from now on it fires no timers at people (RULINGS 7)
    c_.backdated = true;
    for (auto& task : open_) {
      task.quiet = true;
      changed(task).task = task;
    }
  }
  return before;
}

void Steps::finish(Case const& before, Row const& row, Hand const& hand) {
  apply_clock(before, row);
  apply_count(before, row);
  if (before.version > 0) keep_counted(before);
  milestones(before, row);
  auto const* task = open_task(row.action == Action::verify ? TaskKind::verify : TaskKind::check);
  std::optional<Task> const answered = task != nullptr ? std::optional(*task) : std::nullopt;
  end_tasks_of(row);
  if (info(before.state).open && !info(row.to).open) {
    c_.closed_at = when_.at;
    c_.requests.clear();
    for (auto const kind : {TaskKind::dispose, TaskKind::verify, TaskKind::check, TaskKind::assist}) end_tasks(kind, true);
  } else if (with_unit(before.state) && !with_unit(row.to)) {
    drop_requests();
  }
  stage_clock(before);
  HistoryRow history;
  history.version = c_.version;
  history.action = std::string(id(row.action));
  history.actor = hand.actor;
  history.role = hand.role;
  history.from = before.state;
  history.to = c_.state;
  history.at = when_.at;
  history.reason = hand.reason;
  history.opinion = hand.opinion;
  history.photos = hand.photos;
  history.command_id = hand.command_id;
  history.changes = diff(before, c_);
  if (auto change = span_change(before, c_, history)) {
    if (change->close && asked_at_ && before.handed_over_at == c_.handed_over_at) {
      change->effect_at = std::max(std::min(*asked_at_, when_.at), Instant{});
      change->effect_due_at = change->open ? change->open->due_at : kNever;
    }
    out_.spans.push_back(std::move(*change));
  }
  asked_at_.reset();
  if (auto marks = marks_of(city(), before, c_, history, answered ? &*answered : nullptr, out_.tasks); !marks.empty()) {
    out_.marks.push_back({history.version, history.at, std::move(marks)});
  }
  out_.rows.push_back(std::move(history));
}

std::optional<std::string> Steps::last_sealed_month() const {
  auto const& sealed = city().sealed_before;
  if (!sealed) return std::nullopt;
  std::chrono::year_month_day const last{city().calendar_of("").local_day(*sealed) - Days{1}};
  auto const month = std::to_string(unsigned(last.month()));
  return std::to_string(int(last.year())) + (month.size() == 1 ? "-0" : "-") + month;
}

// It leaves every month but those that are sealed: what they said stays what they say (DECISIONS 143).
void Steps::leave_figures(Case const& before) {
  auto const month = last_sealed_month();
  if (!month || before.exempt || !before.enforcement_no.empty()) return;
  set_flag(c_, "counted_to:" + *month);
  set_flag(c_, "corrected");
}

// Likewise where it is counted, and as what: amended, it stays in the sealed months what it was when they were sealed
// (DECISIONS 155).
void Steps::keep_counted(Case const& before) {
  auto const as = [](Case const& c) {
    return ":" + c.street + ":" + c.community + ":" + c.grid + ":" + c.class_code + ":" + c.code;
  };
  auto const month = last_sealed_month();
  if (!month || before.opened_at >= *city().sealed_before || as(before) == as(c_)) return;
  auto const to = "counted_as:" + *month;
  auto const known = [&](std::string const& flag) { return flag.starts_with(to + ":"); };
  if (std::any_of(c_.flags.begin(), c_.flags.end(), known)) return;  // amended before since that seal
  set_flag(c_, to + as(before));
  set_flag(c_, "corrected");
}

void Steps::apply_count(Case const& before, Row const& row) {
  switch (row.count) {
    case CountEffect::accept:
      c_.accepted_at = when_.at;
      break;
    case CountEffect::file:  // a case returned to filing and filed again was filed once
      if (!c_.filed_at) c_.filed_at = when_.at;
      break;
    case CountEffect::dispatch:  // likewise: the first dispatch is the one that counts
      if (!c_.dispatched_at) c_.dispatched_at = when_.at;
      break;
    case CountEffect::returned:
      c_.returns += 1;
      break;
    case CountEffect::dispose:
      c_.disposed_at = when_.at;
      break;
    case CountEffect::rework:
      c_.rework += 1;
      if (c_.left_ms) c_.left_ms = after_rework(Millis{*c_.left_ms}).count();  // it starts with the next dispatch
      void_hand_over();
      break;
    case CountEffect::verify:
      c_.verify_result = row.outcome;
      break;
    case CountEffect::check:
      c_.checked_at = when_.at;
      break;
    case CountEffect::extended:
      c_.extensions += 1;
      break;
    case CountEffect::paused:
      if (c_.pause_kind == id(RequestKind::suspend)) c_.suspensions += 1;
      break;
    case CountEffect::made_safe:
      c_.made_safe_at = when_.at;
      break;
    case CountEffect::safe_checked:
      if (row.outcome == "pass") c_.safe_checked_at = when_.at;
      else c_.made_safe_at.reset();
      break;
    case CountEffect::supervised:
      c_.supervised += 1;
      break;
    case CountEffect::urged:
      c_.urges += 1;
      break;
    case CountEffect::instructed:
      c_.instructions += 1;
      break;
    case CountEffect::replied:
      if (!c_.replied_at) c_.replied_at = when_.at;
      break;
    case CountEffect::appealed:
      c_.appeal = "asked";
      break;
    case CountEffect::exempted:
      leave_figures(before);
      c_.appeal = "approved";
      c_.exempt = true;
      break;
    case CountEffect::to_enforcement:
      leave_figures(before);
      break;
    default:
      break;  // the state, closed_at or another field says it
  }
}

void Steps::void_hand_over() {
  c_.handed_over_at.reset();
  c_.late = false;
  c_.disposed_at.reset();
  c_.signed_at.reset();
}

// A request about disposal has no object once the case is handed over or goes back.
void Steps::drop_requests() {
  std::erase_if(c_.requests, [](Request const& r) {
    return r.kind == RequestKind::extend || r.kind == RequestKind::defer || r.kind == RequestKind::suspend;
  });
}

void Steps::stage_clock(Case const& before) {
  if (c_.state == before.state) return;
  auto const& policy = city().policy;
  auto const& calendar = city().calendar_of("");
  auto const left = stage_limit(before.state, policy), entered = stage_limit(c_.state, policy);
  if (c_.state == State::verifying) {  // acceptance stands still while somebody looks
    if (c_.stage_due_at) c_.stage_left_ms = calendar.work_between(when_.at, *c_.stage_due_at).count();
    if (c_.stage_due_at && when_.at > *c_.stage_due_at) c_.stage_left_ms = -1;
    c_.stage_due_at.reset();
    return;
  }
  bool const late = (c_.stage_due_at && when_.at > *c_.stage_due_at) || (c_.stage_left_ms && *c_.stage_left_ms < 0);
  bool const goes_on = before.state == State::verifying && c_.stage_left_ms;
  if (late && !goes_on && std::find(c_.late_stages.begin(), c_.late_stages.end(), left.stage) == c_.late_stages.end())
    c_.late_stages.emplace_back(left.stage);
  Millis const minutes = goes_on ? Millis{std::max<std::int64_t>(*c_.stage_left_ms, 0)} : Millis{std::chrono::minutes{entered.minutes}};
  c_.stage_due_at.reset();
  if (goes_on && *c_.stage_left_ms < 0) {
    c_.stage_due_at = when_.at - Millis{1};  // it was late before it stood still
  } else if (!entered.stage.empty() && !passing_) {
    c_.stage_due_at = calendar.add_work(when_.starts, minutes).at;
  }
  c_.stage_left_ms.reset();
}

// What has a limit of its own inside the disposal. A hazard is to be made safe within the policy's minutes; an enforcement
// goes on in statutory days (RULINGS 4, 5, 8).
void Steps::expect_milestone(std::string_view name) {
  auto const& policy = city().policy;
  auto const& calendar = city().calendar_of(c_.unit);
  c_.milestone = name;
  if (name == "made_safe") {
    c_.milestone_due_at = when_.starts + std::chrono::minutes{policy.make_safe_minutes};
  } else if (name == "ordered") {
    c_.milestone_due_at = calendar.legal_days(when_.starts, static_cast<int>(policy.enforce_order_days), true);
  } else {
    auto const days = name == "decided" ? policy.enforce_decide_days : policy.enforce_fulfil_days;
    c_.milestone_due_at = calendar.legal_days(when_.starts, static_cast<int>(days), false);
  }
}

void Steps::reach_milestone(std::string_view name) {
  if (c_.milestone != name) return;
  bool const late = c_.milestone_due_at && when_.judged > *c_.milestone_due_at;
  if (late && std::find(c_.late_milestones.begin(), c_.late_milestones.end(), name) == c_.late_milestones.end())
    c_.late_milestones.emplace_back(name);
  c_.milestone.clear();
  c_.milestone_due_at.reset();
}

void Steps::milestones(Case const& before, Row const& row) {
  if (!info(c_.state).open) {
    c_.milestone.clear();
    c_.milestone_due_at.reset();
    return;
  }
  bool const runs = c_.due_at && !c_.left_ms && !c_.handed_over_at;
  if (row.count == CountEffect::made_safe || row.count == CountEffect::hand_over) reach_milestone("made_safe");
  if (c_.milestone == "made_safe" && !runs) c_.milestone.clear(), c_.milestone_due_at.reset();
  bool const hazard = runs && clock() == ClockKind::urgent && !c_.made_safe_at && !c_.safe_checked_at;
  bool const begins = row.clock == ClockEffect::start || row.clock == ClockEffect::resume || row.clock == ClockEffect::hurry ||
                      (before.made_safe_at && !c_.made_safe_at);
  if (hazard && begins && c_.milestone.empty()) expect_milestone("made_safe");
  if (row.count == CountEffect::to_enforcement) expect_milestone("ordered");
  if (before.enforcement_step == c_.enforcement_step || c_.enforcement_step.empty() || c_.enforcement_no != before.enforcement_no) return;
  reach_milestone(c_.milestone);
  if (c_.enforcement_step == "ordered") expect_milestone("decided");
  if (c_.enforcement_step == "decided") expect_milestone("fulfilled");
}

void Steps::order(Case& c, OrderKind kind, std::string const& by, std::optional<Instant> until, std::string const& text) {
  c.orders.push_back({"o" + std::to_string(c.version), kind, by, when_.judged, until, std::nullopt, text});
}

void Steps::ask(Case& c, RequestKind kind, std::string const& by, std::optional<Instant> until, std::string const& reason) {
  c.requests.push_back({"r" + std::to_string(c.version), kind, by, when_.judged, until, reason});
}

Request Steps::take_request(Case& c, std::string const& request_id) {
  auto const found = std::find_if(c.requests.begin(), c.requests.end(), [&](Request const& r) { return r.request_id == request_id; });
  Request taken = *found;
  c.requests.erase(found);
  return taken;
}

void Steps::file(Row const& row, Hand const& hand, CatalogueEntry const& entry, Condition const& condition,
                 std::vector<RouteStep> const* tried) {
  take(row, hand, [&](Case& c) {
    if (tried) c.explain = explain_routing(*tried);
    // Nobody is named: the coordination desk's queue knows why.
    auto const last = tried && !tried->empty() ? std::string_view(tried->back().result) : std::string_view("hit");
    set_flag(c, "disputed", last == "disagree");
    set_flag(c, "unowned", last != "hit" && last != "disagree");
    auto const limit = limit_now(entry, condition);
    c.catalogue_version = city().catalogue_version;
    bool const other_limit = c.clock != id(limit.clock) || c.limit_minutes != limit.minutes;
    c.class_code = entry.class_code;
    c.condition = condition.id;
    c.clock = std::string(id(limit.clock));
    c.limit_minutes = limit.minutes;
    // Returned to filing after a dispatch and filed under another limit: the next dispatch has that limit whole.
    if (c.left_ms && other_limit) c.left_ms = whole().count(), forget_left_of("");
  });
}

void Steps::dispatch(Row const& row, Hand const& hand, Routed const& to, std::vector<RouteStep> const& tried,
                     std::vector<std::string> const& assisting) {
  take(row, hand, [&](Case& c) {
    if (c.return_approved && !c.unit.empty() && c.unit != to.unit) c.wrong_dispatch = true;
    c.return_approved = false;
    if (hand.role == Role::coordinator) c.binding = true;  // the desk's naming of the unit binds (RULINGS 2)
    set_flag(c, "disputed", false);
    set_flag(c, "unowned", false);
    set_flag(c, "resumed", false);
    c.unit = to.unit;
    c.squad = to.squad;
    c.holder.clear();
    c.route_rule = to.rule;
    c.explain = explain_routing(tried);
    c.signed_at.reset();
    c.checked_at.reset();
    give(TaskKind::dispose, to.unit, to.squad, "", std::nullopt);
    for (auto const& unit : assisting) give(TaskKind::assist, unit, "", "", std::nullopt);  // the unit's desk passes it on
  });
}

void Steps::send_patroller(Row const& row, Hand const& hand, TaskKind kind, std::string const& patroller,
                           std::string const& check_mode) {
  take(row, hand, [&](Case& c) {
    c.holder = patroller;
    if (kind == TaskKind::check) c.check_mode = check_mode.empty() ? "on_site" : check_mode;
    auto const& policy = city().policy;
    std::chrono::minutes const limit{kind == TaskKind::check ? policy.check_minutes : policy.verify_minutes};
    end_tasks(kind, true);  // sent again: whoever had it need not go
    give(kind, "", "", patroller, (kind == TaskKind::check ? looks_from(city(), c, when_.starts) : when_.starts) + limit);
  });
}

void Steps::give_look(std::string const& patroller) {
  give(TaskKind::check, "", "", patroller, when_.starts + std::chrono::minutes{city().policy.check_minutes});
  if (info(c_.state).open) return;  // a danger's is counted with its row, if at all
  // A second look is given behind the row that closed the case: it is a check that somebody owes.
  if (out_.marks.empty() || out_.marks.back().version != c_.version) out_.marks.push_back({c_.version, when_.at, {}});
  out_.marks.back().marks.push_back({"need_check", patroller, Role::patroller, c_.unit, c_.squad});
}

void Steps::open_linked(Hand const& hand, std::string const& kind) {
  Case fresh;
  auto const& from = c_;
  fresh.district = from.district;
  fresh.case_no = facts_.next_case_no;
  fresh.report_id = from.report_id + "-" + kind + "-" + std::to_string(from.version);
  fresh.opened_at = when_.at;
  fresh.source = from.source;
  fresh.reporter = from.reporter;
  fresh.standard = from.standard, fresh.kind = from.kind, fresh.code = from.code, fresh.class_code = from.class_code;
  fresh.condition = kind == "reopen" ? from.condition : "";  // the repair has a condition of its own
  fresh.description = from.description;
  fresh.address = from.address;
  fresh.lon = from.lon, fresh.lat = from.lat;
  fresh.grid = from.grid, fresh.street = from.street, fresh.community = from.community;
  fresh.place_unusable = from.place_unusable;
  fresh.component_id = from.component_id;
  fresh.photos = from.photos;
  fresh.campaign = from.campaign;  // what a drive found stays its own, also the second time
  if (auto const apart = flag_value(from, "counted_apart"); !apart.empty()) set_flag(fresh, "counted_apart:" + std::string(apart));
  fresh.follows = from.case_no;
  Facts facts = facts_;
  facts.open_tasks.clear();
  Case empty;
  empty.district = fresh.district;
  empty.case_no = fresh.case_no;
  Steps steps(facts, std::move(empty), when_);
  Hand reporting = hand;
  reporting.photos.clear();
  steps.take(*find_row(State::reported, Action::report), reporting, [&](Case& c) {
    fresh.version = c.version;
    fresh.state = c.state;
    fresh.last_at = c.last_at;
    fresh.backdated = c.backdated;
    c = std::move(fresh);
  });
  out_.also.push_back(std::move(steps).done());
}

void Steps::rule_from_decision(std::string_view scope, std::optional<Instant> until, std::string const& document) {
  auto const& clock = city().calendar_of("");
  RouteRule rule;
  rule.id = "desk-" + c_.case_no + "-" + std::to_string(c_.version);
  rule.level = RouteLevel::decision;
  rule.standard = c_.standard, rule.kind = c_.kind, rule.code = c_.code;
  if (scope == "street") rule.street = c_.street;
  if (scope == "grid") rule.grid = c_.grid;
  rule.when.from = clock.local_day(when_.at);
  if (until) rule.when.to = clock.local_day(*until) + Days{1};  // the last day named is the last on which it holds
  rule.unit = c_.unit;
  if (scope == "grid") rule.squad = c_.squad;
  rule.document = document;
  out_.rules.push_back(std::move(rule));
}

void Steps::merge(Row const& row, Hand const& hand, Case const& master) {
  take(row, hand, [&](Case& c) {
    c.merged_into = master.case_no;
    touch_other(master, Action::merge, hand, 1);
  });
}

void Steps::touch_other(Case const& other, Action action, Hand const& hand, std::int64_t duplicates) {
  Facts facts = facts_;
  facts.open_tasks.clear();
  When when = when_;
  when.at = std::max(when_.at, other.last_at);
  when.backdated = false;
  Steps steps(facts, other, when);
  Hand noting = hand;
  noting.opinion = std::string(id(action)) + " " + c_.case_no;
  noting.photos.clear();
  noting.role = Role::system;
  auto const* row = find_row(other.state, Action::note);
  steps.take(*row, noting, [&](Case& c) { c.duplicates += duplicates; });
  out_.also.push_back(std::move(steps).done());
}

void Steps::follow_policy() {
  auto const& policy = city().policy;
  bool const assisted = open_task(TaskKind::assist) != nullptr;
  if (c_.state == State::disposed && policy.auto_confirm && !assisted) {
    passing(policy.auto_send_check && !find_checker(city(), c_, looks_from(city(), c_, when_.at), c_.unit, "", facts_.where).empty());
    take(*find_row(c_.state, Action::confirm), {});
    passing(false);
  }
  if (c_.state == State::pending_review && policy.auto_send_check) {
    if (auto const patroller = find_checker(city(), c_, looks_from(city(), c_, when_.at), c_.unit, "", facts_.where); !patroller.empty()) {
      send_patroller(*find_row(c_.state, Action::send_check), {}, TaskKind::check, patroller, "");
    }
  }
}

Accepted Steps::done() && {
  out_.after = std::move(c_);
  return std::move(out_);
}

}  // namespace wangge::core
