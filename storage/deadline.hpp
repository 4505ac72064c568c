// A time limit on what a thread does with one connection. libpq waits as long as the server holds the line, and a server
// that stands still (SIGSTOP, a dead disc) on a Unix socket holds it for ever; so a watcher shuts the socket down, and
// the wait ends as a lost connection.
#pragma once

#include <chrono>
#include <cstdint>

namespace wangge::storage {

class Deadline {
 public:
  Deadline(int socket, std::chrono::milliseconds limit);  // socket < 0: no limit
  ~Deadline();
  Deadline(Deadline const&) = delete;
  bool passed() const;  // the socket was shut down: the connection is of no more use

 private:
  int own_;  // a descriptor of ours for the same socket: libpq may close its own, and the number be somebody else's by then
  std::uint64_t id_ = 0;
};

}  // namespace wangge::storage
