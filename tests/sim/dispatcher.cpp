#include "tests/sim/dispatcher.hpp"

#include "tests/sim/gateway.hpp"

namespace wangge::sim {

SimDispatcher::SimDispatcher(std::string name, Clock& clock, Chance& chance, Network& network,
                             std::shared_ptr<storage::MemoryDatabase> database, Bugs const& bugs,
                             std::int64_t const& verified)
    : name_(std::move(name)),
      clock_(clock),
      chance_(chance),
      network_(network),
      database_(std::move(database)),
      bugs_(bugs),
      verified_(verified) {}

void SimDispatcher::start(bool standby) {
  up_ = true;
  ++life_;
  engine::Peers peers(name_, 64 << 10, [this](std::string const& peer, std::string const& frame) {
    send(peer, frame);
    return engine::Peers::Sent::ok;
  });
  mind_ = std::make_unique<Mind>(standby, std::move(peers));
  step(life_);
}

void SimDispatcher::crash() {
  tell(clock_, "", [&] { return name_ + " crashes"; });
  up_ = false;
  ++life_;
  mind_.reset();
}

engine::Peers::Stand SimDispatcher::stand() const {
  engine::Peers::Stand s;
  s.view = mind_->ownership.view();
  if (mind_->renewed >= verified_) s.verified_backup = verified_;
  return s;
}

void SimDispatcher::step(std::uint64_t life) {
  if (life != life_) return;
  clock_.in(chance_.between(5, 40), [this, life] { step(life); });
  if (paused_until_ > clock_.now()) return;
  auto& m = *mind_;
  bool const heard = !m.inbox.empty();
  if (heard) read_frames();
  work();
  watch();
  bool const beat = clock_.now() >= m.beat_at;
  if (!heard && !beat && m.greeted == m.ownership.generation()) return;
  m.greeted = m.ownership.generation();
  auto const s = stand();
  m.peers.greet(s, clock_.now(), [&](std::string const& district, std::string const& spool) {
    return m.ownership.cursor(district, spool);
  });
  if (!beat) return;
  m.beat_at = clock_.now() + bus::kBeatEvery;
  m.peers.beat(s, clock_.now());
}

void SimDispatcher::read_frames() {
  auto& m = *mind_;
  auto const s = stand();
  for (auto const& [peer, frame] : std::exchange(m.inbox, {})) {
    v1::Envelope e;
    if (!bus::decode(frame, e)) throw Broken("a frame of ours cannot be read");
    auto work = m.peers.take_in(peer, e, s, clock_.now());
    if (!work) continue;
    if (auto* report = std::get_if<engine::ReportIn>(&*work)) {
      if (bugs_.drop_unreadable && !report->unreadable.empty()) continue;
      m.reports.push(std::move(*report));
    } else if (auto* command = std::get_if<engine::CommandIn>(&*work)) {
      m.commands.push(std::move(*command));
    } else {
      m.commands.push(std::move(std::get<engine::ReceivedIn>(*work)));
    }
  }
}

// The lanes, as the runtime's threads run them.
void SimDispatcher::work() {
  auto& m = *mind_;
  try {
    if (!own()) {
      for (auto const& item : m.commands.take(100, Millis(0))) refuse(item);
      return;
    }
    work_reports();
    work_commands();
    if (clock_.now() >= m.escalate_at) {
      m.escalate_at = clock_.now() + Millis(2000);
      engine::Touched touched;
      m.command_writer->escalate(clock_.now(), touched);
    }
  } catch (storage::StaleEpoch const&) {
    m.claim.passed();
    drop_commands();
    lose();
  } catch (storage::InDoubt const&) {
    m.doubt = true;
    lose();  // held commands are tried again after the take-over: their ids tell
  } catch (storage::Broken const&) {
    drop_commands();
    lose();
  }
}

// Nothing was done of them, unless a commit was in doubt: then their callers see 504 and ask again.
void SimDispatcher::drop_commands() {
  auto const held = std::exchange(mind_->held_commands, {});
  if (!std::exchange(mind_->doubt, false))
    for (auto const& item : held) refuse(item);
}

bool SimDispatcher::own() {
  auto& m = *mind_;
  if (m.ownership.owned()) return true;
  if (clock_.now() < m.retry_at) return false;
  m.report_store = std::make_unique<storage::MemoryStore>(database_);
  if (!bugs_.fight_for_epoch && !m.claim.may_take_over(*m.report_store)) {
    m.held_commands.clear();
    m.doubt = false;
    m.retry_at = clock_.now() + Millis(1000);
    return false;
  }
  take_over();
  return true;
}

void SimDispatcher::take_over() {
  auto& m = *mind_;
  auto const district = m.report_store->districts().at(0);
  auto const start = m.report_store->take_over(district, name_);
  m.claim.taken(district, start.epoch);
  engine::World world{std::make_shared<core::City const>(m.report_store->load_city(district)),
                      std::make_shared<engine::CellIndex const>(m.report_store->load_cells(district))};
  auto const alarm = [](std::string const&) {};
  m.report_writer = std::make_unique<engine::ReportWriter>(district, *m.report_store, alarm);
  m.report_writer->begin(start, world, m.report_store->load_recent(district, clock_.now() - std::chrono::hours(24)));
  m.command_store = std::make_unique<storage::MemoryStore>(database_);
  m.command_store->join(district, start.epoch);
  m.command_writer = std::make_unique<engine::CommandWriter>(district, *m.command_store, alarm);
  m.command_writer->begin(start.epoch, world);
  m.ownership.forget_cursors(district);
  for (auto const& [spool, seq] : start.cursors) m.ownership.note_cursor(district, spool, seq);
  tell(clock_, "", [&] { return name_ + " takes over, epoch " + std::to_string(start.epoch); });
  m.ownership.taken({{district, start.epoch}}, {{district, world}});
}

void SimDispatcher::lose() {
  auto& m = *mind_;
  tell(clock_, "", [&] { return name_ + " loses epoch " + std::to_string(epoch()); });
  m.ownership.lose(m.ownership.generation());
  m.reports.clear();
  m.retry_at = clock_.now() + Millis(chance_.between(50, 1500));
}

void SimDispatcher::watch() {
  auto& m = *mind_;
  if (!m.ownership.owned() || clock_.now() < m.watch_at) return;
  m.watch_at = clock_.now() + Millis(1000);
  try {
    if (!m.watch_store) m.watch_store = std::make_unique<storage::MemoryStore>(database_);
    auto const view = m.ownership.view();
    for (auto const& [district, epoch] : view.epochs) m.watch_store->renew(district, epoch);
    m.renewed = clock_.now().time_since_epoch().count();
  } catch (storage::StaleEpoch const&) {
    lose();
  } catch (storage::Broken const&) {
    m.watch_store.reset();
  }
}

void SimDispatcher::work_reports() {
  auto& m = *mind_;
  auto const batch = m.reports.take(50, Millis(0));
  if (batch.empty()) return;
  engine::Touched touched;
  if (bugs_.answer_before_commit) {
    for (auto const& in : batch) {
      v1::Envelope e;
      auto& a = *e.mutable_report_answer();
      a.set_district(in.report.district);
      a.set_spool_id(in.spool_id);
      a.set_seq(in.seq);
      a.set_report_id(in.report.report_id);
      a.set_outcome(v1::ReportAnswer::COMMITTED);
      reply(in.peer, e);
    }
    m.report_writer->process(batch, clock_.now(), touched);
    return;
  }
  auto answers = m.report_writer->process(batch, clock_.now(), touched);
  for (auto const& in : batch)
    m.ownership.note_cursor(in.report.district, in.spool_id, m.report_writer->cursor(in.spool_id));
  for (auto& a : answers) {
    a.answer.set_epoch(epoch());
    v1::Envelope e;
    *e.mutable_report_answer() = std::move(a.answer);
    reply(a.peer, e);
  }
}

void SimDispatcher::work_commands() {
  auto& m = *mind_;
  if (m.held_commands.empty()) m.held_commands = m.commands.take(50, Millis(0));
  if (m.held_commands.empty()) return;
  std::vector<engine::CommandIn> commands;
  std::vector<engine::ReceivedIn> received;
  for (auto const& item : m.held_commands) {
    if (auto const* c = std::get_if<engine::CommandIn>(&item))
      commands.push_back(*c);
    else
      received.push_back(std::get<engine::ReceivedIn>(item));
  }
  engine::Touched touched;
  std::vector<engine::CommandAnswer> answers;
  if (!received.empty())
    for (auto& a : m.command_writer->received(received, clock_.now(), touched)) answers.push_back(std::move(a));
  if (!commands.empty())
    for (auto& a : m.command_writer->process(commands, clock_.now(), touched)) answers.push_back(std::move(a));
  m.held_commands.clear();
  m.doubt = false;
  for (auto const& a : answers) reply(a.peer, engine::to_envelope(a));
}

void SimDispatcher::refuse(engine::CommandQueue::Item const& item) {
  std::visit([&](auto const& in) { reply(in.peer, engine::Peers::nobody_owns(in.peer, in.correlation)); }, item);
}

void SimDispatcher::send(std::string const& peer, std::string const& frame) {
  auto const bar = peer.find('|');
  auto const gateway = peer.substr(0, bar), connection = peer.substr(bar + 1);
  for (auto* g : gateways_)
    if (g->name() == gateway)
      network_.send(name_, gateway, [g, from = name_, connection, frame] { g->deliver(from, connection, frame); });
}

void SimDispatcher::deliver(std::string const& from, std::string const& connection, std::string const& frame) {
  if (up_) mind_->inbox.emplace_back(from + "|" + connection, frame);
}

}  // namespace wangge::sim
