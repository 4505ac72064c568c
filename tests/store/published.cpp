// A month as it is published: counted from the database, sealed once, and told the same on every export.
#include <gtest/gtest.h>

#include <filesystem>

#include "storage/figures.hpp"
#include "storage/publish/bulletin.hpp"
#include "storage/publish/publisher.hpp"
#include "storage/standing.hpp"
#include "tests/store/world.hpp"

namespace wangge::tests {
namespace {

core::Instant on(int year, int month, int day, int hour = 0) {  // local time
  return core::Instant{std::chrono::sys_days{std::chrono::year{year} / month / day}} + std::chrono::hours(hour - 8);
}

storage::ClosureRequest october() {
  storage::ClosureRequest r;
  r.who = principal(core::Role::leader);
  r.from = on(2026, 10, 1), r.to = on(2026, 11, 1), r.as_of = on(2026, 11, 5), r.previous_as_of = on(2026, 10, 13);
  return r;
}

class Publishing : public World {
 protected:
  void SetUp() override {
    World::SetUp();
    sql("INSERT INTO unit (district, key, zh, en) VALUES ('370871', 'firm', '采集公司', 'Firm');"
        "INSERT INTO duty_line (district, line, patroller, unit, street, community, grid, from_minute, to_minute, weekdays) VALUES"
        " ('370871', 1, 'p1', 'firm', '', '', '', 0, 1440, 127);"
        "INSERT INTO settlement_tariff (district, seq, id, zh, en, contractor, kind, item, less, price, free, bound, most) VALUES"
        " ('370871', 0, 'valid', '有效上报', 'Valid', 'firm', 'each', 'valid_report_num', '', 150, 0, 0, 0),"
        " ('370871', 1, 'base', '基本', 'Base', '', 'monthly', '', '', 300000, 0, 0, 0);"
        "UPDATE district SET version = version + 1");
    // Two of U1, one of them late; one of U2 that was filed and waits.
    std::vector<storage::CaseSave> saves;
    saves.push_back(marked(Life(1, on(2026, 10, 10)).dispatched("S1", on(2026, 10, 12)).hand_over(on(2026, 10, 11)).close(on(2026, 10, 13)), "p1"));
    saves.push_back(marked(Life(2, on(2026, 10, 10)).dispatched("S2", on(2026, 10, 12)).hand_over(on(2026, 10, 14)).close(on(2026, 10, 15)), "p1"));
    saves.push_back(marked(Life(3, on(2026, 10, 20)).dispatched("P1", on(2026, 11, 20), "U2"), "p2"));
    save(saves);
    publisher = std::make_unique<storage::Publisher>(url, 2);
  }
  static storage::CaseSave marked(Life life, std::string const& person) {
    auto save = life.save();
    auto const& c = save.after;
    save.marks.push_back({1, save.rows.front().at + std::chrono::minutes(1), {{"report", person, core::Role::patroller, c.unit, c.squad},
                                                                             {"dispatch", "d1", core::Role::dispatch_officer, c.unit, c.squad}}});
    return save;
  }
  std::unique_ptr<storage::Publisher> publisher;
};

TEST_F(Publishing, ASchemeJudgesItsRowsAndOnlyHoldersOfItsPost) {
  auto const e = publisher->evaluation(october(), "department");
  EXPECT_TRUE(e.standard);
  ASSERT_FALSE(e.rows.empty());
  EXPECT_EQ(e.rows[0].key, "U1");
  EXPECT_EQ(e.rows[0].rank, 1);
  EXPECT_EQ(e.state->month, "2026-10");
  auto const officers = publisher->evaluation(october(), "dispatcher");
  ASSERT_EQ(officers.rows.size(), 1u) << "patrollers are no dispatchers";
  EXPECT_EQ(officers.rows[0].key, "d1");
  auto own = october();
  own.who.unit = "U1";
  auto const scoped = publisher->evaluation(own, "department");
  EXPECT_FALSE(scoped.ranked);
  EXPECT_EQ(scoped.rows.size(), 1u);
  EXPECT_EQ(scoped.rows[0].rank, std::nullopt) << "no rank among a part";
  EXPECT_THROW(publisher->evaluation(october(), "colour"), storage::BadFilter);
}

TEST_F(Publishing, APatrollersMonthIsSettledByHisCompanysTariffs) {
  auto const s = publisher->settlement(october());
  ASSERT_EQ(s.companies.size(), 2u);
  EXPECT_EQ(s.companies[0].key, "") << "p2 stands on no roster";
  auto const& firm = s.companies[1];
  EXPECT_EQ(firm.name, "采集公司");
  ASSERT_EQ(firm.people.size(), 1u);
  auto const& p1 = firm.people[0];
  EXPECT_EQ(p1.counts.at("report_num"), 2);
  EXPECT_EQ(p1.counts.at("worked_days"), 1);
  EXPECT_EQ(p1.counts.at("duty_days"), 31);
  EXPECT_EQ(p1.counts.at("absent_days"), 30);
  EXPECT_EQ(p1.total, 2 * 150 + 300000);
  EXPECT_EQ(firm.total, p1.total);
  storage::CaseFilter f;
  f.indicator = "valid_report_num", f.closure_from = "2026-10-01", f.closure_to = "2026-10-31", f.closure_by = "person", f.closure_key = "p1";
  EXPECT_EQ(members(reads->list_cases(principal(core::Role::leader), f).items, "case_no").size(), 2u) << "the number opens into its cases";
  EXPECT_NE(storage::settlement_json(s, "en").find("\"total\":3003.00"), std::string::npos);
}

TEST_F(Publishing, AMonthIsSealedOnceItsAppealsAreOver) {
  auto const sign = [](std::string const& text) { return "signed " + text; };
  auto const month = [](int year, int m) {
    storage::ClosureRequest r;
    r.who = principal(core::Role::evaluator);
    r.from = on(year, m, 1), r.to = on(m == 12 ? year + 1 : year, m % 12 + 1, 1), r.as_of = r.to, r.previous_as_of = r.from;
    return r;
  };
  auto const code = [&](storage::ClosureRequest const& r) -> std::string {
    try {
      publisher->seal(r, "e", sign);
      return "sealed";
    } catch (storage::SealRefused const& e) {
      return e.code;
    }
  };
  EXPECT_EQ(code(month(2090, 1)), "still_running");
  // An appeal of a case that the month counts waits for somebody.
  auto life = Life(7, on(2025, 3, 3)).dispatched("S1", on(2025, 3, 4)).hand_over(on(2025, 3, 6)).close(on(2025, 3, 7));
  life.step("appeal", core::State::closed, on(2025, 3, 8), [](core::Case& c) { c.requests.push_back({"r1", core::RequestKind::appeal, "head", on(2025, 3, 8), {}, "rain"}); });
  auto first = life.save();
  first.marks.push_back({1,
                         on(2025, 3, 3),
                         {{"report", "p1", core::Role::patroller, "U1", "S1"},
                          {"dispatch", "d1", core::Role::dispatch_officer, "U1", "S1"}}});
  save({first});
  auto const march = month(2025, 3);
  EXPECT_EQ(publisher->waiting_appeals(kDistrict, core::LocalDay{std::chrono::year{2025} / 3 / 1}), std::vector<std::string>{number(7)});
  EXPECT_EQ(publisher->waiting_appeals(kDistrict, core::LocalDay{std::chrono::year{2025} / 2 / 1}).size(), 0u) << "another month's";
  EXPECT_EQ(code(march), "appeals_waiting");
  life.step("refuse_request", core::State::closed, on(2025, 3, 9), [](core::Case& c) { c.requests.clear(); });
  save({life.save()});
  EXPECT_EQ(code(march), "sealed");
  EXPECT_EQ(code(march), "sealed_already");
  EXPECT_EQ(publisher->sealed_months(kDistrict), std::vector<std::string>{"2025-03"});
  auto const seal = storage::find_seal(url, kDistrict, "2025-03");
  ASSERT_TRUE(seal);
  EXPECT_EQ(storage::sha256_hex(seal->content), seal->digest);
  EXPECT_EQ(seal->signature, "signed " + storage::seal_signed_text(kDistrict, "2025-03", seal->digest));
  EXPECT_TRUE(seal->content.starts_with("wangge month seal 3\n"));
  EXPECT_NE(seal->content.find("\nscheme department by unit\n"), std::string::npos);
  EXPECT_NE(seal->content.find("\nsettlement firm p1"), std::string::npos);
  auto again = march;
  again.as_of = seal->as_of;
  EXPECT_EQ(storage::seal_content(*publisher, again, storage::seal_form(seal->content)), seal->content) << "the same digits";
  EXPECT_EQ(storage::seal_form("wangge month seal 1\nclosure"), 1);
  EXPECT_EQ(storage::seal_form("wangge month seal 2\nclosure"), 2);
  // Amended afterwards: the month keeps its digits, and the correction names the case (DECISIONS 155).
  auto counted = march;
  counted.as_of = seal->as_of;
  EXPECT_TRUE(publisher->check_seal(counted, sign)->differences.empty());
  auto const was = life.now();
  life.step("note", core::State::closed, on(2025, 6, 1), [&](core::Case& c) {
    core::set_flag(c, "counted_as:2025-03:" + was.street + ":" + was.community + ":" + was.grid + ":" + was.class_code +
                          ":" + was.code);
    core::set_flag(c, "corrected");
    c.street = "370871009", c.grid = "370871009001001", c.community = "", c.class_code = "09", c.code = "09001";
  });
  save({life.save()});
  EXPECT_TRUE(publisher->check_seal(counted, sign)->differences.empty()) << "the same digits by every grouping";
  for (auto const* by : {"street", "class", "grid", "category", "region_tree"}) {
    counted.by = by;
    auto const moved = [](auto const& row) { return row.key.starts_with("370871009") || row.key.starts_with("09"); };
    auto const closure = publisher->closure(counted).rows;
    EXPECT_TRUE(std::none_of(closure.begin(), closure.end(), moved)) << by;
    auto const rows = publisher->indicators(counted).rows;
    EXPECT_TRUE(std::none_of(rows.begin(), rows.end(), moved)) << by;
    EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), [](auto const& row) { return row.counts.at("report_num") > 0; }))
        << by;
  }
  auto const year = month(2025, 3);
  auto whole = year;
  whole.from = on(2025, 1, 1), whole.to = on(2026, 1, 1), whole.as_of = whole.to, whole.by = "street";
  auto const rows = publisher->indicators(whole).rows;
  EXPECT_TRUE(std::any_of(rows.begin(), rows.end(), [](auto const& row) { return row.key == "370871009"; }))
      << "a year that nobody sealed has it where it is";
  auto const corrections = publisher->corrections(kDistrict, "2025-03", "", 10);
  EXPECT_EQ(members(corrections.items, "case_no"), std::vector<std::string>{number(7)});
  EXPECT_EQ(members(corrections.items, "kind"), std::vector<std::string>{"amended"});
  EXPECT_EQ(publisher->corrections(kDistrict, "2025-04", "", 10).items, "[]") << "sealed to March only";
  EXPECT_EQ(publisher->corrections(kDistrict, "2025-02", "", 10).items, "[]") << "February never had it";
  auto const table = publisher->closure(march);
  EXPECT_TRUE(table.state->final());
  EXPECT_NE(storage::closure_json(table, "", "zh").find("\"digest\":\"" + seal->digest), std::string::npos);
  EXPECT_NE(storage::closure_csv(table, "zh").find("已封存"), std::string::npos);
  EXPECT_NE(storage::closure_text(table, "en").find("Status: sealed by e"), std::string::npos);
}

TEST_F(Publishing, TheWindowForAppealsHoldsTheSealBack) {
  sql("UPDATE district SET policy = policy || '{\"appeal_days\": 366}', version = version + 1");
  auto const now = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now());
  std::chrono::year_month_day const today{now};
  auto const before = today.year() / today.month() - std::chrono::months{2};  // its cut-off has passed, whatever the day
  storage::ClosureRequest r;
  r.who = principal(core::Role::evaluator);
  r.from = core::Instant{std::chrono::sys_days{before / 1}} - std::chrono::hours(8);
  r.to = core::Instant{std::chrono::sys_days{(before + std::chrono::months{1}) / 1}} - std::chrono::hours(8);
  try {
    publisher->seal(r, "e", [](std::string const&) { return std::string(); });
    ADD_FAILURE() << "sealed";
  } catch (storage::SealRefused const& e) {
    EXPECT_EQ(e.code, "window_open");
  }
}

TEST_F(Publishing, TheClosureTableComparesWithTheMonthBeforeAndAYearAgo) {
  auto const now = publisher->closure(october());
  auto earlier = october();
  earlier.from = on(2026, 9, 1), earlier.to = on(2026, 10, 1), earlier.as_of = on(2026, 10, 13), earlier.previous_as_of = on(2026, 9, 4);
  auto const before = publisher->closure(earlier);
  auto const json = storage::closure_json(now, "2026-10", "zh", &before, &before);
  EXPECT_NE(json.find("\"previous\":{\"filed\":0"), std::string::npos) << json.substr(0, 1500);
  auto const sheet = storage::closure_sheet(now, "zh", &before, nullptr);
  EXPECT_LT(sheet.column("closure_rate.previous"), sheet.columns.size());
  EXPECT_EQ(sheet.column("closure_rate.year_ago"), sheet.columns.size());
}

TEST(Paper, AWideSheetIsCutIntoPartsAndWhatSaysNothingIsCounted) {
  storage::Sheet wide;
  wide.title = "指标", wide.total = true, wide.above = {"读数时刻"}, wide.below = {"口径"};
  wide.columns = {{"key", "代码"}, {"name", "名称"}};
  for (int i = 0; i < 7; ++i) wide.columns.push_back({"c" + std::to_string(i), "列" + std::to_string(i)});
  for (auto const* name : {"甲", "合计"}) {
    std::vector<storage::Cell> row{storage::Cell::of(name), storage::Cell::of(name)};
    for (int i = 0; i < 7; ++i) row.push_back(i == 2 ? storage::Cell{} : storage::Cell::count(i == 4 ? 0 : i + 1));
    wide.rows.push_back(row);
  }
  auto const parts = storage::paper_sheets(wide, "zh", 3);
  ASSERT_EQ(parts.size(), 2u) << "five columns that say something, three a part";
  EXPECT_EQ(parts[0].columns.size(), 5u);
  EXPECT_EQ(parts[1].columns.size(), 4u);
  EXPECT_EQ(parts[1].title, "指标（2）");
  EXPECT_TRUE(parts[0].above.size() == 1 && parts[1].above.empty());
  for (auto const& part : parts) {
    EXPECT_TRUE(part.total);
    ASSERT_EQ(part.rows.size(), 2u);
    for (auto const& row : part.rows) EXPECT_EQ(row.size(), part.columns.size());
  }
  EXPECT_NE(parts[1].below.at(0).find("2 列"), std::string::npos);
  EXPECT_EQ(parts[1].below.back(), "口径");
  wide.columns.resize(2);
  for (auto& row : wide.rows) row.resize(2);
  EXPECT_EQ(storage::paper_sheets(wide, "zh").size(), 1u);
}

TEST_F(Publishing, TheWholeMonthIsOneBookAndOneBulletin) {
  storage::Periods periods{october(), october(), october()};
  auto const sheets = storage::month_book(*publisher, periods, "zh");
  EXPECT_EQ(sheets.size(), 6 + 2 + core::standard_schemes().size() + 2);
  for (auto const& sheet : sheets) {
    for (auto const& row : sheet.rows) EXPECT_EQ(row.size(), sheet.columns.size()) << sheet.id;
  }
  auto const file = std::filesystem::temp_directory_path() / "wangge-book-test.xlsx";
  storage::write_workbook(sheets, file.string());
  std::filesystem::remove(file);
  auto package = storage::read_package(storage::bulletin(*publisher, periods, "zh", "", false, {{"number", "〔2026〕10号"}}));
  auto const& text = *storage::find_part(package, "word/document.xml");
  EXPECT_EQ(text.find("{{"), std::string::npos);
  for (auto const* word : {"2026年10月", "市政处", "100.00%", "〔2026〕10号"}) EXPECT_NE(text.find(word), std::string::npos) << word;
}

TEST_F(Publishing, ATreeCountsWhatLiesBelowAndOpensIntoIt) {
  sql("INSERT INTO unit (district, key, zh, en) VALUES ('370871', 'bureau', '城管局', 'Bureau');"
      "UPDATE unit SET parent = 'bureau' WHERE key IN ('U1', 'U2'); UPDATE district SET version = version + 1");
  auto request = october();
  for (std::string const by : {"unit_tree", "region_tree", "grid", "category", "community"}) {
    request.by = by;
    auto const table = reads->closure(request);
    EXPECT_EQ(table.total.filed, 3) << by << ": each case once";
    ASSERT_FALSE(table.rows.empty()) << by;
    for (auto const& row : table.rows) {
      for (auto const& column : storage::kClosureColumns) {
        storage::CaseFilter f;
        f.closure_month = "2026-10", f.closure_by = by, f.closure_key = row.key.empty() ? "-" : row.key, f.closure_field = column.id, f.as_of = "2026-11-04T16:00:00Z";
        auto const listed = members(reads->list_cases(principal(core::Role::leader), f).items, "case_no").size();
        EXPECT_EQ(static_cast<std::int64_t>(listed), row.*column.count) << by << " " << row.key << " " << column.id;
      }
    }
  }
  request.by = "unit_tree";
  auto const units = reads->closure(request);
  ASSERT_EQ(units.rows.size(), 3u);
  EXPECT_EQ(units.rows[0].key, "bureau");
  EXPECT_EQ(units.rows[0].filed, 3);
  EXPECT_EQ(units.rows[1].parent, "bureau");
  EXPECT_EQ(units.rows[1].level, 1);
  EXPECT_EQ(units.rows[1].filed + units.rows[2].filed, 3);
  request.by = "region_tree";
  auto const places = reads->closure(request);
  EXPECT_EQ(places.rows[0].key, kDistrict);
  EXPECT_EQ(places.rows[0].filed, 3);
  EXPECT_NE(storage::closure_json(places, "", "zh").find("\"level\":1,\"parent\":\"370871\""), std::string::npos);
}

// ---- templates

std::string docx(std::string const& body) {
  return storage::write_package({{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", "<w:document xmlns:w=\"w\"><w:body>" + body + "</w:body></w:document>"}});
}
std::string run(std::string const& text) { return "<w:r><w:rPr><w:b/></w:rPr><w:t>" + text + "</w:t></w:r>"; }
std::string paragraph(std::string const& inside) { return "<w:p>" + inside + "</w:p>"; }

storage::Sheet units() {
  storage::Sheet sheet;
  sheet.columns = {{"key", "代码"}, {"name", "部门"}, {"due", "应结案数"}, {"closure_rate", "结案率%", true}, {"closure_rate.previous", "上期", true}};
  sheet.rows = {{storage::Cell::of("u1"), storage::Cell::of("=HYPERLINK(\"x\") <甲>&"), storage::Cell::count(10), storage::Cell::two(9000), storage::Cell::two(8550)},
                {storage::Cell::of("u2"), storage::Cell::of("乙"), storage::Cell::count(0), storage::Cell{}, storage::Cell{}},
                {storage::Cell::of(""), storage::Cell::of("合计"), storage::Cell::count(10), storage::Cell::two(9000), storage::Cell::two(8550)}};
  sheet.total = true;
  return sheet;
}

std::string filled(std::string const& bytes, std::string const& part) {
  storage::BulletinWords words({{"month", "2026-10"}, {"month_text", "2026年10月"}, {"evil", "{{month}} </w:t><x/> & \x01"}},
                               [](std::vector<std::string> const& asked) { return asked.front() == "closure" ? units() : storage::Sheet{}; }, "zh");
  auto package = storage::read_package(storage::fill_bulletin(bytes, words));
  return *storage::find_part(package, part);
}

std::string fault(std::string const& bytes) {
  try {
    filled(bytes, "word/document.xml");
    return "none";
  } catch (storage::BadTemplate const& e) {
    return e.what();
  }
}

TEST(Templates, APlaceholderThatWordSplitIsFilledInItsFirstRun) {
  auto const text = filled(docx(paragraph(run("甲{{mo") + "<w:proofErr/>" + run("nt") + run("h}}乙{{结案 结案率}}"))), "word/document.xml");
  EXPECT_NE(text.find(">甲2026-10<"), std::string::npos) << text;
  EXPECT_NE(text.find(">乙90.00%<"), std::string::npos) << text;
  EXPECT_EQ(text.find("{{"), std::string::npos);
}

TEST(Templates, AValueIsTextAndNothingElse) {
  auto const text = filled(docx(paragraph(run("{{evil}}"))), "word/document.xml");
  EXPECT_NE(text.find("{{month}} &lt;/w:t&gt;&lt;x/&gt; &amp; "), std::string::npos) << "never read as markup or as a placeholder: " << text;
  EXPECT_EQ(text.find('\x01'), std::string::npos);
}

TEST(Templates, ARowIsRepeatedAndATableStandsWhereItIsAskedFor) {
  auto const row = "<w:tbl><w:tr><w:tc>" + paragraph(run("{{each closure by unit}}{{number_of_row}}")) + "</w:tc><w:tc>" + paragraph(run("{{name}}: {{due}}, {{closure_rate}}")) + "</w:tc></w:tr></w:tbl>";
  auto const text = filled(docx(row + paragraph(run("{{table closure by unit}}"))), "word/document.xml");
  EXPECT_NE(text.find(">1<"), std::string::npos);
  EXPECT_NE(text.find("=HYPERLINK(\"x\") &lt;甲&gt;&amp;: 10, 90.00%"), std::string::npos) << text;
  EXPECT_NE(text.find("乙: 0, –"), std::string::npos);
  EXPECT_EQ(text.find("合计: "), std::string::npos) << "the whole is no row of its own";
  EXPECT_NE(text.find("<w:tblHeader/>"), std::string::npos);
  EXPECT_EQ(text.find("{{"), std::string::npos);
}

TEST(Templates, ComparisonsRowsAndRankings) {
  auto const text = filled(docx(paragraph(run("{{closure closure_rate previous}} {{closure closure_rate change}} {{closure due by unit 乙}} {{best 3 closure_rate by unit}}"))), "word/document.xml");
  EXPECT_NE(text.find("85.50% 4.50 0 =HYPERLINK"), std::string::npos) << text;
  EXPECT_EQ(text.find("乙（"), std::string::npos) << "nothing to be judged has no rank";
}

TEST(Templates, EveryPlaceholderThatIsNotUnderstoodIsNamed) {
  auto const said = fault(docx(paragraph(run("{{colour}}")) + paragraph(run("{{closure colour}} {{closure due by unit nobody}}")) + paragraph(run("{{table weather}}")) + paragraph(run("{{month"))));
  for (auto const* word : {"\"colour\" is not known", "there is no field \"colour\"", "no row \"nobody\" by unit", "there is no table \"weather\"", "has no closing braces"})
    EXPECT_NE(said.find(word), std::string::npos) << word << "\nbut: " << said;
}

TEST(Templates, WhatIsNoTemplateIsRefused) {
  EXPECT_EQ(fault("PK nothing"), "the template is no .docx and no .xlsx file (no zip)");
  EXPECT_EQ(fault(storage::write_package({{"a.txt", "x"}})), "the template is no .docx and no .xlsx file (no word/document.xml, no xl/workbook.xml)");
  EXPECT_EQ(fault(storage::write_package({{"word/document.xml", "<a/>"}, {"word/vbaProject.bin", "x"}})), "the template carries macros; save it as .docx or .xlsx");
  EXPECT_NE(fault(storage::write_package({{"word/document.xml", "<a>"}})).find("is no XML"), std::string::npos);
  EXPECT_EQ(fault(std::string(11u << 20, 'x')), "the template is larger than 10 MiB");
  EXPECT_EQ(fault(storage::write_package({{"word/document.xml", std::string(65u << 20, ' ')}})), "the template unpacks to more than 64 MiB");
}

std::string xlsx(std::string const& rows, std::string const& shared = "", std::string const& more = "") {
  return storage::write_package({{"xl/workbook.xml", "<workbook/>"}, {"xl/sharedStrings.xml", "<sst>" + shared + "</sst>"},
                                 {"xl/worksheets/sheet1.xml", "<worksheet><sheetData>" + rows + "</sheetData>" + more + "</worksheet>"}});
}

TEST(Templates, ACellBecomesANumberOrTextAndNeverAFormula) {
  auto const text = filled(xlsx("<row r=\"1\"><c r=\"A1\" s=\"3\" t=\"s\"><v>0</v></c><c r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" t=\"inlineStr\"><is><t>{{best 1 closure_rate by unit}}</t></is></c></row>",
                                "<si><r><t>{{clo</t></r><r><t>sure closure_rate}}</t></r></si><si><t>{{month_text}}：</t></si>"),
                           "xl/worksheets/sheet1.xml");
  EXPECT_NE(text.find("<c r=\"A1\" s=\"3\"><v>90.00</v></c>"), std::string::npos) << text;
  EXPECT_NE(text.find("2026年10月："), std::string::npos);
  EXPECT_NE(text.find("<t xml:space=\"preserve\">=HYPERLINK"), std::string::npos) << "text, whatever it begins with";
  EXPECT_EQ(text.find("<f"), std::string::npos);
}

TEST(Templates, RowsThatAreAddedMoveWhatStandsBelow) {
  auto const rows = "<row r=\"2\"><c r=\"A2\" s=\"7\" t=\"inlineStr\"><is><t>{{each closure by unit}}{{name}}</t></is></c><c r=\"B2\" t=\"inlineStr\"><is><t>{{due}}</t></is></c></row>"
                    "<row r=\"5\"><c r=\"A5\"><v>1</v></c></row>";
  auto const text = filled(xlsx(rows, "", "<mergeCells><mergeCell ref=\"A5:B5\"/></mergeCells>"), "xl/worksheets/sheet1.xml");
  EXPECT_NE(text.find("<row r=\"3\"><c r=\"A3\" s=\"7\""), std::string::npos) << text;
  EXPECT_NE(text.find("<row r=\"6\"><c r=\"A6\"><v>1</v></c></row>"), std::string::npos) << text;
  EXPECT_NE(text.find("ref=\"A6:B6\""), std::string::npos);
  EXPECT_NE(text.find("<c r=\"B2\"><v>10</v></c>"), std::string::npos);
  auto const table = filled(xlsx("<row r=\"1\"><c r=\"B1\" t=\"inlineStr\"><is><t>{{table closure by unit}}</t></is></c></row>"), "xl/worksheets/sheet1.xml");
  EXPECT_NE(table.find("<c r=\"D4\"><v>10</v></c>"), std::string::npos) << table;
  EXPECT_NE(fault(xlsx("<row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>{{table closure by unit}}</t></is></c></row><row r=\"9\"><c r=\"A9\"><f>SUM(A1:A8)</f></c></row>")).find("its formulas would point elsewhere"),
            std::string::npos);
}

TEST(Templates, OursAreUnderstoodInBothLanguages) {
  for (auto const* lang : {"zh", "en"}) {
    for (auto const kind : {storage::PackageKind::docx, storage::PackageKind::xlsx}) {
      auto const package = storage::read_package(storage::default_template(kind, lang));
      EXPECT_EQ(storage::kind_of(package), kind);
    }
  }
}

}  // namespace
}  // namespace wangge::tests
