// What a row counts as. The words of kpi.tsv read as RULINGS has them: accept = 受理, filing = 立案, 督查 = review.
#include "dispatcher/core/marks.hpp"

#include <algorithm>

#include "dispatcher/core/decide.hpp"

namespace wangge::core {
namespace {

// A patroller who looks there whether a danger is gone does not check a disposal.
bool in_disposal(State s) {
  return s == State::pending_dispose || s == State::disposing;
}

bool among(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

class Marker {
 public:
  Marker(City const& city, Case const& before, Case const& after, HistoryRow const& row, Task const* answered,
         std::span<TaskChange const> given)
      : city_(city), before_(before), after_(after), row_(row), answered_(answered), given_(given) {}

  std::vector<Mark> all() && {
    auto const action = action_from(row_.action);
    if (row_.transport || !action) return {};
    if (before_.state == State::suspended && after_.state != State::suspended) add("unhang");
    step(*action);
    if (after_.wrong_dispatch && !before_.wrong_dispatch) add("misdirected");
    for (auto const& change : given_) {  // who got something to verify or to check by this row
      if (!change.given || change.task.version != after_.version || !change.task.open) continue;
      if (change.task.kind == TaskKind::verify)
        out_.push_back({"need_verify", change.task.holder, Role::patroller, after_.unit, after_.squad});
      if (change.task.kind == TaskKind::check && !in_disposal(after_.state))
        out_.push_back({"need_check", change.task.holder, Role::patroller, after_.unit, after_.squad});
    }
    return std::move(out_);
  }

 private:
  void step(Action action) {
    bool const first_look = before_.state == State::pending_accept && before_.verify_result.empty() && !before_.accepted_at;
    switch (action) {
      case Action::report:
        return report();
      case Action::accept:
        if (first_look && after_.source != "patrol") add("need_send_verify");
        if (before_.accepted_at) return;  // once a case: an unmerged one was accepted before
        return add("accept"), in_time("intime_accept", "accept");
      case Action::decline:
        if (first_look && after_.source != "patrol") add("need_send_verify");
        return add("not_accept");
      case Action::send_verify:
        if (!first_look) return;
        add("need_send_verify"), add("send_verify");
        if (!before_.stage_due_at || row_.at <= *before_.stage_due_at) add("intime_send_verify");
        return;
      case Action::verify:
        add("verify"), answered_in_time("intime_verify");
        return missed();
      case Action::file:
        if (before_.filed_at) return;  // once a case, though it was returned to filing
        return add("inst"), in_time("intime_inst", "file");
      case Action::decline_filing:
        return add("not_inst");
      case Action::dispatch:
        add("need_dispose");
        if (before_.dispatched_at) return;  // once a case, to its first unit
        return add("dispatch"), in_time("intime_dispatch", "dispatch");
      case Action::recall:
        return add("taken_back", before_);
      case Action::reassign:
        return add("taken_back", before_), add("need_dispose");
      case Action::confirm:
        return add("dispose"), add(after_.late ? "overtime_dispose" : "intime_dispose");
      case Action::send_check:
        if (before_.state != State::pending_review) return;
        add("supervise"), add("send_check");
        if (!before_.stage_due_at || row_.at <= *before_.stage_due_at) add("intime_send_check");
        return;
      case Action::check:
        if (in_disposal(before_.state)) return;
        add("check"), answered_in_time("intime_check");
        if (after_.rework > before_.rework) add("rework", before_);
        return;
      case Action::rework:
      case Action::upstream_rework:
        return add("rework", before_);
      case Action::approve_request:
        if (after_.extensions > before_.extensions) add("postpone");
        if (after_.state == State::suspended) add("hang");
        return;
      case Action::approve_return:
        add("taken_back", before_);
        if (returned_late()) add("overtime_back", before_);
        return add("back", before_);
      case Action::refuse_return:
        return add("shuffle", before_);
      case Action::approve_void:
        return add("cancel", before_);
      case Action::accept_self_disposal:
        return of_reporter("patrol_deal_archive");
      case Action::refuse_self_disposal:
        return of_reporter("patrol_deal_cancel");
      case Action::close:
        return add("human_archive"), in_time("intime_human_archive", "close");
      case Action::reply:
        if (!before_.replied_at) add("reply");
        return visit();
      default:
        return;
    }
  }
  void report() {
    add("report");
    if (after_.state == State::self_disposed_review)
      add("patrol_deal_report");
    else if (after_.source == "patrol")
      add("patrol_report");
    if (after_.source != "patrol") add("public_report");
    if (among(after_.source, {"hotline_12319", "hotline_12345", "public", "leader", "media"})) add("need_reply");
  }
  // A report of others that proved true is one the patroller should have made whose roster line held that place then; where
  // nobody was on duty, or a managed place allowed it, nobody missed anything (RULINGS 15).
  void missed() {
    bool const allowed = has_flag(after_, "allowed_in");
    if (after_.verify_result != "exist" || after_.source == "patrol" || allowed) return;
    auto walker = patroller_on_duty(city_, after_, after_.opened_at, "");
    if (!walker.empty()) out_.push_back({"missed", std::move(walker), Role::patroller, after_.unit, after_.squad});
  }
  // Asked for behind the window of RULINGS 2, which the guard refuses: only where the window was another when it was asked.
  bool returned_late() const {
    auto const asked = std::find_if(before_.requests.begin(), before_.requests.end(),
                                    [](Request const& r) { return r.kind == RequestKind::return_; });
    if (asked == before_.requests.end() || !before_.run_from) return false;
    bool const urgent = before_.clock == id(ClockKind::urgent);
    Limit const window{urgent ? ClockKind::urgent : ClockKind::work_hour,
                       urgent ? city_.policy.return_window_urgent_minutes : city_.policy.return_window_minutes};
    return asked->at > deadline(city_.calendar_of(before_.unit), window, *before_.run_from).due;
  }
  // What was decided about his own work is the patroller's figure, not the decider's.
  void of_reporter(std::string_view mark) {
    out_.push_back({mark, after_.reporter, Role::patroller, after_.unit, after_.squad});
  }
  // A return visit 回访: what the citizen said, or that he had no reply at all.
  void visit() {
    auto const said = std::find_if(row_.changes.begin(), row_.changes.end(), [](auto const& c) { return c.first == "satisfaction"; });
    auto const& word = said == row_.changes.end() ? std::string() : said->second;
    if (word == "no_reply") return add("omit_reply");
    for (std::string_view const known : {"very_satisfied", "satisfied", "acceptable", "dissatisfied", "very_dissatisfied"})
      if (word == known) return add(known), add("visit");
  }
  void add(std::string_view mark) { add(mark, after_); }
  void add(std::string_view mark, Case const& whose) {
    out_.push_back({mark, row_.actor, row_.role, whose.unit, whose.squad});
  }
  // A stage left after its deadline stands in late_stages.
  void in_time(std::string_view mark, std::string_view stage) {
    auto const& late = after_.late_stages;
    if (std::find(late.begin(), late.end(), stage) == late.end()) add(mark);
  }
  void answered_in_time(std::string_view mark) {
    if (answered_ != nullptr && answered_->due_at && row_.at <= *answered_->due_at) add(mark);
  }

  City const& city_;
  Case const &before_, &after_;
  HistoryRow const& row_;
  Task const* answered_;
  std::span<TaskChange const> given_;
  std::vector<Mark> out_;
};

}  // namespace

std::vector<Mark> marks_of(City const& city, Case const& before, Case const& after, HistoryRow const& row,
                           Task const* answered, std::span<TaskChange const> given) {
  return Marker(city, before, after, row, answered, given).all();
}

}  // namespace wangge::core
