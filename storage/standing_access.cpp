// Tokens and accounts. The database keeps hashes only; a name that would stand on two sides of the house is refused
// here with a sentence and by the database's own constraint in any case.
#include <pqxx/pqxx>
#include <set>

#include "storage/queries.hpp"
#include "storage/standing_set.hpp"

namespace wangge::storage::standing {
namespace {

std::string hex(std::string const& bytes) {
  std::string out = "\\x";
  for (unsigned char const c : bytes) {
    out += "0123456789abcdef"[c >> 4];
    out += "0123456789abcdef"[c & 15];
  }
  return out;
}

std::string array_of(std::vector<std::string> const& words) {
  std::string out = "{";
  for (auto const& word : words) out += (out.size() > 1 ? "," : "") + word;
  return out + "}";
}

std::string seconds(core::Instant at) {
  return pqxx::to_string(static_cast<double>(at.time_since_epoch().count()) / 1000.0);
}

constexpr char const* kExclusionViolation = "23P01";

// Accounts and tokens share one rule: the sides of a name, over both tables, are never two.
void refuse_two_sides(pqxx::work& tx, core::Principal const& who) {
  auto const found =
      tx.exec_params(queries::token_other_side.sql, who.district, who.name, std::string(core::id(who.role)));
  if (found.empty()) return;
  throw RoleClash(who.name + " already holds " + found[0][0].c_str() + ", which may not go together with " +
                  std::string(core::id(who.role)));
}

std::int64_t raise_token_version(pqxx::work& tx, std::string const& district) {
  return tx.exec_params1(queries::token_raise_version.sql, district)[0].as<std::int64_t>();
}

template <class Work>
auto in_transaction(std::string const& url, Work&& work) {
  try {
    pqxx::connection connection(url);
    pqxx::work tx(connection);
    auto result = work(tx);
    tx.commit();
    return result;
  } catch (pqxx::sql_error const& error) {
    if (error.sqlstate() == kExclusionViolation) throw RoleClash(error.what());
    throw Broken(error.what());
  } catch (pqxx::failure const& error) {
    throw Broken(error.what());
  }
}

}  // namespace

std::string scope_error(std::string const& url, core::Principal const& who) {
  return in_transaction(url, [&](pqxx::work& tx) -> std::string {
    auto const row = tx.exec_params1(queries::district_scope.sql, who.district, who.street, who.unit, who.squad);
    if (!row[0].as<bool>()) return "district " + who.district + " is not loaded";
    if (!row[1].as<bool>()) return "no street " + who.street;
    if (!row[2].as<bool>()) return "no unit " + who.unit;
    if (!row[3].as<bool>()) return "no squad " + who.squad + (who.unit.empty() ? "" : " in unit " + who.unit);
    return "";
  });
}

std::int64_t add_tokens(std::string const& url, std::vector<TokenWrite> const& tokens) {
  return in_transaction(url, [&](pqxx::work& tx) {
    std::int64_t changed = 0;
    std::set<std::string> districts;
    for (auto const& token : tokens) {
      auto const& who = token.who;
      refuse_two_sides(tx, who);
      auto const done = tx.exec_params(queries::token_insert.sql, who.district, hex(token.sha256), who.name,
                                       std::string(core::id(who.role)), who.street, who.unit, who.squad,
                                       array_of(who.sources), who.backdate, seconds(token.expires_at));
      if (done.affected_rows() > 0) districts.insert(who.district);
      changed += static_cast<std::int64_t>(done.affected_rows());
    }
    for (auto const& district : districts) raise_token_version(tx, district);
    return changed;
  });
}

std::int64_t revoke_tokens(std::string const& url, std::string const& district, std::string const& name) {
  return in_transaction(url, [&](pqxx::work& tx) {
    auto const done = tx.exec_params(queries::token_revoke.sql, district, name);
    if (done.affected_rows() > 0) raise_token_version(tx, district);
    return static_cast<std::int64_t>(done.affected_rows());
  });
}

std::int64_t put_accounts(std::string const& url, std::vector<AccountWrite> const& accounts) {
  auto const logins = open_logins(url, 1);
  for (auto const& account : accounts) logins->put(account.who, account.password_hash, account.must_change);
  return static_cast<std::int64_t>(accounts.size());
}

std::int64_t add_accounts(std::string const& url, std::vector<AccountWrite> const& accounts) {
  return in_transaction(url, [&](pqxx::work& tx) {
    std::int64_t made = 0;
    for (auto const& account : accounts) {
      auto const& who = account.who;
      refuse_two_sides(tx, who);
      made += static_cast<std::int64_t>(tx.exec_params(queries::account_add.sql, who.district, who.name,
                                                       std::string(core::id(who.role)), who.street, who.unit, who.squad)
                                            .affected_rows());
      tx.exec_params(queries::login_add.sql, who.district, who.name, account.password_hash);
    }
    return made;
  });
}

std::vector<AccountRow> accounts_of(std::string const& url, std::string const& district, std::string const& name) {
  return in_transaction(url, [&](pqxx::work& tx) {
    std::vector<AccountRow> out;
    for (auto const& row : tx.exec_params(queries::account_load.sql, district, name)) {
      auto const role = core::role_from(row[0].c_str());
      if (!role) continue;
      out.push_back(
          {{name, *role, district, row[1].c_str(), row[2].c_str(), row[3].c_str(), {}, false}, row[4].c_str()});
    }
    return out;
  });
}

}  // namespace wangge::storage::standing
