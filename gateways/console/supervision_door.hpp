// The supervisors' door: requests that wait for a word, orders from above that are not settled, and who looked at a suspicious
// pattern. What is decided goes the ordinary way, as an action on the case.
#pragma once

#include "gateways/http/http.hpp"
#include "storage/rule_model.hpp"
#include "storage/supervision_model.hpp"

namespace wangge::console {

// The kinds of request (core::kRequestKinds) that this role decides, by the lifecycle's own rows.
std::vector<std::string> decided_by(core::Role role);

class SupervisionDoor {
 public:
  SupervisionDoor(storage::SupervisionModel& model, storage::RuleModel& rules) : model_(model), rules_(rules) {}
  void requests(http::Request request, http::Reply reply);
  void orders(http::Request request, http::Reply reply);
  void looks(http::Request request, http::Reply reply);
  void look(http::Request request, http::Reply reply);

 private:
  storage::SupervisionModel& model_;
  storage::RuleModel& rules_;
};

}  // namespace wangge::console
