// The one HTTP server behind a plain header: Beast and Asio stay inside server.cpp. Doors give it a visible table of
// routes; a route without a row in the permission table does not start.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dispatcher/core/types.hpp"

namespace wangge::http {

struct Request {
  std::string method, path;                                   // path without query, still percent-encoded
  std::map<std::string, std::string, std::less<>> params;     // {name} of the route, decoded
  std::map<std::string, std::string, std::less<>> query;      // decoded, last one wins
  std::map<std::string, std::string, std::less<>> headers;    // lower-case names
  std::string body;
  core::Principal who;        // filled when the route is not public
  core::Instant received_at;  // when the request's last byte was read
  std::string lang;           // "zh" or "en", from Accept-Language
  std::string_view header(std::string_view name) const;
  std::string_view arg(std::string_view name) const;  // query or ""
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

// Called exactly once, from any thread.
using Reply = std::function<void(Response)>;

// A live text/event-stream. Thread-safe; send() is false once the client is gone or its queue is over 1 MiB (closed).
class Stream {
 public:
  virtual ~Stream() = default;
  virtual bool send(std::string_view event, std::string_view data) = 0;
  virtual bool comment(std::string_view text) = 0;
  virtual bool open() const = 0;
  virtual void close() = 0;
};

enum class Access : std::uint8_t { public_, any_role, roles };
enum class Where : std::uint8_t { inline_, worker };  // io thread (never blocks) or the bounded worker pool (may read the database)

struct Route {
  std::string method, path;  // "/api/v1/cases/{case_no}/actions/{action}"
  Access access = Access::roles;
  std::vector<core::Role> roles;  // for Access::roles
  std::size_t body_limit = 64 * 1024;
  std::string audit;  // class written to the audit log: none | read | personal | write | admin
  Where where = Where::worker;
  std::string summary_zh, summary_en;  // for OpenAPI
  std::function<void(Request, Reply)> handle;
  std::function<void(Request, std::shared_ptr<Stream>)> stream;  // instead of handle: text/event-stream
};

// Finds who a bearer token is. Reads the newest Reference snapshot.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  enum class State { ok, unknown, expired, no_reference };
  virtual State authenticate(std::string_view bearer, core::Instant now, core::Principal& out) const = 0;
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free port
  std::string tls_certificate, tls_key;  // both: HTTPS
  int worker_threads = 4;
  std::size_t worker_queue = 2048;       // full: 503 with Retry-After
  std::size_t connections = 8192;
};

class Server {
 public:
  // Throws std::logic_error naming the route when a row is incomplete (no access, roles without entries, no handler,
  // no audit class, twice the same method and path).
  Server(ServerOptions, std::vector<Route>, Authenticator const&);
  ~Server();
  std::uint16_t start();  // returns the bound port; throws std::runtime_error naming address and port when taken
  void stop();            // drains: no new connections, running requests finish (5 s at most)
  struct Counts {
    std::uint64_t requests = 0, errors_4xx = 0, errors_5xx = 0, connections = 0, streams = 0;
  };
  Counts counts() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// application/problem+json (CONTRACT 3). `errors`: (JSON pointer, code) pairs.
Response problem(int status, std::string_view code, std::string_view lang, std::string_view detail = "",
                 std::vector<std::pair<std::string, std::string>> const& errors = {});
Response json(int status, std::string body);

}  // namespace wangge::http
