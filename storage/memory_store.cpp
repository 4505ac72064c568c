// MemoryDatabase: what is kept, how a transaction becomes part of it, and how the last ones are lost. MemoryStore's verbs
// stand in memory_verbs.cpp.
#include "storage/memory_store.hpp"

#include <algorithm>

#include "storage/batch.hpp"

namespace wangge::storage {

void MemoryDatabase::put_city(core::City city, std::vector<CellShape> cells, std::vector<core::ComponentFact> components) {
  std::lock_guard lock(mutex_);
  auto& d = districts_[city.district];
  d.city = std::move(city);
  d.cells = std::move(cells);
  d.components.clear();
  for (auto& component : components) {
    auto id = component.component_id;
    d.components.emplace(std::move(id), std::move(component));
  }
}

void MemoryDatabase::put_spots(std::string const& district, std::vector<LoadRequest::Spot> components) {
  std::lock_guard lock(mutex_);
  districts_[district].component_spots = std::move(components);
}

void MemoryDatabase::put_tokens(std::vector<TokenRow> tokens) {
  std::lock_guard lock(mutex_);
  tokens_ = std::move(tokens);
  ++token_version_;
}

void MemoryDatabase::set_down(bool down) {
  std::lock_guard lock(mutex_);
  down_ = down;
  if (down) ended_ = open_;
}

core::Instant MemoryDatabase::now() const {
  if (clock) return clock();
  return core::Instant(std::chrono::duration_cast<core::Millis>(std::chrono::steady_clock::now().time_since_epoch()));
}

MemoryDatabase::District& MemoryDatabase::at(std::string const& district) {
  if (down_) throw Broken("the database is down");
  auto const found = districts_.find(district);
  if (found == districts_.end()) throw Broken("no district " + district);
  return found->second;
}

void MemoryDatabase::commit(std::string const& verb, std::string const& district, std::function<void(District&)> apply,
                            std::function<void(District&)> torn) {
  auto& d = districts_.at(district);
  auto const what = fault ? fault(verb.c_str()) : Fault::none;
  if (what == Fault::broken || what == Fault::in_doubt_lost) {
    if (torn) {
      torn(d);
      log_.push_back({district, std::move(torn)});
    }
    if (what == Fault::broken) throw Broken("the link broke before COMMIT");
    throw InDoubt("no answer to COMMIT");
  }
  apply(d);
  log_.push_back({district, std::move(apply)});
  if (what == Fault::in_doubt_committed) throw InDoubt("no answer to COMMIT");
}

void MemoryDatabase::lose_last(std::size_t transactions) {
  std::lock_guard lock(mutex_);
  log_.resize(log_.size() - std::min(transactions, log_.size()));
  for (auto& [name, d] : districts_) {
    District fresh;
    fresh.city = std::move(d.city);
    std::erase_if(fresh.city.routes, [](core::RouteRule const& r) { return r.level == core::RouteLevel::decision; });
    fresh.city.finish();  // decisions come back with the transactions that made them
    fresh.cells = std::move(d.cells);
    fresh.components = std::move(d.components);
    fresh.component_spots = std::move(d.component_spots);
    fresh.renewed_at = d.renewed_at;
    d = std::move(fresh);
  }
  for (auto const& entry : log_) entry.apply(districts_.at(entry.district));
  ended_ = open_;
  // Where no other life of this database can have been: a fail-over may be among what the next one loses.
  auto const unique = bugs.repeated_leap ? 1 : ++leaps_;
  for (auto& [name, d] : districts_) {
    auto const leap = [unique](District& lost) {
      std::int64_t highest = lost.number_floor;
      for (auto const& [day, next] : lost.next_number) highest = std::max(highest, next);
      lost.number_floor = std::max(highest / 100000 + 1, unique) * 100000;
      for (auto& [day, next] : lost.next_number) next = lost.number_floor;
      lost.epoch = std::max(lost.epoch + 1000, unique * 1000);
    };
    leap(d);
    log_.push_back({name, leap});
  }
}

std::size_t MemoryDatabase::transactions() const {
  std::lock_guard lock(mutex_);
  return log_.size();
}

MemoryDatabase::District MemoryDatabase::snapshot(std::string const& district) const {
  std::lock_guard lock(mutex_);
  return districts_.at(district);
}

void MemoryDatabase::look(std::string const& district, std::function<void(District const&)> const& looker) const {
  std::lock_guard lock(mutex_);
  looker(districts_.at(district));
}

std::vector<TaskPush> MemoryDatabase::pending_pushes(std::size_t limit, std::int64_t* last_seen) const {
  std::lock_guard lock(mutex_);
  if (down_) throw Broken("the database is down");
  std::vector<TaskPush> pushes;
  std::int64_t highest = last_seen != nullptr ? *last_seen : 0;
  for (auto const& [name, d] : districts_) {
    for (auto row = d.outbox.rbegin(); row != d.outbox.rend() && pushes.size() < limit; ++row) {
      bool const skipped = bugs.id_greater_than_last && last_seen != nullptr && row->outbox_id <= *last_seen;
      if ((row->status != "pending" && !row->notice) || skipped) continue;
      highest = std::max(highest, row->outbox_id);
      pushes.push_back({std::to_string(row->outbox_id), row->task_id, row->squad, row->holder, "{}", row->epoch, row->notice, name});
    }
  }
  if (last_seen != nullptr) *last_seen = highest;
  return pushes;
}

void MemoryDatabase::mark(std::string const& district, std::string const& outbox_id, std::string const& status) {
  std::lock_guard lock(mutex_);
  for (auto& row : districts_.at(district).outbox) {
    if (std::to_string(row.outbox_id) == outbox_id) row.status = status;
  }
}

// ---- what a saved batch does

namespace {

void apply_tasks(MemoryDatabase::District& d, CaseSave const& save, core::Instant recorded_at) {
  for (auto const& change : last_changes(save.tasks)) {
    auto& row = d.tasks[change.task.task_id];
    bool const anew = change.task.epoch > row.task.epoch || row.task.task_id.empty();
    auto const created = row.task.task_id.empty() ? change.task.created_at : row.task.created_at;
    row.task = change.task;
    row.task.created_at = created;
    if (!anew) continue;
    row.given_at = recorded_at;
    row.received_at.reset();
    row.escalated_at.reset();
  }
}

void settle(MemoryDatabase::District& d, std::string const& task_id, std::int64_t up_to_epoch, std::string const& status) {
  for (auto& row : d.outbox) {
    if (row.task_id == task_id && row.epoch <= up_to_epoch && row.status == "pending") row.status = status;
  }
}

void apply_spans(MemoryDatabase::District& d, Batch const& batch) {
  auto const writes = span_writes(batch);
  for (auto const& close : writes.closes) {
    for (auto& span : d.spans[close.case_no]) {
      if (span.until_at) continue;
      span.until_at = close.until;
      span.ended = close.ended;
      span.effect_at = close.effect_at;
      span.effect_due_at = close.effect_due_at;
    }
  }
  for (auto const& [case_no, span] : writes.opens) d.spans[case_no].push_back(span);
}

void apply_transport(MemoryDatabase::District& d, ReceivedSave const& t, core::Instant recorded_at) {
  auto& row = d.tasks.at(t.task_id);
  if (t.escalate) {
    row.escalated_at = recorded_at;
  } else {
    row.received_at = t.row.at;
    settle(d, t.task_id, t.epoch, "delivered");
  }
  d.history[t.case_no].push_back(t.row);
}

void apply_case(MemoryDatabase::District& d, CaseSave const& save, PlantedBugs const& bugs) {
  auto const& number = save.after.case_no;
  if (!save.rows.empty()) {
    d.cases[number] = save.after;
    d.reports.insert(save.after.report_id);
    if (auto by = dispatched_by(save); !by.empty()) d.dispatched_by[number] = by;
    auto const end = save.rows.end() - (bugs.lost_history_row && save.rows.size() > 1 ? 1 : 0);
    d.history[number].insert(d.history[number].end(), save.rows.begin(), end);
  }
  for (auto const& rule : save.rules) {  // behind the older decisions, before the city's own
    auto const own = std::find_if(d.city.routes.begin(), d.city.routes.end(),
                                  [](core::RouteRule const& r) { return r.level != core::RouteLevel::decision; });
    d.city.routes.insert(own, rule);
    ++d.city.version;
    d.city.finish();
  }
  for (auto const& id : media_named(save)) d.media[id].insert(number);
  if (save.version_before != 0) return;
  if (!save.reporter_name.empty() || !save.reporter_phone.empty()) d.reporters[number] = {save.reporter_name, save.reporter_phone};
  if (!save.extras.empty()) d.extras[number] = save.extras;
}

void apply_order(MemoryDatabase::District& d, OrderSave const& save) {
  auto const& number = save.after.order_no;
  d.orders[number] = save.after;
  d.history[number].insert(d.history[number].end(), save.rows.begin(), save.rows.end());
  if (!save.caller_name.empty() || !save.caller_phone.empty()) d.reporters[number] = {save.caller_name, save.caller_phone};
}

void acknowledge(MemoryDatabase::District& d, std::string const& number, std::string const& by) {
  if (by.empty()) return;
  for (auto& [key, timer] : d.timers)
    if (key.first == number && timer.step > 0) timer.fire_at.reset();
  for (auto& e : d.escalations)
    if (e.case_no == number && e.acknowledged_by.empty() && !e.ended) e.acknowledged_by = by;
}

void apply_alarms(MemoryDatabase::District& d, Batch const& batch, PlantedBugs const& bugs) {
  for (auto const& w : alarm_writes(batch)) {
    for (auto& e : d.escalations)
      if (e.case_no == w.case_no && e.clock == w.change.clock && (!w.change.due || e.due_at != *w.change.due)) e.ended = true;
    std::pair const key(w.case_no, w.change.clock);
    if (!w.change.due) {
      d.timers.erase(key);
    } else if (!bugs.timers_forgotten) {
      auto const [found, fresh] = d.timers.try_emplace(key);
      if (fresh || found->second.due_at != *w.change.due) found->second = {*w.change.due, 0, w.change.fire};
    }
  }
  for (auto const& save : batch.cases) acknowledge(d, save.after.case_no, save.acknowledged_by);
  for (auto const& save : batch.orders) acknowledge(d, save.after.order_no, save.acknowledged_by);
}

void apply_fired(MemoryDatabase::District& d, Batch const& batch, core::Instant recorded_at) {
  for (auto const& f : batch.fired) {
    auto const found = d.timers.find({f.timer.case_no, f.timer.clock});
    bool const stands = found != d.timers.end() && found->second.due_at == f.timer.due_at && found->second.step == f.timer.step &&
                        found->second.fire_at;
    if (!stands) continue;
    found->second.step += 1;
    found->second.fire_at = f.next;
    for (auto const role : f.told)
      d.escalations.push_back({f.timer.case_no, f.timer.clock, f.timer.due_at, f.step_id, std::string(core::id(role)), f.unit, recorded_at, "", false});
    d.history[f.timer.case_no].push_back(f.row);
  }
}

}  // namespace

void MemoryDatabase::apply_save(District& d, Batch const& batch, core::Instant recorded_at, std::vector<bool> const& transport,
                                std::int64_t first_outbox_id, PlantedBugs const& bugs) {
  for (std::size_t i = 0; i < batch.transport.size(); ++i) {
    if (transport[i]) apply_transport(d, batch.transport[i], recorded_at);
  }
  for (auto const& save : batch.cases) {
    apply_case(d, save, bugs);
    apply_tasks(d, save, recorded_at);
    if (save.key) d.keys.emplace(std::pair(save.key->principal, save.key->key), *save.key);
  }
  for (auto const& save : batch.orders) apply_order(d, save);
  apply_fired(d, batch, recorded_at);
  apply_alarms(d, batch, bugs);
  apply_spans(d, batch);
  auto const outbox = outbox_writes(batch);
  for (auto const& o : outbox.settled) settle(d, o.task_id, o.up_to_epoch, o.status);
  for (auto const& o : outbox.told) {
    auto const id = first_outbox_id++;
    if (bugs.lost_outbox_row && !o.notice) continue;
    d.outbox.push_back({id, o.task_id, o.squad, o.holder, o.epoch, o.notice, o.notice ? "withdrawn" : "pending", recorded_at});
  }
  if (!bugs.no_command_rows) {
    for (auto const& c : batch.commands) d.commands.emplace(std::pair(c.principal, c.command_id), c);
  }
  for (auto const& mark : batch.marks) {
    auto& seq = d.cursors[mark.spool_id];
    seq = bugs.cursor_backwards ? mark.seq : std::max(seq, mark.seq);
  }
}

}  // namespace wangge::storage
