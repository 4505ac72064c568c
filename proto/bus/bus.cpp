// ZeroMQ options follow the pitfalls list of the project's reliability notes: MANDATORY routers, IMMEDIATE dealers,
// bounded linger, heartbeats, reconnect back-off, frame limits, ZAP before bind.
#include "proto/bus/bus.hpp"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <set>
#include <stdexcept>
#include <thread>
#include <zmq.hpp>

namespace wangge::bus {

namespace {

constexpr int kQueueFuse = 100'000;  // messages; the real bound is the sender's credit in bytes
constexpr std::string_view kZapDomain = "wangge";

bool crosses_machines(std::string const& endpoint) { return endpoint.starts_with("tcp://"); }

// A stopped and woken process sees EINTR in calls that do not even wait: nothing came or went, that is all.
bool send_from(zmq::socket_t& socket, std::string const& part, zmq::send_flags flags) {
  try {
    return socket.send(zmq::buffer(part), flags).has_value();
  } catch (zmq::error_t const& e) {
    if (e.num() == EINTR) return false;
    throw;
  }
}

bool receive_into(zmq::socket_t& socket, zmq::message_t& message, zmq::recv_flags flags) {
  try {
    return socket.recv(message, flags).has_value();
  } catch (zmq::error_t const& e) {
    if (e.num() == EINTR) return false;
    throw;
  }
}

}  // namespace

bool decode(std::string_view frame, v1::Envelope& out) {
  if (frame.size() > kFrameBytes) return false;
  google::protobuf::io::ArrayInputStream stream(frame.data(), static_cast<int>(frame.size()));
  google::protobuf::io::CodedInputStream in(&stream);
  in.SetRecursionLimit(16);
  return out.ParseFromCodedStream(&in) && in.ConsumedEntireMessage() && out.body_case() != v1::Envelope::BODY_NOT_SET;
}

std::string encode(v1::Envelope const& message) {
  std::string frame = message.SerializeAsString();
  if (frame.size() > kFrameBytes) throw std::length_error("bus frame over 256 KiB");
  return frame;
}

Wake::Wake() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0) throw std::runtime_error("eventfd failed");
}
Wake::~Wake() { ::close(fd_); }
void Wake::ring() {
  std::uint64_t one = 1;
  [[maybe_unused]] auto n = ::write(fd_, &one, sizeof one);  // full counter = already ringing
}
void Wake::clear() {
  std::uint64_t count;
  [[maybe_unused]] auto n = ::read(fd_, &count, sizeof count);
}

// ZAP (RFC 27): without a handler CURVE would authenticate the server alone.
struct Context::Impl {
  zmq::context_t zmq{1};
  Keys keys;
  std::function<void(std::string const&)> refused;
  std::atomic<bool> stop{false};
  std::thread zap;

  Impl(Keys k, std::function<void(std::string const&)> r) : keys(std::move(k)), refused(std::move(r)) {
    if (!keys.allowed.empty()) start_zap();
  }
  ~Impl() {
    stop = true;
    if (zap.joinable()) zap.join();
  }

  void start_zap() {
    auto handler = std::make_shared<zmq::socket_t>(zmq, zmq::socket_type::rep);
    handler->set(zmq::sockopt::linger, 0);
    handler->set(zmq::sockopt::rcvtimeo, 200);
    handler->bind("inproc://zeromq.zap.01");
    std::set<std::string> allowed;
    for (auto const& key : keys.allowed) {
      std::uint8_t raw[32];
      if (key.size() != 40 || !zmq_z85_decode(raw, key.c_str()))
        throw std::runtime_error("bus: an allowed key is not a 40-character Z85 public key");
      allowed.emplace(reinterpret_cast<char const*>(raw), 32);
    }
    zap = std::thread([this, handler, allowed] {
      while (!stop) {
        std::vector<zmq::message_t> parts;
        zmq::message_t part;
        if (!receive_into(*handler, part, zmq::recv_flags::none)) continue;
        parts.push_back(std::move(part));
        while (handler->get(zmq::sockopt::rcvmore)) {  // the rest of a message is there already
          zmq::message_t more;
          if (receive_into(*handler, more, zmq::recv_flags::none)) parts.push_back(std::move(more));
        }
        if (parts.size() < 2) continue;
        bool const ok = parts.size() >= 7 && parts[5].to_string_view() == "CURVE" &&
                        allowed.contains(std::string(parts[6].to_string_view()));
        if (!ok && refused && parts.size() >= 7 && parts[6].size() == 32) {
          char text[41];
          zmq_z85_encode(text, parts[6].data<std::uint8_t>(), 32);
          refused(text);
        }
        std::string const user = ok ? "peer" : "";
        std::string_view const answer[] = {"1.0", parts[1].to_string_view(), ok ? "200" : "400", ok ? "OK" : "unknown key", user, ""};
        for (std::size_t i = 0; i < std::size(answer); ++i)
          handler->send(zmq::buffer(answer[i]), i + 1 < std::size(answer) ? zmq::send_flags::sndmore : zmq::send_flags::none);
      }
    });
  }
};
Context::Context(Keys keys, std::function<void(std::string const&)> refused)
    : impl_(std::make_unique<Impl>(std::move(keys), std::move(refused))) {}
Context::~Context() = default;

struct Socket::Impl {
  zmq::socket_t socket;
};
Socket::Socket() = default;
Socket::~Socket() = default;

namespace {

zmq::socket_t make(Context& context, zmq::socket_type type, std::string const& endpoint, End end) {
  auto& shared = context.impl();
  check_endpoint(endpoint, shared.keys, end);
  zmq::socket_t s(shared.zmq, type);
  s.set(zmq::sockopt::linger, 1000);
  s.set(zmq::sockopt::sndhwm, kQueueFuse);
  s.set(zmq::sockopt::rcvhwm, kQueueFuse);
  s.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(2 * kFrameBytes));
  s.set(zmq::sockopt::reconnect_ivl, 100);
  s.set(zmq::sockopt::reconnect_ivl_max, 2000);
  s.set(zmq::sockopt::handshake_ivl, 5000);
  s.set(zmq::sockopt::heartbeat_ivl, 1000);
  s.set(zmq::sockopt::heartbeat_timeout, 4000);
  if (crosses_machines(endpoint)) {
    s.set(zmq::sockopt::curve_publickey, shared.keys.public_key);
    s.set(zmq::sockopt::curve_secretkey, shared.keys.secret_key);
    if (end == End::binds) {
      s.set(zmq::sockopt::curve_server, true);
      s.set(zmq::sockopt::zap_domain, std::string(kZapDomain));
    } else {
      s.set(zmq::sockopt::curve_serverkey, shared.keys.server_key);
    }
  }
  return s;
}

void bind(zmq::socket_t& s, std::string const& endpoint) {
  auto const old = ::umask(0177);  // the socket file is 0600
  try {
    s.bind(endpoint);
  } catch (zmq::error_t const& e) {
    ::umask(old);
    throw std::runtime_error("bus: cannot bind " + endpoint + ": " + e.what());
  }
  ::umask(old);
}

void connect(zmq::socket_t& s, std::string const& endpoint) {
  try {
    s.connect(endpoint);
  } catch (zmq::error_t const& e) {
    throw std::runtime_error("bus: cannot connect " + endpoint + ": " + e.what());
  }
}

}  // namespace

Router::Router(Context& context, std::string const& endpoint) {
  auto s = make(context, zmq::socket_type::router, endpoint, End::binds);
  s.set(zmq::sockopt::router_mandatory, true);
  bind(s, endpoint);
  impl_ = std::make_unique<Impl>(Impl{std::move(s)});
}

bool Router::receive(std::string& peer, std::string& frame) {
  zmq::message_t from, body;
  if (!receive_into(impl_->socket, from, zmq::recv_flags::dontwait)) return false;
  peer = from.to_string();
  frame.clear();
  bool first = true;
  while (impl_->socket.get(zmq::sockopt::rcvmore)) {  // a peer that sends more parts than one is not ours: keep the first
    if (!receive_into(impl_->socket, body, zmq::recv_flags::none)) continue;
    if (first) frame.assign(static_cast<char const*>(body.data()), body.size());
    first = false;
  }
  return true;
}

Router::Sent Router::send(std::string const& peer, std::string const& frame) {
  try {
    if (!send_from(impl_->socket, peer, zmq::send_flags::sndmore | zmq::send_flags::dontwait)) return Sent::full;
    while (!send_from(impl_->socket, frame, zmq::send_flags::none)) {  // the peer is chosen: its frame must follow
    }
    return Sent::ok;
  } catch (zmq::error_t const& e) {
    if (e.num() == EHOSTUNREACH) return Sent::gone;
    throw;
  }
}

Dealer::Dealer(Context& context, std::string const& endpoint) {
  auto s = make(context, zmq::socket_type::dealer, endpoint, End::connects);
  s.set(zmq::sockopt::immediate, true);
  connect(s, endpoint);
  impl_ = std::make_unique<Impl>(Impl{std::move(s)});
}

bool Dealer::receive(std::string& frame) {
  zmq::message_t body;
  if (!receive_into(impl_->socket, body, zmq::recv_flags::dontwait)) return false;
  frame.assign(static_cast<char const*>(body.data()), body.size());
  while (impl_->socket.get(zmq::sockopt::rcvmore)) {
    zmq::message_t extra;
    receive_into(impl_->socket, extra, zmq::recv_flags::none);
  }
  return true;
}

bool Dealer::send(std::string const& frame) {
  return send_from(impl_->socket, frame, zmq::send_flags::dontwait);
}

Publisher::Publisher(Context& context, std::string const& endpoint) {
  auto s = make(context, zmq::socket_type::pub, endpoint, End::binds);
  bind(s, endpoint);
  impl_ = std::make_unique<Impl>(Impl{std::move(s)});
}
void Publisher::send(std::string const& frame) { send_from(impl_->socket, frame, zmq::send_flags::dontwait); }

Subscriber::Subscriber(Context& context, std::string const& endpoint) {
  auto s = make(context, zmq::socket_type::sub, endpoint, End::connects);
  s.set(zmq::sockopt::subscribe, "");
  connect(s, endpoint);
  impl_ = std::make_unique<Impl>(Impl{std::move(s)});
}
bool Subscriber::receive(std::string& frame) {
  zmq::message_t body;
  if (!receive_into(impl_->socket, body, zmq::recv_flags::dontwait)) return false;
  frame.assign(static_cast<char const*>(body.data()), body.size());
  return true;
}

void wait(std::vector<Socket*> const& sockets, Wake& wake, std::chrono::milliseconds at_most) {
  std::vector<zmq::pollitem_t> items;
  items.reserve(sockets.size() + 1);
  for (auto* s : sockets) items.push_back({s->impl().socket.handle(), 0, ZMQ_POLLIN, 0});
  items.push_back({nullptr, wake.fd(), ZMQ_POLLIN, 0});
  try {
    zmq::poll(items.data(), items.size(), at_most);
  } catch (zmq::error_t const& e) {
    if (e.num() != EINTR) throw;
  }
  if (items.back().revents & ZMQ_POLLIN) wake.clear();
}

}  // namespace wangge::bus
