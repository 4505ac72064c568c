// gateway and dispatcher: the two processes of a running system, each until SIGTERM.
#include <signal.h>
#include <spdlog/spdlog.h>

#include <chrono>

#include "deploy/standing_desk.hpp"
#include "deploy/anchor.hpp"
#include "deploy/commands/commands.hpp"
#include "deploy/embedded_postgres.hpp"
#include "deploy/log.hpp"
#include "deploy/nightly.hpp"
#include "deploy/picture_client.hpp"
#include "dispatcher/engine/runtime.hpp"
#include "gateways/gateway.hpp"

namespace wangge::deploy {
namespace {

// The URL whether or not the database answers now: both processes wait for it by themselves.
std::string database_url(Context const& c) {
  if (!c.settings.database.url.empty()) return c.settings.database.url;
  return EmbeddedPostgres(c.layout, c.settings.backup.archive, {}).url();
}

// Blocked before any thread is made, so that only this one hears them.
sigset_t block_end_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigprocmask(SIG_BLOCK, &set, nullptr);
  return set;
}

void wait_for(sigset_t const& set) {
  int got = 0;
  sigwait(&set, &got);
  spdlog::info("ending on signal {}", got);
}

constexpr std::chrono::hours kTooOld{26};  // a night was missed

std::string backup_part(std::filesystem::path const& folder) {
  auto const last = last_backup(folder);
  if (!last) return R"({"status":"none"})";
  auto const age = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()) - last->finished;
  return std::string(R"({"status":")") + (age > kTooOld ? "old" : "ok") + R"(","age_s":)" +
         std::to_string(age.count()) + "}";
}

int run_gateway(Context& c) {
  auto const signals = block_end_signals();
  make_folders(c.layout);
  start_logging(c.settings.gateway.name, c.layout, c.settings);
  auto const& s = c.settings;
  gateway::GatewayOptions o;
  o.name = s.gateway.name;
  o.address = s.server.address;
  o.port = static_cast<std::uint16_t>(s.server.port);
  o.tls_certificate = s.server.tls_certificate;
  o.tls_key = s.server.tls_key;
  o.spool_dir = c.layout.spool.string();
  o.media_dir = c.layout.media.string();
  o.sheets_dir = s.gateway.sheets_dir.empty() ? (c.layout.data / "sheets").string() : s.gateway.sheets_dir;
  o.public_url = s.server.public_url;
  o.dispatchers = s.gateway.dispatchers.empty() ? std::vector{c.layout.bus} : s.gateway.dispatchers;
  o.hints = s.gateway.hints.empty() ? std::vector{c.layout.hints} : s.gateway.hints;
  o.database_url = database_url(c);
  o.database_connections = static_cast<int>(s.database.connections);
  o.worker_threads = static_cast<int>(s.server.worker_threads);
  o.free_bytes_floor = static_cast<std::uint64_t>(s.gateway.free_floor_mib) << 20;
  o.answer_wait = std::chrono::milliseconds(s.gateway.answer_wait_ms);
  o.sign = [keys = c.layout.keys](std::string const& text) { return sign_text(text, keys); };
  o.secure_cookies = s.server.public_url.starts_with("https://");
  o.proxies = s.server.proxies;
  o.totp_key = sealing_key(c.layout.keys);
  o.sessions.center = {std::chrono::minutes(s.sign_in.idle_minutes), std::chrono::hours(s.sign_in.longest_hours)};
  o.sessions.field = {std::chrono::hours(s.sign_in.field_idle_hours), std::chrono::hours(s.sign_in.field_longest_hours)};
  o.sessions.totp_required = s.sign_in.totp_required;
  auto const here = s.server.public_url.empty()
                        ? (o.tls_certificate.empty() ? "http://" : "https://") + o.address + ":" + std::to_string(o.port)
                        : s.server.public_url;
  o.oidc = {s.oidc.issuer, s.oidc.client_id, s.oidc.client_secret, here + "/api/v1/session/oidc/callback", s.oidc.scope, s.oidc.claim, s.oidc.title};
  o.base_map = {.url = s.map.url,
                .key = s.map.key,
                .attribution = s.map.attribution,
                .approval_number = s.map.approval_number,
                .zoom_most = static_cast<int>(s.map.zoom_most),
                .keep_bytes = static_cast<std::size_t>(s.map.keep_mib) << 20,
                .fetch = PictureClient(std::chrono::milliseconds(s.map.timeout_ms))};
  o.everybody = {.districts = s.everybody.districts, .days = static_cast<int>(s.everybody.days), .hidden = s.everybody.hidden};
  CityDesk desk(o.database_url);
  o.desk = &desk;
  o.version = WANGGE_VERSION;
  o.parts["backup"] = [folder = c.layout.backup] { return backup_part(folder); };
  gateway::Gateway gateway(o);
  gateway.start();
  auto const address =
      (o.tls_certificate.empty() ? "http://" : "https://") + o.address + ":" + std::to_string(gateway.port());
  write_file(c.layout.address, address + "\n", 0644);
  spdlog::info("listening on {}", address);
  wait_for(signals);
  gateway.stop();
  return 0;
}

int run_dispatcher(Context& c, bool standby) {
  auto const signals = block_end_signals();
  make_folders(c.layout);
  start_logging(c.settings.dispatcher.name, c.layout, c.settings);
  engine::DispatcherOptions o;
  o.name = c.settings.dispatcher.name;
  o.database_url = database_url(c);
  o.bus_endpoint = c.layout.bus;
  o.hint_endpoint = c.layout.hints;
  o.standby = standby;
  engine::Dispatcher dispatcher(o);
  dispatcher.start();
  spdlog::info("listening on {}", o.bus_endpoint);
  wait_for(signals);
  dispatcher.stop();
  return 0;
}

}  // namespace

void add_gateway(CLI::App& app, Context& c) {
  auto* sub = app.add_subcommand("gateway",
                                 "The doors: HTTP, spool, media (started by up; also alone, beside a far dispatcher)");
  sub->callback([&c] { c.run = [&c] { return run_gateway(c); }; });
}

void add_dispatcher(CLI::App& app, Context& c) {
  auto* sub = app.add_subcommand("dispatcher", "The one writer of its districts (started by up)");
  auto const standby = std::make_shared<bool>(false);
  sub->add_flag("--standby", *standby, "Wait until the present writer's beat is old instead of taking over at once");
  sub->callback([&c, standby] { c.run = [&c, standby] { return run_dispatcher(c, *standby); }; });
}

}  // namespace wangge::deploy
