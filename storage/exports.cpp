// The closure table as JSON, CSV, text and XLSX. Every form carries its basis and the instant it was read at.
#include <algorithm>
#include <array>
#include <cstdio>

#include "storage/export_text.hpp"
#include "storage/publish/sheets.hpp"
#include "storage/read_model.hpp"
#include "storage/times.hpp"

namespace wangge::storage {
namespace {

struct Column {
  std::string_view field, zh, en;
  std::int64_t ClosureRow::*count;                    // a number that opens into its cases, or
  std::int64_t ClosureRow::*part = nullptr;           // the part of `due` that a rate divides
};

constexpr std::array kColumns{
    Column{"filed", "立案数", "Filed", &ClosureRow::filed},
    Column{"dispatched", "派遣数", "Dispatched", &ClosureRow::dispatched},
    Column{"due", "应结案数", "Due", &ClosureRow::due},
    Column{"carried_over", "其中上期结转", "Carried over", &ClosureRow::carried_over},
    Column{"closed", "结案数", "Closed", &ClosureRow::closed},
    Column{"closed_on_time", "按期结案数", "On time", &ClosureRow::closed_on_time},
    Column{"closure_rate", "结案率%", "Closure %", nullptr, &ClosureRow::closed},
    Column{"on_time_closure_rate", "按期结案率%", "On time %", nullptr, &ClosureRow::closed_on_time},
    Column{"rework_rate", "返工率%", "Rework %", nullptr, &ClosureRow::reworked},
    Column{"extension_rate", "延期率%", "Extension %", nullptr, &ClosureRow::extended},
    Column{"awaiting_check", "待核查数", "Awaiting check", &ClosureRow::awaiting_check},
    Column{"in_enforcement", "执法中", "In enforcement", &ClosureRow::in_enforcement},
    Column{"open_at_end", "期末在办", "Open at end", &ClosureRow::open_at_end},
};

struct By {
  std::string_view id, zh, en;
};
constexpr std::array kBys{By{"district", "区县", "District"}, By{"street", "街道", "Street"}, By{"unit", "部门", "Unit"},
                          By{"squad", "中队", "Squad"},       By{"class", "大类", "Class"},   By{"source", "来源", "Source"},
                          By{"community", "社区", "Community"}, By{"grid", "网格", "Grid"}, By{"category", "小类", "Category"},
                          By{"region_tree", "区域", "Region"}, By{"unit_tree", "部门层级", "Unit tree"}};

constexpr std::string_view kBasisZh =
    "口径：应结案 = (甲) 期内部门确认反馈（含上期转入的待核查）且未被核查否定、至读数时刻不再待核查的已立案案件 + (乙) 期末在办、无有效确认反馈且处置时限已过的案件（不论何时立案，上期结转单列） + (丙) 期内强制结案及超时后作废的案件；免考核、合并、自处置案件不计，执法中案件单列。"
    "结案 = (甲) 中至读数时刻已结案；按期结案 = 其中部门确认反馈不晚于处置截止时间。结案率 = 结案 / 应结案；按期结案率 = 按期结案 / 应结案；返工率 = 返工 / 应结案；延期率 = 延期 / 应结案。"
    "读数时刻 = 现在与期末后第 3 个工作日终了（政策：中心日历）中较早者。";
constexpr std::string_view kBasisEn =
    "Basis: due = (a) filed cases whose hand-over, voided by no check, lies in the period or came over from the period before awaiting "
    "its check, less those still awaiting it when the table is read + (b) cases open at the period's end without a valid hand-over "
    "whose deadline has passed, however old (carried over as its own column) + (c) cases forced closed in the period, or voided in it "
    "after their deadline; exempted, merged and self-disposed cases never count, cases in enforcement stand apart. Closed = those of (a) "
    "closed when read; on time = those of them handed over by the deadline. Closure rate = closed / due; on-time closure rate = on time "
    "/ due; rework rate = reworked / due; extension rate = extended / due. Read at the earlier of now and the end of the 3rd working day "
    "after the period (policy: the center's calendar).";

bool english(std::string const& lang) { return lang == "en"; }
std::string basis(ClosureTable const& t, std::string const& lang) {
  std::string words(english(lang) ? kBasisEn : kBasisZh);
  if (!t.switches.empty()) words += (english(lang) ? " " : "") + core::switches_text(t.switches, lang);
  return words;
}

std::string_view by_name(std::string const& by, std::string const& lang) {
  for (auto const& one : kBys) {
    if (one.id == by) return english(lang) ? one.en : one.zh;
  }
  return by;
}

std::optional<std::int64_t> rate(Column const& column, ClosureRow const& row) { return rate_hundredths(row.*column.part, row.due); }

std::string cell_text(Column const& column, ClosureRow const& row) {
  if (column.count != nullptr) return std::to_string(row.*column.count);
  auto const value = rate(column, row);
  return value ? rate_text(*value) : "–";
}

std::string read_at(ClosureTable const& t, std::string const& lang) {
  auto const at = format_instant(t.as_of, t.utc_offset);
  return english(lang) ? "Read at: " + at : "读数时刻：" + at;
}

std::string title(ClosureTable const& t, std::string const& lang) {
  return english(lang) ? "Closure by " + std::string(by_name(t.by, lang)) + ", " + t.period_en
                       : "结案情况表（按" + std::string(by_name(t.by, lang)) + "） " + t.period_zh;
}

// ---- JSON

// What lists exactly the cases of one number. The row without a key is asked for as "-", the total without a key.
std::string cases_url(ClosureTable const& t, ClosureRow const* row, std::string_view field) {
  auto const day = [&](core::Instant at) { return format_day(std::chrono::floor<core::Days>(at + t.utc_offset)); };
  std::string url = "/api/v1/cases?closure_from=" + day(t.from) + "&closure_to=" + day(t.to - core::Millis{1}) + "&closure_by=" + t.by;
  if (row != nullptr) url += "&closure_key=" + (row->key.empty() ? std::string("-") : percent(row->key));
  if (!t.campaign.empty()) url += "&closure_campaign=" + percent(t.campaign);
  return url + "&closure_field=" + std::string(field) + "&as_of=" + format_utc(t.as_of);
}

void put_numbers(std::string& out, ClosureRow const& row) {
  for (auto const& column : kColumns) {
    out += (&column == &kColumns.front() ? "\"" : ",\"") + std::string(column.field) + "\":";
    if (column.count != nullptr) {
      out += std::to_string(row.*column.count);
    } else {
      auto const value = rate(column, row);
      out += value ? rate_text(*value) : "null";
    }
  }
  out += ",\"reworked\":" + std::to_string(row.reworked) + ",\"extended\":" + std::to_string(row.extended);
}

// The same row of another period; a row that is not there counted nothing.
ClosureRow const& same_row(ClosureTable const& other, ClosureRow const& row, bool total) {
  static ClosureRow const nothing{};
  if (total) return other.total;
  auto const found = std::find_if(other.rows.begin(), other.rows.end(), [&](ClosureRow const& r) { return r.key == row.key; });
  return found == other.rows.end() ? nothing : *found;
}

void put_row(std::string& out, ClosureTable const& t, ClosureRow const& row, bool total, ClosureTable const* before,
             ClosureTable const* year_ago) {
  out += "{\"key\":";
  if (total) out += "null";
  else quote(out, row.key);
  out += ",\"name\":";
  quote(out, row.name);
  if (t.by.ends_with("_tree") && !total) {
    out += ",\"level\":" + std::to_string(row.level) + ",\"parent\":";
    if (row.parent.empty()) out += "null";
    else quote(out, row.parent);
  }
  out += ',';
  put_numbers(out, row);
  for (auto const& [name, other] : {std::pair("previous", before), std::pair("year_ago", year_ago)}) {
    if (other == nullptr) continue;
    out += ",\"" + std::string(name) + "\":{";
    put_numbers(out, same_row(*other, row, total));
    out += '}';
  }
  out += ",\"cases\":{";
  bool first = true;
  auto const link = [&](std::string_view field) {
    if (!first) out += ',';
    first = false;
    quote(out, field);
    out += ':';
    quote(out, cases_url(t, total ? nullptr : &row, field));
  };
  for (auto const& column : kColumns) {
    if (column.count != nullptr) link(column.field);
  }
  link("reworked");
  link("extended");
  out += "}}";
}

// ---- CSV and text

// Columns a terminal gives to a text: two for wide characters, none for combining ones.
std::size_t width(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size();) {
    auto const lead = static_cast<unsigned char>(text[i]);
    std::size_t const length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 1;
    std::uint32_t code = length == 1 ? lead : lead & (0x7fu >> length);
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k) code = code << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3f);
    bool const wide = (code >= 0x1100 && code <= 0x115f) || (code >= 0x2e80 && code <= 0xa4cf) || (code >= 0xac00 && code <= 0xd7a3) ||
                      (code >= 0xf900 && code <= 0xfaff) || (code >= 0xfe30 && code <= 0xfe6f) || (code >= 0xff00 && code <= 0xff60) ||
                      (code >= 0xffe0 && code <= 0xffe6) || (code >= 0x20000 && code <= 0x3fffd);
    bool const combining = code >= 0x300 && code <= 0x36f;
    columns += combining ? 0 : wide ? 2 : 1;
    i += length;
  }
  return columns;
}

std::vector<std::vector<std::string>> cells(ClosureTable const& t, std::string const& lang) {
  std::vector<std::vector<std::string>> lines;
  auto& head = lines.emplace_back();
  head.push_back(english(lang) ? "Key" : "代码");
  head.emplace_back(by_name(t.by, lang));
  for (auto const& column : kColumns) head.emplace_back(english(lang) ? column.en : column.zh);
  auto const line = [&](ClosureRow const& row) {
    auto& out = lines.emplace_back();
    out.push_back(row.key);
    out.push_back(std::string(static_cast<std::size_t>(row.level) * 2, ' ') + row.name);
    for (auto const& column : kColumns) out.push_back(cell_text(column, row));
  };
  for (auto const& row : t.rows) line(row);
  line(t.total);
  return lines;
}

}  // namespace

std::string closure_json(ClosureTable const& t, std::string const& month, std::string const& lang, ClosureTable const* before,
                         ClosureTable const* year_ago) {
  std::string out = "{\"month\":";
  quote(out, month.empty() ? t.month : month);
  out += ",\"by\":";
  quote(out, t.by);
  out += ",\"basis\":";
  quote(out, basis(t, lang));
  out += ",\"switches\":";
  put_switches(out, t.switches, lang);
  out += ",\"from\":";
  quote(out, format_instant(t.from, t.utc_offset));
  out += ",\"to\":";
  quote(out, format_instant(t.to, t.utc_offset));
  out += ",\"as_of\":";
  quote(out, format_instant(t.as_of, t.utc_offset));
  put_state(out, t.state, t.utc_offset, lang);
  out += ",\"rows\":[";
  for (auto const& row : t.rows) {
    if (&row != &t.rows.front()) out += ',';
    put_row(out, t, row, false, before, year_ago);
  }
  out += "],\"total\":";
  put_row(out, t, t.total, true, before, year_ago);
  return out + "}";
}

std::string closure_tsv(ClosureTable const& t) {
  std::string out = "key\tname";
  auto const rates = [&](auto const& write) {
    for (auto const& column : kColumns)
      if (column.part != nullptr) write(column);
  };
  for (auto const& column : kClosureColumns) out.append("\t").append(column.id);
  rates([&](Column const& column) { out.append("\t").append(column.field); });
  out += '\n';
  auto const line = [&](ClosureRow const& row) {
    auto name = row.name;
    std::replace_if(name.begin(), name.end(), [](char c) { return c == '\t' || c == '\n' || c == '\r'; }, ' ');
    out += row.key + '\t' + name;
    for (auto const& column : kClosureColumns) out += '\t' + std::to_string(row.*column.count);
    rates([&](Column const& column) {
      auto const value = rate(column, row);
      out += '\t' + (value ? rate_text(*value) : std::string());
    });
    out += '\n';
  };
  for (auto const& row : t.rows) line(row);
  line(t.total);
  return out;
}

std::string closure_csv(ClosureTable const& t, std::string const& lang) {
  std::string out = "\xef\xbb\xbf";
  auto const line = [&](std::vector<std::string> const& fields) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (i != 0) out += ',';
      out += csv_cell(fields[i]);
    }
    out += "\r\n";
  };
  for (auto const& fields : cells(t, lang)) line(fields);
  line({title(t, lang)});
  line({read_at(t, lang)});
  if (t.state) line({state_line(*t.state, t.utc_offset, lang)});
  line({basis(t, lang)});
  return out;
}

std::string closure_text(ClosureTable const& t, std::string const& lang) {
  auto const lines = cells(t, lang);
  std::vector<std::size_t> widths(lines[0].size());
  for (auto const& fields : lines) {
    for (std::size_t i = 0; i < fields.size(); ++i) widths[i] = std::max(widths[i], width(fields[i]));
  }
  std::string out = title(t, lang) + "\n" + read_at(t, lang) + "\n";
  if (t.state) out += state_line(*t.state, t.utc_offset, lang) + "\n";
  out += "\n";
  for (auto const& fields : lines) {
    std::string text;
    for (std::size_t i = 0; i < fields.size(); ++i) {
      std::string const gap(widths[i] - width(fields[i]), ' ');
      if (i != 0) text += "  ";
      text += i < 2 ? fields[i] + gap : gap + fields[i];  // names to the left, numbers to the right
    }
    text.erase(text.find_last_not_of(' ') + 1);
    out += text + "\n";
  }
  return out + "\n" + basis(t, lang) + "\n";
}

Sheet closure_sheet(ClosureTable const& t, std::string const& lang, ClosureTable const* before, ClosureTable const* year_ago) {
  bool const en = english(lang);
  Sheet sheet;
  sheet.id = "closure by " + t.by;
  sheet.name = (en ? "Closure by " : "结案·按") + std::string(by_name(t.by, lang));
  sheet.title = title(t, lang);
  sheet.above.push_back(read_at(t, lang));
  if (t.state) sheet.above.push_back(state_line(*t.state, t.utc_offset, lang));
  sheet.below.emplace_back(basis(t, lang));
  sheet.columns = {{"key", en ? "Key" : "代码"}, {"name", std::string(by_name(t.by, lang))}};
  auto const head = [&](std::string const& suffix, std::string const& words) {
    for (auto const& column : kColumns)
      sheet.columns.push_back({std::string(column.field) + suffix, words + std::string(en ? column.en : column.zh), column.count == nullptr});
  };
  head("", "");
  if (before != nullptr) head(".previous", en ? "Before: " : "上期");
  if (year_ago != nullptr) head(".year_ago", en ? "Year ago: " : "去年同期");
  auto const numbers = [&](std::vector<Cell>& cells, ClosureRow const& row) {
    for (auto const& column : kColumns) cells.push_back(column.count != nullptr ? Cell::count(row.*column.count) : Cell::two(rate(column, row)));
  };
  auto const line = [&](ClosureRow const& row, bool total) {
    auto& cells = sheet.rows.emplace_back();
    cells = {Cell::of(row.key), Cell::of(std::string(static_cast<std::size_t>(row.level) * 2, ' ') + row.name)};
    numbers(cells, row);
    for (auto const* other : {before, year_ago}) {
      if (other != nullptr) numbers(cells, same_row(*other, row, total));
    }
  };
  for (auto const& row : t.rows) line(row, false);
  line(t.total, true);
  sheet.total = true;
  return sheet;
}

std::string_view closure_basis(std::string const& lang) { return english(lang) ? kBasisEn : kBasisZh; }

void closure_xlsx(ClosureTable const& t, std::string const& file, std::string const& lang, ClosureTable const* before,
                  ClosureTable const* year_ago) {
  write_workbook({closure_sheet(t, lang, before, year_ago)}, file);
}

}  // namespace wangge::storage
