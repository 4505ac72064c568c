// Verification from the database alone: the audit chains, and that each case's history replays to its row. And the one
// writer of audit rows for deeds outside cases.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "storage/store.hpp"

namespace wangge::storage {

struct AuditFinding {
  std::string district, chain;  // chain empty: a replay
  std::int64_t seq = 0;         // the first row that does not fit
  std::string case_no, what;    // in words
};

struct ChainState {  // what an anchor copies away: everything up to here is proven
  std::string district, chain;
  std::int64_t seq = 0;
  std::string hash;  // hex
};

struct AuditReport {
  std::int64_t chains = 0, rows = 0, cases = 0;
  std::vector<AuditFinding> findings;  // at most one a chain or case
  std::vector<ChainState> heads;
};

using AuditProgress = std::function<void(std::int64_t done)>;

// Recomputes every chain and compares it with its head. `anchors` (may be empty): heads copied away earlier; the chain
// must still pass through each.
AuditReport verify_chains(std::string const& url, std::vector<ChainState> const& anchors = {}, AuditProgress const& progress = {});
// Replays every case and every hotline order of a district; adds to `report`.
void verify_replays(std::string const& url, std::string const& district, AuditReport& report, AuditProgress const& progress = {});
// One case's rows, oldest first.
std::vector<core::HistoryRow> read_history(std::string const& url, std::string const& district, std::string const& case_no);

struct Deed {
  std::string district, actor, role, deed, subject, detail;
};
// Writes deeds on a connection and chain of its own. One thread at a time. A server that stands still ends in InDoubt
// within seconds; what is written again then stands twice, which no chain minds.
class AuditLog {
 public:
  AuditLog(std::string url, std::string name);
  ~AuditLog();
  void write(Deed const& deed, core::Instant recorded_at);  // throws Broken, InDoubt
  struct Dated {
    Deed deed;
    core::Instant recorded_at;
  };
  void write(std::span<Dated const> deeds);  // in one transaction, in their order

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wangge::storage
