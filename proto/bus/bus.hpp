// The bus: ZeroMQ behind four small sockets and one codec. The only place that includes zmq.hpp. It moves frames and
// knows nothing of what they mean. Each socket belongs to the one thread that uses it; other threads ring a Wake.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "wangge/v1/bus.pb.h"

namespace wangge::bus {

inline constexpr std::size_t kFrameBytes = 256 * 1024;  // larger frames are refused before parsing
inline constexpr std::chrono::milliseconds kBeatEvery{1000};
inline constexpr std::chrono::milliseconds kSilentAfter{3500};  // no frame for so long: the peer is away

// False: too large, not protobuf, invalid UTF-8, deeper than 16, or no body set.
bool decode(std::string_view frame, v1::Envelope& out);
std::string encode(v1::Envelope const& message);  // throws std::length_error over kFrameBytes

// Keys for TCP between machines (CURVE + ZAP). ipc needs none: its socket file is 0600.
struct Keys {
  std::string public_key, secret_key;       // Z85, 40 characters each
  std::string server_key;                   // of the dispatcher, for connecting sides
  std::vector<std::string> allowed;         // public keys a binding side lets in
  bool empty() const { return public_key.empty(); }
};
Keys make_keys();
// What lies in a key file: `public KEY` and `secret KEY`, one a line, mode 0600. Throws std::runtime_error with a sentence.
Keys read_keys(std::string const& file);
// The same; makes the file when there is none.
Keys read_or_make_keys(std::string const& file);
// Throws std::runtime_error with a sentence when this endpoint cannot be used with these keys: TCP needs all of them.
enum class End : std::uint8_t { binds, connects };
void check_endpoint(std::string const& endpoint, Keys const& keys, End end);

// Rings from any thread; the owner waits on it together with its sockets.
class Wake {
 public:
  Wake();
  ~Wake();
  Wake(Wake const&) = delete;
  Wake& operator=(Wake const&) = delete;
  void ring();
  void clear();
  int fd() const { return fd_; }

 private:
  int fd_;
};

class Context {
 public:
  // `refused` is told (on a thread of the context's own) the public key of whoever knocked and was not let in.
  explicit Context(Keys keys = {}, std::function<void(std::string const&)> refused = {});
  ~Context();
  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

class Socket {
 public:
  virtual ~Socket();
  struct Impl;
  Impl& impl() { return *impl_; }

 protected:
  Socket();
  std::unique_ptr<Impl> impl_;
};

// Dispatcher's end: every peer has a routing id that is good for one connection only.
class Router : public Socket {
 public:
  Router(Context& context, std::string const& endpoint);  // throws std::runtime_error naming the endpoint
  bool receive(std::string& peer, std::string& frame);    // non-blocking
  enum class Sent : std::uint8_t { ok, gone, full };
  Sent send(std::string const& peer, std::string const& frame);
};

// Gateway's end, to one dispatcher. Nothing is queued for a peer that is not connected.
class Dealer : public Socket {
 public:
  Dealer(Context& context, std::string const& endpoint);
  bool receive(std::string& frame);
  bool send(std::string const& frame);  // false: not connected or full; try again later
};

class Publisher : public Socket {
 public:
  Publisher(Context& context, std::string const& endpoint);
  void send(std::string const& frame);  // may be lost
};

class Subscriber : public Socket {
 public:
  Subscriber(Context& context, std::string const& endpoint);
  bool receive(std::string& frame);
};

// Returns when a socket can be read, the wake rang (and is then clear), or the time is over.
void wait(std::vector<Socket*> const& sockets, Wake& wake, std::chrono::milliseconds at_most);

}  // namespace wangge::bus
