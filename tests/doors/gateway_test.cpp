// The gateway as it runs, on a real PostgreSQL: what goes on while the database stands still, and what it writes into the
// audit log. No dispatcher: reports wait in the spool.
#include <gtest/gtest.h>
#include <openssl/sha.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <thread>

#include <boost/json.hpp>

#include "gateways/gateway.hpp"
#include "gateways/http/rfc3339.hpp"
#include "gateways/link/reference.hpp"
#include "storage/audit.hpp"
#include "tests/http/client.hpp"
#include "tests/store/world.hpp"

namespace wangge::tests {
namespace {

namespace json = boost::json;
using http::test::Client;

// A token is a role's name. What a dispatcher would have sent lies beside the spool.
void write_reference(std::string const& file) {
  v1::Reference reference;
  reference.set_version(1);
  reference.set_parts(1);
  reference.add_districts()->set_code(kDistrict);
  auto& key = *reference.add_catalogue();
  key.set_district(kDistrict);
  key.mutable_category()->set_standard("gbt47678.5-2026");
  key.mutable_category()->set_kind("matter");
  key.mutable_category()->set_code("01001");
  for (auto const& role : core::kRoles) {
    auto& token = *reference.add_tokens();
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<unsigned char const*>(role.id.data()), role.id.size(), digest);
    token.set_sha256(std::string(reinterpret_cast<char const*>(digest), sizeof digest));
    token.mutable_who()->set_name(std::string(role.id) + "-1");
    token.mutable_who()->set_role(std::string(role.id));
    token.mutable_who()->set_district(kDistrict);
    if (role.id == "squad_leader") {
      token.mutable_who()->set_unit("U1");
      token.mutable_who()->set_squad("S1");
    }
    token.set_expires_at(std::int64_t{4'000'000'000'000});
  }
  link::save_reference(file, {reference});
}

std::string png() {
  static constexpr unsigned char kBytes[] = {
      0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 'I', 'H', 'D', 'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0x90,
      0x77, 0x53, 0xde, 0, 0, 0, 0x0c, 'I', 'D', 'A', 'T', 0x08, 0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0, 0, 3, 1, 1, 0, 0x18, 0xdd, 0x8d,
      0xb0, 0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82};
  return {reinterpret_cast<char const*>(kBytes), sizeof kBytes};
}

class Running : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    save({Life(1).dispatched("S1").save()});
    auto name = (std::filesystem::temp_directory_path() / "wangge-gateway-XXXXXX").string();
    folder = ::mkdtemp(name.data());
    std::filesystem::create_directory(folder / "spool");
    write_reference((folder / "spool" / "reference.pb").string());
    gateway::GatewayOptions options;
    options.port = 0;
    options.spool_dir = (folder / "spool").string();
    options.media_dir = (folder / "media").string();
    options.dispatchers = {"ipc://" + (folder / "nobody").string()};
    options.hints = {"ipc://" + (folder / "nothing").string()};
    options.database_url = url;
    options.free_bytes_floor = 0;
    options.answer_wait = std::chrono::milliseconds{50};
    options.parts["slow"] = [] { return R"({"status":"ok"})"; };
    running = std::make_unique<gateway::Gateway>(options);
    running->start();
    wait_for([&] { return part("database") == "ok" && part("slow") == "ok"; });
  }
  void TearDown() override {
    running.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }
  template <class Condition>
  static void wait_for(Condition condition) {
    for (int i = 0; i < 600 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds{50});
    EXPECT_TRUE(condition());
  }
  http::test::Answer get(std::string_view path, std::string_view token) {
    return Client(running->port()).ask(http::test::get(path, token));
  }
  std::string part(std::string const& name) {
    auto const body = json::parse(get("/readyz", "").body);
    return std::string(body.at("parts").at(name).at("status").as_string());
  }
  http::test::Answer report(std::string const& key) {
    json::object const body{{"source", "patrol"}, {"category", {{"standard", "gbt47678.5-2026"}, {"kind", "matter"}, {"code", "01001"}}},
                            {"description", "井盖移位"}, {"lon", 116.62}, {"lat", 35.43},
                            {"reported_at", http::format_time(std::chrono::floor<core::Millis>(std::chrono::system_clock::now()))}};
    return Client(running->port()).ask(http::test::post("/api/v1/reports", json::serialize(body),
                                                        "Authorization: Bearer patroller\r\nIdempotency-Key: " + key + "\r\n"));
  }
  http::test::Answer upload(std::string const& bytes, std::string const& type) {
    return Client(running->port()).ask(http::test::post("/api/v1/media", bytes, "Authorization: Bearer patroller\r\nContent-Type: " + type + "\r\n"));
  }
  std::filesystem::path folder;
  std::unique_ptr<gateway::Gateway> running;
};

TEST_F(Running, ADatabaseThatStandsStillStopsNeitherReportsNorPhotosNorHealth) {
  EXPECT_EQ(get("/api/v1/cases", "shift_leader").status, 200);
  Client stream(running->port());
  stream.send(http::test::get("/api/v1/tasks/stream", "squad_leader"));
  EXPECT_NE(stream.read_until("event: task\n").find(" 200 "), std::string::npos);
  std::optional<TemporaryPostgres::Frozen> frozen(server);
  // More readers than workers and connections: each is answered, none for ever.
  std::vector<std::unique_ptr<Client>> readers;
  for (int i = 0; i < 24; ++i) {
    readers.push_back(std::make_unique<Client>(running->port()));
    readers.back()->send(http::test::get("/api/v1/cases", "shift_leader"));
  }
  std::vector<std::string> ids;
  for (int i = 0; i < 5; ++i) {
    auto const ready = get("/readyz", "");
    EXPECT_EQ(ready.status, 200) << ready.body;
    auto const accepted = report("frozen-" + std::to_string(i));
    EXPECT_EQ(accepted.status, 202) << accepted.body;
    ids.emplace_back(json::parse(accepted.body).at("report_id").as_string());
    EXPECT_EQ(upload("ID3" + std::to_string(i), "audio/mpeg").status, 201);
  }
  auto const photo = upload(png(), "image/png");
  EXPECT_EQ(photo.status, 201) << "decoding needs no database";
  EXPECT_EQ(get("/api/v1/media/" + std::string(json::parse(photo.body).at("media_id").as_string()), "patroller").status, 200);
  EXPECT_EQ(get("/api/v1/reports/" + ids.back(), "patroller").status, 200) << "from the spool";
  for (auto& reader : readers) {
    auto const answer = reader->read();
    EXPECT_EQ(answer.status, 503);
    EXPECT_TRUE(answer.headers.contains("retry-after"));
  }
  wait_for([&] { return part("database") == "degraded"; });
  EXPECT_EQ(json::parse(get("/readyz", "").body).at("status"), "degraded");
  frozen.reset();
  wait_for([&] { return part("database") == "ok"; });
  wait_for([&] { return get("/api/v1/cases", "shift_leader").status == 200; });  // and everything goes on by itself
  save({Life(2).dispatched("S1").save()});
  EXPECT_NE(stream.read_until(Life(2).dispatched("S1").task_id()).find("event: task"), std::string::npos);
}

TEST_F(Running, WhoSeesAReporterStandsInTheAuditLogAndItsChainHolds) {
  auto const path = "/api/v1/cases/" + number(1);
  EXPECT_NE(get(path, "acceptor").body.find("13800000000"), std::string::npos);
  EXPECT_EQ(get(path, "leader").body.find("13800000000"), std::string::npos);
  EXPECT_EQ(get("/api/v1/cases?state=pending_dispose", "leader").status, 200);
  EXPECT_EQ(get("/api/v1/me", "leader").status, 200);
  EXPECT_EQ(get("/api/v1/cases/3708719999999999999", "acceptor").status, 404);
  auto const rows = [&] { return sql("SELECT actor, role, deed, subject, detail FROM audit ORDER BY chain_seq"); };
  wait_for([&] { return rows().size() >= 2; });
  EXPECT_EQ(rows(), (std::vector<std::vector<std::string>>{
                        {"acceptor-1", "acceptor", "personal", "GET " + path, ""},
                        {"leader-1", "leader", "read", "GET /api/v1/cases", "state=pending_dispose"}}));
  EXPECT_NE(get("/metrics", "").body.find("wangge_audit_written_total 2"), std::string::npos);
  EXPECT_TRUE(storage::verify_chains(url).findings.empty());
}

TEST_F(Running, DeedsOfATimeWithoutDatabaseAreWrittenAfterIt) {
  auto const path = "/api/v1/cases/" + number(1);
  sql("ALTER TABLE audit RENAME TO audit_elsewhere");  // reads go on, the log cannot be written
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get(path, "acceptor").status, 200);
  wait_for([&] { return get("/metrics", "").body.find("wangge_audit_waiting 3") != std::string::npos; });
  sql("ALTER TABLE audit_elsewhere RENAME TO audit");
  wait_for([&] { return sql("SELECT count(*) FROM audit")[0][0] == "3"; });
  EXPECT_TRUE(storage::verify_chains(url).findings.empty());
}

}  // namespace
}  // namespace wangge::tests
