// Prints the lifecycle table for people; nothing here knows a rule that the table does not hold.
#include "dispatcher/core/lifecycle_page.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "dispatcher/core/lifecycle.hpp"

namespace wangge::core {

namespace {

// Words of the table's columns, in the order of their enums.
constexpr std::array<std::string_view, 25> kGuards{
    "",             "usable_place",    "known_condition",  "one_lead_unit", "return_window",     "not_the_sender",
    "own_task",     "not_own_disposal", "no_open_request", "open_request",  "closing_condition", "has_checker",
    "extension",    "pause",           "assists_answered", "own_assist",    "open_assist",       "mergeable",
    "late_closure", "reopen_window",   "not_urgent_yet",   "hazard",        "open_order",        "answered_order",
    "moved_deadline"};
constexpr std::array<std::string_view, 10> kClocks{"",       "start",  "stop",  "stop_from_request", "stop_hand_over",
                                                  "resume", "extend", "hurry", "end",               "reproject"};
constexpr std::array<std::string_view, 32> kCounts{
    "",           "report",    "accept",       "not_accept",     "file",       "not_file", "dispatch",  "returned",
    "dispose",    "hand_over", "rework",       "check",          "close",      "forced",   "voided",    "send_verify",
    "verify",     "send_check", "extended",    "paused",         "made_safe",  "safe_checked", "supervised", "urged",
    "instructed", "merged",    "moved_out",    "to_enforcement", "replied",    "appealed", "exempted",  "reopened"};
static_assert(kGuards.size() == static_cast<std::size_t>(Guard::moved_deadline) + 1);
static_assert(kClocks.size() == static_cast<std::size_t>(ClockEffect::reproject) + 1);
static_assert(kCounts.size() == static_cast<std::size_t>(CountEffect::reopened) + 1);

// Rows that differ only in the state they leave are one line to a reader.
bool alike(Row const& a, Row const& b) {
  bool const same_goal = a.from == a.to ? b.from == b.to : a.to == b.to && b.from != b.to;
  return same_goal && a.action == b.action && a.outcome == b.outcome && a.who.data() == b.who.data() && a.guard == b.guard &&
         a.clock == b.clock && a.count == b.count;
}

struct Page {
  bool zh;
  std::string out;

  void line(std::string const& text) { out += text + "\n"; }
  std::string words(auto const& named) const { return std::string(zh ? named.zh : named.en); }

  void diagram() {
    line("```mermaid");
    line("stateDiagram-v2");
    for (auto const& s : kStates) line("  state \"" + words(s) + "\" as " + std::string(s.id));
    line("  [*] --> reported");
    for (auto const& row : lifecycle()) {
      bool const from_many = row.action == Action::approve_void || row.outcome == "force_close" || row.outcome == "transfer_out";
      if (row.from == row.to || from_many) continue;
      auto const outcome = row.outcome.empty() ? "" : " = " + std::string(row.outcome);
      line("  " + std::string(id(row.from)) + " --> " + std::string(id(row.to)) + ": " + words(info(row.action)) +
           outcome);
    }
    for (auto const& s : kStates) {
      if (!s.open) line("  " + std::string(s.id) + " --> [*]");
    }
    line("```");
  }

  void table() {
    line(zh ? "| 从 | 动作 | 到 | 谁 | 条件 | 时钟 | 计数 |" : "| from | action | to | who | guard | clock | count |");
    line("|---|---|---|---|---|---|---|");
    auto const rows = lifecycle();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto const& row = rows[i];
      if (std::any_of(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(i), [&](Row const& r) { return alike(r, row); })) continue;
      std::string from, who;
      for (auto const& r : rows.subspan(i))
        if (alike(row, r)) from += (from.empty() ? "" : zh ? "、" : ", ") + words(info(r.from));
      for (auto const role : row.who) who += (who.empty() ? "" : zh ? "、" : ", ") + words(info(role));
      auto const outcome = row.outcome.empty() ? "" : " = " + std::string(row.outcome);
      line("| " + from + " | " + words(info(row.action)) + " `" + std::string(id(row.action)) + "`" + outcome + " | " +
           (row.from == row.to ? "=" : words(info(row.to))) + " | " + who + " | " +
           std::string(kGuards[static_cast<std::size_t>(row.guard)]) + " | " +
           std::string(kClocks[static_cast<std::size_t>(row.clock)]) + " | " +
           std::string(kCounts[static_cast<std::size_t>(row.count)]) + " |");
    }
  }
};

}  // namespace

std::string lifecycle_markdown(std::string_view lang) {
  Page page{lang == "zh", {}};
  page.diagram();
  page.line("");
  page.line(page.zh ? "另：立案后、未结束的案卷都可以申请作废（经批准为已作废）或由领导强制结案（图中不画）。"
                    : "Besides (not drawn): every filed open case may be voided on request and approval, or closed by "
                      "force by a leader.");
  page.line("");
  page.table();
  return page.out;
}

}  // namespace wangge::core
