#include "storage/publish/sheets.hpp"

#include <algorithm>

#include "storage/export_text.hpp"
#include "storage/times.hpp"

namespace wangge::storage {
namespace {

using core::Indicator;

Cell cell_of(Indicator const& i, IndicatorRow const* row) {
  auto const value = row == nullptr ? std::nullopt : core::value_of(i, row->counts);
  return !core::is_count(i) ? Cell::two(value) : Cell::count(value);
}

IndicatorRow const* same_row(IndicatorTable const* other, IndicatorRow const& row, bool total) {
  if (other == nullptr) return nullptr;
  if (total) return &other->total;
  for (auto const& one : other->rows) {
    if (one.key == row.key) return &one;
  }
  return nullptr;
}

Sheet headed(IndicatorTable const& t, std::string const& lang, std::string zh, std::string en_title) {
  bool const en = lang == "en";
  Sheet sheet;
  sheet.title = (en ? en_title : zh) + (en ? ", " : " ") + t.label;
  sheet.above.push_back((en ? "Read at: " : "读数时刻：") + format_instant(t.as_of, t.utc_offset));
  if (t.state) sheet.above.push_back(state_line(*t.state, t.utc_offset, lang));
  return sheet;
}

std::string title_of(Indicator const& i, bool en) { return std::string(en ? i.en : i.zh) + std::string(i.unit); }

}  // namespace

Sheet indicator_sheet(IndicatorTable const& t, std::string const& lang, IndicatorTable const* before, IndicatorTable const* year_ago) {
  bool const en = lang == "en";
  auto sheet = headed(t, lang, "指标统计", "Indicators");
  sheet.id = "indicator by " + t.by;
  sheet.name = en ? "Indicators" : "指标";
  sheet.columns = {{"key", en ? "Key" : "代码"}, {"name", en ? "Name" : "名称"}};
  std::vector<std::pair<std::string, std::string>> forms{{"", ""}};
  if (before != nullptr) forms.emplace_back(".previous", en ? "Before: " : "上期");
  if (year_ago != nullptr) forms.emplace_back(".year_ago", en ? "Year ago: " : "去年同期");
  for (auto const& [suffix, words] : forms) {
    for (auto const& i : core::indicators()) sheet.columns.push_back({std::string(i.id) + suffix, words + title_of(i, en), !core::is_count(i)});
  }
  auto const line = [&](IndicatorRow const& row, bool total) {
    auto& cells = sheet.rows.emplace_back();
    cells = {Cell::of(row.key), Cell::of(row.name)};
    for (auto const& i : core::indicators()) cells.push_back(cell_of(i, &row));
    for (auto const* other : {before, year_ago}) {
      if (other == nullptr) continue;
      for (auto const& i : core::indicators()) cells.push_back(cell_of(i, same_row(other, row, total)));
    }
  };
  for (auto const& row : t.rows) line(row, false);
  line(t.total, true);
  sheet.total = true;
  return sheet;
}

Sheet compared_sheet(IndicatorTable const& t, IndicatorTable const* before, IndicatorTable const* year_ago, std::string const& lang) {
  bool const en = lang == "en";
  auto sheet = headed(t, lang, "指标环比同比", "Indicators compared");
  sheet.id = "indicators";
  sheet.name = en ? "Compared" : "环比同比";
  sheet.columns = {{"key", en ? "Indicator" : "代码"}, {"name", en ? "Name" : "指标"}, {"value", en ? "This period" : "本期"},
                   {"previous", en ? "Period before" : "上期"}, {"year_ago", en ? "A year ago" : "去年同期"}};
  for (auto const& i : core::indicators())
    sheet.rows.push_back({Cell::of(std::string(i.id)), Cell::of(title_of(i, en)), cell_of(i, &t.total),
                          cell_of(i, before == nullptr ? nullptr : &before->total), cell_of(i, year_ago == nullptr ? nullptr : &year_ago->total)});
  return sheet;
}

std::vector<Sheet> paper_sheets(Sheet const& wide, std::string const& lang, std::size_t columns) {
  bool const en = lang == "en";
  constexpr std::size_t kFixed = 2;
  std::vector<std::size_t> said;
  for (std::size_t c = kFixed; c < wide.columns.size(); ++c) {
    bool const says = std::any_of(wide.rows.begin(), wide.rows.end(), [&](auto const& row) { return row[c].kind != Cell::Kind::nothing && row[c].value != 0; });
    if (says) said.push_back(c);
  }
  std::vector<Sheet> parts;
  for (std::size_t from = 0; from == 0 || from < said.size(); from += columns) {
    auto& part = parts.emplace_back();
    part.id = wide.id, part.name = wide.name, part.total = wide.total;
    auto const number = std::to_string(parts.size());
    part.title = parts.size() == 1 ? wide.title : wide.title + (en ? " (" + number + ")" : "（" + number + "）");
    if (parts.size() == 1) part.above = wide.above;
    std::vector<std::size_t> shown{0, 1};
    shown.insert(shown.end(), said.begin() + static_cast<std::ptrdiff_t>(from), said.begin() + static_cast<std::ptrdiff_t>(std::min(from + columns, said.size())));
    for (auto const c : shown) part.columns.push_back(wide.columns[c]);
    for (auto const& row : wide.rows) {
      auto& cells = part.rows.emplace_back();
      for (auto const c : shown) cells.push_back(row[c]);
    }
  }
  auto const silent = wide.columns.size() - kFixed - said.size();
  if (silent > 0) parts.back().below.push_back(en ? std::to_string(silent) + " columns say nothing of any row and are left out" : "另有 " + std::to_string(silent) + " 列各行均为零或无数据，未列出");
  parts.back().below.insert(parts.back().below.end(), wide.below.begin(), wide.below.end());
  return parts;
}

Sheet formula_sheet(std::string const& lang) {
  bool const en = lang == "en";
  Sheet sheet;
  sheet.id = "formulas";
  sheet.name = en ? "Basis and formulas" : "口径与公式";
  sheet.title = en ? "Basis and formulas" : "口径与公式";
  sheet.columns = {{"key", en ? "Indicator" : "代码"}, {"name", en ? "Name" : "指标"}, {"formula", en ? "Formula" : "公式"},
                   {"better", en ? "Better" : "优向"}, {"source", en ? "Source" : "出处"}};
  for (auto const& i : core::indicators())
    sheet.rows.push_back({Cell::of(std::string(i.id)), Cell::of(title_of(i, en)), Cell::of(core::formula(i)), Cell::of(std::string(i.better)),
                          Cell::of(std::string(i.source))});
  sheet.below.emplace_back(closure_basis(lang));
  return sheet;
}

}  // namespace wangge::storage
