// What a gateway says to whoever reports, and when: callers wait here for the dispatcher's word, a Sender decides what
// goes over the bus. No thread, socket or file: the link drives it with real ones, the simulator with simulated ones.
#pragma once

#include <map>

#include "gateways/link/link.hpp"
#include "gateways/link/sender.hpp"
#include "gateways/spool/group_commit.hpp"
#include "proto/bus/bus.hpp"

namespace wangge::link {

class Desk {
 public:
  using Done = std::function<void(ReportOutcome)>;

  explicit Desk(std::string spool_id) : spool_id_(std::move(spool_id)) {}

  // The spool's word on one append; `done` is called now or once, later. `until`: when the caller gets his 202.
  void appended(spool::GroupCommit::Result result, core::Instant until, bool at_once, Done done);
  void on_answer(v1::ReportAnswer const& answer);
  // As the sender's; what was said beyond the cursor and is not in the spool yet is asked again, so it must not get there.
  void on_welcome(std::map<std::string, std::int64_t> const& cursors, std::int64_t credit_bytes);
  // As the sender's; without the records whose word has come since the spool was read.
  void on_page(Sender::Page const& asked, std::vector<spool::Record> records);
  // Callers whose time is over get their 202; from then on their record may not be refused.
  void time_out(core::Instant now);
  // The gateway stops: everybody who waits is told `queued`, which is true.
  void release();
  // What the dispatcher said since the last call, to be settled in the spool; then noted() says whether it was. What could
  // not be settled comes again a second later.
  std::vector<spool::Store::Outcome> take_outcomes(core::Instant now);
  void noted(std::vector<spool::Store::Outcome> const& outcomes, bool settled, core::Instant now);

  Sender& sender() { return sender_; }

 private:
  struct Waiter {
    Done done;
    core::Instant until{};
    bool retry = false;  // the key had been stored before this request
    std::string report_id;
  };

  std::string spool_id_;
  Sender sender_;
  std::map<std::pair<std::string, std::int64_t>, std::vector<Waiter>> waiters_;  // by district and seq
  // Callers of a report that is being refused: told once the refusal is on the disk, so that no case can come of it.
  std::map<std::pair<std::string, std::int64_t>, std::vector<Waiter>> refusing_;
  std::vector<spool::Store::Outcome> outcomes_;
  core::Instant outcomes_at_{};  // not before
  // Said to callers and not yet known to be in the spool, which may still show the record as queued: a retry that meets
  // it then would wait for a word that came already.
  struct Said {
    spool::Store::Outcome outcome;
    int under_way = 0;
  };
  std::map<std::pair<std::string, std::int64_t>, Said> said_;

  void say(spool::Store::Outcome outcome);
  void begin_refusal(v1::ReportAnswer const& answer, std::vector<Waiter> callers);
  void end_refusal(std::string const& district, std::int64_t seq, bool settled);
};

}  // namespace wangge::link
