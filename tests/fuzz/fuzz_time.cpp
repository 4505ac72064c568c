// Any bytes as a moment: what is read survives being written, in any offset.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "gateways/http/rfc3339.hpp"
#include "gateways/http/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace wangge::http;
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  preferred_language(text);
  percent_decode(text, true);
  auto const at = parse_time(text);
  if (!at) return 0;
  using namespace std::chrono;
  int const year_of = static_cast<int>(year_month_day(floor<days>(*at)).year());
  if (year_of < 1 || year_of > 9998) return 0;  // another offset could leave the four digits
  for (int const offset : {0, 480, -210, 23 * 60 + 59}) {
    if (parse_time(format_time(*at, offset)) != at) std::abort();
  }
  return 0;
}
