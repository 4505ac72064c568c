// What goes wrong in the town.
#include <algorithm>

#include "tests/sim/town.hpp"

namespace wangge::sim {

void Town::fault() {
  auto const happens = [&](std::int64_t percent) { return chance_.percent(percent * 5); };
  switch (chance_.between(1, 8)) {
    case 1:
      if (happens(weather_.gateway_crash)) crash_gateway();
      break;
    case 2:
      if (happens(weather_.dispatcher_crash)) crash_dispatcher();
      break;
    case 3:
      if (happens(weather_.dispatcher_pause))
        dispatchers_[static_cast<std::size_t>(chance_.between(0, 1))]->pause(chance_.between(500, 20'000));
      break;
    case 4:
      if (happens(weather_.cut)) cut();
      break;
    case 5:
      if (happens(weather_.database)) {
        database_->set_down(true);
        clock_.in(chance_.between(200, 8000), [this] { database_->set_down(false); });
      }
      break;
    case 6:
      if (weather_.failover && chance_.one_in(8)) fail_over();
      break;
    case 7:
      if (happens(weather_.full)) {
        auto& g = any_gateway();
        g.spool().room = false;
        clock_.in(chance_.between(200, 6000), [&g] { g.spool().room = true; });
      }
      break;
    default:
      if (weather_.backups) back_up();
  }
}

void Town::crash_gateway() {
  auto& g = any_gateway();
  if (!g.up()) return;
  g.crash();
  ++totals_.crashes;
  if (chance_.percent(weather_.rot)) rot(g);
  if (chance_.percent(weather_.renewed))
    tell(clock_, "", [&] { return g.name() + " becomes a new spool"; }),
        g.spool().renew("spool-of-" + g.name() + "-" + std::to_string(++renewals_));
  clock_.in(chance_.between(100, 6000), [&g] {
    if (!g.up()) g.start();
  });
}

// A record of a stopped gateway is found damaged at its next start. What nobody else has is lost with it, and said to
// be.
void Town::rot(SimGateway& gateway) {
  auto& spool = gateway.spool();
  auto const waiting = spool.queued(district_, 0, 100);
  if (waiting.empty()) return;
  auto const& record = chance_.of(waiting);
  if (record.state != spool::RecordState::queued) return;
  tell(clock_, record.report_id, [&] { return "its record at " + gateway.name() + " is damaged"; });
  rotten_.insert(spool.damage(district_, record.seq).report_id);
  ++totals_.damaged;
}

void Town::crash_dispatcher() {
  auto& d = *dispatchers_[static_cast<std::size_t>(chance_.between(0, 1))];
  if (!d.up()) return;
  d.crash();
  ++totals_.crashes;
  clock_.in(chance_.between(100, 6000), [&d, this] {
    if (!d.up() && !network_.calm) d.start(chance_.percent(50));
  });
}

void Town::cut() {
  auto const g = "g" + std::to_string(chance_.between(1, 2)), d = "d" + std::to_string(chance_.between(1, 2));
  auto const until = clock_.now() + Millis(chance_.between(1000, 15'000));
  network_.cut_until[{g, d}] = until;
  if (chance_.percent(70)) network_.cut_until[{d, g}] = until;  // else one way only
}

// To a standby that had not got the last transactions. It lags by seconds: what a checked backup has, it has.
void Town::fail_over() {
  auto const most = database_->transactions() - backed_up_;
  if (most == 0) return;
  database_->lose_last(
      static_cast<std::size_t>(chance_.between(1, std::min<std::int64_t>(20, static_cast<std::int64_t>(most)))));
  went_back();
}

// A checked backup is made, or the city goes back to the last one.
void Town::back_up() {
  if (verified_ != 0 && chance_.one_in(4)) {
    database_->lose_last(database_->transactions() - backed_up_);
    ++totals_.restores;
    return went_back();
  }
  if (!chance_.one_in(2)) return;
  tell(clock_, "", [&] { return std::string("a backup is made and checked"); });
  verified_ = clock_.now().time_since_epoch().count();
  backed_up_ = database_->transactions();
}

void Town::went_back() {
  tell(clock_, "", [&] { return std::string("the database went back"); });
  ++failovers_;
  ++totals_.failovers;
  cursors_.clear();
}

}  // namespace wangge::sim
