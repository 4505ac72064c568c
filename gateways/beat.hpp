// The heartbeat of live streams (CONTRACT 6): a comment every so often, from a thread that does nothing else. A query that
// hangs must not make a line look dead.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "gateways/http/http.hpp"

namespace wangge::doors {

class Beat {
 public:
  explicit Beat(std::chrono::milliseconds every) : every_(every) {}
  ~Beat() { stop(); }
  void start();
  void stop();
  void add(std::shared_ptr<http::Stream> const& stream);  // until it is closed or dropped by its owner

 private:
  void run();
  std::chrono::milliseconds every_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool stopping_ = false;
  std::vector<std::weak_ptr<http::Stream>> streams_;
  std::thread thread_;
};

}  // namespace wangge::doors
