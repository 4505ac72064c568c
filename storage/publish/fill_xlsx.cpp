// An .xlsx template: SpreadsheetML (ECMA-376). A cell that is one placeholder becomes a number where the value is one; any other
// text stays text, never a formula. {{each …}} repeats its row; {{table …}} grows downward from its cell: what stands below moves.
#include <pugixml.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

#include "storage/publish/bulletin.hpp"
#include "storage/publish/xml.hpp"

namespace wangge::storage {
namespace {

using Node = pugi::xml_node;

bool named(Node node, char const* name) { return std::string_view(node.name()) == name; }

// "AB12": column and row of a reference; 0: none such.
struct Place {
  std::uint32_t column = 0, row = 0;
};
Place place_of(std::string_view text) {
  Place place;
  std::size_t i = 0;
  for (; i < text.size() && text[i] >= 'A' && text[i] <= 'Z' && i < 3; ++i) place.column = place.column * 26 + static_cast<std::uint32_t>(text[i] - 'A' + 1);
  std::from_chars(text.data() + i, text.data() + text.size(), place.row);
  return place;
}
std::string text_of(Place const& place) {
  std::string letters;
  for (auto c = place.column; c > 0; c = (c - 1) / 26) letters.insert(letters.begin(), static_cast<char>('A' + (c - 1) % 26));
  return letters + std::to_string(place.row);
}

std::string string_item(Node item) {
  std::string out;
  for (auto child : item.children()) {
    if (named(child, "t")) out += child.text().get();
    if (named(child, "r")) out += child.child("t").text().get();
  }
  return out;
}

class Xlsx {
 public:
  Xlsx(BulletinWords& words, std::vector<std::string> const& shared, std::string part, std::vector<std::string>& faults)
      : words_(words), shared_(shared), part_(std::move(part)), faults_(faults) {}

  void fill(Node sheet) {
    auto data = sheet.child("sheetData");
    std::vector<Node> rows;
    for (auto row : data.children("row")) rows.push_back(row);
    std::uint32_t moved = 0;  // by how much everything from here on stands lower
    for (auto row : rows) {
      auto const original = static_cast<std::uint32_t>(row.attribute("r").as_uint());
      auto const grown = fill_row(row, original + moved);
      if (moved > 0 || grown > 0) check_formulas(sheet);
      shifts_.emplace_back(original, moved);
      moved += grown;
    }
    if (moved > 0) shift_rest(sheet);
  }

 private:
  void complain(std::string const& what, std::string const& where) { faults_.push_back(part_ + " " + where + ": " + what); }

  std::string text_in(Node cell) const {
    std::string_view const type = cell.attribute("t").value();
    if (type == "inlineStr") return string_item(cell.child("is"));
    if (type != "s") return {};
    auto const index = cell.child("v").text().as_uint(~0u);
    return index < shared_.size() ? shared_[index] : std::string();
  }

  void check_formulas(Node sheet) {
    if (std::exchange(checked_, true)) return;
    for (auto row : sheet.child("sheetData").children("row")) {
      for (auto cell : row.children("c")) {
        if (cell.child("f")) return complain("rows are added to this sheet, and its formulas would point elsewhere; put them on another sheet", cell.attribute("r").value());
      }
    }
  }

  // Gives how many rows it grew by.
  std::uint32_t fill_row(Node row, std::uint32_t number) {
    std::string each;
    for (auto cell : row.children("c")) {
      auto const text = text_in(cell);
      for (auto open = text.find("{{"); open != std::string::npos && each.empty(); open = text.find("{{", open + 2)) {
        auto const inside = text.substr(open + 2, text.find("}}", open) - open - 2);
        auto const words = placeholder_words(inside);
        if (!words.empty() && words[0] == "each") each = inside;
      }
    }
    renumber(row, number);
    if (!each.empty()) return repeat(row, number, each);
    for (auto cell : row.children("c")) {
      auto const text = trimmed(text_in(cell));
      if (!has_placeholder(text)) continue;
      auto const inside = text.starts_with("{{") && text.find("}}") == text.size() - 2 ? text.substr(2, text.size() - 4) : std::string();
      auto const words = placeholder_words(inside);
      if (!words.empty() && words[0] == "table") return put_table(row, cell, number, inside);
    }
    for (auto cell : row.children("c")) fill_cell(cell, [&](std::string_view asked) { return words_.value(asked); });
    return 0;
  }

  void fill_cell(Node cell, std::function<Value(std::string_view)> const& value) {
    auto const text = text_in(cell);
    if (!has_placeholder(text)) return;
    try {
      auto const filled = fill_text(text, value);
      put(cell, filled.sole ? filled.sole->cell : Cell::of(filled.text));
    } catch (UnknownPlaceholder const& e) {
      complain(e.what(), cell.attribute("r").value());
    }
  }

  static void put(Node cell, Cell const& value) {
    cell.remove_children();
    cell.remove_attribute("t");
    if (value.kind == Cell::Kind::count || value.kind == Cell::Kind::hundredths) {
      cell.append_child("v").text().set(value.text().c_str());
      return;
    }
    cell.append_attribute("t").set_value("inlineStr");
    auto text = cell.append_child("is").append_child("t");
    text.append_attribute("xml:space").set_value("preserve");
    text.text().set(clean_xml(value.text()).c_str());
  }

  static void renumber(Node row, std::uint32_t number) {
    row.attribute("r").set_value(number);
    for (auto cell : row.children("c")) {
      auto place = place_of(cell.attribute("r").value());
      place.row = number;
      cell.attribute("r").set_value(text_of(place).c_str());
    }
  }

  std::uint32_t repeat(Node row, std::uint32_t number, std::string const& each) {
    try {
      auto const& sheet = words_.table(each);
      std::uint32_t at = number;
      for (auto const& line : sheet.rows) {
        if (sheet.total && &line == &sheet.rows.back()) break;
        auto copy = row.parent().insert_copy_before(row, row);
        renumber(copy, at++);
        for (auto cell : copy.children("c")) {
          fill_cell(cell, [&](std::string_view asked) { return row_value(words_, sheet, line, at - number, asked, each); });
        }
      }
      if (at == number) {  // nothing to show: the row stays, empty
        for (auto cell : row.children("c")) {
          if (has_placeholder(text_in(cell))) put(cell, Cell::of(""));
        }
        return 0;
      }
      row.parent().remove_child(row);
      return at - number - 1;
    } catch (UnknownPlaceholder const& e) {
      complain(e.what(), "row " + std::to_string(number));
      return 0;
    }
  }

  std::uint32_t put_table(Node row, Node cell, std::uint32_t number, std::string const& expression) {
    try {
      auto const& sheet = words_.table(expression);
      auto const place = place_of(cell.attribute("r").value());
      std::string const style = cell.attribute("s").value();
      auto behind = row;
      for (std::size_t line = 0; line <= sheet.rows.size(); ++line) {
        if (line > 0) {
          behind = row.parent().insert_child_after("row", behind);
          behind.append_attribute("r").set_value(number + static_cast<std::uint32_t>(line));
        }
        auto in_row = cell;
        for (std::size_t i = 0; i < sheet.columns.size(); ++i) {
          auto const here = text_of({place.column + static_cast<std::uint32_t>(i), number + static_cast<std::uint32_t>(line)});
          Node to;
          if (line == 0 && i > 0 && named(in_row.next_sibling("c"), "c") && here == in_row.next_sibling("c").attribute("r").value()) to = in_row.next_sibling("c");
          else if (line == 0) to = i == 0 ? cell : row.insert_child_after("c", in_row);
          else to = behind.append_child("c");
          if (!to.attribute("r")) to.append_attribute("r").set_value(here.c_str());
          if (!style.empty() && !to.attribute("s")) to.append_attribute("s").set_value(style.c_str());
          put(to, line == 0 ? Cell::of(sheet.columns[i].title) : sheet.rows[line - 1][i]);
          in_row = to;
        }
      }
      return static_cast<std::uint32_t>(sheet.rows.size());
    } catch (UnknownPlaceholder const& e) {
      complain(e.what(), cell.attribute("r").value());
      return 0;
    }
  }

  std::uint32_t moved_row(std::uint32_t row) const {
    std::uint32_t by = 0;
    for (auto const& [from, shift] : shifts_) {
      if (from <= row) by = shift;
    }
    return row + by;
  }

  // What names cells of rows that moved: joined cells move along; the rest is Excel's to find out again.
  void shift_rest(Node sheet) {
    sheet.remove_child("dimension");
    for (auto merge : sheet.child("mergeCells").children("mergeCell")) {
      std::string const ref = merge.attribute("ref").value();
      auto const colon = ref.find(':');
      if (colon == std::string::npos) continue;
      auto a = place_of(ref.substr(0, colon)), b = place_of(ref.substr(colon + 1));
      a.row = moved_row(a.row), b.row = moved_row(b.row);
      merge.attribute("ref").set_value((text_of(a) + ":" + text_of(b)).c_str());
    }
    for (auto const* part : {"conditionalFormatting", "dataValidations", "hyperlinks", "autoFilter"}) {
      if (sheet.child(part)) complain(std::string("rows are added to this sheet, and its ") + part + " would point elsewhere", "sheet");
    }
  }

  BulletinWords& words_;
  std::vector<std::string> const& shared_;
  std::string part_;
  std::vector<std::string>& faults_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> shifts_;  // original row, by how much it moved
  bool checked_ = false;
};

}  // namespace

void fill_xlsx(Package& package, BulletinWords& words, std::vector<std::string>& faults) {
  std::vector<std::string> shared;
  for (auto& part : package) {
    if (part.name != "xl/sharedStrings.xml") continue;
    auto document = parse_part(part);
    for (auto item : document.child("sst").children("si")) {
      shared.push_back(string_item(item));
      if (!has_placeholder(shared.back())) continue;
      item.remove_children();  // nobody points to it any more
      item.append_child("t");
    }
    part.bytes = print_part(document);
  }
  for (auto& part : package) {
    if (!part.name.starts_with("xl/worksheets/sheet")) continue;
    auto document = parse_part(part);
    Xlsx(words, shared, part.name, faults).fill(document.child("worksheet"));
    part.bytes = print_part(document);
  }
}

}  // namespace wangge::storage
