// The indicators of a period, counted by one grouping: marks in one pass, the closure table's columns, what stands at
// T.
#include <algorithm>

#include "dispatcher/core/rate.hpp"
#include "storage/reader.hpp"
#include "storage/times.hpp"

namespace wangge::storage {

bool is_body(std::string_view by) {
  return by == "unit" || by == "squad" || by == "post" || by == "person" || by == "unit_tree";
}

namespace {

using core::Indicator;
using core::Measure;

bool closure_by(std::string_view by) {
  return by != "post" && by != "person";
}

// Counts of one mark, in the columns of mark/counts.sql from the fourth on.
struct MarkCounts {
  std::int64_t cases = 0, rows = 0, valid = 0, stands = 0, right = 0, wrong = 0, held = 0;
  std::int64_t of(Measure measure) const {
    switch (measure) {
      case Measure::rows:
        return rows;
      case Measure::valid:
        return valid;
      case Measure::not_void:
        return stands;
      case Measure::right:
        return right;
      case Measure::wrong:
        return wrong;
      case Measure::held:
        return held;
      default:
        return cases;
    }
  }
};

// Rows by key as they are found; the whole under `total`.
struct Found {
  std::map<std::string, core::Counts> rows;
  core::Counts total;
};

void count_marks(pg::Session& s, ClosureRequest const& r, Found& found) {
  std::map<std::string, std::map<std::string, MarkCounts>> by_key;
  std::map<std::string, MarkCounts> whole;
  auto params = indicator_params(r).text(r.campaign);
  static_assert(core::kMarks.size() < 63, "mark/counts.sql has a bit for each mark");
  if (!is_tree(r.by)) params.array(std::vector<std::string>(core::kMarks.begin(), core::kMarks.end()));
  for (auto const& row : s.run(is_tree(r.by) ? queries::mark_tree_counts : queries::mark_counts, params)) {
    MarkCounts const counts{pg::number(row[3]), pg::number(row[4]), pg::number(row[5]),
                            pg::number(row[6]), pg::number(row[7]), pg::number(row[8]), pg::number(row[9])};
    auto const mark = pg::text(row[2]);
    if (pg::yes(row[0]))
      whole[mark] = counts;
    else
      by_key[pg::text(row[1])][mark] = counts;
  }
  auto const fill = [&](core::Counts& to, std::map<std::string, MarkCounts> const& from) {
    for (auto const& indicator : core::indicators()) {
      if (indicator.measure >= Measure::closure) continue;
      auto const one = from.find(std::string(mark_of(indicator, r.by)));
      to[indicator.id] = one == from.end() ? 0 : one->second.of(indicator.measure);
    }
  };
  for (auto const& [key, marks] : by_key) fill(found.rows[key], marks);
  fill(found.total, whole);
}

std::int64_t column_of(ClosureRow const& row, std::string_view column) {
  if (column == "closed_late") return row.closed - row.closed_on_time;
  if (column == "not_closed") return row.due - row.closed;
  auto const known = std::find_if(kClosureColumns.begin(), kClosureColumns.end(),
                                  [&](ClosureColumn const& c) { return c.id == column; });
  return row.*known->count;
}

void put_closure(ClosureTable const& table, Found& found) {
  auto const fill = [](core::Counts& to, ClosureRow const& row) {
    for (auto const& indicator : core::indicators()) {
      if (indicator.measure == Measure::closure) to[indicator.id] = column_of(row, indicator.from);
    }
  };
  for (auto const& row : table.rows) fill(found.rows[row.key], row);
  for (auto& [key, counts] : found.rows) {
    if (!counts.contains("need_archive_num")) fill(counts, {});
  }
  fill(found.total, table.total);
}

// What stands has one unit and one place: the rows of a tree may be added.
void count_standing(pg::Session& s, ClosureRequest const& r, core::City const& city, Found& found) {
  constexpr std::array<std::string_view, 4> kStocks{"to_dispose", "overtime_to_dispose", "hang", "backlog"};
  auto const fill = [&](core::Counts& to, std::array<std::int64_t, 4> const& stocks) {
    for (auto const& indicator : core::indicators()) {
      if (indicator.measure != Measure::stock) continue;
      auto const at = std::find(kStocks.begin(), kStocks.end(), indicator.from) - kStocks.begin();
      to[indicator.id] += stocks[static_cast<std::size_t>(at)];
    }
  };
  fill(found.total, {});
  for (auto& [key, counts] : found.rows) fill(counts, {});
  for (auto const& row : s.run(queries::mark_standing, indicator_params(r).text(r.campaign))) {
    std::array<std::int64_t, 4> const stocks{pg::number(row[1]), pg::number(row[2]), pg::number(row[3]),
                                             pg::number(row[4])};
    auto const key = pg::text(row[0]);
    for (auto const& one : is_tree(r.by) ? path_up(key, r.by, city) : std::vector{key}) {
      auto& counts = found.rows[one];
      if (counts.empty()) fill(counts, {});
      fill(counts, stocks);
    }
    fill(found.total, stocks);
  }
}

}  // namespace

// A number by people or bodies may count another mark than one by places: every filed case is a dispatch due, but to
// whom it was due shows only when somebody dispatched it.
std::string_view mark_of(Indicator const& indicator, std::string_view by) {
  return core::one_of(indicator.from, is_body(by));
}

std::string_view condition_of(Measure measure) {
  constexpr std::array<std::string_view, 11> kConditions{"cases", "rows",    "valid", "not_void", "right", "wrong",
                                                         "held",  "closure", "stock", "rate",     "score"};
  return kConditions[static_cast<std::size_t>(measure)];
}

pg::Params indicator_params(ClosureRequest const& r) {
  auto params = scope(r.who);
  auto const up_to = std::min(r.to, r.as_of + core::Millis{1});
  params.number(r.from.time_since_epoch().count()).number(up_to.time_since_epoch().count()).text(r.by);
  params.number(r.as_of.time_since_epoch().count());
  return params;
}

IndicatorTable ReadModel::indicators(ClosureRequest const& request) {
  if (!groups_indicators(request.by))
    throw BadFilter("by", "one of district, street, grid, unit, squad, post, person, class, category, source, region_tree or unit_tree");
  Found found;
  ClosureRequest asked = request;
  bool const closes = closure_by(request.by);
  if (!closes) asked.by = "district";
  auto const closed = closure(asked);
  asked = request;
  asked.as_of = closed.as_of;
  IndicatorTable table;
  impl_->pool.with(impl_->pool.patience().heavy, [&](pg::Session& s) {
    count_marks(s, asked, found);
    bool const stands = request.by != "post" && request.by != "person";
    if (closes) put_closure(closed, found);
    auto const city = impl_->city(s, request.who.district);
    if (stands) count_standing(s, asked, *city, found);
    auto const names = row_names(s, request);
    table.switches = named_switches(s, request.who.district, closed.as_of, core::ReportOf::indicators);
    std::vector<TreePlace> places;
    std::set<std::string> keys;
    for (auto const& [key, counts] : found.rows) {
      keys.insert(key);
      if (!is_tree(request.by)) places.push_back({key, "", 0});
    }
    if (is_tree(request.by)) places = tree_of(keys, request.by, *city);
    for (auto const& [key, parent, level] : places) {
      auto const name = names.find(key);
      auto const nobody = request.lang == "en" ? "(none yet)" : "（未定）";
      table.rows.push_back({key, name != names.end() ? name->second : key.empty() ? nobody : key, std::move(found.rows[key]), parent, level});
    }
    return 0;
  });
  table.by = request.by;
  table.campaign = request.campaign;
  table.label = closed.month;
  table.from = request.from;
  table.to = request.to;
  table.as_of = closed.as_of;
  table.state = closed.state;
  table.utc_offset = closed.utc_offset;
  table.total = {"", request.lang == "en" ? "Total" : "合计", std::move(found.total), "", 0};
  if (!closes) {  // the whole is known although the rows are not
    Found whole;
    put_closure(closed, whole);
    for (auto const& [id, count] : whole.total) table.total.counts[id] = count;
  }
  return table;
}

}  // namespace wangge::storage
