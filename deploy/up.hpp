// `wangge up`: one process that keeps the others alive. Starts the database, migrates, starts dispatcher and gateway,
// restarts what dies, makes the nightly backup, drains everything on SIGTERM. No logic of cases.
#pragma once

#include <string>
#include <vector>

#include "deploy/layout.hpp"
#include "deploy/settings/settings.hpp"

namespace wangge::deploy {

struct UpOptions {
  bool demo = false;                 // load the demo district, play yesterday, print the month's table
  bool once = false;                 // with demo: end after the table
  std::vector<std::string> forward;  // command-line words every child gets: --data …, --set …
};

// Returns an exit code of errors.hpp.
int up(Settings const& settings, Layout const& layout, UpOptions const& options);

// How long to wait before a child is started again: at once the first time, never more than 5 s, so that a killed one
// is back within 10 s. `deaths`: in a row, each within 20 s of its start.
int restart_delay_ms(int deaths);

// Tells systemd (Type=notify) when NOTIFY_SOCKET is set.
void notify_systemd(std::string const& state);

// Two people a role of the demo's, with the tokens the pages take; the rest stands in the file.
void print_accounts(std::filesystem::path const& file);

// "" when `address`:`port` can be listened on, else the reason in words.
std::string port_problem(std::string const& address, int port);

}  // namespace wangge::deploy
