// What a changed calendar would do to deadlines that run: the engine's own question (core::deadline_moved), asked without answering it.
#include "dispatcher/core/decide.hpp"
#include "storage/codec.hpp"
#include "storage/pg.hpp"
#include "storage/queries.hpp"
#include "storage/standing_set.hpp"

namespace wangge::storage::standing {
namespace {
constexpr int kAtOnce = 2000;
}

MovedDeadlines moved_deadlines(std::string const& url, core::City const& city) {
  MovedDeadlines out;
  pg::Session session(url, pg::Session::Use::batch);
  std::optional<std::pair<core::Instant, std::string>> after;
  for (;;) {
    auto params = pg::Params().text(city.district);
    if (after) params.number(after->first.time_since_epoch().count()).text(after->second);
    else params.null().null();
    auto const rows = session.run(queries::cases_running, params.number(kAtOnce));
    for (auto const& row : rows) {
      int at = 0;
      auto const c = read_case(row, at);
      after = {*c.due_at, c.case_no};
      ++out.open;
      if (!core::deadline_moved(city, c)) continue;
      ++out.moved;
      if (out.first.size() >= kMovedShown) continue;
      auto const is = core::deadline_left(city.calendar_of(c.unit), *core::clock_from(c.clock), *c.run_from, core::Millis{*c.run_left_ms},
                                          std::chrono::minutes{c.limit_minutes});
      out.first.push_back({c.case_no, c.unit, *c.due_at, is.due});
    }
    if (rows.size() < static_cast<pqxx::result::size_type>(kAtOnce)) return out;
  }
}

}  // namespace wangge::storage::standing
