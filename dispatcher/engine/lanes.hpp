// The threads that work on the database: the report lane takes over and turns reports into cases, the command lane
// joins its epoch, the watcher renews the beat and notices what changed. Each has a store connection of its own.
#pragma once

#include "dispatcher/engine/claim.hpp"
#include "dispatcher/engine/command_writer.hpp"
#include "dispatcher/engine/report_writer.hpp"
#include "dispatcher/engine/shared.hpp"

namespace wangge::engine {

class ReportLane {
 public:
  explicit ReportLane(Shared& shared) : s_(shared), claim_(shared.options.standby) {}
  void run();

 private:
  void round();
  bool own();  // true: this dispatcher owns its districts
  void take_over();
  void save(std::vector<ReportIn> const& batch);
  void let_go();

  Shared& s_;
  Claim claim_;
  std::unique_ptr<storage::Store> store_;
  std::map<std::string, std::unique_ptr<ReportWriter>> writers_;
  std::map<std::string, std::int64_t> epochs_;
  std::map<std::string, World> world_;
  std::uint64_t generation_ = 0, worlds_ = 0;  // 0: nothing is owned, as far as this lane knows
};

class CommandLane {
 public:
  explicit CommandLane(Shared& shared) : s_(shared) {}
  void run();

 private:
  void round();
  void join(Ownership::View const& view);
  void save(std::vector<CommandQueue::Item> const& items);
  void refuse(std::vector<CommandQueue::Item> items);
  void fire();
  void let_go();
  void done_with_held();

  Shared& s_;
  std::unique_ptr<storage::Store> store_;
  std::map<std::string, std::unique_ptr<CommandWriter>> writers_;
  std::uint64_t generation_ = 0, worlds_ = 0;
  std::vector<CommandQueue::Item> held_;  // in hand; in doubt: the command ids tell after the next take-over
  bool doubt_ = false;                    // they may have been done: nobody may be told that nothing was
  Steady::time_point escalate_at_ = Steady::now(), fire_at_ = Steady::now(), held_until_{};
};

class Watcher {
 public:
  explicit Watcher(Shared& shared) : s_(shared) {}
  void run();

 private:
  void look(Ownership::View const& view);
  void make_ahead();
  void keep_figures(Ownership::View const& view);

  Shared& s_;
  std::unique_ptr<storage::Store> store_;
  Steady::time_point make_ahead_at_ = Steady::now() + s_.options.make_ahead_every;  // the take-over did it
  Steady::time_point figures_at_{};
};

// Lists what stands behind the numbers of months that are over: on a thread of its own, for a large month takes a minute.
class Lister {
 public:
  explicit Lister(Shared& shared) : s_(shared) {}
  void run();

 private:
  Shared& s_;
  std::unique_ptr<storage::Store> store_;
};

}  // namespace wangge::engine
