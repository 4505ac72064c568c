// Tokens and accounts: only hashes are kept, sides stay apart, changes are seen.
#include <gtest/gtest.h>
#include <sodium.h>

#include "deploy/tokens.hpp"
#include "small_city.hpp"
#include "storage/standing.hpp"
#include "tests/support/temporary_postgres.hpp"

namespace wangge::deploy {
namespace {

namespace standing = storage::standing;
using tests::TemporaryPostgres;

struct People : ::testing::Test {
  // One database for all: making one costs more than the tests.
  std::string const url = [] {
    static auto const made = TemporaryPostgres::shared().fresh_database();
    return made;
  }();
  void SetUp() override {
    TemporaryPostgres::shared().sql(url, "TRUNCATE token, account, token_version, login, session, session_version");
    tests::SmallCity small;
    standing::write(url, read_city_files(small.source()).set);
  }
  TokenRequest request(std::string name, std::string role) {
    TokenRequest r;
    r.name = std::move(name);
    r.role = std::move(role);
    r.district = "990001";
    return r;
  }
  std::vector<storage::TokenRow> tokens(std::int64_t* version = nullptr) {
    pqxx::connection connection(url);
    return standing::read_tokens(connection, version);
  }
  std::int64_t version() {
    pqxx::connection connection(url);
    return standing::token_version(connection);
  }
};

TEST_F(People, ATokenIsKeptAsItsHashWithItsScope) {
  auto r = request("worker", "disposer");
  r.unit = "roads";
  r.squad = "roads-1";
  r.backdate = true;
  auto const token = make_token(url, r);
  auto const rows = tokens();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].sha256, token_hash(token));
  EXPECT_EQ(rows[0].who.squad, "roads-1");
  EXPECT_TRUE(rows[0].who.backdate);
  EXPECT_EQ(rows[0].who.role, core::Role::disposer);
  auto reporter = request("app", "reporter");
  reporter.sources = {"public", "hotline_12345"};
  make_token(url, reporter);
  for (auto const& row : tokens()) {
    if (row.who.name == "app") {
      EXPECT_EQ(row.who.sources, reporter.sources);
    }
  }
}

TEST_F(People, ARequestThatMakesNoSenseIsRefusedWithAReason) {
  auto refused = [&](TokenRequest const& r, std::string const& why) {
    try {
      make_token(url, r);
      ADD_FAILURE() << why;
    } catch (std::invalid_argument const& error) {
      EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
    }
  };
  refused(request("x", "king"), "unknown role");
  refused(request("x", "system"), "unknown role");
  refused(request("", "leader"), "name");
  refused(request("x", "reporter"), "sources");
  refused(request("x", "disposer"), "--squad");
  refused(request("x", "unit_head"), "--unit");
  auto r = request("x", "leader");
  r.street = "990001009";
  refused(r, "no street");
  r = request("x", "disposer");
  r.squad = "ghosts";
  refused(r, "no squad ghosts");
  r.squad = "roads-1";
  r.unit = "patrols";
  refused(r, "no squad roads-1 in unit patrols");
  r = request("x", "leader");
  r.district = "123456";
  refused(r, "not loaded");
  r = request("x", "reporter");
  r.sources = {"pigeon"};
  refused(r, "unknown source");
  EXPECT_TRUE(tokens().empty());
}

TEST_F(People, NobodyCommandsAndSupervisesUnderOneName) {
  make_token(url, request("wang", "dispatch_officer"));
  EXPECT_THROW(make_token(url, request("wang", "patroller")), standing::RoleClash);
  EXPECT_THROW(put_account(url, request("wang", "evaluator")), standing::RoleClash);
  EXPECT_NO_THROW(make_token(url, request("wang", "acceptor"))) << "the desk stands on no side";
  put_account(url, request("li", "sys_admin"));
  EXPECT_THROW(put_account(url, request("li", "auditor")), standing::RoleClash);
  EXPECT_THROW(make_token(url, request("li", "sec_admin")), standing::RoleClash);
  // The database says the same without us.
  EXPECT_THROW(TemporaryPostgres::shared().sql(url,
                                               "INSERT INTO account (district, name, role, password_hash) VALUES "
                                               "('990001', 'li', 'sec_admin', '$argon2id$x')"),
               std::exception);
  // Once the old tokens are revoked the name may change sides.
  EXPECT_EQ(revoke_tokens(url, "990001", "wang"), 2);
  EXPECT_NO_THROW(make_token(url, request("wang", "patroller")));
}

TEST_F(People, EveryChangeRaisesTheVersionAndRevokedTokensAreGone) {
  EXPECT_EQ(version(), 0);
  make_token(url, request("a", "leader"));
  EXPECT_EQ(version(), 1);
  make_token(url, request("b", "leader"));
  std::int64_t seen = 0;
  EXPECT_EQ(tokens(&seen).size(), 2u);
  EXPECT_EQ(seen, 2);
  EXPECT_EQ(revoke_tokens(url, "990001", "a"), 1);
  EXPECT_EQ(version(), 3);
  EXPECT_EQ(tokens().size(), 1u);
  EXPECT_EQ(revoke_tokens(url, "990001", "a"), 0);
  EXPECT_EQ(version(), 3) << "nothing changed";
  TemporaryPostgres::shared().sql(url, "UPDATE token SET expires_at = now() - interval '1 second'");
  EXPECT_TRUE(tokens().empty()) << "expired ones open nothing";
}

TEST_F(People, PasswordsAreArgon2idAndVerify) {
  auto const password = put_account(url, request("zhang", "leader"));
  EXPECT_EQ(password.size(), 16u);
  auto const rows = standing::accounts_of(url, "990001", "zhang");
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_TRUE(rows[0].password_hash.starts_with("$argon2id$"));
  EXPECT_EQ(crypto_pwhash_str_verify(rows[0].password_hash.c_str(), password.c_str(), password.size()), 0);
  EXPECT_NE(crypto_pwhash_str_verify(rows[0].password_hash.c_str(), "wrong", 5), 0);
  auto const login = storage::open_logins(url)->find("zhang").at(0);
  EXPECT_TRUE(login.must_change) << "what was made for somebody is changed by him";
  EXPECT_EQ(put_account(url, request("zhang", "leader"), "a new one"), "a new one");
  EXPECT_FALSE(storage::open_logins(url)->find("zhang").at(0).must_change);
  EXPECT_EQ(standing::accounts_of(url, "990001", "zhang").size(), 1u);
}

}  // namespace
}  // namespace wangge::deploy
