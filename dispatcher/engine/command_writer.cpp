#include "dispatcher/engine/command_writer.hpp"

#include <algorithm>
#include <set>

namespace wangge::engine {

namespace {

constexpr int kTries = 5;
constexpr int kEscalateAtOnce = 200;
constexpr int kWakeAtOnce = 50;
constexpr int kReprojectAtOnce = 200;
constexpr std::int64_t kNumberBlock = 16;  // linked cases are rare

// Answers worth keeping under their command_id: what was done and what the case's state forbade. A 403 or 404 says the
// same again without a row, so strangers cannot fill the table.
bool worth_keeping(std::int32_t status) { return status == 200 || status == 409 || status == 422; }

storage::CommandRow row_of(core::Command const& c, std::int32_t status) {
  storage::CommandRow row;
  row.principal = c.who.name;
  row.command_id = c.command_id;
  row.body_hash = c.body_hash;
  row.status = status;
  row.case_no = c.case_no;
  return row;
}

storage::CommandRow refused(core::Command const& c, core::Refused const& no, std::int64_t version) {
  auto const& why = core::info(no.reason);
  auto row = row_of(c, why.status);
  row.code = why.code == "not_allowed" ? why.id : why.code;
  row.field = no.field;
  row.version = version;
  return row;
}

core::HistoryRow transport_row(core::Task const& task, std::string action, std::string actor, core::Role role,
                               core::State state, core::Instant at) {
  core::HistoryRow row;
  row.version = task.version;
  row.action = std::move(action);
  row.actor = std::move(actor);
  row.role = role;
  row.from = row.to = state;
  row.at = at;
  row.transport = true;
  return row;
}

// May this principal say "my device has it"? The named holder; else the squad's people; else the unit's desk (RULINGS 14).
bool receives(core::Principal const& who, core::Task const& task) {
  if (!task.holder.empty()) return who.name == task.holder;
  if (!task.squad.empty()) return who.squad == task.squad;
  bool const desk = who.role == core::Role::unit_clerk || who.role == core::Role::unit_head;
  return desk && !task.unit.empty() && who.unit == task.unit;
}

// Whoever may have had this task under an older epoch: it is given anew within its unit only (`reassign`), so the unit's people
// are told that it is gone, and a stranger that it is not there.
bool may_have_had(core::City const& city, core::Principal const& who, core::Task const& task) {
  bool const works = who.role == core::Role::unit_clerk || who.role == core::Role::unit_head || who.role == core::Role::squad_leader ||
                     who.role == core::Role::disposer;
  if (!works || task.unit.empty()) return false;
  auto const squad = city.squads.find(who.squad);
  return who.unit == task.unit || (squad != city.squads.end() && squad->second.unit == task.unit);
}

// What an armed clock is of: a case, or a hotline order.
struct Climber {
  std::optional<core::Instant> due;
  std::vector<core::AlarmStep> ladder;
  std::string unit;
  std::int64_t version = 0;
  core::State state = core::State::reported;  // an order has none of a case's
};

Climber find_climber(core::City const& city, storage::Loaded const& loaded, storage::Timer const& timer) {
  if (timer.clock == core::AlarmClock::hotline) {
    auto const found = loaded.orders.find(timer.case_no);
    if (found == loaded.orders.end()) throw storage::Broken("an armed clock of order " + timer.case_no + ", which is not there");
    auto const& o = found->second;
    return {core::order_alarm_due(o), core::order_ladder(city, o), o.unit, o.version};
  }
  auto const found = loaded.cases.find(timer.case_no);
  if (found == loaded.cases.end()) throw storage::Broken("an armed clock of case " + timer.case_no + ", which is not there");
  auto const& c = found->second.row;
  return {core::alarm_due(c, timer.clock), core::alarm_ladder(city, c, timer.clock), c.unit, c.version, c.state};
}

core::Command system_command(std::string const& district, std::string action, core::Case const& c, core::Instant now) {
  core::Command command;
  command.who.name = "system";
  command.who.role = core::Role::system;
  command.who.district = district;
  command.command_id = action + "-" + c.case_no + "-" + std::to_string(c.version);
  command.action = std::move(action);
  command.case_no = c.case_no;
  command.version = c.version;
  command.received_at = now;
  return command;
}

}  // namespace

struct CommandWriter::Plan {
  storage::Batch batch;
  std::vector<CommandAnswer> answers;
  std::map<std::string, std::size_t> saves;                                 // case_no -> index in batch.cases
  std::map<std::string, std::size_t> order_saves;                           // order_no -> index in batch.orders
  std::map<std::pair<std::string, std::string>, storage::CommandRow> mine;  // answers this batch makes
};

CommandWriter::CommandWriter(std::string district, storage::Store& store, std::function<void(std::string)> alarm)
    : district_(std::move(district)), store_(store), alarm_(std::move(alarm)), numbers_(district_, store, kNumberBlock) {}

void CommandWriter::begin(std::int64_t epoch, World world) {
  epoch_ = epoch;
  numbers_.begin(epoch);
  set_world(std::move(world));
}

// Whoever came before may have died half-way through the deadlines: they are looked through again.
void CommandWriter::set_world(World world) {
  world_ = std::move(world);
  reproject_done_ = false;
  reproject_after_.reset();
}

std::vector<CommandAnswer> CommandWriter::process(std::vector<CommandIn> const& batch, core::Instant now, Touched& touched) {
  std::vector<CommandAnswer> out;
  out.reserve(batch.size());
  touched.district = district_;
  attempt(batch, now, touched, out);
  return out;
}

void CommandWriter::attempt(std::span<CommandIn const> batch, core::Instant now, Touched& touched,
                            std::vector<CommandAnswer>& out) {
  if (batch.empty()) return;
  for (int tried = 1;; ++tried) {
    Plan made;
    try {
      plan(batch, now, made);
      if (!made.batch.cases.empty() || !made.batch.orders.empty() || !made.batch.commands.empty()) store_.save(made.batch, now);
    } catch (storage::Conflict const&) {
      if (tried < kTries) continue;
      throw storage::Broken("a case kept moving under " + district_);
    } catch (storage::Poison const& e) {
      if (batch.size() == 1) {
        return set_aside(batch.front(), e.what(), out);
      }
      auto const half = batch.size() / 2;
      attempt(batch.first(half), now, touched, out);
      attempt(batch.subspan(half), now, touched, out);
      return;
    }
    for (auto const& c : made.batch.cases) {
      touched.cases.push_back(c.after.case_no);
      for (auto const& t : c.tasks) touched.add(t);
    }
    std::move(made.answers.begin(), made.answers.end(), std::back_inserter(out));
    return;
  }
}

// The database refuses what was decided: kept with an alarm, and said to be not allowed.
void CommandWriter::set_aside(CommandIn const& in, std::string const& error, std::vector<CommandAnswer>& out) {
  auto const& c = in.command;
  store_.set_aside(district_, epoch_, {"command", c.command_id, c.who.name + " " + c.action + " " + c.case_no + " version " + std::to_string(c.version), error}, {});
  alarm_("command " + c.command_id + " could not be stored and is set aside: " + error);
  auto row = row_of(c, 422);
  row.code = "not_allowed";
  out.push_back({in.peer, in.correlation, std::move(row), false});
}

// What only some commands need: the component of the present case, the other case of a merge.
void CommandWriter::load_more(std::span<CommandIn const> batch, storage::Loaded& loaded) {
  storage::LoadRequest more;
  for (auto const& in : batch) {
    auto const found = loaded.cases.find(in.command.case_no);
    if (found == loaded.cases.end()) continue;
    auto const& c = found->second.row;
    bool const routes = in.command.action == "dispatch" || in.command.action == "approve_return" || in.command.action == "file";
    if (routes && !c.component_id.empty() && !loaded.components.contains(c.component_id)) more.components.push_back(c.component_id);
    if (in.command.action == "unmerge" && !loaded.cases.contains(c.merged_into)) more.cases.push_back(c.merged_into);
  }
  for (auto const& in : batch) {
    auto const found = loaded.cases.find(in.command.case_no);
    if (in.command.action != "close" || found == loaded.cases.end()) continue;
    auto const& c = found->second.row;
    if (c.catalogue_version == 0 || c.catalogue_version == world_.city->catalogue_version) continue;
    more.closings.push_back({c.case_no, c.catalogue_version, c.standard + "/" + c.kind + "/" + c.code, c.condition});
  }
  if (more.components.empty() && more.cases.empty() && more.closings.empty()) return;
  auto got = store_.load(district_, more);
  loaded.components.merge(got.components);
  loaded.cases.merge(got.cases);
  loaded.closings.merge(got.closings);
}

void CommandWriter::plan(std::span<CommandIn const> batch, core::Instant now, Plan& made) {
  made.batch.district = district_;
  made.batch.epoch = epoch_;
  storage::LoadRequest want;
  std::set<std::string> cases;
  for (auto const& in : batch) {
    want.command_ids.emplace_back(in.command.who.name, in.command.command_id);
    if (core::is_order_no(in.command.case_no)) want.orders.push_back(in.command.case_no);
    else cases.insert(in.command.case_no);
    if (!in.command.input.into.empty()) cases.insert(in.command.input.into);
    if (!in.command.input.component_id.empty()) want.components.push_back(in.command.input.component_id);
  }
  want.cases.assign(cases.begin(), cases.end());
  want.loads = world_.city->picks_by_load;
  auto loaded = store_.load(district_, want);
  load_more(batch, loaded);

  for (auto const& in : batch) {
    auto const& c = in.command;
    std::pair const id{c.who.name, c.command_id};
    storage::CommandRow const* seen = nullptr;
    if (auto it = made.mine.find(id); it != made.mine.end()) seen = &it->second;
    else if (auto at = loaded.commands.find(id); at != loaded.commands.end()) seen = &at->second;
    if (seen) {
      bool const same = seen->body_hash == c.body_hash;
      auto row = same ? *seen : row_of(c, core::info(core::Reason::command_id_reused).status);
      if (!same) row.code = core::info(core::Reason::command_id_reused).code;
      made.answers.push_back({in.peer, in.correlation, std::move(row), same});
      continue;
    }
    auto row = decide_one(c, now, loaded, made);
    if (worth_keeping(row.status)) {
      made.batch.commands.push_back(row);
      made.mine[id] = row;
    }
    made.answers.push_back({in.peer, in.correlation, std::move(row), false});
  }
}

// Decides on the case as the commands before it in this batch left it.
storage::CommandRow CommandWriter::decide_one(core::Command const& c, core::Instant now, storage::Loaded& loaded, Plan& made) {
  if (core::is_order_no(c.case_no)) return decide_order(c, loaded, made);
  auto const found = loaded.cases.find(c.case_no);
  if (found == loaded.cases.end() || c.who.district != district_) return row_of(c, 404);
  auto& present = found->second;

  core::Facts facts;
  facts.city = world_.city.get();
  facts.present = present.row;
  facts.open_tasks = present.open_tasks;
  facts.dispatched_by = present.dispatched_by;
  bool const moves = c.action == "amend";  // a check's place is where the checker stands
  auto const lon = moves && c.input.lon ? c.input.lon : present.row.lon;
  auto const lat = moves && c.input.lat ? c.input.lat : present.row.lat;
  if (lon && lat) facts.place = world_.cells->find(*lon, *lat);
  auto const& component = c.input.component_id.empty() ? present.row.component_id : c.input.component_id;
  if (auto it = loaded.components.find(component); it != loaded.components.end()) facts.component = it->second;
  if (world_.city->picks_by_load) facts.loads = &loaded.loads;
  auto const where = world_.where();
  facts.where = &where;
  if (auto it = loaded.closings.find(c.case_no); it != loaded.closings.end()) facts.closing_then = it->second;
  auto const& other = c.action == "unmerge" ? present.row.merged_into : c.input.into;
  if (auto it = loaded.cases.find(other); !other.empty() && it != loaded.cases.end()) facts.other = it->second.row;
  bool const links = c.action == "reopen" ||
                     (c.action == "close" && c.input.closing_condition == world_.city->policy.follow_up_closing) ||
                     (c.action == "upstream_close" && present.row.closing_condition == world_.city->policy.follow_up_closing);
  if (links) facts.next_case_no = numbers_.next(*world_.city, c.at.value_or(c.received_at));

  auto decision = core::decide(facts, c, now);
  if (auto const* no = std::get_if<core::Refused>(&decision)) return refused(c, *no, present.row.version);
  auto& yes = std::get<core::Accepted>(decision);
  bool const stood = c.who.role == core::Role::patroller && !moves && !c.at && c.input.lon && c.input.lat;
  if (stood && world_.positions) world_.positions->see(c.who.name, {*c.input.lon, *c.input.lat, c.received_at});
  auto row = row_of(c, 200);
  row.version = yes.after.version;
  auto also = std::move(yes.also);
  keep(std::move(yes), loaded, made);
  for (auto& one : also) keep(std::move(one), loaded, made);
  return row;
}

// The same for a hotline order. Received before: the answer is the order as it is, and nothing is written.
storage::CommandRow CommandWriter::decide_order(core::Command const& c, storage::Loaded& loaded, Plan& made) {
  if (c.who.district != district_) return row_of(c, 404);
  core::OrderFacts facts;
  facts.city = world_.city.get();
  auto const found = loaded.orders.find(c.case_no);
  if (found != loaded.orders.end()) facts.present = found->second;
  facts.case_known = loaded.cases.contains(c.input.into);
  auto const before = facts.present.value_or(core::HotlineOrder{});
  auto decision = core::decide_order(facts, c);
  if (auto const* no = std::get_if<core::Refused>(&decision)) return refused(c, *no, before.version);
  auto& yes = std::get<core::OrderAccepted>(decision);
  auto row = row_of(c, 200);
  row.version = yes.after.version;
  if (yes.known) {
    row.code = "known";
    return row;
  }
  auto [slot, fresh] = made.order_saves.try_emplace(c.case_no, made.batch.orders.size());
  if (fresh) {
    made.batch.orders.emplace_back();
    made.batch.orders.back().version_before = before.version;
  }
  auto& save = made.batch.orders[slot->second];
  if (auto alarm = core::order_alarm_change(*world_.city, before, yes.after)) save.alarm = alarm;
  if (c.action == "acknowledge_order") save.acknowledged_by = c.who.name;
  if (before.version == 0) save.caller_name = c.input.name, save.caller_phone = c.input.phone;
  loaded.orders[c.case_no] = yes.after;
  save.after = std::move(yes.after);
  std::move(yes.rows.begin(), yes.rows.end(), std::back_inserter(save.rows));
  return row;
}

// One case's part of the batch grows by what was decided, and later commands see the case as it is now.
void CommandWriter::keep(core::Accepted&& yes, storage::Loaded& loaded, Plan& made) {
  auto [found, opened] = loaded.cases.try_emplace(yes.after.case_no);
  auto& present = found->second;
  auto const before = present.row.version;  // 0: a case that begins here
  auto alarms = core::alarm_changes(*world_.city, present.row, yes.after);
  present.row = yes.after;
  for (auto const& change : yes.tasks) {
    std::erase_if(present.open_tasks, [&](core::Task const& t) { return t.task_id == change.task.task_id; });
    if (change.task.open) present.open_tasks.push_back(change.task);
  }
  for (auto const& r : yes.rows)
    if (r.action == "dispatch") present.dispatched_by = r.actor;

  auto [slot, fresh] = made.saves.try_emplace(yes.after.case_no, made.batch.cases.size());
  if (fresh) {
    made.batch.cases.emplace_back();
    made.batch.cases.back().version_before = before;
  }
  auto& save = made.batch.cases[slot->second];
  save.after = std::move(yes.after);
  std::move(alarms.begin(), alarms.end(), std::back_inserter(save.alarms));
  for (auto const& r : yes.rows)
    if (r.action == "acknowledge") save.acknowledged_by = r.actor;
  std::move(yes.rows.begin(), yes.rows.end(), std::back_inserter(save.rows));
  std::move(yes.tasks.begin(), yes.tasks.end(), std::back_inserter(save.tasks));
  std::move(yes.spans.begin(), yes.spans.end(), std::back_inserter(save.spans));
  std::move(yes.marks.begin(), yes.marks.end(), std::back_inserter(save.marks));
  std::move(yes.rules.begin(), yes.rules.end(), std::back_inserter(save.rules));
}

std::vector<CommandAnswer> CommandWriter::received(std::vector<ReceivedIn> const& batch, core::Instant now, Touched& touched) {
  touched.district = district_;
  storage::LoadRequest want;
  for (auto const& in : batch) want.tasks.push_back(in.task_id);
  auto const loaded = store_.load(district_, want);
  storage::Batch save{.district = district_, .epoch = epoch_};
  std::vector<CommandAnswer> out;
  std::set<std::string> mine;
  for (auto const& in : batch) {
    storage::CommandRow row;
    auto const it = loaded.tasks.find(in.task_id);
    auto const had = loaded.task_received.find(in.task_id);
    bool const already = had != loaded.task_received.end() && had->second;
    bool const here = it != loaded.tasks.end() && in.who.district == district_;
    bool const passed_on = here && in.epoch < it->second.epoch && may_have_had(*world_.city, in.who, it->second);
    if (!here || (!receives(in.who, it->second) && !passed_on)) {
      row.status = 404;
    } else if (auto const& task = it->second; task.epoch != in.epoch || (!task.open && !already)) {
      // Given anew; or taken back before it reached this device, which must drop it. A repeat is still a repeat.
      row.status = 409;
      row.code = "stale_epoch";
      row.case_no = task.case_no;
    } else {
      row.status = 204;
      row.case_no = task.case_no;
      if (!already && mine.insert(in.task_id).second) {
        auto history = transport_row(task, "received", in.who.name, in.who.role, loaded.task_states.at(in.task_id), in.received_at);
        save.transport.push_back({in.task_id, task.case_no, in.epoch, std::move(history), false});
      }
    }
    out.push_back({in.peer, in.correlation, std::move(row), false});
  }
  if (!save.transport.empty()) store_.save(save, now);
  return out;
}

int CommandWriter::escalate(core::Instant now, Touched& touched) {
  touched.district = district_;
  auto const since = now - std::chrono::seconds(world_.city->policy.unreceived_seconds);
  auto const tasks = store_.unreceived(district_, since, kEscalateAtOnce);
  if (tasks.empty()) return 0;
  storage::Batch save{.district = district_, .epoch = epoch_};
  storage::LoadRequest want;
  for (auto const& task : tasks) want.tasks.push_back(task.task_id);
  auto const loaded = store_.load(district_, want);
  for (auto const& task : tasks) {
    auto history = transport_row(task, "task_escalated", "system", core::Role::system, loaded.task_states.at(task.task_id), now);
    save.transport.push_back({task.task_id, task.case_no, task.epoch, std::move(history), true});
    touched.cases.push_back(task.case_no);
  }
  store_.save(save, now);
  alarm_(std::to_string(tasks.size()) + " tasks were not received in time and are escalated");
  return static_cast<int>(tasks.size());
}

int CommandWriter::fire(core::Instant now, Touched& touched) {
  touched.district = district_;
  auto const due = store_.due_timers(district_, now, kFireAtOnce);
  if (due.empty()) return 0;
  storage::LoadRequest want;
  std::set<std::string> cases;
  for (auto const& timer : due) {
    if (timer.clock == core::AlarmClock::hotline) want.orders.push_back(timer.case_no);
    else cases.insert(timer.case_no);
  }
  want.cases.assign(cases.begin(), cases.end());
  auto const loaded = store_.load(district_, want);
  storage::Batch save{.district = district_, .epoch = epoch_};
  for (auto const& timer : due) {
    auto const climbing = find_climber(*world_.city, loaded, timer);
    auto const step = static_cast<std::size_t>(timer.step);
    storage::TimerFired fired{.timer = timer, .next = std::nullopt, .step_id = {}, .told = {}, .unit = {}, .row = {}};
    if (climbing.due == timer.due_at && step < climbing.ladder.size()) {
      auto const& rung = climbing.ladder[step];
      if (step + 1 < climbing.ladder.size()) fired.next = climbing.ladder[step + 1].at;
      fired.step_id = rung.id;
      fired.told.assign(rung.told.begin(), rung.told.end());
      if (rung.in_unit) fired.unit = climbing.unit;
    }
    auto& row = fired.row;
    row.version = climbing.version;
    row.action = "escalated";
    row.actor = "system";
    row.from = row.to = climbing.state;
    row.at = now;
    row.transport = true;
    row.reason = std::string(core::id(timer.clock)) + " " + fired.step_id;
    for (auto const role : fired.told) row.opinion += (row.opinion.empty() ? "" : ",") + std::string(core::id(role));
    touched.cases.push_back(timer.case_no);
    save.fired.push_back(std::move(fired));
  }
  store_.save(save, now);
  return static_cast<int>(due.size());
}

int CommandWriter::reproject(core::Instant now, Touched& touched) {
  if (reproject_done_) return 0;
  auto const running = store_.running_clocks(district_, reproject_after_, kReprojectAtOnce);
  std::vector<CommandIn> batch;
  for (auto const& c : running) {
    reproject_after_ = {*c.due_at, c.case_no};
    if (!core::deadline_moved(*world_.city, c)) continue;
    auto command = system_command(district_, "reproject", c, now);
    command.command_id += "-" + std::to_string(world_.city->version);
    batch.emplace_back().command = std::move(command);
  }
  std::vector<CommandAnswer> answers;
  touched.district = district_;
  attempt(batch, now, touched, answers);
  reproject_done_ = running.size() < static_cast<std::size_t>(kReprojectAtOnce);
  return static_cast<int>(batch.size());
}

// Suspended cases whose day has come go on by themselves (DOMAIN row 27).
int CommandWriter::wake(core::Instant now, Touched& touched) {
  auto const asleep = store_.suspended_until(district_, now, kWakeAtOnce);
  if (asleep.empty()) return 0;
  std::vector<CommandIn> batch;
  for (auto const& [case_no, version] : asleep) {
    core::Case c;
    c.case_no = case_no;
    c.version = version;
    batch.emplace_back().command = system_command(district_, "resume", c, now);
  }
  std::vector<CommandAnswer> answers;
  touched.district = district_;
  attempt(batch, now, touched, answers);
  return static_cast<int>(asleep.size());
}

}  // namespace wangge::engine
