// The gateway's lines to its dispatchers: who owns which district, whom to say Hello, which line is dead. No thread,
// socket or clock: the link drives it with real ones, the simulator with simulated ones.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gateways/link/desk.hpp"
#include "proto/bus/bus.hpp"

namespace wangge::link {

class Lines {
 public:
  Lines(std::size_t count, Desk& desk) : lines_(count), desk_(desk) {}

  // A frame of this line: what a dispatcher says of itself; any other only shows that it lives. Monotone `now`.
  void take_in(std::size_t line, v1::Envelope const& message, core::Instant now);
  // Nothing can be sent on it.
  void lost(std::size_t line);

  struct Word {  // to be said now
    std::size_t line = 0;
    bool hello = false;  // else a beat
    bool anew =
        false;  // the line was silent: first a new connection, so that nothing of the old one can be mistaken for it
  };
  std::vector<Word> due(core::Instant now);

  // A command had no answer in time. Until anything is answered on this line again, only one in `kTryEvery` is sent to find
  // out; the others are refused at once, with nothing done, where each would wait for its own 504.
  void unanswered(std::size_t line, core::Instant now);
  bool may_ask(std::size_t line, core::Instant now);
  static constexpr core::Millis kTryEvery{2000};

  std::optional<std::size_t> owner(std::string const& district) const;
  std::int64_t epoch(std::string const& district) const;
  // An answer of the present owner in its present epoch? An older one may speak of what a fail-over took.
  bool current(std::size_t line, v1::ReportAnswer const& answer) const;
  bool connected() const { return !owner_.empty(); }
  // Each district that has an owner, with what that one says of backups.
  std::map<std::string, Retention::Owned> owned() const;

 private:
  struct Line {
    bool connected = false;  // welcomed, and not heard otherwise since
    core::Instant heard{}, word_at{};
    std::optional<core::Instant> try_at;  // set while commands go unanswered
    std::optional<core::Instant> verified_backup;
  };
  void on_welcome(std::size_t line, v1::Welcome const& welcome);

  std::vector<Line> lines_;
  Desk& desk_;
  std::map<std::string, std::size_t> owner_;   // district -> line
  std::map<std::string, std::int64_t> epoch_;  // the highest heard of: who says a lower one was paused and is over
};

}  // namespace wangge::link
