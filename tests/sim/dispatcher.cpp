#include "tests/sim/dispatcher.hpp"

#include "tests/core/world.hpp"
#include "tests/sim/gateway.hpp"

namespace wangge::sim {

namespace {
constexpr Millis kTakeOverAfter{6000};  // a standby waits so long after it lost its epoch
}

SimDispatcher::SimDispatcher(std::string name, Clock& clock, Chance& chance, Network& network,
                             std::shared_ptr<storage::MemoryDatabase> database, Bugs const& bugs)
    : name_(std::move(name)), clock_(clock), chance_(chance), network_(network), database_(std::move(database)), bugs_(bugs) {}

void SimDispatcher::start(bool take_over_at_once) {
  up_ = true;
  ++life_;
  retry_at_ = clock_.now() + (take_over_at_once ? Millis(0) : kTakeOverAfter);
  report_queue_ = std::make_unique<engine::ReportQueue>(std::size_t{16} << 20);
  command_queue_ = std::make_unique<engine::CommandQueue>();
  step(life_);
}

void SimDispatcher::crash() {
  up_ = false;
  ++life_;
  peers_.clear();
  held_reports_.clear();
  held_commands_.clear();
  reports_.reset();
  commands_.reset();
  report_store_.reset();
  command_store_.reset();
}

void SimDispatcher::take_over() {
  report_store_ = std::make_unique<storage::MemoryStore>(database_);
  auto const district = report_store_->districts().at(0);
  auto const start = report_store_->take_over(district, name_);
  engine::World world{std::make_shared<core::City const>(report_store_->load_city(district)),
                      std::make_shared<engine::CellIndex const>(report_store_->load_cells(district))};
  auto const alarm = [](std::string const&) {};
  auto reports = std::make_unique<engine::ReportWriter>(district, *report_store_, alarm);
  reports->begin(start, world, report_store_->load_recent(district, clock_.now() - std::chrono::hours(24)));
  command_store_ = std::make_unique<storage::MemoryStore>(database_);
  command_store_->join(district, start.epoch);
  auto commands = std::make_unique<engine::CommandWriter>(district, *command_store_, alarm);
  commands->begin(start.epoch, world);
  reports_ = std::move(reports);
  commands_ = std::move(commands);
  for (auto& [id, p] : peers_) p.welcomed = false;
}

void SimDispatcher::lose(bool to_somebody_else) {
  reports_.reset();
  commands_.reset();
  retry_at_ = clock_.now() + (to_somebody_else ? kTakeOverAfter + Millis(chance_.between(0, 4000)) : Millis(chance_.between(50, 1500)));
  if (!to_somebody_else) return;
  held_reports_.clear();
  for (auto const& [peer, p] : peers_) {
    v1::Envelope e;
    e.mutable_not_owner()->set_district("370871");
    reply(peer, e);
  }
  peers_.clear();
}

void SimDispatcher::step(std::uint64_t life) {
  if (life != life_) return;
  clock_.in(chance_.between(5, 40), [this, life] { step(life); });
  if (paused_until_ > clock_.now()) return;
  try {
    if (!reports_) {
      if (clock_.now() < retry_at_) {
        for (auto const& item : command_queue_->take(100, Millis(0))) refuse(item);
        return;
      }
      take_over();
    }
    for (auto& [id, p] : peers_) {
      if (p.welcomed) continue;
      v1::Envelope e;
      e.mutable_welcome()->set_dispatcher(name_);
      e.mutable_welcome()->set_credit_bytes(64 << 10);
      auto& d = *e.mutable_welcome()->add_districts();
      d.set_district(reports_->district());
      d.set_cursor(reports_->cursor(p.spool_id));
      reply(id, e);
      p.welcomed = true;
    }
    work_reports();
    work_commands();
    if (clock_.now() >= escalate_at_) {
      escalate_at_ = clock_.now() + Millis(2000);
      engine::Touched touched;
      commands_->escalate(clock_.now(), touched);
    }
  } catch (storage::StaleEpoch const&) {
    lose(true);
  } catch (storage::InDoubt const&) {
    lose(false);  // held work is tried again after the take-over: keys and command ids tell
  } catch (storage::Broken const&) {
    for (auto const& item : held_commands_) refuse(item);
    held_commands_.clear();
    lose(false);
  }
}

void SimDispatcher::work_reports() {
  if (held_reports_.empty()) held_reports_ = report_queue_->take(50, Millis(0));
  if (held_reports_.empty()) return;
  engine::Touched touched;
  auto const send = [&](std::vector<engine::ReportOut> answers) {
    for (auto& a : answers) {
      v1::Envelope e;
      *e.mutable_report_answer() = std::move(a.answer);
      reply(a.peer, e);
    }
  };
  if (bugs_.answer_before_commit) {
    for (auto const& in : held_reports_) {
      v1::Envelope e;
      auto& a = *e.mutable_report_answer();
      a.set_district(in.report.district);
      a.set_spool_id(in.spool_id);
      a.set_seq(in.seq);
      a.set_report_id(in.report.report_id);
      a.set_outcome(v1::ReportAnswer::COMMITTED);
      reply(in.peer, e);
    }
    auto batch = std::exchange(held_reports_, {});
    reports_->process(batch, clock_.now(), touched);
    return;
  }
  send(reports_->process(held_reports_, clock_.now(), touched));
  held_reports_.clear();
}

void SimDispatcher::work_commands() {
  if (held_commands_.empty()) held_commands_ = command_queue_->take(50, Millis(0));
  if (held_commands_.empty()) return;
  std::vector<engine::CommandIn> commands;
  std::vector<engine::ReceivedIn> received;
  for (auto const& item : held_commands_) {
    if (auto const* c = std::get_if<engine::CommandIn>(&item)) commands.push_back(*c);
    else received.push_back(std::get<engine::ReceivedIn>(item));
  }
  engine::Touched touched;
  std::vector<engine::CommandAnswer> answers;
  if (!received.empty())
    for (auto& a : commands_->received(received, clock_.now(), touched)) answers.push_back(std::move(a));
  if (!commands.empty())
    for (auto& a : commands_->process(commands, clock_.now(), touched)) answers.push_back(std::move(a));
  held_commands_.clear();
  for (auto const& a : answers) reply(a.peer, engine::to_envelope(a));
}

void SimDispatcher::refuse(engine::CommandQueue::Item const& item) {
  std::visit(
      [&](auto const& in) {
        engine::CommandAnswer a{in.peer, in.correlation, {}, false};
        a.row.status = 503;
        reply(in.peer, engine::to_envelope(a));
      },
      item);
}

void SimDispatcher::reply(std::string const& peer, v1::Envelope const& e) {
  auto const bar = peer.find('|');
  auto const gateway = peer.substr(0, bar), connection = peer.substr(bar + 1);
  auto const frame = bus::encode(e);
  for (auto* g : gateways_)
    if (g->name() == gateway)
      network_.send(name_, gateway, [g, from = name_, connection, frame] { g->deliver(from, connection, frame); });
}

void SimDispatcher::deliver(std::string const& from, std::string const& connection, std::string const& frame) {
  if (!up_) return;
  v1::Envelope e;
  if (!bus::decode(frame, e)) throw Broken("a frame of ours cannot be read");
  auto const peer = from + "|" + connection;
  switch (e.body_case()) {
    case v1::Envelope::kHello: peers_[peer] = {connection, e.hello().spool_id(), false}; break;
    case v1::Envelope::kReport:
      if (auto in = engine::report_in(peer, e.report())) report_queue_->push(std::move(*in));
      break;
    case v1::Envelope::kCommand:
      if (auto in = engine::command_in(peer, e.command())) command_queue_->push(std::move(*in));
      break;
    case v1::Envelope::kReceived:
      if (auto in = engine::received_in(peer, e.received())) command_queue_->push(std::move(*in));
      break;
    case v1::Envelope::kBeat: {
      if (paused_until_ > clock_.now() || !peers_.contains(peer)) break;
      v1::Envelope beat;
      beat.mutable_beat()->set_sent_at(1);
      reply(peer, beat);
      break;
    }
    default: break;
  }
}

}  // namespace wangge::sim
