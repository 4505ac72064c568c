#include "gateways/link/link.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <deque>
#include <filesystem>
#include <mutex>
#include <random>
#include <thread>
#include <unordered_map>

#include "gateways/link/desk.hpp"
#include "gateways/link/messages.hpp"
#include "gateways/link/reference.hpp"

namespace wangge::link {

namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto kTick = 50ms;  // deadlines of waiting callers are met to within this
constexpr auto kHealthEvery = 1s;

core::Instant steady_now() {
  return core::Instant(std::chrono::duration_cast<core::Millis>(Steady::now().time_since_epoch()));
}

std::string random_hex() {
  std::random_device random;
  char text[33];
  std::snprintf(text, sizeof text, "%08x%08x%08x%08x", random(), random(), random(), random());
  return text;
}

}  // namespace

struct Link::Impl {
  using ReportDone = std::function<void(ReportOutcome)>;
  using CommandDone = std::function<void(CommandOutcome)>;

  struct Dispatcher {  // one endpoint
    std::string endpoint;
    std::unique_ptr<bus::Dealer> dealer;
    std::string connection;
    bool connected = false;
    Steady::time_point heard{}, hello_at{};
    std::vector<std::string> districts;
  };

  struct Asked {
    CommandDone done;
    Steady::time_point until;
  };

  explicit Impl(Options o) : options(std::move(o)), snapshot(std::make_shared<Snapshot>(std::vector<v1::Reference>{})) {
    std::filesystem::create_directories(options.spool_dir);
    reference_file = options.spool_dir + "/reference.pb";
    snapshot = std::make_shared<Snapshot>(load_reference(reference_file));
    store = spool::open_sqlite(options.spool_dir, options.spool_free_floor);
    spool_id = store->spool_id();
    desk = std::make_unique<Desk>(spool_id);
    committer = std::make_unique<spool::GroupCommit>(*store, options.reports_waiting);
  }

  Options options;
  std::string reference_file, spool_id;
  std::unique_ptr<spool::Store> store;
  std::unique_ptr<spool::GroupCommit> committer;
  std::shared_ptr<Snapshot const> snapshot;  // swapped with std::atomic_load/store
  std::function<void(Hint const&)> hint_listener;
  mutable std::mutex hint_mutex, health_mutex;
  Health last_health;
  std::atomic<bool> connected{false}, stopping{false};
  std::thread thread;
  bus::Wake wake;

  // From any thread to the link's own: closures run there in order.
  std::mutex inbox_mutex;
  std::deque<std::function<void()>> inbox;
  void post(std::function<void()> f) {
    bool ring;
    {
      std::lock_guard lock(inbox_mutex);
      ring = inbox.empty();
      inbox.push_back(std::move(f));
    }
    if (ring) wake.ring();
  }

  // Only on the link's thread from here on.
  std::vector<Dispatcher> dispatchers;
  std::map<std::string, std::size_t> owner;  // district -> index in dispatchers
  std::unique_ptr<Desk> desk;
  std::unordered_map<std::string, Asked> asked;
  std::vector<v1::Reference> reference_parts;
  std::uint64_t correlations = 0;
  std::string const correlation_stem = random_hex();

  // -------------------------------------------------------------------------------------------------------------
  // Reports

  void submit(core::Report report, std::chrono::milliseconds wait, ReportDone done) {
    spool::Record record;
    record.district = report.district;
    record.report_id = report.report_id;
    record.principal = report.principal;
    record.key = report.key;
    record.body_hash = report.body_hash;
    record.received_at = report.received_at;
    record.answered = wait == 0ms;
    record.payload = to_message(report).SerializeAsString();
    auto const until = steady_now() + wait;
    committer->append(std::move(record), [this, until, wait, done = std::move(done)](spool::GroupCommit::Result result) mutable {
      post([this, until, wait, done = std::move(done), result = std::move(result)]() mutable {
        desk->appended(std::move(result), until, wait == 0ms, std::move(done));
      });
    });
  }

  // -------------------------------------------------------------------------------------------------------------
  // Commands

  void ask(std::string const& district, std::function<v1::Envelope(std::string const&)> make, CommandDone done) {
    CommandOutcome away;
    away.status = 503;
    away.code = "no_dispatcher";
    auto const it = owner.find(district);
    if (it == owner.end()) return done(away);
    auto const correlation = correlation_stem + std::to_string(++correlations);
    std::string frame;
    try {
      frame = bus::encode(make(correlation));
    } catch (std::length_error const&) {
      away.status = 413;
      away.code = "too_large";
      return done(away);
    }
    if (!dispatchers[it->second].dealer->send(frame)) return done(away);
    asked[correlation] = {std::move(done), Steady::now() + options.command_wait};
  }

  void on_command_answer(v1::CommandAnswer const& a) {
    auto const it = asked.find(a.correlation());
    if (it == asked.end()) return;
    CommandOutcome out{a.status(), a.code(), a.field(), a.case_no(), a.version(), a.replayed()};
    auto done = std::move(it->second.done);
    asked.erase(it);
    done(out);
  }

  void time_out_commands(Steady::time_point now) {
    for (auto it = asked.begin(); it != asked.end();) {
      if (it->second.until > now) {
        ++it;
        continue;
      }
      CommandOutcome out;
      out.status = 504;
      out.code = "outcome_unknown";
      it->second.done(out);
      it = asked.erase(it);
    }
  }

  // -------------------------------------------------------------------------------------------------------------
  // The bus

  void take_in(Dispatcher& d, std::size_t index, v1::Envelope const& message) {
    d.heard = Steady::now();
    switch (message.body_case()) {
      case v1::Envelope::kWelcome: on_welcome(d, index, message.welcome()); break;
      case v1::Envelope::kReportAnswer: desk->on_answer(message.report_answer()); break;
      case v1::Envelope::kCommandAnswer: on_command_answer(message.command_answer()); break;
      case v1::Envelope::kReference: on_reference(message.reference()); break;
      case v1::Envelope::kNotOwner:
        if (auto it = owner.find(message.not_owner().district()); it != owner.end() && it->second == index) {
          desk->sender().on_lost(it->first);
          owner.erase(it);
        }
        break;
      default: break;
    }
  }

  void on_welcome(Dispatcher& d, std::size_t index, v1::Welcome const& w) {
    d.connected = true;
    d.districts.clear();
    std::map<std::string, std::int64_t> cursors;
    for (auto const& district : w.districts()) {
      d.districts.push_back(district.district());
      owner[district.district()] = index;
      cursors[district.district()] = district.cursor();
    }
    desk->sender().on_welcome(cursors, w.credit_bytes());
  }

  void on_reference(v1::Reference const& part) {
    if (part.part() == 0) reference_parts.clear();
    if (!reference_parts.empty() && reference_parts.front().version() != part.version()) return;
    if (static_cast<std::int32_t>(reference_parts.size()) != part.part()) return;  // a part is missing: wait for the next whole one
    reference_parts.push_back(part);
    if (static_cast<std::int32_t>(reference_parts.size()) != part.parts()) return;
    std::atomic_store(&snapshot, std::shared_ptr<Snapshot const>(std::make_shared<Snapshot>(reference_parts)));
    committer->with_store([file = reference_file, parts = std::move(reference_parts)](spool::Store&) { save_reference(file, parts); });
    reference_parts.clear();
  }

  void lost(std::size_t index) {
    auto& d = dispatchers[index];
    d.connected = false;
    for (auto it = owner.begin(); it != owner.end();) {
      if (it->second != index) {
        ++it;
        continue;
      }
      desk->sender().on_lost(it->first);
      it = owner.erase(it);
    }
  }

  void beat(bus::Context& context) {
    auto const now = Steady::now();
    for (std::size_t i = 0; i < dispatchers.size(); ++i) {
      auto& d = dispatchers[i];
      if (d.connected && now - d.heard > bus::kSilentAfter) {
        spdlog::warn("dispatcher {} is silent", d.endpoint);
        lost(i);
        // A new socket is a new routing id: nothing of the old connection can be mistaken for the new one.
        d.dealer = std::make_unique<bus::Dealer>(context, d.endpoint);
        d.hello_at = {};
      }
      if (now < d.hello_at) continue;
      d.hello_at = now + bus::kBeatEvery;
      v1::Envelope e;
      if (d.connected) {
        e.mutable_beat()->set_sent_at(0);
      } else {
        auto& hello = *e.mutable_hello();
        hello.set_gateway(options.gateway_name);
        hello.set_connection(d.connection);
        hello.set_spool_id(spool_id);
        hello.set_reference_version(std::atomic_load(&snapshot)->version());
      }
      d.dealer->send(bus::encode(e));
    }
    connected = std::any_of(dispatchers.begin(), dispatchers.end(), [](auto const& d) { return d.connected; });
  }

  void send_reports() {
    auto todo = desk->sender().todo(steady_now());
    for (auto const& r : todo.requeues)
      committer->with_store([r](spool::Store& s) {
        if (auto const n = s.requeue_after(r.district, r.cursor); n > 0)
          spdlog::warn("spool: {} records after {} go to the dispatcher again (district {})", n, r.cursor, r.district);
      });
    for (auto const& p : todo.pages)
      committer->with_store([this, p](spool::Store& s) {
        auto records = s.queued(p.district, p.after_seq, Sender::kPage);
        post([this, p, records = std::move(records)]() mutable { desk->sender().on_page(p, std::move(records)); });
      });
    for (auto& f : todo.send) {
      auto const it = owner.find(f.district);
      if (it == owner.end()) continue;
      try {
        if (!dispatchers[it->second].dealer->send(bus::encode(to_envelope(spool_id, f.record)))) {
          desk->sender().on_lost(f.district);  // full or gone: a welcome starts it again
          lost(it->second);
          break;
        }
      } catch (std::exception const& e) {
        spdlog::error("alarm: {}", e.what());  // stays in the spool, in sight of `wangge spool`
      }
    }
    settle();
  }

  void settle() {
    if (auto list = desk->take_outcomes(); !list.empty())
      committer->with_store([list = std::move(list)](spool::Store& s) { s.settle(list); });
  }

  void run() {
    bus::Context context;
    for (auto const& endpoint : options.dispatchers) {
      Dispatcher d;
      d.endpoint = endpoint;
      d.connection = random_hex();
      d.dealer = std::make_unique<bus::Dealer>(context, endpoint);
      dispatchers.push_back(std::move(d));
    }
    std::vector<std::unique_ptr<bus::Subscriber>> hints;
    for (auto const& endpoint : options.hints) hints.push_back(std::make_unique<bus::Subscriber>(context, endpoint));
    auto health_at = Steady::now();
    while (!stopping) {
      std::vector<bus::Socket*> sockets;
      for (auto& d : dispatchers) sockets.push_back(d.dealer.get());
      for (auto& h : hints) sockets.push_back(h.get());
      bus::wait(sockets, wake, kTick);
      run_inbox();
      std::string frame;
      v1::Envelope message;
      for (std::size_t i = 0; i < dispatchers.size(); ++i)
        for (int n = 0; n < 4000 && dispatchers[i].dealer->receive(frame); ++n)
          if (bus::decode(frame, message)) take_in(dispatchers[i], i, message);
      for (auto& h : hints) take_hints(*h);
      beat(context);
      send_reports();
      auto const now = Steady::now();
      desk->time_out(steady_now());
      time_out_commands(now);
      if (now >= health_at) {
        health_at = now + kHealthEvery;
        ask_health();
      }
    }
    run_inbox();
    desk->release();
    for (auto& [id, a] : asked) {
      CommandOutcome out;
      out.status = 504;
      out.code = "outcome_unknown";
      a.done(out);
    }
    asked.clear();
    settle();
    dispatchers.clear();
  }

  void run_inbox() {
    std::deque<std::function<void()>> work;
    {
      std::lock_guard lock(inbox_mutex);
      work.swap(inbox);
    }
    for (auto& f : work) f();
  }

  void take_hints(bus::Subscriber& hints) {
    std::string frame;
    v1::Hint m;
    for (int n = 0; n < 1000 && hints.receive(frame); ++n) {
      if (frame.size() > bus::kFrameBytes * 2 || !m.ParseFromString(frame)) continue;
      Hint hint{m.district(), {m.squads().begin(), m.squads().end()}, {m.holders().begin(), m.holders().end()},
                {m.cases().begin(), m.cases().end()}};
      std::lock_guard lock(hint_mutex);
      if (hint_listener) hint_listener(hint);
    }
  }

  void ask_health() {
    committer->with_store([this](spool::Store& s) {
      auto const h = s.health();
      std::lock_guard lock(health_mutex);
      last_health.queued = h.queued;
      last_health.committed = h.committed;
      last_health.damaged = h.damaged;
    });
  }
};

Link::Link(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Link::~Link() { stop(); }

void Link::start() {
  impl_->thread = std::thread([this] { impl_->run(); });
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
  bool const runs = impl_->committer->with_store([report_id, shared](spool::Store& s) {
    auto const record = s.find_report(report_id);
    if (!record || record->state == spool::RecordState::refused) return (*shared)(std::nullopt);
    (*shared)(Known{record->report_id, record->principal, record->district, record->case_no, record->case_state,
                    record->state == spool::RecordState::committed, record->place_unusable});
  });
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
  h.reference_version = reference()->version();
  return h;
}

}  // namespace wangge::link
