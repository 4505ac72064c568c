#include "dispatcher/engine/runtime.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <thread>

#include "dispatcher/engine/command_writer.hpp"
#include "dispatcher/engine/ownership.hpp"
#include "dispatcher/engine/queues.hpp"
#include "dispatcher/engine/report_writer.hpp"
#include "storage/postgres_store.hpp"

namespace wangge::engine {

namespace {

using namespace std::chrono_literals;

constexpr auto kIdle = 500ms;             // a lane looks up at least so often
constexpr auto kEscalateEvery = 2s;
constexpr auto kWatchEvery = 1s;          // standing data reach the doors well within 5 s
constexpr auto kBeatOld = 5s;             // a standby takes over after so long without renewal
constexpr std::chrono::milliseconds kBackOffFrom{100}, kBackOffTo{3000};
constexpr auto kTwinsWarmed = std::chrono::hours(24);

core::Instant wall_now() { return std::chrono::time_point_cast<core::Millis>(std::chrono::system_clock::now()); }
using Steady = std::chrono::steady_clock;

}  // namespace

struct Dispatcher::Impl {
  explicit Impl(DispatcherOptions o) : options(std::move(o)), reports(options.queue_bytes) {
    if (!options.open_store)
      options.open_store = [url = options.database_url](std::string const& lane) { return storage::open_postgres(url, lane); };
  }

  DispatcherOptions options;
  ReportQueue reports;
  CommandQueue commands;
  Ownership ownership;
  std::atomic<bool> stopping{false}, lanes_done{false};
  std::vector<std::thread> threads;

  // What the lanes hand to the bus thread.
  std::mutex out_mutex;
  std::vector<std::pair<std::string, std::string>> out_frames;  // peer, frame
  std::vector<std::string> out_hints;
  bus::Wake wake;

  std::mutex reference_mutex;
  std::vector<std::string> reference_frames;
  std::int64_t reference_version = 0;
  std::atomic<bool> reference_changed{false};

  std::atomic<std::uint64_t> count_reports{0}, count_commands{0}, count_batches{0}, count_dead{0}, count_takeovers{0};
  std::atomic<std::size_t> count_gateways{0};

  void alarm(std::string const& text) { spdlog::error("alarm: {}", text); }

  void emit(std::vector<std::pair<std::string, std::string>> frames, Touched const& touched) {
    std::string hint;
    if (!touched.cases.empty() || !touched.squads.empty() || !touched.holders.empty()) hint = hint_frame(touched);
    std::lock_guard lock(out_mutex);
    std::move(frames.begin(), frames.end(), std::back_inserter(out_frames));
    if (!hint.empty()) out_hints.push_back(std::move(hint));
    wake.ring();
  }

  static std::string hint_frame(Touched const& touched) {
    v1::Hint hint;
    hint.set_district(touched.district);
    auto const fill = [](auto* to, std::vector<std::string> from) {
      std::sort(from.begin(), from.end());
      from.erase(std::unique(from.begin(), from.end()), from.end());
      for (auto& s : from) to->Add(std::move(s));
    };
    fill(hint.mutable_squads(), touched.squads);
    fill(hint.mutable_holders(), touched.holders);
    fill(hint.mutable_cases(), touched.cases);
    return hint.SerializeAsString();
  }

  // -------------------------------------------------------------------------------------------------------------
  // Report lane: takes over, then turns queued reports into cases.

  void report_lane() {
    std::unique_ptr<storage::Store> store;
    std::map<std::string, std::unique_ptr<ReportWriter>> writers;
    std::uint64_t generation = 0, worlds = 0;
    std::vector<ReportIn> held;  // a batch whose save broke; first in line after the next take-over
    auto back_off = kBackOffFrom;
    bool wait_for_old_beat = options.standby;

    while (!stopping) {
      try {
        if (!store || ownership.generation() != generation || generation == 0) {
          writers.clear();
          store.reset();
          store = options.open_store("reports");
          if (wait_for_old_beat && !beats_are_old(*store)) {
            held.clear();  // the owner gets them from the spools
            std::this_thread::sleep_for(kWatchEvery);
            continue;
          }
          wait_for_old_beat = false;
          take_over(*store, writers);
          generation = ownership.generation();
          worlds = ownership.worlds();
          back_off = kBackOffFrom;
        }
        if (auto const now_worlds = ownership.worlds(); now_worlds != worlds) {
          worlds = now_worlds;
          auto const view = ownership.view();
          for (auto& [district, writer] : writers)
            if (auto it = view.world.find(district); it != view.world.end()) writer->set_world(it->second);
        }
        if (held.empty()) held = reports.take(options.batch_cap, kIdle);
        if (held.empty()) continue;
        save_reports(writers, held);
        held.clear();
      } catch (storage::StaleEpoch const& e) {
        spdlog::warn("another dispatcher writes here now: {}", e.what());
        ownership.lose(generation);
        generation = 0;
        held.clear();
        wait_for_old_beat = true;
      } catch (std::exception const& e) {
        spdlog::warn("report lane: {}; next try in {} ms", e.what(), back_off.count());
        ownership.lose(generation);
        generation = 0;
        store.reset();
        nap(back_off);
        back_off = std::min<std::chrono::milliseconds>(back_off * 2, kBackOffTo);
      }
    }
  }

  void nap(std::chrono::milliseconds span) {
    auto const until = Steady::now() + span;
    while (!stopping && Steady::now() < until) std::this_thread::sleep_for(20ms);
  }

  bool beats_are_old(storage::Store& store) {
    for (auto const& district : store.districts())
      if (auto const age = store.beat_age(district); age && *age < kBeatOld) return false;
    return true;
  }

  void take_over(storage::Store& store, std::map<std::string, std::unique_ptr<ReportWriter>>& writers) {
    std::map<std::string, std::int64_t> epochs;
    std::map<std::string, World> world;
    ownership.forget_cursors();
    for (auto const& district : store.districts()) {
      auto const start = store.take_over(district, options.name);
      World w{std::make_shared<core::City const>(store.load_city(district)),
              std::make_shared<CellIndex const>(store.load_cells(district))};
      auto writer = std::make_unique<ReportWriter>(district, store, [this](std::string const& t) { alarm(t); });
      writer->begin(start, w, store.load_recent(district, wall_now() - kTwinsWarmed));
      for (auto const& [spool, seq] : start.cursors) ownership.note_cursor(district, spool, seq);
      epochs[district] = start.epoch;
      world[district] = std::move(w);
      writers[district] = std::move(writer);
      spdlog::info("district {} taken over, epoch {}, {} cells", district, start.epoch, world[district].cells->size());
    }
    if (epochs.empty()) throw storage::Broken("the database holds no district yet");
    publish_reference(store, world);
    ownership.taken(std::move(epochs), std::move(world));
    ++count_takeovers;
    commands.ring();
    wake.ring();
  }

  void save_reports(std::map<std::string, std::unique_ptr<ReportWriter>>& writers, std::vector<ReportIn> const& batch) {
    auto const& district = batch.front().report.district;
    std::vector<std::pair<std::string, std::string>> frames;
    Touched touched;
    auto const it = writers.find(district);
    if (it == writers.end()) {
      for (auto const& in : batch) frames.emplace_back(in.peer, not_owner(district));
    } else {
      auto answers = it->second->process(batch, wall_now(), touched);
      for (auto const& in : batch) ownership.note_cursor(district, in.spool_id, it->second->cursor(in.spool_id));
      for (auto& a : answers) {
        if (a.answer.outcome() == v1::ReportAnswer::DEAD_LETTER) ++count_dead;
        v1::Envelope e;
        *e.mutable_report_answer() = std::move(a.answer);
        frames.emplace_back(std::move(a.peer), bus::encode(e));
      }
      count_reports += batch.size();
      ++count_batches;
    }
    emit(std::move(frames), touched);
  }

  static std::string not_owner(std::string const& district) {
    v1::Envelope e;
    e.mutable_not_owner()->set_district(district);
    return bus::encode(e);
  }

  // -------------------------------------------------------------------------------------------------------------
  // Command lane: joins the epoch; while nothing is owned every command is answered 503 at once, nothing done.

  void command_lane() {
    std::unique_ptr<storage::Store> store;
    std::map<std::string, std::unique_ptr<CommandWriter>> writers;
    std::uint64_t generation = 0, worlds = 0;
    std::vector<CommandQueue::Item> held;  // in doubt: the command ids tell after the next take-over
    auto escalate_at = Steady::now() + kEscalateEvery;
    auto held_until = Steady::time_point{};

    while (!stopping) {
      try {
        auto const view = ownership.view();
        if (view.generation == 0) {
          writers.clear();
          store.reset();
          generation = 0;
          if (!held.empty() && Steady::now() > held_until) held.clear();  // the callers have their 504 by now
          refuse(commands.take(CommandQueue::kMost, 50ms), 503);
          continue;
        }
        if (!store || generation != view.generation) {
          writers.clear();
          store = options.open_store("commands");
          for (auto const& [district, epoch] : view.epochs) {
            store->join(district, epoch);
            auto writer = std::make_unique<CommandWriter>(district, *store, [this](std::string const& t) { alarm(t); });
            writer->begin(epoch, view.world.at(district));
            writers[district] = std::move(writer);
          }
          generation = view.generation;
          worlds = view.worlds;
        } else if (worlds != view.worlds) {
          worlds = view.worlds;
          for (auto& [district, writer] : writers) writer->set_world(view.world.at(district));
        }
        if (held.empty()) held = commands.take(options.batch_cap, kIdle / 2);
        if (!held.empty()) save_commands(writers, held);
        held.clear();
        if (Steady::now() >= escalate_at) {
          escalate_at = Steady::now() + kEscalateEvery;
          for (auto& [district, writer] : writers) {
            Touched touched;
            writer->escalate(wall_now(), touched);
            emit({}, touched);
          }
        }
      } catch (storage::InDoubt const& e) {
        spdlog::warn("command lane, commit in doubt: {}", e.what());
        held_until = Steady::now() + 5s;
        ownership.lose(generation);
        reports.ring();
        generation = 0;
      } catch (std::exception const& e) {
        spdlog::warn("command lane: {}", e.what());
        refuse(std::move(held), 503);
        held.clear();
        ownership.lose(generation);
        reports.ring();
        generation = 0;
      }
    }
    refuse(commands.take(CommandQueue::kMost, 0ms), 503);
  }

  void refuse(std::vector<CommandQueue::Item> items, std::int32_t status) {
    std::vector<std::pair<std::string, std::string>> frames;
    for (auto const& item : items)
      std::visit(
          [&](auto const& in) {
            CommandAnswer a{in.peer, in.correlation, {}, false};
            a.row.status = status;
            a.row.code = "no_dispatcher";
            frames.emplace_back(in.peer, bus::encode(to_envelope(a)));
          },
          item);
    if (!frames.empty()) emit(std::move(frames), {});
  }

  void save_commands(std::map<std::string, std::unique_ptr<CommandWriter>>& writers,
                     std::vector<CommandQueue::Item> const& items) {
    std::map<std::string, std::pair<std::vector<CommandIn>, std::vector<ReceivedIn>>> by_district;
    for (auto const& item : items) {
      if (auto const* c = std::get_if<CommandIn>(&item)) by_district[c->command.who.district].first.push_back(*c);
      else if (auto const* r = std::get_if<ReceivedIn>(&item)) by_district[r->who.district].second.push_back(*r);
    }
    for (auto& [district, work] : by_district) {
      auto const it = writers.find(district);
      if (it == writers.end()) {
        std::vector<CommandQueue::Item> all(work.first.begin(), work.first.end());
        all.insert(all.end(), work.second.begin(), work.second.end());
        refuse(std::move(all), 404);
        continue;
      }
      Touched touched;
      std::vector<std::pair<std::string, std::string>> frames;
      if (!work.second.empty())
        for (auto& a : it->second->received(work.second, wall_now(), touched))
          frames.emplace_back(a.peer, bus::encode(to_envelope(a)));
      if (!work.first.empty())
        for (auto& a : it->second->process(work.first, wall_now(), touched))
          frames.emplace_back(a.peer, bus::encode(to_envelope(a)));
      count_commands += frames.size();
      ++count_batches;
      emit(std::move(frames), touched);
    }
  }

  // -------------------------------------------------------------------------------------------------------------
  // Watcher: renews the beat, notices changed standing data and tokens.

  void watcher() {
    std::unique_ptr<storage::Store> store;
    std::map<std::string, std::int64_t> cities;
    std::int64_t tokens = -1;
    std::uint64_t generation = 0;
    while (!stopping) {
      nap(kWatchEvery);
      auto const view = ownership.view();
      if (view.generation == 0) continue;
      try {
        if (!store) store = options.open_store("watch");
        if (generation != view.generation) {
          generation = view.generation;
          cities.clear();
          for (auto const& [district, w] : view.world) cities[district] = w.city->version;
        }
        bool changed = false;
        for (auto const& [district, epoch] : view.epochs) {
          store->renew(district, epoch);
          auto const version = store->city_version(district);
          if (version == cities[district]) continue;
          ownership.change(district, {std::make_shared<core::City const>(store->load_city(district)),
                                      std::make_shared<CellIndex const>(store->load_cells(district))});
          cities[district] = version;
          changed = true;
          spdlog::info("district {}: standing data version {}", district, version);
        }
        auto const version = store->token_version();
        changed |= version != tokens && tokens != -1;
        tokens = version;
        if (changed) publish_reference(*store, ownership.view().world);
      } catch (storage::StaleEpoch const&) {
        // The lanes find out by their own writes; a beat that is not ours must not be renewed.
        store.reset();
      } catch (std::exception const& e) {
        spdlog::warn("watcher: {}", e.what());
        store.reset();
      }
    }
  }

  void publish_reference(storage::Store& store, std::map<std::string, World> const& world) {
    std::int64_t version = 0;
    auto const tokens = store.load_tokens(&version);
    ++version;  // a gateway without a snapshot holds version 0
    std::vector<std::shared_ptr<core::City const>> cities;
    for (auto const& [district, w] : world) {
      cities.push_back(w.city);
      version += w.city->version;
    }
    std::vector<std::string> frames;
    for (auto& part : reference(cities, tokens, version)) {
      v1::Envelope e;
      *e.mutable_reference() = std::move(part);
      frames.push_back(bus::encode(e));
    }
    std::lock_guard lock(reference_mutex);
    reference_frames = std::move(frames);
    reference_version = version;
    reference_changed = true;
    wake.ring();
  }

  // -------------------------------------------------------------------------------------------------------------
  // Bus thread

  struct Peer {
    std::string gateway, spool_id;
    std::int64_t reference = 0;
    Steady::time_point heard{};
    std::uint64_t welcomed = 0;  // the generation it was told of
  };

  void bus_loop(bus::Router& router, bus::Publisher& publisher) {
    std::map<std::string, Peer> peers;
    auto beat_at = Steady::now();
    while (!lanes_done) {
      bus::wait({&router}, wake, 200ms);
      std::string peer, frame;
      v1::Envelope message;
      for (int n = 0; n < 2000 && router.receive(peer, frame); ++n) {
        if (!bus::decode(frame, message)) continue;  // not ours: a gateway never sends such a frame
        take_in(peers, peer, message);
      }
      send_out(router, publisher, peers);
      greet(router, peers);
      if (auto const now = Steady::now(); now >= beat_at) {
        beat_at = now + bus::kBeatEvery;
        v1::Envelope beat;
        beat.mutable_beat()->set_sent_at(wall_now().time_since_epoch().count());
        auto const bytes = bus::encode(beat);
        std::erase_if(peers, [&](auto const& p) { return now - p.second.heard > 3 * bus::kSilentAfter; });
        for (auto const& [id, p] : peers) router.send(id, bytes);
        count_gateways = peers.size();
      }
    }
    send_out(router, publisher, peers);
  }

  void take_in(std::map<std::string, Peer>& peers, std::string const& peer, v1::Envelope& message) {
    if (auto it = peers.find(peer); it != peers.end()) it->second.heard = Steady::now();
    switch (message.body_case()) {
      case v1::Envelope::kHello: {
        auto& p = peers[peer];
        p = {message.hello().gateway(), message.hello().spool_id(), message.hello().reference_version(), Steady::now(), 0};
        break;
      }
      case v1::Envelope::kReport:
        if (auto in = report_in(peer, message.report())) reports.push(std::move(*in));
        break;
      case v1::Envelope::kCommand:
        if (auto in = command_in(peer, message.command())) queue_command(std::move(*in));
        break;
      case v1::Envelope::kReceived:
        if (auto in = received_in(peer, message.received())) queue_command(std::move(*in));
        break;
      default:
        break;
    }
  }

  void queue_command(CommandQueue::Item item) {
    if (!ownership.owned()) return refuse({std::move(item)}, 503);
    auto copy = item;
    if (!commands.push(std::move(item))) refuse({std::move(copy)}, 503);
  }

  void send_out(bus::Router& router, bus::Publisher& publisher, std::map<std::string, Peer>& peers) {
    std::vector<std::pair<std::string, std::string>> frames;
    std::vector<std::string> hints;
    {
      std::lock_guard lock(out_mutex);
      frames.swap(out_frames);
      hints.swap(out_hints);
    }
    for (auto const& [peer, frame] : frames)
      if (router.send(peer, frame) == bus::Router::Sent::gone) peers.erase(peer);  // it says Hello again when it is back
    for (auto const& hint : hints) publisher.send(hint);
  }

  // Welcomes whoever has not heard of the present take-over, and sends the newest Reference to whoever holds another.
  void greet(bus::Router& router, std::map<std::string, Peer>& peers) {
    auto const view = ownership.view();
    if (view.generation == 0) return;
    std::vector<std::string> reference;
    std::int64_t version;
    {
      std::lock_guard lock(reference_mutex);
      version = reference_version;
      for (auto const& [id, p] : peers)
        if (p.reference != version) {
          reference = reference_frames;
          break;
        }
    }
    for (auto& [id, p] : peers) {
      if (p.welcomed != view.generation) {
        v1::Envelope e;
        auto& w = *e.mutable_welcome();
        w.set_dispatcher(options.name);
        w.set_credit_bytes(options.credit_bytes);
        for (auto const& [district, epoch] : view.epochs) {
          auto& d = *w.add_districts();
          d.set_district(district);
          d.set_epoch(epoch);
          d.set_cursor(ownership.cursor(district, p.spool_id));
        }
        if (router.send(id, bus::encode(e)) == bus::Router::Sent::ok) p.welcomed = view.generation;
      }
      if (p.reference != version) {
        bool sent = true;
        for (auto const& part : reference) sent = sent && router.send(id, part) == bus::Router::Sent::ok;
        if (sent) p.reference = version;
      }
    }
  }
};

Dispatcher::Dispatcher(DispatcherOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Dispatcher::~Dispatcher() { stop(); }

void Dispatcher::start() {
  auto& i = *impl_;
  auto context = std::make_shared<bus::Context>(i.options.keys);
  auto router = std::make_shared<bus::Router>(*context, i.options.bus_endpoint);
  auto publisher = std::make_shared<bus::Publisher>(*context, i.options.hint_endpoint);
  i.threads.emplace_back([&i, context, router, publisher]() mutable {
    i.bus_loop(*router, *publisher);
    router.reset();  // sockets close on the thread that used them, before their context
    publisher.reset();
  });
  i.threads.emplace_back([&i] { i.report_lane(); });
  i.threads.emplace_back([&i] { i.command_lane(); });
  i.threads.emplace_back([&i] { i.watcher(); });
}

void Dispatcher::stop() {
  auto& i = *impl_;
  if (i.stopping.exchange(true)) return;
  i.reports.ring();
  i.commands.ring();
  i.wake.ring();
  // The bus thread ends last: it carries the lanes' last answers.
  for (std::size_t t = 1; t < i.threads.size(); ++t) i.threads[t].join();
  i.lanes_done = true;
  i.wake.ring();
  if (!i.threads.empty()) i.threads[0].join();
  i.threads.clear();
}

DispatcherHealth Dispatcher::health() const {
  auto const& i = *impl_;
  DispatcherHealth h;
  h.owner = i.ownership.owned();
  h.reports_waiting = i.reports.size();
  h.commands_waiting = i.commands.size();
  h.gateways = i.count_gateways;
  h.reports = i.count_reports;
  h.commands = i.count_commands;
  h.batches = i.count_batches;
  h.dead_letters = i.count_dead;
  h.takeovers = i.count_takeovers;
  return h;
}

}  // namespace wangge::engine
