// Requests over a real socket: routes, tokens, limits, slow callers, replies from any thread, the drain.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "client.hpp"
#include "gateways/http/strict_json.hpp"

namespace wangge::http {
namespace {

using test::Client;
using test::code_of;
using test::echo;
using test::Fixture;
using test::get;
using test::Held;
using test::hello;
using test::post;
using test::route;

TEST(Server, AnswersCarryTheSafetyHeaders) {
  Fixture f({route("GET", "/a", hello)});
  Client c(f.port);
  auto const a = c.ask(get("/a"));
  EXPECT_EQ(a.status, 200);
  EXPECT_EQ(a.body, "\"hello\"");
  EXPECT_EQ(a.headers.at("x-content-type-options"), "nosniff");
  EXPECT_EQ(a.headers.at("content-security-policy"), "default-src 'self'");
  EXPECT_EQ(a.headers.at("referrer-policy"), "no-referrer");
  EXPECT_EQ(a.headers.at("cache-control"), "no-store");
  EXPECT_EQ(a.headers.at("content-type"), "application/json");
}

TEST(Server, AHandlerSeesTheWholeRequest) {
  auto const before = std::chrono::system_clock::now() - std::chrono::milliseconds(1);
  Request seen;
  Fixture f({route("POST", "/cases/{no}/{action}", [&](Request r, Reply const& reply) {
    seen = std::move(r);
    reply({204, "", "", {}});
  })});
  Client c(f.port);
  auto const a = c.ask(post("/cases/%E7%BD%91/sign?x=1&y=%20z", "body", "Accept-Language: en\r\nX-Two: a\r\nx-two: b\r\n"));
  EXPECT_EQ(a.status, 204);
  EXPECT_EQ(a.headers.count("content-length"), 0U);
  EXPECT_EQ(seen.method, "POST");
  EXPECT_EQ(seen.path, "/cases/%E7%BD%91/sign");
  EXPECT_EQ(seen.params.at("no"), "网");
  EXPECT_EQ(seen.params.at("action"), "sign");
  EXPECT_EQ(seen.arg("y"), " z");
  EXPECT_EQ(seen.arg("none"), "");
  EXPECT_EQ(seen.header("x-two"), "a, b");
  EXPECT_EQ(seen.body, "body");
  EXPECT_EQ(seen.lang, "en");
  EXPECT_GE(seen.received_at, std::chrono::floor<core::Millis>(before));
  EXPECT_LE(seen.received_at, std::chrono::system_clock::now());
}

TEST(Server, UnknownPathsAndMethodsAreSaidClearly) {
  Fixture f({route("GET", "/a", hello), route("POST", "/a", echo)});
  Client c(f.port);
  auto a = c.ask(get("/b"));
  EXPECT_EQ(a.status, 404);
  EXPECT_EQ(code_of(a), "not_found");
  a = c.ask("DELETE /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(a.status, 405);
  EXPECT_EQ(code_of(a), "method_not_allowed");
  EXPECT_EQ(a.headers.at("allow"), "GET, POST, HEAD, OPTIONS");
  a = c.ask("OPTIONS /a HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(a.status, 204);
  EXPECT_EQ(a.headers.at("allow"), "GET, POST, HEAD, OPTIONS");
  a = c.ask("OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(a.status, 204);
  for (auto const* outside : {"/%2e%2e/etc/passwd", "/a/../../etc/passwd", "/..%2fetc%2fpasswd", "/a%5cb", "/%0a"}) {
    EXPECT_EQ(c.ask(get(outside)).status, 404) << outside << ": no route, and no name that a route could hold";
  }
  for (auto const* torn : {"/%", "/%4", "/%zz", "/%ff", "/%c0%ae", "/%00", "/a?x=%FF"}) {
    EXPECT_EQ(c.ask(get(torn)).status, 400) << torn << ": what cannot be decoded names nothing at all";
  }
  a = c.ask("GET http://test/a?b=1 HTTP/1.1\r\nHost: test\r\n\r\n");
  EXPECT_EQ(a.status, 200);
  a = c.ask(post("/b", std::string(1000, 'x')));
  EXPECT_EQ(a.status, 404);
  a = c.ask(get("/a"));
  EXPECT_EQ(a.status, 200) << "after all that the connection still lives";
}

// Programs read members, not their absence: every refusal has all six.
TEST(Server, ARefusalHasEveryMemberOfTheContract) {
  Fixture f({route("POST", "/faults", [](Request r, Reply const& reply) {
    reply(problem(422, "invalid", r.lang, "why", {{"/lat", "coordinate_out_of_range"}}));
  })});
  Client c(f.port);
  for (auto const& request : {get("/nowhere"), get("/%"), post("/faults", "{}"), get("/faults")}) {
    auto const a = c.ask(request);
    auto const body = parse_json(a.body);
    ASSERT_TRUE(body && body->is_object()) << a.body;
    std::set<std::string> names;
    for (auto const& [name, value] : body->get_object()) names.insert(std::string(name));
    EXPECT_EQ(names, (std::set<std::string>{"type", "title", "status", "code", "detail", "errors"})) << a.body;
    EXPECT_EQ(body->at("status"), a.status);
    EXPECT_TRUE(body->at("errors").is_array());
    EXPECT_TRUE(body->at("detail").is_string() && !body->at("detail").as_string().empty()) << a.body;
  }
}

// What is shown to a person is in that person's language, also what a parser has to say.
TEST(Server, DetailsSpeakTheCallersLanguage) {
  Fixture f({route("POST", "/json", [](Request r, Reply const& reply) {
    std::string why;
    auto const body = parse_json(r.body, &why);
    reply(body ? json(200, "1") : problem(400, "bad_json", r.lang, why));
  })});
  auto const details = [&](std::string const& language) {
    std::vector<std::string> out;
    Client c(f.port);
    std::string const accept = "Accept-Language: " + language + "\r\n";
    for (auto const* body : {"{", "{} {}", "{\"a\":1,\"a\":2}", "[1e99999999999]", "[\"\\u0000\"]", "{\"\\u0000\":1}", "[tru]"}) {
      out.push_back(c.ask(post("/json", body, accept)).body);
    }
    out.push_back(c.ask(get("/%", "", accept)).body);
    for (auto const* headers : {"Host: x\r\nHost: y\r\n", "", "Host: x\r\nContent-Length: 1, 1\r\n",
                                "Host: x\r\nTransfer-Encoding: gzip\r\n"}) {
      Client broken(f.port);
      out.push_back(broken.ask("POST /json HTTP/1.1\r\n" + accept + headers + "\r\n").body);
    }
    Client odd(f.port);
    out.push_back(odd.ask("GET json HTTP/1.1\r\n" + accept + "Host: x\r\n\r\n").body);
    for (auto& text : out) text = std::string(parse_json(text)->at("detail").as_string());
    return out;
  };
  auto const zh = details("zh-CN"), en = details("en");
  for (std::size_t i = 0; i < zh.size(); ++i) {
    auto const chinese = [](std::string const& text) {
      return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    };
    EXPECT_TRUE(chinese(zh[i])) << i << ": " << zh[i];
    EXPECT_FALSE(chinese(en[i])) << i << ": " << en[i];
  }
}

TEST(Server, HeadHasTheLengthButNotTheBody) {
  Fixture f({route("GET", "/a", hello)});
  Client c(f.port);
  c.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n" + get("/a"));
  auto const a = c.read(true);
  EXPECT_EQ(a.status, 200);
  EXPECT_EQ(a.headers.at("content-length"), "7");
  EXPECT_EQ(c.read().body, "\"hello\"");
}

TEST(Auth, NothingIsOpenByDefault) {
  Fixture f({route("GET", "/public", hello), route("GET", "/any", hello, Access::any_role),
             route("GET", "/mine", hello, Access::roles, {core::Role::acceptor, core::Role::leader})});
  struct Line {
    char const *path, *token;
    int status;
    char const* code;
  };
  for (Line const& line : {Line{"/public", "", 200, ""},
                           {"/public", "nobody", 200, ""},
                           {"/any", "", 401, "unauthorized"},
                           {"/any", "nobody", 401, "unauthorized"},
                           {"/any", "expired", 401, "unauthorized"},
                           {"/any", "reporter", 200, ""},
                           {"/mine", "", 401, "unauthorized"},
                           {"/mine", "reporter", 403, "not_yours"},
                           {"/mine", "sys_admin", 403, "not_yours"},
                           {"/mine", "acceptor", 200, ""},
                           {"/mine", "leader", 200, ""}}) {
    Client c(f.port);
    auto const a = c.ask(get(line.path, line.token));
    EXPECT_EQ(a.status, line.status) << line.path << ' ' << line.token;
    if (line.status != 200) {
      EXPECT_EQ(code_of(a), line.code);
    }
    EXPECT_EQ(a.headers.contains("www-authenticate"), line.status == 401);
  }
}

TEST(Auth, OnlyABearerHeaderIsAToken) {
  Fixture f({route("GET", "/any", hello, Access::any_role)});
  Client c(f.port);
  EXPECT_EQ(c.ask(get("/any?access_token=leader")).status, 401);
  EXPECT_EQ(c.ask(get("/any", "", "Authorization: leader\r\n")).status, 401);
  EXPECT_EQ(c.ask(get("/any", "", "Authorization: Basic leader\r\n")).status, 401);
  EXPECT_EQ(c.ask(get("/any", "", "Authorization: Bearer \r\n")).status, 401);
  EXPECT_EQ(c.ask(get("/any", "", "Authorization: bearer  leader \r\n")).status, 200);
}

TEST(Auth, WithoutReferenceADoorAsksForPatience) {
  Fixture f({route("GET", "/any", hello, Access::any_role), route("GET", "/public", hello)});
  f.tokens.without_reference = true;
  Client c(f.port);
  auto const a = c.ask(get("/any", "leader"));
  EXPECT_EQ(a.status, 503);
  EXPECT_EQ(code_of(a), "no_reference");
  EXPECT_TRUE(a.headers.contains("retry-after"));
  EXPECT_EQ(c.ask(get("/public")).status, 200);
}

TEST(Reply, MayComeFromAnyThread) {
  Held held;
  Fixture f({route("GET", "/a", [&](Request, Reply const& reply) { held.keep(reply); })});
  Client c(f.port);
  c.send(get("/a"));
  std::thread([reply = held.wait()] { reply(json(201, "1")); }).join();
  EXPECT_EQ(c.read().status, 201);
}

TEST(Reply, ASecondOneIsIgnored) {
  test::LogWatch const log;
  Held held;
  Fixture f({route("GET", "/a", [&](Request, Reply const& reply) { held.keep(reply); })});
  Client c(f.port);
  c.send(get("/a"));
  Reply const reply = held.wait();
  reply(json(201, "1"));
  reply(json(500, "2"));
  log.wait_for("GET /a was answered twice");
  EXPECT_EQ(c.read().status, 201);
  c.send(get("/a"));
  Reply const next = held.wait();
  reply(json(500, "3"));  // late, to a request long answered: must not answer this one
  next(json(202, "4"));
  EXPECT_EQ(c.read().status, 202);
}

TEST(Reply, DroppedUnusedAnswersFiveHundred) {
  Fixture f({route("GET", "/drop", [](Request, Reply const&) {}),
             route("GET", "/throw", [](Request, Reply const&) { throw std::runtime_error("broken on purpose"); })});
  Client c(f.port);
  auto a = c.ask(get("/drop"));
  EXPECT_EQ(a.status, 500);
  EXPECT_EQ(code_of(a), "internal");
  a = c.ask(get("/throw"));
  EXPECT_EQ(a.status, 500);
  EXPECT_EQ(a.body.find("purpose"), std::string::npos) << "what broke is for the log, not for the caller";
  EXPECT_EQ(f.server.counts().errors_5xx, 2U);
}

TEST(Reply, AfterTheClientHasGoneHarmsNobody) {
  Held held;
  Fixture f({route("GET", "/a", [&](Request, Reply const& reply) { held.keep(reply); })});
  {
    Client gone(f.port);
    gone.send(get("/a"));
    Reply const reply = held.wait();
    gone.end();
    reply(json(200, std::string(1000, 'x')));
  }
  Client c(f.port);
  c.send(get("/a"));
  held.wait()(json(200, "1"));
  EXPECT_EQ(c.read().status, 200);
}

TEST(Reply, AfterTheServerHasGoneHarmsNobody) {
  Held held;
  auto options = test::impatient();
  options.limits.drain_time = core::Millis{50};
  Reply reply;
  {
    Fixture f({route("GET", "/a", [&](Request, Reply const& r) { held.keep(r); })}, options);
    Client c(f.port);
    c.send(get("/a"));
    reply = held.wait();
  }
  reply(json(200, "1"));
}

TEST(Connections, OverTheCapAreTurnedAway) {
  ServerOptions options;
  options.connections = 1;
  Fixture f({route("GET", "/a", hello)}, options);
  {
    Client first(f.port);
    EXPECT_EQ(first.ask(get("/a")).status, 200);
    Client second(f.port);
    auto const a = second.read();
    EXPECT_EQ(a.status, 503);
    EXPECT_EQ(code_of(a), "overloaded") << "turned away as politely as any other";
    EXPECT_TRUE(a.headers.contains("retry-after"));
  }
  while (f.server.counts().connections > 0) std::this_thread::yield();
  Client third(f.port);
  EXPECT_EQ(third.ask(get("/a")).status, 200);
}

// The lowest free descriptor becomes the limit: the client's socket still fits, the server's end of it does not.
TEST(Connections, OutOfDescriptorsTheServerWaitsAndGoesOn) {
  test::LogWatch const log;
  Fixture f({route("GET", "/a", hello)});
  rlimit before{};
  getrlimit(RLIMIT_NOFILE, &before);
  int const lowest = dup(0);
  close(lowest);
  rlimit const tight{static_cast<rlim_t>(lowest) + 1, before.rlim_max};
  setrlimit(RLIMIT_NOFILE, &tight);
  Client c(f.port);
  c.send(get("/a"));
  log.wait_for("cannot accept a connection");
  setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_EQ(c.read().status, 200);
}

TEST(Connections, TenThousandRequestsTravelOnOne) {
  Fixture f({route("POST", "/echo", echo)});
  Client c(f.port);
  for (int i = 0; i < 10'000; ++i) {
    std::string const body = std::to_string(i);
    ASSERT_EQ(c.ask(post("/echo", body)).body, body);
  }
  EXPECT_EQ(f.server.counts().requests, 10'000U);
  EXPECT_EQ(f.server.counts().connections, 1U);
}

TEST(Connections, PipelinedRequestsAreAnsweredInOrder) {
  Held held;
  Fixture f({route("POST", "/echo", echo), route("GET", "/held", [&](Request, Reply const& r) { held.keep(r); })});
  Client c(f.port);
  std::string all = get("/held");
  for (int i = 0; i < 100; ++i) all += post("/echo", std::to_string(i));
  c.send("\r\n\r\n" + all);
  held.wait()(json(200, "\"first\""));
  EXPECT_EQ(c.read().body, "\"first\"");
  for (int i = 0; i < 100; ++i) ASSERT_EQ(c.read().body, std::to_string(i));
}

TEST(Connections, RequestsCutAtAnyByteAreTheSameRequests) {
  Fixture f({route("POST", "/echo", echo)});
  std::string const request = post("/echo", "hello") +
                              "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  Client c(f.port);
  for (std::size_t cut = 1; cut < request.size(); ++cut) {
    c.send(request.substr(0, cut));
    std::this_thread::yield();
    c.send(request.substr(cut));
    ASSERT_EQ(c.read().body, "hello") << cut;
    ASSERT_EQ(c.read().body, "abc") << cut;
  }
  for (char const byte : request) c.send({&byte, 1});
  EXPECT_EQ(c.read().body, "hello");
  EXPECT_EQ(c.read().body, "abc");
}

TEST(Connections, CloseAndOldVersionsAreKept) {
  Fixture f({route("GET", "/a", hello)});
  Client c(f.port);
  auto a = c.ask(get("/a", "", "Connection: close\r\n"));
  EXPECT_EQ(a.headers.at("connection"), "close");
  EXPECT_TRUE(c.at_end());
  Client old(f.port);
  a = old.ask("GET /a HTTP/1.0\r\n\r\n");
  EXPECT_EQ(a.body, "\"hello\"");
  EXPECT_TRUE(old.at_end());
  Client kept(f.port);
  EXPECT_EQ(kept.ask("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n").headers.at("connection"), "keep-alive");
  EXPECT_EQ(kept.ask(get("/a")).status, 200);
}

TEST(Start, APortInUseIsNamed) {
  Fixture f({route("GET", "/a", hello)});
  ServerOptions options;
  options.port = f.port;
  Server second(options, {route("GET", "/a", hello)}, f.tokens);
  try {
    second.start();
    FAIL() << "two servers on one port";
  } catch (std::runtime_error const& e) {
    std::string const what = e.what();
    EXPECT_NE(what.find("127.0.0.1"), std::string::npos) << what;
    EXPECT_NE(what.find(std::to_string(f.port)), std::string::npos) << what;
  }
}

TEST(Stop, RunningRequestsFinishAndIdleConnectionsEnd) {
  Held held;
  auto f = std::make_unique<Fixture>(
      std::vector<Route>{route("GET", "/held", [&](Request, Reply const& r) { held.keep(r); })});
  auto const port = f->port;
  Client running(port), idle(port);
  running.send(get("/held"));
  Reply const reply = held.wait();
  while (f->server.counts().connections < 2) std::this_thread::yield();
  std::thread stopping([&] { f->server.stop(); });
  EXPECT_TRUE(idle.at_end());
  EXPECT_THROW(Client{port}, std::runtime_error) << "the door is shut to new ones";
  reply(json(200, "1"));
  auto const a = running.read();
  EXPECT_EQ(a.status, 200);
  EXPECT_EQ(a.headers.at("connection"), "close");
  stopping.join();
}

TEST(Stop, ARequestThatNeverAnswersDoesNotHoldIt) {
  Held held;
  ServerOptions options;
  options.limits.drain_time = core::Millis{100};
  auto f = std::make_unique<Fixture>(
      std::vector<Route>{route("GET", "/held", [&](Request, Reply const& r) { held.keep(r); })}, options);
  Client c(f->port);
  c.send(get("/held"));
  Reply const reply = held.wait();
  f->server.stop();
  EXPECT_TRUE(c.read().closed);
  f.reset();
}

}  // namespace
}  // namespace wangge::http
