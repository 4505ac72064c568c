// What may leave the spool: what is settled, older than 72 hours, and lies in the last backup that was made and
// checked. A record is in that backup when its word had come before the backup began: the store does not date words, so
// this looks once in a while how far each district is settled, and remembers when it looked. No thread or clock of its
// own.
#pragma once

#include <deque>
#include <map>
#include <string>

#include "gateways/spool/spool.hpp"

namespace wangge::link {

class Retention {
 public:
  struct Rules {
    std::chrono::milliseconds keep = std::chrono::hours(72);
    std::chrono::milliseconds every = std::chrono::hours(1);
    std::chrono::milliseconds clocks_differ = std::chrono::minutes(5);  // between this machine and that of the backup
  };
  Retention() = default;
  explicit Retention(Rules rules) : rules_(rules) {}

  // Looks, and drops one slice when it is time. How many went; call again soon while it is more than 0.
  // `verified`: when the last checked backup of each district began. Wall clock, as the records are dated.
  std::int64_t run(spool::Store& store, std::map<std::string, core::Instant> const& verified, core::Instant now);
  // The dispatcher's database went back: what it had when we looked it may not have any more.
  void forget(std::string const& district) { looks_.erase(district); }

 private:
  struct Look {
    core::Instant at{};
    std::int64_t below = 0;  // all seqs under it were settled
  };
  static constexpr std::size_t kMostLooks = 24 * 40;

  void look(spool::Store& store, core::Instant now);

  Rules rules_;
  core::Instant look_at_{};
  bool more_ = false;                              // the last slice was not the last one
  std::map<std::string, std::deque<Look>> looks_;  // oldest first
};

}  // namespace wangge::link
