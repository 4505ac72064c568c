// Who uses the town: phones that report and ask again, officers who command, devices that look for their tasks.
#include <algorithm>

#include <set>

#include "tests/core/world.hpp"
#include "tests/sim/town.hpp"

namespace wangge::sim {

// ---------------------------------------------------------------------------------------------------------------
// Reports

void Town::report() {
  static std::vector<std::string> const codes{"01001", "02002", "03003", "04004", "05005", "06006"};
  static std::vector<std::string> const sources{"patrol", "patrol", "public", "hotline_12345"};
  auto r = core::test::a_report(chance_.of(sources), chance_.of(codes));
  bool const second_body = !sent_.empty() && chance_.percent(6);
  auto const number = ++report_count_;
  r.district = district_;
  r.principal = "phone" + std::to_string(chance_.between(1, 3));
  r.key =
      second_body
          ? std::next(sent_.begin(), chance_.between(0, static_cast<std::int64_t>(sent_.size()) - 1))->second.report.key
          : "k" + std::to_string(number);
  if (second_body) r.principal = owner_of_key_[r.key];
  owner_of_key_[r.key] = r.principal;
  ++bodies_of_key_[r.key];
  r.report_id = "r" + std::to_string(number);  // another body, another id
  r.body_hash = "h" + std::to_string(number);
  r.lon = 116.59 + static_cast<double>(chance_.between(0, 45)) / 1000;
  r.lat = 35.405;
  r.reported_at = r.received_at = clock_.now();
  sent_[r.report_id].report = r;
  ++totals_.reports;
  try_report(r.report_id);
}

void Town::try_report(std::string const& id) {
  auto& s = sent_[id];
  if (s.acknowledged || ++s.tries > 200) return;
  auto r = s.report;
  r.received_at = clock_.now();
  auto const wait = chance_.one_in(4) ? 0 : 500;
  auto answered = std::make_shared<bool>(false);
  ++s.unanswered;
  any_gateway().submit(r, wait, [this, id, answered](link::ReportOutcome out) {
    *answered = true;
    --sent_[id].unanswered;
    clock_.in(chance_.between(1, 30), [this, id, out] { on_outcome(id, out); });
  });
  clock_.in(3000, [this, id, answered] {
    if (!*answered && !sent_[id].refused) try_report(id);
  });
}

void Town::on_outcome(std::string const& id, link::ReportOutcome const& out) {
  auto& s = sent_[id];
  using Kind = link::ReportOutcome::Kind;
  tell(clock_, id, [&] { return "its phone hears " + std::to_string(static_cast<int>(out.kind)) + " " + out.case_no; });
  note(id + std::to_string(static_cast<int>(out.kind)));
  if (out.kind == Kind::committed || out.kind == Kind::queued) {
    if (out.report_id != id) throw Broken("report " + id + " was answered as " + out.report_id);
    if (!s.acknowledged) ++totals_.acknowledged;
    s.acknowledged = true;
    if (out.kind == Kind::committed) on_repeat(id, out);
    if (chance_.one_in(5)) {  // a device that did not see the answer asks again
      auto const r = s.report;
      any_gateway().submit(r, 500, [this, id](link::ReportOutcome again) {
        // With two bodies under one key a gateway that holds the other body must refuse; alone it may not.
        if (again.kind == Kind::key_conflict && bodies_of_key_[sent_[id].report.key] == 1)
          throw Broken("the retry of acknowledged report " + id + " was refused");
        on_repeat(id, again);
      });
    }
  } else if (out.kind == Kind::key_conflict) {
    if (bodies_of_key_[s.report.key] == 1) throw Broken("report " + id + " was refused, and its key is its own");
    if (!s.refused) ++totals_.conflicts;
    s.refused = true;
    // Some do not believe it and ask once more: refused again, or it becomes a case of its own.
    if (!s.acknowledged && chance_.one_in(2)) clock_.in(chance_.between(1, 20'000), [this, id] { try_report(id); });
  } else {
    clock_.in(500, [this, id] { try_report(id); });
  }
}

void Town::on_repeat(std::string const& id, link::ReportOutcome const& again) {
  auto& s = sent_[id];
  if (again.kind != link::ReportOutcome::Kind::committed) return;
  if (!s.case_no.empty() && s.case_no != again.case_no) two_numbers_.insert(id);
  s.case_no = again.case_no;
}

// ---------------------------------------------------------------------------------------------------------------
// Commands

void Town::command() {
  core::Case c;
  std::vector<core::Task> open;
  database_->look(district_, [&](auto const& now) {
    if (now.cases.empty()) return;
    if (case_numbers_.size() != now.cases.size()) {
      case_numbers_.clear();
      for (auto const& [no, row] : now.cases) case_numbers_.push_back(no);
    }
    auto const found = now.cases.find(chance_.of(case_numbers_));
    if (found == now.cases.end()) return case_numbers_.clear();  // a fail-over took it
    c = found->second;
    for (auto it = now.tasks.lower_bound(c.case_no); it != now.tasks.end() && it->first.starts_with(c.case_no); ++it)
      if (it->second.task.open) open.push_back(it->second.task);
  });
  if (c.case_no.empty()) return;
  core::Command k;
  std::vector<std::pair<core::Principal const*, core::Action>> may;
  auto const first = static_cast<std::size_t>(chance_.between(0, static_cast<std::int64_t>(people_.size()) - 1));
  for (std::size_t i = 0; i < people_.size() && may.empty(); ++i) {  // whoever may do something
    auto const& p = people_[(first + i) % people_.size()];
    for (auto a : core::actions_for(p, c, open)) may.emplace_back(&p, a);
  }
  if (may.empty()) return;
  auto const& [who, action] = chance_.of(may);
  static std::set<core::Action> const kEnding{core::Action::force_close, core::Action::transfer_out, core::Action::merge,
                                              core::Action::suspend, core::Action::approve_request};
  if (kEnding.contains(action) && !chance_.one_in(6)) return;  // else every life is short
  k.who = *who;
  k.action = std::string(core::id(action));
  k.input = core::test::full_input(k.action);
  if (k.input.until) k.input.until = clock_.now() + std::chrono::hours(1 + chance_.between(0, 47));
  for (auto const& r : c.requests)
    if (core::find_row(c.state, core::Action::approve_request, core::id(r.kind))) k.input.request_id = r.request_id;
  if (chance_.one_in(3) && (action == core::Action::check || action == core::Action::verify))
    k.input.result = action == core::Action::check ? "fail" : "not_exist";
  k.command_id = "c" + std::to_string(++command_count_);
  k.body_hash = k.command_id;
  k.case_no = c.case_no;
  k.version = chance_.one_in(10) ? c.version - 1 : c.version;
  k.received_at = clock_.now();
  asked_[k.command_id].command = k;
  ++totals_.commands;
  try_command(k.command_id);
}

void Town::try_command(std::string const& id) {
  auto& a = asked_[id];
  if (a.done || a.refused || ++a.tries > 60) return;
  auto answered = std::make_shared<bool>(false);
  a.failovers = failovers_;
  any_gateway().ask(a.command, [this, id, answered](link::CommandOutcome out) {
    if (std::exchange(*answered, true)) return;
    on_command(id, out);
  });
  clock_.in(8000, [this, id, answered] {
    if (!std::exchange(*answered, true)) try_command(id);  // same command_id: nothing is done twice
  });
}

void Town::on_command(std::string const& id, link::CommandOutcome const& out) {
  auto& a = asked_[id];
  note(id + std::to_string(out.status));
  tell(clock_, id, [&] { return "its officer hears " + std::to_string(out.status); });
  if (out.status == 503 || out.status == 504) {
    clock_.in(1000, [this, id] { try_command(id); });
    return;
  }
  if (a.done && out.status != 200) throw Broken("command " + id + " was done and then refused");
  if (out.status == 200) {
    a.done = true;
    a.version = out.version;
    ++totals_.done;
  } else {
    ++totals_.refused;
    a.refused = true;
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Devices: every squad and patroller looks for its tasks and says `received`

void Town::poll() {
  clock_.in(1500, [this] { poll(); });
  std::vector<storage::TaskPush> pushes;
  try {
    pushes = database_->pending_pushes(500, &last_seen_);
  } catch (storage::Broken const&) {
    return;
  }
  for (auto const& push : pushes)
    if (!push.withdrawn) receive(push);
}

void Town::receive(storage::TaskPush const& push) {
  for (auto const& p : people_) {
    bool const mine =
        push.holder.empty() ? (p.role == core::Role::squad_leader && p.squad == push.squad) : p.name == push.holder;
    if (!mine) continue;
    auto const epoch = push.epoch > 1 && chance_.one_in(3) ? push.epoch - 1 : push.epoch;
    any_gateway().received(p, push.task_id, epoch, [this, epoch, push](link::CommandOutcome out) {
      if (out.status != 204) return;
      ++totals_.received;
      if (epoch < push.epoch) throw Broken("task " + push.task_id + ": an old epoch's `received` was accepted");
    });
    return;
  }
}

}  // namespace wangge::sim
