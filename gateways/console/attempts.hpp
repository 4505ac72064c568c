// Commands that got no answer (503, 504), so that a retry of the same command_id counts from its first attempt at most
// 24 hours back (RULINGS 1): a dead system never makes a squad late. Durable in one append-only file of lines
// "milliseconds sha256"; the hash covers district, principal, command_id and body, so nothing personal stands there.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "dispatcher/core/types.hpp"

namespace wangge::console {

class Attempts {
 public:
  // file: made when absent; lines older than a day are dropped at opening. Where it cannot be written (a full disk) the
  // attempts are remembered while this lives.
  Attempts(std::string file, core::Instant now);
  ~Attempts();
  // What the command counts from: the first unanswered attempt of the last 24 hours, else `now`.
  core::Instant first(core::Command const& command, core::Instant now) const;
  // Keeps the attempt (the first stays), then calls `done` once it is on the disk.
  void keep(core::Command const& command, std::function<void()> done);
  std::size_t size() const;

 private:
  void run();
  bool compact();
  bool append(std::string const& lines);
  void forget_old(core::Instant now);
  struct Waiting {
    std::string line;
    std::function<void()> done;
  };
  std::string file_;
  int fd_ = -1;
  bool torn_ = false, unkept_ = false;  // the thread's own: the file ends within a line; something is in memory only
  mutable std::mutex mutex_;
  std::condition_variable ready_;
  bool stopping_ = false;
  std::unordered_map<std::string, core::Instant> first_;
  std::vector<Waiting> waiting_;
  core::Instant swept_{};
  std::thread thread_;
};

}  // namespace wangge::console
