// See crash_vfs.hpp.
#include "tests/spool/crash_vfs.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

namespace wangge::spool {
namespace {

constexpr std::int64_t kSector = 512;

// SQLite gives the memory; the real file (for locks and shared memory of the main database) lies behind ours.
struct OpenFile {
  sqlite3_file base;
  CrashDisk* disk;
  CrashDisk::File* file;
  sqlite3_file* real;  // null for the log
};
OpenFile& of(sqlite3_file* file) { return *reinterpret_cast<OpenFile*>(file); }
CrashDisk& disk_of(sqlite3_vfs* vfs) { return *static_cast<CrashDisk*>(vfs->pAppData); }
sqlite3_vfs* real_vfs() { return sqlite3_vfs_find(nullptr); }

int f_close(sqlite3_file* f) { return of(f).real != nullptr ? of(f).real->pMethods->xClose(of(f).real) : SQLITE_OK; }
int f_read(sqlite3_file* f, void* to, int n, sqlite3_int64 at) { return of(f).disk->read(*of(f).file, to, n, at); }
int f_write(sqlite3_file* f, void const* from, int n, sqlite3_int64 at) { return of(f).disk->write(*of(f).file, from, n, at); }
int f_truncate(sqlite3_file* f, sqlite3_int64 size) { return of(f).disk->truncate(*of(f).file, size); }
int f_sync(sqlite3_file* f, int) { return of(f).disk->sync(*of(f).file); }
int f_size(sqlite3_file* f, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(of(f).file->current.size());
  return SQLITE_OK;
}
int f_lock(sqlite3_file* f, int level) { return of(f).real != nullptr ? of(f).real->pMethods->xLock(of(f).real, level) : SQLITE_OK; }
int f_unlock(sqlite3_file* f, int level) {
  return of(f).real != nullptr ? of(f).real->pMethods->xUnlock(of(f).real, level) : SQLITE_OK;
}
int f_reserved(sqlite3_file* f, int* out) {
  *out = 0;
  return of(f).real != nullptr ? of(f).real->pMethods->xCheckReservedLock(of(f).real, out) : SQLITE_OK;
}
int f_control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int f_sector(sqlite3_file*) { return kSector; }
int f_device(sqlite3_file*) { return 0; }  // promises nothing
int f_shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** out) {
  return of(f).real->pMethods->xShmMap(of(f).real, page, size, extend, out);
}
int f_shm_lock(sqlite3_file* f, int at, int n, int flags) { return of(f).real->pMethods->xShmLock(of(f).real, at, n, flags); }
void f_shm_barrier(sqlite3_file* f) { of(f).real->pMethods->xShmBarrier(of(f).real); }
int f_shm_unmap(sqlite3_file* f, int remove) { return of(f).real->pMethods->xShmUnmap(of(f).real, remove); }

sqlite3_io_methods const kMethods{2,         f_close,    f_read,    f_write,    f_truncate,   f_sync,      f_size,
                                  f_lock,    f_unlock,   f_reserved, f_control, f_sector,     f_device,    f_shm_map,
                                  f_shm_lock, f_shm_barrier, f_shm_unmap, nullptr, nullptr};

int v_open(sqlite3_vfs* vfs, char const* name, sqlite3_file* out, int flags, int* out_flags) {
  CrashDisk& disk = disk_of(vfs);
  auto& file = *new (out) OpenFile{{nullptr}, &disk, nullptr, nullptr};
  if (disk.dead()) return SQLITE_CANTOPEN;
  if (out_flags != nullptr) *out_flags = flags;
  if ((flags & SQLITE_OPEN_MAIN_DB) != 0) {
    file.real = reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(out) + sizeof(OpenFile));
    if (int const code = real_vfs()->xOpen(real_vfs(), name, file.real, flags, out_flags); code != SQLITE_OK) return code;
  }
  file.file = &disk.files[name != nullptr ? name : "(temporary)"];
  file.base.pMethods = &kMethods;
  return SQLITE_OK;
}
int v_delete(sqlite3_vfs* vfs, char const* name, int) {
  CrashDisk& disk = disk_of(vfs);
  if (!disk.step()) return SQLITE_IOERR_DELETE;
  return disk.files.erase(name) != 0 ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
}
int v_access(sqlite3_vfs* vfs, char const* name, int, int* out) {
  *out = disk_of(vfs).files.count(name) != 0 ? 1 : 0;
  return SQLITE_OK;
}

}  // namespace

struct CrashDisk::Plumbing {
  sqlite3_vfs vfs;
};

CrashDisk::CrashDisk() : plumbing_(new Plumbing{*real_vfs()}) {
  static int count = 0;
  name_ = "crash-" + std::to_string(++count);
  sqlite3_vfs& vfs = plumbing_->vfs;
  vfs.szOsFile += static_cast<int>(sizeof(OpenFile));
  vfs.zName = name_.c_str();
  vfs.pAppData = this;
  vfs.pNext = nullptr;
  vfs.xOpen = v_open;
  vfs.xDelete = v_delete;
  vfs.xAccess = v_access;
  // The rest asks the real VFS, which keeps its own data.
  vfs.xFullPathname = [](sqlite3_vfs*, char const* name, int size, char* out) { return real_vfs()->xFullPathname(real_vfs(), name, size, out); };
  vfs.xGetLastError = [](sqlite3_vfs*, int, char*) { return 0; };
  sqlite3_vfs_register(&vfs, 0);
}

CrashDisk::~CrashDisk() {
  sqlite3_vfs_unregister(&plumbing_->vfs);
  delete plumbing_;
}

bool CrashDisk::step() {
  if (dead()) return false;
  ++operations_;
  return !dead();
}

int CrashDisk::read(File& file, void* to, int bytes, std::int64_t offset) {
  if (dead()) return SQLITE_IOERR_READ;
  if (fail_read_in_ > 0 && --fail_read_in_ == 0) return SQLITE_IOERR_READ;
  std::memset(to, 0, static_cast<std::size_t>(bytes));
  auto const size = static_cast<std::int64_t>(file.current.size());
  if (offset < size) std::memcpy(to, file.current.data() + offset, static_cast<std::size_t>(std::min<std::int64_t>(bytes, size - offset)));
  return offset + bytes <= size ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int CrashDisk::write(File& file, void const* from, int bytes, std::int64_t offset) {
  bool const alive = step();
  if (!alive && die_at_ != operations_) return SQLITE_IOERR_WRITE;
  if (fail_write_in_ > 0 && --fail_write_in_ == 0) return SQLITE_IOERR_WRITE;
  if (room_ >= 0 && offset + bytes > static_cast<std::int64_t>(file.current.size())) {
    if (room_ < bytes) return SQLITE_FULL;
    room_ -= bytes;
  }
  Write one{offset, std::string(static_cast<char const*>(from), static_cast<std::size_t>(bytes))};
  apply(file.current, one);
  file.unsynced.push_back(std::move(one));
  if (!alive) ++operations_;  // dies during this write: it may be torn, and nobody hears that it worked
  return alive ? SQLITE_OK : SQLITE_IOERR_WRITE;
}

int CrashDisk::truncate(File& file, std::int64_t size) {
  if (!step()) return SQLITE_IOERR_TRUNCATE;
  Write one{size, {}, true};
  apply(file.current, one);
  file.unsynced.push_back(std::move(one));
  return SQLITE_OK;
}

int CrashDisk::sync(File& file) {
  if (!step()) return SQLITE_IOERR_FSYNC;
  if (fail_sync_in_ > 0 && --fail_sync_in_ == 0) {
    file.unsynced.clear();  // "clean", and not on the disk
    return SQLITE_IOERR_FSYNC;
  }
  for (auto const& write : file.unsynced) apply(file.durable, write);
  file.unsynced.clear();
  return SQLITE_OK;
}

void CrashDisk::apply(std::string& content, Write const& write) {
  auto const at = static_cast<std::size_t>(write.offset);
  if (write.cut) {
    content.resize(at);
    return;
  }
  if (content.size() < at + write.bytes.size()) content.resize(at + write.bytes.size());
  content.replace(at, write.bytes.size(), write.bytes);
}

void CrashDisk::crash(std::mt19937_64& chance) {
  // One mood a crash: all unsynced writes gone, all there, or each its own fate. Moods find different bugs.
  auto const mood = chance() % 4;
  for (auto& [name, file] : files) {
    for (auto const& write : file.unsynced) {
      auto const fate = mood == 0 ? 0 : mood == 1 ? 1 : chance() % 3;
      if (fate == 0) continue;
      if (fate == 1 || write.cut) {
        apply(file.durable, write);
        continue;
      }
      for (std::size_t at = 0; at < write.bytes.size();) {  // torn: each sector for itself
        auto const length = std::min<std::size_t>(kSector - (static_cast<std::size_t>(write.offset) + at) % kSector, write.bytes.size() - at);
        if (chance() % 2 == 0) apply(file.durable, {write.offset + static_cast<std::int64_t>(at), write.bytes.substr(at, length)});
        at += length;
      }
    }
    file.unsynced.clear();
    file.current = file.durable;
  }
  die_at_ = 0;
  room_ = -1;
  fail_sync_in_ = fail_write_in_ = fail_read_in_ = 0;
}

std::map<std::string, std::string> CrashDisk::contents() const {
  std::map<std::string, std::string> all;
  for (auto const& [name, file] : files) all[name] = file.current;
  return all;
}

}  // namespace wangge::spool
