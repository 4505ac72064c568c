// A small keep-alive HTTP/1.1 client, for replay, the demo's days, the anchor and the tests. One connection, one request at
// a time; not thread-safe.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "deploy/tls_client.hpp"

namespace wangge::deploy {

struct HttpAnswer {
  int status = 0;
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::string_view header(std::string_view name) const;
};

// The connection broke or nothing came in time: the request may or may not have been done.
struct HttpBroken : std::runtime_error {
  using runtime_error::runtime_error;
};

class HttpClient {
 public:
  // "http://127.0.0.1:8080" or https; throws std::invalid_argument when it cannot be read. `certificate`: for https, a
  // file with the one that our own doors show.
  explicit HttpClient(std::string const& base_url, std::chrono::milliseconds timeout = std::chrono::seconds(15),
                      std::filesystem::path certificate = {});
  ~HttpClient();
  HttpClient(HttpClient const&) = delete;
  HttpClient& operator=(HttpClient const&) = delete;

  using Headers = std::vector<std::pair<std::string, std::string>>;
  // Connects when needed; throws HttpBroken, or NotTrusted when it must not go on. A kept connection that the server has closed meanwhile is opened anew before sending.
  HttpAnswer request(std::string_view method, std::string_view target, Headers const& headers = {},
                     std::string_view body = {});

 private:
  void connect();
  void close();
  HttpAnswer exchange(std::string const& wire, bool head);
  void send(std::string_view wire);
  std::string receive();
  void fill();
  std::string host_, port_;
  bool tls_ = false;
  std::filesystem::path certificate_;
  std::chrono::milliseconds timeout_;
  int fd_ = -1;
  std::unique_ptr<TlsClient> session_;
  std::string in_;
  std::size_t read_ = 0;
  bool closing_ = false;  // after this answer
};

}  // namespace wangge::deploy
