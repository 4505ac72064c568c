#include "gateways/console/presence.hpp"

#include <spdlog/spdlog.h>

namespace wangge::console {
namespace {

constexpr std::chrono::milliseconds kSoon{200};  // a burst of heartbeats is one look

}  // namespace

PresenceBoard::~PresenceBoard() { stop(); }

void PresenceBoard::start() {
  thread_ = std::thread([this] { run(); });
}

void PresenceBoard::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

void PresenceBoard::wake() {
  {
    std::lock_guard lock(mutex_);
    changed_ = true;
  }
  woken_.notify_all();
}

void PresenceBoard::run() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    woken_.wait_for(lock, every_, [this] { return stopping_ || changed_; });
    if (stopping_) return;
    if (changed_) woken_.wait_for(lock, kSoon, [this] { return stopping_; });
    changed_ = false;
    lock.unlock();
    for (auto const& district : hints_.districts()) look(district);
    lock.lock();
  }
}

void PresenceBoard::look(std::string const& district) {
  try {
    std::map<std::string, std::string> now;
    for (auto& one : records_.looked(district, "")) now.emplace(std::move(one.case_no), std::move(one.json));
    auto& before = told_[district];
    for (auto const& [case_no, json] : now) {
      auto const it = before.find(case_no);
      if (it == before.end() || it->second != json) hints_.tell(district, "presence", json);
    }
    for (auto const& [case_no, json] : before)
      if (!now.contains(case_no)) hints_.tell(district, "presence", "{\"case_no\":\"" + case_no + "\",\"people\":[],\"lease\":null}");
    before = std::move(now);
    away_ = false;
  } catch (std::exception const& e) {  // a courtesy: without the database nobody sees who else looks
    if (!away_) spdlog::warn("who looks at which case waits for the database: {}", e.what());
    away_ = true;
  }
}

}  // namespace wangge::console
