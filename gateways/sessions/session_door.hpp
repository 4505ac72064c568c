// Signing in and out, and who one is. POST /session takes a name and a password; the answer to an unknown name, a wrong password and a closed
// account is the same, in words and in time.
#pragma once

#include "gateways/sessions/desk.hpp"
#include "gateways/sessions/sign_in_form.hpp"

namespace wangge::sessions {

class SessionDoor {
 public:
  explicit SessionDoor(Desk& desk) : desk_(desk) {}
  void ways(http::Request request, http::Reply reply);  // GET /session: how one may sign in here
  void post(http::Request request, http::Reply reply);
  void remove(http::Request request, http::Reply reply);
  void me(http::Request request, http::Reply reply);

 private:
  struct Asked : SignInForm {
    std::string address;
  };
  http::Response sign_in(Asked const& asked, http::Request const& request);
  Desk& desk_;
};

// What proves a person beside the password: a one-time code or a recovery code.
struct Proof {
  std::string how;                    // totp, recovery; "" = neither fits
  std::optional<std::int64_t> step;   // of the one-time code
};
Proof prove(Desk& desk, storage::Login const& login, std::string const& code, core::Instant now);
std::string sealed_for(storage::Login const& login);  // whom a key of one-time codes is sealed for
bool take(storage::Logins& logins, storage::Login const& login, Proof const& proof, std::string const& code);  // once

}  // namespace wangge::sessions
