// Reads the sheets of an Excel workbook (OOXML, ISO 29500) as CSV texts, so that one reader of tables serves both. Values
// only: no formulas, no formats but dates, which become 2026-10-01. Line numbers are the sheet's own.
#pragma once

#include <map>
#include <stdexcept>
#include <string>

namespace wangge::deploy {

struct XlsxBroken : std::runtime_error {
  using runtime_error::runtime_error;
};
inline constexpr std::size_t kXlsxMost = 256u << 20;  // unpacked; more is no city's table but a bomb

// sheet name -> CSV. Throws XlsxBroken when it is no workbook, is encrypted or unpacks to more than kXlsxMost.
std::map<std::string, std::string> read_xlsx(std::string const& bytes);

}  // namespace wangge::deploy
