#include "gateways/console/short_link.hpp"

#include <algorithm>

#include "gateways/console/case_door.hpp"

namespace wangge::console {
namespace {

__extension__ using Wide = unsigned __int128;
constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr Wide kMost = ~Wide{0};

std::string written(Wide value, unsigned base) {
  std::string out;
  for (; value != 0; value /= base) out += kDigits[static_cast<std::size_t>(value % base)];
  std::reverse(out.begin(), out.end());
  return out;
}

std::optional<Wide> read(std::string_view text, unsigned base) {
  Wide value = 0;
  for (char c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    auto const digit = kDigits.find(c);
    if (digit >= base || value > (kMost - digit) / base) return std::nullopt;
    value = value * base + digit;
  }
  return value;
}

}  // namespace

std::string link_code(std::string_view case_no) {
  auto const value = case_no.starts_with('0') ? std::nullopt : read(case_no, 10);
  return value ? written(*value, 36) : std::string(case_no);
}

std::optional<std::string> case_of_code(std::string_view code) {
  if (is_case_no(code)) return std::string(code);
  auto const value = code.empty() ? std::nullopt : read(code, 36);
  auto number = value ? written(*value, 10) : std::string();
  if (!is_case_no(number)) return std::nullopt;
  return number;
}

}  // namespace wangge::console
