// The catalogue with its filing conditions and limits, the closing codes, and the responsibility list.
#include "deploy/city/readers.hpp"

namespace wangge::deploy {
namespace {

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

// A local day's midnight as an instant.
std::optional<core::Instant> midnight(CityReading const& city, std::optional<core::LocalDay> day) {
  if (!day) return std::nullopt;
  return core::Instant(*day) - std::chrono::minutes(city.set.utc_offset_minutes);
}

void read_conditions(CityReading& city) {
  Keys keys;
  Table(city.source, "conditions.csv", city.bad)
      .each({"standard", "kind", "code", "id", "zh", "en", "clock", "minutes"}, [&](TableRow& row) {
        auto const key = check_category(row);
        core::Condition condition{row.word("id"), row.word("zh"), row.word("en"), {}};
        keys.add(row, "id", text_of(key) + " " + condition.id);
        auto const& clock = row.one_of("clock", {"urgent", "work_hour", "work_day", "natural_day"});
        for (std::size_t i = 0; i < core::kClockKinds.size(); ++i) {
          if (core::kClockKinds[i] == clock) condition.limit.clock = static_cast<core::ClockKind>(i);
        }
        condition.limit.minutes = row.number("minutes", 1, 525'600);
        auto const found = city.categories.find(key);
        if (found == city.categories.end()) return row.bad("code", "no category " + text_of(key));
        city.set.catalogue[found->second].conditions.push_back(std::move(condition));
      });
}

}  // namespace

void read_catalogue(CityReading& city) {
  Keys keys;
  std::map<core::CategoryKey, std::int64_t> lines;
  Table(city.source, "catalogue.csv", city.bad)
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
  Keys closing;
  Table(city.source, "closing_conditions.csv", city.bad).each({"code"}, [&](TableRow& row) {
    auto const& code = row.word("code");
    closing.add(row, "code", code);
    city.set.closing_conditions.push_back(code);
  });
  if (!closing.has("restored")) city.complain("closing_conditions.csv", 0, "code", "the code restored is missing");
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
  if (rule.level == condition_in_grid && !city.grids.contains(rule.grid))
    row.bad("grid", "no cell \"" + rule.grid + "\"");
  bool const by_street = rule.level == condition_in_street || rule.level == territorial;
  if (by_street && !city.streets.contains(rule.street)) row.bad("street", "no street \"" + rule.street + "\"");
}

}  // namespace

void read_routes(CityReading& city) {
  Keys keys;
  Table(city.source, "routes.csv", city.bad)
      .each({"id", "level", "maintainer", "standard", "kind", "code", "condition", "class_code", "grid", "street",
             "unit", "squad"},
            [&](TableRow& row) {
              core::RouteRule rule{row.word("id"),    {},
                                   row["maintainer"], row["standard"],
                                   row["kind"],       row["code"],
                                   row["condition"],  row["class_code"],
                                   row["grid"],       row["street"],
                                   row.word("unit"),  row.word("squad")};
              keys.add(row, "id", rule.id);
              auto const& level = row.one_of("level", {"component_maintainer", "condition_in_grid",
                                                       "condition_in_street", "class_in_district", "territorial"});
              for (std::size_t i = 0; i < core::kRouteLevels.size(); ++i) {
                if (core::kRouteLevels[i] == level) rule.level = static_cast<core::RouteLevel>(i);
              }
              check_place_of_rule(city, row, rule);
              auto const squad = city.squad_unit.find(rule.squad);
              if (!city.units.contains(rule.unit)) row.bad("unit", "no unit " + rule.unit);
              if (squad == city.squad_unit.end()) {
                row.bad("squad", "no squad " + rule.squad);
              } else if (squad->second != rule.unit) {
                row.bad("squad", "squad " + rule.squad + " belongs to " + squad->second);
              }
              city.set.routes.push_back(std::move(rule));
            });
}

}  // namespace wangge::deploy
