// Rules that are ordered, dated and timed; the responsibility list; squads by shift, absence, distance and load; what
// is wrong with a set of rules; dry runs; campaigns and emergency plans; the desk's decisions as rules.
#include <gtest/gtest.h>

#include <random>

#include "dispatcher/core/route_words.hpp"
#include "dispatcher/core/routing.hpp"
#include "dispatcher/core/rule_check.hpp"
#include "dispatcher/core/rule_trial.hpp"
#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

using std::chrono::year;

LocalDay a_day(int y, unsigned m, unsigned d) {
  return year{y} / m / d;
}

// Monday 2025-09-22, 09:00.
Instant monday() {
  return local(2025, 9, 22, 9, 0);
}

Case a_case(std::string code = "01001", std::string grid = "g11") {
  Case c;
  c.case_no = "1";
  c.standard = "gbt47678.5-2026", c.kind = "matter";
  c.class_code = code.substr(0, 2);
  c.code = std::move(code);
  c.condition = "1";
  c.source = "patrol";
  c.grid = grid;
  c.street = grid == "g21" ? "s2" : "s1";
  c.community = "c" + grid.substr(1);
  return c;
}

std::string went(City const& city, Case const& c, Instant at = monday(), SquadLoads const* loads = nullptr) {
  auto const r = route(city, c, {at, {}, loads});
  return r ? r->rule + " " + r->unit + "/" + r->squad : "manual";
}

RouteRule ordered(std::string id, std::string squad = "b1") {
  RouteRule r;
  r.id = std::move(id);
  r.level = RouteLevel::ordered;
  r.unit = squad[0] == 'b' ? "city_b" : "city_a";
  r.squad = std::move(squad);
  return r;
}

City with(std::vector<RouteRule> rules) {
  auto city = small_city();
  city.routes.insert(city.routes.end(), rules.begin(), rules.end());
  city.finish();
  return city;
}

TEST(Times, HoldInTheirDaysAndMinutes) {
  auto const mon = a_day(2025, 9, 22);
  struct {
    Times when;
    int day_offset, minute;
    bool holds;
  } const table[] = {
      {{}, 0, 0, true},
      {{mon, {}, 0x7f, 0, 1440}, -1, 600, false},
      {{mon, mon + Days{1}, 0x7f, 0, 1440}, 0, 1439, true},
      {{mon, mon + Days{1}, 0x7f, 0, 1440}, 1, 0, false},
      {{{}, {}, 0x01, 0, 1440}, 0, 600, true},
      {{{}, {}, 0x01, 0, 1440}, 1, 600, false},
      {{{}, {}, 0x7f, 480, 720}, 0, 479, false},
      {{{}, {}, 0x7f, 480, 720}, 0, 480, true},
      {{{}, {}, 0x7f, 480, 720}, 0, 720, false},
      // A night belongs to the day on which it began: Monday 22:00 to Tuesday 06:00.
      {{{}, {}, 0x01, 1320, 360}, 0, 1320, true},
      {{{}, {}, 0x01, 1320, 360}, 1, 359, true},
      {{{}, {}, 0x01, 1320, 360}, 1, 360, false},
      {{{}, {}, 0x01, 1320, 360}, 0, 359, false},
      {{{}, mon + Days{1}, 0x7f, 1320, 360}, 1, 300, true},
      {{{}, mon + Days{1}, 0x7f, 1320, 360}, 1, 1330, false},
  };
  for (auto const& t : table) EXPECT_EQ(t.when.hold(mon + Days{t.day_offset}, t.minute), t.holds) << &t - table;
}

// Whatever `cover` and `meet` say must agree with `hold` on every minute of three weeks.
TEST(Times, CoverAndMeetAgreeWithEveryMinute) {
  std::mt19937 random(7);
  auto const pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  auto const first = a_day(2025, 9, 1);
  auto const some = [&] {
    Times t;
    if (pick(2)) t.from = first + Days{pick(20)};
    if (pick(2)) t.to = t.from.value_or(first) + Days{1 + pick(10)};
    if (pick(2)) t.weekdays = static_cast<std::uint8_t>(1 + pick(127));
    if (pick(2)) t.from_minute = 60 * pick(24), t.to_minute = 60 * (1 + pick(24));
    return t;
  };
  for (int round = 0; round < 300; ++round) {
    auto const a = some(), b = some();
    if (a.from_minute == a.to_minute || b.from_minute == b.to_minute) continue;
    bool together = false, covered = true;
    for (int day = -1; day < 40; ++day) {
      for (int minute = 0; minute < 1440; minute += 60) {
        bool const in_a = a.hold(first + Days{day}, minute), in_b = b.hold(first + Days{day}, minute);
        together |= in_a && in_b;
        covered &= in_a || !in_b;
      }
    }
    EXPECT_TRUE(!together || a.meet(b)) << round;
    EXPECT_TRUE(!a.cover(b) || covered) << round;
  }
}

TEST(Rules, TheFirstOrderedRuleThatFitsAnswersBeforeEveryOtherLevel) {
  auto narrow = ordered("narrow", "b1"), wide = ordered("wide", "a2");
  narrow.source = "sensor";
  auto const city = with({narrow, wide});
  EXPECT_EQ(went(city, a_case()), "wide city_a/a2");
  auto c = a_case();
  c.source = "sensor";
  EXPECT_EQ(went(city, c), "narrow city_b/b1");
}

TEST(Rules, EachConditionOfARuleIsAsked) {
  auto const fits = [&](auto&& set, Case const& yes, Case const& no, Instant at = monday()) {
    auto rule = ordered("x", "b1");
    set(rule);
    auto const city = with({rule});
    EXPECT_EQ(went(city, yes, at), "x city_b/b1");
    EXPECT_NE(went(city, no, at), "x city_b/b1");
  };
  auto const changed = [](auto&& set) {
    auto c = a_case();
    set(c);
    return c;
  };
  auto const c = a_case();
  fits([](auto& r) { r.class_code = "01"; }, c, a_case("02002"));
  fits([](auto& r) { r.standard = "gbt47678.5-2026", r.kind = "matter", r.code = "01001"; }, c, a_case("02002"));
  fits([](auto& r) { r.condition = "1"; }, c, changed([](auto& x) { x.condition = "2"; }));
  fits([](auto& r) { r.grid = "g11"; }, c, a_case("01001", "g12"));
  fits([](auto& r) { r.community = "c11"; }, c, a_case("01001", "g12"));
  fits([](auto& r) { r.street = "s1"; }, c, a_case("01001", "g21"));
  fits([](auto& r) { r.area_level = "1"; }, changed([](auto& x) { x.area_level = "1"; }), c);
  fits([](auto& r) { r.campaign = "flood"; }, changed([](auto& x) { x.campaign = "flood"; }), c);
  fits([](auto& r) { r.source = "ai"; }, changed([](auto& x) { x.source = "ai"; }), c);
}

TEST(Rules, ADatedAndTimedRuleHoldsOnlyThen) {
  auto rule = ordered("night", "b1");
  rule.when = {a_day(2025, 9, 22), a_day(2025, 10, 1), 0x7f, 1320, 360};
  auto const city = with({rule});
  EXPECT_EQ(went(city, a_case(), local(2025, 9, 22, 23, 0)), "night city_b/b1");
  EXPECT_EQ(went(city, a_case(), local(2025, 9, 23, 5, 59)), "night city_b/b1");
  EXPECT_EQ(went(city, a_case(), local(2025, 9, 23, 6, 0)), "r-grid city_a/a1");
  EXPECT_EQ(went(city, a_case(), local(2025, 10, 1, 23, 0)), "r-grid city_a/a1");
}

TEST(Rules, TwoRulesOfOnePlaceAtDifferentHoursAreNoDispute) {
  auto city = small_city();
  city.routes[0].when = {{}, {}, 0x7f, 360, 1320};
  auto night = city.routes[0];
  night.id = "r-night", night.squad = "a2", night.when = {{}, {}, 0x7f, 1320, 360};
  city.routes.push_back(night);
  city.finish();
  EXPECT_EQ(went(city, a_case()), "r-grid city_a/a1");
  EXPECT_EQ(went(city, a_case(), local(2025, 9, 22, 23, 0)), "r-night city_a/a2");
  EXPECT_TRUE(check_rules(city, a_day(2025, 9, 22)).empty());
}

TEST(Rules, TheNewestDecisionOfTheDeskGoesBeforeEverything) {
  auto first = ordered("desk-1", "a1"), second = ordered("desk-2", "b1");
  first.level = second.level = RouteLevel::decision;
  auto city = with({first, second, ordered("all", "a2")});
  EXPECT_EQ(went(city, a_case()), "desk-2 city_b/b1");
}

// ---- squads

TEST(Picks, AnAbsentSquadsCasesGoToItsStandIn) {
  auto city = small_city();
  city.absences = {{"a1", monday(), monday() + Days{1}, "a2", "培训"}};
  EXPECT_EQ(went(city, a_case()), "r-grid city_a/a2");
  EXPECT_EQ(went(city, a_case(), monday() + Days{1}), "r-grid city_a/a1");
  city.absences[0].stand_in = "";
  EXPECT_EQ(went(city, a_case()), "r-grid city_a/a2") << "any other of the unit";
  city.absences.push_back({"a2", monday(), monday() + Days{1}, "", ""});
  EXPECT_EQ(went(city, a_case()), "r-territorial city_b/b1") << "nobody of the unit is there: the next level";
}

TEST(Picks, ByShiftDistanceAndLoad) {
  auto rule = ordered("pick", "a1");
  rule.squad = "";
  auto city = with({rule});
  EXPECT_EQ(went(city, a_case()), "pick city_a/a1") << "nothing is known: by name";
  city.shifts = {{"a1", "", "", "", {{}, {}, 0x7f, 0, 480}}, {"a2", "s1", "", "", {{}, {}, 0x7f, 480, 1440}}};
  EXPECT_EQ(went(city, a_case()), "pick city_a/a2");
  EXPECT_EQ(went(city, a_case(), local(2025, 9, 22, 7, 59)), "pick city_a/a1");
  EXPECT_EQ(went(city, a_case("01001", "g21")), "pick city_a/a1")
      << "off shift, or elsewhere: somebody has it all the same";

  city.shifts.clear();
  city.routes.back().pick = "distance";
  city.finish();
  city.squads["a1"].lon = 116.60, city.squads["a1"].lat = 35.40;
  city.squads["a2"].lon = 116.58, city.squads["a2"].lat = 35.40;
  auto c = a_case();
  c.lon = 116.581, c.lat = 35.4;
  EXPECT_EQ(went(city, c), "pick city_a/a2");
  c.lon = 116.599;
  EXPECT_EQ(went(city, c), "pick city_a/a1");

  city.routes.back().pick = "load";
  city.finish();
  EXPECT_TRUE(city.picks_by_load);
  SquadLoads loads{{"a1", 7}, {"a2", 3}};
  EXPECT_EQ(went(city, c, monday(), &loads), "pick city_a/a2");
  loads["a2"] = 8;
  EXPECT_EQ(went(city, c, monday(), &loads), "pick city_a/a1");
}

// ---- the responsibility list

Responsibility line(std::string id, std::string area, std::string unit) {
  Responsibility l;
  l.id = std::move(id);
  l.standard = "gbt47678.5-2026", l.kind = "matter", l.code = "05005";
  l.area = std::move(area);
  l.responsible = std::move(unit);
  return l;
}

TEST(List, TheMostExactLineAnswersAndOverlapsAreADispute) {
  auto city = small_city();
  auto wide = line("wide", "", "city_b");
  auto of_class = line("class", "", "city_a");
  of_class.code = "", of_class.class_code = "05";
  city.responsibilities = {of_class, wide, line("here", "s2", "city_a")};
  city.responsibilities.back().assisting = {"city_b"};
  city.responsibilities.back().document = "济高新发〔2025〕3号";
  city.finish();
  EXPECT_EQ(went(city, a_case("05005", "g21")), "here city_a/a1");
  EXPECT_EQ(route(city, a_case("05005", "g21"), {monday(), {}, nullptr})->assisting,
            std::vector<std::string>{"city_b"});
  EXPECT_EQ(went(city, a_case("05005", "g11")), "wide city_b/b1");

  city.responsibilities.push_back(line("here-too", "s2", "city_b"));
  city.finish();
  std::vector<RouteStep> tried;
  EXPECT_FALSE(route(city, a_case("05005", "g21"), {monday(), {}, nullptr}, &tried));
  EXPECT_EQ(tried.back().result, "disagree");
  auto const found = check_list(city, a_day(2025, 9, 22), {"s1", "s2"});
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](Finding const& f) {
    return f.kind == "overlap" && f.rule == "here-too" && f.other == "here";
  }));
  EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](Finding const& f) {
    return f.kind == "gap" && f.rule == "gbt47678.5-2026 matter 01001";
  }));
  EXPECT_FALSE(std::any_of(found.begin(), found.end(), [](Finding const& f) {
    return f.kind == "gap" && f.rule == "gbt47678.5-2026 matter 05005";
  }));
  city.responsibilities.back().when.from = a_day(2030, 1, 1);
  city.responsibilities[2].when.to = a_day(2030, 1, 1);
  city.finish();
  EXPECT_EQ(went(city, a_case("05005", "g21")), "here city_a/a1") << "one follows the other in time";
}

// ---- what is wrong with a set of rules

TEST(RuleCheck, RulesThatNeverAnswerOrStandInAShadowAreNamed) {
  auto const today = a_day(2025, 9, 22);
  auto const kinds = [&](std::vector<RouteRule> rules) {
    std::string out;
    for (auto const& f : check_rules(with(std::move(rules)), today))
      out += f.kind + " " + f.rule + (f.other.empty() ? "" : "<" + f.other) + ";";
    return out;
  };
  auto const changed = [](RouteRule r, auto&& set) { return set(r), r; };
  EXPECT_EQ(kinds({}), "");
  auto const sensor = changed(ordered("x"), [](auto& r) { r.source = "sensor"; });
  EXPECT_EQ(kinds({sensor}), "");
  EXPECT_EQ(kinds({changed(sensor, [](auto& r) { r.unit = "gone"; })}), "never x;");
  EXPECT_EQ(kinds({changed(sensor, [](auto& r) { r.squad = "a1"; })}), "never x;") << "not of its unit";
  EXPECT_EQ(kinds({changed(sensor, [](auto& r) { r.standard = "local", r.kind = "matter", r.code = "01999"; })}),
            "never x;");
  EXPECT_EQ(kinds({changed(sensor, [](auto& r) { r.when.to = a_day(2025, 9, 1); })}), "never x;");
  EXPECT_EQ(kinds({changed(sensor, [](auto& r) { r.class_code = "77"; })}), "never x;");
  EXPECT_EQ(kinds({sensor, changed(sensor, [](auto& r) { r.id = "y", r.street = "s1"; })}), "shadowed y<x;");
  EXPECT_EQ(kinds({changed(sensor, [](auto& r) { r.street = "s1"; }), changed(sensor, [](auto& r) { r.id = "y"; })}),
            "")
      << "the narrow one first is how it should be";
  EXPECT_EQ(kinds({ordered("all")}),
            "shadowed r-class<all;shadowed r-grid<all;shadowed r-street<all;shadowed r-territorial<all;shadowed "
            "r-water<all;");
  auto clash = small_city().routes[0];
  clash.id = "z", clash.squad = "a2";
  EXPECT_EQ(kinds({clash}), "disputed z<r-grid;");
}

TEST(RuleCheck, CircularUnitTreesAreFound) {
  EXPECT_TRUE(ring_of({{"a", ""}, {"b", "a"}, {"c", "b"}, {"d", "nowhere"}}).empty());
  EXPECT_EQ(ring_of({{"a", "c"}, {"b", "a"}, {"c", "b"}}), (std::vector<std::string>{"a", "c", "b", "a"}));
  EXPECT_EQ(ring_of({{"a", "a"}}), (std::vector<std::string>{"a", "a"}));
}

// PEERS 8: ward names right on trees of any depth (CCRS #1079).
TEST(Peers, WardNamesRightOnTreesOfAnyDepth) {
  for (int depth = 1; depth <= 40; ++depth) {
    City city;
    std::string zh, en;
    for (int i = 0; i < depth; ++i) {
      auto const key = "w" + std::to_string(i), up = i == 0 ? "" : "w" + std::to_string(i - 1);
      city.areas.push_back({"ward", key, up, "区" + std::to_string(i), "Ward " + std::to_string(i), {}});
      city.units[key] = {key, "部" + std::to_string(i), "Unit " + std::to_string(i), "", up};
      zh += (i == 0 ? "" : " / ") + ("区" + std::to_string(i));
      en += (i == 0 ? "" : " / ") + ("Unit " + std::to_string(i));
    }
    auto const leaf = "w" + std::to_string(depth - 1);
    EXPECT_EQ(city.area_path("ward", leaf, "zh"), zh);
    EXPECT_EQ(city.unit_path(leaf, "en"), en);
  }
  City ring;
  ring.units["a"] = {"a", "甲", "A", "", "b"};
  ring.units["b"] = {"b", "乙", "B", "", "a"};
  EXPECT_EQ(ring.unit_path("a", "en"), "B / A") << "a ring ends where it began";
}

// ---- dry runs

// PEERS 8: a rule update re-runs only what the change touches (Signalen routing-rules.md), and finds all that moves.
TEST(Peers, RuleUpdateReRunsOnlyWhatTheChangeTouches) {
  std::mt19937 random(11);
  auto const pick = [&](int n) { return static_cast<std::size_t>(random() % static_cast<unsigned>(n)); };
  std::vector<std::string> const codes{"01001", "02002", "03003", "04004"}, grids{"g11", "g12", "g21"},
      squads{"a1", "a2", "b1"};
  auto const some_rule = [&](int i) {
    auto r = ordered("o" + std::to_string(i), squads[pick(3)]);
    if (pick(2)) r.class_code = codes[pick(4)].substr(0, 2);
    if (pick(2)) r.grid = grids[pick(3)];
    if (pick(3) == 0) r.when.from_minute = 60 * static_cast<int>(pick(12));
    if (pick(4) == 0) r.source = "ai";
    return r;
  };
  std::int64_t asked = 0, all = 0, moved = 0;
  for (int round = 0; round < 200; ++round) {
    auto before = small_city();
    for (int i = 0; i < 4; ++i) before.routes.push_back(some_rule(i));
    auto after = before;
    switch (pick(4)) {
      case 0:
        after.routes.push_back(some_rule(9));
        break;
      case 1:
        after.routes.pop_back();
        break;
      case 2:
        after.routes.back().squad = after.routes.back().unit == "city_b" ? "b1" : "a2";
        break;
      default:
        std::swap(after.routes[5], after.routes[7]);
    }
    before.finish(), after.finish();
    std::vector<PastCase> past;
    for (int i = 0; i < 60; ++i) {
      PastCase p{a_case(codes[pick(4)], grids[pick(3)]), {}, monday() + std::chrono::hours(pick(48))};
      p.c.case_no = std::to_string(i);
      if (pick(3) == 0) p.c.source = "ai";
      past.push_back(std::move(p));
    }
    auto const trial = try_rules(before, after, past, 1000);
    std::vector<std::string> found, truth;
    for (auto const& m : trial.moves) found.push_back(m.case_no);
    for (auto const& p : past) {
      if (went(before, p.c, p.at).substr(went(before, p.c, p.at).find(' ') + 1) !=
          went(after, p.c, p.at).substr(went(after, p.c, p.at).find(' ') + 1))
        truth.push_back(p.c.case_no);
    }
    EXPECT_EQ(found, truth) << round;
    EXPECT_EQ(trial.moved, static_cast<std::int64_t>(truth.size()));
    asked += trial.asked, all += trial.cases, moved += trial.moved;
  }
  EXPECT_LT(asked, all * 2 / 3);
  EXPECT_GT(moved, 0);
  auto const city = small_city();
  auto const same = try_rules(city, city, std::vector<PastCase>{{a_case(), {}, monday()}});
  EXPECT_EQ(same.asked, 0) << "nothing changed: nothing is asked";
}

// ---- filing: measures, area levels, plans, campaigns

TEST(Filing, MeasuresSelectTheConditionAndTheAreaItsLimit) {
  World w;
  auto& entry = w.city.catalogue.at({"gbt47678.5-2026", "matter", "01001"});
  entry.conditions[1].thresholds = *thresholds_from("damage_cm2>25");
  entry.conditions[0].by_area["2"] = {ClockKind::work_day, 960};
  w.city.catalogue_version = 7;
  auto r = a_report();
  r.measures = {{"damage_cm2", 30}};
  w.report(r);
  EXPECT_EQ(w.c.condition, "2");
  EXPECT_EQ(w.c.catalogue_version, 7);

  World small(w.city);
  r.measures = {{"damage_cm2", 25}};
  small.facts.place = place_in("g11");
  small.report(r);
  EXPECT_EQ(small.c.condition, "1");
  EXPECT_EQ(small.c.limit_minutes, 240);

  World elsewhere(w.city);
  elsewhere.facts.place = place_in("g11");
  elsewhere.facts.place.cells[0].area_level = "2";
  r.received_at = elsewhere.now;
  elsewhere.apply(decide_report(elsewhere.facts, r, "3708712025092200001", elsewhere.now));
  EXPECT_EQ(elsewhere.c.limit_minutes, 960);
  EXPECT_EQ(elsewhere.c.clock, "work_day");
  EXPECT_EQ(elsewhere.c.area_level, "2");

  World contradicted(w.city);
  r.received_at = {};
  r.condition = "2";
  contradicted.report(r);
  EXPECT_TRUE(has_flag(contradicted.c, "measure_contradicts"));
}

TEST(Filing, AConditionMayAskForItsClosingCodesAndANewCatalogueDoesNotBindOldCases) {
  World w;
  w.walk_to(State::pending_close);
  w.city.catalogue.at({"gbt47678.5-2026", "matter", "01001"}).conditions[0].closing = {"danger_removed"};
  EXPECT_EQ(outcome(w.ask(w.command(person(Role::acceptor), "close", full_input("close")))),
            "unknown_closing_condition");
  w.city.catalogue_version = 8;
  EXPECT_EQ(outcome(w.ask(w.command(person(Role::acceptor), "close", full_input("close")))), "accepted");
}

TEST(Filing, WhereDispatchIsByHandAnAnswerIsNoDispute) {
  World w;
  w.city.policy.auto_dispatch = false;
  w.report();
  EXPECT_EQ(w.c.state, State::pending_dispatch);
  EXPECT_TRUE(w.c.flags.empty());
  EXPECT_NE(w.c.explain.find("r-grid"), std::string::npos);
}

TEST(Filing, ThresholdsReadAsTheyAreWritten) {
  for (auto const* text : {"a>1", "a>=1;b<2.5", "depth_cm<=0.5"})
    EXPECT_EQ(thresholds_text(*thresholds_from(text)), text);
  for (auto const* text : {"a", ">1", "a>x", "a>1e999", "a=1", "a>1;b"}) EXPECT_FALSE(thresholds_from(text)) << text;
}

TEST(Plans, WhileOnTheyHurryAndRelaxAndAreSwitchedBackWhole) {
  World base;
  Plan plan{"rain", "暴雨", "Rain", {"01"}, {"02"}, {"work_day"}, 60, 300, {}};
  base.city.plans = {plan};
  auto const filed = [&](std::string code, std::vector<std::pair<Instant, std::optional<Instant>>> on) {
    World w(base.city);
    w.city.plans[0].on = std::move(on);
    w.report(a_report("patrol", std::move(code)));
    return w.c;
  };
  auto const now = base.now;
  auto const calm = filed("01001", {});
  EXPECT_EQ(calm.clock, "work_hour");
  EXPECT_TRUE(calm.flags.empty());
  auto const hurried = filed("01001", {{now - Days{1}, std::nullopt}});
  EXPECT_EQ(hurried.clock, "urgent");
  EXPECT_EQ(hurried.limit_minutes, 60);
  EXPECT_TRUE(has_flag(hurried, "urgent_by:rain"));
  auto const relaxed = filed("02002", {{now - Days{1}, std::nullopt}});
  EXPECT_EQ(relaxed.limit_minutes, 2880);
  EXPECT_TRUE(has_flag(relaxed, "relaxed_by:rain"));
  EXPECT_EQ(filed("03003", {{now - Days{1}, std::nullopt}}).limit_minutes, 60) << "neither named";
  auto const after = filed("01001", {{now - Days{1}, now}});
  EXPECT_EQ(after.clock, calm.clock);
  EXPECT_EQ(after.limit_minutes, calm.limit_minutes);
  EXPECT_EQ(after.due_at, calm.due_at);
  EXPECT_TRUE(after.flags.empty());
}

TEST(Campaigns, CountWhatTheyAreAbout) {
  World w;
  w.city.campaigns = {
      {"billboards", "广告", "Ads", {"02"}, {}, {}, {a_day(2025, 9, 1), a_day(2025, 10, 1)}, 100, true, {}},
      {"covers",
       "井盖",
       "Covers",
       {"gbt47678.5-2026/matter/01001"},
       {"g11"},
       {"patrol"},
       {a_day(2025, 9, 1), a_day(2025, 10, 1)},
       0,
       false,
       {}}};
  EXPECT_EQ(w.city.campaign_of(a_case("02002"), monday()), "billboards");
  EXPECT_EQ(w.city.campaign_of(a_case(), monday()), "covers");
  EXPECT_EQ(w.city.campaign_of(a_case("01001", "g12"), monday()), "");
  EXPECT_EQ(w.city.campaign_of(a_case(), local(2025, 10, 1)), "");
  w.report();
  EXPECT_EQ(w.c.campaign, "covers");
}

TEST(Flags, AComponentsFaultWithoutAnIdAndNoneOnTheMapIsUncoded) {
  auto const flagged = [](bool surveyed, std::optional<bool> near, std::string component) {
    World w;
    w.city.knows_components = surveyed;
    w.facts.component_near = near;
    auto r = a_report();
    r.component_id = std::move(component);
    w.report(r);
    return has_flag(w.c, "uncoded_component");
  };
  EXPECT_TRUE(flagged(true, false, ""));
  EXPECT_FALSE(flagged(true, true, "")) << "one is near: it is offered";
  EXPECT_FALSE(flagged(true, false, "37087101001000001"));
  EXPECT_FALSE(flagged(false, std::nullopt, "")) << "nothing is surveyed: nothing can be missing";
}

TEST(Flags, WhatIsAllowedInAManagedPlaceIsFlaggedAtItsHours) {
  World w;
  w.city.managed = {{"dawn", "market", "早市", "Dawn market", {"01"}, {{}, {}, 0x7f, 300, 480}, "", 40, {}}};
  w.facts.place = place_in("g11");
  w.facts.place.inside = {"dawn"};
  auto r = a_report();
  for (auto const& [hour, allowed] : {std::pair{7, true}, {9, false}}) {
    r.received_at = w.now = local(2025, 9, 22, hour, 0);
    EXPECT_EQ(has_flag(decide_report(w.facts, r, "3708712025092200001", w.now).after, "allowed_in:dawn"), allowed)
        << hour;
  }
}

// ---- the coordination desk

TEST(Desk, ItsDecisionBindsAndMayBecomeADatedRule) {
  World w;
  w.report(a_report("patrol", "05005"), "g21");
  ASSERT_EQ(w.c.state, State::pending_dispatch);
  EXPECT_TRUE(has_flag(w.c, "unowned"));
  ActionInput in;
  in.unit = "city_b", in.as_rule = "street", in.opinion = "第 12 次协调会纪要", in.until = local(2025, 12, 31, 12, 0);
  EXPECT_EQ(outcome(w.act(person(Role::dispatch_officer), "dispatch", in)), "not_yours") << "only the desk makes rules";
  auto const decision = w.act(person(Role::coordinator), "dispatch", in);
  ASSERT_EQ(outcome(decision), "accepted");
  EXPECT_TRUE(w.c.binding);
  EXPECT_TRUE(w.c.flags.empty());
  auto const& rules = std::get<Accepted>(decision).rules;
  ASSERT_EQ(rules.size(), 1u);
  EXPECT_EQ(rules[0].level, RouteLevel::decision);
  EXPECT_EQ(rules[0].street, "s2");
  EXPECT_EQ(rules[0].document, in.opinion);
  auto city = small_city();
  city.routes.insert(city.routes.begin(), rules[0]);
  city.finish();
  EXPECT_EQ(went(city, a_case("05005", "g21")), rules[0].id + " city_b/b1");
  EXPECT_EQ(went(city, a_case("05005", "g21"), local(2025, 12, 31, 23, 59)), rules[0].id + " city_b/b1");
  EXPECT_EQ(went(city, a_case("05005", "g21"), local(2026, 1, 1)), "manual");
  EXPECT_NE(went(city, a_case("05005", "g11")), rules[0].id + " city_b/b1");
  EXPECT_EQ(outcome(w.act(person_of(Role::unit_clerk, "city_b", ""), "return", full_input("return"))),
            "unit_is_binding");
}

TEST(Desk, DisputesAndUnownedCasesAreToldApart) {
  auto city = small_city();
  auto other = city.routes[0];
  other.id = "r-other", other.squad = "a2";
  city.routes.push_back(other);
  city.finish();
  World w(city);
  w.report();
  EXPECT_TRUE(has_flag(w.c, "disputed"));
  EXPECT_FALSE(has_flag(w.c, "unowned"));
  EXPECT_TRUE(same(replay(w.c.district, w.c.case_no, w.rows), w.c));
}

TEST(RouteWords, SpeakTheReadersLanguage) {
  RouteStep step{RouteLevel::ordered, "hit", "r{who}", "", "city_a", "a1", "", "会议纪要 3", "load"};
  EXPECT_EQ(route_words(step, "en"), "rule r{who} gives it to city_a / a1 (the least busy), by 会议纪要 3");
  EXPECT_EQ(route_words(step, "zh", "甲一"), "规则 r{who} 派遣至 甲一（按在办数量），依据 会议纪要 3");
  EXPECT_EQ(level_words(RouteLevel::responsibility, "zh"), "权责清单");
  RouteStep read;
  set_route_step_member(read, "level", "ordered");
  for (auto const& [name, value] : route_step_members(step)) set_route_step_member(read, name, value);
  EXPECT_EQ(read, step);
}

}  // namespace
}  // namespace wangge::core::test
