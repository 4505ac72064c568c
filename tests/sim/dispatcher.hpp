// A simulated dispatcher process: the real writers over connections to the memory store. It can be killed, or paused and
// woken with everything it believed still in its memory.
#pragma once

#include "dispatcher/engine/command_writer.hpp"
#include "dispatcher/engine/queues.hpp"
#include "dispatcher/engine/report_writer.hpp"
#include "storage/memory_store.hpp"
#include "tests/sim/sim.hpp"

namespace wangge::sim {

class SimGateway;

class SimDispatcher {
 public:
  SimDispatcher(std::string name, Clock& clock, Chance& chance, Network& network, std::shared_ptr<storage::MemoryDatabase> database,
                Bugs const& bugs);
  void connect(std::vector<SimGateway*> gateways) { gateways_ = std::move(gateways); }
  std::string const& name() const { return name_; }
  bool up() const { return up_; }
  bool owner() const { return reports_ != nullptr; }
  void start(bool take_over_at_once);
  void crash();
  void pause(std::int64_t ms) { paused_until_ = clock_.now() + Millis(ms); }
  void deliver(std::string const& from, std::string const& connection, std::string const& frame);

 private:
  struct Peer {
    std::string connection, spool_id;
    bool welcomed = false;
  };
  void step(std::uint64_t life);
  void take_over();
  void lose(bool to_somebody_else);
  void work_reports();
  void work_commands();
  void reply(std::string const& peer, v1::Envelope const& e);
  void refuse(engine::CommandQueue::Item const& item);

  std::string name_;
  Clock& clock_;
  Chance& chance_;
  Network& network_;
  std::shared_ptr<storage::MemoryDatabase> database_;
  Bugs const& bugs_;
  std::vector<SimGateway*> gateways_;
  bool up_ = false;
  std::uint64_t life_ = 0;
  Instant paused_until_{}, retry_at_{}, escalate_at_{};

  std::map<std::string, Peer> peers_;
  std::unique_ptr<engine::ReportQueue> report_queue_;
  std::unique_ptr<engine::CommandQueue> command_queue_;
  std::vector<engine::ReportIn> held_reports_;
  std::vector<engine::CommandQueue::Item> held_commands_;
  std::unique_ptr<storage::MemoryStore> report_store_, command_store_;
  std::unique_ptr<engine::ReportWriter> reports_;
  std::unique_ptr<engine::CommandWriter> commands_;
};

}  // namespace wangge::sim
