// Hotline orders (热线工单, RULINGS 18): what a hotline sends down to be answered. An order is a record of its own, not a case:
// its number and deadline are the upstream platform's, it has any number of cases (also none), and nothing that happens to a
// case (pause, void, end) moves its clock or closes it. It ends when the citizen was visited and content, or when the
// upstream platform took it back.
#pragma once

#include <variant>

#include "dispatcher/core/decide.hpp"
#include "dispatcher/core/escalation.hpp"

namespace wangge::core {

enum class OrderState : std::uint8_t { received, handling, sent_back, replying, replied, returned, closed };
struct OrderStateInfo {
  std::string_view id, zh, en;
  bool open;
};
inline constexpr std::array kOrderStates{
    OrderStateInfo{"received", "待签收", "To sign for", true},
    OrderStateInfo{"handling", "办理中", "Being handled", true},
    OrderStateInfo{"sent_back", "退单待定", "Sent back, undecided", true},
    OrderStateInfo{"replying", "待签发", "Reply to sign off", true},
    OrderStateInfo{"replied", "待回访", "To visit", true},
    OrderStateInfo{"returned", "已退单", "Taken back", false},
    OrderStateInfo{"closed", "已办结", "Closed", false},
};
constexpr OrderStateInfo const& info(OrderState s) { return kOrderStates[static_cast<std::size_t>(s)]; }
constexpr std::string_view id(OrderState s) { return info(s).id; }
std::optional<OrderState> order_state_from(std::string_view id);

// The hotlines that send orders.
inline constexpr std::array<std::string_view, 2> kHotlines{"hotline_12345", "hotline_12319"};

struct HotlineOrder {
  std::string district;
  std::string order_no;  // system ":" upstream number: the same order sent twice is one
  std::int64_t version = 0;
  OrderState state = OrderState::received;
  Instant opened_at{}, last_at{};
  bool backdated = false;
  std::string system, number;  // whose it is, and its number there
  std::string text, address;
  std::string unit;                // who answers it; its head signs the reply off
  std::vector<std::string> cases;  // 0..n
  std::optional<Instant> sign_by, return_by;  // sign-for limit; end of the window for sending it back 退单
  std::optional<Instant> due_at, warn_at;     // the upstream deadline of the reply; nothing of ours moves it
  std::optional<Instant> signed_at, replied_at, closed_at;
  bool late_sign = false, late = false;  // signed after sign_by; replied after due_at
  std::optional<Instant> extension_until;  // asked of the upstream platform and not answered yet
  std::int64_t extensions = 0;
  std::string reply, reply_by, signed_off_by;
  std::string satisfaction;   // of the newest return visit 回访
  std::int64_t redone = 0;    // 重办: visits that found the citizen not content
  std::int64_t sent_back = 0; // 退单 asked
};

template <class OrderT, class F>
constexpr void for_each_order_field(OrderT& o, F&& f) {
  f("state", o.state);
  f("opened_at", o.opened_at);
  f("last_at", o.last_at);
  f("backdated", o.backdated);
  f("system", o.system);
  f("number", o.number);
  f("text", o.text);
  f("address", o.address);
  f("unit", o.unit);
  f("cases", o.cases);
  f("sign_by", o.sign_by);
  f("return_by", o.return_by);
  f("due_at", o.due_at);
  f("warn_at", o.warn_at);
  f("signed_at", o.signed_at);
  f("replied_at", o.replied_at);
  f("closed_at", o.closed_at);
  f("late_sign", o.late_sign);
  f("late", o.late);
  f("extension_until", o.extension_until);
  f("extensions", o.extensions);
  f("reply", o.reply);
  f("reply_by", o.reply_by);
  f("signed_off_by", o.signed_off_by);
  f("satisfaction", o.satisfaction);
  f("redone", o.redone);
  f("sent_back", o.sent_back);
}
// Every field as canonical text, in order: what storage writes. order_patch reads it back; throws std::invalid_argument.
Changes order_fields(HotlineOrder const& o);
Changes order_diff(HotlineOrder const& before, HotlineOrder const& after);
void order_patch(HotlineOrder& o, Changes const& changes);

// Is this the number of an order (and not of a case)? A known hotline, ':', and 1-64 of A-Z a-z 0-9 - _ .
bool is_order_no(std::string_view text);

enum class OrderAction : std::uint8_t {
  receive, sign_order, assign_order, link_case, unlink_case, send_back, grant_send_back, refuse_send_back, ask_extension,
  grant_extension, refuse_extension, draft_reply, sign_off_reply, reject_reply, return_visit, note_order, acknowledge_order,
};
struct OrderActionInfo {
  OrderAction action;
  std::string_view id, zh, en;
  std::span<FieldSpec const> fields;
};
struct OrderRow {
  OrderState from;
  OrderAction action;
  OrderState to;
  std::span<Role const> who;
  std::string_view outcome = "";  // return_visit: content | again
};
std::span<OrderActionInfo const> order_actions();
OrderActionInfo const& info(OrderAction a);
inline std::string_view id(OrderAction a) { return info(a).id; }
std::optional<OrderAction> order_action_from(std::string_view id);
std::span<OrderRow const> order_rows();

// May `who` see it: hotline, center and leaders the district's, a unit's people their unit's.
bool sees_order(Principal const& who, HotlineOrder const& o);
std::vector<OrderAction> order_actions_for(Principal const& who, HotlineOrder const& o);

struct OrderFacts {
  City const* city = nullptr;
  std::optional<HotlineOrder> present;
  bool case_known = false;  // link_case: is the named case one of the district's?
};
struct OrderAccepted {
  HotlineOrder after;
  std::vector<HistoryRow> rows;  // chained with all history; transport: they move no case
  bool known = false;            // received before: nothing is written, this is the order as it is
};
using OrderDecision = std::variant<OrderAccepted, Refused>;

// One action on an order, checked in CONTRACT 5's order. `receive` opens one: command.case_no is its number.
OrderDecision decide_order(OrderFacts const& facts, Command const& command);
// What a report that names the order's number adds to it: the link, by the system; nullopt when it is there or the order is over.
std::optional<OrderAccepted> link_report(HotlineOrder const& present, std::string const& case_no, Instant at, bool backdated);
// The order that its rows give; throws std::invalid_argument when a move is not in the table or a version is missing.
HotlineOrder replay_order(std::string const& district, std::string const& order_no, std::span<HistoryRow const> rows);

// Its clock for escalation: the sign-for limit while nobody signed, then the reply's deadline until it is replied.
std::optional<Instant> order_alarm_due(HotlineOrder const& o);
std::vector<AlarmStep> order_ladder(City const& city, HotlineOrder const& o);
std::optional<AlarmChange> order_alarm_change(City const& city, HotlineOrder const& before, HotlineOrder const& after);

}  // namespace wangge::core
