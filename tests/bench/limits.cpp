// The limits measured beside the system: see README.md.
//   bench_limits disk FOLDER [SECONDS]
//   bench_limits insert|update FROM_URL INTO_URL [SECONDS] [BATCH] [POOL]
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "tests/bench/rows.hpp"

int main(int argc, char** argv) {
  using namespace wangge::bench;
  std::string const what = argc > 2 ? argv[1] : "";
  auto const number = [&](int i, double otherwise) { return argc > i ? std::atof(argv[i]) : otherwise; };
  try {
    if (what == "disk") return measure_disk(argv[2], number(3, 2)), 0;
    LimitOptions o;
    if (argc < 4) return std::fprintf(stderr, "bench_limits: disk FOLDER, or insert|update FROM_URL INTO_URL\n"), 2;
    o.from = argv[2];
    o.into = argv[3];
    o.seconds = number(4, o.seconds);
    o.batch = static_cast<std::size_t>(number(5, static_cast<double>(o.batch)));
    o.pool = static_cast<std::size_t>(number(6, static_cast<double>(o.pool)));
    what == "insert" ? measure_inserts(o) : measure_moves(o);
    return 0;
  } catch (std::exception const& e) {
    return std::fprintf(stderr, "bench_limits: %s\n", e.what()), 1;
  }
}
