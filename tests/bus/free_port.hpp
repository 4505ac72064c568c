// An endpoint on this machine that nobody listens on.
#pragma once

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

namespace wangge::bus {

inline std::string free_tcp_endpoint() {
  int const fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const any = reinterpret_cast<sockaddr*>(&address);
  bool const bound = ::bind(fd, any, sizeof address) == 0 && ::getsockname(fd, any, &size) == 0;
  ::close(fd);
  if (!bound) throw std::runtime_error("no free port");
  return "tcp://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
}

}  // namespace wangge::bus
