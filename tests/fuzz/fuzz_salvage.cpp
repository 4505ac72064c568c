// Any bytes as a damaged spool and its log (the first two bytes say where one ends): what is saved is whole, each key
// once, and never more than the bytes can hold.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <tuple>

#include "gateways/spool/salvage.hpp"

namespace {

void demand(bool fact) {
  if (!fact) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace wangge::spool;
  if (size < 2) return 0;
  std::string_view const bytes(reinterpret_cast<char const*>(data) + 2, size - 2);
  std::size_t const cut = (std::size_t{data[0]} << 8 | data[1]) * 64 % (bytes.size() + 1);
  auto const database = bytes.substr(0, cut), log = bytes.substr(cut);
  std::set<std::tuple<std::string, std::string, std::string>> keys;
  for (auto const& saved : salvage(database, log)) {
    auto const& r = saved.record;
    demand(keys.emplace(r.district, r.principal, r.key).second);
    demand(r.seq > 0 && !r.report_id.empty() && r.payload.size() <= bytes.size());
  }
  log_lost_records(log, {{1, 0}, {2, 5}});
  return 0;
}
