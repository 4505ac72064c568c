// Any bytes as a replay's TOML map, a zero byte, and the CSV it reads: each row is read or refused with a reason, and
// no row comes out with a time or a place that a report could not have.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <sstream>

#include "deploy/csv.hpp"
#include "deploy/replay/map.hpp"

namespace {

using namespace wangge::deploy;

void demand(bool fact) {
  if (!fact) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string const text(reinterpret_cast<char const*>(data), size);
  auto const zero = std::min(text.find('\0'), text.size());
  try {
    auto map = ReplayMap::parse(text.substr(0, zero), "fuzz.toml");
    std::istringstream in(zero < text.size() ? text.substr(zero + 1) : "");
    CsvReader reader(in);
    std::vector<std::string> fields;
    if (!reader.next(fields)) return 0;
    map.bind(fields);
    std::vector<std::vector<std::string>> rows;
    while (reader.next(fields)) rows.push_back(fields);
    if (map.needs_means())
      for (auto const& row : rows) map.add_to_means(row);
    for (auto const& row : rows) {
      ReplayRow out;
      auto const why = map.apply(row, out);
      if (!why.empty()) continue;
      demand(!out.key.empty() && !out.category.code.empty());
      demand(std::isfinite(out.lon) && std::isfinite(out.lat));
      demand(!out.closed || *out.closed >= out.opened);
    }
  } catch (std::runtime_error const& error) {  // the map or the file is refused, in words
    demand(std::string_view(error.what()) != "");
  }
  return 0;
}
