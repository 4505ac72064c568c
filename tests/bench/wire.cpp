#include "tests/bench/wire.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <stdexcept>

#include "tests/bench/measure.hpp"

namespace wangge::bench {
namespace {

[[noreturn]] void fail(std::string const& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

// The value of Content-Length; no such line means no body (204).
std::size_t length_of(std::string_view head) {
  constexpr std::string_view kName = "content-length:";
  for (auto at = head.find('\n'); at != std::string_view::npos; at = head.find('\n', at + 1))
    if (head.size() - at > kName.size() && strncasecmp(head.data() + at + 1, kName.data(), kName.size()) == 0)
      return static_cast<std::size_t>(std::atoll(head.data() + at + 1 + kName.size()));
  return 0;
}

}  // namespace

Wire::Wire(std::uint16_t port) : port_(port), epoll_(epoll_create1(EPOLL_CLOEXEC)) {
  if (epoll_ < 0) fail("epoll");
}

Wire::~Wire() {
  for (auto& c : connections_) ::close(c.fd);
  ::close(epoll_);
}

void Wire::connect(int connection) {
  auto& c = connections_[static_cast<std::size_t>(connection)];
  c.in.clear();
  c.out.clear();
  c.fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port_);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (c.fd < 0 || ::connect(c.fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) fail("connect");
  int const yes = 1;
  setsockopt(c.fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  fcntl(c.fd, F_SETFL, O_NONBLOCK);
  watch(connection, false, true);
}

void Wire::watch(int connection, bool also_writing, bool anew) {
  epoll_event e{};
  e.events = EPOLLIN | (also_writing ? EPOLLOUT : 0U);
  e.data.u32 = static_cast<std::uint32_t>(connection);
  auto const& c = connections_[static_cast<std::size_t>(connection)];
  if (epoll_ctl(epoll_, anew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, c.fd, &e) != 0) fail("epoll_ctl");
}

int Wire::open(OnAnswer const& on_answer) {
  connections_.emplace_back().on_answer = on_answer;
  auto const connection = static_cast<int>(connections_.size()) - 1;
  connect(connection);
  return connection;
}

void Wire::open_stream(std::string_view request, OnEvent on_event) {
  auto const connection = open({});
  connections_[static_cast<std::size_t>(connection)].on_event = std::move(on_event);
  send(connection, request);
}

void Wire::send(int connection, std::string_view request) {
  auto& c = connections_[static_cast<std::size_t>(connection)];
  auto const sent = ::send(c.fd, request.data(), request.size(), MSG_NOSIGNAL);
  if (sent == static_cast<ssize_t>(request.size())) return;
  if (sent < 0 && errno != EAGAIN) return;  // the read side hears of it
  c.out.assign(request.substr(sent < 0 ? 0 : static_cast<std::size_t>(sent)));
  watch(connection, true, false);
}

void Wire::turn(std::int64_t at_most) {
  std::array<epoll_event, 256> events;
  timespec const wait{static_cast<time_t>(at_most / kSecond), static_cast<long>(at_most % kSecond)};
  int const n = epoll_pwait2(epoll_, events.data(), events.size(), &wait, nullptr);
  for (int i = 0; i < n; ++i) {
    auto const connection = static_cast<int>(events[static_cast<std::size_t>(i)].data.u32);
    auto& c = connections_[static_cast<std::size_t>(connection)];
    if ((events[static_cast<std::size_t>(i)].events & EPOLLOUT) != 0 && !c.out.empty()) {
      auto const rest = std::move(c.out);
      c.out.clear();
      watch(connection, false, false);
      send(connection, rest);
    }
    if ((events[static_cast<std::size_t>(i)].events & ~EPOLLOUT) != 0) on_readable(connection);
  }
}

void Wire::on_readable(int connection) {
  std::array<char, 65536> bytes;
  auto& c = connections_[static_cast<std::size_t>(connection)];
  auto const got = ::recv(c.fd, bytes.data(), bytes.size(), 0);
  if (got < 0 && errno == EAGAIN) return;
  if (got <= 0) return lost(connection);
  c.in.append(bytes.data(), static_cast<std::size_t>(got));
  if (c.on_event) return take_events(c);
  while (take_answer(connection)) {
  }
}

bool Wire::take_answer(int connection) {
  auto& c = connections_[static_cast<std::size_t>(connection)];
  auto const head = c.in.find("\r\n\r\n");
  if (head == std::string::npos) return false;
  auto const size = head + 4 + length_of(std::string_view(c.in).substr(0, head + 2));
  if (c.in.size() < size) return false;
  auto const whole = c.in.substr(0, size);  // the callback may send on this very connection
  c.in.erase(0, size);
  std::string_view const view(whole);
  c.on_answer(connection, {std::atoi(whole.c_str() + 9), view.substr(0, head), view.substr(head + 4)});
  return !c.in.empty();
}

// A flush of the server is one chunk of whole events, so the chunks' own lines only ever stand between two events.
void Wire::take_events(Connection& c) {
  std::size_t from = 0;
  for (auto end = c.in.find("\n\n"); end != std::string::npos; end = c.in.find("\n\n", from)) {
    c.on_event(std::string_view(c.in).substr(from, end - from));
    from = end + 2;
  }
  c.in.erase(0, from);
}

// A stream that ends is the end of the measurement; any other connection is opened anew and its request counts as
// failed.
void Wire::lost(int connection) {
  auto& c = connections_[static_cast<std::size_t>(connection)];
  if (c.on_event) throw std::runtime_error("the server closed a live stream");
  ++cut_;
  ::close(c.fd);
  connect(connection);
  c.on_answer(connection, {});
}

}  // namespace wangge::bench
