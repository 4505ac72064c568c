#include "dispatcher/engine/peers.hpp"

namespace wangge::engine {

namespace {
constexpr std::chrono::milliseconds kHelloAgainEvery{1000}, kWelcomeAgainAfter{1000};
}

v1::Envelope Peers::nobody_owns(std::string const& peer, std::string const& correlation) {
  CommandAnswer a{peer, correlation, {}, false};
  a.row.status = 503;
  a.row.code = "no_dispatcher";
  return to_envelope(a);
}

bool Peers::send(std::string const& peer, v1::Envelope const& message) {
  auto const sent = send_(peer, bus::encode(message));
  if (sent == Sent::gone) gone_.push_back(peer);
  return sent == Sent::ok;
}

void Peers::say_hello_again(std::string const& peer, core::Instant now) {
  auto const [last, first] = strangers_.try_emplace(peer, now);
  if (!first && now - last->second < kHelloAgainEvery) return;
  last->second = now;
  v1::Envelope e;
  e.mutable_hello_again();
  send(peer, e);
}

void Peers::say_not_owner(std::string const& peer, std::string const& district) {
  v1::Envelope e;
  e.mutable_not_owner()->set_district(district);
  send(peer, e);
}

std::optional<Peers::Work> Peers::take_in(std::string const& peer, v1::Envelope const& m, Stand const& stand,
                                          core::Instant now) {
  if (m.has_hello()) {
    strangers_.erase(peer);
    peers_[peer] = {m.hello().spool_id(), now};  // whatever snapshot it holds may be of another life of the database
    return std::nullopt;
  }
  auto const known = peers_.find(peer);
  if (known != peers_.end()) known->second.heard = now;
  bool const owner = stand.view.generation != 0;
  // It believes in a connection of which this dispatcher knows nothing (it was started anew), or that is over.
  if (known == peers_.end() || (!owner && known->second.welcomed == 0)) say_hello_again(peer, now);

  auto const take = [&](std::string const& district, std::string const& correlation, auto in) -> std::optional<Work> {
    if (owner && stand.view.epochs.contains(district)) {
      if (in) return Work(std::move(*in));
      return std::nullopt;
    }
    if (!correlation.empty()) send(peer, nobody_owns(peer, correlation));
    say_not_owner(peer, district);
    return std::nullopt;
  };
  std::optional<Work> work;
  if (m.has_report()) {
    // Of another epoch: it lay about since before a take-over, and comes again after the new welcome; or the welcome
    // was lost, and is said once more.
    auto const mine = stand.view.epochs.find(m.report().report().district());
    bool const old =
        owner && m.report().epoch() != 0 && mine != stand.view.epochs.end() && m.report().epoch() != mine->second;
    if (old && known != peers_.end() && now - known->second.welcomed_at >= kWelcomeAgainAfter)
      known->second.welcomed = 0;
    if (old) return std::nullopt;
    work = take(m.report().report().district(), "", report_in(peer, m.report()));
  }
  if (m.has_command())
    work = take(m.command().who().district(), m.command().correlation(), command_in(peer, m.command()));
  if (m.has_received())
    work = take(m.received().who().district(), m.received().correlation(), received_in(peer, m.received()));
  return work;
}

void Peers::greet(Stand const& stand, core::Instant now, Cursor const& cursor) {
  for (auto& [id, p] : peers_) {
    if (stand.view.generation == 0) {
      bool told = true;
      if (p.welcomed != 0)
        for (auto const& district : p.districts) {
          v1::Envelope e;
          e.mutable_not_owner()->set_district(district);
          told = send(id, e) && told;
        }
      if (told) p.welcomed = 0;
      continue;
    }
    if (p.welcomed != stand.view.generation) welcome(id, p, stand, now, cursor);
    if (p.reference == stand.reference_version || !stand.reference) continue;
    bool sent = true;
    for (auto const& frame : *stand.reference) sent = sent && send_(id, frame) == Sent::ok;
    if (sent) p.reference = stand.reference_version;
  }
  for (auto const& id : gone_) peers_.erase(id);  // says Hello again when it is back
  gone_.clear();
}

void Peers::welcome(std::string const& id, Peer& peer, Stand const& stand, core::Instant now, Cursor const& cursor) {
  v1::Envelope e;
  auto& w = *e.mutable_welcome();
  w.set_dispatcher(name_);
  w.set_credit_bytes(credit_bytes_);
  std::set<std::string> districts;
  for (auto const& [district, epoch] : stand.view.epochs) {
    auto& d = *w.add_districts();
    d.set_district(district);
    d.set_epoch(epoch);
    d.set_cursor(cursor(district, peer.spool_id));
    districts.insert(district);
  }
  if (!send(id, e)) return;
  peer.welcomed = stand.view.generation;
  peer.welcomed_at = now;
  peer.districts = std::move(districts);
}

void Peers::beat(Stand const& stand, core::Instant now) {
  std::erase_if(peers_, [&](auto const& p) { return now - p.second.heard > 3 * bus::kSilentAfter; });
  std::erase_if(strangers_, [&](auto const& s) { return now - s.second > 3 * bus::kSilentAfter; });
  if (stand.view.generation == 0) return;  // silence tells them as well
  v1::Envelope e;
  e.mutable_beat()->set_sent_at(now.time_since_epoch().count());
  e.mutable_beat()->set_verified_backup(stand.verified_backup);
  auto const frame = bus::encode(e);
  for (auto const& [id, p] : peers_) send_(id, frame);
}

}  // namespace wangge::engine
