// Marks of duty and roll-calls on PostgreSQL: sent twice they are one, the first answer stands, and who sees whom.
#include <gtest/gtest.h>

#include "storage/attendance.hpp"
#include "storage/rule_model.hpp"
#include "tests/store/read_fixture.hpp"

namespace wangge::tests {
namespace {

constexpr char kOne[] = "0b6cbb1c-7a0e-4c63-9d0e-3d0f6f6a7731", kTwo[] = "1b6cbb1c-7a0e-4c63-9d0e-3d0f6f6a7732",
               kThree[] = "2b6cbb1c-7a0e-4c63-9d0e-3d0f6f6a7733";
core::Instant today() {
  return core::Instant{std::chrono::floor<core::Days>(std::chrono::system_clock::now())} + std::chrono::hours{4};
}  // noon of the district

class OnDuty : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    sql("INSERT INTO duty_line (district, line, patroller, unit, street, community, grid, from_minute, to_minute, "
        "weekdays) VALUES"
        " ('370871', 1, 'p1', '', '370871001', '', '', 0, 1440, 127), ('370871', 2, 'p2', '', '370871002', '', '', 0, "
        "60, 127)");
    people = std::make_unique<storage::Attendance>(url, 1);
    p1 = principal(core::Role::patroller, "p1"), p2 = principal(core::Role::patroller, "p2");
    lead = principal(core::Role::patrol_lead, "lead");
  }
  std::vector<std::string> names(core::Principal const& who) {
    return members(people->people(who, today(), "", 200).items, "person");
  }
  // Squares side by side, of the codes' streets and communities.
  void cells(std::vector<std::pair<std::string, double>> const& wanted) {
    std::string rows;
    for (auto const& [grid, west] : wanted) {
      auto const w = std::to_string(west), e = std::to_string(west + 0.01);
      rows += (rows.empty() ? "('370871', '" : ",('370871', '") + grid + "', '" + grid.substr(0, 9) + "', '" + grid.substr(0, 12) +
              "', 1, '2020-01-01', ST_GeomFromText('POLYGON((" + w + " 35.4," + e + " 35.4," + e + " 35.41," + w +
              " 35.41," + w + " 35.4))', 4490))";
    }
    sql("DELETE FROM cell; INSERT INTO street (district, code, zh, en) VALUES ('370871', '370871001', '一', 'A'), "
        "('370871', '370871002', '二', 'B') ON CONFLICT DO NOTHING;"
        "INSERT INTO community (district, code, street, zh, en) VALUES ('370871', '370871001001', '370871001', '甲', "
        "'A'), ('370871', '370871002001', '370871002', '乙', 'B') ON CONFLICT DO NOTHING;"
        "INSERT INTO cell (district, grid, street, community, area_m2, initial_date, shape) VALUES " + rows);
  }
  std::unique_ptr<storage::Attendance> people;
  core::Principal p1, p2, lead;
};

TEST_F(OnDuty, AMarkIsOneAndTheLastOneCounts) {
  storage::Spot const here{116.6, 35.4, 12.0, today() - std::chrono::hours{3}};
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(people->mark(p1, {kOne, true, here}, today()));
  EXPECT_FALSE(people->mark(p1, {kOne, false, here}, today())) << "the same id for another deed";
  EXPECT_FALSE(people->mark(p2, {kOne, true, here}, today())) << "or by another person";
  EXPECT_EQ(sql("SELECT count(*) FROM duty_mark")[0][0], "1");
  EXPECT_NE(people->people(p1, today(), "", 200).items.find("\"on_duty\" : true"), std::string::npos)
      << people->people(p1, today(), "", 200).items;
  // A device that is hours behind changes nothing about the order.
  ASSERT_TRUE(people->mark(p1, {kTwo, false, {{}, {}, {}, today() - std::chrono::hours{9}}},
                           today() + std::chrono::minutes{1}));
  EXPECT_EQ(people->people(p1, today(), "", 200).items.find("\"on_duty\" : true"), std::string::npos);
  EXPECT_EQ(members(people->marks(lead, "p1", {}, {}, "", 1).items, "mark_id"), Numbers{kTwo});
  auto const first = people->marks(lead, "", {}, {}, "", 1);
  EXPECT_EQ(members(people->marks(lead, "", {}, {}, first.next_cursor, 1).items, "mark_id"), Numbers{kOne});
  EXPECT_TRUE(members(people->marks(p2, "p1", {}, {}, "", 10).items, "mark_id").empty()) << "a patroller sees his own";
}

TEST_F(OnDuty, AMarkOfYesterdayIsNoDuty) {
  people->mark(p1, {kOne, true, {}}, today() - std::chrono::hours{17});
  EXPECT_EQ(people->people(p1, today(), "", 200).items.find("\"on_duty\" : true"), std::string::npos);
  EXPECT_FALSE(people->call(lead, {kTwo, "", "", {}}, today())) << "and nobody is called by it";
}

TEST_F(OnDuty, PeopleAreThoseOfTheRosterInOnesScope) {
  EXPECT_EQ(names(lead), (Numbers{"p1", "p2"}));
  EXPECT_EQ(names(p2), Numbers{"p2"});
  lead.street = "370871002";
  EXPECT_EQ(names(lead), Numbers{"p2"});
  auto const all = people->people(principal(core::Role::leader), today(), "", 200).items;
  EXPECT_NE(all.find("\"rostered_now\" : true"), std::string::npos);
  EXPECT_NE(all.find("\"rostered_now\" : false"), std::string::npos) << "p2's line was over at one o'clock";
}

// 专项 points are tasks of whoever's roster line holds them, until somebody has looked.
TEST_F(OnDuty, APointIsATaskOfItsDutyGridUntilSomebodyHasLooked) {
  auto const square = [](char const* west, char const* east) {
    return std::string("ST_GeomFromText('POLYGON((") + west + " 35.3, " + east + " 35.3, " + east + " 35.4, " + west +
           " 35.4, " + west + " 35.3))', 4490)";
  };
  sql("INSERT INTO community (district, code, street, zh, en) VALUES ('370871', '370871001001', '370871001', '甲', "
      "'A'), ('370871', '370871002001', '370871002', '乙', 'B');"
      "INSERT INTO cell (district, grid, street, community, area_m2, initial_date, shape) VALUES "
      "('370871', '370871001001001', '370871001', '370871001001', 1, '2020-01-01', " +
      square("116.5", "116.6") +
      "), "
      "('370871', '370871002001001', '370871002', '370871002001', 1, '2020-01-01', " +
      square("116.6", "116.7") + ")");
  sql("INSERT INTO campaign (district, seq, key, zh, en, from_day, to_day, quota, checklist, points) VALUES "
      "('370871', 1, 'flood', '防汛', 'Flood', current_date - 3, current_date + 3, 40, E'收水口\n井盖', E'a 116.55 "
      "35.35 South market\nb 116.65 35.35\nc 116.56 35.36'), "
      "('370871', 2, 'past', '已完', 'Past', current_date - 30, current_date - 3, 0, '', 'z 116.55 35.35')");
  auto const open = [&](core::Principal const& who) {
    return members(people->points(who, {"", "open"}, today(), "", 200).items, "point");
  };
  EXPECT_EQ(open(p1), (Numbers{"a", "c"}));
  EXPECT_EQ(open(p2), Numbers{"b"});
  EXPECT_EQ(open(lead), (Numbers{"a", "b", "c", "z"})) << "who looks after them sees all";
  auto const first = people->points(lead, {"flood", ""}, today(), "", 2);
  EXPECT_EQ(members(first.items, "point"), (Numbers{"a", "b"}));
  EXPECT_EQ(members(people->points(lead, {"flood", ""}, today(), first.next_cursor, 2).items, "point"), Numbers{"c"});

  storage::Visit visit{kOne, "flood", "a", "unable", "围挡未开", {}, {}, {}};
  ASSERT_TRUE(people->visit(p1, visit, today()).json);
  EXPECT_EQ(open(p1), (Numbers{"a", "c"})) << "nobody could look: it stays to be done";
  visit.visit_id = kTwo, visit.result = "found", visit.checked = {"收水口"}, visit.photos = {"sha256-a"},
  visit.spot = {116.551, 35.35, 5.0, {}};
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(people->visit(p1, visit, today()).json) << "sent twice it is one";
  EXPECT_TRUE(people->visit(p2, visit, today()).other) << "the id is another's";
  EXPECT_EQ(open(p1), Numbers{"c"});
  EXPECT_EQ(members(people->points(lead, {"flood", "done"}, today(), "", 200).items, "point"), Numbers{"a"});
  EXPECT_EQ(sql("SELECT count(*), max(round(metres)) FROM campaign_visit")[0], (Numbers{"2", "91"}));
  visit.visit_id = kThree, visit.campaign = "past", visit.point = "z";
  EXPECT_FALSE(people->visit(p1, visit, today()).json) << "it is over";
  visit.campaign = "flood", visit.point = "q";
  EXPECT_FALSE(people->visit(p1, visit, today()).json);

  storage::RuleModel rules(url, 1);
  auto const report = rules.campaigns(kDistrict, "", 10).items;
  for (auto const* part : {"\"points\" : 3", "\"visited\" : 1", "\"found\" : 1", "\"clean\" : 0", "\"unable\" : 0",
                           "\"quota_rate\" : 0.00"})
    EXPECT_NE(report.find(part), std::string::npos) << part << ' ' << report;
  EXPECT_EQ(reads->media_named({"sha256-a", "sha256-b"}), Numbers{"sha256-a"}) << "its picture is not swept";
  EXPECT_TRUE(reads->may_read_media(lead, "sha256-a"));
  EXPECT_FALSE(reads->may_read_media(p2, "sha256-a"));
}

TEST_F(OnDuty, ARollCallIsAnsweredOnceInTimeOrLate) {
  people->mark(p1, {kOne, true, {}}, today() - std::chrono::minutes{5});
  auto const called = people->call(lead, {kTwo, "", "抽查", {}}, today());
  ASSERT_TRUE(called);
  EXPECT_EQ(called->people, Numbers{"p1"}) << "who is on duty";
  EXPECT_TRUE(people->call(lead, {kTwo, "", "抽查", {}}, today())->existed);
  EXPECT_THROW(people->call(principal(core::Role::leader, "boss"), {kTwo, "", "", {}}, today()), storage::BadFilter);
  EXPECT_FALSE(people->answer(p2, kTwo, {"sha256-x", "", {}}, today()));
  ASSERT_TRUE(people->answer(p1, kTwo, {"sha256-a", "", {116.6, 35.4, 5.0, {}}}, today() + std::chrono::minutes{2}));
  ASSERT_TRUE(people->answer(p1, kTwo, {"sha256-b", "", {}}, today() + std::chrono::minutes{9}));
  EXPECT_EQ(sql("SELECT photo, answered_at <= (SELECT answer_by FROM roll_call) FROM roll_answer"),
            (std::vector<Numbers>{{"sha256-a", "t"}}));
  EXPECT_EQ(reads->media_named({"sha256-a", "sha256-b"}), Numbers{"sha256-a"}) << "it is not swept";
  EXPECT_TRUE(reads->may_read_media(lead, "sha256-a"));
  EXPECT_FALSE(reads->may_read_media(p2, "sha256-a"));
  // By name, whoever is on duty; a late answer is taken and counted as late.
  auto const named = people->call(lead, {kThree, "", "", {"p2", "nobody"}}, today());
  ASSERT_TRUE(named);
  EXPECT_EQ(named->people, Numbers{"p2"});
  auto const late = people->answer(p2, kThree, {"sha256-c", "", {}}, today() + std::chrono::minutes{4});
  ASSERT_TRUE(late);
  EXPECT_NE(late->find("\"late\" : 1"), std::string::npos) << *late;
  EXPECT_EQ(members(people->roll_calls(p1, false, "", 10).items, "roll_call_id"), Numbers{kTwo});
  EXPECT_EQ(members(people->roll_calls(lead, false, "", 10).items, "roll_call_id").size(), 2u);
  lead.street = "370871001";
  EXPECT_TRUE(members(people->roll_calls(lead, false, "", 10).items, "roll_call_id").empty())
      << "calls of the whole district are not a street's";
}

TEST_F(OnDuty, OnesCellsAreThoseOfTodaysLines) {
  cells({{"370871001001001", 116.60}, {"370871002001001", 116.61}});
  EXPECT_EQ(members(people->cells(p1, today(), "", 10).items, "grid"), Numbers{"370871001001001"});
  people->mark(p1, {kOne, true, {116.605, 35.405, 5.0, {}}}, today());
  EXPECT_EQ(sql("SELECT grid FROM duty_mark")[0][0], "370871001001001");
  people->call(lead, {kTwo, "", "", {"p1"}}, today());
  people->answer(p1, kTwo, {"sha256-a", "", {116.61, 35.405, 5.0, {}}}, today());
  EXPECT_EQ(sql("SELECT grid, in_duty_grid FROM roll_answer"), (std::vector<Numbers>{{"370871001001001", "t"}}))
      << "a border belongs to both: the lowest code";
  people->call(lead, {kThree, "", "", {"p1"}}, today());
  people->answer(p1, kThree, {"sha256-b", "", {116.615, 35.405, 5.0, {}}}, today());
  EXPECT_EQ(sql("SELECT in_duty_grid FROM roll_answer WHERE photo = 'sha256-b'")[0][0], "f");
}

TEST_F(OnDuty, ADaysCoverageCountsTracesInTheCellsOfTheRoster) {
  cells({{"370871001001001", 116.60}, {"370871001001002", 116.61}, {"370871001001003", 116.62}, {"370871002001001", 116.63}});
  auto const begin = today() - std::chrono::hours{12}, nine = today() - std::chrono::hours{3};
  people->mark(p1, {kOne, true, {116.605, 35.405, 5.0, {}}}, nine);  // in the first cell
  people->mark(p1, {kTwo, false, {}}, nine + std::chrono::minutes{90});
  people->call(lead, {kThree, "", "", {"p1"}}, nine + std::chrono::minutes{10});
  people->answer(p1, kThree, {"sha256-a", "", {116.635, 35.405, 5.0, {}}}, nine + std::chrono::minutes{20});  // in p2's street, and late
  save({Life(1).save(), Life(2).save(), Life(3).save()});
  sql("UPDATE cases SET grid = '370871001001002', street = '370871001';"
      "UPDATE cases SET check_mode = 'photo', grid = '370871001001003' WHERE case_no = '" + number(2) + "'");
  auto const step = [&](char const* mark, int n, core::Instant at) {
    return "('370871', instant(" + std::to_string(at.time_since_epoch().count()) + "), '" + mark + "', '" + number(n) + "', 1, 'p1', 'patroller', '', '')";
  };
  sql("DELETE FROM case_mark; INSERT INTO case_mark (district, at, mark, case_no, version, person, post, unit, squad) VALUES " + step("report", 1, nine) + "," +
      step("check", 2, nine) + "," + step("report", 3, begin - std::chrono::minutes{1}));
  storage::CoverageAsked asked;
  asked.limit = 200;
  auto const now = today();
  auto const of = [&](core::Principal const& who) { return people->coverage(who, asked, now).items; };
  EXPECT_EQ(members(of(lead), "person"), (Numbers{"p1", "p2"}));
  EXPECT_EQ(members(of(p2), "person"), Numbers{"p2"}) << "a patroller sees himself";
  auto const mine = of(p1);
  for (auto const* said : {"\"cells_due\" : 3", "\"cells_walked\" : 2", "\"coverage\" : 66.67", "\"cells_elsewhere\" : 1", "\"reports\" : 1", "\"checks\" : 0",
                           "\"on_minutes\" : 90", "\"planned_minutes\" : 1440", "\"called\" : 1", "\"answered\" : 1", "\"late\" : 1", "\"rostered\" : true"})
    EXPECT_NE(mine.find(said), std::string::npos) << said << " in " << mine;
  auto const cells_of = [&](char const* walked, char const* due) {
    asked.walked = walked, asked.rostered = due;
    auto const items = people->coverage_cells(lead, asked, now).items;
    asked.walked = asked.rostered = "";
    return members(items, "grid");
  };
  asked.person = "p1";
  EXPECT_EQ(cells_of("true", "true"), (Numbers{"370871001001001", "370871001001002"})) << "a check by photo is no walk, yesterday's report neither";
  EXPECT_EQ(cells_of("false", ""), Numbers{"370871001001003"});
  EXPECT_EQ(cells_of("true", "false"), Numbers{"370871002001001"}) << "beside the roster";
  auto opened = members(people->coverage_cells(lead, asked, now).items, "case_no");
  std::erase(opened, "null");
  EXPECT_EQ(opened, Numbers{number(1)}) << "a trace opens into its case";
  asked.person = "", asked.by = "street";
  auto const streets = people->coverage(lead, asked, now).items;
  EXPECT_EQ(members(streets, "key"), (Numbers{"370871001", "370871002"}));
  EXPECT_NE(streets.find("\"cells_due\" : 1, \"cells_walked\" : 1"), std::string::npos) << "p2's cell, whoever walked it: " << streets;
  lead.street = "370871002";
  EXPECT_EQ(members(people->coverage(lead, asked, now).items, "key"), Numbers{"370871002"});
  lead.street = "", asked.by = "district", asked.day = "2026-01-05";
  EXPECT_NE(people->coverage(lead, asked, now).items.find("\"cells_walked\" : 0"), std::string::npos) << "another day";
}

}  // namespace
}  // namespace wangge::tests
