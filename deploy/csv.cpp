// The state of the reader is the stream's position and the line number; a row is read field by field.
#include "deploy/csv.hpp"

namespace wangge::deploy {

// The mark goes only as a whole: a fullwidth comma begins with its first byte.
CsvReader::CsvReader(std::istream& in, char separator) : in_(in), separator_(separator) {
  int read = 0;
  for (char const mark : {'\xEF', '\xBB', '\xBF'}) {
    if (peek() != static_cast<unsigned char>(mark)) break;
    get();
    ++read;
  }
  for (; read % 3 != 0; --read) in_.rdbuf()->sungetc();
}

int CsvReader::get() {
  int const c = in_.rdbuf()->sbumpc();
  if (c == '\n') ++line_;
  return c;
}

int CsvReader::peek() {
  return in_.rdbuf()->sgetc();
}

bool CsvReader::next(std::vector<std::string>& fields) {
  while (peek() == '\n' || peek() == '\r') get();
  if (peek() == EOF) return false;
  row_line_ = line_;
  fields.clear();
  bool more = true;
  while (more) more = read_field(fields.emplace_back());
  return true;
}

bool CsvReader::read_field(std::string& field) {
  bool const quoted = peek() == '"';
  if (quoted) {
    get();
    while (true) {
      int const c = get();
      if (c == EOF) throw CsvBroken(row_line_, "a quoted field never ends");
      if (c == '"') {
        if (peek() != '"') break;
        get();
      }
      field += static_cast<char>(c);
      if (field.size() > kFieldLimit) throw CsvBroken(row_line_, "a field is longer than 64 MiB");
    }
  }
  while (true) {
    int const c = get();
    if (c == EOF || c == '\n') return false;
    if (c == static_cast<unsigned char>(separator_)) return true;
    if (c == '\r' && (peek() == '\n' || peek() == EOF)) continue;
    if (quoted) throw CsvBroken(row_line_, "text after a closing quote");
    field += static_cast<char>(c);
    if (field.size() > kFieldLimit) throw CsvBroken(row_line_, "a field is longer than 64 MiB");
  }
}

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (char const c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

}  // namespace wangge::deploy
