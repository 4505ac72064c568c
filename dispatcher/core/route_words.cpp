#include "dispatcher/core/route_words.hpp"

#include <algorithm>

namespace wangge::core {

namespace {

template <class Step, class F>
void for_each_member(Step& s, F&& f) {
  f("result", s.result);
  f("rule", s.rule);
  f("other", s.other);
  f("unit", s.unit);
  f("squad", s.squad);
  f("by", s.by);
  f("document", s.document);
  f("how", s.how);
}

struct Words {
  std::string_view key, zh, en;
};

// {rule}, {other}, {who}, {by}, {how}, {document} are filled in.
constexpr Words kResults[] = {
    {"hit", "规则 {rule} 派遣至 {who}{how}{document}", "rule {rule} gives it to {who}{how}{document}"},
    {"no_rule", "没有适用的规则", "no rule fits"},
    {"no_component", "未关联部件", "no component is named"},
    {"gone", "规则 {rule} 指向的部门或中队已不存在", "rule {rule} names a unit or squad that is not there"},
    {"absent", "规则 {rule} 指向的部门此时无人可派", "rule {rule} names a unit of which nobody is there now"},
    {"disagree", "规则 {rule} 与 {other} 不一致，须由人工决定", "rules {rule} and {other} disagree: a person decides"},
    {"named", "由 {by} 指定为 {who}", "{by} named {who}"},
};
constexpr Words kHows[] = {
    {"named", "", ""},
    {"only", "（该部门唯一可派的中队）", " (the only squad of the unit that is there)"},
    {"shift", "（按班次）", " (by shift)"},
    {"distance", "（就近）", " (the nearest)"},
    {"load", "（按在办数量）", " (the least busy)"},
    {"stand_in", "（原中队请假，由替班中队接手）", " (standing in for an absent squad)"},
};
constexpr Words kLevels[] = {
    {"decision", "协调决定", "Decision of the coordination desk"},
    {"ordered", "派遣规则", "Ordered rules"},
    {"component_maintainer", "部件养护单位", "The component's bodies"},
    {"condition_in_grid", "网格内的立案条件", "Condition in this grid"},
    {"condition_in_street", "街道内的立案条件", "Condition in this street"},
    {"responsibility", "权责清单", "Responsibility list"},
    {"class_in_district", "全区大类", "Class in the district"},
    {"territorial", "属地街道", "The street itself"},
};

template <std::size_t N>
std::string_view among(Words const (&all)[N], std::string_view key, std::string_view lang) {
  for (auto const& w : all) {
    if (w.key == key) return lang == "en" ? w.en : w.zh;
  }
  return key;
}

// In one pass, so that what people wrote is never taken for a place to fill.
template <class Value>
std::string filled(std::string_view form, Value&& value) {
  std::string out;
  while (!form.empty()) {
    auto const open = std::min(form.find('{'), form.size());
    out += form.substr(0, open);
    form.remove_prefix(open);
    if (form.empty()) break;
    auto const close = form.find('}');
    out += value(form.substr(1, close - 1));
    form.remove_prefix(close + 1);
  }
  return out;
}

}  // namespace

std::vector<std::pair<std::string_view, std::string>> route_step_members(RouteStep const& step) {
  std::vector<std::pair<std::string_view, std::string>> out;
  for_each_member(step, [&](std::string_view name, std::string const& value) {
    if (!value.empty()) out.emplace_back(name, value);
  });
  return out;
}

void set_route_step_member(RouteStep& step, std::string_view name, std::string_view value) {
  if (name == "level") step.level = route_level_from(value).value_or(RouteLevel::territorial);
  for_each_member(step, [&](std::string_view one, std::string& to) {
    if (one == name) to = value;
  });
}

std::string_view level_words(RouteLevel level, std::string_view lang) {
  return among(kLevels, id(level), lang);
}

std::string route_words(RouteStep const& step, std::string_view lang, std::string who) {
  if (who.empty()) who = step.unit + " / " + step.squad;
  std::string const paper = step.document.empty() ? ""
                            : lang == "en"        ? ", by " + step.document
                                                  : "，依据 " + step.document;
  bool const known =
      std::any_of(std::begin(kResults), std::end(kResults), [&](Words const& w) { return w.key == step.result; });
  if (!known) return step.result;  // a newer program's
  return filled(among(kResults, step.result, lang), [&](std::string_view name) -> std::string {
    if (name == "rule") return step.rule;
    if (name == "other") return step.other;
    if (name == "who") return who;
    if (name == "by") return step.by;
    if (name == "how") return std::string(among(kHows, step.how, lang));
    return paper;
  });
}

}  // namespace wangge::core
