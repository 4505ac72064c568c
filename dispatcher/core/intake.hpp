// Inside the core: what a place and a category mean for a case; used by reports and by `amend`.
#pragma once

#include "dispatcher/core/decide.hpp"

namespace wangge::core {

// Cell, street and community of the place; the lowest cell code on a shared edge; none: unusable.
void settle_place(Case& c, Place const& place);
// Twin candidates, each case once, in order (RULINGS 12).
void settle_twins(Case& c, std::vector<Neighbour> const& neighbours);

}  // namespace wangge::core
