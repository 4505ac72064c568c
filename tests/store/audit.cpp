// The chains show an edit, a deletion, an insertion and a cut, also by a superuser; replays show a changed row.
#include "storage/audit.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "storage/chain.hpp"
#include "storage/postgres_store.hpp"
#include "tests/store/backends.hpp"
#include "tests/store/batches.hpp"
#include "tests/support/temporary_postgres.hpp"

namespace wangge::tests {
namespace {

class Audit : public testing::Test {
 protected:
  void SetUp() override {
    url = server.fresh_database();
    store = storage::open_postgres(url, "lane-1");
    epoch = store->take_over(kDistrict, "x").epoch;
    for (int n = 1; n <= 5; ++n) store->save(batch(epoch, {Life(n).dispatched().save()}), at(2));
  }
  void superuser(std::string const& text) { server.sql(url, text); }
  storage::AuditFinding only_finding() {
    auto const report = storage::verify_chains(url);
    EXPECT_EQ(report.findings.size(), 1u);
    return report.findings.empty() ? storage::AuditFinding{} : report.findings[0];
  }
  TemporaryPostgres& server = TemporaryPostgres::shared();
  std::string url;
  std::unique_ptr<storage::Store> store;
  std::int64_t epoch = 0;
};

TEST_F(Audit, AnUntouchedChainHolds) {
  storage::AuditLog log(url, "gateway-1");
  log.write({kDistrict, "auditor-1", "auditor", "read_case", number(1), "{}"}, at(3));
  log.write({kDistrict, "auditor-1", "auditor", "read_case", number(2), "{}"}, at(3));
  auto report = storage::verify_chains(url);
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(report.chains, 2);
  EXPECT_EQ(report.rows, 22);
  storage::verify_replays(url, kDistrict, report);
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(report.cases, 5);
}

TEST_F(Audit, ManyDeedsAreWrittenInOneGoAndChainInTheirOrder) {
  storage::AuditLog log(url, "gateway-1");
  std::vector<storage::AuditLog::Dated> deeds;
  for (int n = 0; n < 20; ++n) deeds.push_back({{n % 2 ? kDistrict : "110108", "acceptor-1", "acceptor", "personal", std::to_string(n), ""}, at(n)});
  log.write(deeds);
  auto const report = storage::verify_chains(url);
  EXPECT_TRUE(report.findings.empty());
  EXPECT_EQ(report.chains, 3);
  EXPECT_EQ(server.sql(url, "SELECT string_agg(subject, ',' ORDER BY chain_seq) FROM audit WHERE district = '110108'")[0][0], "0,2,4,6,8,10,12,14,16,18");
}

TEST_F(Audit, AServerThatStandsStillEndsInAnErrorAndTheChainHolds) {
  storage::AuditLog log(url, "gateway-1");
  log.write({kDistrict, "a", "auditor", "read", "1", ""}, at(3));
  std::optional<TemporaryPostgres::Frozen> frozen(server);
  EXPECT_THROW(log.write({kDistrict, "a", "auditor", "read", "2", ""}, at(3)), std::runtime_error);
  frozen.reset();
  log.write({kDistrict, "a", "auditor", "read", "2", ""}, at(4));
  EXPECT_TRUE(storage::verify_chains(url).findings.empty());
}

TEST_F(Audit, TheChainGoesOnAfterAReconnect) {
  store = storage::open_postgres(url, "lane-1");
  epoch = store->take_over(kDistrict, "y").epoch;
  store->save(batch(epoch, {Life(6).save()}), at(3));
  EXPECT_TRUE(storage::verify_chains(url).findings.empty());
}

TEST_F(Audit, AnEditShows) {
  superuser("UPDATE history SET opinion = '不同意' WHERE chain_seq = 7");
  auto const finding = only_finding();
  EXPECT_EQ(finding.seq, 7);
  EXPECT_EQ(finding.case_no, number(2));
  EXPECT_EQ(finding.what, "a row was changed");
}

TEST_F(Audit, EveryColumnIsUnderTheHash) {
  for (std::string const edit : {"version = version + 1", "action = 'note'", "actor = 'x'", "role = 'leader'", "from_state = 'closed'",
                                 "to_state = 'closed'", "at = at + interval '1 ms'", "reason = 'x'", "opinion = 'x'", "photos = '{x}'",
                                 "command_id = 'x'", "changes = '[]'", "transport = true", "recorded_at = recorded_at + interval '1 ms'",
                                 "case_no = '3708712026110299999'"}) {
    superuser("CREATE TABLE keep AS SELECT * FROM history; UPDATE history SET " + edit + " WHERE chain_seq = 3");
    EXPECT_EQ(only_finding().seq, 3) << edit;
    superuser("DELETE FROM history; ALTER TABLE history DISABLE TRIGGER history_moves; INSERT INTO history SELECT * FROM keep; DROP TABLE keep");
  }
  EXPECT_TRUE(storage::verify_chains(url).findings.empty());
}

TEST_F(Audit, ADeletionShows) {
  superuser("DELETE FROM history WHERE chain_seq = 4");
  EXPECT_EQ(only_finding().what, "a row is missing");
}

TEST_F(Audit, AnInsertionShows) {
  superuser("INSERT INTO history SELECT * FROM history WHERE chain_seq = 4");
  EXPECT_EQ(only_finding().what, "a row stands twice or was inserted");
}

TEST_F(Audit, ACutAtTheEndShows) {
  superuser("DELETE FROM history WHERE chain_seq > 12");
  auto const finding = only_finding();
  EXPECT_EQ(finding.what, "the chain was cut at its end");
  EXPECT_EQ(finding.seq, 13);
}

TEST_F(Audit, ARemovedHeadShows) {
  superuser("DELETE FROM chain_head");
  EXPECT_EQ(only_finding().what, "the chain's head is gone");
}

TEST_F(Audit, ACutOrRewriteWithItsHeadShowsAgainstAnAnchor) {
  auto const anchors = storage::verify_chains(url).heads;
  superuser("DELETE FROM history WHERE chain_seq > 12;"
            "UPDATE chain_head h SET seq = 12, hash = (SELECT hash FROM history WHERE chain_seq = 12)");
  EXPECT_TRUE(storage::verify_chains(url).findings.empty());  // only the copy elsewhere knows
  auto const report = storage::verify_chains(url, anchors);
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].what, "the chain is shorter than its anchor");
  superuser("DELETE FROM history; DELETE FROM chain_head");
  EXPECT_EQ(storage::verify_chains(url, anchors).findings.at(0).what, "an anchored chain is gone");
}

TEST_F(Audit, ACaseRowThatItsHistoryDoesNotGiveShows) {
  superuser("UPDATE cases SET squad = 'S9' WHERE case_no = '" + number(3) + "'");
  storage::AuditReport report;
  storage::verify_replays(url, kDistrict, report);
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].case_no, number(3));
  EXPECT_EQ(report.findings[0].what, "its history does not give its field squad");
}

TEST_F(Audit, AHotlineOrderThatItsHistoryDoesNotGiveShows) {
  core::City city;
  core::OrderFacts facts;
  facts.city = &city;
  core::Command c;
  c.command_id = "c1";
  c.who.name = "agent", c.who.role = core::Role::hotline_agent, c.who.district = kDistrict;
  c.action = "receive";
  c.case_no = "hotline_12345:A-1";
  c.received_at = at(3);
  c.input.text = "夜间施工扰民";
  auto const yes = std::get<core::OrderAccepted>(core::decide_order(facts, c));
  auto b = batch(epoch, {});
  b.orders.push_back({yes.after, 0, yes.rows, "张三", "", std::nullopt, ""});
  store->save(b, at(3));
  storage::AuditReport report;
  storage::verify_replays(url, kDistrict, report);
  EXPECT_TRUE(report.findings.empty());
  EXPECT_TRUE(storage::verify_chains(url).findings.empty()) << "its row stands in the same chain";
  superuser("UPDATE hotline_order SET due_at = due_at + interval '1 day'");
  storage::verify_replays(url, kDistrict, report);
  ASSERT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(report.findings[0].case_no, "hotline_12345:A-1");
  EXPECT_EQ(report.findings[0].what, "its history does not give its field due_at");
}

TEST(Chain, ChangesAreReadBackAsTheyWereWritten) {
  core::Changes const changes{{"description", "a\"b\\c\nd\te\x01 井盖"}, {"lon", ""}, {"x", "[[]],"}};
  EXPECT_EQ(storage::changes_from_json(storage::changes_json(changes)), changes);
  EXPECT_EQ(storage::changes_from_json("[]"), core::Changes{});
  for (std::string const bad : {"", "[", "[[\"a\"]]", "[[\"a\",\"b\"]] ", "[[\"a\",\"b\"", "[[\"a\",\"\\"}) {
    EXPECT_THROW(storage::changes_from_json(bad), std::invalid_argument) << bad;
  }
}

}  // namespace
}  // namespace wangge::tests
