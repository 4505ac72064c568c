#include "dispatcher/core/hotline.hpp"

#include <algorithm>
#include <map>

#include "dispatcher/core/field_text.hpp"

namespace wangge::core {

namespace {

using S = OrderState;
using A = OrderAction;

constexpr FieldSpec kReason{"reason", "text", true}, kMaybeReason{"reason", "text"}, kText{"text", "text", true},
    kCase{"into", "code", true}, kMaybeUntil{"until", "time"};
constexpr std::array<FieldSpec, 0> kNothing{};
constexpr std::array kReasonOnly{kReason}, kMaybeReasonOnly{kMaybeReason}, kCaseOnly{kCase};
constexpr std::array kAssign{FieldSpec{"unit", "code", true}, kMaybeReason};
constexpr std::array kUnlink{kCase, kReason};
constexpr std::array kAskExtension{FieldSpec{"until", "time", true}, kReason};
constexpr std::array kGrantExtension{kMaybeUntil, kMaybeReason};
constexpr std::array kReply{kText};
constexpr std::array kVisit{
    FieldSpec{"satisfaction", "choice", true, "very_satisfied|satisfied|acceptable|dissatisfied|very_dissatisfied"},
    FieldSpec{"text", "text"}, kMaybeUntil};

// clang-format off
constexpr std::array kActions{
  OrderActionInfo{A::receive,           "receive",           "接收工单",     "Receive",                 kNothing},  // a door of its own
  OrderActionInfo{A::sign_order,        "sign_order",        "签收工单",     "Sign for",                kNothing},
  OrderActionInfo{A::assign_order,      "assign_order",      "指定承办部门", "Name the unit",           kAssign},
  OrderActionInfo{A::link_case,         "link_case",         "关联案卷",     "Link a case",             kCaseOnly},
  OrderActionInfo{A::unlink_case,       "unlink_case",       "取消关联",     "Unlink a case",           kUnlink},
  OrderActionInfo{A::send_back,         "send_back",         "申请退单",     "Send back",               kReasonOnly},
  OrderActionInfo{A::grant_send_back,   "grant_send_back",   "上级同意退单", "Upstream took it back",   kMaybeReasonOnly},
  OrderActionInfo{A::refuse_send_back,  "refuse_send_back",  "上级驳回退单", "Upstream refused",        kReasonOnly},
  OrderActionInfo{A::ask_extension,     "ask_extension",     "申请延期",     "Ask upstream for more time", kAskExtension},
  OrderActionInfo{A::grant_extension,   "grant_extension",   "上级同意延期", "Upstream gave more time", kGrantExtension},
  OrderActionInfo{A::refuse_extension,  "refuse_extension",  "上级不同意延期", "Upstream gave none",    kMaybeReasonOnly},
  OrderActionInfo{A::draft_reply,       "draft_reply",       "拟写答复",     "Draft the reply",         kReply},
  OrderActionInfo{A::sign_off_reply,    "sign_off_reply",    "签发答复",     "Sign the reply off",      kMaybeReasonOnly},
  OrderActionInfo{A::reject_reply,      "reject_reply",      "退回重拟",     "Reject the reply",        kReasonOnly},
  OrderActionInfo{A::return_visit,      "return_visit",      "回访",         "Return visit",            kVisit},
  OrderActionInfo{A::note_order,        "note_order",        "备注",         "Note",                    kReply},
  OrderActionInfo{A::acknowledge_order, "acknowledge_order", "知悉",         "Acknowledge",             kMaybeReasonOnly},
};

template <Role... roles>
inline constexpr std::array<Role, sizeof...(roles)> kWho{roles...};
constexpr auto& kDesk = kWho<Role::hotline_agent, Role::acceptor, Role::shift_leader>;
constexpr auto& kNaming = kWho<Role::hotline_agent, Role::acceptor, Role::shift_leader, Role::dispatch_officer, Role::coordinator>;
constexpr auto& kUpstream = kWho<Role::hotline_agent, Role::shift_leader>;
constexpr auto& kAsking = kWho<Role::hotline_agent, Role::shift_leader, Role::unit_clerk, Role::unit_head>;
constexpr auto& kDrafting = kWho<Role::hotline_agent, Role::unit_clerk, Role::unit_head>;
constexpr auto& kHead = kWho<Role::unit_head>;
constexpr auto& kAgent = kWho<Role::hotline_agent>;
constexpr auto& kAll = kWho<Role::hotline_agent, Role::acceptor, Role::shift_leader, Role::dispatch_officer, Role::coordinator,
                            Role::unit_clerk, Role::unit_head, Role::evaluator, Role::inspector, Role::leader>;

constexpr auto& kLinking = kWho<Role::hotline_agent, Role::acceptor, Role::shift_leader, Role::dispatch_officer, Role::coordinator, Role::system>;  // the system: a report that names the order
constexpr auto& kSystem = kWho<Role::system>;

constexpr OrderRow kRows[] = {
  // from         action                to            who
  {S::received,  A::sign_order,        S::handling,  kDesk},
  {S::received,  A::send_back,         S::sent_back, kUpstream},
  {S::handling,  A::send_back,         S::sent_back, kUpstream},
  {S::sent_back, A::grant_send_back,   S::returned,  kUpstream},
  {S::sent_back, A::refuse_send_back,  S::handling,  kUpstream},
  {S::handling,  A::assign_order,      S::handling,  kNaming},
  {S::handling,  A::link_case,         S::handling,  kLinking},
  {S::replying,  A::link_case,         S::replying,  kLinking},
  {S::received,  A::link_case,         S::received,  kSystem},
  {S::sent_back, A::link_case,         S::sent_back, kSystem},
  {S::replied,   A::link_case,         S::replied,   kSystem},
  {S::handling,  A::unlink_case,       S::handling,  kNaming},
  {S::replying,  A::unlink_case,       S::replying,  kNaming},
  {S::handling,  A::ask_extension,     S::handling,  kAsking},
  {S::replying,  A::ask_extension,     S::replying,  kAsking},
  {S::handling,  A::grant_extension,   S::handling,  kUpstream},
  {S::replying,  A::grant_extension,   S::replying,  kUpstream},
  {S::handling,  A::refuse_extension,  S::handling,  kUpstream},
  {S::replying,  A::refuse_extension,  S::replying,  kUpstream},
  {S::handling,  A::draft_reply,       S::replying,  kDrafting},
  {S::replying,  A::draft_reply,       S::replying,  kDrafting},
  {S::replying,  A::sign_off_reply,    S::replied,   kHead},
  {S::replying,  A::reject_reply,      S::handling,  kHead},
  {S::replied,   A::return_visit,      S::closed,    kAgent, "content"},
  {S::replied,   A::return_visit,      S::handling,  kAgent, "again"},
  {S::received,  A::note_order,        S::received,  kAll},
  {S::handling,  A::note_order,        S::handling,  kAll},
  {S::sent_back, A::note_order,        S::sent_back, kAll},
  {S::replying,  A::note_order,        S::replying,  kAll},
  {S::replied,   A::note_order,        S::replied,   kAll},
  {S::returned,  A::note_order,        S::returned,  kAll},
  {S::closed,    A::note_order,        S::closed,    kAll},
  {S::received,  A::acknowledge_order, S::received,  kAll},
  {S::handling,  A::acknowledge_order, S::handling,  kAll},
  {S::sent_back, A::acknowledge_order, S::sent_back, kAll},
  {S::replying,  A::acknowledge_order, S::replying,  kAll},
};
// clang-format on

constexpr bool actions_in_enum_order() {
  for (std::size_t i = 0; i < kActions.size(); ++i)
    if (kActions[i].action != static_cast<A>(i)) return false;
  return kActions.size() == static_cast<std::size_t>(A::acknowledge_order) + 1;
}
static_assert(actions_in_enum_order());

bool of_unit(Role role) {
  return role == Role::unit_clerk || role == Role::unit_head || role == Role::squad_leader || role == Role::disposer;
}

bool names(OrderRow const& row, Role role) {
  return std::find(row.who.begin(), row.who.end(), role) != row.who.end();
}

std::string_view visit_outcome(std::string_view satisfaction) {
  return satisfaction == "dissatisfied" || satisfaction == "very_dissatisfied" ? "again" : "content";
}

std::string text_of(OrderState state) {
  return std::string(id(state));
}
template <class T>
std::string text_of(T const& value) {
  return field_text::encode(value);
}
void read_text(std::string_view name, std::string const& text, OrderState& to) {
  auto const state = order_state_from(text);
  if (!state) throw std::invalid_argument("field " + std::string(name) + " names no state: " + text);
  to = *state;
}
template <class T>
void read_text(std::string_view name, std::string const& text, T& to) {
  field_text::decode(name, text, to);
}

// The fields that an action of this kind needs, and its choices.
std::optional<Refused> missing(OrderActionInfo const& action, ActionInput const& in) {
  std::map<std::string_view, bool> const given{
      {"reason", !in.reason.empty()},  {"text", !in.text.empty()}, {"into", !in.into.empty()},
      {"until", in.until.has_value()}, {"unit", !in.unit.empty()}, {"satisfaction", !in.satisfaction.empty()}};
  for (auto const& field : action.fields)
    if (field.required && !given.at(field.name)) return Refused{Reason::field_missing, "/" + std::string(field.name)};
  return std::nullopt;
}

// One action on one order: its guards, then what it sets.
class OrderStep {
 public:
  OrderStep(OrderFacts const& facts, Command const& command, Instant at)
      : facts_(facts), in_(command.input), who_(command.who), at_(at) {}

  std::optional<Refused> take(OrderAction action, HotlineOrder& o) {
    auto const no = [](Reason reason, std::string field = "") { return Refused{reason, std::move(field)}; };
    auto const linked = std::find(o.cases.begin(), o.cases.end(), in_.into);
    switch (action) {
      case A::sign_order:
        o.signed_at = at_;
        o.late_sign = o.sign_by && at_ > *o.sign_by;
        break;
      case A::assign_order:
        if (!facts_.city->units.contains(in_.unit)) return no(Reason::unknown_unit, "/unit");
        o.unit = in_.unit;
        break;
      case A::link_case:
        if (!facts_.case_known) return no(Reason::unknown_case, "/into");
        if (linked != o.cases.end()) return no(Reason::case_linked, "/into");
        o.cases.push_back(in_.into);
        break;
      case A::unlink_case:
        if (linked == o.cases.end()) return no(Reason::unknown_case, "/into");
        o.cases.erase(linked);
        break;
      case A::send_back:
        if (o.return_by && at_ > *o.return_by) return no(Reason::return_window_over);
        ++o.sent_back;
        break;
      case A::grant_send_back:
        o.closed_at = at_;
        o.extension_until.reset();
        break;
      case A::refuse_send_back:
        if (!o.signed_at) o.signed_at = at_;  // back on the desk of who sent it
        break;
      case A::ask_extension:
        if (o.extension_until) return no(Reason::request_open);
        if (at_ > *o.due_at) return no(Reason::already_late);
        if (*in_.until <= *o.due_at) return no(Reason::until_out_of_range, "/until");
        o.extension_until = in_.until;
        break;
      case A::grant_extension: {
        if (!o.extension_until) return no(Reason::no_request);
        auto const until = in_.until.value_or(*o.extension_until);  // upstream may give less than was asked
        if (until <= *o.due_at) return no(Reason::until_out_of_range, "/until");
        o.extension_until.reset();
        ++o.extensions;
        due(o, until);
        break;
      }
      case A::refuse_extension:
        if (!o.extension_until) return no(Reason::no_request);
        o.extension_until.reset();
        break;
      case A::draft_reply:
        if (o.unit.empty()) return no(Reason::no_unit_named);
        o.reply = in_.text;
        o.reply_by = who_.name;
        break;
      case A::sign_off_reply:
        if (o.reply_by == who_.name) return no(Reason::same_person);  // who wrote it does not sign it off
        o.replied_at = at_;
        o.late = at_ > *o.due_at;
        o.signed_off_by = who_.name;
        o.extension_until.reset();
        break;
      case A::reject_reply:
        o.reply_by.clear();
        break;
      case A::return_visit:
        if (visit_outcome(in_.satisfaction) == "content") {
          o.closed_at = at_;
        } else {  // 不满意 → 重办, by another day
          if (!in_.until) return no(Reason::field_missing, "/until");
          if (*in_.until <= at_) return no(Reason::until_out_of_range, "/until");
          ++o.redone;
          o.replied_at.reset();
          o.late = false;
          o.reply_by.clear();
          o.signed_off_by.clear();
          due(o, *in_.until);
        }
        o.satisfaction = in_.satisfaction;
        break;
      case A::receive:
      case A::note_order:
      case A::acknowledge_order:
        break;
    }
    return std::nullopt;
  }

  // Yellow when a fifth of the time is left, as everywhere.
  void due(HotlineOrder& o, Instant until) const {
    o.due_at = until;
    o.warn_at = at_ + (until - at_) / 5 * 4;
  }

 private:
  OrderFacts const& facts_;
  ActionInput const& in_;
  Principal const& who_;
  Instant at_;
};

HistoryRow row_of(HotlineOrder const& before, HotlineOrder const& after, Command const& command) {
  HistoryRow row;
  row.version = after.version;
  row.action = command.action;
  row.actor = command.who.name;
  row.role = command.who.role;
  row.at = after.last_at;
  row.reason = command.input.reason;
  row.opinion = command.action == "receive" ? "" : command.input.text;
  row.photos = command.input.photos;
  row.command_id = command.command_id;
  row.changes = order_diff(before, after);
  row.transport = true;  // it moves no case: the lifecycle of cases has no word in it
  return row;
}

OrderDecision receive(OrderFacts const& facts, Command const& command, Instant at) {
  auto const& in = command.input;
  if (std::find(kDesk.begin(), kDesk.end(), command.who.role) == kDesk.end()) return Refused{Reason::not_yours, ""};
  if (facts.present) return OrderAccepted{*facts.present, {}, true};
  if (in.text.empty()) return Refused{Reason::field_missing, "/text"};
  auto const& policy = facts.city->policy;
  auto const& clock = facts.city->calendar_of("");
  auto const after = [&](std::int64_t minutes) { return clock.add_work(at, std::chrono::minutes{minutes}).at; };
  HotlineOrder empty;
  empty.district = command.who.district;
  empty.order_no = command.case_no;
  auto o = empty;
  o.version = 1;
  o.opened_at = o.last_at = at;
  o.backdated = command.at.has_value();
  auto const colon = command.case_no.find(':');
  o.system = command.case_no.substr(0, colon);
  o.number = command.case_no.substr(colon + 1);
  o.text = in.text;
  o.address = in.address;
  o.sign_by = in.sign_by.value_or(after(policy.hotline_sign_minutes));
  o.return_by = in.return_by.value_or(after(policy.hotline_return_minutes));
  auto const due = in.until.value_or(after(policy.hotline_reply_minutes));
  if (due <= at) return Refused{Reason::until_out_of_range, "/due_at"};
  OrderStep(facts, command, at).due(o, due);
  return OrderAccepted{o, {row_of(empty, o, command)}, false};
}

}  // namespace

std::optional<OrderState> order_state_from(std::string_view id) {
  for (std::size_t i = 0; i < kOrderStates.size(); ++i)
    if (kOrderStates[i].id == id) return static_cast<OrderState>(i);
  return std::nullopt;
}

Changes order_fields(HotlineOrder const& o) {
  Changes all;
  for_each_order_field(
      o, [&](std::string_view name, auto const& value) { all.emplace_back(std::string(name), text_of(value)); });
  return all;
}

Changes order_diff(HotlineOrder const& before, HotlineOrder const& after) {
  auto const was = order_fields(before);
  auto is = order_fields(after);
  Changes changes;
  for (std::size_t i = 0; i < is.size(); ++i)
    if (was[i].second != is[i].second) changes.push_back(std::move(is[i]));
  return changes;
}

void order_patch(HotlineOrder& o, Changes const& changes) {
  for (auto const& change : changes) {
    bool known = false;
    for_each_order_field(o, [&](std::string_view name, auto& member) {
      if (name != change.first) return;
      known = true;
      read_text(name, change.second, member);
    });
    if (!known) throw std::invalid_argument("an order has no field " + change.first);
  }
}

bool is_order_no(std::string_view text) {
  auto const colon = text.find(':');
  if (colon == std::string_view::npos) return false;
  auto const number = text.substr(colon + 1);
  auto const fits = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-' || c == '_' ||
           c == '.';
  };
  return std::find(kHotlines.begin(), kHotlines.end(), text.substr(0, colon)) != kHotlines.end() && !number.empty() &&
         number.size() <= 64 && std::all_of(number.begin(), number.end(), fits);
}

std::span<OrderActionInfo const> order_actions() {
  return kActions;
}
OrderActionInfo const& info(OrderAction a) {
  return kActions[static_cast<std::size_t>(a)];
}
std::optional<OrderAction> order_action_from(std::string_view id) {
  auto const found = std::find_if(kActions.begin(), kActions.end(), [&](auto const& a) { return a.id == id; });
  return found == kActions.end() ? std::nullopt : std::optional(found->action);
}
std::span<OrderRow const> order_rows() {
  return kRows;
}

bool sees_order(Principal const& who, HotlineOrder const& o) {
  if (who.district != o.district) return false;
  if (who.role == Role::system) return true;
  if (of_unit(who.role)) return !who.unit.empty() && who.unit == o.unit;
  return names(OrderRow{S::received, A::note_order, S::received, kAll}, who.role);
}

std::vector<OrderAction> order_actions_for(Principal const& who, HotlineOrder const& o) {
  std::vector<OrderAction> allowed;
  if (!sees_order(who, o)) return allowed;
  for (auto const& row : kRows) {
    if (row.from != o.state || !names(row, who.role)) continue;
    bool const waits = o.extension_until.has_value();
    if (row.action == A::ask_extension && waits) continue;
    if ((row.action == A::grant_extension || row.action == A::refuse_extension) && !waits) continue;
    if (row.action == A::draft_reply && o.unit.empty()) continue;
    if (row.action == A::sign_off_reply && o.reply_by == who.name) continue;
    if (row.action == A::unlink_case && o.cases.empty()) continue;
    if (allowed.empty() || allowed.back() != row.action) allowed.push_back(row.action);
  }
  return allowed;
}

OrderDecision decide_order(OrderFacts const& facts, Command const& command) {
  auto const action = order_action_from(command.action);
  auto const nothing = Refused{Reason::out_of_scope, ""};
  if (!action || !is_order_no(command.case_no)) return nothing;
  auto const at = command.at.value_or(command.received_at);
  bool const opens = *action == A::receive;
  if (!opens && (!facts.present || !sees_order(command.who, *facts.present))) return nothing;
  bool const named = opens || std::any_of(std::begin(kRows), std::end(kRows), [&](OrderRow const& row) {
                       return row.action == *action && names(row, command.who.role);
                     });
  if (!named) return Refused{Reason::not_yours, ""};
  if (command.at && !command.who.backdate) return Refused{Reason::backdate_not_allowed, "/at"};
  if (command.at && *command.at > command.received_at) return Refused{Reason::at_in_future, "/at"};
  if (auto const& sealed = facts.city->sealed_before; command.at && sealed && *command.at < *sealed)
    return Refused{Reason::month_sealed, "/at"};
  if (opens) return receive(facts, command, at);

  auto const& before = *facts.present;
  if (command.version != before.version) return Refused{Reason::stale_version, "/version"};
  if (command.at && *command.at < before.last_at) return Refused{Reason::at_before_last, "/at"};
  if (auto refusal = missing(info(*action), command.input)) return *refusal;
  auto const outcome = *action == A::return_visit ? visit_outcome(command.input.satisfaction) : std::string_view();
  auto const* row = std::find_if(std::begin(kRows), std::end(kRows), [&](OrderRow const& r) {
    return r.from == before.state && r.action == *action && r.outcome == outcome;
  });
  if (row == std::end(kRows)) return Refused{Reason::wrong_state, ""};
  if (!names(*row, command.who.role)) return Refused{Reason::not_yours, ""};
  auto after = before;
  if (auto refusal = OrderStep(facts, command, at).take(*action, after)) return *refusal;
  after.state = row->to;
  after.version += 1;
  after.last_at = std::max(at, before.last_at);
  after.backdated = before.backdated || command.at.has_value();
  return OrderAccepted{after, {row_of(before, after, command)}, false};
}

std::optional<OrderAccepted> link_report(HotlineOrder const& present, std::string const& case_no, Instant at, bool backdated) {
  bool const there = std::find(present.cases.begin(), present.cases.end(), case_no) != present.cases.end();
  if (!info(present.state).open || there) return std::nullopt;
  auto after = present;
  after.cases.push_back(case_no);
  after.version += 1;
  after.last_at = std::max(at, present.last_at);
  after.backdated = present.backdated || backdated;
  Command command;
  command.action = std::string(id(A::link_case));
  command.who.name = "system", command.who.role = Role::system;
  return OrderAccepted{after, {row_of(present, after, command)}, false};
}

HotlineOrder replay_order(std::string const& district, std::string const& order_no, std::span<HistoryRow const> rows) {
  HotlineOrder o;
  o.district = district;
  o.order_no = order_no;
  for (auto const& row : rows) {
    auto const action = order_action_from(row.action);
    if (!action) continue;  // what its clock told: it moves nothing
    if (row.version != o.version + 1)
      throw std::invalid_argument("order " + order_no + " lacks version " + std::to_string(o.version + 1));
    auto const from = o.state;
    bool const opens = o.version == 0;
    order_patch(o, row.changes);
    o.version = row.version;
    bool const moves = std::any_of(std::begin(kRows), std::end(kRows), [&](OrderRow const& r) {
      return r.from == from && r.action == *action && r.to == o.state;
    });
    if (opens != (*action == A::receive) || (!opens && !moves))
      throw std::invalid_argument("order " + order_no + " moved by " + row.action + " where it may not");
  }
  return o;
}

// ---- its clock

std::optional<Instant> order_alarm_due(HotlineOrder const& o) {
  if (o.backdated || !info(o.state).open || o.state == S::replied) return std::nullopt;
  return o.state == S::received ? o.sign_by : o.due_at;
}

// The desk is warned, then the unit's head and the shift hear of the breach, then the committee (RULINGS 20). In
// working hours.
std::vector<AlarmStep> order_ladder(City const& city, HotlineOrder const& o) {
  static constexpr std::array kWarned{Role::hotline_agent, Role::unit_clerk},
      kBreach{Role::shift_leader, Role::unit_head};
  static constexpr std::array kTop{Role::leader};
  std::vector<AlarmStep> ladder;
  auto const due = order_alarm_due(o);
  if (!due) return ladder;
  auto const& clock = city.calendar_of("");
  if (o.state != S::received && o.warn_at && *o.warn_at < *due) {
    auto const at = std::max(clock.last_open(*o.warn_at), o.opened_at);
    if (at < *due) ladder.push_back({"warn", at, kWarned, false});
  }
  ladder.push_back({"breach", clock.next_open(*due), kBreach, false});
  ladder.push_back(
      {"committee", clock.add_work(*due, std::chrono::minutes{city.policy.ladder_committee_minutes}).at, kTop, false});
  return ladder;
}

std::optional<AlarmChange> order_alarm_change(City const& city, HotlineOrder const& before, HotlineOrder const& after) {
  auto const was = order_alarm_due(before), is = order_alarm_due(after);
  if (was == is && before.version != 0) return std::nullopt;
  if (!was && !is) return std::nullopt;
  AlarmChange change{AlarmClock::hotline, is, std::nullopt};
  if (is) change.fire = order_ladder(city, after).front().at;
  return change;
}

}  // namespace wangge::core
