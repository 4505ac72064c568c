// The fixed order of DOMAIN 9.1, its explanation, and who patrols where.
#include <gtest/gtest.h>

#include "dispatcher/core/route_words.hpp"
#include "dispatcher/core/steps.hpp"
#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

using namespace std::chrono_literals;

Case a_case(std::string code, std::string grid) {
  Case c;
  c.standard = "gbt47678.5-2026";
  c.kind = "matter";
  c.class_code = code.substr(0, 2);
  c.code = std::move(code);
  c.condition = "1";
  c.grid = grid;
  c.street = grid == "g21" ? "s2" : "s1";
  c.community = "c" + grid.substr(1);
  return c;
}

std::string routed(City const& city, Case const& c, std::optional<ComponentFact> const& component = {},
                   std::vector<std::string>* tried = nullptr) {
  std::vector<RouteStep> steps;
  auto const r = route(city, c, {local(2025, 9, 22, 9, 0), component, nullptr}, &steps);
  for (auto const& step : steps) {
    if (tried) tried->push_back(std::string(id(step.level)) + ": " + route_words(step, "en"));
  }
  return r ? r->rule + " " + r->unit + "/" + r->squad + " " + std::string(id(r->level)) : "manual";
}

TEST(Routing, GoesFromTheComponentToTheStreet) {
  auto const city = small_city();
  EXPECT_EQ(routed(city, a_case("01001", "g11"), ComponentFact{"k", "water_co", ""}),
            "r-water city_b/b1 component_maintainer");
  EXPECT_EQ(routed(city, a_case("01001", "g11"), ComponentFact{"k", "nobody", "water_co"}),
            "r-water city_b/b1 component_maintainer");
  EXPECT_EQ(routed(city, a_case("01001", "g11"), ComponentFact{"k", "nobody", "nobody"}),
            "r-grid city_a/a1 condition_in_grid");
  EXPECT_EQ(routed(city, a_case("01001", "g11")), "r-grid city_a/a1 condition_in_grid");
  EXPECT_EQ(routed(city, a_case("01001", "g12")), "r-street city_a/a2 condition_in_street");
  EXPECT_EQ(routed(city, a_case("02002", "g21")), "r-class city_b/b1 class_in_district");
  EXPECT_EQ(routed(city, a_case("03003", "g11")), "r-territorial city_b/b1 territorial");
  EXPECT_EQ(routed(city, a_case("03003", "g21")), "manual");
}

TEST(Routing, ARuleForTheConditionBeatsOneForAnyCondition) {
  auto city = small_city();
  auto exact = city.routes[0];
  exact.id = "r-exact", exact.condition = "2", exact.squad = "a2";
  city.routes.push_back(exact);
  city.finish();
  auto c = a_case("01001", "g11");
  EXPECT_EQ(routed(city, c), "r-grid city_a/a1 condition_in_grid");
  c.condition = "2";
  EXPECT_EQ(routed(city, c), "r-exact city_a/a2 condition_in_grid");
}

TEST(Routing, AClassRuleForEveryClassComesAfterTheClassOwn) {
  auto city = small_city();
  auto every = city.routes[2];
  every.id = "r-every", every.class_code = "", every.unit = "city_a", every.squad = "a1";
  city.routes.push_back(every);
  city.finish();
  EXPECT_EQ(routed(city, a_case("02002", "g21")), "r-class city_b/b1 class_in_district");
  EXPECT_EQ(routed(city, a_case("03003", "g21")), "r-every city_a/a1 class_in_district");
}

TEST(Routing, RulesThatDisagreeLeaveItToAPersonAndSayWhy) {
  auto city = small_city();
  auto other = city.routes[0];
  other.id = "r-other", other.squad = "a2";
  city.routes.push_back(other);
  city.finish();
  std::vector<std::string> tried;
  EXPECT_EQ(routed(city, a_case("01001", "g11"), {}, &tried), "manual");
  EXPECT_EQ(tried.back(), "condition_in_grid: rules r-grid and r-other disagree: a person decides");
}

TEST(Routing, ARuleThatNamesNobodyIsPassedOverAndNamed) {
  auto city = small_city();
  city.routes[0].squad = "gone";
  city.finish();
  std::vector<std::string> tried;
  EXPECT_EQ(routed(city, a_case("01001", "g11"), {}, &tried), "r-street city_a/a2 condition_in_street");
  EXPECT_EQ(tried[1], "condition_in_grid: rule r-grid names a unit or squad that is not there");
}

TEST(Routing, EveryLevelLookedAtLeavesALine) {
  std::vector<std::string> tried;
  auto const city = small_city();
  routed(city, a_case("03003", "g21"), {}, &tried);
  EXPECT_EQ(tried, (std::vector<std::string>{"component_maintainer: no component is named", "condition_in_grid: no rule fits",
                                             "condition_in_street: no rule fits", "class_in_district: no rule fits",
                                             "territorial: no rule fits"}));
}

TEST(Duty, TheNarrowestLineOnShiftAnswersTheNameBreaksTies) {
  auto city = small_city();
  city.duty = {
      {"wide", "co", "", "", "", 0, 1440},         {"street", "co", "s1", "", "", 0, 1440},
      {"b-com", "co", "s1", "c11", "", 480, 1080}, {"a-com", "co", "s1", "c11", "", 480, 1080},
      {"cell", "city_a", "", "", "g11", 0, 1440},  {"night", "co", "s2", "", "", 1320, 360},
  };
  auto const c = a_case("01001", "g11");
  auto const day = local(2025, 9, 22, 9, 0), evening = local(2025, 9, 22, 18, 0);
  EXPECT_EQ(patroller_on_duty(city, c, day, ""), "cell");
  EXPECT_EQ(patroller_on_duty(city, c, day, "city_a"), "a-com");
  EXPECT_EQ(patroller_on_duty(city, c, evening, "city_a"), "street");
  auto const there = a_case("01001", "g21");
  EXPECT_EQ(patroller_on_duty(city, there, day, ""), "wide");
  EXPECT_EQ(patroller_on_duty(city, there, local(2025, 9, 22, 23, 0), ""), "night");
  EXPECT_EQ(patroller_on_duty(city, there, local(2025, 9, 22, 5, 59), ""), "night");
  EXPECT_EQ(patroller_on_duty(city, there, local(2025, 9, 22, 6, 0), ""), "wide");
  EXPECT_EQ(patroller_on_duty(city, there, day, "co"), "");
}

TEST(Duty, AmongEqualLinesTheNearestGoesWherePlacesAreKnown) {
  auto city = small_city();
  city.duty = {{"amy", "co", "s1", "", "", 0, 1440}, {"ben", "co", "s1", "", "", 0, 1440}, {"cell", "co", "", "", "g12", 0, 1440}};
  auto c = a_case("01001", "g11");
  c.lon = 116.605, c.lat = 35.405;
  auto const day = local(2025, 9, 22, 9, 0);
  std::map<std::string, Seen, std::less<>> seen;
  WhereIs const where = [&](std::string_view person) {
    auto const it = seen.find(person);
    return it == seen.end() ? std::nullopt : std::optional(it->second);
  };
  EXPECT_EQ(find_checker(city, c, day, "", "", &where), "amy") << "nobody's place is known: by name";
  seen["ben"] = {116.606, 35.405, day - std::chrono::minutes(10)};
  EXPECT_EQ(find_checker(city, c, day, "", "", &where), "ben") << "one is known";
  seen["amy"] = {116.700, 35.405, day};
  EXPECT_EQ(find_checker(city, c, day, "", "", &where), "ben") << "nearer";
  seen["amy"] = {116.6051, 35.405, day};
  EXPECT_EQ(find_checker(city, c, day, "", "", &where), "amy");
  seen["amy"].at = day - std::chrono::minutes(31);
  EXPECT_EQ(find_checker(city, c, day, "", "", &where), "ben") << "too long ago";
  seen["ben"].at = day + std::chrono::minutes(1);
  EXPECT_EQ(find_checker(city, c, day, "", "", &where), "amy") << "behind the moment";
  EXPECT_EQ(find_checker(city, c, day, "", "amy", &where), "ben") << "a second look is somebody else's";
  c.grid = "g12";
  EXPECT_EQ(find_checker(city, c, day, "", "", &where), "cell") << "the narrower line first, wherever he is";
  c.grid = "g11";
  c.lon.reset();
  EXPECT_EQ(find_checker(city, c, day, "", "", &where), "amy") << "a case without a place";
}

}  // namespace
}  // namespace wangge::core::test
