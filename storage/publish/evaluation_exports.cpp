// Scores told: every number with its formula and the way to its cases.
#include "dispatcher/core/rate.hpp"
#include "storage/export_text.hpp"
#include "storage/publish/publisher.hpp"
#include "storage/times.hpp"

namespace wangge::storage {
namespace {

using core::Indicator;
using core::SchemePart;

constexpr std::array<std::string_view, 3> kKinds{"rate", "inverse", "bands"};

std::string number(Indicator const& i, std::optional<std::int64_t> value) {
  if (!value) return "null";
  return !core::is_count(i) ? rate_text(*value) : std::to_string(*value);
}
std::string two(std::optional<std::int64_t> value) { return value ? rate_text(*value) : "null"; }

void put(std::string& out, char const* name, std::string_view text) {
  out += ",\"" + std::string(name) + "\":";
  quote(out, text);
}

void put_scheme(std::string& out, Evaluation const& e, bool en) {
  auto const& s = e.scheme;
  out += ",\"scheme\":{\"id\":";
  quote(out, s.id);
  put(out, "object", s.asked());
  put(out, "name", en ? s.en : s.zh);
  put(out, "by", s.by);
  put(out, "post", s.post);
  put(out, "document", s.document);
  out += std::string(",\"standard\":") + (e.standard ? "true" : "false");
  for (auto const& [name, day] : {std::pair("from_day", s.from), std::pair("to_day", s.to ? std::optional(*s.to - core::Days{1}) : std::nullopt)})
    out += ",\"" + std::string(name) + "\":" + (day ? "\"" + format_day(*day) + "\"" : "null");
  out += '}';
}

// The indicator itself with the counts it is made of, each opening into its cases.
void put_counts(std::string& out, Evaluation const& e, IndicatorRow const& row, Indicator const& i) {
  out += ",\"counts\":{";
  bool first = true;
  for (auto const id : !core::is_count(i) ? std::vector{i.from, core::denominator_of(i, row.counts), i.less} : std::vector{i.id}) {
    auto const count = row.counts.find(id);
    if (id.empty() || count == row.counts.end()) continue;
    out += std::string(first ? "" : ",") + "\"" + std::string(id) + "\":{\"count\":" + std::to_string(count->second);
    put(out, "cases", indicator_cases(e.scheme.by, e.from, e.to, e.as_of, e.utc_offset, row.key, id));
    out += '}';
    first = false;
  }
  out += '}';
}

void put_row(std::string& out, Evaluation const& e, core::Judged const& judged, bool en) {
  auto const& row = e.judged.at(judged.key);
  auto const* group = core::group_of(e.scheme, judged.key);
  auto const& parts = core::parts_of(e.scheme, group);
  out += "{\"key\":";
  quote(out, row.key);
  put(out, "name", row.name);
  out += ",\"rank\":" + (judged.rank ? std::to_string(*judged.rank) : "null") + ",\"score\":" + two(judged.score.total) + ",\"grade\":" +
         (judged.score.grade == ' ' ? "null" : std::string("\"") + judged.score.grade + "\"") + ",\"deducted\":" + rate_text(judged.score.deducted) + ",\"parts\":[";
  for (std::size_t n = 0; n < parts.size(); ++n) {
    auto const& i = *core::find_indicator(parts[n].indicator);
    out += std::string(n == 0 ? "" : ",") + "{\"indicator\":\"" + std::string(i.id) + "\"";
    put(out, "name", en ? i.en : i.zh);
    out += ",\"value\":" + number(i, core::value_of(i, row.counts)) + ",\"points\":" + two(judged.score.parts[n]) + ",\"weight\":" + std::to_string(parts[n].weight);
    put_counts(out, e, row, i);
    out += '}';
  }
  out += "],\"deductions\":[";
  bool first = true;
  for (auto const& d : core::deductions_of(e.scheme, group)) {
    auto const count = row.counts.find(d.indicator);
    out += std::string(first ? "" : ",") + "{\"indicator\":\"" + d.indicator + "\",\"each\":" + Cell::two(d.hundredths).text() + ",\"free\":" + std::to_string(d.free) +
           ",\"most\":" + (d.most > 0 ? rate_text(d.most) : "null") + ",\"count\":" + (count == row.counts.end() ? "null" : std::to_string(count->second));
    put(out, "cases", indicator_cases(e.scheme.by, e.from, e.to, e.as_of, e.utc_offset, row.key, d.indicator));
    out += '}';
    first = false;
  }
  out += "]}";
}

void put_parts(std::string& out, std::vector<SchemePart> const& parts, bool en) {
  for (auto const& part : parts) {
    auto const& i = *core::find_indicator(part.indicator);
    out += std::string(&part == &parts.front() ? "" : ",") + "{\"indicator\":\"" + std::string(i.id) + "\"";
    put(out, "name", en ? i.en : i.zh);
    put(out, "formula", core::formula(i));
    put(out, "source", i.source);
    put(out, "kind", kKinds[static_cast<std::size_t>(part.kind)]);
    out += ",\"weight\":" + std::to_string(part.weight) + ",\"bands\":[";
    for (auto const& [from, points] : part.bands)
      out += std::string(&part.bands.front().first == &from ? "" : ",") + "[" + (!core::is_count(i) ? rate_text(from) : std::to_string(from)) + "," + std::to_string(points) + "]";
    out += "]}";
  }
}

}  // namespace

std::string evaluation_json(Evaluation const& e, std::string const& lang) {
  bool const en = lang == "en";
  std::string out = "{\"month\":";
  quote(out, e.label);
  put_scheme(out, e, en);
  for (auto const& [name, at] : {std::pair("from", e.from), std::pair("to", e.to), std::pair("as_of", e.as_of)}) put(out, name, format_instant(at, e.utc_offset));
  put(out, "basis", en ? "Score = sum of points × weight, of what can be judged, less deductions. Points of a rate are its percentage, of inverse 100 less it, of bands as listed. "
                         "A from 90, B from 75, C from 60, D from 40, E below."
                       : "得分 = Σ(分值 × 权重)，不可评价（–）的项不占权重，再减扣分。比率按百分数得分，反向指标为 100 减之，分档指标按档给分。A ≥ 90，B ≥ 75，C ≥ 60，D ≥ 40，E < 40。");
  put_state(out, e.state, e.utc_offset, lang);
  out += ",\"groups\":[";
  auto const count = std::max<std::size_t>(1, e.scheme.groups.size());
  for (std::size_t g = 0; g < count; ++g) {
    auto const* group = e.scheme.groups.empty() ? nullptr : &e.scheme.groups[g];
    out += std::string(g == 0 ? "" : ",") + "{\"id\":";
    quote(out, group ? group->id : "");
    put(out, "name", group ? (en ? group->en : group->zh) : "");
    out += ",\"parts\":[";
    put_parts(out, core::parts_of(e.scheme, group), en);
    out += "],\"rows\":[";
    bool first = true;
    for (auto const& row : e.rows) {
      if (row.group != g) continue;
      if (!std::exchange(first, false)) out += ',';
      put_row(out, e, row, en);
    }
    out += "]}";
  }
  out += "],\"not_evaluated\":[";
  for (auto const& name : e.outside) {
    if (&name != &e.outside.front()) out += ',';
    quote(out, name);
  }
  return out + "]}";
}

Sheet evaluation_sheet(Evaluation const& e, std::string const& lang) {
  bool const en = lang == "en";
  Sheet sheet;
  sheet.id = "evaluation " + std::string(e.scheme.asked());
  sheet.name = en ? e.scheme.en : e.scheme.zh;
  sheet.title = (en ? e.scheme.en + ", " : e.scheme.zh + " ") + e.label;
  sheet.above.push_back((en ? "Read at: " : "读数时刻：") + format_instant(e.as_of, e.utc_offset));
  if (e.state) sheet.above.push_back(state_line(*e.state, e.utc_offset, lang));
  if (!e.scheme.document.empty()) sheet.above.push_back((en ? "By: " : "依据：") + e.scheme.document);
  sheet.columns = {{"rank", en ? "Rank" : "名次"}, {"key", en ? "Key" : "代码"}, {"name", en ? "Name" : "名称"}};
  if (!e.scheme.groups.empty()) sheet.columns.push_back({"group", en ? "Group" : "组别"});
  // Groups may weigh different things: a column for each indicator of any.
  std::vector<std::string> ids;
  auto const gather = [&](std::vector<SchemePart> const& parts) {
    for (auto const& part : parts) {
      if (std::find(ids.begin(), ids.end(), part.indicator) == ids.end()) ids.push_back(part.indicator);
    }
  };
  gather(e.scheme.parts);
  for (auto const& group : e.scheme.groups) gather(group.parts);
  for (auto const& id : ids) {
    auto const& i = *core::find_indicator(id);
    std::string const weight = e.scheme.groups.empty() ? " ×" + std::to_string(std::find_if(e.scheme.parts.begin(), e.scheme.parts.end(), [&](auto const& p) { return p.indicator == id; })->weight) + "%" : "";
    sheet.columns.push_back({id, std::string(en ? i.en : i.zh) + std::string(i.unit), !core::is_count(i)});
    sheet.columns.push_back({id + ".points", std::string(en ? i.en : i.zh) + (en ? ", points" : "得分") + weight});
  }
  sheet.columns.insert(sheet.columns.end(), {{"deducted", en ? "Deducted" : "扣分"}, {"score", en ? "Score" : "得分"}, {"grade", en ? "Grade" : "等级"}});
  for (auto const& judged : e.rows) {
    auto const& row = e.judged.at(judged.key);
    auto const* group = core::group_of(e.scheme, judged.key);
    auto const& parts = core::parts_of(e.scheme, group);
    auto& cells = sheet.rows.emplace_back();
    cells = {Cell::count(judged.rank), Cell::of(row.key), Cell::of(row.name)};
    if (group != nullptr) cells.push_back(Cell::of(en ? group->en : group->zh));
    for (auto const& id : ids) {
      auto const part = std::find_if(parts.begin(), parts.end(), [&](SchemePart const& p) { return p.indicator == id; });
      auto const& i = *core::find_indicator(id);
      auto const value = part == parts.end() ? std::nullopt : core::value_of(i, row.counts);
      cells.push_back(!core::is_count(i) ? Cell::two(value) : Cell::count(value));
      cells.push_back(Cell::two(part == parts.end() ? std::nullopt : judged.score.parts[static_cast<std::size_t>(part - parts.begin())]));
    }
    cells.insert(cells.end(), {Cell::two(judged.score.deducted), Cell::two(judged.score.total), Cell::of(judged.score.grade == ' ' ? "–" : std::string(1, judged.score.grade))});
  }
  if (!e.outside.empty()) {
    std::string names;
    for (auto const& name : e.outside) names += (names.empty() ? "" : en ? ", " : "、") + name;
    sheet.below.push_back((en ? "In no group, so not evaluated: " : "未列入分组，不参评：") + names);
  }
  return sheet;
}

}  // namespace wangge::storage
