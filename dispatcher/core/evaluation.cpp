#include "dispatcher/core/evaluation.hpp"

#include <algorithm>

namespace wangge::core {
namespace {

using Kind = SchemePart::Kind;

std::optional<std::int64_t> points_of(SchemePart const& part, Counts const& counts) {
  auto const value = value_of(*find_indicator(part.indicator), counts);
  if (!value) return std::nullopt;
  switch (part.kind) {
    case Kind::rate:
      return std::clamp<std::int64_t>(*value, 0, 10'000);
    case Kind::inverse:
      return std::clamp<std::int64_t>(10'000 - *value, 0, 10'000);
    case Kind::bands: {
      std::int64_t points = 0;
      for (auto const& [from, worth] : part.bands) {
        if (*value >= from) points = worth;
      }
      return points * 100;
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<Scheme> const& standard_schemes() {
  // The more an officer handled, the better; the fewer cases a department had, the better.
  static std::vector<std::pair<std::int64_t, std::int64_t>> const handled{{0, 0},    {101, 40},  {301, 60},
                                                                          {501, 75}, {1201, 90}, {2001, 100}};
  static std::vector<std::pair<std::int64_t, std::int64_t>> const had{{0, 100},  {51, 90},  {101, 75},
                                                                      {201, 60}, {501, 40}, {1001, 0}};
  static std::vector<Scheme> const schemes{
      {"patroller",
       "监督员综合指标",
       "Patrollers",
       "person",
       {{"valid_report_rate", 40},
        {"missed_rate", 20, Kind::inverse},
        {"intime_verify_rate", 20},
        {"intime_check_rate", 20}}},
      {"acceptor",
       "受理员综合指标",
       "Acceptors",
       "person",
       {{"accept_num", 25, Kind::bands, handled}, {"intime_send_verify_rate", 40}, {"intime_send_check_rate", 35}}},
      {"shift_leader",
       "值班长综合指标",
       "Shift leaders",
       "person",
       {{"intime_inst_rate", 25}, {"accur_inst_rate", 40}, {"leader_intime_archive_rate", 35}}},
      {"dispatcher",
       "派遣员综合指标",
       "Dispatch officers",
       "person",
       {{"dispatch_num", 20, Kind::bands, handled}, {"intime_dispatch_rate", 40}, {"accur_dispatch_rate", 40}}},
      {"department",
       "专业部门综合指标",
       "Departments",
       "unit",
       {{"dispatch_num", 10, Kind::bands, had},
        {"archive_rate", 30},
        {"intime_dispose_rate", 30},
        {"rework_rate", 30, Kind::inverse}}},
      {"region",
       "区域综合指标",
       "Regions",
       "street",
       {{"public_report_rate", 10, Kind::inverse}, {"archive_rate", 45}, {"intime_archive_rate", 45}}},
  };
  return schemes;
}

std::string fault_of(Scheme const& scheme) {
  if (scheme.parts.empty()) return scheme.id + " weighs nothing";
  std::int64_t weights = 0;
  for (auto const& part : scheme.parts) {
    auto const* indicator = find_indicator(part.indicator);
    if (indicator == nullptr) return scheme.id + ": there is no indicator " + part.indicator;
    if (part.weight <= 0) return scheme.id + ": " + part.indicator + " has no weight";
    bool const rate = !is_count(*indicator);
    if (rate == (part.kind == Kind::bands))
      return scheme.id + ": " + part.indicator +
             (rate ? " is a rate and takes no bands" : " is a count and wants bands");
    if (part.kind == Kind::bands && (part.bands.empty() || !std::is_sorted(part.bands.begin(), part.bands.end())))
      return scheme.id + ": the bands of " + part.indicator + " must ascend";
    for (auto const& [from, worth] : part.bands) {
      if (worth < 0 || worth > 100) return scheme.id + ": a band of " + part.indicator + " gives 0 to 100 points";
    }
    weights += part.weight;
  }
  for (auto const& deduction : scheme.deductions) {
    auto const* indicator = find_indicator(deduction.indicator);
    if (indicator == nullptr || !is_count(*indicator))
      return scheme.id + ": points go off for counts, not for " + deduction.indicator;
  }
  return weights == 100 ? "" : scheme.id + ": its weights make " + std::to_string(weights) + ", not 100";
}

Score score_of(Scheme const& scheme, Counts const& counts) {
  Score score;
  std::int64_t sum = 0, weights = 0;
  for (auto const& part : scheme.parts) {
    auto const points = score.parts.emplace_back(points_of(part, counts));
    if (!points) continue;
    sum += *points * part.weight;
    weights += part.weight;
  }
  for (auto const& deduction : scheme.deductions) {
    auto const count = counts.find(deduction.indicator);
    if (count != counts.end())
      score.deducted += std::max<std::int64_t>(0, count->second - deduction.free) * deduction.hundredths;
  }
  if (weights == 0) return score;
  score.total = std::max<std::int64_t>(0, (2 * sum + weights) / (2 * weights) - score.deducted);
  score.grade = grade_of(*score.total);
  return score;
}

char grade_of(std::int64_t hundredths) {
  return hundredths >= 90'00   ? 'A'
         : hundredths >= 75'00 ? 'B'
         : hundredths >= 60'00 ? 'C'
         : hundredths >= 40'00 ? 'D'
                               : 'E';
}

}  // namespace wangge::core
