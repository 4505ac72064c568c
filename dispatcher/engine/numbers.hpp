// Case numbers of one district: taken from blocks that the store reserves under the fence. Gaps allowed, repeats never.
#pragma once

#include <map>

#include "dispatcher/core/city.hpp"
#include "storage/store.hpp"

namespace wangge::engine {

class CaseNumbers {
 public:
  // block: how many are reserved at once, and so the most that a restart leaves out.
  CaseNumbers(std::string district, storage::Store& store, std::int64_t block)
      : district_(std::move(district)), store_(store), block_(block) {}
  void begin(std::int64_t epoch) {
    epoch_ = epoch;
    blocks_.clear();
  }
  // District 6 + local date 8 of `opened_at` + number of that day, at least 5 digits (CONTRACT 4).
  std::string next(core::City const& city, core::Instant opened_at);

 private:
  struct Block {
    std::int64_t next = 0, end = 0;
  };
  std::string district_;
  storage::Store& store_;
  std::int64_t block_;
  std::int64_t epoch_ = 0;
  std::map<std::string, Block> blocks_;  // by local day, "20261124"
};

}  // namespace wangge::engine
