// Rates and the four forms of the closure table.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "storage/export_text.hpp"
#include "storage/read_model.hpp"
#include "storage/times.hpp"
#include "tests/store/world.hpp"

namespace wangge::tests {
namespace {

using storage::rate_hundredths;

TEST(Rates, AreRoundedHalfUp) {
  EXPECT_EQ(rate_hundredths(43523, 52434), 8301);  // the Zhengzhou table, DOMAIN 5
  EXPECT_EQ(rate_hundredths(911, 972), 9372);
  EXPECT_EQ(rate_hundredths(1, 3), 3333);
  EXPECT_EQ(rate_hundredths(2, 3), 6667);
  EXPECT_EQ(rate_hundredths(1, 800), 13);    // 0.125 %
  EXPECT_EQ(rate_hundredths(1, 20000), 1);   // 0.005 %
  EXPECT_EQ(rate_hundredths(1, 20001), 0);
  EXPECT_EQ(rate_hundredths(7, 7), 10000);
  EXPECT_EQ(rate_hundredths(0, 5), 0);
  EXPECT_EQ(rate_hundredths(0, 0), std::nullopt);
}

TEST(Rates, BelowNoughtTheyAreStillNumbers) {
  EXPECT_EQ(storage::rate_text(-5), "-0.05");  // a month's satisfaction score may be
  EXPECT_EQ(storage::rate_text(-1234), "-12.34");
  EXPECT_EQ(storage::rate_text(-10000), "-100.00");
  EXPECT_EQ(storage::rate_text(5), "0.05");
}

storage::ClosureTable sample() {
  storage::ClosureTable t;
  t.by = "unit";
  t.month = "2026-10";
  t.period_zh = "2026-10-01 至 2026-10-31";
  t.period_en = "2026-10-01 to 2026-10-31";
  t.from = *storage::parse_instant("2026-10-01T00:00:00+08:00");
  t.to = *storage::parse_instant("2026-11-01T00:00:00+08:00");
  t.as_of = *storage::parse_instant("2026-11-05T00:00:00+08:00");
  storage::ClosureRow a;
  a.key = "U1";
  a.name = "=cmd|' /C calc'!A0";
  a.filed = 10;
  a.due = 3;
  a.closed = 2;
  a.closed_on_time = 1;
  storage::ClosureRow b;
  b.name = "园林处, \"二\"";
  t.rows = {a, b};
  t.total = a;
  t.total.key = "";
  t.total.name = "合计";
  return t;
}

TEST(Exports, JsonHasRatesBasisAndAListBehindEachNumber) {
  auto const json = storage::closure_json(sample(), "2026-10", "zh");
  EXPECT_EQ(members(json, "closure_rate"), (std::vector<std::string>{"66.67", "null", "66.67"}));
  EXPECT_EQ(members(json, "on_time_closure_rate")[0], "33.33");
  EXPECT_EQ(members(json, "as_of")[0], "2026-11-05T00:00:00.000+08:00");
  EXPECT_NE(json.find("应结案 = (甲)"), std::string::npos);
  EXPECT_NE(json.find("/api/v1/cases?closure_from=2026-10-01&closure_to=2026-10-31&closure_by=unit&closure_key=U1&closure_field=due&as_of=2026-11-04T16:00:00.000Z"), std::string::npos);
  EXPECT_NE(json.find("closure_key=-&closure_field=due"), std::string::npos);                // the row without a key
  EXPECT_NE(json.find("closure_by=unit&closure_field=due"), std::string::npos);              // the total
  EXPECT_NE(storage::closure_json(sample(), "2026-10", "en").find("Basis: due"), std::string::npos);
}

TEST(Exports, TsvHasTheCountsAndTheRates) {
  std::istringstream lines(storage::closure_tsv(sample()));
  std::string head, first, second;
  std::getline(lines, head), std::getline(lines, first), std::getline(lines, second);
  EXPECT_EQ(head, "key\tname\tfiled\tdispatched\tdue\tcarried_over\tclosed\tclosed_on_time\treworked\textended\tawaiting_check\tin_enforcement\t"
                  "open_at_end\tclosure_rate\ton_time_closure_rate\trework_rate\textension_rate");
  EXPECT_EQ(std::count(first.begin(), first.end(), '\t'), std::count(head.begin(), head.end(), '\t'));
  EXPECT_NE(first.find("\t66.67\t33.33\t"), std::string::npos) << first;
  EXPECT_TRUE(second.ends_with("\t\t\t\t")) << "null where nothing is due: " << second;
}

TEST(Exports, CsvIsSafeForSpreadsheets) {
  auto const csv = storage::closure_csv(sample(), "zh");
  EXPECT_EQ(csv.substr(0, 3), "\xef\xbb\xbf");
  EXPECT_NE(csv.find("代码,部门,立案数"), std::string::npos);
  EXPECT_NE(csv.find("U1,'=cmd|' /C calc'!A0,10,"), std::string::npos);
  EXPECT_NE(csv.find("\"园林处, \"\"二\"\"\""), std::string::npos);
  EXPECT_NE(csv.find("66.67"), std::string::npos);
  EXPECT_NE(csv.find("–"), std::string::npos);
  EXPECT_NE(csv.find("读数时刻"), std::string::npos);
}

TEST(Exports, TextIsAlignedForWideCharacters) {
  auto t = sample();
  t.rows[0].name = "市政处";
  t.rows[1].name = "Parks";
  auto const text = storage::closure_text(t, "zh");
  // Widths in columns: every line of the table ends at the same column.
  std::vector<std::size_t> ends;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("代码", 0) != 0 && line.rfind("U1", 0) != 0 && line.find("Parks") == std::string::npos) continue;
    std::size_t columns = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      auto const c = static_cast<unsigned char>(line[i]);
      if (c >> 6 == 2) continue;
      bool const dash = line.compare(i, 3, "–") == 0;
      columns += c >= 0xe0 && !dash ? 2 : 1;
    }
    ends.push_back(columns);
  }
  ASSERT_EQ(ends.size(), 3u);
  EXPECT_EQ(ends[0], ends[1]);
  EXPECT_EQ(ends[1], ends[2]);
  EXPECT_NE(text.find("口径"), std::string::npos);
}

TEST(Exports, XlsxIsWritten) {
  auto const file = std::filesystem::temp_directory_path() / "wangge-closure-test.xlsx";
  storage::closure_xlsx(sample(), file.string(), "en");
  std::ifstream in(file, std::ios::binary);
  char magic[2]{};
  in.read(magic, 2);
  EXPECT_EQ(std::string(magic, 2), "PK");
  EXPECT_GT(std::filesystem::file_size(file), 4000u);
  std::filesystem::remove(file);
  EXPECT_THROW(storage::closure_xlsx(sample(), "/nowhere/x.xlsx", "en"), std::runtime_error);
}

TEST(Times, AreReadAndWritten) {
  using storage::parse_instant;
  EXPECT_EQ(parse_instant("2026-11-02T08:00:00+08:00"), at(0));
  EXPECT_EQ(parse_instant("2026-11-02T00:00:00.001Z"), at(0) + core::Millis{1});
  for (std::string const bad : {"", "2026-11-02", "2026-11-02T08:00:00", "2026-13-02T08:00:00Z", "2026-11-02T24:00:00Z", "2026-11-02T08:00:00Zx",
                                "2026-11-02T08:00:00.Z", "2026-02-30T08:00:00Z"}) {
    EXPECT_EQ(parse_instant(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(storage::format_instant(at(0), std::chrono::minutes{480}), "2026-11-02T08:00:00.000+08:00");
  EXPECT_EQ(storage::format_instant(at(0), std::chrono::minutes{-210}), "2026-11-01T20:30:00.000-03:30");
  EXPECT_EQ(storage::format_utc(at(0)), "2026-11-02T00:00:00.000Z");
}

}  // namespace
}  // namespace wangge::tests
