// Pages, deadlines of cases and of the reader's patience: every list is walked whole, no server holds a reader up.
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "tests/store/read_fixture.hpp"

namespace wangge::tests {
namespace {

using core::Role;
using core::State;
using storage::CaseFilter;

class ReadPages : public ReadModel {};

TEST_F(ReadPages, TheDeadlineSortsOpenAndEndedCasesAlikeAndThoseWithoutOneLast) {
  Life life(6);
  auto closed = life.dispatched("S1").save();
  closed.after.state = State::closed;
  closed.after.closed_at = at(50);
  closed.after.due_at = at(30);
  closed.after.description = "100% 满溢";
  save({closed});
  CaseFilter f;
  f.sort = "due";
  EXPECT_EQ(list(f), (Numbers{number(6), number(1), number(2), number(3), number(4), number(5)}));
  f.month = "2026-11";
  EXPECT_EQ(list(f).size(), 6u) << "a month's cases do not vanish with their closing";
  f.text = "满溢";
  EXPECT_EQ(list(f), (Numbers{number(6), number(4)}));
  f.open_only = true;
  EXPECT_EQ(list(f), Numbers{number(4)});
  f = {};
  f.sort = "due";
  f.state = "closed";
  EXPECT_EQ(list(f), Numbers{number(6)});
  f.state = "not_accepted";
  EXPECT_EQ(list(f), Numbers{number(5)});
  f = {};
  f.text = number(6).substr(6);
  EXPECT_EQ(list(f), Numbers{number(6)}) << "a number finds its case, ended or not";
  f = {};
  f.due_before = "2026-11-02T08:45:00+08:00";
  EXPECT_EQ(list(f), Numbers{number(6)}) << "due before is asked of every case";
  f.open_only = true;
  EXPECT_EQ(list(f), Numbers{});
}

TEST_F(ReadPages, DueTakesADayToItsEnd) {
  CaseFilter f;
  f.due_before = "2026-11-02";
  EXPECT_EQ(list(f), (Numbers{number(1), number(2)})) << "due on that day, in the district's own zone";
  f.due_before = "2026-11-01";
  EXPECT_EQ(list(f), Numbers{});
  f.due_before = "2026-11-31";
  EXPECT_THROW(list(f), storage::BadFilter);
}

// The queue's page must not walk all cases there ever were: open cases are read in order from their own index.
TEST_F(ReadPages, TheOpenQueueIsReadFromItsIndex) {
  std::vector<storage::CaseSave> saves;
  for (int k = 100; k < 300; ++k) saves.push_back(Life(k).dispatched().save());
  for (int k = 300; k < 1500; ++k) saves.push_back(ended(k));
  save(saves);
  sql("ANALYZE cases");
  sql("SELECT pg_stat_reset()");
  CaseFilter f;
  f.open_only = true;
  f.limit = 10;
  EXPECT_EQ(list(f).size(), 10u);
  auto const scans = [&](std::string const& index) {
    // Statistics travel to the collector a moment later.
    for (int i = 0; i < 200; ++i) {
      sql("SELECT pg_stat_clear_snapshot()");
      auto const n = std::stoll(sql("SELECT coalesce(sum(idx_scan), 0) FROM pg_stat_user_indexes WHERE indexrelname = '" + index + "'")[0][0]);
      if (n > 0) return n;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return 0LL;
  };
  reads.reset();  // its backend says what it did as it ends
  EXPECT_GT(scans("open_due"), 0);
}

TEST_F(ReadPages, ACursorThatNoDatabaseCanHoldIsRefusedAsSuch) {
  auto const refused = [](std::string const& list, std::string const& cursor, auto const& read) {
    try {
      read(cursor);
      ADD_FAILURE() << list << " took " << cursor;
    } catch (storage::BadFilter const& e) {
      EXPECT_EQ(e.field, "cursor") << list;
    }
  };
  auto const hex = [](std::string const& text) {
    std::string out;
    for (unsigned char const c : text) {
      char two[3];
      std::snprintf(two, sizeof two, "%02x", c);
      out += two;
    }
    return out;
  };
  using Read = std::function<void(std::string const&)>;
  std::map<std::string, std::pair<int, Read>> const lists{
      {"grids", {1, [&](auto const& c) { reads->grids(kDistrict, c, 10); }}},
      {"components", {1, [&](auto const& c) { reads->components(kDistrict, c, 10); }}},
      {"units", {1, [&](auto const& c) { reads->units(kDistrict, c, 10); }}},
      {"squads", {1, [&](auto const& c) { reads->squads(kDistrict, c, 10); }}},
      {"catalogue", {3, [&](auto const& c) { reads->catalogue(kDistrict, c, 10); }}},
      {"tasks", {2, [&](auto const& c) { reads->tasks(principal(Role::disposer), c, 10); }}},
      {"history", {5, [&](auto const& c) { reads->history(kDistrict, number(1), c, 10); }}},
      {"-opened_at", {2, [&](auto const& c) {
         CaseFilter f;
         f.cursor = c;
         list(f);
       }}}};
  for (auto const& [name, shape] : lists) {
    auto const& [parts, read] = shape;
    for (auto const* bad : {"ff0a", "000a", "670a", "zz", "6772696473", "0a"}) refused(name, bad, read);
    for (auto const& poison : {std::string("\xff"), std::string("\0", 1)}) {
      std::string cursor = name + '\n';
      for (int i = 0; i < parts; ++i) cursor += poison + '\n';
      refused(name, hex(cursor), read);
    }
    refused(name, hex("somewhere else\nx\n"), read);
  }
}

TEST_F(ReadPages, EveryListIsWalkedInPagesWithoutLossOrRepeat) {
  std::vector<storage::CaseSave> saves;
  for (int k = 10; k < 40; ++k) saves.push_back(Life(k).dispatched("S1").save());
  save(saves);
  for (int k = 0; k < 12; ++k) {
    auto const n = std::to_string(k);
    sql("INSERT INTO unit (district, key, zh, en) VALUES ('370871', 'X" + n + "', 'z', 'e')");
    sql("INSERT INTO squad (district, key, unit, zh, en) VALUES ('370871', 'X" + n + "', 'U1', 'z', 'e')");
    sql("INSERT INTO category (district, standard, kind, code, class_code, zh, en, class_zh, class_en) VALUES ('370871', '" +
        std::string(k % 2 ? "local" : "gbt30428.2-2013") + "', '" + std::string(k % 3 ? "matter" : "component") + "', '010" + std::to_string(10 + k) + "', '01', 'z', 'e', 'z', 'e')");
  }
  auto who = principal(Role::squad_leader);
  who.unit = "U1";
  who.squad = "S1";
  auto const walk = [](auto const& read, std::string const& member) {
    std::vector<std::string> seen;
    std::string cursor;
    int pages = 0;
    do {
      auto const page = read(cursor);
      auto const here = members(page.items, member);
      EXPECT_LE(here.size(), 3u);
      seen.insert(seen.end(), here.begin(), here.end());
      cursor = page.next_cursor;
    } while (!cursor.empty() && ++pages < 100);
    return seen;
  };
  auto const whole = [](std::vector<std::string> const& seen, std::size_t count) {
    EXPECT_EQ(seen.size(), count);
    EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), count) << "none twice";
  };
  whole(walk([&](auto const& c) { return reads->units(kDistrict, c, 3); }, "key"), 14);
  whole(walk([&](auto const& c) { return reads->squads(kDistrict, c, 3); }, "key"), 15);
  EXPECT_EQ(walk([&](auto const& c) { return reads->catalogue(kDistrict, c, 3); }, "standard").size(), 13u);
  whole(walk([&](auto const& c) { return reads->tasks(who, c, 3); }, "task_id"), 31);
  EXPECT_EQ(walk([&](auto const& c) { return reads->history(kDistrict, number(1), c, 3); }, "action"),
            (Numbers{"report", "accept", "file", "dispatch"}));
  for (int const limit : {0, 201}) EXPECT_THROW(reads->units(kDistrict, "", limit), storage::BadFilter);
}

TEST_F(ReadPages, ACaseIsShownAsAnyOfItsVersionsLeftIt) {
  auto const now = reads->find_case(principal(Role::shift_leader), number(1))->row;
  auto const latest = reads->case_at(kDistrict, number(1), now.version);
  ASSERT_TRUE(latest);
  EXPECT_TRUE(core::diff(*latest, now).empty());
  auto const filed = reads->case_at(kDistrict, number(1), 3);
  ASSERT_TRUE(filed);
  EXPECT_EQ(filed->version, 3);
  EXPECT_EQ(filed->state, State::pending_dispatch);
  EXPECT_EQ(filed->unit, "");
  EXPECT_FALSE(reads->case_at(kDistrict, number(1), now.version + 1));
  EXPECT_FALSE(reads->case_at(kDistrict, "3708719999999999999", 1));
}

TEST_F(ReadPages, WhoSeesACaseIsToldForManyAtOnce) {
  auto given = Life(50).dispatched("S1").save();
  given.tasks[0].task.holder = "li, the second";
  save({given});
  auto const scopes = reads->scopes_of(kDistrict, {number(50), number(4), "3708719999999999999"});
  ASSERT_EQ(scopes.size(), 2u);
  for (auto const& scope : scopes) {
    bool const held = scope.row.case_no == number(50);
    EXPECT_EQ(scope.holders, held ? Numbers{"li, the second"} : Numbers{});
    auto who = principal(Role::unit_clerk);
    who.unit = "U1";
    EXPECT_EQ(core::in_scope(who, scope.row), held);
    who = principal(Role::patroller);
    who.street = "370871002";
    EXPECT_EQ(core::in_scope(who, scope.row), !held);
  }
}

// The server stands still, its connections stay: every read ends as Broken, those that find no free connection too, and
// nothing is left behind when it goes on.
TEST_F(ReadPages, AServerThatStandsStillHoldsNobodyUp) {
  using Millis = std::chrono::milliseconds;
  storage::ReadModel impatient(url, 2, {.lease = Millis{100}, .read = Millis{300}, .heavy = Millis{300}, .pause = Millis{1}});
  EXPECT_NO_THROW(impatient.units(kDistrict, "", 10));
  std::optional<TemporaryPostgres::Frozen> frozen(server);
  std::vector<std::thread> threads;
  std::atomic<int> broken{0};
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&, i] {
      try {
        if (i % 2 == 0) impatient.units(kDistrict, "", 10);
        else impatient.closure({.who = principal(Role::leader), .from = at(0), .to = at(1), .as_of = at(1), .previous_as_of = at(0)});
      } catch (storage::Broken const&) {
        ++broken;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(broken, 6);
  EXPECT_THROW(impatient.units(kDistrict, "", 10), storage::Broken) << "nor does a new connection wait for ever";
  frozen.reset();
  std::this_thread::sleep_for(Millis{2});  // its pause
  EXPECT_NO_THROW(impatient.units(kDistrict, "", 10));
}

// Once somebody has waited in vain the others do not: a crowd of readers must not hold every worker in turn.
TEST_F(ReadPages, WhileTheDatabaseIsSilentOnlyOneAtATimeFindsOut) {
  using Millis = std::chrono::milliseconds;
  storage::ReadModel impatient(url, 1, {.lease = Millis{100}, .read = Millis{300}, .heavy = Millis{300}, .pause = std::chrono::hours{1}});
  EXPECT_NO_THROW(impatient.units(kDistrict, "", 10));
  std::optional<TemporaryPostgres::Frozen> frozen(server);
  EXPECT_THROW(impatient.units(kDistrict, "", 10), storage::Broken);
  frozen.reset();
  try {
    impatient.units(kDistrict, "", 10);
    ADD_FAILURE() << "asked within the pause";
  } catch (storage::Broken const& e) {
    EXPECT_NE(std::string(e.what()).find("a moment ago"), std::string::npos) << e.what();
  }
}

}  // namespace
}  // namespace wangge::tests
