#include "tests/sim/gateway.hpp"

#include "tests/sim/dispatcher.hpp"

namespace wangge::sim {

SimGateway::SimGateway(std::string name, Clock& clock, Chance& chance, Network& network, Bugs const& bugs)
    : name_(std::move(name)), clock_(clock), chance_(chance), network_(network), bugs_(bugs), spool_("spool-of-" + name_) {}

void SimGateway::start() {
  up_ = true;
  ++life_;
  desk_ = std::make_unique<link::Desk>(spool_.spool_id());
  tick(life_);
}

void SimGateway::crash() {
  up_ = false;
  flushing_ = false;
  ++life_;
  desk_.reset();
  group_.clear();  // not yet on the disk: gone
  peers_.clear();
  owner_.clear();
  asked_.clear();
  spool_.crash(chance_);
}

void SimGateway::submit(core::Report report, std::int64_t wait_ms, std::function<void(link::ReportOutcome)> done) {
  if (!up_) return;
  spool::Record record;
  record.district = report.district;
  record.report_id = report.report_id;
  record.principal = report.principal;
  record.key = report.key;
  record.body_hash = report.body_hash;
  record.received_at = report.received_at;
  record.answered = wait_ms == 0;
  record.payload = link::to_message(report).SerializeAsString();
  if (bugs_.ack_before_fsync) {
    link::ReportOutcome out;
    out.report_id = report.report_id;
    done(out);
    done = [](link::ReportOutcome) {};
  }
  group_.push_back({std::move(record), clock_.now() + Millis(wait_ms), wait_ms == 0, std::move(done)});
  if (!flushing_) {
    flushing_ = true;
    clock_.in(chance_.between(1, 8), [this, life = life_] { flush(life); });
  }
}

void SimGateway::flush(std::uint64_t life) {
  if (life != life_) return;
  auto group = std::move(group_);
  group_.clear();
  std::vector<spool::Record> records;
  for (auto& w : group) records.push_back(w.record);
  auto appended = spool_.append(std::move(records));
  for (std::size_t i = 0; i < group.size(); ++i) {
    spool::GroupCommit::Result result;
    result.kind = spool::GroupCommit::Result::Kind::appended;
    result.appended = std::move(appended[i]);
    desk_->appended(std::move(result), group[i].until, group[i].at_once, std::move(group[i].done));
  }
  flushing_ = !group_.empty();
  if (flushing_) clock_.in(chance_.between(1, 8), [this, life] { flush(life); });
  drive();
}

void SimGateway::send(std::string const& to, v1::Envelope const& e) {
  auto const frame = bus::encode(e);
  for (auto* d : dispatchers_)
    if (d->name() == to)
      network_.send(name_, to, [d, from = name_, connection = peers_[to].connection, frame] { d->deliver(from, connection, frame); });
}

void SimGateway::tick(std::uint64_t life) {
  if (life != life_ || !up_) return;
  for (auto* d : dispatchers_) {
    auto& p = peers_[d->name()];
    if (p.connected && clock_.now() - p.heard > bus::kSilentAfter) {
      p.connected = false;
      for (auto it = owner_.begin(); it != owner_.end();) {
        if (it->second != d->name()) {
          ++it;
          continue;
        }
        desk_->sender().on_lost(it->first);
        it = owner_.erase(it);
      }
      p.connection.clear();
    }
    v1::Envelope e;
    if (p.connected) {
      e.mutable_beat()->set_sent_at(0);
    } else {
      if (p.connection.empty()) p.connection = name_ + "-" + std::to_string(chance_.bits());
      e.mutable_hello()->set_gateway(name_);
      e.mutable_hello()->set_connection(p.connection);
      e.mutable_hello()->set_spool_id(spool_.spool_id());
    }
    send(d->name(), e);
  }
  desk_->time_out(clock_.now());
  for (auto it = asked_.begin(); it != asked_.end();) {
    if (it->second.until > clock_.now()) {
      ++it;
      continue;
    }
    auto done = std::move(it->second.done);
    it = asked_.erase(it);
    link::CommandOutcome out;
    out.status = 504;
    done(out);
  }
  drive();
  clock_.in(1000, [this, life] { tick(life); });
}

void SimGateway::drive() {
  auto todo = desk_->sender().todo(clock_.now());
  if (!bugs_.ignore_cursor)
    for (auto const& r : todo.requeues) spool_.requeue_after(r.district, r.cursor);
  for (auto const& p : todo.pages) desk_->sender().on_page(p, spool_.queued(p.district, p.after_seq, link::Sender::kPage));
  for (auto& f : todo.send) {
    auto const it = owner_.find(f.district);
    if (it == owner_.end()) continue;
    if (bugs_.never_resend && desk_->sender().times_sent(f.district, f.record.seq) > 1) continue;
    if (bugs_.forget_number) f.record.case_no.clear();
    send(it->second, link::to_envelope(spool_.spool_id(), f.record));
  }
  if (auto const outcomes = desk_->take_outcomes(clock_.now()); !outcomes.empty()) {
    spool_.settle(outcomes);
    desk_->noted(outcomes, true, clock_.now());
  }
  if (!todo.pages.empty()) drive();
}

void SimGateway::ask_envelope(std::string const& district, v1::Envelope e, std::string const& correlation,
                              std::function<void(link::CommandOutcome)> done) {
  auto const it = owner_.find(district);
  if (it == owner_.end()) {
    link::CommandOutcome out;
    out.status = 503;
    return done(out);
  }
  send(it->second, e);
  asked_[correlation] = {std::move(done), clock_.now() + Millis(5000)};
}

void SimGateway::ask(core::Command command, std::function<void(link::CommandOutcome)> done) {
  if (!up_) return;
  auto const correlation = name_ + std::to_string(life_) + "-" + std::to_string(++correlations_);
  auto const district = command.who.district;
  ask_envelope(district, link::to_envelope(correlation, command), correlation, std::move(done));
}

void SimGateway::received(core::Principal who, std::string task_id, std::int64_t epoch,
                          std::function<void(link::CommandOutcome)> done) {
  if (!up_) return;
  auto const correlation = name_ + std::to_string(life_) + "-" + std::to_string(++correlations_);
  v1::Envelope e;
  auto& m = *e.mutable_received();
  m.set_correlation(correlation);
  m.set_task_id(task_id);
  m.set_epoch(epoch);
  *m.mutable_who() = link::to_message(who);
  m.set_received_at(clock_.now().time_since_epoch().count());
  ask_envelope(who.district, e, correlation, std::move(done));
}

void SimGateway::deliver(std::string const& from, std::string const& connection, std::string const& frame) {
  if (!up_) return;
  auto& p = peers_[from];
  if (p.connection != connection) return;  // of an older connection: that socket is closed
  v1::Envelope e;
  if (!bus::decode(frame, e)) throw Broken("a frame of ours cannot be read");
  p.heard = clock_.now();
  switch (e.body_case()) {
    case v1::Envelope::kWelcome: {
      p.connected = true;
      std::map<std::string, std::int64_t> cursors;
      for (auto const& d : e.welcome().districts()) {
        owner_[d.district()] = from;
        cursors[d.district()] = d.cursor();
      }
      desk_->sender().on_welcome(cursors, e.welcome().credit_bytes());
      break;
    }
    case v1::Envelope::kReportAnswer: desk_->on_answer(e.report_answer()); break;
    case v1::Envelope::kCommandAnswer: {
      auto const& a = e.command_answer();
      auto const it = asked_.find(a.correlation());
      if (it == asked_.end()) break;
      auto done = std::move(it->second.done);
      asked_.erase(it);
      done({a.status(), a.code(), a.field(), a.case_no(), a.version(), a.replayed()});
      break;
    }
    case v1::Envelope::kNotOwner: {
      auto const it = owner_.find(e.not_owner().district());
      if (it == owner_.end() || it->second != from) break;
      desk_->sender().on_lost(it->first);
      owner_.erase(it);
      p.connected = false;  // says Hello again until somebody owns it
      break;
    }
    default: break;
  }
  drive();
}

}  // namespace wangge::sim
