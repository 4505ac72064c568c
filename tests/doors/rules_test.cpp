// The rules' door: a dry run tells what would move and changes nothing; faults by field; words by language.
#include <gtest/gtest.h>

#include "world.hpp"

namespace wangge::test {
namespace {

namespace json = boost::json;

// Two units, rule r1 for class 01 in street s1, two past cases there and one elsewhere.
World& with_rules(World& world) {
  auto& city = world.rule_model.small;
  city.district = "370871";
  city.units["a"] = {"a", "甲", "A", ""};
  city.units["b"] = {"b", "乙", "B", ""};
  city.squads["a1"] = {"a1", "a", "甲一", "A1"};
  city.squads["b1"] = {"b1", "b", "乙一", "B1"};
  city.catalogue[{"gbt47678.5-2026", "matter", "01001"}].class_code = "01";
  core::RouteRule rule;
  rule.id = "r1", rule.level = core::RouteLevel::class_in_district, rule.class_code = "01", rule.unit = "a",
  rule.squad = "a1";
  city.routes = {rule};
  city.finish();
  for (auto const* number : {"1", "2", "3"}) {
    auto& past = world.rule_model.past.cases.emplace_back();
    past.c.case_no = number;
    past.c.class_code = "01";
    past.c.source = *number == '3' ? "ai" : "patrol";
  }
  return world;
}

json::object rule(json::object change = {}) {
  json::object out{{"id", "n1"}, {"level", "ordered"}, {"source", "ai"}, {"unit", "b"}, {"squad", "b1"}};
  for (auto& [name, value] : change) out[name] = value;
  return out;
}

json::object old_rule() {
  return {{"id", "r1"}, {"level", "class_in_district"}, {"class_code", "01"}, {"unit", "a"}, {"squad", "a1"}};
}

TEST(Rules, ADryRunSaysWhatWouldMove) {
  World world;
  with_rules(world);
  auto const answer = world.post("/api/v1/rules/dry-run", "coordinator", json::object{{"rules", {rule(), old_rule()}}},
                                 {{"Accept-Language", "en"}});
  ASSERT_EQ(answer.status, 200) << answer;
  EXPECT_EQ(answer.body.at("words"), "would move 1 of 3");
  EXPECT_EQ(answer.body.at("asked"), 1);
  auto const& move = answer.body.at("moves").at(0);
  EXPECT_EQ(move.at("case_no"), "3");
  EXPECT_EQ(move.at("before").at("squad"), "a1");
  EXPECT_EQ(move.at("after").at("rule"), "n1");
  EXPECT_EQ(answer.body.at("rules").at("added"), 1);
  auto const zh = world.post("/api/v1/rules/dry-run", "catalogue_admin", json::object{{"rules", json::array{}}});
  EXPECT_EQ(zh.body.at("words"), "将改派 3 件，共 3 件");
  EXPECT_TRUE(zh.body.at("moves").at(0).at("after").is_null());
  EXPECT_EQ(world.get("/api/v1/rules", "coordinator").body.at("items").as_array().size(), 1u) << "nothing was changed";
}

TEST(Rules, FindingsOfTheNewSetAreTold) {
  World world;
  with_rules(world);
  auto const body = json::object{{"rules", {rule({{"unit", "gone"}}), old_rule()}}};
  auto const answer = world.post("/api/v1/rules/dry-run", "leader", body, {{"Accept-Language", "en"}});
  ASSERT_EQ(answer.status, 200) << answer;
  EXPECT_EQ(answer.body.at("findings").at(0).at("words"), "rule n1 never answers: there is no unit gone");
  EXPECT_EQ(world.get("/api/v1/rules/findings", "auditor").body.at("items").as_array().size(), 0u);
}

TEST(Rules, EachFaultIsNamedByItsField) {
  World world;
  with_rules(world);
  struct {
    json::object body;
    char const* pointer;
    char const* code;
  } const table[] = {
      {{}, "/rules", "required"},
      {{{"rules", {rule({{"id", ""}})}}}, "/rules/0/id", "required"},
      {{{"rules", {rule({{"level", "decision"}})}}}, "/rules/0/level", "unknown_value"},
      {{{"rules", {rule({{"pick", "luck"}})}}}, "/rules/0/pick", "unknown_value"},
      {{{"rules", {rule({{"from_day", "2026-02-30"}})}}}, "/rules/0/from_day", "bad_format"},
      {{{"rules", {rule({{"weekdays", "8"}})}}}, "/rules/0/weekdays", "bad_format"},
      {{{"rules", {rule({{"to", "24:01"}})}}}, "/rules/0/to", "bad_format"},
      {{{"rules", {rule(), rule()}}}, "/rules/1/id", "repeated"},
      {{{"rules", json::array{}}, {"from", "2026-10-02T00:00:00+08:00"}, {"to", "2026-10-01T00:00:00+08:00"}},
       "/to",
       "out_of_range"},
  };
  for (auto const& t : table) {
    auto const answer = world.post("/api/v1/rules/dry-run", "coordinator", t.body);
    EXPECT_EQ(answer.status, 422) << answer;
    EXPECT_TRUE(answer.blames(t.pointer, t.code)) << t.pointer << ' ' << answer;
  }
  EXPECT_EQ(world.ask("POST", "/api/v1/rules/dry-run", "coordinator", "{").status, 400);
}

TEST(Rules, WhatARuleIsReadsBackAsItWasWritten) {
  World world;
  with_rules(world);
  auto& r = world.rule_model.small.routes[0];
  r.when = {core::LocalDay{std::chrono::year{2026} / 1 / 1}, core::LocalDay{std::chrono::year{2026} / 2 / 1}, 0x1f,
            1320, 360};
  r.document = "会议纪要";
  auto const item = world.get("/api/v1/rules", "dispatch_officer").body.at("items").at(0);
  EXPECT_EQ(item.at("to_day"), "2026-01-31");
  EXPECT_EQ(item.at("weekdays"), "12345");
  EXPECT_EQ(item.at("from"), "22:00");
  auto const answer = world.post("/api/v1/rules/dry-run", "coordinator", json::object{{"rules", {item}}});
  EXPECT_EQ(answer.body.at("rules").at("changed"), 0) << answer;
  EXPECT_EQ(answer.body.at("asked"), 0);
}

TEST(Rules, AccuracyAndComponentsNearAnswerAndRefuseBadQuestions) {
  World world;
  with_rules(world);
  auto const accuracy = world.get("/api/v1/statistics/dispatch-accuracy?month=2026-10", "evaluator");
  ASSERT_EQ(accuracy.status, 200) << accuracy;
  EXPECT_EQ(accuracy.body.at("rows").at(0).at("accuracy"), 66.67);
  EXPECT_TRUE(world.get("/api/v1/statistics/dispatch-accuracy?by=mood", "evaluator").blames("/by"));
  EXPECT_TRUE(world.get("/api/v1/statistics/dispatch-accuracy?month=x", "evaluator").blames("/month"));
  EXPECT_EQ(world.get("/api/v1/components/near?lon=116.5&lat=35.4", "patroller").status, 200);
  for (auto const* query : {"?lat=35", "?lon=181&lat=35", "?lon=1&lat=x", "?lon=1&lat=1&within=501"})
    EXPECT_EQ(world.get("/api/v1/components/near" + std::string(query), "patroller").status, 422) << query;
  EXPECT_TRUE(world.get("/api/v1/rules?cursor=-1", "leader").blames("/cursor"));
}

TEST(Explain, RoutingIsToldInTheLanguageOfTheRequest) {
  World world;
  auto view = case_view();
  view.row.explain =
      R"({"routing":[{"level":"territorial","result":"no_rule"},{"level":"ordered","result":"hit","rule":"r1","unit":"u1","squad":"s1","how":"load"}],"deadline":null})";
  view.row.flags = {"unowned"};
  world.reads.cases[kCaseNo] = view;
  auto const url = std::string("/api/v1/cases/") + kCaseNo + "/explain";
  auto const zh = world.get(url, "shift_leader"),
             en = world.ask("GET", url, "shift_leader", "", {{"Accept-Language", "en"}});
  EXPECT_EQ(zh.body.at("routing").at(0).at("text"), "没有适用的规则");
  EXPECT_EQ(zh.body.at("routing").at(0).at("level_name"), "属地街道");
  EXPECT_EQ(en.body.at("routing").at(1).at("text"), "rule r1 gives it to u1 / s1 (the least busy)");
  EXPECT_EQ(en.body.at("routing").at(1).at("squad"), "s1") << "codes stay";
  EXPECT_EQ(en.body.at("flags").at(0), "unowned");
}

TEST(Rules, ACaseIsToldWhomTheRulesWouldSendItToAndHowBusyTheyAre) {
  World world;
  with_rules(world);
  world.rule_model.small.squads["a2"] = {"a2", "a", "甲二", "A2", 116.6, 35.41};
  world.rule_model.busy.loads["a1"] = 3;
  auto view = case_view();
  view.row.class_code = "01", view.row.lon = 116.6, view.row.lat = 35.4;
  world.reads.cases[kCaseNo] = view;
  auto const path = "/api/v1/cases/" + std::string(kCaseNo) + "/suggestion";
  auto const told = world.get(path, "dispatch_officer");
  ASSERT_EQ(told.status, 200) << told;
  EXPECT_EQ(told.body.at("squad"), "a1");
  EXPECT_EQ(told.body.at("rule"), "r1");
  auto const& squads = told.body.at("squads").as_array();
  ASSERT_EQ(squads.size(), 2u) << "those of the unit, and no other";
  EXPECT_TRUE(squads[0].at("suggested").as_bool());
  EXPECT_EQ(squads[0].at("load"), 3);
  EXPECT_TRUE(squads[0].at("metres").is_null()) << "nobody knows where it starts from";
  EXPECT_NEAR(squads[1].at("metres").to_number<double>(), 1113, 2);
  auto const& last = told.body.at("routing").as_array().back();
  EXPECT_EQ(last.at("result"), "hit");
  EXPECT_TRUE(is_chinese(last.at("text").as_string())) << told;
  world.rule_model.small.routes.clear();
  world.rule_model.small.finish();
  auto const none = world.get(path, "coordinator");
  EXPECT_TRUE(none.body.at("unit").is_null() && none.body.at("squads").as_array().empty()) << "a person decides";
  EXPECT_EQ(world.get("/api/v1/cases/3708712026112499999/suggestion", "dispatch_officer").status, 404);
  EXPECT_EQ(world.get(path, "acceptor").status, 403);
}

}  // namespace
}  // namespace wangge::test
