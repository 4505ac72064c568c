// ID tokens: whose, for whom, until when; and what comes back from a browser.
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "gateways/sessions/oidc.hpp"
#include "gateways/sessions/oidc_door.hpp"
#include "gateways/sessions/passwords.hpp"

namespace wangge::sessions {
namespace {

namespace json = boost::json;
core::Instant const kNow = core::Instant{} + std::chrono::seconds{1'800'000'000};

json::object good() { return {{"iss", "https://id.city"}, {"aud", "wangge"}, {"exp", 1'800'000'300}, {"nonce", "n"}, {"sub", "1"}}; }

TEST(Oidc, OnlyATokenForUsNowAndAskedForIsTaken) {
  OidcSettings settings;
  settings.issuer = "https://id.city", settings.client_id = "wangge";
  struct Row {
    char const* what;
    std::function<void(json::object&)> change;
    bool taken;
  };
  for (auto const& [what, change, taken] : std::vector<Row>{
           {"good", [](auto&) {}, true},
           {"audience among others", [](auto& c) { c["aud"] = json::array{"x", "wangge"}, c["azp"] = "wangge"; }, true},
           {"a second audience without azp", [](auto& c) { c["aud"] = json::array{"x", "wangge"}; }, false},
           {"for another", [](auto& c) { c["aud"] = "x"; }, false},
           {"no audience", [](auto& c) { c.erase("aud"); }, false},
           {"another issuer", [](auto& c) { c["iss"] = "https://id.city/"; }, false},
           {"old", [](auto& c) { c["exp"] = 1'799'999'900; }, false},
           {"clocks apart", [](auto& c) { c["exp"] = 1'799'999'970; }, true},
           {"expiry as text", [](auto& c) { c["exp"] = "1800000300"; }, false},
           {"no expiry", [](auto& c) { c.erase("exp"); }, false},
           {"another nonce", [](auto& c) { c["nonce"] = "m"; }, false},
           {"no nonce", [](auto& c) { c.erase("nonce"); }, false}}) {
    auto claims = good();
    change(claims);
    bool ok = true;
    try {
      check_claims(claims, settings, "n", kNow);
    } catch (OidcFault const&) {
      ok = false;
    }
    EXPECT_EQ(ok, taken) << what;
  }
  auto claims = good();
  claims["nonce"] = "";
  EXPECT_THROW(check_claims(claims, settings, "", kNow), OidcFault) << "an empty question is none";
}

TEST(Oidc, TokensThatProveNothingAreRefused) {
  auto const part = [](std::string const& text) { return base64url(text); };
  auto const body = part(json::serialize(good()));
  std::string const keys = R"({"keys":[{"kty":"oct","k":"c2VjcmV0","kid":"a"}]})";
  for (auto const& token : {std::string(), std::string("x"), std::string("a.b"), std::string("a.b.c"), part(R"({"alg":"none"})") + "." + body + ".",
                            part(R"({"alg":"HS256","kid":"a"})") + "." + body + "." + part("mac"),
                            part(R"({"alg":"RS256","kid":"a"})") + "." + body + "." + part("signature"), std::string(4000, '.')})
    EXPECT_THROW(verified_claims(token, keys), OidcFault) << token.substr(0, 40);
  for (auto const* set : {"", "{}", "[]", R"({"keys":1})", R"({"keys":[1]})"})
    EXPECT_THROW(verified_claims(part(R"({"alg":"RS256"})") + "." + body + "." + part("s"), set), OidcFault) << set;
}

TEST(Oidc, TheChallengeIsThatOfRfc7636) {
  EXPECT_EQ(code_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(Oidc, TheWayBackIsNeverAnotherHost) {
  for (auto const& [asked, page] : std::vector<std::pair<std::string, std::string>>{{"/", "/"},
                                                                                    {"/squad", "/squad"},
                                                                                    {"/?case=3708712026112400001&view=closure", "/?case=3708712026112400001&view=closure"},
                                                                                    {"", "/"},
                                                                                    {"//evil.example", "/"},
                                                                                    {"/\\evil.example", "/"},
                                                                                    {"https://evil.example", "/"},
                                                                                    {"/a\r\nSet-Cookie: x", "/"},
                                                                                    {"/a;b", "/"},
                                                                                    {"/" + std::string(300, 'a'), "/"}})
    EXPECT_EQ(own_page(asked), page) << asked;
}

}  // namespace
}  // namespace wangge::sessions
