// The hotline orders' door: faults by field, what travels to the dispatcher, what is shown to whom.
#include <gtest/gtest.h>

#include "world.hpp"

namespace wangge::test {
namespace {

namespace json = boost::json;
constexpr char kOrders[] = "/api/v1/hotline-orders";
constexpr char kOrder[] = "/api/v1/hotline-orders/hotline_12345:A-1";

json::object body(json::object change = {}) {
  json::object out{{"system", "hotline_12345"},
                   {"number", "A-1"},
                   {"text", "夜间施工扰民"},
                   {"caller", {{"name", "张三"}, {"phone", "13800000000"}}}};
  for (auto& [name, value] : change) {
    if (value.is_null())
      out.erase(name);
    else
      out[name] = value;
  }
  return out;
}

void with_order(World& world, std::string unit = "u1") {
  auto& view = world.hotline_model.known.emplace();
  view.order.district = "370871";
  view.order.order_no = "hotline_12345:A-1";
  view.order.system = "hotline_12345", view.order.number = "A-1";
  view.order.version = 3;
  view.order.state = core::OrderState::handling;
  view.order.unit = std::move(unit);
  view.order.due_at = now() + std::chrono::hours{9};
  view.caller_name = "张三", view.caller_phone = "13800000000";
}

TEST(HotlineDoor, EveryWrongFieldIsNamed) {
  World world;
  struct Case {
    json::object change;
    char const *pointer, *code;
  };
  for (auto const& [change, pointer, code] :
       std::initializer_list<Case>{{{{"system", "fax"}}, "/system", "unknown_value"},
                                   {{{"system", nullptr}}, "/system", "required"},
                                   {{{"number", "a b"}}, "/number", "bad_format"},
                                   {{{"number", nullptr}}, "/number", "required"},
                                   {{{"text", nullptr}}, "/text", "required"},
                                   {{{"text", std::string(4001, 'x')}}, "/text", "too_long"},
                                   {{{"due_at", "soon"}}, "/due_at", "bad_format"},
                                   {{{"due_at", "1999-01-01T00:00:00Z"}}, "/due_at", "out_of_range"},
                                   {{{"caller", 5}}, "/caller", "wrong_type"}}) {
    auto const answer = world.post(kOrders, "hotline_agent", body(change));
    EXPECT_EQ(answer.status, 422) << pointer << answer;
    EXPECT_TRUE(answer.blames(pointer)) << pointer << ' ' << code << answer;
  }
  EXPECT_TRUE(world.road.commands.empty());
  EXPECT_EQ(world.post(kOrders, "dispatch_officer", body()).status, 403);
}

TEST(HotlineDoor, AnOrderComesInUnderItsUpstreamNumber) {
  World world;
  with_order(world);
  auto const answer = world.post(kOrders, "hotline_agent", body({{"sign_by", "2026-12-01T09:00:00+08:00"}}));
  ASSERT_EQ(answer.status, 201) << answer;
  EXPECT_EQ(answer.body.at("order_no"), "hotline_12345:A-1");
  EXPECT_EQ(answer.body.at("caller").at("phone"), "138****0000");
  auto const& command = world.road.commands.back();
  EXPECT_EQ(command.action, "receive");
  EXPECT_EQ(command.case_no, "hotline_12345:A-1");
  EXPECT_EQ(command.input.name, "张三");
  EXPECT_TRUE(command.input.sign_by);
  world.road.command_outcome.code = "known";
  EXPECT_EQ(world.post(kOrders, "hotline_agent", body()).status, 200) << "the same number again";
  EXPECT_EQ(world.road.commands[0].command_id, world.road.commands[1].command_id);
}

TEST(HotlineDoor, ActionsTravelWithTheirFieldsAndRefusalsComeBack) {
  World world;
  with_order(world);
  json::object act{{"command_id", kCommandId}, {"version", 3}};
  EXPECT_EQ(world.post(std::string(kOrder) + "/actions/explode", "hotline_agent", act).status, 404);
  EXPECT_EQ(world.post(std::string(kOrder) + "/actions/receive", "hotline_agent", act).status, 404);
  auto const missing = world.post(std::string(kOrder) + "/actions/send_back", "hotline_agent", act);
  EXPECT_TRUE(missing.blames("/reason", "required")) << missing;
  act["reason"] = "不属本区";
  auto const done = world.post(std::string(kOrder) + "/actions/send_back", "hotline_agent", act);
  ASSERT_EQ(done.status, 200) << done;
  EXPECT_EQ(world.road.commands.back().input.reason, "不属本区");
  world.road.command_outcome = {409, "", "", "", 4, false};
  auto const stale = world.post(std::string(kOrder) + "/actions/send_back", "hotline_agent", act);
  EXPECT_EQ(stale.status, 409);
  EXPECT_EQ(stale.body.at("order").at("version"), 3) << "with the order as it is";
  world.road.command_outcome = {422, "return_window_over", "", "", 4, false};
  EXPECT_EQ(world.post(std::string(kOrder) + "/actions/send_back", "hotline_agent", act).body.at("reason"),
            "return_window_over");
}

TEST(HotlineDoor, WhoCalledIsShownToThreeRolesAndAUnitSeesItsOwn) {
  World world;
  with_order(world);
  EXPECT_TRUE(world.get(kOrder, "hotline_agent").body.contains("caller"));
  EXPECT_FALSE(world.get(kOrder, "unit_clerk").body.contains("caller"));
  EXPECT_FALSE(world.get(kOrder, "leader").body.contains("caller"));
  auto const mine = world.get(kOrder, "unit_clerk");
  bool drafts = false;
  for (auto const& action : mine.body.at("actions").as_array()) drafts = drafts || action.at("name") == "draft_reply";
  EXPECT_TRUE(drafts) << mine;
  with_order(world, "u2");
  EXPECT_EQ(world.get(kOrder, "unit_clerk").status, 404);
  EXPECT_EQ(world.get("/api/v1/hotline-orders/A-1", "hotline_agent").status, 404);
}

TEST(HotlineDoor, ListsTakeTheirFiltersAndNameABadOne) {
  World world;
  with_order(world);
  auto const list =
      world.get(std::string(kOrders) + "?state=handling&open=true&told=true&case_no=" + kCaseNo, "leader");
  ASSERT_EQ(list.status, 200) << list;
  EXPECT_FALSE(list.body.at("items").at(0).as_object().contains("caller")) << "never in lists";
  EXPECT_TRUE(world.hotline_model.asked.told);
  EXPECT_EQ(world.hotline_model.asked.case_no, kCaseNo);
  for (auto const* bad : {"state=lost", "open=maybe", "case_no=12", "limit=0"})
    EXPECT_EQ(world.get(std::string(kOrders) + "?" + bad, "leader").status, 422) << bad;
}

// CCRS release notes: an employee without a department.
TEST(Peers, AnEmployeeWithoutDepartmentSeesAClearMessageNotAnEmptyPage) {
  World world;
  for (auto const* path : {"/api/v1/cases", "/api/v1/cases/counts", "/api/v1/tasks"}) {
    for (auto const* token : {"unit_clerk:nobody", "squad_leader:nobody"}) {
      auto const zh = world.get(path, token);
      EXPECT_EQ(zh.status, 403) << path << ' ' << token << zh;
      EXPECT_TRUE(is_chinese(zh.body.at("detail").as_string())) << zh;
      auto const en = world.ask("GET", path, token, "", {{"Accept-Language", "en"}});
      EXPECT_NE(std::string(en.body.at("detail").as_string()).find("unit"), std::string::npos) << en;
    }
    EXPECT_NE(world.get(path, "squad_leader").status, 403);
  }
}

}  // namespace
}  // namespace wangge::test
