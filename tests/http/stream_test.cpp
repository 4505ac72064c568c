// Live streams: what is sent arrives, who is gone is noticed, who is slow is cut off.
#include <gtest/gtest.h>

#include <condition_variable>
#include <thread>

#include "client.hpp"

namespace wangge::http {
namespace {

using test::Client;
using test::Fixture;
using test::get;

// Keeps the newest stream that was opened.
struct Door {
  std::mutex mutex;
  std::condition_variable came;
  std::shared_ptr<Stream> stream;
  Route route(Where where = Where::inline_, Access access = Access::public_) {
    Route r = test::route("GET", "/stream", nullptr, access);
    r.where = where;
    r.stream = [this](Request, std::shared_ptr<Stream> s) {
      std::lock_guard const lock(mutex);
      stream = std::move(s);
      came.notify_all();
    };
    return r;
  }
  std::shared_ptr<Stream> wait() {
    std::unique_lock lock(mutex);
    came.wait(lock, [&] { return stream != nullptr; });
    return std::exchange(stream, nullptr);
  }
};

TEST(Stream, EventsArriveAsTheyAreSentAndTheEndIsClean) {
  for (auto const where : {Where::inline_, Where::worker}) {
    Door door;
    Fixture f({door.route(where)});
    Client c(f.port);
    c.send(get("/stream"));
    auto const stream = door.wait();
    auto const head = c.read(true);
    EXPECT_EQ(head.status, 200);
    EXPECT_EQ(head.headers.at("content-type"), "text/event-stream");
    EXPECT_EQ(head.headers.at("cache-control"), "no-store");
    EXPECT_EQ(head.headers.at("transfer-encoding"), "chunked");
    EXPECT_TRUE(stream->send("task", R"({"a":1})"));
    EXPECT_EQ(c.read_until("\n\n\r\n"), "1b\r\nevent: task\ndata: {\"a\":1}\n\n\r\n");
    EXPECT_TRUE(stream->comment("beat"));
    EXPECT_EQ(c.read_until("\n\n\r\n"), "8\r\n: beat\n\n\r\n");
    EXPECT_TRUE(stream->open());
    EXPECT_EQ(f.server.counts().streams, 1U);
    stream->send("", "last");
    stream->close();
    EXPECT_FALSE(stream->open());
    EXPECT_FALSE(stream->send("", "too late"));
    EXPECT_EQ(c.read_until("0\r\n\r\n"), "c\r\ndata: last\n\n\r\n0\r\n\r\n");
    EXPECT_TRUE(c.at_end());
    EXPECT_EQ(f.server.counts().streams, 0U);
  }
}

TEST(Stream, ManyThreadsMaySendAtOnceAndNothingIsTorn) {
  Door door;
  Fixture f({door.route()});
  Client c(f.port);
  c.send(get("/stream"));
  auto const stream = door.wait();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 500; ++i) stream->send("e", "0123456789");
    });
  }
  for (auto& t : threads) t.join();
  stream->close();
  c.read(true);
  std::string bytes;
  for (;;) {  // take the chunks apart
    std::string const line = c.read_until("\r\n");
    auto const size = std::stoul(line, nullptr, 16);
    if (size == 0) break;
    std::string chunk;
    while (chunk.size() < size + 2) chunk += c.read_until("\n");
    bytes += chunk.substr(0, size);
  }
  std::string const one = "event: e\ndata: 0123456789\n\n";
  ASSERT_EQ(bytes.size(), 2000 * one.size());
  for (std::size_t at = 0; at < bytes.size(); at += one.size()) ASSERT_EQ(bytes.substr(at, one.size()), one);
}

TEST(Stream, AClientThatIsGoneIsNoticed) {
  Door door;
  Fixture f({door.route()});
  auto c = std::make_unique<Client>(f.port);
  c->send(get("/stream"));
  auto const stream = door.wait();
  EXPECT_TRUE(stream->open());
  c.reset();
  while (stream->open()) std::this_thread::yield();
  EXPECT_FALSE(stream->send("e", "x"));
}

TEST(Stream, AReaderThatIsTooSlowIsCutOff) {
  Door door;
  ServerOptions options;
  options.limits.stream_queue = 64 * 1024;
  Fixture f({door.route()}, options);
  Client c(f.port);
  c.send(get("/stream"));
  auto const stream = door.wait();
  std::string const event(1000, 'x');
  while (stream->send("e", event)) {
  }
  EXPECT_FALSE(stream->open());
  while (f.server.counts().streams > 0) std::this_thread::yield();
}

TEST(Stream, DroppedByItsHandlerEnds) {
  Route r = test::route("GET", "/stream", nullptr);
  r.stream = [](Request, std::shared_ptr<Stream> s) { s->send("", "only"); };
  Fixture f({r});
  Client c(f.port);
  c.send(get("/stream"));
  EXPECT_NE(c.read_until("0\r\n\r\n").find("data: only\n\n"), std::string::npos);
  EXPECT_TRUE(c.at_end());
}

TEST(Stream, NeedsATokenLikeAnyRoute) {
  Door door;
  Fixture f({door.route(Where::inline_, Access::any_role)});
  Client c(f.port);
  EXPECT_EQ(c.ask(get("/stream")).status, 401);
  c.send(get("/stream", "disposer"));
  EXPECT_EQ(c.read(true).status, 200);
}

TEST(Stream, HeadAndOldVersionsAreServed) {
  Door door;
  Fixture f({door.route()});
  Client c(f.port);
  c.send("HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(c.read(true).headers.at("content-type"), "text/event-stream");
  Client old(f.port);
  old.send("GET /stream HTTP/1.0\r\n\r\n");
  auto const stream = door.wait();
  stream->send("", "plain");
  stream->close();
  auto const head = old.read(true);
  EXPECT_FALSE(head.headers.contains("transfer-encoding"));
  EXPECT_EQ(old.read_until("nothing"), "data: plain\n\n");
}

TEST(Stream, StopEndsItCleanly) {
  Door door;
  auto f = std::make_unique<Fixture>(std::vector<Route>{door.route()});
  Client c(f->port);
  c.send(get("/stream"));
  auto const stream = door.wait();
  stream->send("", "before");
  f->server.stop();
  EXPECT_FALSE(stream->open());
  std::string const all = c.read_until("0\r\n\r\n");
  EXPECT_NE(all.find("data: before"), std::string::npos);
  EXPECT_TRUE(all.ends_with("0\r\n\r\n"));
  f.reset();
  EXPECT_FALSE(stream->send("", "after")) << "the handle outlives the server";
}

}  // namespace
}  // namespace wangge::http
