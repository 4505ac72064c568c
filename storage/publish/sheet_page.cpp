// Sheets on paper: HTML for A4 upright, one sheet of paper a case.
#include <algorithm>

#include "storage/publish/case_sheets.hpp"
#include "storage/publish/html.hpp"

namespace wangge::storage {
namespace {

// Every value stands in an element of its own that isolates its direction: a mark inside cannot turn the line around
// it.
constexpr std::string_view kStyle = R"css(
@page { size: A4 portrait; margin: 14mm 16mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 178mm; color: #000; background: #fff;
  font: 11pt/1.5 "Noto Serif CJK SC", "Source Han Serif SC", SimSun, "Songti SC", serif; }
.sheet { position: relative; break-after: page; padding-top: 1mm; }
.sheet:last-of-type { break-after: auto; }
.sheet header { text-align: center; min-height: 31mm; padding: 0 32mm; }
.organisation { font-size: 13pt; letter-spacing: .08em; margin: 0; }
h1 { font-size: 20pt; letter-spacing: .15em; margin: 2mm 0; }
.number { margin: 0; }
.code { position: absolute; right: 0; top: 0; width: 30mm; text-align: center; font-size: 7pt; line-height: 1.2; overflow-wrap: anywhere; }
.qr { display: block; width: 26mm; height: 26mm; margin: 0 auto; }
bdi { unicode-bidi: isolate; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
th, td { border: .3mm solid #000; padding: 1.2mm 2mm; text-align: left; vertical-align: middle; overflow-wrap: anywhere; white-space: pre-line; font-weight: 400; unicode-bidi: isolate; }
tr { break-inside: avoid; }
tr.tall { break-inside: auto; }
.tall td { height: 22mm; vertical-align: top; }
th { width: 28mm; text-align: center; }
.steps { font-size: 8.5pt; margin-top: 3mm; }
.steps th { width: auto; background: none; font-weight: 600; }
.steps th, .steps td { padding: .4mm 1.5mm; }
.steps .at { width: 34mm; } .steps .step { width: 26mm; } .steps .by { width: 40mm; }
.text { margin: 3mm 0 0; text-align: justify; }
.text + table { margin-top: 3mm; }
.sheet footer { display: flex; justify-content: space-between; gap: 6mm; margin-top: 5mm; break-inside: avoid; }
.sign p { margin: 0 0 4mm; }
.seal { flex: none; width: 46mm; height: 40mm; border: .3mm dashed #999; border-radius: 2mm; color: #767676; text-align: center; padding-top: 16mm; }
.made { font-size: 8pt; color: #444; margin: 3mm 0 0; break-before: avoid; }
@media screen { body { padding: 8mm; } .sheet { border-bottom: .5mm dashed #bbb; padding-bottom: 8mm; margin-bottom: 8mm; } }
@media print { .seal { border-color: transparent; color: transparent; } }
)css";
constexpr std::size_t kStepsMost = 60;  // of a timeline: the first and the newest

class Page {
 public:
  Page(SheetTemplate const& form, PaperHead const& head) : form_(form), head_(head), en_(head.lang == "en") {}

  std::string sheet(PaperCase const& item) {
    item_ = &item;
    out_ = "<article class=\"sheet\"><header><p class=\"organisation\">" +
           html_text(en_ ? head_.city.en : head_.city.zh) + "</p><h1>" + filled(form_.title) + "</h1>";
    if (!form_.number.empty()) out_ += "<p class=\"number\">" + filled(form_.number) + "</p>";
    auto const& no = item.row.case_no;
    out_ += "</header><div class=\"code\">" +
            qr_svg(item.link.empty() ? no : item.link, (en_ ? "Code of case " : "案卷二维码 ") + no) + html_text(no) +
            "</div>";
    std::string signs;
    for (auto const& line : form_.lines) {
      switch (line.kind) {
        case SheetLine::Kind::row:
        case SheetLine::Kind::tall:
          open(true);
          row(line);
          break;
        case SheetLine::Kind::text:
          open(false);
          out_ += "<p class=\"text\">" + filled(line.cells.front()) + "</p>";
          break;
        case SheetLine::Kind::steps:
          open(false);
          steps();
          break;
        case SheetLine::Kind::sign:
          for (auto const& label : line.cells)
            signs += "<p>" + filled(label) + (en_ ? ": " : "：") + "____________</p>";
      }
    }
    open(false);
    out_ += "<footer><div class=\"sign\">" + signs + "</div><div class=\"seal\">" + (en_ ? "Seal" : "（盖章处）") +
            "</div></footer><p class=\"made\">" +
            filled(en_ ? "Printed by {{printed_by}} at {{printed_at}} · version {{version}} of the case"
                       : "打印人：{{printed_by}}　打印时间：{{printed_at}}　案卷版本：{{version}}") +
            "</p></article>";
    return std::move(out_);
  }

 private:
  // Text of the template with its placeholders, each a word of its own direction.
  std::string filled(std::string const& text) {
    std::string out;
    std::size_t from = 0;
    while (true) {
      auto const begin = text.find("{{", from), end = text.find("}}", begin);
      if (begin == std::string::npos || end == std::string::npos)
        return out + html_text(std::string_view(text).substr(from));
      out += html_text(std::string_view(text).substr(from, begin - from));
      auto const value =
          sheet_word(std::string_view(text).substr(begin + 2, end - begin - 2), form_.kind, *item_, head_).value_or("");
      if (!value.empty()) out += "<bdi>" + html_text(value) + "</bdi>";
      from = end + 2;
    }
  }

  void open(bool table) {
    if (table == in_table_) return;
    out_ += table ? "<table class=\"form\"><tbody>" : "</tbody></table>";
    in_table_ = table;
  }

  void row(SheetLine const& line) {
    out_ += line.kind == SheetLine::Kind::tall ? "<tr class=\"tall\">" : "<tr>";
    for (std::size_t i = 0; i + 1 < line.cells.size(); i += 2)
      out_ += "<th scope=\"row\">" + filled(line.cells[i]) + "</th><td" +
              (line.cells.size() == 2 ? " colspan=\"3\">" : ">") + filled(line.cells[i + 1]) + "</td>";
    out_ += "</tr>";
  }

  void steps() {
    auto const cell = [](std::string const& text) { return "<td>" + html_text(text) + "</td>"; };
    out_ += std::string("<table class=\"steps\"><thead><tr><th class=\"at\" scope=\"col\">") + (en_ ? "Time" : "时间") +
            "</th><th class=\"step\" scope=\"col\">" + (en_ ? "Step" : "环节") +
            "</th><th class=\"by\" scope=\"col\">" + (en_ ? "By" : "经办人") + "</th><th scope=\"col\">" +
            (en_ ? "Words" : "意见") + "</th></tr></thead><tbody>";
    std::vector<core::HistoryRow const*> shown;
    for (auto const& one : item_->history)
      if (!one.transport) shown.push_back(&one);
    std::size_t const left_out = shown.size() > kStepsMost ? shown.size() - kStepsMost : 0;
    for (std::size_t i = 0; i < shown.size(); ++i) {
      if (left_out > 0 && i == kStepsMost / 2) {
        out_ += "<tr><td colspan=\"4\">" +
                std::string(en_ ? std::to_string(left_out) + " steps are left out"
                                : "略去 " + std::to_string(left_out) + " 步") +
                "</td></tr>";
        i += left_out;
      }
      auto const version = std::to_string(shown[i]->version);
      auto const said = [&](char const* field) {
        return sheet_word("#" + version + "." + field, form_.kind, *item_, head_).value_or("");
      };
      out_ += "<tr>" + cell(said("at")) + cell(said("step")) + cell(said("who")) + cell(said("said")) + "</tr>";
    }
    out_ += "</tbody></table>";
  }

  SheetTemplate const& form_;
  PaperHead const& head_;
  bool en_;
  PaperCase const* item_ = nullptr;
  std::string out_;
  bool in_table_ = false;
};

}  // namespace

bool has_sheet(SheetKind const& kind, PaperCase const& item) {
  if (kind.step.empty()) return item.row.closed_at.has_value();
  return std::any_of(item.history.begin(), item.history.end(),
                     [&](core::HistoryRow const& row) { return row.action == kind.step; });
}

std::string sheets_page(SheetTemplate const& form, std::vector<PaperCase> const& cases, PaperHead const& head) {
  bool const en = head.lang == "en";
  std::string out = std::string("<!doctype html>\n<html lang=\"") + (en ? "en" : "zh-CN") +
                    "\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>" +
                    html_text(form.title) + (cases.size() == 1 ? " " + html_text(cases.front().row.case_no) : "") +
                    "</title><style>" + std::string(kStyle) + "</style></head><body>";
  Page page(form, head);
  for (auto const& item : cases) out += page.sheet(item);
  return out + "</body></html>\n";
}

}  // namespace wangge::storage
