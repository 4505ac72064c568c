// A simulated gateway process: the real desk, sender, lines and retention over a simulated spool on a disk of its own
// pace; a crash forgets all but the spool.
#pragma once

#include "gateways/link/desk.hpp"
#include "gateways/link/lines.hpp"
#include "gateways/link/messages.hpp"
#include "gateways/link/retention.hpp"
#include "tests/sim/spool.hpp"

namespace wangge::sim {

class SimDispatcher;

class SimGateway {
 public:
  SimGateway(std::string name, Clock& clock, Chance& chance, Network& network, Bugs const& bugs);
  void connect(std::vector<SimDispatcher*> dispatchers) { dispatchers_ = std::move(dispatchers); }

  std::string const& name() const { return name_; }
  bool up() const { return up_; }
  bool idle() { return spool_.queued("370871", 0, 1).empty(); }  // the dispatcher's word came for all it holds
  std::string owner() const;  // of the district, as this gateway believes; "" = nobody
  SimSpool& spool() { return spool_; }
  std::int64_t pruned() const { return pruned_; }
  void start();
  void crash();
  // The answer may never come (crash). `done` runs at most once.
  void submit(core::Report report, std::int64_t wait_ms, std::function<void(link::ReportOutcome)> done);
  void ask(core::Command command, std::function<void(link::CommandOutcome)> done);
  void received(core::Principal who, std::string task_id, std::int64_t epoch,
                std::function<void(link::CommandOutcome)> done);
  void deliver(std::string const& from, std::string const& connection, std::string const& frame);  // from the network

 private:
  struct Asked {
    std::function<void(link::CommandOutcome)> done;
    Instant until{};
    std::string id{};  // of the command or task
  };
  void tick(std::uint64_t life);
  void flush();
  void drive();
  void work_on_spool(link::Sender::Todo const& todo);
  void settle();
  void prune();
  void send(std::size_t line, v1::Envelope const& e);
  void ask_envelope(std::string const& district, v1::Envelope e, std::string const& correlation,
                    std::function<void(link::CommandOutcome)> done);
  // The committer's thread and the link's: what is handed over runs there later, in order, unless the process dies.
  void on_disk(std::function<void()> job);
  void post(std::function<void()> f);

  std::string name_;
  Clock& clock_;
  Chance& chance_;
  Network& network_;
  Bugs const& bugs_;
  SimSpool spool_;
  std::vector<SimDispatcher*> dispatchers_;
  bool up_ = false;
  std::uint64_t life_ = 0, correlations_ = 0;
  std::int64_t pruned_ = 0;

  // Lost at a crash:
  Instant disk_at_{}, inbox_at_{};
  std::unique_ptr<link::Desk> desk_;
  std::unique_ptr<link::Lines> lines_;
  std::unique_ptr<link::Retention> retention_;
  struct Waiting {
    spool::Record record;
    Instant until{};
    bool at_once = false;
    std::function<void(link::ReportOutcome)> done;
  };
  std::vector<Waiting> group_;
  std::vector<std::string> connections_;  // of each line
  std::map<std::string, Asked> asked_;
};

}  // namespace wangge::sim
