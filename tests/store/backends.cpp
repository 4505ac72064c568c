#include "tests/store/backends.hpp"

#include <atomic>
#include <thread>

#include "storage/audit.hpp"
#include "storage/postgres_store.hpp"
#include "tests/support/temporary_postgres.hpp"

namespace wangge::tests {
namespace {

using storage::MemoryDatabase;
using storage::MemoryStore;

class Memory : public Backend {
 public:
  Memory() {
    core::City city;
    city.district = kDistrict;
    city.version = 1;
    database_->put_city(city, {}, {{"3708710101000001", "maintainer", "owner"}});
  }
  std::unique_ptr<storage::Store> open(std::string const&) override { return std::make_unique<MemoryStore>(database_); }
  std::vector<core::HistoryRow> history(std::string const& case_no) override { return look().history[case_no]; }
  std::vector<core::Span> spans(std::string const& case_no) override {
    auto spans = look().spans[case_no];
    return spans;
  }
  std::vector<OutboxLine> outbox() override {
    std::vector<OutboxLine> lines;
    for (auto const& row : look().outbox) lines.push_back({row.task_id, row.epoch, row.squad, row.holder, row.status, row.notice});
    return lines;
  }
  void put_component(std::string const& standard, std::string const& code, double lon, double lat) override {
    database_->put_spots(kDistrict, {{standard, code, lon, lat}});
  }
  std::int64_t cases() override { return static_cast<std::int64_t>(look().cases.size()); }
  std::vector<std::string> dead_letters() override {
    std::vector<std::string> ids;
    for (auto const& letter : look().dead_letters) ids.push_back(letter.kind + " " + letter.id + " " + letter.payload);
    return ids;
  }
  std::vector<std::string> media_of(std::string const& case_no) override {
    std::vector<std::string> ids;
    for (auto const& [id, cases] : look().media) {
      if (cases.contains(case_no)) ids.push_back(id);
    }
    return ids;
  }
  void next_commit_in_doubt(bool committed, std::function<void()> const& save) override {
    database_->fault = [committed](char const*) {
      return committed ? storage::Fault::in_doubt_committed : storage::Fault::in_doubt_lost;
    };
    EXPECT_THROW(save(), storage::InDoubt);
    database_->fault = {};
  }
  void cut_connections() override {
    database_->fault = [this](char const*) {
      database_->fault = {};
      return storage::Fault::broken;
    };
  }

 private:
  MemoryDatabase::District look() { return database_->snapshot(kDistrict); }
  std::shared_ptr<MemoryDatabase> database_ = std::make_shared<MemoryDatabase>();
};

class Postgres : public Backend {
 public:
  Postgres() : server_(TemporaryPostgres::shared()), url_(server_.fresh_database()) {
    sql("INSERT INTO district (code, zh, en, version) VALUES ('" + kDistrict + "', '高新区', 'Hi-tech', 1)");
    sql("INSERT INTO component (district, id, standard, code, zh, en, maintainer, owner, place) VALUES ('" + kDistrict +
        "', '3708710101000001', 's', '01001', 'z', 'e', 'maintainer', 'owner', ST_SetSRID(ST_Point(116.5, 35.4), 4490))");
  }
  ~Postgres() override {
    // Where a test waited for a standby that does not exist, nobody waits any more.
    server_.sql(server_.url("postgres"), "ALTER SYSTEM RESET synchronous_standby_names");
    server_.sql(server_.url("postgres"), "SELECT pg_reload_conf()");
  }
  std::unique_ptr<storage::Store> open(std::string const& lane) override { return storage::open_postgres(url_, lane); }
  std::vector<core::HistoryRow> history(std::string const& case_no) override { return storage::read_history(url_, kDistrict, case_no); }
  std::vector<core::Span> spans(std::string const& case_no) override {
    std::vector<core::Span> spans;
    for (auto const& row : sql("SELECT version, kind, millis(from_at), millis(until_at), ended, unit, squad, millis(due_at) FROM span"
                               " WHERE case_no = '" + case_no + "' ORDER BY from_at, version")) {
      core::Span s;
      s.version = std::stoll(row[0]);
      for (std::size_t i = 0; i < core::kSpanKinds.size(); ++i) {
        if (core::kSpanKinds[i] == row[1]) s.kind = static_cast<core::SpanKind>(i);
      }
      s.from_at = core::Instant{core::Millis{std::stoll(row[2])}};
      if (!row[3].empty()) s.until_at = core::Instant{core::Millis{std::stoll(row[3])}};
      s.ended = row[4];
      s.unit = row[5];
      s.squad = row[6];
      s.due_at = core::Instant{core::Millis{std::stoll(row[7])}};
      spans.push_back(s);
    }
    return spans;
  }
  std::vector<OutboxLine> outbox() override {
    std::vector<OutboxLine> lines;
    for (auto const& row : sql("SELECT task_id, epoch, squad, holder, status, notice FROM outbox ORDER BY outbox_id")) {
      lines.push_back({row[0], std::stoll(row[1]), row[2], row[3], row[4], row[5] == "t"});
    }
    return lines;
  }
  void put_component(std::string const& standard, std::string const& code, double lon, double lat) override {
    sql("INSERT INTO component (district, id, standard, code, zh, en, place) VALUES ('" + kDistrict + "', '37087101001999999', '" + standard +
        "', '" + code + "', '', '', ST_SetSRID(ST_MakePoint(" + std::to_string(lon) + "," + std::to_string(lat) + "), 4490))");
  }
  std::int64_t cases() override { return std::stoll(sql("SELECT count(*) FROM cases")[0][0]); }
  std::vector<std::string> dead_letters() override {
    std::vector<std::string> ids;
    for (auto const& row : sql("SELECT kind || ' ' || id || ' ' || convert_from(payload, 'UTF8') FROM dead_letter")) ids.push_back(row[0]);
    return ids;
  }
  std::vector<std::string> media_of(std::string const& case_no) override {
    std::vector<std::string> ids;
    for (auto const& row : sql("SELECT media_id FROM case_media WHERE case_no = '" + case_no + "' ORDER BY 1")) ids.push_back(row[0]);
    return ids;
  }
  // Not done: a deferred trigger ends the backend inside COMMIT. Done: COMMIT waits for a standby that never comes, and
  // its backend is ended while it waits; the rows are there, the answer is not.
  void next_commit_in_doubt(bool committed, std::function<void()> const& save) override {
    if (!committed) {
      sql("CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
          "CREATE CONSTRAINT TRIGGER dies AFTER INSERT OR UPDATE ON cases DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die()");
      EXPECT_THROW(save(), storage::InDoubt);
      sql("DROP TRIGGER dies ON cases; DROP FUNCTION die()");
      return;
    }
    auto const admin = server_.url("postgres");
    server_.sql(admin, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    server_.sql(admin, "SELECT pg_reload_conf()");
    std::atomic<bool> over = false;
    std::thread killer([&] {
      while (!over) {
        server_.sql(admin, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND application_name = 'wangge writer'");
      }
    });
    EXPECT_THROW(save(), storage::InDoubt);
    over = true;
    killer.join();
    server_.sql(admin, "ALTER SYSTEM RESET synchronous_standby_names");
    server_.sql(admin, "SELECT pg_reload_conf()");
  }
  void cut_connections() override {
    server_.sql(server_.url("postgres"), "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'wangge writer'");
  }

 private:
  std::vector<std::vector<std::string>> sql(std::string const& text) { return server_.sql(url_, text); }
  TemporaryPostgres& server_;
  std::string url_;
};

}  // namespace

std::unique_ptr<Backend> memory_backend() { return std::make_unique<Memory>(); }
std::unique_ptr<Backend> postgres_backend() { return std::make_unique<Postgres>(); }
std::unique_ptr<Backend> make_backend(std::string const& name) { return name == "memory" ? memory_backend() : postgres_backend(); }

}  // namespace wangge::tests
