// What both stores read out of a batch before they write it. Only for storage/*.cpp.
#pragma once

#include "storage/store.hpp"

namespace wangge::storage {

// What a batch does to the spans: at most one open span a case is ended, and the rest begins (and may end) in the batch.
struct SpanWrites {
  struct Close {
    std::string case_no;
    core::Instant until;
    std::string ended;
    std::optional<core::Instant> effect_at, effect_due_at;
  };
  std::vector<Close> closes;
  std::vector<std::pair<std::string, core::Span>> opens;
};
SpanWrites span_writes(Batch const& batch);

// One line for the outbox, and one for the rows there that are settled by it.
struct OutboxWrites {
  struct Told {
    std::string task_id;
    std::int64_t epoch = 0;
    std::string squad, holder;
    bool notice = false;
  };
  struct Settled {
    std::string task_id;
    std::int64_t up_to_epoch = 0;
    std::string status;
  };
  std::vector<Settled> settled;  // before the new ones are written
  std::vector<Told> told;
};
OutboxWrites outbox_writes(Batch const& batch);

// What a batch does to the armed clocks: the last word about each clock of a case.
struct AlarmWrite {
  std::string case_no;
  core::AlarmChange change;
  bool new_case = false;
};
std::vector<AlarmWrite> alarm_writes(Batch const& batch);

// Throws Poison when a batch names a case twice or is not of its own district.
void check_batch(Batch const& batch);
// The actor of the newest `dispatch` row, "" when there is none.
std::string dispatched_by(CaseSave const& save);
// The last word about each task, in order of first mention: an upsert may not touch a row twice.
std::vector<core::TaskChange> last_changes(std::vector<core::TaskChange> const& changes);
// Media a save names: photos of a new case and of its rows.
std::vector<std::string> media_named(CaseSave const& save);

}  // namespace wangge::storage
