// Time, and the figures made of it. Every program of the bench prints lines of name, tab, value.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace wangge::bench {

inline std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}
constexpr std::int64_t kSecond = 1'000'000'000;
inline double seconds(std::int64_t ns) {
  return static_cast<double>(ns) / kSecond;
}
inline std::int64_t nanos(double seconds) {
  return static_cast<std::int64_t>(seconds * kSecond);
}

inline void print(std::string const& name, double value) {
  std::printf("%s\t%.10g\n", name.c_str(), value);
}

class Samples {
 public:
  void add(std::int64_t ns) { ms_.push_back(static_cast<double>(ns) / 1e6); }
  void add(Samples const& other) { ms_.insert(ms_.end(), other.ms_.begin(), other.ms_.end()); }
  std::size_t size() const { return ms_.size(); }

  // NAME.count and, when there is any, NAME.p50_ms, NAME.p99_ms, NAME.max_ms.
  void print(std::string const& name) {
    bench::print(name + ".count", static_cast<double>(ms_.size()));
    if (ms_.empty()) return;
    std::sort(ms_.begin(), ms_.end());
    bench::print(name + ".p50_ms", ms_[ms_.size() / 2]);
    bench::print(name + ".p99_ms", ms_[ms_.size() * 99 / 100]);
    bench::print(name + ".max_ms", ms_.back());
  }

 private:
  std::vector<double> ms_;
};

}  // namespace wangge::bench
