// Who looks at which case, on every open console of a district within two seconds, whichever gateway it hangs on. Heartbeats
// change a row of a table without a log; one question every other second a gateway, only while somebody listens, tells the
// changes to the consoles that see the whole district. Others are told of their own case by the answer to their heartbeat.
#pragma once

#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "gateways/console/hint_streams.hpp"
#include "storage/desk_records.hpp"

namespace wangge::console {

class PresenceBoard {
 public:
  PresenceBoard(storage::DeskRecords& records, HintStreams& hints, std::chrono::milliseconds every = std::chrono::seconds{2})
      : records_(records), hints_(hints), every_(every) {}
  ~PresenceBoard();
  void start();
  void stop();
  void wake();  // something changed here: look soon

 private:
  void run();
  void look(std::string const& district);
  storage::DeskRecords& records_;
  HintStreams& hints_;
  std::chrono::milliseconds every_;
  std::mutex mutex_;
  std::condition_variable woken_;
  bool stopping_ = false, changed_ = false;
  std::map<std::string, std::map<std::string, std::string>> told_;  // district, case: the thread's own
  bool away_ = false;
  std::thread thread_;
};

}  // namespace wangge::console
