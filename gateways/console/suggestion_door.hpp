// Whom the rules would send a case to now, before anybody sends it: the squad with its reason, and how busy and how far
// the unit's squads are. A look, no step: dispatching without a name does exactly this, at its own moment.
#pragma once

#include "gateways/console/reads.hpp"
#include "gateways/http/http.hpp"
#include "storage/rule_model.hpp"

namespace wangge::console {

class SuggestionDoor {
 public:
  SuggestionDoor(Reads& reads, storage::RuleModel& rules) : reads_(reads), rules_(rules) {}
  void get(http::Request request, http::Reply reply);

 private:
  Reads& reads_;
  storage::RuleModel& rules_;
};

inline constexpr std::size_t kSquadsShown = 20;

}  // namespace wangge::console
