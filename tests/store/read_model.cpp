// The read model: scope in the SQL, filters, sorts and cursors, tasks and pushes, what a reporter may see.
#include "storage/read_model.hpp"
#include "storage/rule_model.hpp"
#include "storage/standing_set.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/store/read_fixture.hpp"

namespace wangge::tests {
namespace {

using core::Role;
using core::State;
using storage::CaseFilter;

TEST_F(ReadModel, ListsAreNewestFirstAndQueuesByDeadline) {
  EXPECT_EQ(list({}), (Numbers{number(4), number(5), number(3), number(2), number(1)}));
  CaseFilter open;
  open.open_only = true;
  EXPECT_EQ(list(open), (Numbers{number(1), number(2), number(3), number(4)}));  // without a deadline: last
}

TEST_F(ReadModel, EachFilterLeavesItsCases) {
  auto const with = [&](auto member, std::string value) {
    CaseFilter f;
    f.*member = value;
    f.sort = "case_no";
    return list(f);
  };
  EXPECT_EQ(with(&CaseFilter::state, "pending_dispose"), (Numbers{number(1), number(2)}));
  EXPECT_EQ(with(&CaseFilter::stage, "filing"), (Numbers{number(3), number(4)}));
  EXPECT_EQ(with(&CaseFilter::stage, "evaluation"), (Numbers{number(5)}));
  EXPECT_EQ(with(&CaseFilter::street, "370871002"), (Numbers{number(4)}));
  EXPECT_EQ(with(&CaseFilter::grid, "370871002001001"), (Numbers{number(4)}));
  EXPECT_EQ(with(&CaseFilter::category, "06"), (Numbers{number(4)}));
  EXPECT_EQ(with(&CaseFilter::category, "06012"), (Numbers{number(4)}));
  EXPECT_EQ(with(&CaseFilter::category, "01"), (Numbers{number(1), number(2), number(3), number(5)}));
  EXPECT_EQ(with(&CaseFilter::unit, "U1"), (Numbers{number(1), number(2)}));
  EXPECT_EQ(with(&CaseFilter::squad, "S2"), (Numbers{number(2)}));
  EXPECT_EQ(with(&CaseFilter::source, "public"), (Numbers{number(4)}));
  EXPECT_EQ(with(&CaseFilter::light, "red"), (Numbers{number(1), number(2)}));
  EXPECT_EQ(with(&CaseFilter::light, "green"), Numbers{});
  EXPECT_EQ(with(&CaseFilter::text, "100%"), (Numbers{number(4)}));  // no wildcard
  EXPECT_EQ(with(&CaseFilter::text, "满溢_"), (Numbers{number(4)}));
  EXPECT_EQ(with(&CaseFilter::text, "\\"), (Numbers{number(1), number(2), number(3), number(5)}));
  EXPECT_EQ(with(&CaseFilter::text, "2026110200003"), (Numbers{number(3)}));
  EXPECT_EQ(with(&CaseFilter::month, "2026-11").size(), 5u);
  EXPECT_EQ(with(&CaseFilter::month, "2026-10"), Numbers{});
  EXPECT_EQ(with(&CaseFilter::due_before, "2026-11-02T09:01:00.001+08:00"), (Numbers{number(1), number(2)}));
  EXPECT_EQ(with(&CaseFilter::due_before, "2026-11-02T01:01:00Z"), Numbers{});
  EXPECT_EQ(with(&CaseFilter::bbox, "116.9,35,117.1,36"), (Numbers{number(4)}));
}

TEST_F(ReadModel, EachNumberOfACampaignOpensIntoItsCases) {
  sql("UPDATE cases SET campaign = 'autumn' WHERE case_no <> '" + number(4) + "';"
      "UPDATE cases SET handed_over_at = dispatched_at, late = case_no = '" + number(2) + "' WHERE dispatched_at IS NOT NULL;"
      "INSERT INTO campaign (district, seq, key, zh, en, from_day, to_day) VALUES ('370871', 1, 'autumn', '秋季', 'Autumn', '2026-11-01', '2026-12-01')");
  storage::RuleModel rules(url, 1);
  auto const told = rules.campaigns("370871", "", 10).items;
  CaseFilter f;
  f.campaign = "autumn", f.sort = "case_no";
  EXPECT_EQ(list(f), (Numbers{number(1), number(2), number(3), number(5)}));
  for (auto const field : storage::kCampaignFields) {
    f.campaign_field = field;
    EXPECT_EQ(members(told, f.campaign_field), Numbers{std::to_string(list(f).size())}) << field;
  }
  f.campaign_field = "handed_over_on_time";
  EXPECT_EQ(list(f), Numbers{number(1)});
  f.state = "pending_accept";
  EXPECT_EQ(list(f), Numbers{}) << "with the other filters";
  f = {};
  f.campaign = "nobody's";
  EXPECT_EQ(list(f), Numbers{});
}

TEST_F(ReadModel, ABadFilterNamesItsParameter) {
  auto const fails = [&](auto member, std::string value, std::string field) {
    CaseFilter f;
    f.*member = value;
    try {
      list(f);
      ADD_FAILURE() << value << " was taken";
    } catch (storage::BadFilter const& e) {
      EXPECT_EQ(e.field, field);
    }
  };
  fails(&CaseFilter::state, "lost", "state");
  fails(&CaseFilter::stage, "lost", "stage");
  fails(&CaseFilter::sort, "colour", "sort");
  fails(&CaseFilter::month, "2026-13", "month");
  fails(&CaseFilter::bbox, "1,2,3", "bbox");
  fails(&CaseFilter::bbox, "1,2,3,x", "bbox");
  fails(&CaseFilter::bbox, "1,2,3,4,5", "bbox");
  fails(&CaseFilter::due_before, "yesterday", "due");
  fails(&CaseFilter::cursor, "zz", "cursor");
}

TEST_F(ReadModel, CursorsWalkEveryCaseOnceInEverySort) {
  for (int n = 10; n < 40; n += 10) {
    std::vector<storage::CaseSave> saves;
    for (int k = n; k < n + 10; ++k) saves.push_back(Life(k).dispatched().save());
    save(saves);
  }
  for (std::string const sort : {"due", "-opened_at", "opened_at", "case_no"}) {
    CaseFilter f;
    f.sort = sort;
    f.limit = 7;
    std::set<std::string> seen;
    std::size_t rows = 0;
    do {
      auto const page = reads->list_cases(principal(Role::shift_leader), f);
      for (auto const& number : members(page.items, "case_no")) {
        seen.insert(number);
        ++rows;
      }
      f.cursor = page.next_cursor;
    } while (!f.cursor.empty());
    EXPECT_EQ(rows, 35u) << sort;  // the ended one too: nobody asked for open cases only
    EXPECT_EQ(seen.size(), rows) << sort;
  }
}

TEST_F(ReadModel, ACursorOfAnotherSortIsRefused) {
  CaseFilter f;
  f.limit = 2;
  f.cursor = reads->list_cases(principal(Role::shift_leader), f).next_cursor;
  f.sort = "case_no";
  EXPECT_THROW(list(f), storage::BadFilter);
}

TEST_F(ReadModel, ScopeIsInTheSql) {
  auto who = principal(Role::unit_clerk);
  who.unit = "U1";
  EXPECT_EQ(list(who, {}), (Numbers{number(2), number(1)}));
  who = principal(Role::disposer);
  who.unit = "U1";
  who.squad = "S2";
  EXPECT_EQ(list(who, {}), (Numbers{number(2)}));
  EXPECT_TRUE(reads->find_case(who, number(2)));
  EXPECT_FALSE(reads->find_case(who, number(1)));
  who = principal(Role::patroller);
  who.street = "370871002";
  who.unit = "patrol company";  // employs them, bounds nothing
  EXPECT_EQ(list(who, {}), (Numbers{number(4)}));
  who = principal(Role::shift_leader);
  who.district = "110108";
  EXPECT_EQ(list(who, {}), Numbers{});
  EXPECT_FALSE(reads->find_case(who, number(1)));
  who = principal(Role::reporter, "app-1");
  EXPECT_EQ(list(who, {}), Numbers{});
  EXPECT_TRUE(reads->find_case(who, number(4)));
  EXPECT_FALSE(reads->find_case(who, number(1)));
}

TEST_F(ReadModel, TheHolderOfATaskSeesItsCase) {
  Life life(50);
  auto given = life.dispatched("S1").save();
  given.tasks[0].task.holder = "li";
  given.tasks[0].task.kind = core::TaskKind::check;
  save({given});
  auto who = principal(Role::patroller, "li");
  who.street = "370871002";
  EXPECT_TRUE(reads->find_case(who, number(50)));
  EXPECT_TRUE(reads->may_read_media(who, "sha256-aa"));
  who.name = "wang";
  EXPECT_FALSE(reads->find_case(who, number(50)));
}

TEST_F(ReadModel, ACaseShowsItsReporterOnlyApart) {
  auto const view = reads->find_case(principal(Role::acceptor), number(1));
  ASSERT_TRUE(view);
  EXPECT_EQ(view->reporter_name, "王芳");
  EXPECT_EQ(view->reporter_phone, "13800000000");
  EXPECT_EQ(view->extras, R"({"crs":"wgs84"})");
  EXPECT_EQ(view->open_tasks.size(), 1u);
  EXPECT_EQ(view->row.version, 4);
  EXPECT_EQ(core::light(view->row, at(50)), "yellow");
  EXPECT_EQ(reads->list_cases(principal(Role::acceptor), {}).items.find("王芳"), std::string::npos);
  EXPECT_EQ(reads->history(kDistrict, number(1), "", 200).items.find("138"), std::string::npos);
}

TEST_F(ReadModel, AnItemSaysTimesInTheDistrictsZone) {
  CaseFilter f;
  f.state = "pending_dispose";
  f.limit = 1;
  auto const page = reads->list_cases(principal(Role::shift_leader), f);
  EXPECT_EQ(members(page.items, "due_at"), Numbers{"2026-11-02T09:01:00.000+08:00"});
  EXPECT_EQ(members(page.items, "stage"), Numbers{"disposal"});
  EXPECT_EQ(members(page.items, "code"), Numbers{"01001"});
  EXPECT_EQ(members(page.items, "light"), Numbers{"red"});
  EXPECT_EQ(members(page.items, "holder"), Numbers{"null"});
}

TEST_F(ReadModel, LightInSqlIsTheCores) {
  struct Clock {
    std::optional<std::int64_t> due, warn, left, handed;
    bool late = false;
  };
  auto const now = std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
  auto const in = [&](std::int64_t minutes) { return now + std::chrono::minutes(minutes); };
  std::vector<Clock> const clocks{{},          {60, 30},       {60, -1},          {-1, -30},         {60, 30, 50},
                                  {60, 30, 11}, {60, 30, -1},  {-60, -70, 5, -80}, {-60, -70, -5, -50, true}};
  std::vector<std::optional<std::int64_t>> const upstream{std::nullopt, -1, 60, 60 * 24 * 365};  // late, yellow, green
  for (std::size_t n = 0; n < clocks.size() * upstream.size() * 2; ++n) {
    auto const i = n % clocks.size(), u = n / clocks.size() % upstream.size();
    bool const told = n / clocks.size() / upstream.size() != 0;  // what was done here is told: the other clock stands
    Life life(100 + static_cast<int>(n));
    auto made = life.dispatched().save();
    auto& c = made.after;
    auto const& clock = clocks[i];
    c.due_at = clock.due ? std::optional(in(*clock.due)) : std::nullopt;
    c.warn_at = clock.warn ? std::optional(in(*clock.warn)) : std::nullopt;
    c.left_ms = clock.left ? std::optional(*clock.left * 60'000) : std::nullopt;
    c.handed_over_at = clock.handed ? std::optional(in(*clock.handed)) : std::nullopt;
    c.late = clock.late;
    c.upstream_due_at = upstream[u] ? std::optional(in(*upstream[u])) : std::nullopt;
    if (told && upstream[u]) c.upstream_done_at = in(-5);
    save({made});
    CaseFilter f;
    f.text = c.case_no;
    auto const shown = members(reads->list_cases(principal(Role::shift_leader), f).items, "light");
    auto const wanted = core::light(c, now);
    EXPECT_EQ(shown, Numbers{wanted.empty() ? "null" : std::string(wanted)}) << i << " " << u << " " << told;
  }
}

TEST_F(ReadModel, StagesInSqlAreTheCores) {
  int n = 200;
  for (auto const& state : core::kStates) {
    auto made = Life(n).save();
    made.after.state = state.state;
    if (!state.open) made.after.closed_at = at(1);
    save({made});
    CaseFilter f;
    f.text = number(n++);
    EXPECT_EQ(members(reads->list_cases(principal(Role::shift_leader), f).items, "stage"), Numbers{std::string(core::id(state.stage))}) << state.id;
  }
}

TEST_F(ReadModel, CountsAreOfOpenCasesInScope) {
  auto const all = reads->case_counts(principal(Role::shift_leader));
  EXPECT_EQ(members(all, "open"), Numbers{"4"});
  EXPECT_EQ(members(all, "pending_dispose"), Numbers{"2"});
  EXPECT_EQ(members(all, "red"), Numbers{"2"});
  EXPECT_EQ(members(all, "none"), Numbers{"2"});
  auto who = principal(Role::squad_leader);
  who.unit = "U1";
  who.squad = "S1";
  EXPECT_EQ(members(reads->case_counts(who), "open"), Numbers{"1"});
}

TEST_F(ReadModel, HistoryIsOldestFirstWithItsChanges) {
  auto const history = reads->history(kDistrict, number(1), "", 200).items;
  EXPECT_EQ(members(history, "action"), (Numbers{"report", "accept", "file", "dispatch"}));
  EXPECT_EQ(members(history, "at")[0], "2026-11-02T08:00:00.000+08:00");
  EXPECT_EQ(members(history, "squad"), Numbers{"S1"});
  EXPECT_EQ(reads->history(kDistrict, "3708719999999999999", "", 200).items, "[]");
}

TEST_F(ReadModel, AReportIsFoundByItsId) {
  auto const report = reads->find_report(kDistrict, "report-3");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->case_no, number(3));
  EXPECT_EQ(report->case_state, "pending_accept");
  EXPECT_EQ(report->principal, "patroller-1");
  EXPECT_FALSE(reads->find_report("110108", "report-3"));
  auto const key = reads->find_key(kDistrict, "patroller-1", "key-3");
  ASSERT_TRUE(key);
  EXPECT_EQ(key->report_id, "report-3");
  EXPECT_FALSE(reads->find_key(kDistrict, "somebody", "key-3"));
}

TEST_F(ReadModel, SeasonsNotesAndContractorsComeBackAsTheyWereLoaded) {
  using namespace std::chrono;
  auto const day = [](unsigned month, unsigned d) { return core::LocalDay{sys_days{year{2026} / month / d}}; };
  storage::standing::StandingSet set;
  set.district = "990001";
  set.zh = set.en = "x";
  set.calendars.push_back({"center", {{480, 720}, {840, 1080}}, day(1, 1), day(12, 31), {{day(5, 1), false}, {day(5, 9), true}}, {{day(6, 1), {{420, 660}}}},
                           {{day(5, 1), "劳动节"}}});
  set.units.push_back({"u", "u", "u", "center"});
  set.units.push_back({"firm", "firm", "firm", ""});
  set.squads.push_back({"s", "u", "s", "s", std::nullopt, std::nullopt, "firm"});
  set.policy.blind_percent = 25;
  storage::standing::write(url, set);
  auto const city = reads->city("990001");
  auto const& calendar = city->calendar_of("u");
  EXPECT_EQ(calendar.sessions(day(6, 1)).size(), 1u);
  EXPECT_EQ(calendar.sessions(day(5, 31)).size(), 2u);
  EXPECT_EQ(calendar.note(day(5, 1)), "劳动节");
  EXPECT_EQ(calendar.note(day(5, 9)), "");
  EXPECT_TRUE(calendar.works(day(5, 9)));
  EXPECT_EQ(city->contractor_of("s"), "firm");
  EXPECT_EQ(city->policy.blind_percent, 25);
}

TEST_F(ReadModel, SuspiciousFactsAreReadFromHistory) {
  Life life(50);
  life.dispatched("S1").hand_over(at(10));
  life.step("send_check", State::checking, at(11));
  life.step("check", State::pending_close, at(12), [](core::Case& c) {
    c.checked_lon = 116.7;
    c.checked_lat = 35.4146;
  });
  auto far = life.save();
  for (auto& row : far.rows)
    if (row.action == "check") row.actor = "p1", row.photos = {"sha256-same"};
  std::vector<storage::CaseSave> saves{far};
  for (int n = 51; n < 54; ++n) {
    Life more(n);
    more.dispatched("S1").hand_over(at(10));
    more.step("send_check", State::checking, at(11)).step("check", State::pending_close, at(40));
    auto save_one = more.save();
    for (auto& row : save_one.rows)
      if (row.action == "check") row.actor = "p1", row.photos = {"sha256-same"};
    saves.push_back(save_one);
  }
  save(saves, at(41));
  auto const list = reads->suspicions("370871", at(-1000), at(10'000));
  ASSERT_EQ(list.size(), 1u);
  EXPECT_EQ(list[0].pattern, core::Pattern::same_photo);
  EXPECT_EQ(list[0].checker, "p1");
  EXPECT_EQ(list[0].squad, "S1");
  EXPECT_EQ(list[0].cases.size(), 4u);
  EXPECT_TRUE(reads->suspicions("370871", at(10'000), at(20'000)).empty());
}

TEST_F(ReadModel, MediaAreReadByWhoSeesACaseThatNamesThem) {
  auto who = principal(Role::disposer);
  who.unit = "U2";
  who.squad = "P1";
  EXPECT_FALSE(reads->may_read_media(who, "sha256-aa"));
  EXPECT_TRUE(reads->may_read_media(principal(Role::shift_leader), "sha256-aa"));
  EXPECT_FALSE(reads->may_read_media(principal(Role::shift_leader), "sha256-zz"));
  EXPECT_EQ(reads->media_named({"sha256-aa", "sha256-zz"}), Numbers{"sha256-aa"});
}

TEST_F(ReadModel, AdministratorsSeeNoEvidence) {
  for (auto const role : {Role::sys_admin, Role::sec_admin, Role::catalogue_admin}) {
    EXPECT_FALSE(reads->may_read_media(principal(role), "sha256-aa")) << core::id(role);
  }
  EXPECT_TRUE(reads->may_read_media(principal(Role::auditor), "sha256-aa"));
  EXPECT_FALSE(reads->may_read_media(principal(Role::reporter, "app-2"), "sha256-aa"));
}

TEST_F(ReadModel, MasterDataIsListed) {
  EXPECT_EQ(members(reads->units(kDistrict, "", 200).items, "key"), (Numbers{"U1", "U2"}));
  EXPECT_EQ(members(reads->squads(kDistrict, "", 200).items, "unit"), (Numbers{"U2", "U1", "U1"}));
  EXPECT_EQ(members(reads->catalogue(kDistrict, "", 200).items, "minutes"), Numbers{"120"});
  EXPECT_EQ(reads->grids(kDistrict, "", 10).items, "[]");
  EXPECT_EQ(reads->grids(kDistrict, "", 10).next_cursor, "");
  EXPECT_EQ(reads->components(kDistrict, "", 10).items, "[]");
  EXPECT_FALSE(reads->calendar(kDistrict).works(std::chrono::year{2026} / 10 / 1));
}

TEST_F(ReadModel, ADeadConnectionIsReplacedWithoutAWord) {
  reads->units(kDistrict, "", 10);
  sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'wangge reader' AND datname = current_database()");
  EXPECT_NO_THROW(reads->units(kDistrict, "", 10));
  server.stop();
  EXPECT_THROW(reads->units(kDistrict, "", 10), storage::Broken);
  server.start();
  EXPECT_NO_THROW(reads->units(kDistrict, "", 10));
}

}  // namespace
}  // namespace wangge::tests
