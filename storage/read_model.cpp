// The read model's single things: a case, a report, a key, pushes, media. Lists stand in read_list.cpp and read_pages.cpp,
// the closure table in closure.cpp.
#include "storage/read_model.hpp"

#include <algorithm>

#include "storage/codec.hpp"
#include "storage/reader.hpp"
#include "storage/standing.hpp"

namespace wangge::storage {

Pool::Lease::Lease(Pool& p) : pool(p) {
  std::unique_lock lock(pool.mutex_);
  if (pool.silent_) {
    auto const now = Clock::now();
    if (now < pool.next_try_) throw Broken("the database did not answer a moment ago");
    pool.next_try_ = now + pool.patience_.pause;
  }
  if (!pool.freed_.wait_for(lock, pool.patience_.lease, [&] { return pool.free_ > 0; })) {
    pool.silent_ = true;
    pool.next_try_ = Clock::now() + pool.patience_.pause;
    throw Broken("no connection came free: the database is slow or stands still");
  }
  --pool.free_;
  if (pool.idle_.empty()) return;
  session = std::move(pool.idle_.back());
  pool.idle_.pop_back();
}

// A refusal comes at once and is no silence; a connection that times out is.
void Pool::Lease::connect() {
  auto const begin = Clock::now();
  try {
    session = std::make_unique<pg::Session>(pool.url_, pool.use_);
  } catch (Broken const&) {
    if (Clock::now() - begin >= std::chrono::seconds{1}) pool.silent(true);
    throw;
  }
}

void Pool::silent(bool yes) {
  std::lock_guard lock(mutex_);
  silent_ = yes;
  if (yes) next_try_ = Clock::now() + patience_.pause;
}

Pool::Lease::~Lease() {
  {
    std::lock_guard lock(pool.mutex_);
    ++pool.free_;
    if (session && !given_up && session->alive()) pool.idle_.push_back(std::move(session));
  }
  pool.freed_.notify_one();
}

pg::Params scope(core::Principal const& who) {
  return pg::Params().text(who.district).text(core::id(who.role)).text(who.name).text(who.street).text(who.unit).text(who.squad);
}

core::Instant read_now() { return std::chrono::floor<core::Millis>(std::chrono::system_clock::now()); }

std::shared_ptr<core::City const> ReadModel::Impl::city(pg::Session& session, std::string const& district) {
  return session.guarded([&] {
    auto const version = standing::city_version(session.raw(), district);
    {
      std::lock_guard lock(cities_mutex);
      auto const known = cities.find(district);
      if (known != cities.end() && known->second->version == version) return known->second;
    }
    auto const city = std::make_shared<core::City const>(standing::read_city(session.raw(), district));
    std::lock_guard lock(cities_mutex);
    cities.insert_or_assign(district, city);
    return city;
  });
}

core::Calendar ReadModel::Impl::calendar(pg::Session& session, std::string const& district) {
  return city(session, district)->calendar_of("");
}

std::shared_ptr<core::City const> ReadModel::city(std::string const& district) {
  return impl_->pool.with([&](pg::Session& s) { return impl_->city(s, district); });
}

ReadModel::ReadModel(std::string const& database_url, int connections, Patience patience)
    : impl_(std::make_unique<Impl>(database_url, connections, patience)) {}
ReadModel::~ReadModel() = default;

core::Calendar ReadModel::calendar(std::string const& district) {
  return impl_->pool.with([&](pg::Session& s) { return impl_->calendar(s, district); });
}

std::optional<ReadModel::CaseView> ReadModel::find_case(core::Principal const& who, std::string const& case_no) {
  return std::move(find_cases({{who, case_no}}).front());
}

std::vector<std::optional<ReadModel::CaseView>> ReadModel::find_cases(std::vector<CaseAsked> const& asked) {
  constexpr int kTaskColumns = 14;  // those of read_task, received, escalated
  pg::Column district, role, name, street, unit, squad, number;
  for (auto const& one : asked) {
    district.add(one.who.district);
    role.add(core::id(one.who.role));
    name.add(one.who.name);
    street.add(one.who.street);
    unit.add(one.who.unit);
    squad.add(one.who.squad);
    number.add(one.case_no);
  }
  auto const params =
      pg::Params().array(district).array(role).array(name).array(street).array(unit).array(squad).array(number);
  return impl_->points.with([&](pg::Session& s) {
    std::vector<std::optional<CaseView>> found(asked.size());
    for (auto const& row : s.run(queries::cases_find, params)) {
      auto& view = found.at(static_cast<std::size_t>(pg::number(row[0]) - 1));
      if (!view) {  // else a further task of the same case
        int at = 1;
        view.emplace();
        view->row = read_case(row, at);
        ++at;  // dispatched_by
        view->reporter_name = pg::text(row[at++]);
        view->reporter_phone = pg::text(row[at++]);
        view->extras = pg::text(row[at++]);
      }
      auto const task = static_cast<int>(row.size()) - kTaskColumns;
      if (row[task].is_null()) continue;
      auto const& id = view->open_tasks.emplace_back(read_task(row, nullptr, task)).task_id;
      view->deliveries[id] = {pg::yes(row[task + 12]), pg::yes(row[task + 13])};
    }
    return found;
  });
}

std::string ReadModel::case_counts(core::Principal const& who) {
  return impl_->pool.with([&](pg::Session& s) {
    return pg::text(s.run(queries::cases_counts, scope(who).number(read_now().time_since_epoch().count()))[0][0]);
  });
}

std::optional<core::Case> ReadModel::case_at(std::string const& district, std::string const& case_no, std::int64_t version) {
  auto rows = rows_of(district, case_no);
  std::erase_if(rows, [&](core::HistoryRow const& row) { return row.version > version; });
  if (std::none_of(rows.begin(), rows.end(), [&](auto const& row) { return row.version == version && !row.transport; })) return std::nullopt;
  return core::replay(district, case_no, rows);
}

std::vector<core::HistoryRow> ReadModel::rows_of(std::string const& district, std::string const& case_no) {
  return impl_->pool.with([&](pg::Session& s) {
    std::vector<core::HistoryRow> rows;
    for (auto const& row : s.run(queries::history_of_cases, pg::Params().text(district).array(std::vector{case_no}))) {
      rows.push_back(read_history_row(row, 1));
    }
    return rows;
  });
}

std::vector<ReadModel::CaseScope> ReadModel::scopes_of(std::string const& district, std::vector<std::string> const& case_nos) {
  return impl_->pool.with([&](pg::Session& s) {
    std::vector<CaseScope> scopes;
    for (auto const& row : s.run(queries::cases_scopes, pg::Params().text(district).array(case_nos))) {
      CaseScope scope;
      scope.row.district = district;
      std::string* const columns[]{&scope.row.case_no, &scope.row.street, &scope.row.unit, &scope.row.squad, &scope.row.reporter};
      int at = 0;
      for (auto* column : columns) *column = pg::text(row[at++]);
      auto const holders = pg::text(row[at]);
      for (std::size_t from = 0; from < holders.size();) {
        auto const end = std::min(holders.find('\n', from), holders.size());
        scope.holders.push_back(holders.substr(from, end - from));
        from = end + 1;
      }
      scopes.push_back(std::move(scope));
    }
    return scopes;
  });
}

std::optional<ReadModel::ReportView> ReadModel::find_report(std::string const& district, std::string const& report_id) {
  return impl_->points.with([&](pg::Session& s) -> std::optional<ReportView> {
    auto const found = s.run(queries::report_key_by_report, pg::Params().text(district).text(report_id));
    if (found.empty()) return std::nullopt;
    auto const row = found[0];
    return ReportView{pg::text(row[0]), pg::text(row[1]), pg::text(row[2]), pg::text(row[3]), pg::yes(row[4])};
  });
}

std::optional<KeyRow> ReadModel::find_key(std::string const& district, std::string const& principal, std::string const& key) {
  return impl_->points.with([&](pg::Session& s) -> std::optional<KeyRow> {
    auto const found = s.run(queries::report_key_find, pg::Params().text(district).text(principal).text(key));
    if (found.empty()) return std::nullopt;
    auto const row = found[0];
    return KeyRow{pg::text(row[0]), pg::text(row[1]), pg::text(row[2]), pg::text(row[3]), pg::text(row[4]), pg::text(row[5]), pg::yes(row[6])};
  });
}

std::vector<TaskPush> ReadModel::unreceived_of(core::Principal const& who) {
  return impl_->pool.with([&](pg::Session& s) {
    std::vector<TaskPush> pushes;
    for (auto const& row : s.run(queries::task_own_unreceived, scope(who).number(read_now().time_since_epoch().count()))) {
      pushes.push_back({"", pg::text(row[0]), pg::text(row[1]), pg::text(row[2]), pg::text(row[4]), pg::number(row[3]), false, who.district, pg::text(row[5])});
    }
    return pushes;
  });
}

std::vector<TaskPush> ReadModel::pending_pushes(int limit, std::vector<std::string> const& told) {
  return impl_->pool.with(impl_->pool.patience().heavy, [&](pg::Session& s) {
    std::vector<TaskPush> pushes;
    auto const params = pg::Params().number(limit).number(read_now().time_since_epoch().count()).array(told);
    for (auto const& row : s.run(queries::outbox_pending, params)) {
      pushes.push_back({pg::text(row[0]), pg::text(row[1]), pg::text(row[2]), pg::text(row[3]), pg::text(row[7]), pg::number(row[4]),
                        pg::yes(row[5]), pg::text(row[6]), pg::text(row[8])});
    }
    return pushes;
  });
}

bool ReadModel::may_read_media(core::Principal const& who, std::string const& media_id) {
  return impl_->points.with([&](pg::Session& s) { return pg::yes(s.run(queries::case_media_readable, scope(who).text(media_id))[0][0]); });
}

std::vector<std::string> ReadModel::media_named(std::vector<std::string> const& ids) {
  return impl_->pool.with([&](pg::Session& s) {
    std::vector<std::string> named;
    for (auto const& row : s.run(queries::case_media_named, pg::Params().array(ids))) named.push_back(pg::text(row[0]));
    return named;
  });
}

}  // namespace wangge::storage
