#include "dispatcher/core/switches.hpp"

#include <algorithm>

#include "dispatcher/core/field_text.hpp"

namespace wangge::core {

namespace {

constexpr double kYear = 366 * 1440;  // minutes
constexpr std::uint8_t kClosure = 1 | 2, kIndicators = 2,
                       kSuspicions = 4;  // what the closure table depends on, indicators do too

// clang-format off
constexpr std::array kSwitches{
  SwitchInfo{"auto_accept",                  "自动受理",             "accepts by itself",                 0, 1},
  SwitchInfo{"auto_file",                    "自动立案",             "files by itself",                   0, 1},
  SwitchInfo{"auto_dispatch",                "自动派遣",             "dispatches by itself",              0, 1},
  SwitchInfo{"auto_confirm",                 "自动部门确认",         "confirms by itself",                0, 1, "", kClosure},
  SwitchInfo{"auto_send_check",              "自动发核查",           "sends to check by itself",          0, 1},
  SwitchInfo{"auto_send_verify",             "自动发核实",           "sends to verify by itself",         0, 1},
  SwitchInfo{"auto_merge",                   "自动并案",             "merges by itself (same component, same condition)", 0, 1, "", kClosure},
  SwitchInfo{"ai_confidence",                "智能识别免核实置信度", "confidence of a machine that needs no verifying", 0, 1},
  SwitchInfo{"return_window_minutes",        "回退时限（工作分钟）", "window for returns (work minutes)", 1, kYear, "", kClosure},
  SwitchInfo{"return_window_urgent_minutes", "急件回退时限（分钟）", "the same of urgent cases (minutes)", 1, kYear, "", kClosure},
  SwitchInfo{"twin_metres",                  "疑似重复距离（米）",   "twins lie within (metres)",         0, 5000},
  SwitchInfo{"twin_hours",                   "疑似重复时间（小时）", "twins lie within (hours)",          0, 8784},
  SwitchInfo{"verify_minutes",               "核实时限（分钟）",     "limit of verifying (minutes)",      1, kYear, "", kIndicators},
  SwitchInfo{"check_minutes",                "核查时限（分钟）",     "limit of checking (minutes)",       1, kYear, "", kIndicators},
  SwitchInfo{"unreceived_seconds",           "任务未接收告警（秒）", "alarm for unreceived tasks (seconds)", 10, 86400},
  SwitchInfo{"accept_minutes",               "受理时限（工作分钟）", "limit of accepting (work minutes)", 1, kYear, "", kIndicators},
  SwitchInfo{"file_minutes",                 "立案时限（工作分钟）", "limit of filing (work minutes)",    1, kYear, "", kIndicators},
  SwitchInfo{"dispatch_minutes",             "派遣时限（工作分钟）", "limit of dispatching (work minutes)", 1, kYear, "", kIndicators},
  SwitchInfo{"review_minutes",               "督查时限（工作分钟）", "limit of reviewing (work minutes)", 1, kYear, "", kIndicators},
  SwitchInfo{"close_minutes",                "结案时限（工作分钟）", "limit of closing (work minutes)",   1, kYear, "", kIndicators},
  SwitchInfo{"extensions_most",              "延期次数上限",         "extensions at most",                0, 20, "", kClosure},
  SwitchInfo{"pause_days_most",              "缓办挂账上限（天）",   "pauses at most (days)",             1, 3660, "", kClosure},
  SwitchInfo{"urgent_minutes",               "急要件时限（分钟）",   "limit of urgent cases (minutes)",   1, kYear, "", kClosure},
  SwitchInfo{"reopen_days",                  "重开期限（天）",       "window for reopening (days)",       0, 3660},
  SwitchInfo{"ladder_shift_minutes",         "升级至值班长（工作分钟）", "told to the shift after (work minutes)", 0, kYear},
  SwitchInfo{"ladder_desk_minutes",          "升级至协调（工作分钟）", "told to the desk after (work minutes)", 0, kYear},
  SwitchInfo{"ladder_committee_minutes",     "升级至委员会（工作分钟）", "told to the committee after (work minutes)", 0, kYear},
  SwitchInfo{"blind_percent",                "盲查比例（%）",        "share looked at twice (%)",         0, 100, "", kIndicators | kSuspicions},
  SwitchInfo{"check_metres",                 "核查距离（米）",       "a checker stands within (metres)",  1, 5000, "", kSuspicions},
  SwitchInfo{"make_safe_minutes",            "消除隐患时限（分钟）", "limit to make safe (minutes)",      1, kYear},
  SwitchInfo{"enforce_order_days",           "责令改正（法定日）",   "order to correct (statutory days)", 1, 366},
  SwitchInfo{"enforce_decide_days",          "执法决定（法定日）",   "decision (statutory days)",         1, 366},
  SwitchInfo{"enforce_fulfil_days",          "决定履行（法定日）",   "fulfilment (statutory days)",       1, 366},
  SwitchInfo{"appeal_days",                  "申诉期（工作日）",     "window for appeals (work days)",    0, 366, "", kClosure},
  SwitchInfo{"same_period_minutes",          "同时段核查前后（分钟）", "same-period checks within (minutes)", 1, 720, "", kIndicators},
  SwitchInfo{"hotline_sign_minutes",         "热线工单签收（工作分钟）", "to sign for an order (work minutes)", 1, kYear},
  SwitchInfo{"hotline_return_minutes",       "热线工单退单（工作分钟）", "to send an order back (work minutes)", 1, kYear},
  SwitchInfo{"hotline_reply_minutes",        "热线工单答复（工作分钟）", "to reply to an order (work minutes)", 1, kYear},
  SwitchInfo{"rework_clock",                 "返工时限",             "clock after a rework",              0, 0, "remaining|fresh|short", kClosure},
  SwitchInfo{"rework_minutes",               "返工短时限（分钟）",   "short limit after a rework (minutes)", 1, kYear, "", kClosure},
  SwitchInfo{"on_time_at",                   "按期判定时点",         "on time is decided at",             0, 0, "confirm|submit", kClosure},
  SwitchInfo{"follow_up_closing",            "转后续案卷的结案条件", "closing that leaves a repair",      0, 0},
  SwitchInfo{"calendar",                     "中心日历",             "the center's calendar",             0, 0, "", kClosure},
  SwitchInfo{"gallery_photos",               "允许上传相册照片",     "takes pictures from the gallery",   0, 1},
  SwitchInfo{"verify_first",                 "先核实的来源",         "sources verified first",            0, 0, "", kIndicators},
};
// clang-format on

bool among(std::string_view choices, std::string_view word) {
  for (std::size_t from = 0; from <= choices.size();) {
    auto const bar = std::min(choices.find('|', from), choices.size());
    if (choices.substr(from, bar - from) == word) return true;
    from = bar + 1;
  }
  return false;
}

std::string bounds(double value) {
  return std::to_string(static_cast<std::int64_t>(value));
}

void check(SwitchInfo const& info, double value, std::vector<std::pair<std::string, std::string>>& bad) {
  if (value < info.least || value > info.most)
    bad.emplace_back(info.name, "lies outside " + bounds(info.least) + " to " + bounds(info.most));
}
void check(SwitchInfo const& info, std::string const& value, std::vector<std::pair<std::string, std::string>>& bad) {
  if (!info.choices.empty() && !among(info.choices, value))
    bad.emplace_back(info.name, "is none of " + std::string(info.choices));
}

}  // namespace

std::span<SwitchInfo const> switches() {
  return kSwitches;
}

SwitchInfo const* find_switch(std::string_view name) {
  auto const found =
      std::find_if(kSwitches.begin(), kSwitches.end(), [&](SwitchInfo const& s) { return s.name == name; });
  return found == kSwitches.end() ? nullptr : &*found;
}

std::vector<std::pair<std::string, std::string>> switch_values(Policy const& policy) {
  std::vector<std::pair<std::string, std::string>> values;
  for_each_switch(policy, [&](char const* name, auto const& value) {
    auto text = field_text::encode(value);
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, bool>) text = value ? "true" : "false";
    values.emplace_back(name, std::move(text));
  });
  values.emplace_back("verify_first", field_text::encode(std::vector<std::string>(policy.verify_first.begin(),
                                                                                  policy.verify_first.end())));
  return values;
}

std::vector<std::pair<std::string, std::string>> bad_switches(Policy const& policy) {
  std::vector<std::pair<std::string, std::string>> bad;
  for_each_switch(policy, [&](char const* name, auto const& value) {
    auto const* info = find_switch(name);
    if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>)
      check(*info, value, bad);
    else
      check(*info, static_cast<double>(value), bad);
  });
  return bad;
}

std::vector<NamedSwitch> switches_of(ReportOf report, std::vector<std::pair<std::string, std::string>> const& values) {
  std::vector<NamedSwitch> named;
  for (auto const& info : kSwitches) {
    if ((info.reports & static_cast<std::uint8_t>(report)) == 0) continue;
    auto const value = std::find_if(values.begin(), values.end(), [&](auto const& v) { return v.first == info.name; });
    if (value == values.end()) continue;
    bool const idle = info.name == "rework_minutes" && std::none_of(values.begin(), values.end(), [](auto const& v) {
                        return v.first == "rework_clock" && v.second == "short";
                      });
    if (!idle) named.push_back({std::string(info.name), value->second});
  }
  return named;
}

std::string switches_text(std::vector<NamedSwitch> const& named, std::string_view lang) {
  bool const en = lang == "en";
  std::string out = en ? "City switches: " : "本表依据的城市设置：";
  for (auto const& one : named) {
    auto const* info = find_switch(one.name);
    auto const words = info == nullptr ? std::string() : std::string(en ? info->en : info->zh) + " ";
    out += words + one.name + " = " + one.value + (en ? "; " : "；");
  }
  return out +
         (en ? "time in review and check counts for nobody; suspended cases stay in what is due "
               "(archive_rate_jinhua is the rate without them)."
             : "督查、核查所用时间不计入任何单位；挂账案卷仍计入应结案（扣除挂账的结案率见 archive_rate_jinhua）。");
}

}  // namespace wangge::core
