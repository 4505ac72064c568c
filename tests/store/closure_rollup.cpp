// The rollup of the closure table says what the spans say, to the digit, at every instant that is published (DECISIONS
// 26): random lives over five months, read while they grow, before and after folding and building anew.
#include <gtest/gtest.h>

#include <random>

#include "storage/figures.hpp"
#include "storage/lists.hpp"
#include "storage/times.hpp"
#include "tests/store/world.hpp"

namespace wangge::tests {
namespace {

using core::State;
using storage::ClosureTable;

constexpr std::array kBy{"district", "street", "unit", "squad", "class", "source"};

core::Instant on(int month, int day, int hour = 0, int minute = 0) {  // local time of 2026
  return core::Instant{std::chrono::sys_days{std::chrono::year{2026} / month / day}} + std::chrono::hours(hour - 8) +
         std::chrono::minutes(minute);
}

// Lives that do what the table's rules speak of; not all of it is lawful, the store does not ask.
class Lives {
 public:
  explicit Lives(unsigned seed) : chance_(seed) {}
  std::vector<Life> lives;

  void begin(core::Instant when) {
    lives.emplace_back(static_cast<int>(lives.size()) + 1, when);
    auto& life = lives.back();
    if (some(8)) return;  // waits in the queue
    std::string const unit = some(3) ? "U2" : "U1";
    auto const due = when + std::chrono::hours(pick(1, 24 * 50));
    life.dispatched(unit == "U2" ? "P1" : some(2) ? "S1" : "S2", some(20) ? when : due, unit);
  }

  void go_on(Life& life, core::Instant when) {
    auto const& c = life.now();
    if (!core::info(c.state).open || when < c.last_at) return;
    if (!c.filed_at) {
      if (some(4)) life.step("decline", State::not_accepted, when, [&](core::Case& x) { x.closed_at = when; });
      return;
    }
    switch (c.handed_over_at ? pick(0, 5) : pick(6, 18)) {
      case 0:
      case 1:
        life.close(when);
        return;
      case 2:
        life.fail(when, when + std::chrono::hours(pick(-50, 300)));
        return;
      case 3:
        forced(life, when);
        return;
      case 4:
        voided(life, when);
        return;
      case 5:
        life.step("note", c.state, when, [&](core::Case& x) { x.exempt = some(2), sealed(x, when); });
        return;
      case 6:
      case 7:
      case 8:
      case 9:
        if (!c.left_ms) life.hand_over(when);
        return;
      case 10:
        forced(life, when);
        return;
      case 11:
        voided(life, when);
        return;
      case 12:  // taken back, or given to another body
        life.step("recall", State::pending_dispatch, when,
                  [&](core::Case& x) { x.left_ms = (*x.due_at - when).count(); });
        return;
      case 13:
        life.step("dispatch", State::pending_dispose, when, [&](core::Case& x) {
          x.unit = some(2) ? "U1" : "U2";
          x.squad = x.unit == "U1" ? "S1" : "P1";
          x.left_ms.reset();
          x.due_at = when + std::chrono::hours(pick(1, 600));
        });
        return;
      case 14: {  // extended: counts from its asking
        auto const asked = when - std::chrono::hours(pick(0, 200));
        auto const longer = *c.due_at + std::chrono::hours(pick(1, 400));
        if (c.left_ms || asked < c.opened_at) return;
        life.step("approve_request", c.state, when, [&](core::Case& x) { x.due_at = longer, x.extensions += 1; });
        life.counts_from(asked, longer);
        return;
      }
      case 15: {  // suspended: stood still from its asking
        auto const asked = when - std::chrono::hours(pick(0, 200));
        if (c.left_ms || asked < c.opened_at) return;
        life.step("approve_request", State::suspended, when,
                  [&](core::Case& x) { x.left_ms = pick(-10, 10) * 60'000; });
        life.counts_from(asked, core::kNever);
        return;
      }
      case 16:
        life.step("hand_to_enforcement", State::in_enforcement, when,
                  [&](core::Case& x) { x.enforcement_no = "X", x.left_ms = pick(-5, 5), sealed(x, when); });
        return;
      case 17:
        life.step("note", c.state, when, [&](core::Case& x) { x.campaign = "flood", core::set_flag(x, "counted_apart:flood", some(2)); });
        return;
      default:
        life.step("amend", c.state, when, [&](core::Case& x) {
          amended(x, when);
          x.street = some(2) ? "370871002" : "370871003", x.community = x.street + "001", x.class_code = some(2) ? "06" : "07", x.source = "public";
        });
        return;
    }
  }
  Life& any() { return lives[static_cast<std::size_t>(pick(0, static_cast<int>(lives.size()) - 1))]; }
  int pick(int low, int high) { return std::uniform_int_distribution<int>(low, high)(chance_); }
  bool some(int of) { return pick(1, of) == 1; }

 private:
  // Some months before were sealed when it left the figures.
  void sealed(core::Case& c, core::Instant when) {
    if (some(3) || !core::flag_value(c, "counted_to").empty()) return;
    int month = pick(7, 11);
    while (month > 7 && on(month, 1) >= when) --month;
    auto const last = std::max(month - 1, 7);
    core::set_flag(c, std::string("counted_to:2026-") + (last < 10 ? "0" : "") + std::to_string(last));
  }
  // Likewise when it was amended: they keep it where it was.
  void amended(core::Case& c, core::Instant when) {
    int month = pick(7, 11);
    while (month > 7 && on(month, 1) >= when) --month;
    auto const last = std::max(month - 1, 7);
    auto const to = std::string("counted_as:2026-") + (last < 10 ? "0" : "") + std::to_string(last);
    bool const later = std::all_of(c.flags.begin(), c.flags.end(), [&](std::string const& f) {
      return !f.starts_with("counted_as:") || f.substr(0, to.size()) < to;
    });
    if (later && some(2))
      core::set_flag(c, to + ":" + c.street + ":" + c.community + ":" + c.grid + ":" + c.class_code + ":" + c.code);
  }
  void forced(Life& life, core::Instant when) {
    life.step("approve_request", State::forced_closed, when, [&](core::Case& c) { c.closed_at = when; });
  }
  void voided(Life& life, core::Instant when) {
    auto const from = life.now().state;
    life.step("request_void", from, when, [&](core::Case& c) {
      c.requests = {{"r9", core::RequestKind::void_, "a", when, std::nullopt, "double"}};
    });
    life.step("approve_void", State::voided, when, [&](core::Case& c) { c.closed_at = when; });
  }
  std::mt19937 chance_;
};

class Rollup : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    // These lives take steps that the lifecycle does not have.
    sql("ALTER TABLE history DISABLE TRIGGER history_moves");
  }
  storage::ClosureRequest request(int month, core::Instant now, core::Principal who) {
    auto const calendar = reads->calendar(kDistrict);
    storage::ClosureRequest r;
    r.who = std::move(who);
    r.from = on(month, 1);
    r.to = on(month + 1, 1);
    r.as_of = std::min(now, calendar.end_of_working_day_after(calendar.local_day(r.to) - core::Days{1}, 3));
    r.previous_as_of = std::min(now, calendar.end_of_working_day_after(calendar.local_day(r.from) - core::Days{1}, 3));
    return r;
  }
  static std::string text(ClosureTable const& t) {
    std::string out;
    for (auto const& row : t.rows) {
      out += row.key + ":";
      for (auto const& column : storage::kClosureColumns)
        out += " " + std::string(column.id) + "=" + std::to_string(row.*column.count);
      out += "\n";
    }
    return out;
  }
  // Every month up to `now`, every grouping; `rolled`: the rollup itself must have answered.
  void compare(core::Instant now, core::Principal const& who, bool rolled = true) {
    for (int month = 7; month <= 12 && on(month, 1) < now; ++month) {
      for (std::string const by : kBy) {
        auto r = request(month, now, who);
        r.by = by;
        auto const fast = reads->closure(r);
        r.from_spans = true;
        ASSERT_EQ(text(fast), text(reads->closure(r)))
            << "month " << month << " by " << by << " as of " << storage::format_utc(r.as_of);
        EXPECT_EQ(fast.from_rollup, rolled) << "month " << month << " as of " << storage::format_utc(r.as_of);
        if (!who.unit.empty() || !who.street.empty()) continue;
        EXPECT_EQ(fast.as_of, r.as_of);
      }
    }
  }
  void compare(core::Instant now, bool scopes = false) {
    compare(now, principal(core::Role::leader));
    if (!scopes) return;
    auto unit = principal(core::Role::unit_head), squad = unit, street = principal(core::Role::patroller), both = unit;
    unit.unit = squad.unit = both.unit = "U1";
    squad.squad = "S1";
    street.street = both.street = "370871001";
    compare(now, unit);
    compare(now, squad);
    compare(now, street);
    compare(now, both, false);
  }
  // The lives of these months, saved as they go; looks in at a few moments on the way.
  void live(unsigned seed, std::vector<core::Instant> const& looks, int steps) {
    Lives l(seed);
    core::Instant now = on(7, 1);
    auto const step = (on(12, 20) - now) / steps;
    std::size_t look = 0;
    for (int i = 0; i < steps; ++i) {
      now += step + std::chrono::seconds(l.pick(0, 50));
      // Right at the edges too: the month's end, T, midnight.
      auto const when = l.some(12) ? on(l.pick(8, 11), l.some(2) ? 1 : 5) : now;
      while (look < looks.size() && looks[look] < now) {
        compare(looks[look++]);
        if (HasFatalFailure()) return;
        if (l.some(2)) storage::fold_figures(url, kDistrict, looks[look - 1]);
      }
      std::vector<storage::CaseSave> saves;
      if (l.lives.empty() || l.some(3)) {
        l.begin(now);
        saves.push_back(l.lives.back().save());
      } else {
        auto& life = l.any();
        l.go_on(life, std::max(when <= now ? when : now, life.now().last_at));
        auto one = life.save();
        if (!one.rows.empty()) saves.push_back(one);
      }
      if (!saves.empty()) save(saves);
    }
    auto const end = on(12, 22, 13);
    compare(end, true);
    storage::fold_figures(url, kDistrict, end);
    compare(end, true);
    EXPECT_TRUE(storage::rebuild_figures(url, kDistrict, on(12, 22)).usable);
    compare(end);
  }

  // ---- the cases behind the numbers

  static std::string numbers_in(std::string const& items) {
    std::string numbers;
    std::string_view const mark = "\"case_no\" : \"";
    for (auto at = items.find(mark); at != std::string::npos; at = items.find(mark, at + 1)) numbers += items.substr(at + mark.size(), 19) + " ";
    return numbers;
  }
  // The lists of months that are over, whatever the clock of who runs this says, each page by page: all of August's, by unit of the others
  // and of whoever sees a part.
  std::map<std::string, std::string> lists_of(core::Principal const& who) {
    std::map<std::string, std::string> lists;
    for (int month = 7; month <= 9; ++month) {
      for (std::string const by : {"unit", "district", "street", "squad", "class", "source", "unit_tree", "region_tree", "grid"}) {
        if (by != "unit" && (month != 8 || who.role != core::Role::leader)) break;
        auto r = request(month, on(12, 22), who);
        r.by = by;
        auto const table = reads->closure(r);
        std::vector<std::string> keys{""};
        for (auto const& row : table.rows) keys.push_back(row.key.empty() ? "-" : row.key);
        for (auto const& key : keys) {
          for (std::string const field : {"filed", "dispatched", "due", "carried_over", "closed", "closed_on_time", "reworked", "extended", "awaiting_check",
                                          "in_enforcement", "open_at_end", "closed_late", "not_closed"}) {
            storage::CaseFilter f;
            f.closure_month = "2026-0" + std::to_string(month), f.closure_by = by, f.closure_key = key, f.closure_field = field, f.limit = 7;
            auto& found = lists[f.closure_month + " " + by + " " + key + " " + field];
            do {
              auto const page = reads->list_cases(who, f);
              found += numbers_in(page.items);
              f.cursor = page.next_cursor;
            } while (!f.cursor.empty());
            auto const column = std::find_if(storage::kClosureColumns.begin(), storage::kClosureColumns.end(), [&](auto const& c) { return c.id == field; });
            auto const row = std::find_if(table.rows.begin(), table.rows.end(), [&](auto const& one) { return one.key == (key == "-" ? "" : key); });
            if (column == storage::kClosureColumns.end()) continue;
            auto const count = key.empty() ? table.total.*column->count : (*row).*column->count;
            EXPECT_EQ(static_cast<std::int64_t>(found.size()) / 20, count) << f.closure_month << " by " << by << " " << key << " " << field;
          }
        }
      }
    }
    return lists;
  }
  void compare_lists() {
    auto unit = principal(core::Role::unit_head), squad = unit, street = principal(core::Role::patroller);
    unit.unit = squad.unit = "U1", squad.squad = "S1", street.street = "370871001";
    for (auto const& who : {principal(core::Role::leader), unit, squad, street}) {
      auto const listed = lists_of(who);
      sql("ALTER TABLE list_month RENAME TO list_month_away; CREATE TABLE list_month (LIKE list_month_away)");
      auto const computed = lists_of(who);
      sql("DROP TABLE list_month; ALTER TABLE list_month_away RENAME TO list_month");
      EXPECT_EQ(listed, computed);
    }
  }
};

class RollupLives : public Rollup, public testing::WithParamInterface<unsigned> {};
TEST_P(RollupLives, SaysWhatTheSpansSay) {
  live(GetParam(), {on(8, 3, 15), on(9, 30, 23, 59), on(10, 13), on(11, 4, 23)}, 300);
}
INSTANTIATE_TEST_SUITE_P(Seeds, RollupLives, testing::Values(1u, 2u, 3u));

TEST_F(Rollup, ListsOfAMonthThatIsOverAreWhatItsNumbersCount) {
  Lives l(4);
  auto now = on(7, 1);
  auto const some_step = [&] {
    if (l.lives.empty() || l.some(3)) {
      l.begin(now);
      return save({l.lives.back().save()});
    }
    auto& life = l.any();
    l.go_on(life, std::max(now, life.now().last_at));
    if (auto const one = life.save(); !one.rows.empty()) save({one});
  };
  for (; now < on(12, 20); now += std::chrono::hours(14)) some_step();
  for (int month = 7; month <= 9; ++month) EXPECT_TRUE(storage::list_month(url, kDistrict, 2026 * 12 + month - 1, on(12, 22)));
  compare_lists();
  // What is written into them later is among them at once.
  for (int i = 0; i < 60; ++i, now += std::chrono::minutes(7)) some_step();
  EXPECT_NE(sql("SELECT count(*) FROM list_touched")[0][0], "0");
  compare_lists();
  EXPECT_TRUE(storage::list_month(url, kDistrict, 2026 * 12 + 8 - 1, on(12, 24)));
  compare_lists();
  sql("UPDATE list_set SET places = 'g'; DELETE FROM list_touched");
  storage::CaseFilter f;
  f.closure_month = "2026-08", f.closure_by = "district", f.closure_field = "filed";
  EXPECT_EQ(reads->list_cases(principal(core::Role::leader), f).items, "[]") << "the lists themselves were read";
}

TEST_F(Rollup, AMonthIsListedWhenItIsOver) {
  save({Life(1, on(10, 10)).dispatched("S1", on(10, 12)).save()});
  EXPECT_FALSE(storage::list_month(url, kDistrict, 2026 * 12 + 9, on(11, 2))) << "before its T";
  EXPECT_TRUE(storage::list_month(url, kDistrict, 2026 * 12 + 9, on(11, 20)));
}

TEST_F(Rollup, NowMeansBehindWhateverCameBeforeTheAnswer) {
  save({Life(1, on(10, 10)).dispatched("S1", on(10, 12)).save()});
  auto r = request(10, on(10, 9), principal(core::Role::leader));
  EXPECT_FALSE(reads->closure(r).from_rollup) << "an instant that was asked for is not moved";
  r.live = true;
  auto const t = reads->closure(r);
  EXPECT_TRUE(t.from_rollup);
  EXPECT_EQ(t.as_of, on(10, 10, 0, 1) + core::Millis{1});
  EXPECT_EQ(t.total.filed, 1);
}

TEST_F(Rollup, ACalendarThatMovesACountedMonthIsAnsweredFromSpansUntilItIsBuiltAnew) {
  save({Life(1, on(10, 10)).dispatched("S1", on(10, 12)).hand_over(on(10, 20)).close(on(11, 4, 12)).save()});
  sql("INSERT INTO calendar_day (district, calendar, day, works) VALUES ('370871', 'center', '2026-11-02', false); "
      "UPDATE district SET version = 2");
  store->keep_figures(kDistrict);
  EXPECT_EQ(sql("SELECT built FROM figure_state")[0][0], on(11, 5) < std::chrono::system_clock::now() ? "f" : "t");
  storage::rebuild_figures(url, kDistrict, on(12, 22));
  compare(on(12, 31), principal(core::Role::leader));
}

TEST_F(Rollup, ADatabaseFromBeforeTheRollupIsAnsweredFromSpansUntilItIsBuilt) {
  save({Life(1, on(10, 10)).dispatched("S1", on(10, 12)).save()});
  sql("DELETE FROM figure_delta; DELETE FROM figure_rollup; DELETE FROM figure_state; DELETE FROM figure_month");
  EXPECT_FALSE(storage::figures_stand(url, kDistrict));
  auto const r = request(10, on(12, 1), principal(core::Role::leader));
  EXPECT_FALSE(reads->closure(r).from_rollup);
  EXPECT_EQ(reads->closure(r).total.due, 1);
  save({Life(2, on(10, 10)).dispatched("S1", on(10, 12)).save()});  // nobody counts by months that are not there
  EXPECT_EQ(storage::rebuild_figures(url, kDistrict, on(12, 1)).cases, 2);
  EXPECT_TRUE(storage::figures_stand(url, kDistrict));
  save({Life(3, on(10, 10)).dispatched("S1", on(10, 12)).save()});
  auto const t = reads->closure(r);
  EXPECT_TRUE(t.from_rollup);
  EXPECT_EQ(t.total.due, 3);
}

TEST_F(Rollup, OtherPeriodsAndMomentsComeFromTheSpans) {
  save({Life(1, on(10, 10)).dispatched("S1", on(10, 12)).save()});
  auto r = request(10, on(12, 1), principal(core::Role::leader));
  r.to = on(12, 1);
  EXPECT_FALSE(reads->closure(r).from_rollup) << "two months";
  r = request(10, on(12, 1), principal(core::Role::leader));
  r.previous_as_of = on(9, 1);
  EXPECT_FALSE(reads->closure(r).from_rollup);
}

TEST_F(Rollup, TheCheckNamesWhatDiffers) {
  save({Life(1, on(10, 10)).dispatched("S1", on(10, 12)).save()});
  auto const r = request(10, on(12, 1), principal(core::Role::leader));
  auto check = storage::check_figures(*reads, r);
  EXPECT_TRUE(check.differences.empty());
  EXPECT_EQ(check.tables, 6);
  storage::fold_figures(url, kDistrict, on(12, 1));
  sql("UPDATE figure_rollup SET filed = filed + 1 WHERE within = '' AND by = 'unit' AND filed > 0");
  check = storage::check_figures(*reads, r);
  ASSERT_EQ(check.differences.size(), 1u);
  EXPECT_NE(check.differences[0].find("filed"), std::string::npos);
}

}  // namespace
}  // namespace wangge::tests
