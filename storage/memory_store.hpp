// The store in memory, for the simulator and for tests of the engine: the same contract as PostgreSQL (tests/store holds
// both to it), with faults and planted bugs on demand. Several MemoryStores, one a connection, open one MemoryDatabase.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <tuple>

#include "storage/read_model.hpp"
#include "storage/store.hpp"

namespace wangge::storage {

// What happens to the next transaction that writes (save, set_aside, reserve_numbers, take_over).
enum class Fault : std::uint8_t {
  none,
  broken,               // the link dies before COMMIT: nothing was done
  in_doubt_committed,   // COMMIT left, was done, and no answer came
  in_doubt_lost,        // COMMIT left, and was not done
};

// Bugs that the simulator must find; each lives where the real one would.
struct PlantedBugs {
  bool no_dedup = false;              // keys are neither looked up nor unique
  bool no_epoch_check = false;        // an old writer goes on writing
  bool lost_outbox_row = false;       // a task given leaves no outbox row
  bool id_greater_than_last = false;  // pending_pushes() reads `id > last seen`
  bool torn_save = false;             // a broken transaction leaves its first case behind
  bool repeated_numbers = false;      // reservations are forgotten at take-over
  bool repeated_leap = false;         // two fail-overs from the same state leap to the same numbers
  bool cursor_backwards = false;      // a spool's mark may fall, and does at take-over
  bool cursor_too_early = false;      // marks stay although the transaction broke
  bool lost_history_row = false;      // a transition's last row is not written
  bool no_command_rows = false;       // answers of commands are forgotten
  bool timers_forgotten = false;      // an armed clock is not written
};

class MemoryDatabase {
 public:
  struct TaskRow {
    core::Task task;
    core::Instant given_at{};
    std::optional<core::Instant> received_at, escalated_at;
  };
  struct OutboxRow {
    std::int64_t outbox_id = 0;
    std::string task_id, squad, holder;
    std::int64_t epoch = 0;
    bool notice = false;  // tells that the task is no longer theirs
    std::string status;   // pending | delivered | withdrawn
    core::Instant recorded_at{};
  };
  struct District {
    // Standing data, set by the test.
    core::City city;
    std::vector<CellShape> cells;
    std::map<std::tuple<std::int64_t, std::string, std::string>, std::vector<std::string>> closings;  // of older catalogues
    std::map<std::string, core::ComponentFact> components;
    std::vector<LoadRequest::Spot> component_spots;  // where some lie
    // What transactions wrote.
    std::int64_t epoch = 0;
    std::string holder;
    std::optional<core::Instant> renewed_at;           // the beat
    std::map<std::string, std::int64_t> next_number;  // by local day
    std::int64_t number_floor = 1;                     // see lose_last
    std::map<std::string, core::Case> cases;
    std::set<std::string> reports;  // report_id of every case
    std::map<std::string, core::HotlineOrder> orders;
    std::map<std::string, std::string> dispatched_by;
    std::map<std::string, std::vector<core::HistoryRow>> history;  // in order of writing, transport rows among them
    std::map<std::string, std::vector<core::Span>> spans;
    std::map<std::string, TaskRow> tasks;
    std::vector<OutboxRow> outbox;
    std::map<std::pair<std::string, std::string>, KeyRow> keys;
    std::map<std::pair<std::string, std::string>, CommandRow> commands;
    std::map<std::string, std::int64_t> cursors;
    std::vector<DeadLetter> dead_letters;
    std::map<std::string, std::pair<std::string, std::string>> reporters;  // name, phone
    std::map<std::string, std::string> extras;
    std::map<std::string, std::set<std::string>> media;  // media_id -> cases
    struct TimerRow {
      core::Instant due_at{};
      std::int64_t step = 0;
      std::optional<core::Instant> fire_at;
    };
    std::map<std::pair<std::string, core::AlarmClock>, TimerRow> timers;  // by case and clock
    struct EscalationRow {
      std::string case_no;
      core::AlarmClock clock;
      core::Instant due_at{};
      std::string step, told, unit;
      core::Instant fired_at{};
      std::string acknowledged_by;
      bool ended = false;
    };
    std::vector<EscalationRow> escalations;
  };

  // Standing data; may be called again for a new city version.
  void put_city(core::City city, std::vector<CellShape> cells = {}, std::vector<core::ComponentFact> components = {});
  void put_spots(std::string const& district, std::vector<LoadRequest::Spot> components);  // where some components lie
  void put_tokens(std::vector<TokenRow> tokens);

  PlantedBugs bugs;
  // Asked before every writing transaction; empty = none. Called with the database's lock held: decide, do not call back.
  std::function<Fault(char const* verb)> fault;
  // A case for which the database itself refuses the row (Poison), for tests of bisection.
  std::function<bool(CaseSave const&)> poison;
  void set_down(bool down);  // every verb throws Broken
  // What the beat is dated by; empty: this machine's steady clock.
  std::function<core::Instant()> clock;

  // Fail-over to a standby that did not get the last `transactions`: they never happened, whoever was told. Epochs leap
  // and numbers go on from the next multiple of 100,000, as PostgreSQL's store does on a new timeline.
  void lose_last(std::size_t transactions);
  std::size_t transactions() const;

  // A copy of everything of one district, for checking.
  District snapshot(std::string const& district) const;
  // The same without the copy, under the database's lock: look, and do not call back.
  void look(std::string const& district, std::function<void(District const&)> const& looker) const;
  // What a gateway's poll reads: pending rows, newest first, and recent notices. `last_seen` is only used by the planted
  // bug id_greater_than_last.
  std::vector<TaskPush> pending_pushes(std::size_t limit, std::int64_t* last_seen = nullptr) const;
  // Marks an outbox row, as `received` does for a task's rows.
  void mark(std::string const& district, std::string const& outbox_id, std::string const& status);

 private:
  friend class MemoryStore;
  struct Entry {  // one committed transaction
    std::string district;
    std::function<void(District&)> apply;
  };
  District& at(std::string const& district);  // throws Broken when the database is down
  void commit(std::string const& verb, std::string const& district, std::function<void(District&)> apply,
              std::function<void(District&)> torn = {});
  static void apply_save(District& d, Batch const& batch, core::Instant recorded_at, std::vector<bool> const& transport,
                         std::int64_t first_outbox_id, PlantedBugs const& bugs);

  core::Instant now() const;

  mutable std::mutex mutex_;
  bool down_ = false;
  std::int64_t leaps_ = 0, connections_ = 0;
  std::map<std::string, std::set<std::int64_t>> writers_;  // connections that write a district's present epoch
  std::set<std::int64_t> open_, ended_;                    // connections; ended: and have not noticed yet
  std::map<std::string, District> districts_;
  std::vector<Entry> log_;
  std::int64_t next_outbox_block_ = 1;
  std::vector<TokenRow> tokens_;
  std::int64_t token_version_ = 0;
};

class MemoryStore : public Store {
 public:
  explicit MemoryStore(std::shared_ptr<MemoryDatabase> database) : database_(std::move(database)) {}
  ~MemoryStore() override;

  std::vector<std::string> districts() override;
  DistrictStart take_over(std::string const& district, std::string const& holder) override;
  void join(std::string const& district, std::int64_t epoch) override;
  void renew(std::string const& district, std::int64_t epoch) override;
  std::int64_t epoch(std::string const& district) override;
  std::optional<core::Millis> beat_age(std::string const& district) override;
  void make_ahead() override {}
  core::City load_city(std::string const& district) override;
  std::int64_t city_version(std::string const& district) override;
  std::vector<CellShape> load_cells(std::string const& district) override;
  std::vector<RecentCase> load_recent(std::string const& district, core::Instant since) override;
  std::vector<TokenRow> load_tokens(std::int64_t* version) override;
  std::int64_t token_version() override;
  Loaded load(std::string const& district, LoadRequest const& want) override;
  std::int64_t reserve_numbers(std::string const& district, std::int64_t epoch, std::string const& day, std::int64_t count) override;
  void save(Batch const& batch, core::Instant recorded_at) override;
  void set_aside(std::string const& district, std::int64_t epoch, DeadLetter const& letter, std::vector<SpoolMark> const& marks) override;
  std::vector<std::pair<std::string, std::int64_t>> suspended_until(std::string const& district, core::Instant now, int limit) override;
  std::vector<Timer> due_timers(std::string const& district, core::Instant now, int limit) override;
  std::vector<core::Case> running_clocks(std::string const& district,
                                         std::optional<std::pair<core::Instant, std::string>> const& after, int limit) override;
  std::vector<core::Task> unreceived(std::string const& district, core::Instant committed_before, int limit) override;

 private:
  // The district, over this connection: throws Broken when the database is down, and once when a take-over ended it.
  MemoryDatabase::District& on_connection(std::string const& district);
  void notice_end();
  void register_writer(std::string const& district, std::int64_t epoch);  // as PostgreSQL's store: joins when it must
  void check_epoch(MemoryDatabase::District const& d, std::string const& district, std::int64_t epoch) const;
  void check_unique(MemoryDatabase::District const& d, Batch const& batch) const;
  std::vector<bool> check_transport(MemoryDatabase::District const& d, Batch const& batch) const;
  std::int64_t take_outbox_ids(std::size_t count);

  std::shared_ptr<MemoryDatabase> database_;
  std::int64_t connection_ = 0;  // 0: none yet
  // Like a sequence with a cache: each connection gives ids from a block of its own, so their order is not commit order.
  std::int64_t outbox_next_ = 0, outbox_end_ = 0;
};

}  // namespace wangge::storage
