// When the nightly backup is due, and the note about the last good one (DATA/backup/last.json) that /readyz, the
// gateway's spool and `doctor` read.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace wangge::deploy {

using Seconds = std::chrono::sys_seconds;

struct LastBackup {
  Seconds started{}, finished{};
  std::string path;
  std::uint64_t bytes = 0;
};
std::optional<LastBackup> last_backup(std::filesystem::path const& folder);
void note_backup(std::filesystem::path const& folder, LastBackup const& done);

// The moments of `at` ("02:30", local time of the machine): the last one not after `now`.
Seconds last_slot(std::string const& at, Seconds now);

class Nightly {
 public:
  using Now = std::function<Seconds()>;
  Nightly(std::filesystem::path folder, std::string at, bool on, Now now = {});
  // A slot has passed since the last attempt. A machine that slept through its hour makes it up soon after its start.
  // Neither throws: an attempt that the disk does not take is remembered, and written when it can be.
  bool due();
  void attempted();

 private:
  void write();
  std::filesystem::path folder_;
  std::string at_;
  bool on_;
  Now now_;
  Seconds begun_, tried_{};
  std::optional<Seconds> last_;  // of this process
  bool written_ = true;
};

}  // namespace wangge::deploy
