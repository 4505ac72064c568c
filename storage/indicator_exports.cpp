// The indicators as JSON, CSV and XLSX: every number with its formula, its source and the way to its cases.
#include <xlsxwriter.h>

#include <stdexcept>

#include "storage/export_text.hpp"
#include "storage/read_model.hpp"
#include "storage/times.hpp"

namespace wangge::storage {
namespace {

using core::Indicator;
using core::Measure;

bool english(std::string const& lang) {
  return lang == "en";
}

std::string shown(Indicator const& i, std::optional<std::int64_t> value, std::string_view nothing) {
  if (!value) return std::string(nothing);
  return !core::is_count(i) ? rate_text(*value) : std::to_string(*value);
}

std::string cases_url(IndicatorTable const& t, IndicatorRow const* row, Indicator const& i) {
  auto const key = row == nullptr ? std::nullopt : std::optional(row->key);
  return indicator_cases(t.by, t.from, t.to, t.as_of, t.utc_offset, key, i.id, t.campaign);
}

IndicatorRow const* same_row(IndicatorTable const* other, IndicatorRow const& row, bool total) {
  if (other == nullptr) return nullptr;
  if (total) return &other->total;
  for (auto const& one : other->rows) {
    if (one.key == row.key) return &one;
  }
  return nullptr;
}

void put_values(std::string& out, char const* name, IndicatorRow const* row) {
  out += ",\"" + std::string(name) + "\":";
  if (row == nullptr) {
    out += "null";
    return;
  }
  out += '{';
  bool first = true;
  for (auto const& i : core::indicators()) {
    if (!first) out += ',';
    first = false;
    out += "\"" + std::string(i.id) + "\":" + shown(i, core::value_of(i, row->counts), "null");
  }
  out += '}';
}

void put_row(std::string& out, IndicatorTable const& t, IndicatorTable const* before, IndicatorTable const* year_ago,
             IndicatorRow const& row, bool total) {
  out += "{\"key\":";
  if (total)
    out += "null";
  else
    quote(out, row.key);
  out += ",\"name\":";
  quote(out, row.name);
  if (is_tree(t.by) && !total) {
    out += ",\"level\":" + std::to_string(row.level) + ",\"parent\":";
    if (row.parent.empty()) out += "null";
    else quote(out, row.parent);
  }
  put_values(out, "values", &row);
  put_values(out, "previous", same_row(before, row, total));
  put_values(out, "year_ago", same_row(year_ago, row, total));
  out += ",\"cases\":{";
  bool first = true;
  for (auto const& i : core::indicators()) {
    if (!core::is_count(i) || !row.counts.contains(i.id)) continue;
    if (!first) out += ',';
    first = false;
    out += "\"" + std::string(i.id) + "\":";
    quote(out, cases_url(t, total ? nullptr : &row, i));
  }
  out += "}}";
}

}  // namespace

std::string indicators_json(IndicatorTable const& t, IndicatorTable const* before, IndicatorTable const* year_ago,
                            std::string const& lang) {
  std::string out = "{\"month\":";
  quote(out, t.label);
  out += ",\"by\":";
  quote(out, t.by);
  for (auto const& [name, at] : {std::pair("from", t.from), std::pair("to", t.to), std::pair("as_of", t.as_of)}) {
    out += ",\"" + std::string(name) + "\":";
    quote(out, format_instant(at, t.utc_offset));
  }
  out += ",\"switches\":";
  put_switches(out, t.switches, lang);
  put_state(out, t.state, t.utc_offset, lang);
  out += ",\"indicators\":[";
  for (auto const& i : core::indicators()) {
    if (&i != &core::indicators().front()) out += ',';
    out += "{\"id\":\"" + std::string(i.id) + "\",\"name\":";
    quote(out, english(lang) ? i.en : i.zh);
    out += ",\"formula\":";
    quote(out, core::formula(i));
    out += ",\"unit\":\"" + std::string(i.unit) + "\",\"better\":\"" + std::string(i.better) + "\",\"source\":";
    quote(out, i.source);
    out += '}';
  }
  out += "],\"rows\":[";
  for (auto const& row : t.rows) {
    if (&row != &t.rows.front()) out += ',';
    put_row(out, t, before, year_ago, row, false);
  }
  out += "],\"total\":";
  put_row(out, t, before, year_ago, t.total, true);
  return out + "}";
}

std::string indicators_csv(IndicatorTable const& t, std::string const& lang) {
  std::string out = english(lang) ? "\xef\xbb\xbf"
                                    "Key,Name"
                                  : "\xef\xbb\xbf"
                                    "代码,名称";
  for (auto const& i : core::indicators())
    out += "," + csv_cell(std::string(english(lang) ? i.en : i.zh) + (i.unit.empty() ? "" : std::string(i.unit)));
  out += "\r\n";
  auto const line = [&](IndicatorRow const& row) {
    out += csv_cell(row.key) + "," + csv_cell(row.name);
    for (auto const& i : core::indicators()) out += "," + shown(i, core::value_of(i, row.counts), "–");
    out += "\r\n";
  };
  for (auto const& row : t.rows) line(row);
  line(t.total);
  if (!t.switches.empty()) out += csv_cell(core::switches_text(t.switches, lang)) + "\r\n";
  if (t.state) out += csv_cell(state_line(*t.state, t.utc_offset, lang)) + "\r\n";
  return out;
}

// Sheets: the table; the whole against the period before and a year ago; the formulas.
void indicators_xlsx(IndicatorTable const& t, IndicatorTable const* before, IndicatorTable const* year_ago,
                     std::string const& file, std::string const& lang) {
  bool const en = english(lang);
  auto* book = workbook_new(file.c_str());
  if (book == nullptr) throw std::runtime_error("cannot write " + file);
  auto* bold = workbook_add_format(book);
  format_set_bold(bold);
  auto* two = workbook_add_format(book);
  format_set_num_format(two, "0.00");
  auto const words = [](lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, std::string const& text,
                        lxw_format* format = nullptr) {
    worksheet_write_string(sheet, row, column, text.c_str(), format);
  };
  auto const value = [&](lxw_worksheet* sheet, lxw_row_t row, lxw_col_t column, Indicator const& i,
                         IndicatorRow const* from) {
    auto const found = from == nullptr ? std::nullopt : core::value_of(i, from->counts);
    if (!found) return words(sheet, row, column, "–");
    bool const rate = !core::is_count(i);
    worksheet_write_number(sheet, row, column, rate ? static_cast<double>(*found) / 100 : static_cast<double>(*found),
                           rate ? two : nullptr);
  };
  auto* table = workbook_add_worksheet(book, en ? "Indicators" : "指标");
  words(table, 0, 0, (en ? "Indicators, " : "指标统计 ") + t.label, bold);
  words(table, 1, 0, (en ? "Read at: " : "读数时刻：") + format_instant(t.as_of, t.utc_offset));
  if (t.state) words(table, 2, 0, state_line(*t.state, t.utc_offset, lang));
  lxw_col_t column = 2;
  for (auto const& i : core::indicators())
    words(table, 3, column++, std::string(en ? i.en : i.zh) + std::string(i.unit), bold);
  lxw_row_t at = 4;
  auto const line = [&](IndicatorRow const& row) {
    words(table, at, 0, row.key);
    words(table, at, 1, row.name);
    lxw_col_t c = 2;
    for (auto const& i : core::indicators()) value(table, at, c++, i, &row);
    ++at;
  };
  for (auto const& row : t.rows) line(row);
  line(t.total);
  worksheet_freeze_panes(table, 4, 2);
  auto* compared = workbook_add_worksheet(book, en ? "Compared" : "环比同比");
  auto* formulas = workbook_add_worksheet(book, en ? "Formulas" : "口径");
  std::array<std::string, 4> const head{en ? "Indicator" : "指标", en ? "This period" : "本期",
                                        en ? "Period before" : "上期", en ? "A year ago" : "去年同期"};
  for (std::size_t i = 0; i < head.size(); ++i) words(compared, 0, static_cast<lxw_col_t>(i), head[i], bold);
  at = 1;
  for (auto const& i : core::indicators()) {
    words(compared, at, 0, std::string(en ? i.en : i.zh));
    value(compared, at, 1, i, &t.total);
    value(compared, at, 2, i, before == nullptr ? nullptr : &before->total);
    value(compared, at, 3, i, year_ago == nullptr ? nullptr : &year_ago->total);
    words(formulas, at - 1, 0, std::string(i.id));
    words(formulas, at - 1, 1, std::string(en ? i.en : i.zh));
    words(formulas, at - 1, 2, core::formula(i));
    words(formulas, at - 1, 3, std::string(i.source));
    ++at;
  }
  if (!t.switches.empty()) words(formulas, at, 0, core::switches_text(t.switches, lang));
  for (auto* sheet : {table, compared, formulas}) worksheet_set_column(sheet, 0, 2, 20, nullptr);
  if (auto const error = workbook_close(book); error != LXW_NO_ERROR)
    throw std::runtime_error("cannot write " + file + ": " + lxw_strerror(error));
}

}  // namespace wangge::storage
