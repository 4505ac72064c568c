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
  // at: the instant of every row taken here. judged: the instant on which lateness is decided (the door's receipt).
  Steps(Facts const& facts, Case start, Instant at, Instant judged);

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
  void file(Row const& row, Hand const& hand, CatalogueEntry const& entry, Condition const& condition);
  void dispatch(Row const& row, Hand const& hand, Routed const& to, std::vector<std::string> const& tried);
  void send_patroller(Row const& row, Hand const& hand, TaskKind kind, std::string const& patroller,
                      std::string const& check_mode);
  // What policy adds after a person's step: confirm after dispose, send_check after confirm.
  void follow_policy();

  // A new task of this case, made by the row that is being taken.
  void give(TaskKind kind, std::string unit, std::string squad, std::string holder, std::optional<Instant> due);
  Task const* open_task(TaskKind kind) const;
  void reassign_task(std::string const& squad, std::string const& holder);

  Case const& now() const { return c_; }
  City const& city() const { return *facts_.city; }
  Instant at() const { return at_; }
  Accepted done() &&;

 private:
  Case begin(Row const& row);
  void finish(Case const& before, Row const& row, Hand const& hand);
  void apply_clock(Case const& before, ClockEffect effect);
  void apply_count(CountEffect effect);
  void end_tasks_of(Action action);
  void end_tasks(TaskKind kind, bool withdrawn);
  void start_clock(Millis left);
  void void_hand_over();
  Millis whole() const { return std::chrono::minutes{c_.limit_minutes}; }
  TaskChange& changed(Task const& task);

  Facts const& facts_;
  Case c_;
  Instant at_, judged_;
  std::vector<Task> open_;
  Accepted out_;
};

// Someone for a verify or check task; `not_person` only when somebody else is there too (a blind second look).
std::string find_checker(City const& city, Case const& c, Instant at, std::string_view not_of_unit,
                         std::string_view not_person = "");

}  // namespace wangge::core
