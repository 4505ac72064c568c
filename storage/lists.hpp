// The cases behind the numbers of a month that is over (DECISIONS 160): which case stands in which row and column of
// its table, kept as sets of places in the month's list of cases. A page intersects some sets and asks the rule itself
// (parts/closure_cells.sql) about the few cases it found; what was written into the month since is asked about as well.
// A month without lists is computed as a whole.
#pragma once

#include <functional>
#include <optional>

#include "storage/figures.hpp"
#include "storage/read_model.hpp"

namespace wangge::storage {

struct Listed {
  std::int64_t cases = 0, sets = 0;
};
// Lists the local month (year x 12 + month - 1) as it is read at its T, while writers go on; nullopt: it is not over,
// its months are not kept, or somebody lists one just now. Throws Broken.
std::optional<Listed> list_month(std::string const& url, std::string const& district, std::int32_t month,
                                 core::Instant now);

namespace pg {
class Session;
}
// For storage/*.cpp. The newest month that wants lists: it has none, its T moved, or too much was written into it
// since.
std::optional<std::int32_t> wants_lists(pg::Session& s, std::string const& district, core::Instant now);
// Does it count otherwise than before in a month that is listed? `before`: nullptr for a new case.
bool counts_otherwise(FigureCase const* before, FigureCase const& after, core::Months const& months,
                      std::int32_t listed);
// The page behind a number; nullopt: this month, instant or number has no lists.
std::optional<Page> list_page(pg::Session& s, core::City const& city, ClosureRequest const& request,
                              CaseFilter const& filter, std::string const& after);

}  // namespace wangge::storage
