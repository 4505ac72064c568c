// Words and their ids, and a case's differences as canonical text: what history rows carry and replay reads back.
// Every field is reached through for_each_field, so none can be forgotten here.
#include "dispatcher/core/types.hpp"

#include <algorithm>
#include <type_traits>
#include <unordered_map>

#include "dispatcher/core/field_text.hpp"

namespace wangge::core {

using field_text::decode;
using field_text::encode;

namespace {

template <class Table>
auto find_id(Table const& table, std::string_view id) {
  for (auto const& entry : table) {
    if (entry.id == id) return &entry;
  }
  return static_cast<decltype(table.data())>(nullptr);
}

// Separators of requests_text: control characters that no checked text holds.
constexpr char kBetweenRequests = '\x1e', kBetweenParts = '\x1f';

void append_text(std::string& out, std::string_view text) {
  for (char const ch : text) {
    if (ch != kBetweenRequests && ch != kBetweenParts) out += ch;
  }
}

std::string_view next_part(std::string_view& rest, char separator) {
  auto const end = std::min(rest.find(separator), rest.size());
  auto const part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

}  // namespace

std::string requests_text(std::vector<Request> const& requests) {
  std::string out;
  for (auto const& r : requests) {
    if (!out.empty()) out += kBetweenRequests;
    append_text(out, r.request_id);
    (out += kBetweenParts) += id(r.kind);
    append_text(out += kBetweenParts, r.by);
    (out += kBetweenParts) += encode(r.at);
    (out += kBetweenParts) += encode(r.until);
    append_text(out += kBetweenParts, r.reason);
  }
  return out;
}

std::vector<Request> requests_from(std::string_view text) {
  std::vector<Request> requests;
  while (!text.empty()) {
    auto one = next_part(text, kBetweenRequests);
    auto& r = requests.emplace_back();
    r.request_id = next_part(one, kBetweenParts);
    auto const kind = std::find(kRequestKinds.begin(), kRequestKinds.end(), next_part(one, kBetweenParts));
    if (kind == kRequestKinds.end()) throw std::invalid_argument("field requests names no kind of request");
    r.kind = static_cast<RequestKind>(kind - kRequestKinds.begin());
    r.by = next_part(one, kBetweenParts);
    decode("requests", std::string(next_part(one, kBetweenParts)), r.at);
    decode("requests", std::string(next_part(one, kBetweenParts)), r.until);
    r.reason = one;
  }
  return requests;
}

std::string orders_text(std::vector<Order> const& orders) {
  std::string out;
  for (auto const& o : orders) {
    if (!out.empty()) out += kBetweenRequests;
    append_text(out, o.order_id);
    (out += kBetweenParts) += id(o.kind);
    append_text(out += kBetweenParts, o.by);
    (out += kBetweenParts) += encode(o.at);
    (out += kBetweenParts) += encode(o.until);
    (out += kBetweenParts) += encode(o.answered_at);
    append_text(out += kBetweenParts, o.text);
  }
  return out;
}

std::vector<Order> orders_from(std::string_view text) {
  std::vector<Order> orders;
  while (!text.empty()) {
    auto one = next_part(text, kBetweenRequests);
    auto& o = orders.emplace_back();
    o.order_id = next_part(one, kBetweenParts);
    auto const kind = std::find(kOrderKinds.begin(), kOrderKinds.end(), next_part(one, kBetweenParts));
    if (kind == kOrderKinds.end()) throw std::invalid_argument("field orders names no kind of order");
    o.kind = static_cast<OrderKind>(kind - kOrderKinds.begin());
    o.by = next_part(one, kBetweenParts);
    decode("orders", std::string(next_part(one, kBetweenParts)), o.at);
    decode("orders", std::string(next_part(one, kBetweenParts)), o.until);
    decode("orders", std::string(next_part(one, kBetweenParts)), o.answered_at);
    o.text = one;
  }
  return orders;
}

std::optional<State> state_from(std::string_view id) {
  if (auto const* found = find_id(kStates, id)) return found->state;
  return std::nullopt;
}

std::optional<Role> role_from(std::string_view id) {
  if (auto const* found = find_id(kRoles, id)) return found->role;
  return std::nullopt;
}

Changes diff(Case const& before, Case const& after) {
  // The same list walked twice in step: member pointers would do, but names and order live in one place only.
  std::array<void const*, 128> olds{};
  std::size_t count = 0;
  for_each_field(before, [&](std::string_view, auto const& member) { olds.at(count++) = &member; });
  Changes changes;
  std::size_t at = 0;
  for_each_field(after, [&](std::string_view name, auto const& member) {
    using Member = std::remove_cvref_t<decltype(member)>;
    auto const& old = *static_cast<Member const*>(olds[at++]);
    if (!(old == member)) changes.emplace_back(std::string(name), encode(member));
  });
  return changes;
}

namespace {

// Where a field lies in a case and how its text is read: found once, for a replay reads millions of changes.
struct Field {
  std::ptrdiff_t at;
  void (*read)(std::string_view name, std::string const& text, void* member);
};

std::unordered_map<std::string_view, Field> fields_by_name() {
  static Case const any;
  std::unordered_map<std::string_view, Field> fields;
  for_each_field(any, [&](std::string_view name, auto const& member) {
    using Member = std::remove_cvref_t<decltype(member)>;
    fields[name] = {reinterpret_cast<char const*>(&member) - reinterpret_cast<char const*>(&any),
                    [](std::string_view field, std::string const& text, void* to) { decode(field, text, *static_cast<Member*>(to)); }};
  });
  return fields;
}

}  // namespace

void patch(Case& c, Changes const& changes) {
  static auto const kFields = fields_by_name();
  for (auto const& [wanted, text] : changes) {
    auto const field = kFields.find(wanted);
    if (field == kFields.end()) throw std::invalid_argument("a case has no field " + wanted);
    field->second.read(field->first, text, reinterpret_cast<char*>(&c) + field->second.at);
  }
}

bool has_flag(Case const& c, std::string_view flag) {
  return std::find(c.flags.begin(), c.flags.end(), flag) != c.flags.end();
}

std::string_view flag_value(Case const& c, std::string_view flag) {
  for (std::string_view const one : c.flags) {
    if (one.size() > flag.size() && one.starts_with(flag) && one[flag.size()] == ':') return one.substr(flag.size() + 1);
  }
  return {};
}

void set_flag(Case& c, std::string flag, bool on) {
  std::erase(c.flags, flag);
  if (on) c.flags.insert(std::upper_bound(c.flags.begin(), c.flags.end(), flag), std::move(flag));
}

}  // namespace wangge::core
