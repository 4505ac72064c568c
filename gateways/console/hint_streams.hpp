// Live hints for consoles: which case of the caller's district changed. May be lost; a screen re-reads after a gap.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "gateways/http/http.hpp"
#include "gateways/link/link.hpp"

namespace wangge::console {

class HintStreams {
 public:
  explicit HintStreams(std::chrono::milliseconds heartbeat = std::chrono::seconds{15});
  ~HintStreams();
  void start();
  void stop();
  void add(core::Principal who, std::shared_ptr<http::Stream> stream);
  void hint(link::Hint const& hint);  // hands over and returns
  std::size_t connected() const;

 private:
  struct Client {
    std::string district;
    std::shared_ptr<http::Stream> stream;
  };
  void run();
  std::chrono::milliseconds heartbeat_;
  mutable std::mutex mutex_;
  std::condition_variable woken_;
  bool stopping_ = false;
  std::vector<Client> clients_;
  std::deque<link::Hint> hints_;
  std::thread thread_;
};

}  // namespace wangge::console
