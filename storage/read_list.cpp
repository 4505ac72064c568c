// Lists of cases: filters, sorts, keyset cursors; and the lists behind the closure table's numbers.
#include <algorithm>
#include <array>
#include <charconv>
#include <functional>

#include "storage/lists.hpp"
#include "storage/reader.hpp"
#include "storage/times.hpp"

namespace wangge::storage {
namespace {

struct Sort {
  std::string_view name;
  Query const &open, &states, &all;  // of open cases only; of open ones in some states; of all
};
constexpr Sort by(std::string_view name, Query const& query) { return {name, query, query, query}; }
constexpr std::array kSorts{
    Sort{"due", queries::cases_list_due, queries::cases_list_due_states, queries::cases_list_due_all},
    by("-opened_at", queries::cases_list_newest), by("opened_at", queries::cases_list_oldest), by("case_no", queries::cases_list_number)};

// The states a filter leaves; nullopt = all.
std::optional<std::vector<core::StateInfo>> states_of(CaseFilter const& f) {
  if (f.state.empty() && f.stage.empty()) return std::nullopt;
  std::vector<core::StateInfo> states;
  bool known_state = f.state.empty(), known_stage = f.stage.empty();
  for (auto const& s : core::kStates) {
    known_state |= s.id == f.state;
    known_stage |= core::id(s.stage) == f.stage;
    if ((f.state.empty() || s.id == f.state) && (f.stage.empty() || core::id(s.stage) == f.stage)) states.push_back(s);
  }
  if (!known_state) throw BadFilter("state", "no such state");
  if (!known_stage) throw BadFilter("stage", "no such stage");
  return states;
}

// Does the filter leave open cases only? Then the queues' indexes serve it. An ended case has no light.
bool only_open(CaseFilter const& f, std::optional<std::vector<core::StateInfo>> const& states) {
  return f.open_only || !f.light.empty() ||
         (states && std::all_of(states->begin(), states->end(), [](auto const& s) { return s.open; }));
}

// Queues and questions about deadlines go by deadline; everything else is newest first.
Sort const& sort_of(CaseFilter const& f, bool open) {
  std::string_view const name = !f.sort.empty() ? std::string_view(f.sort) : open || !f.due_before.empty() ? "due" : "-opened_at";
  for (auto const& sort : kSorts) {
    if (sort.name == name) return sort;
  }
  throw BadFilter("sort", "due, -opened_at, opened_at or case_no");
}

std::string like_pattern(std::string const& text) {
  if (text.empty()) return {};
  std::string out = "%";
  for (char c : text) {
    if (c == '%' || c == '_' || c == '\\') out += '\\';
    out += c;
  }
  return out + '%';
}

void put_bbox(pg::Params& params, std::string const& bbox) {
  if (bbox.empty()) {
    for (int i = 0; i < 4; ++i) params.null();
    return;
  }
  std::string_view rest = bbox;
  std::array<double, 4> side{};
  for (int i = 0; i < 4; ++i) {
    auto const comma = std::min(rest.find(','), rest.size());
    auto& value = side[static_cast<std::size_t>(i)];
    auto const read = std::from_chars(rest.data(), rest.data() + comma, value);
    bool const last = i == 3;
    if (read.ec != std::errc{} || read.ptr != rest.data() + comma || !(value >= -360 && value <= 360) || last != (comma == rest.size())) {
      throw BadFilter("bbox", "west,south,east,north in degrees");
    }
    params.text(rest.substr(0, comma));
    rest.remove_prefix(last ? comma : comma + 1);
  }
  if (side[0] > side[2] || side[1] > side[3]) throw BadFilter("bbox", "west,south,east,north in degrees");
}

void put_instant(pg::Params& params, std::optional<core::Instant> at) {
  at ? params.number(at->time_since_epoch().count()) : params.null();
}

pg::Params list_params(core::Principal const& who, CaseFilter const& f, std::optional<std::vector<core::StateInfo>> const& states,
                       bool open, std::function<core::Calendar()> const& calendar) {
  auto params = scope(who);
  params.number(read_now().time_since_epoch().count());
  if (states) {
    std::vector<std::string> ids;
    for (auto const& s : *states) ids.emplace_back(s.id);
    params.array(ids);
  } else {
    params.null();
  }
  params.text(f.street).text(f.grid).text(f.category).text(f.unit).text(f.squad).text(f.light).text(f.source).text(like_pattern(f.text));
  std::optional<core::Instant> from, to, due;
  if (!f.month.empty()) {
    auto const month = parse_month(f.month);
    if (!month) throw BadFilter("month", "YYYY-MM");
    auto const local = calendar();
    from = local.start_of(*month);
    to = local.start_of(month_after(*month));
  }
  if (!f.due_before.empty()) {
    // A plain day is meant to its end, in the district's zone.
    if (auto const day = parse_day(f.due_before)) due = calendar().start_of(*day + core::Days{1});
    else due = parse_instant(f.due_before);
    if (!due) throw BadFilter("due", "an RFC 3339 time or a day");
  }
  put_instant(params, from);
  put_instant(params, to);
  put_instant(params, due);
  put_bbox(params, f.bbox);
  params.text(open ? "t" : "f").text(f.campaign).text(f.campaign_field);
  return params;
}

int limit_of(CaseFilter const& f) {
  if (f.limit < 1 || f.limit > 200) throw BadFilter("limit", "1 to 200");
  return f.limit;
}

// The place that a cursor of the closure table's lists names.
std::string behind(CaseFilter const& f) { return f.cursor.empty() ? std::string() : read_cursor(f.cursor, "closure", 2)[1]; }

// From the lists of a month that has some.
std::optional<Page> list_listed(pg::Session& s, core::City const& city, core::Principal const& who, CaseFilter f) {
  if (!f.indicator.empty()) {
    auto const* indicator = core::find_indicator(f.indicator);
    if (indicator == nullptr || indicator->measure != core::Measure::closure) return std::nullopt;
    f.closure_field = indicator->from;
  }
  auto const request = closure_request(who, f, city.calendar_of(""), read_now());
  f.limit = limit_of(f);
  return list_page(s, city, request, f, behind(f));
}

// The whole month is computed.
Page list_closure(pg::Session& s, core::City const& city, core::Principal const& who, CaseFilter const& f) {
  auto const request = closure_request(who, f, city.calendar_of(""), read_now());
  auto params = closure_params(request);
  params.text(f.closure_field);
  if (f.closure_key.empty()) params.null();
  else params.text(f.closure_key == "-" ? "" : f.closure_key);
  params.text(behind(f)).number(limit_of(f) + 1).number(read_now().time_since_epoch().count());
  params.text(request.campaign);
  return page_of(s.run(queries::span_closure_cases, params), f.limit, "closure");
}

// The cases behind an indicator: through the closure table's own list where it is one of its columns.
Page list_indicator(pg::Session& s, core::City const& city, core::Principal const& who, CaseFilter f) {
  auto const* indicator = core::find_indicator(f.indicator);
  if (indicator == nullptr || !core::is_count(*indicator)) throw BadFilter("indicator", "no such count");
  if (indicator->measure == core::Measure::closure) {
    f.closure_field = indicator->from;
    return list_closure(s, city, who, f);
  }
  auto const request = indicator_request(who, f, city.calendar_of(""), read_now());
  std::string const sort = "indicator";
  std::string after;
  if (!f.cursor.empty()) after = read_cursor(f.cursor, sort, 2)[1];
  auto params = indicator_params(request);
  params.text(mark_of(*indicator, request.by)).text(condition_of(indicator->measure));
  if (f.closure_key.empty()) params.null();
  else params.text(f.closure_key == "-" ? "" : f.closure_key);
  params.text(after).number(limit_of(f) + 1).number(read_now().time_since_epoch().count());
  params.text(request.campaign);
  return page_of(s.run(queries::mark_cases, params), f.limit, sort);
}

Page list_queue(pg::Session& s, core::Principal const& who, CaseFilter const& f, std::function<core::Calendar()> const& calendar) {
  auto const states = states_of(f);
  bool const open = only_open(f, states);
  auto const& sort = sort_of(f, open);
  auto params = list_params(who, f, states, open, calendar);
  if (f.cursor.empty()) {
    params.null().null();
  } else {
    for (auto const& part : read_cursor(f.cursor, sort.name, 2)) params.text(part);
  }
  params.number(limit_of(f) + 1);
  auto const& query = !open ? sort.all : states ? sort.states : sort.open;
  return page_of(s.run(query, params), f.limit, std::string(sort.name));
}

}  // namespace

Page ReadModel::list_cases(core::Principal const& who, CaseFilter const& filter) {
  if (who.role == core::Role::reporter) return {"[]", ""};  // their own reports, one by one, and no lists
  bool const closure = !filter.closure_month.empty() || !filter.closure_from.empty() || !filter.closure_field.empty() ||
                       !filter.indicator.empty();
  try {
    auto const limit = closure ? impl_->pool.patience().heavy : impl_->pool.patience().read;
    if (closure) {
      auto listed = impl_->points.with(limit, [&](pg::Session& s) { return list_listed(s, *impl_->city(s, who.district), who, filter); });
      if (listed) return std::move(*listed);
    }
    return impl_->pool.with(limit, [&](pg::Session& s) {
      auto const calendar = [&] { return impl_->calendar(s, who.district); };
      if (!filter.indicator.empty()) return list_indicator(s, *impl_->city(s, who.district), who, filter);
      return closure ? list_closure(s, *impl_->city(s, who.district), who, filter) : list_queue(s, who, filter, calendar);
    });
  } catch (Poison const& e) {  // a text that no database can hold matches nothing it holds
    throw BadFilter(filter.cursor.empty() ? "text" : "cursor", e.what());
  }
}

std::string ReadModel::light_counts(core::Principal const& who, CaseFilter const& filter) {
  if (who.role == core::Role::reporter) return "{}";
  try {
    return impl_->pool.with([&](pg::Session& s) {
      auto const params = list_params(who, filter, states_of(filter), true, [&] { return impl_->calendar(s, who.district); });
      return pg::text(s.run(queries::saved_view_lights, params)[0][0]);
    });
  } catch (Poison const& e) {
    throw BadFilter("text", e.what());
  }
}

}  // namespace wangge::storage
