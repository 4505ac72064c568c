// What the threads of one dispatcher share: the queues in, the frames out, who owns what, the published Reference.
#pragma once

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "dispatcher/engine/ownership.hpp"
#include "dispatcher/engine/queues.hpp"
#include "dispatcher/engine/runtime.hpp"

namespace wangge::engine {

inline core::Instant wall_now() {
  return std::chrono::time_point_cast<core::Millis>(std::chrono::system_clock::now());
}
using Steady = std::chrono::steady_clock;
inline core::Instant steady_now() {
  return core::Instant(std::chrono::duration_cast<core::Millis>(Steady::now().time_since_epoch()));
}

using Frames = std::vector<std::pair<std::string, std::string>>;  // peer, frame

struct Shared {
  explicit Shared(DispatcherOptions o);

  DispatcherOptions options;
  ReportQueue reports;
  CommandQueue commands;
  Ownership ownership;
  std::atomic<bool> stopping{false};
  bus::Wake wake;  // of the bus thread

  std::atomic<std::uint64_t> count_reports{0}, count_commands{0}, count_batches{0}, count_dead{0}, count_takeovers{0},
      count_looks{0};
  std::atomic<std::size_t> count_gateways{0};
  std::atomic<std::int64_t> verified_backup{0};  // began, in milliseconds since 1970; 0: none is known
  std::atomic<std::int64_t> renewed{0};          // when the epoch was last known to be the database's

  std::shared_ptr<Positions> positions_of(std::string const& district);

  void alarm(std::string const& text);
  // Ends early when the dispatcher stops.
  void nap(std::chrono::milliseconds span) const;

  // To the bus thread: answers, and a hint of what they concern.
  void emit(Frames frames, Touched const& touched);
  void take_out(Frames& frames, std::vector<std::string>& hints);

  // A connection or an epoch of `generation` is lost: nothing more is taken in until the next take-over.
  void lose(std::uint64_t generation);

  // What doors check against. Published again when what it was made of is not what the database says now; the facts are
  // noted only after it was published, so that a failure in between is made up at the next look.
  struct Facts {
    std::int64_t tokens = -1;
    std::map<std::string, std::int64_t> cities;
    bool operator==(Facts const&) const = default;
  };
  Facts published() const;
  void publish(storage::Store& store, std::map<std::string, World> const& world);
  std::pair<std::int64_t, std::shared_ptr<std::vector<std::string> const>> reference() const;  // version, frames

 private:
  std::mutex out_mutex_;
  Frames out_frames_;
  std::vector<std::string> out_hints_;

  std::mutex positions_mutex_;
  std::map<std::string, std::shared_ptr<Positions>> positions_;  // by district

  std::mutex publish_mutex_;
  mutable std::mutex reference_mutex_;
  Facts facts_;
  std::int64_t reference_version_ = 0;
  std::shared_ptr<std::vector<std::string> const> reference_;
};

}  // namespace wangge::engine
