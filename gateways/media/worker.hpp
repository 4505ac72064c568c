// Decoding strangers' pictures happens in a short-lived process of its own (Debian's vips tool) with limits on memory,
// processor time, file size and wall-clock time. If a picture breaks it, only that process dies.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace wangge::media {

struct WorkerLimits {
  std::uint64_t memory_bytes = 1ull << 30, output_bytes = 64ull << 20;
  unsigned cpu_seconds = 10;
  std::chrono::seconds wall{30};  // a busy machine gets its time; a hanging worker is killed
};

// Full path of the vips tool; throws std::runtime_error naming the package when there is none.
std::string find_vips();
// Writes `to` (with vips options behind it, as in "x.jpg[strip]"): `from` turned upright, at most 4096 points a side, colours in
// sRGB, without metadata. False when the picture cannot be decoded whole within the limits. Throws std::runtime_error when
// the worker cannot be run at all.
bool make_rendition(std::string const& vips, std::string const& from, std::string const& to, WorkerLimits const& limits);

}  // namespace wangge::media
