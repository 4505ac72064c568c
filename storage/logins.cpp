// Logins and sessions in PostgreSQL. Each verb is one statement, so one transaction: what it changes and the version that tells the doors.
#include "storage/logins.hpp"

#include "storage/chain.hpp"
#include "storage/reader.hpp"

namespace wangge::storage {
namespace {

using pg::Params;
using pg::number;
using pg::text;

constexpr Patience kPatience{.read = std::chrono::milliseconds{3000}};

core::Instant at(pqxx::field const& field) { return core::Instant{core::Millis{number(field)}}; }
std::int64_t ms(core::Instant at) { return at.time_since_epoch().count(); }

// Rows of (login × role), one login's together.
std::vector<Login> read_logins(pqxx::result const& rows) {
  std::vector<Login> out;
  for (auto const& row : rows) {
    if (out.empty() || out.back().district != row[0].c_str() || out.back().name != row[1].c_str()) {
      auto& l = out.emplace_back();
      l.district = text(row[0]), l.name = text(row[1]), l.password_hash = text(row[2]);
      l.must_change = pg::yes(row[3]), l.password_at = at(row[4]), l.disabled = pg::yes(row[5]), l.subject = text(row[6]);
      l.totp_key = from_hex(text(row[7])), l.totp_offered = from_hex(text(row[8]));
      l.totp_step = number(row[9]), l.recovery_left = number(row[10]);
      l.created_at = at(row[11]), l.seen_at = pg::instant(row[12]);
    }
    auto& l = out.back();
    if (auto const role = core::role_from(text(row[13])))
      l.roles.push_back({l.name, *role, l.district, text(row[14]), text(row[15]), text(row[16]), {}, false});
  }
  return out;
}

std::vector<SessionRow> read_sessions(pqxx::result const& rows) {
  std::vector<SessionRow> out;
  for (auto const& row : rows) {
    auto const role = core::role_from(text(row[4]));
    if (!role) continue;  // a newer program's role: this one cannot judge it
    auto& s = out.emplace_back();
    s.sha256 = text(row[0]), s.session_id = text(row[1]);
    s.who = {text(row[3]), *role, text(row[2]), text(row[5]), text(row[6]), text(row[7]), {}, false};
    s.how = text(row[8]), s.address = text(row[9]), s.agent = text(row[10]);
    s.opened_at = at(row[11]), s.seen_at = at(row[12]), s.expires_at = at(row[13]), s.ended_at = pg::instant(row[14]);
    s.ended_why = text(row[15]), s.must_change = pg::yes(row[16]), s.has_totp = pg::yes(row[17]);
  }
  return out;
}

class PostgresLogins final : public Logins {
 public:
  PostgresLogins(std::string const& url, int connections) : pool_(url, connections, kPatience, pg::Session::Use::audit) {}

  std::vector<Login> find(std::string const& name, std::string const& subject) override {
    return read_logins(run(queries::login_find, Params().text(name).text(subject)));
  }
  std::vector<Login> page(std::string const& district, std::string const& after, std::string const& part, std::string const& role,
                          int limit) override {
    return read_logins(run(queries::login_page, Params().text(district).text(after).text(part).text(role).number(limit)));
  }

  void put(core::Principal const& who, std::string const& hash, bool must_change) override {
    std::string const role(core::id(who.role));
    pool_.with([&](pg::Session& s) {
      pg::Transaction transaction(s);
      auto const other = s.run(queries::token_other_side, Params().text(who.district).text(who.name).text(role));
      if (!other.empty()) throw RoleClash(who.name + " already holds " + text(other[0][0]) + ", which may not go together with " + role);
      try {
        s.run(queries::account_put, Params().text(who.district).text(who.name).text(role).text(who.street).text(who.unit).text(who.squad));
      } catch (Poison const& e) {  // two at once: the constraint saw what the question could not
        throw RoleClash(e.what());
      }
      s.run(queries::login_put, Params().text(who.district).text(who.name).text(hash).text(must_change ? "t" : "f"));
      s.run(queries::session_end, Params().text(who.district).text(who.name).text("").text("").text("changed"));
      s.run(queries::session_raise_version, Params().text(who.district));
      transaction.commit();
    });
  }

  bool set_password(std::string const& district, std::string const& name, std::string const& hash, bool must_change,
                    std::string const& keep) override {
    return counted(queries::login_password, Params().text(district).text(name).text(hash).text(must_change ? "t" : "f").text(keep)) > 0;
  }
  void rehash(Login const& l, std::string const& hash) override {
    run(queries::login_rehash, Params().text(l.district).text(l.name).text(l.password_hash).text(hash));
  }
  bool set_disabled(std::string const& district, std::string const& name, bool disabled) override {
    return counted(queries::login_disable, Params().text(district).text(name).text(disabled ? "t" : "f")) > 0;
  }
  bool set_subject(std::string const& district, std::string const& name, std::string const& subject) override {
    return changes(queries::login_subject, Params().text(district).text(name).text(subject));
  }
  bool offer_totp(std::string const& district, std::string const& name, std::string const& key) override {
    return changes(queries::login_totp_offer, Params().text(district).text(name).text(to_hex(key)));
  }
  bool confirm_totp(std::string const& district, std::string const& name, std::int64_t step,
                    std::vector<std::string> const& recovery) override {
    return counted(queries::login_totp_confirm, Params().text(district).text(name).number(step).array(recovery)) > 0;
  }
  bool reseal_totp(Login const& l, std::string const& kept) override {
    return changes(queries::login_totp_reseal, Params().text(l.district).text(l.name).text(to_hex(l.totp_key)).text(to_hex(kept)));
  }
  bool take_step(std::string const& district, std::string const& name, std::int64_t step) override {
    return changes(queries::login_totp_step, Params().text(district).text(name).number(step));
  }
  bool take_recovery(std::string const& district, std::string const& name, std::string const& sha256) override {
    return changes(queries::login_recover, Params().text(district).text(name).text(sha256));
  }
  bool clear_totp(std::string const& district, std::string const& name) override {
    return counted(queries::login_totp_clear, Params().text(district).text(name)) > 0;
  }

  void open(SessionRow const& s) override {
    auto params = Params().text(s.who.district).text(s.sha256).text(s.session_id).text(s.who.name).text(core::id(s.who.role)).text(s.how);
    params.text(s.address).text(s.agent).number(ms(s.opened_at)).number(ms(s.expires_at));
    run(queries::session_open, params);
  }
  std::int64_t end(std::string const& district, std::string const& name, std::string const& session_id, std::string const& keep,
                   std::string const& why) override {
    return counted(queries::session_end, Params().text(district).text(name).text(session_id).text(keep).text(why));
  }
  std::int64_t version() override { return counted(queries::session_version, {}); }
  std::vector<SessionRow> live() override { return read_sessions(run(queries::session_live, {})); }
  std::vector<SessionRow> of(std::string const& district, std::string const& name) override {
    return read_sessions(run(queries::session_of_name, Params().text(district).text(name)));
  }
  void seen(std::vector<SessionRow> const& sessions) override {
    pg::Column districts, hashes, times;
    for (auto const& s : sessions) districts.add(s.who.district), hashes.add(s.sha256), times.add(s.seen_at);
    run(queries::session_seen, Params().array(districts).array(hashes).array(times));
  }
  void forget(core::Instant before) override { run(queries::session_forget, Params().number(ms(before))); }

 private:
  pqxx::result run(Query const& query, Params const& params) {
    return pool_.with([&](pg::Session& s) { return s.run(query, params); });
  }
  std::int64_t counted(Query const& query, Params const& params) { return number(run(query, params)[0][0]); }
  bool changes(Query const& query, Params const& params) { return run(query, params).affected_rows() > 0; }

  Pool pool_;
};

}  // namespace

std::unique_ptr<Logins> open_logins(std::string const& url, int connections) {
  return std::make_unique<PostgresLogins>(url, connections);
}

}  // namespace wangge::storage
