// Durable files: written beside their place, synced, renamed, and the folder synced.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace wangge::media {

// All throw Full when the disk has no room and std::runtime_error for any other failure.
void write_durably(std::string const& path, std::string_view bytes);  // file only
void sync_file(std::string const& path);
void sync_folder(std::string const& path);
void make_folder(std::string const& path);  // durable in the one above
void rename_file(std::string const& from, std::string const& to);
bool exists(std::string const& path);
std::string read_file(std::string const& path);  // "" when it is not there
void require_room(std::string const& dir, std::uint64_t bytes);

// One holder at a time, among threads and processes.
class FileLock {
 public:
  explicit FileLock(std::string const& path);
  ~FileLock();
  FileLock(FileLock const&) = delete;
  FileLock& operator=(FileLock const&) = delete;

 private:
  int fd_ = -1;
};

}  // namespace wangge::media
