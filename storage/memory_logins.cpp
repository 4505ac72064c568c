// Logins and sessions in memory, for tests: what PostgreSQL keeps, kept here too.
#include <algorithm>
#include <map>
#include <mutex>

#include "storage/logins.hpp"

namespace wangge::storage {
namespace {

using core::Role;

// role_side() of the schema.
std::string_view side(Role role) {
  switch (role) {
    case Role::dispatch_officer:
    case Role::unit_clerk:
    case Role::unit_head:
    case Role::squad_leader:
    case Role::disposer: return "command";
    case Role::patroller:
    case Role::patrol_lead:
    case Role::evaluator: return "supervision";
    case Role::sys_admin:
    case Role::sec_admin:
    case Role::auditor: return core::id(role);
    default: return "";
  }
}

class MemoryLogins final : public Logins {
 public:
  explicit MemoryLogins(std::function<core::Instant()> now) : now_(std::move(now)) {}

  std::vector<Login> find(std::string const& name, std::string const& subject) override {
    std::lock_guard const lock(mutex_);
    std::vector<Login> out;
    for (auto const& [key, kept] : logins_) {
      auto const& l = kept.login;
      bool const so_called = !subject.empty() && (l.subject == subject || (l.subject.empty() && l.name == subject));
      if ((!name.empty() && l.name == name) || so_called) out.push_back(told(kept));
    }
    return out;
  }
  std::vector<Login> page(std::string const& district, std::string const& after, std::string const& part, std::string const& role,
                          int limit) override {
    std::lock_guard const lock(mutex_);
    std::vector<Login> out;
    for (auto const& [key, kept] : logins_) {
      auto const& l = kept.login;
      bool const holds = role.empty() || std::ranges::any_of(l.roles, [&](auto const& r) { return core::id(r.role) == role; });
      if (l.district != district || l.name <= after || l.name.find(part) == std::string::npos || !holds) continue;
      if (static_cast<int>(out.size()) < limit) out.push_back(told(kept));
    }
    return out;
  }

  void put(core::Principal const& who, std::string const& hash, bool must_change) override {
    std::lock_guard const lock(mutex_);
    auto const found = logins_.find({who.district, who.name});
    if (found != logins_.end())
      for (auto const& r : found->second.login.roles)
        if (!side(r.role).empty() && !side(who.role).empty() && side(r.role) != side(who.role))
          throw RoleClash(who.name + " already holds " + std::string(core::id(r.role)) + ", which may not go together with " +
                          std::string(core::id(who.role)));
    auto& l = logins_[{who.district, who.name}].login;
    if (l.name.empty()) l.district = who.district, l.name = who.name, l.created_at = l.password_at = now_();
    std::erase_if(l.roles, [&](auto const& r) { return r.role == who.role; });
    l.roles.push_back(who);
    std::ranges::sort(l.roles, {}, [](auto const& r) { return core::id(r.role); });
    if (!hash.empty()) l.password_hash = hash, l.must_change = must_change, l.password_at = now_();
    end_all(who.district, who.name, "", "", "changed");
    ++version_;
  }
  bool set_password(std::string const& district, std::string const& name, std::string const& hash, bool must_change,
                    std::string const& keep) override {
    return change(district, name, [&](Kept& k) {
      k.login.password_hash = hash, k.login.must_change = must_change, k.login.password_at = now_();
      end_all(district, name, "", keep, "password");
      return true;
    });
  }
  void rehash(Login const& l, std::string const& hash) override {
    change(l.district, l.name, [&](Kept& k) {
      if (k.login.password_hash == l.password_hash) k.login.password_hash = hash;
      return false;
    });
  }
  bool set_disabled(std::string const& district, std::string const& name, bool disabled) override {
    return change(district, name, [&](Kept& k) {
      if (std::exchange(k.login.disabled, disabled) == disabled) return false;
      if (disabled) end_all(district, name, "", "", "disabled");
      return true;
    });
  }
  bool set_subject(std::string const& district, std::string const& name, std::string const& subject) override {
    return change(district, name, [&](Kept& k) { return k.login.subject = subject, true; });
  }
  bool offer_totp(std::string const& district, std::string const& name, std::string const& key) override {
    return change(district, name, [&](Kept& k) { return k.login.totp_offered = key, true; });
  }
  bool confirm_totp(std::string const& district, std::string const& name, std::int64_t step,
                    std::vector<std::string> const& recovery) override {
    return change(district, name, [&](Kept& k) {
      if (k.login.totp_offered.empty()) return false;
      k.login.totp_key = std::exchange(k.login.totp_offered, ""), k.login.totp_step = step, k.recovery = recovery;
      return true;
    });
  }
  bool reseal_totp(Login const& l, std::string const& kept) override {
    return change(l.district, l.name, [&](Kept& k) { return k.login.totp_key == l.totp_key && (k.login.totp_key = kept, true); });
  }
  bool take_step(std::string const& district, std::string const& name, std::int64_t step) override {
    return change(district, name, [&](Kept& k) { return k.login.totp_step < step && (k.login.totp_step = step, true); });
  }
  bool take_recovery(std::string const& district, std::string const& name, std::string const& sha256) override {
    return change(district, name, [&](Kept& k) { return std::erase(k.recovery, sha256) > 0; });
  }
  bool clear_totp(std::string const& district, std::string const& name) override {
    return change(district, name, [&](Kept& k) {
      if (k.login.totp_key.empty() && k.login.totp_offered.empty()) return false;
      k.login.totp_key = k.login.totp_offered = "", k.recovery.clear();
      return true;
    });
  }

  void open(SessionRow const& s) override {
    std::lock_guard const lock(mutex_);
    auto const found = logins_.find({s.who.district, s.who.name});
    if (found == logins_.end()) throw std::invalid_argument("no login " + s.who.name);
    sessions_.push_back(s);
    sessions_.back().seen_at = s.opened_at;
    ++version_;
  }
  std::int64_t end(std::string const& district, std::string const& name, std::string const& session_id, std::string const& keep,
                   std::string const& why) override {
    std::lock_guard const lock(mutex_);
    auto const ended = end_all(district, name, session_id, keep, why);
    if (ended > 0) ++version_;
    return ended;
  }
  std::int64_t version() override {
    std::lock_guard const lock(mutex_);
    return version_;
  }
  std::vector<SessionRow> live() override {
    std::lock_guard const lock(mutex_);
    std::vector<SessionRow> out;
    for (auto const& s : sessions_)
      if (!s.ended_at && s.expires_at > now_() && !logins_.at({s.who.district, s.who.name}).login.disabled) out.push_back(joined(s));
    return out;
  }
  std::vector<SessionRow> of(std::string const& district, std::string const& name) override {
    std::lock_guard const lock(mutex_);
    std::vector<SessionRow> out;
    for (auto s = sessions_.rbegin(); s != sessions_.rend() && out.size() < 50; ++s)
      if (s->who.district == district && s->who.name == name) out.push_back(joined(*s));
    std::ranges::stable_sort(out, std::greater{}, &SessionRow::opened_at);
    return out;
  }
  void seen(std::vector<SessionRow> const& sessions) override {
    std::lock_guard const lock(mutex_);
    for (auto const& now : sessions)
      for (auto& s : sessions_)
        if (s.sha256 == now.sha256 && s.seen_at < now.seen_at) s.seen_at = now.seen_at;
  }
  void forget(core::Instant before) override {
    std::lock_guard const lock(mutex_);
    std::erase_if(sessions_, [&](auto const& s) { return s.ended_at.value_or(s.expires_at) < before; });
  }

 private:
  struct Kept {
    Login login;
    std::vector<std::string> recovery;
  };

  template <class F>
  bool change(std::string const& district, std::string const& name, F&& f) {
    std::lock_guard const lock(mutex_);
    auto const found = logins_.find({district, name});
    if (found == logins_.end() || !f(found->second)) return false;
    ++version_;
    return true;
  }
  std::int64_t end_all(std::string const& district, std::string const& name, std::string const& id, std::string const& keep,
                       std::string const& why) {
    std::int64_t ended = 0;
    for (auto& s : sessions_) {
      bool const meant = s.who.district == district && s.who.name == name && (id.empty() || s.session_id == id) && s.session_id != keep;
      if (!meant || s.ended_at) continue;
      s.ended_at = now_(), s.ended_why = why;
      ++ended;
    }
    return ended;
  }
  Login told(Kept const& kept) const {
    Login l = kept.login;
    l.recovery_left = static_cast<std::int64_t>(kept.recovery.size());
    for (auto const& s : sessions_)
      if (s.who.district == l.district && s.who.name == l.name && (!l.seen_at || *l.seen_at < s.seen_at)) l.seen_at = s.seen_at;
    return l;
  }
  // With the scope and the state of its login as they are now.
  SessionRow joined(SessionRow s) const {
    auto const& l = logins_.at({s.who.district, s.who.name}).login;
    for (auto const& r : l.roles)
      if (r.role == s.who.role) s.who = r;
    s.must_change = l.must_change, s.has_totp = !l.totp_key.empty();
    return s;
  }

  std::function<core::Instant()> now_;
  mutable std::mutex mutex_;
  std::map<std::pair<std::string, std::string>, Kept> logins_;
  std::vector<SessionRow> sessions_;
  std::int64_t version_ = 0;
};

}  // namespace

std::unique_ptr<Logins> memory_logins(std::function<core::Instant()> now) { return std::make_unique<MemoryLogins>(std::move(now)); }

}  // namespace wangge::storage
