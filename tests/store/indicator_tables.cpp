// The indicators from marks, closure table and what stands; every number opens into its cases.
#include <gtest/gtest.h>

#include "storage/figures.hpp"
#include "tests/store/world.hpp"

namespace wangge::tests {
namespace {

using core::State;

core::Instant on(int month, int day, int hour = 0) {  // local time of 2026
  return core::Instant{std::chrono::sys_days{std::chrono::year{2026} / month / day}} + std::chrono::hours(hour - 8);
}

class IndicatorTables : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    // Two of U1, one of them late; one of U2 that two patrollers looked at; one that only waits.
    std::vector<storage::CaseSave> saves;
    saves.push_back(marked(Life(1, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 11)).close(on(10, 13)),
                           {{"report", "p1"},
                            {"patrol_report", "p1"},
                            {"inst", "a1"},
                            {"dispatch", "d1"},
                            {"need_dispose", "d1"},
                            {"dispose", "u1"},
                            {"intime_dispose", "u1"},
                            {"check", "p1"}},
                           "U1", "S1"));
    saves.push_back(marked(Life(2, on(10, 10)).dispatched("S2", on(10, 12)).hand_over(on(10, 14)).close(on(10, 15)),
                           {{"report", "p2"},
                            {"patrol_report", "p2"},
                            {"inst", "a1"},
                            {"dispatch", "d1"},
                            {"need_dispose", "d1"},
                            {"dispose", "u1"},
                            {"overtime_dispose", "u1"},
                            {"check", "p1"}},
                           "U1", "S2"));
    saves.push_back(marked(Life(3, on(10, 20)).dispatched("P1", on(11, 20), "U2"),
                           {{"report", "p1"},
                            {"patrol_report", "p1"},
                            {"inst", "a2"},
                            {"dispatch", "d1"},
                            {"check", "p1"},
                            {"check", "p2"},
                            {"check", "p2"},
                            {"rework", "p1"},
                            {"rework", "p2"}},
                           "U2", "P1"));
    saves.push_back(marked(Life(4, on(10, 21)), {{"report", "p1"}, {"patrol_report", "p1"}}, "", ""));
    save(saves);
  }
  static storage::CaseSave marked(Life life, std::vector<std::pair<char const*, char const*>> const& marks,
                                  std::string unit, std::string squad) {
    auto save = life.save();
    for (auto const& [mark, person] : marks) {
      save.marks.push_back(
          {1, save.rows.front().at + std::chrono::minutes(1), {{mark, person, core::Role::patroller, unit, squad}}});
    }
    return save;
  }
  storage::IndicatorTable table(std::string const& by, core::Instant as_of = on(11, 5)) {
    storage::ClosureRequest r;
    r.who = principal(core::Role::leader);
    r.by = by;
    r.from = on(10, 1);
    r.to = on(11, 1);
    r.as_of = as_of;
    r.previous_as_of = std::min(as_of, on(10, 13));
    return reads->indicators(r);
  }
  static std::optional<std::int64_t> value(storage::IndicatorRow const& row, char const* id) {
    return core::value_of(*core::find_indicator(id), row.counts);
  }
  static storage::IndicatorRow const& row(storage::IndicatorTable const& t, std::string const& key) {
    for (auto const& one : t.rows) {
      if (one.key == key) return one;
    }
    throw std::runtime_error("no row " + key);
  }
};

TEST_F(IndicatorTables, ATreesRowsHoldWhatLiesBelowThemEachCaseOnce) {
  sql("INSERT INTO unit (district, key, zh, en, parent) VALUES ('370871', 'TOP', '城管局', 'Bureau', '') ON CONFLICT DO NOTHING; "
      "UPDATE unit SET parent = 'TOP' WHERE key IN ('U1', 'U2'); UPDATE district SET version = version + 1");
  auto const t = table("unit_tree");
  auto const &top = row(t, "TOP"), &u1 = row(t, "U1"), &u2 = row(t, "U2"), &nobody = row(t, "");
  EXPECT_EQ(u1.parent, "TOP");
  EXPECT_EQ(u1.level, 1);
  EXPECT_LT(&top, &u1) << "the upper one first";
  for (char const* id : {"inst_num", "archive_num", "need_archive_num", "check_num", "to_dispose_num"})
    EXPECT_EQ(value(top, id), *value(u1, id) + *value(u2, id)) << id;
  EXPECT_EQ(value(top, "inst_num"), 3);
  EXPECT_EQ(value(nobody, "report_num"), 1);
  EXPECT_EQ(value(t.total, "report_num"), value(table("unit").total, "report_num"));
  EXPECT_EQ(value(t.total, "multi_rework_num"), value(table("unit").total, "multi_rework_num")) << "times too, once each";
  auto const places = table("region_tree");
  auto const& district = row(places, "370871");
  EXPECT_EQ(district.level, 0);
  EXPECT_EQ(value(district, "inst_num"), 3);
  storage::CaseFilter f;
  f.indicator = "inst_num", f.closure_from = "2026-10-01", f.closure_to = "2026-10-31", f.closure_by = "unit_tree", f.closure_key = "TOP";
  EXPECT_EQ(members(reads->list_cases(principal(core::Role::leader), f).items, "case_no").size(), 3u) << "the number opens into its cases";
  f.closure_by = "region_tree", f.closure_key = "370871";
  EXPECT_EQ(members(reads->list_cases(principal(core::Role::leader), f).items, "case_no").size(), 3u);
  EXPECT_NE(storage::indicators_json(t, nullptr, nullptr, "zh").find("\"level\":1,\"parent\":\"TOP\""), std::string::npos);
}

TEST_F(IndicatorTables, ByUnitTheyCountMarksClosuresAndWhatStands) {
  auto const t = table("unit");
  auto const& u1 = row(t, "U1");
  EXPECT_EQ(value(u1, "inst_num"), 2);
  EXPECT_EQ(value(u1, "archive_num"), 2);
  EXPECT_EQ(value(u1, "need_archive_num"), 2);
  EXPECT_EQ(value(u1, "overtime_archive_num"), 1);
  EXPECT_EQ(value(u1, "intime_archive_rate"), 50'00);
  EXPECT_EQ(value(u1, "intime_dispose_rate"), 50'00);
  EXPECT_EQ(value(u1, "to_dispose_num"), 0);
  EXPECT_EQ(value(row(t, "U2"), "to_dispose_num"), 1);
  EXPECT_EQ(value(row(t, "U2"), "multi_rework_num"), 2);
  EXPECT_EQ(value(t.total, "report_num"), 4);
  EXPECT_EQ(value(t.total, "valid_report_num"), 3) << "one was never filed";
  EXPECT_EQ(value(t.total, "inst_num"), 3);
}

// Who gave a case back, or had it taken away, does not owe its disposal; who got it afterwards does.
TEST_F(IndicatorTables, ADisposalIsDueFromWhomNobodyTookItBack) {
  auto one = Life(5, on(10, 20)).dispatched("S1", on(11, 20), "U1").save();
  auto const mark = [&](std::int64_t version, int hour, char const* id, char const* unit, char const* squad) {
    one.marks.push_back({version, on(10, 21, hour), {{id, "d1", core::Role::dispatch_officer, unit, squad}}});
  };
  mark(1, 0, "dispatch", "U1", "S1"), mark(1, 0, "need_dispose", "U1", "S1");
  mark(2, 1, "taken_back", "U1", "S1");
  mark(3, 2, "need_dispose", "U2", "P1");
  mark(4, 3, "taken_back", "U2", "P1"), mark(4, 3, "need_dispose", "U2", "S2");
  mark(5, 4, "taken_back", "U2", "S2"), mark(5, 4, "need_dispose", "U2", "P1");
  save({one});
  auto const due = [&](std::string const& by, std::string const& key, core::Instant as_of) {
    auto const t = table(by, as_of);
    for (auto const& r : t.rows)
      if (r.key == key) return value(r, "need_dispose_num").value_or(0);
    return std::int64_t{0};
  };
  auto const later = on(11, 5);
  EXPECT_EQ(due("unit", "U1", later), 2) << "the two others";
  EXPECT_EQ(due("unit", "U2", later), 1) << "once, though its squads had it three times";
  EXPECT_EQ(due("squad", "P1", later), 1) << "it came back to them";
  EXPECT_EQ(due("squad", "S2", later), 1) << "the other one";
  EXPECT_EQ(due("unit_tree", "U2", later), 1);
  EXPECT_EQ(value(table("street").total, "need_dispose_num"), 3);
  EXPECT_EQ(due("unit", "U1", on(10, 21, 0) + std::chrono::minutes(30)), 3) << "as it was known then";
}

// Refused or merged into another, it was no report that somebody missed.
TEST_F(IndicatorTables, AMissedReportIsOneThatBecameACaseOfItsOwn) {
  sql("ALTER TABLE history DISABLE TRIGGER history_moves");  // the states matter here, not the roads to them
  std::vector<storage::CaseSave> saves;
  int number = 5;
  for (auto const state : {State::merged, State::not_filed, State::pending_file}) {
    Life life(++number, on(10, 20));
    life.step("verify", state, on(10, 20, 1), [&](core::Case& c) {
      if (!core::info(state).open) c.closed_at = on(10, 20, 1);
    });
    saves.push_back(marked(std::move(life), {{"missed", "p9"}}, "", ""));
  }
  Life parted(++number, on(10, 20));
  parted.step("merge", State::merged, on(10, 20, 2), [](core::Case& c) { c.closed_at = on(10, 20, 2); });
  parted.step("unmerge", State::pending_file, on(10, 22), [](core::Case& c) { c.closed_at.reset(); });
  saves.push_back(marked(std::move(parted), {{"missed", "p9"}}, "", ""));
  save(saves);
  EXPECT_EQ(value(row(table("person"), "p9"), "missed_num"), 2);
  EXPECT_EQ(value(row(table("person", on(10, 21)), "p9"), "missed_num"), 1) << "as it was known while it was merged";
}

TEST_F(IndicatorTables, ByPersonACaseCountsForEachAndOnceInTheWhole) {
  auto const t = table("person");
  EXPECT_EQ(value(row(t, "p1"), "check_num"), 3);
  EXPECT_EQ(value(row(t, "p2"), "check_num"), 1);
  EXPECT_EQ(value(t.total, "check_num"), 3);
  EXPECT_EQ(value(row(t, "p1"), "archive_num"), std::nullopt) << "no person closes for a unit";
  EXPECT_EQ(value(row(t, "d1"), "need_dispatch_num"), 3);
  EXPECT_EQ(value(t.total, "archive_num"), 2);
}

TEST_F(IndicatorTables, EveryNumberOpensIntoItsCases) {
  for (std::string const by : {"unit", "person", "category"}) {
    auto const t = table(by);
    auto rows = t.rows;
    rows.push_back(t.total);
    for (auto const& one : rows) {
      for (auto const& i : core::indicators()) {
        auto const count = one.counts.find(i.id);
        if (count == one.counts.end() || i.measure == core::Measure::rows) continue;
        storage::CaseFilter f;
        f.indicator = i.id;
        f.closure_month = "2026-10";
        f.closure_by = by;
        f.as_of = "2026-11-04T16:00:00Z";
        if (&one != &rows.back()) f.closure_key = one.key.empty() ? "-" : one.key;
        if (&one == &rows.back() && i.measure == core::Measure::closure && by != "unit") f.closure_by = "unit";
        auto const listed = members(reads->list_cases(principal(core::Role::leader), f).items, "case_no").size();
        EXPECT_EQ(static_cast<std::int64_t>(listed), count->second) << by << " " << one.key << " " << i.id;
      }
    }
  }
}

TEST_F(IndicatorTables, WhatHappensAfterTIsNotCounted) {
  EXPECT_EQ(value(table("unit", on(10, 15)).total, "report_num"), 2);
}

TEST_F(IndicatorTables, ABadWordIsNamed) {
  storage::CaseFilter f;
  f.closure_month = "2026-10";
  for (auto const* word : {"colour", "archive_rate"}) {
    f.indicator = word;
    try {
      reads->list_cases(principal(core::Role::leader), f);
      ADD_FAILURE() << word;
    } catch (storage::BadFilter const& e) {
      EXPECT_EQ(e.field, "indicator");
    }
  }
  EXPECT_THROW(table("colour"), storage::BadFilter);
}

TEST_F(IndicatorTables, ASealedMonthIsKnownToEveryDispatcher) {
  EXPECT_FALSE(store->load_city(kDistrict).sealed_before);
  auto const version = store->city_version(kDistrict);
  storage::Seal seal{"2026-10", on(11, 1), on(11, 5), {}, "content", storage::sha256_hex("content"), "00", "evaluator"};
  storage::put_seal(url, kDistrict, seal);
  EXPECT_EQ(store->load_city(kDistrict).sealed_before, on(11, 1));
  EXPECT_GT(store->city_version(kDistrict), version);
  EXPECT_EQ(storage::find_seal(url, kDistrict, "2026-10")->content, "content");
  EXPECT_FALSE(storage::find_seal(url, kDistrict, "2026-09"));
  EXPECT_THROW(storage::put_seal(url, kDistrict, seal), storage::Conflict);
  EXPECT_EQ(seal.digest, "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73");
}

TEST_F(IndicatorTables, HistoriesLeadToTheirRowsAndSpansOrAreNamed) {
  sql("DELETE FROM span WHERE case_no = '" + number(3) + "'");
  storage::HistoryPeriod const october{on(10, 1), on(11, 1), on(11, 5)};
  auto const check = storage::check_histories(url, kDistrict, october);
  EXPECT_EQ(check.cases, 4);
  auto const no_spans = number(3) + ": its history does not lead to its spans";
  EXPECT_EQ(std::count(check.findings.begin(), check.findings.end(), no_spans), 1);
  EXPECT_EQ(check.findings.size(), 5u) << "the marks of this table's cases were made up";
  // Put right, they count as their rows do; what no recount mends is still named.
  EXPECT_EQ(storage::check_histories(url, kDistrict, october, true).repaired, 4);
  EXPECT_EQ(storage::check_histories(url, kDistrict, october).findings, std::vector<std::string>{no_spans});
}

}  // namespace
}  // namespace wangge::tests
