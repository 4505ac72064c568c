#include "gateways/sessions/oidc.hpp"

#include <cjose/cjose.h>
#include <curl/curl.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <memory>

#include "gateways/http/strict_json.hpp"
#include "gateways/sessions/passwords.hpp"

namespace wangge::sessions {
namespace {

namespace json = boost::json;

constexpr long kPatience = 10;                  // seconds for one answer
constexpr std::size_t kAnswerMost = 256 * 1024;
constexpr std::chrono::seconds kClocksApart{60};
constexpr std::array<std::string_view, 9> kAlgorithms{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"};

// https everywhere; plain http only to this machine (a proxy beside us, a test).
bool allowed(std::string_view url) {
  for (std::string_view const start : {"https://", "http://127.0.0.1:", "http://127.0.0.1/", "http://localhost:", "http://localhost/", "http://[::1]:"})
    if (url.starts_with(start)) return true;
  return false;
}

std::size_t keep(char* data, std::size_t size, std::size_t count, void* into) {
  auto& text = *static_cast<std::string*>(into);
  if (text.size() + size * count > kAnswerMost) return 0;
  text.append(data, size * count);
  return size * count;
}

struct Call {
  std::string url, form, user, password, bearer;
};

std::string fetch(Call const& call) {
  static bool const ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  if (!ready || !allowed(call.url)) throw OidcFault("not asked: " + call.url);
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> const curl(curl_easy_init(), curl_easy_cleanup);
  std::string text;
  auto* const c = curl.get();
  curl_easy_setopt(c, CURLOPT_URL, call.url.c_str());
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_TIMEOUT, kPatience);
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, keep);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, &text);
  if (!call.form.empty()) curl_easy_setopt(c, CURLOPT_POSTFIELDS, call.form.c_str());
  if (!call.user.empty()) {
    curl_easy_setopt(c, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(c, CURLOPT_USERNAME, call.user.c_str());
    curl_easy_setopt(c, CURLOPT_PASSWORD, call.password.c_str());
  }
  if (!call.bearer.empty()) {
    curl_easy_setopt(c, CURLOPT_HTTPAUTH, CURLAUTH_BEARER);
    curl_easy_setopt(c, CURLOPT_XOAUTH2_BEARER, call.bearer.c_str());
  }
  auto const code = curl_easy_perform(c);
  long status = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  if (code != CURLE_OK) throw OidcFault(call.url + ": " + curl_easy_strerror(code));
  if (status != 200) throw OidcFault(call.url + " answered " + std::to_string(status));
  return text;
}

json::object as_object(std::string const& text, std::string const& whose) {
  auto const value = http::parse_json(text);
  if (!value || !value->is_object()) throw OidcFault(whose + " is no JSON object");
  return value->as_object();
}

std::string text_at(json::object const& object, std::string_view name) {
  auto const* const found = object.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

std::string escaped(std::string const& text) {
  std::unique_ptr<char, decltype(&curl_free)> const out(curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())), curl_free);
  return out.get();
}

std::string form(std::initializer_list<std::pair<std::string_view, std::string>> fields) {
  std::string out;
  for (auto const& [name, value] : fields) out += (out.empty() ? "" : "&") + std::string(name) + '=' + escaped(value);
  return out;
}

}  // namespace

std::string code_challenge(std::string_view verifier) {
  std::string digest(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<unsigned char const*>(verifier.data()), verifier.size(), reinterpret_cast<unsigned char*>(digest.data()));
  return base64url(digest);
}

json::object verified_claims(std::string const& token, std::string const& jwks) {
  cjose_err error{};
  std::unique_ptr<cjose_jws_t, decltype(&cjose_jws_release)> const jws(cjose_jws_import(token.data(), token.size(), &error), cjose_jws_release);
  if (!jws) throw OidcFault("the ID token is no signed token");
  auto* const head = cjose_jws_get_protected(jws.get());
  char const* const algorithm = cjose_header_get(head, CJOSE_HDR_ALG, &error);
  // "none" and the shared-secret algorithms prove nothing to us.
  if (algorithm == nullptr || std::ranges::find(kAlgorithms, algorithm) == kAlgorithms.end()) throw OidcFault("the ID token's algorithm is not taken");
  char const* const kid = cjose_header_get(head, CJOSE_HDR_KID, &error);
  auto const keys = as_object(jwks, "the key set");
  auto const* const list = keys.if_contains("keys");
  if (list == nullptr || !list->is_array()) throw OidcFault("the key set has no keys");
  for (auto const& key : list->as_array()) {
    if (!key.is_object() || (kid != nullptr && text_at(key.as_object(), "kid") != kid)) continue;
    if (auto const use = text_at(key.as_object(), "use"); !use.empty() && use != "sig") continue;
    auto const text = json::serialize(key);
    std::unique_ptr<cjose_jwk_t, bool (*)(cjose_jwk_t*)> const jwk(cjose_jwk_import(text.data(), text.size(), &error), cjose_jwk_release);
    if (!jwk || !cjose_jws_verify(jws.get(), jwk.get(), &error)) continue;
    std::uint8_t* bytes = nullptr;
    std::size_t size = 0;
    if (!cjose_jws_get_plaintext(jws.get(), &bytes, &size, &error)) break;
    return as_object(std::string(reinterpret_cast<char const*>(bytes), size), "the ID token");
  }
  throw OidcFault("no key of the provider signed the ID token");
}

void check_claims(json::object const& claims, OidcSettings const& settings, std::string const& nonce, core::Instant now) {
  if (text_at(claims, "iss") != settings.issuer) throw OidcFault("the ID token comes from another issuer");
  auto const* const audience = claims.if_contains("aud");
  bool ours = audience != nullptr && audience->is_string() && audience->as_string() == settings.client_id;
  if (audience != nullptr && audience->is_array()) {
    ours = std::ranges::any_of(audience->as_array(), [&](auto const& one) { return one.is_string() && one.as_string() == settings.client_id; });
    if (audience->as_array().size() > 1) ours = ours && text_at(claims, "azp") == settings.client_id;
  }
  if (!ours) throw OidcFault("the ID token is for somebody else");
  auto const* const expires = claims.if_contains("exp");
  auto const seconds = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch() - kClocksApart).count();
  if (expires == nullptr || !expires->is_number() || expires->to_number<double>() <= static_cast<double>(seconds)) throw OidcFault("the ID token has expired");
  if (nonce.empty() || text_at(claims, "nonce") != nonce) throw OidcFault("the ID token answers another question");
}

OidcProvider::Discovered OidcProvider::discover() {
  std::lock_guard const lock(mutex_);
  if (discovered_) return *discovered_;
  auto base = settings_.issuer;
  while (base.ends_with('/')) base.pop_back();
  auto const told = as_object(fetch({base + "/.well-known/openid-configuration"}), "the provider's description");
  if (text_at(told, "issuer") != settings_.issuer) throw OidcFault("the provider calls itself " + text_at(told, "issuer"));
  Discovered out{text_at(told, "authorization_endpoint"), text_at(told, "token_endpoint"), text_at(told, "jwks_uri"), text_at(told, "userinfo_endpoint")};
  if (out.authorize.empty() || out.token.empty() || out.jwks.empty() || !allowed(out.authorize)) throw OidcFault("the provider's description is not whole");
  discovered_ = out;
  return out;
}

std::string OidcProvider::keys(bool anew) {
  auto const where = discover().jwks;
  std::lock_guard const lock(mutex_);
  if (keys_.empty() || anew) keys_ = fetch({where});
  return keys_;
}

std::string OidcProvider::authorize_url(std::string const& state, std::string const& nonce, std::string const& verifier) {
  auto const where = discover().authorize;
  return where + (where.find('?') == std::string::npos ? '?' : '&') +
         form({{"response_type", "code"}, {"client_id", settings_.client_id}, {"redirect_uri", settings_.redirect_uri}, {"scope", settings_.scope},
               {"state", state}, {"nonce", nonce}, {"code_challenge", code_challenge(verifier)}, {"code_challenge_method", "S256"}});
}

json::object OidcProvider::claims_of(std::string const& id_token, std::string const& nonce, core::Instant now) {
  json::object claims;
  try {
    claims = verified_claims(id_token, keys(false));
  } catch (OidcFault const&) {  // the provider may have changed its keys
    claims = verified_claims(id_token, keys(true));
  }
  check_claims(claims, settings_, nonce, now);
  return claims;
}

std::string OidcProvider::redeem(std::string const& code, std::string const& verifier, std::string const& nonce, core::Instant now) {
  auto const where = discover();
  Call call{where.token};
  if (settings_.client_secret.empty()) {
    call.form = form({{"grant_type", "authorization_code"}, {"code", code}, {"redirect_uri", settings_.redirect_uri}, {"code_verifier", verifier},
                      {"client_id", settings_.client_id}});
  } else {
    call.form = form({{"grant_type", "authorization_code"}, {"code", code}, {"redirect_uri", settings_.redirect_uri}, {"code_verifier", verifier}});
    call.user = escaped(settings_.client_id), call.password = escaped(settings_.client_secret);
  }
  auto const tokens = as_object(fetch(call), "the token answer");
  auto const claims = claims_of(text_at(tokens, "id_token"), nonce, now);
  auto value = text_at(claims, settings_.claim);
  if (value.empty() && !where.userinfo.empty()) {
    auto const more = as_object(fetch({.url = where.userinfo, .bearer = text_at(tokens, "access_token")}), "the user information");
    if (text_at(more, "sub") != text_at(claims, "sub")) throw OidcFault("the user information is somebody else's");
    value = text_at(more, settings_.claim);
  }
  if (value.empty()) throw OidcFault("the provider tells no " + settings_.claim);
  return value;
}

}  // namespace wangge::sessions
