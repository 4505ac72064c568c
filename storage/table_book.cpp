// A part's tables as a workbook.
#include <xlsxwriter.h>

#include <stdexcept>

#include "storage/standing_set.hpp"

namespace wangge::storage::standing {

void write_tables(std::vector<PartTable> const& tables, std::string const& file) {
  auto* const book = workbook_new(file.c_str());
  auto* const head = workbook_add_format(book);
  format_set_bold(head);
  auto* const text = workbook_add_format(book);
  format_set_num_format(text, "@");  // so that whoever types a code into it keeps its zeros
  for (auto const& table : tables) {
    auto* const sheet = workbook_add_worksheet(book, table.name.c_str());
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      auto const column = static_cast<lxw_col_t>(i);
      worksheet_set_column(sheet, column, column, 16, text);
      worksheet_write_string(sheet, 0, column, table.columns[i].c_str(), head);
    }
    lxw_row_t at = 0;
    for (auto const& row : table.rows) {
      ++at;
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (!row[i].empty()) worksheet_write_string(sheet, at, static_cast<lxw_col_t>(i), row[i].c_str(), text);
      }
    }
    worksheet_freeze_panes(sheet, 1, 0);
  }
  if (auto const error = workbook_close(book); error != LXW_NO_ERROR) throw std::runtime_error(lxw_strerror(error));
}

}  // namespace wangge::storage::standing
