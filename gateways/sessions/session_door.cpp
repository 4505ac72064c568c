#include "gateways/sessions/session_door.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <spdlog/spdlog.h>

#include "gateways/http/ids.hpp"
#include "gateways/sessions/one_time.hpp"
#include "gateways/sessions/passwords.hpp"

namespace wangge::sessions {
namespace {

namespace json = boost::json;

}  // namespace

std::string sealed_for(storage::Login const& login) { return login.district + "/" + login.name; }

Proof prove(Desk& desk, storage::Login const& login, std::string const& code, core::Instant now) {
  auto const plain = plain_code(code);
  auto const key = desk.seal.open(sealed_for(login), login.totp_key);
  // Without the key no code is right: one of an empty key anybody could make.
  if (key.empty()) spdlog::error("the one-time-code key of {} does not open: DATA/keys/totp.key is not the one it was sealed with", sealed_for(login));
  else if (auto const step = step_for(key, plain, now, login.totp_step)) {
    // Kept before there was a seal: from now on under it.
    if (desk.seal.closes() && !KeySeal::is_sealed(login.totp_key)) desk.logins.reseal_totp(login, desk.seal.close(sealed_for(login), key));
    return {"totp", step};
  }
  // Whether it is one of the recovery codes the database says when it takes it.
  return plain.size() == plain_code(recovery_code()).size() ? Proof{"recovery", {}} : Proof{};
}

bool take(storage::Logins& logins, storage::Login const& login, Proof const& proof, std::string const& code) {
  if (proof.how == "totp") return logins.take_step(login.district, login.name, *proof.step);
  return proof.how == "recovery" && logins.take_recovery(login.district, login.name, http::sha256_hex(plain_code(code)));
}

void SessionDoor::ways(http::Request, http::Reply reply) {
  json::object out{{"password", true}, {"oidc", nullptr}};
  if (!desk_.options.oidc_title.empty())
    out["oidc"] = json::object{{"title", desk_.options.oidc_title}, {"start", "/api/v1/session/oidc/start"}};
  reply(http::json(200, json::serialize(out)));
}

void SessionDoor::post(http::Request request, http::Reply reply) {
  Asked asked;
  if (auto const fault = read_sign_in(request, asked)) return reply(*fault);
  asked.address = desk_.address(request);
  if (auto const left = desk_.lockout.begin(asked.name, asked.address, now()); left > core::Millis{0})
    return reply(wait_answer(left, request.lang));
  auto const undone = [this, name = asked.name, address = asked.address] { desk_.lockout.take_back(name, address); };
  desk_.work(std::move(request), std::move(reply), [this, asked](http::Request const& r) { return sign_in(asked, r); }, undone);
}

http::Response SessionDoor::sign_in(Asked const& asked, http::Request const& request) {
  auto& logins = desk_.logins;
  auto const no = [&](int status, std::string_view code) { return http::problem(status, code, request.lang); };
  auto found = logins.find(asked.name);
  std::erase_if(found, [&](auto const& l) { return !asked.district.empty() && l.district != asked.district; });
  std::vector<storage::Login> mine;
  bool hashed = false;
  for (auto const& l : found) {
    bool const fits = password_matches(l.password_hash, asked.password);
    hashed = hashed || (!l.password_hash.empty() && !outdated(l.password_hash));
    if (fits && !l.disabled) mine.push_back(l);
  }
  // Always one hash at today's cost: for a name nobody holds, and for a password that was hashed cheaply once.
  auto const fresh = hashed ? std::string() : password_hash(asked.password);
  if (mine.empty()) {
    desk_.refused(asked.name, found, found.empty() ? "unknown name" : found.front().disabled ? "disabled" : "password", asked.address);
    return no(401, "sign_in_failed");
  }
  auto const& login = mine.front();
  if (!fresh.empty()) logins.rehash(login, fresh);
  Proof proof;
  if (!login.totp_key.empty()) {
    if (asked.code.empty()) {  // the first of two steps, no failure
      desk_.lockout.take_back(asked.name, asked.address);
      return no(401, "code_required");
    }
    proof = prove(desk_, login, asked.code, now());
  }
  std::vector<core::Principal> posts;
  for (auto const& one : mine)
    for (auto const& post : one.roles)
      if (asked.role.empty() || core::id(post.role) == asked.role) posts.push_back(post);
  bool const proved = login.totp_key.empty() || !proof.how.empty();
  if (proved && posts.size() != 1) {
    desk_.lockout.take_back(asked.name, asked.address);
    auto response = no(409, "choose_role");
    json::array choices;
    for (auto const& one : mine)
      for (auto const& post : one.roles)
        choices.emplace_back(json::object{{"role", core::id(post.role)}, {"district", post.district}, {"unit", post.unit}});
    response.body.insert(response.body.size() - 1, ",\"choices\":" + json::serialize(choices));
    return response;
  }
  if (!proved || (!login.totp_key.empty() && !take(logins, login, proof, asked.code))) {
    desk_.refused(asked.name, mine, "code", asked.address);
    return no(401, "code_failed");
  }
  desk_.lockout.succeeded(asked.name, asked.address);
  return desk_.open(posts.front(), proof.how.empty() ? "password" : proof.how, request, login.must_change, !login.totp_key.empty());
}

void SessionDoor::remove(http::Request request, http::Reply reply) {
  if (auto const session = desk_.book.of(request.session_id)) {
    desk_.book.end(*session, "signed_out");
    desk_.deed(request.who, "sign_out", desk_.address(request));
  }
  http::Response response{204, "", "", {}};
  response.headers.emplace_back("Set-Cookie", desk_.no_cookie());
  reply(std::move(response));
}

void SessionDoor::me(http::Request request, http::Reply reply) {
  auto const session = request.session_id.empty() ? std::nullopt : desk_.book.of(request.session_id);
  reply(http::json(200, json::serialize(me_json(request.who, request.lang, desk_.book, session ? &*session : nullptr, request.csrf))));
}

}  // namespace wangge::sessions
