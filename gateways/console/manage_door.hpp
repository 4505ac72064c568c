// The managing door: parts of the standing data as tables; a change is tried first, told as what it would do, and then takes effect
// whole. Who may publish which part stands in a table of the source. And emergency plans, switched on and back with a reason.
#pragma once

#include "gateways/console/standing_desk.hpp"
#include "gateways/http/http.hpp"

namespace wangge::console {

// Who reads parts, and who publishes at least one of them.
std::vector<core::Role> part_readers();
std::vector<core::Role> part_makers();

class ManageDoor {
 public:
  explicit ManageDoor(StandingDesk* desk) : desk_(desk) {}  // none: 501, this gateway has no such desk
  void part(http::Request request, http::Reply reply);      // its tables, also as CSV or workbook
  void unpack(http::Request request, http::Reply reply);    // a file as tables; nothing is changed
  void check(http::Request request, http::Reply reply);
  void publish(http::Request request, http::Reply reply);
  void switch_plan(http::Request request, http::Reply reply);

 private:
  void put(http::Request request, http::Reply reply, bool dry_run);
  StandingDesk* desk_;
};

}  // namespace wangge::console
