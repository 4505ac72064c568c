// The closure table (CONTRACT 7): asked of the database, divided here. The rules themselves stand in
// queries/parts/closure_cells.sql; whole months come from the rollup (figures.hpp), everything else from the spans.
#include <algorithm>
#include <array>

#include "storage/figures.hpp"
#include "storage/reader.hpp"
#include "storage/times.hpp"

namespace wangge::storage {
namespace {

constexpr auto const& kBy = kClosureBy;
// Groupings that the rollup keeps; a tree of units is added up from its own.
constexpr std::array<std::string_view, 7> kRolled{"district", "street", "unit", "squad", "class", "source", "unit_tree"};

template <std::size_t N>
std::string listed(std::array<std::string_view, N> const& words) {
  std::string out;
  for (auto const word : words) out += (out.empty() ? "" : ", ") + std::string(word);
  return out;
}

template <std::size_t N>
bool one_of(std::array<std::string_view, N> const& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// One row of counts: its key stands in column `at`, the counts behind it.
ClosureRow read_row(pqxx::row const& row, int at) {
  ClosureRow r;
  r.key = pg::text(row[at++]);
  for (auto const& column : kClosureColumns) r.*column.count = pg::number(row[at++]);
  return r;
}

// Rows from the rollup and the instant they are true for; nullopt: it cannot answer this.
std::optional<std::vector<ClosureRow>> from_rollup(pg::Session& s, ClosureRequest const& r, core::Instant& as_of) {
  auto params = scope(r.who).text(r.by == "unit_tree" ? "unit" : r.by);
  for (auto const at : {r.from, r.to, r.as_of, r.previous_as_of}) params.number(at.time_since_epoch().count());
  params.text(r.live ? "t" : "f");
  auto const found = s.run(queries::figure_closure_table, params);
  if (found[0][0].is_null()) return std::nullopt;
  as_of = core::Instant{core::Millis{pg::number(found[0][0])}};
  std::vector<ClosureRow> rows;
  for (auto const& row : found) {
    if (!row[1].is_null()) rows.push_back(read_row(row, 1));
  }
  return rows;
}

std::vector<ClosureRow> from_spans(pg::Session& s, ClosureRequest const& r) {
  std::vector<ClosureRow> rows;
  for (auto const& row : s.run(queries::span_closure_table, closure_params(r).text(r.campaign))) rows.push_back(read_row(row, 0));
  return rows;
}

void check_campaign(core::City const& city, std::string const& key) {
  auto const is_it = [&](core::Campaign const& one) { return one.key == key; };
  if (!key.empty() && key != "*" && std::none_of(city.campaigns.begin(), city.campaigns.end(), is_it)) throw BadFilter("campaign", "no such campaign");
}

// The key above one in a tree: of units by their parents, of places by the code itself. "" = a root.
std::string parent_of(std::string const& key, std::string_view by, core::City const& city) {
  if (by == "region_tree") return key.size() == 12 ? key.substr(0, 9) : key.size() == 9 ? key.substr(0, 6) : "";
  auto const unit = city.units.find(key);
  return unit == city.units.end() || !city.units.contains(unit->second.parent) ? "" : unit->second.parent;
}

// Every row with all below it, the upper ones before theirs. Each case has one unit and one place, so rows may be added.
std::vector<ClosureRow> as_tree(std::vector<ClosureRow> const& leaves, std::string_view by, core::City const& city) {
  std::map<std::string, ClosureRow> sums;
  std::set<std::string> keys;
  for (auto const& leaf : leaves) {
    keys.insert(leaf.key);
    for (auto const& key : path_up(leaf.key, by, city)) {
      for (auto const& column : kClosureColumns) sums[key].*column.count += leaf.*column.count;
    }
  }
  std::vector<ClosureRow> out;
  for (auto& place : tree_of(keys, by, city)) {
    auto& row = out.emplace_back(sums[place.key]);
    row.key = std::move(place.key), row.parent = std::move(place.parent), row.level = place.level;
  }
  return out;
}

}  // namespace

bool is_tree(std::string_view by) { return one_of(kTrees, by); }
bool groups_indicators(std::string_view by) { return one_of(kIndicatorBy, by) || is_tree(by); }

std::vector<std::string> path_up(std::string const& key, std::string_view by, core::City const& city) {
  std::vector<std::string> path;
  for (auto at = key; std::find(path.begin(), path.end(), at) == path.end(); at = parent_of(at, by, city)) {
    if (at.empty() && !path.empty()) break;
    path.push_back(at);
  }
  return path;
}

std::vector<TreePlace> tree_of(std::set<std::string> const& keys, std::string_view by, core::City const& city) {
  std::map<std::string, TreePlace> all;
  for (auto const& key : keys) {
    auto const path = path_up(key, by, city);
    for (std::size_t i = 0; i < path.size(); ++i)
      all[path[i]] = {path[i], i + 1 < path.size() ? path[i + 1] : "", static_cast<int>(path.size() - i) - 1};
  }
  std::vector<TreePlace> out;
  auto const put = [&](auto const& self, std::string const& parent, int level) -> void {
    for (auto const& [key, place] : all) {
      if (place.level != level || place.parent != parent) continue;
      out.push_back(place);
      if (!key.empty()) self(self, key, level + 1);
    }
  };
  put(put, "", 0);
  return out;
}

// "2026-10" for a whole month, else its first and last day.
std::string period_label(core::LocalDay from, core::LocalDay to) {
  auto const first = format_day(from);
  if (first.ends_with("-01") && month_after(from) == to) return first.substr(0, 7);
  auto const last = format_day(to - core::Days{1});
  return first == last ? first : first + "/" + last;
}

namespace {
struct SourceName {
  std::string_view id, zh, en;
};
constexpr std::array<SourceName, 13> kSourceNames{{
    {"patrol", "监督员上报", "Patrol"}, {"hotline_12319", "12319热线", "Hotline 12319"}, {"hotline_12345", "12345热线", "Hotline 12345"},
    {"public", "公众举报", "Public"}, {"leader", "领导批办", "Leader"}, {"media", "媒体曝光", "Media"}, {"video", "视频上报", "Video"},
    {"ai", "智能识别", "AI"}, {"inspection", "督察发现", "Inspection"}, {"department", "部门移交", "Department"},
    {"enforcement", "执法移交", "Enforcement"}, {"sensor", "物联感知", "Sensor"}, {"import", "导入", "Import"}}};
}  // namespace

MonthState month_state(pg::Session& s, core::City const& city, core::LocalDay first, core::Instant now) {
  auto const& calendar = city.calendar_of("");
  auto const month = core::month_of(first);
  MonthState state;
  state.month = format_day(first).substr(0, 7);
  state.cut_off = core::cut_off(calendar, month);
  state.appeals_until = core::appeals_until(calendar, city.policy, month);
  auto const found = s.run(queries::seal_state, pg::Params().text(city.district).text(state.month));
  state.stage = core::stage_of(calendar, city.policy, month, !found.empty(), now);
  if (!found.empty()) {
    state.digest = pg::text(found[0][0]);
    state.signature = pg::text(found[0][1]);
    state.sealed_by = pg::text(found[0][2]);
    state.sealed_at = pg::instant(found[0][3]);
  }
  return state;
}

MonthState ReadModel::month_state(std::string const& district, core::LocalDay first) {
  return impl_->points.with(impl_->points.patience().read, [&](pg::Session& s) {
    return storage::month_state(s, *impl_->city(s, district), first, read_now());
  });
}

std::map<std::string, std::string> row_names(pg::Session& s, ClosureRequest const& r) {
  std::map<std::string, std::string> names;
  bool const en = r.lang == "en";
  if (r.by == "source") {
    for (auto const& source : kSourceNames) names.emplace(source.id, en ? source.en : source.zh);
    return names;
  }
  if (r.by == "post") {
    for (auto const& role : core::kRoles) names.emplace(role.id, en ? role.en : role.zh);
    return names;
  }
  for (auto const& row : s.run(queries::span_closure_names, pg::Params().text(r.who.district).text(r.by == "unit_tree" ? "unit" : r.by))) {
    names.emplace(pg::text(row[0]), pg::text(row[en ? 2 : 1]));
  }
  return names;
}

// The values in force at T: of the version kept then, else as they are; a switch that is newer than the version stands at its
// default.
std::vector<core::NamedSwitch> named_switches(pg::Session& s, std::string const& district, core::Instant as_of, core::ReportOf report) {
  auto values = core::switch_values(core::Policy{});
  for (auto const& row : s.run(queries::district_policy_at, pg::Params().text(district).number(as_of.time_since_epoch().count())))
    for (auto& [name, value] : values)
      if (name == pg::text(row[0])) value = pg::text(row[1]);
  return core::switches_of(report, values);
}

std::optional<std::int64_t> rate_hundredths(std::int64_t part, std::int64_t whole) { return core::rate_of(part, whole); }

pg::Params closure_params(ClosureRequest const& r) {
  auto params = scope(r.who);
  for (auto const at : {r.as_of, r.from, r.to, r.previous_as_of}) params.number(at.time_since_epoch().count());
  params.text(r.by);
  return params;
}

namespace {

// The period and the instants of a list's filter; the grouping is the caller's to check.
ClosureRequest period_request(core::Principal const& who, CaseFilter const& f, core::Calendar const& calendar, core::Instant now) {
  ClosureRequest r;
  r.who = who;
  r.by = f.closure_by.empty() ? "unit" : f.closure_by;
  r.campaign = f.closure_campaign;
  std::optional<core::LocalDay> from, to;  // to: the first day behind
  if (!f.closure_month.empty()) {
    from = parse_month(f.closure_month);
    if (!from) throw BadFilter("closure_month", "YYYY-MM");
    to = month_after(*from);
  } else {
    from = parse_day(f.closure_from);
    if (!from) throw BadFilter("closure_from", "YYYY-MM-DD");
    to = parse_day(f.closure_to);
    if (!to || *to < *from) throw BadFilter("closure_to", "YYYY-MM-DD, not before closure_from");
    to = *to + core::Days{1};
  }
  r.from = calendar.start_of(*from);
  r.to = calendar.start_of(*to);
  r.as_of = std::min(now, calendar.end_of_working_day_after(*to - core::Days{1}, kWorkingDaysToRead));
  if (!f.as_of.empty()) {
    auto const at = parse_instant(f.as_of);
    if (!at) throw BadFilter("as_of", "an RFC 3339 time");
    r.as_of = std::min(r.as_of, *at);
  }
  r.previous_as_of = std::min(r.as_of, calendar.end_of_working_day_after(*from - core::Days{1}, kWorkingDaysToRead));
  return r;
}

}  // namespace

ClosureRequest closure_request(core::Principal const& who, CaseFilter const& f, core::Calendar const& calendar, core::Instant now) {
  if (!f.closure_by.empty() && !one_of(kBy, f.closure_by)) throw BadFilter("closure_by", "no grouping of the closure table");
  auto const column = [&](ClosureColumn const& c) { return c.id == f.closure_field; };
  bool const more = f.closure_field == "closed_late" || f.closure_field == "not_closed";  // what indicators count besides
  if (!more && std::none_of(kClosureColumns.begin(), kClosureColumns.end(), column)) throw BadFilter("closure_field", "no column of the closure table");
  return period_request(who, f, calendar, now);
}

ClosureRequest indicator_request(core::Principal const& who, CaseFilter const& f, core::Calendar const& calendar, core::Instant now) {
  if (!f.closure_by.empty() && !groups_indicators(f.closure_by)) throw BadFilter("closure_by", "no grouping of the indicators");
  return period_request(who, f, calendar, now);
}

std::map<std::string, std::vector<ClosureRow>> ReadModel::closures_from_spans(ClosureRequest const& r) {
  auto params = scope(r.who);
  for (auto const at : {r.as_of, r.from, r.to, r.previous_as_of}) params.number(at.time_since_epoch().count());
  params.text(r.campaign);
  return impl_->pool.with(impl_->pool.patience().heavy, [&](pg::Session& s) {
    std::map<std::string, std::vector<ClosureRow>> tables;
    for (auto const& row : s.run(queries::span_closure_tables, params)) tables[pg::text(row[0])].push_back(read_row(row, 1));
    return tables;
  });
}

ClosureTable ReadModel::closure(ClosureRequest const& request) {
  if (!one_of(kBy, request.by)) throw BadFilter("by", "one of " + listed(kBy));
  auto const heavy = impl_->pool.patience().heavy;
  ClosureTable table;
  table.by = request.by;
  table.campaign = request.campaign;
  table.from = request.from;
  table.to = request.to;
  table.as_of = request.as_of;
  std::map<std::string, std::string> known;
  std::optional<std::vector<ClosureRow>> rows;
  std::shared_ptr<core::City const> city;
  // Reads by key, whose plans are made once: planning would take longer than all the rest.
  impl_->points.with(heavy, [&](pg::Session& s) {
    city = impl_->city(s, request.who.district);
    check_campaign(*city, request.campaign);
    auto const& calendar = city->calendar_of("");
    auto const first = calendar.local_day(request.from), behind = calendar.local_day(request.to);
    table.utc_offset = std::chrono::duration_cast<std::chrono::minutes>(core::Instant{first} - calendar.start_of(first));
    table.month = period_label(first, behind);
    table.period_zh = format_day(first) + " 至 " + format_day(behind - core::Days{1});
    table.period_en = format_day(first) + " to " + format_day(behind - core::Days{1});
    if (table.month.size() == 7) table.state = storage::month_state(s, *city, first, read_now());
    known = row_names(s, request);
    if (!request.campaign.empty()) table.state.reset();  // no part of the month that is made final
    if (!request.from_spans && request.campaign.empty() && one_of(kRolled, request.by)) rows = from_rollup(s, request, table.as_of);
    table.switches = named_switches(s, request.who.district, table.as_of, core::ReportOf::closure);
    return 0;
  });
  table.from_rollup = rows.has_value();
  if (!rows) rows = impl_->pool.with(heavy, [&](pg::Session& s) { return from_spans(s, request); });
  for (auto& row : *rows) {
    for (auto const& column : kClosureColumns) table.total.*column.count += row.*column.count;
  }
  if (is_tree(request.by)) rows = as_tree(*rows, request.by, *city);
  for (auto& row : *rows) {
    auto const name = known.find(row.key);
    row.name = name != known.end() ? name->second : row.key.empty() ? (request.lang == "en" ? "(none yet)" : "（未定）") : row.key;
    table.rows.push_back(std::move(row));
  }
  table.total.name = request.lang == "en" ? "Total" : "合计";
  return table;
}

}  // namespace wangge::storage
