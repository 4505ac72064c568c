// One file an upload: a page of header, then the bytes. The header's first part is written once; its last sector holds
// how many bytes count, and is the only thing that is ever written over. Bytes beyond that number are a crash's and are
// written over too.
#include "gateways/media/uploads.hpp"

#include <fcntl.h>
#include <openssl/rand.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <sstream>

#include "gateways/media/files.hpp"

namespace wangge::media {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kHeader = 4096, kCountAt = 3584, kCountBytes = 512;  // a sector: it changes whole or not at all
constexpr std::string_view kFirstLine = "wangge-upload 1";

[[noreturn]] void fail(std::string const& doing, std::string const& path) {
  int const why = errno;
  std::string const words = doing + " " + path + ": " + std::strerror(why);
  if (why == ENOSPC || why == EDQUOT || why == EFBIG) throw Full(words);
  throw std::runtime_error(words);
}

struct Handle {
  explicit Handle(std::string const& path, int flags) : fd(::open(path.c_str(), flags | O_CLOEXEC, 0600)) {}
  ~Handle() {
    if (fd >= 0) ::close(fd);
  }
  Handle(Handle const&) = delete;
  int fd;
};

void write_at(int fd, std::string const& path, std::uint64_t at, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t const written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(at));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail("cannot write", path);
    at += static_cast<std::uint64_t>(written);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}
void sync(int fd, std::string const& path) {
  if (::fdatasync(fd) != 0) fail("cannot sync", path);
}

std::string owner_of(core::Principal const& who) {
  std::string name = who.district + "/" + who.name;
  std::replace_if(
      name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 32; }, '?');
  return name;
}

std::string new_id() {
  unsigned char bytes[16];
  if (RAND_bytes(bytes, sizeof bytes) != 1) throw std::runtime_error("OpenSSL gives no random bytes");
  std::string id;
  for (auto const byte : bytes) id.append(1, "0123456789abcdef"[byte >> 4]).append(1, "0123456789abcdef"[byte & 15]);
  return id;
}

bool is_upload_id(std::string_view text) {
  return text.size() == 32 &&
         std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

template <class Number>
Number number(std::string_view text) {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// "count 1048576 1048576\n", twice the number, so that a damaged one is known.
std::string count_sector(std::uint64_t offset, std::string const& media_id) {
  auto const n = std::to_string(offset);
  std::string out = "count " + n + ' ' + n + '\n' + (media_id.empty() ? "" : "media " + media_id + '\n') + "end\n";
  out.resize(kCountBytes, '\0');
  return out;
}

struct Kept {
  Upload upload;
  std::string owner;
};

std::string head_text(Kept const& k) {
  auto const& u = k.upload;
  std::ostringstream out;
  out << kFirstLine << "\nowner " << k.owner << "\ntype " << u.type << "\nlength " << u.length << "\ncreated "
      << u.created_at.time_since_epoch().count() << "\nexpires " << u.expires_at.time_since_epoch().count() << '\n';
  if (!u.evidence.taken.empty()) out << "taken " << u.evidence.taken << '\n';
  if (u.evidence.captured_at) out << "captured " << u.evidence.captured_at->time_since_epoch().count() << '\n';
  if (!u.evidence.original.empty()) out << "original " << u.evidence.original << '\n';
  if (u.evidence.place) out << "place " << place_text(*u.evidence.place) << '\n';
  out << "end\n";
  auto text = out.str();
  if (text.size() > kCountAt) throw std::runtime_error("an upload's header is too long");
  text.resize(kCountAt, '\0');
  return text + count_sector(u.offset, u.media_id);
}

std::optional<Kept> read_head(int fd, std::string const& id) {
  std::string page(kHeader, '\0');
  if (::pread(fd, page.data(), page.size(), 0) != static_cast<ssize_t>(kHeader) || !page.starts_with(kFirstLine))
    return std::nullopt;
  Kept kept;
  auto& u = kept.upload;
  u.id = id;
  bool whole = false, counted = false;
  auto const each_line = [](std::string_view part, auto&& take) {
    for (std::size_t from = 0; from < part.size() && part[from] != '\0';) {
      auto const end = std::min(part.find('\n', from), part.size());
      auto const line = part.substr(from, end - from);
      auto const space = std::min(line.find(' '), line.size());
      take(line.substr(0, space), line.substr(std::min(space + 1, line.size())));
      from = end + 1;
    }
  };
  auto const instant = [](std::string_view text) { return core::Instant(core::Millis(number<std::int64_t>(text))); };
  each_line(std::string_view(page).substr(0, kCountAt), [&](std::string_view name, std::string_view value) {
    if (name == "owner") kept.owner = value;
    if (name == "type") u.type = value;
    if (name == "length") u.length = number<std::uint64_t>(value);
    if (name == "created") u.created_at = instant(value);
    if (name == "expires") u.expires_at = instant(value);
    if (name == "taken") u.evidence.taken = value;
    if (name == "captured") u.evidence.captured_at = instant(value);
    if (name == "original") u.evidence.original = value;
    if (name == "place") u.evidence.place = place_from(value);
    if (name == "end") whole = true;
  });
  bool count_whole = false;
  each_line(std::string_view(page).substr(kCountAt), [&](std::string_view name, std::string_view value) {
    if (name == "count") {
      auto const space = std::min(value.find(' '), value.size());
      u.offset = number<std::uint64_t>(value.substr(0, space));
      counted = value.substr(std::min(space + 1, value.size())) == value.substr(0, space);
    }
    if (name == "media") u.media_id = value;
    if (name == "end") count_whole = true;
  });
  struct stat file {};
  if (!whole || !counted || !count_whole || ::fstat(fd, &file) != 0) return std::nullopt;
  bool const bytes_there = !u.media_id.empty() || static_cast<std::uint64_t>(file.st_size) >= kHeader + u.offset;
  if (!bytes_there || u.offset > u.length) return std::nullopt;
  return kept;
}

}  // namespace

Uploads::Uploads(Folder& folder, std::string dir, UploadLimits limits, std::uint64_t free_bytes_floor)
    : folder_(folder), dir_(std::move(dir)), limits_(limits), floor_(free_bytes_floor) {
  fs::create_directories(dir_);
  fs::permissions(dir_, fs::perms::owner_all);
}

Upload Uploads::create(core::Principal const& who, std::string_view type, std::uint64_t length,
                       Evidence const& evidence, core::Instant now) {
  auto const limit = folder_.limit_of(type);
  if (!limit) throw Unknown("media of this type are not taken");
  if (length == 0) throw Bad("empty", "the file is empty");
  if (length > *limit) throw TooLong("longer than its type may be");
  FileLock const lock(dir_ + "/lock");  // the limits hold for all who share the folder
  Kept kept{{new_id(), std::string(type), length, 0, now, now + limits_.lives, evidence, ""}, owner_of(who)};
  std::size_t all = 0, own = 0;
  std::uint64_t promised = length;
  for (auto const& file : fs::directory_iterator(dir_)) {
    auto const id = file.path().filename().string();
    if (!is_upload_id(id)) continue;
    Handle const handle(file.path().string(), O_RDONLY);
    auto const other = handle.fd < 0 ? std::nullopt : read_head(handle.fd, id);
    if (!other || other->upload.expires_at <= now) continue;  // the next sweep takes it
    ++all;
    if (!other->upload.media_id.empty()) continue;
    promised += other->upload.length;
    own += other->owner == kept.owner;
  }
  if (own >= limits_.open_each) throw TooMany("too many unfinished uploads");
  if (all >= limits_.open_all || promised > limits_.bytes_all) throw Full("too many unfinished uploads in all");
  require_room(dir_, floor_ + length);
  std::string const path = dir_ + "/" + kept.upload.id, draft = path + ".new";
  write_durably(draft, head_text(kept));
  rename_file(draft, path);
  sync_folder(dir_);
  return kept.upload;
}

Upload Uploads::find(core::Principal const& who, std::string const& id, core::Instant now) {
  if (!is_upload_id(id)) throw NoUpload("no such upload");
  Handle const file(dir_ + "/" + id, O_RDONLY);
  auto const kept = file.fd < 0 ? std::nullopt : read_head(file.fd, id);
  if (!kept || kept->owner != owner_of(who) || kept->upload.expires_at <= now) throw NoUpload("no such upload");
  return kept->upload;
}

Upload Uploads::append(core::Principal const& who, std::string const& id, std::uint64_t offset, std::string_view bytes,
                       core::Instant now) {
  find(who, id, now);
  std::string const path = dir_ + "/" + id;
  Handle const file(path, O_RDWR);
  if (file.fd < 0) throw NoUpload("no such upload");
  FileLock const lock(path + ".lock");  // one writer an upload; another one finds its offset wrong
  auto upload = find(who, id, now);
  if (offset != upload.offset) throw WrongOffset(upload.offset);
  if (bytes.size() > upload.length - upload.offset) throw TooLong("more than was announced");
  if (!upload.media_id.empty()) return upload;
  if (!bytes.empty()) {
    require_room(dir_, floor_ + bytes.size());
    write_at(file.fd, path, kHeader + upload.offset, bytes);
    sync(file.fd, path);
    upload.offset += bytes.size();
    write_at(file.fd, path, kCountAt, count_sector(upload.offset, ""));
    sync(file.fd, path);
  }
  if (upload.offset < upload.length) return upload;

  // Whole. Read through the page cache, so that a long film does not stand in memory.
  void* const whole = ::mmap(nullptr, kHeader + upload.length, PROT_READ, MAP_PRIVATE, file.fd, 0);
  if (whole == MAP_FAILED) fail("cannot read", path);
  struct Unmap {
    void* at;
    std::size_t size;
    ~Unmap() { ::munmap(at, size); }
  } const unmap{whole, kHeader + upload.length};
  try {
    upload.media_id =
        folder_.put(upload.type, {static_cast<char const*>(whole) + kHeader, upload.length}, who, now, upload.evidence)
            .media_id;
  } catch (Bad const&) {
    ::unlink(path.c_str());
    ::unlink((path + ".lock").c_str());
    throw;
  }
  // The medium is durable; what is told of it until it expires fits into the header.
  write_at(file.fd, path, kCountAt, count_sector(upload.offset, upload.media_id));
  sync(file.fd, path);
  if (::ftruncate(file.fd, kHeader) != 0) fail("cannot cut", path);
  return upload;
}

void Uploads::end(core::Principal const& who, std::string const& id, core::Instant now) {
  find(who, id, now);
  std::string const path = dir_ + "/" + id;
  FileLock const lock(path + ".lock");
  ::unlink(path.c_str());
  ::unlink((path + ".lock").c_str());
  sync_folder(dir_);
}

std::int64_t Uploads::sweep(core::Instant now) {
  std::int64_t removed = 0;
  for (auto const& file : fs::directory_iterator(dir_)) {
    auto const path = file.path().string(), name = file.path().filename().string();
    if (name == "lock") continue;
    std::error_code gone;
    bool const young = fs::file_time_type::clock::now() - fs::last_write_time(file, gone) < limits_.lives;
    if (!is_upload_id(name)) {  // drafts, and locks of uploads that are gone
      bool const lives = name.ends_with(".lock") && exists(path.substr(0, path.size() - 5));
      if (!gone && !young && !lives) fs::remove(path, gone);
      continue;
    }
    Handle const handle(path, O_RDONLY);
    auto const kept = handle.fd < 0 ? std::nullopt : read_head(handle.fd, name);
    if (kept ? kept->upload.expires_at > now : young) continue;  // a header that cannot be read: perhaps being written
    fs::remove(path, gone);
    fs::remove(path + ".lock", gone);
    ++removed;
  }
  return removed;
}

}  // namespace wangge::media
