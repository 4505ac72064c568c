// The load generator: see README.md.
//   bench_load closed|paced|commands --port N --plan FILE [--seconds S] [--run N] [--connections N] [--rate R]
//              [--async-of-ten N] [--tasks 1] [--confirming N]
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <string>

#include "tests/bench/commands.hpp"
#include "tests/bench/traffic.hpp"

namespace {

using namespace wangge::bench;

class Words {
 public:
  Words(int argc, char** argv) {
    for (int i = 2; i + 1 < argc; i += 2) values_[argv[i]] = argv[i + 1];
  }
  std::string text(std::string const& name) const {
    auto const it = values_.find(name);
    return it == values_.end() ? "" : it->second;
  }
  double number(std::string const& name, double otherwise) const {
    auto const it = values_.find(name);
    return it == values_.end() ? otherwise : std::atof(it->second.c_str());
  }
  int whole(std::string const& name, int otherwise) const { return static_cast<int>(number(name, otherwise)); }

 private:
  std::map<std::string, std::string> values_;
};

int run(std::string const& mode, Words const& words) {
  auto const plan = read_plan(words.text("--plan"));
  auto const port = static_cast<std::uint16_t>(words.whole("--port", 0));
  auto const run = static_cast<std::uint32_t>(words.number("--run", 1));
  auto const seconds = words.number("--seconds", 10);
  if (mode == "commands") {
    Commands commands(plan, port, run, words.whole("--connections", 256));
    commands.run(seconds);
    commands.print();
    return 0;
  }
  TrafficOptions options{.port = port, .run = run, .seconds = seconds, .rate = words.number("--rate", 0)};
  options.connections = words.whole("--connections", 512);
  options.async_of_ten = words.whole("--async-of-ten", 0);
  options.tasks = words.whole("--tasks", 0) != 0;
  options.confirming = words.whole("--confirming", 0);
  Traffic traffic(plan, options);
  if (mode == "paced" && options.rate > 0)
    traffic.paced();
  else if (mode == "closed")
    traffic.closed();
  else
    return std::fprintf(stderr, "bench_load: closed, paced --rate R, or commands\n"), 2;
  traffic.print();
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return argc < 2 ? 2 : run(argv[1], Words(argc, argv));
  } catch (std::exception const& e) {
    return std::fprintf(stderr, "bench_load: %s\n", e.what()), 1;
  }
}
