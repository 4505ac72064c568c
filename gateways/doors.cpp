// The hands shared by the doors: a small bounded crew.
#include "gateways/doors.hpp"

#include <algorithm>
#include <array>

#include <spdlog/spdlog.h>

namespace wangge::doors {
namespace {

using core::Role;

constexpr std::array kCaseReaders{
    Role::patroller,   Role::patrol_lead, Role::hotline_agent, Role::acceptor, Role::shift_leader,
    Role::dispatch_officer, Role::unit_clerk, Role::unit_head, Role::squad_leader, Role::disposer,
    Role::coordinator, Role::evaluator,   Role::inspector,     Role::leader,   Role::auditor};

}  // namespace

std::span<Role const> case_readers() { return kCaseReaders; }

bool may_read_cases(Role role) { return std::find(kCaseReaders.begin(), kCaseReaders.end(), role) != kCaseReaders.end(); }

Crew::Crew(int threads, std::size_t limit) : limit_(limit) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
}

Crew::~Crew() {
  std::deque<std::function<void()>> dropped;  // destroyed outside the lock: a dropped reply answers
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(queue_);
  }
  ready_.notify_all();
  for (auto& thread : threads_) thread.join();
}

bool Crew::post(std::function<void()> work) {
  {
    std::lock_guard lock(mutex_);
    if (stopping_ || queue_.size() >= limit_) return false;
    queue_.push_back(std::move(work));
  }
  ready_.notify_one();
  return true;
}

void Crew::run() {
  for (;;) {
    std::function<void()> work;
    {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [this] { return stopping_ || !queue_.empty(); });
      if (queue_.empty()) return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    try {
      work();
    } catch (std::exception const& e) {  // its reply, dropped with it, answers 500
      spdlog::error("work behind a door failed: {}", e.what());
    }
  }
}

}  // namespace wangge::doors
