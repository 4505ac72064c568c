// What a restore or a fail-over took away: steps that people were told are done, and of which the database knows nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace wangge::storage {

struct KnownStep {
  std::string case_no, command_id;
};
struct LostStep {
  std::string case_no, command_id;
  std::int64_t version_here = 0;  // of the case; 0: the case is not there (yet)
};
// Those of `steps` that no history row carries. Throws Broken.
std::vector<LostStep> lost_steps(std::string const& url, std::vector<KnownStep> const& steps);

}  // namespace wangge::storage
