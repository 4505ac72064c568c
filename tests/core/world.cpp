// The small city and the walks through it; see world.hpp for who and what is there.
#include "tests/core/world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

namespace wangge::core::test {

using namespace std::chrono;

namespace {

constexpr char const* kStandard = "gbt47678.5-2026";

LocalDay day(int y, unsigned m, unsigned d) {
  return sys_days{year{y} / month{m} / std::chrono::day{d}};
}

Calendar state_council() {
  std::map<LocalDay, bool> days;
  auto rest = [&](LocalDay from, LocalDay to) {
    for (auto d = from; d <= to; d += Days{1}) days[d] = false;
  };
  rest(day(2025, 10, 1), day(2025, 10, 8));
  days[day(2025, 9, 28)] = days[day(2025, 10, 11)] = true;
  rest(day(2026, 1, 1), day(2026, 1, 3));
  days[day(2026, 1, 4)] = true;
  rest(day(2026, 2, 15), day(2026, 2, 23));
  days[day(2026, 2, 14)] = days[day(2026, 2, 28)] = true;
  rest(day(2026, 10, 1), day(2026, 10, 7));
  days[day(2026, 9, 20)] = days[day(2026, 10, 10)] = true;
  return Calendar(minutes{480}, {{480, 720}, {840, 1080}}, days, day(2025, 1, 1), day(2026, 12, 31));
}

void add_category(City& city, std::string code, std::vector<Condition> conditions) {
  CatalogueEntry e;
  e.key = {kStandard, "matter", code};
  e.class_code = code.substr(0, 2);
  e.zh = e.en = code;
  e.conditions = std::move(conditions);
  city.catalogue[e.key] = e;
}

RouteRule rule(std::string id, RouteLevel level, std::string unit, std::string squad) {
  RouteRule r;
  r.id = std::move(id);
  r.level = level;
  r.unit = std::move(unit);
  r.squad = std::move(squad);
  return r;
}

void add_routes(City& city) {
  auto in_grid = rule("r-grid", RouteLevel::condition_in_grid, "city_a", "a1");
  in_grid.standard = kStandard, in_grid.kind = "matter", in_grid.code = "01001", in_grid.grid = "g11";
  auto in_street = rule("r-street", RouteLevel::condition_in_street, "city_a", "a2");
  in_street.standard = kStandard, in_street.kind = "matter", in_street.code = "01001", in_street.street = "s1";
  auto by_class = rule("r-class", RouteLevel::class_in_district, "city_b", "b1");
  by_class.class_code = "02";
  auto territorial = rule("r-territorial", RouteLevel::territorial, "city_b", "b1");
  territorial.street = "s1";
  auto maintainer = rule("r-water", RouteLevel::component_maintainer, "city_b", "b1");
  maintainer.maintainer = "water_co";
  city.routes = {in_grid, in_street, by_class, territorial, maintainer};
}

}  // namespace

Instant local(int y, unsigned m, unsigned d, int hour, int minute, int second) {
  return Instant{day(y, m, d)} + hours{hour - 8} + minutes{minute} + seconds{second};
}

std::string local_text(Instant at) {
  auto const there = at + hours{8};
  auto const date = floor<days>(there);
  year_month_day const ymd{date};
  hh_mm_ss const time{there - date};
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02u %02d:%02d:%02d.%03d", int(ymd.year()), unsigned(ymd.month()),
                unsigned(ymd.day()), int(time.hours().count()), int(time.minutes().count()),
                int(time.seconds().count()), int(time.subseconds().count()));
  return buffer;
}

City small_city() {
  City city;
  city.district = "370871";
  city.calendars.emplace("center", state_council());
  city.units["city_a"] = {"city_a", "甲", "A", "center"};
  city.units["city_b"] = {"city_b", "乙", "B", "center"};
  city.squads["a1"] = {"a1", "city_a", "甲一", "A1"};
  city.squads["a2"] = {"a2", "city_a", "甲二", "A2"};
  city.squads["b1"] = {"b1", "city_b", "乙一", "B1"};
  auto limit = [](std::string id, ClockKind clock, std::int64_t minutes) {
    return Condition{id, "", "", {clock, minutes}};
  };
  add_category(city, "01001", {limit("1", ClockKind::work_hour, 240), limit("2", ClockKind::urgent, 120)});
  add_category(city, "02002", {limit("1", ClockKind::work_day, 960)});
  add_category(city, "03003", {limit("1", ClockKind::urgent, 60)});
  add_category(city, "04004", {limit("1", ClockKind::natural_day, 4320)});
  add_category(city, "05005", {limit("1", ClockKind::work_day, 480)});
  add_category(city, "06006", {});
  add_routes(city);
  city.duty = {{"p1", "patrol_co", "s1", "", "", 0, 1440}, {"p2", "patrol_co", "", "", "", 0, 1440}};
  city.closing_conditions = {"restored", "danger_removed"};
  city.finish();
  return city;
}

Principal person_of(Role role, std::string unit, std::string squad, std::string name) {
  Principal p;
  p.name = name.empty() ? std::string(id(role)) : std::move(name);
  p.role = role;
  p.district = "370871";
  p.unit = std::move(unit);
  p.squad = std::move(squad);
  return p;
}

Principal person(Role role, std::string name) {
  bool const squad = role == Role::squad_leader || role == Role::disposer;
  bool const unit = squad || role == Role::unit_clerk || role == Role::unit_head;
  if (role == Role::patroller && name.empty()) name = "p1";
  return person_of(role, unit ? "city_a" : "", squad ? "a1" : "", std::move(name));
}

Place place_in(std::string const& grid) {
  if (grid.empty()) return {};
  return {{{grid, grid == "g21" ? "s2" : "s1", "c" + grid.substr(1)}}};
}

Report a_report(std::string source, std::string code) {
  Report r;
  r.report_id = "report-1";
  r.district = "370871";
  r.principal = "p1";
  r.role = Role::patroller;
  r.source = std::move(source);
  r.category = {kStandard, "matter", std::move(code)};
  r.description = "井盖破损";
  r.lon = 116.58712345, r.lat = 35.4;
  r.photos = {"sha256-1", "sha256-2"};
  return r;
}

Policy by_hand() {
  Policy p;
  p.auto_accept = p.auto_file = p.auto_dispatch = p.auto_confirm = p.auto_send_check = p.auto_send_verify = p.auto_merge = false;
  p.blind_percent = 0;
  return p;
}

World::World(City given) : WorldParts{std::move(given)} {
  now = local(2025, 9, 22, 9, 0);
  facts.city = &city;
}

void World::report(Report r, std::string const& grid) {
  facts.place = place_in(grid);
  if (r.received_at == Instant{}) r.received_at = now;
  apply(decide_report(facts, r, "3708712025092200001", now));
  facts.next_case_no = "3708712025092200777";
  facts.other = c;  // another open case of the same kind, to merge into
  facts.other->case_no = "3708712025092200009";
  facts.other->state = State::pending_dispatch;
}

void World::apply(Accepted const& accepted) {
  c = accepted.after;
  facts.present = c;
  rows.insert(rows.end(), accepted.rows.begin(), accepted.rows.end());
  for (auto const& row : accepted.rows) {
    if (row.action == "dispatch") facts.dispatched_by = row.actor;
  }
  for (auto const& other : accepted.also) {
    if (facts.other && other.after.case_no == facts.other->case_no) facts.other = other.after;
  }
  also = accepted.also;
  marks.insert(marks.end(), accepted.marks.begin(), accepted.marks.end());
  for (auto const& change : accepted.spans) {
    span_changes.push_back(change);
    if (change.close) {
      spans.back().until_at = change.close_at, spans.back().ended = change.ended;
      spans.back().effect_at = change.effect_at, spans.back().effect_due_at = change.effect_due_at;
    }
    if (change.open) spans.push_back(*change.open);
  }
  last_tasks = accepted.tasks;
  for (auto const& change : accepted.tasks) {
    auto const known =
        std::find_if(tasks.begin(), tasks.end(), [&](Task const& t) { return t.task_id == change.task.task_id; });
    if (known == tasks.end())
      tasks.push_back(change.task);
    else
      *known = change.task;
  }
  facts.open_tasks.clear();
  for (auto const& task : tasks) {
    if (task.open) facts.open_tasks.push_back(task);
  }
}

Command World::command(Principal const& who, std::string const& action, ActionInput input) const {
  Command command;
  command.command_id = action + "-" + std::to_string(c.version);
  command.who = who;
  command.action = action;
  command.case_no = c.case_no;
  command.version = c.version;
  command.received_at = now;
  command.input = std::move(input);
  bool const decides = action == "approve_request" || action == "refuse_request";
  if (decides && command.input.request_id.empty()) {
    command.input.request_id = "r0";
    for (auto const& r : c.requests) {
      if (find_row(c.state, Action::approve_request, id(r.kind))) command.input.request_id = r.request_id;
    }
  }
  return command;
}

Decision World::ask(Command const& command) const {
  return decide(facts, command, now);
}

Decision World::act(Principal const& who, std::string const& action, ActionInput input) {
  auto decision = ask(command(who, action, std::move(input)));
  if (auto const* accepted = std::get_if<Accepted>(&decision)) apply(*accepted);
  return decision;
}

void World::do_(Principal const& who, std::string const& action, ActionInput input) {
  auto const before = c.state;
  ASSERT_EQ(outcome(act(who, action, std::move(input))), "accepted")
      << action << " by " << who.name << " in " << id(before);
}

void World::do_(Role role, std::string const& action, ActionInput input) {
  do_(person(role), action, std::move(input));
}

Task const* World::open_task(TaskKind kind) const {
  for (auto const& task : tasks) {
    if (task.open && task.kind == kind) return &task;
  }
  return nullptr;
}

void World::walk_to(State state) {
  struct Leg {
    State from;
    Role role;
    char const* action;
  };
  // Side roads leave the main one where they begin.
  static constexpr Leg kMain[] = {{State::pending_accept, Role::acceptor, "accept"},
                                  {State::pending_file, Role::shift_leader, "file"},
                                  {State::pending_dispatch, Role::dispatch_officer, "dispatch"},
                                  {State::pending_dispose, Role::squad_leader, "sign"},
                                  {State::disposing, Role::disposer, "dispose"},
                                  {State::disposed, Role::unit_clerk, "confirm"},
                                  {State::pending_review, Role::dispatch_officer, "send_check"},
                                  {State::checking, Role::patroller, "check"},
                                  {State::pending_close, Role::acceptor, "close"}};
  struct Side {
    State end;
    State begin;
    Role role;
    char const* action;
  };
  static constexpr Side kSides[] = {
      {State::verifying, State::pending_accept, Role::acceptor, "send_verify"},
      {State::not_accepted, State::pending_accept, Role::acceptor, "decline"},
      {State::not_filed, State::pending_file, Role::shift_leader, "decline_filing"},
      {State::returned_by_dispatch, State::pending_dispatch, Role::dispatch_officer, "return_filing"},
      {State::returned_by_unit, State::pending_dispose, Role::unit_clerk, "return"},
      {State::forced_closed, State::disposing, Role::leader, "force_close"},
      {State::suspended, State::disposing, Role::unit_clerk, "defer"},
      {State::in_enforcement, State::disposing, Role::unit_clerk, "hand_to_enforcement"},
      {State::merged, State::pending_accept, Role::acceptor, "merge"},
      {State::transferred_out, State::pending_dispatch, Role::dispatch_officer, "transfer_out"},
      {State::voided, State::pending_dispatch, Role::acceptor, "request_void"},
      {State::awaiting_upstream, State::pending_close, Role::acceptor, "close"},
      {State::self_disposed_closed, State::self_disposed_review, Role::acceptor, "accept_self_disposal"}};
  city.policy = by_hand();
  auto r = a_report();
  r.self_disposed = state == State::self_disposed_review || state == State::self_disposed_closed;
  if (state == State::awaiting_upstream) r.upstream_system = "city", r.upstream_number = "U-1";
  report(r);
  auto goal = state;
  Side const* side = nullptr;
  for (auto const& s : kSides) {
    if (s.end == state) goal = s.begin, side = &s;
  }
  for (auto const& leg : kMain) {
    if (c.state == goal) break;
    if (c.state != leg.from) continue;
    pass(minutes{1});
    do_(leg.role, leg.action, full_input(leg.action));
  }
  if (side) {
    pass(minutes{1});
    do_(side->role, side->action, full_input(side->action));
    if (state == State::voided) do_(Role::shift_leader, "approve_void");
    auto const decider = state == State::transferred_out ? Role::coordinator : Role::shift_leader;
    bool const decided = state == State::forced_closed || state == State::suspended || state == State::transferred_out;
    if (decided) do_(decider, "approve_request");
  }
  ASSERT_EQ(id(c.state), id(state));
  pass(minutes{1});
}

std::string outcome(Decision const& decision) {
  if (std::holds_alternative<Accepted>(decision)) return "accepted";
  return std::string(info(std::get<Refused>(decision).reason).id);
}

ActionInput full_input(std::string const& action) {
  ActionInput in;
  if (action == "verify") in.result = "exist";
  if (action == "judge_order") in.result = "read";
  if (action == "answer_order" || action == "judge_order") in.request_id = "o0";
  if (action == "check") in.result = "pass";
  if (action == "close") in.closing_condition = "restored";
  if (action == "amend") in.address = "中山路 1 号";
  if (action == "reassign") in.squad = "a1";
  if (action == "note" || action == "instruct" || action == "reply" || action == "answer_order") in.text = "已电话联系";
  if (action == "merge") in.into = "3708712025092200009";
  if (action == "hand_to_enforcement") in.number = "行罚2025-17";
  if (action == "defer" || action == "suspend") in.until = local(2025, 12, 1, 9, 0);
  if (action == "waive_assist") in.unit = "city_b";
  in.reason = "理由";
  in.photos = {"sha256-9"};
  return in;
}

bool same(Case const& a, Case const& b) {
  return a.district == b.district && a.case_no == b.case_no && a.version == b.version && diff(a, b).empty();
}

}  // namespace wangge::core::test
