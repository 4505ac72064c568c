// The dispatcher process: one bus thread, a report lane and a command lane (each with its own store connection, both
// under one epoch), a watcher that renews the beat and notices changed standing data. All rules live in the core, all
// batching in the writers; here is only who runs when, and what happens when the world breaks.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "proto/bus/bus.hpp"
#include "storage/store.hpp"

namespace wangge::engine {

struct DispatcherOptions {
  std::string name = "dispatcher";
  std::string database_url;
  std::string bus_endpoint, hint_endpoint;  // ipc:///… or tcp://…
  bus::Keys keys;
  std::size_t batch_cap = 200;              // rows of one transaction: 88 % of the speed of 500 at a quarter of its wait
  std::int64_t credit_bytes = 4 << 20;      // unanswered report bytes of one gateway
  std::size_t queue_bytes = 128 << 20;      // of all gateways; beyond it frames are dropped and come again
  bool standby = false;                     // wait until the present owner's beat is old instead of taking over at once
  std::chrono::milliseconds make_ahead_every = std::chrono::hours(24);  // months of history
  // When the last backup began that was made and checked; empty or nullopt: none is known, the spools keep everything.
  std::function<std::optional<core::Instant>()> verified_backup;
  // Opens one lane's store; the default opens PostgreSQL. Tests hand in the memory store.
  std::function<std::unique_ptr<storage::Store>(std::string const& lane)> open_store;
};

struct DispatcherHealth {
  bool owner = false;  // writes its districts now
  std::size_t reports_waiting = 0, commands_waiting = 0, gateways = 0;
  std::uint64_t reports = 0, commands = 0, batches = 0, dead_letters = 0, takeovers = 0;
  std::uint64_t looks = 0;  // how often it looked at the beat of another owner and found it alive
};

class Dispatcher {
 public:
  explicit Dispatcher(DispatcherOptions options);
  ~Dispatcher();
  void start();  // binds, or throws std::runtime_error naming the endpoint
  void stop();   // finishes the running batches; what waits is resent by the spools
  bool healthy() const { return health().owner; }
  DispatcherHealth health() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wangge::engine
