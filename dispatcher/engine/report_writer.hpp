// Reports of one district, in batches: load keys, let the core decide, save all in one transaction, then answer.
// No thread, no socket, no clock: the runtime and the simulator drive it alike.
#pragma once

#include <functional>
#include <map>
#include <set>

#include "dispatcher/engine/convert.hpp"
#include "dispatcher/engine/numbers.hpp"
#include "dispatcher/engine/recent.hpp"
#include "dispatcher/engine/world.hpp"

namespace wangge::engine {

struct ReportOut {
  std::string peer;
  v1::ReportAnswer answer;
};

class ReportWriter {
 public:
  // Both references outlive the writer. `alarm` is told what an operator must see (dead letters, numbers taken).
  ReportWriter(std::string district, storage::Store& store, std::function<void(std::string)> alarm);

  // After a (new) take-over: cursors as the database knows them, no number block, an empty twin memory.
  void begin(storage::DistrictStart const& start, World world, std::vector<storage::RecentCase> const& recent);
  void set_world(World world) { world_ = std::move(world); }

  // Everything saved (or set aside) on return, answers in order. Throws Broken, InDoubt or StaleEpoch with nothing
  // answered; the caller keeps the batch and calls again after the next begin().
  std::vector<ReportOut> process(std::vector<ReportIn> const& batch, core::Instant now, Touched& touched);

  std::int64_t cursor(std::string const& spool_id) const;
  std::string const& district() const { return district_; }

 private:
  struct Plan;
  void attempt(std::span<ReportIn const> batch, core::Instant now, Touched& touched, std::vector<ReportOut>& out);
  void plan(std::span<ReportIn const> batch, core::Instant now, Plan& plan);
  void plan_new_case(ReportIn const& in, std::string const& key, bool conflict, storage::Loaded const& loaded,
                     core::Instant now, Plan& plan);
  std::string same_component(core::Report const& r, RecentIndex const& index) const;
  static void keep_other(core::Accepted&& other, Plan& plan);
  void link_order(core::Report const& r, core::Case const& c, storage::Loaded const& loaded, Plan& plan);
  void set_aside(ReportIn const& in, std::string const& error, std::vector<ReportOut>& out);
  using Passed = std::vector<std::pair<std::string, std::int64_t>>;  // (spool, seq) whose word is final with this commit
  std::vector<storage::SpoolMark> marks_with(Passed const& passed) const;
  void advance(Passed const& passed);

  std::string district_;
  storage::Store& store_;
  std::function<void(std::string)> alarm_;
  World world_;
  std::int64_t epoch_ = 0;
  RecentIndex recent_;
  CaseNumbers numbers_;

  struct Cursor {
    std::int64_t contiguous = 0;
    std::set<std::int64_t> beyond;  // committed, but an earlier one is still missing
  };
  std::map<std::string, Cursor> cursors_;
};

}  // namespace wangge::engine
