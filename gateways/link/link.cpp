// The link as doors call it, from any thread.
#include "gateways/link/link.hpp"

#include "gateways/link/impl.hpp"

namespace wangge::link {

Link::Link(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Link::~Link() { stop(); }

void Link::start() {
  impl_->open_sockets();
  impl_->thread = std::thread([this] { impl_->guarded_run(); });
}

void Link::stop() {
  auto& i = *impl_;
  if (i.stopping.exchange(true)) return;
  i.wake.ring();
  if (i.thread.joinable()) i.thread.join();
  i.committer->stop();  // what was being written is on the disk; its callers are told below
  i.run_inbox();
}

void Link::submit(core::Report report, std::chrono::milliseconds wait, std::function<void(ReportOutcome)> done) {
  impl_->submit(std::move(report), wait, std::move(done));
}

void Link::ask(core::Command command, std::function<void(CommandOutcome)> done) {
  auto& i = *impl_;
  i.post([&i, command = std::move(command), done = std::move(done)]() mutable {
    auto const district = command.who.district;
    i.ask(district, [&](std::string const& correlation) { return to_envelope(correlation, command); }, std::move(done));
  });
}

void Link::received(core::Principal who, std::string task_id, std::int64_t epoch, core::Instant at,
                    std::function<void(CommandOutcome)> done) {
  auto& i = *impl_;
  i.post([&i, who = std::move(who), task_id = std::move(task_id), epoch, at, done = std::move(done)]() mutable {
    i.ask(
        who.district,
        [&](std::string const& correlation) {
          v1::Envelope e;
          auto& m = *e.mutable_received();
          m.set_correlation(correlation);
          m.set_task_id(task_id);
          m.set_epoch(epoch);
          *m.mutable_who() = to_message(who);
          m.set_received_at(at.time_since_epoch().count());
          return e;
        },
        std::move(done));
  });
}

std::shared_ptr<Reference const> Link::reference() const { return std::atomic_load(&impl_->snapshot); }

void Link::find_report(std::string report_id, std::function<void(std::optional<Known>)> done) {
  auto const shared = std::make_shared<std::function<void(std::optional<Known>)>>(std::move(done));
  auto const find = [report_id, shared](spool::Store& s) {
    auto const record = s.find_report(report_id);
    if (!record || record->refused) return (*shared)(std::nullopt);
    (*shared)(Known{record->report_id, record->principal, record->district, record->case_no, record->case_state,
                    record->state == spool::RecordState::committed, record->place_unusable});
  };
  bool const runs = impl_->committer->with_store(find, [shared](std::string const&) { (*shared)(std::nullopt); });
  if (!runs) (*shared)(std::nullopt);
}

void Link::on_hint(std::function<void(Hint const&)> listener) {
  std::lock_guard lock(impl_->hint_mutex);
  impl_->hint_listener = std::move(listener);
}

Health Link::health() const {
  auto& i = *impl_;
  Health h;
  {
    std::lock_guard lock(i.health_mutex);
    h = i.last_health;
  }
  h.dispatcher_connected = i.connected;
  h.spool_writable = !i.committer->broken();
  h.pruned = i.pruned;
  h.reference_version = reference()->version();
  return h;
}

}  // namespace wangge::link
