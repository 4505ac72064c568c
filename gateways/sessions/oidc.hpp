// The city's own sign-on (统一身份认证) by OpenID Connect: authorization code with PKCE, all of it done by this server. Talks HTTPS by libcurl, checks
// the ID token by cjose. Blocks for seconds: on a crew of its own.
#pragma once

#include <boost/json/object.hpp>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "dispatcher/core/types.hpp"

namespace wangge::sessions {

struct OidcSettings {
  std::string issuer;  // "" = none; https, or http to this machine
  std::string client_id, client_secret;
  std::string redirect_uri;                  // …/api/v1/session/oidc/callback, as registered there
  std::string scope = "openid profile";
  std::string claim = "preferred_username";  // whose value names the account (its subject, else its name)
  std::string title = "统一身份认证";
};

// The provider is away, or what it says cannot be believed. For the log and the audit, not for the person.
struct OidcFault : std::runtime_error {
  using runtime_error::runtime_error;
};

class OidcProvider {
 public:
  explicit OidcProvider(OidcSettings settings) : settings_(std::move(settings)) {}
  OidcSettings const& settings() const { return settings_; }
  std::string authorize_url(std::string const& state, std::string const& nonce, std::string const& verifier);
  // The value of the claim, for the code that came back.
  std::string redeem(std::string const& code, std::string const& verifier, std::string const& nonce, core::Instant now);

 private:
  struct Discovered {
    std::string authorize, token, jwks, userinfo;
  };
  Discovered discover();
  std::string keys(bool anew);
  boost::json::object claims_of(std::string const& id_token, std::string const& nonce, core::Instant now);

  OidcSettings const settings_;
  std::mutex mutex_;
  std::optional<Discovered> discovered_;
  std::string keys_;
};

// One signed token: its claims when `jwks` holds the key that signed it and the algorithm is one of public keys. Throws OidcFault.
boost::json::object verified_claims(std::string const& token, std::string const& jwks);
// iss, aud, exp and nonce are ours. Throws OidcFault.
void check_claims(boost::json::object const& claims, OidcSettings const& settings, std::string const& nonce, core::Instant now);
std::string code_challenge(std::string_view verifier);  // S256, RFC 7636

}  // namespace wangge::sessions
