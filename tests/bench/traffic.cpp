#include "tests/bench/traffic.hpp"

#include <map>
#include <utility>

namespace wangge::bench {
namespace {

constexpr std::int64_t kTick = kSecond / 100;
constexpr std::int64_t kGreeting = kSecond;       // streams open, older tasks come first
constexpr std::int64_t kPatience = 20 * kSecond;  // without any progress: what is missing does not come
constexpr std::int64_t kWarm = kSecond;           // of a paced run: not counted

bool accepted(int status) {
  return status == 201 || status == 202;
}

}  // namespace

Traffic::Traffic(Plan const& plan, TrafficOptions options)
    : options_(options), wire_(options.port), maker_(plan, options.run) {
  if (options_.tasks)
    devices_ =
        std::make_unique<Devices>(wire_, plan, options_.confirming, [this](std::string_view event) { on_task(event); });
  for (int i = 0; i < options_.connections; ++i)
    idle_.push_back(wire_.open([this](int connection, Answer const& answer) { on_answer(connection, answer); }));
  carries_.resize(static_cast<std::size_t>(idle_.back()) + 1);
}

void Traffic::begin() {
  for (auto const until = now_ns() + kGreeting; now_ns() < until;) wire_.turn(kTick);
  journeys_.reserve(1 << 20);
  start_ = now_ns();
  end_ = start_ + nanos(options_.seconds);
}

void Traffic::send(int connection, std::uint32_t n) {
  ++in_flight_;
  carries_[static_cast<std::size_t>(connection)] = n;
  wire_.send(connection, maker_.make(n, async(n)));
}

void Traffic::on_answer(int connection, Answer const& answer) {
  auto& journey = journeys_[carries_[static_cast<std::size_t>(connection)]];
  journey.answered = now_ns();
  journey.status = answer.status;
  accepted_ += accepted(answer.status);
  --in_flight_;
  if (!waiting_.empty()) {
    auto const n = waiting_.front();
    waiting_.pop_front();
    return send(connection, n);
  }
  if (!refill_ || journey.answered >= end_) return idle_.push_back(connection);
  journeys_.push_back({.due = journey.answered});
  send(connection, static_cast<std::uint32_t>(journeys_.size() - 1));
}

void Traffic::on_task(std::string_view event) {
  auto const n = maker_.find(event);
  if (!n || *n >= journeys_.size() || journeys_[*n].tasked != 0) return;
  journeys_[*n].tasked = now_ns();
  ++tasked_;
}

void Traffic::closed() {
  begin();
  refill_ = true;
  for (int const connection : std::exchange(idle_, {})) {
    journeys_.push_back({.due = now_ns()});
    send(connection, static_cast<std::uint32_t>(journeys_.size() - 1));
  }
  while (now_ns() < end_) wire_.turn(kTick);
  refill_ = false;
  drain();
}

void Traffic::paced() {
  begin();
  std::mt19937_64 chance(options_.run);
  std::exponential_distribution<double> gap(options_.rate);
  auto due = start_ + nanos(gap(chance));
  while (due < end_) {
    auto const now = now_ns();
    if (now < due) {
      wire_.turn(due - now);
      continue;
    }
    journeys_.push_back({.due = due});
    auto const n = static_cast<std::uint32_t>(journeys_.size() - 1);
    due += nanos(gap(chance));
    if (idle_.empty()) {
      waiting_.push_back(n);
    } else {
      auto const connection = idle_.back();
      idle_.pop_back();
      send(connection, n);
      late_.add(now_ns() - journeys_[n].due);
    }
    wire_.turn(0);  // answers are stamped soon also while several are due
  }
  drain();
}

bool Traffic::settled() const {
  return in_flight_ == 0 && waiting_.empty() && (!devices_ || (tasked_ >= accepted_ && devices_->unconfirmed() == 0));
}

void Traffic::drain() {
  auto seen = tasked_ + accepted_;
  auto moved = now_ns();
  while (!settled() && now_ns() - moved < kPatience) {
    wire_.turn(kTick);
    if (seen == tasked_ + accepted_) continue;
    seen = tasked_ + accepted_;
    moved = now_ns();
  }
  drained_ = now_ns();
}

void Traffic::print() {
  std::map<int, std::size_t> statuses;
  Samples async_answers, waited_answers, tasks;
  std::size_t answered_in_time = 0, tasked_in_time = 0, in_vain = 0;
  auto const count_from = options_.rate > 0 ? start_ + kWarm : start_;
  for (std::uint32_t n = 0; n < journeys_.size(); ++n) {
    auto const& j = journeys_[n];
    ++statuses[j.status];
    in_vain += j.status == 202 && !async(n);
    answered_in_time += accepted(j.status) && j.answered <= end_;
    tasked_in_time += j.tasked != 0 && j.tasked <= end_;
    if (j.due < count_from) continue;
    if (accepted(j.status)) (async(n) ? async_answers : waited_answers).add(j.answered - j.due);
    if (j.tasked != 0) tasks.add(j.tasked - j.due);
  }
  bench::print("sent", static_cast<double>(journeys_.size()));
  bench::print("accepted", static_cast<double>(accepted_));
  bench::print("refused", static_cast<double>(journeys_.size() - accepted_));
  bench::print("tasked", static_cast<double>(tasked_));
  bench::print("accepted_per_s", static_cast<double>(answered_in_time) / options_.seconds);
  bench::print("tasks_per_s", static_cast<double>(tasked_in_time) / options_.seconds);
  bench::print("drain_s", seconds(drained_ - end_));
  for (auto const& [status, count] : statuses)
    bench::print("status." + std::to_string(status), static_cast<double>(count));
  async_answers.print("async");
  waited_answers.print("waited");
  bench::print("waited.in_vain", static_cast<double>(in_vain));  // answered 202 after all; they count in `waited`
  tasks.print("task");
  late_.print("late");
  if (devices_) devices_->print();
}

}  // namespace wangge::bench
