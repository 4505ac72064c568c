// The statistics door: the closure table (CONTRACT 7) and the indicators as JSON, CSV or XLSX. Storage computes it; here stand only the
// The statistics door: the closure table (CONTRACT 7) as JSON, CSV or XLSX; the list of suspicious patterns. Storage computes it; here stand only the
// question's period and the caller's scope.
#pragma once

#include "gateways/console/reads.hpp"
#include "gateways/http/http.hpp"

namespace wangge::console {

class StatisticsDoor {
 public:
  explicit StatisticsDoor(Reads& reads) : reads_(reads) {}
  void closure(http::Request request, http::Reply reply);
  void indicators(http::Request request, http::Reply reply);  // beside the period before and a year ago
  // Suspicious patterns of a period, each with its cases and the switches they depend on.
  void suspicions(http::Request request, http::Reply reply);

 private:
  Reads& reads_;
};

}  // namespace wangge::console
