// The desk's records on PostgreSQL: what a handover's snapshot counts, that the database itself keeps what was signed, leases.
#include <gtest/gtest.h>

#include "storage/desk_records.hpp"
#include "tests/store/world.hpp"

namespace wangge::tests {
namespace {

using namespace std::chrono_literals;

class Desk : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    records = std::make_unique<storage::DeskRecords>(url);
    lead1 = principal(core::Role::shift_leader, "lead1"), lead2 = principal(core::Role::shift_leader, "lead2");
  }
  storage::Handover open() {
    bool made = false;
    return records->open_handover(lead1, shift, noon, noon + 12h, made);
  }
  core::Instant const noon = core::Instant{std::chrono::sys_days{std::chrono::year{2026} / 11 / 10}} + 4h;
  core::DeskShift const shift{noon - 4h, noon + 8h, "白班", "Day"};
  std::unique_ptr<storage::DeskRecords> records;
  core::Principal lead1, lead2;
};

TEST_F(Desk, ASnapshotHoldsWhatIsOpenRedSoonRedPromisedAndOrdered) {
  save({Life(1, noon - 48h).dispatched("S1", noon - 1h).save(), Life(2, noon - 48h).dispatched("S1", noon + 3h).save(),
        Life(3, noon - 48h).dispatched("S2", noon + 48h).save()});
  sql("UPDATE cases SET orders = 'r3' || chr(31) || 'supervise' || chr(31) || 'boss' || chr(31) || '1731200000000' || chr(31) || '' || chr(31) || '今日办结' WHERE right(case_no, 1) = '3'");
  auto const report = sql("SELECT report_id FROM cases ORDER BY case_no LIMIT 1")[0][0];
  records->promise(lead1, report, noon + 2h, noon);
  auto const h = open();
  EXPECT_NE(h.snapshot.find("\"open\" : 3"), std::string::npos) << h.snapshot;
  EXPECT_NE(h.snapshot.find("\"red\" : {\"count\" : 1"), std::string::npos) << h.snapshot;
  EXPECT_NE(h.snapshot.find("\"red_soon\" : {\"count\" : 1"), std::string::npos) << h.snapshot;
  EXPECT_NE(h.snapshot.find("\"promises\" : {\"count\" : 1"), std::string::npos) << h.snapshot;
  EXPECT_NE(h.snapshot.find("今日办结"), std::string::npos) << h.snapshot;
}

TEST_F(Desk, ACallersReportsAreFoundHoweverTheNumberIsWritten) {
  save({Life(1, noon - 48h).save(), Life(2, noon - 24h).dispatched("S1").save(), Life(3, noon - 12h).save()});
  sql("UPDATE reporter SET phone = '13900000001' WHERE right(case_no, 1) = '3'");
  sql("INSERT INTO hotline_caller (district, order_no, name, phone) SELECT district, order_no, '王芳', '0086 138-0000-0000' FROM hotline_order");
  auto const numbers = [&](core::Principal const& who, std::string const& phone) {
    std::string all;
    for (auto const& one : records->earlier(who, phone)) all += one.json + one.name;
    return members(all, "case_no");
  };
  auto const agent = principal(core::Role::hotline_agent);
  auto const both = sql("SELECT case_no FROM cases WHERE right(case_no, 1) IN ('1', '2') ORDER BY opened_at DESC");
  for (auto const* phone : {"13800000000", "138 0000 0000", "+86-138-0000-0000", "008613800000000"})
    EXPECT_EQ(numbers(agent, phone), (std::vector<std::string>{both[0][0], both[1][0]})) << phone;
  EXPECT_EQ(records->earlier(agent, "13800000000").at(0).name, "王芳");
  EXPECT_TRUE(records->earlier(agent, "1380000000").empty()) << "the whole number or nothing";
  EXPECT_TRUE(records->earlier(agent, "----------").empty()) << "no digits are nobody's number";
  auto elsewhere = agent;
  elsewhere.street = "370871002";
  EXPECT_TRUE(records->earlier(elsewhere, "13800000000").empty());
}

TEST_F(Desk, AHandoverIsOneAShiftAndOnlyTheVersionThatWasReadIsSigned) {
  auto const first = open(), again = open();
  EXPECT_EQ(first.number, 1);
  EXPECT_EQ(again.number, 1);
  EXPECT_EQ(records->write_handover(lead1, 1, 1, "注意", std::nullopt, noon), 2);
  EXPECT_EQ(records->write_handover(lead1, 1, 1, "旧的", std::nullopt, noon), std::nullopt);
  EXPECT_EQ(records->sign_out(lead1, first, noon), std::nullopt) << "the notes came after it was read";
  auto const seen = *records->handover(lead1.district, 1);
  EXPECT_EQ(records->sign_out(lead1, seen, noon + 1h), 3);
  auto signed_out = *records->handover(lead1.district, 1);
  EXPECT_EQ(storage::handover_digest(lead1.district, signed_out), signed_out.digest);
  EXPECT_EQ(records->write_handover(lead1, 1, 3, "再改", std::nullopt, noon), std::nullopt);
  EXPECT_EQ(records->sign_in(lead1, signed_out, noon + 2h, ""), std::nullopt) << "not the same person";
  EXPECT_EQ(records->sign_in(lead2, signed_out, noon + 2h, "收到"), 4);
  EXPECT_EQ(records->sign_in(lead2, *records->handover(lead1.district, 1), noon + 3h, "又"), std::nullopt);
  EXPECT_EQ(records->handovers(lead1.district, std::nullopt, 10).size(), 1u);
  EXPECT_TRUE(records->handovers(lead1.district, shift.from, 10).empty());
}

TEST_F(Desk, TheDatabaseItselfKeepsWhatWasSigned) {
  open();
  records->sign_out(lead1, *records->handover(lead1.district, 1), noon);
  for (auto const* change : {"UPDATE handover SET notes = 'x'", "UPDATE handover SET snapshot = '{}'", "UPDATE handover SET outgoing = 'y'", "DELETE FROM handover"})
    EXPECT_ANY_THROW(sql(change)) << change;
  records->sign_in(lead2, *records->handover(lead1.district, 1), noon, "");
  for (auto const* change : {"UPDATE handover SET remark = 'x'", "UPDATE handover SET version = 9", "DELETE FROM handover"}) EXPECT_ANY_THROW(sql(change)) << change;
}

TEST_F(Desk, ShiftsAreTheStandardOnesUntilTheCitySetsItsOwn) {
  EXPECT_EQ(records->shifts("370871").begins, core::standard_shifts());
  std::vector<core::ShiftBegin> const own{{0, "夜班", "Night"}, {480, "早班", "Early"}, {960, "中班", "Late"}};
  records->set_shifts("370871", own);
  EXPECT_EQ(records->shifts("370871").begins, own);
  records->set_shifts("370871", {own[1]});
  EXPECT_EQ(records->shifts("370871").begins.size(), 1u);
}

TEST_F(Desk, ALeaseIsOnePersonsUntilItEndsOrIsTakenOverWithAReason) {
  std::string const no = "3708712026111000001";
  records->look(lead1, "tab1", no);
  records->look(lead1, "tab2", no);
  records->look(lead2, "tab1", no);
  EXPECT_TRUE(records->take_lease(lead1, no, ""));
  EXPECT_TRUE(records->take_lease(lead1, no, "")) << "renewed";
  EXPECT_FALSE(records->take_lease(lead2, no, ""));
  auto const seen = records->looked("370871", no);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_EQ(members(seen[0].json, "name"), (std::vector<std::string>{"lead1", "lead2", "lead1"})) << "each person once, then the lease's: " << seen[0].json;
  EXPECT_TRUE(records->take_lease(lead2, no, "去吃饭了"));
  EXPECT_EQ(sql("SELECT name, taken_from, reason FROM lease_takeover").at(0), (std::vector<std::string>{"lead2", "lead1", "去吃饭了"}));
  EXPECT_FALSE(records->take_lease(lead1, no, ""));
  records->drop_lease(lead1, no);
  EXPECT_FALSE(records->take_lease(lead1, no, "")) << "only one's own ends";
  sql("UPDATE case_lease SET until_at = now() - interval '1 second'");
  EXPECT_TRUE(records->take_lease(lead1, no, "")) << "it has run out";
  records->look(lead1, "tab1", "");
  records->look(lead1, "tab2", "");
  EXPECT_EQ(members(records->looked("370871", "")[0].json, "name").front(), "lead2");
  sql("UPDATE presence SET seen_at = now() - interval '2 minutes'");
  records->drop_lease(lead1, no);
  EXPECT_TRUE(records->looked("370871", "").empty()) << "not heard of for a minute";
}

TEST_F(Desk, ViewsAreTheOwnersToChangeAndAnybodysToPin) {
  storage::SavedView view{"0b6cbb1c-7a0e-4c63-9d0e-3d0f6f6a7799", "lead1", "红灯", "light=red", true, true};
  EXPECT_TRUE(records->put_view(lead1, view));
  view.pinned = true;
  EXPECT_TRUE(records->put_view(lead2, view));
  auto const seen = records->views(lead2);
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_TRUE(seen[0].pinned);
  EXPECT_EQ(seen[0].owner, "lead1");
  save({Life(1, noon - 48h).dispatched("S1", noon - 1h).save()});
  storage::CaseFilter filter;
  filter.light = "red";
  EXPECT_NE(reads->light_counts(lead1, filter).find("\"red\" : 1"), std::string::npos) << reads->light_counts(lead1, filter);
  auto officer = lead2;
  officer.role = core::Role::dispatch_officer;
  EXPECT_FALSE(records->drop_view(officer, view.view_id));
  EXPECT_TRUE(records->drop_view(lead2, view.view_id)) << "a shift leader tidies what is shared";
}

}  // namespace
}  // namespace wangge::tests
