// See gap.hpp.
#include "storage/gap.hpp"

#include <algorithm>

#include "storage/pg.hpp"
#include "storage/queries.hpp"

namespace wangge::storage {
namespace {

constexpr std::size_t kAtOnce = 5000;

}  // namespace

std::vector<LostStep> lost_steps(std::string const& url, std::vector<KnownStep> const& steps) {
  std::vector<LostStep> lost;
  if (steps.empty()) return lost;
  pg::Session session(url, pg::Session::Use::batch);
  for (std::size_t from = 0; from < steps.size(); from += kAtOnce) {
    pg::Column numbers, commands;
    for (std::size_t i = from; i < std::min(from + kAtOnce, steps.size()); ++i) {
      numbers.add(steps[i].case_no);
      commands.add(steps[i].command_id);
    }
    for (auto const& row : session.run(queries::history_missing, pg::Params().array(numbers).array(commands)))
      lost.push_back({pg::text(row[0]), pg::text(row[1]), row[2].as<std::int64_t>()});
  }
  return lost;
}

}  // namespace wangge::storage
