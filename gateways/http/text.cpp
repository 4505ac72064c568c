// Small work on text; see text.hpp.
#include "gateways/http/text.hpp"

#include <algorithm>
#include <charconv>

namespace wangge::http {
namespace {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// The length of the well-formed sequence at `i` (Unicode 15, table 3-7), 0 when there is none.
std::size_t sequence(std::string_view s, std::size_t i) {
  auto byte = [&](std::size_t k) { return k < s.size() ? static_cast<unsigned char>(s[k]) : 0U; };
  auto in = [](unsigned b, unsigned low, unsigned high) { return b >= low && b <= high; };
  unsigned const a = byte(i);
  if (a < 0x80) return 1;
  if (in(a, 0xC2, 0xDF)) return in(byte(i + 1), 0x80, 0xBF) ? 2 : 0;
  if (in(a, 0xE0, 0xEF)) {
    unsigned const low = a == 0xE0 ? 0xA0 : 0x80, high = a == 0xED ? 0x9F : 0xBF;
    return in(byte(i + 1), low, high) && in(byte(i + 2), 0x80, 0xBF) ? 3 : 0;
  }
  if (in(a, 0xF0, 0xF4)) {
    unsigned const low = a == 0xF0 ? 0x90 : 0x80, high = a == 0xF4 ? 0x8F : 0xBF;
    return in(byte(i + 1), low, high) && in(byte(i + 2), 0x80, 0xBF) && in(byte(i + 3), 0x80, 0xBF) ? 4 : 0;
  }
  return 0;
}

// One weight of Accept-Language ("0.8"); anything unreadable counts as 1, as if it were not there.
double weight(std::string_view parameters) {
  auto const q = parameters.find("q=");
  if (q == std::string_view::npos) return 1;
  double value = 1;
  std::from_chars(parameters.data() + q + 2, parameters.data() + parameters.size(), value, std::chars_format::fixed);
  return value;
}

}  // namespace

bool valid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    std::size_t const n = sequence(text, i);
    if (n == 0) return false;
    i += n;
  }
  return true;
}

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      out += ' ';
    } else if (text[i] == '%') {
      if (i + 2 >= text.size() || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0) return std::nullopt;
      out += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      out += text[i];
    }
  }
  if (out.find('\0') != std::string::npos || !valid_utf8(out)) return std::nullopt;
  return out;
}

std::string_view preferred_language(std::string_view header) {
  double zh = -1, en = 0;
  while (!header.empty()) {
    auto const comma = std::min(header.find(','), header.size());
    std::string_view const item = trimmed(header.substr(0, comma));
    header.remove_prefix(std::min(comma + 1, header.size()));
    auto const semicolon = std::min(item.find(';'), item.size());
    std::string_view const tag = item.substr(0, 2);
    bool const whole = item.size() == 2 || (item.size() > 2 && std::string_view("-; ").find(item[2]) != std::string_view::npos);
    double const q = weight(item.substr(semicolon));
    if (whole && equal_ignoring_case(tag, "zh")) zh = std::max(zh, q);
    if (whole && equal_ignoring_case(tag, "en")) en = std::max(en, q);
  }
  return en > 0 && en > zh ? "en" : "zh";
}

bool blank(std::string_view text) {
  constexpr std::string_view kWide[]{"\u00a0", "\u200b", "\u3000", "\ufeff"};
  while (!text.empty()) {
    std::size_t skip = std::string_view(" \t\r\n\v\f").find(text.front()) == std::string_view::npos ? 0 : 1;
    for (auto const wide : kWide)
      if (text.starts_with(wide)) skip = wide.size();
    if (skip == 0) return false;
    text.remove_prefix(skip);
  }
  return true;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = lower(c);
  return out;
}

std::string_view trimmed(std::string_view text) {
  auto const first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view cookie(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    auto const end = std::min(header.find(';'), header.size());
    auto const pair = trimmed(header.substr(0, end));
    header.remove_prefix(std::min(end + 1, header.size()));
    if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') return pair.substr(name.size() + 1);
  }
  return {};
}

}  // namespace wangge::http
