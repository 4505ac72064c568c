// What everybody may see without signing in: filed cases of the last days with class, rounded place, where they stand
// and days; as a list, by number, as a table. Closed unless the city opens it (DECISIONS 116).
#pragma once

#include <atomic>
#include <mutex>

#include "gateways/console/map_options.hpp"
#include "gateways/http/http.hpp"
#include "storage/kept.hpp"
#include "storage/map_model.hpp"

namespace wangge::console {

// So many at once, and so many a second.
class Bucket {
 public:
  Bucket(double most, double a_second) : most_(most), rate_(a_second), left_(most) {}
  bool take(std::chrono::steady_clock::time_point now);

 private:
  std::mutex mutex_;
  double most_, rate_, left_;
  std::chrono::steady_clock::time_point last_{};
};

class PublicDoor {
 public:
  PublicDoor(storage::MapModel& model, PublicOptions options) : model_(model), options_(std::move(options)) {}
  void about(http::Request request, http::Reply reply);
  void cases(http::Request request, http::Reply reply);
  void one(http::Request request, http::Reply reply);
  void table(http::Request request, http::Reply reply);
  void streets(http::Request request, http::Reply reply);

 private:
  template <class Ask>
  void answer(http::Request const& request, http::Reply const& reply, Bucket& bucket, std::string const& type,
              std::chrono::seconds life, Ask&& ask);
  storage::PublicFilter filter(http::Request const& request, core::Instant now) const;

  storage::MapModel& model_;
  PublicOptions options_;
  Bucket questions_{40, 8}, tables_{2, 0.1};  // of what is not known already
  std::atomic<int> asking_{0};
  storage::Kept kept_{24u << 20};
};

}  // namespace wangge::console
