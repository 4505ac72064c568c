// The rules' door: what routes cases, a dry run of changed rules, the coordination desk's queue, accuracy of dispatch;
// and what stands beside them: the responsibility list, areas, campaigns, plans, versions, closing conditions,
// components near.
#pragma once

#include "gateways/http/http.hpp"
#include "storage/rule_model.hpp"

namespace wangge::console {

class RulesDoor {
 public:
  explicit RulesDoor(storage::RuleModel& model) : model_(model) {}
  void rules(http::Request request, http::Reply reply);
  void dry_run(http::Request request, http::Reply reply);
  void findings(http::Request request, http::Reply reply);
  void coordination(http::Request request, http::Reply reply);
  void accuracy(http::Request request, http::Reply reply);
  void responsibilities(http::Request request, http::Reply reply);
  void areas(http::Request request, http::Reply reply);
  void campaigns(http::Request request, http::Reply reply);
  void plans(http::Request request, http::Reply reply);
  void versions(http::Request request, http::Reply reply);
  void closing_conditions(http::Request request, http::Reply reply);
  void components_near(http::Request request, http::Reply reply);

 private:
  storage::RuleModel& model_;
};

}  // namespace wangge::console
