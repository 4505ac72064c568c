// The client tries again where that is safe, and only as long as it has patience.
#include "deploy/lives/talk.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <deque>
#include <mutex>
#include <thread>

namespace wangge::deploy {
namespace {

using namespace std::chrono_literals;

// Says its lines, one a request, then keeps saying the last; "" closes the connection without an answer.
class Script {
 public:
  explicit Script(std::deque<std::string> answers)
      : answers_(std::move(answers)), listener_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    bind(listener_, reinterpret_cast<sockaddr*>(&any), sizeof any);
    listen(listener_, 8);
    socklen_t size = sizeof any;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&any), &size);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(any.sin_port));
    thread_ = std::thread([this] { serve(); });
  }
  ~Script() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  std::string const& url() const { return url_; }
  int connections() const { return connections_; }
  std::vector<std::string> heard() {
    std::lock_guard lock(mutex_);
    return heard_;
  }

 private:
  void serve() {
    for (int fd = accept(listener_, nullptr, nullptr); fd >= 0; fd = accept(listener_, nullptr, nullptr)) {
      ++connections_;
      std::string in;
      char block[4096];
      while (true) {
        while (in.find("\r\n\r\n") == std::string::npos || !whole(in)) {
          auto const n = recv(fd, block, sizeof block, 0);
          if (n <= 0) break;
          in.append(block, static_cast<std::size_t>(n));
        }
        if (in.empty()) break;
        std::string answer;
        {
          std::lock_guard lock(mutex_);
          heard_.push_back(in);
          answer = answers_.front();
          if (answers_.size() > 1) answers_.pop_front();
        }
        in.clear();
        if (answer.empty()) break;
        send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
      }
      close(fd);
    }
  }
  static bool whole(std::string const& in) {
    auto const head = in.find("\r\n\r\n");
    auto const at = in.find("Content-Length: ");
    return at == std::string::npos || in.size() >= head + 4 + std::stoul(in.substr(at + 16));
  }
  std::deque<std::string> answers_;
  std::vector<std::string> heard_;
  std::mutex mutex_;
  std::atomic<int> connections_{0};
  int listener_;
  std::string url_;
  std::thread thread_;
};

std::string answer(int status, std::string const& body, std::string const& more = "") {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more +
         "\r\n" + body;
}

TEST(Talk, TriesAgainAfter503And504AndABrokenConnection) {
  Script script({answer(503, "{}", "Retry-After: 0\r\n"), "", answer(504, "{\"code\":\"outcome_unknown\"}"),
                 answer(201, "{\"report_id\":\"r\"}", "Idempotency-Replayed: true\r\n")});
  std::atomic<std::int64_t> retried{0};
  Talk talk(script.url(), 10s, retried);
  auto const told = talk.post("/api/v1/reports", "t", "{\"a\":1}", {{"Idempotency-Key", "k"}});
  EXPECT_EQ(told.status, 201);
  EXPECT_TRUE(told.replayed);
  EXPECT_EQ(told.word("report_id"), "r");
  EXPECT_EQ(retried, 3);
  auto const heard = script.heard();
  ASSERT_EQ(heard.size(), 4u);
  EXPECT_EQ(heard.front(), heard.back()) << "the same request, byte for byte";
}

TEST(Talk, TakesARefusalForAnAnswer) {
  Script script({answer(422, "{\"code\":\"unknown_category\"}")});
  std::atomic<std::int64_t> retried{0};
  Talk talk(script.url(), 10s, retried);
  auto const told = talk.post("/x", "t", "{}");
  EXPECT_EQ(told.status, 422);
  EXPECT_EQ(told.code(), "unknown_category");
  EXPECT_EQ(retried, 0);
}

TEST(Told, ARefusalNamesItsFieldWhereTheCodeDoesNotSayIt) {
  Told told;
  told.body = boost::json::parse(R"({"code":"not_yours","errors":[{"field":"/source","code":"source_not_allowed"}]})");
  EXPECT_EQ(told.reason(), "not_yours (/source source_not_allowed)");
  told.body = boost::json::parse(R"({"code":"unknown_category","errors":[{"field":"/category","code":"unknown_category"}]})");
  EXPECT_EQ(told.reason(), "unknown_category");
  told.body = boost::json::parse(R"({"code":"too_large","errors":[]})");
  EXPECT_EQ(told.reason(), "too_large");
}

TEST(Talk, GivesUpWhenPatienceIsOver) {
  Script script({answer(503, "{}")});
  std::atomic<std::int64_t> retried{0};
  Talk talk(script.url(), 120ms, retried);
  EXPECT_EQ(talk.get("/x", "t").status, 503);
  Talk nobody("http://127.0.0.1:1", 120ms, retried);
  EXPECT_EQ(nobody.get("/x", "t").status, 0);
}

TEST(HttpClient, ReadsChunkedAnswersAndKeepsTheConnection) {
  Script script({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n",
                 answer(204, ""), answer(200, "x")});
  HttpClient client(script.url(), 5s);
  EXPECT_EQ(client.request("GET", "/a").body, "abcdefg");
  EXPECT_EQ(client.request("DELETE", "/b").status, 204);
  EXPECT_EQ(client.request("GET", "/c").body, "x");
}

TEST(HttpClient, AConnectionOfAnOldServerIsNotUsedTwice) {
  Script script({"HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", answer(200, "y"), answer(200, "z")});
  HttpClient client(script.url(), 5s);
  EXPECT_EQ(client.request("GET", "/a").body, "x");
  EXPECT_EQ(client.request("GET", "/b").body, "y");
  EXPECT_EQ(client.request("GET", "/c").body, "z");
  EXPECT_EQ(script.connections(), 2);
}

TEST(HttpClient, RefusesAddressesItCannotSpeakTo) {
  for (char const* bad : {"ftp://x", "localhost:80", "http://", "https://", "http://x:y"})
    EXPECT_THROW(HttpClient{bad}, std::invalid_argument) << bad;
}

TEST(Talk, NamesGiveTheSameUuidForEver) {
  EXPECT_EQ(stable_uuid("a"), stable_uuid("a"));
  EXPECT_NE(stable_uuid("a"), stable_uuid("b"));
  EXPECT_EQ(stable_uuid("a").size(), 36u);
  EXPECT_EQ(to_rfc3339(core::Instant(std::chrono::sys_days(std::chrono::year(2026) / 11 / 23)) + core::Millis(1)),
            "2026-11-23T00:00:00.001Z");
}

}  // namespace
}  // namespace wangge::deploy
