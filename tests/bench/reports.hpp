// Requests that file a report, built beforehand: places and categories as the plan has them, and a unique word of fixed
// width that is patched in, once as the idempotency key and once into the description, where a task will show it again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/bench/plan.hpp"

namespace wangge::bench {

class ReportMaker {
 public:
  ReportMaker(Plan const& plan, std::uint32_t run, std::size_t templates = 4096);
  // The request of report n; valid until the next call. `async`: 202 at once instead of waiting for the case number.
  std::string_view make(std::uint32_t n, bool async);
  // The number in a text that holds a word of this run.
  std::optional<std::uint32_t> find(std::string_view text) const;

 private:
  struct Template {
    std::string request;
    std::size_t key, description;  // where the word's number stands
  };
  Template build(Plan const& plan, std::size_t i, bool async) const;

  std::string stem_;  // "bench-RRRRRRRR-"; eight hexadecimal digits of the report follow
  std::vector<Template> async_, waiting_;
};

}  // namespace wangge::bench
