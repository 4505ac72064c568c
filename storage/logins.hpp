// Who signs in with a password, and the sessions of browsers. Written by the gateway itself: no case hangs on it, and nobody who signs in
// waits for a dispatcher. Two stores keep one contract (tests/store/contract_logins.cpp): PostgreSQL, and memory for tests.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "dispatcher/core/types.hpp"

namespace wangge::storage {

// The name already holds a role that may not go together with this one (CONTRACT 5).
struct RoleClash : std::runtime_error {
  using runtime_error::runtime_error;
};

// One person of a district, with every role the name holds.
struct Login {
  std::string district, name;
  std::string password_hash;  // argon2id as libsodium writes it; "" = by the city's sign-on only
  bool must_change = false, disabled = false;
  std::string subject;                 // how the city's sign-on calls this person; "" = by the name
  std::string totp_key, totp_offered;  // as the doors keep them (gateways/sessions/key_seal.hpp); "" = none
  std::int64_t totp_step = 0, recovery_left = 0;
  core::Instant password_at{}, created_at{};
  std::optional<core::Instant> seen_at;  // of any session
  std::vector<core::Principal> roles;
};

struct SessionRow {
  std::string sha256;  // of the cookie's secret, 64 hex digits
  std::string session_id;
  core::Principal who;
  std::string how;  // password, totp, recovery, oidc
  std::string address, agent;
  core::Instant opened_at{}, seen_at{}, expires_at{};
  std::optional<core::Instant> ended_at;
  std::string ended_why;
  bool must_change = false, has_totp = false;  // of its login, now
};

class Logins {
 public:
  virtual ~Logins() = default;
  // Everybody of that name in whatever district; or whom the city's sign-on calls so.
  virtual std::vector<Login> find(std::string const& name, std::string const& subject = "") = 0;
  // By name, behind `after`; `part` of a name, `role`: "" leaves them out.
  virtual std::vector<Login> page(std::string const& district, std::string const& after, std::string const& part, std::string const& role,
                                  int limit) = 0;
  // Makes the account of a role, or changes its scope; the login gets the password unless the hash is empty. Sessions of the name end.
  // Throws RoleClash when the name may not hold that role beside its others.
  virtual void put(core::Principal const& who, std::string const& password_hash, bool must_change) = 0;
  // False: there is no such login, or nothing changed. `keep`: the session that goes on.
  virtual bool set_password(std::string const& district, std::string const& name, std::string const& hash, bool must_change,
                            std::string const& keep) = 0;
  virtual void rehash(Login const& login, std::string const& hash) = 0;
  virtual bool set_disabled(std::string const& district, std::string const& name, bool disabled) = 0;
  virtual bool set_subject(std::string const& district, std::string const& name, std::string const& subject) = 0;
  virtual bool offer_totp(std::string const& district, std::string const& name, std::string const& key) = 0;
  virtual bool confirm_totp(std::string const& district, std::string const& name, std::int64_t step,
                            std::vector<std::string> const& recovery_sha256) = 0;
  // Keeps the confirmed key as `kept` where it still is as `login` has it.
  virtual bool reseal_totp(Login const& login, std::string const& kept) = 0;
  virtual bool take_step(std::string const& district, std::string const& name, std::int64_t step) = 0;  // once a step, rising
  virtual bool take_recovery(std::string const& district, std::string const& name, std::string const& sha256) = 0;
  virtual bool clear_totp(std::string const& district, std::string const& name) = 0;

  virtual void open(SessionRow const& session) = 0;
  // Ends one session of the name, or ("") all but `keep`; says how many.
  virtual std::int64_t end(std::string const& district, std::string const& name, std::string const& session_id, std::string const& keep,
                           std::string const& why) = 0;
  virtual std::int64_t version() = 0;  // rises with every change of who is signed in or may be; cheap, polled
  virtual std::vector<SessionRow> live() = 0;
  virtual std::vector<SessionRow> of(std::string const& district, std::string const& name) = 0;  // newest first, at most 50
  virtual void seen(std::vector<SessionRow> const& sessions) = 0;
  virtual void forget(core::Instant ended_before) = 0;
};

// Connects on first use. Throws Broken while the database is away.
std::unique_ptr<Logins> open_logins(std::string const& database_url, int connections = 2);
std::unique_ptr<Logins> memory_logins(std::function<core::Instant()> now);

}  // namespace wangge::storage
