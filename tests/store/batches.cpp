#include "tests/store/batches.hpp"

#include <cstdio>

#include "tests/store/backends.hpp"

namespace wangge::tests {

using core::State;

core::Instant at(std::int64_t minutes) {
  return core::Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 2}} + std::chrono::minutes(minutes);
}

std::string number(int n) {
  char digits[16];
  std::snprintf(digits, sizeof digits, "%05d", n);
  return kDistrict + "20261102" + digits;
}

Life::Life(int n, core::Instant origin) : origin_(origin) {
  core::Case before;
  before.district = kDistrict;
  before.case_no = number(n);
  now_ = before;
  pending_.after = before;
  step("report", State::pending_accept, origin_, [&](core::Case& c) {
    c.report_id = "report-" + std::to_string(n);
    c.opened_at = origin_;
    c.source = "patrol";
    c.reporter = "patroller-1";
    c.standard = "gbt47678.5-2026";
    c.kind = "matter";
    c.code = "01001";
    c.class_code = "01";
    c.description = "井盖 \"破损\" \\ {a,b}\n第二行";
    c.lon = 116.5874;
    c.lat = 35.4146;
    c.grid = "370871001001001";
    c.street = "370871001";
    c.community = "370871001001";
    c.photos = {"sha256-aa", "sha256-bb"};
    c.twins = {};
  });
  storage::KeyRow key{"patroller-1", "key-" + std::to_string(n), "hash", now_.report_id, now_.case_no, "pending_accept", false};
  pending_.key = key;
  pending_.reporter_name = "王芳";
  pending_.reporter_phone = "13800000000";
  pending_.extras = R"({"crs":"wgs84"})";
}

Life& Life::step(std::string const& action, State to, core::Instant when, std::function<void(core::Case&)> change) {
  core::Case const before = now_;
  now_.state = to;
  now_.version += 1;
  now_.last_at = when;
  if (change) change(now_);
  core::HistoryRow row;
  row.version = now_.version;
  row.action = action;
  row.actor = "officer-1";
  row.role = core::Role::dispatch_officer;
  row.from = before.state;
  row.to = to;
  row.at = when;
  row.opinion = "同意";
  row.changes = core::diff(before, now_);
  if (action == "dispose") row.photos = {"sha256-cc"};
  if (auto span = core::span_change(before, now_, row)) pending_.spans.push_back(*span);
  pending_.rows.push_back(std::move(row));
  pending_.after = now_;
  return *this;
}

Life& Life::dispatched(std::string const& squad, std::optional<core::Instant> due, std::string const& unit) {
  auto const then = minute(1);
  step("accept", State::pending_file, then, [&](core::Case& c) { c.accepted_at = then; });
  step("file", State::pending_dispatch, then, [&](core::Case& c) { c.filed_at = then; });
  step("dispatch", State::pending_dispose, then, [&](core::Case& c) {
    c.dispatched_at = then;
    c.unit = unit;
    c.squad = squad;
    c.clock = "urgent";
    c.limit_minutes = 60;
    c.due_at = due.value_or(minute(61));
    c.warn_at = due.value_or(minute(49));
  });
  return give(squad);
}

Life& Life::hand_over(core::Instant when) {
  step("sign", State::disposing, when, [&](core::Case& c) { c.signed_at = when; });
  step("dispose", State::disposed, when, [&](core::Case& c) { c.disposed_at = when; });
  return step("confirm", State::pending_review, when, [&](core::Case& c) {
    c.handed_over_at = when;
    c.late = when > *c.due_at;
    c.left_ms = (*c.due_at - when).count();
  });
}

Life& Life::fail(core::Instant when, core::Instant due) {
  step("send_check", State::checking, when);
  return step("check", State::pending_dispose, when, [&](core::Case& c) {
    c.handed_over_at.reset();
    c.late = false;
    c.left_ms.reset();
    c.due_at = due;
    c.rework += 1;
  });
}

Life& Life::close(core::Instant when) {
  step("send_check", State::checking, when);
  step("check", State::pending_close, when);
  return step("close", State::closed, when, [&](core::Case& c) {
    c.closed_at = when;
    c.closing_condition = "restored";
  });
}

core::Task Life::task(std::string const& squad, std::int64_t epoch, bool open) const {
  core::Task t;
  t.task_id = task_id();
  t.case_no = now_.case_no;
  t.version = now_.version;
  t.unit = now_.unit;
  t.squad = squad;
  t.epoch = epoch;
  t.due_at = now_.due_at;
  t.open = open;
  t.created_at = minute(1);
  return t;
}

Life& Life::give(std::string const& squad, std::int64_t epoch, std::string const& taken_from) {
  squad_ = squad;
  pending_.tasks.push_back({task(squad, epoch, true), false, true, taken_from, ""});
  return *this;
}

Life& Life::counts_from(core::Instant asked, core::Instant due) {
  pending_.spans.back().effect_at = asked;
  pending_.spans.back().effect_due_at = due;
  return *this;
}

Life& Life::end_task(bool withdrawn, std::int64_t epoch) {
  pending_.tasks.push_back({task(squad_, epoch, false), withdrawn, false});
  return *this;
}

storage::CaseSave Life::save() {
  auto out = std::move(pending_);
  out.after = now_;
  pending_ = {};
  pending_.after = now_;
  pending_.version_before = now_.version;
  return out;
}

storage::Batch batch(std::int64_t epoch, std::vector<storage::CaseSave> cases) {
  storage::Batch b;
  b.district = kDistrict;
  b.epoch = epoch;
  b.cases = std::move(cases);
  return b;
}

storage::ReceivedSave received(Life const& life, std::int64_t epoch, bool escalate) {
  storage::ReceivedSave r;
  r.task_id = life.task_id();
  r.case_no = life.now().case_no;
  r.epoch = epoch;
  r.escalate = escalate;
  r.row.version = life.now().version;
  r.row.action = escalate ? "task_escalated" : "received";
  r.row.actor = "squad-1";
  r.row.role = escalate ? core::Role::system : core::Role::squad_leader;
  r.row.from = r.row.to = life.now().state;
  r.row.at = at(5);
  r.row.transport = true;
  return r;
}

}  // namespace wangge::tests
