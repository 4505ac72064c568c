// One run: the town of one seed with its clients, devices and faults, and the check of every promise at its end.
#pragma once

#include <memory>
#include <set>

#include "dispatcher/core/decide.hpp"
#include "tests/sim/dispatcher.hpp"
#include "tests/sim/gateway.hpp"
#include "tests/sim/run.hpp"

namespace wangge::sim {

class Town {
 public:
  Town(std::uint64_t seed, Bugs const& bugs, storage::PlantedBugs const& store_bugs, Totals& totals);
  void storm(int events);
  void calm();
  void check();
  std::uint64_t digest() const { return digest_; }

 private:
  struct Sent {
    core::Report report;
    int tries = 0, unanswered = 0;  // unanswered: submits whose callback has not come
    bool acknowledged = false, refused = false;
    std::string case_no;
  };
  struct Asked {
    core::Command command;
    int tries = 0;
    bool done = false, refused = false;
    std::int64_t version = 0;
    std::size_t failovers = 0;  // before it was asked the last time: a later one may have taken it
  };

  // clients.cpp
  void report();
  void try_report(std::string const& id);
  void on_outcome(std::string const& id, link::ReportOutcome const& out);
  void on_repeat(std::string const& id, link::ReportOutcome const& again);
  void command();
  void try_command(std::string const& id);
  void on_command(std::string const& id, link::CommandOutcome const& out);
  void poll();
  void receive(storage::TaskPush const& push);

  // faults.cpp
  void fault();
  void crash_gateway();
  void start_gateway(SimGateway& gateway);
  void crash_dispatcher();
  void cut();
  void rot(SimGateway& gateway);
  void fail_over();
  void back_up();
  void went_back();

  // check.cpp
  void watch_cursors();
  bool drained();
  bool settled_down();
  void check_reports(storage::MemoryDatabase::District const& end);
  void check_commands(storage::MemoryDatabase::District const& end);
  void check_tasks(storage::MemoryDatabase::District const& end);
  void check_clocks(storage::MemoryDatabase::District const& end);
  void check_spools();
  std::int64_t cursor_of(SimGateway& gateway) const;
  void check_owner();

  SimGateway& any_gateway() { return *gateways_[static_cast<std::size_t>(chance_.between(0, 1))]; }
  bool poisoned(std::string const& report_id) const;
  void note(std::string const& what) {
    for (char c : what) digest_ = (digest_ ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  }

  Clock clock_;
  Chance chance_;
  Weather weather_;
  Bugs bugs_;
  Totals& totals_;
  Network network_;
  core::City city_;
  std::string district_;
  std::shared_ptr<storage::MemoryDatabase> database_;
  std::vector<std::unique_ptr<SimGateway>> gateways_;
  std::vector<std::unique_ptr<SimDispatcher>> dispatchers_;
  std::vector<core::Principal> people_;
  std::map<std::string, Sent> sent_;
  std::map<std::string, std::string> owner_of_key_;
  std::map<std::string, int> bodies_of_key_;
  std::map<std::string, Asked> asked_;
  std::vector<std::string> case_numbers_;        // as the officers saw them last
  std::map<std::string, std::int64_t> cursors_;  // of each spool, in this life of the database
  std::set<std::string> rotten_;                 // reports whose record a disk damaged before the database had them
  std::set<std::string> two_numbers_;            // reports that were answered under two
  std::size_t backed_up_ = 0;                    // transactions in the last checked backup
  std::int64_t verified_ = 0;                    // when it began; 0: there is none
  std::int64_t report_count_ = 0, command_count_ = 0, last_seen_ = 0, renewals_ = 0;
  std::size_t failovers_ = 0;
  std::uint64_t digest_ = 14695981039346656037ull;
};

}  // namespace wangge::sim
