// A set of standing data as the core's City, its version in the database, and the policy's JSON form.
#include "storage/standing_set.hpp"

#include <pqxx/pqxx>

#include "storage/queries.hpp"
#include "storage/standing_policy.hpp"

namespace wangge::storage::standing {

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
  city.closing_names = closing_names;
  city.cross_map = cross_map;
  city.responsibilities = responsibilities;
  city.shifts = shifts;
  city.absences = absences;
  city.areas = areas;
  city.campaigns = campaigns;
  city.plans = plans;
  city.managed = managed;
  city.schemes = schemes;
  city.tariffs = tariffs;
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
