// Limits on size and on time: what is too large, too much at once, too slow.
#include <gtest/gtest.h>

#include <thread>

#include "client.hpp"

namespace wangge::http {
namespace {

using test::Client;
using test::code_of;
using test::echo;
using test::Fixture;
using test::get;
using test::hello;
using test::post;
using test::route;

TEST(Limits, AHeadOverItsLimitIsRefused) {
  Fixture f({route("GET", "/a", hello)});
  std::string const filler(8000, 'x');
  Client c(f.port);
  EXPECT_EQ(c.ask(get("/a", "", "X-Long: " + filler + "\r\n")).status, 200);
  auto const a = c.ask(get("/a", "", "X-Long: " + filler + filler + "\r\n"));
  EXPECT_EQ(a.status, 431);
  EXPECT_EQ(code_of(a), "header_too_large");
  EXPECT_TRUE(c.at_end());
  Client endless(f.port);
  EXPECT_EQ(endless.ask("GET /" + std::string(20'000, 'a')).status, 431) << "before its end is seen";
}

TEST(Limits, ABodyOverItsRoutesLimitIsRefusedBeforeItIsRead) {
  auto small = route("POST", "/small", echo);
  small.body_limit = 10;
  auto large = route("POST", "/large", echo);
  large.body_limit = 2 * 1024 * 1024;
  Fixture f({small, large});
  Client c(f.port);
  EXPECT_EQ(c.ask(post("/small", "0123456789")).body, "0123456789");
  auto a = c.ask(post("/small", "0123456789a"));
  EXPECT_EQ(a.status, 413);
  EXPECT_EQ(code_of(a), "too_large");
  EXPECT_EQ(c.ask(post("/small", "again")).body, "again") << "a short refused body does not end the connection";

  std::string const big(2 * 1024 * 1024, 'b');
  EXPECT_EQ(c.ask(post("/large", big)).body, big);
  Client whole(f.port);  // sends all of it before it reads: must still see the answer
  EXPECT_EQ(whole.ask(post("/small", std::string(8 * 1024 * 1024, 'b'))).status, 413);
  EXPECT_TRUE(whole.at_end());
  Client unsent(f.port);
  EXPECT_EQ(unsent.ask("POST /large HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n").status, 413);
}

TEST(Limits, AChunkedBodyIsCountedToo) {
  auto small = route("POST", "/small", echo);
  small.body_limit = 10;
  Fixture f({small});
  std::string const head = "POST /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  Client c(f.port);
  EXPECT_EQ(c.ask(head + "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n").body, "0123456789");
  EXPECT_EQ(c.ask(head + "5;ext=1\r\n01234\r\n0\r\nTrailer: x\r\nAuthorization: Bearer leader\r\n\r\n").body, "01234");
  EXPECT_EQ(c.ask(head + "5\r\n01234\r\n6\r\n567890\r\n0\r\n\r\n").status, 413);
  EXPECT_TRUE(c.at_end());
  Client hex(f.port);
  EXPECT_EQ(hex.ask(head + "ffffffffffffffff\r\n").status, 413);
}

TEST(Limits, LargeBodiesTogetherStayWithinTheirMemory) {
  auto large = route("POST", "/large", echo);
  large.body_limit = 1024 * 1024;
  ServerOptions options;
  options.limits.body_memory = 1024 * 1024;
  Fixture f({large}, options);
  Client first(f.port), second(f.port);
  std::string const body(700 * 1024, 'x');
  std::string const request = post("/large", body);
  first.send(request.substr(0, 600 * 1024));
  // The first is known to be in the server's hands once a request behind it is refused for memory.
  test::Answer a;
  do {
    Client probe(f.port);
    a = probe.ask("POST /large HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 700000\r\n\r\n");
  } while (a.status == 100);
  EXPECT_EQ(a.status, 503);
  EXPECT_EQ(code_of(a), "overloaded");
  first.send(request.substr(600 * 1024));
  EXPECT_EQ(first.read().body.size(), body.size());
  EXPECT_EQ(second.ask(request).status, 200) << "the memory came back";
}

// Memory is taken as bytes come: whoever announces much, or nothing at all, holds no more than what he has sent.
TEST(Limits, ABodyTakesMemoryAsItGrows) {
  auto large = route("POST", "/large", echo);
  large.body_limit = 4 * 1024 * 1024;
  ServerOptions options;
  options.limits.body_memory = 1024 * 1024;
  Fixture f({large}, options);
  std::string const chunked = "POST /large HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  Client announced(f.port), small(f.port), growing(f.port), after(f.port);
  announced.send("POST /large HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nx");
  while (f.server.counts().requests < 1) std::this_thread::yield();
  EXPECT_EQ(small.ask(chunked + "5\r\n01234\r\n0\r\n\r\n").body, "01234") << "its size is what it sends, not the route's limit";
  growing.send(chunked + "200000\r\n" + std::string(2 * 1024 * 1024, 'x'));
  auto const a = growing.read();
  EXPECT_EQ(a.status, 503) << "more than there is memory for";
  EXPECT_EQ(code_of(a), "overloaded");
  EXPECT_TRUE(growing.at_end());
  EXPECT_EQ(after.ask(post("/large", std::string(900 * 1024, 'x'))).status, 200) << "the memory came back";
}

TEST(Limits, ExpectContinueIsAnsweredBeforeTheBody) {
  Fixture f({route("POST", "/echo", echo), route("POST", "/mine", echo, Access::any_role)});
  Client c(f.port);
  c.send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  EXPECT_EQ(c.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_EQ(c.ask("body").body, "body");
  EXPECT_EQ(c.ask("POST /mine HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n").status, 401);
  EXPECT_TRUE(c.at_end()) << "the caller may or may not send its body now; nobody can know where the next request begins";
  Client odd(f.port);
  EXPECT_EQ(odd.ask("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: magic\r\nContent-Length: 4\r\n\r\nbody").status, 417);
}

TEST(Slow, AHeadThatNeverEndsIsCutOff) {
  Fixture f({route("GET", "/a", hello)}, test::impatient());
  Client c(f.port);
  auto const a = c.ask("GET /a HTTP/1.1\r\nHost:");
  EXPECT_EQ(a.status, 408);
  EXPECT_TRUE(c.at_end());
}

TEST(Slow, ABodySlowerThanItsRateIsCutOff) {
  Fixture f({route("POST", "/echo", echo)}, test::impatient());
  Client c(f.port);
  auto const a = c.ask("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\nabc");
  EXPECT_EQ(a.status, 408);
  EXPECT_EQ(code_of(a), "request_timeout");
  EXPECT_TRUE(c.at_end());
}

TEST(Slow, ARefusalIsSaidOnceEvenWhenItsBodyNeverCame) {
  Fixture f({route("POST", "/echo", echo)}, test::impatient());
  Client c(f.port);
  EXPECT_EQ(c.ask("POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc").status, 404);
  EXPECT_TRUE(c.at_end());
}

TEST(Slow, AnIdleConnectionIsClosedWithoutAWord) {
  Fixture f({route("GET", "/a", hello)}, test::impatient());
  Client fresh(f.port), used(f.port);
  EXPECT_EQ(used.ask(get("/a")).status, 200);
  EXPECT_TRUE(fresh.at_end());
  EXPECT_TRUE(used.at_end());
}

TEST(Slow, AReaderThatDoesNotReadIsCutOff) {
  Fixture f({route("GET", "/a",
                   [](Request, Reply const& reply) { reply(json(200, std::string(64 * 1024 * 1024, 'x'))); })},
            test::impatient());
  Client c(f.port);
  c.send(get("/a"));
  while (f.server.counts().requests == 0 || f.server.counts().connections > 0) std::this_thread::yield();
  auto const a = c.read();
  EXPECT_TRUE(a.closed);
}

}  // namespace
}  // namespace wangge::http
