// The sockets: accepting, the plain and the TLS transport, the clock that sweeps, the drain at the end. The only
// translation unit with Asio's sockets; what a connection does with its bytes stands in session.cpp.
#include <sys/resource.h>
#include <sys/socket.h>

#include <netinet/tcp.h>
#include <spdlog/spdlog.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <future>
#include <stdexcept>
#include <thread>

#include "gateways/http/response.hpp"
#include "gateways/http/session.hpp"

namespace wangge::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr core::Millis kSweep{200};
constexpr core::Millis kAcceptPause{100};    // out of file descriptors: let some connection end first
constexpr unsigned kDeadPeerMillis = 30'000;  // sent bytes without an answer: the phone is out of reach
constexpr std::size_t kOtherFiles = 256;      // descriptors kept for the spool, the database, logs

void tune(tcp::socket& socket) {
  error_code ec;
  socket.set_option(tcp::no_delay(true), ec);
  socket.set_option(asio::socket_base::keep_alive(true), ec);
  setsockopt(socket.native_handle(), IPPROTO_TCP, TCP_USER_TIMEOUT, &kDeadPeerMillis, sizeof kDeadPeerMillis);
}

std::string peer_of(tcp::socket const& socket) {
  error_code ec;
  auto const peer = socket.remote_endpoint(ec);
  return ec ? std::string() : peer.address().to_string(ec);
}

// Everything, but in steps, so that a slow reader who does read is seen to make progress.
template <class Session>
auto step_by_step(std::shared_ptr<Session> self) {
  return [self](error_code const& ec, std::size_t bytes) -> std::size_t {
    if (ec) return 0;
    self->wrote(bytes);
    return 64 * 1024;
  };
}

class PlainSession final : public Session {
 public:
  PlainSession(Shared& shared, std::uint32_t slot, tcp::socket socket)
      : Session(shared, slot, peer_of(socket)), socket_(std::move(socket)) {
    tune(socket_);
  }
  void start() override { on_ready(); }
  using Session::wrote;

 private:
  std::shared_ptr<PlainSession> self() { return std::static_pointer_cast<PlainSession>(shared_from_this()); }

  void read_some(char* into, std::size_t size) override {
    socket_.async_read_some(asio::buffer(into, size),
                            [self = self()](error_code ec, std::size_t n) { self->on_read(!ec, n); });
  }
  void write(std::string_view a, std::string_view b) override {
    std::array<asio::const_buffer, 2> const both{asio::buffer(a.data(), a.size()), asio::buffer(b.data(), b.size())};
    asio::async_write(socket_, both, step_by_step(self()),
                      [self = self()](error_code ec, std::size_t) { self->on_written(!ec); });
  }
  bool end_writing(bool) override {
    error_code ec;
    socket_.shutdown(tcp::socket::shutdown_send, ec);
    return true;
  }
  void close_socket() override {
    error_code ec;
    socket_.close(ec);
  }

  tcp::socket socket_;
};

class TlsSession final : public Session {
 public:
  TlsSession(Shared& shared, std::uint32_t slot, tcp::socket socket, asio::ssl::context& context)
      : Session(shared, slot, peer_of(socket)), stream_(std::move(socket), context) {
    tune(stream_.next_layer());
  }
  void start() override {
    stream_.async_handshake(asio::ssl::stream_base::server, [self = self()](error_code ec) {
      if (ec) return self->abort();
      self->on_ready();
    });
  }
  using Session::wrote;

 private:
  std::shared_ptr<TlsSession> self() { return std::static_pointer_cast<TlsSession>(shared_from_this()); }

  void read_some(char* into, std::size_t size) override {
    stream_.async_read_some(asio::buffer(into, size),
                            [self = self()](error_code ec, std::size_t n) { self->on_read(!ec, n); });
  }
  void write(std::string_view a, std::string_view b) override {
    std::array<asio::const_buffer, 2> const both{asio::buffer(a.data(), a.size()), asio::buffer(b.data(), b.size())};
    asio::async_write(stream_, both, step_by_step(self()),
                      [self = self()](error_code ec, std::size_t) { self->on_written(!ec); });
  }
  // close_notify, so that the peer can tell an end from a cut, and its answer to it. Not with unread bytes: OpenSSL would
  // take them for a fault and the reset that follows could destroy our answer.
  bool end_writing(bool rest_unread) override {
    if (rest_unread) {
      error_code ec;
      stream_.next_layer().shutdown(tcp::socket::shutdown_send, ec);
      return true;
    }
    stream_.async_shutdown([self = self()](error_code) { self->abort(); });
    return false;
  }
  void close_socket() override {
    error_code ec;
    stream_.next_layer().close(ec);
  }

  asio::ssl::stream<tcp::socket> stream_;
};

// As many connections as asked for, but never so many that the spool could not open a file.
std::size_t connection_cap(std::size_t wanted) {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
  if (files.rlim_cur < wanted + kOtherFiles && files.rlim_cur < files.rlim_max) {
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, wanted + kOtherFiles);
    setrlimit(RLIMIT_NOFILE, &files);
    getrlimit(RLIMIT_NOFILE, &files);
  }
  if (files.rlim_cur == RLIM_INFINITY || files.rlim_cur >= wanted + kOtherFiles) return wanted;
  return files.rlim_cur > 2 * kOtherFiles ? static_cast<std::size_t>(files.rlim_cur) - kOtherFiles : files.rlim_cur / 2;
}

}  // namespace

struct Server::Impl {
  Impl(ServerOptions options, std::vector<Route> routes, Authenticator const& authenticator)
      : shared(std::move(options), std::move(routes), authenticator) {}

  void listen();
  void load_tls();
  void accept();
  void admit(tcp::socket socket);
  void turn_away(tcp::socket& socket);
  void sweep();
  void check_drained();
  void begin_drain();
  void take_letters();
  void run();

  Shared shared;
  asio::io_context io{1};
  std::optional<asio::ssl::context> tls;
  tcp::acceptor acceptor{io};
  asio::steady_timer sweeper{io}, accept_pause{io};
  std::size_t cap = 0;
  std::vector<std::shared_ptr<Session>> slots;
  std::vector<std::uint32_t> free_slots;
  std::vector<Letter> letters;
  std::promise<void> drained;
  bool drained_told = false;
  std::thread thread;
};

void Server::Impl::load_tls() {
  ServerOptions const& o = shared.options;
  if (o.tls_certificate.empty() != o.tls_key.empty()) {
    throw std::runtime_error("TLS needs both a certificate and a key");
  }
  if (o.tls_certificate.empty()) return;
  using Context = asio::ssl::context;
  tls.emplace(Context::tls_server);
  tls->set_options(Context::default_workarounds | Context::no_sslv2 | Context::no_sslv3 | Context::no_tlsv1 |
                   Context::no_tlsv1_1 | Context::single_dh_use);
  SSL_CTX_set_options(tls->native_handle(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  error_code ec;
  if (tls->use_certificate_chain_file(o.tls_certificate, ec)) {
    throw std::runtime_error("cannot read the TLS certificate " + o.tls_certificate + ": " + ec.message());
  }
  if (tls->use_private_key_file(o.tls_key, Context::pem, ec)) {
    throw std::runtime_error("cannot use the TLS key " + o.tls_key + ": " + ec.message());
  }
}

void Server::Impl::listen() {
  ServerOptions const& o = shared.options;
  error_code ec;
  auto const address = asio::ip::make_address(o.address, ec);
  auto const fail = [&](char const* what) {
    throw std::runtime_error(std::string(what) + ' ' + o.address + " port " + std::to_string(o.port) + ": " + ec.message());
  };
  if (ec) fail("cannot listen on");
  tcp::endpoint const place(address, o.port);
  if (acceptor.open(place.protocol(), ec)) fail("cannot open a socket for");
  acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (acceptor.bind(place, ec)) fail("cannot listen on");
  if (acceptor.listen(asio::socket_base::max_listen_connections, ec)) fail("cannot listen on");
}

void Server::Impl::accept() {
  acceptor.async_accept([this](error_code ec, tcp::socket socket) {
    if (!acceptor.is_open()) return;
    if (ec == asio::error::no_descriptors || ec.value() == ENFILE || ec == asio::error::no_buffer_space ||
        ec == asio::error::no_memory) {
      spdlog::warn("http: cannot accept a connection: {}", ec.message());
      accept_pause.expires_after(kAcceptPause);
      accept_pause.async_wait([this](error_code stopped) {
        if (!stopped && acceptor.is_open()) accept();
      });
      return;
    }
    if (!ec) admit(std::move(socket));
    accept();
  });
}

void Server::Impl::admit(tcp::socket socket) {
  if (shared.connections >= cap) return turn_away(socket);
  if (free_slots.empty()) {
    free_slots.push_back(static_cast<std::uint32_t>(slots.size()));
    slots.emplace_back();
  }
  std::uint32_t const slot = free_slots.back();
  free_slots.pop_back();
  std::shared_ptr<Session> session;
  if (tls) {
    session = std::make_shared<TlsSession>(shared, slot, std::move(socket), *tls);
  } else {
    session = std::make_shared<PlainSession>(shared, slot, std::move(socket));
  }
  slots[slot] = session;
  session->start();
}

// One try without waiting: a caller that cannot take this much has lost nothing else.
void Server::Impl::turn_away(tcp::socket& socket) {
  ++shared.errors_5xx;
  if (tls) return;
  auto const full = problem(503, "overloaded", "zh");
  std::string out;
  write_head(out, full, {.keep_alive = false}, std::time(nullptr));
  out += full.body;
  [[maybe_unused]] auto const sent = ::send(socket.native_handle(), out.data(), out.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
  error_code ec;
  socket.shutdown(tcp::socket::shutdown_send, ec);
}

void Server::Impl::sweep() {
  sweeper.expires_after(kSweep);
  sweeper.async_wait([this](error_code ec) {
    if (ec) return;
    auto const now = Session::Clock::now();
    for (std::size_t i = 0; i < slots.size(); ++i) {
      if (auto const session = slots[i]) session->sweep(now);
    }
    sweep();
  });
}

void Server::Impl::take_letters() {
  shared.mailbox->take(letters);
  for (auto& letter : letters) {
    if (letter.to.slot >= slots.size()) continue;
    if (auto const session = slots[letter.to.slot]) session->deliver(std::move(letter));
  }
}

void Server::Impl::begin_drain() {
  shared.draining = true;
  error_code ec;
  acceptor.close(ec);
  accept_pause.cancel();
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (auto const session = slots[i]) session->drain();
  }
  check_drained();
}

void Server::Impl::check_drained() {
  if (!shared.draining || drained_told || free_slots.size() != slots.size()) return;
  drained_told = true;
  drained.set_value();
}

// An exception out of a handler would end the thread and the server with it; none is expected, so it is loud.
void Server::Impl::run() {
  shared.mailbox->own_thread();
  for (;;) {
    try {
      io.run();
      return;
    } catch (std::exception const& e) {
      spdlog::error("http: an exception reached the I/O thread: {}", e.what());
    }
  }
}

Server::Server(ServerOptions options, std::vector<Route> routes, Authenticator const& authenticator)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(routes), authenticator)) {}

Server::~Server() { stop(); }

std::uint16_t Server::start() {
  Impl& s = *impl_;
  s.load_tls();
  s.listen();
  s.cap = connection_cap(s.shared.options.connections);
  s.shared.mailbox = std::make_shared<Mailbox>([&s] { asio::post(s.io, [&s] { s.take_letters(); }); },
                                               [&s](Letter&& letter) {
                                                 if (letter.to.slot >= s.slots.size()) return;
                                                 if (auto const session = s.slots[letter.to.slot]) {
                                                   session->deliver(std::move(letter));
                                                 }
                                               });
  s.shared.release = [&s](std::uint32_t slot) {
    s.slots[slot].reset();
    s.free_slots.push_back(slot);
    s.check_drained();
  };
  s.shared.workers = std::make_unique<Workers>(s.shared.options.worker_threads, s.shared.options.worker_queue);
  s.shared.heavy = std::make_unique<Workers>(s.shared.options.heavy_threads, s.shared.options.heavy_queue);
  s.accept();
  s.sweep();
  std::uint16_t const port = s.acceptor.local_endpoint().port();
  s.thread = std::thread([&s] { s.run(); });
  return port;
}

void Server::stop() {
  Impl& s = *impl_;
  if (!s.thread.joinable()) return;
  asio::post(s.io, [&s] { s.begin_drain(); });
  s.drained.get_future().wait_for(s.shared.options.limits.drain_time);
  s.io.stop();
  s.thread.join();
  s.shared.mailbox->close();
  s.shared.workers->stop();
  s.shared.heavy->stop();
  for (std::size_t i = 0; i < s.slots.size(); ++i) {
    if (auto const session = s.slots[i]) session->abort();
  }
}

Server::Counts Server::counts() const {
  Shared const& s = impl_->shared;
  return {s.requests, s.errors_4xx, s.errors_5xx, s.connections, s.streams};
}

}  // namespace wangge::http
