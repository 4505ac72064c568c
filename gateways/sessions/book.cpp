#include "gateways/sessions/book.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "gateways/http/ids.hpp"

namespace wangge::sessions {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using core::Role;
using http::Authenticator;
using storage::SessionRow;

constexpr auto kLook = 1s;
constexpr auto kTellSeen = 30s, kForgetEvery = std::chrono::seconds{3600};
constexpr core::Millis kKept = std::chrono::hours{24 * 90};  // ended sessions can still be looked at
constexpr core::Millis kSeenStep{1000};                      // nobody needs it finer

core::Instant now() { return std::chrono::floor<core::Millis>(std::chrono::system_clock::now()); }
std::int64_t ms(core::Instant at) { return at.time_since_epoch().count(); }

json::object as_json(SessionRow const& s) {
  return {{"sha256", s.sha256}, {"id", s.session_id}, {"district", s.who.district}, {"name", s.who.name}, {"role", core::id(s.who.role)},
          {"street", s.who.street}, {"unit", s.who.unit}, {"squad", s.who.squad}, {"how", s.how}, {"why", s.ended_why},
          {"opened", ms(s.opened_at)}, {"seen", ms(s.seen_at)}, {"expires", ms(s.expires_at)},
          {"must_change", s.must_change}, {"has_totp", s.has_totp}};
}

SessionRow from_json(json::value const& v) {
  auto const text = [&](char const* name) { return std::string(v.at(name).as_string()); };
  auto const at = [&](char const* name) { return core::Instant{core::Millis{v.at(name).to_number<std::int64_t>()}}; };
  auto const role = core::role_from(text("role"));
  if (!role) throw std::invalid_argument("no role " + text("role"));
  SessionRow s{text("sha256"), text("id"), {text("name"), *role, text("district"), text("street"), text("unit"), text("squad"), {}, false}, text("how")};
  s.ended_why = text("why");
  s.opened_at = at("opened"), s.seen_at = at("seen"), s.expires_at = at("expires");
  s.must_change = v.at("must_change").as_bool(), s.has_totp = v.at("has_totp").as_bool();
  return s;
}

bool write_whole(std::string const& file, std::string const& text) {
  int const fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return false;
  std::size_t done = 0;
  while (done < text.size()) {
    auto const n = ::write(fd, text.data() + done, text.size() - done);
    if (n <= 0) break;
    done += static_cast<std::size_t>(n);
  }
  bool const ok = done == text.size() && ::fsync(fd) == 0;
  ::close(fd);
  return ok;
}

}  // namespace

bool of_center(Role role) {
  switch (role) {
    case Role::reporter:
    case Role::patroller:
    case Role::patrol_lead:
    case Role::squad_leader:
    case Role::disposer: return false;
    default: return true;
  }
}

Times const& times_of(Rules const& rules, Role role) { return of_center(role) ? rules.center : rules.field; }

std::vector<std::string_view> duties(Rules const& rules, SessionRow const& s) {
  std::vector<std::string_view> out;
  if (s.how == "oidc") return out;
  if (s.must_change) out.emplace_back("password");
  if (rules.totp_required && of_center(s.who.role) && !s.has_totp) out.emplace_back("totp");
  return out;
}

Book::Book(storage::Logins& logins, std::string file, Rules rules) : logins_(logins), file_(std::move(file)), rules_(rules) { load(); }

Book::~Book() { stop(); }

void Book::start() {
  thread_ = std::thread([this] { run(); });
}

void Book::stop() {
  {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
  }
  woken_.notify_all();
  if (!thread_.joinable()) return;
  thread_.join();
  try {
    tell_ended();
    tell_seen();
  } catch (std::exception const&) {  // kept in the file
  }
  save();
}

Authenticator::State Book::find(std::string_view secret, core::Instant now, bool at_it, Authenticator::Browser& out) const {
  auto const hash = http::sha256_hex(secret);
  std::lock_guard const lock(mutex_);
  auto const found = sessions_.find(hash);
  if (found == sessions_.end()) return Authenticator::State::unknown;
  auto& s = found->second;
  if (s.expires_at <= now || now - s.seen_at > times_of(rules_, s.who.role).idle) return Authenticator::State::expired;
  if (at_it && now - s.seen_at >= kSeenStep) seen_[hash] = s.seen_at = now;
  out = {s.who, s.session_id, !duties(rules_, s).empty()};
  return Authenticator::State::ok;
}

std::optional<SessionRow> Book::of(std::string const& session_id) const {
  std::lock_guard const lock(mutex_);
  auto const found = std::ranges::find_if(sessions_, [&](auto const& one) { return one.second.session_id == session_id; });
  return found == sessions_.end() ? std::nullopt : std::optional(found->second);
}

std::size_t Book::size() const {
  std::lock_guard const lock(mutex_);
  return sessions_.size();
}

void Book::opened(SessionRow session) {
  std::lock_guard const lock(mutex_);
  changed_ = true;
  auto const key = session.sha256;
  opened_.push_back(key);
  sessions_[key] = std::move(session);
  woken_.notify_all();
}

void Book::end(SessionRow const& session, std::string const& why) {
  std::lock_guard const lock(mutex_);
  sessions_.erase(session.sha256);
  ended_.push_back(session);
  ended_.back().ended_why = why;
  changed_ = true;
  woken_.notify_all();
}

void Book::refresh() {
  std::lock_guard const one_at_a_time(syncing_);
  sync();
}

// The version is read before the rows: what changes in between is read again at the next look.
void Book::sync() {
  tell_ended();
  {
    std::lock_guard const lock(mutex_);
    opened_.clear();  // they stand in the database already
  }
  auto const version = logins_.version();
  {
    std::lock_guard const lock(mutex_);
    if (version == version_) return;
  }
  Sessions fresh;
  for (auto& s : logins_.live()) {
    auto key = s.sha256;
    fresh.emplace(std::move(key), std::move(s));
  }
  std::lock_guard const lock(mutex_);
  for (auto& [key, s] : fresh)
    if (auto const known = sessions_.find(key); known != sessions_.end()) s.seen_at = std::max(s.seen_at, known->second.seen_at);
  for (auto const& s : ended_) fresh.erase(s.sha256);  // signed out while we read
  version_ = version;
  // Opened here while we read: the next look finds them in the database.
  for (auto const& key : opened_) {
    auto const known = sessions_.find(key);
    if (known == sessions_.end() || !fresh.emplace(key, known->second).second) continue;
    version_ = -1;
  }
  sessions_ = std::move(fresh);
  changed_ = true;
}

void Book::tell_ended() {
  std::vector<SessionRow> ended;
  {
    std::lock_guard const lock(mutex_);
    ended = ended_;
  }
  for (auto const& s : ended) {
    logins_.end(s.who.district, s.who.name, s.session_id, "", s.ended_why);
    std::lock_guard const lock(mutex_);
    std::erase_if(ended_, [&](auto const& one) { return one.sha256 == s.sha256; });
    changed_ = true;
  }
}

void Book::tell_seen() {
  std::vector<SessionRow> seen;
  {
    std::lock_guard const lock(mutex_);
    for (auto const& [key, at] : std::exchange(seen_, {}))
      if (auto const found = sessions_.find(key); found != sessions_.end()) {
        seen.push_back(found->second);
        seen.back().seen_at = at;
      }
    changed_ = changed_ || !seen.empty();
  }
  if (seen.empty()) return;
  try {
    logins_.seen(seen);
  } catch (...) {
    std::lock_guard const lock(mutex_);
    for (auto const& s : seen) seen_.try_emplace(s.sha256, s.seen_at);
    throw;
  }
}

void Book::run() {
  auto const clock = [] { return std::chrono::steady_clock::now(); };
  auto tell_at = clock() + kTellSeen, forget_at = clock() + kForgetEvery;
  bool away = false;
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    lock.unlock();
    try {
      refresh();
      if (clock() >= tell_at) {
        tell_at = clock() + kTellSeen;
        tell_seen();
      }
      if (clock() >= forget_at) {
        forget_at = clock() + kForgetEvery;
        logins_.forget(now() - kKept);
      }
      away = false;
    } catch (std::exception const& e) {
      if (!std::exchange(away, true)) spdlog::warn("sessions are not compared with the database: {}", e.what());
    }
    save();
    lock.lock();
    woken_.wait_for(lock, kLook, [this] { return stopping_ || changed_; });
  }
}

void Book::load() {
  std::ifstream in(file_, std::ios::binary);
  if (!in) return;
  std::ostringstream text;
  text << in.rdbuf();
  try {
    auto const all = json::parse(text.str());
    for (auto const& one : all.at("sessions").as_array()) {
      auto s = from_json(one);
      auto const key = s.sha256;
      sessions_.emplace(key, std::move(s));
    }
    for (auto const& one : all.at("ended").as_array()) ended_.push_back(from_json(one));
  } catch (std::exception const& e) {
    spdlog::warn("{} cannot be read: {}; sessions come from the database", file_, e.what());
    sessions_.clear();
    ended_.clear();
  }
}

void Book::save() {
  json::array sessions, ended;
  {
    std::lock_guard const lock(mutex_);
    if (!std::exchange(changed_, false)) return;
    for (auto const& [key, s] : sessions_) sessions.push_back(as_json(s));
    for (auto const& s : ended_) ended.push_back(as_json(s));
  }
  auto const text = json::serialize(json::object{{"sessions", std::move(sessions)}, {"ended", std::move(ended)}});
  // A full disk leaves the older copy: what is in memory still serves, the next change tries again.
  if (!write_whole(file_ + ".new", text) || std::rename((file_ + ".new").c_str(), file_.c_str()) != 0) std::remove((file_ + ".new").c_str());
}

}  // namespace wangge::sessions
