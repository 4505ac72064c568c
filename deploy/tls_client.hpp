// TLS as a client, over bytes that somebody else carries: no socket, no clock. Trusts the system's authorities and, when
// one is given, exactly the certificate in a file (our own doors', whatever name or address they are called by).
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace wangge::deploy {

// The other side is not who it should be. Trying again does not help.
struct NotTrusted : std::runtime_error {
  using runtime_error::runtime_error;
};

// What came is no TLS, or it ended in the middle.
struct TlsBroken : std::runtime_error {
  using runtime_error::runtime_error;
};

class TlsClient {
 public:
  struct Carrier {
    std::function<void(std::string_view)> send;
    std::function<std::string()> receive;  // some bytes; throws when none come any more
  };
  // Throws std::runtime_error when the certificate's file cannot be read.
  TlsClient(std::string host, std::filesystem::path const& certificate, Carrier carrier);
  ~TlsClient();
  void handshake();                   // throws NotTrusted; what the carrier throws passes through
  void write(std::string_view text);
  std::string read();                 // some bytes, "" when the other side ended

 private:
  void flush();
  bool more(int result);              // fetches what the step wants; false when the other side ended
  void check_name() const;
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wangge::deploy
