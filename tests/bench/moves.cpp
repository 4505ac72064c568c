#include <atomic>
#include <thread>

#include "tests/bench/measure.hpp"
#include "tests/bench/rows.hpp"
#include "tests/bench/templates.hpp"

namespace wangge::bench {
namespace {

// The moves of one life, as the dispatcher wrote their history rows; the pool's cases go through them in a circle.
struct Life {
  std::vector<Column> columns;
  std::vector<std::vector<std::optional<std::string>>> rows;
  std::size_t case_no = 0, version = 0;  // which columns
};

Life read_life(Postgres& db) {
  Life life;
  life.columns = columns_of(db, "history");
  auto const r =
      db.run("SELECT " + names(life.columns) +
             " FROM history WHERE NOT transport AND case_no = (SELECT case_no FROM history "
             "WHERE action = 'check' ORDER BY recorded_at DESC LIMIT 1) AND action NOT IN ('report', 'accept', 'file', "
             "'dispatch', 'close') ORDER BY version");
  for (int i = 0; i < PQntuples(r.get()); ++i) {
    life.rows.emplace_back();
    for (std::size_t c = 0; c < life.columns.size(); ++c) life.rows.back().push_back(value(r, i, static_cast<int>(c)));
  }
  if (life.rows.empty()) throw std::runtime_error("no commands to take as templates: send some first");
  for (std::size_t c = 0; c < life.columns.size(); ++c) {
    if (life.columns[c].name == "case_no") life.case_no = c;
    if (life.columns[c].name == "version") life.version = c;
  }
  return life;
}

std::string move_statement(Life const& life) {
  int n = 1;
  return "WITH t AS MATERIALIZED (SELECT * FROM " + unnested(life.columns, n, false) +
         "), moved AS (UPDATE cases c SET version = t.version, state = t.to_state, last_at = t.at FROM t "
         "WHERE c.district = t.district AND c.case_no = t.case_no AND c.version = t.version - 1 RETURNING c.case_no) "
         "INSERT INTO history (" +
         names(life.columns) + ") SELECT " + selected(life.columns) +
         " FROM t WHERE t.case_no IN (SELECT case_no FROM moved)";
}

struct Pooled {
  std::string case_no;
  std::int64_t version = 0;
  std::size_t step = 0;
};

std::vector<Pooled> fill(LimitOptions const& options, Templates const& templates) {
  Postgres db(options.into);
  db.prepare(insert_statement(templates));
  for (std::int64_t n = 1; n <= static_cast<std::int64_t>(options.pool); n += static_cast<std::int64_t>(options.batch))
    db.run_prepared(templates.batch(n, options.batch));
  std::vector<Pooled> pool;
  auto const r = db.run("SELECT case_no, version FROM cases ORDER BY case_no");
  for (int i = 0; i < PQntuples(r.get()); ++i) pool.push_back({text(r, i, 0), std::stoll(text(r, i, 1)), 0});
  return pool;
}

std::vector<std::string> move(std::vector<Pooled>& pool, std::size_t from, std::size_t count, Life const& life) {
  std::vector<Array> arrays(life.columns.size());
  for (auto at = from; at < from + count; ++at) {
    auto& c = pool[at];
    auto const& row = life.rows[c.step++ % life.rows.size()];
    ++c.version;
    for (std::size_t i = 0; i < row.size(); ++i)
      arrays[i].add(i == life.case_no ? c.case_no : i == life.version ? std::to_string(c.version) : row[i]);
  }
  std::vector<std::string> params;
  for (auto& array : arrays) params.push_back(array.finish());
  return params;
}

}  // namespace

void measure_moves(LimitOptions const& options) {
  Postgres source(options.from);
  Templates const templates(source, static_cast<int>(options.cases));
  auto const life = read_life(source);
  auto pool = fill(options, templates);
  auto const statement = move_statement(life);
  std::atomic<std::int64_t> done{0};
  std::vector<std::thread> threads;
  auto const share = pool.size() / static_cast<std::size_t>(options.connections) / options.batch * options.batch;
  auto const start = now_ns();
  auto const end = start + nanos(options.seconds);
  for (int t = 0; t < options.connections; ++t)
    threads.emplace_back([&, first = static_cast<std::size_t>(t) * share] {
      Postgres db(options.into);
      db.prepare(statement);
      for (auto at = first; now_ns() < end; at = at + options.batch < first + share ? at + options.batch : first) {
        auto const r = db.run_prepared(move(pool, at, options.batch, life));
        if (std::atoll(PQcmdTuples(r.get())) != static_cast<long long>(options.batch))
          throw std::runtime_error("a version was missed");
        done += static_cast<std::int64_t>(options.batch);
      }
    });
  for (auto& t : threads) t.join();
  print("moves_per_s", static_cast<double>(done) / seconds(now_ns() - start));
}

}  // namespace wangge::bench
