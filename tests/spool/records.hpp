// Records and folders for the spool's tests.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <string>

#include "gateways/spool/spool.hpp"

namespace wangge::spool {

// A folder of its own, gone at the end.
class TempFolder {
 public:
  // `in_memory` where nothing of it need be on a disk: real syncs are slow.
  explicit TempFolder(bool in_memory = false) {
    static std::atomic<int> count{0};
    std::filesystem::path const memory = "/dev/shm";
    auto const base = in_memory && std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path();
    path_ = (base / ("wangge-spool-" + std::to_string(::getpid()) + "-" + std::to_string(++count))).string();
    std::filesystem::create_directories(path_);
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempFolder(TempFolder const&) = delete;
  TempFolder& operator=(TempFolder const&) = delete;
  std::string const& path() const { return path_; }
  std::string operator/(std::string const& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline Record make_record(std::string key, std::string body = "body", std::string district = "370871", std::int64_t at = 1'000'000) {
  Record r;
  r.district = std::move(district);
  r.report_id = "report-" + key + "-" + body;
  r.principal = "patroller-1";
  r.key = std::move(key);
  r.body_hash = "hash-of-" + body;
  r.payload = "payload of " + r.key + ": " + std::string(300, 'x') + body;
  r.received_at = core::Instant(core::Millis(at));
  return r;
}

inline Store::Outcome committed(Record const& r, std::string case_no = "3708712026112400001") {
  return {r.district, r.seq, RecordState::committed, std::move(case_no), "pending_dispose", false};
}

}  // namespace wangge::spool
