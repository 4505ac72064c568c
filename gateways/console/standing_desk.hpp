// What the managing door asks of whoever keeps a city's standing data: a part as tables, a change tried, a change made. The readers
// of a city's files stand in deploy, which gives the running gateway this (GatewayOptions); tests put their own in its place.
// May throw storage::Broken while the database is away, storage::standing::StalePart when somebody was quicker.
#pragma once

#include "dispatcher/core/rule_check.hpp"
#include "storage/standing_set.hpp"

namespace wangge::console {

using storage::standing::PartStands;
using storage::standing::PartTable;

// What is wrong, and where: row counts from 0 among the table's rows; -1: the table itself.
struct PartFault {
  std::string table;
  std::int64_t row = -1;
  std::string column, reason;
};

struct PartPut {
  std::vector<PartTable> tables;  // all of the part's; one that is missing stays as it is
  bool dry_run = true;            // everything is checked and compared, nothing is changed
  bool allow_findings = false;    // rules that never answer, stand in a shadow or dispute
  std::int64_t version = 0;       // the part's, when the change was begun
  std::string by, note;
};
// Either faults, or what changes (and, unless dry_run, has changed).
struct PartResult {
  std::vector<PartFault> faults;
  std::vector<storage::standing::PartChange> changes;
  std::vector<core::Finding> findings;
  bool refused = false;  // by its findings
  storage::standing::MovedDeadlines moved;
  std::int64_t version = 0;  // the new one
};

class StandingDesk {
 public:
  virtual ~StandingDesk() = default;
  virtual bool has(std::string const& part) const = 0;  // is it one that pages edit?
  virtual PartStands stands(std::string const& district, std::string const& part) = 0;
  virtual std::vector<PartTable> tables(std::string const& district, std::string const& part) = 0;
  virtual PartResult put(std::string const& district, std::string const& part, PartPut const& put) = 0;
  // A file of the city as tables: CSV of one table (by its name or as the part's only one), or a workbook with a sheet a table.
  virtual std::vector<PartTable> unpack(std::string const& part, std::string const& name, std::string const& bytes,
                                        std::vector<PartFault>& faults) = 0;
  // False: it was so already.
  virtual bool switch_plan(std::string const& district, std::string const& plan, bool on, std::string const& by, std::string const& reason) = 0;
};

}  // namespace wangge::console
