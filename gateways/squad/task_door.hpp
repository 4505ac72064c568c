// The task door for squads and patrollers (CONTRACT 6): the open tasks, their live stream, and the device's word that it
// has one. Received is transport: it never signs for a person.
#pragma once

#include "gateways/console/reads.hpp"
#include "gateways/doors.hpp"
#include "gateways/squad/task_streams.hpp"

namespace wangge::squad {

class TaskDoor {
 public:
  TaskDoor(doors::Road& road, console::Reads& reads, TaskStreams& streams)
      : road_(road), reads_(reads), streams_(streams) {}
  void list(http::Request request, http::Reply reply);
  void stream(http::Request request, std::shared_ptr<http::Stream> stream);
  void received(http::Request request, http::Reply reply);

 private:
  doors::Road& road_;
  console::Reads& reads_;
  TaskStreams& streams_;
};

}  // namespace wangge::squad
