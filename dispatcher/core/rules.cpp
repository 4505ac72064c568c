#include "dispatcher/core/rules.hpp"

#include <algorithm>
#include <charconv>

namespace wangge::core {

namespace {

unsigned weekday_bit(LocalDay day) {
  return 1u << (std::chrono::weekday{day}.iso_encoding() - 1);
}

bool wraps(Times const& t) {
  return t.from_minute > t.to_minute;
}

// The minutes of the day in which it holds, as one or two spans.
std::vector<std::pair<std::int32_t, std::int32_t>> spans(Times const& t) {
  if (!wraps(t)) return {{t.from_minute, t.to_minute}};
  return {{t.from_minute, 1440}, {0, t.to_minute}};
}

}  // namespace

bool Times::hold(LocalDay day, std::int32_t minute) const {
  if (wraps(*this)) {
    if (minute < to_minute)
      day -= Days{1};
    else if (minute < from_minute)
      return false;
  } else if (minute < from_minute || minute >= to_minute) {
    return false;
  }
  if ((from && day < *from) || (to && day >= *to)) return false;
  return (weekdays & weekday_bit(day)) != 0;
}

bool Times::meet(Times const& other) const {
  Days const night{wraps(*this) == wraps(other) ? 0 : 1};  // a night's small hours lie on the day after its own
  if ((to && other.from && *to + night <= *other.from) || (other.to && from && *other.to + night <= *from))
    return false;
  // Over midnight the day of the week is not the day's own any more: rather say that they may meet.
  if (!wraps(*this) && !wraps(other) && (weekdays & other.weekdays) == 0) return false;
  for (auto const& [a, b] : spans(*this)) {
    for (auto const& [x, y] : spans(other)) {
      if (a < y && x < b) return true;
    }
  }
  return false;
}

bool Times::cover(Times const& other) const {
  if (from && (!other.from || *other.from < *from)) return false;
  if (to && (!other.to || *other.to > *to)) return false;
  if ((other.weekdays & ~weekdays) != 0) return false;
  bool const all_day = from_minute == 0 && to_minute == 1440;
  if (wraps(*this) != wraps(other)) return all_day && !from && !to && weekdays == 0x7f;
  if (all_day) return true;
  return from_minute <= other.from_minute && other.to_minute <= to_minute;
}

std::optional<RouteLevel> route_level_from(std::string_view id) {
  auto const found = std::find(kRouteLevels.begin(), kRouteLevels.end(), id);
  if (found == kRouteLevels.end()) return std::nullopt;
  return static_cast<RouteLevel>(found - kRouteLevels.begin());
}

bool Area::covers(std::string_view grid) const {
  return std::any_of(grids.begin(), grids.end(), [&](std::string_view one) {
    if (one.ends_with('*')) return grid.starts_with(one.substr(0, one.size() - 1));
    return grid == one;
  });
}

std::string point_text(CampaignPoint const& point) {
  auto const number = [](double value) {
    std::array<char, 40> text{};
    return std::string(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
  };
  return point.key + " " + number(point.lon) + " " + number(point.lat) + (point.name.empty() ? "" : " " + point.name);
}

std::optional<CampaignPoint> point_from(std::string_view line) {
  auto const word = [&] {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    auto const found = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(line.size(), found.size() + 1));
    return found;
  };
  auto const number = [](std::string_view text, double most) -> std::optional<double> {
    double value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    bool const good = error == std::errc{} && end == text.data() + text.size() && value >= -most && value <= most;
    return good ? std::optional(value) : std::nullopt;
  };
  std::string const key(word());
  auto const lon = number(word(), 180), lat = number(word(), 90);
  if (key.empty() || !lon || !lat) return std::nullopt;
  return CampaignPoint{key, std::string(line), *lon, *lat};
}

bool among_categories(std::vector<std::string> const& list, Case const& c) {
  if (list.empty()) return true;
  auto const whole = c.standard + "/" + c.kind + "/" + c.code;
  return std::any_of(list.begin(), list.end(), [&](auto const& one) { return one == c.class_code || one == whole; });
}

bool Plan::is_on(Instant at) const {
  return std::any_of(on.begin(), on.end(),
                     [&](auto const& span) { return span.first <= at && (!span.second || at < *span.second); });
}

}  // namespace wangge::core
