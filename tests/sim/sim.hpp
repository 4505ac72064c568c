// A whole Wangge in one thread: clients, gateways, bus, dispatchers, database, squads, on a simulated clock and network
// from one seed. The writers, the sender, the desk and the codec are the real ones; only threads, sockets and disks are
// not. The same seed gives the same run.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "dispatcher/core/types.hpp"

namespace wangge::sim {

using core::Instant;
using core::Millis;

struct Broken : std::runtime_error {
  using runtime_error::runtime_error;
};  // a promise does not hold

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  std::int64_t between(std::int64_t low,
                       std::int64_t high) {  // inclusive; not std:: distributions, they differ by library
    return low + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool one_in(std::int64_t n) { return between(1, n) == 1; }
  bool percent(std::int64_t p) { return between(1, 100) <= p; }
  std::uint64_t bits() { return engine_(); }
  template <class T>
  T const& of(std::vector<T> const& list) {
    return list[static_cast<std::size_t>(between(0, static_cast<std::int64_t>(list.size()) - 1))];
  }

 private:
  std::mt19937_64 engine_;
};

class Clock {
 public:
  Instant now() const { return now_; }
  void at(Instant when, std::function<void()> what) {
    events_.push_back({when, order_++, std::move(what)});
    std::push_heap(events_.begin(), events_.end());
  }
  void in(std::int64_t ms, std::function<void()> what) { at(now_ + Millis(ms), std::move(what)); }
  // Runs events up to `until`.
  void run_until(Instant until) {
    while (!events_.empty() && events_.front().when <= until) {
      std::pop_heap(events_.begin(), events_.end());
      auto const event = std::move(events_.back());
      events_.pop_back();
      now_ = std::max(now_, event.when);
      event.what();
    }
    now_ = until;
  }

 private:
  struct Event {
    Instant when;
    std::uint64_t order;
    std::function<void()> what;
    bool operator<(Event const& o) const { return when != o.when ? when > o.when : order > o.order; }
  };
  Instant now_{Millis{1'780'000'000'000}};  // a working morning in 2026
  std::uint64_t order_ = 0;
  std::vector<Event> events_;  // a heap
};

// `sim --watch ID` prints what happens to one report or command, and what befalls everybody.
inline std::string watched;
void print(Clock const& clock, std::string const& what);
template <class Words>
void tell(Clock const& clock, std::string const& id, Words&& words) {  // words(): made only when somebody watches
  if (!watched.empty() && (id.empty() || id == watched)) print(clock, words());
}

// What may go wrong in this run; each seed draws its own (swarm).
struct Weather {
  std::int64_t drop = 0, twice = 0;  // percent of frames
  std::int64_t slow = 20;            // longest usual delay, ms
  std::int64_t lag = 0;              // percent of frames that take up to 15 s (reordered)
  std::int64_t gateway_crash = 0, dispatcher_crash = 0, dispatcher_pause = 0, cut = 0, database = 0, fault = 0,
               failover = 0;
  std::int64_t renewed = 0, rot = 0, full = 0;  // percent: of a gateway's crashes, of those, of moments
  std::int64_t poison = 0;                      // percent of reports that the database refuses
  bool backups = false;                         // checked backups are made, and gone back to
};

struct Bugs {  // planted in the shells; the store's own are storage::PlantedBugs
  bool ack_before_fsync = false;
  bool ignore_cursor = false;  // a welcome with a smaller cursor brings nothing back
  bool answer_before_commit = false;
  bool never_resend = false;
  bool forget_number = false;      // resent reports do not carry the case number answered before
  bool fight_for_epoch = false;    // whoever lost the district takes it back at once
  bool deaf_gateway = false;       // a gateway believes any Welcome and says Hello only to a silent line
  bool drop_unreadable = false;    // a damaged record is dropped by the dispatcher
  bool refused_forgotten = false;  // the retry of a refused report waits for a word that came already
  bool refused_answered = false;   // a refused report that is asked again counts as answered
  bool prune_early = false;        // what is settled is dropped whether a backup has it or not
  bool lost_settle = false;        // words that could not be settled are not tried again
};

class Network {
 public:
  Network(Clock& clock, Chance& chance, Weather const& weather) : clock_(clock), chance_(chance), weather_(weather) {}
  bool calm = false;  // after the storm: nothing is lost any more
  std::map<std::pair<std::string, std::string>, Instant> cut_until;

  void send(std::string const& from, std::string const& to, std::function<void()> deliver) {
    auto const it = cut_until.find({from, to});
    if (!calm && it != cut_until.end() && it->second > clock_.now()) return;
    if (!calm && chance_.percent(weather_.drop)) return;
    int const copies = !calm && chance_.percent(weather_.twice) ? 2 : 1;
    for (int i = 0; i < copies; ++i) {
      auto delay = chance_.between(1, weather_.slow);
      if (!calm && chance_.percent(weather_.lag)) delay = chance_.between(1, 15'000);
      clock_.in(delay, i + 1 < copies ? deliver : std::move(deliver));
    }
  }

 private:
  Clock& clock_;
  Chance& chance_;
  Weather const& weather_;
};

}  // namespace wangge::sim
