// The book of sessions: its two time-outs, what it learns of the database, and what it still knows without one.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "gateways/http/ids.hpp"
#include "gateways/sessions/book.hpp"
#include "storage/store.hpp"

namespace wangge::sessions {
namespace {

using http::Authenticator;
using State = Authenticator::State;
using namespace std::chrono_literals;

core::Instant now() { return std::chrono::floor<core::Millis>(std::chrono::system_clock::now()); }

struct Folder {
  Folder() {
    char name[] = "/tmp/wangge-book-XXXXXX";
    path = mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

class BookTest : public testing::Test {
 protected:
  core::Principal person(std::string name, core::Role role) {
    core::Principal who{std::move(name), role, "370871", "", "", "", {}, false};
    logins->put(who, "", false);
    return who;
  }
  storage::SessionRow session(core::Principal who, std::string const& secret, core::Instant opened) {
    storage::SessionRow s;
    s.sha256 = http::sha256_hex(secret), s.session_id = "id-" + secret, s.who = std::move(who), s.how = "password";
    s.opened_at = s.seen_at = opened;
    s.expires_at = opened + times_of(rules, s.who.role).longest;
    return s;
  }
  State find(Book const& book, std::string const& secret, core::Instant at, bool at_it = true) {
    Authenticator::Browser browser;
    return book.find(secret, at, at_it, browser);
  }
  Folder folder;
  Rules rules;
  std::string file = (folder.path / "sessions").string();
  std::unique_ptr<storage::Logins> logins = storage::memory_logins(now);
};

TEST_F(BookTest, ASessionEndsWithoutAnybodyAtItAndAfterItsLongestTime) {
  struct Row {
    core::Role role;
    std::vector<std::pair<core::Millis, bool>> used;  // at, is somebody at it
    core::Millis asked;
    State state;
  };
  std::vector<std::pair<core::Millis, bool>> busy;
  for (auto at = 0min; at < 12h; at += 50min) busy.emplace_back(at, true);
  std::vector<std::pair<core::Millis, bool>> only_looking;
  for (auto at = 0min; at < 2h; at += 10min) only_looking.emplace_back(at, false);
  auto const opened = now();
  for (auto const& [role, used, asked, state] : std::vector<Row>{{core::Role::acceptor, {}, 60min, State::ok},
                                                                 {core::Role::acceptor, {}, 60min + 1ms, State::expired},
                                                                 {core::Role::acceptor, {{50min, true}}, 110min, State::ok},
                                                                 {core::Role::acceptor, {{50min, false}}, 110min, State::expired},
                                                                 {core::Role::acceptor, only_looking, 61min, State::expired},
                                                                 {core::Role::acceptor, busy, 12h - 1ms, State::ok},
                                                                 {core::Role::acceptor, busy, 12h, State::expired},
                                                                 {core::Role::disposer, {}, 23h, State::ok},
                                                                 {core::Role::disposer, {}, 25h, State::expired}}) {
    Book book(*logins, file, rules);
    book.opened(session(person("p-" + std::string(core::id(role)), role), "secret", opened));
    for (auto const& [at, at_it] : used) find(book, "secret", opened + at, at_it);
    EXPECT_EQ(find(book, "secret", opened + asked), state) << core::id(role) << " after " << asked.count();
  }
  Book book(*logins, file, rules);
  EXPECT_EQ(find(book, "nobody's", opened), State::unknown);
}

TEST_F(BookTest, WhoIsSignedInGoesOnWithoutADatabaseAndThroughARestart) {
  auto const who = person("wang", core::Role::patroller);
  {
    Book book(*logins, file, rules);
    auto s = session(who, "secret", now());
    logins->open(s);
    book.opened(s);
    book.start();
    book.stop();
  }
  auto const mode = std::filesystem::status(file).permissions();
  EXPECT_EQ(mode & std::filesystem::perms::all, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  Book book(*logins, file, rules);  // not started: it never asks
  Authenticator::Browser browser;
  EXPECT_EQ(book.find("secret", now(), true, browser), State::ok);
  EXPECT_EQ(browser.who.name, "wang");
  EXPECT_EQ(browser.who.role, core::Role::patroller);
}

TEST_F(BookTest, AFileThatMakesNoSenseIsNoEnd) {
  for (std::string const text : {"", "{", "[]", R"({"sessions":[{}],"ended":[]})", R"({"sessions":[{"sha256":1}],"ended":[]})", "\xff\xfe"}) {
    std::ofstream(file) << text;
    Book book(*logins, file, rules);
    EXPECT_EQ(find(book, "secret", now()), State::unknown) << text;
  }
}

TEST_F(BookTest, WhatAnotherGatewayDidIsSeenAtTheNextLook) {
  Book book(*logins, file, rules);
  auto const who = person("wang", core::Role::acceptor);
  auto s = session(who, "secret", now() - 10s);
  logins->open(s);
  EXPECT_EQ(find(book, "secret", now()), State::unknown);
  book.refresh();
  EXPECT_EQ(find(book, "secret", now()), State::ok);
  logins->set_disabled("370871", "wang", true);
  book.refresh();
  EXPECT_EQ(find(book, "secret", now()), State::unknown);
}

TEST_F(BookTest, ASignOutWithoutADatabaseIsKeptUntilItHearsOfIt) {
  auto const who = person("wang", core::Role::acceptor);
  auto s = session(who, "secret", now() - 10s);
  logins->open(s);
  Book book(*logins, file, rules);
  book.refresh();
  book.end(s, "signed_out");
  EXPECT_EQ(find(book, "secret", now()), State::unknown);
  book.refresh();
  EXPECT_EQ(find(book, "secret", now()), State::unknown);
  EXPECT_EQ(logins->of("370871", "wang").front().ended_why, "signed_out");
}

TEST_F(BookTest, WhatMustBeDoneFirst) {
  struct Row {
    core::Role role;
    bool required, must_change, has_totp;
    std::string how, duties;
  };
  for (auto const& row : std::vector<Row>{{core::Role::acceptor, false, false, false, "password", ""},
                                          {core::Role::acceptor, false, true, false, "password", "password "},
                                          {core::Role::acceptor, true, true, false, "password", "password totp "},
                                          {core::Role::acceptor, true, false, true, "totp", ""},
                                          {core::Role::acceptor, true, false, false, "oidc", ""},
                                          {core::Role::disposer, true, false, false, "password", ""},
                                          {core::Role::sys_admin, true, false, false, "password", "totp "}}) {
    Rules r;
    r.totp_required = row.required;
    storage::SessionRow s;
    s.who.role = row.role, s.must_change = row.must_change, s.has_totp = row.has_totp, s.how = row.how;
    std::string told;
    for (auto const duty : duties(r, s)) told += std::string(duty) + " ";
    EXPECT_EQ(told, row.duties) << core::id(row.role);
  }
}

}  // namespace
}  // namespace wangge::sessions
