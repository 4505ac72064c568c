// A .docx template: WordprocessingML (ECMA-376). Word splits what somebody typed into runs as it likes ("{{mo" "nth}}"), so a
// paragraph is read as one text and the value is put where its placeholder began, in that run's own form.
#include <pugixml.hpp>

#include <sstream>

#include "storage/publish/bulletin.hpp"
#include "storage/publish/xml.hpp"

namespace wangge::storage {
namespace {

using Node = pugi::xml_node;

bool named(Node node, char const* name) { return std::string_view(node.name()) == name; }

// The text nodes of a paragraph, not of a text box inside it.
void texts_of(Node node, std::vector<Node>& out) {
  for (auto child : node.children()) {
    if (named(child, "w:t")) out.push_back(child);
    else if (!named(child, "w:p")) texts_of(child, out);
  }
}

std::string text_of(std::vector<Node> const& texts) {
  std::string out;
  for (auto const& text : texts) out += text.text().get();
  return out;
}

std::string text_under(Node node) {
  if (named(node, "w:t")) return node.text().get();
  std::string out;
  for (auto child : node.children()) out += text_under(child);
  return out;
}

void set_text(Node text, std::string const& value) {
  text.text().set(clean_xml(value).c_str());
  if (!text.attribute("xml:space")) text.append_attribute("xml:space");
  text.attribute("xml:space").set_value("preserve");
}

// Replaces [from, to) of the paragraph's text by `value`, which lands in the run where it began.
void replace(std::vector<Node> const& texts, std::size_t from, std::size_t to, std::string const& value) {
  std::size_t at = 0;
  bool put = false;
  for (auto const& node : texts) {
    std::string const text = node.text().get();
    auto const begin = at, end = at + text.size();
    at = end;
    if (end <= from || begin >= to) continue;
    auto const head = text.substr(0, from > begin ? from - begin : 0);
    auto const tail = to < end ? text.substr(to - begin) : std::string();
    set_text(node, head + (put ? "" : value) + tail);
    put = true;
  }
}

class Docx {
 public:
  Docx(BulletinWords& words, std::string part, std::vector<std::string>& faults)
      : words_(words), part_(std::move(part)), faults_(faults) {}

  void fill(Node root) {
    repeat_rows(root);
    paragraphs(root);
  }

 private:
  void complain(std::string const& what, std::string const& where) {
    faults_.push_back(part_ + ": " + what + (where.empty() ? "" : " (in \"" + where.substr(0, 60) + "\")"));
  }

  // A row of a table that says {{each …}} stands for every row of that table.
  void repeat_rows(Node node) {
    std::vector<Node> rows;
    for (auto child : node.children()) {
      if (named(child, "w:tr") && !each_of(text_under(child)).empty()) rows.push_back(child);
      else repeat_rows(child);
    }
    for (auto row : rows) repeat(row);
  }

  static std::string each_of(std::string const& text) {
    for (auto open = text.find("{{"); open != std::string::npos; open = text.find("{{", open + 2)) {
      auto const close = text.find("}}", open);
      if (close == std::string::npos) return {};
      auto const inside = text.substr(open + 2, close - open - 2);
      auto const words = placeholder_words(inside);
      if (!words.empty() && words[0] == "each") return inside;
    }
    return {};
  }

  void repeat(Node row) {
    auto const text = text_under(row);
    auto const expression = each_of(text);
    try {
      auto const& sheet = words_.table(expression);
      std::int64_t number = 0;
      for (auto const& line : sheet.rows) {
        if (sheet.total && &line == &sheet.rows.back()) break;
        auto copy = row.parent().insert_copy_before(row, row);
        ++number;
        each_paragraph(copy, [&](Node paragraph) {
          fill_paragraph(paragraph, [&](std::string_view asked) { return row_value(words_, sheet, line, number, asked, expression); });
        });
      }
    } catch (UnknownPlaceholder const& e) {
      complain(e.what(), text);
    }
    row.parent().remove_child(row);
  }

  template <class F>
  void each_paragraph(Node node, F const& f) {
    std::vector<Node> found;
    collect(node, found);
    for (auto paragraph : found) f(paragraph);
  }
  static void collect(Node node, std::vector<Node>& out) {
    for (auto child : node.children()) {
      if (named(child, "w:p")) out.push_back(child);
      collect(child, out);
    }
  }

  void paragraphs(Node root) {
    each_paragraph(root, [&](Node paragraph) {
      std::vector<Node> texts;
      texts_of(paragraph, texts);
      auto const text = trimmed(text_of(texts));
      if (!has_placeholder(text)) return;
      auto const inside = text.starts_with("{{") && text.find("}}") == text.size() - 2 ? text.substr(2, text.size() - 4) : std::string();
      auto const words = placeholder_words(inside);
      if (!words.empty() && words[0] == "table") return put_table(paragraph, inside);
      fill_paragraph(paragraph, [&](std::string_view asked) { return words_.value(asked); });
    });
  }

  void fill_paragraph(Node paragraph, std::function<Value(std::string_view)> const& value) {
    std::vector<Node> texts;
    texts_of(paragraph, texts);
    for (std::size_t at = 0;;) {
      auto const text = text_of(texts);
      auto const open = text.find("{{", at);
      if (open == std::string::npos) return;
      auto const close = text.find("}}", open);
      if (close == std::string::npos) return complain("\"" + text.substr(open, 40) + "\" has no closing braces", text);
      std::string put;
      try {
        put = value(std::string_view(text).substr(open + 2, close - open - 2)).text();
      } catch (UnknownPlaceholder const& e) {
        complain(e.what(), text);
        at = close + 2;
        continue;
      }
      replace(texts, open, close + 2, put);
      at = open + put.size();  // a value is never read as a placeholder
    }
  }

  void put_table(Node paragraph, std::string const& expression) {
    try {
      auto const& sheet = words_.table(expression);
      auto parent = paragraph.parent();
      auto table = parent.insert_child_before("w:tbl", paragraph);
      auto form = table.append_child("w:tblPr");
      attribute(form.append_child("w:tblW"), {{"w:w", "5000"}, {"w:type", "pct"}});
      auto borders = form.append_child("w:tblBorders");
      for (auto const* side : {"w:top", "w:left", "w:bottom", "w:right", "w:insideH", "w:insideV"})
        attribute(borders.append_child(side), {{"w:val", "single"}, {"w:sz", "4"}, {"w:space", "0"}, {"w:color", "auto"}});
      auto grid = table.append_child("w:tblGrid");
      for (std::size_t i = 0; i < sheet.columns.size(); ++i) grid.append_child("w:gridCol");
      auto head = table.append_child("w:tr");
      auto head_form = head.append_child("w:trPr");
      head_form.append_child("w:cantSplit");
      head_form.append_child("w:tblHeader");
      for (auto const& column : sheet.columns) put_cell(head, column.title, true, "center");
      for (auto const& row : sheet.rows) {
        auto line = table.append_child("w:tr");
        line.append_child("w:trPr").append_child("w:cantSplit");
        bool const whole = sheet.total && &row == &sheet.rows.back();
        for (auto const& cell : row) put_cell(line, cell.text(), whole, cell.kind == Cell::Kind::words ? "left" : "right");
      }
      // Word wants a paragraph behind a table; the placeholder's own, emptied, is it.
      std::vector<Node> texts;
      texts_of(paragraph, texts);
      for (auto text : texts) set_text(text, "");
    } catch (UnknownPlaceholder const& e) {
      complain(e.what(), expression);
    }
  }

  static void attribute(Node node, std::initializer_list<std::pair<char const*, char const*>> all) {
    for (auto const& [name, value] : all) node.append_attribute(name).set_value(value);
  }

  static void put_cell(Node row, std::string const& text, bool bold, char const* side) {
    auto cell = row.append_child("w:tc");
    attribute(cell.append_child("w:tcPr").append_child("w:tcW"), {{"w:w", "0"}, {"w:type", "auto"}});
    auto paragraph = cell.append_child("w:p");
    attribute(paragraph.append_child("w:pPr").append_child("w:jc"), {{"w:val", side}});
    auto run = paragraph.append_child("w:r");
    auto form = run.append_child("w:rPr");
    if (bold) form.append_child("w:b");
    attribute(form.append_child("w:sz"), {{"w:val", "18"}});
    set_text(run.append_child("w:t"), text);
  }

  BulletinWords& words_;
  std::string part_;
  std::vector<std::string>& faults_;
};

bool holds_text(std::string_view name) {
  if (!name.starts_with("word/") || !name.ends_with(".xml") || name.find('/', 5) != std::string_view::npos) return false;
  for (std::string_view const begin : {"document", "header", "footer", "footnotes", "endnotes"}) {
    if (name.substr(5).starts_with(begin)) return true;
  }
  return false;
}

}  // namespace

void fill_docx(Package& package, BulletinWords& words, std::vector<std::string>& faults) {
  for (auto& part : package) {
    if (!holds_text(part.name)) continue;
    auto document = parse_part(part);
    Docx(words, part.name, faults).fill(document);
    part.bytes = print_part(document);
  }
}

}  // namespace wangge::storage
