// A simulated gateway process: real desk and sender over a simulated spool; a crash forgets all but the spool.
#pragma once

#include "gateways/link/desk.hpp"
#include "gateways/link/messages.hpp"
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
  void start();
  void crash();
  // The answer may never come (crash). `done` runs at most once.
  void submit(core::Report report, std::int64_t wait_ms, std::function<void(link::ReportOutcome)> done);
  void ask(core::Command command, std::function<void(link::CommandOutcome)> done);
  void received(core::Principal who, std::string task_id, std::int64_t epoch, std::function<void(link::CommandOutcome)> done);
  void deliver(std::string const& from, std::string const& connection, std::string const& frame);  // from the network

 private:
  struct Peer {
    bool connected = false;
    Instant heard{};
    std::string connection;
  };
  struct Asked {
    std::function<void(link::CommandOutcome)> done;
    Instant until{};
  };
  void tick(std::uint64_t life);
  void flush(std::uint64_t life);
  void drive();
  void send(std::string const& to, v1::Envelope const& e);
  void ask_envelope(std::string const& district, v1::Envelope e, std::string const& correlation,
                    std::function<void(link::CommandOutcome)> done);

  std::string name_;
  Clock& clock_;
  Chance& chance_;
  Network& network_;
  Bugs const& bugs_;
  SimSpool spool_;
  std::vector<SimDispatcher*> dispatchers_;
  bool up_ = false, flushing_ = false;
  std::uint64_t life_ = 0, correlations_ = 0;

  // Lost at a crash:
  std::unique_ptr<link::Desk> desk_;
  struct Waiting {
    spool::Record record;
    Instant until{};
    bool at_once = false;
    std::function<void(link::ReportOutcome)> done;
  };
  std::vector<Waiting> group_;
  std::map<std::string, Peer> peers_;
  std::map<std::string, std::string> owner_;  // district -> dispatcher
  std::map<std::string, Asked> asked_;
};

}  // namespace wangge::sim
