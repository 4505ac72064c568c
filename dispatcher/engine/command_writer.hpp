// Commands, received tasks and the escalation of unreceived ones, for one district, in batches. Like ReportWriter it
// has no thread, socket or clock of its own.
#pragma once

#include <functional>

#include "dispatcher/engine/convert.hpp"
#include "dispatcher/engine/numbers.hpp"
#include "dispatcher/engine/world.hpp"

namespace wangge::engine {

class CommandWriter {
 public:
  CommandWriter(std::string district, storage::Store& store, std::function<void(std::string)> alarm);
  void begin(std::int64_t epoch, World world);
  void set_world(World world);

  // Saved on return, answers in order. Throws Broken (nothing done), InDoubt (call again: the command ids tell) or
  // StaleEpoch.
  std::vector<CommandAnswer> process(std::vector<CommandIn> const& batch, core::Instant now, Touched& touched);
  std::vector<CommandAnswer> received(std::vector<ReceivedIn> const& batch, core::Instant now, Touched& touched);
  // Alarms on tasks that nobody received in time; returns how many. Never re-routes (CONTRACT 6).
  int escalate(core::Instant now, Touched& touched);
  // Tells of every rung that has fallen due by `now` and arms the next one; returns how many. Exactly once: a rung and what
  // was told of it are one transaction. At most kFireAtOnce a call: call again while it gives as many.
  int fire(core::Instant now, Touched& touched);
  static constexpr int kFireAtOnce = 500;
  // After a take-over or a change of the standing data: derives the deadlines of running clocks again, a page a call, each
  // change a row of its case's history (RULINGS 6). Returns how many moved; done() when the last page was seen.
  int reproject(core::Instant now, Touched& touched);
  bool reprojected() const { return reproject_done_; }
  // Resumes suspended cases whose day has come; returns how many.
  int wake(core::Instant now, Touched& touched);

  std::string const& district() const { return district_; }

 private:
  struct Plan;
  void attempt(std::span<CommandIn const> batch, core::Instant now, Touched& touched, std::vector<CommandAnswer>& out);
  void plan(std::span<CommandIn const> batch, core::Instant now, Plan& made);
  void load_more(std::span<CommandIn const> batch, storage::Loaded& loaded);
  storage::CommandRow decide_one(core::Command const& command, core::Instant now, storage::Loaded& loaded, Plan& made);
  storage::CommandRow decide_order(core::Command const& command, storage::Loaded& loaded, Plan& made);
  void keep(core::Accepted&& yes, storage::Loaded& loaded, Plan& made);
  void set_aside(CommandIn const& in, std::string const& error, std::vector<CommandAnswer>& out);

  std::string district_;
  storage::Store& store_;
  std::function<void(std::string)> alarm_;
  World world_;
  std::int64_t epoch_ = 0;
  CaseNumbers numbers_;
  bool reproject_done_ = false;
  std::optional<std::pair<core::Instant, std::string>> reproject_after_;
};

}  // namespace wangge::engine
