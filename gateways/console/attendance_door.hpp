// On and off duty, the roster's cells, roll-calls and their answers, visits to the points of campaigns. What people say
// of themselves is written by storage's Attendance, row by row; no case moves by it.
#pragma once

#include "gateways/http/http.hpp"
#include "gateways/squad/task_streams.hpp"
#include "storage/attendance.hpp"

namespace wangge::console {

class AttendanceDoor {
 public:
  AttendanceDoor(storage::Attendance& attendance, squad::TaskStreams& streams)
      : attendance_(attendance), streams_(streams) {}
  void on(http::Request request, http::Reply reply) { mark(request, reply, true); }
  void off(http::Request request, http::Reply reply) { mark(request, reply, false); }
  void people(http::Request request, http::Reply reply);
  void marks(http::Request request, http::Reply reply);
  void cells(http::Request request, http::Reply reply);
  void coverage(http::Request request, http::Reply reply);
  void walked(http::Request request, http::Reply reply);
  void call(http::Request request, http::Reply reply);
  void calls(http::Request request, http::Reply reply);
  void answer(http::Request request, http::Reply reply);
  void points(http::Request request, http::Reply reply);
  void visit(http::Request request, http::Reply reply);

 private:
  void mark(http::Request const& request, http::Reply const& reply, bool on);
  storage::Attendance& attendance_;
  squad::TaskStreams& streams_;
};

inline constexpr std::size_t kCalledMost = 200, kNoteMost = 400, kNameMost = 64;
inline constexpr std::size_t kCheckedMost = 100, kVisitPhotosMost = 9, kPointKeyMost = 64;
inline constexpr int kWithinMost = 60;  // minutes a roll-call may give

}  // namespace wangge::console
