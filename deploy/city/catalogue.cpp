// The catalogue with its filing conditions and limits, the closing codes, the map of old numbers to new, and the rules.
#include <algorithm>

#include "deploy/city/readers.hpp"

namespace wangge::deploy {
namespace {

using storage::standing::CatalogueRow;

core::CategoryKey category_of(TableRow const& row) {
  return {row["standard"], row["kind"], row["code"]};
}

std::string text_of(core::CategoryKey const& key) {
  return key.standard + " " + key.kind + " " + key.code;
}

core::CategoryKey check_category(TableRow& row) {
  auto key = category_of(row);
  row.one_of("standard", {"gbt47678.5-2026", "gbt30428.2-2013", "local"});
  row.one_of("kind", {"component", "matter"});
  if (key.code.size() < 4 || key.code.size() > 6 || key.code.find_first_not_of("0123456789") != std::string::npos) {
    row.bad("code", "\"" + key.code + "\" is not 4 to 6 digits");
  }
  return key;
}

// The catalogue numbers a category below its class: 06010 lies in 06. A city's own numbers go downward from the top, so that
// they never meet a national one (DOMAIN 2.2).
struct Numbers {
  std::map<std::string, std::string> class_names;                 // standard + class -> its name
  std::map<std::pair<std::string, std::string>, std::string> highest;  // (kind, class) -> the highest national code
};

void check_number(TableRow& row, CatalogueRow const& entry, Numbers& numbers) {
  // Old numbers are counted under the new classes: only there the code need not begin with its class.
  if (entry.key.standard != "gbt30428.2-2013" && entry.key.code.compare(0, 2, entry.class_code) != 0)
    row.bad("class_code", "code " + entry.key.code + " does not lie in class " + entry.class_code);
  auto const [name, fresh] = numbers.class_names.try_emplace(entry.key.standard + " " + entry.class_code, entry.class_zh);
  if (!fresh && name->second != entry.class_zh)
    row.bad("class_zh", "class " + entry.class_code + " is called " + name->second + " elsewhere in this file");
  if (entry.key.standard == "gbt47678.5-2026") {
    auto& highest = numbers.highest[{entry.key.kind, entry.class_code}];
    highest = std::max(highest, entry.key.code);
  }
}

void check_local(CityReading& city, Numbers const& numbers, std::map<core::CategoryKey, std::int64_t> const& lines) {
  for (auto const& entry : city.set.catalogue) {
    if (entry.key.standard != "local") continue;
    auto const wrong = [&](char const* column, std::string reason) {
      city.complain("catalogue.csv", lines.at(entry.key), column, std::move(reason));
    };
    auto const highest = numbers.highest.find({entry.key.kind, entry.class_code});
    if (highest == numbers.highest.end()) {
      bool const known = std::any_of(numbers.highest.begin(), numbers.highest.end(),
                                     [&](auto const& h) { return h.first.second == entry.class_code; });
      if (!known && !numbers.highest.empty()) wrong("class_code", "no national category is of class " + entry.class_code);
    } else if (entry.key.code <= highest->second) {
      wrong("code", "a city's own numbers go downward from " + entry.class_code + "999; " + highest->second + " is national");
    }
  }
}

// A local day's midnight as an instant.
std::optional<core::Instant> midnight(CityReading const& city, std::optional<core::LocalDay> day) {
  if (!day) return std::nullopt;
  return core::Instant(*day) - std::chrono::minutes(city.set.utc_offset_minutes);
}

void read_conditions(CityReading& city) {
  Keys keys;
  CityTable(city.source, "conditions.csv", city.bad)
      .each({"standard", "kind", "code", "id", "zh", "en", "clock", "minutes"}, [&](TableRow& row) {
        auto const key = check_category(row);
        auto const& area_level = row["area_level"];
        bool const base = area_level.empty();
        core::Condition condition{row.word("id"), base ? row.word("zh") : row["zh"], base ? row.word("en") : row["en"], {}};
        keys.add(row, "id", text_of(key) + " " + condition.id + " " + area_level);
        auto const thresholds = core::thresholds_from(row["thresholds"]);
        if (!thresholds) row.bad("thresholds", "\"" + row["thresholds"] + "\": thresholds are like damage_cm2>25;depth_cm>=3");
        if (thresholds) condition.thresholds = *thresholds;
        condition.closing = row.words("closing");
        auto const& clock = row.one_of("clock", {"urgent", "work_hour", "work_day", "natural_day"});
        for (std::size_t i = 0; i < core::kClockKinds.size(); ++i) {
          if (core::kClockKinds[i] == clock) condition.limit.clock = static_cast<core::ClockKind>(i);
        }
        condition.limit.minutes = row.number("minutes", 1, 525'600);
        auto const found = city.categories.find(key);
        if (found == city.categories.end()) return row.bad("code", "no category " + text_of(key));
        auto& conditions = city.set.catalogue[found->second].conditions;
        if (base) return conditions.push_back(std::move(condition));
        auto const own = std::find_if(conditions.begin(), conditions.end(), [&](auto const& c) { return c.id == condition.id; });
        if (own == conditions.end()) return row.bad("id", "its line without area_level must come before");
        own->by_area[area_level] = condition.limit;
      });
}

}  // namespace

void read_catalogue(CityReading& city) {
  Keys keys;
  Numbers numbers;
  std::map<core::CategoryKey, std::int64_t> lines;
  city.set.catalogue.clear();
  city.categories.clear();
  CityTable(city.source, "catalogue.csv", city.bad)
      .each({"standard", "kind", "code", "class_code", "class_zh", "class_en", "zh", "en", "valid_from", "valid_to"},
            [&](TableRow& row) {
              storage::standing::CatalogueRow entry;
              entry.key = check_category(row);
              keys.add(row, "code", text_of(entry.key));
              entry.class_code = row.digits("class_code", 2);
              entry.class_zh = row.word("class_zh");
              entry.class_en = row.word("class_en");
              entry.zh = row.word("zh");
              entry.en = row.word("en");
              entry.valid_from = midnight(city, row.day_or_none("valid_from"));
              entry.valid_to = midnight(city, row.day_or_none("valid_to"));
              if (entry.valid_from && entry.valid_to && *entry.valid_from >= *entry.valid_to) {
                row.bad("valid_to", "does not lie after valid_from");
              }
              entry.photos_least = row.number_or_none("photos_least", 0, 9).value_or(0);
              entry.photo_rule_zh = row["photo_rule_zh"], entry.photo_rule_en = row["photo_rule_en"];
              entry.do_not_report_zh = row["do_not_report_zh"], entry.do_not_report_en = row["do_not_report_en"];
              if (auto const period = row["same_period"]; !period.empty() && period != "yes" && period != "no")
                row.bad("same_period", "is neither yes nor no");
              entry.same_period = row["same_period"] == "yes";
              check_number(row, entry, numbers);
              if (!row.good()) return;
              lines[entry.key] = row.line();
              city.categories.emplace(entry.key, city.set.catalogue.size());
              city.set.catalogue.push_back(std::move(entry));
            });
  read_conditions(city);
  for (auto const& entry : city.set.catalogue) {
    if (entry.conditions.empty()) {
      city.complain("catalogue.csv", lines[entry.key], "code",
                    "conditions.csv has no condition of " + text_of(entry.key));
    }
  }
  check_local(city, numbers, lines);
}

void read_closing(CityReading& city) {
  Keys closing;
  city.set.closing_conditions.clear();
  city.set.closing_names.clear();
  CityTable(city.source, "closing_conditions.csv", city.bad).each({"code"}, [&](TableRow& row) {
    auto const& code = row.word("code");
    closing.add(row, "code", code);
    city.set.closing_conditions.push_back(code);
    city.set.closing_names[code] = {row["zh"].empty() ? code : row["zh"], row["en"].empty() ? code : row["en"]};
  });
  if (!closing.has("restored")) city.complain("closing_conditions.csv", 0, "code", "the code restored is missing");
  check_closing(city);
}

void check_closing(CityReading& city) {
  auto const& known = city.set.closing_conditions;
  for (auto const& entry : city.set.catalogue) {
    for (auto const& condition : entry.conditions) {
      for (auto const& code : condition.closing) {
        if (std::find(known.begin(), known.end(), code) == known.end())
          city.complain("conditions.csv", 0, "closing", text_of(entry.key) + " " + condition.id + " asks for " + code + ", which closing_conditions.csv has not");
      }
    }
  }
}

void read_cross_map(CityReading& city) {
  Keys keys;
  CityTable file(city.source, "crossmap.csv", city.bad);
  if (!file.exists()) return;
  city.set.cross_map.clear();
  file.each({"old_standard", "old_kind", "old_code", "new_standard", "new_kind", "new_code", "relation"}, [&](TableRow& row) {
    core::CrossMap map{{row.word("old_standard"), row["old_kind"], row.word("old_code")},
                       {row["new_standard"], row["new_kind"], row["new_code"]},
                       row.one_of("relation", {"same", "split", "joined"})};
    row.one_of("old_kind", {"component", "matter"});
    keys.add(row, "old_code", text_of(map.old_key) + " " + text_of(map.new_key));
    if (!city.categories.contains(map.new_key)) row.bad("new_code", "no category " + text_of(map.new_key));
    city.set.cross_map.push_back(std::move(map));
  });
}

namespace {

// Which columns a level needs, and that they name something.
void check_place_of_rule(CityReading const& city, TableRow& row, core::RouteRule const& rule) {
  using enum core::RouteLevel;
  bool const by_condition = rule.level == condition_in_grid || rule.level == condition_in_street;
  if (rule.level == component_maintainer) row.word("maintainer");
  if (by_condition) {
    core::CategoryKey const key{rule.standard, rule.kind, rule.code};
    auto const found = city.categories.find(key);
    if (found == city.categories.end()) {
      row.bad("code", "no category " + text_of(key));
    } else if (!rule.condition.empty() && city.set.catalogue[found->second].find(rule.condition) == nullptr) {
      row.bad("condition", "no condition " + rule.condition + " of " + text_of(key));
    }
  }
  if (!by_condition && !rule.code.empty() && !city.categories.contains({rule.standard, rule.kind, rule.code}))
    row.bad("code", "no category " + text_of({rule.standard, rule.kind, rule.code}));
  if ((rule.level == condition_in_grid || !rule.grid.empty()) && !city.grids.contains(rule.grid))
    row.bad("grid", "no cell \"" + rule.grid + "\"");
  if (!rule.community.empty() && !city.communities.contains(rule.community)) row.bad("community", "no community " + rule.community);
  bool const by_street = rule.level == condition_in_street || rule.level == territorial || !rule.street.empty();
  if (by_street && !city.streets.contains(rule.street)) row.bad("street", "no street \"" + rule.street + "\"");
}

}  // namespace

void read_routes(CityReading& city) {
  Keys keys;
  city.set.routes.clear();
  std::set<std::string> campaigns;
  for (auto const& campaign : city.set.campaigns) campaigns.insert(campaign.key);
  CityTable(city.source, "routes.csv", city.bad)
      .each({"id", "level", "maintainer", "standard", "kind", "code", "condition", "class_code", "grid", "street",
             "unit", "squad"},
            [&](TableRow& row) {
              core::RouteRule rule;
              rule.id = row.word("id");
              rule.maintainer = row["maintainer"];
              rule.standard = row["standard"], rule.kind = row["kind"], rule.code = row["code"];
              rule.condition = row["condition"], rule.class_code = row["class_code"];
              rule.grid = row["grid"], rule.community = row["community"], rule.street = row["street"];
              rule.area_level = row["area_level"], rule.source = row["source"], rule.campaign = row["campaign"];
              rule.when = row.times();
              rule.unit = row.word("unit"), rule.squad = row["squad"];
              rule.pick = row["pick"], rule.document = row["document"];
              keys.add(row, "id", rule.id);
              if (rule.id.starts_with("desk-")) row.bad("id", "desk- is how decisions of the coordination desk are called");
              rule.level = core::route_level_from(
                               row.one_of("level", {"ordered", "component_maintainer", "condition_in_grid",
                                                    "condition_in_street", "class_in_district", "territorial"}))
                               .value_or(core::RouteLevel::territorial);
              if (!rule.pick.empty()) row.one_of("pick", {"shift", "distance", "load"});
              check_place_of_rule(city, row, rule);
              if (!rule.source.empty() &&
                  std::find(core::kSources.begin(), core::kSources.end(), rule.source) == core::kSources.end())
                row.bad("source", "no source " + rule.source);
              if (!rule.campaign.empty() && !campaigns.contains(rule.campaign)) row.bad("campaign", "no campaign " + rule.campaign);
              auto const squad = city.squad_unit.find(rule.squad);
              if (!city.units.contains(rule.unit)) row.bad("unit", "no unit " + rule.unit);
              if (rule.squad.empty()) {
                // found when the case comes: by shift, distance or load
              } else if (squad == city.squad_unit.end()) {
                row.bad("squad", "no squad " + rule.squad);
              } else if (squad->second != rule.unit) {
                row.bad("squad", "squad " + rule.squad + " belongs to " + squad->second);
              }
              city.set.routes.push_back(std::move(rule));
            });
}

}  // namespace wangge::deploy
