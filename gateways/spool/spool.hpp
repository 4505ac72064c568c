// The durable store of accepted reports (SQLite) and its sender. A report is durable here before any 2xx is said;
// it stays until a verified backup later than it exists, at least 72 h.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "dispatcher/core/types.hpp"

namespace wangge::spool {

enum class RecordState : std::uint8_t { queued, committed, refused, dead_letter };

struct Record {
  std::string district;
  std::int64_t seq = 0;  // per district, from 1, no gaps; given by append
  std::string report_id, principal, key, body_hash;
  std::string payload;   // serialised wangge.v1.Report
  core::Instant received_at{};
  RecordState state = RecordState::queued;
  bool answered = false;  // a 2xx may have been said: set for every record found at start
  bool refused = false;   // its caller was told of a key conflict: never answered, also when its word is asked again
  std::string case_no, case_state;
  bool place_unusable = false;
};

struct Full : std::runtime_error { using runtime_error::runtime_error; };     // no room: 507
struct InUse : std::runtime_error { using runtime_error::runtime_error; };    // another process has the folder
struct Damaged : std::runtime_error { using runtime_error::runtime_error; };  // the store cannot be trusted: stop

// The durable part, without threads. Every call but `append` batches is one transaction. Not thread-safe.
class Store {
 public:
  virtual ~Store() = default;
  virtual std::string spool_id() const = 0;
  struct Appended {
    enum class Kind : std::uint8_t { stored, same, conflict } kind = Kind::stored;
    Record record;  // as stored: the old one for same and conflict
  };
  // same: the key was used with this very body, whatever became of it. conflict: with another one, which holds the key;
  // a refused body holds none, so that the body the dispatcher knows under the key can be sent here again.
  // One transaction, durable on return (fsync). Records of one key in one batch are told apart in order.
  // Throws Full (nothing stored) or Damaged.
  virtual std::vector<Appended> append(std::vector<Record> records) = 0;
  struct Outcome {
    std::string district;
    std::int64_t seq = 0;
    RecordState state = RecordState::committed;
    std::string case_no, case_state;
    bool place_unusable = false;
  };
  // The dispatcher's words. Need not be fsynced, for a lost word is asked again; but a refusal is durable on return.
  virtual void settle(std::vector<Outcome> const& outcomes) = 0;
  // In seq order. A record whose bytes were damaged comes as state dead_letter with an empty payload: it is sent all the
  // same, so that the dispatcher sets it aside with an alarm and its contiguous cursor goes on; then settle dead_letter.
  virtual std::vector<Record> queued(std::string const& district, std::int64_t after_seq, int limit) = 0;
  virtual std::vector<std::string> districts() = 0;
  // Everything settled after `cursor` goes back to queued, keeping report_id and case_no (restore or fail-over went
  // back); refused ones too, not as answered, for their seqs are part of the contiguous cursor.
  virtual std::int64_t requeue_after(std::string const& district, std::int64_t cursor) = 0;
  virtual std::optional<Record> find_report(std::string const& report_id) = 0;
  virtual std::optional<Record> find_key(std::string const& district, std::string const& principal, std::string const& key) = 0;
  // The lowest seq whose word is not there; one above the highest when there is none such.
  virtual std::int64_t settled_below(std::string const& district) = 0;
  // Drops committed and refused records of a district received before `before`, with seqs under `below`; never queued or
  // dead ones. Returns how many; a few thousand at a time, so that appends do not wait long: call again while it drops
  // some.
  virtual std::int64_t prune(std::string const& district, core::Instant before, std::int64_t below) = 0;
  struct Health {
    std::int64_t queued = 0, committed = 0, damaged = 0, bytes = 0;
    std::optional<core::Instant> oldest_queued;
    bool full = false;  // the disk has less left than the floor: append would throw Full
  };
  virtual Health health() = 0;  // throws Damaged when nothing may be stored any more
};

// Opens or makes DIR/spool.sqlite (WAL, synchronous=FULL). A folder copied from elsewhere (other machine id or inode)
// takes a new spool_id, counts its seqs anew from 1 and requeues all it holds; so does one in which a file `restored`
// lies (a restore in place, which no inode shows). Records whose checksum fails are moved to `damaged`, counted.
// Throws InUse when another process has the folder, Damaged when the file cannot be trusted.
// free_bytes_floor: append throws Full when the disk has less left.
std::unique_ptr<Store> open_sqlite(std::string const& dir, std::uint64_t free_bytes_floor);

}  // namespace wangge::spool
