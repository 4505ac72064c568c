// The page for paper.
#include "storage/publish/html.hpp"
#include "storage/publish/sheet.hpp"

namespace wangge::storage {
namespace {

constexpr std::string_view kStyle = R"css(
@page { size: A4 landscape; margin: 15mm 12mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 273mm; color: #000; background: #fff;
  font: 10.5pt/1.5 "Noto Serif CJK SC", "Source Han Serif SC", SimSun, "Songti SC", serif; }
header { text-align: center; }
.organisation { font-size: 16pt; letter-spacing: .1em; }
.number { margin: 2mm 0; min-height: 1.5em; }
h1 { font-size: 18pt; margin: 2mm 0 4mm; }
h2 { font-size: 12pt; margin: 6mm 0 1mm; break-after: avoid; }
p { margin: 1mm 0; }
.basis { font-size: 9pt; text-align: justify; }
table { width: 100%; border-collapse: collapse; margin: 2mm 0; font-size: 9pt; }
th, td { border: .3mm solid #000; padding: .8mm 1.2mm; }
th { font-weight: bold; text-align: center; }
td { text-align: right; font-variant-numeric: tabular-nums; }
td.words { text-align: left; overflow-wrap: break-word; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
tr.total { font-weight: bold; }
section { break-inside: auto; }
section + section { break-before: page; }
footer { display: flex; justify-content: space-between; margin-top: 10mm; break-inside: avoid; }
.sign { min-width: 60mm; }
.seal { width: 60mm; height: 42mm; border: .3mm dashed #999; border-radius: 2mm; color: #777; text-align: center; padding-top: 16mm; }
@media screen { body { padding: 8mm; } }
@media print { .seal { border-color: transparent; color: transparent; } }
)css";

void put_table(std::string& out, Sheet const& sheet) {
  if (sheet.columns.empty()) return;
  out += "<table><thead><tr>";
  for (auto const& column : sheet.columns) out += "<th scope=\"col\">" + html_text(column.title) + "</th>";
  out += "</tr></thead><tbody>";
  for (auto const& row : sheet.rows) {
    out += sheet.total && &row == &sheet.rows.back() ? "<tr class=\"total\">" : "<tr>";
    for (auto const& cell : row)
      out += (cell.kind == Cell::Kind::words ? "<td class=\"words\">" : "<td>") + html_text(cell.text()) + "</td>";
    out += "</tr>";
  }
  out += "</tbody></table>";
}

}  // namespace

std::string html_text(std::string_view text) {
  std::string out;
  for (char const c : text) {
    switch (c) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string print_page(PrintHead const& head, std::vector<Sheet> const& sheets) {
  bool const en = head.lang == "en";
  std::string out = std::string("<!doctype html>\n<html lang=\"") + (en ? "en" : "zh-CN") +
                    "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>" +
                    html_text(head.title) + "</title><style>" + std::string(kStyle) + "</style></head><body><header>";
  if (!head.organisation.empty()) out += "<p class=\"organisation\">" + html_text(head.organisation) + "</p>";
  out += "<p class=\"number\">" + html_text(head.number.empty() ? (en ? "No. ____________" : "编号：____________") : head.number) +
         "</p><h1>" + html_text(head.title) + "</h1></header>";
  for (auto const& sheet : sheets) {
    out += "<section>";
    if (sheet.title != head.title) out += "<h2>" + html_text(sheet.title) + "</h2>";
    for (auto const& line : sheet.above) out += "<p>" + html_text(line) + "</p>";
    put_table(out, sheet);
    for (auto const& line : sheet.below) out += "<p class=\"basis\">" + html_text(line) + "</p>";
    out += "</section>";
  }
  auto const sign = [&](char const* zh, char const* english) { return std::string(en ? english : zh) + "____________"; };
  out += "<footer><div class=\"sign\"><p>" + sign("制表：", "Made by: ") + "</p><p>" + sign("审核：", "Checked by: ") + "</p><p>" +
         sign("日期：", "Date: ") + "</p></div><div class=\"seal\">" + (en ? "Seal" : "（盖章处）") + "</div></footer></body></html>\n";
  return out;
}

}  // namespace wangge::storage
