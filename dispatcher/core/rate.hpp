// Which of its two counts an indicator takes in a row.
#pragma once

#include "dispatcher/core/indicators.hpp"

namespace wangge::core {

// Of "a|b" a for rows of places, b for the others; a name without "|" stands for both.
constexpr std::string_view one_of(std::string_view ids, bool other) {
  auto const bar = ids.find('|');
  if (bar == std::string_view::npos) return ids;
  return other ? ids.substr(bar + 1) : ids.substr(0, bar);
}

// The id of the count that a rate divides by; "" where nothing is divided. A row of a person or a post is known by
// having no columns of the closure table.
std::string_view denominator_of(Indicator const& indicator, Counts const& counts);

}  // namespace wangge::core
