// Requests and orders that wait, looks at patterns; parts of the standing data: who reads, who publishes, what a fault, a finding and
// somebody quicker look like.
#include <gtest/gtest.h>

#include "gateways/console/supervision_door.hpp"
#include "world.hpp"

namespace wangge::test {
namespace {

namespace json = boost::json;

TEST(Supervision, WhoDecidesWhatFollowsFromTheLifecycle) {
  using core::Role;
  auto const decided = [](Role role) { return console::decided_by(role); };
  EXPECT_EQ(decided(Role::dispatch_officer), (std::vector<std::string>{"extend", "defer"}));
  EXPECT_EQ(decided(Role::shift_leader).front(), "return");
  EXPECT_EQ(decided(Role::evaluator), (std::vector<std::string>{"appeal"}));
  EXPECT_TRUE(decided(Role::unit_clerk).empty()) << "who asks does not decide";
}

TEST(Supervision, RequestsAreAskedForAsTheQuerySays) {
  World world;
  EXPECT_EQ(world.get("/api/v1/requests?kind=extend&mine=true&limit=7", "shift_leader").status, 200);
  auto const& asked = world.supervision_model.requests_asked;
  EXPECT_EQ(asked.kind, "extend");
  EXPECT_TRUE(asked.mine);
  EXPECT_EQ(asked.limit, 7);
  EXPECT_EQ(asked.yours, console::decided_by(core::Role::shift_leader));
  for (auto const* bad : {"kind=x", "mine=yes", "limit=0"}) EXPECT_EQ(world.get("/api/v1/requests?" + std::string(bad), "leader").status, 422) << bad;
}

TEST(Supervision, OrdersAreAskedForAsTheQuerySays) {
  World world;
  EXPECT_EQ(world.get("/api/v1/orders?kind=instruct&waiting=word&late=true", "leader").status, 200);
  auto const& asked = world.supervision_model.orders_asked;
  EXPECT_EQ(asked.kind, "instruct");
  EXPECT_EQ(asked.waiting, "word");
  EXPECT_TRUE(asked.late);
  EXPECT_EQ(asked.limit, 50);
  EXPECT_FALSE(asked.settled);
  EXPECT_EQ(world.get("/api/v1/orders?settled=true&late=true", "inspector").status, 200);
  EXPECT_TRUE(asked.settled && asked.late);
  for (auto const* bad : {"kind=return", "waiting=x", "late=1", "settled=1", "settled=true&waiting=word"}) EXPECT_EQ(world.get("/api/v1/orders?" + std::string(bad), "leader").status, 422) << bad;
}

TEST(Supervision, ALookAtAPatternNeedsAWordAndAVerdict) {
  World world;
  auto const path = "/api/v1/statistics/suspicions/looks?month=2026-10";
  json::object look{{"pattern", "far_away"}, {"checker", "p1"}, {"squad", "s1"}, {"verdict", "unfounded"}, {"note", "定位漂移"}};
  EXPECT_EQ(world.post(path, "inspector", look).status, 201);
  auto const kept = world.get(path, "auditor").body.at("items").as_array();
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].at("by"), "inspector");
  EXPECT_EQ(kept[0].at("note"), "定位漂移");
  for (auto const& [field, value] : {std::pair{"pattern", "x"}, {"verdict", "maybe"}, {"note", ""}}) {
    auto bad = look;
    bad[field] = value;
    auto const answer = world.post(path, "inspector", bad);
    EXPECT_EQ(answer.status, 422);
    EXPECT_TRUE(answer.blames("/" + std::string(field))) << answer;
  }
}

json::object change(json::object more = {}) {
  json::object out{{"version", 4},
                   {"note", "会议纪要 4"},
                   {"tables", json::array{json::object{{"name", "routes"}, {"columns", {"id", "unit"}}, {"rows", json::array{json::array{"r1", "b"}}}}}}};
  for (auto& [name, value] : more) out[name] = value;
  return out;
}

TEST(Manage, APartIsItsTablesAndSaysWhoMayPublishIt) {
  World world;
  auto const answer = world.get("/api/v1/standing/rules", "coordinator");
  ASSERT_EQ(answer.status, 200) << answer;
  EXPECT_EQ(answer.body.at("version"), 4);
  EXPECT_EQ(answer.body.at("by"), "张");
  EXPECT_TRUE(answer.body.at("may_publish").as_bool());
  EXPECT_EQ(answer.body.at("tables").at(0).at("rows").at(0).at(1), "a, \"b\"");
  EXPECT_FALSE(world.get("/api/v1/standing/rules", "leader").body.at("may_publish").as_bool());
  EXPECT_EQ(world.get("/api/v1/standing/nothing", "leader").status, 404);
  auto const csv = world.get("/api/v1/standing/rules?format=csv", "leader");
  EXPECT_EQ(csv.text, "\xEF\xBB\xBFid,unit\r\nr1,\"a, \"\"b\"\"\"\r\n");
  EXPECT_EQ(world.get("/api/v1/standing/rules?format=xlsx", "leader").text.substr(0, 2), "PK");
  EXPECT_EQ(world.get("/api/v1/standing/rules?format=pdf", "leader").status, 422);
}

TEST(Manage, ACheckChangesNothingAndPublishingNeedsAReason) {
  World world;
  world.parts.result.changes.push_back({"rules", 0, 1, 0, {{"r1", "changed", R"({"unit":"a"})", R"({"unit":"b"})"}}});
  world.parts.result.moved = {12, 3, {{"3708712026112800001", "a", core::Instant{}, core::Instant{}}}};
  auto const checked = world.post("/api/v1/standing/rules/check", "coordinator", change({{"note", nullptr}}));
  ASSERT_EQ(checked.status, 200) << checked;
  EXPECT_TRUE(world.parts.asked.dry_run);
  EXPECT_EQ(checked.body.at("changes").at(0).at("rows").at(0).at("is").at("unit"), "b");
  EXPECT_EQ(checked.body.at("moved").at("moved"), 3);
  auto const without = world.post("/api/v1/standing/rules/publish", "coordinator", change({{"note", ""}}));
  EXPECT_TRUE(without.blames("/note")) << without;
  EXPECT_TRUE(world.parts.asked.dry_run) << "nothing went out";
  world.parts.result.version = 5;
  auto const published = world.post("/api/v1/standing/rules/publish", "catalogue_admin", change());
  EXPECT_EQ(published.body.at("version"), 5) << published;
  EXPECT_FALSE(world.parts.asked.dry_run);
  EXPECT_EQ(world.parts.asked.by, "catalogue_admin");
  EXPECT_EQ(world.parts.asked.note, "会议纪要 4");
}

TEST(Manage, FaultsFindingsAndSomebodyQuickerAreToldAndNothingIsChanged) {
  World world;
  auto const stale = world.post("/api/v1/standing/rules/publish", "coordinator", change({{"version", 3}}));
  EXPECT_EQ(stale.status, 409);
  EXPECT_EQ(stale.code(), "stale_part");
  EXPECT_EQ(stale.body.at("stands").at("by"), "张");
  world.parts.result.refused = true;
  world.parts.result.findings.push_back({"shadowed", "r1", "r0", "规则 r1 被遮盖", "r1 stands in a shadow"});
  auto const refused = world.post("/api/v1/standing/rules/publish", "coordinator", change());
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.body.at("findings").at(0).at("words"), "规则 r1 被遮盖");
  EXPECT_TRUE(world.post("/api/v1/standing/rules/check", "coordinator", change()).body.at("refused").as_bool()) << "a check says so and goes through";
  world.parts.result.faults.push_back({"routes", 0, "unit", "no unit b"});
  auto const bad = world.post("/api/v1/standing/rules/check", "coordinator", change());
  EXPECT_EQ(bad.status, 422);
  EXPECT_EQ(bad.code(), "bad_part");
  EXPECT_EQ(bad.body.at("faults").at(0).at("row"), 0);
}

TEST(Manage, APartIsPublishedByWhoMayAndOnlyAsItsTablesAre) {
  World world;
  EXPECT_EQ(world.post("/api/v1/standing/rules/check", "shift_leader", change()).status, 403);
  EXPECT_EQ(world.post("/api/v1/standing/duty/check", "shift_leader", change()).status, 200);
  auto const table = [](json::value columns, json::value rows) {
    return change({{"tables", json::array{json::object{{"name", "routes"}, {"columns", std::move(columns)}, {"rows", std::move(rows)}}}}});
  };
  EXPECT_TRUE(world.post("/api/v1/standing/rules/check", "coordinator", table({"id"}, json::array{})).blames("/tables/0/columns"));
  EXPECT_TRUE(world.post("/api/v1/standing/rules/check", "coordinator", table({"id", "unit"}, json::array{json::array{"r1"}})).blames("/tables/0/rows"));
  EXPECT_TRUE(world.post("/api/v1/standing/rules/check", "coordinator", table({"id", "unit"}, json::array{json::array{"r1", 3}})).blames("/tables/0/rows"));
  EXPECT_TRUE(world.post("/api/v1/standing/rules/check", "coordinator", change({{"tables", json::array{json::object{{"name", "x"}, {"columns", {"id"}}, {"rows", json::array{}}}}}})).blames("/tables/0/name"));
  EXPECT_TRUE(world.post("/api/v1/standing/rules/check", "coordinator", change({{"version", nullptr}})).blames("/version"));
  auto const file = world.ask("POST", "/api/v1/standing/rules/unpack?name=x.csv", "coordinator", "a,b\n");
  EXPECT_EQ(file.body.at("faults").at(0).at("table"), "x.csv");
}

TEST(Manage, APlanIsSwitchedOnceWithAReason) {
  World world;
  auto const path = "/api/v1/plans/rain/switch";
  EXPECT_TRUE(world.post(path, "leader", json::object{{"on", true}}).blames("/reason"));
  EXPECT_EQ(world.post(path, "leader", json::object{{"on", true}, {"reason", "暴雨橙色预警"}}).status, 200);
  EXPECT_EQ(world.post(path, "leader", json::object{{"on", true}, {"reason", "再来一次"}}).status, 409);
  EXPECT_EQ(world.post("/api/v1/plans/snow/switch", "leader", json::object{{"on", true}, {"reason", "无此预案"}}).status, 404);
}

}  // namespace
}  // namespace wangge::test
