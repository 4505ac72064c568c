// What is wrong with a set of rules before a case meets it: rules that can never answer, that stand in another's shadow
// or dispute with it; overlaps and gaps of the responsibility list (items for the coordination desk, RULINGS 17); rings
// of parents. Pure; the same findings are shown by `wangge load`, `wangge rules check` and GET /coordination.
#pragma once

#include "dispatcher/core/city.hpp"

namespace wangge::core {

struct Finding {
  // never: can never answer (again) · shadowed: another answers whenever it would · disputed: names another answer for
  // the same cases · overlap, gap: of the responsibility list
  std::string kind;
  std::string rule, other;  // ids; of a gap the category
  std::string zh, en;
  bool operator==(Finding const&) const = default;
};

std::vector<Finding> check_rules(City const& city, LocalDay today);
// streets: the district's, by their nine digits.
std::vector<Finding> check_list(City const& city, LocalDay today, std::vector<std::string> const& streets);

// The keys of a ring of parents ("a", "b", "a"), or nothing.
std::vector<std::string> ring_of(std::map<std::string, std::string> const& parent_of);

}  // namespace wangge::core
