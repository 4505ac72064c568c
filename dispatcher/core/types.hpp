// The words every room speaks: instants, states, roles, cases, tasks, history rows.
// Pure data; no clock, no socket, no SQL. Names follow GB/T 30428 / GB/T 47678 and CONTRACT (docs in ARCHITECTURE.md).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace wangge::core {

using Millis = std::chrono::milliseconds;
// A moment, UTC, exact to the millisecond. Local time exists only inside Calendar (the district's zone).
using Instant = std::chrono::sys_time<Millis>;

// ---------------------------------------------------------------------------------------------------------------
// States (DOMAIN 3.2, RULINGS 8). Order is the order of a case's life; the text ids are the API's `state`.

enum class State : std::uint8_t {
  reported,
  verifying,
  pending_accept,
  pending_file,
  pending_dispatch,
  returned_by_dispatch,
  pending_dispose,
  returned_by_unit,
  disposing,
  suspended,
  in_enforcement,
  disposed,
  pending_review,
  checking,
  pending_close,
  awaiting_upstream,
  closed,
  forced_closed,
  not_accepted,
  not_filed,
  voided,
  self_disposed_review,
  self_disposed_closed,
  merged,
  transferred_out,
};

// The seven stages (GB/T 30428.8): collection 信息采集, filing 案卷建立, dispatch 任务派遣, disposal 任务处理,
// feedback 处理反馈, check 核查结案, evaluation 综合评价.
enum class Stage : std::uint8_t { collection, filing, dispatch, disposal, feedback, check, evaluation };

struct StateInfo {
  State state;
  std::string_view id, zh, en;
  Stage stage;
  bool open;  // false: the case has ended; only `unmerge` leads out of such a state
};

inline constexpr std::array kStates{
    StateInfo{State::reported, "reported", "已上报", "Reported", Stage::collection, true},
    StateInfo{State::verifying, "verifying", "核实中", "Being verified", Stage::collection, true},
    StateInfo{State::pending_accept, "pending_accept", "待受理", "To accept", Stage::filing, true},
    StateInfo{State::pending_file, "pending_file", "待立案", "To file", Stage::filing, true},
    StateInfo{State::pending_dispatch, "pending_dispatch", "待派遣", "To dispatch", Stage::dispatch, true},
    StateInfo{State::returned_by_dispatch, "returned_by_dispatch", "退回受理", "Returned to filing", Stage::filing, true},
    StateInfo{State::pending_dispose, "pending_dispose", "待处置", "To dispose", Stage::disposal, true},
    StateInfo{State::returned_by_unit, "returned_by_unit", "申请回退", "Return requested", Stage::disposal, true},
    StateInfo{State::disposing, "disposing", "处置中", "Being disposed", Stage::disposal, true},
    StateInfo{State::suspended, "suspended", "缓办挂账", "Suspended", Stage::disposal, true},
    StateInfo{State::in_enforcement, "in_enforcement", "移交执法", "In enforcement", Stage::disposal, true},
    StateInfo{State::disposed, "disposed", "待部门确认", "To confirm", Stage::disposal, true},
    StateInfo{State::pending_review, "pending_review", "待督查", "To review", Stage::feedback, true},
    StateInfo{State::checking, "checking", "核查中", "Being checked", Stage::check, true},
    StateInfo{State::pending_close, "pending_close", "待结案", "To close", Stage::check, true},
    StateInfo{State::awaiting_upstream, "awaiting_upstream", "待上级结案", "Awaiting upstream", Stage::check, true},
    StateInfo{State::closed, "closed", "已结案", "Closed", Stage::evaluation, false},
    StateInfo{State::forced_closed, "forced_closed", "强制结案", "Forced closed", Stage::evaluation, false},
    StateInfo{State::not_accepted, "not_accepted", "不予受理", "Not accepted", Stage::evaluation, false},
    StateInfo{State::not_filed, "not_filed", "不予立案", "Not filed", Stage::evaluation, false},
    StateInfo{State::voided, "voided", "已作废", "Voided", Stage::evaluation, false},
    StateInfo{State::self_disposed_review, "self_disposed_review", "自处置待审", "Self-disposal to review", Stage::filing, true},
    StateInfo{State::self_disposed_closed, "self_disposed_closed", "自处置结案", "Self-disposed", Stage::evaluation, false},
    StateInfo{State::merged, "merged", "已合并", "Merged", Stage::evaluation, false},
    StateInfo{State::transferred_out, "transferred_out", "已移出", "Transferred out", Stage::evaluation, false},
};

inline constexpr std::array<std::string_view, 7> kStageIds{"collection", "filing", "dispatch", "disposal",
                                                           "feedback", "check", "evaluation"};

constexpr StateInfo const& info(State s) { return kStates[static_cast<std::size_t>(s)]; }
constexpr std::string_view id(State s) { return info(s).id; }
constexpr std::string_view id(Stage s) { return kStageIds[static_cast<std::size_t>(s)]; }
std::optional<State> state_from(std::string_view id);

// ---------------------------------------------------------------------------------------------------------------
// Roles (CONTRACT 5). `system` is the dispatcher itself: automatic steps by policy.

enum class Role : std::uint8_t {
  system,
  reporter,
  patroller,
  patrol_lead,
  hotline_agent,
  acceptor,
  shift_leader,
  dispatch_officer,
  unit_clerk,
  unit_head,
  squad_leader,
  disposer,
  coordinator,
  evaluator,
  inspector,
  leader,
  sys_admin,
  sec_admin,
  auditor,
  catalogue_admin,
};

struct RoleInfo {
  Role role;
  std::string_view id, zh, en;
};

inline constexpr std::array kRoles{
    RoleInfo{Role::system, "system", "系统", "System"},
    RoleInfo{Role::reporter, "reporter", "上报端", "Reporter"},
    RoleInfo{Role::patroller, "patroller", "监督员", "Patroller"},
    RoleInfo{Role::patrol_lead, "patrol_lead", "采集班长", "Patrol lead"},
    RoleInfo{Role::hotline_agent, "hotline_agent", "坐席", "Hotline agent"},
    RoleInfo{Role::acceptor, "acceptor", "受理员", "Acceptor"},
    RoleInfo{Role::shift_leader, "shift_leader", "值班长", "Shift leader"},
    RoleInfo{Role::dispatch_officer, "dispatch_officer", "派遣员", "Dispatch officer"},
    RoleInfo{Role::unit_clerk, "unit_clerk", "承办员", "Unit clerk"},
    RoleInfo{Role::unit_head, "unit_head", "部门负责人", "Unit head"},
    RoleInfo{Role::squad_leader, "squad_leader", "中队长", "Squad leader"},
    RoleInfo{Role::disposer, "disposer", "处置员", "Disposer"},
    RoleInfo{Role::coordinator, "coordinator", "协调员", "Coordinator"},
    RoleInfo{Role::evaluator, "evaluator", "考评员", "Evaluator"},
    RoleInfo{Role::inspector, "inspector", "督察员", "Inspector"},
    RoleInfo{Role::leader, "leader", "领导", "Leader"},
    RoleInfo{Role::sys_admin, "sys_admin", "系统管理员", "System administrator"},
    RoleInfo{Role::sec_admin, "sec_admin", "安全管理员", "Security administrator"},
    RoleInfo{Role::auditor, "auditor", "审计管理员", "Auditor"},
    RoleInfo{Role::catalogue_admin, "catalogue_admin", "目录管理员", "Catalogue administrator"},
};

constexpr RoleInfo const& info(Role r) { return kRoles[static_cast<std::size_t>(r)]; }
constexpr std::string_view id(Role r) { return info(r).id; }
std::optional<Role> role_from(std::string_view id);

// Where a report came from (CONTRACT 4, DOMAIN 3.4).
inline constexpr std::array<std::string_view, 13> kSources{
    "patrol", "hotline_12319", "hotline_12345", "public", "leader", "media", "video",
    "ai", "inspection", "department", "enforcement", "sensor", "import"};

// Who asks. Built from the token by the door; empty scope fields mean "the whole district".
struct Principal {
  std::string name;
  Role role = Role::reporter;
  std::string district;
  std::string street, unit, squad;
  std::vector<std::string> sources;  // reporters: the only sources they may use
  bool backdate = false;             // may set `at` (RULINGS 7)
};

struct CategoryKey {
  std::string standard;  // gbt47678.5-2026 | gbt30428.2-2013 | local
  std::string kind;      // component | matter
  std::string code;      // 01001
  auto operator<=>(CategoryKey const&) const = default;
};

// ---------------------------------------------------------------------------------------------------------------
// Requests: asked by one person, decided by another. While one waits the clock runs; approval takes effect from the
// instant of asking, refusal gives nothing back (RULINGS 2). The waiting ones stand on the case, the decided ones in its
// history.

enum class RequestKind : std::uint8_t { return_, void_, extend, defer, suspend, force_close, transfer_out, appeal };
inline constexpr std::array<std::string_view, 8> kRequestKinds{"return",  "void",        "extend",       "defer",
                                                               "suspend", "force_close", "transfer_out", "appeal"};
constexpr std::string_view id(RequestKind k) { return kRequestKinds[static_cast<std::size_t>(k)]; }

struct Request {
  std::string request_id;  // "r" + the version of the row that asked: unique within the case, the same on every replay
  RequestKind kind = RequestKind::void_;
  std::string by;   // who asked
  Instant at{};     // when; an approval counts from here
  std::optional<Instant> until;  // defer, suspend: the last day asked for
  std::string reason;
  bool operator==(Request const&) const = default;
};
// One line of text and back: what the row and its history carry. Throws std::invalid_argument.
std::string requests_text(std::vector<Request> const& requests);
std::vector<Request> requests_from(std::string_view text);

// ---------------------------------------------------------------------------------------------------------------
// Orders from above: supervision 督办 and leaders' instructions 批示, with the day by which an answer is due. The ones that
// wait for an answer or for a word on it stand on the case; the settled ones in its history.

enum class OrderKind : std::uint8_t { supervise, instruct };
inline constexpr std::array<std::string_view, 2> kOrderKinds{"supervise", "instruct"};
constexpr std::string_view id(OrderKind k) { return kOrderKinds[static_cast<std::size_t>(k)]; }

struct Order {
  std::string order_id;  // "o" + the version of the row that gave it
  OrderKind kind = OrderKind::supervise;
  std::string by;        // who gave it: he says whether the answer will do
  Instant at{};
  std::optional<Instant> until;        // an answer is due by then
  std::optional<Instant> answered_at;  // empty: nobody has answered (yet, or again)
  std::string text;
  bool operator==(Order const&) const = default;
};
std::string orders_text(std::vector<Order> const& orders);
std::vector<Order> orders_from(std::string_view text);  // throws std::invalid_argument

// ---------------------------------------------------------------------------------------------------------------
// The case row. Every field that a transition may change is named once in for_each_field: storage columns, history
// `changes` and the replay check all read that list, so a field cannot be forgotten in one of them.

struct Case {
  std::string district;   // GB/T 2260 or statistical code, 6 digits
  std::string case_no;    // district 6 + local date 8 + number of the day >= 5
  std::int64_t version = 0;
  std::string report_id;  // UUIDv5 of district, principal, key, body

  State state = State::reported;
  Instant opened_at{};  // the opening's `at`
  Instant last_at{};    // `at` of the newest history row; never runs backwards
  bool backdated = false;
  bool key_conflict = false;  // same key, other body, seen after a 202 (CONTRACT 4)

  // what and where (amend may change these before filing)
  std::string source, reporter;  // reporter: the principal that reported
  std::string standard, kind, code, class_code;
  std::string condition;  // filing condition 立案条件 id within the category; empty before filing
  std::string description, address;
  std::optional<double> lon, lat;  // CGCS2000 degrees
  std::string grid, street, community, component_id;
  bool place_unusable = false;
  std::vector<std::string> photos;  // of the report
  std::vector<std::string> twins;   // case numbers proposed as the same problem (RULINGS 12)

  // who
  std::string unit, squad, holder;
  std::string route_rule;  // id of the rule that answered; the words are in `explain`
  std::string explain;     // JSON text: why this unit, how the deadline came about

  // the disposal clock (RULINGS 1)
  std::string clock;                    // urgent | work_hour | work_day | natural_day
  std::int64_t limit_minutes = 0;       // the condition's limit on that clock, minutes
  std::optional<Instant> due_at;        // 处置截止; empty before the first dispatch
  std::optional<Instant> warn_at;       // 80 % of the limit: the light turns yellow
  // The running segment of the clock: when it last started and how much it had then (grown by each extension). due_at is
  // run_from plus run_left on the clock's calendar, always; so a changed calendar can derive it again (DECISIONS 45).
  std::optional<Instant> run_from;
  std::optional<std::int64_t> run_left_ms;
  std::optional<std::int64_t> left_ms;  // what was left when the clock last stopped; set exactly while it stands still
  bool provisional = false;             // the calendar ended too early (RULINGS 6)

  // milestones
  std::optional<Instant> accepted_at, filed_at, dispatched_at, signed_at, disposed_at;
  std::optional<Instant> handed_over_at;  // 部门确认反馈 not (yet) voided by a failed check; lateness is judged here
  bool late = false;                      // handed_over_at > due_at
  std::optional<Instant> checked_at, closed_at;  // closed_at: any end of the case
  std::string closing_condition;

  // counts and flags
  std::int64_t returns = 0;         // approved returns (回退)
  std::int64_t rework = 0;          // failed checks and reviews (返工)
  bool wrong_dispatch = false;      // an approved return led to another unit
  std::string check_mode;           // on_site | photo | video
  bool exempt = false;              // an approved appeal: in neither side of the closure table

  // what waits and what was granted
  std::vector<Request> requests;    // waiting
  bool return_approved = false;     // an approved return waits for its next dispatch
  bool binding = false;             // the coordination desk named the unit: it may not ask to return it (RULINGS 2)
  std::string verify_result;        // exist | not_exist | unable, of the newest verification
  std::int64_t extensions = 0;      // approved extensions 延期, two at most (RULINGS 4)
  std::int64_t suspensions = 0;     // approved suspensions 挂账; deferrals 缓办 may come again
  std::string pause_kind;           // defer | suspend while suspended
  std::optional<Instant> suspended_until;
  bool urgent = false;              // 急要件: on the urgent clock, whatever its condition says
  std::optional<Instant> made_safe_at, safe_checked_at;  // milestone of a hazard (RULINGS 4, 16)
  std::int64_t supervised = 0, urges = 0, instructions = 0;  // 督办, 催办, 批示
  std::vector<Order> orders;        // given and not settled
  // What has a limit of its own inside the disposal: made_safe of a hazard; ordered, decided, fulfilled of an enforcement.
  std::string milestone;            // the one that waits
  std::optional<Instant> milestone_due_at;
  std::vector<std::string> late_milestones;
  // How sure the closing is (RULINGS 13): where the checker stood, and what a second look by somebody else found.
  std::optional<double> checked_lon, checked_lat;
  std::string blind;                // asked | pass | fail | unable

  // other cases and other bodies
  std::string merged_into;          // the master of a duplicate
  std::int64_t duplicates = 0;      // cases merged into this one
  std::string follows, followed_by; // a linked case: reopened, or the repair after a danger was removed
  std::string enforcement_no, enforcement_step;  // the penalty case; ordered | decided | fulfilled
  std::optional<Instant> replied_at;
  std::string satisfaction;         // of the return visit
  std::string appeal;               // asked | approved | refused; once a case

  // the stage's own clock (收发文时限): accept, file, dispatch, review, close, on the center's calendar
  std::optional<Instant> stage_due_at;
  std::optional<std::int64_t> stage_left_ms;  // acceptance stands still while the case is verified
  std::vector<std::string> late_stages;       // stages that were left after their deadline

  // A case from an upper platform (RULINGS 19): whose it is, its number and deadline there; when what was done here was told
  // it. Both clocks run, the earlier lights; what the upper platform says closes it or sends it back.
  std::string upstream_system, upstream_number;
  std::optional<Instant> upstream_due_at, upstream_done_at;

  // by which rules it was filed
  std::string area_level;              // of its cell when it was filed: which of the condition's limits applied
  std::int64_t catalogue_version = 0;  // names and limits of then stay readable under this version for ever
  std::string campaign;                // 专项: the campaign it counts for
  std::vector<std::string> flags;      // plain words, some with ":KEY" behind them: kCaseFlags
};

// What a case may be flagged with. uncoded_component 无码部件: a component's fault, no identity given and none on the
// map within 20 m; unowned, disputed: no rule, or two rules, name a unit, so the coordination desk decides;
// photos_missing: fewer than its category asks for; measure_contradicts: the measures given do not fit the condition
// given; urgent_by:KEY, relaxed_by:KEY: an emergency plan changed its limit; allowed_in:KEY: inside a managed place or
// control area where this is no problem to report at that hour; counted_apart:KEY: of a campaign with a table of its
// own, not the month's; counted_to:2026-10: it left the figures (exempted, with enforcement) when the months up to that
// one were sealed, and those go on counting it (DECISIONS 143); counted_as:2026-10:STREET:COMMUNITY:GRID:CLASS:CODE: it
// was amended then, and those go on counting it there (155); corrected: it has one of these two, and stands among the
// corrections of those months.
inline constexpr std::array<std::string_view, 12> kCaseFlags{
    "uncoded_component", "unowned",    "disputed",      "photos_missing", "measure_contradicts", "urgent_by",
    "relaxed_by",        "allowed_in", "counted_apart", "counted_to",     "counted_as",          "corrected"};
bool has_flag(Case const& c, std::string_view flag);
std::string_view flag_value(Case const& c, std::string_view flag);  // what stands behind "FLAG:"; "" without it
void set_flag(Case& c, std::string flag, bool on = true);

// Calls f(name, member) for every field a history row may carry, in the order of the storage columns. A report's own
// decision sets only the opening ones: what comes later begins empty and is left out of the insert on the hot road.
template <class CaseT, class F>
constexpr void for_each_opening_field(CaseT& c, F&& f) {
  f("report_id", c.report_id);
  f("state", c.state);
  f("opened_at", c.opened_at);
  f("last_at", c.last_at);
  f("backdated", c.backdated);
  f("key_conflict", c.key_conflict);
  f("source", c.source);
  f("reporter", c.reporter);
  f("standard", c.standard);
  f("kind", c.kind);
  f("code", c.code);
  f("class_code", c.class_code);
  f("condition", c.condition);
  f("description", c.description);
  f("address", c.address);
  f("lon", c.lon);
  f("lat", c.lat);
  f("grid", c.grid);
  f("street", c.street);
  f("community", c.community);
  f("component_id", c.component_id);
  f("place_unusable", c.place_unusable);
  f("photos", c.photos);
  f("twins", c.twins);
  f("unit", c.unit);
  f("squad", c.squad);
  f("holder", c.holder);
  f("route_rule", c.route_rule);
  f("explain", c.explain);
  f("clock", c.clock);
  f("limit_minutes", c.limit_minutes);
  f("due_at", c.due_at);
  f("warn_at", c.warn_at);
  f("provisional", c.provisional);
  f("accepted_at", c.accepted_at);
  f("filed_at", c.filed_at);
  f("dispatched_at", c.dispatched_at);
  f("stage_due_at", c.stage_due_at);
  f("follows", c.follows);
  f("area_level", c.area_level);
  f("catalogue_version", c.catalogue_version);
  f("campaign", c.campaign);
  f("flags", c.flags);
  f("run_from", c.run_from);
  f("run_left_ms", c.run_left_ms);
  f("milestone", c.milestone);
  f("milestone_due_at", c.milestone_due_at);
}
template <class CaseT, class F>
constexpr void for_each_later_field(CaseT& c, F&& f) {
  f("left_ms", c.left_ms);
  f("signed_at", c.signed_at);
  f("disposed_at", c.disposed_at);
  f("handed_over_at", c.handed_over_at);
  f("late", c.late);
  f("checked_at", c.checked_at);
  f("closed_at", c.closed_at);
  f("closing_condition", c.closing_condition);
  f("returns", c.returns);
  f("rework", c.rework);
  f("wrong_dispatch", c.wrong_dispatch);
  f("check_mode", c.check_mode);
  f("exempt", c.exempt);
  f("requests", c.requests);
  f("return_approved", c.return_approved);
  f("binding", c.binding);
  f("verify_result", c.verify_result);
  f("extensions", c.extensions);
  f("suspensions", c.suspensions);
  f("pause_kind", c.pause_kind);
  f("suspended_until", c.suspended_until);
  f("urgent", c.urgent);
  f("made_safe_at", c.made_safe_at);
  f("safe_checked_at", c.safe_checked_at);
  f("supervised", c.supervised);
  f("urges", c.urges);
  f("instructions", c.instructions);
  f("merged_into", c.merged_into);
  f("duplicates", c.duplicates);
  f("followed_by", c.followed_by);
  f("enforcement_no", c.enforcement_no);
  f("enforcement_step", c.enforcement_step);
  f("replied_at", c.replied_at);
  f("satisfaction", c.satisfaction);
  f("appeal", c.appeal);
  f("stage_left_ms", c.stage_left_ms);
  f("late_stages", c.late_stages);
  f("orders", c.orders);
  f("late_milestones", c.late_milestones);
  f("checked_lon", c.checked_lon);
  f("checked_lat", c.checked_lat);
  f("blind", c.blind);
  f("upstream_system", c.upstream_system);
  f("upstream_number", c.upstream_number);
  f("upstream_due_at", c.upstream_due_at);
  f("upstream_done_at", c.upstream_done_at);
}
template <class CaseT, class F>
constexpr void for_each_field(CaseT& c, F&& f) {
  for_each_opening_field(c, f);
  for_each_later_field(c, f);
}

// One changed field as canonical text; "" means empty/none. Encoding: Instants as integer milliseconds since 1970 UTC,
// bools "t"/"f", doubles shortest round-trip, lists joined by ',', State by id, requests and orders by their own text.
using Changes = std::vector<std::pair<std::string, std::string>>;
Changes diff(Case const& before, Case const& after);
// Throws std::invalid_argument naming the field when a value cannot be read.
void patch(Case& c, Changes const& changes);

// ---------------------------------------------------------------------------------------------------------------
// Tasks and history

enum class TaskKind : std::uint8_t { dispose, verify, check, assist };
inline constexpr std::array<std::string_view, 4> kTaskKinds{"dispose", "verify", "check", "assist"};
constexpr std::string_view id(TaskKind k) { return kTaskKinds[static_cast<std::size_t>(k)]; }

struct Task {
  std::string task_id;  // case_no + "-" + version of the row that made it: stable, unique, the same on every replay
  std::string case_no;
  std::int64_t version = 0;  // of the case when the task was last changed
  TaskKind kind = TaskKind::dispose;
  std::string unit, squad;  // dispose: the squad that acts
  std::string holder;       // verify, check: the patroller who acts; dispose: a named disposer or empty = any of the squad
  std::int64_t epoch = 1;   // rises each time the task is given to somebody; an old epoch is refused (409)
  std::optional<Instant> due_at;
  bool open = true;
  bool quiet = false;  // backdated case: never escalates at people (RULINGS 7)
  Instant created_at{};
};

// One row of a case's history. `version` rises by one with each transition; transport rows (received,
// task_escalated) repeat the present version and have transport = true.
struct HistoryRow {
  std::int64_t version = 0;
  std::string action;  // an action of CONTRACT 5, or `report`, `received`, `task_escalated`
  std::string actor;
  Role role = Role::system;
  State from = State::reported, to = State::reported;
  Instant at{};  // clocks and months run on it; recorded_at is the store's
  std::string reason, opinion;
  std::vector<std::string> photos;
  std::string command_id;
  Changes changes;
  bool transport = false;
};

// A span of a case's life under one answer to "who has it, is the clock running, when is it due". The closure table
// is computed from these rows alone, as of any instant (CONTRACT 7). A span is closed when the next one opens.
enum class SpanKind : std::uint8_t {
  undisposed,  // dispatched, clock running
  stopped,     // dispatched, clock stands still (a return was approved, the case is suspended or with enforcement)
  awaiting,    // handed over, neither failed nor closed
};
inline constexpr std::array<std::string_view, 3> kSpanKinds{"undisposed", "stopped", "awaiting"};
constexpr std::string_view id(SpanKind k) { return kSpanKinds[static_cast<std::size_t>(k)]; }

// `due_at` of a stopped span that still had time left: it cannot become late while it stands still.
inline constexpr Instant kNever{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}};

// How a span ended. next: the case went on (granted: by an approval that counts from its asking, see Span::effect_at);
// failed: a check or review voided the hand-over.
inline constexpr std::array<std::string_view, 6> kSpanEnds{"", "next", "failed", "closed", "forced_closed", "voided"};

struct Span {
  std::int64_t version = 0;  // of the history row that opened it; (district, case_no, version) is its key
  SpanKind kind = SpanKind::undisposed;
  Instant from_at{};
  std::optional<Instant> until_at;
  std::string ended;  // one of kSpanEnds
  std::string unit, squad;
  // Late is one comparison for every kind. undisposed, stopped: late as of M when due_at < M (stopped with time left:
  // kNever). awaiting: handed over late when due_at < from_at.
  Instant due_at{};
  // Ended by an approval: from effect_at on (the asking) the deadline in force was effect_due_at, for whoever reads the
  // span after its end. Reading before the approval could not know of it.
  std::optional<Instant> effect_at, effect_due_at;
  bool operator==(Span const&) const = default;
};

// What one history row does to the spans: close the open one (if `close`), then open another (if any).
struct SpanChange {
  bool close = false;
  Instant close_at{};
  std::string ended;  // one of kSpanEnds
  std::optional<Instant> effect_at, effect_due_at;  // of the closed span
  std::optional<Span> open;
};
// Pure function of the case before and after one row; nullopt when the spans stay as they are.
std::optional<SpanChange> span_change(Case const& before, Case const& after, HistoryRow const& row);

// ---------------------------------------------------------------------------------------------------------------
// What the doors send in

struct Report {
  std::string report_id, district;
  std::string principal, key;  // idempotency: (district, principal, key)
  std::string body_hash;       // SHA-256 hex of the canonical parsed body
  bool answered = false;       // the door has already said 2xx: it may no longer be refused
  std::string case_no;         // not empty: answered before a restore or fail-over, and must be used again

  std::string source;
  CategoryKey category;
  std::string condition, description, address, component_id;
  double lon = 0, lat = 0;
  std::vector<std::string> photos;
  std::vector<std::string> before_photos, after_photos;  // of a self-disposal
  std::optional<double> confidence;
  bool self_disposed = false;
  std::string reporter_name, reporter_phone;  // personal data: kept apart, never in history
  std::string upstream_system, upstream_number;  // of an upper platform (RULINGS 19)
  std::optional<Instant> upstream_due_at;
  std::string extras;                         // JSON text of measures, upstream, crs, self_disposed: kept, not interpreted
  std::vector<std::pair<std::string, double>> measures;  // the numbers among them: a filing condition's thresholds
  Instant reported_at{}, received_at{};
  std::optional<Instant> at;  // only with a backdate token
  Role role = Role::reporter;
};

struct ActionInput {
  std::string reason, opinion, result, closing_condition, condition, check_mode;
  std::string unit, squad, holder, address, component_id, text;
  std::string request_id, into, number, satisfaction, milestone, as_rule;
  std::optional<CategoryKey> category;
  std::optional<double> lon, lat;
  std::optional<Instant> until;
  std::vector<std::string> photos, assist;
  std::string source, name, phone;            // receive (hotline.hpp): whose order; who called, kept apart
  std::optional<Instant> sign_by, return_by;  // the same: the upstream platform's limits, where it gives them
};

struct Command {
  std::string command_id, body_hash;
  Principal who;
  std::string action, case_no;
  std::int64_t version = 0;
  Instant received_at{};      // stamped by the door before the bus; the core's `now`
  std::optional<Instant> at;  // only with a backdate token
  ActionInput input;
};

}  // namespace wangge::core
