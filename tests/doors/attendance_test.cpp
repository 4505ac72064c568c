// Duty and roll-calls at the door, and what a device says of a picture.
#include <gtest/gtest.h>

#include "world.hpp"

namespace wangge::test {
namespace {

namespace json = boost::json;
constexpr char kOther[] = "1b6cbb1c-7a0e-4c63-9d0e-3d0f6f6a7732";

TEST(Attendance, AMarkIsOneHoweverOftenItIsSent) {
  World world;
  json::object const body{{"mark_id", kCommandId},
                          {"lon", 116.6},
                          {"lat", 35.4},
                          {"accuracy_m", 12},
                          {"device_at", "2026-11-28T08:00:00+08:00"}};
  for (int i = 0; i < 2; ++i) EXPECT_EQ(world.post("/api/v1/duty/on", "patroller", body).status, 200);
  EXPECT_EQ(world.people.spot.lon, 116.6);
  EXPECT_EQ(world.people.spot.device_at, at("2026-11-28T08:00:00+08:00"));
  auto const other = world.post("/api/v1/duty/off", "patroller", body);
  EXPECT_EQ(other.status, 422);
  EXPECT_TRUE(other.blames("/mark_id", "id_taken"));
  EXPECT_EQ(world.post("/api/v1/duty/on", "acceptor", body).status, 403);
  world.people.away = true;
  EXPECT_EQ(world.post("/api/v1/duty/on", "patroller", json::object{{"mark_id", kOther}}).status, 503);
}

TEST(Attendance, SaysWhatIsWrongWithABody) {
  World world;
  struct Row {
    char const *path, *token;
    json::object body;
    char const *pointer, *code;
  };
  std::string const answer = "/api/v1/roll-calls/" + std::string(kCommandId) + "/answer";
  Row const rows[] = {
      {"/api/v1/duty/on", "patroller", {}, "/mark_id", "required"},
      {"/api/v1/duty/on", "patroller", {{"mark_id", "7"}}, "/mark_id", "bad_format"},
      {"/api/v1/duty/on", "patroller", {{"mark_id", kOther}, {"lon", 181}, {"lat", 0}}, "/lon", "out_of_range"},
      {"/api/v1/duty/on", "patroller", {{"mark_id", kOther}, {"lon", 116}}, "/lat", "required"},
      {"/api/v1/duty/on", "patroller", {{"mark_id", kOther}, {"device_at", "today"}}, "/device_at", "bad_format"},
      {"/api/v1/roll-calls", "patrol_lead", {}, "/roll_call_id", "required"},
      {"/api/v1/roll-calls", "patrol_lead", {{"roll_call_id", kOther}, {"minutes", 0}}, "/minutes", "out_of_range"},
      {"/api/v1/roll-calls", "patrol_lead", {{"roll_call_id", kOther}, {"people", {1}}}, "/people/0", "wrong_type"},
      {answer.c_str(), "patroller", {}, "/photo", "required"},
      {answer.c_str(), "patroller", {{"photo", "mine.jpg"}}, "/photo", "bad_format"},
  };
  for (auto const& row : rows) {
    auto const said = world.post(row.path, row.token, row.body);
    EXPECT_EQ(said.status, 422) << row.path << ' ' << said;
    EXPECT_TRUE(said.blames(row.pointer, row.code)) << row.pointer << ' ' << said;
  }
  EXPECT_EQ(world.ask("POST", "/api/v1/duty/on", "patroller", "{").status, 400);
  EXPECT_TRUE(world.get("/api/v1/duty/marks?since=yesterday", "leader").blames("/since", "bad_format"));
  EXPECT_TRUE(world.get("/api/v1/roll-calls?open=maybe", "leader").blames("/open"));
}

TEST(Attendance, APointIsVisitedWithAPictureOrTheReasonWhyNot) {
  World world;
  std::string const url = "/api/v1/campaigns/flood/points/p1/visits", photo = "sha256-" + std::string(64, 'a');
  json::object const good{{"visit_id", kCommandId}, {"result", "found"}, {"photos", {photo}},
                          {"checked", {"收水口"}},  {"lon", 116.6},      {"lat", 35.4}};
  auto const kept = world.post(url, "patroller", good);
  ASSERT_EQ(kept.status, 200) << kept;
  EXPECT_EQ(kept.body.at("point"), "p1");
  EXPECT_EQ(world.people.visited.campaign, "flood");
  EXPECT_EQ(world.people.visited.checked, std::vector<std::string>{"收水口"});
  EXPECT_EQ(world.people.visited.spot.lat, 35.4);
  struct Row {
    json::object body;
    char const *pointer, *code;
  };
  for (auto const& row :
       {Row{{{"visit_id", kOther}}, "/result", "required"},
        Row{{{"visit_id", kOther}, {"result", "fine"}}, "/result", "unknown_value"},
        Row{{{"visit_id", kOther}, {"result", "clean"}}, "/photos", "required"},
        Row{{{"visit_id", kOther}, {"result", "clean"}, {"photos", {"mine.jpg"}}}, "/photos", "bad_format"},
        Row{{{"visit_id", kOther}, {"result", "unable"}}, "/note", "required"},
        Row{{{"visit_id", kCommandId}, {"result", "unable"}, {"note", "围挡"}}, "/visit_id", "id_taken"}}) {
    auto const said = world.post(url, "patroller", row.body);
    EXPECT_EQ(said.status, 422) << row.pointer << ' ' << said;
    EXPECT_TRUE(said.blames(row.pointer, row.code)) << row.pointer << ' ' << said;
  }
  EXPECT_EQ(world.post("/api/v1/campaigns/flood/points/p2/visits", "patroller", good).status, 404);
  EXPECT_EQ(world.post(url, "acceptor", good).status, 403);
  EXPECT_EQ(world.get("/api/v1/campaigns/points?campaign=flood&state=open", "patroller").body.at("items").at(0),
            "patroller flood open");
  EXPECT_TRUE(world.get("/api/v1/campaigns/points?state=half", "leader").blames("/state"));
}

TEST(Attendance, ARollCallReachesTheConnectedAndIsAnsweredWithAPhoto) {
  World world;
  http::test::Client phone(world.port);
  phone.send("GET /api/v1/tasks/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer patroller\r\n\r\n");
  while (world.streams.connected() < 1) std::this_thread::yield();
  json::object const call{{"roll_call_id", kCommandId}, {"minutes", 5}, {"people", {"patroller"}}, {"note", "抽查"}};
  auto const made = world.post("/api/v1/roll-calls", "patrol_lead", call);
  EXPECT_EQ(made.status, 201) << made;
  EXPECT_EQ(world.people.called.within, std::chrono::minutes{5});
  EXPECT_TRUE(phone.read_until("event: roll_call").ends_with("event: roll_call"));
  EXPECT_EQ(world.post("/api/v1/roll-calls", "patroller", call).status, 403);
  auto const url = "/api/v1/roll-calls/" + std::string(kCommandId) + "/answer";
  EXPECT_EQ(world.post(url, "patroller", json::object{{"photo", photo_id('a')}}).status, 200);
  EXPECT_EQ(world.people.answered.photo, photo_id('a'));
  EXPECT_EQ(world
                .post("/api/v1/roll-calls/" + std::string(kOther) + "/answer", "patroller",
                      json::object{{"photo", photo_id('a')}})
                .status,
            404);
  EXPECT_EQ(world.post("/api/v1/roll-calls/7/answer", "patroller", json::object{{"photo", photo_id('a')}}).status, 404);
  world.people.nobody = true;
  EXPECT_EQ(world.post("/api/v1/roll-calls", "leader", call).code(), "nobody_on_duty");
  EXPECT_EQ(world.get("/api/v1/roll-calls?open=true", "patroller").body.at("items").at(0), 1);
}

TEST(Attendance, ADaysCoverageIsAskedByPersonOrRegionAndOpensIntoCells) {
  World world;
  EXPECT_EQ(world.get("/api/v1/duty/coverage?day=2026-11-20&by=street", "leader").body.at("items").at(0), 1);
  EXPECT_EQ(world.people.coverage_asked.day, "2026-11-20");
  EXPECT_EQ(world.people.coverage_asked.by, "street");
  EXPECT_EQ(world.get("/api/v1/duty/coverage/cells?person=p1&walked=false&rostered=true&region=370871001", "patrol_lead").body.at("items").at(0), 2);
  EXPECT_EQ(world.people.coverage_asked.walked + world.people.coverage_asked.rostered + world.people.coverage_asked.region, "falsetrue370871001");
  for (auto const& [query, field] : {std::pair("day=2026-11-31", "/day"), std::pair("by=squad", "/by"), std::pair("walked=maybe", "/walked"),
                                     std::pair("region=3708x", "/region"), std::pair("rostered=1", "/rostered"), std::pair("limit=0", "/limit")})
    EXPECT_TRUE(world.get("/api/v1/duty/coverage/cells?" + std::string(query), "leader").blames(field)) << query;
  EXPECT_EQ(world.get("/api/v1/duty/coverage", "acceptor").status, 403);
  EXPECT_EQ(world.get("/api/v1/duty/coverage", "patroller").status, 200) << "his own";
}

// A whole PNG of one pixel; `last` changes a byte behind its end, so that it is another medium.
std::string png(char last = 0) {
  static constexpr unsigned char kBytes[] = {
      0x89, 'P',  'N',  'G', 0x0d, 0x0a, 0x1a, 0x0a, 0,    0,    0,    0x0d, 'I',  'H',  'D',  'R', 0, 0,
      0,    1,    0,    0,   0,    1,    8,    2,    0,    0,    0,    0x90, 0x77, 0x53, 0xde, 0,   0, 0,
      0x0c, 'I',  'D',  'A', 'T',  0x08, 0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0,    0,    3,    1,    1,   0, 0x18,
      0xdd, 0x8d, 0xb0, 0,   0,    0,    0,    'I',  'E',  'N',  'D',  0xae, 0x42, 0x60, 0x82};
  return std::string(reinterpret_cast<char const*>(kBytes), sizeof kBytes) + (last == 0 ? "" : std::string(1, last));
}
Answer put(World& world, std::string_view body, std::string const& query, std::string_view token = "patroller") {
  return world.ask("POST", "/api/v1/media" + query, token, body, {{"Content-Type", "image/png"}});
}

TEST(Evidence, ACasesPhotosTellHowFarAwayTheyWereTaken) {
  World world;
  auto const place = put(world, png(), "?taken=camera&place=116.6,35.4");
  ASSERT_EQ(place.status, 201) << place;
  auto const original = std::string(place.body.at("media_id").as_string());
  auto const copy = std::string(put(world, png('c'), "?taken=camera&original=" + original).body.at("media_id").as_string());
  EXPECT_TRUE(put(world, png('d'), "?place=116.6").blames("/place", "bad_format"));
  EXPECT_TRUE(put(world, png('d'), "?place=116.6,95").blames("/place", "bad_format"));
  auto view = case_view();
  view.row.lon = 116.6, view.row.lat = 35.401;
  world.reads.cases[kCaseNo] = view;
  core::HistoryRow reported, checked;
  reported.action = "report", reported.photos = {copy, photo_id('f')}, reported.version = 1;
  checked.action = "check", checked.photos = {copy}, checked.version = 2;
  world.reads.rows = {reported, checked};
  auto const told = world.get("/api/v1/cases/" + std::string(kCaseNo) + "/photos", "shift_leader");
  ASSERT_EQ(told.status, 200) << told;
  auto const& items = told.body.at("items").as_array();
  ASSERT_EQ(items.size(), 2u) << "each once, with the step that showed it first";
  EXPECT_EQ(items[0].at("metres"), 111) << "a marked copy shows where its original was taken";
  EXPECT_EQ(items[0].at("place").at("from"), "device");
  EXPECT_EQ(items[0].at("taken"), "camera");
  EXPECT_TRUE(items[1].at("received_at").is_null()) << "still on its way";
  EXPECT_EQ(world.get("/api/v1/cases/3708712026112499999/photos", "shift_leader").status, 404);
  EXPECT_EQ(world.get("/api/v1/cases/" + std::string(kCaseNo) + "/photos", "sys_admin").status, 403);
}

TEST(Evidence, ACopyKeepsItsOriginalAndWhoReadsTheOneReadsTheOther) {
  World world;
  auto const first = put(world, png(), "?taken=camera&captured_at=2026-11-20T08:00:00%2B08:00");
  ASSERT_EQ(first.status, 201) << first;
  auto const original = std::string(first.body.at("media_id").as_string());
  auto const marked = put(world, png('c'), "?taken=camera&original=" + original);
  ASSERT_EQ(marked.status, 201) << marked;
  auto const copy = std::string(marked.body.at("media_id").as_string());
  auto const facts = world.get("/api/v1/media/" + original + "/facts", "patroller");
  EXPECT_EQ(facts.body.at("captured_at"), "2026-11-20T00:00:00Z");
  EXPECT_EQ(facts.body.at("taken"), "camera");
  EXPECT_GT(at(facts.body.at("received_at").as_string()), at("2026-11-20T08:00:00+08:00")) << "kept beside each other";
  EXPECT_EQ(world.get("/api/v1/media/" + copy + "/facts", "patroller").body.at("original").as_string(), original);
  EXPECT_EQ(world.get("/api/v1/media/" + original, "acceptor").status, 404);
  world.reads.readable_media = copy;  // the case names the copy
  for (auto const* end : {"", "/facts"})
    EXPECT_EQ(world.get("/api/v1/media/" + original + end, "acceptor").status, 200);
  auto const named = [&](std::vector<std::string> const& ids) {
    return std::vector<std::string>(std::count(ids.begin(), ids.end(), copy) > 0 ? 1 : 0, copy);
  };
  EXPECT_EQ(world.media_folder.sweep(now() + std::chrono::hours{200}, named), 0)
      << "the original of a copy that a case names stays";
  EXPECT_EQ(
      world.media_folder.sweep(now() + std::chrono::hours{200}, [](auto const&) { return std::vector<std::string>(); }),
      2);
}

TEST(Evidence, GalleryPicturesOfPatrollersAreTheCitysSwitch) {
  World world;
  auto const refused = put(world, png(), "?taken=gallery");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.code(), "gallery_not_allowed");
  EXPECT_EQ(put(world, png('h'), "?taken=gallery", "hotline_agent").status, 201)
      << "who takes in what others sent has no camera there";
  world.gallery_allowed = true;
  auto const taken = put(world, png(), "?taken=gallery");
  ASSERT_EQ(taken.status, 201);
  auto const id = std::string(taken.body.at("media_id").as_string());
  EXPECT_EQ(put(world, png(), "?taken=camera").status, 200);
  EXPECT_EQ(world.get("/api/v1/media/" + id + "/facts", "patroller").body.at("taken"), "gallery")
      << "the first word stands";
}

TEST(Evidence, SaysWhatIsWrong) {
  World world;
  EXPECT_TRUE(put(world, png(), "?taken=drone").blames("/taken", "unknown_value"));
  EXPECT_TRUE(put(world, png(), "?captured_at=yesterday").blames("/captured_at", "bad_format"));
  EXPECT_TRUE(put(world, png(), "?captured_at=1999-01-01T00:00:00Z").blames("/captured_at", "out_of_range"));
  EXPECT_TRUE(put(world, png(), "?original=x").blames("/original", "bad_format"));
  EXPECT_TRUE(put(world, png(), "?original=" + photo_id('e')).blames("", "original_unknown"));
  auto const theirs = std::string(put(world, png(), "", "disposer").body.at("media_id").as_string());
  EXPECT_TRUE(put(world, png('c'), "?original=" + theirs).blames("", "original_unknown"))
      << "a copy of what somebody else took is not his";
}

}  // namespace
}  // namespace wangge::test
