// A few threads for handlers that may block (the database, pictures), before a queue that says no when it is full.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace wangge::http {

class Workers {
 public:
  Workers(int threads, std::size_t queue);
  ~Workers() { stop(); }
  bool push(std::function<void()> job);  // false: full, or stopping
  void stop();                           // waits for running jobs; queued ones are dropped

 private:
  void run();

  std::size_t const limit_;
  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<std::function<void()>> jobs_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace wangge::http
