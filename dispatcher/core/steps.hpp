// Inside the core: takes one case along rows of the lifecycle table and collects what each row leaves behind
// (history row, spans, tasks). The clock and count effects written in the table are carried out here and only here.
#pragma once

#include "dispatcher/core/decide.hpp"

namespace wangge::core {

// Who takes the step, in which words.
struct Hand {
  std::string actor = "system";
  Role role = Role::system;
  std::string reason, opinion;
  std::vector<std::string> photos;
  std::string command_id;
};

class Steps {
 public:
  struct When {
    Instant at;      // of every row taken here
    Instant judged;  // lateness is decided by it: the door's receipt
    Instant starts;  // clocks and tasks begin here: a dead system's time is nobody's (RULINGS 1)
    bool backdated = false;
  };
  Steps(Facts const& facts, Case start, When when);

  // `change` sets what only this action knows, before the row's clock and count effects follow.
  template <class Change>
  void take(Row const& row, Hand const& hand, Change&& change) {
    Case const before = begin(row);
    change(c_);
    finish(before, row, hand);
  }
  void take(Row const& row, Hand const& hand) {
    take(row, hand, [](Case&) {});
  }

  // The steps that policy takes by itself as well as people.
  // tried: why no unit was found, when the case is going to wait for a person.
  void file(Row const& row, Hand const& hand, CatalogueEntry const& entry, Condition const& condition,
            std::vector<RouteStep> const* tried = nullptr);
  void dispatch(Row const& row, Hand const& hand, Routed const& to, std::vector<RouteStep> const& tried,
                std::vector<std::string> const& assisting = {});
  void send_patroller(Row const& row, Hand const& hand, TaskKind kind, std::string const& patroller,
                      std::string const& check_mode);
  // A patroller looks whether a hazard was made safe, or at a closed case once more; the case stays where it is.
  void give_look(std::string const& patroller);
  // Somebody's request begins to wait, or stops waiting.
  void ask(Case& c, RequestKind kind, std::string const& by, std::optional<Instant> until, std::string const& reason);
  Request take_request(Case& c, std::string const& request_id);
  // The row that is taken next grants this: what it does to the clock counts from the asking.
  void grants(Request const& request) {
    if (counts_from_asking(request.kind)) asked_at_ = request.at;
  }
  // An order from above begins to wait for its answer.
  void order(Case& c, OrderKind kind, std::string const& by, std::optional<Instant> until, std::string const& text);
  // A new case linked to this one: as reported, with this one's place, category and photos.
  void open_linked(Hand const& hand, std::string const& kind);
  // What the coordination desk decided here holds for cases to come too.
  void rule_from_decision(std::string_view scope, std::optional<Instant> until, std::string const& document);
  // Ends as a duplicate of `master`, which notes it.
  void merge(Row const& row, Hand const& hand, Case const& master);
  // The other case of a merge moves too.
  void touch_other(Case const& other, Action action, Hand const& hand, std::int64_t duplicates);
  // A row that is followed at once by another: its stage's clock need not be set.
  void passing(bool on) { passing_ = on; }
  // What policy adds after a person's step: confirm after dispose, send_check after confirm.
  void follow_policy();

  // A new task of this case, made by the row that is being taken.
  void give(TaskKind kind, std::string unit, std::string squad, std::string holder, std::optional<Instant> due);
  Task const* open_task(TaskKind kind) const;
  Task const* open_assist(std::string_view unit) const;
  void end_assist(std::string_view unit, bool withdrawn);
  void end_tasks(TaskKind kind, bool withdrawn);
  void reassign_task(std::string const& squad, std::string const& holder);

  Case const& now() const { return c_; }
  City const& city() const { return *facts_.city; }
  Instant at() const { return when_.at; }
  Instant judged() const { return when_.judged; }
  Accepted done() &&;

 private:
  Case begin(Row const& row);
  void finish(Case const& before, Row const& row, Hand const& hand);
  void apply_clock(Case const& before, Row const& row);
  Millis after_rework(Millis left) const;
  void apply_count(Case const& before, Row const& row);
  void leave_figures(Case const& before);
  void keep_counted(Case const& before);
  std::optional<std::string> last_sealed_month() const;  // 2026-10
  void end_tasks_of(Row const& row);
  Limit limit_now(CatalogueEntry const& entry, Condition const& condition);
  void set_due(Deadline const& reached, Instant from, Millis left);
  void start_clock(Millis left);
  void extend_clock();
  void hurry_clock();
  void reproject_clock();
  void milestones(Case const& before, Row const& row);
  void expect_milestone(std::string_view name);
  void reach_milestone(std::string_view name);
  void void_hand_over();
  void drop_requests();
  void stage_clock(Case const& before);
  Millis left_on(Instant when) const;
  Millis left_from_request() const;
  Millis left_of_unit(Case const& before);
  void forget_left_of(std::string_view unit);  // "": of every unit
  ClockKind clock() const { return clock_from(c_.clock).value_or(ClockKind::work_hour); }
  Millis whole() const { return std::chrono::minutes{c_.limit_minutes}; }
  TaskChange& changed(Task const& task);

  Facts const& facts_;
  Case c_;
  When when_;
  std::optional<Instant> asked_at_;
  bool passing_ = false;
  std::vector<Task> open_;
  Accepted out_;
};

// From when a check can look: at once, or (同时段核查) when the hour of the report comes round.
Instant looks_from(City const& city, Case const& c, Instant from);

// Someone for a verify or check task: of the narrowest roster line, among equals the nearest where places are known, then by
// name. `not_person` only when nobody else is there (a blind second look).
std::string find_checker(City const& city, Case const& c, Instant at, std::string_view not_of_unit,
                         std::string_view not_person = "", WhereIs const* where = nullptr);

}  // namespace wangge::core
