// sim [--seeds N] [--events M] [--from SEED] [--bug NAME] [--planted] [--watch ID]: runs N seeds, prints which break a
// promise.
// --planted runs every planted bug until some seed finds it, and fails when one stays hidden.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <sstream>
#include <thread>

#include "tests/sim/run.hpp"

using namespace wangge;

// Short allocation stacks: the simulator is nothing but small allocations. ASAN_OPTIONS=malloc_context_size=30 brings
// them back for one seed.
extern "C" char const* __asan_default_options() {
  return "malloc_context_size=2:quarantine_size_mb=16";
}

namespace {

struct Planted {
  char const* name;
  void (*plant)(sim::Bugs&, storage::PlantedBugs&);
};

constexpr Planted kPlanted[] = {
    {"ack_before_fsync", [](sim::Bugs& b, storage::PlantedBugs&) { b.ack_before_fsync = true; }},
    {"answer_before_commit", [](sim::Bugs& b, storage::PlantedBugs&) { b.answer_before_commit = true; }},
    {"ignore_cursor", [](sim::Bugs& b, storage::PlantedBugs&) { b.ignore_cursor = true; }},
    {"never_resend", [](sim::Bugs& b, storage::PlantedBugs&) { b.never_resend = true; }},
    {"forget_number", [](sim::Bugs& b, storage::PlantedBugs&) { b.forget_number = true; }},
    {"fight_for_epoch", [](sim::Bugs& b, storage::PlantedBugs&) { b.fight_for_epoch = true; }},
    {"deaf_gateway", [](sim::Bugs& b, storage::PlantedBugs&) { b.deaf_gateway = true; }},
    {"drop_unreadable", [](sim::Bugs& b, storage::PlantedBugs&) { b.drop_unreadable = true; }},
    {"refused_forgotten", [](sim::Bugs& b, storage::PlantedBugs&) { b.refused_forgotten = true; }},
    {"refused_answered", [](sim::Bugs& b, storage::PlantedBugs&) { b.refused_answered = true; }},
    {"prune_early", [](sim::Bugs& b, storage::PlantedBugs&) { b.prune_early = true; }},
    {"lost_settle", [](sim::Bugs& b, storage::PlantedBugs&) { b.lost_settle = true; }},
    {"no_dedup", [](sim::Bugs&, storage::PlantedBugs& s) { s.no_dedup = true; }},
    {"no_epoch_check", [](sim::Bugs&, storage::PlantedBugs& s) { s.no_epoch_check = true; }},
    {"lost_outbox_row", [](sim::Bugs&, storage::PlantedBugs& s) { s.lost_outbox_row = true; }},
    {"id_greater_than_last", [](sim::Bugs&, storage::PlantedBugs& s) { s.id_greater_than_last = true; }},
    {"torn_save", [](sim::Bugs&, storage::PlantedBugs& s) { s.torn_save = true; }},
    {"repeated_numbers", [](sim::Bugs&, storage::PlantedBugs& s) { s.repeated_numbers = true; }},
    {"repeated_leap", [](sim::Bugs&, storage::PlantedBugs& s) { s.repeated_leap = true; }},
    {"cursor_backwards", [](sim::Bugs&, storage::PlantedBugs& s) { s.cursor_backwards = true; }},
    {"cursor_too_early", [](sim::Bugs&, storage::PlantedBugs& s) { s.cursor_too_early = true; }},
    {"lost_history_row", [](sim::Bugs&, storage::PlantedBugs& s) { s.lost_history_row = true; }},
    {"no_command_rows", [](sim::Bugs&, storage::PlantedBugs& s) { s.no_command_rows = true; }},
    {"timers_forgotten", [](sim::Bugs&, storage::PlantedBugs& s) { s.timers_forgotten = true; }},
};

std::string breaks(std::uint64_t seed, int events, sim::Bugs const& b, storage::PlantedBugs const& s,
                   sim::Totals& totals, std::uint64_t* trace = nullptr) {
  try {
    sim::run_seed(seed, events, b, s, totals, trace);
    return "";
  } catch (std::exception const& e) {
    return e.what();
  }
}

// Each processor takes the next number until there is none.
void share(std::uint64_t count, std::function<void(std::uint64_t)> const& work) {
  std::atomic<std::uint64_t> next{0};
  std::vector<std::thread> hands;
  for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i)
    hands.emplace_back([&] {
      for (std::uint64_t n; (n = next++) < count;) work(n);
    });
  for (auto& h : hands) h.join();
}

int run_planted(std::uint64_t from, std::uint64_t seeds, int events) {
  std::atomic<int> hidden{0};
  std::mutex mutex;
  share(std::size(kPlanted), [&](std::uint64_t n) {
    auto const& p = kPlanted[n];
    sim::Bugs b;
    storage::PlantedBugs s;
    p.plant(b, s);
    sim::Totals totals;
    std::string found;
    std::uint64_t seed = from;
    for (; seed < from + seeds && found.empty(); ++seed) found = breaks(seed, events, b, s, totals);
    std::lock_guard lock(mutex);
    if (found.empty()) {
      std::printf("planted %-22s NOT FOUND in %llu seeds\n", p.name, static_cast<unsigned long long>(seeds));
      ++hidden;
    } else {
      std::printf("planted %-22s found by seed %llu: %s\n", p.name, static_cast<unsigned long long>(seed - 1),
                  found.c_str());
    }
  });
  auto const all = static_cast<int>(std::size(kPlanted));
  std::printf("%d passed, %d failed, 0 skipped\n", all - hidden, hidden.load());
  return hidden == 0 ? 0 : 1;
}

int run_seeds(std::uint64_t from, std::uint64_t seeds, int events, sim::Bugs const& b, storage::PlantedBugs const& s) {
  sim::Totals totals;
  std::uint64_t failed = 0;
  std::mutex mutex;
  auto const begin = std::chrono::steady_clock::now();
  share(seeds, [&](std::uint64_t n) {
    auto const seed = from + n;
    sim::Totals mine, other;
    std::uint64_t trace = 0, again = 0;
    auto why = breaks(seed, events, b, s, mine, &trace);
    // The same seed must give the same run.
    if (why.empty() && seed % 50 == 0 && (!breaks(seed, events, b, s, other, &again).empty() || again != trace))
      why = "two runs differ";
    std::lock_guard lock(mutex);
    totals.add(mine);
    if (why.empty() || ++failed > 10) return;
    std::printf("seed %llu: %s   (again: sim --from %llu --seeds 1 --events %d)\n",
                static_cast<unsigned long long>(seed), why.c_str(), static_cast<unsigned long long>(seed), events);
  });
  auto const took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::ostringstream told;
  told << "seeds " << seeds << " from " << from << ", " << events << " events each: " << totals.reports << " reports ("
       << totals.acknowledged << " acknowledged, " << totals.conflicts << " refused as conflicts), " << totals.cases
       << " cases, " << totals.dead_letters << " set aside, " << totals.commands << " commands (" << totals.done
       << " done, " << totals.refused << " refused), " << totals.received << " tasks received, " << totals.crashes
       << " crashes, " << totals.damaged << " damaged records, " << totals.takeovers << " take-overs, "
       << totals.failovers << " fail-overs (" << totals.restores << " restores), " << totals.pruned
       << " records dropped, ";
  std::printf("%s%.1f s\n", told.str().c_str(), took);
  std::printf("%llu passed, %llu failed, 0 skipped\n", static_cast<unsigned long long>(seeds - failed),
              static_cast<unsigned long long>(failed));
  return failed == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t seeds = 200, from = 1;
  int events = 500;
  bool planted = false;
  sim::Bugs b;
  storage::PlantedBugs s;
  for (int i = 1; i < argc; ++i) {
    auto const is = [&](char const* name) { return std::strcmp(argv[i], name) == 0; };
    auto const value = [&] {
      return i + 1 < argc ? argv[++i] : (std::fprintf(stderr, "%s needs a value\n", argv[i]), std::exit(2), "");
    };
    if (is("--seeds"))
      seeds = std::strtoull(value(), nullptr, 10);
    else if (is("--events"))
      events = std::atoi(value());
    else if (is("--from"))
      from = std::strtoull(value(), nullptr, 10);
    else if (is("--planted"))
      planted = true;
    else if (is("--watch"))
      sim::watched = value();
    else if (is("--bug")) {
      std::string const name = value();
      bool known = false;
      for (auto const& p : kPlanted)
        if (name == p.name) p.plant(b, s), known = true;
      if (!known) return std::fprintf(stderr, "no planted bug is called %s\n", name.c_str()), 2;
    } else {
      return std::fprintf(stderr,
                          "usage: sim [--seeds N] [--events M] [--from SEED] [--bug NAME] [--planted] [--watch ID]\n"),
             2;
    }
  }
  return planted ? run_planted(from, seeds, events) : run_seeds(from, seeds, events, b, s);
}
