// A simulated dispatcher process: the real writers, peers, claim and ownership over connections to the memory store. It
// can be killed, or paused and woken with everything it believed still in its memory.
#pragma once

#include "dispatcher/engine/claim.hpp"
#include "dispatcher/engine/command_writer.hpp"
#include "dispatcher/engine/peers.hpp"
#include "dispatcher/engine/queues.hpp"
#include "dispatcher/engine/report_writer.hpp"
#include "storage/memory_store.hpp"
#include "tests/sim/sim.hpp"

namespace wangge::sim {

class SimGateway;

class SimDispatcher {
 public:
  // `verified`: when the last checked backup began, 0 = none; shared with whoever makes them.
  SimDispatcher(std::string name, Clock& clock, Chance& chance, Network& network,
                std::shared_ptr<storage::MemoryDatabase> database, Bugs const& bugs, std::int64_t const& verified);
  void connect(std::vector<SimGateway*> gateways) { gateways_ = std::move(gateways); }
  std::string const& name() const { return name_; }
  bool up() const { return up_; }
  bool owner() const { return up_ && mind_ && mind_->ownership.owned(); }
  std::int64_t epoch() const { return owner() ? mind_->ownership.view().epochs.begin()->second : 0; }
  void start(bool standby);
  void crash();
  void pause(std::int64_t ms) { paused_until_ = clock_.now() + Millis(ms); }
  void deliver(std::string const& from, std::string const& connection, std::string const& frame);

 private:
  // All that a crash forgets.
  struct Mind {
    Mind(bool standby, engine::Peers p) : claim(standby), peers(std::move(p)) {}
    engine::Claim claim;
    engine::Ownership ownership;
    engine::Peers peers;
    engine::ReportQueue reports{std::size_t{16} << 20};
    engine::CommandQueue commands;
    std::vector<std::pair<std::string, std::string>> inbox;  // peer, frame: they lie in the socket
    std::vector<engine::CommandQueue::Item> held_commands;
    std::int64_t renewed = 0;
    std::uint64_t greeted = 0;  // the take-over the gateways were told of
    bool doubt = false;         // the held commands may have been done
    std::unique_ptr<storage::MemoryStore> report_store, command_store, watch_store;
    std::unique_ptr<engine::ReportWriter> report_writer;
    std::unique_ptr<engine::CommandWriter> command_writer;
    Instant retry_at{}, escalate_at{}, watch_at{}, beat_at{};
  };

  void step(std::uint64_t life);
  engine::Peers::Stand stand() const;
  void read_frames();
  void work();
  bool own();
  void take_over();
  void lose();
  void drop_commands();
  void watch();
  void work_reports();
  void work_commands();
  void reply(std::string const& peer, v1::Envelope const& e) { send(peer, bus::encode(e)); }
  void send(std::string const& peer, std::string const& frame);
  void refuse(engine::CommandQueue::Item const& item);

  std::string name_;
  Clock& clock_;
  Chance& chance_;
  Network& network_;
  std::shared_ptr<storage::MemoryDatabase> database_;
  Bugs const& bugs_;
  std::int64_t const& verified_;
  std::vector<SimGateway*> gateways_;
  bool up_ = false;
  std::uint64_t life_ = 0;
  Instant paused_until_{};
  std::unique_ptr<Mind> mind_;
};

}  // namespace wangge::sim
