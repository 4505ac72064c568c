#include "dispatcher/core/ledger.hpp"

#include <algorithm>

namespace wangge::core {

namespace {

bool runs(Case const& c) {
  return c.due_at && c.run_from && !c.left_ms && !c.handed_over_at && info(c.state).open;
}

// From when the clock stood still: the hand-over's judged moment, the asking of what was granted, else the row.
Instant stopped_at(Case const& before, Case const& after, HistoryRow const& row) {
  if (after.handed_over_at) return *after.handed_over_at;
  bool const granted = row.action == "approve_return" || row.action == "approve_request";
  for (auto const& r : before.requests) {
    bool const still = std::any_of(after.requests.begin(), after.requests.end(),
                                   [&](Request const& a) { return a.request_id == r.request_id; });
    bool const stops = r.kind == RequestKind::return_ || r.kind == RequestKind::defer || r.kind == RequestKind::suspend;
    auto const kind = row.action == "approve_return" ? id(RequestKind::return_) : std::string_view(after.pause_kind);
    if (granted && !still && stops && id(r.kind) == kind) return r.at;
  }
  return row.at;
}

}  // namespace

std::vector<Segment> ledger(std::span<HistoryRow const> rows) {
  std::vector<Segment> segments;
  Case c;
  for (auto const& row : rows) {
    if (row.transport) continue;
    Case const before = c;
    patch(c, row.changes);
    bool const was = runs(before), is = runs(c);
    bool const same = was && is && before.run_from == c.run_from;
    if (was && !same) {
      auto& last = segments.back();
      last.ended = row.action;
      // Granted from an asking that lies before the case was made urgent: that segment did not run at all.
      last.until = std::max(last.from, is ? row.at : stopped_at(before, c, row));
      if (c.left_ms) last.left = Millis{*c.left_ms};
    }
    if (is && !same)
      segments.push_back(
          {c.unit, c.clock, *c.run_from, Millis{c.run_left_ms.value_or(0)}, 0, row.action, "", std::nullopt, {}});
    if (same) {
      segments.back().had = Millis{c.run_left_ms.value_or(0)};
      segments.back().extensions += c.extensions - before.extensions;
    }
  }
  return segments;
}

}  // namespace wangge::core
