// Templates of sheets read: a line a thing, so that an officer can write one without knowing HTML, and none can bring
// any.
#include <algorithm>

#include "storage/publish/bulletin.hpp"
#include "storage/publish/case_sheets.hpp"
#include "storage/templates.hpp"

namespace wangge::storage {
namespace {

struct LineWord {
  std::string_view zh, en;
  SheetLine::Kind kind;
};
constexpr std::array kLineWords{
    LineWord{"行", "row", SheetLine::Kind::row}, LineWord{"栏", "tall", SheetLine::Kind::tall},
    LineWord{"文", "text", SheetLine::Kind::text}, LineWord{"签", "sign", SheetLine::Kind::sign},
    LineWord{"过程", "steps", SheetLine::Kind::steps}};

std::string_view trimmed(std::string_view text) {
  auto const from = text.find_first_not_of(" \t\r"), to = text.find_last_not_of(" \t\r");
  return from == std::string_view::npos ? std::string_view() : text.substr(from, to - from + 1);
}

std::vector<std::string> cells_of(std::string_view text) {
  std::vector<std::string> out;
  while (true) {
    auto const bar = text.find('|');
    out.emplace_back(trimmed(text.substr(0, bar)));
    if (bar == std::string_view::npos) return out;
    text.remove_prefix(bar + 1);
  }
}

class Reader {
 public:
  std::vector<SheetTemplate> read(std::string_view text) {
    if (text.size() > kSheetTemplatesMost)
      throw BadTemplate("a file of templates has 256 KiB at most · 模板文件不得超过 256 KiB");
    if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
    for (; !text.empty(); ++number_) {
      auto const end = text.find('\n');
      line(trimmed(text.substr(0, end)));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    if (!faults_.empty()) throw BadTemplate(faults_);
    return std::move(out_);
  }

 private:
  void fault(std::string const& what) {
    if (faults_.size() < 2000) faults_ += (faults_.empty() ? "" : "; ") + std::to_string(number_) + ": " + what;
  }

  void words(std::string const& text) {
    try {
      fill_text(text, [&](std::string_view expression) -> Value {
        if (!is_sheet_word(expression)) fault("{{" + std::string(expression.substr(0, 80)) + "}}");
        return {};
      });
    } catch (UnknownPlaceholder const& e) {  // no closing braces
      fault(e.what());
    }
  }

  void line(std::string_view text) {
    if (text.empty() || text.front() == '#') return;
    if (text.front() == '[') return begin(text);
    auto const space = std::min(text.find_first_of(" \t"), text.size());
    auto const word = text.substr(0, space), rest = trimmed(text.substr(space));
    if (out_.empty()) return fault("no [kind] yet");
    if (word == "number" || word == "字号") {
      out_.back().number = rest;
      return words(out_.back().number);
    }
    auto const* const known = std::find_if(kLineWords.begin(), kLineWords.end(),
                                           [&](LineWord const& one) { return one.en == word || one.zh == word; });
    if (known == kLineWords.end()) return fault(std::string(word.substr(0, 40)));
    if (out_.back().lines.size() == kSheetLinesMost)
      return fault("more than " + std::to_string(kSheetLinesMost) + " lines");
    auto& made = out_.back().lines.emplace_back(
        SheetLine{known->kind, known->kind == SheetLine::Kind::text ? std::vector{std::string(rest)} : cells_of(rest)});
    bool const pairs = known->kind == SheetLine::Kind::row || known->kind == SheetLine::Kind::tall;
    if (made.cells.size() > kSheetCellsMost || (pairs && made.cells.size() % 2 != 0))
      fault(std::string(word) + " label | text [| label | text]");
    for (auto const& cell : made.cells) words(cell);
  }

  void begin(std::string_view text) {
    auto const end = text.find(']');
    auto const kind = trimmed(text.substr(1, std::min(end, text.size()) - 1));
    auto const* known = find_sheet_kind(kind);
    for (auto const& one : kSheetKinds)
      if (one.zh == kind) known = &one;
    if (end == std::string_view::npos || known == nullptr) return fault("[" + std::string(kind.substr(0, 40)) + "]");
    auto const title = trimmed(text.substr(end + 1));
    out_.push_back({std::string(known->id), std::string(title.empty() ? known->zh : title), "", {}});
  }

  std::vector<SheetTemplate> out_;
  std::string faults_;
  int number_ = 1;
};

}  // namespace

SheetKind const* find_sheet_kind(std::string_view id) {
  auto const* const found =
      std::find_if(kSheetKinds.begin(), kSheetKinds.end(), [&](SheetKind const& k) { return k.id == id; });
  return found == kSheetKinds.end() ? nullptr : found;
}

std::vector<SheetTemplate> sheet_templates(std::string_view text) {
  return Reader().read(text);
}

SheetTemplate sheet_template(std::string_view kind, std::string const& lang, std::string_view own) {
  for (auto const text : {own, lang == "en" ? templates::sheets_en : templates::sheets_zh}) {
    for (auto& one : sheet_templates(text))
      if (one.kind == kind) return one;
  }
  throw BadTemplate("no template " + std::string(kind));
}

}  // namespace wangge::storage
