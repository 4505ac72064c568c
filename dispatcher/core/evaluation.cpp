#include "dispatcher/core/evaluation.hpp"

#include <algorithm>
#include <numeric>

#include "dispatcher/core/rate.hpp"
#include "dispatcher/core/types.hpp"

namespace wangge::core {
namespace {

using Kind = SchemePart::Kind;

// A number that was not rounded: rates are weighed as the fractions they are, and only the total is rounded (DOMAIN 9 has the
// platform that rounds twice). Hundredths.
class Exact {
  __extension__ typedef __int128 Wide;

 public:
  Exact() = default;
  Exact(Wide part, Wide whole) : part_(part), whole_(whole) {}
  bool reaches(std::int64_t bound) const { return part_ >= bound * whole_; }
  std::int64_t rounded() const {  // half up, also below nought
    auto const doubled = 2 * part_ + whole_;
    return static_cast<std::int64_t>(doubled / (2 * whole_) - (doubled % (2 * whole_) < 0 ? 1 : 0));
  }
  Exact from(std::int64_t top) const { return {top * whole_ - part_, whole_}; }
  Exact within(std::int64_t most) const { return part_ < 0 ? Exact(0, 1) : reaches(most) ? Exact(most, 1) : *this; }
  // The denominators are counts of a month: half a dozen of a million each fit. Beyond that a part keeps nine more digits.
  void add(Exact const& other, std::int64_t times) {
    Wide common = 0, mine = 0, its = 0, sum = 0;
    auto const shared = std::gcd(static_cast<std::int64_t>(other.whole_), static_cast<std::int64_t>(whole_ % other.whole_));
    bool const fits = !__builtin_mul_overflow(whole_, other.whole_ / shared, &common) && !__builtin_mul_overflow(part_, other.whole_ / shared, &mine) &&
                      !__builtin_mul_overflow(other.part_ * times, whole_ / shared, &its) && !__builtin_add_overflow(mine, its, &sum);
    if (!fits) {
      part_ = part_ * kDigits / whole_ + other.part_ * times * kDigits / other.whole_;
      whole_ = kDigits;
      return;
    }
    part_ = sum, whole_ = common;
  }
  Exact over(std::int64_t weights) const { return {part_, whole_ * weights}; }

 private:
  static constexpr std::int64_t kDigits = 1'000'000'000;
  Wide part_ = 0, whole_ = 1;
};

// The indicator's value, a rate as it is before it is written in two digits.
std::optional<Exact> exact_of(Indicator const& indicator, Counts const& counts) {
  auto const value = value_of(indicator, counts);
  if (!value) return std::nullopt;
  if (indicator.measure != Measure::rate) return Exact(*value, 1);
  auto const less = indicator.less.empty() ? 0 : counts.at(indicator.less);
  return Exact(counts.at(indicator.from) * 10'000, counts.at(denominator_of(indicator, counts)) - less);
}

std::optional<Exact> points_of(SchemePart const& part, Counts const& counts) {
  auto const value = exact_of(*find_indicator(part.indicator), counts);
  if (!value) return std::nullopt;  // nothing to be judged by
  switch (part.kind) {
    case Kind::rate:
      return value->within(10'000);
    case Kind::inverse:
      return value->from(10'000).within(10'000);
    case Kind::bands: {
      std::int64_t points = 0;
      for (auto const& [from, worth] : part.bands) {
        if (value->reaches(from)) points = worth;
      }
      return Exact(points * 100, 1);
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
        {"intime_check_rate", 20}},
       {},
       "patroller",
       "GB/T 30428.4"},
      {"acceptor",
       "受理员综合指标",
       "Acceptors",
       "person",
       {{"accept_num", 25, Kind::bands, handled}, {"intime_send_verify_rate", 40}, {"intime_send_check_rate", 35}},
       {},
       "acceptor",
       "GB/T 30428.4"},
      {"shift_leader",
       "值班长综合指标",
       "Shift leaders",
       "person",
       {{"intime_inst_rate", 25}, {"accur_inst_rate", 40}, {"leader_intime_archive_rate", 35}},
       {},
       "shift_leader",
       "GB/T 30428.4"},
      {"dispatcher",
       "派遣员综合指标",
       "Dispatch officers",
       "person",
       {{"dispatch_num", 20, Kind::bands, handled}, {"intime_dispatch_rate", 40}, {"accur_dispatch_rate", 40}},
       {},
       "dispatch_officer",
       "GB/T 30428.4"},
      {"department",
       "专业部门综合指标",
       "Departments",
       "unit",
       {{"dispatch_num", 10, Kind::bands, had},
        {"archive_rate", 30},
        {"intime_dispose_rate", 30},
        {"rework_rate", 30, Kind::inverse}},
       {},
       "",
       "GB/T 30428.4"},
      {"region",
       "区域综合指标",
       "Regions",
       "street",
       {{"public_report_rate", 10, Kind::inverse}, {"archive_rate", 45}, {"intime_archive_rate", 45}},
       {},
       "",
       "GB/T 30428.4"},
  };
  return schemes;
}

namespace {

std::string fault_of(std::string const& whose, std::vector<SchemePart> const& parts,
                     std::vector<Deduction> const& deductions) {
  std::int64_t weights = 0;
  for (auto const& part : parts) {
    auto const* indicator = find_indicator(part.indicator);
    if (indicator == nullptr) return whose + ": there is no indicator " + part.indicator;
    if (part.weight <= 0) return whose + ": " + part.indicator + " has no weight";
    if (is_count(*indicator) && part.kind != Kind::bands)
      return whose + ": " + part.indicator + " is a count and wants bands";
    bool const ascend = std::is_sorted(part.bands.begin(), part.bands.end(),
                                       [](auto const& a, auto const& b) { return a.first <= b.first; });
    if (part.kind == Kind::bands && (part.bands.empty() || (part.bands.size() > 1 && !ascend)))
      return whose + ": the bands of " + part.indicator + " must ascend";
    for (auto const& [from, worth] : part.bands) {
      if (worth < 0 || worth > 100) return whose + ": a band of " + part.indicator + " gives 0 to 100 points";
    }
    weights += part.weight;
  }
  for (auto const& deduction : deductions) {
    auto const* indicator = find_indicator(deduction.indicator);
    if (indicator == nullptr || !is_count(*indicator))
      return whose + ": points go off for counts, not for " + deduction.indicator;
  }
  return weights == 100 ? "" : whose + ": its weights make " + std::to_string(weights) + ", not 100";
}

}  // namespace

std::string fault_of(Scheme const& scheme) {
  bool shared = scheme.groups.empty();
  std::vector<std::string> named;
  for (auto const& group : scheme.groups) {
    shared = shared || group.parts.empty();
    auto const whose = scheme.id + ", group " + group.id;
    if (group.members.empty()) return whose + ": it has no members";
    for (auto const& member : group.members) {
      if (std::find(named.begin(), named.end(), member) != named.end())
        return whose + ": " + (member == "*" ? "only one group takes all the rest" : member + " is in two groups");
      named.push_back(member);
    }
    if (group.parts.empty()) continue;
    if (auto const fault = fault_of(whose, group.parts, group.deductions); !fault.empty()) return fault;
  }
  if (!scheme.post.empty() && (scheme.by != "person" || !role_from(scheme.post)))
    return scheme.id + ": a post is a role, of a scheme by person";
  if (scheme.parts.empty()) return shared ? scheme.id + " weighs nothing" : "";
  return fault_of(scheme.id, scheme.parts, scheme.deductions);
}

Scheme const* find_scheme(std::vector<Scheme> const& own, std::string_view wanted, LocalDay first) {
  for (bool const by_id : {false, true}) {
    for (auto const* list : {&own, &standard_schemes()}) {
      for (auto const& scheme : *list) {
        if (by_id ? scheme.id == wanted : scheme.asked() == wanted && scheme.holds(first)) return &scheme;
      }
    }
  }
  return nullptr;
}

std::vector<Scheme const*> schemes_on(std::vector<Scheme> const& own, LocalDay first) {
  std::vector<Scheme const*> out;
  for (auto const* list : {&own, &standard_schemes()}) {
    for (auto const& scheme : *list) {
      bool const there = std::any_of(out.begin(), out.end(), [&](auto const* s) { return s->asked() == scheme.asked(); });
      if (scheme.holds(first) && !there) out.push_back(&scheme);
    }
  }
  return out;
}

SchemeGroup const* group_of(Scheme const& scheme, std::string_view key) {
  SchemeGroup const* rest = nullptr;
  for (auto const& group : scheme.groups) {
    for (auto const& member : group.members) {
      if (member == key) return &group;
      if (member == "*") rest = &group;
    }
  }
  return rest;
}

std::vector<SchemePart> const& parts_of(Scheme const& scheme, SchemeGroup const* group) {
  return group == nullptr || group->parts.empty() ? scheme.parts : group->parts;
}

std::vector<Deduction> const& deductions_of(Scheme const& scheme, SchemeGroup const* group) {
  return group == nullptr || group->parts.empty() ? scheme.deductions : group->deductions;
}

Score score_of(std::vector<SchemePart> const& parts, std::vector<Deduction> const& deductions, Counts const& counts) {
  Score score;
  Exact sum;
  std::int64_t weights = 0;
  for (auto const& part : parts) {
    auto const points = points_of(part, counts);
    score.parts.push_back(points ? std::optional(points->rounded()) : std::nullopt);
    if (!points) continue;
    sum.add(*points, part.weight);
    weights += part.weight;
  }
  for (auto const& deduction : deductions) {
    auto const count = counts.find(deduction.indicator);
    if (count == counts.end()) continue;
    auto const off = std::max<std::int64_t>(0, count->second - deduction.free) * deduction.hundredths;
    score.deducted += deduction.most > 0 ? std::min(off, deduction.most) : off;
  }
  if (weights == 0) return score;
  score.total = std::max<std::int64_t>(0, sum.over(weights).rounded() - score.deducted);
  score.grade = grade_of(*score.total);
  return score;
}

Score score_of(Scheme const& scheme, Counts const& counts) {
  return score_of(scheme.parts, scheme.deductions, counts);
}

std::vector<Judged> judge(Scheme const& scheme, std::vector<std::pair<std::string, Counts>> const& rows) {
  std::vector<Judged> out;
  for (auto const& [key, counts] : rows) {
    auto const* group = group_of(scheme, key);
    if (key.empty() || (group == nullptr && !scheme.groups.empty())) continue;
    auto& one = out.emplace_back();
    one.key = key;
    one.group = group == nullptr ? 0 : static_cast<std::size_t>(group - scheme.groups.data());
    one.score = score_of(parts_of(scheme, group), deductions_of(scheme, group), counts);
  }
  std::sort(out.begin(), out.end(), [](Judged const& a, Judged const& b) {
    auto const points = [](Judged const& j) { return j.score.total.value_or(-1); };
    if (a.group != b.group) return a.group < b.group;
    return points(a) != points(b) ? points(a) > points(b) : a.key < b.key;
  });
  for (std::size_t i = 0, first = 0; i < out.size(); ++i) {
    if (i > 0 && out[i].group != out[i - 1].group) first = i;
    if (!out[i].score.total) continue;
    bool const level = i > first && out[i - 1].score.total == out[i].score.total;
    out[i].rank = level ? out[i - 1].rank : std::optional(static_cast<std::int64_t>(i - first) + 1);
  }
  return out;
}

char grade_of(std::int64_t hundredths) {
  return hundredths >= 90'00   ? 'A'
         : hundredths >= 75'00 ? 'B'
         : hundredths >= 60'00 ? 'C'
         : hundredths >= 40'00 ? 'D'
                               : 'E';
}

}  // namespace wangge::core
