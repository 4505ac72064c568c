// district.toml: the district itself and the city's switches.
#include <toml++/toml.h>

#include <algorithm>

#include "deploy/city/readers.hpp"
#include "storage/standing_policy.hpp"

namespace wangge::deploy {
namespace {

constexpr char const* kFile = "district.toml";

std::int64_t line_of(toml::node const& node) {
  return static_cast<std::int64_t>(node.source().begin.line);
}

bool take(toml::node const& node, bool& to) {
  auto const value = node.value_exact<bool>();
  if (value) to = *value;
  return value.has_value();
}
bool take(toml::node const& node, double& to) {
  auto const value = node.value<double>();
  if (value) to = *value;
  return value.has_value();
}
bool take(toml::node const& node, std::int64_t& to) {
  auto const value = node.value_exact<std::int64_t>();
  if (value && *value >= 0) to = *value;
  return value.has_value() && *value >= 0;
}
bool take(toml::node const& node, std::string& to) {
  auto const value = node.value_exact<std::string>();
  if (value) to = *value;
  return value.has_value();
}

void read_verify_first(CityReading& city, toml::node const& node) {
  auto const* list = node.as_array();
  if (list == nullptr) return city.complain(kFile, line_of(node), "policy.verify_first", "is no list of sources");
  city.set.policy.verify_first.clear();
  for (auto const& item : *list) {
    auto const source = item.value_or(std::string());
    if (std::find(core::kSources.begin(), core::kSources.end(), source) == core::kSources.end()) {
      city.complain(kFile, line_of(item), "policy.verify_first", "unknown source \"" + source + "\"");
    }
    city.set.policy.verify_first.insert(source);
  }
}

void read_policy(CityReading& city, toml::table const& policy) {
  for (auto const& [key, value] : policy) {
    auto const& node = value;  // clang 14 lets no lambda have a binding
    std::string const name(key.str());
    if (name == "verify_first") {
      read_verify_first(city, node);
      continue;
    }
    bool known = false;
    storage::standing::for_each_switch(city.set.policy, [&](std::string_view switch_name, auto& to) {
      if (switch_name != name) return;
      known = true;
      if (!take(node, to))
        city.complain(kFile, line_of(node), "policy." + name, "the value has another kind than this switch");
    });
    if (!known) city.complain(kFile, line_of(node), "policy." + name, "there is no such switch");
  }
  for (auto const& [name, why] : core::bad_switches(city.set.policy)) {
    auto const* node = policy.get(name);
    city.complain(kFile, node == nullptr ? 0 : line_of(*node), "policy." + name, why);
  }
}

}  // namespace

// The file is the whole of them: what it does not name stands at its default.
void read_switches(CityReading& city) {
  std::string text;
  if (!city.source(kFile, text)) return city.complain(kFile, 0, "", "there is no such file");
  try {
    auto const file = toml::parse(text);
    auto const* policy = file["policy"].as_table();
    if (policy == nullptr) return city.complain(kFile, 0, "policy", "there is no [policy]");
    city.set.policy = {};
    read_policy(city, *policy);
    auto const& known = city.set.calendar_names;
    if (std::find(known.begin(), known.end(), city.set.policy.calendar) == known.end())
      city.complain(kFile, 0, "policy.calendar", "no calendar " + city.set.policy.calendar);
  } catch (toml::parse_error const& error) {
    city.complain(kFile, static_cast<std::int64_t>(error.source().begin.line), "", std::string(error.description()));
  }
}

void read_district(CityReading& city) {
  std::string text;
  if (!city.source(kFile, text)) return city.complain(kFile, 0, "", "there is no such file");
  try {
    auto const file = toml::parse(text);
    auto& set = city.set;
    set.district = file["code"].value_or(std::string());
    set.zh = file["zh"].value_or(std::string());
    set.en = file["en"].value_or(std::string());
    set.exchange_code = file["exchange_code"].value_or(std::string());
    set.utc_offset_minutes = static_cast<std::int32_t>(file["utc_offset_minutes"].value_or(std::int64_t{480}));
    if (set.district.size() != 6 || set.district.find_first_not_of("0123456789") != std::string::npos) {
      city.complain(kFile, 0, "code", "\"" + set.district + "\" is not 6 digits");
    }
    if (set.zh.empty()) city.complain(kFile, 0, "zh", "is empty");
    if (set.en.empty()) city.complain(kFile, 0, "en", "is empty");
    if (set.utc_offset_minutes < -840 || set.utc_offset_minutes > 840) {
      city.complain(kFile, 0, "utc_offset_minutes", "is no zone on earth");
    }
    if (auto const* policy = file["policy"].as_table()) read_policy(city, *policy);
  } catch (toml::parse_error const& error) {
    city.complain(kFile, static_cast<std::int64_t>(error.source().begin.line), "", std::string(error.description()));
  }
}

}  // namespace wangge::deploy
