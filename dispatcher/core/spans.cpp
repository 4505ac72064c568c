// Spans: who has the case, does the clock run, when is it due. Derived from the case before and after one row and from
// nothing else, so that the closure table (CONTRACT 7) can be recomputed from them as of any instant.
#include <algorithm>

#include "dispatcher/core/types.hpp"

namespace wangge::core {

namespace {

Span span_of(Case const& c, HistoryRow const& row) {
  Span span;
  span.version = row.version;
  span.from_at = row.at;
  span.unit = c.unit;
  span.squad = c.squad;
  span.due_at = *c.due_at;
  if (c.handed_over_at) {
    span.kind = SpanKind::awaiting;
    // Lateness is judged when the door received the hand-over; the row may stand a moment later (RULINGS 1).
    if (!c.late) span.due_at = std::max(span.due_at, row.at);
  } else if (c.left_ms) {
    span.kind = SpanKind::stopped;
    if (*c.left_ms >= 0) span.due_at = kNever;
  } else {
    span.kind = SpanKind::undisposed;
  }
  return span;
}

// Does the case still give the same answer as before the row?
bool same_span(Case const& before, Case const& after) {
  auto const stopped_late = [](Case const& c) { return c.left_ms && *c.left_ms < 0; };
  return before.handed_over_at == after.handed_over_at && before.left_ms.has_value() == after.left_ms.has_value() &&
         stopped_late(before) == stopped_late(after) && before.due_at == after.due_at && before.unit == after.unit && before.squad == after.squad &&
         info(after.state).open;
}

std::string_view ending(Case const& before, Case const& after) {
  switch (after.state) {
    case State::closed:
      return "closed";
    case State::forced_closed:
      return "forced_closed";
    case State::voided:
    case State::not_filed:
      return "voided";
    default:
      return before.handed_over_at && !after.handed_over_at ? "failed" : "next";
  }
}

}  // namespace

std::optional<SpanChange> span_change(Case const& before, Case const& after, HistoryRow const& row) {
  if (row.transport) return std::nullopt;
  bool const had = info(before.state).open && before.due_at.has_value();
  bool const has = info(after.state).open && after.due_at.has_value();
  if ((!had && !has) || (had && same_span(before, after))) return std::nullopt;
  std::optional<SpanChange> change(std::in_place);
  if (had) {
    change->close = true;
    change->close_at = row.at;
    change->ended = std::string(ending(before, after));
  }
  if (has) change->open.emplace(span_of(after, row));
  return change;
}

}  // namespace wangge::core
