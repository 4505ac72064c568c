// How often somebody may try a password. Counted by name, known or not, and by address; from a number of failures on each further one makes
// the next wait twice as long. Pure: time is an argument. Kept in memory: it slows guessing down, it is no record.
#pragma once

#include <list>
#include <mutex>
#include <string>
#include <unordered_map>

#include "dispatcher/core/types.hpp"

namespace wangge::sessions {

struct LockRule {
  int free;              // failures without a wait
  core::Millis first;    // then so long, doubled by each further failure
  core::Millis longest;
};
inline constexpr LockRule kByName{5, core::Millis{30'000}, core::Millis{15 * 60'000}};
// A whole office stands behind one address.
inline constexpr LockRule kByAddress{30, core::Millis{10'000}, core::Millis{15 * 60'000}};
inline constexpr core::Millis kForget{60 * 60'000};  // an hour without a failure

class Lockout {
 public:
  explicit Lockout(std::size_t most = 50'000) : most_(most) {}
  // Zero: the try may go on, and counts as failed until take_back() or succeeded(). Else how long to wait; nothing is counted then.
  core::Millis begin(std::string const& name, std::string const& address, core::Instant now);
  void take_back(std::string const& name, std::string const& address);  // it was no try after all: busy, no database
  void succeeded(std::string const& name, std::string const& address);  // the name is clear; the address loses this one

 private:
  struct Count {
    int failures = 0;
    core::Instant last{};
    std::list<std::string>::iterator place;
  };
  core::Millis wait(std::string const& key, LockRule const& rule, core::Instant now);
  void add(std::string const& key, core::Instant now);
  void lower(std::string const& key);
  void forget(std::string const& key);

  std::size_t most_;
  std::mutex mutex_;
  std::unordered_map<std::string, Count> counts_;
  std::list<std::string> order_;  // the longest without a failure first: what goes when there is no room
};

}  // namespace wangge::sessions
