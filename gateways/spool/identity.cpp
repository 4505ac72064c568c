// See identity.hpp.
#include "gateways/spool/identity.hpp"

#include "gateways/spool/spool.hpp"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace wangge::spool {
namespace {

[[noreturn]] void fail(std::string const& doing, std::string const& path) {
  throw std::runtime_error(doing + " " + path + ": " + std::strerror(errno));
}

}  // namespace

std::string identity_of(std::string const& path) {
  struct statx info {};
  if (statx(AT_FDCWD, path.c_str(), 0, STATX_INO | STATX_BTIME, &info) != 0) fail("cannot stat", path);
  std::ostringstream words;
  std::string machine = read_file("/etc/machine-id");
  if (auto const end = machine.find('\n'); end != std::string::npos) machine.resize(end);
  words << "machine " << machine << " inode " << info.stx_ino;
  // Device numbers may change at a restart, so they count only where the file system keeps no time of birth.
  if ((info.stx_mask & STATX_BTIME) != 0) {
    words << " born " << info.stx_btime.tv_sec << '.' << info.stx_btime.tv_nsec;
  } else {
    words << " device " << info.stx_dev_major << ':' << info.stx_dev_minor;
  }
  return words.str();
}

std::string random_uuid() {
  std::array<unsigned char, 16> bytes;
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) throw std::runtime_error("no random bytes from OpenSSL");
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    text.push_back("0123456789abcdef"[bytes[i] >> 4]);
    text.push_back("0123456789abcdef"[bytes[i] & 15]);
  }
  return text;
}

void sync_folder(std::string const& dir) {
  int const fd = ::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) fail("cannot open folder", dir);
  int const failed = ::fsync(fd);
  ::close(fd);
  if (failed != 0) fail("cannot sync folder", dir);
}

void make_folder(std::string const& dir) {
  namespace fs = std::filesystem;
  if (!fs::is_directory(dir)) {
    auto const parent = fs::absolute(dir).lexically_normal().parent_path();
    fs::create_directories(parent);
    if (::mkdir(dir.c_str(), 0700) != 0 && errno != EEXIST) fail("cannot make folder", dir);
    sync_folder(parent.string());
  }
  if (::chmod(dir.c_str(), 0700) != 0) fail("cannot set the mode of", dir);
}

void make_file(std::string const& dir, std::string const& path) {
  int const fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) fail("cannot open", path);
  bool const failed = ::fchmod(fd, 0600) != 0 || ::fsync(fd) != 0;
  ::close(fd);
  if (failed) fail("cannot make durable", path);
  sync_folder(dir);
}

std::string read_file(std::string const& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

FolderLock::FolderLock(std::string const& dir) {
  std::string const path = dir + "/lock";
  fd_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd_ < 0) fail("cannot open", path);
  if (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    std::string holder = read_file(path);
    if (auto const end = holder.find('\n'); end != std::string::npos) holder.resize(end);
    ::close(fd_);
    throw InUse("the spool " + dir + " is in use by process " + (holder.empty() ? "(unknown)" : holder) +
                             ": every gateway needs a spool folder of its own");
  }
  std::string const pid = std::to_string(::getpid()) + "\n";
  // Only words for the next one's error message; the lock itself is what counts.
  if (::ftruncate(fd_, 0) != 0 || ::pwrite(fd_, pid.data(), pid.size(), 0) < 0) errno = 0;
}

FolderLock::~FolderLock() { ::close(fd_); }

}  // namespace wangge::spool
