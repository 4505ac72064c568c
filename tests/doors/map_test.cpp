// The doors of maps, walls and the public: what is no tile, who may see which layer, what is kept, a base map that is
// away, and that nothing is open unless the city opens it.
#include <gtest/gtest.h>

#include "world.hpp"

namespace wangge::test {
namespace {

console::PublicOptions opened() {
  return {{"370871"}, 30, {"06028"}};
}

TEST(Tiles, WhatIsNoTileIsToldByItsPart) {
  World world;
  struct {
    char const* path;
    int status;
    char const* pointer;
  } const table[] = {
      {"cases/14/13502/6464.mvt", 200, ""},     {"roads/14/13502/6464.mvt", 404, ""},
      {"cases/14/13502/6464.png", 404, ""},     {"cases/21/0/0.mvt", 422, "/z"},
      {"cases/-1/0/0.mvt", 422, "/z"},          {"cases/x/0/0.mvt", 422, "/z"},
      {"cases/3/8/0.mvt", 422, "/x"},           {"cases/3/0/8.mvt", 422, "/y"},
      {"cases/3/0/-1.mvt", 422, "/y"},          {"cases/3/0/.mvt", 422, "/y"},
      {"cases/99999999999/0/0.mvt", 422, "/z"}, {"cases/3/0.5/0.mvt", 422, "/x"},
  };
  for (auto const& t : table) {
    auto const answer = world.get(std::string("/api/v1/tiles/") + t.path, "shift_leader");
    EXPECT_EQ(answer.status, t.status) << t.path << ' ' << answer;
    if (*t.pointer != '\0') {
      EXPECT_TRUE(answer.blames(t.pointer, "out_of_range")) << t.path << ' ' << answer;
    }
  }
}

TEST(Tiles, LiveLayersAreForWhoReadsCases) {
  World world;
  for (auto const* layer : {"cases", "squads"})
    EXPECT_EQ(world.get(std::string("/api/v1/tiles/") + layer + "/3/6/3.mvt", "sys_admin").status, 403) << layer;
  EXPECT_EQ(world.get("/api/v1/tiles/cells/14/13502/6464.mvt", "sys_admin").status, 200);
  EXPECT_EQ(world.get("/api/v1/tiles/cells/14/13502/6464.mvt", "reporter").status, 403);
  auto const map = world.get("/api/v1/map", "sys_admin");
  EXPECT_EQ(map.body.at("layers").as_array().size(), 3u) << map;
  EXPECT_EQ(world.get("/api/v1/map", "leader").body.at("layers").as_array().size(), 5u);
}

TEST(Tiles, AnAccountOfAUnitThatNamesNoneSeesNoCases) {
  World world;
  auto const answer = world.get("/api/v1/tiles/cases/3/6/3.mvt", "unit_clerk:nobody");
  EXPECT_EQ(answer.status, 403) << "an empty unit must not mean every unit: " << answer;
  EXPECT_TRUE(world.map_model.asked.empty());
}

TEST(Tiles, AnUnchangedTileIsNotSentAgainAndAnEmptyOneHasNoBody) {
  World world;
  auto const first = world.get("/api/v1/tiles/cases/14/13502/6464.mvt", "leader");
  EXPECT_EQ(first.headers.at("content-type"), "application/vnd.mapbox-vector-tile");
  EXPECT_EQ(first.text, "tile");
  auto const again = world.ask("GET", "/api/v1/tiles/cases/14/13502/6464.mvt", "leader", "",
                               {{"If-None-Match", first.headers.at("etag")}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.text, "");
  world.map_model.mvt.clear();
  EXPECT_EQ(world.get("/api/v1/tiles/cases/14/13502/6464.mvt", "leader").status, 204);
}

TEST(BaseMap, IsFetchedWithItsKeyKeptAndNeverShowsIt) {
  World world;
  EXPECT_EQ(world.get("/api/v1/map", "leader").body.at("base_map").as_object().at("approval_number"), "GS(2026)1号");
  for (int n = 0; n < 2; ++n) {
    auto const tile = world.get("/api/v1/basemap/3/6/2", "leader");
    EXPECT_EQ(tile.status, 200) << tile;
    EXPECT_EQ(tile.headers.at("content-type"), "image/png");
    EXPECT_EQ(tile.text, "picture");
  }
  EXPECT_EQ(world.fetched,
            (std::vector<std::string>{"http://t0.example/wmts?TILEMATRIX=3&TILEROW=2&TILECOL=6&tk=secret"}));
  EXPECT_EQ(world.get("/api/v1/map", "leader").text.find("secret"), std::string::npos);
  EXPECT_EQ(world.get("/api/v1/basemap/19/0/0", "leader").status, 422);
  EXPECT_EQ(world.get("/api/v1/basemap/3/6/2", "").status, 401);
}

TEST(BaseMap, AwayIsToldAtOnceAndAskedAgainLater) {
  World world;
  world.fetch = [](std::string const&) -> console::Picture { throw std::runtime_error("no answer"); };
  EXPECT_EQ(world.get("/api/v1/basemap/3/6/2", "leader").code(), "basemap_away");
  EXPECT_EQ(world.get("/api/v1/basemap/3/6/3", "leader").status, 503);
  EXPECT_EQ(world.fetched.size(), 1u) << "what is away is left alone for a while";
}

TEST(BaseMap, WhatIsNoPictureIsNotPassedOn) {
  World world;
  world.fetch = [](std::string const&) { return console::Picture{"text/html", "<script>"}; };
  EXPECT_EQ(world.get("/api/v1/basemap/3/6/2", "leader").status, 503);
}

TEST(Public, IsClosedUnlessTheCityOpensIt) {
  World world;
  for (auto const* path : {"", "/cases", "/cases.csv", "/streets", "/cases/3708712026112400001"}) {
    auto const answer = world.get(std::string("/api/v1/public") + path, "");
    EXPECT_EQ(answer.status, 404) << path;
    EXPECT_EQ(answer.code(), "not_public") << path;
  }
  EXPECT_EQ(world.map_model.public_asked, 0);
  World open({.poll = core::Millis{20}}, std::chrono::seconds{15}, {}, opened());
  EXPECT_EQ(open.get("/api/v1/public/cases?district=370802", "").status, 404) << "only the districts that are opened";
}

TEST(Public, SaysWhatIsOpenAndKeepsItsAnswers) {
  World world({.poll = core::Millis{20}}, std::chrono::seconds{15}, {}, opened());
  auto const about = world.get("/api/v1/public", "");
  ASSERT_EQ(about.status, 200) << about;
  EXPECT_EQ(about.body.at("districts").at(0).at("zh"), "样城");
  EXPECT_EQ(about.body.at("days"), 30);
  for (int n = 0; n < 3; ++n) {
    auto const list = world.get("/api/v1/public/cases?bbox=116.58004,35.4,116.6,35.5&standing=closed", "");
    ASSERT_EQ(list.status, 200) << list;
    EXPECT_EQ(list.headers.at("cache-control"), "public, max-age=60");
    EXPECT_EQ(list.body.at("items").at(0).at("case_no"), kCaseNo);
  }
  EXPECT_EQ(world.map_model.public_asked, 1) << "the second and third were known";
  ASSERT_TRUE(world.map_model.filter.has_value());
  EXPECT_EQ(world.map_model.filter->hidden, (std::vector<std::string>{"06028"}));
  EXPECT_NEAR(world.map_model.filter->box->west, 116.58, 1e-9);
  auto const csv = world.get("/api/v1/public/cases.csv", "");
  EXPECT_EQ(csv.status, 200);
  EXPECT_EQ(csv.headers.at("content-disposition"), "attachment; filename=\"cases-370871.csv\"");
  EXPECT_EQ(world.get(std::string("/api/v1/public/cases/") + kCaseNo, "").body.at("case_no"), kCaseNo);
  EXPECT_EQ(world.get("/api/v1/public/cases/370871202611249999", "").status, 404);
}

TEST(Public, BadQuestionsAreNamedAndAskNothing) {
  World world({.poll = core::Millis{20}}, std::chrono::seconds{15}, {}, opened());
  for (auto const& [query, pointer] :
       std::vector<std::pair<std::string, std::string>>{{"bbox=1,2,3", "/bbox"},
                                                        {"bbox=1,2,3,x", "/bbox"},
                                                        {"bbox=1,2,3,999", "/bbox"},
                                                        {"standing=lost", "/standing"},
                                                        {"limit=0", "/limit"},
                                                        {"limit=201", "/limit"},
                                                        {"class=" + std::string(40, '1'), "/class"}}) {
    auto const answer = world.get("/api/v1/public/cases?" + query, "");
    EXPECT_EQ(answer.status, 422) << query;
    EXPECT_TRUE(answer.blames(pointer)) << query << ' ' << answer;
  }
  EXPECT_EQ(world.map_model.public_asked, 0);
}

TEST(Public, TooManyNewQuestionsAreRefusedCleanly) {
  World world({.poll = core::Millis{20}}, std::chrono::seconds{15}, {}, opened());
  int refused = 0;
  for (int n = 0; n < 120; ++n) {
    auto const answer = world.get("/api/v1/public/cases?limit=" + std::to_string(n + 1), "");
    if (answer.status != 429) continue;
    ++refused;
    EXPECT_EQ(answer.headers.at("retry-after"), "5");
  }
  EXPECT_GT(refused, 0);
  EXPECT_EQ(world.get("/api/v1/public/cases?limit=1", "").status, 200) << "what is known is still told";
  EXPECT_EQ(world.map_model.public_asked + refused, 120);
}

}  // namespace
}  // namespace wangge::test
