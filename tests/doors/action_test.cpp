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
      else if (spec.type == "time") body[spec.name] = http::format_time(now() + std::chrono::hours{24});
      else if (spec.type == "codes") body[spec.name] = {"city_b"};
      else if (spec.type == "choice") body[spec.name] = spec.choices.substr(0, spec.choices.find('|'));
      else body[spec.name] = spec.name == "closing_condition" ? "restored" : "文字";
    }
    EXPECT_EQ(world.act(action.id, body).status, 200) << action.id << json::serialize(body);
    EXPECT_EQ(world.road.commands.back().action, action.id);
  }
}

// CONTRACT 5: a command_id seen before, then the scope, then the right. Only the dispatcher knows the first two, so it says
// the third as well.
TEST(Actions, AtWithoutTheRightIsTheDispatchersToRefuse) {
  World world;
  world.reads.cases[kCaseNo] = case_view();
  auto const body = with({{"at", http::format_time(now() - std::chrono::hours{1})}});
  world.road.command_outcome = {.status = 403, .code = "backdate_not_allowed", .field = "/at"};
  auto const refused = world.act("sign", body);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.code(), "not_yours");
  EXPECT_TRUE(refused.blames("/at", "backdate_not_allowed")) << refused;
  ASSERT_EQ(world.road.commands.size(), 1u);
  EXPECT_FALSE(world.road.commands.back().who.backdate);
  EXPECT_TRUE(world.road.commands.back().at.has_value());
  world.road.command_outcome = {.status = 404};
  EXPECT_EQ(world.act("sign", body).status, 404) << "outside the scope nothing is told, not even what he may not do";
  world.road.command_outcome = {.status = 200, .version = 4};
  EXPECT_EQ(world.act("sign", body, "squad_leader+backdate").status, 200);
  EXPECT_TRUE(world.road.commands.back().who.backdate);
}

TEST(Actions, ACaseNumberThatIsNoneOrOfAnotherDistrictIsNotFoundUnlessTheCommandWasSeen) {
  World world;
  world.road.command_outcome = {.status = 404};
  auto const post = [&](std::string const& no) {
    return world.post("/api/v1/cases/" + no + "/actions/sign", "squad_leader", command_body());
  };
  std::vector<std::string> const numbers{"x", "370871", "1101012026010199999", std::string(500, '3')};
  for (auto const& no : numbers) EXPECT_EQ(post(no).status, 404) << no;
  ASSERT_EQ(world.road.commands.size(), numbers.size());
  for (auto const& command : world.road.commands) EXPECT_EQ(command.case_no, "") << "no number that some case could have";
  world.road.command_outcome = {.status = 422, .code = "command_id_reused"};
  for (auto const& no : numbers) EXPECT_EQ(post(no).code(), "command_id_reused") << no;
  EXPECT_NE(world.road.commands[0].body_hash, world.road.commands[1].body_hash) << "another number is another body";
  auto const asked = world.road.commands.size();
  EXPECT_EQ(post("37087120260101999%2F9").status, 404) << "no path of this server";
  EXPECT_EQ(world.post("/api/v1/cases/x/actions/sign", "squad_leader", json::object()).status, 422) << "a malformed body comes first";
  EXPECT_EQ(world.road.commands.size(), asked);
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

// The same command_id again gives the first answer: the case as that command left it, whatever became of it since.
TEST(Actions, ARepeatedCommandGivesTheCaseAsItLeftIt) {
  World world;
  auto view = case_view(core::State::disposing);
  view.row.version = 5;
  world.reads.cases[kCaseNo] = view;
  world.reads.versions[5] = view.row;
  auto const first = world.act("sign", command_body());
  ASSERT_EQ(first.status, 200) << first;
  auto& present = world.reads.cases[kCaseNo].row;
  present.version = 8;
  present.state = core::State::pending_review;
  world.road.command_outcome.replayed = true;
  auto const moved = world.act("sign", command_body());
  EXPECT_EQ(moved.status, 200);
  EXPECT_EQ(moved.headers.at("idempotency-replayed"), "true");
  for (auto const* name : {"case_no", "version", "state", "stage", "unit", "squad", "grid", "due_at"})
    EXPECT_EQ(moved.body.at(name), first.body.at(name)) << name;
  EXPECT_TRUE(moved.body.at("actions").as_array().empty()) << "what can be done now, the present case says";
  present.unit = "u2";
  present.squad = "s2";
  auto const gone = world.act("sign", command_body());
  EXPECT_EQ(gone.status, 200) << "done is done, also when the case went to others since";
  for (auto const* name : {"case_no", "version", "state", "stage"}) EXPECT_EQ(gone.body.at(name), first.body.at(name)) << name;
  EXPECT_FALSE(gone.body.contains("description")) << "what others do with it is theirs";
}

TEST(Actions, DoneButGoneFromTheCallersScopeStillSaysDone) {
  World world;
  auto row = case_view(core::State::pending_dispatch).row;
  row.version = 5;
  world.reads.versions[5] = row;
  auto const answer = world.act("hand_back", with({{"reason", "非本队"}}));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.at("case_no"), kCaseNo);
  EXPECT_EQ(answer.body.at("version"), 5);
  EXPECT_EQ(answer.body.at("state"), "pending_dispatch");
  EXPECT_EQ(answer.body.at("stage"), "dispatch");
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
