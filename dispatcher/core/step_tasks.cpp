// Tasks made, given on and taken back by the steps of a case. One TaskChange a task, as it is after the last row.
#include <algorithm>

#include "dispatcher/core/steps.hpp"

namespace wangge::core {

Task const* Steps::open_task(TaskKind kind) const {
  auto const found = std::find_if(open_.begin(), open_.end(), [&](Task const& t) { return t.open && t.kind == kind; });
  return found == open_.end() ? nullptr : &*found;
}

TaskChange& Steps::changed(Task const& task) {
  auto const found = std::find_if(out_.tasks.begin(), out_.tasks.end(),
                                  [&](TaskChange const& change) { return change.task.task_id == task.task_id; });
  if (found != out_.tasks.end()) return *found;
  out_.tasks.push_back({task});
  return out_.tasks.back();
}

void Steps::give(TaskKind kind, std::string unit, std::string squad, std::string holder, std::optional<Instant> due) {
  Task task;
  task.task_id = c_.case_no + "-" + std::to_string(c_.version);
  if (kind == TaskKind::assist) (task.task_id += "-") += unit;  // several may begin with one row
  task.case_no = c_.case_no;
  task.version = c_.version;
  task.kind = kind;
  task.unit = std::move(unit);
  task.squad = std::move(squad);
  task.holder = std::move(holder);
  task.due_at = due;
  task.quiet = c_.backdated;
  task.created_at = when_.starts;
  open_.push_back(task);
  changed(task).given = true;
}

void Steps::end_tasks_of(Row const& row) {
  switch (row.action) {
    case Action::verify:
      return end_tasks(TaskKind::verify, false);
    case Action::check:
      return end_tasks(TaskKind::check, false);
    case Action::confirm:  // a look at a hazard that nobody took has no object any more
      end_tasks(TaskKind::check, true);
      return end_tasks(TaskKind::dispose, false);
    case Action::hand_to_enforcement:
      end_tasks(TaskKind::check, true);
      end_tasks(TaskKind::assist, true);
      return end_tasks(TaskKind::dispose, false);
    case Action::recall:
    case Action::approve_return:
      end_tasks(TaskKind::check, true);
      end_tasks(TaskKind::assist, true);
      return end_tasks(TaskKind::dispose, true);
    case Action::approve_request:
      if (row.to != State::suspended) return;
      end_tasks(TaskKind::check, true);
      return end_tasks(TaskKind::dispose, true);
    default:
      return;
  }
}

Task const* Steps::open_assist(std::string_view unit) const {
  auto const found = std::find_if(open_.begin(), open_.end(),
                                  [&](Task const& t) { return t.open && t.kind == TaskKind::assist && t.unit == unit; });
  return found == open_.end() ? nullptr : &*found;
}

void Steps::end_assist(std::string_view unit, bool withdrawn) {
  for (auto& task : open_) {
    if (!task.open || task.kind != TaskKind::assist || task.unit != unit) continue;
    task.open = false;
    task.version = c_.version;
    auto& change = changed(task);
    change.task = task;
    change.withdrawn = withdrawn;
    change.given = false;
  }
}

void Steps::end_tasks(TaskKind kind, bool withdrawn) {
  for (auto& task : open_) {
    if (!task.open || task.kind != kind) continue;
    task.open = false;
    task.version = c_.version;
    auto& change = changed(task);
    change.task = task;
    change.withdrawn = withdrawn;
    change.given = false;
  }
}

void Steps::reassign_task(std::string const& squad, std::string const& holder) {
  for (auto& task : open_) {
    if (!task.open || task.kind != TaskKind::dispose) continue;
    auto& change = changed(task);
    change.previous_squad = task.squad;
    change.previous_holder = task.holder;
    task.squad = squad;
    task.holder = holder;
    task.epoch += 1;
    task.version = c_.version;
    change.task = task;
    change.given = true;
  }
}

}  // namespace wangge::core
