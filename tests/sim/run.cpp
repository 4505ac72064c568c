#include "tests/sim/run.hpp"

#include <algorithm>
#include <set>

#include "tests/core/world.hpp"
#include "tests/sim/dispatcher.hpp"
#include "tests/sim/gateway.hpp"

namespace wangge::sim {

namespace {

using core::test::person;
using core::test::person_of;

constexpr char const* kPhoto = "sha256-0000000000000000000000000000000000000000000000000000000000000000";

Weather draw_weather(Chance& chance) {
  Weather w;
  auto const some = [&](std::int64_t most) { return chance.percent(50) ? chance.between(1, most) : 0; };
  w.drop = some(15);
  w.twice = some(15);
  w.lag = some(4);
  w.slow = chance.between(2, 60);
  w.gateway_crash = some(12);
  w.dispatcher_crash = some(12);
  w.dispatcher_pause = some(12);
  w.cut = some(10);
  w.database = some(6);
  w.fault = some(12);
  w.failover = chance.percent(20) ? 2 : 0;
  return w;
}

class Run {
 public:
  Run(std::uint64_t seed, Bugs const& bugs, storage::PlantedBugs const& store_bugs, Totals& totals)
      : chance_(seed), weather_(draw_weather(chance_)), bugs_(bugs), totals_(totals), network_(clock_, chance_, weather_) {
    city_ = core::test::small_city();
    district_ = city_.district;
    database_ = std::make_shared<storage::MemoryDatabase>();
    database_->put_city(city_, cells());
    database_->bugs = store_bugs;
    database_->fault = [this](char const*) {
      if (network_.calm || !chance_.percent(weather_.fault)) return storage::Fault::none;
      static constexpr storage::Fault kinds[] = {storage::Fault::broken, storage::Fault::in_doubt_committed, storage::Fault::in_doubt_lost};
      return kinds[chance_.between(0, 2)];
    };
    for (auto const* name : {"g1", "g2"}) gateways_.push_back(std::make_unique<SimGateway>(name, clock_, chance_, network_, bugs_));
    for (auto const* name : {"d1", "d2"})
      dispatchers_.push_back(std::make_unique<SimDispatcher>(name, clock_, chance_, network_, database_, bugs_));
    std::vector<SimDispatcher*> ds;
    std::vector<SimGateway*> gs;
    for (auto& d : dispatchers_) ds.push_back(d.get());
    for (auto& g : gateways_) gs.push_back(g.get());
    for (auto& g : gateways_) g->connect(ds);
    for (auto& d : dispatchers_) d->connect(gs);
    people_ = {person(core::Role::acceptor), person(core::Role::shift_leader), person(core::Role::dispatch_officer),
               person(core::Role::leader), person(core::Role::coordinator)};
    for (auto const& [unit, squad] : {std::pair{"city_a", "a1"}, {"city_a", "a2"}, {"city_b", "b1"}})
      for (auto role : {core::Role::unit_clerk, core::Role::squad_leader, core::Role::disposer})
        people_.push_back(person_of(role, unit, squad, std::string(core::id(role)) + "_" + squad));
    for (auto const* name : {"p1", "p2"}) people_.push_back(person(core::Role::patroller, name));
    for (auto& p : people_) p.district = district_;
  }

  void storm(int events) {
    for (auto& g : gateways_) g->start();
    dispatchers_[0]->start(true);
    dispatchers_[1]->start(false);
    poll();
    for (int i = 0; i < events; ++i) {
      clock_.run_until(clock_.now() + Millis(chance_.between(10, 700)));
      auto const dice = chance_.between(1, 100);
      if (dice <= 40) report();
      else if (dice <= 80) command();
      else fault();
    }
  }

  void calm() {
    network_.calm = true;
    database_->set_down(false);
    for (auto& g : gateways_)
      if (!g->up()) g->start();
    dispatchers_[1]->crash();  // one is enough now; two that fight for the epoch are the storm's business
    dispatchers_[0]->pause(0);
    if (!dispatchers_[0]->up()) dispatchers_[0]->start(true);
    // Long enough for every retry; every device has looked for its tasks many times by then.
    auto const most = clock_.now() + std::chrono::minutes(6);
    while (clock_.now() < most) {
      clock_.run_until(clock_.now() + std::chrono::seconds(20));
      if (drained()) break;
    }
  }

  // Nothing of the storm is under way any more. What never drains is found by check().
  bool drained() {
    for (auto const& [id, s] : sent_)
      if (!s.acknowledged && !s.refused) return false;
    for (auto const& [id, a] : asked_)
      if (!a.done && a.tries < 60) return false;
    for (auto const& g : gateways_)
      if (!g->idle()) return false;
    auto const now = database_->snapshot(district_);
    return std::all_of(now.tasks.begin(), now.tasks.end(), [](auto const& t) { return !t.second.task.open || t.second.received_at; });
  }

  void check();
  std::uint64_t digest() const { return digest_; }

 private:
  static std::vector<storage::CellShape> cells() {
    std::vector<storage::CellShape> out;
    auto const square = [&](char const* grid, char const* street, double lon) {
      out.push_back({grid, street, "c1", {{{lon, 35.40}, {lon + 0.01, 35.40}, {lon + 0.01, 35.41}, {lon, 35.41}, {lon, 35.40}}}});
    };
    square("g11", "s1", 116.60);
    square("g12", "s1", 116.61);
    square("g21", "s2", 116.62);
    return out;
  }

  SimGateway& any_gateway() { return *gateways_[static_cast<std::size_t>(chance_.between(0, 1))]; }
  void note(std::string const& what) {
    for (char c : what) digest_ = (digest_ ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  }

  // --- reports
  struct Sent {
    core::Report report;
    int tries = 0;
    bool acknowledged = false, refused = false;
    std::string case_no;
  };
  void report() {
    static std::vector<std::string> const codes{"01001", "02002", "03003", "04004", "05005", "06006"};
    static std::vector<std::string> const sources{"patrol", "patrol", "public", "hotline_12345"};
    auto r = core::test::a_report(chance_.of(sources), chance_.of(codes));
    bool const second_body = !sent_.empty() && chance_.percent(6);
    auto const number = ++report_count_;
    r.district = district_;
    r.principal = "phone" + std::to_string(chance_.between(1, 3));
    r.key = second_body ? std::next(sent_.begin(), chance_.between(0, static_cast<std::int64_t>(sent_.size()) - 1))->second.report.key
                        : "k" + std::to_string(number);
    if (second_body) r.principal = owner_of_key_[r.key];
    owner_of_key_[r.key] = r.principal;
    ++bodies_of_key_[r.key];
    r.report_id = "r" + std::to_string(number);  // another body, another id
    r.body_hash = "h" + std::to_string(number);
    r.lon = 116.59 + static_cast<double>(chance_.between(0, 45)) / 1000;
    r.lat = 35.405;
    r.reported_at = r.received_at = clock_.now();
    sent_[r.report_id].report = r;
    ++totals_.reports;
    try_report(r.report_id);
  }
  void try_report(std::string const& id) {
    auto& s = sent_[id];
    if (s.acknowledged || s.refused || ++s.tries > 200) return;
    auto r = s.report;
    r.received_at = clock_.now();
    auto const wait = chance_.one_in(4) ? 0 : 500;
    auto answered = std::make_shared<bool>(false);
    auto& g = any_gateway();
    g.submit(r, wait, [this, id, answered](link::ReportOutcome out) {
      *answered = true;
      clock_.in(chance_.between(1, 30), [this, id, out] { on_outcome(id, out); });
    });
    clock_.in(3000, [this, id, answered] {
      if (!*answered) try_report(id);
    });
  }
  void on_outcome(std::string const& id, link::ReportOutcome const& out) {
    auto& s = sent_[id];
    using Kind = link::ReportOutcome::Kind;
    note(id + std::to_string(static_cast<int>(out.kind)));
    if (out.kind == Kind::committed || out.kind == Kind::queued) {
      if (out.report_id != id) throw Broken("report " + id + " was answered as " + out.report_id);
      if (!s.acknowledged) ++totals_.acknowledged;
      s.acknowledged = true;
      if (out.kind == Kind::committed) {
        if (!s.case_no.empty() && s.case_no != out.case_no) throw Broken("report " + id + " has two case numbers");
        s.case_no = out.case_no;
      }
      if (chance_.one_in(5)) {  // a device that did not see the answer asks again
        s.tries = 0;
        auto r = s.report;
        any_gateway().submit(r, 500, [this, id](link::ReportOutcome again) {
          // With two bodies under one key a gateway that holds the other body must refuse; alone it may not.
          if (again.kind == Kind::key_conflict && bodies_of_key_[sent_[id].report.key] == 1)
            throw Broken("the retry of acknowledged report " + id + " was refused");
          on_repeat(id, again);
        });
      }
    } else if (out.kind == Kind::key_conflict) {
      if (s.acknowledged) throw Broken("report " + id + " was acknowledged and then refused");
      s.refused = true;
      ++totals_.conflicts;
    } else {
      clock_.in(500, [this, id] { try_report(id); });
    }
  }
  void on_repeat(std::string const& id, link::ReportOutcome const& again) {
    auto& s = sent_[id];
    if (again.kind != link::ReportOutcome::Kind::committed) return;
    if (!s.case_no.empty() && s.case_no != again.case_no) throw Broken("report " + id + " has two case numbers");
    s.case_no = again.case_no;
  }

  // --- commands
  struct Asked {
    core::Command command;
    int tries = 0;
    bool done = false;
    std::int64_t version = 0;
    std::size_t failovers = 0;  // before it was answered
  };
  void command() {
    auto const now = database_->snapshot(district_);
    if (now.cases.empty()) return;
    auto const& c = std::next(now.cases.begin(), chance_.between(0, static_cast<std::int64_t>(now.cases.size()) - 1))->second;
    std::vector<core::Task> open;
    for (auto const& [id, t] : now.tasks)
      if (t.task.case_no == c.case_no && t.task.open) open.push_back(t.task);
    core::Command k;
    std::vector<std::pair<core::Principal const*, core::Action>> may;
    for (auto const& p : people_)
      for (auto a : core::actions_for(p, c, open)) may.emplace_back(&p, a);
    if (may.empty()) return;
    auto const& [who, action] = chance_.of(may);
    static std::set<core::Action> const kEnding{core::Action::force_close, core::Action::transfer_out, core::Action::merge,
                                                core::Action::suspend, core::Action::approve_request};
    if (kEnding.contains(action) && !chance_.one_in(6)) return;  // else every life is short
    k.who = *who;
    k.action = std::string(core::id(action));
    k.input = core::test::full_input(k.action);
    if (k.input.until) k.input.until = clock_.now() + std::chrono::hours(1 + chance_.between(0, 47));
    for (auto const& r : c.requests)
      if (core::find_row(c.state, core::Action::approve_request, core::id(r.kind))) k.input.request_id = r.request_id;
    if (chance_.one_in(3) && (action == core::Action::check || action == core::Action::verify))
      k.input.result = action == core::Action::check ? "fail" : "not_exist";
    k.command_id = "c" + std::to_string(++command_count_);
    k.body_hash = k.command_id;
    k.case_no = c.case_no;
    k.version = chance_.one_in(10) ? c.version - 1 : c.version;
    k.received_at = clock_.now();
    asked_[k.command_id].command = k;
    ++totals_.commands;
    try_command(k.command_id);
  }
  void try_command(std::string const& id) {
    auto& a = asked_[id];
    if (a.done || ++a.tries > 60) return;
    auto answered = std::make_shared<bool>(false);
    any_gateway().ask(a.command, [this, id, answered](link::CommandOutcome out) {
      if (std::exchange(*answered, true)) return;
      on_command(id, out);
    });
    clock_.in(8000, [this, id, answered] {
      if (!std::exchange(*answered, true)) try_command(id);  // same command_id: nothing is done twice
    });
  }
  void on_command(std::string const& id, link::CommandOutcome const& out) {
    auto& a = asked_[id];
    note(id + std::to_string(out.status));
    if (out.status == 503 || out.status == 504) {
      clock_.in(1000, [this, id] { try_command(id); });
    } else {
      if (a.done && out.status != 200) throw Broken("command " + id + " was done and then refused");
      if (out.status == 200) {
        a.done = true;
        a.version = out.version;
        a.failovers = failovers_;
        ++totals_.done;
      } else {
        ++totals_.refused;
        a.tries = 1000;
      }
    }
  }

  // --- devices: every squad and patroller looks for its tasks and says `received`
  void poll() {
    clock_.in(1500, [this] { poll(); });
    std::vector<storage::TaskPush> pushes;
    try {
      pushes = database_->pending_pushes(500, &last_seen_);
    } catch (storage::Broken const&) {
      return;
    }
    for (auto const& push : pushes) {
      if (push.withdrawn) continue;
      seen_[push.task_id] = std::max(seen_[push.task_id], push.epoch);
      for (auto const& p : people_) {
        bool const mine = push.holder.empty() ? (p.role == core::Role::squad_leader && p.squad == push.squad) : p.name == push.holder;
        if (!mine) continue;
        auto const epoch = push.epoch > 1 && chance_.one_in(3) ? push.epoch - 1 : push.epoch;
        any_gateway().received(p, push.task_id, epoch, [this, epoch, push](link::CommandOutcome out) {
          if (out.status != 204) return;
          ++totals_.received;
          if (epoch < push.epoch) throw Broken("task " + push.task_id + ": an old epoch's `received` was accepted");
        });
        break;
      }
    }
  }

  // --- faults
  void fault() {
    auto const happens = [&](std::int64_t percent) { return chance_.percent(percent * 5); };
    auto const pick = chance_.between(1, 6);
    if (pick == 1 && happens(weather_.gateway_crash)) {
      auto& g = any_gateway();
      if (!g.up()) return;
      g.crash();
      ++totals_.crashes;
      clock_.in(chance_.between(100, 6000), [&g] {
        if (!g.up()) g.start();
      });
    } else if (pick == 2 && happens(weather_.dispatcher_crash)) {
      auto& d = *dispatchers_[static_cast<std::size_t>(chance_.between(0, 1))];
      if (!d.up()) return;
      d.crash();
      ++totals_.crashes;
      clock_.in(chance_.between(100, 6000), [&d, this] {
        if (!d.up() && !network_.calm) d.start(chance_.percent(50));
      });
    } else if (pick == 3 && happens(weather_.dispatcher_pause)) {
      dispatchers_[static_cast<std::size_t>(chance_.between(0, 1))]->pause(chance_.between(500, 20'000));
    } else if (pick == 4 && happens(weather_.cut)) {
      auto const g = "g" + std::to_string(chance_.between(1, 2)), d = "d" + std::to_string(chance_.between(1, 2));
      auto const until = clock_.now() + Millis(chance_.between(1000, 15'000));
      network_.cut_until[{g, d}] = until;
      if (chance_.percent(70)) network_.cut_until[{d, g}] = until;  // else one way only
    } else if (pick == 5 && happens(weather_.database)) {
      database_->set_down(true);
      clock_.in(chance_.between(200, 8000), [this] { database_->set_down(false); });
    } else if (pick == 6 && weather_.failover && chance_.one_in(8)) {
      auto const most = database_->transactions();
      if (most == 0) return;
      database_->lose_last(static_cast<std::size_t>(chance_.between(1, std::min<std::int64_t>(20, static_cast<std::int64_t>(most)))));
      ++failovers_;
      ++totals_.failovers;
    }
  }

  Clock clock_;
  Chance chance_;
  Weather weather_;
  Bugs bugs_;
  Totals& totals_;
  Network network_;
  core::City city_;
  std::string district_;
  std::shared_ptr<storage::MemoryDatabase> database_;
  std::vector<std::unique_ptr<SimGateway>> gateways_;
  std::vector<std::unique_ptr<SimDispatcher>> dispatchers_;
  std::vector<core::Principal> people_;
  std::map<std::string, Sent> sent_;
  std::map<std::string, std::string> owner_of_key_;
  std::map<std::string, int> bodies_of_key_;
  std::map<std::string, Asked> asked_;
  std::map<std::string, std::int64_t> seen_;
  std::int64_t report_count_ = 0, command_count_ = 0, last_seen_ = 0;
  std::size_t failovers_ = 0;
  std::uint64_t digest_ = 14695981039346656037ull;
};

void Run::check() {
  auto const end = database_->snapshot(district_);
  totals_.cases += end.cases.size();
  totals_.takeovers += static_cast<std::uint64_t>(end.epoch);

  // Promise 1: acknowledged means exactly one case, under the number that was told.
  std::map<std::string, std::vector<core::Case const*>> by_report;
  std::map<std::string, std::set<std::string>> by_key;
  for (auto const& [no, c] : end.cases) by_report[c.report_id].push_back(&c);
  for (auto const& [id, list] : by_report)
    if (list.size() != 1) throw Broken("report " + id + " became " + std::to_string(list.size()) + " cases");
  for (auto const& [id, s] : sent_) {
    auto const it = by_report.find(id);
    if (s.acknowledged && it == by_report.end()) throw Broken("acknowledged report " + id + " is lost");
    if (it == by_report.end()) continue;
    if (!s.case_no.empty() && it->second[0]->case_no != s.case_no)
      throw Broken("report " + id + " was answered " + s.case_no + " and is " + it->second[0]->case_no);
    if (!it->second[0]->key_conflict && !by_key[s.report.principal + "/" + s.report.key].insert(id).second)
      throw Broken("key of " + id + " made two cases");
    if (by_key[s.report.principal + "/" + s.report.key].size() > 1) throw Broken("key " + s.report.key + " made two cases");
  }

  // Promise 2: acknowledged transitions are there, each command at most once, versions without a gap.
  std::map<std::string, std::pair<std::string, std::int64_t>> by_command;
  for (auto const& [no, rows] : end.history) {
    std::vector<core::HistoryRow> moves;
    for (auto const& r : rows) {
      if (r.transport) continue;
      moves.push_back(r);
      if (r.command_id.empty() || r.role == core::Role::system) continue;
      auto [it, fresh] = by_command.try_emplace(r.command_id, no, r.version);
      if (!fresh) throw Broken("command " + r.command_id + " was done twice");
    }
    auto const again = core::replay(district_, no, moves);
    auto const& row = end.cases.at(no);
    if (!core::diff(again, row).empty() || again.version != row.version)
      throw Broken("history of " + no + " does not replay to its row");
  }
  for (auto const& [id, a] : asked_)
    if (a.done && a.failovers == failovers_ && !by_command.contains(id)) throw Broken("acknowledged command " + id + " is lost");

  // Promise 3: whoever holds an open task has it on his device (all devices are on), or the operator was told.
  for (auto const& [id, t] : end.tasks) {
    if (!t.task.open || t.task.quiet) continue;
    if (!t.received_at) throw Broken("task " + id + " never reached its device");
  }
}

}  // namespace

void run_seed(std::uint64_t seed, int events, Bugs const& bugs, storage::PlantedBugs const& store_bugs, Totals& totals,
              std::uint64_t* trace) {
  Run run(seed, bugs, store_bugs, totals);
  run.storm(events);
  run.calm();
  run.check();
  if (trace) *trace = run.digest();
}

}  // namespace wangge::sim
