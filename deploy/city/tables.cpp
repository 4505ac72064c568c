#include "deploy/city/tables.hpp"

#include <algorithm>
#include <charconv>
#include <cstdio>

#include "deploy/csv.hpp"
#include "dispatcher/core/switches.hpp"

namespace wangge::deploy {
namespace {

using core::LocalDay;
using storage::standing::StandingSet;
using Row = std::vector<std::string>;
using Tables = std::vector<PartTable>;

std::string day_text(LocalDay day) {
  std::chrono::year_month_day const d(day);
  char out[16];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(d.year()), static_cast<unsigned>(d.month()), static_cast<unsigned>(d.day()));
  return out;
}

std::string minute_text(std::int32_t minute) {
  char out[16];
  std::snprintf(out, sizeof out, "%02d:%02d", static_cast<int>(minute / 60), static_cast<int>(minute % 60));
  return out;
}

std::string real_text(std::optional<double> value) {
  if (!value) return "";
  char out[32];
  auto const end = std::to_chars(out, out + sizeof out, *value).ptr;
  return {out, end};
}

std::string spaced(std::vector<std::string> const& words, char const* between = " ") {
  std::string out;
  for (auto const& word : words) out += (out.empty() ? "" : between) + word;
  return out;
}

std::string sessions_text(std::vector<core::Session> const& sessions) {
  std::string out;
  for (auto const& s : sessions) out += (out.empty() ? "" : ";") + minute_text(s.from_minute) + "-" + minute_text(s.to_minute);
  return out;
}

std::string weekdays_text(std::uint8_t weekdays) {
  if (weekdays == 0x7f) return "";
  std::string out;
  for (char day = '1'; day <= '7'; ++day) {
    if ((weekdays >> (day - '1') & 1) != 0) out += day;
  }
  return out;
}

std::string last_day_text(std::optional<LocalDay> behind) {  // a city names the last day; inside, spans are half-open
  return behind ? day_text(*behind - core::Days{1}) : "";
}

std::string local_day_text(std::optional<core::Instant> at, StandingSet const& set) {
  if (!at) return "";
  return day_text(std::chrono::floor<std::chrono::days>(*at + std::chrono::minutes(set.utc_offset_minutes)));
}

// from_day, to_day, weekdays, from, to
void put_times(Row& row, core::Times const& when, bool always_hours = false) {
  row.push_back(when.from ? day_text(*when.from) : "");
  row.push_back(last_day_text(when.to));
  row.push_back(weekdays_text(when.weekdays));
  bool const whole = !always_hours && when.from_minute == 0 && when.to_minute == 1440;
  row.push_back(whole ? "" : minute_text(when.from_minute));
  row.push_back(whole ? "" : minute_text(when.to_minute));
}

Tables policy(StandingSet const& set) {
  PartTable out{"switches", {"name", "value"}, {}};
  for (auto const& [name, value] : core::switch_values(set.policy)) out.rows.push_back({name, value});
  return {std::move(out)};
}

Tables calendars(StandingSet const& set) {
  PartTable whole{"calendars", {"key", "sessions", "first", "last"}, {}}, days{"calendar_days", {"calendar", "day", "works", "note"}, {}},
      seasons{"calendar_seasons", {"calendar", "first", "sessions"}, {}};
  for (auto const& c : set.calendars) {
    whole.rows.push_back({c.key, sessions_text(c.sessions), day_text(c.first), day_text(c.last)});
    for (auto const& [day, works] : c.days) {
      auto const note = c.notes.find(day);
      days.rows.push_back({c.key, day_text(day), works ? "yes" : "no", note == c.notes.end() ? "" : note->second});
    }
    for (auto const& [day, sessions] : c.seasons) seasons.rows.push_back({c.key, day_text(day), sessions_text(sessions)});
  }
  return {std::move(whole), std::move(days), std::move(seasons)};
}

Tables bodies(StandingSet const& set) {
  PartTable units{"units", {"key", "zh", "en", "calendar", "parent"}, {}}, squads{"squads", {"key", "unit", "zh", "en", "lon", "lat", "contractor"}, {}};
  for (auto const& u : set.units) units.rows.push_back({u.key, u.zh, u.en, u.calendar, u.parent});
  for (auto const& s : set.squads) squads.rows.push_back({s.key, s.unit, s.zh, s.en, real_text(s.lon), real_text(s.lat), s.contractor});
  return {std::move(units), std::move(squads)};
}

Tables catalogue(StandingSet const& set) {
  PartTable entries{"catalogue",
                    {"standard", "kind", "code", "class_code", "class_zh", "class_en", "zh", "en", "valid_from", "valid_to", "photos_least",
                     "photo_rule_zh", "photo_rule_en", "do_not_report_zh", "do_not_report_en", "same_period"},
                    {}},
      conditions{"conditions", {"standard", "kind", "code", "id", "area_level", "zh", "en", "clock", "minutes", "thresholds", "closing"}, {}},
      closing{"closing_conditions", {"code", "zh", "en"}, {}},
      crossmap{"crossmap", {"old_standard", "old_kind", "old_code", "new_standard", "new_kind", "new_code", "relation"}, {}};
  for (auto const& c : set.catalogue) {
    auto const& k = c.key;
    entries.rows.push_back({k.standard, k.kind, k.code, c.class_code, c.class_zh, c.class_en, c.zh, c.en, local_day_text(c.valid_from, set),
                            local_day_text(c.valid_to, set), c.photos_least == 0 ? "" : std::to_string(c.photos_least), c.photo_rule_zh,
                            c.photo_rule_en, c.do_not_report_zh, c.do_not_report_en, c.same_period ? "yes" : ""});
    for (auto const& f : c.conditions) {
      auto const line = [&](std::string const& level, core::Limit const& limit) {
        bool const base = level.empty();
        conditions.rows.push_back({k.standard, k.kind, k.code, f.id, level, base ? f.zh : "", base ? f.en : "", std::string(core::id(limit.clock)),
                                   std::to_string(limit.minutes), base ? core::thresholds_text(f.thresholds) : "", base ? spaced(f.closing) : ""});
      };
      line("", f.limit);
      for (auto const& [level, limit] : f.by_area) line(level, limit);
    }
  }
  for (auto const& code : set.closing_conditions) {
    auto const name = set.closing_names.find(code);
    bool const named = name != set.closing_names.end();
    closing.rows.push_back({code, named ? name->second.zh : code, named ? name->second.en : code});
  }
  for (auto const& m : set.cross_map)
    crossmap.rows.push_back({m.old_key.standard, m.old_key.kind, m.old_key.code, m.new_key.standard, m.new_key.kind, m.new_key.code, m.kind});
  return {std::move(entries), std::move(conditions), std::move(closing), std::move(crossmap)};
}

Tables rules(StandingSet const& set) {
  PartTable out{"routes",
                {"id", "level", "maintainer", "standard", "kind", "code", "condition", "class_code", "grid", "community", "street", "area_level",
                 "source", "campaign", "from_day", "to_day", "weekdays", "from", "to", "unit", "squad", "pick", "document"},
                {}};
  for (auto const& r : set.routes) {
    Row row{r.id,   std::string(core::id(r.level)), r.maintainer, r.standard, r.kind,       r.code,   r.condition, r.class_code,
            r.grid, r.community,                    r.street,     r.area_level, r.source, r.campaign};
    put_times(row, r.when);
    for (auto const* text : {&r.unit, &r.squad, &r.pick, &r.document}) row.push_back(*text);
    out.rows.push_back(std::move(row));
  }
  return {std::move(out)};
}

Tables responsibility(StandingSet const& set) {
  PartTable out{"responsibility",
                {"id", "standard", "kind", "code", "condition", "class_code", "area", "supervising", "responsible", "assisting", "basis", "document",
                 "from_day", "to_day", "pick"},
                {}};
  for (auto const& l : set.responsibilities)
    out.rows.push_back({l.id, l.standard, l.kind, l.code, l.condition, l.class_code, l.area, l.supervising, l.responsible, spaced(l.assisting),
                        l.basis, l.document, l.when.from ? day_text(*l.when.from) : "", last_day_text(l.when.to), l.pick});
  return {std::move(out)};
}

Tables shifts(StandingSet const& set) {
  PartTable lines{"shifts", {"squad", "street", "community", "grid", "from_day", "to_day", "weekdays", "from", "to"}, {}},
      absences{"absences", {"squad", "from_day", "to_day", "stand_in", "reason"}, {}};
  for (auto const& s : set.shifts) {
    Row row{s.squad, s.street, s.community, s.grid};
    put_times(row, s.when);
    lines.rows.push_back(std::move(row));
  }
  for (auto const& a : set.absences)
    absences.rows.push_back({a.squad, local_day_text(a.from, set), local_day_text(a.to - core::Days{1}, set), a.stand_in, a.reason});
  return {std::move(lines), std::move(absences)};
}

Tables duty(StandingSet const& set) {
  PartTable out{"duty", {"patroller", "unit", "street", "community", "grid", "duty_grid", "from_day", "to_day", "weekdays", "from", "to"}, {}};
  for (auto const& l : set.duty) {
    Row row{l.patroller, l.unit, l.street, l.community, l.grid, l.duty_grid};
    core::Times when;
    when.from = l.from, when.to = l.to, when.weekdays = l.weekdays, when.from_minute = l.from_minute, when.to_minute = l.to_minute;
    put_times(row, when, true);
    out.rows.push_back(std::move(row));
  }
  return {std::move(out)};
}

Tables areas(StandingSet const& set) {
  PartTable out{"areas", {"layer", "code", "parent", "zh", "en", "grids"}, {}};
  for (auto const& a : set.areas) out.rows.push_back({a.layer, a.code, a.parent, a.zh, a.en, spaced(a.grids)});
  return {std::move(out)};
}

Tables campaigns(StandingSet const& set) {
  PartTable out{"campaigns",
                {"key", "zh", "en", "categories", "areas", "sources", "from_day", "to_day", "quota", "counted",
                 "checklist", "points"},
                {}};
  for (auto const& c : set.campaigns) {
    std::vector<std::string> points;
    for (auto const& point : c.points) points.push_back(core::point_text(point));
    out.rows.push_back({c.key, c.zh, c.en, spaced(c.categories), spaced(c.areas), spaced(c.sources),
                        c.when.from ? day_text(*c.when.from) : "", last_day_text(c.when.to),
                        c.quota == 0 ? "" : std::to_string(c.quota), c.apart ? "apart" : "within",
                        spaced(c.checklist, ";"), spaced(points, ";")});
  }
  return {std::move(out)};
}

Tables plans(StandingSet const& set) {
  PartTable out{"plans", {"key", "zh", "en", "urgent", "urgent_minutes", "relaxed", "clocks", "percent"}, {}};
  for (auto const& p : set.plans)
    out.rows.push_back({p.key, p.zh, p.en, spaced(p.urgent), std::to_string(p.urgent_minutes), spaced(p.relaxed), spaced(p.clocks), std::to_string(p.percent)});
  return {std::move(out)};
}

struct PartTables {
  std::string_view part;
  Tables (*of)(StandingSet const& set);
};
constexpr PartTables kTables[] = {{"policy", policy},       {"calendars", calendars}, {"bodies", bodies}, {"catalogue", catalogue},
                                  {"rules", rules},         {"responsibility", responsibility},          {"shifts", shifts},
                                  {"duty", duty},           {"areas", areas},         {"campaigns", campaigns}, {"plans", plans}};

// ---- as texts

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char const c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

// As TOML has it: what is no number and no yes or no is a string; a list of words is one of strings.
std::string toml_value(std::string const& name, std::string const& value) {
  if (name == "verify_first") {
    std::string out = "[";
    for (std::size_t from = 0; from < value.size();) {
      auto const end = std::min(value.find(',', from), value.size());
      out += (out.size() > 1 ? "," : "") + quoted(std::string_view(value).substr(from, end - from));
      from = end + 1;
    }
    return out + "]";
  }
  double number = 0;
  auto const read = std::from_chars(value.data(), value.data() + value.size(), number, std::chars_format::fixed);
  bool const is_number = !value.empty() && read.ec == std::errc{} && read.ptr == value.data() + value.size() && value.front() != '.' && value.back() != '.';
  bool word = false;  // a switch of words stays one, whatever is typed
  core::Policy const defaults;
  core::for_each_switch(defaults, [&](std::string_view known, auto const& now) {
    if (known == name) word = std::is_same_v<std::decay_t<decltype(now)>, std::string>;
  });
  return !word && (is_number || value == "true" || value == "false") ? value : quoted(value);
}

}  // namespace

std::vector<std::string> editable_parts() {
  std::vector<std::string> out;
  for (auto const& one : kTables) out.emplace_back(one.part);
  return out;
}

std::vector<PartTable> tables_of(std::string_view part, StandingSet const& set) {
  for (auto const& one : kTables) {
    if (one.part == part) return one.of(set);
  }
  return {};
}

std::pair<std::string, FileText> file_of(PartTable const& table) {
  FileText out;
  std::int64_t line = 2;
  if (table.name == "switches") {
    out.text = "[policy]\n";
    for (auto const& row : table.rows) {
      out.lines.push_back(line++);
      out.text += quoted(row[0]) + " = " + toml_value(row[0], row[1]) + "\n";
    }
    return {"district.toml", std::move(out)};
  }
  auto const put = [&](Row const& row) {
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i) text += (i == 0 ? "" : ",") + csv_field(row[i]);
    if (text.find_first_not_of(',') == std::string::npos) text = "\"\"" + text;  // a row of nothing is a row, not an empty line
    return text + "\n";
  };
  out.text = put(table.columns);
  for (auto const& row : table.rows) {
    out.lines.push_back(line);
    auto const text = put(row);
    line += std::count(text.begin(), text.end(), '\n');
    out.text += text;
  }
  return {table.name + ".csv", std::move(out)};
}

}  // namespace wangge::deploy
