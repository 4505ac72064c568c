// tus 1.0.0 at /uploads, by tables: what each refusal is, and that what was answered is there after a crash.
#include <gtest/gtest.h>

#include <fstream>

#include "world.hpp"

namespace wangge::test {
namespace {

using Headers = std::map<std::string, std::string>;

std::string film(std::size_t size = 300'000) {
  return std::string("\x1a\x45\xdf\xa3") + "webm" + std::string(size - 8, 'x');
}
Headers tus(Headers more = {}) {
  more["Tus-Resumable"] = "1.0.0";
  return more;
}
constexpr char kWebm[] = "filetype dmlkZW8vd2VibQ==";  // video/webm

Answer create(World& world, std::size_t length, std::string metadata = kWebm, std::string_view token = "patroller") {
  return world.ask("POST", "/api/v1/uploads", token, "",
                   tus({{"Upload-Length", std::to_string(length)}, {"Upload-Metadata", std::move(metadata)}}));
}
Answer patch(World& world, std::string const& url, std::string_view bytes, std::size_t offset, Headers more = {}) {
  more.emplace("Content-Type", "application/offset+octet-stream");
  more.emplace("Upload-Offset", std::to_string(offset));
  return world.ask("PATCH", url, "patroller", bytes, tus(std::move(more)));
}
std::string begun(World& world, std::size_t length, std::string metadata = kWebm) {
  auto const made = create(world, length, std::move(metadata));
  EXPECT_EQ(made.status, 201) << made;
  return made.status == 201 ? made.headers.at("location") : "/";
}

TEST(Uploads, AFilmInPiecesEndsInTheSameMediaId) {
  World world;
  world.reads.away = true;  // as every upload
  auto const whole = film();
  auto const direct = world.ask("POST", "/api/v1/media", "patroller", whole, {{"Content-Type", "video/webm"}});
  ASSERT_EQ(direct.status, 201);
  auto const url = begun(world, whole.size());
  for (std::size_t at = 0; at < whole.size();) {
    auto const piece = std::string_view(whole).substr(at, 70'000);
    auto const answer = patch(world, url, piece, at);
    ASSERT_EQ(answer.status, 204) << answer;
    at += piece.size();
    EXPECT_EQ(answer.headers.at("upload-offset"), std::to_string(at));
    EXPECT_EQ(answer.headers.at("tus-resumable"), "1.0.0");
    EXPECT_TRUE(answer.headers.contains("upload-expires"));
    EXPECT_EQ(answer.headers.contains("media-id"), at == whole.size());
  }
  auto const looked = world.ask("GET", url, "patroller", "", tus());
  EXPECT_EQ(looked.headers.at("upload-length"), std::to_string(whole.size()));
  EXPECT_EQ(looked.headers.at("cache-control"), "no-store");
  EXPECT_EQ(looked.body.at("media_id"), direct.body.at("media_id"));
  EXPECT_EQ(patch(world, url, "", whole.size()).headers.at("media-id"), looked.headers.at("media-id"))
      << "a lost answer is asked for again";
}

TEST(Uploads, OptionsTellWhatIsSpoken) {
  World world;
  auto const answer = world.ask("OPTIONS", "/api/v1/uploads", "");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(answer.headers.at("tus-version"), "1.0.0");
  EXPECT_EQ(answer.headers.at("tus-extension"), "creation,termination,checksum,expiration");
  EXPECT_EQ(answer.headers.at("tus-max-size"), std::to_string(100u << 20));
  EXPECT_EQ(answer.headers.at("tus-checksum-algorithm"), "sha1,sha256");
}

TEST(Uploads, RefuseABadBeginning) {
  struct Row {
    char const* what;
    Headers headers;
    int status;
    char const* code;
  };
  Row const rows[] = {
      {"no version", {{"Upload-Length", "9"}, {"Upload-Metadata", kWebm}}, 412, "tus_version"},
      {"another version",
       {{"Tus-Resumable", "0.2.2"}, {"Upload-Length", "9"}, {"Upload-Metadata", kWebm}},
       412,
       "tus_version"},
      {"no length", tus({{"Upload-Metadata", kWebm}}), 400, "bad_request"},
      {"length later", tus({{"Upload-Defer-Length", "1"}, {"Upload-Metadata", kWebm}}), 400, "bad_request"},
      {"a length that is none", tus({{"Upload-Length", "-1"}, {"Upload-Metadata", kWebm}}), 400, "bad_request"},
      {"a length with more behind", tus({{"Upload-Length", "9x"}, {"Upload-Metadata", kWebm}}), 400, "bad_request"},
      {"a length beyond 64 bits", tus({{"Upload-Length", "99999999999999999999"}, {"Upload-Metadata", kWebm}}), 400,
       "bad_request"},
      {"nothing", tus({{"Upload-Length", "0"}, {"Upload-Metadata", kWebm}}), 422, "bad_media"},
      {"more than a film may have", tus({{"Upload-Length", "104857601"}, {"Upload-Metadata", kWebm}}), 413,
       "too_large"},
      {"more than a picture may have",
       tus({{"Upload-Length", "20971521"}, {"Upload-Metadata", "filetype aW1hZ2UvanBlZw=="}}), 413, "too_large"},
      {"no type", tus({{"Upload-Length", "9"}}), 415, "unsupported_type"},
      {"HTML", tus({{"Upload-Length", "9"}, {"Upload-Metadata", "filetype dGV4dC9odG1s"}}), 415, "unsupported_type"},
      {"metadata that is no base64", tus({{"Upload-Length", "9"}, {"Upload-Metadata", "filetype !!"}}), 400,
       "bad_request"},
      {"metadata twice", tus({{"Upload-Length", "9"}, {"Upload-Metadata", std::string(kWebm) + "," + kWebm}}), 400,
       "bad_request"},
      {"metadata without a name", tus({{"Upload-Length", "9"}, {"Upload-Metadata", ",,"}}), 400, "bad_request"},
      {"taken by what", tus({{"Upload-Length", "9"}, {"Upload-Metadata", std::string(kWebm) + ",taken eA=="}}), 422,
       "invalid"},
      {"from the gallery",
       tus({{"Upload-Length", "9"}, {"Upload-Metadata", std::string(kWebm) + ",taken Z2FsbGVyeQ=="}}), 422,
       "gallery_not_allowed"},
  };
  World world;
  for (auto const& row : rows) {
    auto const answer = world.ask("POST", "/api/v1/uploads", "patroller", "", row.headers);
    EXPECT_EQ(answer.status, row.status) << row.what << ' ' << answer;
    EXPECT_EQ(answer.code(), row.code) << row.what;
    EXPECT_EQ(answer.headers.at("tus-resumable"), "1.0.0") << row.what;
  }
  EXPECT_EQ(
      world.ask("POST", "/api/v1/uploads", "patroller", "x", tus({{"Upload-Length", "9"}, {"Upload-Metadata", kWebm}}))
          .status,
      400)
      << "bytes with the creation are not spoken";
}

TEST(Uploads, RefuseABadPieceAndStandWhereTheyStood) {
  World world;
  auto const whole = film();
  auto const url = begun(world, whole.size());
  ASSERT_EQ(patch(world, url, whole.substr(0, 1000), 0).status, 204);
  struct Row {
    char const* what;
    std::string bytes;
    std::size_t offset;
    Headers headers;
    int status;
    char const* code;
  };
  Row const rows[] = {
      {"once more", whole.substr(0, 1000), 0, {}, 409, "wrong_offset"},
      {"too far", "x", 1001, {}, 409, "wrong_offset"},
      {"an offset that is none", "x", 0, {{"Upload-Offset", "a"}}, 400, "bad_request"},
      {"an offset below", "x", 0, {{"Upload-Offset", "-1"}}, 400, "bad_request"},
      {"another type", "x", 1000, {{"Content-Type", "application/octet-stream"}}, 415, "unsupported_type"},
      {"more than was announced", film(whole.size()), 1000, {}, 413, "too_large"},
      {"a wrong sum", "x", 1000, {{"Upload-Checksum", "sha1 AAAAAAAAAAAAAAAAAAAAAAAAAAA="}}, 460, "checksum_mismatch"},
      {"a sum by what", "x", 1000, {{"Upload-Checksum", "crc32 AAAA"}}, 400, "bad_request"},
      {"a sum that is no base64", "x", 1000, {{"Upload-Checksum", "sha1 %"}}, 400, "bad_request"},
  };
  for (auto const& row : rows) {
    auto const answer = patch(world, url, row.bytes, row.offset, row.headers);
    EXPECT_EQ(answer.status, row.status) << row.what << ' ' << answer;
    EXPECT_EQ(answer.code(), row.code) << row.what;
  }
  EXPECT_EQ(patch(world, url, "x", 5).headers.at("upload-offset"), "1000") << "it says where it stands";
  EXPECT_EQ(world
                .ask("PATCH", url, "patroller", "x",
                     {{"Content-Type", "application/offset+octet-stream"}, {"Upload-Offset", "1000"}})
                .status,
            412);
  EXPECT_EQ(world.ask("GET", url, "patroller", "", tus()).headers.at("upload-offset"), "1000");
  EXPECT_EQ(world.ask("GET", url, "disposer", "", tus()).status, 404) << "somebody else's is not told from none";
  // The right sum of the one byte "x": SHA-1 11f6ad8e…, SHA-256 2d711642….
  EXPECT_EQ(patch(world, url, "x", 1000, {{"Upload-Checksum", "sha1 EfatjsUqKYSrqv18O1FlA3hcIHI="}}).status, 204);
  EXPECT_EQ(
      patch(world, url, "x", 1001, {{"Upload-Checksum", "sha256 LXEWQrcmsEQBYnyp+6wy9chTD7GQPMTbAiWHF5IaSIE="}}).status,
      204);
}

TEST(Uploads, WhatIsNoMediumWhenWholeIsGone) {
  World world;
  auto const url = begun(world, 5);
  auto const answer = patch(world, url, "hello", 0);
  EXPECT_EQ(answer.status, 422) << answer;
  EXPECT_EQ(answer.code(), "bad_media");
  EXPECT_EQ(world.ask("GET", url, "patroller", "", tus()).status, 404);
}

TEST(Uploads, AreEndedByTheirOwnerAndBounded) {
  World world;
  std::vector<std::string> urls;
  for (int i = 0; i < 3; ++i) urls.push_back(begun(world, 1000));
  auto const fourth = create(world, 1000);
  EXPECT_EQ(fourth.status, 429);
  EXPECT_EQ(fourth.code(), "too_many_uploads");
  EXPECT_TRUE(fourth.headers.contains("retry-after"));
  EXPECT_EQ(world.ask("DELETE", urls[0], "disposer", "", tus()).status, 404);
  EXPECT_EQ(world.ask("DELETE", urls[0], "patroller", "", tus()).status, 204);
  EXPECT_EQ(world.ask("DELETE", urls[0], "patroller", "", tus()).status, 404);
  EXPECT_EQ(patch(world, urls[0], "x", 0).status, 404);
  EXPECT_EQ(create(world, 1000).status, 201);
  for (auto const* token : {"disposer", "unit_head", "leader"})
    EXPECT_EQ(create(world, 90u << 20, kWebm, token).status, 201) << token;
  EXPECT_EQ(create(world, 1000, kWebm, "coordinator").status, 507) << "six in all are too many";
}

TEST(Uploads, WhatWasAnsweredIsThereAfterACrashAndWhatWasNotIsWrittenOver) {
  World world;
  auto const whole = film(10'000);
  auto const url = begun(world, whole.size());
  ASSERT_EQ(patch(world, url, whole.substr(0, 4000), 0).status, 204);
  auto const id = url.substr(url.rfind('/') + 1);
  auto const file = world.folder / "uploads" / id;
  {  // the crash: bytes came onto the disc, their number did not
    std::ofstream out(file, std::ios::binary | std::ios::app);
    out << std::string(2500, '#');
  }
  media::Uploads again(world.media_folder, (world.folder / "uploads").string(), {}, 0);
  core::Principal who;
  who.district = "370871", who.name = "patroller";
  auto const found = again.find(who, id, now());
  EXPECT_EQ(found.offset, 4000u);
  auto const done = again.append(who, id, 4000, std::string_view(whole).substr(4000), now());
  EXPECT_TRUE(world.media_folder.find(done.media_id)) << "no # stands in it";
  EXPECT_EQ(done.media_id,
            std::string(world.ask("POST", "/api/v1/media", "patroller", whole, {{"Content-Type", "video/webm"}})
                            .body.at("media_id")
                            .as_string()));
  EXPECT_LE(std::filesystem::file_size(file), 4096u) << "its bytes stand once";
}

TEST(Uploads, AHeadThatIsDamagedIsNoUpload) {
  World world;
  auto const url = begun(world, 10'000);
  ASSERT_EQ(patch(world, url, film(10'000).substr(0, 4000), 0).status, 204);
  auto const file = world.folder / "uploads" / url.substr(url.rfind('/') + 1);
  auto const write = [&](std::streamoff at, std::string const& bytes) {
    std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
    out.seekp(at);
    out << bytes;
  };
  write(3584, "count 3999 4000\n");
  EXPECT_EQ(world.ask("GET", url, "patroller", "", tus()).status, 404) << "a number that was torn is not believed";
  write(3584, "count 4000 4000\n");
  EXPECT_EQ(world.ask("GET", url, "patroller", "", tus()).status, 200);
  std::filesystem::resize_file(file, 4096 + 3999);
  EXPECT_EQ(world.ask("GET", url, "patroller", "", tus()).status, 404) << "bytes that were answered are missing";
}

TEST(Uploads, ExpireAndAreSwept) {
  World world;
  auto const url = begun(world, 1000);
  auto const id = url.substr(url.rfind('/') + 1);
  core::Principal who;
  who.district = "370871", who.name = "patroller";
  EXPECT_EQ(world.uploads.sweep(now()), 0);
  auto const later = now() + world.uploads.lives() + std::chrono::minutes{1};
  EXPECT_THROW(world.uploads.find(who, id, later), media::NoUpload);
  EXPECT_EQ(world.uploads.sweep(later), 1);
  EXPECT_FALSE(std::filesystem::exists(world.folder / "uploads" / id));
}

TEST(Uploads, AFullDiskTakesNothingAndKeepsWhatItHad) {
  World world;
  auto const whole = film(100'000);
  auto const url = begun(world, whole.size());
  ASSERT_EQ(patch(world, url, whole.substr(0, 20'000), 0).status, 204);
  {
    FullDisk const full(30'000);
    auto const answer = patch(world, url, whole.substr(20'000), 20'000);
    EXPECT_EQ(answer.status, 507) << answer;
    EXPECT_TRUE(answer.headers.contains("retry-after"));
  }
  EXPECT_EQ(world.ask("GET", url, "patroller", "", tus()).headers.at("upload-offset"), "20000");
  EXPECT_EQ(patch(world, url, whole.substr(20'000), 20'000).status, 204);
}

}  // namespace
}  // namespace wangge::test
