#include "dispatcher/core/rule_check.hpp"

#include <algorithm>

#include "dispatcher/core/routing.hpp"

namespace wangge::core {

namespace {

std::string text_of(CategoryKey const& key) {
  return key.standard + " " + key.kind + " " + key.code;
}

class Checker {
 public:
  Checker(City const& city, LocalDay today) : city_(city), today_(today) {
    for (auto const& [key, entry] : city.catalogue) classes_.insert(entry.class_code);
  }

  std::vector<Finding> rules() {
    for (auto const& rule : city_.routes) never(rule);
    for (auto const& [key, group] : city_.route_index) within(group);
    across();
    std::sort(out_.begin(), out_.end(), [](Finding const& a, Finding const& b) {
      return std::tie(a.kind, a.rule, a.other) < std::tie(b.kind, b.rule, b.other);
    });
    return std::move(out_);
  }

 private:
  void say(std::string kind, std::string const& rule, std::string const& other, std::string zh, std::string en) {
    out_.push_back({std::move(kind), rule, other, std::move(zh), std::move(en)});
  }
  void never(RouteRule const& r);
  void within(std::vector<std::uint32_t> const& group);
  void across();
  std::string class_of(RouteRule const& r) const {
    if (!r.class_code.empty() || r.code.empty()) return r.class_code;
    auto const* entry = city_.find({r.standard, r.kind, r.code});
    return entry ? entry->class_code : "";
  }
  // Whatever the inner rule is asked for, the outer one would be found too.
  bool holds_all(RouteRule const& outer, RouteRule const& inner) const {
    auto const wide = [](std::string const& a, std::string const& b) { return a.empty() || a == b; };
    return wide(outer.maintainer, inner.maintainer) && wide(outer.standard, inner.standard) &&
           wide(outer.kind, inner.kind) && wide(outer.code, inner.code) && wide(outer.condition, inner.condition) &&
           wide(outer.class_code, class_of(inner)) && wide(outer.grid, inner.grid) &&
           wide(outer.community, inner.community.empty() ? inner.grid.substr(0, 12) : inner.community) &&
           wide(outer.street, inner.street.empty() ? (inner.grid + inner.community).substr(0, 9) : inner.street) &&
           wide(outer.area_level, inner.area_level) && wide(outer.source, inner.source) &&
           wide(outer.campaign, inner.campaign) && outer.when.cover(inner.when);
  }
  // Is there a case that both would be found for?
  static bool may_meet(RouteRule const& a, RouteRule const& b) {
    auto const both = [](std::string const& x, std::string const& y) { return x.empty() || y.empty() || x == y; };
    return both(a.condition, b.condition) && both(a.class_code, b.class_code) && both(a.grid, b.grid) &&
           both(a.community, b.community) && both(a.street, b.street) && both(a.area_level, b.area_level) &&
           both(a.source, b.source) && both(a.campaign, b.campaign) && a.when.meet(b.when);
  }

  City const& city_;
  LocalDay today_;
  std::set<std::string> classes_;
  std::vector<Finding> out_;
};

void Checker::never(RouteRule const& r) {
  auto const no = [&](std::string zh, std::string en) {
    say("never", r.id, "", "规则 " + r.id + " 永远不会生效：" + zh, "rule " + r.id + " never answers: " + en);
  };
  auto const unit = city_.units.find(r.unit);
  auto const squad = city_.squads.find(r.squad);
  if (unit == city_.units.end()) return no("没有部门 " + r.unit, "there is no unit " + r.unit);
  if (!r.squad.empty() && squad == city_.squads.end()) return no("没有中队 " + r.squad, "there is no squad " + r.squad);
  if (!r.squad.empty() && squad->second.unit != r.unit)
    return no("中队 " + r.squad + " 不属于 " + r.unit, "squad " + r.squad + " is not of " + r.unit);
  bool const any =
      std::any_of(city_.squads.begin(), city_.squads.end(), [&](auto const& s) { return s.second.unit == r.unit; });
  if (!any) return no("部门 " + r.unit + " 没有中队", "unit " + r.unit + " has no squad");
  if (!r.code.empty()) {
    CategoryKey const key{r.standard, r.kind, r.code};
    auto const* entry = city_.find(key);
    if (!entry) return no("目录中没有 " + text_of(key), "the catalogue has no " + text_of(key));
    auto const& clock = city_.calendar_of("");
    if (entry->valid_to && clock.local_day(*entry->valid_to) <= today_)
      return no("类别 " + text_of(key) + " 已废止", "category " + text_of(key) + " is withdrawn");
    if (!r.condition.empty() && !entry->find(r.condition))
      return no("没有立案条件 " + r.condition, "there is no condition " + r.condition);
    if (!r.class_code.empty() && r.class_code != entry->class_code)
      return no("类别不属于大类 " + r.class_code, "its category is not of class " + r.class_code);
  } else if (!r.class_code.empty() && !classes_.contains(r.class_code)) {
    return no("目录中没有大类 " + r.class_code, "the catalogue has no class " + r.class_code);
  }
  if (r.when.to && *r.when.to <= today_) return no("已过期", "its time is over");
  if (r.when.weekdays == 0 || r.when.from_minute == r.when.to_minute ||
      (r.when.from && r.when.to && *r.when.to <= *r.when.from))
    return no("没有任何时刻", "no moment is left to it");
}

// Rules that are looked up together: in order the earlier hides the later; without an order two answers are a dispute.
void Checker::within(std::vector<std::uint32_t> const& group) {
  if (group.size() < 2) return;
  auto const level = city_.routes[group.front()].level;
  bool const in_order = level == RouteLevel::ordered || level == RouteLevel::decision;
  for (std::size_t i = 0; i < group.size(); ++i) {
    for (std::size_t k = i + 1; k < group.size(); ++k) {
      auto const& a = city_.routes[level == RouteLevel::decision ? group[group.size() - 1 - i] : group[i]];
      auto const& b = city_.routes[level == RouteLevel::decision ? group[group.size() - 1 - k] : group[k]];
      bool const same = a.unit == b.unit && a.squad == b.squad;
      if ((in_order || same) && holds_all(a, b)) {
        say("shadowed", b.id, a.id, "规则 " + b.id + " 被 " + a.id + " 遮蔽",
            "rule " + b.id + " stands in the shadow of " + a.id);
      } else if (!in_order && !same && may_meet(a, b)) {
        say("disputed", b.id, a.id, "规则 " + a.id + " 与 " + b.id + " 指向不同的部门或中队",
            "rules " + a.id + " and " + b.id + " name different answers for the same cases");
      }
    }
  }
}

// An ordered rule that answers whatever a rule of a later level would be asked for.
void Checker::across() {
  std::vector<RouteRule const*> ordered;
  for (auto const& r : city_.routes) {
    if (r.level == RouteLevel::ordered && city_.units.contains(r.unit)) ordered.push_back(&r);
  }
  for (auto const& r : city_.routes) {
    if (r.level <= RouteLevel::ordered) continue;
    for (auto const* a : ordered) {
      if (!holds_all(*a, r)) continue;
      say("shadowed", r.id, a->id, "规则 " + r.id + " 被 " + a->id + " 遮蔽",
          "rule " + r.id + " stands in the shadow of " + a->id);
      break;
    }
  }
}

}  // namespace

std::vector<Finding> check_rules(City const& city, LocalDay today) {
  return Checker(city, today).rules();
}

std::vector<Finding> check_list(City const& city, LocalDay today, std::vector<std::string> const& streets) {
  std::vector<Finding> out;
  auto const& lines = city.responsibilities;
  for (auto const& [key, group] : city.list_index) {
    for (std::size_t i = 0; i < group.size(); ++i) {
      for (std::size_t k = i + 1; k < group.size(); ++k) {
        auto const &a = lines[group[i]], &b = lines[group[k]];
        if (a.area != b.area || a.condition != b.condition || a.responsible == b.responsible || !a.when.meet(b.when))
          continue;
        out.push_back(
            {"overlap", b.id, a.id,
             "权责清单 " + a.id + " 与 " + b.id + " 重叠：" + a.responsible + "、" + b.responsible,
             "lines " + a.id + " and " + b.id + " of the list overlap: " + a.responsible + ", " + b.responsible});
      }
    }
  }
  if (lines.empty()) return out;
  auto const& clock = city.calendar_of("");
  for (auto const& [key, entry] : city.catalogue) {
    if (key.kind != "matter" || (entry.valid_to && clock.local_day(*entry.valid_to) <= today)) continue;
    Case c;
    c.standard = key.standard, c.kind = key.kind, c.code = key.code, c.class_code = entry.class_code;
    std::string missing;
    for (auto const& street : streets) {
      c.street = street;
      bool const covered = std::any_of(lines.begin(), lines.end(), [&](Responsibility const& line) {
        return line.condition.empty() && fits(line, c) && !(line.when.to && *line.when.to <= today);
      });
      if (!covered) missing += (missing.empty() ? "" : ", ") + street;
    }
    if (missing.empty()) continue;
    out.push_back({"gap", text_of(key), "", "权责清单未覆盖 " + entry.zh + "：" + missing,
                   "the list names nobody for " + entry.en + " in " + missing});
  }
  std::sort(out.begin(), out.end(), [](Finding const& a, Finding const& b) {
    return std::tie(a.kind, a.rule, a.other) < std::tie(b.kind, b.rule, b.other);
  });
  return out;
}

std::vector<std::string> ring_of(std::map<std::string, std::string> const& parent_of) {
  std::set<std::string> clear;
  for (auto const& [start, parent] : parent_of) {
    std::vector<std::string> way;
    auto key = start;
    while (!key.empty() && !clear.contains(key)) {
      auto const seen = std::find(way.begin(), way.end(), key);
      if (seen != way.end()) {
        std::vector<std::string> ring(seen, way.end());
        ring.push_back(key);
        return ring;
      }
      way.push_back(key);
      auto const above = parent_of.find(key);
      key = above == parent_of.end() ? "" : above->second;
    }
    clear.insert(way.begin(), way.end());
  }
  return {};
}

}  // namespace wangge::core
