// Papers of cases: what stands on them, what does not, whose they are, and a city's own wording.
#include <gtest/gtest.h>

#include <fstream>

#include "gateways/console/short_link.hpp"
#include "storage/publish/case_sheets.hpp"
#include "tests/doors/world.hpp"

namespace wangge::test {
namespace {

constexpr char kOther[] = "3708712026112400002";

core::HistoryRow row(std::int64_t version, std::string action, std::string actor, core::Role role, char const* when,
                     core::Changes changes = {}) {
  core::HistoryRow out;
  out.version = version, out.action = std::move(action), out.actor = std::move(actor), out.role = role,
  out.at = at(when), out.changes = std::move(changes);
  return out;
}

std::string ms(char const* when) {
  return std::to_string(at(when).time_since_epoch().count());
}

// A city, a case that was filed, dispatched, asked to be extended and extended, and supervised.
struct Desk : World {
  Desk() {
    reads.small.zh = "样城", reads.small.en = "Sample";
    core::CatalogueEntry entry;
    entry.key = {"gbt47678.5-2026", "matter", "01001"};
    entry.zh = "井盖缺损", entry.en = "Broken manhole", entry.class_zh = "市政", entry.class_en = "Works";
    reads.small.catalogue[entry.key] = entry;
    reads.small.units["u1"] = {"u1", "市政养护中心", "Works", "", ""};
    auto view = case_view();
    view.row.address = "火炬路 1 号";
    view.row.filed_at = at("2026-11-24T01:00:00Z"), view.row.dispatched_at = at("2026-11-24T01:05:00Z"),
    view.row.due_at = at("2026-11-25T09:00:00Z");
    view.row.clock = "work_hour", view.row.limit_minutes = 240, view.row.opened_at = at("2026-11-24T00:30:00Z");
    core::Request const asked{"r4",      core::RequestKind::extend, "head", at("2026-11-24T02:00:00Z"), std::nullopt,
                              "等待配件"};
    core::Order const order{"o6",
                            core::OrderKind::supervise,
                            "leader",
                            at("2026-11-24T04:00:00Z"),
                            at("2026-11-26T10:00:00Z"),
                            std::nullopt,
                            "三日内恢复"};
    reads.rows = {row(1, "report", "p1", core::Role::patroller, "2026-11-24T00:30:00Z"),
                  row(2, "file", "acceptor-1", core::Role::acceptor, "2026-11-24T01:00:00Z"),
                  row(3, "dispatch", "officer-1", core::Role::dispatch_officer, "2026-11-24T01:05:00Z",
                      {{"due_at", ms("2026-11-24T06:00:00Z")}}),
                  row(4, "extend", "head", core::Role::unit_head, "2026-11-24T02:00:00Z",
                      {{"requests", core::requests_text({asked})}}),
                  row(5, "approve_request", "shift", core::Role::shift_leader, "2026-11-24T03:00:00Z",
                      {{"requests", ""}, {"due_at", ms("2026-11-25T09:00:00Z")}}),
                  row(6, "supervise", "leader", core::Role::leader, "2026-11-24T04:00:00Z",
                      {{"orders", core::orders_text({order})}})};
    reads.rows[3].reason = "等待配件", reads.rows[4].opinion = "同意，抓紧";
    reads.cases[kCaseNo] = view;
  }
  Answer print(std::string const& sheet, std::string const& cases = kCaseNo, std::string_view who = "acceptor",
               char const* lang = "zh-CN") {
    return ask("GET", "/api/v1/print/" + sheet + "?cases=" + cases, who, "", {{"Accept-Language", lang}});
  }
};

// What is read on the paper: the text between the tags, a cell a piece.
std::string words_of(std::string const& html) {
  std::string out;
  for (auto i = html.find("<body>"); i < html.size(); ++i) {
    if (html[i] == '<') {
      auto const tag = html.substr(i, 4);
      i = html.find('>', i);
      if (tag.starts_with("<th") || tag.starts_with("<td") || tag.starts_with("<p ") || tag.starts_with("<h1") ||
          tag.starts_with("</tr"))
        out += '|';
    } else {
      out += html[i];
    }
  }
  return out;
}

TEST(Sheets, AFilingSheetSaysWhatTheCaseIs) {
  Desk desk;
  auto const answer = desk.print("filing");
  ASSERT_EQ(answer.status, 200) << answer;
  EXPECT_TRUE(answer.headers.at("content-type").starts_with("text/html"));
  EXPECT_TRUE(answer.headers.at("content-security-policy").starts_with("default-src 'none'"));
  auto const words = words_of(answer.text);
  EXPECT_NE(words.find("样城|案件立案单|立〔2026〕112400001号"), std::string::npos) << words;
  for (auto const* said :
       {"案件编号|3708712026112400001|问题来源|12345热线|", "上报时间|2026-11-24 08:30|立案时间|2026-11-24 09:00|",
        "问题大类|市政|问题类别|01001 井盖缺损|", "发生地点|火炬路 1 号|", "问题描述|井盖移位|",
        "立案人|acceptor-1（受理员）|处置时限|4 工作时|", "受理员签字：____________", "（盖章处）", "打印人：acceptor",
        "案卷版本：4"})
    EXPECT_NE(words.find(said), std::string::npos) << said << " in " << words;
  for (auto const* outside : {"<script", "src=", "href="})
    EXPECT_EQ(answer.text.find(outside), std::string::npos) << outside;
  EXPECT_NE(answer.text.find("size: A4 portrait"), std::string::npos);
  EXPECT_NE(answer.text.find("<svg class=\"qr\" role=\"img\" aria-label=\"案卷二维码 3708712026112400001\""),
            std::string::npos);
  EXPECT_NE(words_of(desk.print("filing", kCaseNo, "acceptor", "en").text).find("Category|01001 Broken manhole|"),
            std::string::npos);
}

TEST(Sheets, ARequestAndAnOrderStandWithWhatBecameOfThem) {
  Desk desk;
  auto const extension = words_of(desk.print("extension").text);
  for (auto const* said : {"申请人|head（部门负责人）|申请时间|2026-11-24 10:00|",
                           "原处置截止|2026-11-24 14:00|批准后截止|2026-11-25 17:00|", "延期理由|等待配件|",
                           "审批结果|同意|审批时间|2026-11-24 11:00|", "审批意见|同意，抓紧|"})
    EXPECT_NE(extension.find(said), std::string::npos) << said << " in " << extension;
  auto const supervision = words_of(desk.print("supervision").text);
  for (auto const* said : {"督办要求|三日内恢复|", "2026-11-26 18:00 前书面答复", "市政养护中心："})
    EXPECT_NE(supervision.find(said), std::string::npos) << said << " in " << supervision;
  desk.reads.rows.resize(4);  // not decided yet: room to decide on paper
  auto const waiting = words_of(desk.print("extension").text);
  EXPECT_NE(waiting.find("审批结果||审批时间||"), std::string::npos) << waiting;
}

TEST(Sheets, ThereIsNoPaperOfWhatDidNotHappen) {
  Desk desk;
  for (auto const* none : {"deferral", "suspension", "return", "check", "closing"}) {
    auto const answer = desk.print(none);
    EXPECT_EQ(answer.status, 422) << none;
    EXPECT_EQ(answer.code(), "not_allowed");
    EXPECT_NE(std::string(answer.body.at("detail").as_string()).find(kCaseNo), std::string::npos);
  }
  EXPECT_EQ(desk.print("weather").status, 404);
  desk.reads.cases[kCaseNo].row.closed_at = at("2026-11-25T09:00:00Z");
  auto const closing = words_of(desk.print("closing").text);
  EXPECT_NE(closing.find("2026-11-24 12:00|督办|leader（领导）|"), std::string::npos) << closing;
}

TEST(Sheets, ManyArePrintedTogetherOrNone) {
  Desk desk;
  desk.reads.cases[kOther] = desk.reads.cases[kCaseNo];
  desk.reads.cases[kOther].row.case_no = kOther;
  auto const both = desk.print("dispatch", std::string(kOther) + "," + kCaseNo + "," + kOther);
  ASSERT_EQ(both.status, 200) << both;
  std::size_t papers = 0;
  for (auto i = both.text.find("<article"); i != std::string::npos; i = both.text.find("<article", i + 1)) ++papers;
  EXPECT_EQ(papers, 2u) << "each once";
  EXPECT_LT(both.text.find(kOther), both.text.find(kCaseNo)) << "in the order asked for";
  EXPECT_NE(both.text.find("break-after: page"), std::string::npos);
  auto const missing = desk.print("dispatch", std::string(kCaseNo) + ",3708712026112499999");
  EXPECT_EQ(missing.status, 404);
  EXPECT_NE(std::string(missing.body.at("detail").as_string()).find("3708712026112499999"), std::string::npos);
  std::string many = kCaseNo;
  for (int i = 0; i < 50; ++i) many += ",37087120261124" + std::to_string(10000 + i);
  for (auto const& bad : {many, std::string(), std::string("1"), std::string("3708712026112400001;")})
    EXPECT_TRUE(desk.print("dispatch", bad).blames("/cases")) << bad;
}

TEST(Sheets, WhoMayNotReadACaseMayNotPrintIt) {
  Desk desk;
  EXPECT_EQ(desk.print("filing", kCaseNo, "").status, 401);
  EXPECT_EQ(desk.print("filing", kCaseNo, "reporter").status, 403);
  desk.reads.cases[kCaseNo].row.unit = "another";
  desk.reads.cases[kCaseNo].row.squad = "another";
  EXPECT_EQ(desk.print("filing", kCaseNo, "unit_head").status, 404) << "another unit's";
}

TEST(Sheets, AReporterIsMaskedAndOnlyForTheDesk) {
  Desk desk;
  auto const seen = desk.print("filing");
  EXPECT_NE(words_of(seen.text).find("反映人|张**|联系电话|138****1111|"), std::string::npos);
  EXPECT_EQ(seen.text.find("张三丰"), std::string::npos);
  EXPECT_EQ(seen.text.find("13800001111"), std::string::npos);
  EXPECT_NE(words_of(desk.print("filing", kCaseNo, "leader").text).find("反映人||联系电话||"), std::string::npos);
  EXPECT_EQ(storage::masked_phone("12345"), "****");
  EXPECT_EQ(storage::masked_name("O'Neil"), "O**");
}

TEST(Sheets, WhatPeopleTypedStaysText) {
  Desk desk;
  auto& c = desk.reads.cases[kCaseNo].row;
  std::string const nasty =
      "<script>alert(1)</script>\"'&{{case_no}}\xe2\x80\xae"
      "abc \xf0\x9f\x9a\xa7";
  c.description = nasty;
  for (int i = 0; i < 3950; ++i) c.description += "长";
  c.address = nasty;
  auto const answer = desk.print("filing");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(answer.text.find("<script"), std::string::npos);
  std::string const shown =
      "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;{{case_no}}\xe2\x80\xae"
      "abc \xf0\x9f\x9a\xa7";
  EXPECT_NE(answer.text.find(shown + "</bdi>"), std::string::npos)
      << "a placeholder in a text is no placeholder; the mark ends with its element";
  EXPECT_NE(answer.text.find(shown + "长长"), std::string::npos);
}

TEST(Sheets, ACityHasItsOwnWords) {
  Desk desk;
  std::filesystem::create_directories(desk.folder / "sheets");
  auto const write = [&](std::string const& text) { std::ofstream(desk.folder / "sheets" / "sheets_zh.txt") << text; };
  write(
      "# ours\n[立案单] 样城城管<b>立案通知书\n字号 样城管立字〔{{年}}〕第{{序号}}号\n行 案号 | {{案号}} | 立案人 | "
      "{{立案.经办人}}\n文 请 {{处置单位}} 知悉。\n签 局长\n");
  auto const own = desk.print("filing");
  ASSERT_EQ(own.status, 200) << own;
  auto const words = words_of(own.text);
  EXPECT_NE(words.find("样城城管&lt;b&gt;立案通知书|样城管立字〔2026〕第112400001号"), std::string::npos) << words;
  EXPECT_NE(words.find("案号|3708712026112400001|立案人|acceptor-1（受理员）|"), std::string::npos) << words;
  EXPECT_NE(words.find("请 市政养护中心 知悉。"), std::string::npos) << words;
  EXPECT_NE(words_of(desk.print("dispatch").text).find("案件派遣单"), std::string::npos)
      << "kinds it does not have stay ours";
  write("row a | b\n[filing]\nrow a | {{weather}} | c\nblink x\n[colour]\ntext {{open\n");
  auto const bad = desk.print("filing");
  EXPECT_EQ(bad.status, 422);
  EXPECT_EQ(bad.code(), "bad_template");
  std::string const detail(bad.body.at("detail").as_string());
  for (auto const* named : {"1: no [kind]", "3: {{weather}}", "3: row label", "4: blink", "5: [colour]", "6: "})
    EXPECT_NE(detail.find(named), std::string::npos) << named << " in " << detail;
  write(std::string(storage::kSheetTemplatesMost + 1, '#'));
  EXPECT_EQ(desk.print("filing").code(), "bad_template");
}

TEST(Sheets, OurTemplatesHaveEveryKindInBothLanguages) {
  for (auto const& kind : storage::kSheetKinds) {
    for (auto const* lang : {"zh", "en"})
      EXPECT_GT(storage::sheet_template(kind.id, lang, "").lines.size(), 4u) << kind.id << lang;
  }
}

TEST(Sheets, TheCodeHoldsTheCasesAddress) {
  EXPECT_EQ(storage::qr_svg("A", "x").find("viewBox=\"0 0 29 29\""),
            std::string("<svg class=\"qr\" role=\"img\" aria-label=\"x\" ").size())
      << "version 1: 21 modules and 4 of quiet each side";
  EXPECT_EQ(storage::qr_svg(std::string(4000, 'x'), ""), "") << "no code holds as much";
  Desk desk;
  auto const plain = desk.print("filing").text;
  auto const strange = desk.ask("GET", "/api/v1/print/filing?cases=" + std::string(kCaseNo), "acceptor", "",
                                {{"X-Forwarded-Host", "evil.example"}})
                           .text;
  auto const code = [](std::string const& html) {
    return html.substr(html.find("<path"), html.find("</svg>") - html.find("<path"));
  };
  EXPECT_EQ(code(plain), code(strange));
  EXPECT_EQ(code(plain), [&] {
    auto const svg = storage::qr_svg("http://test/m/" + console::link_code(kCaseNo), "");
    return svg.substr(svg.find("<path"), svg.find("</svg>") - svg.find("<path"));
  }());
}

TEST(Sheets, AShortLinkIsTheCasesNumberAndLeadsToIt) {
  EXPECT_EQ(console::link_code("3708712026112800005"), "S6DGOW4WOLXH");
  for (std::string const no : {"3708712026112800005", "99999999999999999999", "37087120261128100000", "12345678901234567890123456789012"}) {
    auto const code = console::link_code(no);
    EXPECT_LT(code.size(), no.size());
    EXPECT_EQ(console::case_of_code(code), no);
    std::string small = code;
    for (auto& c : small) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    EXPECT_EQ(console::case_of_code(small), no) << "read out, letters lose their case";
    EXPECT_EQ(console::case_of_code(no), no);
  }
  for (std::string const bad : {"", "Z", "S6DGOW4WOLX-", "%2e%2e", "ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ"}) EXPECT_FALSE(console::case_of_code(bad)) << bad;
  World world;  // which holds no such case: nothing is looked up
  auto const on = world.ask("GET", "/m/S6DGOW4WOLXH", "", "");
  EXPECT_EQ(on.status, 302);
  EXPECT_EQ(on.headers.at("location"), "/?case=3708712026112800005");
  EXPECT_EQ(world.ask("GET", "/m/nonsense", "", "").status, 404);
}

}  // namespace
}  // namespace wangge::test
