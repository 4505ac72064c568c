// The squads' devices: each holds its squad's live stream of tasks; on request it also confirms every task, as real
// ones do.
#pragma once

#include <functional>
#include <queue>
#include <string>
#include <string_view>

#include "tests/bench/measure.hpp"
#include "tests/bench/plan.hpp"
#include "tests/bench/wire.hpp"

namespace wangge::bench {

class Devices {
 public:
  using OnTask = std::function<void(std::string_view event)>;
  // `confirming`: how many connections carry the confirmations; 0: none are sent.
  Devices(Wire& wire, Plan const& plan, int confirming, OnTask on_task);
  std::uint64_t unconfirmed() const { return waiting_.size() + asked_.size() - idle_.size(); }
  void print();

 private:
  void confirm(std::string const& token, std::string_view event);
  void send(int connection, std::string const& request);

  Wire& wire_;
  OnTask on_task_;
  std::vector<int> idle_;
  std::map<int, std::int64_t> asked_;  // connection: when
  std::queue<std::string> waiting_;
  std::uint64_t refused_ = 0;
  Samples took_;
};

}  // namespace wangge::bench
