// See files.hpp.
#include "gateways/media/files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "gateways/media/media.hpp"

namespace wangge::media {
namespace {

[[noreturn]] void fail(std::string const& doing, std::string const& path) {
  int const why = errno;
  std::string const words = doing + " " + path + ": " + std::strerror(why);
  if (why == ENOSPC || why == EDQUOT) throw Full(words);
  throw std::runtime_error(words);
}

struct Descriptor {
  int fd;
  ~Descriptor() { ::close(fd); }
};

}  // namespace

void write_durably(std::string const& path, std::string_view bytes) {
  Descriptor const file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)};
  if (file.fd < 0) fail("cannot create", path);
  while (!bytes.empty()) {
    ssize_t const written = ::write(file.fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("cannot write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (::fsync(file.fd) != 0) fail("cannot sync", path);
}

void sync_file(std::string const& path) {
  Descriptor const file{::open(path.c_str(), O_RDWR | O_CLOEXEC)};
  if (file.fd < 0 || ::fsync(file.fd) != 0) fail("cannot sync", path);
}

void sync_folder(std::string const& path) {
  Descriptor const folder{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (folder.fd < 0 || ::fsync(folder.fd) != 0) fail("cannot sync", path);
}

void make_folder(std::string const& path) {
  if (::mkdir(path.c_str(), 0700) == 0) {
    sync_folder(std::filesystem::absolute(path).parent_path().string());
  } else if (errno != EEXIST) {
    fail("cannot make", path);
  }
}

void rename_file(std::string const& from, std::string const& to) {
  if (::rename(from.c_str(), to.c_str()) != 0) fail("cannot rename to", to);
}

bool exists(std::string const& path) { return ::access(path.c_str(), F_OK) == 0; }

std::string read_file(std::string const& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void require_room(std::string const& dir, std::uint64_t bytes) {
  struct statvfs disk {};
  if (::statvfs(dir.c_str(), &disk) != 0) fail("cannot look at the disk of", dir);
  if (static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize < bytes) throw Full("too little room for media in " + dir);
}

FileLock::FileLock(std::string const& path) : fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
  if (fd_ < 0) fail("cannot open", path);
  while (::flock(fd_, LOCK_EX) != 0) {
    if (errno == EINTR) continue;
    ::close(fd_);
    fail("cannot lock", path);
  }
}

FileLock::~FileLock() { ::close(fd_); }

}  // namespace wangge::media
