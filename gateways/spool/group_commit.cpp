// See group_commit.hpp.
#include "gateways/spool/group_commit.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace wangge::spool {
namespace {

std::size_t weight(Record const& r) {
  return sizeof(Record) + r.payload.size() + r.report_id.size() + r.principal.size() + r.key.size() + r.body_hash.size();
}

}  // namespace

GroupCommit::GroupCommit(Store& store, std::size_t max_waiting, std::size_t max_waiting_bytes, std::size_t max_group)
    : store_(store), max_waiting_(max_waiting), max_waiting_bytes_(max_waiting_bytes), max_group_(std::max<std::size_t>(max_group, 1)),
      thread_([this] { run(); }) {}

GroupCommit::~GroupCommit() { stop(); }

void GroupCommit::append(Record record, Done done) {
  Result refused;
  {
    std::lock_guard const lock(mutex_);
    std::size_t const bytes = weight(record);
    if (stopping_) {
      refused.words = "the gateway is stopping";
    } else if (waiting_.size() >= max_waiting_ || waiting_bytes_ + bytes > max_waiting_bytes_) {
      refused.kind = Result::Kind::overloaded;
    } else {
      waiting_bytes_ += bytes;
      waiting_.push_back({std::move(record), std::move(done)});
      if (waiting_.size() == 1) wake_.notify_one();
      return;
    }
  }
  done(std::move(refused));
}

bool GroupCommit::with_store(Job job, Failed failed) {
  std::lock_guard const lock(mutex_);
  if (stopping_) return false;
  jobs_.emplace_back(std::move(job), std::move(failed));
  wake_.notify_one();
  return true;
}

void GroupCommit::stop() {
  {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
    wake_.notify_one();
  }
  if (thread_.joinable() && thread_.get_id() != std::this_thread::get_id()) thread_.join();
}

std::string GroupCommit::trouble() const {
  std::lock_guard const lock(mutex_);
  return trouble_;
}

void GroupCommit::remember(std::string words) {
  std::lock_guard const lock(mutex_);
  trouble_ = std::move(words);
}

void GroupCommit::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stopping_ || !waiting_.empty() || !jobs_.empty(); });
    if (waiting_.empty() && jobs_.empty()) return;
    std::vector<Waiting> group;
    auto const end = waiting_.begin() + static_cast<std::ptrdiff_t>(std::min(waiting_.size(), max_group_));
    group.assign(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
    waiting_.erase(waiting_.begin(), end);
    for (auto const& one : group) waiting_bytes_ -= weight(one.record);
    auto const jobs = std::exchange(jobs_, {});
    lock.unlock();
    if (!group.empty()) flush(std::move(group));
    for (auto const& [job, failed] : jobs) {
      std::string words;
      try {
        job(store_);
        continue;
      } catch (Damaged const& damage) {
        broken_ = true;
        words = damage.what();
      } catch (std::exception const& failure) {
        words = failure.what();
      }
      remember(words);
      if (failed) failed(words);
    }
    lock.lock();
  }
}

void GroupCommit::flush(std::vector<Waiting> group) {
  std::vector<Record> records;
  records.reserve(group.size());
  for (auto& one : group) records.push_back(std::move(one.record));
  std::vector<Store::Appended> appended;
  Result refused;
  try {
    appended = store_.append(std::move(records));
  } catch (Full const& full) {
    refused = {Result::Kind::full, {}, full.what()};
  } catch (Damaged const& damage) {
    refused = {Result::Kind::broken, {}, damage.what()};
    broken_ = true;
  } catch (std::exception const& failure) {
    refused = {Result::Kind::broken, {}, failure.what()};
  }
  if (!refused.words.empty()) remember(refused.words);
  for (std::size_t i = 0; i < group.size(); ++i) {
    group[i].done(i < appended.size() ? Result{Result::Kind::appended, std::move(appended[i]), {}} : refused);
  }
}

}  // namespace wangge::spool
