// A temporary folder, removed at the end together with the state folder its database may have gone to.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace wangge::tests {

class Folder {
 public:
  explicit Folder(bool reachable = true) {
    char name[] = "/tmp/wangge-test-XXXXXX";
    if (!mkdtemp(name)) throw std::runtime_error("mkdtemp");
    path = name;
    namespace fs = std::filesystem;
    if (reachable) fs::permissions(path, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  }
  ~Folder() {
    namespace fs = std::filesystem;
    std::error_code ignored;
    for (auto const& entry : fs::directory_iterator(path, ignored))
      if (auto const link = entry.path() / "postgres"; fs::is_symlink(link, ignored))
        fs::remove_all(fs::read_symlink(link), ignored);
    if (fs::is_symlink(path / "postgres", ignored)) fs::remove_all(fs::read_symlink(path / "postgres"), ignored);
    fs::remove_all(path, ignored);
  }
  Folder(Folder const&) = delete;
  Folder& operator=(Folder const&) = delete;
  std::filesystem::path write(std::string const& name, std::string const& text) const {
    std::filesystem::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << text;
    return path / name;
  }
  std::filesystem::path path;
};

}  // namespace wangge::tests
