// The responsibility list, shifts and absences, areas of further layers, campaigns and emergency plans.
#include <algorithm>

#include "deploy/city/readers.hpp"
#include "dispatcher/core/rule_check.hpp"

namespace wangge::deploy {
namespace {

bool is_digits(std::string_view text, std::initializer_list<std::size_t> lengths) {
  return std::find(lengths.begin(), lengths.end(), text.size()) != lengths.end() &&
         text.find_first_not_of("0123456789") == std::string_view::npos;
}

// "06", or "gbt47678.5-2026/matter/06010".
void check_categories(CityReading const& city, TableRow& row, std::string_view column,
                      std::vector<std::string> const& list) {
  for (auto const& one : list) {
    bool const known = std::any_of(city.set.catalogue.begin(), city.set.catalogue.end(), [&](auto const& e) {
      return e.class_code == one || e.key.standard + "/" + e.key.kind + "/" + e.key.code == one;
    });
    if (!known) row.bad(column, "the catalogue has no class and no category " + one);
  }
}

void check_place(CityReading const& city, TableRow& row, std::string_view column, std::string const& code) {
  bool const there = code.size() == 9    ? city.streets.contains(code)
                     : code.size() == 12 ? city.communities.contains(code)
                     : code.size() == 15 ? city.grids.contains(code)
                                         : false;
  if (!there) row.bad(column, "no street, community or grid " + code);
}

void check_unit(CityReading const& city, TableRow& row, std::string_view column, std::string const& key) {
  if (!key.empty() && !city.units.contains(key)) row.bad(column, "no unit " + key);
}

void check_squad(CityReading const& city, TableRow& row, std::string_view column, std::string const& key) {
  if (!city.squad_unit.contains(key)) row.bad(column, "no squad " + key);
}

}  // namespace

void read_responsibilities(CityReading& city) {
  Keys keys;
  CityTable file(city.source, "responsibility.csv", city.bad);
  if (file.exists()) city.set.responsibilities.clear();
  file.each(
      {"id", "standard", "kind", "code", "condition", "class_code", "area", "supervising", "responsible", "assisting",
       "basis", "document"},
      [&](TableRow& row) {
        core::Responsibility line;
        line.id = row.word("id");
        keys.add(row, "id", line.id);
        line.standard = row["standard"], line.kind = row["kind"], line.code = row["code"];
        line.condition = row["condition"], line.class_code = row["class_code"], line.area = row["area"];
        line.supervising = row["supervising"], line.responsible = row.word("responsible");
        line.assisting = row.words("assisting");
        line.basis = row["basis"], line.document = row["document"], line.pick = row["pick"];
        line.when = row.times();
        if (!line.pick.empty()) row.one_of("pick", {"shift", "distance", "load"});
        if (line.code.empty() == line.class_code.empty()) row.bad("code", "a line names a category, or else a class");
        auto const category = city.categories.find({line.standard, line.kind, line.code});
        if (!line.code.empty() && category == city.categories.end()) {
          row.bad("code", "no category " + line.standard + " " + line.kind + " " + line.code);
        } else if (!line.condition.empty() &&
                   (line.code.empty() || !city.set.catalogue[category->second].find(line.condition))) {
          row.bad("condition", "no condition " + line.condition + " of " + line.code);
        }
        if (!line.class_code.empty()) check_categories(city, row, "class_code", {line.class_code});
        if (!line.area.empty()) check_place(city, row, "area", line.area);
        check_unit(city, row, "supervising", line.supervising);
        check_unit(city, row, "responsible", line.responsible);
        for (auto const& unit : line.assisting) check_unit(city, row, "assisting", unit);
        city.set.responsibilities.push_back(std::move(line));
      },
      true);
}

void read_shifts(CityReading& city) {
  CityTable shifts(city.source, "shifts.csv", city.bad);
  if (shifts.exists()) city.set.shifts.clear();
  shifts.each(
      {"squad", "street", "community", "grid", "from", "to"},
      [&](TableRow& row) {
        core::SquadShift shift{row.word("squad"), row["street"], row["community"], row["grid"], row.times()};
        check_squad(city, row, "squad", shift.squad);
        for (auto const& [column, code] :
             {std::pair{"street", shift.street}, {"community", shift.community}, {"grid", shift.grid}})
          if (!code.empty()) check_place(city, row, column, code);
        city.set.shifts.push_back(std::move(shift));
      },
      true);
  CityTable absences(city.source, "absences.csv", city.bad);
  if (absences.exists()) city.set.absences.clear();
  absences.each(
      {"squad", "from_day", "to_day", "stand_in", "reason"},
      [&](TableRow& row) {
        std::chrono::minutes const zone(city.set.utc_offset_minutes);
        core::Absence absence{row.word("squad"), core::Instant(row.day("from_day")) - zone,
                              core::Instant(row.day("to_day") + core::Days{1}) - zone, row["stand_in"], row["reason"]};
        check_squad(city, row, "squad", absence.squad);
        if (!absence.stand_in.empty()) check_squad(city, row, "stand_in", absence.stand_in);
        if (absence.stand_in == absence.squad) row.bad("stand_in", "a squad does not stand in for itself");
        if (row.good() && absence.from >= absence.to) row.bad("to_day", "lies before from_day");
        city.set.absences.push_back(std::move(absence));
      },
      true);
}

void read_areas(CityReading& city) {
  Keys keys;
  CityTable file(city.source, "areas.csv", city.bad);
  if (!file.exists()) return;
  city.set.areas.clear();
  std::map<std::string, std::map<std::string, std::string>> parents;  // layer -> code -> parent
  file.each({"layer", "code", "parent", "zh", "en", "grids"}, [&](TableRow& row) {
    core::Area area{row.word("layer"), row.word("code"), row["parent"], row.word("zh"), row["en"], row.words("grids")};
    if (area.en.empty()) area.en = area.zh;
    keys.add(row, "code", area.layer + " " + area.code);
    parents[area.layer][area.code] = area.parent;
    for (auto const& grid : area.grids) {
      bool const prefix = grid.ends_with('*');
      auto const digits = std::string_view(grid).substr(0, grid.size() - (prefix ? 1 : 0));
      auto const first = city.grids.lower_bound(std::string(digits));
      bool const any = first != city.grids.end() && first->starts_with(digits);
      if (!is_digits(digits,
                     prefix ? std::initializer_list<std::size_t>{9, 12} : std::initializer_list<std::size_t>{15})) {
        row.bad("grids", "\"" + grid + "\": grids are 15 digits, or 9 or 12 and a star");
      } else if (!any) {
        row.bad("grids", "no cell " + grid);
      }
    }
    city.set.areas.push_back(std::move(area));
  });
  for (auto const& [layer, parent_of] : parents) {
    for (auto const& [code, parent] : parent_of) {
      if (!parent.empty() && !parent_of.contains(parent))
        city.complain("areas.csv", keys.line(layer + " " + code), "parent",
                      "no area " + parent + " of the layer " + layer);
    }
    if (auto const ring = core::ring_of(parent_of); !ring.empty())
      city.complain("areas.csv", keys.line(layer + " " + ring.front()), "parent",
                    "areas in a ring: " + ring.front() + " is above itself");
  }
}

namespace {

// "p1 116.59 35.41 South market; p2 …": points by semicolon or line. A file from before there were points has no such
// column.
void read_points(TableRow& row, std::vector<core::CampaignPoint>& points) {
  constexpr std::size_t kPointsMost = 2000, kNameMost = 200, kKeyMost = 64;
  std::set<std::string> keys;
  std::string_view rest = row["points"];
  while (!rest.empty()) {
    auto const end = std::min(rest.find_first_of(";\n"), rest.size());
    auto const line = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.size(), end + 1));
    if (line.find_first_not_of(" \r") == std::string_view::npos) continue;
    auto point = core::point_from(line);
    if (!point || point->key.size() > kKeyMost || point->key.find('/') != std::string::npos ||
        point->name.size() > kNameMost)
      row.bad("points", "a point is \"key lon lat name\", not " + std::string(line.substr(0, kKeyMost)));
    else if (!keys.insert(point->key).second)
      row.bad("points", "point " + point->key + " twice");
    else
      points.push_back(std::move(*point));
  }
  if (points.size() > kPointsMost) row.bad("points", "more than " + std::to_string(kPointsMost) + " points");
}

}  // namespace

void read_campaigns(CityReading& city) {
  Keys keys;
  CityTable file(city.source, "campaigns.csv", city.bad);
  if (!file.exists()) return;
  city.set.campaigns.clear();
  file.each(
      {"key", "zh", "en", "categories", "areas", "sources", "from_day", "to_day", "quota", "counted", "checklist"},
      [&](TableRow& row) {
        core::Campaign c;
        c.key = row.word("key"), c.zh = row.word("zh"), c.en = row["en"].empty() ? row["zh"] : row["en"];
        keys.add(row, "key", c.key);
        c.categories = row.words("categories"), c.areas = row.words("areas"), c.sources = row.words("sources");
        c.when = row.times();
        if (!c.when.from) row.bad("from_day", "is empty");
        if (!c.when.to) row.bad("to_day", "is empty");
        c.quota = row.number_or_none("quota", 0, 10'000'000).value_or(0);
        c.apart = row.one_of("counted", {"within", "apart"}) == "apart";
        std::string_view rest = row["checklist"];  // items by semicolon or line
        while (!rest.empty()) {
          auto const end = std::min(rest.find_first_of(";\n"), rest.size());
          if (end > 0) c.checklist.emplace_back(rest.substr(0, end));
          rest.remove_prefix(std::min(rest.size(), end + 1));
        }
        read_points(row, c.points);
        check_categories(city, row, "categories", c.categories);
        for (auto const& area : c.areas) check_place(city, row, "areas", area);
        for (auto const& source : c.sources) {
          if (std::find(core::kSources.begin(), core::kSources.end(), source) == core::kSources.end())
            row.bad("sources", "no source " + source);
        }
        city.set.campaigns.push_back(std::move(c));
      });
}

void read_plans(CityReading& city) {
  Keys keys;
  CityTable file(city.source, "plans.csv", city.bad);
  if (!file.exists()) return;
  city.set.plans.clear();
  file.each({"key", "zh", "en", "urgent", "urgent_minutes", "relaxed", "clocks", "percent"}, [&](TableRow& row) {
    core::Plan p;
    p.key = row.word("key"), p.zh = row.word("zh"), p.en = row["en"].empty() ? row["zh"] : row["en"];
    keys.add(row, "key", p.key);
    if (p.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") != std::string::npos)
      row.bad("key", "\"" + p.key + "\": small letters, digits, - and _ only; it stands in the flags of cases");
    p.urgent = row.words("urgent"), p.relaxed = row.words("relaxed"), p.clocks = row.words("clocks");
    p.urgent_minutes = row.number_or_none("urgent_minutes", 1, 525'600).value_or(120);
    p.percent = row.number_or_none("percent", 100, 1000).value_or(200);
    check_categories(city, row, "urgent", p.urgent);
    check_categories(city, row, "relaxed", p.relaxed);
    if (p.urgent.empty() && p.relaxed.empty())
      row.bad("urgent", "the plan changes nothing: name urgent or relaxed categories");
    if (p.relaxed.empty() != p.clocks.empty())
      row.bad("clocks", "relaxed categories need the clocks that are relaxed, and the other way round");
    for (auto const& clock : p.clocks) {
      if (clock == "urgent")
        row.bad("clocks", "the urgent clock is never relaxed");
      else if (!core::clock_from(clock))
        row.bad("clocks", "no clock " + clock);
    }
    city.set.plans.push_back(std::move(p));
  });
}

// ---- parts

void CityReading::know() {
  for (auto const& squad : set.squads) squad_unit[squad.key] = squad.unit;
  for (auto const& unit : set.units) units.insert(unit.key);
  for (auto const& street : set.streets) streets.insert(street.code);
  for (auto const& community : set.communities) communities.insert(community.code);
  for (auto const& cell : set.cells) grids.insert(cell.shape.grid);
  for (std::size_t i = 0; i < set.catalogue.size(); ++i) categories.emplace(set.catalogue[i].key, i);
}

namespace {
// In the order in which their readers lean on each other.
std::vector<PartReader> const& part_readers() {
  static std::vector<PartReader> const all{
      {"policy", {"district.toml"}, read_switches},
      {"calendars",
       {"calendars.csv", "calendar_days.csv", "calendar_seasons.csv"},
       [](CityReading& city) {
         city.set.calendars.clear();
         read_calendars(city);
         check_calendars(city);
       }},
      {"bodies",
       {"units.csv", "squads.csv"},
       [](CityReading& city) {
         city.set.units.clear(), city.set.squads.clear();
         city.units.clear(), city.squad_unit.clear();
         read_bodies(city);
         check_bodies(city);
       }},
      {"catalogue",
       {"catalogue.csv", "conditions.csv", "closing_conditions.csv", "crossmap.csv"},
       [](CityReading& city) {
         read_catalogue(city);
         std::string text;
         city.source("closing_conditions.csv", text) ? read_closing(city) : check_closing(city);
         read_cross_map(city);
       }},
      {"rules", {"routes.csv"}, read_routes},
      {"responsibility", {"responsibility.csv"}, read_responsibilities},
      {"shifts", {"shifts.csv", "absences.csv"}, read_shifts},
      {"areas", {"areas.csv"}, read_areas},
      {"duty", {"duty.csv"}, read_duty},
      {"campaigns", {"campaigns.csv"}, read_campaigns},
      {"plans", {"plans.csv"}, read_plans},
      {"managed", {"managed.geojson"}, read_managed},
      {"evaluation", {"schemes.csv", "scheme_groups.csv", "scheme_parts.csv", "scheme_deductions.csv"}, read_schemes},
      {"settlement", {"tariffs.csv"}, read_tariffs},
      {"grids",
       {"cells.geojson"},
       [](CityReading& city) {
         city.set.cells.clear();
         city.grids.clear();
         read_cells(city);
       }},
      {"components",
       {"components.csv"},
       [](CityReading& city) {
         city.set.components.clear();
         read_components(city);
       }},
  };
  return all;
}
}  // namespace

PartReader const* find_part(std::string_view part) {
  for (auto const& reader : part_readers()) {
    if (reader.part == part) return &reader;
  }
  return nullptr;
}

std::vector<std::string> loadable_parts() {
  std::vector<std::string> names;
  for (auto const& reader : part_readers()) names.emplace_back(reader.part);
  return names;
}

}  // namespace wangge::deploy
