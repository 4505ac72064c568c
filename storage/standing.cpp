// Reads a district's standing data into the core's City, its cells and the tokens. What goes in is the loaded rows;
// what comes out is a value the core can work on. No rule about cases.
#include "storage/standing.hpp"

#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace wangge::storage::standing {
namespace {

using core::Instant;
using Transaction = pqxx::transaction_base;
// One snapshot for all tables: a load that commits between two statements must never be seen by halves.
using Snapshot = pqxx::transaction<pqxx::repeatable_read, pqxx::read_only>;
using core::LocalDay;

LocalDay day_from(char const* iso) {
  int y = 0, m = 0, d = 0;
  if (std::sscanf(iso, "%d-%d-%d", &y, &m, &d) != 3) throw std::runtime_error(std::string("no date: ") + iso);
  return std::chrono::year{y} / m / d;
}

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

template <class Enum, class Names>
Enum enum_from(Names const& names, std::string_view text) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == text) return static_cast<Enum>(i);
  }
  throw std::runtime_error("unknown word in standing data: " + std::string(text));
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

void read_calendars(Transaction& tx, core::City& city) {
  std::map<std::string, std::map<LocalDay, bool>> overrides;
  for (auto const& row :
       tx.exec_params("SELECT calendar, day::text, works FROM calendar_day WHERE district = $1", city.district)) {
    overrides[row[0].c_str()][day_from(row[1].c_str())] = row[2].as<bool>();
  }
  for (auto const& row :
       tx.exec_params("SELECT key, sessions::text, first_day::text, last_day::text FROM calendar WHERE district = $1",
                      city.district)) {
    std::string const key = row[0].c_str();
    city.calendars.emplace(key, core::Calendar(city.utc_offset, sessions_from(row[1].c_str()), overrides[key],
                                               day_from(row[2].c_str()), day_from(row[3].c_str())));
  }
}

void read_bodies(Transaction& tx, core::City& city) {
  for (auto const& row : tx.exec_params("SELECT key, zh, en, calendar FROM unit WHERE district = $1", city.district)) {
    city.units[row[0].c_str()] = {row[0].c_str(), row[1].c_str(), row[2].c_str(), row[3].c_str()};
  }
  for (auto const& row : tx.exec_params("SELECT key, unit, zh, en FROM squad WHERE district = $1", city.district)) {
    city.squads[row[0].c_str()] = {row[0].c_str(), row[1].c_str(), row[2].c_str(), row[3].c_str()};
  }
  for (auto const& row : tx.exec_params("SELECT patroller, unit, street, community, grid, from_minute, to_minute "
                                        "FROM duty_line WHERE district = $1 ORDER BY line",
                                        city.district)) {
    city.duty.push_back({row[0].c_str(), row[1].c_str(), row[2].c_str(), row[3].c_str(), row[4].c_str(),
                         row[5].as<std::int32_t>(), row[6].as<std::int32_t>()});
  }
}

void read_catalogue(Transaction& tx, core::City& city) {
  for (auto const& row :
       tx.exec_params("SELECT standard, kind, code, class_code, zh, en, class_zh, class_en, "
                      "(extract(epoch FROM valid_to) * 1000)::bigint FROM category WHERE district = $1",
                      city.district)) {
    core::CatalogueEntry entry;
    entry.key = {row[0].c_str(), row[1].c_str(), row[2].c_str()};
    entry.class_code = row[3].c_str();
    entry.zh = row[4].c_str();
    entry.en = row[5].c_str();
    entry.class_zh = row[6].c_str();
    entry.class_en = row[7].c_str();
    entry.valid_to = instant_or_none(row[8]);
    auto const key = entry.key;
    city.catalogue.emplace(key, std::move(entry));
  }
  for (auto const& row : tx.exec_params("SELECT standard, kind, code, id, zh, en, clock, minutes FROM condition "
                                        "WHERE district = $1 ORDER BY standard, kind, code, seq",
                                        city.district)) {
    core::Limit const limit{enum_from<core::ClockKind>(core::kClockKinds, row[6].c_str()), row[7].as<std::int64_t>()};
    city.catalogue.at({row[0].c_str(), row[1].c_str(), row[2].c_str()})
        .conditions.push_back({row[3].c_str(), row[4].c_str(), row[5].c_str(), limit});
  }
  for (auto const& row :
       tx.exec_params("SELECT code FROM closing_condition WHERE district = $1 ORDER BY seq", city.district)) {
    city.closing_conditions.emplace_back(row[0].c_str());
  }
}

void read_routes(Transaction& tx, core::City& city) {
  for (auto const& row :
       tx.exec_params("SELECT id, level, maintainer, standard, kind, code, condition, class_code, grid, "
                      "street, unit, squad FROM route_rule WHERE district = $1 ORDER BY seq, id",
                      city.district)) {
    city.routes.push_back({row[0].c_str(), enum_from<core::RouteLevel>(core::kRouteLevels, row[1].c_str()),
                           row[2].c_str(), row[3].c_str(), row[4].c_str(), row[5].c_str(), row[6].c_str(),
                           row[7].c_str(), row[8].c_str(), row[9].c_str(), row[10].c_str(), row[11].c_str()});
  }
}

// text[] as PostgreSQL writes it; sources are plain words, so no quoting can occur.
std::vector<std::string> words_from(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  for (char const c : text) {
    if (c == '{') continue;
    if (c == ',' || c == '}') {
      if (!word.empty()) out.push_back(std::move(word));
      word.clear();
    } else {
      word += c;
    }
  }
  return out;
}

}  // namespace

std::vector<std::string> read_districts(pqxx::connection& connection) {
  Snapshot tx(connection);
  std::vector<std::string> out;
  for (auto const& row : tx.exec("SELECT code FROM district ORDER BY code")) out.emplace_back(row[0].c_str());
  return out;
}

core::City read_city(pqxx::connection& connection, std::string const& district) {
  Snapshot tx(connection);
  auto const found = tx.exec_params(
      "SELECT zh, en, exchange_code, version, utc_offset_minutes, policy::text FROM district WHERE code = $1",
      district);
  if (found.empty()) throw std::runtime_error("district " + district + " is not loaded");
  core::City city;
  city.district = district;
  city.zh = found[0][0].c_str();
  city.en = found[0][1].c_str();
  city.exchange_code = found[0][2].c_str();
  city.version = found[0][3].as<std::int64_t>();
  city.policy = policy_from(found[0][5].c_str());
  city.utc_offset = std::chrono::minutes(found[0][4].as<int>());
  read_calendars(tx, city);
  read_bodies(tx, city);
  read_catalogue(tx, city);
  read_routes(tx, city);
  city.finish();
  return city;
}

std::vector<CellShape> read_cells(pqxx::connection& connection, std::string const& district) {
  Snapshot tx(connection);
  auto const rows = tx.exec_params(
      "SELECT grid, street, community, encode(ST_AsBinary(shape, 'NDR'), 'hex') FROM cell "
      "WHERE district = $1 AND (end_date IS NULL OR end_date > current_date) ORDER BY grid",
      district);
  std::vector<CellShape> cells;
  cells.reserve(rows.size());
  for (auto const& row : rows) {
    cells.push_back({row[0].c_str(), row[1].c_str(), row[2].c_str(), rings_from(bytes_from_hex(row[3].c_str()))});
  }
  return cells;
}

std::int64_t city_version(pqxx::connection& connection, std::string const& district) {
  pqxx::nontransaction tx(connection);
  auto const found = tx.exec_params("SELECT version FROM district WHERE code = $1", district);
  return found.empty() ? 0 : found[0][0].as<std::int64_t>();
}

std::vector<TokenRow> read_tokens(pqxx::connection& connection, std::int64_t* version) {
  Snapshot tx(connection);
  // Districts count on their own; the sum rises whenever one of them does.
  if (version != nullptr)
    *version = tx.exec("SELECT coalesce(sum(version), 0)::bigint FROM token_version")[0][0].as<std::int64_t>();
  std::vector<TokenRow> out;
  for (auto const& row :
       tx.exec("SELECT encode(sha256, 'hex'), name, role, district, street, unit, squad, sources::text, "
               "backdate, (extract(epoch FROM expires_at) * 1000)::bigint FROM token "
               "WHERE NOT revoked AND expires_at > now() ORDER BY district, sha256")) {
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

std::int64_t token_version(pqxx::connection& connection) {
  pqxx::nontransaction tx(connection);
  return tx.exec("SELECT coalesce(sum(version), 0)::bigint FROM token_version")[0][0].as<std::int64_t>();
}

}  // namespace wangge::storage::standing
