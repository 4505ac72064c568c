// The papers of a case (立案单, 派遣单, 督办单, 审批表, 核查单, 结案单): a page for A4 each, with its number, a code
// that opens the case and room for the seal. What they say are templates, and so data: ours in templates/sheets_*.txt,
// a city's own in a folder of its gateway; deploy/sheets.md tells how to write one. Goes out: HTML that needs nothing
// from outside and holds no script.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dispatcher/core/city.hpp"
#include "storage/publish/package.hpp"

namespace wangge::storage {

struct SheetKind {
  std::string_view id, zh, en;
  std::string_view step;  // the case's history has it, else there is no such paper; "": the case has ended
};
inline constexpr std::array<SheetKind, 9> kSheetKinds{{{"filing", "立案单", "Filing sheet", "file"},
                                                       {"dispatch", "派遣单", "Dispatch sheet", "dispatch"},
                                                       {"supervision", "督办单", "Supervision order", "supervise"},
                                                       {"extension", "延期审批表", "Extension form", "extend"},
                                                       {"deferral", "缓办审批表", "Deferral form", "defer"},
                                                       {"suspension", "挂账审批表", "Suspension form", "suspend"},
                                                       {"return", "回退审批表", "Return form", "return"},
                                                       {"check", "核查单", "Check sheet", "send_check"},
                                                       {"closing", "结案报告单", "Closing report", ""}}};
SheetKind const* find_sheet_kind(std::string_view id);

inline constexpr std::size_t kSheetTemplatesMost = 256u << 10;  // bytes of a file of templates
inline constexpr std::size_t kSheetLinesMost = 200, kSheetCellsMost = 4;

struct SheetLine {
  enum class Kind : std::uint8_t { row, tall, text, sign, steps };
  Kind kind = Kind::row;
  std::vector<std::string> cells;  // row, tall: label, text, label, text; sign: labels; text: one
};
struct SheetTemplate {
  std::string kind, title, number;
  std::vector<SheetLine> lines;
};
// The templates of a file. Throws BadTemplate naming every line and every placeholder that is not understood.
std::vector<SheetTemplate> sheet_templates(std::string_view text);
// The city's own of this kind where its file has one, else ours.
SheetTemplate sheet_template(std::string_view kind, std::string const& lang, std::string_view own);

struct PaperCase {
  core::Case row;
  std::vector<core::HistoryRow> history;      // oldest first
  std::string reporter_name, reporter_phone;  // as this reader may see them on paper: see masked_*
  std::string link;                           // what the code opens; "" = its number only
};
struct PaperHead {
  std::string lang = "zh";
  core::City const& city;
  std::string printed_by;
  core::Instant printed_at{};
};
// Has this case such a paper?
bool has_sheet(SheetKind const& kind, PaperCase const& item);
// All of them on one page, a sheet of paper each.
std::string sheets_page(SheetTemplate const& form, std::vector<PaperCase> const& cases, PaperHead const& head);

// Paper is passed on: a name keeps its first character, a number its first three and last four.
std::string masked_name(std::string_view name);
std::string masked_phone(std::string_view phone);

// A placeholder's value, its words trimmed; nullopt: there is no such placeholder.
std::optional<std::string> sheet_word(std::string_view expression, std::string_view kind, PaperCase const& item,
                                      PaperHead const& head);
bool is_sheet_word(std::string_view expression);

// A QR code (libqrencode, level M) as SVG without its size; "" when the text is too long for one.
std::string qr_svg(std::string const& text, std::string const& label);

}  // namespace wangge::storage
