#include "gateways/audit_trail.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

namespace wangge::doors {
namespace {

constexpr std::size_t kTextMost = 512;

// Cut between characters.
std::string shortened(std::string_view text) {
  if (text.size() <= kTextMost) return std::string(text);
  std::size_t end = kTextMost;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace

void AuditTrail::start() {
  thread_ = std::thread([this] { run(); });
}

void AuditTrail::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool AuditTrail::seen_lately(std::string const& key, core::Instant at) {
  if (at - swept_ > options_.once_in) {
    std::erase_if(seen_, [&](auto const& entry) { return at - entry.second >= options_.once_in; });
    swept_ = at;
  }
  auto const [entry, fresh] = seen_.emplace(key, at);
  if (fresh) return false;
  if (at - entry->second < options_.once_in) return true;
  entry->second = at;
  return false;
}

void AuditTrail::note(http::Noted const& n) {
  storage::Deed deed{n.who.district, n.who.name, std::string(core::id(n.who.role)), std::string(n.audit_class),
                     shortened(std::string(n.method) + ' ' + std::string(n.path)), shortened(n.query)};
  {
    std::lock_guard lock(mutex_);
    bool const read = n.audit_class == "read";
    if (read && seen_lately(deed.district + '\n' + deed.actor + '\n' + deed.role + '\n' + deed.subject + '\n' + deed.detail, n.at)) return;
  }
  add(std::move(deed), n.at);
}

void AuditTrail::add(storage::Deed deed, core::Instant at) {
  {
    std::lock_guard lock(mutex_);
    if (waiting_.size() + in_hand_ >= options_.most) {
      if (lost_++ == 0) spdlog::error("the audit log cannot keep up: deeds are lost, see wangge_audit_lost_total");
      return;
    }
    waiting_.push_back({std::move(deed), at});
  }
  woken_.notify_one();
}

AuditTrail::Counts AuditTrail::counts() const {
  std::lock_guard lock(mutex_);
  return {waiting_.size() + in_hand_, written_, lost_};
}

void AuditTrail::run() {
  bool away = false;
  std::unique_lock lock(mutex_);
  for (;;) {
    woken_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
    if (waiting_.empty() || (stopping_ && away)) break;
    Group group;
    while (!waiting_.empty() && group.size() < options_.group) {
      group.push_back(std::move(waiting_.front()));
      waiting_.pop_front();
    }
    in_hand_ = group.size();
    lock.unlock();
    bool const done = put(group);
    if (!done && !away) spdlog::warn("the audit log waits for the database");
    away = !done;
    lock.lock();
    if (!done) {
      waiting_.insert(waiting_.begin(), std::make_move_iterator(group.begin()), std::make_move_iterator(group.end()));
      in_hand_ = 0;
      woken_.wait_for(lock, options_.pause, [this] { return stopping_; });
      continue;
    }
    written_ += std::exchange(in_hand_, 0);
  }
  if (!waiting_.empty()) spdlog::error("{} deeds were not written to the audit log before the end", waiting_.size());
}

// One that no database can hold must not keep the others out: then each goes alone, and that one is lost.
bool AuditTrail::put(Group const& group) {
  try {
    write_(group);
    return true;
  } catch (storage::Poison const& e) {
    if (group.size() == 1) {
      spdlog::error("a deed could not be stored in the audit log: {}", e.what());
      std::lock_guard lock(mutex_);
      ++lost_;
      --in_hand_;
      return true;
    }
  } catch (std::exception const&) {
    return false;
  }
  bool all = true;
  for (auto const& one : group) all = put({one}) && all;
  return all;
}

}  // namespace wangge::doors
