// What the doors tell the audit log: who read personal data, evidence and other people's cases, and what administrators
// did. Callers hand over and go on; one thread writes, in groups. While the database is away a bounded number waits in
// memory; what finds no room is counted, not hidden.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateways/http/http.hpp"
#include "storage/audit.hpp"

namespace wangge::doors {

class AuditTrail {
 public:
  using Group = std::vector<storage::AuditLog::Dated>;
  // Puts a group into the log or throws: Poison for one that no database can hold, anything else is tried again.
  using Write = std::function<void(Group const&)>;
  struct Options {
    std::size_t most = 20'000;      // waiting in memory; further ones are lost, and counted
    std::size_t group = 200;
    std::chrono::milliseconds pause{1000};  // after a failure
    // The same read of the same thing by the same person counts once in this time: screens look again every few seconds.
    core::Millis once_in{60'000};
  };
  explicit AuditTrail(Write write) : AuditTrail(std::move(write), Options{}) {}
  AuditTrail(Write write, Options options) : write_(std::move(write)), options_(options) {}
  ~AuditTrail() { stop(); }
  void start();
  void stop();  // writes what waits, if the database is there
  void note(http::Noted const& deed);
  void add(storage::Deed deed, core::Instant at);  // whatever else happened: signing in, accounts
  struct Counts {
    std::uint64_t waiting = 0, written = 0, lost = 0;
  };
  Counts counts() const;

 private:
  void run();
  bool put(Group const& group);
  bool seen_lately(std::string const& key, core::Instant at);

  Write write_;
  Options options_;
  mutable std::mutex mutex_;
  std::condition_variable woken_;
  bool stopping_ = false;
  std::deque<storage::AuditLog::Dated> waiting_;
  std::size_t in_hand_ = 0;  // being written
  std::uint64_t written_ = 0, lost_ = 0;
  std::map<std::string, core::Instant> seen_;
  core::Instant swept_{};
  std::thread thread_;
};

}  // namespace wangge::doors
