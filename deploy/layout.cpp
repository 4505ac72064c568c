// The folders of DATA and the few file operations that must survive a crash. See layout.hpp.
#include "deploy/layout.hpp"

#include <fcntl.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "deploy/errors.hpp"

namespace wangge::deploy {
namespace fs = std::filesystem;
namespace {

std::string hex(unsigned char const* bytes, std::size_t size) {
  std::string out(size * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), bytes, size);
  out.pop_back();
  return out;
}

fs::path or_default(std::string const& given, fs::path const& fallback) { return given.empty() ? fallback : fs::absolute(given); }

void make(fs::path const& folder, fs::perms mode) {
  std::error_code error;
  if (fs::is_directory(folder, error)) return;
  fs::create_directories(folder, error);
  if (error) throw EnvironmentError("cannot make " + folder.string() + ": " + error.message());
  fs::permissions(folder, mode, error);
}

}  // namespace

Layout layout_of(fs::path const& data, Settings const& settings) {
  Layout l;
  l.data = fs::weakly_canonical(fs::absolute(data));
  if (l.data.filename().empty()) l.data = l.data.parent_path();
  l.settings = l.data / "wangge.toml";
  l.run = l.data / "run";
  l.log = l.data / "log";
  l.spool = or_default(settings.gateway.spool_dir, l.data / "spool");
  l.media = or_default(settings.gateway.media_dir, l.data / "media");
  l.backup = or_default(settings.backup.dir, l.data / "backup");
  l.archive = or_default(settings.backup.archive_dir, l.backup / "wal");
  l.keys = l.data / "keys";
  l.tls = l.data / "tls";
  l.postgres = l.data / "postgres";
  l.address = l.run / (settings.gateway.name + ".address");
  auto const sockets = short_folder(l.run, 10);
  l.bus = settings.dispatcher.bus.empty() ? "ipc://" + (sockets / "bus").string() : settings.dispatcher.bus;
  l.hints = settings.dispatcher.hints.empty() ? "ipc://" + (sockets / "hints").string() : settings.dispatcher.hints;
  return l;
}

Doors doors_of(Layout const& layout, Settings const& settings) {
  Doors doors;
  doors.url = read_file(layout.address);
  doors.url.erase(std::min(doors.url.find('\n'), doors.url.size()));
  if (doors.url.empty()) doors.url = "http://127.0.0.1:" + std::to_string(settings.server.port);
  doors.certificate = or_default(settings.server.tls_certificate, layout.tls / "server.pem");
  std::error_code ignored;
  if (!fs::exists(doors.certificate, ignored)) doors.certificate.clear();
  return doors;
}

void make_folders(Layout const& l) {
  auto const closed = fs::perms::owner_all;
  auto const shared = fs::perms::owner_all | fs::perms::group_read | fs::perms::group_exec;
  // DATA itself: others may pass through (the database's user must), nobody may list.
  make(l.data, shared | fs::perms::others_exec);
  for (auto const& folder : {l.run, l.keys}) make(folder, closed);
  for (auto const& folder : {l.log, l.spool, l.media}) make(folder, shared);
  make(l.backup, shared | fs::perms::others_exec);  // the archive of the database's log lies there; each backup is closed
}

fs::path short_folder(fs::path const& wanted, std::size_t name_length) {
  constexpr std::size_t kRoom = 107;
  if (wanted.string().size() + 1 + name_length <= kRoom) return wanted;
  auto const id = sha256_hex(wanted.string()).substr(0, 12);
  fs::path const folder = geteuid() == 0 ? fs::path("/run/wangge-" + id)
                                         : fs::path("/tmp/wangge-" + std::to_string(geteuid()) + "-" + id);
  if (mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
    throw EnvironmentError("cannot make " + folder.string() + ": " + strerror(errno));
  struct stat found{};
  // In /tmp somebody else may have been first; only a real folder of ours is used.
  if (lstat(folder.c_str(), &found) != 0 || !S_ISDIR(found.st_mode) || (found.st_uid != geteuid() && geteuid() != 0))
    throw EnvironmentError(folder.string() + " belongs to somebody else; remove it or choose a shorter --data");
  return folder;
}

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<unsigned char const*>(text.data()), text.size());
  return hex(digest.data(), digest.size());
}

std::string sha256_of_file(fs::path const& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw EnvironmentError("cannot read " + file.string() + ": " + strerror(errno));
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  std::string buffer(1 << 18, '\0');
  while (in) {
    in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
    crypto_hash_sha256_update(&state, reinterpret_cast<unsigned char const*>(buffer.data()), static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) throw EnvironmentError("cannot read " + file.string() + " to its end");
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256_final(&state, digest.data());
  return hex(digest.data(), digest.size());
}

void write_file(fs::path const& file, std::string_view text, unsigned mode) {
  auto const temporary = file.string() + ".new";
  int const fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
  auto const fail = [&](int error) { throw EnvironmentError("cannot write " + file.string() + ": " + strerror(error)); };
  if (fd < 0) fail(errno);
  std::size_t done = 0;
  while (done < text.size()) {
    auto const n = write(fd, text.data() + done, text.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) {
      int const error = errno;
      close(fd);
      fail(error);
    }
    done += static_cast<std::size_t>(n);
  }
  if (fsync(fd) != 0 || close(fd) != 0 || rename(temporary.c_str(), file.c_str()) != 0) fail(errno);
  sync_folder(file.parent_path());
}

std::string read_file(fs::path const& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return in ? text.str() : std::string{};
}

void sync_folder(fs::path const& folder) {
  int const fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return;
  fsync(fd);
  close(fd);
}

}  // namespace wangge::deploy
