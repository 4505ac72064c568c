// Random lives from printed seeds: whatever people do, the promises of a case hold after every step.
// WANGGE_SEEDS=N runs N seeds.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>

#include "dispatcher/core/ledger.hpp"
#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

using namespace std::chrono;

class Walk {
 public:
  explicit Walk(std::uint64_t seed) : random_(seed), rough_(pick(5) == 0) {}

  void run() {
    world_.now = local(2025, 1, 10) + minutes{pick(700 * 1440)};
    world_.city.policy = random_policy();
    auto r = a_report(one_of<std::string>({"patrol", "public", "ai", "video"}),
                      one_of<std::string>({"01001", "02002", "03003", "04004", "05005", "06006"}));
    r.self_disposed = pick(12) == 0;
    if (pick(4) == 0) r.condition = one_of<std::string>({"1", "2"});
    world_.report(r, one_of<std::string>({"g11", "g11", "g12", "g21", ""}));
    follow_clock(0);
    hold();
    for (int step = 0; step < 60 && !::testing::Test::HasFailure(); ++step) {
      world_.now +=
          pick(3) ? Millis{0} + minutes{pick(90)} : Millis{static_cast<std::int64_t>(pick(5ull * 86'400'000))};
      try_something();
    }
    if (world_.c.due_at) hold_ledger(world_.c);
  }

  State end() const { return world_.c.state; }

 private:
  std::uint64_t pick(std::uint64_t below) { return random_() % below; }
  template <class T>
  T one_of(std::initializer_list<T> values) {
    return *(values.begin() + pick(values.size()));
  }

  Policy random_policy() {
    Policy p;
    for (auto* flag :
         {&p.auto_accept, &p.auto_file, &p.auto_dispatch, &p.auto_confirm, &p.auto_send_check, &p.auto_send_verify}) {
      *flag = pick(2) == 0;
    }
    p.return_window_minutes = 100'000;  // let returns happen
    p.blind_percent = pick(2) ? 0 : 100;
    return p;
  }

  Principal somebody() {
    auto const& role = kRoles[1 + pick(kRoles.size() - 1)];
    auto who = person(role.role);
    if (!who.unit.empty() && !world_.c.unit.empty() && pick(5)) who.unit = world_.c.unit;
    if (!who.squad.empty() && !world_.c.squad.empty() && pick(5)) who.squad = world_.c.squad;
    if (role.role == Role::patroller) who.name = one_of<std::string>({"p1", "p2"});
    return who;
  }

  ActionInput input_for(std::string const& action) {
    auto in = full_input(action);
    if (action == "check") in.result = one_of<std::string>({"pass", "fail", "unable"});
    if (action == "verify") in.result = one_of<std::string>({"exist", "not_exist", "unable"});
    if (action == "dispatch" && pick(2)) in.squad = one_of<std::string>({"a1", "a2", "b1"});
    if (action == "answer_order" || action == "judge_order") in.request_id = world_.c.orders.empty() ? "o0" : world_.c.orders.front().order_id;
    if (action == "judge_order") in.result = one_of<std::string>({"read", "agree", "again"});
    if (action == "reassign") in.squad = one_of<std::string>({"a1", "a2", "b1"});
    if (action == "dispatch" && pick(6) == 0) in.assist = {one_of<std::string>({"city_a", "city_b"})};
    if (action == "approve_return" && pick(3)) in.unit = one_of<std::string>({"city_a", "city_b"});
    if (action == "waive_assist") in.unit = one_of<std::string>({"city_a", "city_b"});
    if (action == "defer" || action == "suspend") in.until = world_.now + hours{1 + pick(24 * 60)};
    if (action == "file" && pick(4) == 0) in.condition = one_of<std::string>({"1", "2"});
    if (action == "amend") {
      world_.facts.place = place_in(one_of<std::string>({"g11", "g12", "g21"}));
      in.lon = 116.5, in.lat = 35.5;
      if (pick(3) == 0) in.category = CategoryKey{"gbt47678.5-2026", "matter", one_of<std::string>({"01001", "02002"})};
    }
    if (pick(20) == 0) in.photos.clear();
    return in;
  }

  // Early ends and remarks are rare, so that lives are long and get somewhere.
  static bool rare(std::string_view action) {
    static std::set<std::string_view> const kRare{"force_close", "decline", "decline_filing",
                                                  "note",        "amend",        "merge",
                                                  "transfer_out", "supervise",   "urge",      "instruct",
                                                  "acknowledge", "reply",        "set_urgent", "hand_to_enforcement",
                                                  "approve_request", "suspend", "answer_order", "judge_order", "refer_discipline"};
    return kRare.contains(action);
  }

  void try_something() {
    auto who = somebody();
    auto buttons = actions_for(who, world_.c, world_.facts.open_tasks);
    auto const only_rare = [&] {
      return std::all_of(buttons.begin(), buttons.end(), [](Action a) { return rare(id(a)); });
    };
    for (int look = 0; look < 30 && !rough_ && only_rare(); ++look) {  // somebody with more to do than a remark
      who = somebody();
      buttons = actions_for(who, world_.c, world_.facts.open_tasks);
    }
    std::string action(actions()[1 + pick(actions().size() - 1)].id);
    if (!buttons.empty() && pick(10)) action = std::string(id(buttons[pick(buttons.size())]));
    if (rare(action) && !rough_ && pick(10)) return;
    auto const before = world_.c;
    auto const rows_before = world_.rows.size();
    auto command = world_.command(who, action, input_for(action));
    if (pick(50) == 0) command.version -= 1;
    if (pick(40) == 0) command.who.backdate = true, command.at = world_.c.last_at;
    auto const decision = world_.ask(command);
    if (auto const* done = std::get_if<Accepted>(&decision)) {
      ASSERT_TRUE(info(before.state).open || before.state == done->after.state || action == "unmerge")
          << "an ended case moved by " << action;
      ASSERT_EQ(command.version, before.version);
      world_.apply(*done);
      follow_clock(rows_before);
      hold();
    }
  }

  // The clock kept a second time, in the plainest way: what is left, taken from running to stopping.
  void follow_clock(std::size_t first_row) {
    for (auto i = first_row; i < world_.rows.size(); ++i) {
      auto const& row = world_.rows[i];
      auto const before = replay(world_.c.district, world_.c.case_no, std::span(world_.rows).first(i));
      auto const now = replay(world_.c.district, world_.c.case_no, std::span(world_.rows).first(i + 1));
      bool const granted = row.action == "approve_return" || (row.action == "approve_request" && now.state == State::suspended);
      bool const stops = granted || row.action == "recall" || row.action == "confirm" || row.action == "hand_to_enforcement";
      if (stops && running_since_) {
        auto const stop = granted ? asked_at(before, now) : row.at;
        if (stop > *running_since_) left_ -= elapsed(now, *running_since_, stop);  // else the segment did not run at all
        if (left_ == Millis{0} && stop > *now.due_at) left_ = Millis{-1};  // late is late, also where no working time has passed
        if (now.suspended_until && *now.suspended_until < row.at) left_ -= elapsed(now, *now.suspended_until, row.at);
        running_since_.reset();
      }
      Millis const whole = minutes{now.limit_minutes};
      bool const other_limit = row.action == "file" && (now.limit_minutes != before.limit_minutes || now.clock != before.clock);
      bool const other_unit = row.action == "dispatch" && now.unit != before.unit;
      if (other_limit) left_of_.clear();
      if (other_unit && before.left_ms) left_of_[before.unit] = left_;
      if (other_limit || other_unit) left_ = whole;
      if (auto const had = left_of_.extract(other_unit ? now.unit : ""); had) left_ = now.urgent ? std::min(whole, had.mapped()) : had.mapped();
      if (row.action == "approve_request" && now.extensions > before.extensions) left_ += whole;
      if (row.action == "set_urgent" && before.due_at) {
        if (running_since_) left_ = std::min(*before.due_at, row.at + whole) - row.at, running_since_ = row.at;
        else left_ = std::min(left_, whole);
      }
      bool const resumes = row.action == "check" && row.from == State::checking && row.to == State::pending_dispose;
      if (row.action == "dispatch" || row.action == "resume" || resumes) running_since_ = row.at;
    }
  }

  static Instant asked_at(Case const& before, Case const& after) {
    for (auto const& r : before.requests) {
      bool const waits = std::any_of(after.requests.begin(), after.requests.end(), [&](auto const& a) { return a.request_id == r.request_id; });
      auto const kind = after.state == State::suspended ? after.pause_kind : "return";
      if (!waits && id(r.kind) == kind) return r.at;
    }
    ADD_FAILURE() << "nobody asked";
    return {};
  }

  Millis elapsed(Case const& c, Instant from, Instant to) const {
    return left_at(world_.city.calendar_of(c.unit), *clock_from(c.clock), from, to);
  }

  void hold() {
    auto const& w = world_;
    auto const& c = w.c;
    std::vector<Span> spans;
    ASSERT_TRUE(same(replay(c.district, c.case_no, w.rows, &spans), c)) << "history does not replay to its row";
    ASSERT_EQ(spans, w.spans) << "history does not lead to its spans";
    hold_marks();
    ASSERT_EQ(c.version, static_cast<std::int64_t>(w.rows.size()));
    ASSERT_EQ(c.closed_at.has_value(), !info(c.state).open);
    hold_clock(c);
    hold_spans();
    hold_tasks();
  }

  // What the rows counted as when they were decided is what history says again.
  void hold_marks() {
    auto const& w = world_;
    MarksReplayed marks{&w.city, w.tasks, {}};
    replay(w.c.district, w.c.case_no, w.rows, nullptr, &marks);
    auto const text = [](std::vector<StepMarks> const& steps) {
      std::string out;
      for (auto const& step : steps) {
        out += std::to_string(step.version) + ":";
        for (auto const& m : step.marks) out += " " + std::string(m.id) + "/" + m.person + "/" + m.unit + "/" + m.squad;
        out += "\n";
      }
      return out;
    };
    ASSERT_EQ(text(marks.steps), text(w.marks));
  }

  void hold_clock(Case const& c) {
    if (!c.due_at) return;
    ASSERT_EQ(deadline_left(world_.city.calendar_of(c.unit), *clock_from(c.clock), *c.run_from, Millis{*c.run_left_ms}, minutes{c.limit_minutes}).due == *c.due_at ||
                  c.left_ms.has_value(), true) << "the running segment does not give the deadline";
    if (running_since_) {
      ASSERT_FALSE(c.left_ms.has_value());
      ASSERT_EQ(left_at(world_.city.calendar_of(c.unit), *clock_from(c.clock), world_.now, *c.due_at),
                left_ - elapsed(c, *running_since_, world_.now));
    } else {
      ASSERT_EQ(c.left_ms, left_.count());
    }
    bool const red = light(c, world_.now) == "red";
    ASSERT_TRUE(!red || light(c, world_.now + hours{500}) == "red") << "a later look made it punctual";
    ASSERT_EQ(c.late, c.handed_over_at && *c.handed_over_at > *c.due_at);
    ASSERT_EQ(c.late, c.handed_over_at && *c.left_ms < 0);
  }

  // What each segment had is what the one before it left, or a whole limit; and the last one says where the clock stands.
  void hold_ledger(Case const& c) {
    auto const segments = ledger(world_.rows);
    ASSERT_FALSE(segments.empty());
    auto const& last = segments.back();
    ASSERT_EQ(last.until.has_value(), c.left_ms.has_value() || !info(c.state).open);
    if (c.left_ms && !c.urgent && info(c.state).open) {
      ASSERT_EQ(last.left, Millis{*c.left_ms});
    }
    for (auto const& s : segments) ASSERT_LE(s.from, s.until.value_or(kNever));
  }

  void hold_spans() {
    auto const& spans = world_.spans;
    for (std::size_t i = 0; i < spans.size(); ++i) {
      if (i + 1 < spans.size()) {
        ASSERT_EQ(spans[i].until_at, spans[i + 1].from_at) << "a gap between spans";
        ASSERT_LT(spans[i].version, spans[i + 1].version);
      } else {
        ASSERT_EQ(spans[i].until_at.has_value(), !info(world_.c.state).open);
      }
      ASSERT_LE(spans[i].from_at, spans[i].until_at.value_or(kNever));
      ASSERT_EQ(spans[i].ended.empty(), !spans[i].until_at);
      ASSERT_NE(std::find(kSpanEnds.begin(), kSpanEnds.end(), spans[i].ended), kSpanEnds.end());
    }
    ASSERT_EQ(spans.empty(), !world_.c.due_at);
  }

  static bool in_disposal(State s) {
    return s == State::pending_dispose || s == State::disposing || s == State::disposed || s == State::returned_by_unit;
  }

  void hold_tasks() {
    auto const& c = world_.c;
    std::vector<TaskKind> open;
    for (auto const& t : world_.tasks) {
      if (!t.open || t.kind == TaskKind::assist) continue;  // assisting tasks run beside
      if (!info(c.state).open && t.kind == TaskKind::check && c.blind == "asked") continue;  // the second look
      bool const looks_at_a_hazard = t.kind == TaskKind::check && c.state != State::checking;
      if (!looks_at_a_hazard) open.push_back(t.kind);
      ASSERT_TRUE(!looks_at_a_hazard || (c.clock == "urgent" && in_disposal(c.state))) << id(c.state);
    }
    if (c.backdated) {
      for (auto const& t : world_.tasks) ASSERT_TRUE(t.quiet || !t.open) << "a backdated case alarms people";
    }
    std::vector<TaskKind> want;
    if (c.state == State::verifying) want = {TaskKind::verify};
    if (c.state == State::checking) want = {TaskKind::check};
    if (c.state == State::pending_dispose || c.state == State::returned_by_unit || c.state == State::disposing ||
        c.state == State::disposed) {
      want = {TaskKind::dispose};
      ASSERT_EQ(world_.open_task(TaskKind::dispose)->squad, c.squad);
      ASSERT_EQ(world_.open_task(TaskKind::dispose)->due_at, c.due_at);
    }
    ASSERT_EQ(open, want) << "open tasks in " << id(c.state);
  }

  std::mt19937_64 random_;
  bool rough_;  // a life in which ends come early
  World world_;
  std::optional<Instant> running_since_;
  Millis left_{0};
  std::map<std::string, Millis> left_of_;  // what units that had the case before had left
};

TEST(Property, RandomLivesKeepEveryPromise) {
  auto const* wanted = std::getenv("WANGGE_SEEDS");
  std::uint64_t const seeds = wanted ? std::strtoull(wanted, nullptr, 10) : 400;
  std::array<int, kStates.size()> ends{};
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Walk walk(seed);
    walk.run();
    ++ends[static_cast<std::size_t>(walk.end())];
    if (HasFailure()) return;
  }
  std::string summary;
  for (auto const& s : kStates)
    summary += std::string(s.id) + " " + std::to_string(ends[static_cast<std::size_t>(s.state)]) + "\n";
  for (auto const s :
       {State::closed, State::voided, State::forced_closed, State::self_disposed_closed, State::not_accepted, State::merged,
        State::transferred_out}) {
    EXPECT_GT(ends[static_cast<std::size_t>(s)], 0) << "no life ended in " << id(s) << ": the walk is too tame\n"
                                                    << summary;
  }
}

}  // namespace
}  // namespace wangge::core::test
