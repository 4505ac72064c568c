// The steps of cases that this gateway has told people are done: case, version, command_id, when. Kept beside the spool for
// 72 hours and some 100 MB at most, so that after a restore or a fail-over `wangge doctor` can name the cases whose newest
// steps the database no longer knows (transitions are not spooled). Written by a thread of its own and never synced: a note
// lost with the machine's power costs a line of advice, no promise.
#pragma once

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "dispatcher/core/types.hpp"

namespace wangge::console {

struct AnsweredStep {
  core::Instant at{};
  std::string case_no;
  std::int64_t version = 0;
  std::string command_id;
};

class Answered {
 public:
  struct Limits {
    std::chrono::hours span{24};      // of one file; three older ones are kept
    std::size_t bytes = 25'000'000;   // of one file
  };
  explicit Answered(std::filesystem::path folder) : Answered(std::move(folder), Limits{}) {}
  Answered(std::filesystem::path folder, Limits limits);
  ~Answered();  // writes what waits
  void note(AnsweredStep step);

 private:
  void run();
  void write(std::vector<AnsweredStep> const& steps);
  void open();
  void turn();
  std::filesystem::path folder_;
  Limits limits_;
  int fd_ = -1;
  core::Instant first_{};  // of the present file
  std::size_t size_ = 0;
  bool failed_ = false;
  std::mutex mutex_;
  std::condition_variable ready_;
  bool stopping_ = false;
  std::vector<AnsweredStep> waiting_;
  std::thread thread_;
};

// Every note in a folder since then, oldest first. A torn line is left out.
std::vector<AnsweredStep> read_answered(std::filesystem::path const& folder, core::Instant since);

}  // namespace wangge::console
