// Pretend neighbours of the doors, and the server that carries them.
#include "world.hpp"

#include <algorithm>
#include <stdexcept>

#include <csignal>

#include <sys/resource.h>
#include <unistd.h>

#include "gateways/http/rfc3339.hpp"
#include "gateways/sessions/passwords.hpp"

namespace wangge::test {

namespace json = boost::json;

core::Instant now() { return std::chrono::floor<core::Millis>(std::chrono::system_clock::now()); }

core::Instant at(std::string_view text) {
  auto const read = http::parse_time(text);
  if (!read) throw std::invalid_argument(std::string(text));
  return *read;
}

std::string photo_id(char digit) { return "sha256-" + std::string(64, digit); }

// ------------------------------------------------------------------------------------------------- reference, road

link::Reference::Known FakeReference::known(std::string const&, core::CategoryKey const& key, std::string const& condition,
                                            core::Instant reported_at) const {
  bool const standard = key.standard == "gbt47678.5-2026" && key.kind == "matter";
  bool const there = standard && (key.code == "01001" || (key.code == "01002" && reported_at < at("2026-01-01T00:00:00Z")));
  if (!there) return Known::unknown_category;
  return condition.empty() || condition == "1" || condition == "2" ? Known::yes : Known::unknown_condition;
}

http::Authenticator::State FakeReference::authenticate(std::string_view bearer, core::Instant, core::Principal& out) const {
  if (known_version == 0) return State::no_reference;
  if (bearer == "expired") return State::expired;
  auto const plus = std::min(bearer.find('+'), bearer.size());
  auto const colon = std::min(bearer.find(':'), bearer.size());
  auto const role = core::role_from(bearer.substr(0, std::min(plus, colon)));
  if (!role || *role == core::Role::system) return State::unknown;
  out = {};
  out.role = *role;
  out.name = colon < bearer.size() ? std::string(bearer.substr(colon + 1)) : std::string(core::id(*role));
  out.district = "370871";
  out.backdate = bearer.substr(plus) == "+backdate";
  if (*role == core::Role::reporter) out.sources = {"public", "sensor"};
  if (*role == core::Role::squad_leader || *role == core::Role::disposer) {
    out.unit = "u1";
    out.squad = "s1";
  }
  if (*role == core::Role::unit_clerk || *role == core::Role::unit_head) out.unit = "u1";
  if (out.name == "nobody") out.unit = out.squad = "";
  return State::ok;
}

void FakeRoad::submit(core::Report report, std::chrono::milliseconds wait, std::function<void(link::ReportOutcome)> done) {
  auto outcome = report_outcome;
  outcome.report_id = report.report_id;
  if (wait.count() == 0 && outcome.kind == link::ReportOutcome::Kind::committed && !outcome.replayed)
    outcome.kind = link::ReportOutcome::Kind::queued;
  waits.push_back(wait);
  reports.push_back(std::move(report));
  done(outcome);
}

void FakeRoad::ask(core::Command command, std::function<void(link::CommandOutcome)> done) {
  commands.push_back(std::move(command));
  done(command_outcome);
}

void FakeRoad::received(core::Principal who, std::string task_id, std::int64_t epoch, core::Instant,
                        std::function<void(link::CommandOutcome)> done) {
  receipts.push_back({std::move(who), std::move(task_id), epoch});
  done(command_outcome);
}

void FakeRoad::find_report(std::string report_id, std::function<void(std::optional<link::Link::Known>)> done) {
  auto const found = spooled.find(report_id);
  done(found == spooled.end() ? std::nullopt : std::optional(found->second));
}

// ----------------------------------------------------------------------------------------------------------- reads

namespace {

struct Waiting {
  explicit Waiting(std::atomic<int>& count) : n(count) { ++n; }
  ~Waiting() { --n; }
  std::atomic<int>& n;
};

}  // namespace

void FakeReads::alive() const {
  if (away) throw storage::Broken("the database is away");
  if (!fault.empty()) throw std::runtime_error(fault);
}

std::vector<std::optional<storage::ReadModel::CaseView>> FakeReads::find_cases(
    std::vector<storage::ReadModel::CaseAsked> const& asked) {
  std::vector<std::optional<storage::ReadModel::CaseView>> found;
  for (auto const& one : asked) found.push_back(find_case(one.who, one.case_no));
  return found;
}

std::optional<storage::ReadModel::CaseView> FakeReads::find_case(core::Principal const& who, std::string const& case_no) {
  alive();
  std::lock_guard lock(mutex);
  auto const found = cases.find(case_no);
  if (found == cases.end() || !core::in_scope(who, found->second.row)) return std::nullopt;
  return found->second;
}

storage::Page FakeReads::list_cases(core::Principal const&, storage::CaseFilter const& asked) {
  alive();
  std::lock_guard lock(mutex);
  if (asked.sort == "evil") throw storage::BadFilter("sort", "unknown order");
  filter = asked;
  return {"[{\"case_no\":\"" + std::string(kCaseNo) + "\"}]", "next"};
}

std::string FakeReads::case_counts(core::Principal const&) {
  alive();
  return "{\"state\":{}}";
}

storage::Page FakeReads::page(std::string const& cursor, int limit) const {
  alive();
  return {"[{\"limit\":" + std::to_string(limit) + "}]", cursor.empty() ? "more" : ""};
}

storage::Page FakeReads::history(std::string const&, std::string const&, std::string const& cursor, int limit) {
  return page(cursor, limit);
}

std::optional<core::Case> FakeReads::case_at(std::string const&, std::string const&, std::int64_t version) {
  alive();
  std::lock_guard lock(mutex);
  auto const found = versions.find(version);
  return found == versions.end() ? std::nullopt : std::optional(found->second);
}

std::vector<storage::ReadModel::CaseScope> FakeReads::scopes_of(std::string const& district, std::vector<std::string> const& case_nos) {
  alive();
  Waiting const in_query(waiting);
  std::lock_guard lock(mutex);
  std::vector<storage::ReadModel::CaseScope> out;
  for (auto const& no : case_nos) {
    auto const found = cases.find(no);
    if (found == cases.end() || found->second.row.district != district) continue;
    std::vector<std::string> holders;
    for (auto const& task : found->second.open_tasks)
      if (!task.holder.empty()) holders.push_back(task.holder);
    out.push_back({found->second.row, holders});
  }
  return out;
}

std::optional<storage::ReadModel::ReportView> FakeReads::find_report(std::string const&, std::string const& report_id) {
  alive();
  std::lock_guard lock(mutex);
  auto const found = reports.find(report_id);
  return found == reports.end() ? std::nullopt : std::optional(found->second);
}

storage::Page FakeReads::tasks(core::Principal const&, std::string const& cursor, int limit) { return page(cursor, limit); }

std::vector<storage::TaskPush> FakeReads::pending_pushes(int, std::vector<std::string> const&) {
  alive();
  Waiting const in_query(waiting);
  std::lock_guard lock(mutex);
  return pushes;
}

std::vector<storage::TaskPush> FakeReads::unreceived_of(core::Principal const& who) {
  alive();
  std::lock_guard lock(mutex);
  std::vector<storage::TaskPush> out;
  std::copy_if(pushes.begin(), pushes.end(), std::back_inserter(out), [&](auto const& p) { return squad::concerns(who, p); });
  return out;
}

bool FakeReads::may_read_media(core::Principal const&, std::string const& media_id) {
  alive();
  std::lock_guard lock(mutex);
  return media_id == readable_media;
}

storage::IndicatorTable FakeReads::indicators(storage::ClosureRequest const& request) {
  alive();
  std::lock_guard lock(mutex);
  indicators_asked.push_back(request);
  storage::IndicatorTable table;
  table.by = request.by;
  table.from = request.from;
  table.to = request.to;
  table.as_of = request.as_of;
  table.total.counts["inst_num"] = 51'229;
  table.total.counts["accept_num"] = 51'571;
  return table;
}

storage::ClosureTable FakeReads::closure(storage::ClosureRequest const& request) {
  alive();
  std::lock_guard lock(mutex);
  closure_asked = request;
  storage::ClosureTable table;
  table.by = request.by;
  table.from = request.from;
  table.to = request.to;
  table.as_of = request.as_of;
  return table;
}

std::string FakeReads::light_counts(core::Principal const&, storage::CaseFilter const& asked) {
  alive();
  return asked.light == "red" ? R"({"all":2,"green":0,"yellow":0,"red":2})" : R"({"all":5,"green":3,"yellow":0,"red":2})";
}

std::vector<storage::Handover> FakeDesk::handovers(std::string const&, std::optional<core::Instant> before, int limit) {
  std::vector<storage::Handover> out;
  for (auto it = made.rbegin(); it != made.rend() && static_cast<int>(out.size()) < limit; ++it)
    if (!before || it->second.shift.from < *before) out.push_back(it->second);
  std::sort(out.begin(), out.end(), [](auto const& a, auto const& b) { return a.shift.from > b.shift.from; });
  return out;
}

std::optional<storage::Handover> FakeDesk::handover(std::string const&, std::int64_t number) {
  auto const it = made.find(number);
  return it == made.end() ? std::nullopt : std::optional(it->second);
}

storage::Handover FakeDesk::open_handover(core::Principal const& who, core::DeskShift const& shift, core::Instant now, core::Instant, bool& fresh) {
  for (auto const& [number, h] : made)
    if (h.shift.from == shift.from) return fresh = false, h;
  fresh = true;
  storage::Handover h;
  h.number = static_cast<std::int64_t>(made.size()) + 1, h.version = 1, h.shift = shift, h.opened_at = now, h.opened_by = who.name;
  h.snapshot = R"({"taken_at":"2026-11-24T20:00:00+08:00","open":3,"light":{"red":1,"yellow":1,"green":1,"none":0},"state":{"disposing":3},"urgent":0,"undelivered":0,"requests":{},"plans":[],)"
               R"("red":{"count":1,"items":[{"case_no":"3708712026112400001","state":"disposing","category":{"code":"01001"},"unit":"u1","due_at":"2026-11-24T19:00:00+08:00"}]},)"
               R"("red_soon":{"count":0,"items":[]},"promises":{"count":1,"items":[{"kind":"call","case_no":"3708712026112400001","until":"2026-11-24T22:00:00+08:00","over":false,"by":"h1"}]},)"
               R"("orders":{"count":1,"items":[{"case_no":"3708712026112400001","kind":"supervise","by":"l1","at":"2026-11-24T18:00:00+08:00","until":null,"text":"<b>=1+1"}]}})";
  return made[h.number] = h;
}

std::optional<std::int64_t> FakeDesk::write_handover(core::Principal const&, std::int64_t number, std::int64_t version, std::string const& notes,
                                                     std::optional<core::Instant> taken_anew, core::Instant) {
  auto& h = made.at(number);
  if (h.version != version || !h.outgoing.empty()) return std::nullopt;
  h.notes = notes;
  if (taken_anew) h.opened_at = *taken_anew;
  return ++h.version;
}

std::optional<std::int64_t> FakeDesk::sign_out(core::Principal const& who, storage::Handover const& seen, core::Instant at) {
  auto& h = made.at(seen.number);
  if (h.version != seen.version || !h.outgoing.empty()) return std::nullopt;
  h.outgoing = who.name, h.outgoing_at = at, h.digest = storage::handover_digest(who.district, h);
  return ++h.version;
}

std::optional<std::int64_t> FakeDesk::sign_in(core::Principal const& who, storage::Handover const& seen, core::Instant at, std::string const& remark) {
  auto& h = made.at(seen.number);
  if (h.version != seen.version || h.outgoing.empty() || h.outgoing == who.name || !h.incoming.empty()) return std::nullopt;
  h.incoming = who.name, h.incoming_at = at, h.remark = remark;
  return ++h.version;
}

std::vector<storage::SavedView> FakeDesk::views(core::Principal const& who) {
  std::vector<storage::SavedView> out;
  for (auto const& [id, v] : saved)
    if (v.shared || v.owner == who.name) out.push_back(v);
  return out;
}

bool FakeDesk::drop_view(core::Principal const& who, std::string const& view_id) {
  auto const it = saved.find(view_id);
  if (it == saved.end() || (it->second.owner != who.name && !(it->second.shared && who.role == core::Role::shift_leader))) return false;
  return saved.erase(it), true;
}

std::vector<storage::Looked> FakeDesk::looked(std::string const&, std::string const& case_no) {
  std::lock_guard lock(mutex);
  std::map<std::string, std::string> people;
  for (auto const& [name, no] : looking)
    if (!no.empty() && (case_no.empty() || no == case_no)) people[no] += (people[no].empty() ? "" : ",") + ("{\"name\":\"" + name + "\"}");
  std::vector<storage::Looked> out;
  for (auto const& [no, names] : people) {
    auto const it = leases.find(no);
    out.push_back({no, "{\"case_no\":\"" + no + "\",\"people\":[" + names + "],\"lease\":" + (it == leases.end() ? "null" : "{\"name\":\"" + it->second + "\"}") + "}"});
  }
  return out;
}

bool FakeDesk::take_lease(core::Principal const& who, std::string const& case_no, std::string const& reason) {
  std::lock_guard lock(mutex);
  auto& held = leases[case_no];
  if (!held.empty() && held != who.name && reason.empty()) return false;
  held = who.name;
  return true;
}

void FakeDesk::drop_lease(core::Principal const& who, std::string const& case_no) {
  std::lock_guard lock(mutex);
  auto const it = leases.find(case_no);
  if (it != leases.end() && it->second == who.name) leases.erase(it);
}

storage::ClosureTable FakePublisher::closure(storage::ClosureRequest const& request) {
  storage::ClosureTable table;
  table.by = request.by, table.from = request.from, table.to = request.to, table.as_of = request.as_of;
  storage::ClosureRow row;
  row.key = "u1", row.name = "市政 <一> & 处", row.filed = 12, row.due = 10, row.closed = 9, row.closed_on_time = 8;
  table.rows = {row};
  table.total = row;
  return table;
}

storage::IndicatorTable FakePublisher::indicators(storage::ClosureRequest const& request) {
  storage::IndicatorTable table;
  table.by = request.by, table.label = "2026-10", table.from = request.from, table.to = request.to, table.as_of = request.as_of;
  table.rows = {{"u1", "市政", {{"dispatch_num", 12}, {"archive_num", 9}, {"need_archive_num", 10}, {"intime_dispose_num", 8}, {"need_dispose_num", 10}, {"rework_num", 1}}}};
  return table;
}

storage::Settlement FakePublisher::settlement(storage::ClosureRequest const& request) {
  storage::Settlement table;
  table.from = request.from, table.to = request.to, table.as_of = request.as_of, table.label = "2026-10";
  storage::SettledCompany firm;
  firm.key = "firm", firm.name = "采集公司";
  core::Tariff tariff;
  tariff.id = "valid", tariff.zh = tariff.en = "valid", tariff.item = "valid_report_num", tariff.price = 150;
  firm.tariffs = {tariff};
  firm.people = {{{"p1", "firm", {}, {}, 22}, {{"valid_report_num", 10}, {"report_num", 12}}, {{10, 1500}}, 1500}};
  firm.amounts = {1500}, firm.total = 1500;
  table.companies = {firm};
  return table;
}

storage::MonthState FakePublisher::month_state(std::string const&, core::LocalDay) {
  storage::MonthState state;
  state.month = "2026-09";
  state.stage = core::MonthStage::sealed;
  state.sealed_at = core::Instant{};
  state.sealed_by = "evaluator", state.digest = "d1";
  return state;
}

std::optional<storage::SealCheck> FakePublisher::check_seal(storage::ClosureRequest const& month, Sign const& sign) {
  if (month.from != at("2026-08-31T16:00:00Z")) return std::nullopt;  // only September is sealed
  return storage::SealCheck{"2026-09", "d1", true, sign("x") == "signed x", {{true, "closure unit u1 due 10"}, {false, "closure unit u1 due 11"}}};
}

storage::MonthState FakePublisher::seal(storage::ClosureRequest const& month, std::string const& who, Sign const& sign) {
  if (!refused.empty()) throw storage::SealRefused(refused, "不能封存", {"3708712026100100001"});
  sealed_by = who + " " + sign(month.lang);
  return month_state("", {});
}

// ---------------------------------------------------------------------------------------------------------- answers

std::string Answer::code() const {
  auto const* value = body.if_contains("code");
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::vector<std::string> Answer::pointers() const {
  std::vector<std::string> out;
  if (auto const* errors = body.if_contains("errors"))
    for (auto const& e : errors->as_array()) out.emplace_back(e.as_object().at("field").as_string());
  return out;
}

bool Answer::blames(std::string_view pointer, std::string_view code) const {
  auto const* errors = body.if_contains("errors");
  if (errors == nullptr) return false;
  return std::any_of(errors->as_array().begin(), errors->as_array().end(), [&](json::value const& e) {
    return std::string_view(e.as_object().at("field").as_string()) == pointer &&
           (code.empty() || std::string_view(e.as_object().at("code").as_string()) == code);
  });
}

bool is_chinese(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

std::ostream& operator<<(std::ostream& out, Answer const& answer) { return out << answer.status << ' ' << answer.text; }

// ------------------------------------------------------------------------------------------------------------ world

namespace {

void limit_files(rlim_t bytes) {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = bytes;
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

std::filesystem::path new_folder() {
  auto path = (std::filesystem::temp_directory_path() / "wangge-doors-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary folder");
  std::filesystem::create_directory(path + "/media");
  return path;
}

}  // namespace

FullDisk::FullDisk(std::uint64_t bytes) {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  before = limit.rlim_cur;
  ::signal(SIGXFSZ, SIG_IGN);
  limit_files(bytes);
}

FullDisk::~FullDisk() {
  limit_files(before);
  ::signal(SIGXFSZ, SIG_DFL);
}

storage::MapModel::Tile FakeMaps::tile(core::Principal const& who, storage::TileLayer const& layer, storage::TileAt at) {
  asked.push_back(std::string(layer.id) + '/' + std::to_string(at.z) + ' ' + who.name);
  return {mvt, "\"etag-1\""};
}

storage::PublicCases FakeMaps::public_cases(std::string const&, storage::PublicFilter const& given, core::Instant) {
  ++public_asked;
  filter = given;
  storage::PublicCase one;
  one.case_no = kCaseNo;
  one.standing = "closed";
  if (!given.case_no.empty() && given.case_no != one.case_no) return {};
  return {{one}, ""};
}

console::BaseMapOptions World::base_options() {
  return {.url = "http://t{s}.example/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk={key}",
          .key = "secret",
          .attribution = "样城测绘",
          .approval_number = "GS(2026)1号",
          .fetch = [this](std::string const& url) {
            fetched.push_back(url);
            return fetch(url);
          }};
}

World::World(squad::StreamOptions stream_options, core::Millis hint_beat, sessions::Rules rules_of_sessions, console::PublicOptions open)
    : folder(new_folder()),
      media_folder({.dir = (folder / "media").string(), .free_bytes_floor = 0}),
      attempts((folder / "attempts").string(), now()),
      streams([this](int limit, auto const& told) { return reads.pending_pushes(limit, told); },
              [this](core::Principal const& who) { return reads.unreceived_of(who); }, stream_options),
      hints([this](std::string const& district, std::vector<std::string> const& nos) { return reads.scopes_of(district, nos); }, hint_beat),
      reports(road, crew, std::chrono::milliseconds{500},
              [this](core::Principal const& who, std::string const& id) -> std::optional<patrol::ReportDoor::Committed> {
                try {
                  auto const found = reads.find_report(who.district, id);
                  if (!found || found->principal != who.name) return std::nullopt;
                  return patrol::ReportDoor::Committed{found->case_no, found->case_state, found->place_unusable};
                } catch (storage::Broken const& e) {
                  throw doors::Away(e.what());
                }
              }),
      media(media_folder,
            [this](core::Principal const& who, std::string const& id) {
              try {
                return reads.may_read_media(who, id);
              } catch (storage::Broken const& e) {
                throw doors::Away(e.what());
              }
            },
            [this](std::string const&) { return gallery_allowed.load(); }),
      uploads(media_folder, (folder / "uploads").string(), {.open_each = 3, .open_all = 6, .bytes_all = 300ull << 20}, 0),
      upload_door(media_folder, uploads, [this](std::string const&) { return gallery_allowed.load(); }),
      tasks(road, reads, streams),
      cases(road, reads, crew, attempts),
      statistics(reads),
      standing(reads, hints),
      rules(rule_model),
      hotline(road, hotline_model, crew, attempts),
      publication(publisher, [](std::string const& text) { return "signed " + text; }),
      logins(storage::memory_logins(now)),
      book(*logins, (folder / "sessions").string(), rules_of_sessions),
      desk(*logins, book, hashing,
           [this](storage::Deed deed) {
             std::lock_guard const lock(deeds_mutex);
             deeds.push_back(std::move(deed));
           },
           [] { return std::string("370871"); }, {.totp_key = std::string(sessions::KeySeal::kSize, 'k')}),
      session_door(desk),
      account_door(desk, [](core::Principal const& who) { return who.unit == "nowhere" ? std::string("no unit nowhere") : std::string(); }),
      audit_door(audit_pages),
      oidc_door(desk, provider),
      attendance(people, streams),
      fetch([](std::string const&) { return console::Picture{"image/png", "picture"}; }),
      maps(map_model, base_options()),
      everybody(map_model, std::move(open)),
      supervision(supervision_model, rule_model),
      manage(&parts),
      pages(vitals()),
      sheets(reads, {(folder / "sheets").string(), "", false}),
      photos(reads, media_folder),
      suggestions(reads, rule_model),
      table(gateway::routes({reports, media, upload_door, tasks, cases, statistics, standing, rules, hotline, publication, attendance, maps, everybody,
                             handovers, desk_door, pages, session_door, account_door, audit_door, oidc_door, sheets, supervision, manage, photos, suggestions})) {
  pages.describe(table);
  streams.start();
  hints.start();
  board.start();
  http::ServerOptions options;
  options.port = 0;
  options.worker_threads = 2;
  server = std::make_unique<http::Server>(options, table, tokens);
  port = server->start();
}

void World::add_person(std::string const& name, core::Role role, bool must_change) {
  static std::string const hash = sessions::password_hash(kPassword);
  core::Principal who;
  who.name = name, who.role = role, who.district = "370871";
  logins->put(who, hash, must_change);
}

World::~World() {
  board.stop();
  streams.stop();
  hints.stop();
  server->stop();
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

console::Vitals World::vitals() {
  console::Vitals v;
  v.version = "test";
  v.link = [this] { return road.health(); };
  v.database = [this] { return database_there.load(); };
  v.server = [this] { return server->counts(); };
  v.task_streams = [this] { return streams.connected(); };
  v.hint_streams = [this] { return hints.connected(); };
  v.attempts = [this] { return attempts.size(); };
  v.pushed = [this] { return streams.pushed(); };
  v.audit = [] { return doors::AuditTrail::Counts{3, 4, 5}; };
  v.parts["backup"] = [] { return "{\"status\":\"ok\",\"age_s\":60}"; };
  return v;
}

Answer World::ask(std::string_view method, std::string_view path, std::string_view token, std::string_view body,
                  std::map<std::string, std::string> const& headers) {
  http::test::Client client(port);
  std::string text = std::string(method) + ' ' + std::string(path) + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n";
  if (!token.empty()) text += "Authorization: Bearer " + std::string(token) + "\r\n";
  for (auto const& [name, value] : headers) text += name + ": " + value + "\r\n";
  if (method != "GET") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  auto const got = client.ask(text + "\r\n" + std::string(body));
  Answer answer{got.status, got.headers, got.body, {}};
  boost::system::error_code ec;
  auto const value = json::parse(got.body, ec);
  if (!ec && value.is_object()) answer.body = value.get_object();
  return answer;
}

Answer World::post(std::string_view path, std::string_view token, json::value const& body,
                   std::map<std::string, std::string> const& headers) {
  return ask("POST", path, token, json::serialize(body), headers);
}

Answer World::report(std::function<void(json::object&)> const& change, std::string_view token,
                     std::map<std::string, std::string> headers) {
  auto body = report_body();
  if (change) change(body);
  return post("/api/v1/reports", token, body, headers);
}

Answer World::act(std::string_view action, json::object body, std::string_view token) {
  return post("/api/v1/cases/" + std::string(kCaseNo) + "/actions/" + std::string(action), token, body);
}

json::object report_body() {
  return {{"source", "patrol"},
          {"category", {{"standard", "gbt47678.5-2026"}, {"kind", "matter"}, {"code", "01001"}}},
          {"description", "井盖移位"},
          {"lon", 116.62},
          {"lat", 35.43},
          {"photos", json::array()},
          {"reported_at", http::format_time(now() - std::chrono::minutes{1})}};
}

json::object command_body(std::int64_t version) { return {{"command_id", kCommandId}, {"version", version}}; }

storage::ReadModel::CaseView case_view(core::State state) {
  storage::ReadModel::CaseView view;
  auto& c = view.row;
  c.district = "370871";
  c.case_no = kCaseNo;
  c.version = 4;
  c.state = state;
  c.source = "hotline_12345";
  c.standard = "gbt47678.5-2026";
  c.kind = "matter";
  c.code = "01001";
  c.unit = "u1";
  c.squad = "s1";
  c.grid = "370871001001001";
  c.description = "井盖移位";
  c.opened_at = now() - std::chrono::hours{1};
  c.due_at = now() + std::chrono::hours{3};
  c.warn_at = now() + std::chrono::hours{2};
  c.explain = R"({"routing":["territorial: u1"],"deadline":{"clock":"urgent"}})";
  view.reporter_name = "张三丰";
  view.reporter_phone = "13800001111";
  return view;
}

}  // namespace wangge::test
