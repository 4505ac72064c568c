// The spool's contract in memory: what append() returned survives a crash; what settle() said may be forgotten. By the
// very rules of SqliteStore (tests/spool/same_rules_test.cpp plays both side by side), with the faults of a disk on
// demand.
#pragma once

#include <set>

#include "gateways/spool/row.hpp"
#include "gateways/spool/spool.hpp"
#include "tests/sim/sim.hpp"

namespace wangge::sim {

class SimSpool : public spool::Store {
 public:
  explicit SimSpool(std::string id) : id_(std::move(id)) {}

  std::string spool_id() const override { return id_; }
  std::vector<Appended> append(std::vector<spool::Record> records) override;
  void settle(std::vector<Outcome> const& outcomes) override;
  std::vector<spool::Record> queued(std::string const& district, std::int64_t after_seq, int limit) override;
  std::vector<std::string> districts() override;
  std::int64_t requeue_after(std::string const& district, std::int64_t cursor) override;
  std::optional<spool::Record> find_report(std::string const& report_id) override;
  std::optional<spool::Record> find_key(std::string const& district, std::string const& principal,
                                        std::string const& key) override;
  std::int64_t settled_below(std::string const& district) override;
  std::int64_t prune(std::string const& district, Instant before, std::int64_t below) override;
  Health health() override;

  // --- what happens to a gateway and its disk
  void open();                 // the process starts
  void crash(Chance& chance);  // power is lost: a random tail of the settles was not on the disk yet
  void renew(std::string id);  // the folder was copied or restored
  // The bytes of a record are damaged; its placeholder keeps the seq. The record as it was.
  spool::Record damage(std::string const& district, std::int64_t seq);
  bool room = true;  // else every write finds the disk full

  std::int64_t last(std::string const& district) const;
  std::set<std::string> const& forgotten_numbers() const {
    return forgotten_numbers_;
  }  // report ids whose number a crash took, or may have taken
  std::set<std::string> const& reports() const { return reports_; }  // that it has or had

 private:
  struct Row {
    spool::Record record;
    bool placeholder = false;
    std::optional<spool::Word> word;
  };
  struct District {
    std::int64_t last = 0, last_at_open = 0;
    std::map<std::int64_t, Row> rows;
  };
  spool::Record view(Row const& row) const;
  void need_room() const;
  Row const* holder_of_key(spool::Record const& record) const;

  std::string id_;
  std::map<std::string, District> districts_;
  std::int64_t damaged_ = 0;
  struct Unsynced {
    std::string district;
    std::int64_t seq = 0;
    std::optional<spool::Word> before;
  };
  std::vector<Unsynced> unsynced_;
  std::set<std::string> forgotten_numbers_, reports_;
};

}  // namespace wangge::sim
