// What the demo promises: everything that can be reported anywhere at any hour finds a squad, a patroller and accounts.
#include "deploy/demo/demo.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "deploy/city/table.hpp"
#include "dispatcher/core/decide.hpp"

namespace wangge::deploy {
namespace {

struct Demo {
  storage::standing::StandingSet set = demo_set();
  core::City city = set.city();
  std::vector<TokenRequest> people = demo_people(set);
};
Demo const& demo() {
  static Demo const d;
  return d;
}

core::LocalDay day(char const* text) {
  return *parse_day(text);
}

TEST(Demo, CatalogueHoldsAllMattersAndComponentsWithADefaultCondition) {
  int matters = 0, components = 0, old = 0;
  for (auto const& [key, entry] : demo().city.catalogue) {
    EXPECT_FALSE(entry.conditions.empty()) << key.code;
    EXPECT_FALSE(entry.zh.empty() || entry.en.empty()) << key.code;
    matters += key.standard == "gbt47678.5-2026" && key.kind == "matter";
    components += key.standard == "gbt47678.5-2026" && key.kind == "component";
    old += key.standard == "gbt30428.2-2013";
  }
  EXPECT_EQ(matters, 250);
  EXPECT_EQ(components, 153);
  EXPECT_GT(old, 100);
  EXPECT_NE(demo().city.find({"gbt47678.5-2026", "matter", "01001"}), nullptr);
  EXPECT_NE(demo().city.find({"gbt47678.5-2026", "component", "01001"}), nullptr);
  EXPECT_NE(demo().city.find({"gbt30428.2-2013", "matter", "0110"}), nullptr);
}

TEST(Demo, EveryCategoryInEveryStreetHasOneSquadWithAccounts) {
  std::set<std::string> leaders, workers, clerks, heads;
  for (auto const& p : demo().people) {
    if (p.role == "squad_leader") leaders.insert(p.squad);
    if (p.role == "disposer") workers.insert(p.squad);
    if (p.role == "unit_clerk") clerks.insert(p.unit);
    if (p.role == "unit_head") heads.insert(p.unit);
  }
  for (auto const& [key, entry] : demo().city.catalogue) {
    for (auto const& street : demo().set.streets) {
      for (auto const& condition : entry.conditions) {
        core::Case c;
        c.standard = key.standard;
        c.kind = key.kind;
        c.code = key.code;
        c.class_code = entry.class_code;
        c.condition = condition.id;
        c.street = street.code;
        auto const routed = core::route(demo().city, c, {});
        ASSERT_TRUE(routed) << key.standard << " " << key.kind << " " << key.code << " in " << street.code;
        EXPECT_TRUE(leaders.contains(routed->squad) && workers.contains(routed->squad)) << routed->squad;
        EXPECT_TRUE(clerks.contains(routed->unit) && heads.contains(routed->unit)) << routed->unit;
      }
    }
  }
}

TEST(Demo, EveryComponentHasASquadToo) {
  for (auto const& component : demo().set.components) {
    auto const* entry = demo().city.find({component.standard, "matter", component.code});
    ASSERT_NE(entry, nullptr) << component.code;
    core::Case c;
    c.standard = component.standard;
    c.kind = "matter";
    c.code = component.code;
    c.class_code = entry->class_code;
    c.condition = entry->conditions.front().id;
    c.street = demo().set.streets.front().code;
    core::ComponentFact const fact{component.component_id, component.maintainer, component.owner};
    auto const routed = core::route(demo().city, c, {core::Instant{}, fact, nullptr});
    ASSERT_TRUE(routed) << component.component_id;
    if (!component.maintainer.empty()) {
      EXPECT_EQ(routed->unit, component.maintainer);
    }
  }
}

TEST(Demo, SomebodyWhoMayCheckIsOnDutyInEveryCommunityAtEveryMinute) {
  std::set<std::string> disposing, patrollers;
  for (auto const& squad : demo().set.squads) disposing.insert(squad.unit);
  for (auto const& p : demo().people) {
    if (p.role == "patroller") patrollers.insert(p.name);
  }
  EXPECT_GE(patrollers.size(), 3u);
  auto const midnight = demo().city.calendar_of("").start_of(day("2026-11-23"));
  for (auto const& community : demo().set.communities) {
    for (int minute = 0; minute < 1440; minute += 7) {
      core::Case c;
      c.street = community.street;
      c.community = community.code;
      c.grid = community.code + "001";
      for (auto const& unit : disposing) {
        auto const who = core::patroller_on_duty(demo().city, c, midnight + std::chrono::minutes(minute), unit);
        ASSERT_TRUE(patrollers.contains(who)) << community.code << " minute " << minute << " not of " << unit;
      }
    }
  }
}

TEST(Demo, EveryRoleHasSomebodyAndNobodyStandsOnTwoSides) {
  std::set<std::string> roles, names;
  std::set<std::string> units_of_squads;
  for (auto const& p : demo().people) {
    roles.insert(p.role);
    EXPECT_TRUE(names.insert(p.name).second) << p.name << " twice";
    EXPECT_EQ(check(p), "") << p.name;
    if (p.role == "disposer") units_of_squads.insert(p.unit);
  }
  for (auto const& role : core::kRoles) {
    if (role.role != core::Role::system) {
      EXPECT_TRUE(roles.contains(std::string(role.id))) << role.id;
    }
  }
  EXPECT_GE(units_of_squads.size(), 2u);
}

TEST(Demo, CalendarKnowsTheStateCouncilsHolidaysAndMakeUpDays) {
  auto const& calendar = demo().city.calendar_of("");
  for (char const* rest : {"2025-01-01", "2025-01-28", "2025-02-04", "2025-04-04", "2025-05-05", "2025-06-02",
                           "2025-10-08", "2026-01-02", "2026-02-16", "2026-02-23", "2026-04-06", "2026-05-01",
                           "2026-06-19", "2026-09-25", "2026-10-07", "2026-11-22"}) {
    EXPECT_FALSE(calendar.works(day(rest))) << rest;
  }
  for (char const* work : {"2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11", "2026-01-04",
                           "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10", "2026-11-23"}) {
    EXPECT_TRUE(calendar.works(day(work))) << work;
  }
  EXPECT_TRUE(calendar.loaded(day("2025-01-01")) && calendar.loaded(day("2026-12-31")));
  EXPECT_FALSE(calendar.loaded(day("2027-01-01"))) << "2027 is provisional until the State Council has spoken";
}

}  // namespace
}  // namespace wangge::deploy
