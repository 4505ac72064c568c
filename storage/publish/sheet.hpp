// The one shape of a published table: what every export is written from, so that a number reads the same on each.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wangge::storage {

struct Cell {
  enum class Kind : std::uint8_t { words, count, hundredths, nothing };
  Kind kind = Kind::nothing;
  std::string words{};
  std::int64_t value = 0;

  static Cell of(std::string text) { return {Kind::words, std::move(text), 0}; }
  static Cell count(std::optional<std::int64_t> n) { return n ? Cell{Kind::count, {}, *n} : Cell{}; }
  static Cell two(std::optional<std::int64_t> hundredths) {  // a rate, points or money
    return hundredths ? Cell{Kind::hundredths, {}, *hundredths} : Cell{};
  }
  std::string text() const;  // as it is shown; nothing is –
};

struct SheetColumn {
  std::string id, title;  // id: the field's name in JSON and in templates
  bool percent = false;
};

struct Sheet {
  std::string id, name, title;         // name: of the tab
  std::vector<std::string> above, below;  // lines: the instant of reading, the state; the basis
  std::vector<SheetColumn> columns;
  std::vector<std::vector<Cell>> rows;
  bool total = false;  // the last row is the whole
  std::size_t column(std::string_view id) const;  // columns.size(): none
};

std::string sheet_csv(Sheet const& sheet);  // UTF-8 with its mark, safe for spreadsheets
// Throws std::runtime_error when the file cannot be written.
void write_workbook(std::vector<Sheet> const& sheets, std::string const& file);

struct PrintHead {
  std::string lang = "zh", organisation, title, number;
};
// A page for A4: every sheet a table that repeats its head on each page; room for the number and the seal. It holds its own
// style and nothing else, so that it prints the same from a saved file.
std::string print_page(PrintHead const& head, std::vector<Sheet> const& sheets);

}  // namespace wangge::storage
