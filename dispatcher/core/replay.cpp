// History back into its row: what the store holds must be exactly what the rows say (DESIGN 1.5).
#include <algorithm>
#include <stdexcept>

#include "dispatcher/core/decide.hpp"

namespace wangge::core {

namespace {

[[noreturn]] void broken(std::string const& case_no, HistoryRow const& row, std::string const& why) {
  throw std::invalid_argument("history of " + case_no + ", version " + std::to_string(row.version) + ": " + why);
}

bool in_table(HistoryRow const& row) {
  auto const action = action_from(row.action);
  if (!action) return false;
  auto const rows = rows_of(*action);
  return std::any_of(rows.begin(), rows.end(), [&](Row const* known) { return known->from == row.from && known->to == row.to; });
}

// The request that this row granted and that counts from its asking: of its kind, and no longer waiting behind it.
Request const* granted(Case const& before, Case const& after, HistoryRow const& row) {
  auto const action = action_from(row.action);
  if (action != Action::approve_return && action != Action::approve_request) return nullptr;
  auto const kind = [&]() -> std::optional<RequestKind> {
    if (action == Action::approve_return) return RequestKind::return_;
    if (after.extensions > before.extensions) return RequestKind::extend;
    if (after.state == State::suspended)
      return after.pause_kind == id(RequestKind::defer) ? RequestKind::defer : RequestKind::suspend;
    return std::nullopt;
  }();
  for (auto const& r : before.requests) {
    bool const waits = std::any_of(after.requests.begin(), after.requests.end(), [&](Request const& a) { return a.request_id == r.request_id; });
    if (!waits && r.kind == kind) return &r;
  }
  return nullptr;
}

void follow(std::vector<Span>& spans, Case const& before, Case const& after, HistoryRow const& row) {
  auto const change = span_change(before, after, row);
  if (!change) return;
  if (change->close && !spans.empty()) {
    auto& ended = spans.back();
    ended.until_at = change->close_at;
    ended.ended = change->ended;
    if (auto const* request = granted(before, after, row); request != nullptr && before.handed_over_at == after.handed_over_at) {
      ended.effect_at = std::min(request->at, row.at);
      ended.effect_due_at = change->open ? change->open->due_at : kNever;
    }
  }
  if (change->open) spans.push_back(*change->open);
}

// The tasks say who was sent and until when: a task carries the version of the row that made it in its id, and that of the row
// that ended it.
void count(MarksReplayed& marks, Case const& before, Case const& after, HistoryRow const& row) {
  auto const made_here = after.case_no + "-" + std::to_string(row.version);
  std::vector<TaskChange> given;
  Task const* answered = nullptr;
  for (auto const& task : marks.tasks) {
    if (task.task_id == made_here) {
      given.push_back({task});
      given.back().task.open = given.back().given = true;
      given.back().task.version = row.version;
    } else if (task.version == row.version && !task.open && row.action == id(task.kind)) {
      answered = &task;
    }
  }
  if (auto found = marks_of(*marks.city, before, after, row, answered, given); !found.empty())
    marks.steps.push_back({row.version, row.at, std::move(found)});
}

}  // namespace

Case replay(std::string const& district, std::string const& case_no, std::span<HistoryRow const> rows,
            std::vector<Span>* spans, MarksReplayed* marks) {
  Case c;
  c.district = district;
  c.case_no = case_no;
  for (auto const& row : rows) {
    if (row.transport) {
      if (row.version != c.version) broken(case_no, row, "a transport row must repeat the present version");
      continue;
    }
    if (row.version != c.version + 1) broken(case_no, row, "does not follow " + std::to_string(c.version));
    if (row.from != c.state)
      broken(case_no, row, "leaves " + std::string(id(row.from)) + ", but the case is " + std::string(id(c.state)));
    if (!in_table(row))
      broken(case_no, row, row.action + " to " + std::string(id(row.to)) + " is not in the lifecycle table");
    if (row.at < c.last_at) broken(case_no, row, "time runs backwards");
    Case const before = spans != nullptr || marks != nullptr ? c : Case{};
    patch(c, row.changes);
    c.version = row.version;
    if (c.state != row.to) broken(case_no, row, "its changes lead to " + std::string(id(c.state)));
    if (c.last_at != row.at) broken(case_no, row, "its `at` is not the case's last");
    if (spans != nullptr) follow(*spans, before, c, row);
    if (marks != nullptr) count(*marks, before, c, row);
  }
  return c;
}

}  // namespace wangge::core
