// While nothing is owned every command is answered 503 at once, nothing done.
#include <spdlog/spdlog.h>

#include "dispatcher/engine/lanes.hpp"
#include "dispatcher/engine/peers.hpp"

namespace wangge::engine {

namespace {
using namespace std::chrono_literals;

constexpr auto kIdle = 250ms;
constexpr auto kEscalateEvery = 2s;
constexpr auto kFireEvery = 200ms;  // armed clocks are told of within a second, also while commands pour in
constexpr auto kHeldFor = 5s;  // then the callers have their 504
}  // namespace

void CommandLane::run() {
  while (!s_.stopping) {
    try {
      round();
    } catch (storage::InDoubt const& e) {
      spdlog::warn("command lane, commit in doubt: {}", e.what());
      held_until_ = Steady::now() + kHeldFor;
      doubt_ = true;
      let_go();
    } catch (std::exception const& e) {
      spdlog::warn("command lane: {}", e.what());
      if (!doubt_) refuse(std::exchange(held_, {}));
      let_go();
    }
  }
  refuse(s_.commands.take(CommandQueue::kMost, 0ms));
}

// The report lane takes over anew, so that a transaction of this connection can never finish unseen.
void CommandLane::let_go() {
  s_.lose(generation_);
  generation_ = 0;
  writers_.clear();
  store_.reset();
}

void CommandLane::done_with_held() {
  held_.clear();
  doubt_ = false;
}

void CommandLane::round() {
  auto const view = s_.ownership.view();
  if (view.generation == 0) {
    let_go();
    if (Steady::now() > held_until_) done_with_held();
    refuse(s_.commands.take(CommandQueue::kMost, 50ms));
    return;
  }
  if (!store_ || generation_ != view.generation) {
    join(view);
  } else if (worlds_ != view.worlds) {
    worlds_ = view.worlds;
    for (auto& [district, writer] : writers_) writer->set_world(view.world.at(district));
  }
  if (held_.empty()) held_ = s_.commands.take(s_.options.batch_cap, Steady::now() < fire_at_ ? kIdle : 0ms);
  if (!held_.empty()) save(held_);
  done_with_held();
  fire();
  if (Steady::now() < escalate_at_) return;
  escalate_at_ = Steady::now() + kEscalateEvery;
  for (auto& [district, writer] : writers_) {
    Touched touched;
    writer->escalate(wall_now(), touched);
    writer->wake(wall_now(), touched);
    s_.emit({}, touched);
  }
}

// What has fallen due, and a page of the deadlines that a changed calendar moves.
void CommandLane::fire() {
  if (Steady::now() < fire_at_) return;
  fire_at_ = Steady::now() + kFireEvery;
  for (auto& [district, writer] : writers_) {
    Touched touched;
    auto const fired = writer->fire(wall_now(), touched);
    writer->reproject(wall_now(), touched);
    s_.emit({}, touched);
    if (fired == CommandWriter::kFireAtOnce) fire_at_ = Steady::now();  // more wait: the next round goes on
  }
}

void CommandLane::join(Ownership::View const& view) {
  generation_ = view.generation;  // what breaks from here on is this take-over's
  worlds_ = view.worlds;
  writers_.clear();
  store_ = s_.options.open_store("commands");
  for (auto const& [district, epoch] : view.epochs) {
    store_->join(district, epoch);
    auto writer = std::make_unique<CommandWriter>(district, *store_, [this](std::string const& t) { s_.alarm(t); });
    writer->begin(epoch, view.world.at(district));
    writers_[district] = std::move(writer);
  }
}

void CommandLane::refuse(std::vector<CommandQueue::Item> items) {
  Frames frames;
  for (auto const& item : items)
    std::visit(
        [&](auto const& in) { frames.emplace_back(in.peer, bus::encode(Peers::nobody_owns(in.peer, in.correlation))); },
        item);
  if (!frames.empty()) s_.emit(std::move(frames), {});
}

void CommandLane::save(std::vector<CommandQueue::Item> const& items) {
  std::map<std::string, std::pair<std::vector<CommandIn>, std::vector<ReceivedIn>>> by_district;
  for (auto const& item : items) {
    if (auto const* c = std::get_if<CommandIn>(&item))
      by_district[c->command.who.district].first.push_back(*c);
    else if (auto const* r = std::get_if<ReceivedIn>(&item))
      by_district[r->who.district].second.push_back(*r);
  }
  for (auto& [district, work] : by_district) {
    auto const it = writers_.find(district);
    if (it == writers_.end()) {
      std::vector<CommandQueue::Item> all(work.first.begin(), work.first.end());
      all.insert(all.end(), work.second.begin(), work.second.end());
      refuse(std::move(all));
      continue;
    }
    Touched touched;
    Frames frames;
    if (!work.second.empty())
      for (auto& a : it->second->received(work.second, wall_now(), touched))
        frames.emplace_back(a.peer, bus::encode(to_envelope(a)));
    if (!work.first.empty())
      for (auto& a : it->second->process(work.first, wall_now(), touched))
        frames.emplace_back(a.peer, bus::encode(to_envelope(a)));
    s_.count_commands += frames.size();
    ++s_.count_batches;
    s_.emit(std::move(frames), touched);
  }
}

}  // namespace wangge::engine
