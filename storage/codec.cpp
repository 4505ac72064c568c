#include "storage/codec.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "storage/chain.hpp"

namespace wangge::storage {
namespace {

template <class T>
void put_value(pg::Column& column, T const& value) {
  if constexpr (std::is_same_v<T, core::State>) column.add(core::id(value));
  else if constexpr (std::is_same_v<T, std::vector<core::Request>>) column.add(core::requests_text(value));
  else if constexpr (std::is_same_v<T, std::vector<core::Order>>) column.add(core::orders_text(value));
  else column.add(value);
}

template <class T>
void read_value(pqxx::field const& field, T& value) {
  if constexpr (std::is_same_v<T, std::string>) {
    value.assign(field.c_str(), field.size());
  } else if constexpr (std::is_same_v<T, bool>) {
    value = pg::yes(field);
  } else if constexpr (std::is_same_v<T, std::int64_t>) {
    value = pg::number(field);
  } else if constexpr (std::is_same_v<T, double>) {
    std::from_chars(field.c_str(), field.c_str() + field.size(), value);
  } else if constexpr (std::is_same_v<T, core::Instant>) {
    value = core::Instant{core::Millis{pg::number(field)}};
  } else if constexpr (std::is_same_v<T, core::State>) {
    value = read_state(std::string_view(field.c_str(), field.size()));
  } else if constexpr (std::is_same_v<T, std::vector<core::Request>>) {
    value = core::requests_from(std::string_view(field.c_str(), field.size()));
  } else if constexpr (std::is_same_v<T, std::vector<core::Order>>) {
    value = core::orders_from(std::string_view(field.c_str(), field.size()));
  } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
    value = split(std::string_view(field.c_str(), field.size()));
  } else {  // optional
    value.reset();
    if (!field.is_null()) read_value(field, value.emplace());
  }
}

// What the steps from filing to closing move, as cases/move.sql names it.
constexpr std::string_view kMoving[] = {
    "state", "last_at", "condition", "unit", "squad", "holder", "route_rule", "explain", "clock",
    "limit_minutes", "due_at", "warn_at", "accepted_at", "filed_at", "dispatched_at", "stage_due_at",
    "catalogue_version", "run_from", "run_left_ms", "milestone", "milestone_due_at", "left_ms", "signed_at",
    "disposed_at", "handed_over_at", "late", "checked_at", "closed_at", "closing_condition", "returns",
    "rework", "requests", "check_mode", "verify_result", "stage_left_ms", "late_stages", "late_milestones",
    "checked_lon", "checked_lat"};

bool moving(std::string_view field) {
  static std::set<std::string_view> const kFields(std::begin(kMoving), std::end(kMoving));
  return kFields.contains(field);
}

// Which fields go into the columns, in the order of core::for_each_field.
std::vector<bool> const& chosen(CaseColumns::Which which) {
  static auto const kChosen = [] {
    std::array<std::vector<bool>, 3> all;
    core::Case const c;
    auto const put = [&](bool opening) {
      return [&all, opening](char const* name, auto const&) {
        all[0].push_back(opening);
        all[1].push_back(moving(name));
        all[2].push_back(true);
      };
    };
    core::for_each_opening_field(c, put(true));
    core::for_each_later_field(c, put(false));
    return all;
  }();
  return kChosen[static_cast<std::size_t>(which)];
}

}  // namespace

bool has_later_fields(core::Case const& row) {
  static core::Case const kEmpty;
  std::vector<void const*> empty;
  core::for_each_later_field(kEmpty, [&](char const*, auto const& value) { empty.push_back(&value); });
  std::size_t at = 0;
  bool has = false;
  core::for_each_later_field(row, [&](char const*, auto const& value) {
    using Member = std::remove_cvref_t<decltype(value)>;
    has = has || !(*static_cast<Member const*>(empty[at++]) == value);
  });
  return has;
}

core::State read_state(std::string_view id) {
  for (auto const& s : core::kStates) {
    if (s.id == id) return s.state;
  }
  throw Broken("the database holds an unknown state: " + std::string(id));
}

bool moves_only(std::vector<core::HistoryRow> const& rows) {
  return std::all_of(rows.begin(), rows.end(), [](core::HistoryRow const& row) {
    return std::all_of(row.changes.begin(), row.changes.end(), [](auto const& change) { return moving(change.first); });
  });
}

CaseColumns::CaseColumns(Which which)
    : which_(which), columns_(static_cast<std::size_t>(std::count(chosen(which).begin(), chosen(which).end(), true)) + 3) {}

void CaseColumns::add(core::Case const& row, std::string_view dispatched_by) {
  std::size_t at = 0;
  columns_[at++].add(row.case_no);
  columns_[at++].add(row.version);
  auto const& wanted = chosen(which_);
  std::size_t field = 0;
  core::for_each_field(row, [&](char const*, auto const& value) {
    if (wanted[field++]) put_value(columns_[at++], value);
  });
  columns_[at].add(dispatched_by);
}

void CaseColumns::put(pg::Params& params) {
  for (auto& column : columns_) params.array(column);
}

core::Case read_case(pqxx::row const& row, int& at) {
  core::Case c;
  c.district = pg::text(row[at++]);
  c.case_no = pg::text(row[at++]);
  c.version = pg::number(row[at++]);
  core::for_each_field(c, [&](char const*, auto& value) { read_value(row[at++], value); });
  return c;
}

core::Task read_task(pqxx::row const& row, bool* received, int from) {
  core::Task t;
  t.task_id = pg::text(row[from]);
  t.case_no = pg::text(row[from + 1]);
  t.version = pg::number(row[from + 2]);
  auto const kind = pg::text(row[from + 3]);
  for (std::size_t i = 0; i < core::kTaskKinds.size(); ++i) {
    if (core::kTaskKinds[i] == kind) t.kind = static_cast<core::TaskKind>(i);
  }
  t.unit = pg::text(row[from + 4]);
  t.squad = pg::text(row[from + 5]);
  t.holder = pg::text(row[from + 6]);
  t.epoch = pg::number(row[from + 7]);
  t.due_at = pg::instant(row[from + 8]);
  t.open = pg::yes(row[from + 9]);
  t.quiet = pg::yes(row[from + 10]);
  t.created_at = *pg::instant(row[from + 11]);
  if (received != nullptr) *received = pg::yes(row[from + 12]);
  return t;
}

core::Role read_role(std::string_view id) {
  for (auto const& role : core::kRoles) {
    if (role.id == id) return role.role;
  }
  throw std::invalid_argument("an unknown role: " + std::string(id));
}

core::HistoryRow read_history_row(pqxx::row const& row, int at) {
  core::HistoryRow h;
  h.version = pg::number(row[at++]);
  h.action = pg::text(row[at++]);
  h.actor = pg::text(row[at++]);
  h.role = read_role(pg::text(row[at++]));
  h.from = read_state(pg::text(row[at++]));
  h.to = read_state(pg::text(row[at++]));
  h.at = *pg::instant(row[at++]);
  h.reason = pg::text(row[at++]);
  h.opinion = pg::text(row[at++]);
  h.photos = split(pg::text(row[at++]));
  h.command_id = pg::text(row[at++]);
  h.changes = changes_from_json(pg::text(row[at++]));
  h.transport = pg::yes(row[at++]);
  return h;
}

core::Span read_span(pqxx::row const& row, int at) {
  core::Span s;
  s.version = pg::number(row[at]);
  for (std::size_t i = 0; i < core::kSpanKinds.size(); ++i) {
    if (core::kSpanKinds[i] == row[at + 1].c_str()) s.kind = static_cast<core::SpanKind>(i);
  }
  s.from_at = *pg::instant(row[at + 2]);
  s.until_at = pg::instant(row[at + 3]);
  s.ended = pg::text(row[at + 4]);
  s.unit = pg::text(row[at + 5]);
  s.squad = pg::text(row[at + 6]);
  s.due_at = *pg::instant(row[at + 7]);
  s.effect_at = pg::instant(row[at + 8]);
  s.effect_due_at = pg::instant(row[at + 9]);
  return s;
}

std::string iso_day(core::LocalDay day) {
  std::chrono::year_month_day const ymd{day};
  char out[32];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                static_cast<unsigned>(ymd.day()));
  return out;
}

}  // namespace wangge::storage
