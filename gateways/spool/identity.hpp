// What tells this spool file from a copy of it: the machine, the inode, and when the inode was born. And the lock that
// keeps a second gateway out of the folder.
#pragma once

#include <string>

namespace wangge::spool {

// Words that change when the file was copied, restored or carried to another machine.
std::string identity_of(std::string const& path);
std::string random_uuid();
// Make a folder (0700) and a file (0600), durable in the folder above, unless there. Nobody may call make_file while
// SQLite has the file open in this process: closing it here would drop SQLite's locks.
void make_folder(std::string const& dir);
void make_file(std::string const& dir, std::string const& path);
void sync_folder(std::string const& dir);
// The whole file as bytes; "" when it is not there.
std::string read_file(std::string const& path);

class FolderLock {
 public:
  explicit FolderLock(std::string const& dir);  // throws InUse naming the holder
  ~FolderLock();
  FolderLock(FolderLock const&) = delete;
  FolderLock& operator=(FolderLock const&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace wangge::spool
