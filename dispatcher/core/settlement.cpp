#include "dispatcher/core/settlement.hpp"

#include <algorithm>
#include <map>

#include "dispatcher/core/city.hpp"

namespace wangge::core {
namespace {

bool is_count(std::string_view item) {
  if (std::find(kAttendance.begin(), kAttendance.end(), item) != kAttendance.end()) return true;
  auto const* indicator = find_indicator(item);
  return indicator != nullptr && indicator->measure < Measure::closure;  // what a person's steps make
}

std::int64_t bounded(std::int64_t money, std::int64_t most) {
  return most > 0 ? std::clamp(money, -most, most) : money;
}

}  // namespace

std::string tariff_fault(Tariff const& t) {
  if (t.price == 0) return "a price of nothing";
  switch (t.kind) {
    case Tariff::Kind::each:
      if (!is_count(t.item)) return "there is no count " + t.item + " of a patroller";
      return t.less.empty() || is_count(t.less) ? "" : "there is no count " + t.less + " of a patroller";
    case Tariff::Kind::monthly:
      return t.item.empty() ? "" : "a monthly sum counts nothing: item stays empty";
    case Tariff::Kind::below: {
      auto const* indicator = find_indicator(t.item);
      if (indicator == nullptr || indicator->measure != Measure::rate) return "there is no rate " + t.item;
      return t.bound > 0 && t.bound <= 100'00 ? "" : "the bound is a percentage above 0";
    }
  }
  return "";
}

std::vector<Tariff const*> tariffs_of(std::vector<Tariff> const& all, std::string_view contractor, LocalDay first) {
  std::vector<Tariff const*> out;
  for (auto const& tariff : all) {
    if (tariff.holds(first) && (tariff.contractor.empty() || tariff.contractor == contractor)) out.push_back(&tariff);
  }
  return out;
}

Amount amount_of(Tariff const& t, Counts const& counts) {
  auto const count = [&](std::string_view id) -> std::optional<std::int64_t> {
    auto const found = counts.find(id);
    return found == counts.end() ? std::nullopt : std::optional(found->second);
  };
  if (t.kind == Tariff::Kind::monthly) return {1, bounded(t.price, t.most)};
  if (t.kind == Tariff::Kind::below) {
    auto const value = value_of(*find_indicator(t.item), counts);
    if (!value) return {};
    auto const missing = std::max<std::int64_t>(0, t.bound - *value);
    auto const product = t.price * missing;
    return {missing, bounded((product + (product < 0 ? -50 : 50)) / 100, t.most)};
  }
  auto const all = count(t.item), less = t.less.empty() ? std::optional<std::int64_t>(0) : count(t.less);
  if (!all || !less) return {};
  auto const paid = std::max<std::int64_t>(0, *all - *less - t.free);
  return {paid, bounded(paid * t.price, t.most)};
}

std::vector<Stretch> stretches(std::vector<DutyLine> const& roster, LocalDay from, LocalDay to) {
  std::map<std::string, std::vector<DutyLine const*>> lines;
  for (auto const& line : roster) lines[line.patroller].push_back(&line);
  std::vector<Stretch> out;
  for (auto const& [person, of_person] : lines) {
    for (auto day = from; day < to; day += Days{1}) {
      auto const holds = [&](DutyLine const* line) { return (!line->from || *line->from <= day) && (!line->to || day < *line->to); };
      auto const first = std::find_if(of_person.begin(), of_person.end(), holds);
      if (first == of_person.end()) continue;  // a gap in the roster ends nothing: it is one month, with one quota
      if (out.empty() || out.back().person != person || out.back().contractor != (*first)->unit)
        out.push_back({person, (*first)->unit, day, day, 0});
      out.back().to = day + Days{1};
      unsigned const weekday = std::chrono::weekday{day}.iso_encoding() - 1;
      bool const on_duty = std::any_of(of_person.begin(), of_person.end(), [&](DutyLine const* line) {
        return holds(line) && (line->weekdays >> weekday & 1) != 0;
      });
      if (on_duty) ++out.back().duty_days;
    }
  }
  return out;
}

std::string money_text(std::int64_t hundredths) {
  auto const digits = hundredths < 0 ? -hundredths : hundredths;
  auto const rest = std::to_string(digits % 100);
  return (hundredths < 0 ? "-" : "") + std::to_string(digits / 100) + "." + std::string(2 - rest.size(), '0') + rest;
}

}  // namespace wangge::core
