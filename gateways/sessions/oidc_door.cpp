#include "gateways/sessions/oidc_door.hpp"

#include <array>

#include <spdlog/spdlog.h>

#include "gateways/http/text.hpp"
#include "gateways/sessions/passwords.hpp"
#include "storage/store.hpp"

namespace wangge::sessions {
namespace {

constexpr int kSeconds = 600;
constexpr std::size_t kPageMost = 200;
constexpr std::string_view kWaiting = "wangge_oidc";

http::Response go(std::string where, std::vector<std::string> cookies) {
  http::Response response{302, "", "", {}};
  response.headers.emplace_back("Location", std::move(where));
  for (auto& one : cookies) response.headers.emplace_back("Set-Cookie", std::move(one));
  return response;
}

// The page shows the sentence; what exactly went wrong stands in log and audit.
std::string failed(std::string_view page) {
  return std::string(page) + (page.find('?') == std::string_view::npos ? '?' : '&') + "sign_in=failed";
}

// state.nonce.verifier.page: three words of base64url, then the rest.
std::array<std::string, 4> parts_of(std::string_view text) {
  std::array<std::string, 4> out;
  for (std::size_t i = 0; i < 3; ++i) {
    auto const dot = text.find('.');
    if (dot == std::string_view::npos) return {};
    out[i] = text.substr(0, dot);
    text.remove_prefix(dot + 1);
  }
  out[3] = text;
  return out;
}

}  // namespace

std::string own_page(std::string_view asked) {
  bool const path = !asked.empty() && asked.front() == '/' && (asked.size() == 1 || (asked[1] != '/' && asked[1] != '\\'));
  bool const plain = asked.size() <= kPageMost && asked.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/?&=_-.%") == std::string_view::npos;
  return path && plain ? std::string(asked) : "/";
}

std::string OidcDoor::cookie(std::string const& value, int seconds) const {
  return std::string(kWaiting) + '=' + value + "; Path=/api/v1/session/oidc; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(seconds) +
         (desk_.options.secure_cookies ? "; Secure" : "");
}

void OidcDoor::work(http::Request request, http::Reply reply, http::Response (OidcDoor::*work)(http::Request const&)) {
  if (provider_.settings().issuer.empty()) return reply(http::problem(404, "not_found", request.lang));
  auto const job = std::make_shared<http::Request>(std::move(request));
  bool const taken = crew_.post([this, job, reply, work] { reply((this->*work)(*job)); });
  if (!taken) reply(http::problem(429, "too_many_requests", job->lang));
}

void OidcDoor::start(http::Request request, http::Reply reply) { work(std::move(request), std::move(reply), &OidcDoor::begin); }
void OidcDoor::callback(http::Request request, http::Reply reply) { work(std::move(request), std::move(reply), &OidcDoor::finish); }

http::Response OidcDoor::begin(http::Request const& request) {
  auto const page = own_page(request.arg("page"));
  auto const state = random_secret(), nonce = random_secret(), verifier = random_secret();
  try {
    return go(provider_.authorize_url(state, nonce, verifier), {cookie(state + '.' + nonce + '.' + verifier + '.' + page, kSeconds)});
  } catch (OidcFault const& e) {
    spdlog::error("the city's sign-on: {}", e.what());
    return go(failed(page), {});
  }
}

http::Response OidcDoor::finish(http::Request const& request) {
  auto const waiting = parts_of(http::cookie(request.header("cookie"), kWaiting));
  auto const& [state, nonce, verifier, kept] = waiting;
  auto const page = own_page(kept);
  auto const address = desk_.address(request);
  std::string name;
  try {
    if (state.empty() || !equal_secrets(request.arg("state"), state)) throw OidcFault("the state is not that of this browser");
    if (request.arg("code").empty()) throw OidcFault("no code came back: " + std::string(request.arg("error").substr(0, kPageMost)));
    name = provider_.redeem(std::string(request.arg("code")), verifier, nonce, now());
    auto const found = desk_.logins.find("", name);
    if (found.size() != 1 || found.front().disabled || found.front().roles.size() != 1) {
      desk_.refused(name.substr(0, 64), found, "no account of this person with one post", address);
      return go(failed(page), {cookie("", 0)});
    }
    return go(page, {desk_.open_cookie(found.front().roles.front(), "oidc", request, false, !found.front().totp_key.empty()), cookie("", 0)});
  } catch (OidcFault const& e) {
    spdlog::warn("the city's sign-on: {}", e.what());
    desk_.refused(name, {}, "oidc", address);
  } catch (storage::Broken const& e) {
    spdlog::warn("signing in found no database: {}", e.what());
  }
  return go(failed(page), {cookie("", 0)});
}

}  // namespace wangge::sessions
