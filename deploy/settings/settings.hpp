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
  } server;
  struct Gateway {
    std::string name = "gateway";
    std::int64_t answer_wait_ms = 500;
    std::string spool_dir, media_dir;      // "" = in DATA
    std::string sheets_dir;                // "" = DATA/sheets
    std::string public_url;
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
