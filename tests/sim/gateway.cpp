#include "tests/sim/gateway.hpp"

#include "tests/sim/dispatcher.hpp"

namespace wangge::sim {

namespace {
// The storm lasts minutes, so old is what is older than half of one.
constexpr link::Retention::Rules kRules{std::chrono::seconds(20), std::chrono::seconds(4),
                                        std::chrono::milliseconds(500)};
}  // namespace

SimGateway::SimGateway(std::string name, Clock& clock, Chance& chance, Network& network, Bugs const& bugs)
    : name_(std::move(name)),
      clock_(clock),
      chance_(chance),
      network_(network),
      bugs_(bugs),
      spool_("spool-of-" + name_) {}

void SimGateway::start() {
  up_ = true;
  ++life_;
  spool_.open();
  desk_ = std::make_unique<link::Desk>(spool_.spool_id());
  lines_ = std::make_unique<link::Lines>(dispatchers_.size(), *desk_);
  retention_ = std::make_unique<link::Retention>(kRules);
  connections_.clear();
  for (std::size_t i = 0; i < dispatchers_.size(); ++i)
    connections_.push_back(name_ + "-" + std::to_string(chance_.bits()));
  tick(life_);
}

void SimGateway::crash() {
  tell(clock_, "", [&] { return name_ + " crashes"; });
  up_ = false;
  ++life_;
  lines_.reset();
  desk_.reset();
  group_.clear();  // not yet on the disk: gone
  asked_.clear();
  disk_at_ = inbox_at_ = {};
  spool_.crash(chance_);
}

void SimGateway::on_disk(std::function<void()> job) {
  disk_at_ = std::max(disk_at_, clock_.now()) + Millis(chance_.between(1, 8));
  clock_.at(disk_at_, [this, life = life_, job = std::move(job)] {
    if (life == life_) job();
  });
}

void SimGateway::post(std::function<void()> f) {
  inbox_at_ = std::max(inbox_at_, clock_.now()) + Millis(chance_.between(0, 3));
  clock_.at(inbox_at_, [this, life = life_, f = std::move(f)] {
    if (life != life_) return;
    f();
    drive();
  });
}

std::string SimGateway::owner() const {
  auto const line = lines_ ? lines_->owner("370871") : std::nullopt;
  return line ? dispatchers_[*line]->name() : "";
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
  record.payload = link::to_message(report).SerializeAsString();
  if (bugs_.ack_before_fsync) {
    link::ReportOutcome out;
    out.report_id = report.report_id;
    done(out);
    done = [](link::ReportOutcome) {};
  }
  if (group_.empty()) on_disk([this] { flush(); });
  group_.push_back({std::move(record), clock_.now() + Millis(wait_ms), wait_ms == 0, std::move(done)});
}

// What waits now makes the group.
void SimGateway::flush() {
  auto group = std::make_shared<std::vector<Waiting>>(std::exchange(group_, {}));
  std::vector<spool::Record> records;
  for (auto& w : *group) records.push_back(w.record);
  std::vector<spool::Store::Appended> appended;
  auto kind = spool::GroupCommit::Result::Kind::appended;
  try {
    appended = spool_.append(std::move(records));
  } catch (spool::Full const&) {
    kind = spool::GroupCommit::Result::Kind::full;
  }
  for (std::size_t i = 0; i < group->size(); ++i) {
    spool::GroupCommit::Result result;
    result.kind = kind;
    if (i < appended.size()) result.appended = std::move(appended[i]);
    if (bugs_.refused_forgotten) result.appended.record.refused = false;
    post([this, group, i, result = std::move(result)] {
      auto& w = (*group)[i];
      desk_->appended(result, w.until, w.at_once, std::move(w.done));
    });
  }
}

void SimGateway::send(std::size_t line, v1::Envelope const& e) {
  auto const frame = bus::encode(e);
  auto* d = dispatchers_[line];
  network_.send(name_, d->name(),
                [d, from = name_, connection = connections_[line], frame] { d->deliver(from, connection, frame); });
}

void SimGateway::tick(std::uint64_t life) {
  if (life != life_ || !up_) return;
  for (auto const& word : lines_->due(clock_.now())) {
    if (word.anew) connections_[word.line] = name_ + "-" + std::to_string(chance_.bits());
    v1::Envelope e;
    if (word.hello) {
      e.mutable_hello()->set_gateway(name_);
      e.mutable_hello()->set_connection(connections_[word.line]);
      e.mutable_hello()->set_spool_id(spool_.spool_id());
    } else {
      e.mutable_beat()->set_sent_at(0);
    }
    send(word.line, e);
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
  on_disk([this] { prune(); });
  drive();
  clock_.in(1000, [this, life] { tick(life); });
}

void SimGateway::prune() {
  auto owned = lines_->owned();
  if (bugs_.prune_early)
    for (auto& [district, o] : owned) o.verified_backup = clock_.now();
  try {
    auto const n = retention_->run(spool_, owned, clock_.now());
    pruned_ += n;
    if (n > 0) tell(clock_, "", [&] { return name_ + " drops " + std::to_string(n) + " records"; });
  } catch (spool::Full const&) {  // the next time
  }
}

void SimGateway::drive() {
  auto const todo = desk_->sender().todo(clock_.now());
  work_on_spool(todo);
  for (auto const& f : todo.send) {
    auto const line = lines_->owner(f.district);
    if (!line) continue;
    if (bugs_.never_resend && desk_->sender().times_sent(f.district, f.record.seq) > 1) continue;
    auto record = f.record;
    if (bugs_.forget_number) record.case_no.clear();
    if (bugs_.refused_answered && record.refused) record.refused = false, record.answered = true;
    tell(clock_, record.report_id, [&] {
      return name_ + " sends seq " + std::to_string(record.seq) + " '" + record.case_no + "'" +
             (record.answered ? " answered" : "") + (record.refused ? " refused" : "") + " to " +
             dispatchers_[*line]->name();
    });
    send(*line, link::to_envelope(spool_.spool_id(), record, lines_->epoch(f.district)));
  }
  settle();
}

void SimGateway::work_on_spool(link::Sender::Todo const& todo) {
  for (auto const& r : todo.requeues) {
    if (bugs_.ignore_cursor) continue;
    on_disk([this, r] {
      try {
        auto const n = spool_.requeue_after(r.district, r.cursor);
        tell(clock_, "",
             [&] { return name_ + " requeues " + std::to_string(n) + " after " + std::to_string(r.cursor); });
      } catch (spool::Full const&) {
        post([this, r] { desk_->sender().on_requeue_failed(r, clock_.now()); });
      }
    });
  }
  for (auto const& p : todo.pages)
    on_disk([this, p] {
      auto records =
          std::make_shared<std::vector<spool::Record>>(spool_.queued(p.district, p.after_seq, link::Sender::kPage));
      post([this, p, records] { desk_->on_page(p, std::move(*records)); });
    });
}

void SimGateway::settle() {
  auto outcomes = std::make_shared<std::vector<spool::Store::Outcome>>(desk_->take_outcomes(clock_.now()));
  if (outcomes->empty()) return;
  on_disk([this, outcomes] {
    bool settled = true;
    try {
      spool_.settle(*outcomes);
    } catch (spool::Full const&) {
      settled = bugs_.lost_settle;
    }
    post([this, outcomes, settled] { desk_->noted(*outcomes, settled, clock_.now()); });
  });
}

void SimGateway::ask_envelope(std::string const& district, v1::Envelope e, std::string const& correlation,
                              std::function<void(link::CommandOutcome)> done) {
  auto const line = lines_->owner(district);
  auto const id = e.has_command() ? e.command().command_id() : e.received().task_id();
  tell(clock_, id, [&] { return name_ + " asks " + (line ? dispatchers_[*line]->name() : "nobody"); });
  if (!line) {
    link::CommandOutcome out;
    out.status = 503;
    return done(out);
  }
  send(*line, e);
  asked_[correlation] = {std::move(done), clock_.now() + Millis(5000), id};
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
  std::size_t line = 0;
  while (dispatchers_[line]->name() != from) ++line;
  if (connections_[line] != connection) return;  // of an older connection: that socket is closed
  v1::Envelope e;
  if (!bus::decode(frame, e)) throw Broken("a frame of ours cannot be read");
  if (bugs_.deaf_gateway) {
    if (e.has_hello_again() || e.has_not_owner()) return;
    if (e.has_welcome())
      for (auto& d : *e.mutable_welcome()->mutable_districts()) d.set_epoch(0);
  }
  lines_->take_in(line, e, clock_.now());
  if (e.has_report_answer())
    tell(clock_, e.report_answer().report_id(),
         [&] { return name_ + " hears " + e.report_answer().ShortDebugString(); });
  if (e.has_command_answer() && asked_.contains(e.command_answer().correlation()))
    tell(clock_, asked_.at(e.command_answer().correlation()).id,
         [&] { return name_ + " hears " + e.command_answer().ShortDebugString(); });
  if (e.has_report_answer() && lines_->current(line, e.report_answer()))
    desk_->on_answer(e.report_answer());
  if (e.has_command_answer()) {
    auto const& a = e.command_answer();
    if (auto const it = asked_.find(a.correlation()); it != asked_.end()) {
      auto done = std::move(it->second.done);
      asked_.erase(it);
      done({a.status(), a.code(), a.field(), a.case_no(), a.version(), a.replayed()});
    }
  }
  drive();
}

}  // namespace wangge::sim
