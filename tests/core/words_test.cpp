// Ids both ways, differences as text and back, the fields of actions, the page printed from the table.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "dispatcher/core/lifecycle_page.hpp"
#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

TEST(Words, EveryIdIsReadBack) {
  for (auto const& s : kStates) EXPECT_EQ(state_from(s.id), s.state);
  for (auto const& r : kRoles) EXPECT_EQ(role_from(r.id), r.role);
  for (auto const& a : actions()) EXPECT_EQ(action_from(a.id), a.action);
  for (auto const k : kClockKinds) EXPECT_EQ(id(*clock_from(k)), k);
  EXPECT_EQ(state_from("nowhere"), std::nullopt);
  EXPECT_EQ(role_from(""), std::nullopt);
  EXPECT_EQ(action_from("return_"), std::nullopt);
  EXPECT_EQ(clock_from("legal_day"), std::nullopt);
}

TEST(Words, EveryGuardAnswersNotAllowedAndEveryReasonHasItsOwnName) {
  std::set<std::string_view> names;
  for (auto const& r : reasons()) {
    EXPECT_TRUE(names.insert(r.id).second) << r.id;
    EXPECT_FALSE(r.zh.empty() || r.en.empty());
  }
  EXPECT_EQ(info(Reason::return_window_over).code, "not_allowed");
  EXPECT_EQ(info(Reason::wrong_state).status, 422);
  EXPECT_EQ(info(Reason::not_yours).status, 403);
  EXPECT_EQ(info(Reason::stale_version).status, 409);
  EXPECT_EQ(info(Reason::out_of_scope).status, 404);
}

TEST(Words, ADifferenceNamesOnlyWhatChangedAndReadsBack) {
  Case a, b;
  a.case_no = b.case_no = "1";
  b.state = State::checking;
  b.lon = 0.1 + 0.2;
  b.lat = -std::nextafter(35.0, 36.0);
  b.photos = {"x", "y"};
  b.late = true;
  b.due_at = Instant{Millis{-5}};
  b.left_ms = -9'007'199'254'740'993;
  b.description = "a,b\n\"c\"";
  auto const changes = diff(a, b);
  EXPECT_EQ(changes.size(), 8u);
  EXPECT_EQ(changes.front(), (std::pair<std::string, std::string>{"state", "checking"}));
  patch(a, changes);
  EXPECT_TRUE(same(a, b));
  EXPECT_EQ(a.lon, b.lon);
  auto const back = diff(b, Case{});
  patch(b, back);
  EXPECT_TRUE(diff(b, Case{}).empty());
}

TEST(Words, APatchThatCannotBeReadNamesItsField) {
  auto refused = [](std::string field, std::string value) -> std::string {
    Case c;
    try {
      patch(c, {{field, value}});
    } catch (std::invalid_argument const& e) {
      return e.what();
    }
    return "";
  };
  EXPECT_NE(refused("due_at", "soon").find("due_at"), std::string::npos);
  EXPECT_NE(refused("due_at", "12x").find("due_at"), std::string::npos);
  EXPECT_NE(refused("late", "yes").find("late"), std::string::npos);
  EXPECT_NE(refused("state", "lost").find("state"), std::string::npos);
  EXPECT_NE(refused("returns", "").find("returns"), std::string::npos);
  EXPECT_NE(refused("mood", "t").find("mood"), std::string::npos);
  EXPECT_EQ(refused("due_at", ""), "");
}

TEST(Words, ActionsNameTheirRequiredFields) {
  auto required = [](Action a) {
    std::string names;
    for (auto const& f : info(a).fields) {
      if (f.required) names += std::string(f.name) + " ";
    }
    return names;
  };
  EXPECT_EQ(required(Action::dispose), "photos ");
  EXPECT_EQ(required(Action::check), "result photos ");
  EXPECT_EQ(required(Action::verify), "result photos ");
  EXPECT_EQ(required(Action::close), "closing_condition ");
  EXPECT_EQ(required(Action::return_), "reason ");
  EXPECT_EQ(required(Action::confirm), "");
  EXPECT_EQ(required(Action::dispatch), "");
}

TEST(Page, ShowsEveryStateAndEveryRow) {
  for (auto const* lang : {"zh", "en"}) {
    auto const page = lifecycle_markdown(lang);
    for (auto const& s : kStates) EXPECT_NE(page.find(" as " + std::string(s.id) + "\n"), std::string::npos) << s.id;
    std::vector<std::string> lines;
    std::istringstream in(page);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    for (auto const& row : lifecycle()) {
      auto const from = std::string(std::string_view(lang) == "zh" ? info(row.from).zh : info(row.from).en);
      auto const step = "`" + std::string(id(row.action)) + "`" + (row.outcome.empty() ? " |" : " = " + std::string(row.outcome));
      EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [&](auto const& line) {
        auto const first = line.substr(0, line.find(" | "));
        return first.find(from) != std::string::npos && line.find(step) != std::string::npos;
      })) << from << " " << step;
    }
    EXPECT_NE(page.find("checking --> pending_dispose"), std::string::npos);
  }
}

// WANGGE_WRITE=1 writes the page into ARCHITECTURE.md instead of comparing.
TEST(Page, ArchitectureCarriesThePrintedTable) {
  std::string const file = std::string(WANGGE_ROOT) + "/ARCHITECTURE.md";
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  auto const whole = text.str();
  std::string_view const begin = "<!-- lifecycle:begin -->\n", end = "<!-- lifecycle:end -->";
  auto const from = whole.find(begin), to = whole.find(end);
  ASSERT_NE(from, std::string::npos);
  ASSERT_NE(to, std::string::npos);
  auto const printed = whole.substr(0, from) + std::string(begin) + lifecycle_markdown("en") + whole.substr(to);
  if (std::getenv("WANGGE_WRITE") != nullptr) {
    std::ofstream(file) << printed;
  } else {
    EXPECT_TRUE(printed == whole) << "run core_tests with WANGGE_WRITE=1 and read what changed";
  }
}

TEST(Page, OfficersReadTheLifecycleAndItsClocksInBothLanguages) {
  for (auto const& [lang, name] : {std::pair("en", "LIFECYCLE.md"), std::pair("zh", "LIFECYCLE.zh-CN.md")}) {
    std::string const file = std::string(WANGGE_ROOT) + "/dispatcher/core/" + name;
    auto const printed = officers_markdown(lang);
    for (auto const& a : actions())
      EXPECT_NE(printed.find(std::string_view(lang) == "zh" ? a.zh : a.en), std::string::npos) << name << " " << a.id;
    if (std::getenv("WANGGE_WRITE") != nullptr) {
      std::ofstream(file) << printed;
      continue;
    }
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    EXPECT_TRUE(text.str() == printed) << name << ": run core_tests with WANGGE_WRITE=1 and read what changed";
  }
}

}  // namespace
}  // namespace wangge::core::test
