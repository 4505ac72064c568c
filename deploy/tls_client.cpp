// OpenSSL between two buffers in memory. See tls_client.hpp.
#include "deploy/tls_client.hpp"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <vector>

namespace wangge::deploy {
namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* t) const {
    Free(t);
  }
};
using Context = std::unique_ptr<SSL_CTX, Freer<SSL_CTX_free>>;
using Session = std::unique_ptr<SSL, Freer<SSL_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Bio = std::unique_ptr<BIO, Freer<BIO_free>>;

std::string last_error() {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

std::vector<Certificate> read_certificates(std::filesystem::path const& file) {
  std::vector<Certificate> found;
  Bio const in(BIO_new_file(file.c_str(), "r"));
  if (in)
    while (auto* one = PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr)) found.emplace_back(one);
  ERR_clear_error();
  if (found.empty()) throw std::runtime_error("no certificate can be read from " + file.string());
  return found;
}

bool is_address(std::string const& host) {
  std::array<unsigned char, sizeof(in6_addr)> unused{};
  return inet_pton(AF_INET, host.c_str(), unused.data()) == 1 || inet_pton(AF_INET6, host.c_str(), unused.data()) == 1;
}

}  // namespace

struct TlsClient::Impl {
  std::string host;
  Carrier carrier;
  std::vector<Certificate> ours;
  Context context{SSL_CTX_new(TLS_client_method())};
  Session session;
  BIO *in = nullptr, *out = nullptr;  // the session's
};

TlsClient::TlsClient(std::string host, std::filesystem::path const& certificate, Carrier carrier)
    : impl_(std::make_unique<Impl>()) {
  auto& t = *impl_;
  t.host = std::move(host);
  t.carrier = std::move(carrier);
  SSL_CTX_set_min_proto_version(t.context.get(), TLS1_2_VERSION);
  SSL_CTX_set_default_verify_paths(t.context.get());
  SSL_CTX_set_verify(t.context.get(), SSL_VERIFY_PEER, nullptr);
  if (!certificate.empty()) {
    t.ours = read_certificates(certificate);
    for (auto const& one : t.ours) X509_STORE_add_cert(SSL_CTX_get_cert_store(t.context.get()), one.get());
    // Ours may have been issued by an authority that this machine does not know.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(t.context.get()), X509_V_FLAG_PARTIAL_CHAIN);
  }
  t.session.reset(SSL_new(t.context.get()));
  t.in = BIO_new(BIO_s_mem());
  t.out = BIO_new(BIO_s_mem());
  SSL_set_bio(t.session.get(), t.in, t.out);
  if (!is_address(t.host)) SSL_set_tlsext_host_name(t.session.get(), t.host.c_str());
}

TlsClient::~TlsClient() = default;

void TlsClient::flush() {
  char* bytes = nullptr;
  auto const size = BIO_get_mem_data(impl_->out, &bytes);
  if (size <= 0) return;
  std::string const wire(bytes, static_cast<std::size_t>(size));
  BIO_reset(impl_->out);
  impl_->carrier.send(wire);
}

bool TlsClient::more(int result) {
  int const error = SSL_get_error(impl_->session.get(), result);
  flush();
  if (error == SSL_ERROR_ZERO_RETURN) return false;
  if (error != SSL_ERROR_WANT_READ) throw TlsBroken("TLS with " + impl_->host + ": " + last_error());
  auto const bytes = impl_->carrier.receive();
  if (BIO_write(impl_->in, bytes.data(), static_cast<int>(bytes.size())) <= 0) throw std::bad_alloc();
  return true;
}

void TlsClient::handshake() {
  auto* session = impl_->session.get();
  for (int done = SSL_connect(session); done != 1; done = SSL_connect(session)) {
    if (auto const verdict = SSL_get_verify_result(session); verdict != X509_V_OK)
      throw NotTrusted("the certificate of " + impl_->host + " is not trusted: " + X509_verify_cert_error_string(verdict));
    if (!more(done)) throw TlsBroken("TLS with " + impl_->host + ": ended");
  }
  flush();
  check_name();
}

void TlsClient::check_name() const {
  Certificate const shown(SSL_get1_peer_certificate(impl_->session.get()));
  for (auto const& one : impl_->ours)
    if (shown && X509_cmp(shown.get(), one.get()) == 0) return;
  auto const& host = impl_->host;
  bool const fits = shown && (is_address(host) ? X509_check_ip_asc(shown.get(), host.c_str(), 0)
                                               : X509_check_host(shown.get(), host.data(), host.size(), 0, nullptr)) == 1;
  if (!fits) throw NotTrusted("the certificate that " + host + " shows is not for " + host);
}

void TlsClient::write(std::string_view text) {
  while (!text.empty()) {
    int const n = SSL_write(impl_->session.get(), text.data(), static_cast<int>(std::min<std::size_t>(text.size(), 1 << 14)));
    if (n > 0)
      text.remove_prefix(static_cast<std::size_t>(n));
    else if (!more(n))
      throw TlsBroken("TLS with " + impl_->host + ": ended");
    flush();
  }
}

std::string TlsClient::read() {
  std::array<char, 16384> block{};
  while (true) {
    int const n = SSL_read(impl_->session.get(), block.data(), static_cast<int>(block.size()));
    if (n > 0) {
      flush();
      return {block.data(), static_cast<std::size_t>(n)};
    }
    if (!more(n)) return "";
  }
}

}  // namespace wangge::deploy
