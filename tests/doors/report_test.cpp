// POST /reports and GET /reports/{id}: every refusal of CONTRACT 4, and what is accepted.
#include <gtest/gtest.h>

#include "gateways/http/ids.hpp"
#include "gateways/http/rfc3339.hpp"
#include "world.hpp"

namespace wangge::test {
namespace {

namespace json = boost::json;
using Change = std::function<void(json::object&)>;
using Kind = link::ReportOutcome::Kind;

Change set(std::string name, json::value value) {
  return [=](json::object& b) { b[name] = value; };
}
template <class T>
Change set(std::string name, T const& value) {
  return set(std::move(name), json::value(value));
}
Change drop(std::string name) {
  return [=](json::object& b) { b.erase(name); };
}
Change category(json::object change) {
  return [=](json::object& b) {
    for (auto const& [name, value] : change) b["category"].as_object()[name] = value;
  };
}
std::string minutes_ahead(int minutes) { return http::format_time(now() + std::chrono::minutes{minutes}); }

struct Refusal {
  char const* what;
  Change change;
  int status;
  char const* code;
  char const* pointer;
  char const* fault;
};

TEST(Reports, EveryBadFieldIsRefusedWithItsPointer) {
  std::string const long_text(4001, 'x');
  json::array ten;
  for (int i = 0; i < 10; ++i) ten.emplace_back(photo_id('a'));
  std::vector<Refusal> const table{
      {"no lon", drop("lon"), 422, "coordinate_out_of_range", "/lon", "coordinate_out_of_range"},
      {"no lat", drop("lat"), 422, "coordinate_out_of_range", "/lat", "coordinate_out_of_range"},
      {"null lat", set("lat", nullptr), 422, "coordinate_out_of_range", "/lat", ""},
      {"lat over 90", set("lat", 90.0001), 422, "coordinate_out_of_range", "/lat", ""},
      {"lon under -180", set("lon", -180.5), 422, "coordinate_out_of_range", "/lon", ""},
      {"huge lon", set("lon", 1e300), 422, "coordinate_out_of_range", "/lon", ""},
      {"lon as text", set("lon", "116.62"), 422, "coordinate_out_of_range", "/lon", ""},
      {"NaN as text", set("lat", "NaN"), 422, "coordinate_out_of_range", "/lat", ""},
      {"unknown code", category({{"code", "99999"}}), 422, "unknown_category", "/category", "unknown_category"},
      {"unknown standard", category({{"standard", "gbt0"}}), 422, "unknown_category", "/category", ""},
      {"unknown kind", category({{"kind", "event"}}), 422, "unknown_category", "/category", ""},
      {"withdrawn category", category({{"code", "01002"}}), 422, "unknown_category", "/category", ""},
      {"code as number", category({{"code", 1001}}), 422, "invalid", "/category/code", "wrong_type"},
      {"category as text", set("category", "01001"), 422, "invalid", "/category", "wrong_type"},
      {"no category", drop("category"), 422, "invalid", "/category", "required"},
      {"empty category", set("category", json::object()), 422, "invalid", "/category/code", "required"},
      {"unknown condition", set("condition", "9"), 422, "invalid", "/condition", "unknown_value"},
      {"no source", drop("source"), 422, "invalid", "/source", "required"},
      {"unknown source", set("source", "rumour"), 422, "invalid", "/source", "unknown_value"},
      {"source as number", set("source", 5), 422, "invalid", "/source", "wrong_type"},
      {"no description", drop("description"), 422, "invalid", "/description", "required"},
      {"description as number", set("description", 5), 422, "invalid", "/description", "wrong_type"},
      {"long description", set("description", long_text), 422, "invalid", "/description", "too_long"},
      {"no time", drop("reported_at"), 422, "invalid", "/reported_at", "required"},
      {"time as number", set("reported_at", 1700000000), 422, "invalid", "/reported_at", "wrong_type"},
      {"time without zone", set("reported_at", "2026-11-24T09:00:00"), 422, "invalid", "/reported_at", "bad_format"},
      {"before 2000", set("reported_at", "1999-12-31T23:59:59+08:00"), 422, "invalid", "/reported_at", "out_of_range"},
      {"ten minutes ahead", set("reported_at", minutes_ahead(10)), 422, "invalid", "/reported_at", "out_of_range"},
      {"unknown crs", set("crs", "EPSG:9999"), 422, "invalid", "/crs", "unknown_value"},
      {"BD09", set("crs", "BD09"), 422, "invalid", "/crs", "unknown_value"},
      {"confidence over 1", set("confidence", 1.5), 422, "invalid", "/confidence", "out_of_range"},
      {"ten photos", set("photos", ten), 422, "invalid", "/photos", "too_many"},
      {"a photo that is no id", set("photos", {photo_id('a'), "../../etc/passwd"}), 422, "invalid", "/photos/1", "bad_format"},
      {"a photo as number", set("photos", {7}), 422, "invalid", "/photos/0", "wrong_type"},
      {"photos as text", set("photos", "x"), 422, "invalid", "/photos", "wrong_type"},
      {"measures as text", set("measures", "x"), 422, "invalid", "/measures", "wrong_type"},
      {"disposed without a photo", set("self_disposed", json::object()), 422, "invalid", "/self_disposed/after", "required"},
      {"reporter as text", set("reporter", "x"), 422, "invalid", "/reporter", "wrong_type"},
      {"upstream without number", set("upstream", {{"system", "12345"}}), 422, "invalid", "/upstream/number", "required"},
      {"a wrong key", set("client_report_id", 5), 422, "invalid", "/client_report_id", "wrong_type"},
      {"at without the right", set("at", minutes_ahead(-60)), 403, "not_yours", "/at", "backdate_not_allowed"},
      {"another's source", set("source", "hotline_12345"), 403, "not_yours", "/source", "source_not_allowed"},
  };
  World world;
  for (auto const& row : table) {
    SCOPED_TRACE(row.what);
    auto const answer = world.report(row.change, "patroller", {{"Idempotency-Key", "k"}});
    EXPECT_EQ(answer.status, row.status) << answer;
    EXPECT_EQ(answer.code(), row.code) << answer;
    EXPECT_TRUE(answer.blames(row.pointer, row.fault) || (!*row.fault && answer.blames(row.pointer))) << answer;
    EXPECT_EQ(answer.headers.at("content-type"), "application/problem+json");
  }
  EXPECT_TRUE(world.road.reports.empty()) << "a refused report never reaches the road";
}

TEST(Reports, AllFaultsAreToldAtOnce) {
  World world;
  auto const answer = world.report([](json::object& b) {
    b["source"] = "rumour";
    b["lat"] = 99;
    b["reported_at"] = "never";
  });
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(answer.code(), "invalid") << "a special code only when it is the only trouble";
  EXPECT_TRUE(answer.blames("/source") && answer.blames("/lat", "coordinate_out_of_range") && answer.blames("/reported_at")) << answer;
}

TEST(Reports, WhatIsNoJsonIsBadJsonBeforeAnythingElse) {
  World world;
  std::string const good = json::serialize(report_body());
  std::string deep = good.substr(0, good.size() - 1) + ",\"x\":" + std::string(16, '[') + std::string(16, ']') + "}";
  std::vector<std::string> const bad{"",
                                     "{",
                                     good + "}",
                                     good.substr(0, good.size() - 1),
                                     good.substr(0, good.size() - 1) + ",\"lat\":1}",
                                     good.substr(0, good.size() - 1) + ",\"x\":NaN}",
                                     good.substr(0, good.size() - 1) + ",\"x\":\"\xff\"}",
                                     deep};
  for (auto const& body : bad) {
    auto const answer = world.ask("POST", "/api/v1/reports", "patroller", body);  // and no key either
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_EQ(answer.code(), "bad_json") << body;
  }
  EXPECT_EQ(world.ask("POST", "/api/v1/reports", "patroller", std::string(70'000, ' ')).status, 413);
}

TEST(Reports, LegalNumbersBeyondADoubleAreIgnoredOrRefusedByTheirField) {
  World world;
  std::string const good = json::serialize(report_body());
  auto const with = [&](std::string const& member, std::string const& key) {
    return world.ask("POST", "/api/v1/reports", "patroller", good.substr(0, good.size() - 1) + "," + member + "}", {{"Idempotency-Key", key}});
  };
  EXPECT_EQ(with("\"zz\":1e999", "a").status, 201);
  EXPECT_EQ(with("\"zz\":[" + std::string(400, '7') + "]", "b").status, 201);
  EXPECT_TRUE(with("\"confidence\":1e400", "c").blames("/confidence", "out_of_range"));
  EXPECT_TRUE(with("\"measures\":{\"depth\":[1e400]}", "d").blames("/measures", "out_of_range"));
  auto body = report_body();
  body.erase("lat");
  auto const lat = [&](std::string const& number) {
    auto const text = json::serialize(body);
    return world.ask("POST", "/api/v1/reports", "patroller", text.substr(0, text.size() - 1) + ",\"lat\":" + number + "}", {{"Idempotency-Key", number}});
  };
  EXPECT_EQ(lat("1e400").code(), "coordinate_out_of_range");
  EXPECT_EQ(lat("1e-400").status, 201) << "a legal point at latitude 0";
}

TEST(Reports, YearTwoThousandBeginsInTheDistrict) {
  World world;
  EXPECT_EQ(world.report(set("reported_at", "2000-01-01T00:00:00+08:00"), "patroller", {{"Idempotency-Key", "k"}}).status, 201);
}

TEST(Reports, APackedBodyIsRefusedAndAParameterStandsOnce) {
  World world;
  std::string const good = json::serialize(report_body());
  auto const packed = world.ask("POST", "/api/v1/reports", "patroller", good, {{"Idempotency-Key", "k"}, {"Content-Encoding", "gzip"}});
  EXPECT_EQ(packed.status, 415);
  EXPECT_EQ(packed.code(), "unsupported_encoding");
  EXPECT_EQ(world.ask("POST", "/api/v1/reports", "patroller", good, {{"Idempotency-Key", "k"}, {"Content-Encoding", "identity"}}).status, 201);
  auto const twice = world.ask("GET", "/api/v1/cases?limit=1&limit=2", "acceptor");
  EXPECT_EQ(twice.status, 422);
  EXPECT_TRUE(twice.blames("/limit", "repeated")) << twice;
}

TEST(Reports, AKeyIsRequiredAndOnlyOne) {
  World world;
  EXPECT_EQ(world.report({}, "patroller", {}).code(), "key_required");
  EXPECT_EQ(world.report({}, "patroller", {{"Idempotency-Key", ""}}).code(), "key_required");
  EXPECT_EQ(world.report(set("client_report_id", "b"), "patroller", {{"Idempotency-Key", "a"}}).status, 400);
  EXPECT_EQ(world.report(set("client_report_id", "a"), "patroller", {{"Idempotency-Key", "a"}}).status, 201);
  EXPECT_EQ(world.report(set("client_report_id", "a"), "patroller", {}).status, 201);
  for (auto const& bad : {std::string(129, 'x'), std::string("white space"), std::string("schl\xc3\xbcssel")}) {
    auto const answer = world.report({}, "patroller", {{"Idempotency-Key", bad}});
    EXPECT_EQ(answer.status, 422) << answer;
    EXPECT_TRUE(answer.blames("Idempotency-Key")) << answer;
  }
  EXPECT_EQ(world.report({}, "patroller", {{"Idempotency-Key", std::string(128, '~')}}).status, 201);
}

TEST(Reports, ACommittedReportIsAnswered201AndAQueuedOne202) {
  World world;
  auto const committed = world.report();
  EXPECT_EQ(committed.status, 201);
  EXPECT_EQ(committed.text, "{\"report_id\":\"" + world.road.reports.back().report_id +
                                "\",\"case_no\":\"3708712026112400001\",\"state\":\"committed\",\"case_state\":"
                                "\"pending_dispose\",\"place_unusable\":false}");
  EXPECT_FALSE(committed.headers.contains("idempotency-replayed"));
  EXPECT_EQ(world.road.waits.back(), std::chrono::milliseconds{500});

  world.road.report_outcome.replayed = true;
  auto const replayed = world.report();
  EXPECT_EQ(replayed.status, 201);
  EXPECT_EQ(replayed.headers.at("idempotency-replayed"), "true");

  world.road.report_outcome = {.kind = Kind::queued};
  auto const queued = world.report();
  EXPECT_EQ(queued.status, 202);
  EXPECT_EQ(queued.text, "{\"report_id\":\"" + world.road.reports.back().report_id + "\",\"state\":\"queued\"}");
}

TEST(Reports, PreferRespondAsyncDoesNotWait) {
  World world;
  auto const answer = world.report({}, "patroller", {{"Idempotency-Key", "k"}, {"Prefer", "handling=lenient, respond-async;x=1"}});
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(world.road.waits.back().count(), 0);
  world.report({}, "patroller", {{"Idempotency-Key", "k"}, {"Prefer", "respond-asynchronously"}});
  EXPECT_EQ(world.road.waits.back().count(), 500);
}

TEST(Reports, TheRoadsOtherOutcomesHaveTheirStatus) {
  World world;
  struct Row {
    Kind kind;
    int status;
    char const* code;
    bool retry;
  };
  for (auto const& row : {Row{Kind::key_conflict, 422, "key_conflict", false}, Row{Kind::spool_full, 507, "spool_full", true},
                          Row{Kind::overloaded, 503, "overloaded", true}, Row{Kind::broken, 503, "spool_broken", true}}) {
    world.road.report_outcome = {.kind = row.kind};
    auto const answer = world.report();
    EXPECT_EQ(answer.status, row.status);
    EXPECT_EQ(answer.code(), row.code);
    EXPECT_EQ(answer.headers.contains("retry-after"), row.retry) << row.code;
  }
}

TEST(Reports, TheSameBodyGivesTheSameIdHoweverItIsSpelt) {
  World world;
  auto body = report_body();
  auto const send = [&](json::object const& b, std::string key = "k-1", std::string_view token = "patroller") {
    EXPECT_EQ(world.post("/api/v1/reports", token, b, {{"Idempotency-Key", key}}).status, 201);
    return world.road.reports.back();
  };
  auto const first = send(body);
  EXPECT_TRUE(http::is_uuid(first.report_id));
  auto spelt = body;
  spelt["unknown_member"] = 1;
  spelt["condition"] = nullptr;
  spelt["client_report_id"] = "k-1";
  EXPECT_EQ(send(spelt).report_id, first.report_id);
  EXPECT_EQ(send(spelt).body_hash, first.body_hash);
  EXPECT_NE(send(body, "k-2").report_id, first.report_id);
  EXPECT_NE(send(body, "k-1", "patroller:other").report_id, first.report_id);
  body["description"] = "另一件事";
  EXPECT_NE(send(body).report_id, first.report_id);
  EXPECT_NE(send(body).body_hash, first.body_hash);
}

TEST(Reports, EveryFieldReachesTheRoad) {
  World world;
  auto const answer = world.report(
      [](json::object& b) {
        b["source"] = "hotline_12345";
        b["condition"] = "2";
        b["address"] = "开元路 1 号";
        b["component_id"] = "37087101001000001";
        b["measures"] = {{"depth_cm", 12}};
        b["photos"] = {photo_id('a')};
        b["confidence"] = 0.5;
        b["reporter"] = {{"name", "张三丰"}, {"phone", "13800001111"}};
        b["upstream"] = {{"system", "12345"}, {"number", "A-1"}, {"deadline", "2026-12-01T00:00:00Z"}};
        b["at"] = "2026-10-01T08:00:00+08:00";
      },
      "hotline_agent+backdate", {{"Idempotency-Key", "k"}});
  ASSERT_EQ(answer.status, 201) << answer;
  auto const& r = world.road.reports.back();
  EXPECT_EQ(r.district, "370871");
  EXPECT_EQ(r.principal, "hotline_agent");
  EXPECT_EQ(r.role, core::Role::hotline_agent);
  EXPECT_EQ(r.key, "k");
  EXPECT_EQ(r.condition, "2");
  EXPECT_EQ(r.address, "开元路 1 号");
  EXPECT_EQ(r.component_id, "37087101001000001");
  EXPECT_EQ(r.photos, std::vector{photo_id('a')});
  EXPECT_EQ(r.confidence, 0.5);
  EXPECT_EQ(r.reporter_phone, "13800001111");
  EXPECT_EQ(r.at, at("2026-10-01T00:00:00Z"));
  EXPECT_EQ(r.extras.find("13800001111"), std::string::npos) << "personal data stay out of the extras";
  auto const extras = json::parse(r.extras).as_object();
  EXPECT_EQ(extras.at("measures").at("depth_cm"), 12);
  EXPECT_EQ(extras.at("upstream").at("number"), "A-1");
}

TEST(Reports, APointAtZeroZeroAndAnEmptyDescriptionAreAccepted) {
  World world;
  EXPECT_EQ(world.report([](json::object& b) {
                   b["lon"] = 0;
                   b["lat"] = 0;
                   b["description"] = "";
                 }).status,
            201);
}

// A read that fails in a way nobody thought of ends that request, not the gateway.
TEST(Reports, AFaultInAReadAnswersFiveHundredAndTheDoorLivesOn) {
  World world;
  std::string const id = "5f0cbb1c-7a0e-5c63-9d0e-3d0f6f6a7731";
  world.reads.fault = "a fault on purpose";
  auto const answer = world.get("/api/v1/reports/" + id, "patroller");
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.code(), "internal");
  EXPECT_EQ(answer.text.find("purpose"), std::string::npos);
  world.reads.cases[kCaseNo] = case_view();
  EXPECT_EQ(world.act("sign", command_body()).status, 500);
  world.reads.fault.clear();
  EXPECT_EQ(world.get("/api/v1/reports/" + id, "patroller").status, 404);
  EXPECT_EQ(world.act("sign", command_body()).status, 200);
}

TEST(Reports, ShiftedCoordinatesAreStraightenedAndTheOriginalsKept) {
  World world;
  ASSERT_EQ(world.report(set("crs", "GCJ02")).status, 201);
  auto const r = world.road.reports.back();
  EXPECT_NEAR(r.lon, 116.62, 0.02);
  EXPECT_GT(std::abs(r.lon - 116.62), 0.001) << "some hundred metres of shift";
  auto const extras = json::parse(r.extras).as_object();
  EXPECT_EQ(extras.at("crs"), "GCJ02");
  EXPECT_EQ(extras.at("lon"), 116.62);
  for (auto const* name : {"GCJ-02", "gcj02", "Gcj-02"}) {
    ASSERT_EQ(world.report(set("crs", name)).status, 201) << name;
    EXPECT_NEAR(world.road.reports.back().lon, r.lon, 1e-9) << name;
    EXPECT_EQ(json::parse(world.road.reports.back().extras).at("crs"), "GCJ02") << "one name for one system, whatever was written";
  }
  for (auto const* name : {"WGS-84", "wgs84", "CGCS2000", "cgcs-2000", "EPSG:4490", "epsg:4326"}) {
    ASSERT_EQ(world.report(set("crs", name)).status, 201) << name;
    EXPECT_EQ(world.road.reports.back().lon, 116.62) << name << " is taken as it is";
  }
  for (auto const* name : {"EPSG:3857", "EPSG4326x", "WGS", "", "--"}) {
    auto const answer = world.report(set("crs", name));
    EXPECT_TRUE(answer.blames("/crs", "unknown_value")) << name << answer;
  }
  ASSERT_EQ(world.report(set("crs", "WGS84")).status, 201);
  EXPECT_EQ(world.road.reports.back().lon, 116.62);
}

TEST(Reports, AWithdrawnCategoryIsKnownForReportsFromBefore) {
  World world;
  EXPECT_EQ(world.report([](json::object& b) {
                   b["category"].as_object()["code"] = "01002";
                   b["reported_at"] = "2025-12-31T23:00:00Z";
                 }).status,
            201);
}

TEST(Reports, AtInTheFutureIsRefusedEvenWithTheRight) {
  World world;
  auto const answer = world.report(set("at", minutes_ahead(2)), "patroller+backdate");
  EXPECT_EQ(answer.status, 422);
  EXPECT_TRUE(answer.blames("/at", "out_of_range")) << answer;
}

TEST(Reports, EachRoleHasItsOwnSources) {
  World world;
  auto const status = [&](std::string_view token, std::string source) { return world.report(set("source", source), token).status; };
  EXPECT_EQ(status("reporter", "public"), 201);
  EXPECT_EQ(status("reporter", "sensor"), 201);
  EXPECT_EQ(status("reporter", "ai"), 403);
  EXPECT_EQ(status("reporter", "import"), 403);
  EXPECT_EQ(status("reporter+backdate", "import"), 201);
  EXPECT_EQ(status("patroller", "patrol"), 201);
  EXPECT_EQ(status("patrol_lead", "patrol"), 201);
  EXPECT_EQ(status("hotline_agent", "patrol"), 403);
  EXPECT_EQ(status("hotline_agent", "hotline_12319"), 201);
  EXPECT_EQ(status("acceptor", "patrol"), 403);
  EXPECT_EQ(status("acceptor", "sensor"), 201);
  EXPECT_EQ(status("leader", "leader"), 201);
  for (auto const* none : {"disposer", "squad_leader", "unit_clerk", "sys_admin", "auditor"})
    EXPECT_EQ(status(none, "patrol"), 403) << none << " has no right to report";
}

TEST(Reports, WithoutReferenceTheDoorAnswers503) {
  World world;
  world.road.known->known_version = 0;
  auto const answer = world.report();
  EXPECT_EQ(answer.status, 503);
  EXPECT_TRUE(answer.headers.contains("retry-after"));
}

TEST(OwnReport, IsSeenFromTheSpoolElseFromTheReadModelAndNeverAnothers) {
  World world;
  std::string const id = "5f0cbb1c-7a0e-5c63-9d0e-3d0f6f6a7731", other = "6f0cbb1c-7a0e-5c63-9d0e-3d0f6f6a7731";
  auto const url = "/api/v1/reports/" + id;
  EXPECT_EQ(world.get(url, "patroller").status, 404);
  EXPECT_EQ(world.get("/api/v1/reports/x", "patroller").status, 404);

  world.road.spooled[id] = {.report_id = id, .principal = "patroller", .district = "370871"};
  EXPECT_EQ(world.get(url, "patroller").text, "{\"report_id\":\"" + id + "\",\"state\":\"queued\"}");
  world.reads.away = true;
  EXPECT_EQ(world.get(url, "patroller").status, 200) << "the spool needs no database";
  EXPECT_EQ(world.get(url, "patroller:other").status, 404);

  world.road.spooled.clear();
  EXPECT_EQ(world.get(url, "patroller").status, 503) << "not in the spool, and the truth is away";
  world.reads.away = false;
  world.reads.reports[id] = {id, kCaseNo, "closed", "patroller", true};
  auto const seen = world.get(url, "patroller");
  EXPECT_EQ(seen.body.at("case_state"), "closed");
  EXPECT_EQ(seen.body.at("place_unusable"), true);
  EXPECT_EQ(world.get(url, "patroller:other").status, 404);
}

}  // namespace
}  // namespace wangge::test
