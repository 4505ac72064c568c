// The contract of logins and sessions, on both stores.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "storage/logins.hpp"
#include "storage/standing_set.hpp"
#include "tests/support/temporary_postgres.hpp"

namespace wangge::tests {
namespace {

using core::Role;
using storage::Logins;
using namespace std::chrono_literals;

std::string const kD = "370871";
std::string const kHash = "$argon2id$one", kOther = "$argon2id$two";

core::Instant now() { return std::chrono::floor<core::Millis>(std::chrono::system_clock::now()); }
std::string hash_of(char digit) { return std::string(64, digit); }

class LoginContract : public testing::TestWithParam<char const*> {
 protected:
  void SetUp() override {
    logins = std::string(GetParam()) == "memory" ? storage::memory_logins(now) : storage::open_logins(TemporaryPostgres::shared().fresh_database());
  }
  void put(std::string const& name, Role role, std::string const& hash = kHash, std::string const& unit = "") {
    logins->put({name, role, kD, "", unit, "", {}, false}, hash, false);
  }
  storage::SessionRow open(std::string const& name, Role role, char digit, core::Instant opened = now()) {
    storage::SessionRow s;
    s.sha256 = hash_of(digit), s.session_id = std::string("s") + digit, s.who = {name, role, kD, "", "", "", {}, false}, s.how = "password";
    s.address = "10.0.0.1", s.agent = "a 浏览器", s.opened_at = s.seen_at = opened, s.expires_at = opened + 12h;
    logins->open(s);
    return s;
  }
  storage::Login one(std::string const& name) { return logins->find(name).at(0); }
  std::set<std::string> live() {
    std::set<std::string> out;
    for (auto const& s : logins->live()) out.insert(s.session_id);
    return out;
  }
  std::unique_ptr<Logins> logins;
};
INSTANTIATE_TEST_SUITE_P(Stores, LoginContract, testing::Values("memory", "postgres"), [](auto const& info) { return std::string(info.param); });

TEST_P(LoginContract, ANameHasOneLoginAndEveryRoleItHolds) {
  put("wang", Role::acceptor);
  put("wang", Role::shift_leader, kOther);
  put("li", Role::leader);
  auto const wang = one("wang");
  EXPECT_EQ(wang.password_hash, kOther);
  ASSERT_EQ(wang.roles.size(), 2u);
  EXPECT_EQ(wang.roles[0].role, Role::acceptor);
  EXPECT_EQ(wang.roles[1].role, Role::shift_leader);
  put("wang", Role::acceptor, "", "u1");  // its scope alone
  EXPECT_EQ(one("wang").password_hash, kOther);
  EXPECT_EQ(one("wang").roles[0].unit, "u1");
  EXPECT_TRUE(logins->find("nobody").empty());
  EXPECT_TRUE(logins->find("").empty());
  logins->put({"wang", Role::leader, "370811", "", "", "", {}, false}, kHash, true);
  EXPECT_EQ(logins->find("wang").size(), 2u) << "another district's";
}

TEST_P(LoginContract, NobodyStandsOnTwoSidesOfTheHouse) {
  put("wang", Role::dispatch_officer);
  EXPECT_THROW(put("wang", Role::evaluator), storage::RoleClash);
  EXPECT_NO_THROW(put("wang", Role::acceptor));
  put("sun", Role::sys_admin);
  EXPECT_THROW(put("sun", Role::auditor), storage::RoleClash);
  EXPECT_EQ(one("wang").roles.size(), 2u);
}

TEST_P(LoginContract, ThePageGoesByNameAndFindsAPart) {
  for (auto const* name : {"a1", "a2", "b1", "b2", "c1"}) put(name, Role::acceptor);
  put("b2", Role::leader);
  auto const names = [&](std::string const& after, std::string const& part, std::string const& role, int limit) {
    std::string out;
    for (auto const& l : logins->page(kD, after, part, role, limit)) out += l.name + " ";
    return out;
  };
  EXPECT_EQ(names("", "", "", 10), "a1 a2 b1 b2 c1 ");
  EXPECT_EQ(names("a2", "", "", 2), "b1 b2 ");
  EXPECT_EQ(names("", "1", "", 10), "a1 b1 c1 ");
  EXPECT_EQ(names("", "", "leader", 10), "b2 ");
  EXPECT_EQ(names("", "%", "", 10), "");
  EXPECT_EQ(logins->page(kD, "", "b2", "leader", 10).at(0).roles.size(), 2u) << "with all it holds";
  EXPECT_TRUE(logins->page("370811", "", "", "", 10).empty());
}

TEST_P(LoginContract, TheCitySSignOnFindsByItsOwnNameElseByOurs) {
  put("wang", Role::acceptor);
  put("li", Role::leader);
  ASSERT_TRUE(logins->set_subject(kD, "li", "wang.xiao"));
  EXPECT_EQ(logins->find("", "wang.xiao").at(0).name, "li");
  EXPECT_EQ(logins->find("", "wang").at(0).name, "wang");
  EXPECT_TRUE(logins->find("", "li").empty()) << "who has a name there is found by that only";
  EXPECT_FALSE(logins->set_subject(kD, "nobody", "x"));
}

TEST_P(LoginContract, ASessionIsLiveUntilItEndsAndTheVersionTells) {
  put("wang", Role::acceptor, kHash, "u1");
  auto version = logins->version();
  auto const s = open("wang", Role::acceptor, 'a');
  EXPECT_GT(logins->version(), version);
  auto const seen = logins->live();
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(seen[0].sha256, s.sha256);
  EXPECT_EQ(seen[0].who.unit, "u1") << "the scope is the account's, as it is now";
  EXPECT_EQ(seen[0].agent, s.agent);
  EXPECT_EQ(seen[0].expires_at, s.expires_at);
  open("wang", Role::acceptor, 'b');
  open("wang", Role::acceptor, 'c', now() - 13h);
  EXPECT_EQ(live(), (std::set<std::string>{"sa", "sb"})) << "c has expired";
  version = logins->version();
  EXPECT_EQ(logins->end(kD, "li", "sa", "", "x"), 0) << "another's";
  EXPECT_EQ(logins->version(), version);
  EXPECT_EQ(logins->end(kD, "wang", "sa", "", "signed_out"), 1);
  EXPECT_GT(logins->version(), version);
  EXPECT_EQ(logins->end(kD, "wang", "sa", "", "again"), 0);
  EXPECT_EQ(live(), (std::set<std::string>{"sb"}));
  auto const all = logins->of(kD, "wang");
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[2].session_id, "sc");
  std::map<std::string, std::string> why;
  for (auto const& one : all) why[one.session_id] = one.ended_why;
  EXPECT_EQ(why["sa"], "signed_out");
}

TEST_P(LoginContract, ANewPasswordEndsEverySessionButItsOwn) {
  put("wang", Role::acceptor);
  put("li", Role::leader);
  open("wang", Role::acceptor, 'a'), open("wang", Role::acceptor, 'b'), open("li", Role::leader, 'c');
  EXPECT_TRUE(logins->set_password(kD, "wang", kOther, true, "sb"));
  EXPECT_EQ(live(), (std::set<std::string>{"sb", "sc"}));
  EXPECT_EQ(one("wang").password_hash, kOther);
  EXPECT_TRUE(one("wang").must_change);
  EXPECT_FALSE(logins->set_password(kD, "nobody", kOther, true, ""));
  auto const before = one("wang");
  logins->rehash(before, kHash);
  EXPECT_EQ(one("wang").password_hash, kHash);
  logins->rehash(before, "$argon2id$late");
  EXPECT_EQ(one("wang").password_hash, kHash) << "a password that was changed meanwhile stays";
  EXPECT_EQ(live().count("sb"), 1u);
}

TEST_P(LoginContract, AClosedAccountHasNobodyInside) {
  put("wang", Role::acceptor);
  open("wang", Role::acceptor, 'a');
  EXPECT_TRUE(logins->set_disabled(kD, "wang", true));
  EXPECT_FALSE(logins->set_disabled(kD, "wang", true));
  EXPECT_TRUE(live().empty());
  EXPECT_TRUE(one("wang").disabled);
  open("wang", Role::acceptor, 'b');
  EXPECT_TRUE(live().empty()) << "not even one that was opened in the same moment";
  EXPECT_TRUE(logins->set_disabled(kD, "wang", false));
  EXPECT_EQ(live(), (std::set<std::string>{"sb"}));
}

TEST_P(LoginContract, AnotherScopeEndsSessions) {
  put("wang", Role::acceptor);
  open("wang", Role::acceptor, 'a');
  put("wang", Role::acceptor, "", "u2");
  EXPECT_TRUE(live().empty());
}

TEST_P(LoginContract, OneTimeCodesAreTakenOnceAndRecoveryCodesToo) {
  put("wang", Role::acceptor);
  std::string const key("k\0\xff", 3);
  EXPECT_FALSE(logins->confirm_totp(kD, "wang", 5, {hash_of('1')})) << "nothing was offered";
  EXPECT_TRUE(logins->offer_totp(kD, "wang", key));
  EXPECT_EQ(one("wang").totp_offered, key);
  EXPECT_EQ(one("wang").totp_key, "");
  EXPECT_TRUE(logins->confirm_totp(kD, "wang", 5, {hash_of('1'), hash_of('2')}));
  auto const wang = one("wang");
  EXPECT_EQ(wang.totp_key, key);
  EXPECT_EQ(wang.totp_offered, "");
  EXPECT_TRUE(logins->reseal_totp(wang, "sealed" + key)) << "the same key, kept another way";
  EXPECT_FALSE(logins->reseal_totp(wang, "again")) << "it is not as that was read any more";
  EXPECT_EQ(one("wang").totp_key, "sealed" + key);
  EXPECT_EQ(wang.totp_step, 5);
  EXPECT_EQ(wang.recovery_left, 2);
  EXPECT_FALSE(logins->take_step(kD, "wang", 5));
  EXPECT_TRUE(logins->take_step(kD, "wang", 6));
  EXPECT_FALSE(logins->take_step(kD, "wang", 6));
  EXPECT_FALSE(logins->take_recovery(kD, "wang", hash_of('3')));
  EXPECT_TRUE(logins->take_recovery(kD, "wang", hash_of('2')));
  EXPECT_FALSE(logins->take_recovery(kD, "wang", hash_of('2')));
  EXPECT_EQ(one("wang").recovery_left, 1);
  open("wang", Role::acceptor, 'a');
  EXPECT_TRUE(logins->live().at(0).has_totp);
  EXPECT_TRUE(logins->clear_totp(kD, "wang"));
  EXPECT_FALSE(logins->clear_totp(kD, "wang"));
  EXPECT_FALSE(logins->live().at(0).has_totp);
  EXPECT_EQ(one("wang").recovery_left, 0);
}

TEST_P(LoginContract, WhenSomebodyWasLastAtItOnlyRises) {
  put("wang", Role::acceptor);
  auto const opened = now() - 1h;
  auto s = open("wang", Role::acceptor, 'a', opened);
  s.seen_at = opened + 30min;
  logins->seen({s});
  s.seen_at = opened + 10min;
  logins->seen({s});
  EXPECT_EQ(logins->of(kD, "wang").at(0).seen_at, opened + 30min);
  EXPECT_EQ(one("wang").seen_at, opened + 30min);
  logins->end(kD, "wang", "sa", "", "x");
  logins->forget(now() - 1h);
  EXPECT_EQ(logins->of(kD, "wang").size(), 1u);
  logins->forget(now() + 1h);
  EXPECT_TRUE(logins->of(kD, "wang").empty());
}

}  // namespace
}  // namespace wangge::tests
