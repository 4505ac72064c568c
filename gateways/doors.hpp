// What a door is handed: the road in, and a few hands for work that must not block. Abstract, so that a test puts fakes
// behind the real server. Plain core types; the database stays behind gateways/console/reads.hpp.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "gateways/http/http.hpp"
#include "gateways/link/link.hpp"

namespace wangge::doors {

// The link as doors see it. Every callback comes exactly once, on any thread, and must not block there.
class Road {
 public:
  virtual ~Road() = default;
  virtual void submit(core::Report report, std::chrono::milliseconds wait,
                      std::function<void(link::ReportOutcome)> done) = 0;
  virtual void ask(core::Command command, std::function<void(link::CommandOutcome)> done) = 0;
  virtual void received(core::Principal who, std::string task_id, std::int64_t epoch, core::Instant at,
                        std::function<void(link::CommandOutcome)> done) = 0;
  virtual std::shared_ptr<link::Reference const> reference() const = 0;
  virtual void find_report(std::string report_id, std::function<void(std::optional<link::Link::Known>)> done) = 0;
  virtual link::Health health() const = 0;
};

// What is asked of the world is away for now; the caller should try again. Doors answer 503.
struct Away : std::runtime_error {
  using runtime_error::runtime_error;
};

// Who may look at cases at all; which ones, the scope says.
std::span<core::Role const> case_readers();
bool may_read_cases(core::Role role);

// A few threads for reads that follow an answer of the link. Bounded: post() is false when full.
class Crew {
 public:
  Crew(int threads, std::size_t limit);
  ~Crew();  // finishes what it has begun; whoever still waits gets 500
  bool post(std::function<void()> work);

 private:
  void run();
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<std::function<void()>> queue_;
  std::size_t limit_;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace wangge::doors
