// Sheets as XLSX and CSV.
#include <xlsxwriter.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "storage/export_text.hpp"
#include "storage/publish/sheet.hpp"

namespace wangge::storage {
namespace {

// What Excel takes as a tab's name: 31 characters, some signs not, each once.
std::string tab_name(std::string name, std::set<std::string>& taken) {
  for (char& c : name) {
    if (std::string_view("[]:*?/\\'").find(c) != std::string_view::npos) c = ' ';
  }
  std::size_t characters = 0, bytes = 0;
  while (bytes < name.size() && characters < 28) {
    ++bytes;
    while (bytes < name.size() && (static_cast<unsigned char>(name[bytes]) & 0xc0) == 0x80) ++bytes;
    ++characters;
  }
  name.resize(bytes);
  auto unique = name;
  for (int n = 2; !taken.insert(unique).second; ++n) unique = name + " " + std::to_string(n);
  return unique;
}

struct Formats {
  lxw_format *title, *head, *two, *count, *bold_two, *bold_count, *bold, *wrapped;
};

void write_sheet(lxw_worksheet* to, Sheet const& sheet, Formats const& f) {
  auto const last = static_cast<lxw_col_t>(std::max<std::size_t>(sheet.columns.size(), 2) - 1);
  lxw_row_t at = 0;
  auto const line = [&](std::string const& text, lxw_format* format) {
    worksheet_write_string(to, at++, 0, text.c_str(), format);
  };
  line(sheet.title, f.title);
  for (auto const& text : sheet.above) line(text, nullptr);
  if (!sheet.columns.empty()) {
    ++at;
    for (std::size_t i = 0; i < sheet.columns.size(); ++i)
      worksheet_write_string(to, at, static_cast<lxw_col_t>(i), sheet.columns[i].title.c_str(), f.head);
    auto const head = at++;
    for (auto const& row : sheet.rows) {
      bool const bold = sheet.total && &row == &sheet.rows.back();
      for (std::size_t i = 0; i < row.size(); ++i) {
        auto const column = static_cast<lxw_col_t>(i);
        auto const& cell = row[i];
        if (cell.kind == Cell::Kind::count)
          worksheet_write_number(to, at, column, static_cast<double>(cell.value), bold ? f.bold_count : f.count);
        else if (cell.kind == Cell::Kind::hundredths)
          worksheet_write_number(to, at, column, static_cast<double>(cell.value) / 100, bold ? f.bold_two : f.two);
        else
          worksheet_write_string(to, at, column, cell.text().c_str(), bold ? f.bold : nullptr);
      }
      ++at;
    }
    worksheet_freeze_panes(to, head + 1, sheet.columns.size() > 2 ? 2 : 0);
    worksheet_repeat_rows(to, head, head);
  }
  for (auto const& text : sheet.below) {
    ++at;
    worksheet_merge_range(to, at, 0, at, last, text.c_str(), f.wrapped);
    worksheet_set_row(to, at, 15.0 * (1.0 + static_cast<double>(text.size()) / 120.0), nullptr);
  }
  worksheet_set_column(to, 0, 1, 18, nullptr);
  if (last > 1) worksheet_set_column(to, 2, last, 12, nullptr);
  worksheet_set_paper(to, 9);  // A4
  worksheet_set_landscape(to);
  worksheet_fit_to_pages(to, 1, 0);
}

}  // namespace

std::string Cell::text() const {
  switch (kind) {
    case Kind::words:
      return words;
    case Kind::count:
      return std::to_string(value);
    case Kind::hundredths:
      return value < 0 ? "-" + rate_text(-value) : rate_text(value);
    case Kind::nothing:
      return "–";
  }
  return {};
}

std::size_t Sheet::column(std::string_view wanted) const {
  auto const found = std::find_if(columns.begin(), columns.end(), [&](SheetColumn const& c) { return c.id == wanted; });
  return static_cast<std::size_t>(found - columns.begin());
}

std::string sheet_csv(Sheet const& sheet) {
  std::string out = "\xef\xbb\xbf";
  auto const line = [&](auto const& items, auto const& text_of) {
    for (auto const& item : items) {
      if (&item != &items.front()) out += ',';
      out += text_of(item);
    }
    out += "\r\n";
  };
  line(sheet.columns, [](SheetColumn const& c) { return csv_cell(c.title); });
  for (auto const& row : sheet.rows) {
    // A number is no formula, also below zero.
    line(row, [](Cell const& c) { return c.kind == Cell::Kind::words ? csv_cell(c.words) : c.text(); });
  }
  for (auto const* texts : {&sheet.above, &sheet.below}) {
    if (texts == &sheet.above) out += csv_cell(sheet.title) + "\r\n";
    for (auto const& text : *texts) out += csv_cell(text) + "\r\n";
  }
  return out;
}

void write_workbook(std::vector<Sheet> const& sheets, std::string const& file) {
  auto* book = workbook_new(file.c_str());
  if (book == nullptr) throw std::runtime_error("cannot write " + file);
  Formats f{};
  for (auto** format : {&f.title, &f.head, &f.two, &f.count, &f.bold_two, &f.bold_count, &f.bold, &f.wrapped})
    *format = workbook_add_format(book);
  for (auto* format : {f.title, f.head, f.bold_two, f.bold_count, f.bold}) format_set_bold(format);
  format_set_font_size(f.title, 14);
  format_set_text_wrap(f.head);
  format_set_border(f.head, LXW_BORDER_THIN);
  for (auto* format : {f.two, f.bold_two}) format_set_num_format(format, "0.00");
  for (auto* format : {f.count, f.bold_count}) format_set_num_format(format, "0");
  format_set_text_wrap(f.wrapped);
  format_set_align(f.wrapped, LXW_ALIGN_VERTICAL_TOP);
  std::set<std::string> taken;
  for (auto const& sheet : sheets) write_sheet(workbook_add_worksheet(book, tab_name(sheet.name, taken).c_str()), sheet, f);
  if (auto const error = workbook_close(book); error != LXW_NO_ERROR)
    throw std::runtime_error("cannot write " + file + ": " + lxw_strerror(error));
}

}  // namespace wangge::storage
