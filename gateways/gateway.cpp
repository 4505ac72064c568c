// Wiring, in flow order: the road in, the reads, the doors, the table, the server. And one thread that looks after the
// house: is the database there, which media does nobody name.
#include "gateways/gateway.hpp"

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include <spdlog/spdlog.h>

#include "gateways/console/answered.hpp"
#include "gateways/media/media.hpp"
#include "gateways/routes.hpp"
#include "storage/standing_set.hpp"

namespace wangge::gateway {
namespace {

using namespace std::chrono_literals;

constexpr auto kDatabaseLook = 1s;       // how often the database is asked whether it is there
constexpr auto kDatabaseSilent = 5s;     // longer without an answer: /readyz says degraded
constexpr auto kSweepEvery = 1h;
constexpr int kCrew = 3;                 // reads after an answer; as many as the read model has connections
constexpr std::size_t kCrewWaiting = 4096;
// Each hash takes 32 MiB for a tenth of a second: two at once, and a queue that is worked off within seconds.
constexpr int kHashing = 2;
constexpr std::size_t kHashingWaiting = 48;
// Streams and the keeper have a connection of their own. Few questions, so each may wait its turn; none may hold up a stop.
constexpr storage::Patience kSidePatience{.lease = 2s, .read = 3s, .heavy = 5s};

// What everybody asks may take this long, and holds at most two workers meanwhile (public_door).
constexpr storage::Patience kPublicPatience{.lease = 1s, .read = 3s, .heavy = 6s};

core::Instant now() { return std::chrono::floor<core::Millis>(std::chrono::system_clock::now()); }

class LinkRoad final : public doors::Road {
 public:
  LinkRoad(link::Link& link, console::Answered& answered) : link_(link), answered_(answered) {}
  void submit(core::Report report, std::chrono::milliseconds wait, std::function<void(link::ReportOutcome)> done) override {
    link_.submit(std::move(report), wait, std::move(done));
  }
  void ask(core::Command command, std::function<void(link::CommandOutcome)> done) override {
    auto const noted = [this, case_no = command.case_no, id = command.command_id, done = std::move(done)](link::CommandOutcome const& outcome) {
      // The doctor looks for steps of cases by their number, which begins with the district; an order's does not.
      if (outcome.status == 200 && !core::is_order_no(case_no)) answered_.note({now(), case_no, outcome.version, id});
      done(outcome);
    };
    link_.ask(std::move(command), noted);
  }
  void received(core::Principal who, std::string task_id, std::int64_t epoch, core::Instant at,
                std::function<void(link::CommandOutcome)> done) override {
    link_.received(std::move(who), std::move(task_id), epoch, at, std::move(done));
  }
  std::shared_ptr<link::Reference const> reference() const override { return link_.reference(); }
  void find_report(std::string report_id, std::function<void(std::optional<link::Link::Known>)> done) override {
    link_.find_report(std::move(report_id), std::move(done));
  }
  link::Health health() const override { return link_.health(); }

 private:
  link::Link& link_;
  console::Answered& answered_;
};

// Tokens are looked up in whatever snapshot is the newest, cookies in the book of sessions.
class NewestReference final : public http::Authenticator {
 public:
  NewestReference(doors::Road const& road, sessions::Book const& book) : road_(road), book_(book) {}
  State authenticate(std::string_view bearer, core::Instant at, core::Principal& out) const override {
    return road_.reference()->authenticate(bearer, at, out);
  }
  State session(std::string_view secret, core::Instant at, bool at_it, Browser& out) const override {
    return book_.find(secret, at, at_it, out);
  }

 private:
  doors::Road const& road_;
  sessions::Book const& book_;
};

// The database's absence as the report doors know it.
template <class Ask>
auto asked(Ask&& ask) {
  try {
    return ask();
  } catch (storage::Broken const& e) {
    throw doors::Away(e.what());
  }
}

// Beside the media, not among them: a backup links media, which never change; an unfinished upload does.
std::string uploads_beside(std::string const& media_dir) {
  return (std::filesystem::absolute(media_dir).lexically_normal().parent_path() / "uploads").string();
}

link::Options link_options(GatewayOptions const& o) {
  link::Options out;
  out.gateway_name = o.name;
  out.spool_dir = o.spool_dir;
  out.dispatchers = o.dispatchers;
  out.hints = o.hints;
  out.spool_free_floor = o.free_bytes_floor;
  return out;
}

}  // namespace

struct Gateway::Impl {
  explicit Impl(GatewayOptions given)
      : options(std::move(given)),
        link(link_options(options)),
        answered(options.spool_dir),
        road(link, answered),
        logins(storage::open_logins(options.database_url)),
        book(*logins, options.spool_dir + "/sessions", options.sessions),
        authenticator(road, book),
        reads(console::read_model(options.database_url, options.database_connections)),
        side_reads(console::read_model(options.database_url, 1, kSidePatience)),
        audit_log(options.database_url, options.name),
        trail([this](doors::AuditTrail::Group const& group) { audit_log.write(group); }),
        folder({.dir = options.media_dir, .free_bytes_floor = options.free_bytes_floor}),
        attempts(std::make_unique<console::Attempts>(options.spool_dir + "/attempts", now())),
        crew(std::make_unique<doors::Crew>(kCrew, kCrewWaiting)),
        streams([this](int limit, auto const& told) { return side_reads->pending_pushes(limit, told); },
                [this](core::Principal const& who) { return side_reads->unreceived_of(who); }),
        hints([this](std::string const& district, std::vector<std::string> const& case_nos) {
          return side_reads->scopes_of(district, case_nos);
        }),
        reports(road, *crew, options.answer_wait,
                [this](core::Principal const& who, std::string const& id) { return find_committed(who, id); }),
        media(folder,
              [this](core::Principal const& who, std::string const& id) {
                return asked([&] { return reads->may_read_media(who, id); });
              },
              [this](std::string const& district) { return gallery_allowed(district); }),
        uploads(folder, uploads_beside(options.media_dir), {}, options.free_bytes_floor),
        upload_door(folder, uploads, [this](std::string const& district) { return gallery_allowed(district); }),
        tasks(road, *reads, streams),
        cases(road, *reads, *crew, *attempts),
        statistics(*reads),
        standing(*reads, hints),
        rule_model(options.database_url, 1),
        rules(rule_model),
        hotline_model(options.database_url, 1),
        hotline(road, hotline_model, *crew, *attempts),
        publisher(options.database_url, 1),
        publication(publisher, options.sign),
        desk(*logins, book, hashing, [this](storage::Deed deed) { trail.add(std::move(deed), now()); }, [this] { return home(); }, desk_options()),
        session_door(desk),
        account_door(desk, [this](core::Principal const& who) { return storage::standing::scope_error(options.database_url, who); }),
        audit_pages(options.database_url),
        audit_door(audit_pages),
        provider(options.oidc),
        oidc_door(desk, provider),
        hashing(kHashing, kHashingWaiting),
        people(options.database_url, 2, kSidePatience),
        attendance(people, streams),
        map_model(options.database_url, 2),
        maps(map_model, options.base_map),
        public_model(options.database_url, 1, kPublicPatience),
        everybody(public_model, options.everybody),
        supervision_model(options.database_url, 1),
        supervision(supervision_model, rule_model),
        manage(options.desk),
        desk_records(options.database_url),
        board(desk_records, hints),
        handovers(desk_records),
        desk_door(*reads, desk_records, board),
        pages(vitals()),
        sheets(*reads, {options.sheets_dir, options.public_url, !options.tls_certificate.empty()}),
        photos(*reads, folder),
        suggestions(*reads, rule_model) {
    auto table = routes({reports, media, upload_door, tasks, cases, statistics, standing, rules, hotline, publication, attendance, maps, everybody, handovers,
                         desk_door, pages, session_door, account_door, audit_door, oidc_door, sheets, supervision, manage, photos, suggestions});
    pages.describe(table);
    server = std::make_unique<http::Server>(server_options(), std::move(table), authenticator);
    link.on_hint([this](link::Hint const& hint) {
      streams.wake();
      hints.hint(hint);
    });
  }

  // A district for deeds of names that nobody holds.
  std::string home() {
    std::lock_guard lock(home_mutex);
    try {
      if (home_district.empty())
        if (auto const all = storage::standing::districts_of(options.database_url); !all.empty()) home_district = all.front();
    } catch (storage::Broken const&) {  // then the log alone knows of it
    }
    return home_district;
  }

  sessions::DeskOptions desk_options() const {
    sessions::DeskOptions out;
    out.secure_cookies = secure_cookies();
    out.proxies = options.proxies;
    out.totp_key = options.totp_key;
    if (!options.oidc.issuer.empty()) out.oidc_title = options.oidc.title;
    return out;
  }

  bool secure_cookies() const { return options.secure_cookies || !options.tls_certificate.empty(); }

  http::ServerOptions server_options() {
    http::ServerOptions out;
    out.address = options.address;
    out.port = options.port;
    out.tls_certificate = options.tls_certificate;
    out.tls_key = options.tls_key;
    out.secure_cookies = secure_cookies();
    out.worker_threads = options.worker_threads;
    out.audit = [this](http::Noted const& deed) { trail.note(deed); };
    return out;
  }

  std::optional<patrol::ReportDoor::Committed> find_committed(core::Principal const& who, std::string const& id) {
    return asked([&]() -> std::optional<patrol::ReportDoor::Committed> {
      auto const found = reads->find_report(who.district, id);
      if (!found || found->principal != who.name) return std::nullopt;
      return patrol::ReportDoor::Committed{found->case_no, found->case_state, found->place_unusable};
    });
  }

  // The switch as it was last read: what is known goes on without the database.
  bool gallery_allowed(std::string const& district) {
    try {
      bool const yes = reads->city(district)->policy.gallery_photos;
      std::lock_guard lock(gallery_mutex);
      return gallery[district] = yes;
    } catch (storage::Broken const& e) {
      std::lock_guard lock(gallery_mutex);
      if (auto const known = gallery.find(district); known != gallery.end()) return known->second;
      throw doors::Away(e.what());
    }
  }

  console::Vitals vitals() {
    console::Vitals v;
    v.version = options.version;
    v.link = [this] { return link.health(); };
    v.database = [this] { return std::chrono::steady_clock::now() - database_seen.load() < kDatabaseSilent; };
    v.server = [this] { return server->counts(); };
    v.task_streams = [this] { return streams.connected(); };
    v.hint_streams = [this] { return hints.connected(); };
    v.attempts = [this] { return attempts->size(); };
    v.pushed = [this] { return streams.pushed(); };
    v.audit = [this] { return trail.counts(); };
    for (auto const& [name, ask] : options.parts) v.parts[name] = [this, name = name] { return known_part(name); };
    return v;
  }

  // The health answers come at once, so what may take time is asked by the keeper and remembered.
  std::string known_part(std::string const& name) {
    std::lock_guard lock(parts_mutex);
    auto const found = known_parts.find(name);
    return found == known_parts.end() ? R"({"status":"unknown"})" : found->second;
  }

  void look_at_parts() {
    for (auto const& [name, ask] : options.parts) {
      std::string part;
      try {
        part = ask();
      } catch (std::exception const& e) {
        spdlog::warn("the state of {} cannot be told: {}", name, e.what());
        part = R"({"status":"unknown"})";
      }
      std::lock_guard lock(parts_mutex);
      known_parts[name] = std::move(part);
    }
  }

  void look_after() {
    auto next_sweep = std::chrono::steady_clock::now() + kSweepEvery;
    std::unique_lock lock(mutex);
    while (!stopping) {
      lock.unlock();
      look_at_parts();
      look_at_database();
      if (std::chrono::steady_clock::now() >= next_sweep) {
        sweep_media();
        next_sweep = std::chrono::steady_clock::now() + kSweepEvery;
      }
      lock.lock();
      woken.wait_for(lock, kDatabaseLook, [this] { return stopping; });
    }
  }

  void look_at_database() {
    try {
      side_reads->find_report("", "00000000-0000-0000-0000-000000000000");
      database_seen = std::chrono::steady_clock::now();
    } catch (std::exception const&) {  // /readyz says so; the reads of callers log it
    }
  }

  void sweep_media() {
    try {
      auto const gone = folder.sweep(now() - options.media_unnamed_for,
                                     [this](std::vector<std::string> const& ids) { return side_reads->media_named(ids); });
      if (gone > 0) spdlog::info("{} media files that no case names were removed", gone);
      if (auto const ended = uploads.sweep(now()); ended > 0) spdlog::info("{} uploads expired", ended);
    } catch (std::exception const& e) {
      spdlog::warn("media were not swept: {}", e.what());
    }
  }

  GatewayOptions options;
  link::Link link;
  console::Answered answered;
  LinkRoad road;
  std::unique_ptr<storage::Logins> logins;
  sessions::Book book;
  NewestReference authenticator;
  std::unique_ptr<console::Reads> reads, side_reads;
  storage::AuditLog audit_log;
  doors::AuditTrail trail;
  media::Folder folder;
  std::unique_ptr<console::Attempts> attempts;
  std::unique_ptr<doors::Crew> crew;
  squad::TaskStreams streams;
  console::HintStreams hints;
  patrol::ReportDoor reports;
  patrol::MediaDoor media;
  media::Uploads uploads;
  patrol::UploadDoor upload_door;
  squad::TaskDoor tasks;
  console::CaseDoor cases;
  console::StatisticsDoor statistics;
  console::StandingDoor standing;
  storage::RuleModel rule_model;
  console::RulesDoor rules;
  storage::HotlineModel hotline_model;
  console::HotlineDoor hotline;
  storage::Publisher publisher;
  console::PublicationDoor publication;
  sessions::Desk desk;
  sessions::SessionDoor session_door;
  sessions::AccountDoor account_door;
  storage::AuditPages audit_pages;
  sessions::AuditDoor audit_door;
  sessions::OidcProvider provider;
  sessions::OidcDoor oidc_door;
  doors::Crew hashing;  // behind what it works with: it ends first
  storage::Attendance people;
  console::AttendanceDoor attendance;
  storage::MapModel map_model;
  console::MapDoor maps;
  storage::MapModel public_model;  // a connection of its own: what everybody asks never makes the city wait
  console::PublicDoor everybody;
  storage::SupervisionModel supervision_model;
  console::SupervisionDoor supervision;
  console::ManageDoor manage;
  storage::DeskRecords desk_records;
  console::PresenceBoard board;
  console::HandoverDoor handovers;
  console::DeskDoor desk_door;
  console::PageDoor pages;
  console::SheetDoor sheets;
  console::PhotoDoor photos;
  console::SuggestionDoor suggestions;
  std::unique_ptr<http::Server> server;

  std::mutex home_mutex;
  std::string home_district;

  std::atomic<std::chrono::steady_clock::time_point> database_seen{};
  std::mutex gallery_mutex;
  std::map<std::string, bool> gallery;  // by district
  std::mutex parts_mutex;
  std::map<std::string, std::string> known_parts;
  std::mutex mutex;
  std::condition_variable woken;
  bool stopping = false, running = false;
  std::thread keeper;
  std::uint16_t port = 0;
};

Gateway::Gateway(GatewayOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Gateway::~Gateway() { stop(); }

void Gateway::start() {
  impl_->running = true;
  impl_->link.start();
  impl_->trail.start();
  impl_->book.start();
  impl_->streams.start();
  impl_->hints.start();
  impl_->board.start();
  impl_->keeper = std::thread([this] { impl_->look_after(); });
  impl_->port = impl_->server->start();
}

// The order of a drain: no new requests and the running ones answered, then the road, then the hands that answer.
void Gateway::stop() {
  auto& g = *impl_;
  if (!std::exchange(g.running, false)) return;
  g.board.stop();
  g.streams.stop();
  g.hints.stop();
  g.server->stop();
  g.link.stop();
  g.book.stop();
  g.crew.reset();
  g.attempts.reset();
  g.trail.stop();
  {
    std::lock_guard lock(g.mutex);
    g.stopping = true;
  }
  g.woken.notify_all();
  if (g.keeper.joinable()) g.keeper.join();
}

std::uint16_t Gateway::port() const { return impl_->port; }

}  // namespace wangge::gateway
