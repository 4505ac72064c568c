#include "dispatcher/engine/shared.hpp"

#include <malloc.h>

#include <spdlog/spdlog.h>

#include <algorithm>

#include "storage/postgres_store.hpp"

namespace wangge::engine {

namespace {

using namespace std::chrono_literals;

std::string hint_frame(Touched const& touched) {
  v1::Hint hint;
  hint.set_district(touched.district);
  auto const fill = [](auto* to, std::vector<std::string> from) {
    std::sort(from.begin(), from.end());
    from.erase(std::unique(from.begin(), from.end()), from.end());
    for (auto& s : from) to->Add(std::move(s));
  };
  fill(hint.mutable_squads(), touched.squads);
  fill(hint.mutable_holders(), touched.holders);
  fill(hint.mutable_cases(), touched.cases);
  return hint.SerializeAsString();
}

}  // namespace

Shared::Shared(DispatcherOptions o) : options(std::move(o)), reports(options.queue_bytes) {
  if (!options.open_store)
    options.open_store = [url = options.database_url](std::string const& lane) {
      return storage::open_postgres(url, lane);
    };
}

std::shared_ptr<Positions> Shared::positions_of(std::string const& district) {
  std::lock_guard lock(positions_mutex_);
  auto& known = positions_[district];
  if (!known) known = std::make_shared<Positions>();
  return known;
}

void Shared::alarm(std::string const& text) {
  spdlog::error("alarm: {}", text);
}

void Shared::nap(std::chrono::milliseconds span) const {
  auto const until = Steady::now() + span;
  while (!stopping && Steady::now() < until) std::this_thread::sleep_for(20ms);
}

void Shared::emit(Frames frames, Touched const& touched) {
  std::string hint;
  if (!touched.cases.empty() || !touched.squads.empty() || !touched.holders.empty()) hint = hint_frame(touched);
  std::lock_guard lock(out_mutex_);
  std::move(frames.begin(), frames.end(), std::back_inserter(out_frames_));
  if (!hint.empty()) out_hints_.push_back(std::move(hint));
  wake.ring();
}

void Shared::take_out(Frames& frames, std::vector<std::string>& hints) {
  std::lock_guard lock(out_mutex_);
  frames.swap(out_frames_);
  hints.swap(out_hints_);
}

void Shared::lose(std::uint64_t generation) {
  if (!ownership.lose(generation)) return;
  reports.clear();
  reports.ring();
  commands.ring();
  wake.ring();  // the gateways are told
}

Shared::Facts Shared::published() const {
  std::lock_guard lock(reference_mutex_);
  return facts_;
}

std::pair<std::int64_t, std::shared_ptr<std::vector<std::string> const>> Shared::reference() const {
  std::lock_guard lock(reference_mutex_);
  return {reference_version_, reference_};
}

void Shared::publish(storage::Store& store, std::map<std::string, World> const& world) {
  std::lock_guard one_at_a_time(publish_mutex_);
  Facts facts;
  auto const tokens = store.load_tokens(&facts.tokens);
  std::int64_t version = facts.tokens + 1;  // a gateway without a snapshot holds version 0
  std::vector<std::shared_ptr<core::City const>> cities;
  for (auto const& [district, w] : world) {
    cities.push_back(w.city);
    facts.cities[district] = w.city->version;
    version += w.city->version;
  }
  // Also when facts went back (a restore): what is published anew has a version of its own.
  version = std::max(version, reference().first + 1);
  auto frames = std::make_shared<std::vector<std::string>>();
  for (auto& part : engine::reference(cities, tokens, version)) {
    v1::Envelope e;
    *e.mutable_reference() = std::move(part);
    frames->push_back(bus::encode(e));
  }
  {
    std::lock_guard lock(reference_mutex_);
    reference_version_ = version;
    reference_ = std::move(frames);
    facts_ = std::move(facts);
  }
  wake.ring();
  malloc_trim(0);  // reading a city takes several times what it is; the dispatcher of a small center would idle for days with it
}

}  // namespace wangge::engine
