// The report door: POST /reports and the caller's own reports. A report leaves here durable or refused; nothing else.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "gateways/doors.hpp"

namespace wangge::patrol {

class ReportDoor {
 public:
  struct Committed {
    std::string case_no, case_state;
    bool place_unusable = false;
  };
  // The caller's own report as the truth has it; throws doors::Away while that is out of reach.
  using FindCommitted = std::function<std::optional<Committed>(core::Principal const&, std::string const& report_id)>;

  ReportDoor(doors::Road& road, doors::Crew& crew, std::chrono::milliseconds answer_wait, FindCommitted find_committed)
      : road_(road), crew_(crew), answer_wait_(answer_wait), find_committed_(std::move(find_committed)) {}

  void post(http::Request request, http::Reply reply);
  void get(http::Request request, http::Reply reply);

 private:
  doors::Road& road_;
  doors::Crew& crew_;
  std::chrono::milliseconds answer_wait_;
  FindCommitted find_committed_;
};

}  // namespace wangge::patrol
