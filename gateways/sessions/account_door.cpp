#include "gateways/sessions/account_door.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "gateways/console/answers.hpp"
#include "gateways/console/case_filter.hpp"
#include "gateways/http/body.hpp"
#include "gateways/http/ids.hpp"
#include "gateways/http/rfc3339.hpp"
#include "gateways/sessions/one_time.hpp"
#include "gateways/sessions/passwords.hpp"
#include "gateways/sessions/session_door.hpp"

namespace wangge::sessions {
namespace {

namespace json = boost::json;
using core::Role;
using http::Need;
constexpr std::size_t kKeyBytes = 20;
constexpr int kRecoveryCodes = 10;

http::Response done() { return {204, "", "", {}}; }
http::Response invalid(std::string_view lang, std::string field, std::string code) {
  return http::problem(422, "invalid", lang, "", {{std::move(field), std::move(code)}});
}

// Reads the body's texts in the order asked for; false after the answer went out.
bool read_body(http::Request const& request, http::Reply const& reply, std::initializer_list<std::pair<std::string_view, std::string*>> texts) {
  auto const fault = read_texts(request, texts);
  if (fault) reply(*fault);
  return !fault;
}

std::string word(http::Request const& request, char const* name) {
  if (request.arg(name).size() > kNameMost) throw storage::BadFilter(name, console::kTooLong);
  return std::string(request.arg(name));
}

bool administers(Role role) { return role == Role::sys_admin || role == Role::sec_admin || role == Role::auditor; }

json::value time(std::optional<core::Instant> const& at) { return at ? json::value(http::format_time(*at, 480)) : json::value(nullptr); }

json::object account_json(storage::Login const& l) {
  json::array roles;
  for (auto const& r : l.roles)
    roles.emplace_back(json::object{{"role", core::id(r.role)}, {"street", r.street}, {"unit", r.unit}, {"squad", r.squad}});
  return {{"name", l.name},           {"roles", std::move(roles)},  {"disabled", l.disabled},        {"must_change", l.must_change},
          {"totp", !l.totp_key.empty()}, {"subject", l.subject},      {"created_at", time(l.created_at)}, {"password_at", time(l.password_at)},
          {"seen_at", time(l.seen_at)}};
}

// What an administrator may do with somebody's account, and which of them may.
struct Deed {
  std::string_view id;
  Role who;
};
constexpr std::array kDeeds{Deed{"reset_password", Role::sys_admin}, Deed{"disable", Role::sec_admin}, Deed{"enable", Role::sec_admin},
                            Deed{"clear_totp", Role::sec_admin}, Deed{"end_sessions", Role::sec_admin}};

}  // namespace

std::optional<storage::Login> AccountDoor::login_of(core::Principal const& who) const {
  for (auto& l : desk_.logins.find(who.name))
    if (l.district == who.district) return std::move(l);
  return std::nullopt;
}

// Given again, and counted like signing in: an open page must not be a place to guess at.
std::variant<storage::Login, http::Response> AccountDoor::known_by_password(http::Request const& request, std::string const& password) {
  auto login = login_of(request.who);
  if (!login || login->password_hash.empty()) return http::problem(422, "not_allowed", request.lang);  // a token without an account
  auto const address = desk_.address(request);
  if (auto const left = desk_.lockout.begin(login->name, address, now()); left > core::Millis{0}) return wait_answer(left, request.lang);
  if (!password_matches(login->password_hash, password)) {
    desk_.deed(request.who, "password_refused", address);
    return invalid(request.lang, "/password", "wrong_password");
  }
  desk_.lockout.succeeded(login->name, address);
  return std::move(*login);
}

void AccountDoor::password(http::Request request, http::Reply reply) {
  std::string old, fresh;
  if (!read_body(request, reply, {{"password", &old}, {"new_password", &fresh}})) return;
  desk_.work(std::move(request), std::move(reply), [this, old, fresh](http::Request const& r) {
    if (auto const fault = password_fault(fresh, r.who.name); !fault.empty()) return invalid(r.lang, "/new_password", std::string(fault));
    if (old == fresh) return invalid(r.lang, "/new_password", "same_password");
    auto known = known_by_password(r, old);
    if (auto* const answer = std::get_if<http::Response>(&known)) return std::move(*answer);
    desk_.logins.set_password(r.who.district, r.who.name, password_hash(fresh), false, r.session_id);
    desk_.book.refresh();
    desk_.deed(r.who, "password_changed", desk_.address(r));
    return done();
  });
}

void AccountDoor::totp_offer(http::Request request, http::Reply reply) {
  std::string password;
  if (!read_body(request, reply, {{"password", &password}})) return;
  desk_.work(std::move(request), std::move(reply), [this, password](http::Request const& r) {
    auto known = known_by_password(r, password);
    if (auto* const answer = std::get_if<http::Response>(&known)) return std::move(*answer);
    auto const key = random_bytes(kKeyBytes);
    desk_.logins.offer_totp(r.who.district, r.who.name, desk_.seal.close(sealed_for(std::get<storage::Login>(known)), key));
    return http::json(200, json::serialize(json::object{{"key", base32(key)}, {"uri", otpauth_uri(key, r.who.name, desk_.options.issuer)}}));
  });
}

void AccountDoor::totp_confirm(http::Request request, http::Reply reply) {
  std::string code;
  if (!read_body(request, reply, {{"code", &code}})) return;
  desk_.work(std::move(request), std::move(reply), [this, code](http::Request const& r) {
    auto const login = login_of(r.who);
    if (!login || login->totp_offered.empty()) return http::problem(422, "not_allowed", r.lang);
    auto const key = desk_.seal.open(sealed_for(*login), login->totp_offered);
    auto const step = key.empty() ? std::nullopt : step_for(key, plain_code(code), now(), 0);
    if (!step) return invalid(r.lang, "/code", "wrong_code");
    json::array codes;
    std::vector<std::string> hashes;
    for (int i = 0; i < kRecoveryCodes; ++i) {
      auto const one = recovery_code();
      hashes.push_back(http::sha256_hex(plain_code(one)));
      codes.emplace_back(one);
    }
    desk_.logins.confirm_totp(r.who.district, r.who.name, *step, hashes);
    desk_.book.refresh();
    desk_.deed(r.who, "totp_on", desk_.address(r));
    return http::json(200, json::serialize(json::object{{"recovery_codes", std::move(codes)}}));
  });
}

void AccountDoor::totp_remove(http::Request request, http::Reply reply) {
  std::string password, code;
  if (!read_body(request, reply, {{"password", &password}, {"code", &code}})) return;
  desk_.work(std::move(request), std::move(reply), [this, password, code](http::Request const& r) {
    if (desk_.book.rules().totp_required && of_center(r.who.role)) return http::problem(422, "not_allowed", r.lang);
    auto known = known_by_password(r, password);
    if (auto* const answer = std::get_if<http::Response>(&known)) return std::move(*answer);
    auto const& login = std::get<storage::Login>(known);
    if (!take(desk_.logins, login, prove(desk_, login, code, now()), code)) return invalid(r.lang, "/code", "wrong_code");
    desk_.logins.clear_totp(r.who.district, r.who.name);
    desk_.book.refresh();
    desk_.deed(r.who, "totp_off", desk_.address(r));
    return done();
  });
}

void AccountDoor::my_sessions(http::Request request, http::Reply reply) {
  reply(console::reading(request.lang, [&] {
    json::array items;
    for (auto const& s : desk_.logins.of(request.who.district, request.who.name)) items.emplace_back(session_json(s, request.session_id));
    return http::json(200, json::serialize(json::object{{"items", std::move(items)}, {"next_cursor", nullptr}}));
  }));
}

void AccountDoor::end_mine(http::Request request, http::Reply reply) {
  reply(console::reading(request.lang, [&] {
    auto const ended = desk_.logins.end(request.who.district, request.who.name, request.params.at("session_id"), "", "by_owner");
    if (ended == 0) return console::not_found(request.lang);
    desk_.book.refresh();
    desk_.deed(request.who, "session_ended", request.params.at("session_id"));
    return done();
  }));
}

void AccountDoor::end_others(http::Request request, http::Reply reply) {
  reply(console::reading(request.lang, [&] {
    auto const ended = desk_.logins.end(request.who.district, request.who.name, "", request.session_id, "by_owner");
    desk_.book.refresh();
    if (ended > 0) desk_.deed(request.who, "session_ended", "others", std::to_string(ended));
    return http::json(200, json::serialize(json::object{{"ended", ended}}));
  }));
}

// ------------------------------------------------------------------------------------------------- administrators

void AccountDoor::list(http::Request request, http::Reply reply) {
  reply(console::reading(request.lang, [&] {
    auto const limit = console::read_limit(request);
    auto const role = word(request, "role");
    if (!role.empty() && !core::role_from(role)) throw storage::BadFilter("role", "unknown");
    auto logins = desk_.logins.page(request.who.district, word(request, "cursor"), word(request, "text"), role, limit + 1);
    bool const more = static_cast<int>(logins.size()) > limit;
    if (more) logins.pop_back();
    json::array items;
    for (auto const& l : logins) items.emplace_back(account_json(l));
    return http::json(200, json::serialize(json::object{{"items", std::move(items)},
                                                        {"next_cursor", more ? json::value(logins.back().name) : json::value(nullptr)}}));
  }));
}

void AccountDoor::add(http::Request request, http::Reply reply) {
  core::Principal who;
  who.district = request.who.district;
  auto const fault = http::body_fault(request, [&](http::Fields& fields) {
    who.name = fields.text("name", Need::required, kNameMost);
    auto const role = core::role_from(fields.text("role", Need::required, kCodeMost));
    who.street = fields.text("street", Need::optional, kNameMost);
    who.unit = fields.text("unit", Need::optional, kNameMost);
    who.squad = fields.text("squad", Need::optional, kNameMost);
    bool const plain = std::ranges::all_of(who.name, [](unsigned char c) { return c > 0x20 && c != '/' && c != 0x7f; });
    if (!plain) fields.fail("name", "bad_format");
    if (fields.has("role") && (!role || *role == Role::system || *role == Role::reporter)) fields.fail("role", "unknown_value");
    if (role) {
      who.role = *role;
      if (administers(*role)) fields.fail("role", "made_on_the_machine");
      bool const of_squad = *role == Role::squad_leader || *role == Role::disposer;
      if (of_squad && who.squad.empty()) fields.fail("squad", "required");
      if ((*role == Role::unit_clerk || *role == Role::unit_head) && who.unit.empty()) fields.fail("unit", "required");
    }
  });
  if (fault) return reply(*fault);
  desk_.work(std::move(request), std::move(reply), [this, who](http::Request const& r) { return made(who, r); });
}

http::Response AccountDoor::made(core::Principal const& who, http::Request const& r) {
  if (auto const wrong = scope_error_(who); !wrong.empty()) {
    auto const part = wrong.find("street") != std::string::npos ? "/street" : wrong.find("squad") != std::string::npos ? "/squad" : "/unit";
    return invalid(r.lang, part, "unknown_value");
  }
  auto const known = login_of(who);
  if (known && std::ranges::any_of(known->roles, [](auto const& one) { return administers(one.role); }))
    return invalid(r.lang, "/name", "made_on_the_machine");
  auto const password = known ? std::string() : random_password();
  try {
    desk_.logins.put(who, known ? "" : password_hash(password), !known);
  } catch (storage::RoleClash const&) {
    return http::problem(422, "role_clash", r.lang, "", {{"/role", "role_clash"}});
  }
  desk_.book.refresh();
  desk_.deed(r.who, "account_put", who.name, std::string(core::id(who.role)));
  return http::json(known ? 200 : 201, json::serialize(json::object{{"name", who.name}, {"role", core::id(who.role)},
                                                                    {"password", known ? json::value(nullptr) : json::value(password)}}));
}

void AccountDoor::act(http::Request request, http::Reply reply) {
  auto const* const deed = std::ranges::find(kDeeds, request.params.at("action"), &Deed::id);
  if (deed == kDeeds.end()) return reply(http::problem(404, "not_found", request.lang));
  if (request.who.role != deed->who) return reply(http::problem(403, "not_yours", request.lang));
  desk_.work(std::move(request), std::move(reply), [this, id = deed->id](http::Request const& r) {
    core::Principal whose = r.who;
    whose.name = r.params.at("name");
    auto const login = login_of(whose);
    if (!login) return console::not_found(r.lang);
    bool const admin = std::ranges::any_of(login->roles, [](auto const& one) { return administers(one.role); });
    if (whose.name == r.who.name || (id == "reset_password" && admin)) return http::problem(422, "not_allowed", r.lang);
    auto& logins = desk_.logins;
    json::object out;
    if (id == "reset_password") {
      auto const password = random_password();
      logins.set_password(login->district, login->name, password_hash(password), true, "");
      out["password"] = password;
    } else if (id == "clear_totp") {
      logins.clear_totp(login->district, login->name);
    } else if (id == "end_sessions") {
      logins.end(login->district, login->name, "", "", "by_admin");
    } else {
      logins.set_disabled(login->district, login->name, id == "disable");
    }
    desk_.book.refresh();
    desk_.deed(r.who, "account_" + std::string(id), login->name);
    out["account"] = account_json(*login_of(whose));
    return http::json(200, json::serialize(out));
  });
}

void AccountDoor::sessions(http::Request request, http::Reply reply) {
  reply(console::reading(request.lang, [&] {
    json::array items;
    for (auto const& s : desk_.logins.of(request.who.district, request.params.at("name"))) items.emplace_back(session_json(s, request.session_id));
    return http::json(200, json::serialize(json::object{{"items", std::move(items)}, {"next_cursor", nullptr}}));
  }));
}

}  // namespace wangge::sessions
