// The gateway's end of the bus: one thread that owns the DEALER, sends what the spool holds, carries commands, keeps
// the Reference snapshot, listens to hints. Doors call it from any thread and get one callback each.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "dispatcher/core/types.hpp"
#include "gateways/http/http.hpp"
#include "gateways/link/retention.hpp"

namespace wangge::link {

struct ReportOutcome {
  enum class Kind : std::uint8_t {
    committed,     // 201 (replayed = true: Idempotency-Replayed)
    queued,        // 202: durable in the spool
    key_conflict,  // 422, nothing kept
    spool_full,    // 507
    overloaded,    // 503: too many reports wait for the disk
    broken,        // 503: the spool cannot be written
  } kind = Kind::queued;
  bool replayed = false;
  std::string report_id, case_no, case_state;
  bool place_unusable = false;
};

struct CommandOutcome {
  std::int32_t status = 0;  // 200, 204, 403, 404, 409, 422; 503: nobody owns the district now, nothing done; 504: unknown
  std::string code, field, case_no;
  std::int64_t version = 0;
  bool replayed = false;
};

struct Hint {
  std::string district;
  std::vector<std::string> squads, holders, cases;
};

// The versioned snapshot doors check against. Immutable; the link swaps it whole.
class Reference : public http::Authenticator {
 public:
  virtual std::int64_t version() const = 0;  // 0: none yet, doors answer 503
  enum class Known { yes, unknown_category, unknown_condition };
  // A category counts as known when it is in the catalogue and was not withdrawn before reported_at.
  virtual Known known(std::string const& district, core::CategoryKey const&, std::string const& condition,
                      core::Instant reported_at) const = 0;
  virtual bool has_district(std::string const& district) const = 0;
  virtual std::vector<std::string> closing_conditions() const = 0;
};

struct Options {
  std::string gateway_name, spool_dir;
  std::vector<std::string> dispatchers;  // endpoints, e.g. ipc:///…/bus
  std::vector<std::string> hints;        // PUB endpoints
  std::string key_file, server_key;      // for tcp:// endpoints: this machine's CURVE keys, the dispatcher's public key
  std::uint64_t spool_free_floor = 64ull << 20;
  std::chrono::milliseconds command_wait{5000};
  std::size_t reports_waiting = 8192;  // for the disk; more are refused as overloaded
  Retention::Rules retention;
  // What cannot go on in this process (a spool that can no longer be trusted: the next start verifies every record).
  // Empty: it is logged as an alarm and the process ends. Called once, on the link's thread.
  std::function<void(std::string const& why)> on_fatal;
  std::function<std::unique_ptr<spool::Store>()> open_spool;  // empty: SQLite in spool_dir; tests give it a bad disk
};

struct Health {
  bool dispatcher_connected = false;  // somebody owns a district and talks to this gateway
  bool spool_writable = false;        // not broken
  bool spool_full = false;            // the disk has less left than spool_free_floor: reports are refused with 507
  std::int64_t queued = 0, committed = 0, damaged = 0, reference_version = 0;
  std::int64_t pruned = 0;  // records that left the spool since the start: old, settled, and in a checked backup
};

class Link {
 public:
  explicit Link(Options);  // opens the spool; throws spool::Damaged or std::runtime_error with a sentence
  ~Link();
  void start();  // throws std::runtime_error with a sentence when an endpoint or a key is not right
  void stop();  // everything accepted is on the disk; waiting callers get `queued`
  // Makes the report durable, sends it, waits up to `wait` for the dispatcher's word after COMMIT (0: answer queued at
  // once, after the fsync). `report.report_id` is set by the caller (UUIDv5).
  void submit(core::Report report, std::chrono::milliseconds wait, std::function<void(ReportOutcome)> done);
  void ask(core::Command command, std::function<void(CommandOutcome)> done);
  void received(core::Principal who, std::string task_id, std::int64_t epoch, core::Instant at,
                std::function<void(CommandOutcome)> done);
  std::shared_ptr<Reference const> reference() const;  // never null; version 0 = none yet
  struct Known {
    std::string report_id, principal, district, case_no, case_state;
    bool committed = false, place_unusable = false;
  };
  void find_report(std::string report_id, std::function<void(std::optional<Known>)> done);
  void on_hint(std::function<void(Hint const&)> listener);  // called on the link's thread: hand over and return
  Health health() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wangge::link
