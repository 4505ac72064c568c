// HTTP/1.1 as our own doors speak it: Content-Length or chunked answers, keep-alive.
#include "deploy/http_client.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

namespace wangge::deploy {
namespace {

constexpr std::size_t kAnswerLimit = 256u << 20;

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

std::size_t number_of(std::string_view text, int base) {
  std::size_t value = 0;
  auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end == text.data() || value > kAnswerLimit)
    throw HttpBroken("an answer with an unreadable length");
  return value;
}

}  // namespace

std::string_view HttpAnswer::header(std::string_view name) const {
  for (auto const& [key, value] : headers) {
    if (key == name) return value;
  }
  return "";
}

HttpClient::HttpClient(std::string const& base_url, std::chrono::milliseconds timeout, std::filesystem::path certificate)
    : tls_(base_url.starts_with("https://")), certificate_(std::move(certificate)), timeout_(timeout) {
  std::string_view rest = base_url;
  if (!tls_ && !rest.starts_with("http://")) throw std::invalid_argument("not an http:// or https:// address: " + base_url);
  rest.remove_prefix(tls_ ? 8 : 7);
  rest = rest.substr(0, rest.find('/'));
  auto const colon = rest.rfind(':');
  bool const has_port = colon != std::string_view::npos && rest.find(']', colon) == std::string_view::npos;
  host_ = std::string(has_port ? rest.substr(0, colon) : rest);
  port_ = has_port ? std::string(rest.substr(colon + 1)) : tls_ ? "443" : "80";
  if (host_.size() > 2 && host_.front() == '[') host_ = host_.substr(1, host_.size() - 2);
  if (host_.empty() || port_.empty() || port_.find_first_not_of("0123456789") != std::string::npos) {
    throw std::invalid_argument("no host and port in " + base_url);
  }
}

HttpClient::~HttpClient() {
  close();
}

void HttpClient::close() {
  if (fd_ >= 0) ::close(fd_);
  fd_ = -1;
  session_.reset();
  in_.clear();
  read_ = 0;
}

void HttpClient::connect() {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (int const error = getaddrinfo(host_.c_str(), port_.c_str(), &hints, &found); error != 0) {
    throw HttpBroken("cannot find " + host_ + ": " + gai_strerror(error));
  }
  int last_error = ECONNREFUSED;
  for (auto const* at = found; at != nullptr && fd_ < 0; at = at->ai_next) {
    int const fd = ::socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC, at->ai_protocol);
    if (fd < 0) continue;
    timeval const limit{timeout_.count() / 1000, (timeout_.count() % 1000) * 1000};
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);  // also bounds connect()
    int const on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(fd, at->ai_addr, at->ai_addrlen) == 0) {
      fd_ = fd;
    } else {
      last_error = errno;
      ::close(fd);
    }
  }
  freeaddrinfo(found);
  if (fd_ < 0) throw HttpBroken("cannot connect to " + host_ + ":" + port_ + ": " + std::strerror(last_error));
  if (!tls_) return;
  session_ = std::make_unique<TlsClient>(
      host_, certificate_, TlsClient::Carrier{[this](std::string_view wire) { send(wire); }, [this] { return receive(); }});
  session_->handshake();
}

// Some bytes of the socket.
std::string HttpClient::receive() {
  std::string block(16384, '\0');
  while (true) {
    pollfd wait{fd_, POLLIN, 0};
    int const ready = ::poll(&wait, 1, static_cast<int>(timeout_.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) throw HttpBroken("no answer within " + std::to_string(timeout_.count()) + " ms");
    auto const got = ::recv(fd_, block.data(), block.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw HttpBroken("the connection was closed");
    block.resize(static_cast<std::size_t>(got));
    return block;
  }
}

void HttpClient::send(std::string_view wire) {
  while (!wire.empty()) {
    auto const n = ::send(fd_, wire.data(), wire.size(), MSG_NOSIGNAL);
    if (n < 0 && errno == EINTR) continue;
    // A server that refuses a body early has answered already: read that before giving up.
    if (n <= 0) return;
    wire.remove_prefix(static_cast<std::size_t>(n));
  }
}

void HttpClient::fill() {
  auto const block = session_ ? session_->read() : receive();
  if (block.empty()) throw HttpBroken("the connection was closed");
  in_.append(block);
  if (in_.size() > kAnswerLimit) throw HttpBroken("an answer over 256 MiB");
}

HttpAnswer HttpClient::exchange(std::string const& wire, bool head) {
  if (session_)
    session_->write(wire);
  else
    send(wire);
  auto line = [&] {
    std::size_t end;
    while ((end = in_.find("\r\n", read_)) == std::string::npos) fill();
    auto text = in_.substr(read_, end - read_);
    read_ = end + 2;
    return text;
  };
  auto bytes = [&](std::size_t count) {
    while (in_.size() - read_ < count) fill();
    auto text = in_.substr(read_, count);
    read_ += count;
    return text;
  };
  HttpAnswer answer;
  bool old = false;
  do {
    auto const status = line();
    if (!status.starts_with("HTTP/1.") || status.size() < 12) throw HttpBroken("no HTTP answer");
    answer.status = static_cast<int>(number_of(std::string_view(status).substr(9, 3), 10));
    answer.headers.clear();
    old = status.starts_with("HTTP/1.0");
    for (auto header = line(); !header.empty(); header = line()) {
      auto const colon = header.find(':');
      if (colon == std::string::npos) throw HttpBroken("a header without a colon");
      answer.headers.emplace_back(lower(trimmed(std::string_view(header).substr(0, colon))),
                                  trimmed(std::string_view(header).substr(colon + 1)));
    }
  } while (answer.status == 100);
  auto const connection = lower(answer.header("connection"));
  closing_ = connection == "close" || (old && connection != "keep-alive");
  if (head || answer.status == 204 || answer.status == 304) return answer;
  if (lower(answer.header("transfer-encoding")).find("chunked") != std::string::npos) {
    for (auto size = number_of(trimmed(line()), 16); size > 0; size = number_of(trimmed(line()), 16)) {
      answer.body += bytes(size);
      bytes(2);
    }
    while (!line().empty()) {
    }
  } else if (auto const length = answer.header("content-length"); !length.empty()) {
    answer.body = bytes(number_of(length, 10));
  } else {
    throw HttpBroken("an answer without a length");
  }
  return answer;
}

HttpAnswer HttpClient::request(std::string_view method, std::string_view target, Headers const& headers,
                               std::string_view body) {
  std::string wire;
  wire.reserve(512 + body.size());
  wire.append(method).append(" ").append(target).append(" HTTP/1.1\r\nHost: ").append(host_).append(":").append(port_);
  for (auto const& [name, value] : headers) wire.append("\r\n").append(name).append(": ").append(value);
  if (!body.empty() || method == "POST" || method == "PUT") {
    wire.append("\r\nContent-Length: ").append(std::to_string(body.size()));
  }
  wire.append("\r\n\r\n").append(body);

  bool const kept = fd_ >= 0;
  if (kept) {
    // The server may have closed an idle connection; that shows as readable end-of-file before we send anything.
    pollfd look{fd_, POLLIN, 0};
    if (::poll(&look, 1, 0) != 0) close();
  }
  try {
    if (fd_ < 0) connect();
    auto answer = exchange(wire, method == "HEAD");
    in_.erase(0, read_);
    read_ = 0;
    if (closing_) close();
    return answer;
  } catch (TlsBroken const& broken) {
    close();
    throw HttpBroken(broken.what());
  } catch (...) {
    close();
    throw;
  }
}

}  // namespace wangge::deploy
