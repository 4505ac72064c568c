// Every verb of the store but save(): taking over, loading, numbers, dead letters.
#include "storage/postgres_store.hpp"

#include "dispatcher/core/lifecycle.hpp"
#include "storage/lists.hpp"
#include "storage/postgres_writer.hpp"
#include "storage/standing.hpp"

namespace wangge::storage {

std::unique_ptr<Store> open_postgres(std::string const& url, std::string const& lane_name) {
  return std::make_unique<PostgresStore>(url, lane_name);
}

void sync_lifecycle(std::string const& url) {
  pg::Session session(url, pg::Session::Use::writer);
  pg::Column from, action, to;
  for (auto const& row : core::lifecycle()) {
    from.add(core::id(row.from));
    action.add(core::id(row.action));
    to.add(core::id(row.to));
  }
  session.run(queries::lifecycle_move_replace, pg::Params().array(from).array(action).array(to));
}

pg::Session& PostgresStore::session() {
  if (session_ && session_->alive()) return *session_;
  session_.reset();
  registered_.clear();
  session_ = std::make_unique<pg::Session>(url_, pg::Session::Use::lane);
  return *session_;
}

template <class F>
auto PostgresStore::on_connection(F&& f) {
  auto& s = session();
  return s.guarded([&] { return f(s.raw()); });
}

std::vector<std::string> PostgresStore::districts() {
  return on_connection([](pqxx::connection_base& c) { return standing::read_districts(c); });
}
core::City PostgresStore::load_city(std::string const& district) {
  return on_connection([&](pqxx::connection_base& c) { return standing::read_city(c, district); });
}
std::int64_t PostgresStore::city_version(std::string const& district) {
  return on_connection([&](pqxx::connection_base& c) { return standing::city_version(c, district); });
}
std::vector<CellShape> PostgresStore::load_cells(std::string const& district) {
  return on_connection([&](pqxx::connection_base& c) { return standing::read_cells(c, district); });
}
std::vector<TokenRow> PostgresStore::load_tokens(std::int64_t* version) {
  return on_connection([&](pqxx::connection_base& c) { return standing::read_tokens(c, version); });
}
std::int64_t PostgresStore::token_version() {
  return on_connection([](pqxx::connection_base& c) { return standing::token_version(c); });
}

// ---- writing a district

// Months are counted by the calendar as it stands; a changed one is seen here within a minute.
void PostgresStore::keep_calendar(std::string const& district) {
  auto const version = city_version(district);
  auto& known = calendars_[district];
  if (version == 0 || version == known) return;
  auto const city = load_city(district);
  auto const center = city.calendars.find(city.policy.calendar);
  keep_months(session(), district, center != city.calendars.end() ? center->second : core::Calendar{});
  known = version;
}

void PostgresStore::keep_figures(std::string const& district) {
  keep_calendar(district);
  fold(session(), district, std::chrono::floor<core::Millis>(std::chrono::system_clock::now()));
}

bool PostgresStore::keep_lists(std::string const& district) {
  auto const now = std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
  auto const month = wants_lists(session(), district, now);
  return month && list_month(url_, district, *month, now);
}

void PostgresStore::load_chain(pg::Session& s, std::string const& district) {
  auto const found = s.run(queries::chain_head_find, pg::Params().text(district).text(lane_));
  registered_[district].head = {pg::number(found[0][0]), from_hex(pg::text(found[0][1]))};
}

DistrictStart PostgresStore::take_over(std::string const& district, std::string const& holder) {
  auto& s = session();
  registered_.erase(district);
  auto const only = pg::Params().text(district);
  s.run(queries::history_ensure_partitions);
  s.run(queries::fence_create, only);
  // The old writers are ended before the fence is asked for: one that hangs in a transaction would hold it.
  s.run(queries::fence_end_writers, only);
  DistrictStart start;
  pg::Transaction transaction(s);
  auto const taken = s.run(queries::fence_take, pg::Params().text(district).text(holder));
  s.run(queries::case_number_raise, only);
  for (auto const& row : s.run(queries::spool_cursor_list, only)) start.cursors[pg::text(row[0])] = pg::number(row[1]);
  start.epoch = pg::number(taken[0][0]);
  transaction.commit();
  registered_[district].epoch = start.epoch;
  load_chain(s, district);
  renew(district, start.epoch);
  calendars_.erase(district);
  keep_calendar(district);
  return start;
}

void PostgresStore::join(std::string const& district, std::int64_t epoch) {
  auto& s = session();
  registered_.erase(district);
  {
    pg::Transaction transaction(s);
    auto const joined = s.run(queries::fence_join, pg::Params().text(district).number(epoch));
    if (joined.empty()) check_fence(s, district, epoch);  // joined before, or passed
    transaction.commit();
  }
  registered_[district].epoch = epoch;
  load_chain(s, district);
}

void PostgresStore::register_writer(std::string const& district, std::int64_t epoch) {
  session();
  auto const found = registered_.find(district);
  if (found == registered_.end() || found->second.epoch != epoch) join(district, epoch);
}

void PostgresStore::check_fence(pg::Session& s, std::string const& district, std::int64_t epoch) {
  auto const now = s.run(queries::fence_check, pg::Params().text(district));
  if (now.empty()) throw StaleEpoch("nobody has taken over district " + district);
  if (pg::number(now[0][0]) != epoch) {
    throw StaleEpoch("district " + district + " is in epoch " + pg::text(now[0][0]) + ", this writer in " + std::to_string(epoch));
  }
  auto const known = registered_.find(district);
  if (known == registered_.end()) return;
  auto const calendar = now[0][1].is_null() ? 0 : pg::number(now[0][1]);
  if (known->second.calendar == calendar) return;
  known->second.calendar = calendar;
  known->second.months = calendar == 0 ? std::nullopt : std::optional(load_months(s, district));
  known->second.listed = calendar == 0 ? 0 : static_cast<std::int32_t>(pg::number(s.run(queries::list_newest, pg::Params().text(district))[0][0]));
}

void PostgresStore::renew(std::string const& district, std::int64_t epoch) {
  auto const beat = session().run(queries::fence_renew, pg::Params().text(district).number(epoch));
  if (beat.empty()) throw StaleEpoch("district " + district + " is written by somebody else");
}

std::int64_t PostgresStore::epoch(std::string const& district) {
  auto const found = session().run(queries::fence_epoch, pg::Params().text(district));
  return found.empty() ? 0 : pg::number(found[0][0]);
}

std::optional<core::Millis> PostgresStore::beat_age(std::string const& district) {
  auto const found = session().run(queries::fence_beat_age, pg::Params().text(district));
  if (found.empty()) return std::nullopt;
  return core::Millis(pg::number(found[0][0]));
}

void PostgresStore::make_ahead() {
  auto& s = session();
  pg::Transaction transaction(s);
  s.run(queries::history_lock_briefly);
  s.run(queries::history_ensure_partitions);
  transaction.commit();
}

std::int64_t PostgresStore::reserve_numbers(std::string const& district, std::int64_t epoch, std::string const& day, std::int64_t count) {
  register_writer(district, epoch);
  auto& s = session();
  pg::Transaction transaction(s);
  check_fence(s, district, epoch);
  auto const first = pg::number(s.run(queries::case_number_reserve, pg::Params().text(district).text(day).number(count))[0][0]);
  try {
    transaction.commit();
  } catch (InDoubt const& e) {
    throw Broken(e.what());  // at worst a gap
  }
  return first;
}

void PostgresStore::set_aside(std::string const& district, std::int64_t epoch, DeadLetter const& letter, std::vector<SpoolMark> const& marks) {
  register_writer(district, epoch);
  auto& s = session();
  pg::Transaction transaction(s);
  check_fence(s, district, epoch);
  std::string error = letter.error;
  std::replace(error.begin(), error.end(), '\0', ' ');
  s.run(queries::dead_letter_insert,
        pg::Params().text(district).text(letter.kind).text(letter.id).text(to_hex(letter.payload)).text(error));
  pg::Pipeline p(s);
  save_marks(p, district, marks);
  p.finish();
  transaction.commit();
}

// ---- loading

Loaded PostgresStore::load(std::string const& district, LoadRequest const& want) {
  auto& s = session();
  Loaded loaded;
  auto const pairs = [&](std::vector<std::pair<std::string, std::string>> const& list) {
    pg::Column first, second;
    for (auto const& [a, b] : list) {
      first.add(a);
      second.add(b);
    }
    return pg::Params().text(district).array(first).array(second);
  };
  if (!want.keys.empty()) {
    for (auto const& row : s.run(queries::report_key_load, pairs(want.keys))) {
      KeyRow key{pg::text(row[0]), pg::text(row[1]), pg::text(row[2]), pg::text(row[3]), pg::text(row[4]), pg::text(row[5]), pg::yes(row[6])};
      loaded.keys.emplace(std::pair(key.principal, key.key), key);
    }
  }
  if (!want.command_ids.empty()) {
    for (auto const& row : s.run(queries::command_load, pairs(want.command_ids))) {
      CommandRow c{pg::text(row[0]), pg::text(row[1]), pg::text(row[2]), static_cast<std::int32_t>(pg::number(row[3])),
                   pg::text(row[4]), pg::text(row[5]), pg::text(row[6]), pg::number(row[7])};
      loaded.commands.emplace(std::pair(c.principal, c.command_id), c);
    }
  }
  auto const ids = [&](std::vector<std::string> const& list) { return pg::Params().text(district).array(list); };
  if (!want.cases.empty()) {
    for (auto const& row : s.run(queries::cases_load, ids(want.cases))) {
      int at = 0;
      Loaded::CaseFacts facts;
      facts.row = read_case(row, at);
      facts.dispatched_by = pg::text(row[at]);
      loaded.cases.emplace(facts.row.case_no, std::move(facts));
    }
    for (auto const& row : s.run(queries::task_load_open, ids(want.cases))) {
      auto task = read_task(row);
      auto const found = loaded.cases.find(task.case_no);
      if (found != loaded.cases.end()) found->second.open_tasks.push_back(std::move(task));
    }
  }
  if (!want.tasks.empty()) {
    for (auto const& row : s.run(queries::task_load, ids(want.tasks))) {
      bool received = false;
      auto task = read_task(row, &received);
      loaded.task_received.emplace(task.task_id, received);
      loaded.task_states.emplace(task.task_id, read_state(pg::text(row[13])));
      loaded.tasks.emplace(task.task_id, std::move(task));
    }
  }
  if (!want.components.empty()) {
    for (auto const& row : s.run(queries::component_load, ids(want.components))) {
      loaded.components.emplace(pg::text(row[0]), core::ComponentFact{pg::text(row[0]), pg::text(row[1]), pg::text(row[2])});
    }
  }
  for (auto const& one : want.closings) {
    auto const params = pg::Params().text(district).number(one.version).text(one.category).text(one.condition);
    for (auto const& row : s.run(queries::standing_version_closing, params)) {
      std::istringstream words(pg::text(row[0]));
      loaded.closings[one.case_no] = {std::istream_iterator<std::string>(words), {}};
    }
  }
  if (!want.orders.empty()) load_orders(s, district, want.orders, loaded);
  if (want.loads) {
    for (auto const& row : s.run(queries::task_loads, pg::Params().text(district))) loaded.loads[pg::text(row[0])] = pg::number(row[1]);
  }
  if (!want.spots.empty()) {
    pg::Column standard, code, lon, lat;
    for (auto const& spot : want.spots) {
      standard.add(spot.standard);
      code.add(spot.code);
      lon.add(std::optional(spot.lon));
      lat.add(std::optional(spot.lat));
    }
    auto const params = pg::Params().text(district).array(standard).array(code).array(lon).array(lat).number(kNearMetres);
    for (auto const& row : s.run(queries::component_near, params)) loaded.component_near.push_back(pg::yes(row[0]));
  }
  return loaded;
}

std::vector<RecentCase> PostgresStore::load_recent(std::string const& district, core::Instant since) {
  std::vector<RecentCase> recent;
  auto const rows = session().run(queries::cases_recent, pg::Params().text(district).number(since.time_since_epoch().count()));
  for (auto const& row : rows) {
    recent.push_back({pg::text(row[0]), pg::text(row[1]), pg::text(row[2]), pg::text(row[3]), pg::text(row[4]),
                      row[5].as<double>(), row[6].as<double>(), *pg::instant(row[7])});
  }
  return recent;
}

std::vector<std::pair<std::string, std::int64_t>> PostgresStore::suspended_until(std::string const& district, core::Instant now, int limit) {
  std::vector<std::pair<std::string, std::int64_t>> asleep;
  auto const rows = session().run(queries::cases_suspended, pg::Params().text(district).number(now.time_since_epoch().count()).number(limit));
  for (auto const& row : rows) asleep.emplace_back(pg::text(row[0]), pg::number(row[1]));
  return asleep;
}

std::vector<core::Case> PostgresStore::running_clocks(std::string const& district,
                                                      std::optional<std::pair<core::Instant, std::string>> const& after, int limit) {
  auto params = pg::Params().text(district);
  if (after) params.number(after->first.time_since_epoch().count()).text(after->second);
  else params.null().null();
  std::vector<core::Case> running;
  for (auto const& row : session().run(queries::cases_running, params.number(limit))) {
    int at = 0;
    running.push_back(read_case(row, at));
  }
  return running;
}

std::vector<core::Task> PostgresStore::unreceived(std::string const& district, core::Instant committed_before, int limit) {
  std::vector<core::Task> tasks;
  auto const rows = session().run(queries::task_unreceived, pg::Params().text(district).number(committed_before.time_since_epoch().count()).number(limit));
  for (auto const& row : rows) tasks.push_back(read_task(row));
  return tasks;
}

}  // namespace wangge::storage
