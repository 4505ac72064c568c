// POST /cases/{case_no}/actions/{action}: the order of checks at the door, the fields of every action, the answers.
#include <gtest/gtest.h>

#include "gateways/http/rfc3339.hpp"
#include "world.hpp"

namespace wangge::test {
namespace {

namespace json = boost::json;

json::object with(json::object more) {
  auto body = command_body();
  for (auto const& [name, value] : more) body[name] = value;
  return body;
}

TEST(Actions, AnUnknownActionComesBeforeABadBody) {
  World world;
  auto const url = "/api/v1/cases/" + std::string(kCaseNo) + "/actions/";
  EXPECT_EQ(world.ask("POST", url + "explode", "squad_leader", "{").status, 404);
  EXPECT_EQ(world.ask("POST", url + "report", "squad_leader", "{}").status, 404) << "reporting is no action on a case";
  EXPECT_EQ(world.ask("POST", url + "sign", "squad_leader", "{").code(), "bad_json");
  EXPECT_EQ(world.ask("POST", url + "explode", "", "{}").status, 401) << "the token comes before everything";
  EXPECT_TRUE(world.road.commands.empty());
}

TEST(Actions, EveryMalformedBodyIsRefusedWithItsPointer) {
  struct Row {
    char const* action;
    json::object body;
    char const* pointer;
    char const* fault;
  };
  std::string const photo = photo_id('a');
  std::vector<Row> const table{
      {"sign", {}, "/command_id", "required"},
      {"sign", {{"command_id", "x"}, {"version", 1}}, "/command_id", "bad_format"},
      {"sign", {{"command_id", 5}, {"version", 1}}, "/command_id", "wrong_type"},
      {"sign", {{"command_id", kCommandId}}, "/version", "required"},
      {"sign", {{"command_id", kCommandId}, {"version", "4"}}, "/version", "wrong_type"},
      {"sign", {{"command_id", kCommandId}, {"version", -1}}, "/version", "out_of_range"},
      {"sign", {{"command_id", kCommandId}, {"version", 1.5}}, "/version", "wrong_type"},
      {"sign", with({{"at", "soon"}}), "/at", "bad_format"},
      {"dispose", with({}), "/photos", "required"},
      {"dispose", with({{"photos", json::array()}}), "/photos", "required"},
      {"dispose", with({{"photos", {"x"}}}), "/photos/0", "bad_format"},
      {"dispose", with({{"photos", {photo}}, {"opinion", std::string(4001, 'x')}}), "/opinion", "too_long"},
      {"return", with({}), "/reason", "required"},
      {"return", with({{"reason", ""}}), "/reason", "required"},
      {"check", with({{"photos", {photo}}}), "/result", "required"},
      {"check", with({{"photos", {photo}}, {"result", "maybe"}}), "/result", "unknown_value"},
      {"check", with({{"photos", {photo}}, {"result", "unable"}}), "/reason", "required"},
      {"close", with({}), "/closing_condition", "required"},
      {"close", with({{"closing_condition", "vanished"}}), "/closing_condition", "unknown_value"},
      {"note", with({}), "/text", "required"},
      {"send_check", with({{"check_mode", "by_ear"}}), "/check_mode", "unknown_value"},
      {"amend", with({{"category", {{"standard", "local"}}}}), "/category/code", "required"},
      {"amend", with({{"lon", 181}, {"lat", 35}}), "/lon", "coordinate_out_of_range"},
  };
  World world;
  for (auto const& row : table) {
    SCOPED_TRACE(std::string(row.action) + ' ' + json::serialize(row.body));
    auto const answer = world.act(row.action, row.body);
    EXPECT_EQ(answer.status, 422) << answer;
    EXPECT_TRUE(answer.blames(row.pointer, row.fault)) << answer;
  }
  EXPECT_TRUE(world.road.commands.empty());
}

TEST(Actions, EveryRequiredFieldOfTheLifecycleIsDemandedHere) {
  World world;
  for (auto const& action : core::actions()) {
    if (action.action == core::Action::report) continue;
    auto const answer = world.act(action.id, command_body());
    for (auto const& spec : action.fields)
      EXPECT_EQ(answer.blames("/" + std::string(spec.name), "required"), spec.required) << action.id << ' ' << spec.name;
  }
}

TEST(Actions, EveryFieldOfTheLifecycleHasItsPlaceInTheCommand) {
  World world;
  world.reads.cases[kCaseNo] = case_view();
  for (auto const& action : core::actions()) {
    if (action.action == core::Action::report) continue;
    auto body = command_body();
    for (auto const& spec : action.fields) {
      if (spec.type == "photos") body[spec.name] = {photo_id('a')};
      else if (spec.type == "number") body[spec.name] = 35.0;
      else if (spec.type == "category") body[spec.name] = {{"standard", "local"}, {"kind", "matter"}, {"code", "x"}};
      else if (spec.type == "choice") body[spec.name] = spec.choices.substr(0, spec.choices.find('|'));
      else body[spec.name] = spec.name == "closing_condition" ? "restored" : "文字";
    }
    EXPECT_EQ(world.act(action.id, body).status, 200) << action.id << json::serialize(body);
    EXPECT_EQ(world.road.commands.back().action, action.id);
  }
}

TEST(Actions, AtNeedsTheRightToBackdate) {
  World world;
  world.reads.cases[kCaseNo] = case_view();
  auto const body = with({{"at", http::format_time(now() - std::chrono::hours{1})}});
  auto const refused = world.act("sign", body);
  EXPECT_EQ(refused.status, 403);
  EXPECT_TRUE(refused.blames("/at")) << refused;
  EXPECT_EQ(world.act("sign", body, "squad_leader+backdate").status, 200);
  EXPECT_TRUE(world.road.commands.back().at.has_value());
}

TEST(Actions, ACaseNumberThatIsNoneOrOfAnotherDistrictIsNotFound) {
  World world;
  for (auto const* no : {"x", "370871", "1101012026010199999", "37087120260101999%2F9"}) {
    auto const answer = world.post("/api/v1/cases/" + std::string(no) + "/actions/sign", "squad_leader", command_body());
    EXPECT_EQ(answer.status, 404) << no;
  }
  EXPECT_EQ(world.post("/api/v1/cases/x/actions/sign", "squad_leader", json::object()).status, 422) << "a malformed body comes first";
  EXPECT_TRUE(world.road.commands.empty());
}

TEST(Actions, TheAnswerIsTheNewCaseReadAfterTheCommit) {
  World world;
  world.reads.cases[kCaseNo] = case_view(core::State::disposing);
  auto const answer = world.act("sign", command_body());
  ASSERT_EQ(answer.status, 200) << answer;
  EXPECT_EQ(answer.body.at("case_no"), kCaseNo);
  EXPECT_EQ(answer.body.at("state"), "disposing");
  auto const seen = world.get("/api/v1/cases/" + std::string(kCaseNo), "squad_leader");
  for (auto const& [name, value] : seen.body) EXPECT_TRUE(answer.body.contains(name)) << name << ": the same shape as GET";
}

TEST(Actions, ARepeatedCommandIsMarkedAsReplayed) {
  World world;
  world.reads.cases[kCaseNo] = case_view();
  EXPECT_FALSE(world.act("sign", command_body()).headers.contains("idempotency-replayed"));
  world.road.command_outcome.replayed = true;
  EXPECT_EQ(world.act("sign", command_body()).headers.at("idempotency-replayed"), "true");
}

TEST(Actions, DoneButGoneFromTheCallersScopeStillSaysDone) {
  World world;
  auto const answer = world.act("hand_back", with({{"reason", "非本队"}}));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.at("version"), 5);
}

TEST(Actions, TheDispatchersRefusalsKeepTheirStatusAndCode) {
  struct Row {
    link::CommandOutcome outcome;
    int status;
    char const* code;
    char const* reason;
  };
  World world;
  world.reads.cases[kCaseNo] = case_view();
  for (auto const& row : {Row{{.status = 404, .code = "not_found"}, 404, "not_found", ""},
                          Row{{.status = 403, .code = "not_yours"}, 403, "not_yours", ""},
                          Row{{.status = 403, .code = "not_your_task"}, 403, "not_yours", ""},
                          Row{{.status = 422, .code = "command_id_reused"}, 422, "command_id_reused", ""},
                          Row{{.status = 422, .code = "wrong_state"}, 422, "not_allowed", "wrong_state"},
                          Row{{.status = 422, .code = "return_window_over"}, 422, "not_allowed", "return_window_over"},
                          Row{{.status = 503, .code = "no_dispatcher"}, 503, "no_dispatcher", ""},
                          Row{{.status = 504, .code = "outcome_unknown"}, 504, "outcome_unknown", ""}}) {
    world.road.command_outcome = row.outcome;
    auto const answer = world.act("sign", command_body());
    EXPECT_EQ(answer.status, row.status) << answer;
    EXPECT_EQ(answer.code(), row.code) << answer;
    if (*row.reason) {
      EXPECT_EQ(answer.body.at("reason"), row.reason);
    }
    EXPECT_EQ(answer.headers.contains("retry-after"), row.status == 503);
  }
}

TEST(Actions, AStaleVersionShowsThePresentCase) {
  World world;
  world.reads.cases[kCaseNo] = case_view();
  world.road.command_outcome = {.status = 409, .code = "stale_version", .case_no = kCaseNo, .version = 4};
  auto const answer = world.act("sign", command_body(3));
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.code(), "stale_version");
  EXPECT_EQ(answer.body.at("case").at("case_no"), kCaseNo);
  EXPECT_EQ(answer.body.at("case").at("version"), 4);
  EXPECT_TRUE(answer.body.at("case").as_object().contains("actions"));
}

TEST(Actions, TheReasonSpeaksTheCallersLanguage) {
  World world;
  world.road.command_outcome = {.status = 422, .code = "return_window_over"};
  auto const zh = world.act("sign", command_body());
  auto const en = world.post("/api/v1/cases/" + std::string(kCaseNo) + "/actions/sign", "squad_leader", command_body(),
                             {{"Accept-Language", "en"}});
  EXPECT_EQ(zh.code(), en.code());
  EXPECT_NE(zh.body.at("detail"), en.body.at("detail"));
  EXPECT_NE(zh.body.at("title"), en.body.at("title"));
}

TEST(Actions, ARetryOfAnUnansweredCommandCountsFromItsFirstAttempt) {
  World world;
  world.reads.cases[kCaseNo] = case_view();
  world.road.command_outcome = {.status = 504, .code = "outcome_unknown"};
  EXPECT_EQ(world.act("dispose", with({{"photos", {photo_id('a')}}})).status, 504);
  auto const first = world.road.commands.back().received_at;
  world.road.command_outcome = {.status = 503, .code = "no_dispatcher"};
  EXPECT_EQ(world.act("dispose", with({{"photos", {photo_id('a')}}})).status, 503);
  world.road.command_outcome = {.status = 200, .version = 5};
  EXPECT_EQ(world.act("dispose", with({{"photos", {photo_id('a')}}})).status, 200);
  EXPECT_EQ(world.road.commands.back().received_at, first);
  EXPECT_EQ(world.attempts.size(), 1u);
  // Another body or another person under the same command_id is another attempt.
  world.act("dispose", with({{"photos", {photo_id('b')}}}));
  EXPECT_GE(world.road.commands.back().received_at, first);
  EXPECT_NE(world.road.commands.back().body_hash, world.road.commands.front().body_hash);
}

TEST(Actions, DoneWithTheDatabaseAwayAfterwardsIsAnUnknownOutcome) {
  World world;
  world.reads.away = true;
  auto const answer = world.act("sign", command_body());
  EXPECT_EQ(answer.status, 504);
  EXPECT_EQ(answer.code(), "outcome_unknown");
}

}  // namespace
}  // namespace wangge::test
