// The read model's single things: a case, a report, a key, tasks, pushes, media, master data. Lists stand in read_list.cpp,
// the closure table in closure.cpp.
#include "storage/read_model.hpp"

#include "storage/chain.hpp"
#include "storage/codec.hpp"
#include "storage/reader.hpp"
#include "storage/standing.hpp"

namespace wangge::storage {

Pool::Lease::Lease(Pool& p) : pool(p) {
  std::unique_lock lock(pool.mutex_);
  pool.freed_.wait(lock, [&] { return pool.free_ > 0; });
  --pool.free_;
  if (pool.idle_.empty()) return;
  session = std::move(pool.idle_.back());
  pool.idle_.pop_back();
}

Pool::Lease::~Lease() {
  {
    std::lock_guard lock(pool.mutex_);
    ++pool.free_;
    if (session && session->alive()) pool.idle_.push_back(std::move(session));
  }
  pool.freed_.notify_one();
}

pg::Params scope(core::Principal const& who) {
  return pg::Params().text(who.district).text(core::id(who.role)).text(who.name).text(who.street).text(who.unit).text(who.squad);
}

core::Instant read_now() { return std::chrono::floor<core::Millis>(std::chrono::system_clock::now()); }

std::string make_cursor(std::vector<std::string> const& parts) {
  std::string all;
  for (auto const& part : parts) all += part + '\n';
  return to_hex(all);
}

std::vector<std::string> read_cursor(std::string const& cursor, std::size_t count) {
  std::vector<std::string> parts;
  try {
    auto const all = from_hex(cursor);
    for (std::size_t from = 0; from < all.size();) {
      auto const end = all.find('\n', from);
      if (end == std::string::npos) break;
      parts.push_back(all.substr(from, end - from));
      from = end + 1;
    }
  } catch (std::invalid_argument const&) {
  }
  if (parts.size() != count) throw BadFilter("cursor", "no cursor of this list");
  return parts;
}

core::Calendar ReadModel::Impl::calendar(pg::Session& session, std::string const& district) {
  return session.guarded([&] {
    auto const version = standing::city_version(session.raw(), district);
    {
      std::lock_guard lock(calendars_mutex);
      auto const known = calendars.find(district);
      if (known != calendars.end() && known->second.first == version) return known->second.second;
    }
    auto const city = standing::read_city(session.raw(), district);
    auto const found = city.calendars.find(city.policy.calendar);
    auto const calendar = found != city.calendars.end() ? found->second : core::Calendar{};
    std::lock_guard lock(calendars_mutex);
    calendars.insert_or_assign(district, std::pair(version, calendar));
    return calendar;
  });
}

ReadModel::ReadModel(std::string const& database_url, int connections) : impl_(std::make_unique<Impl>(database_url, connections)) {}
ReadModel::~ReadModel() = default;

core::Calendar ReadModel::calendar(std::string const& district) {
  return impl_->pool.with([&](pg::Session& s) { return impl_->calendar(s, district); });
}

std::optional<ReadModel::CaseView> ReadModel::find_case(core::Principal const& who, std::string const& case_no) {
  return impl_->pool.with([&](pg::Session& s) -> std::optional<CaseView> {
    auto const found = s.run(queries::cases_find, scope(who).text(case_no));
    if (found.empty()) return std::nullopt;
    CaseView view;
    int at = 0;
    view.row = read_case(found[0], at);
    ++at;  // dispatched_by
    view.reporter_name = pg::text(found[0][at]);
    view.reporter_phone = pg::text(found[0][at + 1]);
    view.extras = pg::text(found[0][at + 2]);
    for (auto const& row : s.run(queries::task_load_open, pg::Params().text(who.district).array(std::vector{case_no}))) {
      auto& delivery = view.deliveries[view.open_tasks.emplace_back(read_task(row, nullptr)).task_id];
      delivery = {pg::yes(row[12]), pg::yes(row[13])};
    }
    return view;
  });
}

std::string ReadModel::case_counts(core::Principal const& who) {
  return impl_->pool.with([&](pg::Session& s) {
    return pg::text(s.run(queries::cases_counts, scope(who).number(read_now().time_since_epoch().count()))[0][0]);
  });
}

std::string ReadModel::history(std::string const& district, std::string const& case_no) {
  return impl_->pool.with([&](pg::Session& s) {
    return pg::text(s.run(queries::history_timeline, pg::Params().text(district).text(case_no))[0][0]);
  });
}

std::optional<ReadModel::ReportView> ReadModel::find_report(std::string const& district, std::string const& report_id) {
  return impl_->pool.with([&](pg::Session& s) -> std::optional<ReportView> {
    auto const found = s.run(queries::report_key_by_report, pg::Params().text(district).text(report_id));
    if (found.empty()) return std::nullopt;
    auto const row = found[0];
    return ReportView{pg::text(row[0]), pg::text(row[1]), pg::text(row[2]), pg::text(row[3]), pg::yes(row[4])};
  });
}

std::optional<KeyRow> ReadModel::find_key(std::string const& district, std::string const& principal, std::string const& key) {
  return impl_->pool.with([&](pg::Session& s) -> std::optional<KeyRow> {
    auto const found = s.run(queries::report_key_find, pg::Params().text(district).text(principal).text(key));
    if (found.empty()) return std::nullopt;
    auto const row = found[0];
    return KeyRow{pg::text(row[0]), pg::text(row[1]), pg::text(row[2]), pg::text(row[3]), pg::text(row[4]), pg::text(row[5]), pg::yes(row[6])};
  });
}

std::string ReadModel::tasks(core::Principal const& who) {
  return impl_->pool.with([&](pg::Session& s) {
    return pg::text(s.run(queries::task_own, scope(who).number(read_now().time_since_epoch().count()))[0][0]);
  });
}

std::vector<TaskPush> ReadModel::unreceived_of(core::Principal const& who) {
  return impl_->pool.with([&](pg::Session& s) {
    std::vector<TaskPush> pushes;
    for (auto const& row : s.run(queries::task_own_unreceived, scope(who).number(read_now().time_since_epoch().count()))) {
      pushes.push_back({"", pg::text(row[0]), pg::text(row[1]), pg::text(row[2]), pg::text(row[4]), pg::number(row[3]), false, who.district});
    }
    return pushes;
  });
}

std::vector<TaskPush> ReadModel::pending_pushes(int limit) {
  return impl_->pool.with([&](pg::Session& s) {
    std::vector<TaskPush> pushes;
    for (auto const& row : s.run(queries::outbox_pending, pg::Params().number(limit).number(read_now().time_since_epoch().count()))) {
      pushes.push_back({pg::text(row[0]), pg::text(row[1]), pg::text(row[2]), pg::text(row[3]), pg::text(row[7]), pg::number(row[4]),
                        pg::yes(row[5]), pg::text(row[6])});
    }
    return pushes;
  });
}

bool ReadModel::may_read_media(core::Principal const& who, std::string const& media_id) {
  return impl_->pool.with([&](pg::Session& s) { return pg::yes(s.run(queries::case_media_readable, scope(who).text(media_id))[0][0]); });
}

std::vector<std::string> ReadModel::media_named(std::vector<std::string> const& ids) {
  return impl_->pool.with([&](pg::Session& s) {
    std::vector<std::string> named;
    for (auto const& row : s.run(queries::case_media_named, pg::Params().array(ids))) named.push_back(pg::text(row[0]));
    return named;
  });
}

namespace {

// Rows of (JSON, key), one more than asked when there are more.
std::string page_of(pqxx::result const& rows, int limit, std::string& next) {
  std::string items = "[";
  next.clear();
  int count = 0;
  for (auto const& row : rows) {
    if (count == limit) {
      next = make_cursor({pg::text(rows[static_cast<pqxx::result::size_type>(count - 1)][1])});
      break;
    }
    if (count++ != 0) items += ',';
    items += row[0].c_str();
  }
  return items + "]";
}

}  // namespace

std::string ReadModel::grids(std::string const& district, std::string const& cursor, int limit, std::string& next) {
  auto const after = cursor.empty() ? std::string() : read_cursor(cursor, 1)[0];
  return impl_->pool.with([&](pg::Session& s) {
    return page_of(s.run(queries::cell_page, pg::Params().text(district).text(after).number(limit + 1)), limit, next);
  });
}

std::string ReadModel::components(std::string const& district, std::string const& cursor, int limit, std::string& next) {
  auto const after = cursor.empty() ? std::string() : read_cursor(cursor, 1)[0];
  return impl_->pool.with([&](pg::Session& s) {
    return page_of(s.run(queries::component_page, pg::Params().text(district).text(after).number(limit + 1)), limit, next);
  });
}

std::string ReadModel::units(std::string const& district) {
  return impl_->pool.with([&](pg::Session& s) { return pg::text(s.run(queries::unit_list, pg::Params().text(district))[0][0]); });
}

std::string ReadModel::squads(std::string const& district) {
  return impl_->pool.with([&](pg::Session& s) { return pg::text(s.run(queries::squad_list, pg::Params().text(district))[0][0]); });
}

std::string ReadModel::catalogue(std::string const& district) {
  return impl_->pool.with([&](pg::Session& s) { return pg::text(s.run(queries::category_list, pg::Params().text(district))[0][0]); });
}

}  // namespace wangge::storage
