// CSV as RFC 4180 has it, read as a stream: quoted fields may hold commas, quotes and line ends; a byte order mark is
// skipped; CRLF and LF both end a row. Knows no column's meaning.
#pragma once

#include <cstdint>
#include <istream>
#include <stdexcept>
#include <string>
#include <vector>

namespace wangge::deploy {

struct CsvBroken : std::runtime_error {
  CsvBroken(std::int64_t at_line, std::string const& why) : std::runtime_error(why), line(at_line) {}
  std::int64_t line;
};

class CsvReader {
 public:
  explicit CsvReader(std::istream& in, char separator = ',');
  // False at the end. Empty lines are skipped. Throws CsvBroken on a quote that never closes, on text after a closing
  // quote, and on a field over kFieldLimit.
  bool next(std::vector<std::string>& fields);
  std::int64_t line() const { return row_line_; }  // where the last row began; the first line is 1

  static constexpr std::size_t kFieldLimit = 64u << 20;  // more is no report but a broken file

 private:
  int get();
  int peek();
  bool read_field(std::string& field);  // true: another field follows in this row
  std::istream& in_;
  char separator_;
  std::int64_t line_ = 1, row_line_ = 0;
};

std::string csv_field(std::string_view text);  // quoted when it must be

}  // namespace wangge::deploy
