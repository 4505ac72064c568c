// The doors behind the real HTTP server, with a pretend road and pretend reads: what a caller gets for what he sends.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <string>

#include <boost/json.hpp>

#include "storage/rule_model.hpp"
#include "gateways/routes.hpp"
#include "tests/http/client.hpp"

namespace wangge::test {

core::Instant now();
core::Instant at(std::string_view rfc3339);

// Knows the matter 01001 with conditions 1 and 2, and 01002 that was withdrawn at the start of 2026. A token is
// "ROLE" or "ROLE+backdate" or "ROLE:NAME"; the reporter's sources are public and sensor.
class FakeReference final : public link::Reference {
 public:
  std::int64_t version() const override { return known_version; }
  Known known(std::string const& district, core::CategoryKey const& key, std::string const& condition,
              core::Instant reported_at) const override;
  bool has_district(std::string const& district) const override { return district == "370871"; }
  std::vector<std::string> closing_conditions() const override { return {"restored", "replaced"}; }
  State authenticate(std::string_view bearer, core::Instant now, core::Principal& out) const override;
  std::int64_t known_version = 1;
};

class FakeRoad final : public doors::Road {
 public:
  void submit(core::Report report, std::chrono::milliseconds wait, std::function<void(link::ReportOutcome)> done) override;
  void ask(core::Command command, std::function<void(link::CommandOutcome)> done) override;
  void received(core::Principal who, std::string task_id, std::int64_t epoch, core::Instant at,
                std::function<void(link::CommandOutcome)> done) override;
  std::shared_ptr<link::Reference const> reference() const override { return known; }
  void find_report(std::string report_id, std::function<void(std::optional<link::Link::Known>)> done) override;
  link::Health health() const override { return well; }

  std::shared_ptr<FakeReference> known = std::make_shared<FakeReference>();
  link::Health well{.dispatcher_connected = true, .spool_writable = true, .reference_version = 1};
  link::ReportOutcome report_outcome{link::ReportOutcome::Kind::committed, false, "", "3708712026112400001", "pending_dispose", false};
  link::CommandOutcome command_outcome{200, "", "", "", 5, false};
  std::map<std::string, link::Link::Known> spooled;
  // What came, newest last.
  std::vector<core::Report> reports;
  std::vector<std::chrono::milliseconds> waits;
  std::vector<core::Command> commands;
  struct Received {
    core::Principal who;
    std::string task_id;
    std::int64_t epoch;
  };
  std::vector<Received> receipts;
};

class FakeReads final : public console::Reads {
 public:
  std::vector<std::optional<storage::ReadModel::CaseView>> find_cases(
      std::vector<storage::ReadModel::CaseAsked> const& asked) override;
  std::optional<storage::ReadModel::CaseView> find_case(core::Principal const& who, std::string const& case_no) override;
  storage::Page list_cases(core::Principal const& who, storage::CaseFilter const& filter) override;
  std::string case_counts(core::Principal const&) override;
  std::string light_counts(core::Principal const&, storage::CaseFilter const& filter) override;
  storage::Page history(std::string const&, std::string const&, std::string const& cursor, int limit) override;
  std::optional<core::Case> case_at(std::string const&, std::string const& case_no, std::int64_t version) override;
  std::vector<storage::ReadModel::CaseScope> scopes_of(std::string const& district, std::vector<std::string> const& case_nos) override;
  std::optional<storage::ReadModel::ReportView> find_report(std::string const& district, std::string const& report_id) override;
  storage::Page tasks(core::Principal const& who, std::string const& cursor, int limit) override;
  std::vector<storage::TaskPush> pending_pushes(int limit, std::vector<std::string> const& told) override;
  std::vector<storage::TaskPush> unreceived_of(core::Principal const& who) override;
  bool may_read_media(core::Principal const& who, std::string const& media_id) override;
  std::vector<std::string> media_named(std::vector<std::string> const& ids) override { return ids; }
  storage::Page grids(std::string const&, std::string const& cursor, int limit) override { return page(cursor, limit); }
  storage::Page components(std::string const&, std::string const& cursor, int limit) override { return page(cursor, limit); }
  storage::Page units(std::string const&, std::string const& cursor, int limit) override { return page(cursor, limit); }
  storage::Page squads(std::string const&, std::string const& cursor, int limit) override { return page(cursor, limit); }
  storage::Page catalogue(std::string const&, std::string const& cursor, int limit) override { return page(cursor, limit); }
  storage::ClosureTable closure(storage::ClosureRequest const& request) override;
  storage::IndicatorTable indicators(storage::ClosureRequest const& request) override;
  core::Calendar calendar(std::string const&) override { return core::Calendar(); }
  storage::Page escalations(core::Principal const&, bool, std::string const& cursor, int limit) override { return page(cursor, limit); }
  std::vector<core::Suspicion> suspicions(std::string const&, core::Instant, core::Instant) override {
    return {{core::Pattern::same_photo, "p1", "s1", 3, {"3708712026112400001", "3708712026112400002", "3708712026112400003"}}};
  }
  std::shared_ptr<core::City const> city(std::string const&) override { return std::make_shared<core::City const>(small); }
  std::vector<core::HistoryRow> rows_of(std::string const&, std::string const&) override { return rows; }

  mutable std::atomic<int> waiting{0};  // how many queries of streams are being asked
  void alive() const;  // throws storage::Broken while away
  storage::Page page(std::string const& cursor, int limit) const;  // says its limit; "more" after the first
  std::atomic<bool> away{false};
  std::string fault;  // when set, every read throws it: something that is no Broken
  mutable std::mutex mutex;
  std::map<std::string, storage::ReadModel::CaseView> cases;
  std::map<std::int64_t, core::Case> versions;  // of the one case, for case_at
  std::map<std::string, storage::ReadModel::ReportView> reports;
  std::vector<storage::TaskPush> pushes;
  std::string readable_media;
  core::City small;
  std::vector<core::HistoryRow> rows;  // of every case
  storage::CaseFilter filter;
  storage::ClosureRequest closure_asked;
  std::vector<storage::ClosureRequest> indicators_asked;
};

struct Answer {
  int status = 0;
  std::map<std::string, std::string> headers;
  std::string text;
  boost::json::object body;  // empty when there is none or it is no object
  std::string code() const;
  std::vector<std::string> pointers() const;  // of `errors`
  bool blames(std::string_view pointer, std::string_view code = "") const;
};
std::ostream& operator<<(std::ostream& out, Answer const& answer);
bool is_chinese(std::string_view text);  // has a letter that is not of ASCII

// A small city's rules without a database; what it does not answer says that the database is away.
struct FakeRules final : storage::RuleModel {
  FakeRules() : storage::RuleModel("host=/nowhere connect_timeout=1") {}
  std::shared_ptr<core::City const> city(std::string const&) override { return std::make_shared<core::City const>(small); }
  std::vector<std::string> streets(std::string const&) override { return {"s1"}; }
  Past past_cases(std::string const&, core::Instant, core::Instant, int) override { return past; }
  std::vector<Accuracy> accuracy(std::string const&, core::Instant, core::Instant, std::string const&) override { return {{"d", 3, 1}}; }
  std::string components_near(std::string const&, double, double, double metres, std::string const&, int) override {
    return "[{\"metres\":" + std::to_string(metres) + "}]";
  }
  RouteFacts route_facts(std::string const&, std::string const&) override { return busy; }
  core::City small;
  Past past;
  RouteFacts busy;
};

// Orders without a database: one, which whoever may see it finds.
struct FakeOrders final : storage::HotlineModel {
  FakeOrders() : storage::HotlineModel("host=/nowhere connect_timeout=1") {}
  std::optional<View> find(core::Principal const& who, std::string const& order_no) override {
    if (!known || order_no != known->order.order_no || !core::sees_order(who, known->order)) return std::nullopt;
    return known;
  }
  Orders list(core::Principal const&, storage::OrderFilter const& filter, core::Instant) override {
    asked = filter;
    return {known ? std::vector{*known} : std::vector<View>{}, ""};
  }
  storage::Page history(core::Principal const&, std::string const&, std::string const&, int) override { return {"[]", ""}; }
  std::optional<View> known;
  storage::OrderFilter asked;
};

// A month with one unit, 9 of 10 closed; sealing says what `refused` says, else seals.
struct FakePublisher final : storage::Publisher {
  FakePublisher() : storage::Publisher("host=/nowhere connect_timeout=1") { small.zh = "样城", small.en = "Sample", small.district = "370871"; }
  std::shared_ptr<core::City const> city(std::string const&) override { return std::make_shared<core::City const>(small); }
  storage::ClosureTable closure(storage::ClosureRequest const& request) override;
  storage::IndicatorTable indicators(storage::ClosureRequest const& request) override;
  storage::Settlement settlement(storage::ClosureRequest const& request) override;
  storage::MonthState month_state(std::string const&, core::LocalDay) override;
  std::vector<std::string> sealed_months(std::string const&) override { return {"2026-09"}; }
  std::vector<std::string> waiting_appeals(std::string const&, core::LocalDay) override { return {"3708712026100100001"}; }
  storage::Page corrections(std::string const&, std::string const& month, std::string const& cursor, int) override {
    return {"[{\"case_no\":\"1\",\"sealed_to\":\"" + month + "\"}]", cursor.empty() ? "more" : ""};
  }
  std::optional<storage::SealCheck> check_seal(storage::ClosureRequest const& month, Sign const& sign) override;
  storage::MonthState seal(storage::ClosureRequest const& month, std::string const& who, Sign const& sign) override;
  core::City small;
  std::string refused, sealed_by;
};

struct FakeAudit final : storage::AuditPages {
  FakeAudit() : storage::AuditPages("host=/nowhere connect_timeout=1") {}
  Lines page(std::string const&, storage::AuditFilter const& filter) override {
    asked = filter;
    return {{{now(), "zhang", "acceptor", "sign_in", "127.0.0.1", "password"}}, "more"};
  }
  storage::AuditFilter asked;
};

// Marks and roll-calls in memory, without a place in the city; away like the reads.
struct FakeAttendance final : storage::Attendance {
  FakeAttendance() : storage::Attendance("host=/nowhere connect_timeout=1") {}
  std::optional<std::string> mark(core::Principal const& who, storage::DutyMark const& mark, core::Instant) override {
    if (away) throw storage::Broken("away");
    auto const [at, fresh] = marked.emplace(mark.mark_id, who.name + (mark.on ? " on" : " off"));
    spot = mark.spot;
    return at->second == who.name + (mark.on ? " on" : " off") ? std::optional(std::string("{\"on_duty\":") + (mark.on ? "true}" : "false}")) : std::nullopt;
  }
  storage::Page people(core::Principal const&, core::Instant, std::string const&, int) override { return {"[]", ""}; }
  storage::Page marks(core::Principal const&, std::string const& person, std::optional<core::Instant> from, std::optional<core::Instant>,
                      std::string const&, int) override {
    return {"[\"" + person + (from ? " since" : "") + "\"]", ""};
  }
  storage::Page cells(core::Principal const&, core::Instant, std::string const&, int) override { return {"[]", ""}; }
  storage::Page coverage(core::Principal const&, storage::CoverageAsked const& asked, core::Instant) override { return coverage_asked = asked, storage::Page{"[1]", ""}; }
  storage::Page coverage_cells(core::Principal const&, storage::CoverageAsked const& asked, core::Instant) override { return coverage_asked = asked, storage::Page{"[2]", ""}; }
  std::optional<Called> call(core::Principal const& who, storage::RollCall const& call, core::Instant) override {
    if (nobody) return std::nullopt;
    called = call;
    return Called{"{\"called_by\":\"" + who.name + "\"}", {"patroller"}, false};
  }
  storage::Page roll_calls(core::Principal const&, bool waiting, std::string const&, int) override { return {waiting ? "[1]" : "[]", ""}; }
  std::optional<std::string> answer(core::Principal const&, std::string const& id, storage::RollAnswer const& answer, core::Instant) override {
    if (id != called.roll_call_id) return std::nullopt;
    answered = answer;
    return "{}";
  }
  storage::Page points(core::Principal const& who, storage::PointsWanted const& wanted, core::Instant,
                       std::string const&, int) override {
    return {"[\"" + who.name + " " + wanted.campaign + " " + wanted.state + "\"]", ""};
  }
  Visited visit(core::Principal const&, storage::Visit const& visit, core::Instant) override {
    if (visit.point != "p1") return {};
    if (!visited.visit_id.empty() && visited.visit_id == visit.visit_id && visited.result != visit.result)
      return {std::nullopt, true};
    visited = visit;
    return {"{\"point\":\"p1\"}", false};
  }
  storage::Visit visited;
  bool away = false, nobody = false;
  std::map<std::string, std::string> marked;
  storage::Spot spot;
  storage::RollCall called;
  storage::RollAnswer answered;
  storage::CoverageAsked coverage_asked;
};

// One open case in every tile of its layer; what a scope asked for is noted. A district with one published case.
struct FakeMaps final : storage::MapModel {
  FakeMaps() : storage::MapModel("host=/nowhere connect_timeout=1") {}
  Tile tile(core::Principal const& who, storage::TileLayer const& layer, storage::TileAt at) override;
  std::optional<storage::Box> extent(std::string const&, std::string const& grid) override { if (grid == "gone") return std::nullopt; return storage::Box{116.5, 35.3, 116.8, 35.6}; }
  std::string today(core::Principal const& who) override { return R"({"street":")" + who.street + R"("})"; }
  storage::PublicCases public_cases(std::string const& district, storage::PublicFilter const& filter, core::Instant) override;
  std::string public_streets(std::string const&) override { return "[]"; }
  std::optional<Name> district(std::string const&) override { return Name{"样城", "Sample"}; }
  std::string mvt = "tile";
  std::vector<std::string> asked;
  std::optional<storage::PublicFilter> filter;
  int public_asked = 0;
};

// What it was asked, and two of everything.
struct FakeSupervision final : storage::SupervisionModel {
  FakeSupervision() : storage::SupervisionModel("host=/nowhere connect_timeout=1") {}
  storage::Page orders(core::Principal const&, storage::OrdersAsked const& asked) override { return orders_asked = asked, storage::Page{"[{}]", ""}; }
  storage::Page requests(core::Principal const&, storage::RequestsAsked const& asked) override { return requests_asked = asked, storage::Page{"[{}]", ""}; }
  std::vector<storage::Look> looks(std::string const&, core::Instant, core::Instant) override { return kept; }
  void look(std::string const&, core::Instant, core::Instant, storage::Look const& look) override { kept.push_back(look); }
  storage::OrdersAsked orders_asked;
  storage::RequestsAsked requests_asked;
  std::vector<storage::Look> kept;
};

// A desk with one table of rules; what is put is remembered and answered as `result`.
struct FakeParts final : console::StandingDesk {
  bool has(std::string const& part) const override { return part == "rules" || part == "plans" || part == "duty"; }
  console::PartStands stands(std::string const&, std::string const&) override { return now; }
  std::vector<console::PartTable> tables(std::string const&, std::string const& part) override {
    if (part == "plans") return {{"plans", {"key"}, {{"rain"}}}};
    return {{"routes", {"id", "unit"}, {{"r1", "a, \"b\""}}}};
  }
  console::PartResult put(std::string const&, std::string const&, console::PartPut const& given) override {
    asked = given;
    if (given.version != now.version) throw storage::standing::StalePart(now);
    return result;
  }
  std::vector<console::PartTable> unpack(std::string const&, std::string const& name, std::string const&, std::vector<console::PartFault>& faults) override {
    faults.push_back({name, -1, "", "holds none of routes"});
    return {};
  }
  bool switch_plan(std::string const&, std::string const&, bool on, std::string const&, std::string const&) override { return std::exchange(plan_on, on) != on; }
  console::PartStands now{4, "2026-11-28T08:00:00+08:00", "张", "会议纪要 3"};
  console::PartPut asked;
  console::PartResult result;
  bool plan_on = false;
};

// The desk's records in memory, by the same rules as the table keeps.
struct FakeDesk final : storage::DeskRecords {
  FakeDesk() : storage::DeskRecords("host=/nowhere connect_timeout=1") {}
  storage::ShiftPlan shifts(std::string const&) override { return plan; }
  void set_shifts(std::string const&, std::vector<core::ShiftBegin> const& begins) override { plan.begins = begins; }
  std::vector<storage::Handover> handovers(std::string const&, std::optional<core::Instant> before, int limit) override;
  std::optional<storage::Handover> handover(std::string const&, std::int64_t number) override;
  storage::Handover open_handover(core::Principal const& who, core::DeskShift const& shift, core::Instant now, core::Instant until, bool& made) override;
  std::optional<std::int64_t> write_handover(core::Principal const&, std::int64_t number, std::int64_t version, std::string const& notes,
                                             std::optional<core::Instant> taken_anew, core::Instant) override;
  std::optional<std::int64_t> sign_out(core::Principal const& who, storage::Handover const& seen, core::Instant at) override;
  std::optional<std::int64_t> sign_in(core::Principal const& who, storage::Handover const& seen, core::Instant at, std::string const& remark) override;
  std::vector<Earlier> earlier(core::Principal const&, std::string const& phone) override { return phone == "13800001234" ? std::vector<Earlier>{{R"({"kind":"case","case_no":"1"})", "李小四"}} : std::vector<Earlier>{}; }
  void promise(core::Principal const&, std::string const& report_id, core::Instant until, core::Instant) override { promised[report_id] = until; }
  std::vector<storage::SavedView> views(core::Principal const& who) override;
  bool put_view(core::Principal const&, storage::SavedView const& view) override { return (saved[view.view_id] = view, true); }
  bool drop_view(core::Principal const& who, std::string const& view_id) override;
  void look(core::Principal const& who, std::string const&, std::string const& case_no) override {
    std::lock_guard lock(mutex);
    looking[who.name] = case_no;
  }
  std::vector<storage::Looked> looked(std::string const&, std::string const& case_no) override;
  bool take_lease(core::Principal const& who, std::string const& case_no, std::string const& reason) override;
  void drop_lease(core::Principal const& who, std::string const& case_no) override;
  storage::ShiftPlan plan{core::standard_shifts(), std::chrono::minutes{480}, {}};
  std::map<std::int64_t, storage::Handover> made;
  std::map<std::string, core::Instant> promised;
  std::map<std::string, storage::SavedView> saved;
  std::map<std::string, std::string> looking, leases;  // name -> case; case -> name
  std::mutex mutex;
};

struct World {
  explicit World(squad::StreamOptions streams = {.poll = core::Millis{20}}, core::Millis hint_beat = std::chrono::seconds{15},
                 sessions::Rules rules = {}, console::PublicOptions open = {});
  ~World();
  Answer ask(std::string_view method, std::string_view path, std::string_view token, std::string_view body = "",
             std::map<std::string, std::string> const& headers = {});
  Answer get(std::string_view path, std::string_view token) { return ask("GET", path, token); }
  Answer post(std::string_view path, std::string_view token, boost::json::value const& body,
              std::map<std::string, std::string> const& headers = {});
  // A good report of a patroller, changed.
  Answer report(std::function<void(boost::json::object&)> const& change = {}, std::string_view token = "patroller",
                std::map<std::string, std::string> headers = {{"Idempotency-Key", "k-1"}});
  Answer act(std::string_view action, boost::json::object body, std::string_view token = "squad_leader");

  std::filesystem::path folder;
  FakeRoad road;
  FakeReads reads;
  doors::Crew crew{2, 64};
  media::Folder media_folder;
  console::Attempts attempts;
  squad::TaskStreams streams;
  console::HintStreams hints;
  patrol::ReportDoor reports;
  std::atomic<bool> gallery_allowed{false};
  patrol::MediaDoor media;
  media::Uploads uploads;
  patrol::UploadDoor upload_door;
  squad::TaskDoor tasks;
  console::CaseDoor cases;
  console::StatisticsDoor statistics;
  console::StandingDoor standing;
  FakeRules rule_model;
  console::RulesDoor rules;
  FakeOrders hotline_model;
  console::HotlineDoor hotline;
  FakePublisher publisher;
  console::PublicationDoor publication;
  // People who sign in: in memory, with one account a role of the same name and the password kPassword.
  std::unique_ptr<storage::Logins> logins;
  sessions::Book book;
  std::vector<storage::Deed> deeds;
  std::mutex deeds_mutex;
  sessions::Desk desk;
  sessions::SessionDoor session_door;
  sessions::AccountDoor account_door;
  FakeAudit audit_pages;
  sessions::AuditDoor audit_door;
  sessions::OidcProvider provider{sessions::OidcSettings{}};
  sessions::OidcDoor oidc_door;
  doors::Crew hashing{2, 8};
  void add_person(std::string const& name, core::Role role, bool must_change = false);
  FakeAttendance people;
  console::AttendanceDoor attendance;
  FakeMaps map_model;
  console::BaseMapOptions base_options();
  std::vector<std::string> fetched;  // addresses of the base map
  std::function<console::Picture(std::string const&)> fetch;
  console::MapDoor maps;
  console::PublicDoor everybody;
  FakeSupervision supervision_model;
  console::SupervisionDoor supervision;
  FakeParts parts;
  console::ManageDoor manage;
  FakeDesk desk_records;
  console::PresenceBoard board{desk_records, hints, core::Millis{50}};
  console::HandoverDoor handovers{desk_records};
  console::DeskDoor desk_door{reads, desk_records, board};
  console::PageDoor pages;
  console::SheetDoor sheets;
  console::PhotoDoor photos;
  console::SuggestionDoor suggestions;
  std::vector<http::Route> table;
  struct Tokens final : http::Authenticator {
    State authenticate(std::string_view bearer, core::Instant at, core::Principal& out) const override {
      return road.known->authenticate(bearer, at, out);
    }
    State session(std::string_view secret, core::Instant at, bool at_it, Browser& out) const override { return book.find(secret, at, at_it, out); }
    FakeRoad& road;
    sessions::Book const& book;
    Tokens(FakeRoad& r, sessions::Book const& b) : road(r), book(b) {}
  } tokens{road, book};
  std::unique_ptr<http::Server> server;
  std::uint16_t port = 0;
  console::Vitals vitals();
  std::atomic<bool> database_there{true};
};

// While this lives, no file of this process grows beyond so many bytes: a full disk, down to the short write.
struct FullDisk {
  explicit FullDisk(std::uint64_t bytes);
  ~FullDisk();
  FullDisk(FullDisk const&) = delete;
  std::uint64_t before;
};

inline constexpr char kCaseNo[] = "3708712026112400001";
inline constexpr char kCommandId[] = "0b6cbb1c-7a0e-4c63-9d0e-3d0f6f6a7731";
inline constexpr char kPassword[] = "correct horse 9";
std::string photo_id(char digit);  // sha256- and 64 times that digit
boost::json::object report_body();
boost::json::object command_body(std::int64_t version = 4);
storage::ReadModel::CaseView case_view(core::State state = core::State::pending_dispose);

}  // namespace wangge::test
