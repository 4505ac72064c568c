// Fetches pictures of somebody else's server (a base map) by whole addresses, over a few kept connections. Thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "gateways/console/map_options.hpp"

namespace wangge::deploy {

class PictureClient {
 public:
  explicit PictureClient(std::chrono::milliseconds timeout);
  // Throws std::runtime_error: no answer in time, or one that is not 200.
  console::Picture operator()(std::string const& url) const;

 private:
  struct Lines;  // idle connections by host
  std::shared_ptr<Lines> lines_;
};

}  // namespace wangge::deploy
