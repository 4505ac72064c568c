// Batches as the engine would make them: rows with their changes, spans and tasks that fit.
#pragma once

#include <functional>

#include "storage/store.hpp"

namespace wangge::tests {

core::Instant at(std::int64_t minutes);  // minutes after 2026-11-02 08:00 in Jining
std::string number(int n);               // the n-th case_no of that day

// A case under way: each step adds its row (with changes and span), tasks are added by hand.
class Life {
 public:
  explicit Life(int n, core::Instant origin = at(0));  // reported at its origin
  Life& step(std::string const& action, core::State to, core::Instant when, std::function<void(core::Case&)> change = {});
  // Accepted, filed, dispatched at minute 1; due at minute 61 unless said otherwise.
  Life& dispatched(std::string const& squad = "S1", std::optional<core::Instant> due = std::nullopt, std::string const& unit = "U1");
  // The newest span change counts from `asked`, with `due` in force from there on (kNever: stood still).
  Life& counts_from(core::Instant asked, core::Instant due);
  Life& give(std::string const& squad, std::int64_t epoch = 1, std::string const& taken_from = "");
  Life& end_task(bool withdrawn, std::int64_t epoch = 1);
  Life& hand_over(core::Instant when);                       // signed, disposed, confirmed
  Life& fail(core::Instant when, core::Instant due);         // the check voids the hand-over; the clock resumes
  Life& close(core::Instant when);                           // checked and closed
  storage::CaseSave save();  // everything since the last save()
  core::Case const& now() const { return now_; }
  std::string task_id() const { return now_.case_no + "-4"; }

 private:
  core::Task task(std::string const& squad, std::int64_t epoch, bool open) const;
  core::Instant minute(std::int64_t m) const { return origin_ + std::chrono::minutes(m); }
  core::Instant origin_;
  core::Case now_;
  storage::CaseSave pending_;
  std::string squad_;
};

storage::Batch batch(std::int64_t epoch, std::vector<storage::CaseSave> cases);
storage::ReceivedSave received(Life const& life, std::int64_t epoch, bool escalate = false);

}  // namespace wangge::tests
