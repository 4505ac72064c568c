// The publication door: scores that open into their cases, a month's seal by the right role, pages and bulletins.
#include <gtest/gtest.h>

#include "storage/publish/bulletin.hpp"
#include "tests/doors/world.hpp"

namespace wangge::test {
namespace {

TEST(Publication, EveryPartOfAScoreNamesItsFormulaAndItsCases) {
  World world;
  auto const answer = world.get("/api/v1/statistics/evaluation?month=2026-10&scheme=department", "evaluator");
  ASSERT_EQ(answer.status, 200) << answer;
  EXPECT_EQ(answer.body.at("scheme").at("standard"), true);
  auto const& group = answer.body.at("groups").at(0);
  EXPECT_EQ(group.at("parts").at(1).at("formula"), "archive_num / need_archive_num × 100 %");
  auto const& row = group.at("rows").at(0);
  EXPECT_EQ(row.at("rank"), 1);
  EXPECT_EQ(row.at("score").as_double(), 88.0) << "100 x 10 % + 90 x 30 % + 80 x 30 % + 90 x 30 %";
  EXPECT_EQ(row.at("grade"), "B");
  auto const& counts = row.at("parts").at(1).at("counts");
  EXPECT_EQ(counts.at("archive_num").at("count"), 9);
  EXPECT_TRUE(std::string(counts.at("need_archive_num").at("cases").as_string()).starts_with("/api/v1/cases?indicator=need_archive_num&closure_from=2026-10-01&closure_to=2026-10-31&closure_by=unit&closure_key=u1&as_of="));
  EXPECT_EQ(world.get("/api/v1/statistics/evaluation?scheme=colour", "evaluator").status, 422);
  EXPECT_TRUE(world.get("/api/v1/statistics/evaluation?scheme=colour", "evaluator").blames("/scheme"));
  EXPECT_EQ(world.get("/api/v1/statistics/evaluation", "patroller").status, 403);
}

TEST(Publication, SchemesAreListedWithTheirDates) {
  World world;
  core::Scheme own;
  own.id = "department-2026", own.object = "department", own.by = "unit";
  own.from = core::LocalDay{std::chrono::year{2026} / 7 / 1};
  own.groups = {{"a", "甲组", "A", {"u1"}}};
  world.publisher.small.schemes = {own};
  auto const items = world.get("/api/v1/statistics/schemes", "leader").body.at("items").as_array();
  ASSERT_EQ(items.size(), 1 + core::standard_schemes().size());
  EXPECT_EQ(items[0].at("from_day"), "2026-07-01");
  EXPECT_EQ(items[0].at("groups").at(0).at("members").at(0), "u1");
  EXPECT_EQ(items[1].at("standard"), true);
}

TEST(Publication, AMonthIsSealedByAnEvaluatorAndSaysWhyNot) {
  World world;
  auto const url = "/api/v1/statistics/months/2026-09/seal";
  EXPECT_EQ(world.ask("POST", url, "shift_leader", "{}").status, 403);
  EXPECT_EQ(world.ask("POST", "/api/v1/statistics/months/2026-13/seal", "evaluator", "{}").status, 404);
  auto const sealed = world.ask("POST", url, "evaluator", "{}");
  ASSERT_EQ(sealed.status, 200) << sealed;
  EXPECT_EQ(sealed.body.at("month_state").at("digest"), "d1");
  EXPECT_EQ(world.publisher.sealed_by, "evaluator signed zh");
  world.publisher.refused = "appeals_waiting";
  auto const refused = world.ask("POST", url, "evaluator", "{}");
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(refused.code(), "not_allowed");
  EXPECT_EQ(refused.body.at("reason"), "appeals_waiting");
  EXPECT_EQ(refused.body.at("appeals_waiting").as_array().size(), 1u);
  world.publisher.refused = "sealed_already";
  auto const again = world.ask("POST", url, "evaluator", "{}");
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(again.code(), "sealed_already");
  EXPECT_EQ(world.get("/api/v1/statistics/months/2026-09", "unit_head").body.at("appeals_waiting").at(0), "3708712026100100001");
  EXPECT_EQ(world.get("/api/v1/statistics/months", "leader").body.at("items").at(0).at("month_state").at("final"), true);
}

TEST(Publication, CorrectionsBehindASealAreListedForWhoPublishes) {
  World world;
  auto const url = "/api/v1/statistics/months/2026-09/corrections";
  auto const answer = world.get(url, "evaluator");
  ASSERT_EQ(answer.status, 200) << answer;
  EXPECT_EQ(answer.body.at("items").at(0).at("sealed_to"), "2026-09");
  EXPECT_EQ(answer.body.at("next_cursor"), "more");
  EXPECT_EQ(world.get(url, "patroller").status, 403);
  EXPECT_EQ(world.get("/api/v1/statistics/months/2026-13/corrections", "evaluator").status, 404);
}

TEST(Publication, APageToPrintHoldsNothingFromOutsideAndEscapesWhatItShows) {
  World world;
  auto const answer = world.get("/api/v1/statistics/settlement?month=2026-10&format=html&number=%3Cb%3E1", "leader");
  ASSERT_EQ(answer.status, 200);
  EXPECT_TRUE(answer.headers.at("content-type").starts_with("text/html"));
  EXPECT_TRUE(answer.headers.at("content-security-policy").starts_with("default-src 'none'"));
  for (auto const* outside : {"<script", "http://", "https://", "src=", "<b>1"}) EXPECT_EQ(answer.text.find(outside), std::string::npos) << outside;
  EXPECT_NE(answer.text.find("&lt;b&gt;1"), std::string::npos);
  EXPECT_NE(answer.text.find("A4"), std::string::npos);
  auto const by_accept = world.ask("GET", "/api/v1/statistics/closure?month=2026-10&compare=true", "leader", "", {{"Accept", "text/html,*/*"}, {"Accept-Language", "en"}});
  EXPECT_NE(by_accept.text.find("<html lang=\"en\">"), std::string::npos);
  EXPECT_EQ(world.get("/print/closure", "").status, 200);
}

TEST(Publication, ABulletinIsMadeFromOurTemplateOrTheCitysOwn) {
  World world;
  auto const ours = world.get("/api/v1/statistics/bulletin?month=2026-10&number=N1", "leader");
  ASSERT_EQ(ours.status, 200) << ours;
  EXPECT_NE(ours.headers.at("content-disposition").find("bulletin-2026-10.docx"), std::string::npos);
  auto package = storage::read_package(ours.text);
  auto const& document = *storage::find_part(package, "word/document.xml");
  EXPECT_EQ(document.find("{{"), std::string::npos);
  EXPECT_NE(document.find("市政 &lt;一&gt; &amp; 处"), std::string::npos);
  auto const own = world.ask("POST", "/api/v1/statistics/bulletin?month=2026-10", "leader", storage::default_template(storage::PackageKind::xlsx, "en"),
                             {{"Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}});
  ASSERT_EQ(own.status, 200) << own;
  EXPECT_NE(own.headers.at("content-disposition").find(".xlsx"), std::string::npos);
  for (auto const* body : {"", "no zip at all"}) {
    auto const bad = world.ask("POST", "/api/v1/statistics/bulletin", "leader", body, {{"Content-Type", "application/octet-stream"}});
    EXPECT_EQ(bad.status, 422);
    EXPECT_EQ(bad.code(), "bad_template");
  }
}

TEST(Publication, TheSettlementOpensIntoAPatrollersCases) {
  World world;
  auto const answer = world.get("/api/v1/statistics/settlement?month=2026-10", "leader");
  ASSERT_EQ(answer.status, 200) << answer;
  auto const& person = answer.body.at("companies").at(0).at("people").at(0);
  EXPECT_EQ(person.at("total"), 15.00);
  EXPECT_NE(std::string(person.at("cases").at("valid_report_num").as_string()).find("closure_by=person&closure_key=p1"), std::string::npos);
  EXPECT_EQ(world.get("/api/v1/statistics/settlement", "unit_head").status, 403) << "prices are not everybody's";
}

TEST(Publication, ASealedMonthSaysWhatDiffersNow) {
  World world;
  auto const answer = world.get("/api/v1/statistics/months/2026-09/verification", "leader");
  ASSERT_EQ(answer.status, 200) << answer;
  EXPECT_EQ(answer.body.at("digest_fits"), true);
  EXPECT_EQ(answer.body.at("signature_fits"), true);
  EXPECT_EQ(answer.body.at("count"), 2);
  EXPECT_EQ(answer.body.at("differences").at(0).at("where"), "sealed");
  EXPECT_EQ(answer.body.at("differences").at(1).at("line"), "closure unit u1 due 11");
  EXPECT_EQ(world.get("/api/v1/statistics/months/2026-10/verification", "leader").status, 404) << "not sealed";
  EXPECT_EQ(world.get("/api/v1/statistics/months/2026-09/verification", "unit_head").status, 403);
}

}  // namespace
}  // namespace wangge::test
