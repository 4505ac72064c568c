// The promises, and what else must hold when the storm is over.
#include <algorithm>

#include "tests/sim/town.hpp"

namespace wangge::sim {

void Town::watch_cursors() {
  database_->look(district_, [&](auto const& now) {
    for (auto const& [spool, seq] : now.cursors) {
      auto& known = cursors_[spool];
      if (seq < known)
        throw Broken("the cursor of " + spool + " fell from " + std::to_string(known) + " to " + std::to_string(seq));
      known = seq;
    }
  });
}

// Nothing of the storm is under way any more. What never drains is found by check().
bool Town::drained() {
  for (auto const& [id, s] : sent_)
    if (!s.acknowledged && !s.refused) return false;
  for (auto const& [id, a] : asked_)
    if (!a.done && !a.refused && a.tries < 60) return false;
  for (auto const& g : gateways_)
    if (!g->idle() || cursor_of(*g) != g->spool().last(district_)) return false;
  bool told = true;
  database_->look(district_, [&](auto const& now) {
    told = std::all_of(now.tasks.begin(), now.tasks.end(),
                       [](auto const& t) { return !t.second.task.open || t.second.received_at; });
  });
  return told;
}

// One owner, of the epoch the database has, and both gateways with it.
bool Town::settled_down() {
  SimDispatcher const* owner = nullptr;
  for (auto const& d : dispatchers_) {
    if (!d->owner()) continue;
    if (owner) return false;
    owner = d.get();
  }
  std::int64_t epoch = 0;
  database_->look(district_, [&](auto const& now) { epoch = now.epoch; });
  return owner && owner->epoch() == epoch &&
         std::all_of(gateways_.begin(), gateways_.end(), [&](auto const& g) { return g->owner() == owner->name(); });
}

void Town::check() {
  check_owner();
  auto const end = database_->snapshot(district_);
  totals_.cases += end.cases.size();
  totals_.takeovers += static_cast<std::uint64_t>(end.epoch % 1000);
  totals_.dead_letters += end.dead_letters.size();
  for (auto const& g : gateways_) totals_.pruned += static_cast<std::uint64_t>(g->pruned());
  check_reports(end);
  check_commands(end);
  check_tasks(end);
  check_clocks(end);
  check_spools();
}

// Two that live agree on one, and then nobody takes the district from anybody.
void Town::check_owner() {
  if (!settled_down()) {
    std::string stand;
    for (auto const& d : dispatchers_) stand += ", " + d->name() + (d->owner() ? " owns in epoch " + std::to_string(d->epoch()) : " waits");
    for (auto const& g : gateways_) stand += ", " + g->name() + " knows " + (g->owner().empty() ? "none" : g->owner());
    throw Broken("in calm weather there is no one owner whom both gateways know" + stand);
  }
  std::int64_t before = 0, after = 0;
  database_->look(district_, [&](auto const& now) { before = now.epoch; });
  clock_.run_until(clock_.now() + std::chrono::seconds(30));
  database_->look(district_, [&](auto const& now) { after = now.epoch; });
  if (after != before)
    throw Broken("the epoch went from " + std::to_string(before) + " to " + std::to_string(after) + " in calm weather");
  if (!settled_down()) throw Broken("in calm weather the owner changed");
}

// Promise 1: acknowledged means exactly one case, under the number that was told; refused means none.
void Town::check_reports(storage::MemoryDatabase::District const& end) {
  std::map<std::string, std::vector<core::Case const*>> by_report;
  std::map<std::string, std::set<std::string>> by_key;
  std::set<std::string> set_aside;
  for (auto const& l : end.dead_letters) set_aside.insert(l.id);
  for (auto const& [no, c] : end.cases) by_report[c.report_id].push_back(&c);
  for (auto const& [id, list] : by_report)
    if (list.size() != 1) throw Broken("report " + id + " became " + std::to_string(list.size()) + " cases");
  // Numbers that may change when the database goes back. Of a report that two gateways hold, for perhaps only one of them
  // has heard its number, and whoever comes first makes the case anew: a known limit (DECISIONS), the report is not lost
  // and has one case, under another number than was told. And of one whose gateway lost power right after the answer, so
  // that the number is nowhere any more.
  auto const renumbered = [&](std::string const& id) {
    bool const forgotten = std::any_of(gateways_.begin(), gateways_.end(),
                                       [&](auto const& g) { return g->spool().forgotten_numbers().contains(id); });
    bool const twice = std::all_of(gateways_.begin(), gateways_.end(),
                                   [&](auto const& g) { return g->spool().reports().contains(id); });
    return failovers_ > 0 && (forgotten || twice);
  };
  for (auto const& id : two_numbers_)
    if (!renumbered(id)) throw Broken("report " + id + " has two case numbers");
  for (auto const& [id, s] : sent_) {
    auto const it = by_report.find(id);
    bool const aside = poisoned(id) && set_aside.contains(id);
    if (s.acknowledged && it == by_report.end() && !aside && !rotten_.contains(id))
      throw Broken("acknowledged report " + id + " is lost");
    if (it == by_report.end()) continue;
    if (s.refused && !s.acknowledged && s.unanswered == 0) throw Broken("report " + id + " was refused and is a case");
    if (!s.case_no.empty() && it->second[0]->case_no != s.case_no && !renumbered(id))
      throw Broken("report " + id + " was answered " + s.case_no + " and is " + it->second[0]->case_no);
    auto& of_key = by_key[s.report.principal + "/" + s.report.key];
    if (!it->second[0]->key_conflict) of_key.insert(id);
    if (of_key.size() > 1) throw Broken("key " + s.report.key + " made two cases");
  }
}

// Promise 2: acknowledged transitions are there, each command at most once, versions without a gap.
void Town::check_commands(storage::MemoryDatabase::District const& end) {
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
  for (auto const& [id, a] : asked_) {
    if (a.done && a.failovers == failovers_ && !by_command.contains(id))
      throw Broken("acknowledged command " + id + " is lost");
    // After a fail-over a frame of before it may come when its case is there again: done, though its officer heard 404.
    if (a.refused && failovers_ == 0 && by_command.contains(id)) throw Broken("command " + id + " was done and its officer heard no");
  }
}

// Promise 3: whoever holds an open task has it on his device (all devices are on), or the operator was told.
void Town::check_tasks(storage::MemoryDatabase::District const& end) {
  for (auto const& [id, t] : end.tasks) {
    if (!t.task.open || t.task.quiet) continue;
    if (!t.received_at) throw Broken("task " + id + " never reached its device");
  }
}

// Every clock that runs is armed with its own deadline and no other is, and nobody was told of a rung twice.
void Town::check_clocks(storage::MemoryDatabase::District const& end) {
  for (auto const& [number, c] : end.cases) {
    for (std::size_t i = 0; i < core::kAlarmClocks.size(); ++i) {
      auto const clock = static_cast<core::AlarmClock>(i);
      auto const armed = end.timers.find({number, clock});
      auto const due = core::alarm_due(c, clock);
      bool const right = due ? armed != end.timers.end() && armed->second.due_at == *due : armed == end.timers.end();
      if (!right) throw Broken("the clock " + std::string(core::id(clock)) + " of case " + number + " is not armed as it runs");
    }
  }
  std::set<std::string> told;
  for (auto const& e : end.escalations) {
    auto const rung = e.case_no + " " + std::string(core::id(e.clock)) + " " + std::to_string(e.due_at.time_since_epoch().count()) + " " + e.step + " " + e.told;
    if (!told.insert(rung).second) throw Broken("told twice: " + rung);
  }
}

std::int64_t Town::cursor_of(SimGateway& gateway) const {
  std::int64_t seq = 0;
  database_->look(district_, [&](auto const& now) {
    auto const found = now.cursors.find(gateway.spool().spool_id());
    if (found != now.cursors.end()) seq = found->second;
  });
  return seq;
}

// Every seq of every spool passed, whatever became of its record: else each welcome would bring all of them again.
void Town::check_spools() {
  for (auto const& g : gateways_) {
    auto const last = g->spool().last(district_), seq = cursor_of(*g);
    if (seq != last)
      throw Broken("the cursor of " + g->spool().spool_id() + " stands at " + std::to_string(seq) + " of " +
                   std::to_string(last));
    if (!g->idle()) throw Broken("gateway " + g->name() + " still waits for words");
  }
}

}  // namespace wangge::sim
