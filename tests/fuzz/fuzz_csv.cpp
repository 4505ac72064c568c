// Any bytes as CSV: read to the end or refused with a line; what was read survives being written and read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>

#include "deploy/csv.hpp"

namespace {

using namespace wangge::deploy;
using Rows = std::vector<std::vector<std::string>>;

void demand(bool fact) {
  if (!fact) std::abort();
}

Rows read(std::string const& text, char separator, bool& whole) {
  std::istringstream in(text);
  CsvReader reader(in, separator);
  Rows rows;
  std::int64_t line = 0;
  try {
    for (std::vector<std::string> fields; reader.next(fields);) {
      demand(!fields.empty() && reader.line() > line);
      line = reader.line();
      rows.push_back(fields);
    }
    whole = true;
  } catch (CsvBroken const& broken) {
    demand(broken.line >= line && std::string_view(broken.what()) != "");
    whole = false;
  }
  return rows;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string const text(reinterpret_cast<char const*>(data), size);
  bool whole = false;
  read(text, ';', whole);
  auto const rows = read(text, ',', whole);
  if (!whole) return 0;
  std::string written;
  for (auto const& row : rows) {
    if (row.size() == 1 && row[0].empty()) return 0;  // an empty line is no row
    for (std::size_t i = 0; i < row.size(); ++i) written += (i == 0 ? "" : ",") + csv_field(row[i]);
    written += "\r\n";
  }
  if (written.starts_with("\xEF\xBB\xBF")) return 0;  // a mark after the mark: gone the next time
  bool again_whole = false;
  demand(read(written, ',', again_whole) == rows && again_whole);
  return 0;
}
