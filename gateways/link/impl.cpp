// The link's one thread: it owns the sockets, drives the desk, the sender and the lines, carries commands, keeps the
// Reference snapshot. The spool is the committer thread's: every job for it has a way back, also when it fails.
#include "gateways/link/impl.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>

namespace wangge::link {

namespace {

using namespace std::chrono_literals;

constexpr auto kTick = 50ms;  // deadlines of waiting callers are met to within this
constexpr auto kHealthEvery = 1s;
constexpr auto kPruneEvery = 10s;   // is it time yet?
constexpr int kEndedForDamage = 4;  // the program's exit code for a check that found damage

core::Instant steady_now() {
  return core::Instant(std::chrono::duration_cast<core::Millis>(std::chrono::steady_clock::now().time_since_epoch()));
}
core::Instant wall_now() {
  return std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
}

std::string random_hex() {
  std::random_device random;
  char text[33];
  std::snprintf(text, sizeof text, "%08x%08x%08x%08x", random(), random(), random(), random());
  return text;
}

CommandOutcome failed(std::int32_t status, char const* code) {
  CommandOutcome out;
  out.status = status;
  out.code = code;
  return out;
}

}  // namespace

Link::Impl::Impl(Options o)
    : options(std::move(o)),
      snapshot(std::make_shared<Snapshot>(std::vector<v1::Reference>{})),
      correlation_stem_(random_hex()),
      retention_(options.retention) {
  std::filesystem::create_directories(options.spool_dir);
  reference_file = options.spool_dir + "/reference.pb";
  snapshot = std::make_shared<Snapshot>(load_reference(reference_file));
  store = options.open_spool ? options.open_spool() : spool::open_sqlite(options.spool_dir, options.spool_free_floor);
  spool_id = store->spool_id();
  desk = std::make_unique<Desk>(spool_id);
  lines = std::make_unique<Lines>(options.dispatchers.size(), *desk);
  committer = std::make_unique<spool::GroupCommit>(*store, options.reports_waiting);
}

void Link::Impl::post(std::function<void()> f) {
  bool ring;
  {
    std::lock_guard lock(inbox_mutex_);
    ring = inbox_.empty();
    inbox_.push_back(std::move(f));
  }
  if (ring) wake.ring();
}

void Link::Impl::run_inbox() {
  std::deque<std::function<void()>> work;
  {
    std::lock_guard lock(inbox_mutex_);
    work.swap(inbox_);
  }
  for (auto& f : work) f();
}

void Link::Impl::submit(core::Report report, std::chrono::milliseconds wait, ReportDone done) {
  spool::Record record;
  record.district = report.district;
  record.report_id = report.report_id;
  record.principal = report.principal;
  record.key = report.key;
  record.body_hash = report.body_hash;
  record.received_at = report.received_at;
  record.payload = to_message(report).SerializeAsString();
  auto const until = steady_now() + wait;
  committer->append(std::move(record),
                    [this, until, wait, done = std::move(done)](spool::GroupCommit::Result result) mutable {
                      post([this, until, wait, done = std::move(done), result = std::move(result)]() mutable {
                        desk->appended(std::move(result), until, wait == 0ms, std::move(done));
                      });
                    });
}

// ---------------------------------------------------------------------------------------------------------------
// Commands

void Link::Impl::ask(std::string const& district, std::function<v1::Envelope(std::string const&)> const& make,
                     CommandDone done) {
  auto const line = lines->owner(district);
  if (!line || !lines->may_ask(*line, steady_now())) return done(failed(503, "no_dispatcher"));
  auto const correlation = correlation_stem_ + std::to_string(++correlations_);
  std::string frame;
  try {
    frame = bus::encode(make(correlation));
  } catch (std::length_error const&) {
    return done(failed(413, "too_large"));
  }
  if (!dealers_[*line]->send(frame)) return done(failed(503, "no_dispatcher"));
  asked_[correlation] = {std::move(done), Steady::now() + options.command_wait, *line};
}

void Link::Impl::on_command_answer(v1::CommandAnswer const& a) {
  auto const it = asked_.find(a.correlation());
  if (it == asked_.end()) return;
  CommandOutcome out{a.status(), a.code(), a.field(), a.case_no(), a.version(), a.replayed()};
  auto done = std::move(it->second.done);
  asked_.erase(it);
  done(out);
}

void Link::Impl::time_out_commands(Steady::time_point now) {
  std::erase_if(asked_, [&](auto& a) {
    if (a.second.until > now) return false;
    a.second.done(failed(504, "outcome_unknown"));
    lines->unanswered(a.second.line, steady_now());
    return true;
  });
}

// ---------------------------------------------------------------------------------------------------------------
// The bus

void Link::Impl::open_sockets() {
  auto const crosses = [](auto const& list) {
    return std::ranges::any_of(list, [](auto& e) { return e.starts_with("tcp://"); });
  };
  bus::Keys keys;
  if ((crosses(options.dispatchers) || crosses(options.hints)) && !options.key_file.empty())
    keys = bus::read_or_make_keys(options.key_file);
  keys.server_key = options.server_key;
  context_ = std::make_unique<bus::Context>(std::move(keys));
  for (auto const& endpoint : options.dispatchers) {
    dealers_.push_back(std::make_unique<bus::Dealer>(*context_, endpoint));
    connections_.push_back(random_hex());
  }
  for (auto const& endpoint : options.hints) hints_.push_back(std::make_unique<bus::Subscriber>(*context_, endpoint));
}

void Link::Impl::take_in(std::size_t line, v1::Envelope const& message) {
  lines->take_in(line, message, steady_now());
  switch (message.body_case()) {
    case v1::Envelope::kReportAnswer:
      if (lines->current(line, message.report_answer())) desk->on_answer(message.report_answer());
      break;
    case v1::Envelope::kCommandAnswer:
      on_command_answer(message.command_answer());
      break;
    case v1::Envelope::kReference:
      on_reference(message.reference());
      break;
    default:
      break;
  }
}

void Link::Impl::on_reference(v1::Reference const& part) {
  auto& parts = reference_parts_;
  if (part.part() == 0) parts.clear();
  if (!parts.empty() && parts.front().version() != part.version()) return;
  if (static_cast<std::int32_t>(parts.size()) != part.part()) return;  // a part is missing: wait for the next whole one
  parts.push_back(part);
  if (static_cast<std::int32_t>(parts.size()) != part.parts()) return;
  std::atomic_store(&snapshot, std::shared_ptr<Snapshot const>(std::make_shared<Snapshot>(parts)));
  committer->with_store(
      [file = reference_file, parts = std::move(parts)](spool::Store&) { save_reference(file, parts); });
  parts.clear();
}

void Link::Impl::speak() {
  for (auto const& word : lines->due(steady_now())) {
    if (word.anew) {
      spdlog::warn("dispatcher {} is silent", options.dispatchers[word.line]);
      dealers_[word.line] = std::make_unique<bus::Dealer>(*context_, options.dispatchers[word.line]);
      connections_[word.line] = random_hex();
    }
    v1::Envelope e;
    if (word.hello) {
      auto& hello = *e.mutable_hello();
      hello.set_gateway(options.gateway_name);
      hello.set_connection(connections_[word.line]);
      hello.set_spool_id(spool_id);
      hello.set_reference_version(std::atomic_load(&snapshot)->version());
    } else {
      e.mutable_beat()->set_sent_at(0);
    }
    dealers_[word.line]->send(bus::encode(e));
  }
  connected = lines->connected();
}

void Link::Impl::send_reports() {
  auto todo = desk->sender().todo(steady_now());
  for (auto const& r : todo.requeues)
    committer->with_store(
        [this, r](spool::Store& s) {
          auto const n = s.requeue_after(r.district, r.cursor);
          if (n == 0) return;
          spdlog::warn("spool: {} records after {} go to the dispatcher again (district {})", n, r.cursor, r.district);
        },
        [this, r](std::string const& why) {
          spdlog::warn("spool: {}; asked again", why);
          post([this, r] { desk->sender().on_requeue_failed(r, steady_now()); });
        });
  for (auto const& p : todo.pages)
    committer->with_store(
        [this, p](spool::Store& s) {
          auto records = s.queued(p.district, p.after_seq, Sender::kPage);
          post([this, p, records = std::move(records)]() mutable { desk->on_page(p, std::move(records)); });
        },
        [this, p](std::string const&) { post([this, p] { desk->sender().on_page_failed(p, steady_now()); }); });
  for (auto const& f : todo.send) {
    auto const line = lines->owner(f.district);
    if (!line) continue;
    if (dealers_[*line]->send(bus::encode(to_envelope(spool_id, f.record, lines->epoch(f.district))))) continue;
    lines->lost(*line);  // full or gone: a welcome starts it again
    break;
  }
  settle();
}

void Link::Impl::settle() {
  auto list = std::make_shared<std::vector<spool::Store::Outcome>>(desk->take_outcomes(steady_now()));
  if (list->empty()) return;
  auto const noted = [this, list](bool settled) {
    post([this, list, settled] { desk->noted(*list, settled, steady_now()); });
  };
  committer->with_store(
      [list, noted](spool::Store& s) {
        s.settle(*list);
        noted(true);
      },
      [noted](std::string const&) { noted(false); });
}

void Link::Impl::take_hints(bus::Subscriber& hints) {
  std::string frame;
  v1::Hint m;
  for (int n = 0; n < 1000 && hints.receive(frame); ++n) {
    if (frame.size() > bus::kFrameBytes * 2 || !m.ParseFromString(frame)) continue;
    Hint hint{m.district(),
              {m.squads().begin(), m.squads().end()},
              {m.holders().begin(), m.holders().end()},
              {m.cases().begin(), m.cases().end()}};
    std::lock_guard lock(hint_mutex);
    if (hint_listener) hint_listener(hint);
  }
}

// ---------------------------------------------------------------------------------------------------------------
// Looking after the spool

void Link::Impl::ask_health() {
  committer->with_store([this](spool::Store& s) {
    auto const h = s.health();
    std::lock_guard lock(health_mutex);
    last_health.queued = h.queued;
    last_health.committed = h.committed;
    last_health.damaged = h.damaged;
    last_health.spool_full = h.full;
  });
}

void Link::Impl::prune() {
  committer->with_store(
      [this, owned = lines->owned()](spool::Store& s) {
        auto const n = retention_.run(s, owned, wall_now());
        if (n == 0) return;
        pruned += n;
        post([this] { prune_at_ = {}; });  // the next slice, after what waits for the disk
      },
      [](std::string const& why) { spdlog::warn("spool: old records could not be dropped: {}", why); });
}

void Link::Impl::fatal(std::string const& why) {
  if (std::exchange(told_fatal_, true)) return;
  spdlog::critical("alarm: {}", why);
  if (options.on_fatal) return options.on_fatal(why);
  spdlog::default_logger()->flush();
  std::_Exit(kEndedForDamage);  // nothing is closed: what a failed fsync left in doubt must not be written on
}

void Link::Impl::guarded_run() {
  try {
    run();
  } catch (std::exception const& e) {
    fatal(std::string("the link to the dispatchers broke: ") + e.what());
  }
}

void Link::Impl::run() {
  std::string frame;
  v1::Envelope message;
  while (!stopping) {
    std::vector<bus::Socket*> sockets;
    for (auto& d : dealers_) sockets.push_back(d.get());
    for (auto& h : hints_) sockets.push_back(h.get());
    bus::wait(sockets, wake, kTick);
    run_inbox();
    for (std::size_t i = 0; i < dealers_.size(); ++i)
      for (int n = 0; n < 4000 && dealers_[i]->receive(frame); ++n)
        if (bus::decode(frame, message)) take_in(i, message);
    for (auto& h : hints_) take_hints(*h);
    speak();
    send_reports();
    auto const now = Steady::now();
    desk->time_out(steady_now());
    time_out_commands(now);
    if (now >= health_at_) {
      health_at_ = now + kHealthEvery;
      ask_health();
    }
    if (now >= prune_at_) {
      prune_at_ = now + std::min<std::chrono::milliseconds>(kPruneEvery, options.retention.every);
      prune();
    }
    if (committer->broken())
      fatal("the spool " + options.spool_dir + " cannot be trusted any more: " + committer->trouble() +
            "; this process ends, and its next start verifies every record");
  }
  run_inbox();
  desk->release();
  for (auto& [id, a] : asked_) a.done(failed(504, "outcome_unknown"));
  asked_.clear();
  settle();
  dealers_.clear();
  hints_.clear();
  context_.reset();
}

}  // namespace wangge::link
