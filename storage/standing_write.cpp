// Writes a district's standing data: everything of the district in one transaction, by COPY, so that a load is seen
// whole or not at all. Also the policy's JSON form. Nothing is checked here that the database does not check itself.
#include <array>
#include <cstring>
#include <pqxx/pqxx>
#include <pqxx/stream_to>

#include "storage/queries.hpp"
#include "storage/standing_policy.hpp"
#include "storage/standing_set.hpp"

namespace wangge::storage::standing {
namespace {

using Field = std::optional<std::string>;  // empty: NULL

// libpqxx streams tuples; an array is one.
template <class... T>
std::array<Field, sizeof...(T)> fields(T&&... values) {
  return {Field(std::forward<T>(values))...};
}

std::string text(std::int64_t n) {
  return std::to_string(n);
}

std::string iso(core::LocalDay day) {
  std::chrono::year_month_day const ymd{day};
  char out[32];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                static_cast<unsigned>(ymd.day()));
  return out;
}

std::optional<std::string> timestamp_or_null(std::optional<core::Instant> at) {
  if (!at) return std::nullopt;
  auto const day = std::chrono::floor<std::chrono::days>(*at);
  std::chrono::hh_mm_ss const clock{*at - day};
  char out[32];
  std::snprintf(out, sizeof out, " %02d:%02d:%02d.%03d+00", static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return iso(day) + out;
}

std::optional<std::string> or_null(std::string const& value) {
  if (value.empty()) return std::nullopt;
  return value;
}

// PostGIS reads EWKB in hex from a COPY; binary keeps every bit of a coordinate.
class Ewkb {
 public:
  explicit Ewkb(std::uint32_t type) {
    put(std::uint8_t{1});
    put(type | 0x20000000u);
    put(std::uint32_t{4490});
  }
  template <class T>
  Ewkb& put(T value) {
    unsigned char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    for (unsigned char const b : raw) {
      hex_ += "0123456789ABCDEF"[b >> 4];
      hex_ += "0123456789ABCDEF"[b & 15];
    }
    return *this;
  }
  std::string const& hex() const { return hex_; }

 private:
  std::string hex_;
};

std::string polygon_hex(CellShape const& shape) {
  Ewkb out(3);
  out.put(static_cast<std::uint32_t>(shape.rings.size()));
  for (auto const& ring : shape.rings) {
    out.put(static_cast<std::uint32_t>(ring.size()));
    for (auto const& [lon, lat] : ring) out.put(lon).put(lat);
  }
  return out.hex();
}

template <class Rows, class ToFields>
void copy(pqxx::work& tx, std::string const& table, std::vector<std::string> const& columns, Rows const& rows,
          ToFields to_fields) {
  pqxx::stream_to stream(tx, table, columns);
  for (auto const& row : rows) stream << to_fields(row);
  stream.complete();
}

std::int64_t put_district(pqxx::work& tx, StandingSet const& set, std::string const& fingerprint) {
  auto const row = tx.exec_params1(queries::district_put.sql, set.district, set.zh, set.en, set.exchange_code,
                                   set.utc_offset_minutes, policy_json(set.policy), fingerprint);
  return row[0].as<std::int64_t>();
}

std::string sessions_text(std::vector<core::Session> const& all) {
  std::string sessions = "{";
  for (auto const& s : all) {
    if (sessions.size() > 1) sessions += ',';
    sessions += text(s.from_minute) + "," + text(s.to_minute);
  }
  return sessions + "}";
}

void copy_calendars(pqxx::work& tx, StandingSet const& set) {
  auto const& d = set.district;
  copy(tx, "calendar", {"district", "key", "sessions", "first_day", "last_day"}, set.calendars,
       [&](CalendarRow const& c) { return fields(d, c.key, sessions_text(c.sessions), iso(c.first), iso(c.last)); });
  for (auto const& calendar : set.calendars) {
    auto const note = [&](core::LocalDay day) {
      auto const found = calendar.notes.find(day);
      return found == calendar.notes.end() ? std::string() : found->second;
    };
    copy(tx, "calendar_day", {"district", "calendar", "day", "works", "note"}, calendar.days,
         [&](auto const& day) { return fields(d, calendar.key, iso(day.first), day.second ? "t" : "f", note(day.first)); });
    copy(tx, "calendar_season", {"district", "calendar", "first_day", "sessions"}, calendar.seasons,
         [&](auto const& season) { return fields(d, calendar.key, iso(season.first), sessions_text(season.second)); });
  }
}

void copy_bodies(pqxx::work& tx, StandingSet const& set) {
  auto const& d = set.district;
  copy(tx, "unit", {"district", "key", "zh", "en", "calendar"}, set.units,
       [&](core::Unit const& u) { return fields(d, u.key, u.zh, u.en, u.calendar); });
  copy(tx, "squad", {"district", "key", "unit", "zh", "en", "contractor"}, set.squads,
       [&](core::Squad const& s) { return fields(d, s.key, s.unit, s.zh, s.en, s.contractor); });
  std::int64_t line = 0;
  copy(tx, "duty_line",
       {"district", "line", "patroller", "unit", "street", "community", "grid", "from_minute", "to_minute"}, set.duty,
       [&](core::DutyLine const& l) {
         return fields(d, text(++line), l.patroller, l.unit, l.street, l.community, l.grid, text(l.from_minute),
                       text(l.to_minute));
       });
}

void copy_catalogue(pqxx::work& tx, StandingSet const& set) {
  auto const& d = set.district;
  copy(tx, "category",
       {"district", "standard", "kind", "code", "class_code", "zh", "en", "class_zh", "class_en", "valid_from",
        "valid_to"},
       set.catalogue, [&](CatalogueRow const& c) {
         return fields(d, c.key.standard, c.key.kind, c.key.code, c.class_code, c.zh, c.en, c.class_zh, c.class_en,
                       timestamp_or_null(c.valid_from), timestamp_or_null(c.valid_to));
       });
  std::vector<std::pair<CatalogueRow const*, std::size_t>> conditions;
  for (auto const& entry : set.catalogue) {
    for (std::size_t i = 0; i < entry.conditions.size(); ++i) conditions.emplace_back(&entry, i);
  }
  copy(tx, "condition", {"district", "standard", "kind", "code", "id", "seq", "zh", "en", "clock", "minutes"},
       conditions, [&](auto const& at) {
         auto const& key = at.first->key;
         auto const& c = at.first->conditions[at.second];
         return fields(d, key.standard, key.kind, key.code, c.id, text(static_cast<std::int64_t>(at.second)), c.zh,
                       c.en, std::string(core::id(c.limit.clock)), text(c.limit.minutes));
       });
  std::int64_t seq = 0;
  copy(tx, "closing_condition", {"district", "seq", "code"}, set.closing_conditions,
       [&](std::string const& code) { return fields(d, text(seq++), code); });
}

void copy_routes(pqxx::work& tx, StandingSet const& set) {
  auto const& d = set.district;
  std::int64_t seq = 0;
  copy(tx, "route_rule",
       {"district", "id", "seq", "level", "maintainer", "standard", "kind", "code", "condition", "class_code", "grid",
        "street", "unit", "squad"},
       set.routes, [&](core::RouteRule const& r) {
         return fields(d, r.id, text(seq++), std::string(core::id(r.level)), r.maintainer, r.standard, r.kind, r.code,
                       r.condition, r.class_code, r.grid, r.street, r.unit, r.squad);
       });
}

void copy_places(pqxx::work& tx, StandingSet const& set, Progress const& progress) {
  auto const& d = set.district;
  copy(tx, "street", {"district", "code", "zh", "en"}, set.streets,
       [&](StreetRow const& s) { return fields(d, s.code, s.zh, s.en); });
  copy(tx, "community", {"district", "code", "street", "zh", "en"}, set.communities,
       [&](CommunityRow const& c) { return fields(d, c.code, c.street, c.zh, c.en); });
  std::uint64_t done = 0;
  copy(tx, "cell",
       {"district", "grid", "street", "community", "exchange_code", "area_m2", "area_level", "initial_date", "end_date",
        "shape"},
       set.cells, [&](CellRow const& c) {
         if (progress && ++done % 1000 == 0) progress("cells", done, set.cells.size());
         return fields(d, c.shape.grid, c.shape.street, c.shape.community, c.exchange_code, pqxx::to_string(c.area_m2),
                       c.area_level, c.first_day, or_null(c.last_day), polygon_hex(c.shape));
       });
  copy(tx, "component",
       {"district", "id", "standard", "code", "zh", "en", "maintainer", "owner", "supervisor", "place"}, set.components,
       [&](ComponentRow const& c) {
         return fields(d, c.component_id, c.standard, c.code, c.zh, c.en, c.maintainer, c.owner, c.supervisor,
                       Ewkb(1).put(c.lon).put(c.lat).hex());
       });
}

}  // namespace

std::int64_t write(std::string const& url, StandingSet const& set, std::string const& fingerprint,
                   Progress const& progress) {
  try {
    pqxx::connection connection(url);
    pqxx::work tx(connection);
    auto const version = put_district(tx, set, fingerprint);
    tx.exec_params(queries::district_clear.sql, set.district);
    copy_calendars(tx, set);
    copy_bodies(tx, set);
    copy_catalogue(tx, set);
    copy_routes(tx, set);
    copy_places(tx, set, progress);
    tx.commit();
    return version;
  } catch (pqxx::failure const& error) {
    throw Broken(error.what());
  }
}

namespace {
// version, fingerprint
std::pair<std::int64_t, std::string> loaded_as(std::string const& url, std::string const& district) {
  try {
    pqxx::connection connection(url);
    pqxx::nontransaction tx(connection);
    auto const found = tx.exec_params(queries::district_version.sql, district);
    if (found.empty()) return {0, ""};
    return {found[0][0].as<std::int64_t>(), found[0][1].c_str()};
  } catch (pqxx::failure const& error) {
    throw Broken(error.what());
  }
}
}  // namespace

std::int64_t version_of(std::string const& url, std::string const& district) {
  return loaded_as(url, district).first;
}
std::string fingerprint_of(std::string const& url, std::string const& district) {
  return loaded_as(url, district).second;
}

core::City StandingSet::city() const {
  core::City city;
  city.district = district;
  city.zh = zh;
  city.en = en;
  city.exchange_code = exchange_code;
  city.policy = policy;
  city.utc_offset = std::chrono::minutes(utc_offset_minutes);
  for (auto const& c : calendars) {
    city.calendars.emplace(c.key, core::Calendar(city.utc_offset, c.sessions, c.days, c.first, c.last, c.seasons, c.notes));
  }
  for (auto const& u : units) city.units[u.key] = u;
  for (auto const& s : squads) city.squads[s.key] = s;
  for (auto const& entry : catalogue) city.catalogue.emplace(entry.key, entry);
  city.routes = routes;
  city.duty = duty;
  city.closing_conditions = closing_conditions;
  city.finish();
  return city;
}

namespace {
std::string json_of(bool value) {
  return value ? "true" : "false";
}
std::string json_of(double value) {
  return pqxx::to_string(value);
}
std::string json_of(std::int64_t value) {
  return std::to_string(value);
}
std::string json_of(std::string const& word) {
  return '"' + word + '"';
}  // keys and sources: plain words, checked at load
}  // namespace

std::string policy_json(core::Policy const& policy) {
  std::string out = "{";
  for_each_switch(policy, [&](char const* name, auto const& value) {
    out += json_of(std::string(name)) + ":" + json_of(value) + ",";
  });
  out += "\"verify_first\":[";
  for (auto const& source : policy.verify_first) out += (out.back() == '[' ? "" : ",") + json_of(source);
  return out + "]}";
}

}  // namespace wangge::storage::standing
