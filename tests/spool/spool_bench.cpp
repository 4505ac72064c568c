// How many records a second the spool makes durable, by group size, and through the committer thread with a settling
// sender beside it; how long opening takes. Prints name, value, unit. Not a test: it asserts nothing.
//   spool_bench DIR [seconds]
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <semaphore>

#include "gateways/spool/group_commit.hpp"
#include "gateways/spool/sqlite_store.hpp"

namespace {

using namespace wangge::spool;
using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

Record make(std::int64_t n) {
  char text[64];
  std::snprintf(text, sizeof text, "%016llx-key", static_cast<unsigned long long>(n) * 0x9e3779b97f4a7c15ULL);
  Record r;
  r.district = "370871";
  r.principal = "patroller-" + std::to_string(n % 50);
  r.key = text;
  r.report_id = std::string(text) + "-report-0123456789";
  r.body_hash = std::string(64, 'a');
  r.payload.assign(300, static_cast<char>('a' + n % 26));
  r.received_at = wangge::core::Instant(std::chrono::milliseconds(1'764'000'000'000 + n));
  return r;
}

void print(std::string const& name, double value, char const* unit) { std::printf("%s\t%.2f\t%s\n", name.c_str(), value, unit); }

void print_latency(std::string const& name, std::vector<double>& ms) {
  std::sort(ms.begin(), ms.end());
  if (ms.empty()) return;
  print(name + ".p50", ms[ms.size() / 2], "ms");
  print(name + ".p99", ms[ms.size() * 99 / 100], "ms");
  print(name + ".max", ms.back(), "ms");
}

void groups(std::string const& dir, int size, double seconds, std::int64_t& n) {
  auto store = open_sqlite(dir, 0);
  std::vector<double> ms;
  auto const start = Clock::now();
  std::int64_t const before = n;
  std::clock_t const cpu = std::clock();
  while (since(start) < seconds) {
    std::vector<Record> group;
    for (int i = 0; i < size; ++i) group.push_back(make(++n));
    auto const at = Clock::now();
    store->append(std::move(group));
    ms.push_back(since(at) * 1000);
  }
  std::string const name = "append.group" + std::to_string(size);
  print(name, static_cast<double>(n - before) / since(start), "records/s");
  print(name + ".cpu", static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC * 1e6 / static_cast<double>(n - before), "us/record");
  print_latency(name, ms);
}

void committer(std::string const& dir, double seconds, std::int64_t& n) {
  auto store = open_sqlite(dir, 0);
  GroupCommit commit(*store, 100'000);
  std::counting_semaphore<> window(512);
  std::vector<double> ms;  // committer thread only
  auto const start = Clock::now();
  std::int64_t const before = n;
  while (since(start) < seconds) {
    window.acquire();
    auto const at = Clock::now();
    commit.append(make(++n), [&, at](GroupCommit::Result r) {
      ms.push_back(since(at) * 1000);
      window.release();
      if (r.appended.record.seq % 128 != 0) return;
      commit.with_store([first = r.appended.record.seq - 127](Store& s) {
        std::vector<Store::Outcome> words;
        for (int i = 0; i < 128; ++i) words.push_back({"370871", first + i, RecordState::committed, "3708712026112400001", "pending_dispose", false});
        s.settle(words);
      });
    });
  }
  commit.stop();
  print("committer.window512", static_cast<double>(n - before) / since(start), "records/s");
  print_latency("committer.window512", ms);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "spool_bench DIR [seconds]\n"), 2;
  std::string const dir = std::string(argv[1]) + "/spool_bench";
  double const seconds = argc > 2 ? std::atof(argv[2]) : 5;
  std::filesystem::remove_all(dir);
  std::int64_t n = 0;
  for (int size : {1, 16, 128, 512}) groups(dir, size, seconds, n);
  committer(dir, seconds, n);
  auto const start = Clock::now();
  auto store = open_sqlite(dir, 0);
  print("open." + std::to_string(n), since(start), "s");
  auto const health = store->health();
  print("file", static_cast<double>(health.bytes) / static_cast<double>(n), "bytes/record");
  store.reset();
  std::filesystem::remove_all(dir);
}
