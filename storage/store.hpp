// The dispatcher's store: about ten verbs in core types. Two implementations keep one contract, tied together by one
// suite (tests/store): PostgresStore is the truth, MemoryStore serves the simulator.
// The contract: save() is atomic; unique (district, principal, key), (district, case_no), (district, principal,
// command_id); versions compared; an old epoch is refused; after InDoubt the caller finds out by loading the keys.
#pragma once

#include <map>
#include <memory>
#include <stdexcept>

#include "dispatcher/core/decide.hpp"
#include "dispatcher/core/escalation.hpp"
#include "dispatcher/core/hotline.hpp"

namespace wangge::storage {

// Errors named by what the caller can do.
struct Broken : std::runtime_error { using runtime_error::runtime_error; };      // nothing was done; reconnect, back off, try again
struct InDoubt : std::runtime_error { using runtime_error::runtime_error; };     // COMMIT was sent, no answer: load and see
struct StaleEpoch : std::runtime_error { using runtime_error::runtime_error; };  // somebody else writes this district: stop
struct Conflict : std::runtime_error { using runtime_error::runtime_error; };    // a key or version moved: load and decide again
struct Poison : std::runtime_error { using runtime_error::runtime_error; };      // the data itself is refused by the database: bisect

struct KeyRow {  // the frozen answer of one report
  std::string principal, key, body_hash, report_id, case_no, case_state;
  bool place_unusable = false;
};

struct CommandRow {  // the answer of one command_id
  std::string principal, command_id, body_hash;
  std::int32_t status = 0;
  std::string code, field, case_no;
  std::int64_t version = 0;
};

struct SpoolMark {
  std::string spool_id;
  std::int64_t seq = 0;  // highest contiguous committed
};

// A grid cell as loaded from the database; rings are lon/lat pairs, outer first.
struct CellShape {
  std::string grid, street, community;
  std::vector<std::vector<std::pair<double, double>>> rings;
  std::string area_level;
};

// A twin-search seed: the open cases of the last hours, to warm the engine's index after a start.
struct RecentCase {
  std::string case_no, standard, kind, code, component_id;
  double lon = 0, lat = 0;
  core::Instant opened_at{};
};

struct LoadRequest {
  std::vector<std::pair<std::string, std::string>> keys;         // (principal, key)
  std::vector<std::pair<std::string, std::string>> command_ids;  // (principal, command_id)
  std::vector<std::string> cases;                                // case_no: row, open tasks, last dispatcher
  std::vector<std::string> tasks;                                // task_id
  std::vector<std::string> components;
  std::vector<std::string> orders;                               // order_no of hotline orders
  bool loads = false;  // how many open tasks each squad has
  struct Spot {        // is a component of this kind within kNearMetres?
    std::string standard, code;
    double lon = 0, lat = 0;
  };
  std::vector<Spot> spots;
  struct Closing {  // which closing codes did a filing condition ask for in an older catalogue?
    std::string case_no;
    std::int64_t version = 0;
    std::string category, condition;  // "gbt47678.5-2026/matter/01001", its id
  };
  std::vector<Closing> closings;
};
inline constexpr int kNearMetres = 20;  // RULINGS 16 and the issue: a fault without an id is offered those so near

struct Loaded {
  std::map<std::pair<std::string, std::string>, KeyRow> keys;
  std::map<std::pair<std::string, std::string>, CommandRow> commands;
  struct CaseFacts {
    core::Case row;
    std::vector<core::Task> open_tasks;
    std::string dispatched_by;
  };
  std::map<std::string, CaseFacts> cases;
  std::map<std::string, core::Task> tasks;  // open or not; received tells
  std::map<std::string, bool> task_received;
  std::map<std::string, core::State> task_states;  // of the tasks' cases
  std::map<std::string, core::ComponentFact> components;
  std::map<std::string, core::HotlineOrder> orders;
  core::SquadLoads loads;
  std::map<std::string, std::vector<std::string>> closings;  // by case_no; not there: that catalogue does not know
  std::vector<bool> component_near;  // in the order of LoadRequest::spots
};

// Everything one case gains in a transaction. rows may be empty (a received task only touches `received`).
struct CaseSave {
  core::Case after;
  std::int64_t version_before = 0;  // 0: a new case
  std::vector<core::HistoryRow> rows;
  std::vector<core::TaskChange> tasks;
  std::vector<core::SpanChange> spans;
  std::vector<core::StepMarks> marks;
  std::vector<core::RouteRule> rules;  // the coordination desk's, made by the last row
  std::optional<KeyRow> key;
  std::string reporter_name, reporter_phone, extras;  // new cases only
  std::vector<core::AlarmChange> alarms;  // the last word about a clock counts; the same deadline keeps its rung
  std::string acknowledged_by;            // not empty: no later rung of what has been told may tell anybody
};

// What a hotline order gains in a transaction. Its rows are chained with all history; they are transport: no case moves.
struct OrderSave {
  core::HotlineOrder after;
  std::int64_t version_before = 0;  // 0: a new order
  std::vector<core::HistoryRow> rows;
  std::string caller_name, caller_phone;     // new orders only
  std::optional<core::AlarmChange> alarm;
  std::string acknowledged_by;               // as of a case
};

// An armed clock whose next rung has fallen due.
struct Timer {
  std::string case_no;
  core::AlarmClock clock = core::AlarmClock::disposal;
  core::Instant due_at{};  // the deadline it climbs from
  std::int64_t step = 0;   // the rung to tell of, from 0
};

// One rung told, and the next one armed (or none). Done only while the clock still stands on that rung: twice is once.
struct TimerFired {
  Timer timer;
  std::optional<core::Instant> next;  // when the rung after it falls due
  std::string step_id;                // warn, breach, …
  std::vector<core::Role> told;
  std::string unit;                   // whose people are told; "" = the district's
  core::HistoryRow row;               // action `escalated`, transport = true
};

struct ReceivedSave {  // transport: never raises the case's version
  std::string task_id, case_no;
  std::int64_t epoch = 0;
  core::HistoryRow row;  // action `received` or `task_escalated`, transport = true
  bool escalate = false;  // else: received
};

struct Batch {
  std::string district;
  std::int64_t epoch = 0;
  std::vector<CaseSave> cases;
  std::vector<OrderSave> orders;
  std::vector<ReceivedSave> transport;
  std::vector<TimerFired> fired;
  std::vector<CommandRow> commands;
  std::vector<SpoolMark> marks;
};

struct DeadLetter {
  std::string kind;     // report | command
  std::string id;       // report_id or command_id
  std::string payload;  // protobuf bytes as they came
  std::string error;
};

struct DistrictStart {
  std::int64_t epoch = 0;
  std::map<std::string, std::int64_t> cursors;  // spool_id -> seq
};

struct TokenRow {
  std::string sha256;  // 32 raw bytes
  core::Principal who;
  core::Instant expires_at{};
};

class Store {
 public:
  virtual ~Store() = default;
  // Districts this database holds.
  virtual std::vector<std::string> districts() = 0;
  // Ends the old writer's connections (whatever they do next throws Broken), raises the epoch, registers this store as
  // the writer of it. join() adds a second connection to an epoch (throws StaleEpoch when it has passed).
  virtual DistrictStart take_over(std::string const& district, std::string const& holder) = 0;
  virtual void join(std::string const& district, std::int64_t epoch) = 0;
  virtual void renew(std::string const& district, std::int64_t epoch) = 0;  // beat; throws StaleEpoch
  // The district's present epoch, whoever holds it; 0 = nobody ever took over. Locks nothing.
  virtual std::int64_t epoch(std::string const& district) = 0;
  // How long ago the owner last renewed; nullopt when it never did. A standby takes over when this grows too old.
  virtual std::optional<core::Millis> beat_age(std::string const& district) = 0;
  // What must be made ahead (months of history); at take-over and once a day. Throws Broken when it must wait too long.
  virtual void make_ahead() = 0;
  virtual core::City load_city(std::string const& district) = 0;
  virtual std::int64_t city_version(std::string const& district) = 0;  // cheap; polled
  virtual std::vector<CellShape> load_cells(std::string const& district) = 0;
  virtual std::vector<RecentCase> load_recent(std::string const& district, core::Instant since) = 0;
  virtual std::vector<TokenRow> load_tokens(std::int64_t* version) = 0;
  virtual std::int64_t token_version() = 0;
  virtual Loaded load(std::string const& district, LoadRequest const& want) = 0;
  // Reserves `count` numbers of a local day ("20261124"); returns the first. Own transaction, under the fence.
  virtual std::int64_t reserve_numbers(std::string const& district, std::int64_t epoch, std::string const& day, std::int64_t count) = 0;
  // All or nothing.
  virtual void save(Batch const& batch, core::Instant recorded_at) = 0;
  virtual void set_aside(std::string const& district, std::int64_t epoch, DeadLetter const& letter, std::vector<SpoolMark> const& marks) = 0;
  // Suspended cases whose day has come, with their versions; at most `limit`.
  virtual std::vector<std::pair<std::string, std::int64_t>> suspended_until(std::string const& district, core::Instant now, int limit) = 0;
  // Armed clocks whose rung has fallen due, the longest waiting first; at most `limit`. By index, never a scan.
  virtual std::vector<Timer> due_timers(std::string const& district, core::Instant now, int limit) = 0;
  // Open cases whose disposal clock runs, by (deadline, number) behind `after`; at most `limit`.
  virtual std::vector<core::Case> running_clocks(std::string const& district,
                                                 std::optional<std::pair<core::Instant, std::string>> const& after, int limit) = 0;
  // Open tasks pushed before `committed_before`, neither received nor escalated nor quiet; at most `limit`.
  virtual std::vector<core::Task> unreceived(std::string const& district, core::Instant committed_before, int limit) = 0;
  // Makes what people count ready to be read fast; counts are right without it. Now and then, by the owner.
  virtual void keep_figures(std::string const&) {}
  // The same for the lists behind them, a month at a time: true when one was made. May take a minute.
  virtual bool keep_lists(std::string const&) { return false; }
};

}  // namespace wangge::storage
