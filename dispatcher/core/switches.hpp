// The city's switches (Policy) as data: each with its words, its bounds, and the reports whose figures depend on it. A report
// names the ones it depends on with their values (RULINGS, DOMAIN 4.4); loading checks them by the same table.
#pragma once

#include <span>

#include "dispatcher/core/city.hpp"

namespace wangge::core {

// Calls f(name, member) for every switch but verify_first, which is a list.
template <class PolicyT, class F>
void for_each_switch(PolicyT& p, F&& f) {
  f("auto_accept", p.auto_accept);
  f("auto_file", p.auto_file);
  f("auto_dispatch", p.auto_dispatch);
  f("auto_confirm", p.auto_confirm);
  f("auto_send_check", p.auto_send_check);
  f("auto_send_verify", p.auto_send_verify);
  f("auto_merge", p.auto_merge);
  f("ai_confidence", p.ai_confidence);
  f("return_window_minutes", p.return_window_minutes);
  f("return_window_urgent_minutes", p.return_window_urgent_minutes);
  f("twin_metres", p.twin_metres);
  f("twin_hours", p.twin_hours);
  f("verify_minutes", p.verify_minutes);
  f("check_minutes", p.check_minutes);
  f("unreceived_seconds", p.unreceived_seconds);
  f("accept_minutes", p.accept_minutes);
  f("file_minutes", p.file_minutes);
  f("dispatch_minutes", p.dispatch_minutes);
  f("review_minutes", p.review_minutes);
  f("close_minutes", p.close_minutes);
  f("extensions_most", p.extensions_most);
  f("pause_days_most", p.pause_days_most);
  f("urgent_minutes", p.urgent_minutes);
  f("reopen_days", p.reopen_days);
  f("ladder_shift_minutes", p.ladder_shift_minutes);
  f("ladder_desk_minutes", p.ladder_desk_minutes);
  f("ladder_committee_minutes", p.ladder_committee_minutes);
  f("blind_percent", p.blind_percent);
  f("check_metres", p.check_metres);
  f("make_safe_minutes", p.make_safe_minutes);
  f("enforce_order_days", p.enforce_order_days);
  f("enforce_decide_days", p.enforce_decide_days);
  f("enforce_fulfil_days", p.enforce_fulfil_days);
  f("appeal_days", p.appeal_days);
  f("same_period_minutes", p.same_period_minutes);
  f("hotline_sign_minutes", p.hotline_sign_minutes);
  f("hotline_return_minutes", p.hotline_return_minutes);
  f("hotline_reply_minutes", p.hotline_reply_minutes);
  f("rework_clock", p.rework_clock);
  f("rework_minutes", p.rework_minutes);
  f("on_time_at", p.on_time_at);
  f("follow_up_closing", p.follow_up_closing);
  f("calendar", p.calendar);
  f("gallery_photos", p.gallery_photos);
}

// Reports, as bits: the month's closure table, the indicators, the list of suspicious patterns.
enum class ReportOf : std::uint8_t { none = 0, closure = 1, indicators = 2, suspicions = 4 };

struct SwitchInfo {
  std::string_view name, zh, en;
  double least = 0, most = 0;     // of numbers
  std::string_view choices = "";  // of words: "remaining|fresh|short"; "" = any (checked elsewhere)
  std::uint8_t reports = 0;       // ReportOf bits
};
std::span<SwitchInfo const> switches();
SwitchInfo const* find_switch(std::string_view name);

// Each switch as text, in order; verify_first last, its words joined by commas.
std::vector<std::pair<std::string, std::string>> switch_values(Policy const& policy);
// What is wrong with a switch of this policy, in words; empty: nothing.
std::vector<std::pair<std::string, std::string>> bad_switches(Policy const& policy);

// A switch that a report names.
struct NamedSwitch {
  std::string name, value;
};
// Those of `values` (name, text) that the figures of this report depend on, in the table's order.
std::vector<NamedSwitch> switches_of(ReportOf report, std::vector<std::pair<std::string, std::string>> const& values);
// "按时判定 on_time_at = confirm; …", with what no city can switch (RULINGS 1).
std::string switches_text(std::vector<NamedSwitch> const& named, std::string_view lang);

}  // namespace wangge::core
