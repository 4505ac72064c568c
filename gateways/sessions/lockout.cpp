#include "gateways/sessions/lockout.hpp"

#include <algorithm>

namespace wangge::sessions {
namespace {
std::string by_name(std::string const& name) { return "n" + name; }
std::string by_address(std::string const& address) { return "a" + address; }
}  // namespace

core::Millis Lockout::begin(std::string const& name, std::string const& address, core::Instant now) {
  std::lock_guard const lock(mutex_);
  auto const left = std::max(wait(by_name(name), kByName, now), wait(by_address(address), kByAddress, now));
  if (left > core::Millis{0}) return left;
  add(by_name(name), now);
  add(by_address(address), now);
  return core::Millis{0};
}

void Lockout::take_back(std::string const& name, std::string const& address) {
  std::lock_guard const lock(mutex_);
  lower(by_name(name));
  lower(by_address(address));
}

void Lockout::succeeded(std::string const& name, std::string const& address) {
  std::lock_guard const lock(mutex_);
  forget(by_name(name));
  lower(by_address(address));
}

core::Millis Lockout::wait(std::string const& key, LockRule const& rule, core::Instant now) {
  auto const found = counts_.find(key);
  if (found == counts_.end()) return core::Millis{0};
  auto const& count = found->second;
  if (now - count.last >= kForget) {
    forget(key);
    return core::Millis{0};
  }
  if (count.failures < rule.free) return core::Millis{0};
  auto const doublings = std::min(count.failures - rule.free, 20);
  auto const length = std::min(rule.longest, rule.first * (std::int64_t{1} << doublings));
  return std::max(core::Millis{0}, count.last + length - now);
}

void Lockout::add(std::string const& key, core::Instant now) {
  auto const [found, fresh] = counts_.try_emplace(key);
  auto& count = found->second;
  ++count.failures;
  count.last = now;
  if (fresh)
    count.place = order_.insert(order_.end(), key);
  else
    order_.splice(order_.end(), order_, count.place);
  if (counts_.size() > most_) forget(std::string(order_.front()));
}

void Lockout::lower(std::string const& key) {
  auto const found = counts_.find(key);
  if (found != counts_.end() && --found->second.failures <= 0) forget(key);
}

void Lockout::forget(std::string const& key) {
  auto const found = counts_.find(key);
  if (found == counts_.end()) return;
  order_.erase(found->second.place);
  counts_.erase(found);
}

}  // namespace wangge::sessions
