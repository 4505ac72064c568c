// Many armed clocks on a real PostgreSQL: all that fall due are told, once, from the index. WANGGE_TIMERS=1000000 arms
// so many over a day and speaks the lag of those that fall due while it looks on; nothing is asserted of time.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "dispatcher/engine/command_writer.hpp"
#include "storage/postgres_store.hpp"
#include "tests/core/world.hpp"
#include "tests/store/batches.hpp"
#include "tests/support/temporary_postgres.hpp"

namespace wangge::engine::test {
namespace {

using namespace std::chrono_literals;
using tests::TemporaryPostgres;

long peak_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::strtol(line.c_str() + 6, nullptr, 10);
  return 0;
}

TEST(Timers, ThoseThatFallDueAreToldOnceHoweverManyAreArmed) {
  auto const* wanted = std::getenv("WANGGE_TIMERS");
  long const armed = wanted ? std::strtol(wanted, nullptr, 10) : 3000;
  int const seconds = wanted ? 60 : 0;
  auto& server = TemporaryPostgres::shared();
  auto const url = server.fresh_database();
  server.sql(url, "INSERT INTO district (code, zh, en, version) VALUES ('370871', '高新区', 'Hi-tech Zone', 1)");
  auto store = storage::open_postgres(url, "1");
  auto const epoch = store->take_over("370871", "test").epoch;
  tests::Life life(1);
  life.dispatched("S1", tests::at(60L * 24 * 365 * 5));  // the rungs after the first lie far ahead
  store->save(tests::batch(epoch, {life.save()}), tests::at(2));
  // The same case many times over, each with a number of its own, its clock armed.
  server.sql(url,
             "INSERT INTO cases SELECT (jsonb_populate_record(c, jsonb_build_object('case_no', '370871202611030' || "
             "lpad(n::text, 9, '0'), "
             "'report_id', 'r' || n))).* FROM cases c, generate_series(1, " +
                 std::to_string(armed) + ") n WHERE c.case_no = '" + tests::number(1) + "'");
  // In the short form a third has fallen due; in the long one they fall due over a day, from now on.
  std::string const when =
      wanted ? "now() + interval '20 seconds' + n * interval '1 day' / " + std::to_string(armed) + ".0"
             : "CASE WHEN n % 3 = 0 THEN now() - interval '1 minute' ELSE now() + interval '1 day' END";
  server.sql(url,
             "INSERT INTO timer (district, case_no, clock, due_at, step, fire_at) SELECT district, case_no, "
             "'disposal', due_at, 0, " +
                 when + " FROM (SELECT *, row_number() OVER () AS n FROM cases WHERE case_no <> '" + tests::number(1) +
                 "') c");
  if (wanted) server.sql(url, "CREATE TABLE wanted AS SELECT case_no, fire_at FROM timer");
  server.sql(url, "ANALYZE timer; ANALYZE cases");
  auto city = core::test::small_city();
  CommandWriter writer("370871", *store, [](std::string) {});
  writer.begin(epoch, {std::make_shared<core::City const>(city), nullptr});
  auto const now = [] { return std::chrono::floor<core::Millis>(std::chrono::system_clock::now()); };
  Touched touched;
  int told = 0;
  for (auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);;) {
    int const once = writer.fire(now(), touched);
    told += once;
    touched.cases.clear();
    if (once == CommandWriter::kFireAtOnce) continue;
    if (std::chrono::steady_clock::now() >= end) break;
    std::this_thread::sleep_for(200ms);  // as the command lane looks
  }
  auto const rows = server.sql(url, "SELECT count(DISTINCT case_no), count(*) FROM escalation")[0];
  EXPECT_EQ(rows[0], std::to_string(told));
  if (!wanted) {
    EXPECT_EQ(told, armed / 3);
    EXPECT_EQ(rows[1], std::to_string(2 * (armed / 3))) << "two roles each";
    auto const plan = server.sql(url,
                                 "SET enable_seqscan = off; EXPLAIN SELECT 1 FROM timer WHERE district = '370871' AND "
                                 "fire_at <= now() ORDER BY fire_at LIMIT 500");
    std::string text;
    for (auto const& line : plan) text += line[0] + "\n";
    EXPECT_NE(text.find("timer_fire"), std::string::npos) << text;
    return;
  }
  // When each should have been told was kept beside before anything was.
  auto const lag = server.sql(url,
                              "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY l), percentile_disc(0.99) WITHIN "
                              "GROUP (ORDER BY l), max(l) FROM "
                              "(SELECT DISTINCT case_no, (extract(epoch FROM e.fired_at - w.fire_at) * 1000)::int AS l "
                              "FROM escalation e JOIN wanted w USING (case_no)) d")[0];
  std::printf("figure: lag of firing ms: median %s, p99 %s, worst %s\n", lag[0].c_str(), lag[1].c_str(),
              lag[2].c_str());
  std::printf("figure: %ld clocks armed, %d fell due in %d s and were told; process peak %ld MB\n", armed, told,
              seconds, peak_kilobytes() / 1024);
}

}  // namespace
}  // namespace wangge::engine::test
