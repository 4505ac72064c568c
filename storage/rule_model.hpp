// What people read of the rules: the city as it decides, past cases to try changed rules on, the coordination desk's
// queue, accuracy of dispatch, versions of every part. Never writes. Connects on first use; throws Broken as ReadModel
// does.
#pragma once

#include <memory>

#include "dispatcher/core/rule_trial.hpp"
#include "storage/read_model.hpp"

namespace wangge::storage {

class RuleModel {
 public:
  explicit RuleModel(std::string const& database_url, int connections = 1, Patience patience = {});
  virtual ~RuleModel();  // doors' tests put their own answers in its place

  // Read again only when its version moved. Throws std::runtime_error when the district is not loaded.
  virtual std::shared_ptr<core::City const> city(std::string const& district);
  virtual std::vector<std::string> streets(std::string const& district);
  // Cases filed of those opened in [from, to), the oldest first; `more`: there are others beyond `limit`.
  struct Past {
    std::vector<core::PastCase> cases;
    bool more = false;
  };
  virtual Past past_cases(std::string const& district, core::Instant from, core::Instant to, int limit);
  // Accuracy of dispatch, counted from returns (准确派遣): a dispatch that came back by an approved return was wrong.
  struct Accuracy {
    std::string key;
    std::int64_t dispatched = 0, returned = 0;
  };
  // by: officer | unit | rule. Dispatches made in [from, to).
  virtual std::vector<Accuracy> accuracy(std::string const& district, core::Instant from, core::Instant to,
                                         std::string const& by);
  virtual Page desk(core::Principal const& who, std::string const& cursor, int limit);
  virtual Page versions(std::string const& district, std::string const& cursor, int limit);
  virtual Page areas(std::string const& district, std::string const& cursor, int limit);
  virtual Page responsibilities(std::string const& district, std::string const& cursor, int limit);
  virtual Page closing_conditions(std::string const& district, std::string const& cursor, int limit);
  virtual Page campaigns(std::string const& district, std::string const& cursor, int limit);
  virtual Page plans(std::string const& district, std::string const& cursor, int limit);
  // JSON array of components within `metres`, the nearest first, at most `limit`; of one code when it is named.
  virtual std::string components_near(std::string const& district, double lon, double lat, double metres,
                                      std::string const& code, int limit);
  // What routing asks the database now: who looks after a component ("": of none), and how busy every squad is.
  struct RouteFacts {
    std::optional<core::ComponentFact> component;
    core::SquadLoads loads;
  };
  virtual RouteFacts route_facts(std::string const& district, std::string const& component_id);
  // A category as the catalogue of that version had it, JSON; "" when it had none.
  virtual std::string category_at(std::string const& district, std::int64_t version, core::CategoryKey const& key);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wangge::storage
