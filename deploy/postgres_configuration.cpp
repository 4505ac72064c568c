// How the embedded cluster is tuned, and how its log is archived. See embedded_postgres.hpp.
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "deploy/embedded_postgres.hpp"

namespace wangge::deploy {
namespace fs = std::filesystem;
namespace {

constexpr int kPort = 5432;  // only names the socket file; nothing listens on TCP

// One entry of a comma-separated list of folders.
std::string in_list(std::string const& text) {
  std::string out = "\"";
  for (char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string megabytes(std::uint64_t bytes) { return std::to_string(bytes >> 20) + "MB"; }

}  // namespace

std::string quoted_setting(std::string const& text) {
  std::string out = "'";
  for (char const c : text) {
    if (c == '\'' || c == '\\') out += c;
    out += c;
  }
  return out + "'";
}

std::string word_of_command(std::string const& text) {
  std::string out;
  for (char c : shell_quoted(text)) out += c == '%' ? std::string("%%") : std::string(1, c);
  return out;
}

std::uint64_t machine_memory() {
  auto memory = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  std::ifstream limit("/sys/fs/cgroup/memory.max");
  std::uint64_t bytes = 0;
  if (limit >> bytes) memory = std::min(memory, bytes);
  return memory;
}

std::string EmbeddedPostgres::archive_command() const {
  if (!archive_) return "/bin/true";
  return "/bin/sh " + word_of_command((root_ / "archive.sh").string()) + " " + word_of_command(archive().string()) + " %p %f";
}

void EmbeddedPostgres::write_configuration(std::string const& extra) {
  auto const memory = machine_memory();
  auto const mib = [](std::uint64_t n) { return n << 20; };
  std::string text = "# Written by wangge at every start; put changes into postgresql.auto.conf (ALTER SYSTEM).\n";
  text += "include 'postgresql.conf'\n";
  auto const set = [&](char const* name, std::string const& value) { text += std::string(name) + " = " + quoted_setting(value) + "\n"; };
  set("listen_addresses", "");
  set("port", std::to_string(kPort));
  set("unix_socket_directories", in_list(socket_.string()));
  set("unix_socket_permissions", "0700");
  set("max_connections", "120");
  set("shared_buffers", megabytes(std::clamp(memory / 6, mib(128), mib(8192))));
  set("effective_cache_size", megabytes(std::max(memory / 2, mib(256))));
  set("maintenance_work_mem", megabytes(std::clamp(memory / 32, mib(64), mib(1024))));
  set("work_mem", "16MB");
  set("huge_pages", "try");
  set("jit", "off");               // costs more than it gives on queries of a few milliseconds
  set("random_page_cost", "1.1");
  // Safety first: an acknowledged case is on the disk.
  set("fsync", "on");
  set("synchronous_commit", "on");
  set("full_page_writes", "on");
  set("wal_level", "replica");
  set("wal_compression", "lz4");
  set("wal_buffers", "16MB");
  set("max_wal_size", memory < mib(2048) ? "1GB" : "4GB");
  set("min_wal_size", "256MB");
  set("checkpoint_timeout", "10min");
  set("archive_mode", "on");       // cannot be changed without a restart; an empty command keeps segments
  set("archive_command", archive_command());
  set("archive_timeout", "300");
  set("timezone", "UTC");
  set("log_timezone", "UTC");
  set("log_destination", "jsonlog");
  set("logging_collector", "on");
  set("log_directory", log().string());
  set("log_filename", "postgres-%a.log");  // one a weekday, seven are kept
  set("log_truncate_on_rotation", "on");
  set("log_rotation_age", "1d");
  set("log_rotation_size", "0");
  set("log_checkpoints", "off");
  set("log_autovacuum_min_duration", "10min");
  text += extra;
  write_file(cluster() / "wangge.conf", text, 0600);
  own(cluster() / "wangge.conf", user_);
}

}  // namespace wangge::deploy
