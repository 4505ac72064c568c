// Armed clocks and what they told: the timer index (DESIGN 1.7 has no scan) and the escalations to people.
#include <algorithm>

#include "storage/postgres_writer.hpp"

namespace wangge::storage {

namespace {

std::int64_t millis(core::Instant at) {
  return at.time_since_epoch().count();
}

}  // namespace

std::vector<Timer> PostgresStore::due_timers(std::string const& district, core::Instant now, int limit) {
  std::vector<Timer> due;
  for (auto const& row :
       session().run(queries::timer_due, pg::Params().text(district).number(millis(now)).number(limit))) {
    auto const clock = core::alarm_clock_from(pg::text(row[1]));
    if (!clock) throw Broken("the database holds an unknown clock: " + pg::text(row[1]));
    due.push_back({pg::text(row[0]), *clock, *pg::instant(row[2]), pg::number(row[3])});
  }
  return due;
}

void PostgresStore::save_alarms(pg::Pipeline& p, Batch const& batch, core::Instant recorded_at) {
  pg::Column armed_case, armed_clock, armed_due, armed_fire, gone_case, gone_clock, old_case, old_clock, old_due;
  for (auto const& w : alarm_writes(batch)) {
    if (w.change.due) {
      armed_case.add(w.case_no);
      armed_clock.add(core::id(w.change.clock));
      armed_due.add(w.change.due);
      armed_fire.add(w.change.fire);
    } else {
      gone_case.add(w.case_no);
      gone_clock.add(core::id(w.change.clock));
    }
    if (w.new_case) continue;
    old_case.add(w.case_no);
    old_clock.add(core::id(w.change.clock));
    old_due.add(w.change.due);
  }
  if (old_case.size() != 0)
    p.send(
        queries::escalation_end,
        pg::Params().text(batch.district).number(millis(recorded_at)).array(old_case).array(old_clock).array(old_due));
  if (gone_case.size() != 0)
    p.send(queries::timer_disarm, pg::Params().text(batch.district).array(gone_case).array(gone_clock));
  if (armed_case.size() != 0)
    p.send(queries::timer_arm,
          pg::Params().text(batch.district).array(armed_case).array(armed_clock).array(armed_due).array(armed_fire));
  pg::Column case_no, by, at;
  for (auto const& save : batch.cases) {
    if (save.acknowledged_by.empty()) continue;
    case_no.add(save.after.case_no);
    by.add(save.acknowledged_by);
    at.add(save.after.last_at);
  }
  for (auto const& save : batch.orders) {
    if (save.acknowledged_by.empty()) continue;
    case_no.add(save.after.order_no);
    by.add(save.acknowledged_by);
    at.add(save.after.last_at);
  }
  if (case_no.size() != 0)
    p.send(queries::timer_acknowledge, pg::Params().text(batch.district).array(case_no).array(by).array(at));
}

std::vector<TimerFired const*> PostgresStore::save_fired(pg::Session& s, Batch const& batch,
                                                         core::Instant recorded_at) {
  std::vector<TimerFired const*> effective;
  if (batch.fired.empty()) return effective;
  pg::Column case_no, clock, due, step, next;
  for (auto const& f : batch.fired) {
    case_no.add(f.timer.case_no);
    clock.add(core::id(f.timer.clock));
    due.add(f.timer.due_at);
    step.add(f.timer.step);
    next.add(f.next);
  }
  std::set<std::pair<std::string, std::string>> moved;
  for (auto const& row :
       s.run(queries::timer_fire,
             pg::Params().text(batch.district).array(case_no).array(clock).array(due).array(step).array(next)))
    moved.emplace(pg::text(row[0]), pg::text(row[1]));
  pg::Column of_case, of_clock, of_due, of_step, told, unit;
  for (auto const& f : batch.fired) {
    if (moved.erase({f.timer.case_no, std::string(core::id(f.timer.clock))}) == 0) continue;
    effective.push_back(&f);
    for (auto const role : f.told) {
      of_case.add(f.timer.case_no);
      of_clock.add(core::id(f.timer.clock));
      of_due.add(f.timer.due_at);
      of_step.add(f.step_id);
      told.add(core::id(role));
      unit.add(f.unit);
    }
  }
  if (of_case.size() != 0)
    s.run(queries::escalation_insert, pg::Params()
                                          .text(batch.district)
                                          .number(millis(recorded_at))
                                          .array(of_case)
                                          .array(of_clock)
                                          .array(of_due)
                                          .array(of_step)
                                          .array(told)
                                          .array(unit));
  return effective;
}

}  // namespace wangge::storage
