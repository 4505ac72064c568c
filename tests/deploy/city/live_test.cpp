// A planned day and a foreign file through real doors, dispatcher and database, all in this program: what the month's
// table shows is what the plan knew; playing again plays nothing again.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <thread>

#include "../folder.hpp"
#include "deploy/demo/days.hpp"
#include "deploy/demo/demo.hpp"
#include "deploy/http_client.hpp"
#include "deploy/lives/life.hpp"
#include "deploy/replay.hpp"
#include "dispatcher/engine/runtime.hpp"
#include "gateways/gateway.hpp"
#include "storage/rule_model.hpp"
#include "tests/support/temporary_postgres.hpp"

namespace wangge::deploy {
namespace {

using namespace std::chrono_literals;
using tests::Folder;
using tests::TemporaryPostgres;

constexpr int kReports = 80;

// A whole running city in a folder of its own.
struct Running {
  Running() {
    load_demo(database, folder.path.string());
    // The thread that keeps reads to their limits begins with the first read: before this city, so that it ends after it.
    storage::ReadModel(database, 1).calendar("370871");
    engine::DispatcherOptions d;
    d.database_url = database;
    d.bus_endpoint = "ipc://" + (folder.path / "bus").string();
    d.hint_endpoint = "ipc://" + (folder.path / "hints").string();
    dispatcher = std::make_unique<engine::Dispatcher>(d);
    dispatcher->start();
    gateway::GatewayOptions g;
    g.port = 0;
    g.spool_dir = (folder.path / "spool").string();
    g.media_dir = (folder.path / "media").string();
    g.dispatchers = {d.bus_endpoint};
    g.hints = {d.hint_endpoint};
    g.database_url = database;
    gateway = std::make_unique<gateway::Gateway>(g);
    gateway->start();
    url = "http://127.0.0.1:" + std::to_string(gateway->port());
    tokens = (folder.path / "demo-backdate.json").string();
  }
  ~Running() {
    gateway->stop();
    dispatcher->stop();
  }
  static Running& get() {
    static Running running;
    return running;
  }
  std::vector<std::vector<std::string>> sql(std::string const& text) {
    return TemporaryPostgres::shared().sql(database, text);
  }

  Folder folder;
  std::string database = TemporaryPostgres::shared().fresh_database();
  std::unique_ptr<engine::Dispatcher> dispatcher;
  std::unique_ptr<gateway::Gateway> gateway;
  std::string url, tokens;
};

PlayOptions day() {
  PlayOptions o;
  o.base_url = Running::get().url;
  o.tokens = Running::get().tokens;
  o.date = "2026-10-20";
  o.count = kReports;
  o.in_flight = 8;
  return o;
}

std::string all(std::map<std::string, std::int64_t> const& refusals) {
  std::string text;
  for (auto const& [what, n] : refusals) text += what + " x " + std::to_string(n) + "\n";
  return text;
}

ExpectedCounts counts_of(boost::json::object const& row) {
  auto n = [&](char const* name) { return row.at(name).to_number<std::int64_t>(); };
  ExpectedCounts c;
  c.filed = n("filed");
  c.dispatched = n("dispatched");
  c.due = n("due");
  c.closed = n("closed");
  c.closed_on_time = n("closed_on_time");
  c.awaiting_check = n("awaiting_check");
  return c;
}

TEST(Live, APlayedDayShowsInTheTableWhatThePlanKnew) {
  auto const played = play_day(day());
  ASSERT_TRUE(played.ok()) << all(played.refusals);
  EXPECT_EQ(played.created, kReports);
  EXPECT_EQ(Running::get().sql("SELECT count(*) FROM cases")[0][0], std::to_string(kReports));

  auto const plan = plan_day(demo_set(), "2026-10-20", 1, kReports);
  auto const cast = Cast::read(Running::get().tokens);
  std::atomic<std::int64_t> retried{0};
  Talk talk(Running::get().url, 30s, retried);
  auto const told = talk.get("/api/v1/statistics/closure?month=2026-10&by=unit", cast.need("shift_leader").token);
  ASSERT_EQ(told.status, 200) << told.text;
  auto const month_end = core::Instant(std::chrono::sys_days(std::chrono::year(2026) / 11 / 1)) - 8h;
  auto expected = expect(plan, month_end);
  expected.total.reworked = 0;  // the table gives a rate of it
  EXPECT_EQ(counts_of(told.body.at("total").as_object()), expected.total);
  EXPECT_FALSE(told.body.at("total").at("rework_rate").is_null());
  std::size_t units = 0;
  for (auto const& row : told.body.at("rows").as_array()) {
    auto counts = expected.by_unit[std::string(row.at("key").as_string())];
    counts.reworked = 0;
    EXPECT_EQ(counts_of(row.as_object()), counts) << row.at("key");
    ++units;
  }
  EXPECT_EQ(units, expected.by_unit.size());
}

TEST(Live, PlayingTheSameDayAgainPlaysNothingAgain) {
  ASSERT_TRUE(play_day(day()).ok());
  auto const rows = Running::get().sql("SELECT count(*) FROM history")[0][0];
  auto const again = play_day(day());
  EXPECT_TRUE(again.skipped);
  // Without its marker it asks case by case, and still does nothing twice.
  for (auto const& entry : std::filesystem::directory_iterator(Running::get().folder.path)) {
    if (entry.path().filename().string().starts_with("demo-played-")) std::filesystem::remove(entry.path());
  }
  auto const asked = play_day(day());
  EXPECT_TRUE(asked.ok()) << all(asked.refusals);
  EXPECT_FALSE(asked.skipped);
  EXPECT_EQ(asked.created, 0);
  EXPECT_EQ(asked.already, kReports);
  EXPECT_EQ(asked.commands, 0);
  EXPECT_EQ(Running::get().sql("SELECT count(*) FROM history")[0][0], rows);
}

TEST(Live, OnlyADayThatIsOverCanBePlayed) {
  auto tomorrow = day();
  tomorrow.date = "2099-01-01";
  EXPECT_THROW(play_day(tomorrow), std::runtime_error);
}

// opened, closed, place: whole, open, nowhere, closed before opened, outside every cell, unreadable, unknown category.
constexpr char const* kFile =
    "id,kind,opened,closed,lon,lat,channel\n"
    "1,a,2020-03-02 08:00,2020-03-03 09:00,116.70,35.40,desk\n"
    "2,a,2020-03-02 08:00,,116.71,35.41,desk\n"
    "3,a,2020-03-02 08:00,2020-03-03 09:00,0.0,0.0,desk\n"
    "4,a,2020-03-02 08:00,2020-03-01 09:00,116.72,35.42,phone\n"
    "5,a,2020-03-02 08:00,2020-03-03 09:00,100.0,30.0,desk\n"
    "6,a,sometime,2020-03-03 09:00,116.70,35.40,desk\n"
    "7,b,2020-03-02 08:00,2020-03-03 09:00,116.73,35.43,desk\n";
constexpr char const* kMap =
    "key_prefix = \"f-\"\ndescription = \"{kind} {channel}\"\n"
    "[columns]\nkey = \"id\"\nopened = \"opened\"\nclosed = \"closed\"\nlon = \"lon\"\nlat = \"lat\"\n"
    "[time]\nutc_offset_minutes = 480\n"
    "[source]\ncolumn = \"channel\"\ndefault = \"department\"\nvalues = { phone = \"hotline_12345\" }\n"
    "[[category]]\nequals = { kind = \"b\" }\ncode = \"99999\"\n[default_category]\ncode = \"06010\"\n";

TEST(Live, AForeignFileIsReplayedWholeAndOnce) {
  auto& city = Running::get();
  ReplayOptions o;
  o.file = city.folder.write("file.csv", kFile).string();
  o.map = city.folder.write("map.toml", kMap).string();
  o.url = city.url;
  o.tokens = city.tokens;
  o.answers = (city.folder.path / "answers.tsv").string();
  o.lives = true;
  o.rate = 0;
  auto const s = replay(o);
  EXPECT_EQ(s.rows, 7);
  EXPECT_EQ(s.sent, 6);
  EXPECT_EQ(s.created_201 + s.queued_202, 5);
  EXPECT_EQ(s.skipped, 1);
  EXPECT_EQ(s.refused, (std::map<std::string, std::int64_t>{{"422 unknown_category", 1}}));
  EXPECT_EQ(s.closed, 2);
  EXPECT_EQ(s.left_open, 1);
  EXPECT_EQ(s.manual_queue, 2);
  EXPECT_EQ(s.clamped, 1);
  EXPECT_EQ(s.unanswered, 0);
  EXPECT_TRUE(s.command_refused.empty()) << all(s.command_refused);
  auto const states = city.sql(
      "SELECT k.key, c.state, c.closed_at AT TIME ZONE 'Asia/Shanghai' FROM report_key k JOIN cases c USING (district, "
      "case_no) "
      "WHERE k.key LIKE 'f-%' ORDER BY 1");
  std::vector<std::vector<std::string>> const meant{{"f-1", "closed", "2020-03-03 09:00:00"},
                                                    {"f-2", "pending_dispose", ""},
                                                    {"f-3", "pending_accept", ""},
                                                    {"f-4", "closed", "2020-03-02 08:00:00"},
                                                    {"f-5", "pending_accept", ""}};
  EXPECT_EQ(states, meant);
  std::ifstream answers(o.answers);
  std::string line;
  int lines = 0;
  while (std::getline(answers, line)) ++lines;
  EXPECT_EQ(lines, 8) << "a header and one line a row";

  auto const rows = city.sql("SELECT count(*) FROM history")[0][0];
  auto const again = replay(o);
  EXPECT_EQ(again.created_201 + again.queued_202, 5);
  EXPECT_EQ(again.commands, 0);
  EXPECT_EQ(again.closed, 2);
  EXPECT_EQ(city.sql("SELECT count(*) FROM history")[0][0], rows);
}

TEST(Live, ReplaySaysWhatItCannotDoWithout) {
  ReplayOptions o;
  o.file = "/nowhere.csv";
  o.map = "/nowhere.toml";
  EXPECT_THROW(replay(o), std::runtime_error);
  o.file = Running::get().folder.write("file.csv", kFile).string();
  o.map = Running::get().folder.write("map.toml", kMap).string();
  o.lives = true;
  EXPECT_THROW(replay(o), std::runtime_error) << "lives need tokens";
}

// What is read of the rules, over cases that really went their way: a dry run, the desk's queue, accuracy from returns.
TEST(Live, ADryRunOverAPlayedDayFindsWhatTheChangeMoves) {
  auto& running = Running::get();
  play_day(day());
  storage::RuleModel model(running.database);
  auto const district = std::string("370871");
  auto const from = core::Instant(std::chrono::sys_days{std::chrono::year{2026} / 10 / 1}), to = from + core::Days{31};
  auto const past = model.past_cases(district, from, to, 100'000);
  auto const filed = running.sql("SELECT count(*) FROM cases WHERE filed_at IS NOT NULL AND opened_at >= '2026-10-01Z' AND opened_at < '2026-11-01Z'")[0][0];
  EXPECT_EQ(std::to_string(past.cases.size()), filed);
  ASSERT_GT(past.cases.size(), 1u);
  EXPECT_TRUE(model.past_cases(district, from, to, 1).more);

  auto const before = model.city(district);
  EXPECT_EQ(model.city(district), before) << "not read again";
  EXPECT_EQ(before->catalogue_version, 1);
  EXPECT_EQ(running.sql("SELECT DISTINCT catalogue_version FROM cases WHERE filed_at IS NOT NULL")[0][0], "1");
  auto after = *before;
  core::RouteRule all;
  all.id = "all", all.level = core::RouteLevel::ordered, all.unit = "municipal", all.squad = "municipal-2";
  after.routes.push_back(all);
  after.finish();
  auto const trial = core::try_rules(*before, after, past.cases);
  EXPECT_EQ(trial.asked, trial.cases);
  std::int64_t there = 0;
  for (auto const& p : past.cases) {
    auto const was = core::route(*before, p.c, {p.at, p.component, nullptr});
    there += was && was->squad == "municipal-2";
  }
  EXPECT_EQ(trial.moved, trial.cases - there);

  std::int64_t dispatched = 0;
  for (auto const* by : {"officer", "unit", "rule"}) {
    std::int64_t sum = 0, returned = 0;
    for (auto const& row : model.accuracy(district, from, from + core::Days{3650}, by)) sum += row.dispatched, returned += row.returned;
    if (dispatched == 0) dispatched = sum;
    EXPECT_EQ(sum, dispatched) << by;
    EXPECT_EQ(std::to_string(sum), running.sql("SELECT count(*) FROM history WHERE action = 'dispatch' AND at >= '2026-10-01Z'")[0][0]);
    EXPECT_EQ(std::to_string(returned), running.sql("SELECT count(*) FROM history WHERE action = 'approve_return' AND at >= '2026-10-01Z'")[0][0]);
  }
  core::Principal who;
  who.district = district;
  who.role = core::Role::coordinator;
  EXPECT_EQ(model.desk(who, "", 200).items, "[]") << "the demo's routes answer everything";
  EXPECT_NE(model.versions(district, "", 200).items.find("\"part\" : \"catalogue\""), std::string::npos) << model.versions(district, "", 200).items;
  EXPECT_NE(model.closing_conditions(district, "", 200).items.find("恢复"), std::string::npos);
  for (auto const& page : {model.areas(district, "", 200), model.responsibilities(district, "", 200), model.campaigns(district, "", 200), model.plans(district, "", 200)})
    EXPECT_EQ(page.items, "[]");
  EXPECT_EQ(model.streets(district).size(), 5u);
}

// Nobody answers for a case: it stands in the coordination desk's queue; the desk's decision binds, and as a rule it sends
// the next case of the kind there by itself. Last here: it takes the demo's rules away.
TEST(Live, TheDesksDecisionSendsTheNextCaseByItself) {
  auto& running = Running::get();
  std::ostringstream out, err;
  auto rules = std::string("id,level,maintainer,standard,kind,code,condition,class_code,grid,street,unit,squad\n"
                           "only,condition_in_street,,gbt47678.5-2026,matter,06010,,,,370871001,sanitation,sanitation-1\n");
  running.folder.write("only.csv", rules);
  PartOptions part;
  part.part = "rules", part.files = {(running.folder.path / "only.csv").string()};
  ASSERT_EQ(load_part(running.database, part, out, err), 0) << out.str() << err.str();

  HttpClient client(running.url);
  auto const token = [&](std::string const& role) {
    std::ifstream in(running.folder.path / "demo-accounts.json");
    auto const all = boost::json::parse(std::string(std::istreambuf_iterator<char>(in), {}));
    for (auto const& one : all.as_array()) {
      if (one.at("role").as_string() == boost::json::string_view(role)) return std::string(one.at("token").as_string());
    }
    return std::string();
  };
  auto const ask = [&](std::string const& method, std::string const& path, std::string const& role, std::string const& body = "",
                       std::string const& key = "") {
    HttpClient::Headers headers{{"Authorization", "Bearer " + token(role)}, {"Content-Type", "application/json"}};
    if (!key.empty()) headers.emplace_back("Idempotency-Key", key);
    auto const answer = client.request(method, "/api/v1" + path, headers, body);
    EXPECT_LT(answer.status, 300) << path << ' ' << answer.body;
    return boost::json::parse(answer.body);
  };
  for (int i = 0; i < 100; ++i) {  // until the doors know the tokens
    if (client.request("GET", "/api/v1/me", {{"Authorization", "Bearer " + token("coordinator")}}).status == 200) break;
    std::this_thread::sleep_for(100ms);
  }
  auto const place = running.sql("SELECT ST_X(p), ST_Y(p) FROM (SELECT ST_PointOnSurface(shape) p FROM cell WHERE street = '370871002' LIMIT 1) x")[0];
  int reports = 0;
  auto const report = [&] {
    auto const now = running.sql("SELECT rfc3339(now(), 480)")[0][0];
    return ask("POST", "/reports", "patroller",
               R"({"source":"patrol","category":{"standard":"gbt47678.5-2026","kind":"matter","code":"06020"},"description":"无主","lon":)" + place[0] +
                   ",\"lat\":" + place[1] + ",\"reported_at\":\"" + now + "\"}",
               "desk-" + std::to_string(++reports));
  };
  boost::json::value first;
  for (int i = 0; i < 100; ++i) {  // until the dispatcher has read the new rules
    first = report();
    if (first.at("case_state") == "pending_dispatch") break;
    std::this_thread::sleep_for(100ms);
  }
  ASSERT_EQ(first.at("case_state"), "pending_dispatch");
  std::string const number(first.at("case_no").as_string());
  auto const queue = boost::json::serialize(ask("GET", "/coordination?limit=200", "coordinator"));
  EXPECT_NE(queue.find(number), std::string::npos) << queue;
  EXPECT_NE(queue.find("unowned"), std::string::npos);
  auto const explained = ask("GET", "/cases/" + number + "/explain", "coordinator");
  EXPECT_EQ(explained.at("routing").as_array().back().at("text"), "没有适用的规则");

  auto const shown = ask("GET", "/cases/" + number, "coordinator");
  ask("POST", "/cases/" + number + "/actions/dispatch", "coordinator",
      R"({"command_id":"5f0cbb1c-7a0e-4c63-9d0e-3d0f6f6a7731","version":)" + std::to_string(shown.at("version").as_int64()) +
          R"(,"unit":"appearance","squad":"appearance-1","as_rule":"street","opinion":"第 3 次协调会"})");
  EXPECT_EQ(running.sql("SELECT unit, street, document, decided_by FROM desk_rule")[0],
            (std::vector<std::string>{"appearance", "370871002", "第 3 次协调会", "coordinator-1"}));
  boost::json::value next;
  for (int i = 0; i < 100; ++i) {
    next = report();
    if (next.at("case_state") == "pending_dispose") break;
    std::this_thread::sleep_for(100ms);
  }
  ASSERT_EQ(next.at("case_state"), "pending_dispose");
  auto const sent = ask("GET", "/cases/" + std::string(next.at("case_no").as_string()), "coordinator");
  EXPECT_EQ(sent.at("unit"), "appearance");
  auto const why = ask("GET", "/cases/" + std::string(next.at("case_no").as_string()) + "/explain", "coordinator");
  EXPECT_TRUE(std::string(why.at("route_rule").as_string()).starts_with("desk-" + number)) << why.at("route_rule");
  auto const trial = ask("POST", "/rules/dry-run", "coordinator", R"({"rules":[]})");
  EXPECT_GT(trial.at("cases").as_int64(), 0);
}

}  // namespace
}  // namespace wangge::deploy
