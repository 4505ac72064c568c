// The one HTTP server behind a plain header: Beast and Asio stay inside server.cpp. Doors give it a visible table of
// routes; a route without a row in the permission table does not start.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dispatcher/core/types.hpp"

namespace wangge::http {

// A handful of names and values in one block: what a map would do here, without a node for each header.
class NameMap {
 public:
  using value_type = std::pair<std::string, std::string>;
  using iterator = std::vector<value_type>::iterator;
  using const_iterator = std::vector<value_type>::const_iterator;
  NameMap() = default;
  NameMap(std::initializer_list<value_type> all) : all_(all) {}
  iterator begin() { return all_.begin(); }
  iterator end() { return all_.end(); }
  const_iterator begin() const { return all_.begin(); }
  const_iterator end() const { return all_.end(); }
  bool empty() const { return all_.empty(); }
  std::size_t size() const { return all_.size(); }
  void reserve(std::size_t n) { all_.reserve(n); }
  void clear() { all_.clear(); }
  const_iterator find(std::string_view name) const;
  bool contains(std::string_view name) const { return find(name) != end(); }
  std::size_t count(std::string_view name) const { return contains(name) ? 1 : 0; }
  std::string const& at(std::string_view name) const;  // throws std::out_of_range naming the name
  std::string_view get(std::string_view name) const;   // "" when missing
  std::string& operator[](std::string_view name);      // adds it when missing
  void add(std::string name, std::string value) { all_.emplace_back(std::move(name), std::move(value)); }

 private:
  std::vector<value_type> all_;
};

struct Request {
  std::string method, path;                                   // path without query, still percent-encoded
  NameMap params;                                             // {name} of the route, decoded
  NameMap query;                                              // decoded, last one wins
  NameMap headers;                                            // lower-case names; repeated ones joined by ", "
  std::string body;
  core::Principal who;        // filled when the route is not public
  core::Instant received_at;  // when the request's last byte was read
  std::string lang;           // "zh" or "en", from Accept-Language
  std::string peer;           // the address at the other end of the connection
  std::string session_id, csrf;  // of a browser's session; "" when a bearer token, or nobody, asks
  std::string_view header(std::string_view name) const;
  std::string_view arg(std::string_view name) const;  // query or ""
};

// A file held open, so that it can be sent piece by piece as its reader takes it; also when it is removed meanwhile.
class OpenFile {
 public:
  static std::shared_ptr<OpenFile const> open(std::string const& path);  // null: not there, or no regular file
  ~OpenFile();
  OpenFile(OpenFile const&) = delete;
  std::uint64_t size() const { return size_; }
  std::size_t read(std::uint64_t from, char* into, std::size_t most) const;  // less than `most`: cut short meanwhile

 private:
  OpenFile(int descriptor, std::uint64_t bytes);
  int fd_;
  std::uint64_t size_;
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::shared_ptr<OpenFile const> file;  // instead of `body`: file_length bytes of it from file_from on
  std::uint64_t file_from = 0, file_length = 0;
  bool personal = false;  // shows a reporter's name or phone: written to the audit log whatever the route's class
  std::string note;       // what the audit log hears besides, instead of the query: the reason given
};

// Called exactly once, from any thread. A second call is ignored and logged; a Reply dropped unused answers 500.
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
// The io thread (never blocks), the bounded workers (may read the database), or the bounded workers for heavy things that
// never ask the database (pictures, discs): the one group goes on when the other stands still.
enum class Where : std::uint8_t { inline_, worker, heavy };

struct Route {
  std::string method, path;  // "/api/v1/cases/{case_no}/actions/{action}"
  Access access = Access::roles;
  std::vector<core::Role> roles;  // for Access::roles
  std::size_t body_limit = 64 * 1024;
  // Class for the audit log: none; read and admin (each answer under 300 is noted); personal (noted when the answer shows a
  // reporter, see Response); write (the case's history and the spool are the record).
  std::string audit;
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
  struct Browser {
    core::Principal who;
    std::string session_id;
    bool unfinished = false;  // signed in, but something must be done first (a new password): only kUnfinished paths open
  };
  // Who is behind the secret of a session's cookie. `at_it`: a person does something, so the session does not idle out.
  virtual State session(std::string_view, core::Instant, bool /*at_it*/, Browser&) const { return State::unknown; }
};

// The cookie of a browser's session. Browsers take the second name only over TLS, for the whole host and from nobody else.
inline constexpr std::string_view kCookie = "wangge", kSecureCookie = "__Host-wangge";
inline constexpr std::string_view kCsrfHeader = "x-csrf-token";  // wanted with the cookie for whatever is no GET
inline constexpr std::string_view kQuietHeader = "x-quiet";      // a page's own look for news: nobody is at it
// What the page sends back in that header. Follows from the secret, so nothing more is kept.
std::string csrf_token(std::string_view secret);

// A deed for the audit log. The views live as long as the call.
struct Noted {
  std::string_view audit_class;  // read, admin or personal
  core::Principal const& who;
  std::string_view method, path, query;  // path as asked; query decoded
  core::Instant at;
};

// The server's patience and its caps; tests make them small.
struct Limits {
  std::size_t header_bytes = 8 * 1024;                 // more: 431
  std::size_t stream_queue = 1024 * 1024;              // a slower reader of a live stream is closed
  std::size_t body_memory = 192 * 1024 * 1024;         // all large bodies being read together; more: 503
  core::Millis header_time{10'000};                    // from a request's first byte to its whole header, also for TLS
  core::Millis idle_time{75'000};                      // between two requests of a connection
  core::Millis body_grace{10'000};                     // then a body (or a reader) slower than body_rate is cut off
  std::size_t body_rate = 1024;                        // bytes a second
  core::Millis linger_time{10'000};                    // how long an early refusal waits for the rest of the body
  core::Millis drain_time{5'000};                      // stop(): how long running requests may still finish
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  // 0: any free port
  std::string tls_certificate, tls_key;  // both: HTTPS
  bool secure_cookies = false;  // HTTPS, here or at the proxy in front
  int worker_threads = 4;
  int heavy_threads = 3;
  std::size_t worker_queue = 2048, heavy_queue = 256;  // full: 503 with Retry-After
  std::size_t connections = 8192;  // more: 503; also kept below the limit of open files
  Limits limits;
  std::function<void(Noted const&)> audit;  // called on any thread, before the answer leaves: hand over and return
};

class Server {
 public:
  // Throws std::logic_error naming the route when a row is incomplete (no access, roles without entries, no handler,
  // no audit class, twice the same method and path).
  Server(ServerOptions, std::vector<Route>, Authenticator const&);
  ~Server();
  std::uint16_t start();  // returns the bound port; throws std::runtime_error naming address and port when taken
  void stop();            // drains: no new connections, running requests finish (5 s at most)
  struct Counts {  // connections and streams: open now; the others since the start
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
// The file, or the one part of it that a Range header asks for (206, or 416 when nothing lies there).
Response file(Request const& request, std::shared_ptr<OpenFile const> file, std::string content_type);

}  // namespace wangge::http
