// A SQLite VFS on a disk of ours: database and log live in memory, what was written since the last sync is only "in the
// page cache", and a crash keeps a random part of it, torn at sectors. It can die at the n-th disk operation, refuse a
// sync, or be full. Locks and shared memory are the real VFS's.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace wangge::spool {

class CrashDisk {
 public:
  CrashDisk();
  ~CrashDisk();
  CrashDisk(CrashDisk const&) = delete;
  CrashDisk& operator=(CrashDisk const&) = delete;
  char const* vfs() const { return name_.c_str(); }

  // The machine dies at the n-th write, sync or truncate from now (1 = the next); every call then fails until crash().
  void die_at(std::int64_t n) { die_at_ = operations_ + n; }
  bool dead() const { return die_at_ != 0 && operations_ >= die_at_; }
  std::int64_t operations() const { return operations_; }
  // Power is lost and comes back: of each unsynced write nothing, a part, or all is on the disk.
  void crash(std::mt19937_64& chance);

  // The n-th sync from now fails once. As Linux does it, the pages then count as clean: they can be read until the next
  // crash, and a later sync writes nothing of them.
  void fail_sync(int n) { fail_sync_in_ = n; }
  // From now on writes beyond `bytes` more bytes find the disk full; -1: there is room again.
  void room(std::int64_t bytes) { room_ = bytes; }
  // The n-th write or read from now fails once with EIO.
  void fail_write(int n) { fail_write_in_ = n; }
  void fail_read(int n) { fail_read_in_ = n; }

  // The content as a reader sees it, to copy or to flip bits in.
  std::map<std::string, std::string> contents() const;

  // For the VFS functions.
  struct Write {
    std::int64_t offset = 0;
    std::string bytes;   // a truncate has none and cuts at offset
    bool cut = false;
  };
  struct File {
    std::string durable, current;
    std::vector<Write> unsynced;
  };
  bool step();  // counts an operation; false when dead
  int read(File& file, void* to, int bytes, std::int64_t offset);
  int write(File& file, void const* from, int bytes, std::int64_t offset);
  int truncate(File& file, std::int64_t size);
  int sync(File& file);
  std::map<std::string, File> files;

 private:
  struct Plumbing;
  static void apply(std::string& content, Write const& write);
  std::string name_;
  Plumbing* plumbing_ = nullptr;
  std::int64_t operations_ = 0, die_at_ = 0, room_ = -1;
  int fail_sync_in_ = 0, fail_write_in_ = 0, fail_read_in_ = 0;
};

}  // namespace wangge::spool
