// Schemes of evaluation and tariffs of settlement: loaded as parts, every bad row named, versions kept, sealed months left alone.
#include <gtest/gtest.h>

#include <sstream>

#include "../folder.hpp"
#include "small_city.hpp"
#include "storage/standing.hpp"
#include "tests/support/temporary_postgres.hpp"

namespace wangge::deploy {
namespace {

using tests::Folder;
using tests::SmallCity;
using tests::TemporaryPostgres;

std::string const& database() {
  static auto const made = TemporaryPostgres::shared().fresh_database();
  return made;
}
void sql(std::string const& text) { TemporaryPostgres::shared().sql(database(), text); }

using Files = std::map<std::string, std::string>;
Files const kScheme{{"schemes.csv", "id,object,zh,en,by,from_day,to_day,document\ndep-1,department,部门,Departments,unit,2026-01-01,2026-06-30,办法一\n"},
                    {"scheme_groups.csv", "scheme,id,zh,en,members\ndep-1,road,路,Roads,roads\ndep-1,rest,其他,Others,*\n"},
                    {"scheme_parts.csv",
                     "scheme,group,indicator,weight,kind,bands\ndep-1,,archive_rate,60,rate,\ndep-1,,intime_archive_rate,40,bands,0:0;70:50;90.5:100\n"
                     "dep-1,rest,dispatch_num,100,bands,0:100;51:90\n"},
                    {"scheme_deductions.csv", "scheme,group,indicator,points,free,most\ndep-1,,multi_rework_num,0.2,2,5\n"}};

struct Published : testing::Test {
  Published() {
    sql("DELETE FROM district; DELETE FROM month_seal");
    for (auto const& [name, text] : small.files) folder.write(name, text);
    EXPECT_EQ(load_city(database(), {folder.path.string()}, out, err), 0) << err.str();
  }
  int load(std::string const& part, Files const& files) {
    out.str(""), err.str("");
    PartOptions options;
    options.part = part, options.by = "王", options.note = "会议纪要";
    for (auto const& [name, text] : files) {
      folder.write(name, text);
      options.files.push_back((folder.path / name).string());
    }
    return load_part(database(), options, out, err);
  }
  // One file changed.
  int load_with(std::string const& file, std::string const& text) {
    auto files = kScheme;
    files[file] = text;
    return load("evaluation", files);
  }
  bool told(std::string const& text) const { return (out.str() + err.str()).find(text) != std::string::npos; }
  SmallCity small;
  Folder folder;
  std::ostringstream out, err;
};

TEST_F(Published, ASchemeReadsBackAsItWasWritten) {
  ASSERT_EQ(load("evaluation", kScheme), 0) << err.str();
  EXPECT_TRUE(told("evaluation: 1 added, 0 changed, 0 removed"));
  auto const set = storage::standing::load_set(database(), "990001");
  ASSERT_EQ(set.schemes.size(), 1u);
  auto const& s = set.schemes[0];
  EXPECT_EQ(s.document, "办法一");
  EXPECT_EQ(s.to, core::LocalDay{std::chrono::year{2026} / 7 / 1}) << "half-open inside";
  ASSERT_EQ(s.groups.size(), 2u);
  EXPECT_EQ(s.groups[0].members, std::vector<std::string>{"roads"});
  EXPECT_EQ(s.parts[1].bands, (std::vector<std::pair<std::int64_t, std::int64_t>>{{0, 0}, {7000, 50}, {9050, 100}})) << "a rate's in hundredths";
  EXPECT_EQ(s.groups[1].parts[0].bands, (std::vector<std::pair<std::int64_t, std::int64_t>>{{0, 100}, {51, 90}}));
  EXPECT_EQ(s.deductions, (std::vector<core::Deduction>{{"multi_rework_num", 20, 2, 500}}));
  EXPECT_EQ(load("evaluation", kScheme), 0);
  EXPECT_TRUE(told("nothing changes"));
  EXPECT_EQ(load_city(database(), {folder.path.string()}, out, err), 0) << "a whole load brings them too";
  EXPECT_EQ(storage::standing::load_set(database(), "990001").schemes, set.schemes);
}

TEST_F(Published, EveryBadRowOfASchemeIsNamed) {
  struct Row {
    char const *file, *text, *said;
  };
  for (auto const& row : {
           Row{"schemes.csv", "id,object,zh,en,by\ndep-1,department,部门,D,colour\n", "schemes.csv:2: by: \"colour\" is no grouping"},
           Row{"schemes.csv", "id,object,zh,en,by,from_day\ndep-1,department,部门,D,unit,2026-01-15\n", "schemes.csv:2: from_day: months are judged whole"},
           Row{"schemes.csv", "id,object,zh,en,by,to_day\ndep-1,department,部门,D,unit,2026-06-30\nb,department,部门,D,unit,2026-07-31\n", "schemes.csv:3: from_day: meets dep-1"},
           Row{"schemes.csv", "id,object,zh,en,by,post\ndep-1,department,部门,D,unit,acceptor\n", "schemes.csv:2: post:"},
           Row{"scheme_groups.csv", "scheme,id,zh,en,members\ndep-1,rest,其,O,*\ndep-1,x,x,x,nobody\nnone,y,y,y,*\n", "scheme_groups.csv:3: members: no unit nobody"},
           Row{"scheme_groups.csv", "scheme,id,zh,en,members\ndep-1,rest,其,O,*\ndep-1,x,x,x,roads *\n", "scheme_groups.csv:3: members: * is in group rest already"},
           Row{"scheme_parts.csv", "scheme,group,indicator,weight,kind,bands\ndep-1,,colour,100,rate,\n", "scheme_parts.csv:2: indicator: there is no indicator colour"},
           Row{"scheme_parts.csv", "scheme,group,indicator,weight,kind,bands\ndep-1,,accept_num,100,rate,\n", "scheme_parts.csv:2: kind: accept_num is a count and wants bands"},
           Row{"scheme_parts.csv", "scheme,group,indicator,weight,kind,bands\ndep-1,,accept_num,100,bands,9:50;5:60\n", "scheme_parts.csv:2: bands: they must ascend"},
           Row{"scheme_parts.csv", "scheme,group,indicator,weight,kind,bands\ndep-1,,accept_num,100,bands,0:101\n", "scheme_parts.csv:2: bands: \"0:101\""},
           Row{"scheme_parts.csv", "scheme,group,indicator,weight,kind,bands\ndep-1,,archive_rate,90,rate,\n", "schemes.csv:2: dep-1: its weights make 90, not 100"},
           Row{"scheme_parts.csv", "scheme,group,indicator,weight,kind,bands\ndep-1,gone,archive_rate,100,rate,\n", "scheme_parts.csv:2: group: scheme dep-1 has no group gone"},
           Row{"scheme_deductions.csv", "scheme,group,indicator,points,free,most\ndep-1,,archive_rate,1,,\n", "scheme_deductions.csv:2: indicator: points go off for counts"},
           Row{"scheme_deductions.csv", "scheme,group,indicator,points,free,most\ndep-1,,missed_num,0.125,,\n", "scheme_deductions.csv:2: points: \"0.125\" is no number"},
       }) {
    EXPECT_EQ(load_with(row.file, row.text), 1) << row.text;
    EXPECT_TRUE(told(row.said)) << row.said << "\nbut: " << err.str();
    EXPECT_TRUE(told("nothing was loaded"));
  }
  EXPECT_TRUE(storage::standing::load_set(database(), "990001").schemes.empty());
}

TEST_F(Published, TariffsAreReadAndTheirFaultsNamed) {
  std::string const head = "id,zh,en,contractor,kind,item,less,price,free,bound,most,from_day,to_day,document\n";
  ASSERT_EQ(load("settlement", {{"tariffs.csv", head + "v,有效上报,Valid,patrols,each,valid_report_num,,1.5,,,,,,合同\nb,按时,In time,,below,intime_verify_rate,,-10,,95,500,,,\n"}}), 0) << err.str();
  auto const tariffs = storage::standing::load_set(database(), "990001").tariffs;
  ASSERT_EQ(tariffs.size(), 2u);
  EXPECT_EQ(tariffs[0].price, 150);
  EXPECT_EQ(tariffs[1].bound, 95'00);
  EXPECT_EQ(tariffs[1].price, -1000);
  EXPECT_EQ(tariffs[1].most, 500'00);
  for (auto const& [row, said] : std::vector<std::pair<std::string, std::string>>{
           {"v,a,a,gone,each,report_num,,1,,,,,,\n", "tariffs.csv:2: contractor: no unit gone"},
           {"v,a,a,,each,archive_rate,,1,,,,,,\n", "tariffs.csv:2: item: there is no count archive_rate"},
           {"v,a,a,,weekly,report_num,,1,,,,,,\n", "tariffs.csv:2: kind: \"weekly\" is none of each, monthly, below"},
           {"v,a,a,,each,report_num,,,,,,,,\n", "tariffs.csv:2: price: a price of nothing"},
           {"v,a,a,,below,archive_rate,,1,,,,,,\n", "tariffs.csv:2: bound:"},
           {"v,a,a,,each,report_num,,1,,,,2026-02-28,,\n", "tariffs.csv:2: from_day: months"}}) {
    EXPECT_EQ(load("settlement", {{"tariffs.csv", head + row}}), 1) << row;
    EXPECT_TRUE(told(said)) << said << "\nbut: " << err.str();
  }
  EXPECT_EQ(storage::standing::load_set(database(), "990001").tariffs, tariffs) << "nothing half-applied";
}

TEST_F(Published, WhatASealedMonthWasJudgedByStaysAsItIs) {
  ASSERT_EQ(load("evaluation", kScheme), 0) << err.str();
  sql("INSERT INTO month_seal VALUES ('990001', '2026-03', '2026-03-31T16:00:00Z', '2026-04-03T16:00:00Z', 'c', 'd', 's', 'e', now())");
  EXPECT_EQ(load_with("scheme_deductions.csv", "scheme,group,indicator,points,free,most\n"), 1);
  EXPECT_TRUE(told("evaluation dep-1: it speaks for 2026-03, which is sealed")) << err.str();
  EXPECT_TRUE(told("2026-04-01"));
  EXPECT_EQ(load_with("schemes.csv", "id,object,zh,en,by,from_day,to_day,document\ndep-1,department,部门,Departments,unit,2026-01-01,2026-02-28,办法一\n"), 1) << "ended before the seal";
  // Ended with the sealed month, and a new one begins.
  auto files = kScheme;
  files["schemes.csv"] = "id,object,zh,en,by,from_day,to_day,document\ndep-1,department,部门,Departments,unit,2026-01-01,2026-03-31,办法一\ndep-2,department,部门,Departments,unit,2026-04-01,,办法二\n";
  files["scheme_parts.csv"] += "dep-2,,archive_rate,100,rate,\n";
  EXPECT_EQ(load("evaluation", files), 0) << err.str();
  EXPECT_EQ(load("settlement", {{"tariffs.csv", "id,zh,en,contractor,kind,item,less,price\nv,a,a,,each,report_num,,1\n"}}), 1) << "it would hold for ever, also back then";
  EXPECT_TRUE(told("settlement v: it speaks for 2026-03"));
  EXPECT_EQ(load("settlement", {{"tariffs.csv", "id,zh,en,contractor,kind,item,less,price,from_day\nv,a,a,,each,report_num,,1,2026-04-01\n"}}), 0) << err.str();
}

}  // namespace
}  // namespace wangge::deploy
