// Passwords, one-time codes, and other secrets.
#include <gtest/gtest.h>

#include <set>

#include "gateways/sessions/key_seal.hpp"
#include "gateways/sessions/one_time.hpp"
#include "gateways/sessions/passwords.hpp"

namespace wangge::sessions {
namespace {

core::Instant at(std::int64_t seconds) { return core::Instant{} + std::chrono::seconds{seconds}; }

TEST(Passwords, AreArgon2idOfTheDecidedCost) {
  auto const hash = password_hash("correct horse 9");
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=32768,t=3,p=1$")) << hash;
  EXPECT_TRUE(password_matches(hash, "correct horse 9"));
  EXPECT_FALSE(password_matches(hash, "correct horse 8"));
  EXPECT_FALSE(password_matches(hash, ""));
  EXPECT_FALSE(password_matches("", ""));
  EXPECT_NE(hash, password_hash("correct horse 9")) << "salted";
  EXPECT_FALSE(outdated(hash));
  auto const cheap = password_hash("correct horse 9", kCheap);
  EXPECT_TRUE(password_matches(cheap, "correct horse 9"));
  EXPECT_TRUE(outdated(cheap));
}

TEST(Passwords, ChosenOnesAreMeasured) {
  struct Row {
    std::string password, name;
    std::string_view fault;
  };
  for (auto const& [password, name, fault] : std::vector<Row>{{"", "wang", "too_short"},
                                                              {"nine char", "wang", "too_short"},
                                                              {"ten chars.", "wang", ""},
                                                              {std::string(128, 'a') + "b", "wang", "too_long"},
                                                              {"aaaaaaaaaaaa", "wang", "too_plain"},
                                                              {"aabbccddaabb", "wang", "too_plain"},
                                                              {"WANG-is-my-name", "wang", "too_plain"},
                                                              {"电话里说位置在路口没有", "wang", ""},
                                                              {"电话里说", "wang", "too_short"},
                                                              {"xi has no name", "xi", ""}})
    EXPECT_EQ(password_fault(password, name), fault) << password;
}

TEST(Passwords, RandomOnesAreReadable) {
  std::set<std::string> seen;
  for (int i = 0; i < 200; ++i) {
    auto const one = random_password();
    EXPECT_EQ(one.size(), 16u);
    EXPECT_EQ(one.find_first_of("0O1lI"), std::string::npos) << one;
    seen.insert(one);
  }
  EXPECT_EQ(seen.size(), 200u);
  EXPECT_EQ(random_secret().size(), 43u);
  EXPECT_EQ(plain_code(" ABCDE-fghij "), "abcdefghij");
  EXPECT_EQ(plain_code(recovery_code()).size(), 10u);
}

TEST(Passwords, Base32IsRfc4648) {
  for (auto const& [bytes, text] : std::vector<std::pair<std::string, std::string>>{
           {"", ""}, {"f", "MY"}, {"fo", "MZXQ"}, {"foo", "MZXW6"}, {"foob", "MZXW6YQ"}, {"fooba", "MZXW6YTB"}, {"foobar", "MZXW6YTBOI"}})
    EXPECT_EQ(base32(bytes), text);
}

// RFC 6238, appendix B, its SHA-1 rows.
TEST(OneTime, GivesTheVectorsOfRfc6238) {
  struct Row {
    std::int64_t seconds;
    std::string_view code;
  };
  for (auto const& [seconds, code] : std::vector<Row>{{59, "94287082"},
                                                      {1111111109, "07081804"},
                                                      {1111111111, "14050471"},
                                                      {1234567890, "89005924"},
                                                      {2000000000, "69279037"},
                                                      {20000000000, "65353130"}})
    EXPECT_EQ(code_of("12345678901234567890", step_of(at(seconds)), 8), code) << seconds;
}

TEST(OneTime, ACodeOfTheStepBesideIsTakenAndNoneTwice) {
  std::string const key = "12345678901234567890";
  auto const now = at(1234567890);
  auto const step = step_of(now);
  for (int aside = -3; aside <= 3; ++aside) {
    auto const found = step_for(key, code_of(key, step + aside), now, 0);
    EXPECT_EQ(found.has_value(), aside >= -1 && aside <= 1) << aside;
    if (found) { EXPECT_EQ(*found, step + aside); }
  }
  EXPECT_FALSE(step_for(key, code_of(key, step), now, step)) << "a replay";
  EXPECT_FALSE(step_for(key, code_of(key, step - 1), now, step)) << "an older one after a newer";
  EXPECT_TRUE(step_for(key, code_of(key, step + 1), now, step));
  for (auto const* bad : {"", "00000", "0000000", "abcdef", "12345６"}) EXPECT_FALSE(step_for(key, bad, now, 0)) << bad;
}

TEST(OneTime, TheUriIsWhatAppsRead) {
  EXPECT_EQ(otpauth_uri("foobar", "王 小", "Wangge"),
            "otpauth://totp/Wangge:%E7%8E%8B%20%E5%B0%8F?secret=MZXW6YTBOI&issuer=Wangge&algorithm=SHA1&digits=6&period=30");
}

TEST(KeySeal, AKeyOpensForWhomItWasSealedAndUnderItsOwnKey) {
  KeySeal const seal(std::string(32, 'a')), other(std::string(32, 'b')), none;
  std::string const plain(20, 'k');
  auto const sealed = seal.close("d/wang", plain);
  EXPECT_NE(sealed, seal.close("d/wang", plain)) << "never the same twice";
  EXPECT_EQ(sealed.find("kkkk"), std::string::npos);
  EXPECT_EQ(seal.open("d/wang", sealed), plain);
  EXPECT_EQ(seal.open("d/li", sealed), "") << "moved to another's row";
  EXPECT_EQ(other.open("d/wang", sealed), "");
  EXPECT_EQ(none.open("d/wang", sealed), "");
  for (std::size_t at = 1; at < sealed.size(); ++at) {
    auto damaged = sealed;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    EXPECT_EQ(seal.open("d/wang", damaged), "") << at;
  }
  EXPECT_EQ(seal.open("d/wang", plain), plain) << "kept before there was a seal";
  EXPECT_EQ(none.close("d/wang", plain), plain);
  EXPECT_THROW(KeySeal(std::string(31, 'a')), std::invalid_argument);
}

}  // namespace
}  // namespace wangge::sessions
