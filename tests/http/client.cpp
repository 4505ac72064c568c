// See client.hpp. A receive timeout of 20 s turns a hanging server into a failing test.
#include "client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <stdexcept>

#include "gateways/http/strict_json.hpp"
#include "gateways/http/text.hpp"

namespace wangge::http::test {

Client::Client(std::uint16_t port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
  timeval const patience{20, 0};
  setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(port);
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(fd_, reinterpret_cast<sockaddr*>(&place), sizeof place) != 0) {
    ::close(fd_);
    throw std::runtime_error("cannot connect");
  }
}

Client::~Client() { ::close(fd_); }

void Client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    auto const n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (n <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
}

void Client::end() { ::shutdown(fd_, SHUT_WR); }

bool Client::more() {
  char bytes[16384];
  auto const n = ::recv(fd_, bytes, sizeof bytes, 0);
  if (n > 0) in_.append(bytes, static_cast<std::size_t>(n));
  return n > 0;
}

bool Client::at_end() { return in_.empty() && !more(); }

std::string Client::read_until(std::string_view mark) {
  std::size_t at = 0;
  while ((at = in_.find(mark)) == std::string::npos) {
    if (!more()) return std::exchange(in_, {});
  }
  std::string out = in_.substr(0, at + mark.size());
  in_.erase(0, at + mark.size());
  return out;
}

Answer Client::read(bool head_only) {
  Answer out;
  std::string const head = read_until("\r\n\r\n");
  if (!head.ends_with("\r\n\r\n")) {
    out.closed = true;
    return out;
  }
  out.status = std::stoi(head.substr(9, 3));
  for (std::size_t at = head.find("\r\n") + 2; at + 2 < head.size();) {
    auto const end = head.find("\r\n", at);
    std::string const line = head.substr(at, end - at);
    auto const colon = line.find(':');
    out.headers[lower(line.substr(0, colon))] = std::string(trimmed(line.substr(colon + 1)));
    at = end + 2;
  }
  auto const length = out.headers.find("content-length");
  if (head_only || length == out.headers.end()) return out;
  std::size_t const wanted = std::stoul(length->second);
  while (in_.size() < wanted && more()) {
  }
  out.closed = in_.size() < wanted;
  out.body = in_.substr(0, wanted);
  in_.erase(0, wanted);
  return out;
}

std::string get(std::string_view path, std::string_view token, std::string_view headers) {
  std::string out = "GET " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(headers);
  if (!token.empty()) out += "Authorization: Bearer " + std::string(token) + "\r\n";
  return out + "\r\n";
}

std::string post(std::string_view path, std::string_view body, std::string_view headers) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: test\r\n" + std::string(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

Authenticator::State Tokens::authenticate(std::string_view bearer, core::Instant, core::Principal& out) const {
  if (without_reference) return State::no_reference;
  if (bearer == "expired") return State::expired;
  auto const* const it =
      std::find_if(core::kRoles.begin(), core::kRoles.end(), [&](auto const& r) { return r.id == bearer; });
  if (it == core::kRoles.end()) return State::unknown;
  out.name = "somebody";
  out.role = it->role;
  out.district = "370871";
  return State::ok;
}

Route route(std::string method, std::string path, std::function<void(Request, Reply)> handle, Access access,
            std::vector<core::Role> roles) {
  Route r;
  r.method = std::move(method);
  r.path = std::move(path);
  r.access = access;
  r.roles = std::move(roles);
  r.audit = "none";
  r.where = Where::inline_;
  r.summary_zh = "测试";
  r.summary_en = "Test";
  r.handle = std::move(handle);
  return r;
}

void echo(Request request, Reply const& reply) { reply(json(200, request.body)); }
void hello(Request, Reply const& reply) { reply(json(200, "\"hello\"")); }

std::string code_of(Answer const& a) {
  auto const body = parse_json(a.body);
  if (!body || a.headers.at("content-type") != "application/problem+json") return "no problem";
  return std::string(body->at("code").as_string());
}

void Held::keep(Reply reply) {
  std::lock_guard const lock(mutex);
  replies.push_back(std::move(reply));
  came.notify_all();
}

Reply Held::wait() {
  std::unique_lock lock(mutex);
  came.wait(lock, [&] { return !replies.empty(); });
  Reply out = std::move(replies.front());
  replies.pop_front();
  return out;
}

namespace {

ServerOptions on_free_port(ServerOptions options) {
  options.port = 0;
  return options;
}

}  // namespace

Fixture::Fixture(std::vector<Route> routes, ServerOptions options)
    : server(on_free_port(std::move(options)), std::move(routes), tokens), port(server.start()) {}

struct LogWatch::Sink final : spdlog::sinks::base_sink<std::mutex> {
  std::mutex mutex;
  std::condition_variable more;
  std::string text;
  void sink_it_(spdlog::details::log_msg const& message) override {
    std::lock_guard const lock(mutex);
    text.append(message.payload.data(), message.payload.size());
    text += '\n';
    more.notify_all();
  }
  void flush_() override {}
};

LogWatch::LogWatch() : sink_(std::make_shared<Sink>()) { spdlog::default_logger()->sinks().push_back(sink_); }
LogWatch::~LogWatch() { std::erase(spdlog::default_logger()->sinks(), sink_); }

void LogWatch::wait_for(std::string_view words) const {
  std::unique_lock lock(sink_->mutex);
  sink_->more.wait(lock, [&] { return sink_->text.find(words) != std::string::npos; });
}

ServerOptions impatient() {
  ServerOptions o;
  o.limits.header_time = core::Millis{300};
  o.limits.body_grace = core::Millis{300};
  o.limits.linger_time = core::Millis{300};
  o.limits.idle_time = core::Millis{600};
  return o;
}

}  // namespace wangge::http::test
