#include <spdlog/spdlog.h>

#include <algorithm>

#include "dispatcher/engine/lanes.hpp"
#include "dispatcher/engine/peers.hpp"

namespace wangge::engine {

namespace {
using namespace std::chrono_literals;

constexpr auto kIdle = 500ms;        // the lane looks up at least so often
constexpr auto kTellEvery = 10s;     // of a database that stays away
constexpr auto kLookEvery = 1000ms;  // at the beat of another owner
constexpr std::chrono::milliseconds kBackOffFrom{100}, kBackOffTo{1000};  // a killed database is whole again within 10 s
}  // namespace

void ReportLane::run() {
  auto back_off = kBackOffFrom;
  Steady::time_point told{};
  while (!s_.stopping) {
    try {
      round();
      back_off = kBackOffFrom;
    } catch (storage::StaleEpoch const& e) {
      spdlog::warn("another dispatcher writes here now: {}", e.what());
      claim_.passed();
      let_go();
    } catch (std::exception const& e) {
      bool const tell = back_off == kBackOffFrom || Steady::now() - told >= kTellEvery;
      if (tell) spdlog::warn("report lane: {}; next try in {} ms", e.what(), back_off.count()), told = Steady::now();
      let_go();
      s_.nap(back_off);
      back_off = std::min<std::chrono::milliseconds>(back_off * 2, kBackOffTo);
    }
  }
}

void ReportLane::let_go() {
  s_.lose(generation_);
  generation_ = 0;
  writers_.clear();
  store_.reset();
}

void ReportLane::round() {
  if (!own()) return;
  if (auto const worlds = s_.ownership.worlds(); worlds != worlds_) {
    worlds_ = worlds;
    world_ = s_.ownership.view().world;
    for (auto& [district, writer] : writers_)
      if (auto it = world_.find(district); it != world_.end()) writer->set_world(it->second);
  }
  // What breaks is not tried again from here: after the take-over the spools send it again, with the number that may have
  // been answered meanwhile, and the keys tell what was done.
  auto const batch = s_.reports.take(s_.options.batch_cap, kIdle);
  if (!batch.empty()) save(batch);
}

bool ReportLane::own() {
  bool const mine = generation_ != 0 && s_.ownership.generation() == generation_;
  bool const more = s_.ownership.take_more();
  if (mine && !more) return true;
  if (!mine) {
    // Lost by this lane or by another thread: a new connection, and first a look at who has it now.
    let_go();
    epochs_.clear();
    world_.clear();
    store_ = s_.options.open_store("reports");
    if (!claim_.may_take_over(*store_)) {
      store_.reset();
      ++s_.count_looks;
      s_.nap(kLookEvery);
      return false;
    }
  }
  take_over();
  return true;
}

// Of every district the database holds and this lane does not have yet.
void ReportLane::take_over() {
  for (auto const& district : store_->districts()) {
    if (writers_.contains(district)) continue;
    auto const start = store_->take_over(district, s_.options.name);
    claim_.taken(district, start.epoch);
    auto const city = std::make_shared<core::City const>(store_->load_city(district));
    World w{city, std::make_shared<CellIndex const>(store_->load_cells(district), city->managed), s_.positions_of(district)};
    auto writer = std::make_unique<ReportWriter>(district, *store_, [this](std::string const& t) { s_.alarm(t); });
    writer->begin(start, w, store_->load_recent(district, wall_now() - std::chrono::hours(w.city->policy.twin_hours)));
    s_.ownership.forget_cursors(district);
    for (auto const& [spool, seq] : start.cursors) s_.ownership.note_cursor(district, spool, seq);
    epochs_[district] = start.epoch;
    world_[district] = std::move(w);
    writers_[district] = std::move(writer);
    spdlog::info("district {} taken over, epoch {}, {} cells", district, start.epoch, world_[district].cells->size());
  }
  if (epochs_.empty()) throw storage::Broken("the database holds no district yet");
  s_.publish(*store_, world_);
  s_.ownership.taken(epochs_, world_);
  generation_ = s_.ownership.generation();
  worlds_ = s_.ownership.worlds();
  ++s_.count_takeovers;
  s_.commands.ring();
  s_.wake.ring();
}

void ReportLane::save(std::vector<ReportIn> const& batch) {
  auto const& district = batch.front().report.district;
  auto const it = writers_.find(district);
  if (it == writers_.end()) return;  // the bus thread lets none in that is not ours
  Touched touched;
  Frames frames;
  auto answers = it->second->process(batch, wall_now(), touched);
  for (auto const& in : batch) s_.ownership.note_cursor(district, in.spool_id, it->second->cursor(in.spool_id));
  for (auto& a : answers) {
    if (a.answer.outcome() == v1::ReportAnswer::DEAD_LETTER) ++s_.count_dead;
    a.answer.set_epoch(epochs_.at(district));
    v1::Envelope e;
    *e.mutable_report_answer() = std::move(a.answer);
    frames.emplace_back(std::move(a.peer), bus::encode(e));
  }
  s_.count_reports += batch.size();
  ++s_.count_batches;
  s_.emit(std::move(frames), touched);
}

}  // namespace wangge::engine
