// The read model: scope in the SQL, filters, sorts and cursors, tasks and pushes, what a reporter may see.
#include "storage/read_model.hpp"
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

TEST_F(ReadModel, AnEscalatedTaskIsAnAlarmInItsCaseTheListAndTheCountsUntilItIsReceived) {
  Life life(1);
  life.dispatched("S1").save();
  auto const transport = [&](bool escalate) {
    auto b = batch(epoch, {});
    b.transport = {received(life, 1, escalate)};
    store->save(b, at(6));
  };
  auto const leader = principal(Role::shift_leader);
  auto const listed = [&] {
    CaseFilter f;
    f.text = number(1);
    return members(reads->list_cases(leader, f).items, "escalated");
  };
  auto const delivery = [&] { return reads->find_case(leader, number(1))->deliveries.at(life.task_id()); };
  EXPECT_EQ(listed(), Numbers{"false"});
  EXPECT_FALSE(delivery().escalated);
  EXPECT_EQ(members(reads->case_counts(leader), "task_id"), Numbers{});

  transport(true);
  EXPECT_EQ(listed(), Numbers{"true"});
  EXPECT_TRUE(delivery().escalated);
  EXPECT_FALSE(delivery().received);
  auto const counts = reads->case_counts(leader);
  EXPECT_EQ(members(counts, "escalated_count"), Numbers{"1"});
  EXPECT_EQ(members(counts, "task_id"), Numbers{life.task_id()});
  EXPECT_EQ(members(counts, "squad"), Numbers{"S1"});
  auto other = principal(Role::squad_leader);
  other.unit = "U1";
  other.squad = "S2";
  EXPECT_EQ(members(reads->case_counts(other), "task_id"), Numbers{}) << "an alarm keeps to its scope";

  transport(false);
  EXPECT_EQ(listed(), Numbers{"false"});
  EXPECT_TRUE(delivery().received);
  EXPECT_EQ(members(reads->case_counts(leader), "escalated_count"), Numbers{"0"});
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

TEST_F(ReadModel, TasksGoToTheirSquadOrHolder) {
  auto who = principal(Role::disposer);
  who.unit = "U1";
  who.squad = "S1";
  auto const tasks = reads->tasks(who, "", 200).items;
  EXPECT_EQ(members(tasks, "case_no"), Numbers{number(1)});
  EXPECT_EQ(members(tasks, "due_at"), Numbers{"2026-11-02T09:01:00.000+08:00"});
  EXPECT_EQ(members(tasks, "received"), Numbers{"false"});
  auto const waiting = reads->unreceived_of(who);
  ASSERT_EQ(waiting.size(), 1u);
  EXPECT_EQ(waiting[0].task_id, Life(1).dispatched().task_id());
  EXPECT_EQ(waiting[0].epoch, 1);
  EXPECT_EQ(members(waiting[0].json, "case_no"), Numbers{number(1)});
  EXPECT_EQ(members(reads->tasks(principal(Role::shift_leader), "", 200).items, "case_no"), Numbers{});
  auto clerk = principal(Role::unit_clerk);
  clerk.unit = "U1";
  EXPECT_EQ(members(reads->tasks(clerk, "", 200).items, "case_no").size(), 2u);
  EXPECT_TRUE(reads->unreceived_of(clerk).empty()) << "a desk that looks on is not the squad's device";
  // What lies with the unit itself is the desk's, and nobody else's (RULINGS 14).
  Life life(30);
  life.dispatched("S1");
  auto save_one = life.save();
  auto assist = save_one.tasks.front();
  assist.task.task_id += "-U1";
  assist.task.kind = core::TaskKind::assist;
  assist.task.squad.clear();
  save_one.tasks.push_back(assist);
  save({save_one});
  for (auto const role : {Role::unit_clerk, Role::unit_head}) {
    auto desk = principal(role);
    desk.unit = "U1";
    auto const got = reads->unreceived_of(desk);
    ASSERT_EQ(got.size(), 1u);
    EXPECT_EQ(got[0].task_id, assist.task.task_id);
    EXPECT_EQ(got[0].desk, "U1");
    desk.unit = "U2";
    EXPECT_TRUE(reads->unreceived_of(desk).empty());
  }
  std::size_t of_desk = 0;
  for (auto const& push : reads->pending_pushes(100)) {
    of_desk += push.desk == "U1";
    EXPECT_EQ(push.desk.empty(), push.task_id != assist.task.task_id);
  }
  EXPECT_EQ(of_desk, 1u);
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

TEST_F(ReadModel, EscalationsAreToldToTheRoleInItsScopeUntilTakenUp) {
  Life life(1), other(2);
  life.dispatched("S1"), life.save();
  auto b = batch(epoch, {});
  Life fresh(40);
  fresh.dispatched("S1");
  auto armed = fresh.save();
  armed.alarms.push_back({core::AlarmClock::disposal, at(61), at(49)});
  save({armed});
  for (std::int64_t step = 0; step < 2; ++step) {
    storage::TimerFired f{.timer = {number(40), core::AlarmClock::disposal, at(61), step}, .next = at(61 + step), .step_id = step == 0 ? "warn" : "breach",
                          .told = {step == 0 ? Role::squad_leader : Role::unit_head}, .unit = "U1", .row = {}};
    f.row.version = 4;
    f.row.action = "escalated";
    f.row.actor = "system";
    f.row.from = f.row.to = State::pending_dispose;
    f.row.at = at(49);
    f.row.transport = true;
    b.fired = {f};
    store->save(b, at(50 + step));
  }
  auto head = principal(Role::unit_head), squad = principal(Role::squad_leader);
  head.unit = squad.unit = "U1";
  squad.squad = "S1";
  auto const list = [&](core::Principal const& who, bool all) { return members(reads->escalations(who, all, "", 50).items, "step"); };
  EXPECT_EQ(list(head, false), Numbers{"breach"});
  EXPECT_EQ(list(squad, false), Numbers{"warn"});
  head.unit = "U2";
  EXPECT_EQ(list(head, false), Numbers{});
  head.unit = "U1";
  EXPECT_EQ(list(principal(Role::shift_leader), true), Numbers{}) << "it has not climbed to the shift";
  fresh.step("acknowledge", State::pending_dispose, at(55));
  auto taken = fresh.save();
  taken.acknowledged_by = "head";
  save({taken});
  EXPECT_EQ(list(head, false), Numbers{});
  EXPECT_EQ(list(head, true), Numbers{"breach"});
  EXPECT_EQ(members(reads->escalations(head, true, "", 50).items, "acknowledged_by"), Numbers{"head"});
  EXPECT_THROW(reads->escalations(head, true, "nonsense", 50), storage::BadFilter);
}

TEST_F(ReadModel, PushesArePendingUntilReceivedAndNoticesAreNew) {
  auto const now = std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
  auto const ids = [&] {
    std::set<std::string> all;
    for (auto const& push : reads->pending_pushes(100)) all.insert(push.task_id + (push.withdrawn ? " withdrawn" : "") + " " + push.squad + " " + push.district);
    return all;
  };
  Life first(1), second(2);
  first.dispatched("S1").save();
  second.dispatched("S2").save();
  EXPECT_EQ(ids(), (std::set<std::string>{first.task_id() + " S1 370871", second.task_id() + " S2 370871"}));
  auto b = batch(epoch, {});
  b.transport = {received(first, 1)};
  store->save(b, now);
  EXPECT_EQ(ids(), (std::set<std::string>{second.task_id() + " S2 370871"}));
  second.step("recall", State::pending_dispatch, at(3)).end_task(true);
  save({second.save()}, now);
  EXPECT_EQ(ids(), (std::set<std::string>{second.task_id() + " withdrawn S2 370871"}));
  sql("UPDATE outbox SET recorded_at = recorded_at - interval '3 minutes' WHERE notice");
  EXPECT_TRUE(ids().empty());
}

TEST_F(ReadModel, TheNewestPushesComeFirst) {
  save({Life(60).dispatched().save()}, at(60));
  auto const pushes = reads->pending_pushes(1);
  ASSERT_EQ(pushes.size(), 1u);
  EXPECT_EQ(pushes[0].task_id, Life(60).dispatched().task_id());
  EXPECT_EQ(members(pushes[0].json, "task_id"), Numbers{pushes[0].task_id});
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
