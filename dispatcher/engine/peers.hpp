// Which gateways are connected and what each must hear: the dispatcher's side of the bus protocol, without sockets,
// threads or a clock, so that the simulator runs the very code the dispatcher runs.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "dispatcher/engine/convert.hpp"
#include "dispatcher/engine/ownership.hpp"

namespace wangge::engine {

class Peers {
 public:
  enum class Sent : std::uint8_t { ok, gone, full };
  using Send = std::function<Sent(std::string const& peer, std::string const& frame)>;
  using Work = std::variant<ReportIn, CommandIn, ReceivedIn>;
  using Cursor = std::function<std::int64_t(std::string const& district, std::string const& spool)>;

  // How the dispatcher stands, looked at once a round.
  struct Stand {
    Ownership::View view;
    std::int64_t reference_version = 0;                         // 0: none is published
    std::shared_ptr<std::vector<std::string> const> reference;  // its frames
    std::int64_t verified_backup = 0;
  };

  Peers(std::string name, std::int64_t credit_bytes, Send send)
      : name_(std::move(name)), credit_bytes_(credit_bytes), send_(std::move(send)) {}

  // A frame came. What it asks for is given back when this dispatcher owns its district; else it is answered here.
  std::optional<Work> take_in(std::string const& peer, v1::Envelope const& message, Stand const& stand,
                              core::Instant now);
  // Welcomes whoever has not heard of the present take-over, tells whoever had been welcomed that it is over, and sends
  // the newest Reference to whoever has not got it.
  void greet(Stand const& stand, core::Instant now, Cursor const& cursor);
  // Every second. Forgets the silent.
  void beat(Stand const& stand, core::Instant now);
  void gone(std::string const& peer) { peers_.erase(peer); }
  std::size_t size() const { return peers_.size(); }
  // The answer to a command of which nothing was done.
  static v1::Envelope nobody_owns(std::string const& peer, std::string const& correlation);

 private:
  struct Peer {
    std::string spool_id;
    core::Instant heard{};
    std::uint64_t welcomed = 0;  // the take-over it was told of; 0: none, or it was told that it is over
    core::Instant welcomed_at{};
    std::set<std::string> districts{};  // it was told of
    std::int64_t reference = 0;
  };

  bool send(std::string const& peer, v1::Envelope const& message);
  void say_hello_again(std::string const& peer, core::Instant now);
  void say_not_owner(std::string const& peer, std::string const& district);
  void welcome(std::string const& id, Peer& peer, Stand const& stand, core::Instant now, Cursor const& cursor);

  std::string name_;
  std::int64_t credit_bytes_;
  Send send_;
  std::map<std::string, Peer> peers_;
  std::map<std::string, core::Instant> strangers_;  // when each was last told to say Hello
  std::vector<std::string> gone_;                   // found out while walking over the peers
};

}  // namespace wangge::engine
