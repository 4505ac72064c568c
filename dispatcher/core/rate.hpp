// What a rate divides by in a row.
#pragma once

#include "dispatcher/core/indicators.hpp"

namespace wangge::core {

// The id of the count. Of "a|b" b where the row is a person's or a post's, known by having no columns of the closure table;
// "" where nothing is divided.
std::string_view denominator_of(Indicator const& indicator, Counts const& counts);

}  // namespace wangge::core
