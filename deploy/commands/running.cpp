// up, migrate, version: what runs the system.
#include <spdlog/spdlog.h>

#include <iostream>

#include "deploy/commands/commands.hpp"
#include "deploy/database.hpp"
#include "deploy/errors.hpp"
#include "deploy/log.hpp"
#include "deploy/output.hpp"
#include "deploy/tls.hpp"
#include "deploy/up.hpp"
#include "storage/figures.hpp"
#include "storage/postgres_store.hpp"

namespace wangge::deploy {
namespace {

std::vector<std::string> forwarded(Context const& c) {
  std::vector<std::string> words{"--data", c.layout.data.string(), "--lang", c.lang};
  for (auto const& [key, text] : c.overrides) {
    words.push_back("--set");
    words.push_back(key + "=" + text);
  }
  return words;
}

int run_up(Context& c, UpOptions options, bool tls) {
  if (tls && c.settings.server.tls_certificate.empty()) {
    make_folders(c.layout);
    auto const made = self_made_certificate(c.layout.tls);
    c.overrides.emplace_back("server.tls_certificate", made.certificate.string());
    c.overrides.emplace_back("server.tls_key", made.key.string());
    c.settings = load_settings(c.layout.settings, environment(), c.overrides);
  }
  options.forward = forwarded(c);
  make_folders(c.layout);
  start_logging("up", c.layout, c.settings);
  return up(c.settings, c.layout, options);
}

int run_migrate(Context& c) {
  Database database(c.settings, c.layout, [](std::string const& text) { spdlog::info("{}", text); }, Database::Wanted::made);
  int const changes = migrate(database.url(), database.admin_url(), [](std::string const& text) { spdlog::info("{}", text); });
  // A database with cases from before the rollup: built here, where nobody waits for a start.
  auto const now = std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
  int districts = 0, built = 0;
  for (auto const& district : storage::open_postgres(database.url(), "cli")->districts()) {
    ++districts;
    if (storage::figures_stand(database.url(), district)) continue;
    spdlog::info("district {}: building the closure rollup", district);
    storage::rebuild_figures(database.url(), district, now);
    ++built;
  }
  Listing table{{"changes", "districts", "figures_built"}, {}, {{std::to_string(changes), std::to_string(districts), std::to_string(built)}},
                {"changes", "districts", "figures_built"}};
  if (c.lang == "zh") table.titles = {"新的变更", "区县", "重建的汇总"};
  print(table, style_for_stdout(c.json), std::cout);
  return kOk;
}

}  // namespace

void add_up(CLI::App& app, Context& c) {
  auto* sub = app.add_subcommand("up", "Start database, dispatcher and gateway and keep them alive until SIGTERM");
  struct Flags {
    UpOptions options;
    bool tls = false;
    int port = -1;
  };
  auto const flags = std::make_shared<Flags>();
  sub->add_option("--port", flags->port, "Port the doors listen on (server.port)")->check(CLI::Range(0, 65535));
  sub->add_flag("--tls", flags->tls, "HTTPS with a certificate of its own, made in DATA/tls when none is set");
  sub->add_flag("--demo", flags->options.demo, "Load the demo district, play yesterday, print the month's table");
  sub->add_flag("--once", flags->options.once, "With --demo: end after the table");
  sub->callback([&c, flags] {
    if (flags->port >= 0) c.overrides.emplace_back("server.port", std::to_string(flags->port));
    c.run = [&c, flags] { return run_up(c, flags->options, flags->tls); };
  });
}

void add_migrate(CLI::App& app, Context& c) {
  auto* sub = app.add_subcommand("migrate", "Bring the database's schema up to date");
  sub->callback([&c] { c.run = [&c] { return run_migrate(c); }; });
}

void add_version(CLI::App& app, Context& c) {
  auto* sub = app.add_subcommand("version", "Print the version");
  sub->callback([&c] {
    c.run = [&c] {
      std::cout << (c.json ? "{\"version\":\"" WANGGE_VERSION "\"}" : "wangge " WANGGE_VERSION) << "\n";
      return static_cast<int>(kOk);
    };
  });
}

}  // namespace wangge::deploy
