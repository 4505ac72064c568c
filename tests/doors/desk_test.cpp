// The desk's records behind their doors: two signatures of two people, nothing changes what was signed; views; who looks at what.
#include <gtest/gtest.h>

#include "tests/doors/world.hpp"

namespace wangge::test {
namespace {

namespace json = boost::json;

TEST(Handover, TwoLeadersSignAndThenNothingChangesIt) {
  World world;
  auto const opened = world.post("/api/v1/handovers", "shift_leader:lead1", json::object{});
  ASSERT_EQ(opened.status, 201) << opened;
  EXPECT_EQ(opened.body.at("snapshot").at("open"), 3);
  EXPECT_EQ(world.post("/api/v1/handovers", "shift_leader:lead2", json::object{}).status, 200) << "one a shift";
  auto const notes = world.post("/api/v1/handovers/1/notes", "shift_leader:lead1", json::object{{"version", 1}, {"notes", "崇文大道积水，已通知排水所"}});
  ASSERT_EQ(notes.status, 200) << notes;
  EXPECT_EQ(world.post("/api/v1/handovers/1/notes", "shift_leader:lead1", json::object{{"version", 1}, {"notes", "崇文大道积水，已通知排水所"}}).status, 200) << "a retry";
  EXPECT_EQ(world.post("/api/v1/handovers/1/notes", "shift_leader:lead1", json::object{{"version", 1}, {"notes", "别的"}}).status, 409);
  auto const first = world.post("/api/v1/handovers/1/sign", "shift_leader:lead1", json::object{{"version", 2}});
  ASSERT_EQ(first.status, 200) << first;
  EXPECT_EQ(first.body.at("state"), "signed_out");
  EXPECT_EQ(first.body.at("intact"), true);
  EXPECT_EQ(world.post("/api/v1/handovers/1/sign", "shift_leader:lead1", json::object{{"version", 2}}).status, 200) << "a retry";
  auto const same = world.post("/api/v1/handovers/1/sign", "shift_leader:lead1", json::object{{"version", 3}});
  EXPECT_EQ(same.status, 409) << "one person does not sign twice";
  EXPECT_EQ(same.body.at("handover").at("state"), "signed_out");
  EXPECT_EQ(world.post("/api/v1/handovers/1/notes", "shift_leader:lead2", json::object{{"version", 3}, {"notes", "x"}}).status, 409);
  auto const second = world.post("/api/v1/handovers/1/sign", "shift_leader:lead2", json::object{{"version", 3}, {"remark", "收到"}});
  ASSERT_EQ(second.status, 200) << second;
  EXPECT_EQ(second.body.at("state"), "complete");
  EXPECT_EQ(second.body.at("light"), "green");
  EXPECT_TRUE(second.body.at("actions").as_array().empty());
  for (auto const* what : {"notes", "sign"})
    EXPECT_EQ(world.post(std::string("/api/v1/handovers/1/") + what, "shift_leader:lead3", json::object{{"version", 4}}).status, 409) << what;
}

TEST(Handover, BadInputIsBlamedOnItsField) {
  World world;
  world.post("/api/v1/handovers", "shift_leader", json::object{});
  EXPECT_TRUE(world.post("/api/v1/handovers", "shift_leader", json::object{{"shift_from", "yesterday"}}).blames("/shift_from"));
  EXPECT_TRUE(world.post("/api/v1/handovers", "shift_leader", json::object{{"shift_from", "2026-01-01T08:00:00+08:00"}}).blames("/shift_from", "out_of_range"));
  EXPECT_TRUE(world.post("/api/v1/handovers/1/notes", "shift_leader", json::object{{"version", 1}, {"notes", std::string(4001, 'x')}}).blames("/notes", "too_long"));
  EXPECT_TRUE(world.post("/api/v1/handovers/1/sign", "shift_leader", json::object{}).blames("/version", "required"));
  EXPECT_EQ(world.post("/api/v1/handovers/9/sign", "shift_leader", json::object{{"version", 1}}).status, 404);
  EXPECT_EQ(world.get("/api/v1/handovers/x", "leader").status, 404);
  EXPECT_EQ(world.get("/api/v1/handovers?cursor=x", "leader").status, 422);
  EXPECT_EQ(world.post("/api/v1/handovers", "dispatch_officer", json::object{}).status, 403);
}

TEST(Handover, AShiftWithoutOneShowsRedAndThePlanOfShiftsCanBeSet) {
  World world;
  world.desk_records.plan.since = now() - std::chrono::hours{60};
  auto const before = world.get("/api/v1/shifts", "acceptor");
  ASSERT_EQ(before.status, 200) << before;
  EXPECT_GE(before.body.at("red").as_int64(), 3);
  EXPECT_EQ(before.body.at("items").at(2).at("light"), "red");
  EXPECT_EQ(before.body.at("items").at(0).at("light"), nullptr) << "the one that runs";
  auto const missing = before.body.at("items").at(2).at("from");
  ASSERT_EQ(world.post("/api/v1/handovers", "shift_leader:a", json::object{{"shift_from", missing}}).status, 201);
  EXPECT_EQ(world.get("/api/v1/shifts", "acceptor").body.at("items").at(2).at("state"), "opened");
  EXPECT_EQ(world.get("/api/v1/shifts", "acceptor").body.at("items").at(2).at("light"), "red") << "opened is not signed";
  json::object const three{{"begins", json::array{json::object{{"at", "00:00"}, {"zh", "夜班"}, {"en", "Night"}}, json::object{{"at", "08:00"}, {"zh", "早班"}, {"en", "Early"}}}}};
  EXPECT_EQ(world.ask("PUT", "/api/v1/shifts", "leader", json::serialize(three)).body.at("begins").at(1).at("at"), "08:00");
  EXPECT_EQ(world.ask("PUT", "/api/v1/shifts", "leader", R"({"begins":[{"at":"25:00","zh":"x","en":"x"}]})").pointers().at(0), "/begins/0/at");
  EXPECT_EQ(world.ask("PUT", "/api/v1/shifts", "leader", R"({"begins":[]})").status, 422);
}

TEST(Handover, TheRecordIsPrintedAndExportedWithoutMarkup) {
  World world;
  world.post("/api/v1/handovers", "shift_leader", json::object{});
  world.post("/api/v1/handovers/1/notes", "shift_leader", json::object{{"version", 1}, {"notes", "<script>alert(1)</script>"}});
  auto const page = world.get("/api/v1/handovers/1?format=html", "leader");
  ASSERT_EQ(page.status, 200);
  for (auto const* bad : {"<script", "<b>="}) EXPECT_EQ(page.text.find(bad), std::string::npos) << bad;
  EXPECT_NE(page.text.find("&lt;script&gt;"), std::string::npos);
  EXPECT_NE(page.text.find("3708712026112400001"), std::string::npos);
  EXPECT_EQ(world.get("/api/v1/handovers/1?format=csv", "leader").text.substr(0, 3), "\xef\xbb\xbf");
  EXPECT_EQ(world.get("/api/v1/handovers/1?format=xlsx", "leader").text.substr(0, 2), "PK");
  EXPECT_EQ(world.get("/api/v1/handovers/1?format=pdf", "leader").status, 422);
}

constexpr char kView[] = "0b6cbb1c-7a0e-4c63-9d0e-3d0f6f6a7799";

TEST(Views, AreOnesOwnOrSharedWithCountsByLight) {
  World world;
  json::object view{{"view_id", kView}, {"name", "市政红灯"}, {"query", "light=red&unit=u1"}, {"shared", true}, {"pinned", true}};
  ASSERT_EQ(world.post("/api/v1/views", "dispatch_officer:d1", view).status, 200);
  auto const seen = world.get("/api/v1/views", "acceptor:a1").body.at("items").at(0);
  EXPECT_EQ(seen.at("name"), "市政红灯");
  EXPECT_EQ(seen.at("own"), false);
  EXPECT_EQ(seen.at("light").at("red"), 2);
  view["shared"] = false;
  EXPECT_EQ(world.post("/api/v1/views", "dispatch_officer:d1", view).status, 200);
  EXPECT_TRUE(world.get("/api/v1/views", "acceptor:a1").body.at("items").as_array().empty());
  EXPECT_EQ(world.ask("DELETE", std::string("/api/v1/views/") + kView, "acceptor:a1").status, 404);
  EXPECT_EQ(world.ask("DELETE", std::string("/api/v1/views/") + kView, "dispatch_officer:d1").status, 200);
}

TEST(Views, WhatIsNoFilterOrMayNotBeSharedIsRefused) {
  World world;
  EXPECT_TRUE(world.post("/api/v1/views", "acceptor", json::object{{"view_id", kView}, {"name", "x"}, {"query", "light=blue"}}).blames("/query"));
  EXPECT_TRUE(world.post("/api/v1/views", "acceptor", json::object{{"view_id", "1"}, {"name", "x"}}).blames("/view_id"));
  EXPECT_TRUE(world.post("/api/v1/views", "disposer", json::object{{"view_id", kView}, {"name", "x"}, {"shared", true}}).blames("/shared"));
  world.post("/api/v1/views", "acceptor", json::object{{"view_id", kView}, {"name", "x"}});
  EXPECT_TRUE(world.post("/api/v1/views", "acceptor", json::object{{"view_id", "0b6cbb1c-7a0e-4c63-9d0e-3d0f6f6a7798"}, {"name", "x"}}).blames("/name", "repeated"));
}

TEST(Presence, AnotherSeesWhoLooksAndWhoWorksAndTakesOverWithAReason) {
  World world;
  world.reads.cases[kCaseNo] = case_view();
  auto const beat = [&](char const* who, bool working) {
    return world.post("/api/v1/presence", who, json::object{{"seat", "t1"}, {"case_no", kCaseNo}, {"working", working}});
  };
  EXPECT_EQ(beat("acceptor:张三", true).body.at("working"), true);
  auto const second = beat("acceptor:李四", true);
  EXPECT_EQ(second.body.at("working"), false) << "the lease is another's";
  EXPECT_EQ(second.body.at("lease").at("name"), "张三");
  EXPECT_EQ(second.body.at("people").as_array().size(), 2u);
  std::string const over = std::string("/api/v1/cases/") + kCaseNo + "/takeover";
  EXPECT_TRUE(world.post(over, "acceptor:李四", json::object{}).blames("/reason", "required"));
  EXPECT_EQ(world.post(over, "acceptor:李四", json::object{{"reason", "张三去开会"}}).body.at("lease").at("name"), "李四");
  EXPECT_EQ(world.get("/api/v1/presence", "leader").body.at("items").as_array().size(), 1u);
  EXPECT_TRUE(world.get("/api/v1/presence", "unit_clerk").body.at("items").as_array().empty()) << "a unit is told of its own cases only";
  EXPECT_EQ(world.post("/api/v1/presence", "acceptor:李四", json::object{{"seat", "t1"}}).status, 200);
  EXPECT_TRUE(world.post("/api/v1/presence", "acceptor", json::object{{"seat", "t1"}, {"case_no", "<b>"}}).blames("/case_no"));
}

TEST(Promise, AReplyPromisedIsKeptByReport) {
  World world;
  std::string const path = std::string("/api/v1/reports/") + kCommandId + "/promise";
  EXPECT_EQ(world.post(path, "hotline_agent", json::object{{"until", "2027-01-01T08:00:00+08:00"}}).status, now() < at("2027-01-01T00:00:00Z") ? 200 : 422);
  EXPECT_TRUE(world.post(path, "hotline_agent", json::object{{"until", "2020-01-01T08:00:00+08:00"}}).blames("/until", "out_of_range"));
  EXPECT_EQ(world.post("/api/v1/reports/x/promise", "hotline_agent", json::object{{"until", "2027-01-01T08:00:00+08:00"}}).status, 404);
}

TEST(Earlier, ACallersReportsAreToldWithTheNameMaskedAndToTheDeskOnly) {
  World world;
  auto const told = world.post("/api/v1/callers/earlier", "hotline_agent", json::object{{"phone", "13800001234"}});
  ASSERT_EQ(told.status, 200) << told;
  EXPECT_EQ(told.body.at("items").at(0).at("name"), "李**");
  EXPECT_TRUE(world.post("/api/v1/callers/earlier", "acceptor", json::object{{"phone", "13900001234"}}).body.at("items").as_array().empty());
  EXPECT_TRUE(world.post("/api/v1/callers/earlier", "acceptor", json::object{{"phone", "138-00"}}).blames("/phone", "bad_format"));
  EXPECT_TRUE(world.post("/api/v1/callers/earlier", "acceptor", json::object{}).blames("/phone", "required"));
  for (auto const* role : {"dispatch_officer", "leader", "patroller", "unit_clerk"})
    EXPECT_EQ(world.post("/api/v1/callers/earlier", role, json::object{{"phone", "13800001234"}}).status, 403) << role;
}

}  // namespace
}  // namespace wangge::test
