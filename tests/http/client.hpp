// A client that can misbehave: raw bytes over a real socket, answers taken apart by hand. And a server with small limits.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "gateways/http/http.hpp"

namespace wangge::http::test {

struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;  // lower-case names
  std::string body;
  bool closed = false;  // the connection ended before a whole answer came
};

class Client {
 public:
  explicit Client(std::uint16_t port);
  ~Client();
  Client(Client const&) = delete;
  void send(std::string_view bytes);  // stops silently when the peer has closed
  void end();                         // no more from us
  Answer read(bool head_only = false);
  std::string read_until(std::string_view mark);  // everything up to and with the mark; shorter when the peer closed
  bool skip() { return in_ = {}, more(); }        // takes what comes and forgets it; false at the end
  bool at_end();                                  // waits: true when the peer closes, false when it sends something
  Answer ask(std::string_view bytes) {
    send(bytes);
    return read();
  }

 private:
  bool more();
  int fd_;
  std::string in_;
};

std::string get(std::string_view path, std::string_view token = "", std::string_view headers = "");
std::string post(std::string_view path, std::string_view body, std::string_view headers = "");

// Tokens: a role's id is that role; "expired"; everything else unknown.
class Tokens final : public Authenticator {
 public:
  State authenticate(std::string_view bearer, core::Instant now, core::Principal& out) const override;
  bool without_reference = false;
};

Route route(std::string method, std::string path, std::function<void(Request, Reply)> handle,
            Access access = Access::public_, std::vector<core::Role> roles = {});

// Handlers, and what a refusal is called ("no problem" when it is none).
void echo(Request request, Reply const& reply);
void hello(Request request, Reply const& reply);
std::string code_of(Answer const& answer);

// A handler's Reply, held until the test lets it go.
struct Held {
  std::mutex mutex;
  std::condition_variable came;
  std::deque<Reply> replies;
  void keep(Reply reply);
  Reply wait();
};

// The server of one test on a free port.
struct Fixture {
  explicit Fixture(std::vector<Route> routes, ServerOptions options = {});
  ~Fixture() { server.stop(); }
  Tokens tokens;
  Server server;
  std::uint16_t port;
};

// What the server logs while this lives.
class LogWatch {
 public:
  LogWatch();
  ~LogWatch();
  void wait_for(std::string_view words) const;  // until a line holds them

 private:
  struct Sink;
  std::shared_ptr<Sink> sink_;
};

// Options whose patience ends within a test's.
ServerOptions impatient();

}  // namespace wangge::http::test
