// What the doors of signing in share: the parts they work with, where a caller sits, and how a session is opened and described.
#pragma once

#include <boost/json/object.hpp>

#include "gateways/doors.hpp"
#include "gateways/sessions/book.hpp"
#include "gateways/sessions/key_seal.hpp"
#include "gateways/sessions/lockout.hpp"
#include "storage/audit.hpp"

namespace wangge::sessions {

struct DeskOptions {
  std::string issuer = "Wangge";        // what an authenticator app shows
  bool secure_cookies = false;          // as the server has it
  std::vector<std::string> proxies;     // addresses whose X-Forwarded-For is believed
  std::string oidc_title;               // "" = there is no other way to sign in
  std::string totp_key;                 // seals the keys of one-time codes (KeySeal); "" = they are kept as they are
};

class Desk {
 public:
  // crew: where passwords are hashed, two at a time. deed: into the audit log. home: a district for deeds of names nobody holds.
  Desk(storage::Logins& logins, Book& book, doors::Crew& crew, std::function<void(storage::Deed)> deed, std::function<std::string()> home,
       DeskOptions options)
      : logins(logins), book(book), crew(crew), options(std::move(options)), seal(this->options.totp_key), deed_(std::move(deed)), home_(std::move(home)) {}

  storage::Logins& logins;
  Book& book;
  doors::Crew& crew;
  Lockout lockout;
  DeskOptions const options;
  KeySeal const seal;

  std::string address(http::Request const& request) const;
  // Runs on the crew what hashes or waits; answers 429 when too many wait already, 503 without a database. `undone` is called for both.
  void work(http::Request request, http::Reply reply, std::function<http::Response(http::Request const&)> work,
            std::function<void()> undone = {});
  // A new session with its cookie: 200 with who it is.
  http::Response open(core::Principal const& who, std::string const& how, http::Request const& request, bool must_change, bool has_totp);
  std::string open_cookie(core::Principal const& who, std::string const& how, http::Request const& request, bool must_change, bool has_totp,
                          storage::SessionRow* row = nullptr);
  std::string no_cookie() const;
  void deed(core::Principal const& who, std::string_view what, std::string subject, std::string detail = "") const;
  // What was tried under a name, whoever holds it.
  void refused(std::string const& name, std::vector<storage::Login> const& found, std::string_view why, std::string const& address) const;

 private:
  std::function<void(storage::Deed)> deed_;
  std::function<std::string()> home_;
};

// GET /me: who asks, and how that is known.
boost::json::object me_json(core::Principal const& who, std::string_view lang, Book const& book, storage::SessionRow const* session,
                            std::string const& csrf);
boost::json::object session_json(storage::SessionRow const& session, std::string const& present);
http::Response wait_answer(core::Millis left, std::string_view lang);  // 429 too_many_tries
// The body's fields, or what is wrong with them (400, 415, 422).
core::Instant now();

}  // namespace wangge::sessions
