// Signing in over real sockets: cookie, CSRF header, one-time codes, lock-out; one's own account and the administrators'.
#include <gtest/gtest.h>

#include <future>

#include <algorithm>

#include "gateways/http/ids.hpp"
#include "gateways/sessions/one_time.hpp"
#include "world.hpp"

namespace wangge::test {
namespace {

namespace json = boost::json;
using core::Role;
using Headers = std::map<std::string, std::string>;

struct Browser {
  explicit Browser(World& w) : world(w) {}
  Answer sign_in(std::string const& name, std::string const& password = kPassword, json::object more = {}) {
    more["name"] = name, more["password"] = password;
    auto const answer = world.post("/api/v1/session", "", more, headers());
    if (answer.status == 200) {
      auto const& set = answer.headers.at("set-cookie");
      cookie = set.substr(0, set.find(';'));
      csrf = std::string(answer.body.at("csrf").as_string());
    }
    return answer;
  }
  Headers headers(bool with_csrf = true) const {
    Headers out{{"Content-Type", "application/json"}};
    if (!cookie.empty()) out["Cookie"] = "theme=dark; " + cookie;
    if (with_csrf && !csrf.empty()) out["X-CSRF-Token"] = csrf;
    return out;
  }
  Answer get(std::string_view path) { return world.ask("GET", path, "", "", headers(false)); }
  Answer post(std::string_view path, json::object body) { return world.ask("POST", path, "", json::serialize(body), headers()); }
  Answer remove(std::string_view path) { return world.ask("DELETE", path, "", "", headers()); }
  World& world;
  std::string cookie, csrf;
};

TEST(SignIn, GivesACookieThatOpensWhatTheRoleMay) {
  World world;
  world.add_person("wang", Role::shift_leader);
  Browser browser(world);
  auto const answer = browser.sign_in("wang");
  ASSERT_EQ(answer.status, 200) << answer;
  auto const& set = answer.headers.at("set-cookie");
  for (auto const* part : {"wangge=", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=43200"}) EXPECT_NE(set.find(part), std::string::npos) << set;
  EXPECT_EQ(set.find("Secure"), std::string::npos) << "plain HTTP: a browser would not take it";
  EXPECT_EQ(answer.body.at("role"), "shift_leader");
  EXPECT_EQ(answer.body.at("signed_in").at("how"), "password");
  EXPECT_EQ(browser.get("/api/v1/me").body.at("csrf").as_string(), browser.csrf);
  EXPECT_EQ(browser.get("/api/v1/cases").status, 200);
  EXPECT_EQ(browser.get("/api/v1/accounts").status, 403);
  EXPECT_EQ(world.deeds.back().deed, "sign_in");
  EXPECT_EQ(browser.remove("/api/v1/session").status, 204);
  EXPECT_EQ(browser.get("/api/v1/me").status, 401);
}

TEST(SignIn, WhatChangesSomethingNeedsTheCsrfHeaderAndATokenDoesNot) {
  World world;
  world.add_person("wang", Role::patroller);
  Browser browser(world);
  ASSERT_EQ(browser.sign_in("wang").status, 200);
  auto const send = [&](Headers headers) {
    headers["Idempotency-Key"] = "k-1";
    return world.ask("POST", "/api/v1/reports", "", json::serialize(report_body()), headers);
  };
  struct Row {
    char const* what;
    Headers headers;
    int status;
    char const* code;
  };
  Browser other(world);
  ASSERT_EQ(other.sign_in("wang").status, 200);
  auto const with = [&](std::string csrf) {
    auto headers = browser.headers(false);
    headers["X-CSRF-Token"] = std::move(csrf);
    return headers;
  };
  for (auto const& [what, headers, status, code] : std::vector<Row>{{"none", browser.headers(false), 403, "csrf"},
                                                                    {"empty", with(""), 403, "csrf"},
                                                                    {"another session's", with(other.csrf), 403, "csrf"},
                                                                    {"the secret itself", with(browser.cookie.substr(7)), 403, "csrf"},
                                                                    {"its own", browser.headers(), 201, ""},
                                                                    {"a token, whatever the cookie", {{"Authorization", "Bearer patroller"}, {"Cookie", browser.cookie}}, 201, ""},
                                                                    {"a bad token, whatever the cookie", {{"Authorization", "Bearer wrong"}, {"Cookie", browser.cookie}}, 401, "unauthorized"},
                                                                    {"another cookie", {{"Cookie", "wangge=" + std::string(43, 'A')}, {"X-CSRF-Token", browser.csrf}}, 401, "unauthorized"},
                                                                    {"the name of the secure cookie", {{"Cookie", "__Host-" + browser.cookie}, {"X-CSRF-Token", browser.csrf}}, 401, "unauthorized"}}) {
    auto const answer = send(headers);
    EXPECT_EQ(answer.status, status) << what << ": " << answer;
    if (*code != '\0') { EXPECT_EQ(answer.code(), code) << what; }
  }
  EXPECT_EQ(world.ask("DELETE", "/api/v1/session", "", "", browser.headers(false)).status, 403);
}

TEST(SignIn, ANameNobodyHoldsAWrongPasswordAndAClosedAccountAreAnsweredAlike) {
  World world;
  world.add_person("wang", Role::acceptor);
  world.add_person("shut", Role::acceptor);
  world.logins->set_disabled("370871", "shut", true);
  Browser browser(world);
  auto const expected = browser.sign_in("nobody");
  EXPECT_EQ(expected.status, 401);
  EXPECT_EQ(expected.code(), "sign_in_failed");
  for (auto const& [name, password] : std::vector<std::pair<std::string, std::string>>{{"wang", "wrong password"}, {"shut", kPassword}, {"shut", "wrong password"}})
    EXPECT_EQ(browser.sign_in(name, password).text, expected.text) << name;
  ASSERT_EQ(world.deeds.size(), 4u);
  for (auto const& deed : world.deeds) EXPECT_EQ(deed.deed, "sign_in_refused");
  EXPECT_EQ(world.deeds[0].detail, "unknown name");
  EXPECT_EQ(world.deeds[1].detail, "password");
  EXPECT_EQ(world.deeds[2].detail, "disabled");
}

TEST(SignIn, BadBodiesAreRefusedByField) {
  World world;
  struct Row {
    std::string body, type;
    int status;
    std::string code, field;
  };
  std::string const form = "application/x-www-form-urlencoded";
  for (auto const& [body, type, status, code, field] : std::vector<Row>{
           {R"({"name":"a","password":"b"})", form, 415, "unsupported_type", ""},
           {R"({"name":"a","password":"b"})", "text/plain", 415, "unsupported_type", ""},
           {R"({"name":"a","password":"b"})", "", 415, "unsupported_type", ""},
           {"", "application/json", 400, "bad_json", ""},
           {"{", "application/json", 400, "bad_json", ""},
           {R"({"name":"a","name":"b","password":"c"})", "application/json", 400, "bad_json", ""},
           {"{\"name\":\"\xff\",\"password\":\"c\"}", "application/json", 400, "bad_json", ""},
           {R"({"name":"a\u0000","password":"c"})", "application/json", 400, "bad_json", ""},
           {"[]", "application/json", 422, "invalid", ""},
           {"{}", "application/json", 422, "invalid", "/name"},
           {R"({"name":"a"})", "application/json", 422, "invalid", "/password"},
           {R"({"name":1,"password":"b"})", "application/json", 422, "invalid", "/name"},
           {R"({"name":"a","password":["b"]})", "application/json; charset=utf-8", 422, "invalid", "/password"},
           {R"({"name":")" + std::string(65, 'x') + R"(","password":"b"})", "application/json", 422, "invalid", "/name"},
           {R"({"name":"a","password":")" + std::string(257, 'x') + R"("})", "application/json", 422, "invalid", "/password"},
           {R"({"name":"a","password":"b","code":")" + std::string(33, '1') + R"("})", "application/json", 422, "invalid", "/code"},
           {std::string(5000, ' '), "application/json", 413, "too_large", ""}}) {
    auto const answer = world.ask("POST", "/api/v1/session", "", body, {{"Content-Type", type}});
    EXPECT_EQ(answer.status, status) << body << ' ' << answer;
    EXPECT_EQ(answer.code(), code) << body;
    if (!field.empty()) { EXPECT_TRUE(answer.blames(field)) << body << ' ' << answer; }
  }
  EXPECT_TRUE(world.deeds.empty());
}

TEST(SignIn, AfterTooManyTriesEvenTheRightPasswordWaits) {
  World world;
  world.add_person("wang", Role::acceptor);
  Browser browser(world);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(browser.sign_in("wang", "wrong password").status, 401);
  auto const answer = browser.sign_in("wang");
  EXPECT_EQ(answer.status, 429) << answer;
  EXPECT_EQ(answer.code(), "too_many_tries");
  auto const wait = std::stoi(answer.headers.at("retry-after"));
  EXPECT_TRUE(wait > 0 && wait <= 30) << wait;
  for (int i = 0; i < 5; ++i) EXPECT_EQ(browser.sign_in("nobody", "wrong password").status, 401);
  EXPECT_EQ(browser.sign_in("nobody").status, 429) << "a name nobody holds waits too";
}

TEST(SignIn, WithoutADatabaseNothingIsCountedAndASessionGoesOn) {
  struct Away final : storage::Logins {
    std::vector<storage::Login> find(std::string const&, std::string const&) override { throw storage::Broken("away"); }
    std::vector<storage::Login> page(std::string const&, std::string const&, std::string const&, std::string const&, int) override { throw storage::Broken("away"); }
    void put(core::Principal const&, std::string const&, bool) override { throw storage::Broken("away"); }
    bool set_password(std::string const&, std::string const&, std::string const&, bool, std::string const&) override { throw storage::Broken("away"); }
    void rehash(storage::Login const&, std::string const&) override { throw storage::Broken("away"); }
    bool set_disabled(std::string const&, std::string const&, bool) override { throw storage::Broken("away"); }
    bool set_subject(std::string const&, std::string const&, std::string const&) override { throw storage::Broken("away"); }
    bool offer_totp(std::string const&, std::string const&, std::string const&) override { throw storage::Broken("away"); }
    bool confirm_totp(std::string const&, std::string const&, std::int64_t, std::vector<std::string> const&) override { throw storage::Broken("away"); }
    bool reseal_totp(storage::Login const&, std::string const&) override { throw storage::Broken("away"); }
    bool take_step(std::string const&, std::string const&, std::int64_t) override { throw storage::Broken("away"); }
    bool take_recovery(std::string const&, std::string const&, std::string const&) override { throw storage::Broken("away"); }
    bool clear_totp(std::string const&, std::string const&) override { throw storage::Broken("away"); }
    void open(storage::SessionRow const&) override { throw storage::Broken("away"); }
    std::int64_t end(std::string const&, std::string const&, std::string const&, std::string const&, std::string const&) override { throw storage::Broken("away"); }
    std::int64_t version() override { throw storage::Broken("away"); }
    std::vector<storage::SessionRow> live() override { throw storage::Broken("away"); }
    std::vector<storage::SessionRow> of(std::string const&, std::string const&) override { throw storage::Broken("away"); }
    void seen(std::vector<storage::SessionRow> const&) override { throw storage::Broken("away"); }
    void forget(core::Instant) override { throw storage::Broken("away"); }
  } away;
  doors::Crew crew(1, 4);
  sessions::Book book(away, (std::filesystem::temp_directory_path() / "no-sessions-here").string(), {});
  sessions::Desk desk(away, book, crew, [](storage::Deed) {}, [] { return std::string(); }, {});
  sessions::SessionDoor door(desk);
  for (int i = 0; i < 8; ++i) {
    http::Request request;
    request.headers.add("content-type", "application/json");
    request.body = R"({"name":"wang","password":"x"})";
    std::promise<int> status;
    door.post(std::move(request), [&](http::Response r) { status.set_value(r.status); });
    EXPECT_EQ(status.get_future().get(), 503) << i;
  }
}

TEST(SignIn, WhoHoldsSeveralPostsChooses) {
  World world;
  world.add_person("wang", Role::acceptor);
  world.add_person("wang", Role::shift_leader);
  Browser browser(world);
  EXPECT_EQ(browser.sign_in("wang", "wrong password").code(), "sign_in_failed") << "not told before the password is right";
  auto const answer = browser.sign_in("wang");
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(answer.code(), "choose_role");
  EXPECT_EQ(answer.body.at("choices").as_array().size(), 2u);
  EXPECT_EQ(browser.sign_in("wang", kPassword, {{"role", "shift_leader"}}).body.at("role"), "shift_leader");
  EXPECT_EQ(browser.sign_in("wang", kPassword, {{"role", "leader"}}).code(), "choose_role");
}

std::string code_now(World& world, std::string const& name, int aside = 0) {
  auto const login = world.logins->find(name).at(0);
  auto const key = world.desk.seal.open(sessions::sealed_for(login), login.totp_key.empty() ? login.totp_offered : login.totp_key);
  return sessions::code_of(key, sessions::step_of(now()) + aside);
}

TEST(SignIn, AKeyOfBeforeIsSealedAtItsNextUseAndAStrangersKeyOpensNothing) {
  World world;
  world.add_person("wang", Role::acceptor);
  std::string const plain(20, 'p');
  ASSERT_TRUE(world.logins->offer_totp("370871", "wang", plain) && world.logins->confirm_totp("370871", "wang", 0, {}));
  Browser browser(world);
  auto const code = [&] { return sessions::code_of(plain, sessions::step_of(now())); };
  EXPECT_EQ(browser.sign_in("wang", kPassword, {{"code", code()}}).status, 200);
  auto const kept = world.logins->find("wang").at(0);
  EXPECT_TRUE(sessions::KeySeal::is_sealed(kept.totp_key));
  EXPECT_EQ(world.desk.seal.open("370871/wang", kept.totp_key), plain);
  // Sealed for somebody else, or under another key: no code is right, that of an empty key neither.
  ASSERT_TRUE(world.logins->reseal_totp(kept, world.desk.seal.close("370871/li", plain)));
  for (auto const& key : {plain, std::string()})
    EXPECT_EQ(browser.sign_in("wang", kPassword, {{"code", sessions::code_of(key, sessions::step_of(now()) + 1)}}).code(), "code_failed");
}

TEST(SignIn, OneTimeCodesAreTakenUpProvedAndNeverTakenTwice) {
  World world;
  world.add_person("wang", Role::acceptor);
  Browser browser(world);
  ASSERT_EQ(browser.sign_in("wang").status, 200);
  EXPECT_TRUE(browser.post("/api/v1/me/totp", {{"password", "wrong password"}}).blames("/password", "wrong_password"));
  EXPECT_EQ(browser.post("/api/v1/me/totp/confirm", {{"code", "123456"}}).status, 422) << "nothing was offered";
  auto const offer = browser.post("/api/v1/me/totp", {{"password", kPassword}});
  ASSERT_EQ(offer.status, 200) << offer;
  EXPECT_EQ(offer.body.at("key").as_string().size(), 32u);
  EXPECT_TRUE(browser.post("/api/v1/me/totp/confirm", {{"code", "abcdef"}}).blames("/code", "wrong_code"));
  EXPECT_EQ(world.logins->find("wang").at(0).totp_key, "") << "not before it was proved";
  auto const confirmed = browser.post("/api/v1/me/totp/confirm", {{"code", code_now(world, "wang", -1)}});
  ASSERT_EQ(confirmed.status, 200) << confirmed;
  auto const codes = confirmed.body.at("recovery_codes").as_array();
  ASSERT_EQ(codes.size(), 10u);

  EXPECT_TRUE(sessions::KeySeal::is_sealed(world.logins->find("wang").at(0).totp_key)) << "no key lies open in the database";

  Browser again(world);
  EXPECT_EQ(again.sign_in("wang").code(), "code_required");
  EXPECT_EQ(again.sign_in("wang", "wrong password", {{"code", code_now(world, "wang")}}).code(), "sign_in_failed");
  EXPECT_EQ(again.sign_in("wang", kPassword, {{"code", "abcdef"}}).code(), "code_failed");
  auto const code = code_now(world, "wang", 1);
  auto const in = again.sign_in("wang", kPassword, {{"code", code}});
  ASSERT_EQ(in.status, 200) << in;
  EXPECT_EQ(in.body.at("signed_in").at("how"), "totp");
  EXPECT_EQ(again.sign_in("wang", kPassword, {{"code", code}}).code(), "code_failed") << "a replay";
  std::string const recovery(codes[3].as_string());
  EXPECT_EQ(again.sign_in("wang", kPassword, {{"code", recovery}}).body.at("signed_in").at("how"), "recovery");
  EXPECT_EQ(again.sign_in("wang", kPassword, {{"code", recovery}}).code(), "code_failed");

  EXPECT_TRUE(again.post("/api/v1/me/totp/remove", {{"password", kPassword}, {"code", recovery}}).blames("/code", "wrong_code"));
  EXPECT_EQ(again.post("/api/v1/me/totp/remove", {{"password", kPassword}, {"code", std::string(codes[4].as_string())}}).status, 204);
  EXPECT_EQ(again.sign_in("wang").status, 200);
}

TEST(SignIn, WhereCodesAreRequiredNothingElseOpensBeforeThey) {
  sessions::Rules rules;
  rules.totp_required = true;
  World world({.poll = core::Millis{20}}, std::chrono::seconds{15}, rules);
  world.add_person("wang", Role::shift_leader);
  world.add_person("zhao", Role::disposer);
  Browser browser(world);
  auto const in = browser.sign_in("wang");
  ASSERT_EQ(in.status, 200);
  EXPECT_EQ(json::serialize(in.body.at("must")), R"(["totp"])");
  EXPECT_EQ(browser.get("/api/v1/cases").code(), "finish_sign_in");
  EXPECT_EQ(browser.get("/api/v1/me").status, 200);
  ASSERT_EQ(browser.post("/api/v1/me/totp", {{"password", kPassword}}).status, 200);
  ASSERT_EQ(browser.post("/api/v1/me/totp/confirm", {{"code", code_now(world, "wang")}}).status, 200);
  EXPECT_EQ(browser.get("/api/v1/cases").status, 200);
  EXPECT_EQ(browser.post("/api/v1/me/totp/remove", {{"password", kPassword}, {"code", "abcdefghij"}}).code(), "not_allowed");
  Browser field(world);
  EXPECT_EQ(json::serialize(field.sign_in("zhao").body.at("must")), "[]") << "not for the field";
}

TEST(Account, ANewPasswordEndsTheOtherSessionsAndIsWantedFirst) {
  World world;
  world.add_person("wang", Role::acceptor, true);
  Browser browser(world), other(world);
  EXPECT_EQ(json::serialize(browser.sign_in("wang").body.at("must")), R"(["password"])");
  ASSERT_EQ(other.sign_in("wang").status, 200);
  EXPECT_EQ(browser.get("/api/v1/catalogue").code(), "finish_sign_in");
  struct Row {
    std::string old, fresh, field, code;
  };
  for (auto const& [old, fresh, field, code] : std::vector<Row>{{"wrong password", "a good new one", "/password", "wrong_password"},
                                                                {kPassword, kPassword, "/new_password", "same_password"},
                                                                {kPassword, "short", "/new_password", "too_short"},
                                                                {kPassword, "wangwangwang", "/new_password", "too_plain"},
                                                                {kPassword, std::string(129, 'x'), "/new_password", "too_long"},
                                                                {"", "a good new one", "/password", "required"}})
    EXPECT_TRUE(browser.post("/api/v1/me/password", {{"password", old}, {"new_password", fresh}}).blames(field, code)) << fresh;
  ASSERT_EQ(browser.post("/api/v1/me/password", {{"password", kPassword}, {"new_password", "a good new one"}}).status, 204);
  EXPECT_EQ(browser.get("/api/v1/catalogue").status, 200);
  EXPECT_EQ(other.get("/api/v1/me").status, 401);
  EXPECT_EQ(other.sign_in("wang").status, 401);
  EXPECT_EQ(other.sign_in("wang", "a good new one").status, 200);
}

TEST(Account, SessionsAreListedAndEnded) {
  World world;
  world.add_person("wang", Role::acceptor);
  Browser first(world), second(world), third(world);
  first.sign_in("wang"), second.sign_in("wang"), third.sign_in("wang");
  auto const items = first.get("/api/v1/me/sessions").body.at("items").as_array();
  ASSERT_EQ(items.size(), 3u);
  std::string second_id(second.get("/api/v1/me").body.at("signed_in").at("session_id").as_string());
  EXPECT_EQ(first.remove("/api/v1/me/sessions/" + second_id).status, 204);
  EXPECT_EQ(first.remove("/api/v1/me/sessions/" + second_id).status, 404);
  EXPECT_EQ(second.get("/api/v1/me").status, 401);
  EXPECT_EQ(third.get("/api/v1/me").status, 200);
  EXPECT_EQ(first.remove("/api/v1/me/sessions").body.at("ended"), 1);
  EXPECT_EQ(third.get("/api/v1/me").status, 401);
  EXPECT_EQ(first.get("/api/v1/me").status, 200);
}

TEST(Account, AStreamEndsWithItsSession) {
  World world;
  world.add_person("wang", Role::acceptor);
  Browser browser(world);
  browser.sign_in("wang");
  http::test::Client stream(world.port);
  stream.send("GET /api/v1/stream HTTP/1.1\r\nHost: x\r\nCookie: " + browser.cookie + "\r\n\r\n");
  EXPECT_NE(stream.read_until("\r\n\r\n").find("200 OK"), std::string::npos);
  browser.remove("/api/v1/session");
  while (stream.skip()) {
  }
  SUCCEED() << "the line was ended";
}

TEST(Account, AdministratorsLookAfterAccountsEachInHisPart) {
  World world;
  world.add_person("wang", Role::acceptor);
  world.add_person("chief", Role::sys_admin);
  Browser his(world);
  his.sign_in("wang");
  auto const act = [&](std::string const& who, std::string const& name, std::string const& action) {
    return world.ask("POST", "/api/v1/accounts/" + name + "/actions/" + action, who, "{}");
  };
  auto const list = world.get("/api/v1/accounts?text=wan", "auditor");
  ASSERT_EQ(list.status, 200) << list;
  ASSERT_EQ(list.body.at("items").as_array().size(), 1u);
  EXPECT_EQ(list.text.find("argon2id"), std::string::npos) << "no hash leaves";
  for (auto const& [who, action, status] : std::vector<std::tuple<std::string, std::string, int>>{{"sys_admin", "disable", 403},
                                                                                                  {"sec_admin", "reset_password", 403},
                                                                                                  {"auditor", "disable", 403},
                                                                                                  {"acceptor", "disable", 403},
                                                                                                  {"sec_admin", "fire", 404}})
    EXPECT_EQ(act(who, "wang", action).status, status) << who << ' ' << action;
  EXPECT_EQ(act("sec_admin", "nobody", "disable").status, 404);
  EXPECT_EQ(act("sys_admin", "chief", "reset_password").code(), "not_allowed") << "administrators are made on the machine";
  EXPECT_EQ(act("sec_admin", "wang", "disable").body.at("account").at("disabled"), true);
  EXPECT_EQ(his.get("/api/v1/me").status, 401);
  EXPECT_EQ(act("sec_admin", "wang", "enable").body.at("account").at("disabled"), false);
  auto const reset = act("sys_admin", "wang", "reset_password");
  ASSERT_EQ(reset.status, 200) << reset;
  EXPECT_EQ(json::serialize(his.sign_in("wang", std::string(reset.body.at("password").as_string())).body.at("must")), R"(["password"])");
  EXPECT_EQ(act("sec_admin", "wang", "end_sessions").status, 200);
  EXPECT_EQ(his.get("/api/v1/me").status, 401);
  EXPECT_EQ(world.get("/api/v1/accounts/wang/sessions", "sec_admin").body.at("items").as_array().size(), 2u);
  EXPECT_EQ(world.get("/api/v1/accounts?role=x", "auditor").status, 422);
}

TEST(Account, OneIsMadeWithAPasswordToBeChanged) {
  World world;
  struct Row {
    json::object body;
    std::string field, code;
  };
  for (auto const& [body, field, code] : std::vector<Row>{{{{"role", "acceptor"}}, "/name", "required"},
                                                          {{{"name", "a b"}, {"role", "acceptor"}}, "/name", "bad_format"},
                                                          {{{"name", "zhao"}, {"role", "king"}}, "/role", "unknown_value"},
                                                          {{{"name", "zhao"}, {"role", "system"}}, "/role", "unknown_value"},
                                                          {{{"name", "zhao"}, {"role", "auditor"}}, "/role", "made_on_the_machine"},
                                                          {{{"name", "zhao"}, {"role", "disposer"}}, "/squad", "required"},
                                                          {{{"name", "zhao"}, {"role", "unit_head"}}, "/unit", "required"},
                                                          {{{"name", "zhao"}, {"role", "unit_head"}, {"unit", "nowhere"}}, "/unit", "unknown_value"}}) {
    auto const answer = world.post("/api/v1/accounts", "sys_admin", body);
    EXPECT_TRUE(answer.blames(field, code)) << answer;
  }
  auto const made = world.post("/api/v1/accounts", "sys_admin", {{"name", "zhao"}, {"role", "dispatch_officer"}});
  ASSERT_EQ(made.status, 201) << made;
  Browser browser(world);
  EXPECT_EQ(json::serialize(browser.sign_in("zhao", std::string(made.body.at("password").as_string())).body.at("must")), R"(["password"])");
  EXPECT_EQ(world.post("/api/v1/accounts", "sys_admin", {{"name", "zhao"}, {"role", "acceptor"}}).status, 200) << "a second post, no new password";
  EXPECT_EQ(world.post("/api/v1/accounts", "sys_admin", {{"name", "zhao"}, {"role", "evaluator"}}).code(), "role_clash");
  EXPECT_EQ(world.post("/api/v1/accounts", "sec_admin", {{"name", "x"}, {"role", "acceptor"}}).status, 403);
}

TEST(Personal, IsMaskedInABrowserAndWholeForAReason) {
  World world;
  world.reads.cases[kCaseNo] = case_view();
  world.add_person("wang", Role::acceptor);
  world.add_person("boss", Role::leader);
  Browser browser(world), boss(world);
  browser.sign_in("wang"), boss.sign_in("boss");
  std::string const path = std::string("/api/v1/cases/") + kCaseNo;
  auto const seen = browser.get(path);
  EXPECT_EQ(seen.body.at("reporter").at("name"), "张**");
  EXPECT_EQ(seen.body.at("reporter").at("phone"), "138****1111");
  EXPECT_FALSE(boss.get(path).body.contains("reporter"));
  EXPECT_TRUE(browser.post(path + "/unmask", {}).blames("/reason", "required"));
  EXPECT_EQ(boss.post(path + "/unmask", {{"reason", "x"}}).status, 403);
  EXPECT_EQ(browser.post("/api/v1/cases/3708712026112499999/unmask", {{"reason", "x"}}).status, 404);
  auto const whole = browser.post(path + "/unmask", {{"reason", "回访"}});
  EXPECT_EQ(whole.body.at("reporter").at("phone"), "13800001111") << whole;
  EXPECT_EQ(world.get(path, "acceptor").body.at("reporter").at("phone"), "13800001111") << "a program with a token";
}

TEST(Personal, TheAuditLogIsReadByTheAuditorAlone) {
  World world;
  EXPECT_EQ(world.get("/api/v1/audit", "sys_admin").status, 403);
  auto const answer = world.get("/api/v1/audit?actor=zhang&since=2026-11-01T00:00:00Z&limit=5", "auditor");
  ASSERT_EQ(answer.status, 200) << answer;
  EXPECT_EQ(answer.body.at("next_cursor"), "more");
  EXPECT_EQ(world.audit_pages.asked.actor, "zhang");
  EXPECT_EQ(world.audit_pages.asked.limit, 5);
  for (auto const* bad : {"since=yesterday", "limit=0", "limit=1000"}) EXPECT_EQ(world.get(std::string("/api/v1/audit?") + bad, "auditor").status, 422) << bad;
  EXPECT_EQ(world.get("/api/v1/audit?text=" + std::string(300, 'x'), "auditor").status, 422);
}

}  // namespace
}  // namespace wangge::test
