#include "storage/times.hpp"

#include <cstdio>

namespace wangge::storage {
namespace {

// Exactly `count` digits at `at`; moves behind them.
std::optional<int> digits(std::string_view text, std::size_t& at, std::size_t count) {
  if (at + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t end = at + count; at < end; ++at) {
    if (text[at] < '0' || text[at] > '9') return std::nullopt;
    value = value * 10 + (text[at] - '0');
  }
  return value;
}

bool skip(std::string_view text, std::size_t& at, char c) {
  if (at >= text.size() || text[at] != c) return false;
  ++at;
  return true;
}

std::optional<core::LocalDay> day_at(std::string_view text, std::size_t& at) {
  auto const year = digits(text, at, 4);
  if (!year || !skip(text, at, '-')) return std::nullopt;
  auto const month = digits(text, at, 2);
  if (!month || !skip(text, at, '-')) return std::nullopt;
  auto const day = digits(text, at, 2);
  if (!day) return std::nullopt;
  auto const date = std::chrono::year{*year} / static_cast<unsigned>(*month) / static_cast<unsigned>(*day);
  if (!date.ok()) return std::nullopt;
  return core::LocalDay{date};
}

std::optional<std::chrono::minutes> zone_at(std::string_view text, std::size_t& at) {
  if (skip(text, at, 'Z') || skip(text, at, 'z')) return std::chrono::minutes{0};
  bool const west = skip(text, at, '-');
  if (!west && !skip(text, at, '+')) return std::nullopt;
  auto const hours = digits(text, at, 2);
  if (!hours || !skip(text, at, ':')) return std::nullopt;
  auto const minutes = digits(text, at, 2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return std::chrono::minutes{(west ? -1 : 1) * (*hours * 60 + *minutes)};
}

}  // namespace

std::optional<core::Instant> parse_instant(std::string_view text) {
  std::size_t at = 0;
  auto const day = day_at(text, at);
  if (!day || !(skip(text, at, 'T') || skip(text, at, 't') || skip(text, at, ' '))) return std::nullopt;
  auto const hour = digits(text, at, 2);
  if (!hour || !skip(text, at, ':')) return std::nullopt;
  auto const minute = digits(text, at, 2);
  if (!minute || !skip(text, at, ':')) return std::nullopt;
  auto const second = digits(text, at, 2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  int millis = 0;
  if (skip(text, at, '.')) {
    int scale = 100;
    std::size_t const begin = at;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, scale /= 10) millis += (text[at] - '0') * scale;
    if (at == begin) return std::nullopt;
  }
  auto const zone = zone_at(text, at);
  if (!zone || at != text.size()) return std::nullopt;
  return core::Instant{*day} + std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second} +
         core::Millis{millis} - *zone;
}

std::string format_instant(core::Instant at, std::chrono::minutes offset) {
  auto const local = at + offset;
  auto const day = std::chrono::floor<core::Days>(local);
  std::chrono::year_month_day const date{day};
  auto const rest = (local - day).count();
  auto const minutes = static_cast<int>(offset.count() < 0 ? -offset.count() : offset.count());
  char out[64];
  std::snprintf(out, sizeof out, "%04d-%02u-%02uT%02d:%02d:%02d.%03d%c%02d:%02d", int(date.year()), unsigned(date.month()),
                unsigned(date.day()), int(rest / 3'600'000), int(rest / 60'000 % 60), int(rest / 1000 % 60), int(rest % 1000),
                offset.count() < 0 ? '-' : '+', minutes / 60, minutes % 60);
  return out;
}

std::string format_utc(core::Instant at) {
  auto text = format_instant(at, std::chrono::minutes{0});
  return text.substr(0, text.size() - 6) + "Z";
}

std::optional<core::LocalDay> parse_day(std::string_view text) {
  std::size_t at = 0;
  auto const day = day_at(text, at);
  return at == text.size() ? day : std::nullopt;
}

std::string format_day(core::LocalDay day) {
  std::chrono::year_month_day const date{day};
  char out[32];
  std::snprintf(out, sizeof out, "%04d-%02u-%02u", int(date.year()), unsigned(date.month()), unsigned(date.day()));
  return out;
}

std::optional<core::LocalDay> parse_month(std::string_view text) {
  return text.size() == 7 ? parse_day(std::string(text) + "-01") : std::nullopt;
}

core::LocalDay month_after(core::LocalDay first) {
  std::chrono::year_month_day const date{first};
  return core::LocalDay{(date.year() / date.month() + std::chrono::months{1}) / 1};
}

}  // namespace wangge::storage
