// What both stores must agree on before a batch is written.
#include "storage/batch.hpp"

#include <algorithm>
#include <set>

namespace wangge::storage {

SpanWrites span_writes(Batch const& batch) {
  SpanWrites writes;
  for (auto const& save : batch.cases) {
    std::optional<core::Span> open;
    for (auto const& change : save.spans) {
      if (change.close) {
        if (open) {
          open->until_at = change.close_at;
          open->ended = change.ended;
          open->effect_at = change.effect_at;
          open->effect_due_at = change.effect_due_at;
          writes.opens.emplace_back(save.after.case_no, *open);
          open.reset();
        } else {
          writes.closes.push_back({save.after.case_no, change.close_at, change.ended, change.effect_at, change.effect_due_at});
        }
      }
      if (change.open) {
        if (open) throw Poison("case " + save.after.case_no + ": a span begins before the one before it ended");
        open = change.open;
      }
    }
    if (open) writes.opens.emplace_back(save.after.case_no, *open);
  }
  return writes;
}

OutboxWrites outbox_writes(Batch const& batch) {
  OutboxWrites writes;
  for (auto const& save : batch.cases) {
    auto const last = last_changes(save.tasks);
    for (auto const& change : save.tasks) {
      auto const& t = change.task;
      // Given and taken away again in the same batch: nobody needs to hear of it.
      bool const stays = std::any_of(last.begin(), last.end(), [&](auto const& l) {
        return l.task.task_id == t.task_id && l.task.open && l.task.epoch == t.epoch;
      });
      if ((change.given && stays) || change.withdrawn) {
        writes.told.push_back({t.task_id, t.epoch, t.squad, t.holder, change.withdrawn});
      }
      // Taken from somebody and given on: who had it is told to drop it, under the epoch he knows.
      bool const taken = change.given && t.epoch > 1 && !(change.previous_squad.empty() && change.previous_holder.empty());
      if (taken && (change.previous_squad != t.squad || change.previous_holder != t.holder)) {
        writes.told.push_back({t.task_id, t.epoch - 1, change.previous_squad, change.previous_holder, true});
      }
      if (change.withdrawn) writes.settled.push_back({t.task_id, t.epoch, "withdrawn"});
      else if (!t.open) writes.settled.push_back({t.task_id, t.epoch, "delivered"});
      else if (change.given && t.epoch > 1) writes.settled.push_back({t.task_id, t.epoch - 1, "withdrawn"});
    }
  }
  return writes;
}

void check_batch(Batch const& batch) {
  std::set<std::string_view> seen;
  for (auto const& save : batch.cases) {
    if (save.after.district != batch.district) throw Poison("case " + save.after.case_no + " is of another district");
    if (!seen.insert(save.after.case_no).second) throw Poison("case " + save.after.case_no + " stands twice in a batch");
    if (save.version_before == 0 && save.rows.empty()) throw Poison("case " + save.after.case_no + " begins without a row");
  }
  for (auto const& save : batch.orders) {
    bool const own = save.after.district == batch.district && core::is_order_no(save.after.order_no) && !save.rows.empty();
    if (!own || !seen.insert(save.after.order_no).second) throw Poison("order " + save.after.order_no + " does not fit its batch");
  }
}

std::string dispatched_by(CaseSave const& save) {
  for (auto row = save.rows.rbegin(); row != save.rows.rend(); ++row) {
    if (row->action == "dispatch") return row->actor;
  }
  return {};
}

std::vector<core::TaskChange> last_changes(std::vector<core::TaskChange> const& changes) {
  std::vector<core::TaskChange> last;
  for (auto const& change : changes) {
    auto const known = std::find_if(last.begin(), last.end(), [&](auto const& c) { return c.task.task_id == change.task.task_id; });
    if (known == last.end()) last.push_back(change);
    else *known = change;
  }
  return last;
}

std::vector<std::string> media_named(CaseSave const& save) {
  std::set<std::string> ids;
  if (save.version_before == 0) ids.insert(save.after.photos.begin(), save.after.photos.end());
  for (auto const& row : save.rows) ids.insert(row.photos.begin(), row.photos.end());
  return {ids.begin(), ids.end()};
}

std::vector<AlarmWrite> alarm_writes(Batch const& batch) {
  std::vector<AlarmWrite> writes;
  for (auto const& save : batch.cases) {
    auto const first = writes.size();
    for (auto const& change : save.alarms) {
      auto const same = std::find_if(writes.begin() + static_cast<std::ptrdiff_t>(first), writes.end(),
                                     [&](AlarmWrite const& w) { return w.change.clock == change.clock; });
      if (same != writes.end()) same->change = change;
      else writes.push_back({save.after.case_no, change, save.version_before == 0});
    }
  }
  for (auto const& save : batch.orders)
    if (save.alarm) writes.push_back({save.after.order_no, *save.alarm, save.version_before == 0});
  return writes;
}

}  // namespace wangge::storage
