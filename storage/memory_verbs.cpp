// MemoryStore: the store's verbs on a MemoryDatabase, refusing exactly what PostgreSQL would refuse.
#include <algorithm>
#include <cmath>
#include <numbers>

#include "dispatcher/core/lifecycle.hpp"
#include "storage/batch.hpp"
#include "storage/memory_store.hpp"

namespace wangge::storage {
namespace {

bool in_lifecycle(core::HistoryRow const& row) {
  static auto const moves = [] {
    std::set<std::tuple<core::State, std::string, core::State>> all;
    for (auto const& move : core::lifecycle()) all.emplace(move.from, std::string(core::id(move.action)), move.to);
    return all;
  }();
  return moves.contains({row.from, row.action, row.to});
}

// Well-formed UTF-8 without NUL, as PostgreSQL wants it.
bool storable(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    auto const lead = static_cast<unsigned char>(text[i]);
    if (lead == 0) return false;
    std::size_t const more = lead < 0x80 ? 0 : lead >> 5 == 6 ? 1 : lead >> 4 == 14 ? 2 : lead >> 3 == 30 ? 3 : 9;
    if (more == 9 || i + more >= text.size() + (more == 0 ? 1 : 0)) return false;
    std::uint32_t code = more == 0 ? lead : lead & (0x3fu >> more);
    for (std::size_t k = 1; k <= more; ++k) {
      auto const next = static_cast<unsigned char>(text[i + k]);
      if (next >> 6 != 2) return false;
      code = code << 6 | (next & 0x3f);
    }
    static constexpr std::uint32_t least[]{0, 0x80, 0x800, 0x10000};
    if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return false;
    i += more + 1;
  }
  return true;
}

double metres_between(LoadRequest::Spot const& a, LoadRequest::Spot const& b) {
  double const shrink = std::cos(a.lat * std::numbers::pi / 180);
  return std::hypot((a.lon - b.lon) * shrink, a.lat - b.lat) * 111'320;
}

// The CHECK constraints of migrations/deploy/cases.sql.
void check_row(CaseSave const& save) {
  auto const& c = save.after;
  auto const refuse = [&](std::string const& why) { throw Poison("case " + c.case_no + ": " + why); };
  if (c.version <= 0) refuse("version");
  bool const digits = std::all_of(c.case_no.begin(), c.case_no.end(), [](char d) { return d >= '0' && d <= '9'; });
  if (c.case_no.size() < 19 || !digits || c.case_no.compare(0, c.district.size(), c.district) != 0) refuse("number");
  if (c.closed_at.has_value() == core::info(c.state).open) refuse("ended_exactly_when_closed_at");
  core::for_each_field(c, [&](char const* name, auto const& value) {
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>) {
      if (!storable(value)) refuse(std::string("text of ") + name);
    }
  });
  for (auto const& row : save.rows) {
    if (!storable(row.reason) || !storable(row.opinion) || !storable(row.actor)) refuse("text of a row");
    if (!row.transport && !in_lifecycle(row)) {
      refuse("no move " + std::string(core::id(row.from)) + " -" + row.action + "-> " + std::string(core::id(row.to)));
    }
  }
}

}  // namespace

MemoryStore::~MemoryStore() {
  std::lock_guard lock(database_->mutex_);
  database_->open_.erase(connection_);
  database_->ended_.erase(connection_);
  for (auto& [district, writers] : database_->writers_) writers.erase(connection_);
}

void MemoryStore::notice_end() {
  auto& db = *database_;
  bool const ended = db.ended_.erase(connection_) != 0;
  if (ended) {
    db.open_.erase(connection_);
    for (auto& [district, writers] : db.writers_) writers.erase(connection_);
    connection_ = 0;
  }
  if (db.down_) throw Broken("the database is down");
  if (ended) throw Broken("the connection was ended");
  if (connection_ != 0) return;
  connection_ = ++db.connections_;
  db.open_.insert(connection_);
}

MemoryDatabase::District& MemoryStore::on_connection(std::string const& district) {
  notice_end();
  return database_->at(district);
}

std::vector<std::string> MemoryStore::districts() {
  std::lock_guard lock(database_->mutex_);
  notice_end();
  std::vector<std::string> names;
  for (auto const& [name, d] : database_->districts_) names.push_back(name);
  return names;
}

DistrictStart MemoryStore::take_over(std::string const& district, std::string const& holder) {
  std::lock_guard lock(database_->mutex_);
  auto& d = on_connection(district);
  auto const bugs = database_->bugs;
  auto& writers = database_->writers_[district];
  writers.erase(connection_);
  if (!bugs.no_epoch_check) database_->ended_.insert(writers.begin(), writers.end());
  writers.clear();
  database_->commit("take_over", district, [holder, bugs](MemoryDatabase::District& taken) {
    ++taken.epoch;
    taken.holder = holder;
    if (bugs.repeated_numbers) taken.next_number.clear();
    if (bugs.cursor_backwards)
      for (auto& [spool, seq] : taken.cursors) seq /= 2;
  });
  writers.insert(connection_);
  d.renewed_at = database_->now();
  return {d.epoch, d.cursors};
}

void MemoryStore::join(std::string const& district, std::int64_t epoch) {
  std::lock_guard lock(database_->mutex_);
  on_connection(district);
  register_writer(district, epoch);
}

void MemoryStore::renew(std::string const& district, std::int64_t epoch) {
  std::lock_guard lock(database_->mutex_);
  auto& d = on_connection(district);
  check_epoch(d, district, epoch);
  d.renewed_at = database_->now();
}

std::int64_t MemoryStore::epoch(std::string const& district) {
  std::lock_guard lock(database_->mutex_);
  return on_connection(district).epoch;
}

std::optional<core::Millis> MemoryStore::beat_age(std::string const& district) {
  std::lock_guard lock(database_->mutex_);
  auto const& d = on_connection(district);
  if (!d.renewed_at) return std::nullopt;
  return database_->now() - *d.renewed_at;
}

void MemoryStore::register_writer(std::string const& district, std::int64_t epoch) {
  check_epoch(database_->at(district), district, epoch);
  database_->writers_[district].insert(connection_);
}

void MemoryStore::check_epoch(MemoryDatabase::District const& d, std::string const& district, std::int64_t epoch) const {
  if (database_->bugs.no_epoch_check) return;
  if (d.epoch != epoch || epoch == 0) {
    throw StaleEpoch("district " + district + " is in epoch " + std::to_string(d.epoch) + ", this writer in " + std::to_string(epoch));
  }
}

core::City MemoryStore::load_city(std::string const& district) {
  std::lock_guard lock(database_->mutex_);
  return on_connection(district).city;
}

std::int64_t MemoryStore::city_version(std::string const& district) {
  std::lock_guard lock(database_->mutex_);
  return on_connection(district).city.version;
}

std::vector<CellShape> MemoryStore::load_cells(std::string const& district) {
  std::lock_guard lock(database_->mutex_);
  return on_connection(district).cells;
}

std::vector<RecentCase> MemoryStore::load_recent(std::string const& district, core::Instant since) {
  std::lock_guard lock(database_->mutex_);
  std::vector<RecentCase> recent;
  for (auto const& [number, c] : on_connection(district).cases) {
    if (c.opened_at < since || c.closed_at || !c.lon || !c.lat || c.place_unusable) continue;
    recent.push_back({number, c.standard, c.kind, c.code, c.component_id, *c.lon, *c.lat, c.opened_at});
  }
  std::stable_sort(recent.begin(), recent.end(), [](auto const& a, auto const& b) { return a.opened_at < b.opened_at; });
  return recent;
}

std::vector<TokenRow> MemoryStore::load_tokens(std::int64_t* version) {
  std::lock_guard lock(database_->mutex_);
  notice_end();
  if (version != nullptr) *version = database_->token_version_;
  return database_->tokens_;
}

std::int64_t MemoryStore::token_version() {
  std::lock_guard lock(database_->mutex_);
  notice_end();
  return database_->token_version_;
}

Loaded MemoryStore::load(std::string const& district, LoadRequest const& want) {
  std::lock_guard lock(database_->mutex_);
  auto const& d = on_connection(district);
  Loaded loaded;
  for (auto const& key : want.keys) {
    if (database_->bugs.no_dedup) break;
    if (auto const found = d.keys.find(key); found != d.keys.end()) loaded.keys.insert(*found);
  }
  for (auto const& id : want.command_ids) {
    if (auto const found = d.commands.find(id); found != d.commands.end()) loaded.commands.insert(*found);
  }
  for (auto const& number : want.cases) {
    auto const found = d.cases.find(number);
    if (found == d.cases.end()) continue;
    auto& facts = loaded.cases[number];
    facts.row = found->second;
    if (auto const by = d.dispatched_by.find(number); by != d.dispatched_by.end()) facts.dispatched_by = by->second;
    for (auto const& [id, row] : d.tasks) {
      if (row.task.case_no == number && row.task.open) facts.open_tasks.push_back(row.task);
    }
    std::stable_sort(facts.open_tasks.begin(), facts.open_tasks.end(), [](auto const& a, auto const& b) { return a.created_at < b.created_at; });
  }
  for (auto const& id : want.tasks) {
    auto const found = d.tasks.find(id);
    if (found == d.tasks.end()) continue;
    loaded.tasks.emplace(id, found->second.task);
    loaded.task_received.emplace(id, found->second.received_at.has_value());
    loaded.task_states.emplace(id, d.cases.at(found->second.task.case_no).state);
  }
  for (auto const& id : want.components) {
    if (auto const found = d.components.find(id); found != d.components.end()) loaded.components.insert(*found);
  }
  for (auto const& one : want.closings) {
    auto const found = d.closings.find({one.version, one.category, one.condition});
    if (found != d.closings.end()) loaded.closings[one.case_no] = found->second;
  }
  for (auto const& number : want.orders) {
    if (auto const found = d.orders.find(number); found != d.orders.end()) loaded.orders.insert(*found);
  }
  if (want.loads) {
    for (auto const& [id, row] : d.tasks) {
      if (row.task.open && row.task.kind == core::TaskKind::dispose && !row.task.squad.empty()) ++loaded.loads[row.task.squad];
    }
  }
  for (auto const& spot : want.spots) {
    loaded.component_near.push_back(std::any_of(d.component_spots.begin(), d.component_spots.end(), [&](auto const& there) {
      return there.standard == spot.standard && there.code == spot.code && metres_between(there, spot) <= kNearMetres;
    }));
  }
  return loaded;
}

std::int64_t MemoryStore::reserve_numbers(std::string const& district, std::int64_t epoch, std::string const& day, std::int64_t count) {
  std::lock_guard lock(database_->mutex_);
  auto& d = on_connection(district);
  register_writer(district, epoch);
  try {
    database_->commit("reserve_numbers", district, [day, count](MemoryDatabase::District& reserving) {
      auto const [found, fresh] = reserving.next_number.try_emplace(day, reserving.number_floor);
      found->second += count;
    });
  } catch (InDoubt const& e) {
    throw Broken(e.what());  // at worst a gap
  }
  return d.next_number.at(day) - count;
}

std::vector<bool> MemoryStore::check_transport(MemoryDatabase::District const& d, Batch const& batch) const {
  std::vector<bool> effective;
  std::set<std::pair<std::string, bool>> seen;
  for (auto const& t : batch.transport) {
    auto const found = d.tasks.find(t.task_id);
    bool const same_epoch = found != d.tasks.end() && found->second.task.epoch == t.epoch;
    if (!same_epoch) throw Conflict("task " + t.task_id + " was given anew");
    bool const done = found->second.received_at || (t.escalate && found->second.escalated_at) ||
                      (t.escalate && seen.contains({t.task_id, false}));
    effective.push_back(!done && seen.insert({t.task_id, t.escalate}).second);
  }
  return effective;
}

void MemoryStore::check_unique(MemoryDatabase::District const& d, Batch const& batch) const {
  std::set<std::pair<std::string, std::string>> keys, commands;
  std::set<std::string> reports;
  for (auto const& save : batch.cases) {
    auto const present = d.cases.find(save.after.case_no);
    if (save.version_before == 0) {
      if (present != d.cases.end()) throw Conflict("case " + save.after.case_no + " is there already");
      bool const anew = reports.insert(save.after.report_id).second && !d.reports.contains(save.after.report_id);
      if (!anew && !database_->bugs.no_dedup) throw Conflict("report " + save.after.report_id + " has a case already");
    } else if (!save.rows.empty()) {
      bool const moved = present == d.cases.end() || present->second.version != save.version_before;
      if (moved) throw Conflict("case " + save.after.case_no + " moved since it was loaded");
    }
    if (save.key && !database_->bugs.no_dedup) {
      std::pair const key(save.key->principal, save.key->key);
      if (d.keys.contains(key) || !keys.insert(key).second) throw Conflict("key " + key.second + " was answered before");
    }
  }
  for (auto const& save : batch.orders) {
    auto const present = d.orders.find(save.after.order_no);
    bool const moved = present == d.orders.end() ? save.version_before != 0 : present->second.version != save.version_before;
    if (moved) throw Conflict("order " + save.after.order_no + " moved since it was loaded");
  }
  for (auto const& c : batch.commands) {
    std::pair const id(c.principal, c.command_id);
    if (d.commands.contains(id) || !commands.insert(id).second) throw Conflict("command " + c.command_id + " was answered before");
  }
}

std::int64_t MemoryStore::take_outbox_ids(std::size_t count) {
  if (outbox_next_ + static_cast<std::int64_t>(count) > outbox_end_) {
    auto const block = std::max<std::int64_t>(64, static_cast<std::int64_t>(count));
    outbox_next_ = database_->next_outbox_block_;
    outbox_end_ = database_->next_outbox_block_ += block;
  }
  auto const first = outbox_next_;
  outbox_next_ += static_cast<std::int64_t>(count);
  return first;
}

void MemoryStore::save(Batch const& batch, core::Instant recorded_at) {
  check_batch(batch);
  std::lock_guard lock(database_->mutex_);
  auto& d = on_connection(batch.district);
  register_writer(batch.district, batch.epoch);
  auto const transport = check_transport(d, batch);
  for (auto const& save : batch.cases) {
    check_row(save);
    if (database_->poison && database_->poison(save)) throw Poison("case " + save.after.case_no + " is refused by the test");
  }
  for (auto const& save : batch.orders)
    for (auto const& [name, text] : core::order_fields(save.after))
      if (!storable(text)) throw Poison("order " + save.after.order_no + ": text of " + name);
  check_unique(d, batch);
  for (auto const& close : span_writes(batch).closes) {
    auto const found = d.spans.find(close.case_no);
    bool const open = found != d.spans.end() && std::any_of(found->second.begin(), found->second.end(), [](auto const& s) { return !s.until_at; });
    if (!open) throw Poison("a span of case " + close.case_no + " was to end that is not open");
  }
  auto const first_id = take_outbox_ids(outbox_writes(batch).told.size());
  auto const& bugs = database_->bugs;
  std::function<void(MemoryDatabase::District&)> torn;
  if (bugs.torn_save || bugs.cursor_too_early) {
    torn = [batch, recorded_at, first_id, bugs](MemoryDatabase::District& broken) {
      Batch half;
      half.district = batch.district;
      if (bugs.torn_save && !batch.cases.empty()) half.cases = {batch.cases.front()};
      if (bugs.cursor_too_early) half.marks = batch.marks;
      MemoryDatabase::apply_save(broken, half, recorded_at, {}, first_id, bugs);
    };
  }
  database_->commit("save", batch.district, [batch, recorded_at, transport, first_id, bugs](MemoryDatabase::District& saving) {
    MemoryDatabase::apply_save(saving, batch, recorded_at, transport, first_id, bugs);
  }, torn);
}

void MemoryStore::set_aside(std::string const& district, std::int64_t epoch, DeadLetter const& letter, std::vector<SpoolMark> const& marks) {
  std::lock_guard lock(database_->mutex_);
  on_connection(district);
  register_writer(district, epoch);
  database_->commit("set_aside", district, [letter, marks](MemoryDatabase::District& d) {
    bool const known = std::any_of(d.dead_letters.begin(), d.dead_letters.end(), [&](auto const& l) { return l.kind == letter.kind && l.id == letter.id; });
    if (!known) d.dead_letters.push_back(letter);
    for (auto const& mark : marks) d.cursors[mark.spool_id] = std::max(d.cursors[mark.spool_id], mark.seq);
  });
}

std::vector<std::pair<std::string, std::int64_t>> MemoryStore::suspended_until(std::string const& district, core::Instant now, int limit) {
  std::lock_guard lock(database_->mutex_);
  std::vector<std::pair<std::string, std::int64_t>> asleep;
  for (auto const& [number, c] : database_->at(district).cases) {
    if (static_cast<int>(asleep.size()) == limit) break;
    if (c.state == core::State::suspended && c.suspended_until && *c.suspended_until <= now) asleep.emplace_back(number, c.version);
  }
  return asleep;
}

std::vector<Timer> MemoryStore::due_timers(std::string const& district, core::Instant now, int limit) {
  std::lock_guard lock(database_->mutex_);
  std::vector<std::pair<core::Instant, Timer>> due;
  for (auto const& [key, row] : on_connection(district).timers)
    if (row.fire_at && *row.fire_at <= now) due.push_back({*row.fire_at, {key.first, key.second, row.due_at, row.step}});
  std::stable_sort(due.begin(), due.end(), [](auto const& a, auto const& b) { return a.first < b.first; });
  std::vector<Timer> out;
  for (auto const& [at, timer] : due) {
    if (static_cast<int>(out.size()) == limit) break;
    out.push_back(timer);
  }
  return out;
}

std::vector<core::Case> MemoryStore::running_clocks(std::string const& district,
                                                    std::optional<std::pair<core::Instant, std::string>> const& after, int limit) {
  std::lock_guard lock(database_->mutex_);
  std::vector<core::Case> running;
  for (auto const& [number, c] : on_connection(district).cases) {
    bool const runs = !c.closed_at && c.due_at && c.run_from && !c.left_ms && !c.handed_over_at;
    if (runs && (!after || std::pair(*c.due_at, number) > *after)) running.push_back(c);
  }
  std::stable_sort(running.begin(), running.end(), [](auto const& a, auto const& b) { return *a.due_at < *b.due_at; });
  if (running.size() > static_cast<std::size_t>(limit)) running.resize(static_cast<std::size_t>(limit));
  return running;
}

std::vector<core::Task> MemoryStore::unreceived(std::string const& district, core::Instant committed_before, int limit) {
  std::lock_guard lock(database_->mutex_);
  std::vector<MemoryDatabase::TaskRow const*> rows;
  for (auto const& [id, row] : on_connection(district).tasks) {
    if (row.task.open && !row.task.quiet && !row.received_at && !row.escalated_at && row.given_at < committed_before) rows.push_back(&row);
  }
  std::stable_sort(rows.begin(), rows.end(), [](auto const* a, auto const* b) { return a->given_at < b->given_at; });
  std::vector<core::Task> tasks;
  for (auto const* row : rows) {
    if (static_cast<int>(tasks.size()) == limit) break;
    tasks.push_back(row->task);
  }
  return tasks;
}

}  // namespace wangge::storage
