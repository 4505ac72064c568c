#include <spdlog/spdlog.h>

#include <algorithm>

#include "dispatcher/engine/lanes.hpp"

namespace wangge::engine {

namespace {
using namespace std::chrono_literals;

constexpr auto kWatchEvery = 1000ms;  // standing data reach the doors well within 5 s
constexpr auto kFiguresEvery = 30s;   // the month's table sums what came since; some thousand rows at a city's pace
constexpr auto kListEvery = 30s;      // a month that is over waits so long for its lists; its numbers open slowly meanwhile
constexpr auto kMakeAheadAgain = 1h;  // after it had to wait too long for a reader
}  // namespace

void Watcher::run() {
  while (!s_.stopping) {
    s_.nap(kWatchEvery);
    if (s_.options.verified_backup) {
      auto const began = s_.options.verified_backup();
      s_.verified_backup = began ? began->time_since_epoch().count() : 0;
    }
    auto const view = s_.ownership.view();
    if (view.generation == 0) continue;
    try {
      if (!store_) store_ = s_.options.open_store("watch");
      look(view);
      if (Steady::now() >= make_ahead_at_) make_ahead();
      if (Steady::now() >= figures_at_) keep_figures(view);
    } catch (storage::StaleEpoch const& e) {
      // Idle lanes would not find out by themselves, and their gateways would go on believing in this dispatcher.
      spdlog::warn("watcher: {}", e.what());
      s_.lose(view.generation);
      store_.reset();
    } catch (std::exception const& e) {
      spdlog::warn("watcher: {}", e.what());
      store_.reset();
    }
  }
}

void Watcher::look(Ownership::View const& view) {
  auto const before = wall_now();
  for (auto const& [district, epoch] : view.epochs) store_->renew(district, epoch);
  s_.renewed = before.time_since_epoch().count();
  for (auto const& [district, world] : view.world) {
    auto const version = store_->city_version(district);
    if (version == world.city->version) continue;
    auto const city = std::make_shared<core::City const>(store_->load_city(district));
    s_.ownership.change(district, {city, std::make_shared<CellIndex const>(store_->load_cells(district), city->managed), s_.positions_of(district)});
    spdlog::info("district {}: standing data version {}", district, version);
  }
  auto const districts = store_->districts();
  if (std::any_of(districts.begin(), districts.end(), [&](auto const& d) { return !view.epochs.contains(d); })) {
    s_.ownership.ask_more();
    s_.reports.ring();
  }
  auto const now = s_.ownership.view();
  Shared::Facts facts{store_->token_version(), {}};
  for (auto const& [district, world] : now.world) facts.cities[district] = world.city->version;
  if (now.generation == view.generation && facts != s_.published()) s_.publish(*store_, now.world);
}

void Watcher::make_ahead() {
  make_ahead_at_ = Steady::now() + s_.options.make_ahead_every;
  try {
    store_->make_ahead();
  } catch (storage::Broken const& e) {
    make_ahead_at_ = Steady::now() + std::min<std::chrono::milliseconds>(kMakeAheadAgain, s_.options.make_ahead_every);
    spdlog::warn("months of history are not made ahead yet: {}", e.what());
    store_.reset();
  }
}

void Watcher::keep_figures(Ownership::View const& view) {
  figures_at_ = Steady::now() + kFiguresEvery;
  for (auto const& [district, epoch] : view.epochs) store_->keep_figures(district);
}

void Lister::run() {
  while (!s_.stopping) {
    s_.nap(kListEvery);
    if (s_.stopping) return;
    try {
      if (!store_) store_ = s_.options.open_store("lists");
      auto const view = s_.ownership.view();
      for (auto const& [district, epoch] : view.epochs) {
        while (!s_.stopping && store_->keep_lists(district)) spdlog::info("district {}: a month that is over was listed", district);
      }
    } catch (std::exception const& e) {
      spdlog::warn("lister: {}", e.what());
      store_.reset();
    }
  }
}

}  // namespace wangge::engine
