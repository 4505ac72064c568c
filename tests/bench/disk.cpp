#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>

#include "tests/bench/measure.hpp"
#include "tests/bench/rows.hpp"

namespace wangge::bench {

void measure_disk(std::string const& folder, double seconds) {
  constexpr off_t kFile = 16 << 20;
  auto const path = folder + "/bench-disk";
  int const file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) throw std::runtime_error("cannot make " + path);
  ::unlink(path.c_str());
  std::string const zeros(kFile, '\0'), record(400, 'r');  // written once: a flush then writes data only
  if (::pwrite(file, zeros.data(), zeros.size(), 0) != kFile || ::fsync(file) != 0)
    throw std::runtime_error("cannot fill " + path);
  Samples took;
  auto const end = now_ns() + nanos(seconds);
  for (off_t at = 0; now_ns() < end; at = (at + 400) % (kFile - 400)) {
    auto const from = now_ns();
    if (::pwrite(file, record.data(), record.size(), at) != 400 || ::fdatasync(file) != 0)
      throw std::runtime_error("fdatasync");
    took.add(now_ns() - from);
  }
  ::close(file);
  took.print("fdatasync");
}

}  // namespace wangge::bench
