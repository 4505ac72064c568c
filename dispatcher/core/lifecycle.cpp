// THE TABLE. One row a line: from, action, to, who may, guard, clock effect, count effect, outcome.
// What holds in many states is written once (kOverlays) and expanded. The assertions at the end keep it honest.
// Unit and squad of the disposing side, versions and scope are checked in decide(); they are the same for every row.
#include "dispatcher/core/lifecycle.hpp"

#include <algorithm>

namespace wangge::core {

namespace {

using S = State;
using A = Action;
using G = Guard;
using K = ClockEffect;
using N = CountEffect;

template <Role... roles>
inline constexpr std::array<Role, sizeof...(roles)> kWho{roles...};

constexpr auto& kSystem = kWho<Role::system>;
constexpr auto& kReporting =
    kWho<Role::reporter, Role::patroller, Role::patrol_lead, Role::hotline_agent, Role::acceptor>;
constexpr auto& kVerifySenders = kWho<Role::acceptor, Role::hotline_agent, Role::shift_leader, Role::system>;
constexpr auto& kPatroller = kWho<Role::patroller>;
constexpr auto& kAcceptor = kWho<Role::acceptor>;
constexpr auto& kAccepting = kWho<Role::acceptor, Role::shift_leader>;
constexpr auto& kAcceptingAuto = kWho<Role::acceptor, Role::shift_leader, Role::system>;
constexpr auto& kShiftLeader = kWho<Role::shift_leader>;
constexpr auto& kReturnDesk = kWho<Role::shift_leader, Role::coordinator>;
constexpr auto& kDispatcher = kWho<Role::dispatch_officer>;
constexpr auto& kDispatchAuto = kWho<Role::dispatch_officer, Role::coordinator, Role::system>;
constexpr auto& kUnitAny = kWho<Role::squad_leader, Role::disposer, Role::unit_clerk, Role::unit_head>;
constexpr auto& kUnitLead = kWho<Role::unit_clerk, Role::unit_head, Role::squad_leader>;
constexpr auto& kUnitDesk = kWho<Role::unit_clerk, Role::unit_head>;
constexpr auto& kUnitDeskAuto = kWho<Role::unit_clerk, Role::unit_head, Role::system>;
constexpr auto& kSquad = kWho<Role::disposer, Role::squad_leader>;
constexpr auto& kCheckSenders = kWho<Role::acceptor, Role::shift_leader, Role::dispatch_officer, Role::system>;
constexpr auto& kResend = kWho<Role::acceptor, Role::shift_leader, Role::dispatch_officer, Role::patrol_lead>;
constexpr auto& kForcing = kWho<Role::leader, Role::shift_leader>;
constexpr auto& kExtending = kWho<Role::dispatch_officer, Role::shift_leader>;
constexpr auto& kSuspending = kWho<Role::shift_leader, Role::coordinator, Role::leader>;
constexpr auto& kMovingOut = kWho<Role::acceptor, Role::shift_leader, Role::dispatch_officer>;
constexpr auto& kMovingOutDecided = kWho<Role::coordinator, Role::leader>;
constexpr auto& kResuming = kWho<Role::dispatch_officer, Role::shift_leader, Role::coordinator, Role::system>;
constexpr auto& kEnforcementSenders =
    kWho<Role::acceptor, Role::shift_leader, Role::dispatch_officer, Role::unit_clerk, Role::unit_head>;
constexpr auto& kSupervisors = kWho<Role::inspector, Role::evaluator, Role::leader, Role::shift_leader>;
constexpr auto& kUrgers = kWho<Role::dispatch_officer, Role::shift_leader, Role::inspector, Role::leader>;
constexpr auto& kLeader = kWho<Role::leader>;
constexpr auto& kAnswering = kWho<Role::acceptor, Role::shift_leader, Role::dispatch_officer, Role::unit_clerk, Role::unit_head,
                                  Role::squad_leader, Role::coordinator>;
constexpr auto& kUrgent = kWho<Role::hotline_agent, Role::acceptor, Role::shift_leader>;
constexpr auto& kRepliers = kWho<Role::hotline_agent, Role::acceptor>;
constexpr auto& kEvaluator = kWho<Role::evaluator>;
constexpr auto& kReopening = kWho<Role::hotline_agent, Role::shift_leader, Role::inspector, Role::evaluator>;
constexpr auto& kOfficers = kWho<Role::hotline_agent, Role::acceptor, Role::shift_leader, Role::dispatch_officer,
                                 Role::unit_clerk, Role::unit_head, Role::squad_leader, Role::disposer,
                                 Role::coordinator, Role::evaluator, Role::inspector, Role::leader>;

// clang-format off
constexpr Row kRows[] = {
  // from                     action                   to                        who             guard                  clock                 count           outcome
  {S::reported,             A::report,               S::pending_accept,        kReporting,     G::none,               K::none,              N::report},
  {S::reported,             A::report,               S::self_disposed_review,  kReporting,     G::none,               K::none,              N::report,      "self_disposed"},
  {S::self_disposed_review, A::accept_self_disposal, S::self_disposed_closed,  kAccepting,     G::none,               K::none,              N::none},
  {S::self_disposed_review, A::refuse_self_disposal, S::pending_accept,        kAccepting,     G::none,               K::none,              N::none},
  {S::pending_accept,       A::send_verify,          S::verifying,             kVerifySenders, G::has_checker,        K::none,              N::send_verify},
  {S::verifying,            A::send_verify,          S::verifying,             kResend,        G::has_checker,        K::none,              N::send_verify},
  {S::verifying,            A::verify,               S::pending_accept,        kPatroller,     G::own_task,           K::none,              N::verify,      "exist"},
  {S::verifying,            A::verify,               S::pending_accept,        kPatroller,     G::own_task,           K::none,              N::verify,      "not_exist"},
  {S::verifying,            A::verify,               S::pending_accept,        kPatroller,     G::own_task,           K::none,              N::verify,      "unable"},
  {S::pending_accept,       A::merge,                S::merged,                kAcceptingAuto, G::mergeable,          K::end,               N::merged},
  {S::pending_file,         A::merge,                S::merged,                kAccepting,     G::mergeable,          K::end,               N::merged},
  {S::merged,               A::unmerge,              S::pending_accept,        kAccepting,     G::none,               K::none,              N::none},
  {S::pending_accept,       A::accept,               S::pending_file,          kAcceptingAuto, G::usable_place,       K::none,              N::accept},
  {S::pending_accept,       A::decline,              S::not_accepted,          kAccepting,     G::none,               K::none,              N::not_accept},
  {S::pending_accept,       A::amend,                S::pending_accept,        kAccepting,     G::none,               K::none,              N::none},
  {S::pending_file,         A::amend,                S::pending_file,          kAccepting,     G::none,               K::none,              N::none},
  {S::pending_file,         A::file,                 S::pending_dispatch,      kAcceptingAuto, G::known_condition,    K::none,              N::file},
  {S::pending_file,         A::decline_filing,       S::not_filed,             kAccepting,     G::none,               K::none,              N::not_file},
  {S::pending_dispatch,     A::dispatch,             S::pending_dispose,       kDispatchAuto,  G::one_lead_unit,      K::start,             N::dispatch},
  {S::pending_dispatch,     A::return_filing,        S::returned_by_dispatch,  kDispatcher,    G::none,               K::none,              N::none},
  {S::returned_by_dispatch, A::file,                 S::pending_dispatch,      kAccepting,     G::known_condition,    K::none,              N::file},
  {S::returned_by_dispatch, A::decline_filing,       S::not_filed,             kAccepting,     G::none,               K::end,               N::not_file},
  {S::returned_by_dispatch, A::amend,                S::returned_by_dispatch,  kAccepting,     G::none,               K::none,              N::none},
  {S::pending_dispose,      A::recall,               S::pending_dispatch,      kDispatcher,    G::none,               K::stop,              N::none},
  {S::pending_dispose,      A::sign,                 S::disposing,             kUnitAny,       G::none,               K::none,              N::none},
  {S::pending_dispose,      A::return_,              S::returned_by_unit,      kUnitLead,      G::return_window,      K::none,              N::none},
  {S::pending_dispose,      A::reassign,             S::pending_dispose,       kUnitLead,      G::one_lead_unit,      K::none,              N::none},
  {S::returned_by_unit,     A::approve_return,       S::pending_dispatch,      kReturnDesk,    G::not_the_sender,     K::stop_from_request, N::returned},
  {S::returned_by_unit,     A::refuse_return,        S::pending_dispose,       kReturnDesk,    G::not_the_sender,     K::none,              N::none},
  {S::disposing,            A::hand_back,            S::pending_dispose,       kSquad,         G::none,               K::none,              N::none},
  {S::disposing,            A::dispose,              S::disposed,              kSquad,         G::none,               K::none,              N::dispose},
  {S::disposing,            A::reassign,             S::disposing,             kUnitLead,      G::one_lead_unit,      K::none,              N::none},
  {S::disposed,             A::reject_disposal,      S::disposing,             kUnitDesk,      G::none,               K::none,              N::none},
  {S::pending_dispose,      A::extend,               S::pending_dispose,       kUnitLead,      G::extension,          K::none,              N::none},
  {S::disposing,            A::extend,               S::disposing,             kUnitLead,      G::extension,          K::none,              N::none},
  {S::pending_dispose,      A::defer,                S::pending_dispose,       kUnitLead,      G::pause,              K::none,              N::none},
  {S::disposing,            A::defer,                S::disposing,             kUnitLead,      G::pause,              K::none,              N::none},
  {S::pending_dispose,      A::suspend,              S::pending_dispose,       kUnitDesk,      G::pause,              K::none,              N::none},
  {S::disposing,            A::suspend,              S::disposing,             kUnitDesk,      G::pause,              K::none,              N::none},
  {S::pending_dispose,      A::approve_request,      S::pending_dispose,       kExtending,     G::open_request,       K::extend,            N::extended,    "extend"},
  {S::disposing,            A::approve_request,      S::disposing,             kExtending,     G::open_request,       K::extend,            N::extended,    "extend"},
  {S::pending_dispose,      A::approve_request,      S::suspended,             kExtending,     G::open_request,       K::stop_from_request, N::paused,      "defer"},
  {S::disposing,            A::approve_request,      S::suspended,             kExtending,     G::open_request,       K::stop_from_request, N::paused,      "defer"},
  {S::pending_dispose,      A::approve_request,      S::suspended,             kSuspending,    G::open_request,       K::stop_from_request, N::paused,      "suspend"},
  {S::disposing,            A::approve_request,      S::suspended,             kSuspending,    G::open_request,       K::stop_from_request, N::paused,      "suspend"},
  {S::suspended,            A::resume,               S::pending_dispose,       kResuming,      G::none,               K::resume,            N::none},
  {S::pending_dispose,      A::make_safe,            S::pending_dispose,       kSquad,         G::hazard,             K::none,              N::made_safe},
  {S::disposing,            A::make_safe,            S::disposing,             kSquad,         G::hazard,             K::none,              N::made_safe},
  {S::pending_dispose,      A::check,                S::pending_dispose,       kPatroller,     G::own_task,           K::none,              N::safe_checked, "pass"},
  {S::pending_dispose,      A::check,                S::pending_dispose,       kPatroller,     G::own_task,           K::none,              N::safe_checked, "fail"},
  {S::pending_dispose,      A::check,                S::pending_dispose,       kPatroller,     G::own_task,           K::none,              N::none,        "unable"},
  {S::disposing,            A::check,                S::disposing,             kPatroller,     G::own_task,           K::none,              N::safe_checked, "pass"},
  {S::disposing,            A::check,                S::disposing,             kPatroller,     G::own_task,           K::none,              N::safe_checked, "fail"},
  {S::disposing,            A::check,                S::disposing,             kPatroller,     G::own_task,           K::none,              N::none,        "unable"},
  {S::pending_dispose,      A::assist_done,          S::pending_dispose,       kUnitAny,       G::own_assist,         K::none,              N::none},
  {S::disposing,            A::assist_done,          S::disposing,             kUnitAny,       G::own_assist,         K::none,              N::none},
  {S::disposed,             A::assist_done,          S::disposed,              kUnitAny,       G::own_assist,         K::none,              N::none},
  {S::pending_dispose,      A::waive_assist,         S::pending_dispose,       kDispatcher,    G::open_assist,        K::none,              N::none},
  {S::disposing,            A::waive_assist,         S::disposing,             kDispatcher,    G::open_assist,        K::none,              N::none},
  {S::disposed,             A::waive_assist,         S::disposed,              kDispatcher,    G::open_assist,        K::none,              N::none},
  {S::disposing,            A::hand_to_enforcement,  S::in_enforcement,        kUnitDesk,      G::none,               K::stop,              N::to_enforcement},
  {S::in_enforcement,       A::send_check,           S::checking,              kEnforcementSenders, G::has_checker,   K::none,              N::send_check},
  {S::disposed,             A::confirm,              S::pending_review,        kUnitDeskAuto,  G::assists_answered,   K::stop_hand_over,    N::hand_over},
  {S::pending_review,       A::rework,               S::pending_dispatch,      kDispatcher,    G::none,               K::none,              N::rework},
  {S::pending_review,       A::send_check,           S::checking,              kCheckSenders,  G::has_checker,        K::none,              N::send_check},
  {S::checking,             A::send_check,           S::checking,              kResend,        G::has_checker,        K::none,              N::send_check},
  {S::checking,             A::check,                S::pending_close,         kPatroller,     G::own_task,           K::none,              N::check,       "pass"},
  {S::checking,             A::check,                S::pending_dispose,       kPatroller,     G::own_task,           K::resume,            N::rework,      "fail"},
  {S::checking,             A::check,                S::pending_review,        kPatroller,     G::own_task,           K::none,              N::none,        "unable"},
  {S::checking,             A::check,                S::in_enforcement,        kPatroller,     G::own_task,           K::none,              N::none,        "not_restored"},
  {S::pending_close,        A::recheck,              S::checking,              kAccepting,     G::has_checker,        K::none,              N::none},
  {S::pending_close,        A::rework,               S::pending_dispatch,      kDispatcher,    G::none,               K::none,              N::rework},
  {S::pending_close,        A::close,                S::closed,                kAccepting,     G::closing_condition,  K::end,               N::close},
  {S::pending_close,        A::close,                S::awaiting_upstream,     kAccepting,     G::closing_condition,  K::none,              N::none,        "upstream"},
  {S::awaiting_upstream,    A::upstream_close,       S::closed,                kAcceptingAuto, G::none,               K::end,               N::close},
  {S::awaiting_upstream,    A::upstream_rework,      S::pending_dispatch,      kAcceptingAuto, G::none,               K::none,              N::rework},
  {S::self_disposed_closed, A::check,                S::self_disposed_closed,  kPatroller,     G::own_task,           K::none,              N::none,        "pass"},
  {S::self_disposed_closed, A::check,                S::self_disposed_closed,  kPatroller,     G::own_task,           K::none,              N::none,        "fail"},
  {S::self_disposed_closed, A::check,                S::self_disposed_closed,  kPatroller,     G::own_task,           K::none,              N::none,        "unable"},
  {S::closed,               A::check,                S::closed,                kPatroller,     G::own_task,           K::none,              N::none,        "pass"},
  {S::closed,               A::check,                S::closed,                kPatroller,     G::own_task,           K::none,              N::none,        "fail"},
  {S::closed,               A::check,                S::closed,                kPatroller,     G::own_task,           K::none,              N::none,        "unable"},
  {S::closed,               A::appeal,               S::closed,                kUnitDesk,      G::late_closure,       K::none,              N::appealed},
  {S::closed,               A::approve_request,      S::closed,                kEvaluator,     G::open_request,       K::none,              N::exempted,    "appeal"},
  {S::closed,               A::refuse_request,       S::closed,                kEvaluator,     G::open_request,       K::none,              N::none,        "appeal"},
  {S::closed,               A::reopen,               S::closed,                kReopening,     G::reopen_window,      K::none,              N::reopened},
};

// Rows that hold in many states. `from` and `to` equal: the case stays where it is; the states are chosen by `where`.
enum class Where : std::uint8_t { any_open, filed_open, disposal, clock_runs, ended };
struct Overlay {
  Where where;
  bool stays;
  Row row;  // `from` is filled in
};
constexpr Overlay kOverlays[] = {
  // where            stays         action               to                    who                guard              clock     count
  {Where::filed_open, true,  {{}, A::request_void,    S::voided,          kAcceptor,         G::no_open_request, K::none,  N::none}},
  {Where::filed_open, false, {{}, A::approve_void,    S::voided,          kShiftLeader,      G::open_request,    K::end,   N::voided}},
  {Where::filed_open, true,  {{}, A::refuse_void,     S::voided,          kShiftLeader,      G::open_request,    K::none,  N::none}},
  {Where::any_open,   true,  {{}, A::force_close,     S::forced_closed,   kForcing,          G::no_open_request, K::none,  N::none}},
  {Where::any_open,   false, {{}, A::approve_request, S::forced_closed,   kForcing,          G::open_request,    K::end,   N::forced,    "force_close"}},
  {Where::any_open,   true,  {{}, A::refuse_request,  S::forced_closed,   kForcing,          G::open_request,    K::none,  N::none,      "force_close"}},
  {Where::any_open,   true,  {{}, A::transfer_out,    S::transferred_out, kMovingOut,        G::no_open_request, K::none,  N::none}},
  {Where::any_open,   false, {{}, A::approve_request, S::transferred_out, kMovingOutDecided, G::open_request,    K::end,   N::moved_out, "transfer_out"}},
  {Where::any_open,   true,  {{}, A::refuse_request,  S::transferred_out, kMovingOutDecided, G::open_request,    K::none,  N::none,      "transfer_out"}},
  {Where::disposal,   true,  {{}, A::refuse_request,  S::disposing,       kExtending,        G::open_request,    K::none,  N::none,      "extend"}},
  {Where::disposal,   true,  {{}, A::refuse_request,  S::disposing,       kExtending,        G::open_request,    K::none,  N::none,      "defer"}},
  {Where::disposal,   true,  {{}, A::refuse_request,  S::disposing,       kSuspending,       G::open_request,    K::none,  N::none,      "suspend"}},
  {Where::any_open,   true,  {{}, A::set_urgent,      S::reported,        kUrgent,           G::not_urgent_yet,  K::hurry, N::none}},
  {Where::any_open,   true,  {{}, A::supervise,       S::reported,        kSupervisors,      G::none,            K::none,  N::supervised}},
  {Where::any_open,   true,  {{}, A::urge,            S::reported,        kUrgers,           G::none,            K::none,  N::urged}},
  {Where::any_open,   true,  {{}, A::instruct,        S::reported,        kLeader,           G::none,            K::none,  N::instructed}},
  {Where::any_open,   true,  {{}, A::acknowledge,     S::reported,        kOfficers,         G::none,            K::none,  N::none}},
  {Where::any_open,   true,  {{}, A::answer_order,    S::reported,        kAnswering,        G::open_order,      K::none,  N::none}},
  {Where::ended,      true,  {{}, A::answer_order,    S::reported,        kAnswering,        G::open_order,      K::none,  N::none}},
  {Where::any_open,   true,  {{}, A::judge_order,     S::reported,        kSupervisors,      G::answered_order,  K::none,  N::none}},
  {Where::ended,      true,  {{}, A::judge_order,     S::reported,        kSupervisors,      G::answered_order,  K::none,  N::none}},
  {Where::any_open,   true,  {{}, A::refer_discipline, S::reported,       kLeader,           G::none,            K::none,  N::none}},
  {Where::ended,      true,  {{}, A::refer_discipline, S::reported,       kLeader,           G::none,            K::none,  N::none}},
  {Where::clock_runs, true,  {{}, A::reproject,       S::reported,        kSystem,           G::moved_deadline,  K::reproject, N::none}},
  {Where::any_open,   true,  {{}, A::note,            S::reported,        kOfficers,         G::none,            K::none,  N::none}},
  {Where::any_open,   true,  {{}, A::reply,           S::reported,        kRepliers,         G::none,            K::none,  N::replied}},
  {Where::ended,      true,  {{}, A::reply,           S::reported,        kRepliers,         G::none,            K::none,  N::replied}},
  {Where::ended,      true,  {{}, A::note,            S::reported,        kOfficers,         G::none,            K::none,  N::none}},
};
// clang-format on

constexpr bool holds(Where where, StateInfo const& s) {
  if (where == Where::ended) return !s.open;
  if (!s.open || s.state == S::reported) return false;  // `reported` never rests: the report's own row leaves it
  if (where == Where::any_open) return true;
  if (where == Where::disposal) return s.state == S::pending_dispose || s.state == S::disposing;
  if (where == Where::clock_runs)
    return s.state == S::pending_dispose || s.state == S::returned_by_unit || s.state == S::disposing || s.state == S::disposed;
  switch (s.state) {
    case S::verifying:
    case S::pending_accept:
    case S::pending_file:
    case S::self_disposed_review:
      return false;
    default:
      return true;
  }
}

constexpr std::size_t overlay_count() {
  std::size_t count = 0;
  for (auto const& overlay : kOverlays) {
    for (auto const& s : kStates) count += holds(overlay.where, s);
  }
  return count;
}

constexpr auto kTable = [] {
  std::array<Row, std::size(kRows) + overlay_count()> table{};
  auto* out = std::copy(std::begin(kRows), std::end(kRows), table.data());
  for (auto const& overlay : kOverlays) {
    for (auto const& s : kStates) {
      if (!holds(overlay.where, s)) continue;
      *out = overlay.row;
      out->from = s.state;
      if (overlay.stays) out->to = s.state;
      ++out;
    }
  }
  return table;
}();

constexpr bool states_are_in_enum_order() {
  for (std::size_t i = 0; i < kStates.size(); ++i) {
    if (kStates[i].state != static_cast<State>(i)) return false;
  }
  return true;
}

constexpr bool rows_are_unique() {
  for (std::size_t i = 0; i < kTable.size(); ++i) {
    auto const& a = kTable.data()[i];  // no operator[]: clang counts each call as a step, and there are some 30,000 pairs
    for (auto const* b = &a + 1; b != kTable.data() + kTable.size(); ++b) {
      if (a.from == b->from && a.action == b->action && a.outcome == b->outcome) return false;
    }
  }
  return true;
}

constexpr bool only_unmerge_leaves_an_ended_state() {
  return std::all_of(kTable.begin(), kTable.end(), [](Row const& row) {
    return info(row.from).open || row.from == row.to || row.action == A::unmerge;
  });
}

constexpr bool every_row_has_somebody() {
  return std::all_of(kTable.begin(), kTable.end(), [](Row const& row) { return !row.who.empty(); });
}

constexpr bool every_state_is_reached() {
  std::array<bool, kStates.size()> reached{};
  reached[static_cast<std::size_t>(S::reported)] = true;
  for (std::size_t round = 0; round < kStates.size(); ++round) {
    for (auto const& row : kTable) {
      if (reached[static_cast<std::size_t>(row.from)]) reached[static_cast<std::size_t>(row.to)] = true;
    }
  }
  return std::all_of(reached.begin(), reached.end(), [](bool r) { return r; });
}

constexpr bool every_open_state_has_an_exit() {
  return std::all_of(kStates.begin(), kStates.end(), [](StateInfo const& s) {
    return !s.open || std::any_of(kTable.begin(), kTable.end(),
                                  [&](Row const& row) { return row.from == s.state && row.to != s.state; });
  });
}

static_assert(states_are_in_enum_order());
static_assert(rows_are_unique());
static_assert(only_unmerge_leaves_an_ended_state());
static_assert(every_row_has_somebody());
static_assert(every_state_is_reached());
static_assert(every_open_state_has_an_exit());

}  // namespace

std::span<Row const> lifecycle() {
  return kTable;
}

std::span<Row const* const> rows_of(Action action) {
  static auto const index = [] {
    std::array<std::vector<Row const*>, static_cast<std::size_t>(A::reproject) + 1> rows;
    for (auto const& row : kTable) rows[static_cast<std::size_t>(row.action)].push_back(&row);
    return rows;
  }();
  return index[static_cast<std::size_t>(action)];
}

Row const* find_row(State from, Action action, std::string_view outcome) {
  for (auto const* row : rows_of(action)) {
    if (row->from == from && row->outcome == outcome) return row;
  }
  return nullptr;
}

}  // namespace wangge::core
