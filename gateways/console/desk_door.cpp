#include "gateways/console/desk_door.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "gateways/console/answers.hpp"
#include "gateways/console/case_door.hpp"
#include "gateways/console/case_filter.hpp"
#include "gateways/console/personal.hpp"
#include "gateways/http/body.hpp"
#include "gateways/http/ids.hpp"
#include "gateways/http/router.hpp"
#include "gateways/http/text.hpp"

namespace wangge::console {
namespace {

namespace json = boost::json;
using http::Fields;
using http::Need;

constexpr std::size_t kNameMost = 40, kQueryMost = 1000, kReasonMost = 400;
constexpr core::Millis kCountedFor{10'000};   // a walk over the open cases serves whoever asks within
constexpr std::size_t kCountedMost = 2'000;   // filters remembered; then all are forgotten
constexpr core::Days kPromiseMost{366};

// Who may lay a view before everybody.
bool may_share(core::Role role) {
  return role == core::Role::acceptor || role == core::Role::shift_leader || role == core::Role::dispatch_officer || role == core::Role::coordinator ||
         role == core::Role::leader;
}

// The filter that a view's address asks for; throws BadFilter where it is none.
storage::CaseFilter filter_of(std::string const& query) {
  http::Request asked;
  std::string repeated;
  if (!http::split_query(query, asked.query, &repeated) || !repeated.empty()) throw storage::BadFilter("query", "cannot be decoded");
  return read_filter(asked);
}

}  // namespace

// ---- saved views

std::string DeskDoor::lights(core::Principal const& who, std::string const& query, core::Instant now) {
  auto const key = http::joined(who.district, core::id(who.role), who.street, who.unit, who.squad, query);
  {
    std::lock_guard lock(mutex_);
    auto const it = counted_.find(key);
    if (it != counted_.end() && now - it->second.at < kCountedFor) return it->second.json;
  }
  std::string found = "null";
  try {
    found = reads_.light_counts(who, filter_of(query));
  } catch (storage::BadFilter const&) {  // of an older program: shown without a count
  }
  std::lock_guard lock(mutex_);
  if (counted_.size() >= kCountedMost) counted_.clear();
  counted_[key] = {now, found};
  return found;
}

void DeskDoor::views(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    json::array items;
    for (auto const& v : records_.views(request.who))
      items.push_back(json::object{{"view_id", v.view_id}, {"name", v.name}, {"query", v.query}, {"owner", v.owner}, {"own", v.owner == request.who.name}, {"shared", v.shared},
                                   {"pinned", v.pinned}, {"light", json::parse(lights(request.who, v.query, request.received_at))}});
    return list_answer({json::serialize(items), ""});
  }));
}

void DeskDoor::put_view(http::Request request, http::Reply reply) {
  storage::SavedView view;
  auto const fault = http::body_fault(request, [&](Fields& fields) {
    view.view_id = http::lower(fields.text("view_id", Need::required, 36));
    if (!view.view_id.empty() && !http::is_uuid(view.view_id)) fields.fail("view_id", "bad_format");
    view.name = fields.text("name", Need::required, kNameMost);
    view.query = fields.text("query", Need::optional, kQueryMost);
    view.shared = fields.boolean("shared", Need::optional).value_or(false);
    view.pinned = fields.boolean("pinned", Need::optional).value_or(false);
    try {
      filter_of(view.query);
    } catch (storage::BadFilter const&) {
      fields.fail("query", "bad_format");
    }
    if (view.shared && !may_share(request.who.role)) fields.fail("shared", "not_yours");
  });
  if (fault) return reply(*fault);
  reply(reading(request.lang, [&] {
    auto const known = records_.views(request.who);
    auto const it = std::find_if(known.begin(), known.end(), [&](auto const& v) { return v.view_id == view.view_id; });
    view.owner = it == known.end() ? request.who.name : it->owner;
    bool const named = std::any_of(known.begin(), known.end(), [&](auto const& v) { return v.owner == request.who.name && v.name == view.name && v.view_id != view.view_id; });
    if (named) return http::problem(422, "invalid", request.lang, "", {{"/name", "repeated"}});
    if (!records_.put_view(request.who, view)) return http::problem(422, "invalid", request.lang, "", {{"/view_id", "too_many"}});
    return http::json(200, json::serialize(json::object{{"view_id", view.view_id}}));
  }));
}

void DeskDoor::drop_view(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    if (!records_.drop_view(request.who, std::string(request.params.get("view_id")))) return not_found(request.lang);
    return http::json(200, "{}");
  }));
}

// ---- who looks at what

bool DeskDoor::sees(core::Principal const& who, std::string const& case_no) {
  if (sees_district(who)) return true;
  for (auto const& scope : reads_.scopes_of(who.district, {case_no}))
    if (core::in_scope(who, scope.row) || std::find(scope.holders.begin(), scope.holders.end(), who.name) != scope.holders.end()) return true;
  return false;
}

http::Response DeskDoor::looked(http::Request const& request, std::string const& case_no, bool mine) {
  json::object out{{"case_no", case_no}, {"people", json::array{}}, {"lease", nullptr}};
  for (auto const& one : records_.looked(request.who.district, case_no)) out = json::parse(one.json).as_object();
  out["working"] = mine;
  return http::json(200, json::serialize(out));
}

void DeskDoor::presence(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    std::string items = "[";
    if (sees_district(request.who))
      for (auto const& one : records_.looked(request.who.district, "")) items += (items.size() > 1 ? "," : "") + one.json;
    return list_answer({items + "]", ""});
  }));
}

void DeskDoor::beat(http::Request request, http::Reply reply) {
  std::string seat, case_no;
  bool working = false;
  auto const fault = http::body_fault(request, [&](Fields& fields) {
    seat = fields.text("seat", Need::required, 36);
    case_no = fields.text("case_no", Need::optional, 32);
    if (!case_no.empty() && !is_case_no(case_no)) fields.fail("case_no", "bad_format");
    working = fields.boolean("working", Need::optional).value_or(false);
  });
  if (fault) return reply(*fault);
  reply(reading(request.lang, [&] {
    if (case_no.empty()) {
      records_.look(request.who, seat, "");
      board_.wake();
      return http::json(200, R"({"case_no":"","people":[],"lease":null,"working":false})");
    }
    if (!sees(request.who, case_no)) return not_found(request.lang);
    records_.look(request.who, seat, case_no);
    bool mine = false;
    if (working) mine = records_.take_lease(request.who, case_no, "");
    else records_.drop_lease(request.who, case_no);
    board_.wake();
    return looked(request, case_no, mine);
  }));
}

void DeskDoor::take_over(http::Request request, http::Reply reply) {
  std::string reason;
  if (auto const fault = http::body_fault(request, [&](Fields& fields) { reason = fields.text("reason", Need::required, kReasonMost); })) return reply(*fault);
  reply(reading(request.lang, [&] {
    std::string const case_no(request.params.get("case_no"));
    if (!is_case_no(case_no) || !sees(request.who, case_no)) return not_found(request.lang);
    records_.take_lease(request.who, case_no, reason);
    board_.wake();
    return looked(request, case_no, true);
  }));
}

void DeskDoor::promise(http::Request request, http::Reply reply) {
  std::optional<core::Instant> until;
  auto const fault = http::body_fault(request, [&](Fields& fields) {
    until = fields.time("until", Need::required);
    if (until && (*until < request.received_at || *until > request.received_at + kPromiseMost)) fields.fail("until", "out_of_range");
  });
  if (fault) return reply(*fault);
  std::string const report_id(request.params.get("report_id"));
  if (!http::is_uuid(report_id)) return reply(not_found(request.lang));
  reply(reading(request.lang, [&] {
    records_.promise(request.who, report_id, *until, request.received_at);
    return http::json(200, "{}");
  }));
}

// A body, not a query: a telephone number has no place in addresses, which proxies and logs keep.
void DeskDoor::earlier(http::Request request, http::Reply reply) {
  std::string phone;
  auto const fault = http::body_fault(request, [&](Fields& fields) {
    phone = fields.text("phone", Need::required, kPhoneMost);
    auto const digits = std::count_if(phone.begin(), phone.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (!phone.empty() && digits < kPhoneLeast) fields.fail("phone", "bad_format");
  });
  if (fault) return reply(*fault);
  reply(reading(request.lang, [&] {
    json::array items;
    for (auto const& one : records_.earlier(request.who, phone)) {
      auto item = json::parse(one.json).as_object();
      item["name"] = one.name.empty() ? json::value(nullptr) : json::value(masked_name(one.name));
      items.push_back(std::move(item));
    }
    bool const found = !items.empty();
    auto response = list_answer({json::serialize(items), ""});
    response.personal = found;
    return response;
  }));
}

}  // namespace wangge::console
