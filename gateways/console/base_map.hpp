// The city's base map through our own door: fetched with the city's key, kept in bounded memory and never on the disc,
// and left alone for a while when it does not answer.
#pragma once

#include <atomic>
#include <optional>

#include "gateways/console/map_options.hpp"
#include "storage/kept.hpp"
#include "storage/map_model.hpp"

namespace wangge::console {

class BaseMap {
 public:
  explicit BaseMap(BaseMapOptions options);
  bool there() const { return !options_.url.empty() && options_.fetch; }
  BaseMapOptions const& options() const { return options_; }
  // nullopt: it is away, or what came is no picture. The reason is in the log, without the key.
  std::optional<Picture> tile(storage::TileAt at);
  std::string address(storage::TileAt at) const;  // with the key: not for logs

 private:
  BaseMapOptions options_;
  storage::Kept kept_;
  std::atomic<int> fetching_{0};
  std::atomic<std::chrono::steady_clock::time_point> next_try_{};
};

}  // namespace wangge::console
