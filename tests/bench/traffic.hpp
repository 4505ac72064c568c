// Reports sent and followed until their task appears on the squad's stream. Two ways of sending:
// closed - always so many in flight, as fast as the system lets; paced - a Poisson stream of a given rate that does not
// wait for anybody, with every latency counted from the moment a report was due to be sent.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "tests/bench/devices.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/plan.hpp"
#include "tests/bench/reports.hpp"
#include "tests/bench/wire.hpp"

namespace wangge::bench {

struct TrafficOptions {
  std::uint16_t port = 0;
  std::uint32_t run = 0;  // makes the words of this run its own
  double seconds = 10, rate = 0;
  int connections = 512;
  int async_of_ten = 0;  // how many of ten reports ask for 202 at once
  bool tasks = false;    // hold the squads' streams
  int confirming = 0;    // connections that confirm received tasks
};

class Traffic {
 public:
  Traffic(Plan const& plan, TrafficOptions options);
  void closed();
  void paced();
  void print();

 private:
  struct Journey {
    std::int64_t due = 0, answered = 0, tasked = 0;
    int status = 0;
  };
  void begin();
  void drain();
  void send(int connection, std::uint32_t n);
  void on_answer(int connection, Answer const& answer);
  void on_task(std::string_view event);
  bool async(std::uint32_t n) const { return static_cast<int>(n % 10) < options_.async_of_ten; }
  bool settled() const;

  TrafficOptions options_;
  Wire wire_;
  ReportMaker maker_;
  std::unique_ptr<Devices> devices_;
  std::vector<Journey> journeys_;
  std::vector<std::uint32_t> carries_;  // by connection: the report it waits for
  std::vector<int> idle_;
  std::deque<std::uint32_t> waiting_;  // due, but every connection is busy
  std::int64_t start_ = 0, end_ = 0, drained_ = 0;
  std::size_t in_flight_ = 0, accepted_ = 0, tasked_ = 0;
  bool refill_ = false;
  Samples late_;  // the generator's own: sent after it was due although a connection was idle
};

}  // namespace wangge::bench
