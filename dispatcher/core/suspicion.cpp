#include "dispatcher/core/suspicion.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <set>

namespace wangge::core {

namespace {

using Pair = std::pair<std::string, std::string>;  // person, squad

struct Share {
  std::size_t hits = 0, all = 0;
  void add(bool hit) {
    hits += hit;
    ++all;
  }
};

// How far the first share lies above the second, in standard deviations of their difference. Both sides are pooled, and
// a half is added, so that a side without any contrast does not look certain.
double above(Share const& a, Share const& b) {
  double const pa = double(a.hits) / double(a.all), pb = double(b.hits) / double(b.all);
  double const pooled = (double(a.hits + b.hits) + 0.5) / (double(a.all + b.all) + 1);
  double const deviation = std::sqrt(pooled * (1 - pooled) * (1 / double(a.all) + 1 / double(b.all)));
  return deviation > 0 ? (pa - pb) / deviation : 0;
}

Share without(Share const& all, Share const& part) {
  return {all.hits - part.hits, all.all - part.all};
}

class Suspector {
 public:
  Suspector(std::span<CheckFact const> checks, std::span<FoundFact const> found, Suspecting const& limits)
      : checks_(checks), found_(found), limits_(limits) {}

  std::vector<Suspicion> run() {
    kind_checks();
    blind_eye();
    photos();
    places();
    for (auto const& c : checks_) {
      if (c.passed && c.blind == "fail") note(Pattern::contradicted, c);
      if (c.passed && c.at - c.sent_at < limits_.at_once) note(Pattern::at_once, c);
      bool const knows = c.lon && c.lat && c.stood_lon && c.stood_lat;
      if (knows && metres_between(*c.lon, *c.lat, *c.stood_lon, *c.stood_lat) > limits_.check_metres)
        note(Pattern::far_away, c);
    }
    for (auto& [key, cases] : odd_) {
      auto const& [pattern, who] = key;
      if (cases.size() < limits_.odd_least) continue;
      out_.push_back({pattern, who.first, who.second, double(cases.size()), {cases.begin(), cases.end()}});
    }
    std::stable_sort(out_.begin(), out_.end(),
                     [](Suspicion const& a, Suspicion const& b) { return a.score > b.score; });
    return std::move(out_);
  }

 private:
  void note(Pattern pattern, CheckFact const& c) { odd_[{pattern, {c.checker, c.squad}}].insert(c.case_no); }

  void kind_checks() {
    std::map<std::string, Share> of_squad;
    std::map<Pair, Share> of_pair;
    std::map<Pair, std::vector<std::string>> cases;
    for (auto const& c : checks_) {
      of_squad[c.squad].add(c.passed);
      of_pair[{c.checker, c.squad}].add(c.passed);
      if (c.passed) cases[{c.checker, c.squad}].push_back(c.case_no);
    }
    for (auto const& [who, own] : of_pair) {
      auto const others = without(of_squad[who.second], own);
      if (own.all < limits_.least || others.all < limits_.least) continue;
      if (auto const score = above(own, others); score >= limits_.deviations)
        out_.push_back({Pattern::kind_checks, who.first, who.second, score, cases[who]});
    }
  }

  // The walker is his own measure: what he finds of the other squads' in the same cells. Only cells where both occur
  // count, or a squad whose work lies off his way would look like a silence.
  void blind_eye() {
    std::map<std::string, std::map<std::string, std::map<std::string, Share>>> shares;  // walker -> cell -> squad
    for (auto const& f : found_)
      if (!f.walker.empty()) shares[f.walker][f.grid][f.squad].add(f.own);
    for (auto const& [walker, cells] : shares) {
      std::map<std::string, std::pair<Share, Share>> sides;  // squad -> (the others, its own)
      for (auto const& [grid, squads] : cells) {
        Share all;
        for (auto const& [squad, share] : squads) all.hits += share.hits, all.all += share.all;
        for (auto const& [squad, share] : squads) {
          auto const rest = without(all, share);
          if (rest.all == 0) continue;
          auto& [others, own] = sides[squad];
          others.hits += rest.hits, others.all += rest.all;
          own.hits += share.hits, own.all += share.all;
        }
      }
      for (auto const& [squad, side] : sides) {
        auto const& [others, own] = side;
        if (own.all < limits_.least || others.all < limits_.least) continue;
        auto const score = above(others, own);
        if (score < limits_.deviations) continue;
        Suspicion s{Pattern::blind_eye, walker, squad, score, {}};
        for (auto const& f : found_)
          if (f.walker == walker && f.squad == squad && !f.own) s.cases.push_back(f.case_no);
        out_.push_back(std::move(s));
      }
    }
  }

  void photos() {
    std::map<std::string, std::vector<CheckFact const*>> uses;
    for (auto const& c : checks_)
      for (auto const& photo : c.photos) uses[photo].push_back(&c);
    for (auto const& [photo, checks] : uses) {
      bool const several = std::any_of(checks.begin(), checks.end(),
                                       [first = checks.front()](auto const* c) { return c->case_no != first->case_no; });
      if (!several) continue;
      for (auto const* c : checks) note(Pattern::same_photo, *c);
    }
  }

  void places() {
    std::map<std::string, std::vector<CheckFact const*>> walks;
    for (auto const& c : checks_)
      if (c.lon && c.lat) walks[c.checker].push_back(&c);
    for (auto& [checker, walk] : walks) {
      std::stable_sort(walk.begin(), walk.end(), [](auto const* a, auto const* b) { return a->at < b->at; });
      for (std::size_t i = 1; i < walk.size(); ++i) {
        auto const &a = *walk[i - 1], &b = *walk[i];
        auto const metres = metres_between(*a.lon, *a.lat, *b.lon, *b.lat);
        auto const seconds = double((b.at - a.at).count()) / 1000;
        if (metres < limits_.far_metres || metres <= seconds * limits_.metres_a_second) continue;
        note(Pattern::two_places, a);
        note(Pattern::two_places, b);
      }
    }
  }

  std::span<CheckFact const> checks_;
  std::span<FoundFact const> found_;
  Suspecting const& limits_;
  std::map<std::pair<Pattern, Pair>, std::set<std::string>> odd_;
  std::vector<Suspicion> out_;
};

}  // namespace

PatternWords words(Pattern p) {
  static constexpr std::array<PatternWords, 7> kWords{{
      {"对该中队的核查通过率明显高于其他监督员", "Passes this squad's work far more often than its other checkers do"},
      {"同一网格内，对该中队问题的发现明显少于对其他中队的",
       "Finds far less of this squad's work than of the others' in the same cells"},
      {"他人盲检推翻了其通过的核查", "A second, blind look found what he had passed"},
      {"同一照片用于不同案卷的核查", "One picture proves checks of different cases"},
      {"相邻两次核查的距离与时间不合常理", "Two checks in a row lie too far apart for the time between them"},
      {"核查时所在位置远离案卷位置", "Stood far from the place that was checked"},
      {"核查任务下达后随即反馈，来不及到场", "Answered sooner than anybody can have gone there"},
  }};
  return kWords[static_cast<std::size_t>(p)];
}

std::vector<Suspicion> suspicions(std::span<CheckFact const> checks, std::span<FoundFact const> found,
                                  Suspecting const& limits) {
  return Suspector(checks, found, limits).run();
}

double metres_between(double lon_a, double lat_a, double lon_b, double lat_b) {
  constexpr double kDegree = 111'320, kRadian = 0.017453292519943295;
  double const east = (lon_b - lon_a) * std::cos((lat_a + lat_b) / 2 * kRadian), north = lat_b - lat_a;
  return std::hypot(east, north) * kDegree;
}

}  // namespace wangge::core
