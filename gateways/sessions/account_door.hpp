// One's own account (password, one-time codes, sessions), and everybody's as administrators see them. The system administrator makes accounts and
// gives new passwords, never to administrators (those are made on the machine, `wangge user add`); the security administrator shuts and opens
// accounts, ends sessions and takes one-time codes off; the auditor only looks.
#pragma once

#include <variant>

#include "gateways/sessions/desk.hpp"

namespace wangge::sessions {

class AccountDoor {
 public:
  // scope_error: which part of a scope is not loaded ("no street x"), or nothing.
  AccountDoor(Desk& desk, std::function<std::string(core::Principal const&)> scope_error) : desk_(desk), scope_error_(std::move(scope_error)) {}

  void password(http::Request request, http::Reply reply);
  void totp_offer(http::Request request, http::Reply reply);
  void totp_confirm(http::Request request, http::Reply reply);
  void totp_remove(http::Request request, http::Reply reply);
  void my_sessions(http::Request request, http::Reply reply);
  void end_mine(http::Request request, http::Reply reply);    // one of them
  void end_others(http::Request request, http::Reply reply);  // all but this one

  void list(http::Request request, http::Reply reply);
  void add(http::Request request, http::Reply reply);
  void act(http::Request request, http::Reply reply);
  void sessions(http::Request request, http::Reply reply);

 private:
  // The caller's own login after the password was given again; else the answer.
  std::variant<storage::Login, http::Response> known_by_password(http::Request const& request, std::string const& password);
  std::optional<storage::Login> login_of(core::Principal const& who) const;
  http::Response made(core::Principal const& who, http::Request const& request);
  Desk& desk_;
  std::function<std::string(core::Principal const&)> scope_error_;
};

}  // namespace wangge::sessions
