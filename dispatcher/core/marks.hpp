// Marks: what one history row counts as in the indicators (DOMAIN 5, kpi.tsv), with who did it frozen at the step. Like
// spans, they follow from the case before and after the row and from nothing that changes later.
#pragma once

#include <span>

#include "dispatcher/core/types.hpp"

namespace wangge::core {

struct City;
struct TaskChange;

struct Mark {
  std::string_view id;  // one of kMarks
  std::string person;   // who did it, or who got the task; "" = nobody yet
  Role post = Role::system;
  std::string unit, squad;
};

// All of one row.
struct StepMarks {
  std::int64_t version = 0;
  Instant at{};
  std::vector<Mark> marks;
};

// Every mark there is; storage, indicators and tests read this list.
inline constexpr std::array<std::string_view, 52> kMarks{"report",
                                                         "patrol_report",
                                                         "public_report",
                                                         "patrol_deal_report",
                                                         "patrol_deal_archive",
                                                         "patrol_deal_cancel",
                                                         "need_reply",
                                                         "reply",
                                                         "accept",
                                                         "intime_accept",
                                                         "not_accept",
                                                         "need_send_verify",
                                                         "send_verify",
                                                         "intime_send_verify",
                                                         "need_verify",
                                                         "verify",
                                                         "intime_verify",
                                                         "missed",
                                                         "inst",
                                                         "intime_inst",
                                                         "not_inst",
                                                         "dispatch",
                                                         "intime_dispatch",
                                                         "need_dispose",
                                                         "taken_back",
                                                         "dispose",
                                                         "intime_dispose",
                                                         "overtime_dispose",
                                                         "send_check",
                                                         "intime_send_check",
                                                         "need_check",
                                                         "check",
                                                         "intime_check",
                                                         "rework",
                                                         "postpone",
                                                         "hang",
                                                         "unhang",
                                                         "back",
                                                         "shuffle",
                                                         "cancel",
                                                         "human_archive",
                                                         "intime_human_archive",
                                                         "supervise",
                                                         "overtime_back",
                                                         "misdirected",
                                                         "omit_reply",
                                                         "very_satisfied",
                                                         "satisfied",
                                                         "acceptable",
                                                         "dissatisfied",
                                                         "very_dissatisfied",
                                                         "visit"};

// `answered`: the verify or check task that this row ends; `given`: tasks as they stand after the row. `city`: the roster and
// the return window of the day, which are frozen into `missed` and `overtime_back` like the persons.
std::vector<Mark> marks_of(City const& city, Case const& before, Case const& after, HistoryRow const& row, Task const* answered,
                           std::span<TaskChange const> given);

}  // namespace wangge::core
