// How long the core thinks; prints and asserts nothing. Run it on a quiet machine.
#include <chrono>
#include <ctime>
#include <cstdio>
#include <string>

#include "dispatcher/core/escalation.hpp"
#include "dispatcher/core/ledger.hpp"
#include "tests/core/world.hpp"

using namespace wangge::core;
using namespace wangge::core::test;

namespace {

template <class F>
void time(char const* words, int times, F&& f) {
  auto const from = std::clock();  // processor time: others on the machine do not count
  for (int i = 0; i < times; ++i) f(i);
  auto const took = 1e6 * static_cast<double>(std::clock() - from) / CLOCKS_PER_SEC;
  std::printf("%-44s %8.3f us %12.0f a second\n", words, took / times, 1e6 * times / took);
}

}  // namespace

int main() {
  World w;
  auto const& calendar = w.city.calendars.at("center");
  std::int64_t sum = 0;
  time("a work year added", 200'000, [&](int i) {
    sum += calendar.add_work(local(2025, 1, 2) + std::chrono::minutes{i}, std::chrono::hours{250 * 8})
               .at.time_since_epoch()
               .count();
  });
  time("a work year measured", 200'000, [&](int i) {
    sum += calendar.work_between(local(2025, 1, 2) + std::chrono::minutes{i}, local(2026, 1, 2)).count();
  });
  w.facts.place = place_in("g11");
  auto const report = a_report();
  time("a report to its dispatch (4 rows)", 50'000,
       [&](int) { sum += decide_report(w.facts, report, "3708712025092200001", w.now).after.version; });
  w.report();
  auto const sign = w.command(person(Role::squad_leader), "sign");
  time("a signature", 100'000, [&](int) { sum += static_cast<std::int64_t>(w.ask(sign).index()); });
  time("a case's buttons", 50'000,
       [&](int) { sum += static_cast<std::int64_t>(actions_for(sign.who, w.c, w.facts.open_tasks).size()); });
  time("a deadline across a year of calendar", 200'000, [&](int i) {
    sum += deadline(calendar, {ClockKind::work_day, 250 * 480}, local(2025, 1, 2) + std::chrono::minutes{i}).due.time_since_epoch().count();
  });
  time("a ladder of escalation", 100'000,
       [&](int) { sum += static_cast<std::int64_t>(alarm_ladder(w.city, w.c, AlarmClock::disposal).size()); });
  time("a deadline told in words", 20'000,
       [&](int) { sum += static_cast<std::int64_t>(explain_clock(w.city, w.c, w.rows, "zh").size()); });
  time("a history replayed", 50'000, [&](int) { sum += replay(w.c.district, w.c.case_no, w.rows).version; });
  return sum == 0;
}
