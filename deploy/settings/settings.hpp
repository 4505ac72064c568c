// The typed settings of the program: defaults, DATA/wangge.toml, environment, command line, in that order.
// Comes in: text; goes out: one checked struct. Reads no other file, opens nothing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace wangge::deploy {

struct Settings {
  struct Server {
    std::string address = "127.0.0.1";
    std::int64_t port = 8080;
    std::string tls_certificate, tls_key;
    std::int64_t worker_threads = 4;
    std::string public_url;            // as people reach it, where a proxy stands in front; "" = as it listens
    std::vector<std::string> proxies;  // their addresses: what they say of the caller's is believed
  } server;
  struct SignIn {
    std::int64_t idle_minutes = 60, longest_hours = 12;             // center roles
    std::int64_t field_idle_hours = 24, field_longest_hours = 168;  // patrollers, squads
    bool totp_required = false;                                     // one-time codes for center roles
  } sign_in;
  struct Oidc {
    std::string issuer, client_id, client_secret;
    std::string scope = "openid profile", claim = "preferred_username", title = "统一身份认证";
  } oidc;
  struct Gateway {
    std::string name = "gateway";
    std::int64_t answer_wait_ms = 500;
    std::string spool_dir, media_dir;      // "" = in DATA
    std::string sheets_dir;                // "" = DATA/sheets
    std::vector<std::string> dispatchers;  // "" = the one on this machine
    std::vector<std::string> hints;
    std::int64_t free_floor_mib = 64;
  } gateway;
  struct Dispatcher {
    std::string name = "dispatcher";
    std::string bus, hints;  // "" = ipc in DATA/run
  } dispatcher;
  struct Database {
    std::string url;        // "" = the embedded cluster
    std::string admin_url;  // for migrations; "" = url
    std::int64_t connections = 3;
  } database;
  struct Backup {
    std::string dir;  // "" = DATA/backup
    bool nightly = true;
    std::string at = "02:30";  // local time of the machine
    std::int64_t keep = 7;
    bool archive = true;      // keep the write-ahead log for restore --until
    std::string archive_dir;  // "" = wal in the folder of the backups
  } backup;
  struct Audit {
    std::string anchor;
  } audit;
  struct Map {
    std::string url, key;  // "" = no base map
    std::string attribution, approval_number;
    std::int64_t zoom_most = 18;
    std::int64_t keep_mib = 32;
    std::int64_t timeout_ms = 4000;
  } map;
  struct Public {
    std::vector<std::string> districts;  // none = the public's doors are closed
    std::int64_t days = 30;
    // What names a home, a business or a person at a rounded place, and the police's own objects.
    std::vector<std::string> hidden{"01012", "01050", "01051", "01066", "06001", "06002", "06005", "06007", "06027", "06028",
                                    "06033", "06038", "08016", "09003", "09008", "09015"};
  } everybody;
  struct Log {
    std::string level = "info";
    std::int64_t keep_mib = 64;  // per process, rotated
  } log;
};

using Overrides = std::vector<std::pair<std::string, std::string>>;  // key, text

struct SettingKey {
  std::string name, help;
};
std::vector<SettingKey> setting_keys();

// `file` may not exist. Throws UsageError naming file, line and key (or the variable, or the option).
Settings load_settings(std::filesystem::path const& file, std::map<std::string, std::string> const& environment,
                       Overrides const& command_line);

// The environment as a map.
std::map<std::string, std::string> environment();

}  // namespace wangge::deploy
