// Names each city switch once, for reading and writing it.
#pragma once

#include "dispatcher/core/city.hpp"

namespace wangge::storage::standing {

// Calls f(name, member) for every switch but verify_first, which is a list.
template <class PolicyT, class F>
void for_each_switch(PolicyT& p, F&& f) {
  f("auto_accept", p.auto_accept);
  f("auto_file", p.auto_file);
  f("auto_dispatch", p.auto_dispatch);
  f("auto_confirm", p.auto_confirm);
  f("auto_send_check", p.auto_send_check);
  f("auto_send_verify", p.auto_send_verify);
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
  f("follow_up_closing", p.follow_up_closing);
  f("calendar", p.calendar);
}

}  // namespace wangge::storage::standing
