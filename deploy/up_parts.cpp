// What the supervisor tells and asks its surroundings: the shell, systemd, the port, the clock of restarts. See up.hpp.
#include <netdb.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <map>

#include "deploy/output.hpp"
#include "deploy/up.hpp"

namespace wangge::deploy {
namespace fs = std::filesystem;

void print_accounts(fs::path const& file) {
  boost::system::error_code error;
  auto const value = boost::json::parse(read_file(file), error);
  if (error || !value.is_array()) return;
  Listing table{{"role", "name", "unit", "squad", "token"}, {}, {}};
  std::map<std::string, int> shown;
  for (auto const& account : value.as_array()) {
    if (!account.is_object()) continue;
    std::vector<std::string> row;
    for (auto const& name : table.names) {
      auto const* field = account.as_object().if_contains(name);
      row.push_back(field && field->is_string() ? std::string(field->as_string()) : "");
    }
    if (++shown[row[0]] <= 2) table.rows.push_back(std::move(row));
  }
  print(table, Style::table, std::cout);
  std::cout << value.as_array().size() << " accounts: " << file.string() << "\n";
}

int restart_delay_ms(int deaths) {
  constexpr int kSteps[] = {100, 100, 500, 1000, 2000, 4000, 5000};
  constexpr int kLast = static_cast<int>(std::size(kSteps)) - 1;
  return kSteps[std::clamp(deaths, 0, kLast)];
}

void notify_systemd(std::string const& state) {
  char const* path = getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  if (!path || std::strlen(path) >= sizeof address.sun_path) return;
  int const fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  address.sun_family = AF_UNIX;
  std::strcpy(address.sun_path, path);
  if (path[0] == '@') address.sun_path[0] = '\0';
  auto const size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + std::strlen(path));
  sendto(fd, state.data(), state.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&address), size);
  close(fd);
}

std::string port_problem(std::string const& address, int port) {
  if (port == 0) return "";
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
    return "server.address '" + address + "' is not an address of this machine; use 127.0.0.1 or 0.0.0.0";
  int const fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int const yes = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  int const error = bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, 1) == 0 ? 0 : errno;
  freeaddrinfo(found);
  close(fd);
  if (error == EADDRINUSE)
    return "port " + std::to_string(port) + " of " + address +
           " is in use by another program; stop it or give another --port";
  if (error) return "cannot listen on port " + std::to_string(port) + " of " + address + ": " + strerror(error);
  return "";
}

}  // namespace wangge::deploy
