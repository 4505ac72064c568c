// Work on other threads: bounded groups, and what the audit log hears of an answer.
#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "client.hpp"

namespace wangge::http {
namespace {

using test::Client;
using test::code_of;
using test::echo;
using test::Fixture;
using test::get;
using test::post;
using test::route;

TEST(Workers, AFullQueueIsRefusedAtOnce) {
  std::mutex gate;
  std::atomic<int> running{0};
  auto slow = route("GET", "/slow", [&](Request, Reply const& reply) {
    ++running;
    std::lock_guard const wait(gate);
    reply(json(200, "1"));
  });
  slow.where = Where::worker;
  ServerOptions options;
  options.worker_threads = 1;
  options.worker_queue = 1;
  Fixture f({slow}, options);
  std::unique_lock closed(gate);
  Client first(f.port), second(f.port), third(f.port);
  first.send(get("/slow"));
  while (running == 0) std::this_thread::yield();
  second.send(get("/slow"));
  while (f.server.counts().requests < 2) std::this_thread::yield();
  auto const a = third.ask(get("/slow"));
  EXPECT_EQ(a.status, 503);
  EXPECT_EQ(code_of(a), "overloaded");
  EXPECT_TRUE(a.headers.contains("retry-after"));
  closed.unlock();
  EXPECT_EQ(first.read().status, 200);
  EXPECT_EQ(second.read().status, 200);
}

// One group asks the database, the other never does: when the first stands still, uploads go on.
TEST(Workers, HeavyThingsHaveAGroupOfTheirOwn) {
  std::mutex gate;
  std::atomic<int> running{0};
  auto hung = route("GET", "/hung", [&](Request, Reply const& reply) {
    ++running;
    std::lock_guard const wait(gate);
    reply(json(200, "1"));
  });
  hung.where = Where::worker;
  auto upload = route("POST", "/upload", echo);
  upload.where = Where::heavy;
  ServerOptions options;
  options.worker_threads = 1;
  Fixture f({hung, upload}, options);
  std::unique_lock closed(gate);
  Client first(f.port), second(f.port);
  first.send(get("/hung"));
  while (running == 0) std::this_thread::yield();
  EXPECT_EQ(second.ask(post("/upload", "photo")).body, "photo");
  closed.unlock();
  EXPECT_EQ(first.read().status, 200);
}

// What the audit log is told: reads by their class, personal data by what the answer shows, and nothing else.
TEST(Audit, IsToldByTheRoutesClassAndByWhatTheAnswerShows) {
  struct Line {
    std::string audit_class, role, path, query;
    bool operator==(Line const&) const = default;
  };
  std::mutex mutex;
  std::vector<Line> lines;
  ServerOptions options;
  options.audit = [&](Noted const& n) {
    std::lock_guard const lock(mutex);
    lines.push_back({std::string(n.audit_class), std::string(core::id(n.who.role)), std::string(n.path), std::string(n.query)});
  };
  auto const of_class = [](std::string path, std::string audit, bool personal, int status = 200) {
    auto r = route("GET", std::move(path), [=](Request, Reply const& reply) {
      auto answer = json(status, "1");
      answer.personal = personal;
      reply(std::move(answer));
    }, Access::any_role);
    r.audit = std::move(audit);
    return r;
  };
  auto open = of_class("/open", "read", false);
  open.access = Access::public_;
  Fixture f({of_class("/none", "none", false), of_class("/read", "read", false), of_class("/missing", "read", false, 404),
             of_class("/case/{no}", "personal", true), of_class("/dry/{no}", "personal", false),
             of_class("/act", "write", true), of_class("/admin", "admin", false), open},
            options);
  Client c(f.port);
  for (auto const* path : {"/none", "/read?month=2026-10&text=%E4%BA%95", "/missing", "/case/7", "/dry/7", "/act", "/admin", "/open"}) {
    c.ask(get(path, "acceptor"));
  }
  EXPECT_EQ(c.ask(get("/read")).status, 401);
  std::lock_guard const lock(mutex);
  EXPECT_EQ(lines, (std::vector<Line>{{"read", "acceptor", "/read", "month=2026-10&text=井"},
                                      {"personal", "acceptor", "/case/7", ""},
                                      {"personal", "acceptor", "/act", ""},
                                      {"admin", "acceptor", "/admin", ""}}));
}

}  // namespace
}  // namespace wangge::http
