// HTTPS with a certificate made for the test: versions, large bodies both ways, a clean end, a handshake that hangs.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>

#include "client.hpp"

namespace wangge::http {
namespace {

using test::Client;
using test::Fixture;
using test::get;
using test::post;
using test::route;

// A folder with a key and a self-signed certificate.
struct Certificate {
  std::filesystem::path folder;
  Certificate() {
    std::string name = std::filesystem::temp_directory_path() / "wangge_tls_XXXXXX";
    folder = mkdtemp(name.data());
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* x = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(x), 1);
    X509_gmtime_adj(X509_getm_notBefore(x), -60);
    X509_gmtime_adj(X509_getm_notAfter(x), 3600);
    X509_set_pubkey(x, key);
    auto const* cn = reinterpret_cast<unsigned char const*>("localhost");
    X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_ASC, cn, -1, -1, 0);
    X509_set_issuer_name(x, X509_get_subject_name(x));
    X509_sign(x, key, EVP_sha256());
    FILE* out = std::fopen(certificate().c_str(), "w");
    PEM_write_X509(out, x);
    std::fclose(out);
    out = std::fopen(this->key().c_str(), "w");
    PEM_write_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(out);
    X509_free(x);
    EVP_PKEY_free(key);
  }
  ~Certificate() { std::filesystem::remove_all(folder); }
  std::string certificate() const { return folder / "cert.pem"; }
  std::string key() const { return folder / "key.pem"; }
  ServerOptions options(ServerOptions o = {}) const {
    o.tls_certificate = certificate();
    o.tls_key = key();
    return o;
  }
};

class TlsClient {
 public:
  explicit TlsClient(std::uint16_t port, int max_version = 0) : context_(SSL_CTX_new(TLS_client_method())) {
    if (max_version != 0) {
      SSL_CTX_set_min_proto_version(context_, TLS1_VERSION);
      SSL_CTX_set_max_proto_version(context_, max_version);
      SSL_CTX_set_security_level(context_, 0);
    }
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    timeval const patience{20, 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_port = htons(port);
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd_, reinterpret_cast<sockaddr*>(&place), sizeof place), 0);
    ssl_ = SSL_new(context_);
    SSL_set_fd(ssl_, fd_);
    ready_ = SSL_connect(ssl_) == 1;
  }
  ~TlsClient() {
    SSL_free(ssl_);
    SSL_CTX_free(context_);
    ::close(fd_);
  }
  bool ready() const { return ready_; }
  void send(std::string const& bytes) { SSL_write(ssl_, bytes.data(), static_cast<int>(bytes.size())); }
  // Everything until the peer ends; `clean` when it said so (close_notify).
  std::string all(bool& clean) {
    std::string out;
    char bytes[16384];
    int n = 0;
    while ((n = SSL_read(ssl_, bytes, sizeof bytes)) > 0) out.append(bytes, static_cast<std::size_t>(n));
    clean = SSL_get_error(ssl_, n) == SSL_ERROR_ZERO_RETURN;
    return out;
  }

 private:
  SSL_CTX* context_;
  SSL* ssl_ = nullptr;
  int fd_ = -1;
  bool ready_ = false;
};

void echo(Request request, Reply const& reply) { reply(json(200, request.body)); }

TEST(Tls, RequestsTravelAndTheEndIsSaid) {
  Certificate const certificate;
  auto large = route("POST", "/echo", echo);
  large.body_limit = 4 * 1024 * 1024;
  Fixture f({large}, certificate.options());
  TlsClient c(f.port);
  ASSERT_TRUE(c.ready());
  std::string const body(3 * 1024 * 1024, 'x');
  c.send(post("/echo", "small"));
  c.send(post("/echo", body, "Connection: close\r\n"));
  bool clean = false;
  std::string const all = c.all(clean);
  EXPECT_TRUE(clean);
  EXPECT_NE(all.find("\r\n\r\nsmall"), std::string::npos);
  EXPECT_TRUE(all.ends_with("\r\n\r\n" + body));
}

TEST(Tls, ARefusalBeforeTheBodyWasReadArrives) {
  Certificate const certificate;
  Fixture f({route("POST", "/echo", echo)}, certificate.options());
  TlsClient c(f.port);
  ASSERT_TRUE(c.ready());
  c.send(post("/echo", std::string(1024 * 1024, 'x')));
  bool clean = false;
  EXPECT_EQ(c.all(clean).substr(0, 12), "HTTP/1.1 413");
}

TEST(Tls, OldVersionsAreRefused) {
  Certificate const certificate;
  Fixture f({route("POST", "/echo", echo)}, certificate.options());
  EXPECT_FALSE(TlsClient(f.port, TLS1_VERSION).ready());
  EXPECT_FALSE(TlsClient(f.port, TLS1_1_VERSION).ready());
  EXPECT_TRUE(TlsClient(f.port, TLS1_2_VERSION).ready());
  EXPECT_TRUE(TlsClient(f.port, TLS1_3_VERSION).ready());
}

TEST(Tls, AHandshakeThatHangsIsCutOffAndPlainBytesAreNoHandshake) {
  Certificate const certificate;
  Fixture f({route("POST", "/echo", echo)}, certificate.options(test::impatient()));
  Client silent(f.port), plain(f.port);
  EXPECT_TRUE(silent.at_end());
  EXPECT_EQ(plain.ask(get("/echo")).status, 0);
}

TEST(Tls, StreamsAreServed) {
  Certificate const certificate;
  Route r = route("GET", "/stream", nullptr);
  r.stream = [](Request, std::shared_ptr<Stream> s) { s->send("", "over TLS"); };
  Fixture f({r}, certificate.options());
  TlsClient c(f.port);
  ASSERT_TRUE(c.ready());
  c.send(get("/stream"));
  bool clean = false;
  EXPECT_TRUE(c.all(clean).ends_with("data: over TLS\n\n\r\n0\r\n\r\n"));
  EXPECT_TRUE(clean);
}

TEST(Tls, ACertificateThatCannotBeReadIsNamed) {
  Certificate const certificate;
  test::Tokens const tokens;
  auto const fault = [&](std::string cert, std::string key) -> std::string {
    ServerOptions o;
    o.port = 0;
    o.tls_certificate = std::move(cert);
    o.tls_key = std::move(key);
    try {
      Server(o, {route("POST", "/echo", echo)}, tokens).start();
    } catch (std::runtime_error const& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_NE(fault("/nowhere/cert.pem", certificate.key()).find("/nowhere/cert.pem"), std::string::npos);
  EXPECT_NE(fault(certificate.certificate(), "/nowhere/key.pem").find("/nowhere/key.pem"), std::string::npos);
  EXPECT_NE(fault(certificate.certificate(), ""), "");
}

}  // namespace
}  // namespace wangge::http
