// What is published of a month: its stages, whom a scheme compares with each other, what a patroller's month is paid.
#include <gtest/gtest.h>

#include "dispatcher/core/month.hpp"
#include "tests/core/world.hpp"

namespace wangge::core::test {
namespace {

LocalDay day(int year, unsigned month, unsigned of_month) {
  return LocalDay{std::chrono::year{year} / std::chrono::month{month} / std::chrono::day{of_month}};
}

TEST(Month, GoesFromRunningToSealed) {
  Calendar const calendar;  // Monday to Friday
  Policy const policy;      // 5 work days for appeals
  auto const october = month_of(day(2026, 10, 31));
  EXPECT_EQ(october.first, day(2026, 10, 1));
  EXPECT_EQ(cut_off(calendar, october), calendar.start_of(day(2026, 11, 5))) << "Monday to Wednesday behind the weekend";
  EXPECT_EQ(appeals_until(calendar, policy, october), calendar.start_of(day(2026, 11, 12)));
  struct Row {
    unsigned month, day;
    MonthStage stage;
  };
  for (auto const& row : {Row{10, 31, MonthStage::running}, Row{11, 1, MonthStage::counting}, Row{11, 4, MonthStage::counting},
                          Row{11, 5, MonthStage::appeals}, Row{11, 11, MonthStage::appeals}, Row{11, 12, MonthStage::due}}) {
    EXPECT_EQ(stage_of(calendar, policy, october, false, calendar.start_of(day(2026, row.month, row.day))), row.stage) << row.month << "-" << row.day;
  }
  EXPECT_EQ(stage_of(calendar, policy, october, true, {}), MonthStage::sealed);
  Policy none;
  none.appeal_days = 0;
  EXPECT_EQ(stage_of(calendar, none, october, false, cut_off(calendar, october)), MonthStage::due);
}

TEST(Month, ACaseCountsInTheMonthByWhoseCutOffItWasClosed) {
  Calendar const calendar;
  auto const in = [&](LocalDay handed, LocalDay closed) { return counted_in(calendar, calendar.start_of(handed), calendar.start_of(closed)).first; };
  EXPECT_EQ(in(day(2026, 10, 30), day(2026, 11, 5)), day(2026, 10, 1)) << "at T itself";
  EXPECT_EQ(in(day(2026, 10, 30), day(2026, 11, 6)), day(2026, 11, 1));
  EXPECT_EQ(in(day(2026, 10, 30), day(2027, 1, 20)), day(2027, 1, 1));
}

SchemePart part(char const* indicator, std::int64_t weight) { return {indicator, weight}; }

TEST(Evaluation, GroupsAreJudgedApartAndEqualsShareARank) {
  Scheme s{"x", "x", "x", "unit", {part("archive_rate", 100)}};
  s.groups = {{"town", "镇", "Towns", {"t1", "t2", "t3"}}, {"rest", "其他", "Others", {"*"}, {part("rework_rate", 100)}}};
  s.groups[1].parts[0].kind = SchemePart::Kind::inverse;
  EXPECT_EQ(fault_of(s), "");
  auto const counts = [](std::int64_t closed, std::int64_t rework) {
    return Counts{{"archive_num", closed}, {"need_archive_num", 10}, {"rework_num", rework}};
  };
  auto const judged = judge(s, {{"u", counts(1, 1)}, {"t2", counts(9, 9)}, {"t3", counts(9, 0)}, {"t1", counts(8, 0)}, {"", counts(10, 0)},
                                {"v", {{"rework_num", 0}, {"need_archive_num", 0}}}});
  std::vector<std::string> keys;
  std::vector<std::optional<std::int64_t>> ranks, totals;
  for (auto const& j : judged) keys.push_back(j.key), ranks.push_back(j.rank), totals.push_back(j.score.total);
  EXPECT_EQ(keys, (std::vector<std::string>{"t2", "t3", "t1", "u", "v"})) << "nobody's row is left out";
  EXPECT_EQ(ranks, (std::vector<std::optional<std::int64_t>>{1, 1, 3, 1, std::nullopt}));
  EXPECT_EQ(totals, (std::vector<std::optional<std::int64_t>>{9000, 9000, 8000, 9000, std::nullopt}));
  s.groups.pop_back();
  EXPECT_EQ(judge(s, {{"u", counts(1, 1)}}).size(), 0u) << "in no group";
}

TEST(Evaluation, FaultsOfGroupsAreNamed) {
  Scheme s{"x", "x", "x", "unit", {part("archive_rate", 100)}};
  s.groups = {{"a", "", "", {"u", "*"}}, {"b", "", "", {"*"}}};
  EXPECT_EQ(fault_of(s), "x, group b: only one group takes all the rest");
  s.groups[1].members = {"u"};
  EXPECT_EQ(fault_of(s), "x, group b: u is in two groups");
  s.groups[1] = {"b", "", "", {"v"}, {part("archive_rate", 90)}};
  EXPECT_EQ(fault_of(s), "x, group b: its weights make 90, not 100");
  s.groups = {{"a", "", "", {}}};
  EXPECT_EQ(fault_of(s), "x, group a: it has no members");
  s.groups.clear();
  s.post = "acceptor";
  EXPECT_EQ(fault_of(s), "x: a post is a role, of a scheme by person");
}

TEST(Evaluation, ACitysOwnSchemeHoldsFromItsMonthOn) {
  Scheme own{"department-2026", "", "", "unit", {part("archive_rate", 100)}};
  own.object = "department";
  own.from = day(2026, 7, 1);
  std::vector<Scheme> const all{own};
  EXPECT_EQ(find_scheme(all, "department", day(2026, 7, 1))->id, "department-2026");
  EXPECT_EQ(find_scheme(all, "department", day(2026, 6, 1))->id, "department") << "the standard's, before";
  EXPECT_EQ(find_scheme(all, "department-2026", day(2026, 6, 1))->id, "department-2026") << "asked for by its own name";
  EXPECT_EQ(find_scheme(all, "colour", day(2026, 7, 1)), nullptr);
  EXPECT_EQ(schemes_on(all, day(2026, 7, 1)).size(), standard_schemes().size()) << "one an object";
}

TEST(Evaluation, ARateTakesBandsAndADeductionABound) {
  Scheme s{"x", "x", "x", "unit", {{"intime_archive_rate", 100, SchemePart::Kind::bands, {{0, 0}, {70'00, 50}, {90'00, 100}}}}};
  s.deductions = {{"multi_rework_num", 20, 0}, {"multi_rework_num", 30, 2}};
  EXPECT_EQ(fault_of(s), "");
  Counts counts{{"intime_archive_num", 70}, {"need_archive_num", 100}, {"multi_rework_num", 4}};
  EXPECT_EQ(score_of(s, counts).total, 48'60) << "a fifth of a point each, half a one from the third on";
  counts["intime_archive_num"] = 69;
  EXPECT_EQ(score_of(s, counts).total, 0);
  s.deductions = {{"multi_rework_num", 100, 0, 250}};
  EXPECT_EQ(score_of(s, counts).deducted, 2'50);
}

// ---- settlement

Tariff each(char const* item, std::int64_t price) {
  Tariff t;
  t.id = item, t.item = item, t.price = price;
  return t;
}

TEST(Settlement, PaysForCountsAndTakesOffForWhatIsMissing) {
  Counts const counts{{"valid_patrol_report_num", 120}, {"need_verify_num", 20}, {"intime_verify_num", 15}, {"absent_days", 2}, {"missed_num", 3}};
  EXPECT_EQ(amount_of(each("valid_patrol_report_num", 150), counts).money, 120 * 150);
  auto late = each("need_verify_num", -2000);
  late.less = "intime_verify_num", late.free = 2;
  EXPECT_EQ(amount_of(late, counts).quantity, 3);
  EXPECT_EQ(amount_of(late, counts).money, -6000);
  late.most = 5000;
  EXPECT_EQ(amount_of(late, counts).money, -5000);
  Tariff below;
  below.kind = Tariff::Kind::below, below.item = "intime_verify_rate", below.bound = 95'00, below.price = -1000;
  EXPECT_EQ(amount_of(below, counts).money, -20'000) << "75 % is 20 points under the bound";
  EXPECT_EQ(amount_of(below, {}).quantity, std::nullopt) << "nothing was there to be judged";
  Tariff monthly;
  monthly.kind = Tariff::Kind::monthly, monthly.price = 3000'00;
  EXPECT_EQ(amount_of(monthly, counts).money, 3000'00);
  EXPECT_EQ(money_text(-123456), "-1234.56");
  EXPECT_EQ(money_text(5), "0.05");
}

TEST(Settlement, FaultsOfTariffsAreNamed) {
  EXPECT_EQ(tariff_fault(each("valid_report_num", 100)), "");
  EXPECT_EQ(tariff_fault(each("duty_days", 100)), "");
  EXPECT_EQ(tariff_fault(each("valid_report_num", 0)), "a price of nothing");
  EXPECT_EQ(tariff_fault(each("archive_rate", 1)), "there is no count archive_rate of a patroller");
  EXPECT_EQ(tariff_fault(each("archive_num", 1)), "there is no count archive_num of a patroller") << "no person closes for a unit";
  auto below = each("report_num", -1);
  below.kind = Tariff::Kind::below;
  EXPECT_EQ(tariff_fault(below), "there is no rate report_num");
}

TEST(Settlement, ARosterTellsWhoseSomebodyWasOnWhichDays) {
  DutyLine a{"p1", "firm", "", "", ""}, b{"p1", "other", "", "", ""}, night{"p1", "firm", "", "", ""}, own{"p2", "center", "", "", ""};
  a.to = day(2026, 10, 16);
  b.from = day(2026, 10, 16);
  b.weekdays = 0x1f;
  night.to = day(2026, 10, 16);
  night.from_minute = 1200;
  auto const all = stretches({a, night, b, own}, day(2026, 10, 1), day(2026, 11, 1));
  EXPECT_EQ(all, (std::vector<Stretch>{{"p1", "firm", day(2026, 10, 1), day(2026, 10, 16), 15},
                                       {"p1", "other", day(2026, 10, 16), day(2026, 11, 1), 11},
                                       {"p2", "center", day(2026, 10, 1), day(2026, 11, 1), 31}}));
}

TEST(Settlement, ADayOffTheRosterSplitsNoMonth) {
  DutyLine early{"p1", "firm", "", "", ""}, late{"p1", "firm", "", "", ""};
  early.to = day(2026, 10, 11);
  late.from = day(2026, 10, 12);
  auto const all = stretches({early, late}, day(2026, 10, 1), day(2026, 11, 1));
  EXPECT_EQ(all, (std::vector<Stretch>{{"p1", "firm", day(2026, 10, 1), day(2026, 11, 1), 30}})) << "one quota, one cap, one rate";
}

// ---- appeals

TEST(Appeals, AreAskedForWhileTheMonthsWindowIsOpen) {
  for (int const days : {0, 40}) {
    World w;
    w.walk_to(State::closed);
    w.facts.present->late = w.c.late = true;
    w.now += Days{days};
    auto const said = outcome(w.act(person(Role::unit_head), "appeal", full_input("appeal")));
    EXPECT_EQ(said, days == 0 ? "accepted" : "appeal_window_over");
  }
  World w;
  w.walk_to(State::closed);
  w.facts.present->late = w.c.late = true;
  w.city.sealed_before = w.now + Days{62};
  EXPECT_EQ(outcome(w.act(person(Role::unit_head), "appeal", full_input("appeal"))), "appeal_window_over") << "its month is sealed";
}

}  // namespace
}  // namespace wangge::core::test
