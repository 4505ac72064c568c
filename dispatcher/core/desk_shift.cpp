#include "dispatcher/core/desk_shift.hpp"

#include <algorithm>

namespace wangge::core {
namespace {

// The local day's start as an instant, `days` days from that of `at`.
Instant day_start(Instant at, std::chrono::minutes offset, int days) {
  auto const local = std::chrono::floor<std::chrono::days>(at + offset) + std::chrono::days{days};
  return Instant{local} - offset;
}

}  // namespace

std::vector<ShiftBegin> standard_shifts() { return {{8 * 60, "白班", "Day"}, {20 * 60, "夜班", "Night"}}; }

DeskShift shift_at(std::vector<ShiftBegin> const& plan, Instant at, std::chrono::minutes offset) {
  DeskShift found;
  found.to = Instant::max();
  for (int day = -1; day <= 1; ++day) {
    for (auto const& begin : plan) {
      auto const from = day_start(at, offset, day) + std::chrono::minutes{begin.minute};
      if (from > at) {
        found.to = std::min(found.to, from);
      } else if (found.zh.empty() || from > found.from) {
        found.from = from, found.zh = begin.zh, found.en = begin.en;
      }
    }
  }
  return found;
}

std::vector<DeskShift> last_shifts(std::vector<ShiftBegin> const& plan, Instant now, Instant since, std::chrono::minutes offset,
                                   std::size_t most) {
  std::vector<DeskShift> out;
  for (auto at = now; out.size() < most;) {
    auto shift = shift_at(plan, at, offset);
    if (shift.to <= since) break;
    at = shift.from - Millis{1};
    out.push_back(std::move(shift));
  }
  return out;
}

std::string_view id(HandoverState state) {
  switch (state) {
    case HandoverState::missing: return "missing";
    case HandoverState::opened: return "opened";
    case HandoverState::signed_out: return "signed_out";
    case HandoverState::complete: return "complete";
  }
  return {};
}

std::string_view handover_light(DeskShift const& shift, HandoverState state, Instant now) {
  if (state == HandoverState::complete) return "green";
  if (now < shift.to) return "";
  return now < shift.to + kHandoverGrace ? "yellow" : "red";
}

}  // namespace wangge::core
