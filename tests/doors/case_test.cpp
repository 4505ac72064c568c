// Reading: the list and its filters, a case, its buttons, its reporter, the closure table, standing data.
#include <gtest/gtest.h>

#include <set>

#include "world.hpp"

namespace wangge::test {
namespace {

std::string const kCase = "/api/v1/cases/" + std::string(kCaseNo);

TEST(Cases, ABadFilterIsRefusedWithItsName) {
  World world;
  for (auto const& [query, name] : std::vector<std::pair<char const*, char const*>>{{"limit=0", "limit"},
                                                                                    {"limit=201", "limit"},
                                                                                    {"limit=x", "limit"},
                                                                                    {"limit=5x", "limit"},
                                                                                    {"state=flying", "state"},
                                                                                    {"stage=x", "stage"},
                                                                                    {"light=blue", "light"},
                                                                                    {"month=2026-13", "month"},
                                                                                    {"bbox=1,2,3", "bbox"},
                                                                                    {"bbox=1,2,3,nan", "bbox"},
                                                                                    {"due=soon", "due"},
                                                                                    {"as_of=now", "as_of"},
                                                                                    {"open=perhaps", "open"},
                                                                                    {"campaign=k&campaign_field=due", "campaign_field"},
                                                                                    {"campaign_field=filed", "campaign_field"},
                                                                                    {"sort=evil", "sort"}}) {
    auto const answer = world.get("/api/v1/cases?" + std::string(query), "shift_leader");
    EXPECT_EQ(answer.status, 422) << query;
    EXPECT_TRUE(answer.blames("/" + std::string(name))) << answer;
  }
}

TEST(Cases, ABadFilterIsExplainedInTheCallersLanguageWithACode) {
  World world;
  for (auto const& [query, code] : std::vector<std::pair<std::string, std::string>>{
           {"cases?limit=0", "out_of_range"}, {"cases?state=flying", "unknown_value"}, {"cases?stage=x", "unknown_value"},
           {"cases?light=blue", "unknown_value"}, {"cases?month=2026-13", "bad_format"}, {"cases?bbox=1,2,3", "bad_format"},
           {"cases?due=soon", "bad_format"}, {"cases?as_of=now", "bad_format"}, {"cases?open=perhaps", "unknown_value"},
           {"cases?sort=evil", "unknown_value"}, {"cases?street=" + std::string(600, 'x'), "too_long"},
           {"statistics/closure?month=x", "bad_format"}, {"statistics/closure?by=colour", "unknown_value"},
           {"statistics/closure?format=pdf", "unknown_value"}, {"units?limit=x", "out_of_range"}}) {
    auto const zh = world.get("/api/v1/" + query, "shift_leader");
    auto const en = world.ask("GET", "/api/v1/" + query, "shift_leader", "", {{"Accept-Language", "en"}});
    EXPECT_EQ(zh.status, 422) << query;
    EXPECT_EQ(zh.code(), "bad_query");
    EXPECT_EQ(zh.body.at("errors").at(0).at("code"), code.c_str()) << query << zh;
    EXPECT_EQ(zh.body.at("errors"), en.body.at("errors"));
    EXPECT_TRUE(is_chinese(zh.body.at("detail").as_string())) << query << zh;
    EXPECT_FALSE(is_chinese(en.body.at("detail").as_string())) << query << en;
  }
}

TEST(Cases, DueTakesAMomentOrADay) {
  World world;
  EXPECT_EQ(world.get("/api/v1/cases?due=2026-10-31", "shift_leader").status, 200);
  EXPECT_EQ(world.reads.filter.due_before, "2026-10-31");
  EXPECT_EQ(world.get("/api/v1/cases?due=2026-10-32", "shift_leader").status, 422);
}

TEST(Cases, EveryFilterReachesTheReadModel) {
  World world;
  auto const answer = world.get(
      "/api/v1/cases?state=disposing&stage=disposal&street=s&grid=g&category=01001&unit=u&squad=q&light=red&source=patrol"
      "&text=%E4%BA%95&month=2026-10&bbox=1,2,3,4&sort=due&cursor=c&limit=200&due=2026-10-01T00:00:00Z&open=true"
      "&closure_month=2026-10&closure_from=a&closure_to=b&closure_by=unit&closure_key=k&closure_field=due"
      "&as_of=2026-11-04T00:00:00Z&district=370871&campaign=autumn&campaign_field=filed",
      "shift_leader");
  ASSERT_EQ(answer.status, 200) << answer;
  EXPECT_EQ(answer.body.at("next_cursor"), "next");
  auto const& f = world.reads.filter;
  EXPECT_EQ(std::set<std::string>({f.state, f.stage, f.street, f.grid, f.category, f.unit, f.squad, f.light, f.source, f.text,
                                   f.month, f.bbox, f.sort, f.cursor, f.due_before, f.closure_month, f.closure_from,
                                   f.closure_to, f.closure_by, f.closure_key, f.closure_field, f.as_of, f.campaign, f.campaign_field}),
            std::set<std::string>({"disposing", "disposal", "s", "g", "01001", "u", "q", "red", "patrol", "井", "2026-10",
                                   "1,2,3,4", "due", "c", "2026-10-01T00:00:00Z", "a", "b", "unit", "k", "2026-11-04T00:00:00Z", "autumn", "filed"}));
  EXPECT_EQ(f.limit, 200);
  EXPECT_TRUE(f.open_only);
}

TEST(Cases, AnotherDistrictHoldsNothingForTheCaller) {
  World world;
  auto const answer = world.get("/api/v1/cases?district=110101", "shift_leader");
  EXPECT_EQ(answer.text, "{\"items\":[],\"next_cursor\":null}");
}

TEST(Cases, ACaseCarriesEverythingTheContractNames) {
  World world;
  world.reads.cases[kCaseNo] = case_view();
  auto const answer = world.get(kCase, "squad_leader");
  ASSERT_EQ(answer.status, 200) << answer;
  for (auto const* name : {"case_no", "version", "state", "stage", "unit", "squad", "grid", "category", "due_at", "light",
                           "place_unusable", "actions"})
    EXPECT_TRUE(answer.body.contains(name)) << name;
  EXPECT_EQ(answer.body.at("light"), "green");
  EXPECT_EQ(answer.body.at("stage"), "disposal");
  EXPECT_EQ(answer.body.at("category").at("code"), "01001");
}

TEST(Cases, ActionsAreExactlyThoseOfTheLifecycleForThisCaller) {
  World world;
  for (auto const& state : core::kStates) {
    world.reads.cases[kCaseNo] = case_view(state.state);
    auto const& view = world.reads.cases[kCaseNo];
    for (auto const* token : {"squad_leader", "disposer", "unit_clerk", "shift_leader", "acceptor", "dispatch_officer", "leader"}) {
      core::Principal who;
      ASSERT_EQ(world.road.known->authenticate(token, now(), who), http::Authenticator::State::ok);
      std::vector<std::string> expected, shown;
      for (auto const a : core::actions_for(who, view.row, view.open_tasks)) expected.emplace_back(core::id(a));
      auto const answer = world.get(kCase, token);
      ASSERT_EQ(answer.status, 200) << answer;
      for (auto const& a : answer.body.at("actions").as_array()) shown.emplace_back(a.as_object().at("name").as_string());
      EXPECT_EQ(shown, expected) << state.id << ' ' << token;
    }
  }
}

TEST(Cases, AnActionShowsItsFieldsWithTheirChoices) {
  World world;
  world.reads.cases[kCaseNo] = case_view(core::State::pending_close);
  auto const answer = world.get(kCase, "shift_leader");
  for (auto const& action : answer.body.at("actions").as_array()) {
    if (action.at("name") != "close") continue;
    auto const& field = action.at("fields").as_array().at(0);
    EXPECT_EQ(field.at("name"), "closing_condition");
    EXPECT_EQ(field.at("required"), true);
    EXPECT_EQ(field.at("choices").as_array().at(0), "restored");
    return;
  }
  FAIL() << "the shift leader may close: " << answer;
}

TEST(Cases, AnActionSaysWhichAnswerMakesAFieldRequired) {
  World world;
  world.reads.cases[kCaseNo] = case_view(core::State::checking);
  core::Task task;
  task.task_id = std::string(kCaseNo) + "-4";
  task.kind = core::TaskKind::check;
  task.holder = "patroller";
  world.reads.cases[kCaseNo].open_tasks = {task};
  auto const answer = world.get(kCase, "patroller");
  for (auto const& action : answer.body.at("actions").as_array()) {
    if (action.at("name") != "check") continue;
    for (auto const& field : action.at("fields").as_array())
      if (field.at("name") == "reason")
        EXPECT_EQ(field.at("required_when"), "result=unable");
      else
        EXPECT_FALSE(field.as_object().contains("required_when")) << field;
    return;
  }
  FAIL() << "the patroller may check: " << answer;
}

TEST(Cases, ATaskThatNoDeviceHasIsAnAlarmUntilOneHasIt) {
  World world;
  auto& view = world.reads.cases[kCaseNo] = case_view();
  core::Task task;
  task.task_id = std::string(kCaseNo) + "-4";
  task.squad = "s1";
  view.open_tasks = {task};
  auto const shown = [&] {
    auto const answer = world.get(kCase, "shift_leader");
    auto const& first = answer.body.at("tasks").as_array().at(0);
    return std::tuple(first.at("received").as_bool(), first.at("escalated").as_bool(), answer.body.at("escalated").as_bool());
  };
  EXPECT_EQ(shown(), std::tuple(false, false, false));
  view.deliveries[task.task_id] = {.received = false, .escalated = true};
  EXPECT_EQ(shown(), std::tuple(false, true, true));
  view.deliveries[task.task_id] = {.received = true, .escalated = true};
  EXPECT_EQ(shown(), std::tuple(true, true, false)) << "it was late, but it has arrived";
  view.open_tasks[0].squad.clear();
  view.open_tasks[0].unit = "u2";
  view.deliveries[task.task_id] = {.received = false, .escalated = true};
  EXPECT_EQ(shown(), std::tuple(false, true, true)) << "an assisting task that its unit's desk has not seen";
}

TEST(Cases, TheReportersNameIsSeenByThreeRolesOnly) {
  World world;
  world.reads.cases[kCaseNo] = case_view();
  for (auto const& role : core::kRoles) {
    auto const token = std::string(role.id);
    auto const answer = world.get(kCase, token);
    bool const may = token == "hotline_agent" || token == "acceptor" || token == "shift_leader";
    EXPECT_EQ(answer.text.find("13800001111") != std::string::npos, may) << token << ' ' << answer.status;
    EXPECT_EQ(answer.text.find("张三丰") != std::string::npos, may) << token;
  }
}

TEST(Cases, OutsideTheScopeNothingIsFound) {
  World world;
  world.reads.cases[kCaseNo] = case_view();
  world.reads.cases[kCaseNo].row.squad = "s2";
  world.reads.cases[kCaseNo].row.unit = "u2";
  for (auto const* part : {"", "/history", "/explain"}) {
    EXPECT_EQ(world.get(kCase + part, "squad_leader").status, 404) << part;
    EXPECT_EQ(world.get(kCase + part, "shift_leader").status, 200) << part;
    EXPECT_EQ(world.get("/api/v1/cases/nothing" + std::string(part), "shift_leader").status, 404) << part;
  }
}

TEST(Cases, ExplainTellsTheRouteAndTheDeadline) {
  World world;
  world.reads.cases[kCaseNo] = case_view();
  auto const answer = world.get(kCase + "/explain", "shift_leader");
  EXPECT_EQ(answer.body.at("routing").as_array().at(0), "territorial: u1");
  EXPECT_EQ(answer.body.at("deadline").at("clock"), "urgent");
}

TEST(Cases, WithTheDatabaseAwayEveryReadIs503WithRetryAfter) {
  World world;
  world.reads.away = true;
  for (auto const* url : {"/api/v1/cases", "/api/v1/cases/3708712026112400001", "/api/v1/cases/3708712026112400001/history",
                          "/api/v1/statistics/closure?month=2026-10", "/api/v1/grids", "/api/v1/units", "/api/v1/squads",
                          "/api/v1/catalogue", "/api/v1/components", "/api/v1/cases/counts"}) {
    auto const answer = world.get(url, "shift_leader");
    EXPECT_EQ(answer.status, 503) << url;
    EXPECT_EQ(answer.code(), "no_database") << url;
    EXPECT_TRUE(answer.headers.contains("retry-after")) << url;
  }
  EXPECT_EQ(world.get("/api/v1/me", "shift_leader").status, 200);
}

TEST(Statistics, BadQuestionsAreRefusedWithTheirName) {
  World world;
  for (auto const& [query, name] : std::vector<std::pair<char const*, char const*>>{{"month=2026-13", "month"},
                                                                                    {"month=x", "month"},
                                                                                    {"by=colour", "by"},
                                                                                    {"month=2026-10&from=2026-10-01", "month"},
                                                                                    {"from=2026-10-09&to=2026-10-01", "to"},
                                                                                    {"from=2026-10-09", "to"},
                                                                                    {"period=century", "period"},
                                                                                    {"as_of=now", "as_of"},
                                                                                    {"format=pdf", "format"}}) {
    auto const answer = world.get("/api/v1/statistics/closure?" + std::string(query), "shift_leader");
    EXPECT_EQ(answer.status, 422) << query;
    EXPECT_TRUE(answer.blames("/" + std::string(name))) << answer;
  }
}

TEST(Statistics, TheTableIsAskedWithItsPeriodAndTheCallersScope) {
  World world;
  auto const answer = world.get("/api/v1/statistics/closure?month=2026-10&by=squad", "unit_head");
  ASSERT_EQ(answer.status, 200) << answer;
  auto const& asked = world.reads.closure_asked;
  EXPECT_EQ(asked.by, "squad");
  EXPECT_EQ(asked.who.unit, "u1") << "a unit's head sees his own unit";
  EXPECT_EQ(asked.from, at("2026-10-01T00:00:00+08:00"));
  EXPECT_EQ(asked.to, at("2026-11-01T00:00:00+08:00"));
}

TEST(Statistics, IndicatorsComeBesideThePeriodBeforeAndAYearAgo) {
  World world;
  auto const answer = world.get("/api/v1/statistics/indicators?month=2026-10&by=region", "leader");
  ASSERT_EQ(answer.status, 200) << answer;
  auto const& asked = world.reads.indicators_asked;
  ASSERT_EQ(asked.size(), 3u);
  EXPECT_EQ(asked[0].by, "street");
  EXPECT_EQ(asked[1].from, at("2026-09-01T00:00:00+08:00"));
  EXPECT_EQ(asked[1].to, at("2026-10-01T00:00:00+08:00"));
  EXPECT_EQ(asked[2].from, at("2025-10-01T00:00:00+08:00"));
  EXPECT_EQ(asked[2].to, at("2025-11-01T00:00:00+08:00"));
  EXPECT_EQ(answer.body.at("total").at("values").at("inst_rate"), 99.34) << "51,229 of 51,571, as Zhengzhou published";
  EXPECT_TRUE(answer.body.at("total").at("values").at("archive_rate").is_null());
  auto const xlsx = world.get("/api/v1/statistics/indicators?month=2026-10&by=person&format=xlsx", "leader");
  EXPECT_EQ(xlsx.text.substr(0, 2), "PK");
  auto const page = world.get("/api/v1/statistics/indicators?month=2026-10&format=html&number=7%3Cb%3E", "leader");
  EXPECT_TRUE(page.headers.at("content-type").starts_with("text/html"));
  for (auto const* word : {"51229", "99.34", "7&lt;b&gt;", "口径与公式"}) EXPECT_NE(page.text.find(word), std::string::npos) << word;
  EXPECT_EQ(page.text.find("<script"), std::string::npos);
  EXPECT_EQ(world.get("/api/v1/statistics/indicators?by=colour", "leader").status, 422);
}

TEST(Statistics, ComesAsJsonCsvAndXlsx) {
  World world;
  auto const url = std::string("/api/v1/statistics/closure?month=2026-10&format=");
  auto const csv = world.get(url + "csv", "leader");
  EXPECT_EQ(csv.headers.at("content-type"), "text/csv; charset=utf-8");
  EXPECT_EQ(csv.text.substr(0, 3), "\xef\xbb\xbf");
  auto const xlsx = world.get(url + "xlsx", "leader");
  EXPECT_EQ(xlsx.text.substr(0, 2), "PK");
  EXPECT_NE(xlsx.headers.at("content-disposition").find("closure-2026-10-unit.xlsx"), std::string::npos);
  EXPECT_EQ(world.get(url + "json", "leader").body.at("month"), "2026-10");
}

TEST(Statistics, WithoutRoomForAScratchFileTheOtherFormatsStillCome) {
  World world;
  auto const url = std::string("/api/v1/statistics/closure?month=2026-10&format=");
  FullDisk const full(10);
  auto const answer = world.get(url + "xlsx", "leader");
  EXPECT_EQ(answer.status, 507) << answer;
  EXPECT_TRUE(answer.headers.contains("retry-after"));
  EXPECT_EQ(world.get(url + "csv", "leader").status, 200);
  EXPECT_EQ(world.get(url + "json", "leader").status, 200);
}

TEST(Statistics, SuspiciousPatternsOpenIntoTheirCases) {
  World world;
  auto const answer = world.get("/api/v1/statistics/suspicions?month=2026-10", "inspector");
  auto const& item = answer.body.at("items").as_array().at(0);
  EXPECT_EQ(item.at("pattern"), "same_photo");
  EXPECT_EQ(item.at("count"), 3);
  EXPECT_EQ(item.at("cases").as_array().size(), 3u);
  EXPECT_EQ(answer.body.at("policy").at("check_metres"), 200) << "the switch it depends on is named";
  EXPECT_TRUE(world.get("/api/v1/statistics/suspicions?month=13", "inspector").blames("/month"));
  EXPECT_EQ(world.get("/api/v1/statistics/suspicions", "patroller").status, 403);
}

TEST(Standing, ListsArePagedAndMeTellsTheScope) {
  World world;
  auto const first = world.get("/api/v1/grids?limit=10", "squad_leader");
  EXPECT_EQ(first.body.at("next_cursor"), "more");
  EXPECT_EQ(first.body.at("items").as_array().at(0).at("limit"), 10);
  EXPECT_TRUE(world.get("/api/v1/grids?cursor=more", "squad_leader").body.at("next_cursor").is_null());
  world.reads.cases[kCaseNo] = case_view();
  for (auto const& [path, otherwise] : std::vector<std::pair<std::string, int>>{{"/api/v1/grids", 50},
                                                                                {"/api/v1/components", 50},
                                                                                {"/api/v1/units", 200},
                                                                                {"/api/v1/squads", 200},
                                                                                {"/api/v1/catalogue", 200},
                                                                                {"/api/v1/tasks", 200},
                                                                                {"/api/v1/escalations", 50},
                                                                                {kCase + "/history", 200}}) {
    auto const limit = [&](std::string const& query) {
      return world.get(path + query, "squad_leader").body.at("items").as_array().at(0).at("limit").as_int64();
    };
    EXPECT_EQ(limit(""), otherwise) << path;
    EXPECT_EQ(limit("?limit=7"), 7) << path;
    EXPECT_EQ(world.get(path, "squad_leader").body.at("next_cursor"), "more") << path;
    EXPECT_TRUE(world.get(path + "?cursor=more", "squad_leader").body.at("next_cursor").is_null()) << path;
    for (auto const* bad : {"0", "201", "-1", "x", "5x"})
      EXPECT_TRUE(world.get(path + "?limit=" + bad, "squad_leader").blames("/limit")) << path << ' ' << bad;
  }
  auto const me = world.get("/api/v1/me", "squad_leader");
  EXPECT_EQ(me.body.at("role"), "squad_leader");
  EXPECT_EQ(me.body.at("squad"), "s1");
}

}  // namespace
}  // namespace wangge::test
