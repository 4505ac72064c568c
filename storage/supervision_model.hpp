// What supervisors read across cases: requests that wait for a word, orders from above that are not settled, who looked at a
// suspicious pattern. Writes nothing but such a look, one row. Connects on first use; throws Broken and BadFilter as ReadModel does.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "storage/read_model.hpp"

namespace wangge::storage {

struct OrdersAsked {
  std::string kind;     // one of core::kOrderKinds; "": both
  std::string waiting;  // answer | word; "": both
  bool late = false;    // only those whose day is over without an answer; of settled ones those answered late
  bool settled = false; // those settled by a word on their answer, the newest first, instead of those that wait
  std::string cursor;
  int limit = 50;
};
struct RequestsAsked {
  std::string kind;                // one of core::kRequestKinds; "": all
  std::vector<std::string> yours;  // the kinds the caller decides
  bool mine = false;               // only those
  std::string cursor;
  int limit = 50;
};

inline constexpr std::array<std::string_view, 3> kVerdicts{"looking", "founded", "unfounded"};
struct Look {
  std::string pattern, checker, squad;
  std::string by, at, verdict, note;  // at: RFC 3339, by the database's clock
};

class SupervisionModel {
 public:
  explicit SupervisionModel(std::string const& database_url, int connections = 1, Patience patience = {});
  virtual ~SupervisionModel();  // doors' tests put their own answers in its place

  virtual Page orders(core::Principal const& who, OrdersAsked const& asked);
  virtual Page requests(core::Principal const& who, RequestsAsked const& asked);
  virtual std::vector<Look> looks(std::string const& district, core::Instant from, core::Instant to);
  virtual void look(std::string const& district, core::Instant from, core::Instant to, Look const& look);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace wangge::storage
