// One connection's life, without its socket: bytes in, requests judged in a fixed order, answers out, deadlines. The
// transports (server.cpp) give it bytes and carry its own; everything here happens on the I/O thread.
//
// Order of checks for a request: form (400, 431, 505) → route (404, 405) → token (401) → role (403) → size (413) → body.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateways/http/http.hpp"
#include "gateways/http/mailbox.hpp"
#include "gateways/http/parser.hpp"
#include "gateways/http/router.hpp"
#include "gateways/http/workers.hpp"

namespace wangge::http {

// What all sessions of a server share. Counters are read by any thread, the rest belongs to the I/O thread.
struct Shared {
  Shared(ServerOptions o, std::vector<Route> routes, Authenticator const& a)
      : options(std::move(o)), router(std::move(routes)), authenticator(a) {}

  ServerOptions const options;
  Router const router;
  Authenticator const& authenticator;
  std::unique_ptr<Workers> workers, heavy;
  std::shared_ptr<Mailbox> mailbox;
  std::function<void(std::uint32_t slot)> release;  // a session is closed
  std::uint64_t last_serial = 0;
  std::size_t body_memory = 0;  // large bodies being read, and the pieces of files being sent
  bool draining = false;
  std::atomic<std::uint64_t> requests{0}, errors_4xx{0}, errors_5xx{0}, connections{0}, streams{0};
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t kSmallBody = 64 * 1024;  // up to this a body is not counted against the memory for large ones

  Session(Shared& shared, std::uint32_t slot, std::string peer);
  virtual ~Session();
  Session(Session const&) = delete;

  virtual void start() = 0;
  void deliver(Letter&& letter);
  void sweep(Clock::time_point now);  // closes what has waited too long
  void drain();                       // no further request; a running one still gets its answer
  void abort();                       // now
  bool closed() const { return phase_ == Phase::closed; }

 protected:
  // The transport's part. Each calls back exactly once, also after abort().
  virtual void read_some(char* into, std::size_t size) = 0;         // → on_read
  virtual void write(std::string_view a, std::string_view b) = 0;   // → on_written; progress by wrote()
  // The peer sees the end of our bytes. True: read on until it closes too; false: the transport waits for that itself.
  virtual bool end_writing(bool rest_unread) = 0;
  virtual void close_socket() = 0;

  void on_ready();  // connected, shaken hands
  void on_read(bool good, std::size_t size);
  void on_written(bool good);
  // So many bytes of the present write have left.
  void wrote(std::size_t bytes) {
    progress_ = Clock::now();
    in_write_ = bytes;
  }

 private:
  enum class Phase : std::uint8_t {
    handshake,
    idle,      // between requests
    head,      // some bytes of a request
    body,      // reading what will be handled
    discard,   // reading what will not, before the refusal is sent on a connection that lives on
    handling,  // a handler has it
    writing,
    streaming,
    lingering,  // answered for the last time; reads until the peer closes, so that it can read the answer
    closed,
  };

  void next();  // after an answer, and at the beginning: the next request, from the buffer or the socket
  void read();
  void advance();     // judge the bytes at hand
  bool take_head();   // false: needs more bytes, or has refused
  void judge();       // the head is complete
  bool judge_form();
  bool judge_caller(Route const& route);
  bool judge_browser(std::string_view secret);
  bool judge_bearer(std::string_view token);
  bool still_welcome() const;  // whoever listens to a stream may have been signed out meanwhile
  bool judge_clear();
  bool judge_size(Route const& route);
  bool body_fits();  // counts the memory that the body has grown to
  void take_body();
  void dispatch();
  void run_handler();
  void run_stream();

  std::function<void(Response const&)> noting() const;  // what the audit log hears of this request; may be empty
  void answer(Response response);
  bool next_piece();  // of the file being sent
  void refuse(Response response);   // before the body was read
  void abandon(Response response);  // the connection's bytes can no longer be trusted: answer, then close
  void finish(bool rest_unread);    // end writing, wait for the peer to close
  void flush_stream();
  void give_back_memory();
  void set(Phase phase);
  std::string_view bytes() const { return {in_.data() + begin_, end_ - begin_}; }

  Shared& shared_;
  std::uint32_t const slot_;
  std::string peer_;
  std::uint64_t serial_ = 0;
  Phase phase_ = Phase::handshake;
  Clock::time_point since_, progress_;
  bool reading_ = false, writing_ = false;
  bool keep_alive_ = true, rest_unread_ = false, head_only_ = false;
  core::Millis linger_{0};

  std::vector<char> in_;
  std::size_t begin_ = 0, end_ = 0;
  HeadScan scan_;
  Request request_;
  std::string repeated_;  // a query parameter that stands twice
  std::unique_ptr<Parser> parser_;
  Route const* route_ = nullptr;
  std::size_t body_bytes_ = 0, reserved_ = 0;
  std::optional<Response> held_;  // the refusal that waits until the body was discarded

  std::string out_, out_body_;
  std::uint64_t written_ = 0;  // of this answer, before the present write
  std::size_t in_write_ = 0;
  std::shared_ptr<OpenFile const> file_;
  std::uint64_t file_at_ = 0, file_left_ = 0;
  std::shared_ptr<StreamState> stream_;
  std::string stream_secret_;  // a token's or a cookie's, while the stream lasts
  bool stream_by_cookie_ = false;
  Clock::time_point welcomed_{};
  bool stream_more_ = false, stream_ended_ = false, stream_chunked_ = true;
};

}  // namespace wangge::http
