// POST and GET /media over the real folder.
#include <gtest/gtest.h>

#include "world.hpp"

namespace wangge::test {
namespace {

// A whole PNG of one pixel.
std::string png() {
  static constexpr unsigned char kBytes[] = {
      0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, 'I', 'H', 'D', 'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0, 0x90,
      0x77, 0x53, 0xde, 0, 0, 0, 0x0c, 'I', 'D', 'A', 'T', 0x08, 0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0, 0, 3, 1, 1, 0, 0x18, 0xdd, 0x8d,
      0xb0, 0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82};
  return {reinterpret_cast<char const*>(kBytes), sizeof kBytes};
}

Answer put(World& world, std::string_view body, std::string type, std::string_view token = "patroller") {
  return world.ask("POST", "/api/v1/media", token, body, {{"Content-Type", type}});
}

TEST(Media, APictureIsKeptUnderItsHashAndARepeatIs200) {
  World world;
  world.reads.away = true;  // uploads never need the database
  auto const first = put(world, png(), "image/png");
  ASSERT_EQ(first.status, 201) << first;
  auto const id = std::string(first.body.at("media_id").as_string());
  EXPECT_TRUE(media::Folder::is_id(id));
  EXPECT_EQ(first.body.at("size"), png().size());
  EXPECT_EQ(first.body.at("type"), "image/png");
  EXPECT_EQ(put(world, png(), "image/png; charset=binary").status, 200);
  EXPECT_EQ(world.get("/api/v1/media/" + id, "patroller").status, 200) << "the uploader needs no database either";
}

TEST(Media, WhatIsNotWhatItClaimsIsBadMedia) {
  World world;
  for (auto const& [body, type] : std::vector<std::pair<std::string, std::string>>{
           {"", "image/png"}, {"hello", "image/png"}, {png(), "image/jpeg"}, {png().substr(0, 20), "image/png"}}) {
    auto const answer = put(world, body, type);
    EXPECT_EQ(answer.status, 422) << type;
    EXPECT_EQ(answer.code(), "bad_media") << type;
  }
}

TEST(Media, OtherTypesAreNotTaken) {
  World world;
  for (auto const* type : {"text/html", "image/svg+xml", "nonsense"}) EXPECT_EQ(put(world, "<svg/>", type).status, 415) << type;
  EXPECT_EQ(world.ask("POST", "/api/v1/media", "patroller", "x").status, 415) << "no type at all";
}

TEST(Media, APictureOverItsLimitIsTooLarge) {
  World world;
  auto const answer = put(world, std::string((20u << 20) + 1, 'x'), "image/png");
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(answer.code(), "too_large");
}

TEST(Media, IsReadByTheUploaderAndByReadersOfACaseThatNamesIt) {
  World world;
  auto const id = std::string(put(world, png(), "image/png").body.at("media_id").as_string());
  auto const url = "/api/v1/media/" + id;
  auto const own = world.get(url, "patroller");
  EXPECT_EQ(own.status, 200);
  EXPECT_EQ(own.headers.at("x-content-type-options"), "nosniff");
  EXPECT_EQ(own.headers.at("cache-control").rfind("private", 0), 0u);
  EXPECT_EQ(world.get(url, "disposer").status, 404);
  world.reads.readable_media = id;
  EXPECT_EQ(world.get(url, "disposer").status, 200);
  world.reads.away = true;
  EXPECT_EQ(world.get(url, "disposer").status, 503);
  EXPECT_EQ(world.get("/api/v1/media/" + photo_id('0'), "patroller").status, 404);
  EXPECT_EQ(world.get("/api/v1/media/..%2f..%2fetc%2fpasswd", "patroller").status, 404);
}

// Evidence is for those who work on cases: an administrator reads what he uploaded himself and no more.
TEST(Media, AdministratorsReadNoEvidence) {
  World world;
  auto const id = std::string(put(world, png(), "image/png").body.at("media_id").as_string());
  world.reads.readable_media = id;  // whatever the database would say
  for (auto const& role : core::kRoles) {
    if (role.role == core::Role::system) continue;
    bool const admin = role.id == "sys_admin" || role.id == "sec_admin" || role.id == "catalogue_admin";
    EXPECT_EQ(world.get("/api/v1/media/" + id, role.id).status, admin ? 404 : 200) << role.id;
  }
  EXPECT_EQ(put(world, png(), "image/png", "sys_admin").status, 200);
  EXPECT_EQ(world.get("/api/v1/media/" + id, "sys_admin").status, 200) << "now it is his own";
}

TEST(Media, IsServedInPartsToo) {
  World world;
  auto const film = std::string("\x1a\x45\xdf\xa3") + "webm" + std::string(300'000, 'x') + "end";
  auto const id = std::string(put(world, film, "video/webm").body.at("media_id").as_string());
  auto const whole = world.get("/api/v1/media/" + id, "patroller");
  EXPECT_EQ(whole.headers.at("accept-ranges"), "bytes");
  EXPECT_TRUE(whole.text == film);
  auto const part = world.ask("GET", "/api/v1/media/" + id, "patroller", "", {{"Range", "bytes=-3"}});
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.text, "end");
  EXPECT_EQ(part.headers.at("content-type"), "video/webm");
  EXPECT_EQ(part.headers.at("x-content-type-options"), "nosniff");
}

// Why a file is refused is told by a code for programs and in words for people, in their language.
TEST(Media, SaysWhyInTheCallersLanguage) {
  World world;
  for (auto const& [body, type, code] : std::vector<std::tuple<std::string, std::string, std::string>>{
           {"", "image/png", "empty"}, {"hello", "image/png", "wrong_content"}, {png(), "image/jpeg", "wrong_content"},
           {png().substr(0, 20), "image/png", "no_dimensions"},
           {png().substr(0, 16) + std::string("\x00\x01\x00\x00\x00\x01\x00\x00", 8) + png().substr(24), "image/png", "too_many_pixels"},
           {png().substr(0, 50), "image/png", "not_decodable"}}) {
    auto const say = [&](char const* lang) {
      return world.ask("POST", "/api/v1/media", "patroller", body, {{"Content-Type", type}, {"Accept-Language", lang}});
    };
    auto const zh = say("zh"), en = say("en");
    EXPECT_EQ(zh.status, 422);
    EXPECT_TRUE(zh.blames("", code)) << zh;
    EXPECT_TRUE(en.blames("", code)) << en;
    EXPECT_TRUE(is_chinese(zh.body.at("detail").as_string())) << zh;
    EXPECT_FALSE(is_chinese(en.body.at("detail").as_string())) << en;
  }
}

}  // namespace
}  // namespace wangge::test
