// What may leave the spool: what is settled, older than 72 hours, and lies in the last backup that was made and
// checked. A record is in that backup when its word had come before the backup began: the store does not date words, so
// this looks once in a while how far each district is settled, and remembers when it looked. Under a new epoch all of
// that is forgotten, for between two epochs the database may have gone back. No thread or clock of its own.
#pragma once

#include <deque>
#include <map>
#include <optional>
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

  struct Owned {  // a district, as its owner says it
    std::int64_t epoch = 0;
    std::optional<core::Instant> verified_backup;  // when the last checked one began
    std::int64_t passed_below = 0;                 // seqs that it has given its final word on, also on refused ones
  };
  // Looks, and drops one slice when it is time. How many went; call again soon while it is more than 0. Wall clock, as
  // the records are dated.
  std::int64_t run(spool::Store& store, std::map<std::string, Owned> const& districts, core::Instant now);

 private:
  struct Look {
    core::Instant at{};
    std::int64_t below = 0;  // all seqs under it were settled
  };
  static constexpr std::size_t kMostLooks = 24 * 40;

  Rules rules_;
  core::Instant look_at_{};
  bool more_ = false;  // the last slice was not the last one
  struct Looks {
    std::int64_t epoch = 0;   // of all of them
    std::deque<Look> list{};  // oldest first
  };
  std::map<std::string, Looks> looks_;
};

}  // namespace wangge::link
