#include "tests/sim/run.hpp"

#include <cstdio>

#include "tests/core/world.hpp"
#include "tests/sim/town.hpp"

namespace wangge::sim {

void print(Clock const& clock, std::string const& what) {
  auto const since = clock.now() - Instant{Millis{1'780'000'000'000}};
  std::printf("%9.3f s  %s\n", static_cast<double>(since.count()) / 1000, what.c_str());
}

namespace {

using core::test::person;
using core::test::person_of;

Weather draw_weather(Chance& chance) {
  Weather w;
  auto const some = [&](std::int64_t most) { return chance.percent(50) ? chance.between(1, most) : 0; };
  w.drop = some(15);
  w.twice = some(15);
  w.lag = some(4);
  w.slow = chance.between(2, 60);
  w.gateway_crash = some(12);
  w.dispatcher_crash = some(12);
  w.dispatcher_pause = some(12);
  w.cut = some(10);
  w.database = some(6);
  w.fault = some(12);
  w.failover = chance.percent(20) ? 2 : 0;
  w.renewed = some(40);
  w.rot = some(30);
  w.full = some(10);
  w.poison = some(5);
  w.backups = chance.percent(40);
  return w;
}

std::vector<storage::CellShape> cells() {
  std::vector<storage::CellShape> out;
  auto const square = [&](char const* grid, char const* street, double lon) {
    out.push_back(
        {grid, street, "c1", {{{lon, 35.40}, {lon + 0.01, 35.40}, {lon + 0.01, 35.41}, {lon, 35.41}, {lon, 35.40}}}});
  };
  square("g11", "s1", 116.60);
  square("g12", "s1", 116.61);
  square("g21", "s2", 116.62);
  return out;
}

}  // namespace

Town::Town(std::uint64_t seed, Bugs const& bugs, storage::PlantedBugs const& store_bugs, Totals& totals)
    : chance_(seed),
      weather_(draw_weather(chance_)),
      bugs_(bugs),
      totals_(totals),
      network_(clock_, chance_, weather_) {
  city_ = core::test::small_city();
  district_ = city_.district;
  database_ = std::make_shared<storage::MemoryDatabase>();
  database_->put_city(city_, cells());
  database_->bugs = store_bugs;
  database_->clock = [this] { return clock_.now(); };
  database_->fault = [this](char const*) {
    if (network_.calm || !chance_.percent(weather_.fault)) return storage::Fault::none;
    static constexpr storage::Fault kinds[] = {storage::Fault::broken, storage::Fault::in_doubt_committed,
                                               storage::Fault::in_doubt_lost};
    return kinds[chance_.between(0, 2)];
  };
  database_->poison = [this](storage::CaseSave const& save) {
    return save.version_before == 0 && poisoned(save.after.report_id);
  };
  for (auto const* name : {"g1", "g2"})
    gateways_.push_back(std::make_unique<SimGateway>(name, clock_, chance_, network_, bugs_));
  for (auto const* name : {"d1", "d2"})
    dispatchers_.push_back(
        std::make_unique<SimDispatcher>(name, clock_, chance_, network_, database_, bugs_, verified_));
  std::vector<SimDispatcher*> ds;
  std::vector<SimGateway*> gs;
  for (auto& d : dispatchers_) ds.push_back(d.get());
  for (auto& g : gateways_) gs.push_back(g.get());
  for (auto& g : gateways_) g->connect(ds);
  for (auto& d : dispatchers_) d->connect(gs);
  people_ = {person(core::Role::acceptor), person(core::Role::shift_leader), person(core::Role::dispatch_officer),
             person(core::Role::leader), person(core::Role::coordinator)};
  for (auto const& [unit, squad] : {std::pair{"city_a", "a1"}, {"city_a", "a2"}, {"city_b", "b1"}})
    for (auto role : {core::Role::unit_clerk, core::Role::squad_leader, core::Role::disposer})
      people_.push_back(person_of(role, unit, squad, std::string(core::id(role)) + "_" + squad));
  for (auto const* name : {"p1", "p2"}) people_.push_back(person(core::Role::patroller, name));
  for (auto& p : people_) p.district = district_;
}

// Which reports the database refuses is a property of theirs: another try, another life of the database refuses them
// too.
bool Town::poisoned(std::string const& report_id) const {
  std::uint64_t hash = 14695981039346656037ull;
  for (char c : report_id) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return static_cast<std::int64_t>((hash >> 20) % 100) < weather_.poison;
}

void Town::storm(int events) {
  for (auto& g : gateways_) g->start();
  dispatchers_[0]->start(false);
  dispatchers_[1]->start(true);
  poll();
  for (int i = 0; i < events; ++i) {
    clock_.run_until(clock_.now() + Millis(chance_.between(10, 700)));
    watch_cursors();
    auto const dice = chance_.between(1, 100);
    if (dice <= 40)
      report();
    else if (dice <= 80)
      command();
    else
      fault();
  }
}

// Nothing breaks any more, and everybody is there: also both dispatchers, who must agree by themselves.
void Town::calm() {
  network_.calm = true;
  database_->set_down(false);
  for (auto& g : gateways_) {
    g->spool().room = true;
    if (!g->up()) g->start();
  }
  for (auto& d : dispatchers_) {
    d->pause(0);
    if (!d->up()) d->start(chance_.one_in(2));
  }
  // Long enough for every retry; every device has looked for its tasks many times by then.
  auto const most = clock_.now() + std::chrono::minutes(6);
  while (clock_.now() < most) {
    clock_.run_until(clock_.now() + std::chrono::seconds(20));
    watch_cursors();
    if (drained() && settled_down()) break;
  }
}

void run_seed(std::uint64_t seed, int events, Bugs const& bugs, storage::PlantedBugs const& store_bugs, Totals& totals,
              std::uint64_t* trace) {
  Town town(seed, bugs, store_bugs, totals);
  town.storm(events);
  town.calm();
  town.check();
  if (trace) *trace = town.digest();
}

}  // namespace wangge::sim
