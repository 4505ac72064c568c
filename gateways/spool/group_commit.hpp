// The spool's one writing thread. Appends wait in a bounded queue; whatever waits when the last flush returned makes
// the next group, so groups are small when idle and large under load, without a timer. Callbacks run on this thread,
// after the fsync, in the order of the appends.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateways/spool/spool.hpp"

namespace wangge::spool {

class GroupCommit {
 public:
  struct Result {
    enum class Kind : std::uint8_t {
      appended,    // durable: `appended` says stored, same or conflict
      full,        // no room on the disk: nothing stored
      overloaded,  // too many wait: nothing stored; called at once on the caller's own thread
      broken,      // the store cannot be trusted or the helper has stopped; `words` says why
    } kind = Kind::broken;
    Store::Appended appended;
    std::string words;
  };
  using Done = std::function<void(Result)>;
  using Job = std::function<void(Store&)>;
  using Failed = std::function<void(std::string const& words)>;

  // `store` must outlive this. Limits count what waits, not what is being flushed.
  GroupCommit(Store& store, std::size_t max_waiting, std::size_t max_waiting_bytes = std::size_t{64} << 20,
              std::size_t max_group = 512);
  ~GroupCommit();
  GroupCommit(GroupCommit const&) = delete;
  GroupCommit& operator=(GroupCommit const&) = delete;

  void append(Record record, Done done);
  // Runs on the committer thread between groups, in order of asking. False once stopped: it will not run. What it
  // throws marks the helper as broken if it is Damaged, is kept as `trouble`, and is told to `failed`, on that thread.
  bool with_store(Job job, Failed failed = {});
  // Everything appended before is flushed and every job run; later appends answer broken.
  void stop();
  bool broken() const { return broken_.load(std::memory_order_relaxed); }
  std::string trouble() const;  // the last failure in words, "" when there was none

 private:
  struct Waiting {
    Record record;
    Done done;
  };
  void run();
  void flush(std::vector<Waiting> group);
  void remember(std::string words);

  Store& store_;
  std::size_t const max_waiting_, max_waiting_bytes_, max_group_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Waiting> waiting_;  // appends
  std::vector<std::pair<Job, Failed>> jobs_;
  std::size_t waiting_bytes_ = 0;
  bool stopping_ = false;
  std::string trouble_;
  std::atomic<bool> broken_{false};
  std::thread thread_;  // last: it uses all the others
};

}  // namespace wangge::spool
