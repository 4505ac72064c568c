// The table of indicators. Words and sources are kpi.tsv's, read as RULINGS has them: archive_* is closing, inst is
// filing, need_archive is due (应结案).
#include "dispatcher/core/indicators.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "dispatcher/core/rate.hpp"

namespace wangge::core {
namespace {

// clang-format off
constexpr std::array kIndicators{
    Indicator{"report_num", "上报数", "Reports", Measure::cases, "report", "", "", "", "", "Ningbo"},
    Indicator{"patrol_report_num", "监督员上报数", "Patrol reports", Measure::cases, "patrol_report", "", "", "", "", "Ningbo"},
    Indicator{"public_report_num", "公众举报数", "Public reports", Measure::cases, "public_report", "", "", "", "", "Ningbo"},
    Indicator{"valid_report_num", "有效上报数", "Valid reports", Measure::valid, "report", "", "", "", "", "Ningbo"},
    Indicator{"valid_patrol_report_num", "监督员有效上报数", "Valid patrol reports", Measure::valid, "patrol_report", "", "", "", "", "GB/T 30428.4"},
    Indicator{"public_inst_num", "公众举报立案数", "Public reports filed", Measure::valid, "public_report", "", "", "", "", "GB/T 30428.4"},
    Indicator{"missed_num", "漏报数", "Missed problems", Measure::not_void, "missed", "", "", "", "", "Unicom"},
    Indicator{"accept_num", "受理数", "Accepted", Measure::cases, "accept", "", "", "", "", "Ningbo"},
    Indicator{"intime_accept_num", "按时受理数", "Accepted in time", Measure::cases, "intime_accept", "", "", "", "", "Ningbo"},
    Indicator{"not_accept_num", "不予受理数", "Not accepted", Measure::cases, "not_accept", "", "", "", "", "Ningbo"},
    Indicator{"need_send_verify_num", "应发核实数", "Verifications due to send", Measure::cases, "need_send_verify", "", "", "", "", "Ningbo"},
    Indicator{"send_verify_num", "发核实数", "Verifications sent", Measure::cases, "send_verify", "", "", "", "", "Ningbo"},
    Indicator{"intime_send_verify_num", "按时发核实数", "Verifications sent in time", Measure::cases, "intime_send_verify", "", "", "", "", "GB/T 30428.4"},
    Indicator{"need_verify_num", "应核实数", "Verifications due", Measure::cases, "need_verify", "", "", "", "", "Ningbo"},
    Indicator{"verify_num", "核实数", "Verifications done", Measure::cases, "verify", "", "", "", "", "Ningbo"},
    Indicator{"intime_verify_num", "按时核实数", "Verifications in time", Measure::cases, "intime_verify", "", "", "", "", "Ningbo"},
    Indicator{"need_send_check_num", "应发核查数", "Checks due to send", Measure::cases, "dispose|send_check", "", "", "", "", "GB/T 30428.4"},
    Indicator{"send_check_num", "发核查数", "Checks sent", Measure::cases, "send_check", "", "", "", "", "GB/T 30428.4"},
    Indicator{"intime_send_check_num", "按时发核查数", "Checks sent in time", Measure::cases, "intime_send_check", "", "", "", "", "GB/T 30428.4"},
    Indicator{"need_check_num", "应核查数", "Checks due", Measure::cases, "need_check", "", "", "", "", "Ningbo"},
    Indicator{"check_num", "核查数", "Checks done", Measure::cases, "check", "", "", "", "", "Ningbo"},
    Indicator{"intime_check_num", "按时核查数", "Checks in time", Measure::cases, "intime_check", "", "", "", "", "Ningbo"},
    Indicator{"inst_num", "立案数", "Cases filed", Measure::cases, "inst", "", "", "", "", "Ningbo"},
    Indicator{"intime_inst_num", "按时立案数", "Filed in time", Measure::cases, "intime_inst", "", "", "", "", "Ningbo"},
    Indicator{"not_inst_num", "不予立案数", "Filing refused", Measure::cases, "not_inst", "", "", "", "", "Ningbo"},
    Indicator{"accur_inst_num", "准确立案数", "Accurately filed", Measure::not_void, "inst", "", "", "", "", "Unicom"},
    Indicator{"need_dispatch_num", "应派遣数", "Dispatches due", Measure::cases, "inst|dispatch", "", "", "", "", "Ningbo"},
    Indicator{"dispatch_num", "派遣数", "Dispatched", Measure::cases, "dispatch", "", "", "", "", "Ningbo"},
    Indicator{"intime_dispatch_num", "按时派遣数", "Dispatched in time", Measure::cases, "intime_dispatch", "", "", "", "", "Ningbo"},
    Indicator{"accur_dispatch_num", "准确派遣数", "Accurately dispatched", Measure::right, "dispatch", "", "", "", "", "Ningbo"},
    Indicator{"wrong_dispatch_num", "错误派遣数", "Wrongly dispatched", Measure::wrong, "dispatch", "", "", "", "", "Ningbo"},
    Indicator{"need_dispose_num", "应处置数", "Disposals due", Measure::not_void, "need_dispose", "", "", "", "", "Ningbo"},
    Indicator{"dispose_num", "处置数", "Disposed", Measure::held, "dispose", "", "", "", "", "Ningbo"},
    Indicator{"intime_dispose_num", "按期处置数", "Disposed in time", Measure::held, "intime_dispose", "", "", "", "", "Ningbo"},
    Indicator{"overtime_dispose_num", "超期处置数", "Disposed late", Measure::held, "overtime_dispose", "", "", "", "", "Ningbo"},
    Indicator{"to_dispose_num", "待处置数", "Awaiting disposal", Measure::stock, "to_dispose", "", "", "", "", "Ningbo"},
    Indicator{"overtime_to_dispose_num", "超期未处置数", "Overdue, not disposed", Measure::stock, "overtime_to_dispose", "", "", "", "", "Ningbo"},
    Indicator{"need_archive_num", "应结案数", "Closures due", Measure::closure, "due", "", "", "", "", "Ningbo"},
    Indicator{"archive_num", "结案数", "Closed", Measure::closure, "closed", "", "", "", "", "Ningbo"},
    Indicator{"intime_archive_num", "按期结案数", "Closed in time", Measure::closure, "closed_on_time", "", "", "", "", "Ningbo"},
    Indicator{"overtime_archive_num", "超期结案数", "Closed late", Measure::closure, "closed_late", "", "", "", "", "Ningbo"},
    Indicator{"overtime_to_archive_num", "超期未结案数", "Overdue, not closed", Measure::closure, "not_closed", "", "", "", "", "Ningbo"},
    Indicator{"rework_num", "返工数", "Cases reworked", Measure::closure, "reworked", "", "", "", "", "Ningbo"},
    Indicator{"multi_rework_num", "返工次数", "Rework times", Measure::rows, "rework", "", "", "", "", "Ningbo"},
    Indicator{"postpone_num", "延期数", "Cases extended", Measure::closure, "extended", "", "", "", "", "Ningbo"},
    Indicator{"multi_postpone_num", "延期次数", "Extension times", Measure::rows, "postpone", "", "", "", "", "Ningbo"},
    Indicator{"hang_num", "挂账数(缓办数)", "Suspended now", Measure::stock, "hang", "", "", "", "", "Ningbo"},
    Indicator{"his_hang_num", "历史挂账数", "Ever suspended", Measure::cases, "hang", "", "", "", "", "Ningbo"},
    Indicator{"back_num", "回退数", "Returned to dispatcher", Measure::cases, "back", "", "", "", "", "Ningbo"},
    Indicator{"overtime_back_num", "超时回退数", "Returned late", Measure::cases, "overtime_back", "", "", "", "", "Ningbo"},
    Indicator{"shuffle_num", "推诿数", "Buck-passing", Measure::cases, "shuffle", "", "", "", "", "Ningbo"},
    Indicator{"supervise_num", "督查数", "Supervision steps done", Measure::cases, "supervise", "", "", "", "", "Ningbo"},
    Indicator{"cancel_num", "作废数", "Voided", Measure::cases, "cancel", "", "", "", "", "Ningbo"},
    Indicator{"patrol_deal_report_num", "自处置上报数", "Self-disposed reports", Measure::cases, "patrol_deal_report", "", "", "", "", "Ningbo"},
    Indicator{"patrol_deal_archive_num", "自处置办结数", "Self-disposed closed", Measure::cases, "patrol_deal_archive", "", "", "", "", "Ningbo"},
    Indicator{"patrol_deal_cancel_num", "自处置作废数", "Self-disposed void", Measure::cases, "patrol_deal_cancel", "", "", "", "", "Ningbo"},
    Indicator{"stock_num", "积存案件数", "Backlog cases", Measure::stock, "backlog", "", "", "", "", "Ningbo"},
    Indicator{"need_reply_num", "应回复数", "Replies due", Measure::cases, "need_reply", "", "", "", "", "Ningbo"},
    Indicator{"reply_num", "回复数", "Replied", Measure::cases, "reply", "", "", "", "", "Ningbo"},
    Indicator{"omit_reply_num", "回复漏报数", "False replies", Measure::cases, "omit_reply", "", "", "", "", "Ningbo"},
    Indicator{"visit_num", "回访答复数", "Return visits answered", Measure::rows, "visit", "", "", "", "", "Ningbo"},
    Indicator{"very_satisfied_num", "非常满意数", "Very satisfied", Measure::rows, "very_satisfied", "", "", "", "", "Ningbo"},
    Indicator{"satisfied_num", "满意数", "Satisfied", Measure::rows, "satisfied", "", "", "", "", "Ningbo"},
    Indicator{"acceptable_num", "基本满意数", "Acceptable", Measure::rows, "acceptable", "", "", "", "", "Ningbo"},
    Indicator{"dissatisfied_num", "不满意数", "Dissatisfied", Measure::rows, "dissatisfied", "", "", "", "", "Ningbo"},
    Indicator{"very_dissatisfied_num", "非常不满意数", "Very dissatisfied", Measure::rows, "very_dissatisfied", "", "", "", "", "Ningbo"},
    Indicator{"human_archive_num", "值班长结案数", "Closings done", Measure::cases, "human_archive", "", "", "", "", "GB/T 30428.4"},
    Indicator{"intime_human_archive_num", "值班长按时结案数", "Closings done in time", Measure::cases, "intime_human_archive", "", "", "", "", "GB/T 30428.4"},
    Indicator{"inst_rate", "立案率", "Filing rate", Measure::rate, "inst_num", "accept_num", "", "%", "higher", "Zhengzhou 2019-04"},
    Indicator{"dispatch_rate", "派遣率", "Dispatch rate", Measure::rate, "dispatch_num", "inst_num", "", "%", "higher", "Zhengzhou 2019-04"},
    Indicator{"archive_rate", "结案率", "Closure rate", Measure::rate, "archive_num", "need_archive_num", "", "%", "higher", "Zhengzhou 2019-04"},
    Indicator{"intime_archive_rate", "按期结案率", "On-time closure rate", Measure::rate, "intime_archive_num", "need_archive_num", "", "%", "higher", "Zhengzhou 2019-04"},
    Indicator{"overtime_archive_rate", "超期结案率", "Late closure rate", Measure::rate, "overtime_archive_num", "need_archive_num", "", "%", "lower", "indicator document"},
    Indicator{"archive_rate_jinhua", "结案率(扣缓办)", "Closure rate net of deferred", Measure::rate, "archive_num", "need_archive_num", "hang_num", "%", "higher", "Jinhua"},
    Indicator{"dispose_rate", "处置率", "Disposal rate", Measure::rate, "dispose_num", "need_dispose_num", "", "%", "higher", "indicator document"},
    Indicator{"intime_dispose_rate", "按期处置率", "On-time disposal rate", Measure::rate, "intime_dispose_num", "need_dispose_num", "", "%", "higher", "indicator document"},
    Indicator{"rework_rate", "返工率", "Rework rate", Measure::rate, "rework_num", "need_archive_num", "", "%", "lower", "Zhengzhou 2019-04"},
    Indicator{"postpone_rate", "延期率", "Extension rate", Measure::rate, "postpone_num", "need_archive_num", "", "%", "lower", "Zhengzhou 2019-04"},
    Indicator{"hang_rate", "缓办率", "Deferral rate", Measure::rate, "hang_num", "need_dispose_num", "", "%", "lower", "CJ/T 292"},
    Indicator{"back_rate", "回退率", "Return rate", Measure::rate, "back_num", "dispatch_num", "", "%", "lower", "Yuncheng"},
    Indicator{"valid_report_rate", "有效上报率", "Valid report rate", Measure::rate, "valid_patrol_report_num", "patrol_report_num", "", "%", "higher", "Unicom"},
    Indicator{"missed_rate", "漏报率", "Missed rate", Measure::rate, "missed_num", "inst_num|valid_patrol_report_num", "", "%", "lower", "Unicom"},
    Indicator{"public_report_rate", "监督举报率", "Public-complaint share", Measure::rate, "public_inst_num", "inst_num", "", "%", "lower", "Unicom"},
    Indicator{"intime_verify_rate", "按时核实率", "On-time verification", Measure::rate, "intime_verify_num", "need_verify_num", "", "%", "higher", "Unicom"},
    Indicator{"intime_check_rate", "按时核查率", "On-time check", Measure::rate, "intime_check_num", "need_check_num", "", "%", "higher", "Unicom"},
    Indicator{"intime_send_verify_rate", "核实按时派发率", "On-time sending of verifications", Measure::rate, "intime_send_verify_num", "need_send_verify_num", "", "%", "higher", "Unicom"},
    Indicator{"intime_send_check_rate", "核查按时派发率", "On-time sending of checks", Measure::rate, "intime_send_check_num", "need_send_check_num", "", "%", "higher", "Unicom"},
    Indicator{"intime_accept_rate", "按时受理率", "On-time acceptance", Measure::rate, "intime_accept_num", "accept_num", "", "%", "higher", "indicator document"},
    Indicator{"intime_inst_rate", "按时立案率", "On-time filing", Measure::rate, "intime_inst_num", "inst_num", "", "%", "higher", "Unicom"},
    Indicator{"accur_inst_rate", "准确立案率", "Accurate filing", Measure::rate, "accur_inst_num", "inst_num", "", "%", "higher", "Unicom"},
    Indicator{"leader_intime_archive_rate", "按时结案率(值班长)", "On-time closing by shift leader", Measure::rate, "intime_human_archive_num", "human_archive_num", "", "%", "higher", "Unicom"},
    Indicator{"intime_dispatch_rate", "按时派遣率", "On-time dispatch", Measure::rate, "intime_dispatch_num", "need_dispatch_num", "", "%", "higher", "Unicom"},
    Indicator{"accur_dispatch_rate", "准确派遣率", "Dispatch accuracy", Measure::rate, "accur_dispatch_num", "need_dispatch_num", "", "%", "higher", "Unicom"},
    Indicator{"satisfaction_score", "满意度得分", "Satisfaction", Measure::score, "visit_num", "", "", "", "higher", "Ningbo"},
};
// clang-format on

// What the answer of a return visit is worth, and which indicator counts it.
struct Answer {
  std::string_view id;
  std::int64_t points;
};
constexpr std::array kAnswers{Answer{"very_satisfied_num", 100}, Answer{"satisfied_num", 80}, Answer{"acceptable_num", 50},
                              Answer{"dissatisfied_num", 0}, Answer{"very_dissatisfied_num", -100}};

constexpr bool parts_are_known() {
  auto const known = [](std::string_view id) {
    for (auto const& i : kIndicators) {
      if (i.id == id && is_count(i)) return true;
    }
    return false;
  };
  for (auto const& i : kIndicators) {
    if (i.measure == Measure::rate && (!known(i.from) || !known(one_of(i.denominator, false)) || !known(one_of(i.denominator, true)) ||
                                       (!i.less.empty() && !known(i.less))))
      return false;
  }
  return true;
}
constexpr bool answers_are_known() {
  for (auto const& answer : kAnswers) {
    bool known = false;
    for (auto const& i : kIndicators) known |= i.id == answer.id && is_count(i);
    if (!known) return false;
  }
  return true;
}
static_assert(answers_are_known(), "an answer that nothing counts");
static_assert(parts_are_known(), "a rate divides something that is no count");

}  // namespace

std::span<Indicator const> indicators() {
  return kIndicators;
}

Indicator const* find_indicator(std::string_view id) {
  auto const found =
      std::find_if(kIndicators.begin(), kIndicators.end(), [&](Indicator const& i) { return i.id == id; });
  return found == kIndicators.end() ? nullptr : &*found;
}

std::optional<std::int64_t> rate_of(std::int64_t part, std::int64_t whole) {
  if (whole <= 0) return std::nullopt;
  return (part * 20000 + whole) / (2 * whole);
}

std::string_view denominator_of(Indicator const& indicator, Counts const& counts) {
  return one_of(indicator.denominator, !counts.contains("need_archive_num"));
}

std::optional<std::int64_t> value_of(Indicator const& indicator, Counts const& counts) {
  auto const count = [&](std::string_view id) -> std::optional<std::int64_t> {
    auto const found = counts.find(id);
    return found == counts.end() ? std::nullopt : std::optional(found->second);
  };
  if (is_count(indicator)) return count(indicator.id);
  if (indicator.measure == Measure::score) {
    std::int64_t points = 0, answers = 0;
    for (auto const& answer : kAnswers) {
      auto const n = count(answer.id);
      if (!n) return std::nullopt;
      answers += *n, points += *n * answer.points;
    }
    if (answers == 0) return std::nullopt;
    auto const doubled = points * 200 + answers;  // hundredths, half up also below zero
    return doubled / (2 * answers) - (doubled % (2 * answers) < 0 ? 1 : 0);
  }
  auto const part = count(indicator.from), whole = count(denominator_of(indicator, counts));
  auto const less = indicator.less.empty() ? std::optional<std::int64_t>(0) : count(indicator.less);
  return part && whole && less ? rate_of(*part, *whole - *less) : std::nullopt;
}

std::string formula(Indicator const& i) {
  if (is_count(i)) return std::string(i.id);
  if (i.measure == Measure::score) {
    std::string sum;
    for (auto const& answer : kAnswers) {
      if (answer.points == 0) continue;
      sum += answer.points < 0 ? " - " : sum.empty() ? "" : " + ";
      sum += std::to_string(std::abs(answer.points)) + " × " + std::string(answer.id);
    }
    return "(" + sum + ") / " + std::string(i.from);
  }
  auto whole = std::string(one_of(i.denominator, false));
  if (auto const other = one_of(i.denominator, true); other != whole) whole += " (" + std::string(other) + " of a person)";
  if (!i.less.empty()) whole = "(" + whole + " - " + std::string(i.less) + ")";
  return std::string(i.from) + " / " + whole + " × 100 %";
}

}  // namespace wangge::core
