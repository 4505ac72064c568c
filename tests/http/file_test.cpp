// Files as answers: whole or in part, piece by piece, at the reader's pace.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "client.hpp"

namespace wangge::http {
namespace {

using test::Client;
using test::Fixture;
using test::get;
using test::route;

class File : public testing::Test {
 protected:
  File() {
    std::string name = (std::filesystem::temp_directory_path() / "wangge-file-XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
    for (std::size_t i = 0; text_.size() < 1'000'000; ++i) text_ += std::to_string(i) + '\n';
    std::ofstream(path(), std::ios::binary) << text_;
  }
  ~File() override { std::filesystem::remove_all(folder_); }
  std::string path() const { return folder_ + "/film"; }
  Route serve() const {
    return route("GET", "/film", [path = path()](Request request, Reply const& reply) {
      auto const opened = OpenFile::open(path);
      reply(opened ? file(request, opened, "video/mp4") : problem(404, "not_found", request.lang));
    });
  }
  std::string folder_, text_;
};

TEST_F(File, ComesWholeAndTheConnectionLivesOn) {
  Fixture f({serve()});
  Client c(f.port);
  for (int i = 0; i < 3; ++i) {
    auto const a = c.ask(get("/film"));
    EXPECT_EQ(a.status, 200);
    EXPECT_EQ(a.headers.at("content-type"), "video/mp4");
    EXPECT_EQ(a.headers.at("accept-ranges"), "bytes");
    EXPECT_TRUE(a.body == text_) << a.body.size();
  }
  c.send("HEAD /film HTTP/1.1\r\nHost: x\r\n\r\n" + get("/film"));
  EXPECT_EQ(c.read(true).headers.at("content-length"), std::to_string(text_.size()));
  EXPECT_EQ(c.read().body.size(), text_.size());
  std::ofstream(path()).close();
  EXPECT_EQ(c.ask(get("/film")).body, "");
  std::filesystem::remove(path());
  EXPECT_EQ(c.ask(get("/film")).status, 404);
  std::filesystem::create_directory(path());
  EXPECT_EQ(c.ask(get("/film")).status, 404);
}

TEST_F(File, APartIsAskedForByItsRange) {
  Fixture f({serve()});
  Client c(f.port);
  auto const size = text_.size();
  struct Line {
    std::string range;
    std::size_t from, length;
  };
  for (auto const& [range, from, length] : {Line{"bytes=0-0", 0, 1}, Line{"bytes=100-199", 100, 100}, Line{"Bytes=500000-", 500'000, size - 500'000},
                                            Line{"bytes=-7", size - 7, 7}, Line{"bytes=5-99999999", 5, size - 5},
                                            Line{"bytes=-99999999", 0, size}}) {
    auto const a = c.ask(get("/film", "", "Range: " + range + "\r\n"));
    EXPECT_EQ(a.status, 206) << range;
    EXPECT_TRUE(a.body == text_.substr(from, length)) << range << ' ' << a.body.size();
    EXPECT_EQ(a.headers.at("content-range"), "bytes " + std::to_string(from) + "-" + std::to_string(from + length - 1) + "/" + std::to_string(size));
  }
  for (auto const* range : {"bytes=0-1,5-6", "bytes=9-3", "bytes=x-", "bytes=", "bytes=-", "lines=1-2", "0-5", "bytes=1-2x", "bytes=99999999999999999999-"}) {
    EXPECT_EQ(c.ask(get("/film", "", "Range: " + std::string(range) + "\r\n")).status, 200) << range;
  }
  EXPECT_EQ(c.ask(get("/film", "", "Range: bytes=0-5\r\nIf-Range: \"x\"\r\n")).status, 200);
  auto const beyond = c.ask(get("/film", "", "Range: bytes=" + std::to_string(size) + "-\r\n"));
  EXPECT_EQ(beyond.status, 416);
  EXPECT_EQ(beyond.headers.at("content-range"), "bytes */" + std::to_string(size));
}

// A gigabyte that nobody reads must not lie in memory: each reader holds one piece, and a piece is counted.
TEST_F(File, SlowReadersHoldAPieceEachAndThePiecesAreCounted) {
  std::filesystem::resize_file(path(), 1u << 30);
  ServerOptions options;
  options.limits.body_memory = 3 * 128 * 1024;
  Fixture f({serve()}, options);
  Client one(f.port), two(f.port), three(f.port), four(f.port);
  for (auto* c : {&one, &two, &three}) {
    c->send(get("/film"));
    EXPECT_EQ(c->read(true).status, 200);
  }
  auto const a = four.ask(get("/film"));
  EXPECT_EQ(a.status, 503);
  EXPECT_TRUE(a.headers.contains("retry-after"));
}

TEST_F(File, AReaderSlowerThanItsRateIsCutOff) {
  std::filesystem::resize_file(path(), std::uintmax_t{1} << 38);
  auto options = test::impatient();
  options.limits.body_rate = std::size_t{1} << 40;  // nobody reads as fast: what counts is the rate, not that something moves
  Fixture f({serve()}, options);
  Client c(f.port);
  c.send(get("/film"));
  while (c.skip()) {
  }
  while (f.server.counts().connections > 0) std::this_thread::yield();
}

}  // namespace
}  // namespace wangge::http
