#include "tests/core/reference.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

#include "tests/core/expected_table.hpp"

namespace wangge::core::test {

namespace {

constexpr Ms kMinute = 60'000, kHour = 60 * kMinute, kDay = 24 * kHour, kZone = 8 * kHour;
constexpr Ms kSessions[2][2]{{8 * kHour, 12 * kHour}, {14 * kHour, 18 * kHour}};

Ms day_number(int y, int m, int d) {
  return std::chrono::sys_days{std::chrono::year{y} / m / d}.time_since_epoch().count();
}

bool works(Ms day) {
  static std::map<Ms, bool> const odd = [] {
    std::map<Ms, bool> days;
    auto const rest = [&](Ms from, Ms to) {
      for (auto d = from; d <= to; ++d) days[d] = false;
    };
    rest(day_number(2025, 10, 1), day_number(2025, 10, 8));
    rest(day_number(2026, 1, 1), day_number(2026, 1, 3));
    rest(day_number(2026, 2, 15), day_number(2026, 2, 23));
    rest(day_number(2026, 10, 1), day_number(2026, 10, 7));
    for (auto const d :
         {day_number(2025, 9, 28), day_number(2025, 10, 11), day_number(2026, 1, 4), day_number(2026, 2, 14),
          day_number(2026, 2, 28), day_number(2026, 9, 20), day_number(2026, 10, 10)})
      days[d] = true;
    return days;
  }();
  if (auto const found = odd.find(day); found != odd.end()) return found->second;
  return ((day % 7) + 7) % 7 != 2 &&
         ((day % 7) + 7) % 7 != 3;  // 1970-01-01 was a Thursday: 2 and 3 are Saturday and Sunday
}

Ms floor_day(Ms local) {
  return local >= 0 ? local / kDay : -((-local + kDay - 1) / kDay);
}

// "a b c" as words.
std::set<std::string> words(char const* text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

// state -> action -> (to, roles)
struct Cell {
  std::string to;
  std::set<std::string> roles;
};
std::map<std::string, std::map<std::string, Cell>> const& table() {
  static auto const all = [] {
    std::map<std::string, std::map<std::string, Cell>> t;
    for (auto const& line : kExpected)
      for (auto const& s : words(line.states))
        t[line.action][s] = {std::string(line.to) == "=" ? s : line.to, words(line.roles)};
    return t;
  }();
  return all;
}

bool unit_role(std::string const& r) {
  return r == "unit_clerk" || r == "unit_head" || r == "squad_leader" || r == "disposer";
}
bool squad_role(std::string const& r) {
  return r == "squad_leader" || r == "disposer";
}
std::string unit_of(std::string const& squad) {
  return squad == "a1" || squad == "a2" ? "city_a" : squad == "b1" ? "city_b" : "";
}

// code -> condition -> (clock, minutes); the first is the default.
std::map<std::string, std::vector<std::pair<std::string, std::pair<std::string, Ms>>>> const kLimits{
    {"01001", {{"1", {"work_hour", 240}}, {"2", {"urgent", 120}}}},
    {"02002", {{"1", {"work_day", 960}}}},
    {"03003", {{"1", {"urgent", 60}}}},
    {"04004", {{"1", {"natural_day", 4320}}}},
    {"05005", {{"1", {"work_day", 480}}}},
    {"06006", {}}};

std::string const kRequired[][2]{{"decline", "reason"},
                                 {"decline_filing", "reason"},
                                 {"return_filing", "reason"},
                                 {"return", "reason"},
                                 {"hand_back", "reason"},
                                 {"reject_disposal", "reason"},
                                 {"rework", "reason"},
                                 {"upstream_rework", "reason"},
                                 {"recheck", "reason"},
                                 {"request_void", "reason"},
                                 {"force_close", "reason"},
                                 {"refuse_self_disposal", "reason"},
                                 {"extend", "reason"},
                                 {"defer", "reason"},
                                 {"suspend", "reason"},
                                 {"supervise", "reason"},
                                 {"set_urgent", "reason"},
                                 {"unmerge", "reason"},
                                 {"transfer_out", "reason"},
                                 {"hand_to_enforcement", "reason"},
                                 {"appeal", "reason"},
                                 {"reopen", "reason"},
                                 {"waive_assist", "reason"},
                                 {"refer_discipline", "reason"},
                                 {"verify", "photos"},
                                 {"dispose", "photos"},
                                 {"check", "photos"},
                                 {"make_safe", "photos"},
                                 {"verify", "result"},
                                 {"check", "result"},
                                 {"judge_order", "result"},
                                 {"close", "closing_condition"},
                                 {"note", "text"},
                                 {"reply", "text"},
                                 {"answer_order", "text"},
                                 {"merge", "into"},
                                 {"hand_to_enforcement", "number"},
                                 {"defer", "until"},
                                 {"suspend", "until"},
                                 {"waive_assist", "unit"},
                                 {"approve_request", "request_id"},
                                 {"refuse_request", "request_id"},
                                 {"answer_order", "request_id"},
                                 {"judge_order", "request_id"}};

bool given(std::string const& field, ActionInput const& in) {
  if (field == "reason") return !in.reason.empty();
  if (field == "photos") return !in.photos.empty();
  if (field == "result") return !in.result.empty();
  if (field == "closing_condition") return !in.closing_condition.empty();
  if (field == "text") return !in.text.empty();
  if (field == "into") return !in.into.empty();
  if (field == "number") return !in.number.empty();
  if (field == "until") return in.until.has_value();
  if (field == "unit") return !in.unit.empty();
  return !in.request_id.empty();
}

}  // namespace

Ms slow_between(Ms from, Ms to) {
  if (to <= from) return 0;
  Ms total = 0;
  for (auto day = floor_day(from + kZone); day <= floor_day(to + kZone); ++day) {
    if (!works(day)) continue;
    for (auto const& s : kSessions)
      total += std::max<Ms>(0, std::min(to + kZone, day * kDay + s[1]) - std::max(from + kZone, day * kDay + s[0]));
  }
  return total;
}

Ms slow_add(Ms from, Ms work) {
  if (work == 0) return from;
  auto day = floor_day(from + kZone);
  for (auto rest = work < 0 ? -work : work;;) {
    for (int i = 0; i < 2 && works(day); ++i) {
      auto const& s = kSessions[work < 0 ? 1 - i : i];
      auto const begin = day * kDay + s[0], end = day * kDay + s[1];
      auto const here = work < 0 ? std::max<Ms>(0, std::min(from + kZone, end) - begin)
                                 : std::max<Ms>(0, end - std::max(from + kZone, begin));
      // Backwards the core stops at the earliest moment with so much work between, which is the end of the session
      // before.
      if (work < 0 ? rest < here : rest <= here)
        return (work < 0 ? std::min(from + kZone, end) - rest : std::max(from + kZone, begin) + rest) - kZone;
      rest -= here;
      if (work < 0 && rest == 0) {
        for (auto back = i == 0 ? day : day - 1, first = i == 0 ? Ms{0} : Ms{1};; --back, first = 1) {
          if (works(back)) return back * kDay + kSessions[first][1] - kZone;
        }
      }
    }
    day += work < 0 ? -1 : 1;
  }
}

std::size_t Reference::open(std::string const& kind) const {
  return static_cast<std::size_t>(
      std::count_if(jobs.begin(), jobs.end(), [&](Job const& j) { return j.kind == kind; }));
}

void Reference::report(std::string const& code, std::string const& named, bool place, bool self_disposed,
                       std::string const& street) {
  code_ = code;
  condition = named;
  place_ = place;
  street_ = street;
  state = self_disposed ? "self_disposed_review" : "pending_accept";
  version = 1;
}

bool Reference::sees(Principal const& who) const {
  auto const role = std::string(core::id(who.role));
  if (role == "reporter") return who.name == "p1";
  if (role == "patroller" || role == "patrol_lead") return true;
  if ((who.unit.empty() || who.unit == unit) && (who.squad.empty() || who.squad == squad)) return true;
  return std::any_of(jobs.begin(), jobs.end(), [&](Job const& j) {
    return (j.kind == "assist" && unit_role(role) && !who.unit.empty() && j.unit == who.unit) ||
           (!j.holder.empty() && j.holder == who.name);
  });
}

// CONTRACT 5's order: 404, 403, 409, 422.
int Reference::ask(Command const& c, Ms now) {
  auto const role = std::string(core::id(c.who.role));
  auto const& action = c.action;
  if (!sees(c.who)) return 404;
  auto const row = table().find(action);
  bool anywhere = false;
  for (auto const& [from, cell] : row->second) anywhere |= cell.roles.contains(role);
  bool owns = true;
  if (action == "assist_done")
    owns = unit_role(role) && std::any_of(jobs.begin(), jobs.end(), [&](Job const& j) {
             return j.kind == "assist" && !c.who.unit.empty() && j.unit == c.who.unit;
           });
  else if (unit_role(role))
    owns = !c.who.unit.empty() && c.who.unit == unit &&
           (!squad_role(role) || (!c.who.squad.empty() && c.who.squad == squad));
  auto const here = row->second.find(state);
  if (!anywhere || !owns || (here != row->second.end() && !here->second.roles.contains(role))) return 403;
  if (here != row->second.end()) {
    bool const own = action == "verify" || action == "check";
    if (own && std::none_of(jobs.begin(), jobs.end(),
                            [&](Job const& j) { return j.kind == action && j.holder == c.who.name; }))
      return 403;
    if ((action == "approve_return" || action == "refuse_return") &&
        role != (returns >= 2 ? "coordinator" : "shift_leader"))
      return 403;
  }
  if (c.version != version) return 409;
  if (here == row->second.end()) return 422;
  for (auto const& [of, field] : kRequired)
    if (of == action && !given(field, c.input)) return 422;
  if (action == "check" && c.input.result == "unable" && c.input.reason.empty()) return 422;
  auto const before = *this;
  auto const status = act(c, now);
  if (status != 200) *this = before;
  return status;
}

int Reference::done(std::string to) {
  static std::set<std::string> const kWithUnit{"pending_dispose", "disposing", "returned_by_unit"};
  bool const disposal = kWithUnit.contains(state), still = kWithUnit.contains(to);
  bool const was_open = !words(kEnded).contains(state), is_open = !words(kEnded).contains(to);
  state = std::move(to);
  ++version;
  if (was_open && !is_open) {
    requests.clear();
    jobs.clear();
  } else if (disposal && !still) {
    std::erase_if(requests,
                  [](Request const& r) { return r.kind == "extend" || r.kind == "defer" || r.kind == "suspend"; });
  }
  bool const runs = due && !left && !handed_over;
  if (!is_open || (milestone == "made_safe" && !runs)) milestone.clear();
  return 200;
}

bool Reference::has(std::string const& kind) const {
  return std::any_of(requests.begin(), requests.end(), [&](Request const& r) { return r.kind == kind; });
}
void Reference::ask_for(std::string const& kind, Principal const& who, Ms now) {
  requests.push_back({"r" + std::to_string(version + 1), kind, who.name, now});
}
void Reference::drop(std::string const& kind) {
  std::erase_if(jobs, [&](Job const& j) { return j.kind == kind; });
}
void Reference::give(std::string kind, std::string of_unit, std::string to, Ms now) {
  jobs.push_back({std::move(kind), std::move(of_unit), std::move(to), now});
}

// p1 walks street s1, p2 the whole district; both all day.
std::string Reference::patroller(std::string const& not_him) const {
  if (street_ != "s1") return "p2";
  return not_him == "p1" ? "p2" : "p1";
}

Ms Reference::left_at(Ms now) const {
  bool const always = clock == "urgent" || clock == "natural_day";
  auto const rest = always ? *due - now : now <= *due ? slow_between(now, *due) : -slow_between(*due, now);
  if (rest == 0 && now > *due) return -1;
  return had ? std::min(*had, rest) : rest;
}
void Reference::run(Ms now, Ms rest) {
  bool const always = clock == "urgent" || clock == "natural_day";
  due = always ? now + rest : slow_add(now, rest);
  had = rest;
  left.reset();
}
void Reference::stop(Ms at) {
  left = left_at(at);
}
void Reference::void_hand_over() {
  handed_over.reset();
  late = false;
  ++rework;
}
void Reference::expect_safe() {
  if (clock == "urgent" && !made_safe && !safe && milestone.empty()) milestone = "made_safe";
}

int Reference::dispatch(Principal const& who, In const& in, Ms now) {
  auto const to = in.squad;
  auto const lead = unit_of(to);
  if (lead.empty()) return 422;
  for (auto const& u : in.assist)
    if (u != "city_a" && u != "city_b") return 422;
  if (returned_ && !unit.empty() && unit != lead) wrong_dispatch = true;
  returned_ = false;
  binding_ = binding_ || who.role == Role::coordinator;  // the desk's naming of the unit binds (RULINGS 2)
  if (binding_ && who.role != Role::coordinator && lead != unit) return 422;
  auto rest = limit * kMinute;
  if (left && unit == lead) rest = *left;
  if (left && unit != lead) {
    left_of[unit] = *left;
    if (left_of.contains(lead)) rest = urgent ? std::min(rest, left_of[lead]) : left_of[lead];
    left_of.erase(lead);
  }
  unit = lead;
  squad = to;
  holder.clear();
  checked_ = resumed_ = false;
  dispatched_by_ = who.name;
  run(now, rest);
  give("dispose", unit, "", now);
  for (auto const& u : std::set<std::string>(in.assist.begin(), in.assist.end()))
    if (u != lead) give("assist", u, "", now);
  expect_safe();
  return done("pending_dispose");
}

int Reference::pause_asked(std::string const& kind, Principal const& who, In const& in, Ms now) {
  if (has(kind) || hazard() || now > *due) return 422;
  if (kind == "extend") {
    if (extensions >= 2) return 422;
  } else {
    auto const until = in.until->time_since_epoch().count();
    if (until <= now || until > now + 366 * kDay) return 422;
    if (kind == "suspend" && suspensions > 0) return 422;
  }
  ask_for(kind, who, now);
  if (kind != "extend") requests.back().until = in.until->time_since_epoch().count();
  return done(state);
}

int Reference::decide_request(Principal const& who, bool yes, In const& in, Ms now) {
  auto const role = std::string(core::id(who.role));
  auto const found =
      std::find_if(requests.begin(), requests.end(), [&](Request const& r) { return r.id == in.request_id; });
  if (found == requests.end()) return 422;
  auto const request = *found;
  static std::map<std::string, std::set<std::string>> const kDeciders{
      {"extend", {"dispatch_officer", "shift_leader"}},
      {"defer", {"dispatch_officer", "shift_leader"}},
      {"suspend", {"shift_leader", "coordinator", "leader"}},
      {"force_close", {"leader", "shift_leader"}},
      {"transfer_out", {"coordinator", "leader"}},
      {"appeal", {"evaluator"}}};
  auto const deciders = kDeciders.find(request.kind);
  if (deciders == kDeciders.end()) return 422;
  bool const disposal = state == "pending_dispose" || state == "disposing";
  bool const of_disposal = request.kind == "extend" || request.kind == "defer" || request.kind == "suspend";
  if (of_disposal && !disposal) return 422;
  if (!deciders->second.contains(role)) return 403;
  if (request.by == who.name || (yes && of_disposal && hazard())) return 422;
  requests.erase(found);
  if (!yes) {
    if (request.kind == "appeal") appeal = "refused";
    return done(state);
  }
  if (request.kind == "extend") {
    bool const always = clock == "natural_day" || clock == "urgent";
    auto const more = limit * kMinute;
    due = always ? *due + more : slow_add(*due, more);
    *had += more;
    ++extensions;
    return done(state);
  }
  if (of_disposal) {
    stop(request.at);
    bool const always = clock == "natural_day" || clock == "urgent";
    if (request.until && *request.until < now) *left -= always ? now - *request.until : slow_between(*request.until, now);
    if (request.kind == "suspend") ++suspensions;
    holder.clear();
    drop("check");
    drop("dispose");
    return done("suspended");
  }
  if (request.kind == "appeal") {
    appeal = "approved";
    exempt = true;
    return done(state);
  }
  closed = now;
  return done(request.kind == "force_close" ? "forced_closed" : "transferred_out");
}

int Reference::judge(Principal const& who, std::string const& action, In const& in, Ms now) {
  auto const found = std::find_if(orders.begin(), orders.end(), [&](Order const& o) { return o.id == in.request_id; });
  if (found == orders.end()) return 422;
  if (action == "answer_order") {
    if (found->answered) return 422;
    found->answered = true;
    return done(state);
  }
  if (!found->answered || (found->by != who.name && who.role != Role::leader)) return 422;
  if (in.result != "again") {
    orders.erase(found);
    return done(state);
  }
  if (in.until && in.until->time_since_epoch().count() <= now) return 422;
  found->answered = false;
  return done(state);
}

int Reference::act(Command const& c, Ms now) {
  auto const& a = c.action;
  auto const& in = c.input;
  auto const& who = c.who;
  auto const later = [&](std::optional<Instant> const& t) { return !t || t->time_since_epoch().count() > now; };
  auto const end = [&](std::string const& to) {
    closed = now;
    return done(to);
  };
  if (a == "accept") return place_ ? done("pending_file") : 422;
  if (a == "decline") return end("not_accepted");
  if (a == "decline_filing") return end("not_filed");
  if (a == "accept_self_disposal") return end("self_disposed_closed");
  if (a == "refuse_self_disposal") return done("pending_accept");
  if (a == "amend") return in.address.empty() ? 422 : done(state);
  if (a == "send_verify") {
    auto const to = patroller(state == "verifying" ? holder : "");
    drop("verify");
    give("verify", "", to, now);
    holder = to;
    return done("verifying");
  }
  if (a == "verify") {
    drop("verify");
    return done("pending_accept");
  }
  if (a == "file") {
    auto const& conditions = kLimits.at(code_);
    auto const wanted = in.condition.empty() ? condition : in.condition;
    auto const found = std::find_if(conditions.begin(), conditions.end(),
                                    [&](auto const& x) { return wanted.empty() || x.first == wanted; });
    if (found == conditions.end()) return 422;
    auto [kind, minutes] = found->second;
    if (urgent && kind != "urgent") kind = "urgent", minutes = 120;
    bool const other = kind != clock || minutes != limit;
    condition = found->first;
    clock = kind;
    limit = minutes;
    if (left && other) left = limit * kMinute, left_of.clear();
    return done("pending_dispatch");
  }
  if (a == "dispatch") return dispatch(who, in, now);
  if (a == "return_filing") return done("returned_by_dispatch");
  if (a == "recall") {
    stop(now);
    drop("check"), drop("assist"), drop("dispose");
    return done("pending_dispatch");
  }
  if (a == "sign") {
    if (squad_role(std::string(core::id(who.role)))) holder = who.name;
    return done("disposing");
  }
  if (a == "hand_back") {
    holder.clear();
    return done("pending_dispose");
  }
  if (a == "return") {
    auto const task = std::find_if(jobs.begin(), jobs.end(), [](Job const& j) { return j.kind == "dispose"; });
    if (binding_ || has("return") || task == jobs.end() || checked_ || resumed_) return 422;
    auto const last = clock == "urgent" ? task->from + 30 * kMinute : slow_add(task->from, 240 * kMinute);
    if (now > last) return 422;
    ask_for("return", who, now);
    return done("returned_by_unit");
  }
  if (a == "approve_return" || a == "refuse_return") {
    if (dispatched_by_ == who.name) return 422;
    auto const found =
        std::find_if(requests.begin(), requests.end(), [](Request const& r) { return r.kind == "return"; });
    bool const desk = who.role == Role::coordinator;
    if (a == "approve_return" && desk && in.squad.empty()) return 422;
    auto const asked = found->at;
    requests.erase(found);
    if (a == "refuse_return") return done("pending_dispose");
    stop(asked);
    ++returns;
    returned_ = true;
    binding_ = binding_ || desk;
    drop("check"), drop("assist"), drop("dispose");
    done("pending_dispatch");
    return desk ? dispatch(who, in, now) : 200;
  }
  if (a == "reassign") {
    if (in.squad.empty() && in.holder.empty()) return 422;
    auto const target = in.squad.empty() ? squad : in.squad;
    if (unit_of(target) != unit) return 422;
    if (who.role == Role::squad_leader && target != who.squad) return 403;
    squad = target;
    holder = in.holder;
    return done(state);
  }
  if (a == "extend" || a == "defer" || a == "suspend") return pause_asked(a, who, in, now);
  if (a == "approve_request" || a == "refuse_request") return decide_request(who, a == "approve_request", in, now);
  if (a == "resume") {
    resumed_ = true;
    run(now, *left);
    holder.clear();
    give("dispose", unit, "", now);
    expect_safe();
    return done("pending_dispose");
  }
  if (a == "dispose") return done("disposed");
  if (a == "reject_disposal") return done("disposing");
  if (a == "confirm") {
    if (open("assist") > 0) return 422;
    late = now > *due;
    stop(now);
    handed_over = now;
    drop("check"), drop("dispose");
    return done("pending_review");
  }
  if (a == "make_safe") {
    if (clock != "urgent" || made_safe) return 422;
    made_safe = true;
    if (milestone == "made_safe") milestone.clear();
    give("check", "", patroller(""), now);
    return done(state);
  }
  if (a == "assist_done" || a == "waive_assist") {
    auto const of = a == "assist_done" ? who.unit : in.unit;
    auto const before = jobs.size();
    std::erase_if(jobs, [&](Job const& j) { return j.kind == "assist" && j.unit == of; });
    return jobs.size() == before ? 422 : done(state);
  }
  if (a == "hand_to_enforcement") {
    stop(now);
    drop("check"), drop("assist"), drop("dispose");
    enforcement = in.number;
    step.clear();
    done("in_enforcement");
    milestone = "ordered";
    return 200;
  }
  if (a == "send_check" || a == "recheck") {
    auto const to = patroller(state == "checking" || a == "recheck" ? holder : "");
    drop("check");
    give("check", "", to, now);
    holder = to;
    return done("checking");
  }
  if (a == "check") {
    if (!who.unit.empty() && who.unit == unit) return 422;
    drop("check");
    if (state != "checking") {
      if (in.result == "pass") safe = true;
      if (in.result == "fail") {
        bool const again = made_safe;
        made_safe = false;
        if (again && !handed_over && !left) expect_safe();
      }
      return done(state);
    }
    if (in.result == "unable") return done("pending_review");
    if (in.result == "fail" && !enforcement.empty() && !handed_over) return done("in_enforcement");
    checked_ = true;
    if (in.result == "pass") return done("pending_close");
    void_hand_over();
    holder.clear();
    run(now, left.value_or(0));
    give("dispose", unit, "", now);
    expect_safe();
    return done("pending_dispose");
  }
  if (a == "rework") {
    if (!handed_over) return 422;
    void_hand_over();
    return done("pending_dispatch");
  }
  if (a == "upstream_rework") {
    void_hand_over();
    return done("pending_dispatch");
  }
  if (a == "upstream_close") return end("closed");
  if (a == "close") {
    if (in.closing_condition != "restored" && in.closing_condition != "danger_removed") return 422;
    return upstream ? done("awaiting_upstream") : end("closed");
  }
  if (a == "request_void" || a == "force_close" || a == "transfer_out") {
    auto const kind = a == "request_void" ? "void" : a;
    if (has(kind)) return 422;
    ask_for(kind, who, now);
    return done(state);
  }
  if (a == "approve_void" || a == "refuse_void") {
    auto const found =
        std::find_if(requests.begin(), requests.end(), [](Request const& r) { return r.kind == "void"; });
    if (found == requests.end() || found->by == who.name) return 422;
    requests.erase(found);
    return a == "approve_void" ? end("voided") : done(state);
  }
  if (a == "appeal") {
    if (!late || !appeal.empty()) return 422;
    appeal = "asked";
    ask_for("appeal", who, now);
    return done(state);
  }
  if (a == "reopen") {
    if (followed || now > *closed + 30 * kDay) return 422;
    followed = true;
    return done(state);
  }
  if (a == "set_urgent") {
    if (urgent) return 422;
    urgent = true;
    if (clock.empty()) return done(state);
    auto const minutes = clock == "urgent" && limit > 0 ? std::min<Ms>(120, limit) : 120;
    clock = "urgent";
    limit = minutes;
    if (left) left = std::min(*left, minutes * kMinute);
    if (due && !left) {
      due = std::min(*due, now + minutes * kMinute);
      had = *due - now;
      expect_safe();
    }
    return done(state);
  }
  if (a == "supervise" || a == "instruct") {
    if (a == "instruct" && in.text.empty() && in.photos.empty()) return 422;
    if (!later(in.until)) return 422;
    orders.push_back({"o" + std::to_string(version + 1), who.name, false});
    ++(a == "supervise" ? supervised : instructions);
    return done(state);
  }
  if (a == "answer_order" || a == "judge_order") return judge(who, a, in, now);
  if (a == "urge") {
    ++urges;
    return done(state);
  }
  if (a == "note") {
    static std::map<std::string, int> const kSteps{{"", 0}, {"ordered", 1}, {"decided", 2}, {"fulfilled", 3}};
    if (!in.milestone.empty()) {
      static std::set<std::string> const kOnlyWatch{"hotline_agent", "evaluator", "inspector", "leader"};
      if (enforcement.empty()) return 422;
      if (kOnlyWatch.contains(std::string(core::id(who.role)))) return 403;
      if (kSteps.at(in.milestone) <= kSteps.at(step)) return 422;
    }
    bool const moved = !in.milestone.empty() && in.milestone != step;
    if (!in.milestone.empty()) step = in.milestone;
    done(state);
    if (moved && !closed) milestone = step == "ordered" ? "decided" : step == "decided" ? "fulfilled" : "";
    return 200;
  }
  if (a == "merge") {
    merged_into = in.into;
    return end("merged");
  }
  if (a == "unmerge") {
    merged_into.clear();
    closed.reset();
    return done("pending_accept");
  }
  if (a == "reproject") return 422;
  return done(state);  // acknowledge, reply, refer_discipline
}

}  // namespace wangge::core::test
