#include "tests/bench/rows.hpp"

#include <atomic>
#include <thread>

#include "tests/bench/measure.hpp"
#include "tests/bench/templates.hpp"

namespace wangge::bench {

std::string insert_statement(Templates const& templates) {
  std::string sql;
  int n = 1;
  for (auto const& t : templates.tables()) {
    bool const key = sql.empty();
    sql += key ? "WITH fresh AS (" : "), put_" + t.name + " AS (";
    sql += "INSERT INTO " + t.name + " (" + names(t.columns) + ") SELECT " + selected(t.columns) + " FROM " +
           unnested(t.columns, n, true);
    sql += key ? " ON CONFLICT DO NOTHING RETURNING case_no" : " WHERE t.of_case IN (SELECT case_no FROM fresh)";
  }
  return sql + ") SELECT count(*) FROM fresh";
}

void measure_inserts(LimitOptions const& options) {
  Postgres source(options.from);
  Templates const templates(source, static_cast<int>(options.cases));
  auto const statement = insert_statement(templates);
  std::atomic<std::int64_t> next{1}, done{0};
  std::vector<std::thread> threads;
  auto const start = now_ns();
  auto const end = start + nanos(options.seconds);
  for (int t = 0; t < options.connections; ++t)
    threads.emplace_back([&] {
      Postgres db(options.into);
      db.prepare(statement);
      while (now_ns() < end) {
        auto const number = next.fetch_add(static_cast<std::int64_t>(options.batch));
        auto const r = db.run_prepared(templates.batch(number, options.batch));
        done += std::stoll(text(r, 0, 0));
      }
    });
  for (auto& t : threads) t.join();
  print("inserts_per_s", static_cast<double>(done) / seconds(now_ns() - start));
  print("inserted", static_cast<double>(done));
}

}  // namespace wangge::bench
