// RFC 3339 by hand: std::chrono's parser is not in GCC 12. See rfc3339.hpp.
#include "gateways/http/rfc3339.hpp"

#include <cstdio>
#include <cstdlib>

namespace wangge::http {
namespace {

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  bool one_of(std::string_view chars) {
    if (at_ >= text_.size() || chars.find(text_[at_]) == std::string_view::npos) return false;
    ++at_;
    return true;
  }
  char last() const { return text_[at_ - 1]; }
  bool end() const { return at_ == text_.size(); }
  // Exactly `digits` digits, at most `high`.
  bool number(int digits, int high, int& out) {
    out = 0;
    for (int i = 0; i < digits; ++i) {
      if (!one_of("0123456789")) return false;
      out = out * 10 + (last() - '0');
    }
    return out <= high;
  }
  // The digits after the point, as milliseconds.
  bool fraction(int& millis) {
    int digits = 0;
    for (millis = 0; one_of("0123456789"); ++digits) {
      if (digits < 3) millis = millis * 10 + (last() - '0');
    }
    for (int i = digits; i < 3; ++i) millis *= 10;
    return digits > 0;
  }
  // "Z" or "+08:00", as minutes east.
  bool zone(int& minutes) {
    minutes = 0;
    if (one_of("Zz")) return true;
    if (!one_of("+-")) return false;
    int const sign = last() == '-' ? -1 : 1;
    int h = 0, m = 0;
    if (!number(2, 23, h) || !one_of(":") || !number(2, 59, m)) return false;
    minutes = sign * (h * 60 + m);
    return true;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<core::Instant> parse_time(std::string_view text) {
  using namespace std::chrono;
  Reader in(text);
  int y = 0, mo = 0, d = 0, h = 0, mi = 0, s = 0, ms = 0, zone = 0;
  if (!in.number(4, 9999, y) || !in.one_of("-") || !in.number(2, 12, mo) || !in.one_of("-") || !in.number(2, 31, d) ||
      !in.one_of("Tt") || !in.number(2, 23, h) || !in.one_of(":") || !in.number(2, 59, mi) || !in.one_of(":") ||
      !in.number(2, 60, s)) {
    return std::nullopt;
  }
  if (in.one_of(".") && !in.fraction(ms)) return std::nullopt;
  if (!in.zone(zone) || !in.end()) return std::nullopt;
  year_month_day const date{year{y}, month{static_cast<unsigned>(mo)}, day{static_cast<unsigned>(d)}};
  if (!date.ok()) return std::nullopt;
  auto const minute = sys_days{date} + hours{h} + minutes{mi} - minutes{zone};
  if (s == 60) {
    if (minute - floor<days>(minute) != hours{23} + minutes{59}) return std::nullopt;
    ms = 0;
  }
  return core::Instant{minute + seconds{s} + milliseconds{ms}};
}

std::string format_time(core::Instant at, int offset_minutes) {
  using namespace std::chrono;
  auto const local = at + minutes{offset_minutes};
  auto const midnight = floor<days>(local);
  year_month_day const date{midnight};
  hh_mm_ss const time{local - midnight};
  char text[64];
  int n = std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                        static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                        static_cast<int>(time.seconds().count()));
  std::string out(text, static_cast<std::size_t>(n));
  if (auto const millis = time.subseconds().count(); millis != 0) {
    n = std::snprintf(text, sizeof text, ".%03d", static_cast<int>(millis));
    out.append(text, static_cast<std::size_t>(n));
  }
  if (offset_minutes == 0) return out + 'Z';
  int const east = std::abs(offset_minutes);
  n = std::snprintf(text, sizeof text, "%c%02d:%02d", offset_minutes < 0 ? '-' : '+', east / 60, east % 60);
  return out.append(text, static_cast<std::size_t>(n));
}

}  // namespace wangge::http
