// Reads a district's standing data into the core's City, its cells and the tokens. What goes in is the loaded rows;
// what comes out is a value the core can work on. No rule about cases.
#include "storage/standing.hpp"

#include <cstdlib>
#include <cstring>
#include <utility>

#include "storage/queries.hpp"
#include "storage/standing_policy.hpp"
#include "storage/standing_rules.hpp"

namespace wangge::storage::standing {
namespace {

using core::Instant;
// One snapshot for all tables: a load that commits between two statements must never be seen by halves.
using Snapshot = pqxx::transaction<pqxx::repeatable_read, pqxx::read_only>;
using core::LocalDay;

// "{480,720,840,1080}" -> sessions
std::vector<core::Session> sessions_from(char const* text) {
  std::vector<std::int32_t> numbers;
  for (char const* p = text; *p != '\0'; ++p) {
    if (*p == '-' || (*p >= '0' && *p <= '9')) {
      char* end = nullptr;
      numbers.push_back(static_cast<std::int32_t>(std::strtol(p, &end, 10)));
      p = end - 1;
    }
  }
  std::vector<core::Session> sessions;
  for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) sessions.push_back({numbers[i], numbers[i + 1]});
  return sessions;
}

std::optional<Instant> instant_or_none(pqxx::field const& field) {
  if (field.is_null()) return std::nullopt;
  return Instant{core::Millis{field.as<std::int64_t>()}};
}

int nibble(char c) {
  return c <= '9' ? c - '0' : c - 'a' + 10;
}

std::string bytes_from_hex(std::string_view hex) {
  std::string out(hex.size() / 2, '\0');
  for (std::size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<char>(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
  return out;
}

// Little-endian WKB of a polygon: byte order, type, ring count, then points. Binary, so that shared edges stay exact.
std::vector<std::vector<std::pair<double, double>>> rings_from(std::string const& wkb) {
  std::size_t at = 5;
  auto take = [&](auto& value) {
    if (at + sizeof(value) > wkb.size()) throw std::runtime_error("a cell's shape is cut short");
    std::memcpy(&value, wkb.data() + at, sizeof(value));
    at += sizeof(value);
  };
  std::uint32_t rings = 0;
  take(rings);
  std::vector<std::vector<std::pair<double, double>>> out(rings);
  for (auto& ring : out) {
    std::uint32_t points = 0;
    take(points);
    for (std::uint32_t i = 0; i < points; ++i) {
      double lon = 0, lat = 0;
      take(lon);
      take(lat);
      ring.emplace_back(lon, lat);
    }
  }
  return out;
}

// A PostgreSQL array or a JSON list of plain words: no quoting of signs can occur in either.
std::vector<std::string> words_from(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  for (char const c : text) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_') {
      word += c;
    } else if (!word.empty()) {
      out.push_back(std::exchange(word, {}));
    }
  }
  return out;
}

void read_value(std::string const& text, bool& to) {
  to = text == "true";
}
void read_value(std::string const& text, double& to) {
  to = std::stod(text);
}
void read_value(std::string const& text, std::int64_t& to) {
  to = std::stoll(text);
}
void read_value(std::string const& text, std::string& to) {
  to = text;
}

// A switch this program does not know is a newer program's: left alone.
void read_policy(Transaction& tx, core::City& city) {
  for (auto const& row : tx.exec_params(queries::district_policy.sql, city.district)) {
    std::string_view const key = row[0].c_str();
    if (key == "verify_first") {
      auto const words = words_from(row[1].c_str());
      city.policy.verify_first = {words.begin(), words.end()};
    }
    for_each_switch(city.policy, [&](std::string_view name, auto& to) {
      if (name == key) read_value(row[1].c_str(), to);
    });
  }
}

std::vector<CalendarRow> calendar_rows(Transaction& tx, std::string const& district) {
  std::map<std::string, CalendarRow> rows;
  for (auto const& row : tx.exec_params(queries::calendar_load.sql, district)) {
    auto& calendar = rows[row[0].c_str()];
    calendar.key = row[0].c_str(), calendar.sessions = sessions_from(row[1].c_str());
    calendar.first = day_from(row[2].c_str()), calendar.last = day_from(row[3].c_str());
  }
  for (auto const& row : tx.exec_params(queries::calendar_days.sql, district)) {
    auto& calendar = rows[row[0].c_str()];
    calendar.days[day_from(row[1].c_str())] = row[2].as<bool>();
    if (*row[3].c_str() != '\0') calendar.notes[day_from(row[1].c_str())] = row[3].c_str();
  }
  for (auto const& row : tx.exec_params(queries::calendar_seasons.sql, district))
    rows[row[0].c_str()].seasons[day_from(row[1].c_str())] = sessions_from(row[2].c_str());
  std::vector<CalendarRow> out;
  for (auto& [key, row] : rows) out.push_back(std::move(row));
  return out;
}

void read_calendars(Transaction& tx, core::City& city) {
  for (auto const& row : calendar_rows(tx, city.district))
    city.calendars.emplace(row.key, core::Calendar(city.utc_offset, row.sessions, row.days, row.first, row.last, row.seasons, row.notes));
}

void read_bodies(Transaction& tx, core::City& city) {
  for (auto const& row : tx.exec_params(queries::unit_load.sql, city.district)) {
    city.units[row[0].c_str()] = {row[0].c_str(), row[1].c_str(), row[2].c_str(), row[3].c_str(), row[4].c_str()};
  }
  for (auto const& row : tx.exec_params(queries::squad_load.sql, city.district)) {
    auto& squad = city.squads[row[0].c_str()] = {row[0].c_str(), row[1].c_str(), row[2].c_str(), row[3].c_str()};
    if (!row[4].is_null()) squad.lon = row[4].as<double>();
    if (!row[5].is_null()) squad.lat = row[5].as<double>();
    squad.contractor = row[6].c_str();
  }
  for (auto const& row : tx.exec_params(queries::duty_line_load.sql, city.district)) {
    Columns in(row);
    auto& line = city.duty.emplace_back();
    in >> line.patroller >> line.unit >> line.street >> line.community >> line.grid >> line.from_minute >> line.to_minute;
    in >> line.duty_grid >> line.from >> line.to >> line.weekdays;
  }
}

void read_catalogue(Transaction& tx, core::City& city) {
  for (auto const& row : tx.exec_params(queries::category_load.sql, city.district)) {
    core::CatalogueEntry entry;
    entry.key = {row[0].c_str(), row[1].c_str(), row[2].c_str()};
    entry.class_code = row[3].c_str();
    entry.zh = row[4].c_str();
    entry.en = row[5].c_str();
    entry.class_zh = row[6].c_str();
    entry.class_en = row[7].c_str();
    entry.valid_to = instant_or_none(row[8]);
    Columns(row, 9) >> entry.photos_least >> entry.photo_rule_zh >> entry.photo_rule_en >> entry.do_not_report_zh >>
        entry.do_not_report_en >> entry.same_period;
    auto const key = entry.key;
    city.catalogue.emplace(key, std::move(entry));
  }
  for (auto const& row : tx.exec_params(queries::condition_load.sql, city.district)) {
    core::Limit const limit{enum_from<core::ClockKind>(core::kClockKinds, row[6].c_str()), row[7].as<std::int64_t>()};
    city.catalogue.at({row[0].c_str(), row[1].c_str(), row[2].c_str()})
        .conditions.push_back({row[3].c_str(), row[4].c_str(), row[5].c_str(), limit, {},
                               core::thresholds_from(row[8].c_str()).value_or(std::vector<core::Threshold>{}),
                               words_of(row[9].c_str())});
  }
  for (auto const& row : tx.exec_params(queries::condition_limits.sql, city.district)) {
    core::Limit const limit{enum_from<core::ClockKind>(core::kClockKinds, row[5].c_str()), row[6].as<std::int64_t>()};
    for (auto& condition : city.catalogue.at({row[0].c_str(), row[1].c_str(), row[2].c_str()}).conditions) {
      if (condition.id == row[3].c_str()) condition.by_area[row[4].c_str()] = limit;
    }
  }
  for (auto const& row : tx.exec_params(queries::closing_condition_load.sql, city.district)) {
    city.closing_conditions.emplace_back(row[0].c_str());
    city.closing_names[row[0].c_str()] = {row[1].c_str(), row[2].c_str()};
  }
  city.catalogue_version =
      tx.exec_params1(queries::standing_version_newest.sql, city.district, "catalogue")[0].as<std::int64_t>();
}

}  // namespace

std::vector<std::vector<std::pair<double, double>>> rings_from_hex(std::string_view hex) { return rings_from(bytes_from_hex(hex)); }

std::vector<std::string> read_districts(pqxx::connection_base& connection) {
  Snapshot tx(connection);
  std::vector<std::string> out;
  for (auto const& row : tx.exec(queries::district_list.sql)) out.emplace_back(row[0].c_str());
  return out;
}

core::City read_city(pqxx::connection_base& connection, std::string const& district) {
  Snapshot tx(connection);
  auto const found = tx.exec_params(queries::district_load.sql, district);
  if (found.empty()) throw std::runtime_error("district " + district + " is not loaded");
  core::City city;
  city.district = district;
  city.zh = found[0][0].c_str();
  city.en = found[0][1].c_str();
  city.exchange_code = found[0][2].c_str();
  city.version = found[0][3].as<std::int64_t>();
  read_policy(tx, city);
  city.utc_offset = std::chrono::minutes(found[0][4].as<int>());
  city.sealed_before = instant_or_none(tx.exec_params(queries::seal_newest.sql, district)[0][0]);
  read_calendars(tx, city);
  read_bodies(tx, city);
  read_catalogue(tx, city);
  read_rules(tx, city);
  read_published(tx, city);
  city.finish();
  return city;
}

std::vector<CellShape> read_cells(pqxx::connection_base& connection, std::string const& district) {
  Snapshot tx(connection);
  auto const rows = tx.exec_params(queries::cell_load.sql, district);
  std::vector<CellShape> cells;
  cells.reserve(rows.size());
  for (auto const& row : rows) {
    cells.push_back({row[0].c_str(), row[1].c_str(), row[2].c_str(), rings_from_hex(row[3].c_str()), row[4].c_str()});
  }
  return cells;
}

std::int64_t city_version(pqxx::connection_base& connection, std::string const& district) {
  pqxx::nontransaction tx(connection);
  auto const found = tx.exec_params(queries::district_version.sql, district);
  return found.empty() ? 0 : found[0][0].as<std::int64_t>();
}

std::vector<TokenRow> read_tokens(pqxx::connection_base& connection, std::int64_t* version) {
  Snapshot tx(connection);
  if (version != nullptr) *version = tx.exec(queries::token_version.sql)[0][0].as<std::int64_t>();
  std::vector<TokenRow> out;
  for (auto const& row : tx.exec(queries::token_load.sql)) {
    auto const role = core::role_from(row[2].c_str());
    if (!role) continue;  // a newer program's role: unknown here, so it opens nothing
    TokenRow token;
    token.sha256 = bytes_from_hex(row[0].c_str());
    token.who = {row[1].c_str(),
                 *role,
                 row[3].c_str(),
                 row[4].c_str(),
                 row[5].c_str(),
                 row[6].c_str(),
                 words_from(row[7].c_str()),
                 row[8].as<bool>()};
    token.expires_at = Instant{core::Millis{row[9].as<std::int64_t>()}};
    out.push_back(std::move(token));
  }
  return out;
}

std::int64_t token_version(pqxx::connection_base& connection) {
  pqxx::nontransaction tx(connection);
  return tx.exec(queries::token_version.sql)[0][0].as<std::int64_t>();
}

namespace {
template <class Work>
auto reading(std::string const& url, Work&& work) {
  try {
    pqxx::connection connection(url);
    return work(connection);
  } catch (pqxx::failure const& error) {
    throw Broken(error.what());
  }
}
}  // namespace

std::vector<std::string> districts_of(std::string const& url) {
  return reading(url, [](pqxx::connection_base& connection) { return read_districts(connection); });
}

StandingSet load_set(std::string const& url, std::string const& district) {
  return reading(url, [&](pqxx::connection_base& connection) {
    auto const city = read_city(connection, district);
    StandingSet set;
    set.district = city.district, set.zh = city.zh, set.en = city.en, set.exchange_code = city.exchange_code;
    set.utc_offset_minutes = static_cast<std::int32_t>(city.utc_offset.count());
    set.policy = city.policy;
    for (auto const& [key, calendar] : city.calendars) set.calendar_names.push_back(key);
    for (auto const& [key, unit] : city.units) set.units.push_back(unit);
    for (auto const& [key, squad] : city.squads) set.squads.push_back(squad);
    set.duty = city.duty;
    for (auto const& [key, entry] : city.catalogue) static_cast<core::CatalogueEntry&>(set.catalogue.emplace_back()) = entry;
    set.closing_conditions = city.closing_conditions, set.closing_names = city.closing_names;
    set.cross_map = city.cross_map;
    for (auto const& rule : city.routes) {
      if (rule.level != core::RouteLevel::decision) set.routes.push_back(rule);
    }
    set.responsibilities = city.responsibilities;
    set.shifts = city.shifts, set.absences = city.absences, set.areas = city.areas;
    set.campaigns = city.campaigns, set.plans = city.plans, set.managed = city.managed;
    set.schemes = city.schemes, set.tariffs = city.tariffs;
    Snapshot tx(connection);
    set.calendars = calendar_rows(tx, district);
    std::map<core::CategoryKey, core::Instant> since;
    for (auto const& row : tx.exec_params(queries::category_valid_from.sql, district))
      since[{row[0].c_str(), row[1].c_str(), row[2].c_str()}] = core::Instant(core::Millis{row[3].as<std::int64_t>()});
    for (auto& entry : set.catalogue) {
      if (auto const found = since.find(entry.key); found != since.end()) entry.valid_from = found->second;
    }
    for (auto const& row : tx.exec_params(queries::street_codes.sql, district))
      set.streets.push_back({row[0].c_str(), row[1].c_str(), row[2].c_str()});
    for (auto const& row : tx.exec_params(queries::community_codes.sql, district))
      set.communities.push_back({row[0].c_str(), row[1].c_str(), row[2].c_str(), row[3].c_str()});
    for (auto const& row : tx.exec_params(queries::cell_codes.sql, district)) {
      auto& cell = set.cells.emplace_back();
      cell.shape.grid = row[0].c_str();
      cell.shape.community = cell.shape.grid.substr(0, 12);
      cell.shape.street = cell.shape.grid.substr(0, 9);
    }
    return set;
  });
}

bool switch_plan(std::string const& url, std::string const& district, std::string const& plan, bool on, std::string const& by,
                 std::string const& reason) {
  return reading(url, [&](pqxx::connection_base& connection) {
    pqxx::work tx(connection);
    auto const done = tx.exec_params(on ? queries::plan_switch_on.sql : queries::plan_switch_off.sql, district, plan, by, reason);
    if (done.affected_rows() == 0) return false;
    tx.exec_params(queries::district_raise.sql, district);
    tx.commit();
    return true;
  });
}

}  // namespace wangge::storage::standing
