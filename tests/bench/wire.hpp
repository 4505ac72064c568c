// Many keep-alive HTTP connections to 127.0.0.1 and some live streams, driven by one epoll loop on one thread. Raw
// sockets: the generator shares the machine with what it measures and must cost little.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

namespace wangge::bench {

struct Answer {
  int status = 0;
  std::string_view head, body;  // valid during the callback
};

class Wire {
 public:
  using OnAnswer = std::function<void(int connection, Answer const&)>;
  using OnEvent =
      std::function<void(std::string_view event)>;  // one event of a stream: its lines, without the blank one

  explicit Wire(std::uint16_t port);
  ~Wire();
  Wire(Wire const&) = delete;
  Wire& operator=(Wire const&) = delete;

  // A connected, idle connection; it answers to whom it belongs. Throws std::runtime_error.
  int open(OnAnswer const& on_answer);
  void open_stream(std::string_view request, OnEvent on_event);
  // The connection must be idle; the bytes are copied when they cannot leave at once.
  void send(int connection, std::string_view request);
  // Waits at most so long (ns) for bytes, then calls back everything that has come.
  void turn(std::int64_t at_most);
  std::uint64_t cut() const { return cut_; }  // connections the server closed; each was opened anew

 private:
  struct Connection {
    int fd = -1;
    OnAnswer on_answer;
    OnEvent on_event;
    std::string in, out;  // unread answer bytes; request bytes that wait for room
  };
  void connect(int connection);
  void watch(int connection, bool also_writing, bool anew);
  void on_readable(int connection);
  bool take_answer(int connection);
  static void take_events(Connection& c);
  void lost(int connection);

  std::uint16_t port_;
  int epoll_;
  std::uint64_t cut_ = 0;
  std::deque<Connection> connections_;  // stays in place while callbacks open more
};

}  // namespace wangge::bench
