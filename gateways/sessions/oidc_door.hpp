// GET /session/oidc/start sends the browser to the city's sign-on, /session/oidc/callback takes it back. What must come back the same (state, nonce, PKCE
// verifier, the page to return to) waits in a cookie of that browser for ten minutes, so that any gateway may take the callback.
#pragma once

#include "gateways/sessions/desk.hpp"
#include "gateways/sessions/oidc.hpp"

namespace wangge::sessions {

class OidcDoor {
 public:
  OidcDoor(Desk& desk, OidcProvider& provider) : desk_(desk), provider_(provider), crew_(2, 32) {}
  void start(http::Request request, http::Reply reply);
  void callback(http::Request request, http::Reply reply);

 private:
  void work(http::Request request, http::Reply reply, http::Response (OidcDoor::*work)(http::Request const&));
  http::Response begin(http::Request const& request);
  http::Response finish(http::Request const& request);
  std::string cookie(std::string const& value, int seconds) const;
  Desk& desk_;
  OidcProvider& provider_;
  doors::Crew crew_;
};

// A page of ours to go back to: a path, never another host.
std::string own_page(std::string_view asked);

}  // namespace wangge::sessions
