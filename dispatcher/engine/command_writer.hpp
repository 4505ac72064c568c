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
  void set_world(World world) { world_ = std::move(world); }

  // Saved on return, answers in order. Throws Broken (nothing done), InDoubt (call again: the command ids tell) or
  // StaleEpoch.
  std::vector<CommandAnswer> process(std::vector<CommandIn> const& batch, core::Instant now, Touched& touched);
  std::vector<CommandAnswer> received(std::vector<ReceivedIn> const& batch, core::Instant now, Touched& touched);
  // Alarms on tasks that nobody received in time; returns how many. Never re-routes (CONTRACT 6).
  int escalate(core::Instant now, Touched& touched);
  // Resumes suspended cases whose day has come; returns how many.
  int wake(core::Instant now, Touched& touched);

  std::string const& district() const { return district_; }

 private:
  struct Plan;
  void attempt(std::span<CommandIn const> batch, core::Instant now, Touched& touched, std::vector<CommandAnswer>& out);
  void plan(std::span<CommandIn const> batch, core::Instant now, Plan& made);
  void load_more(std::span<CommandIn const> batch, storage::Loaded& loaded);
  storage::CommandRow decide_one(core::Command const& command, core::Instant now, storage::Loaded& loaded, Plan& made);
  void keep(core::Accepted&& yes, storage::Loaded& loaded, Plan& made);
  void set_aside(CommandIn const& in, std::string const& error, std::vector<CommandAnswer>& out);

  std::string district_;
  storage::Store& store_;
  std::function<void(std::string)> alarm_;
  World world_;
  std::int64_t epoch_ = 0;
  CaseNumbers numbers_;
};

}  // namespace wangge::engine
