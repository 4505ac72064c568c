// The hotline orders' door (RULINGS 18): they come in here, are listed and read, and what people do with them travels
// to the dispatcher as an action on a case does.
#pragma once

#include "gateways/console/attempts.hpp"
#include "gateways/doors.hpp"
#include "storage/hotline_model.hpp"

namespace wangge::console {

class HotlineDoor {
 public:
  HotlineDoor(doors::Road& road, storage::HotlineModel& model, doors::Crew& crew, Attempts& attempts)
      : road_(road), model_(model), crew_(crew), attempts_(attempts) {}
  void post(http::Request request, http::Reply reply);  // an order comes in; the same number again is the same order
  void list(http::Request request, http::Reply reply);
  void get(http::Request request, http::Reply reply);
  void unmask(http::Request request, http::Reply reply);  // the caller's name and phone whole, for a reason
  void history(http::Request request, http::Reply reply);
  void act(http::Request request, http::Reply reply);

 private:
  void ask(core::Command command, std::string lang, http::Reply reply);
  http::Response after(core::Command const& command, std::string const& lang, link::CommandOutcome const& outcome);
  doors::Road& road_;
  storage::HotlineModel& model_;
  doors::Crew& crew_;
  Attempts& attempts_;
};

}  // namespace wangge::console
