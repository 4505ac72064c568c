// Every session of the city, in memory: the I/O thread asks it for each request of a browser. One thread asks the database once a second
// what changed, writes down when people were last at it, and keeps a copy beside the spool, so that whoever is signed in goes on (reports are
// taken) while the database is away, also through a restart. Holds hashes of secrets, never secrets.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "gateways/http/http.hpp"
#include "storage/logins.hpp"

namespace wangge::sessions {

// A session's two limits: without anybody at it, and whatever is done.
struct Times {
  core::Millis idle, longest;
};
struct Rules {
  Times center{std::chrono::minutes{60}, std::chrono::hours{12}};
  // A telephone in a pocket is not left at a desk.
  Times field{std::chrono::hours{24}, std::chrono::hours{24 * 7}};
  bool totp_required = false;  // of center roles; who signs in through the city's sign-on proved it there
};
bool of_center(core::Role role);
Times const& times_of(Rules const& rules, core::Role role);
// What must be done before anything else: "password", "totp"; in this order.
std::vector<std::string_view> duties(Rules const& rules, storage::SessionRow const& session);

class Book {
 public:
  Book(storage::Logins& logins, std::string file, Rules rules);
  ~Book();
  void start();
  void stop();

  http::Authenticator::State find(std::string_view secret, core::Instant now, bool at_it, http::Authenticator::Browser& out) const;
  std::optional<storage::SessionRow> of(std::string const& session_id) const;
  Rules const& rules() const { return rules_; }
  std::size_t size() const;

  void opened(storage::SessionRow session);  // known here at once
  // Ended here at once, in the database when it is there.
  void end(storage::SessionRow const& session, std::string const& why);
  void refresh();  // what the database says now; throws storage::Broken

 private:
  using Sessions = std::unordered_map<std::string, storage::SessionRow>;  // by the hash of the secret
  void run();
  void sync();
  void tell_ended();
  void tell_seen();
  void load();
  void save();

  storage::Logins& logins_;
  std::string const file_;
  Rules const rules_;
  std::mutex syncing_;  // one look at the database at a time
  mutable std::mutex mutex_;
  std::condition_variable woken_;
  bool stopping_ = false, changed_ = false;
  mutable Sessions sessions_;
  mutable std::unordered_map<std::string, core::Instant> seen_;  // not told to the database yet
  std::vector<storage::SessionRow> ended_;                       // nor these
  std::vector<std::string> opened_;  // since the present look at the database began
  std::int64_t version_ = -1;
  std::thread thread_;
};

}  // namespace wangge::sessions
