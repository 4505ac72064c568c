// Starting, stopping, and the bus thread: frames in to the queues, answers out to the gateways.
#include "dispatcher/engine/runtime.hpp"

#include <spdlog/spdlog.h>

#include "dispatcher/engine/lanes.hpp"
#include "dispatcher/engine/peers.hpp"

namespace wangge::engine {

namespace {
using namespace std::chrono_literals;

constexpr int kAtOnce = 2000;  // frames taken in before the answers get their turn
}  // namespace

struct Dispatcher::Impl {
  explicit Impl(DispatcherOptions options) : shared(std::move(options)) {}

  Shared shared;
  std::atomic<bool> lanes_done{false};
  std::vector<std::thread> threads;
  std::mutex refused_mutex;
  std::set<std::string> refused_keys;

  void refused(std::string const& key) {
    std::lock_guard lock(refused_mutex);
    if (refused_keys.size() < 1000 && refused_keys.insert(key).second)
      spdlog::warn("bus: somebody with the public key {} was not let in; add it to bus.allowed if it is one of yours",
                   key);
  }

  Peers::Stand stand() const {
    Peers::Stand now;
    now.view = shared.ownership.view();
    std::tie(now.reference_version, now.reference) = shared.reference();
    // Of a backup that began while this epoch stood, as far as is known: an owner that was overtaken says nothing of a
    // backup of what it does not own.
    if (shared.renewed >= shared.verified_backup) now.verified_backup = shared.verified_backup;
    return now;
  }

  void bus_loop(bus::Router& router, bus::Publisher& publisher) {
    Peers peers(shared.options.name, shared.options.credit_bytes,
                [&](std::string const& peer, std::string const& frame) {
                  auto const sent = router.send(peer, frame);
                  return sent == bus::Router::Sent::ok     ? Peers::Sent::ok
                         : sent == bus::Router::Sent::gone ? Peers::Sent::gone
                                                           : Peers::Sent::full;
                });
    auto const cursor = [this](std::string const& district, std::string const& spool) {
      return shared.ownership.cursor(district, spool);
    };
    auto beat_at = Steady::now();
    while (!lanes_done) {
      bus::wait({&router}, shared.wake, 200ms);
      take_in(router, peers);
      peers.greet(stand(), steady_now(), cursor);  // before the answers: those of a new epoch are believed after its welcome
      send_out(router, publisher, peers);
      if (auto const now = Steady::now(); now >= beat_at) {
        beat_at = now + bus::kBeatEvery;
        peers.beat(stand(), steady_now());
        shared.count_gateways = peers.size();
      }
    }
    send_out(router, publisher, peers);
  }

  void take_in(bus::Router& router, Peers& peers) {
    auto const now = stand();
    std::string peer, frame;
    v1::Envelope message;
    for (int n = 0; n < kAtOnce && router.receive(peer, frame); ++n) {
      if (!bus::decode(frame, message)) continue;  // not ours: a gateway never sends such a frame
      auto work = peers.take_in(peer, message, now, steady_now());
      if (!work) continue;
      if (auto* report = std::get_if<ReportIn>(&*work))
        shared.reports.push(std::move(*report));
      else if (auto* command = std::get_if<CommandIn>(&*work))
        queue(std::move(*command));
      else
        queue(std::move(std::get<ReceivedIn>(*work)));
    }
  }

  template <class In>
  void queue(In in) {
    auto const peer = in.peer, correlation = in.correlation;
    if (!shared.commands.push(std::move(in)))
      shared.emit({{peer, bus::encode(Peers::nobody_owns(peer, correlation))}}, {});
  }

  void send_out(bus::Router& router, bus::Publisher& publisher, Peers& peers) {
    Frames frames;
    std::vector<std::string> hints;
    shared.take_out(frames, hints);
    for (auto const& [peer, frame] : frames)
      if (router.send(peer, frame) == bus::Router::Sent::gone) peers.gone(peer);  // it says Hello again when it is back
    for (auto const& hint : hints) publisher.send(hint);
  }
};

Dispatcher::Dispatcher(DispatcherOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Dispatcher::~Dispatcher() {
  stop();
}

void Dispatcher::start() {
  auto& i = *impl_;
  auto const& o = i.shared.options;
  auto context = std::make_shared<bus::Context>(o.keys, [&i](std::string const& key) { i.refused(key); });
  auto router = std::make_shared<bus::Router>(*context, o.bus_endpoint);
  auto publisher = std::make_shared<bus::Publisher>(*context, o.hint_endpoint);
  i.threads.emplace_back([&i, context, router, publisher]() mutable {
    i.bus_loop(*router, *publisher);
    router.reset();  // sockets close on the thread that used them, before their context
    publisher.reset();
  });
  i.threads.emplace_back([&i] { ReportLane(i.shared).run(); });
  i.threads.emplace_back([&i] { CommandLane(i.shared).run(); });
  i.threads.emplace_back([&i] { Watcher(i.shared).run(); });
  i.threads.emplace_back([&i] { Lister(i.shared).run(); });
}

void Dispatcher::stop() {
  auto& i = *impl_;
  if (i.shared.stopping.exchange(true)) return;
  i.shared.reports.ring();
  i.shared.commands.ring();
  i.shared.wake.ring();
  // The bus thread ends last: it carries the lanes' last answers.
  for (std::size_t t = 1; t < i.threads.size(); ++t) i.threads[t].join();
  i.lanes_done = true;
  i.shared.wake.ring();
  if (!i.threads.empty()) i.threads[0].join();
  i.threads.clear();
}

DispatcherHealth Dispatcher::health() const {
  auto const& s = impl_->shared;
  DispatcherHealth h;
  h.owner = s.ownership.owned();
  h.reports_waiting = s.reports.size();
  h.commands_waiting = s.commands.size();
  h.gateways = s.count_gateways;
  h.reports = s.count_reports;
  h.commands = s.count_commands;
  h.batches = s.count_batches;
  h.dead_letters = s.count_dead;
  h.takeovers = s.count_takeovers;
  h.looks = s.count_looks;
  return h;
}

}  // namespace wangge::engine
