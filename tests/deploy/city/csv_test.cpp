// RFC 4180 as foreign files really write it.
#include "deploy/csv.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace wangge::deploy {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows read(std::string const& text) {
  std::istringstream in(text);
  CsvReader reader(in);
  Rows rows;
  std::vector<std::string> fields;
  while (reader.next(fields)) rows.push_back(fields);
  return rows;
}

TEST(Csv, ReadsWhatTheStandardAllows) {
  struct Case {
    char const* text;
    Rows rows;
  };
  std::vector<Case> const cases{
      {"", {}},
      {"a,b\n", {{"a", "b"}}},
      {"a,b", {{"a", "b"}}},
      {"a,b\r\n1,2\r\n", {{"a", "b"}, {"1", "2"}}},
      {"a,,c\n", {{"a", "", "c"}}},
      {",\n", {{"", ""}}},
      {"\"a,b\",c\n", {{"a,b", "c"}}},
      {"\"say \"\"hi\"\"\"\n", {{"say \"hi\""}}},
      {"\"two\nlines\",x\n", {{"two\nlines", "x"}}},
      {"\"\"\n", {{""}}},
      {"a\n\n\nb\n", {{"a"}, {"b"}}},
      {"\xEF\xBB\xBF"
       "a\n",
       {{"a"}}},
      {"网格,\"巡查,上报\"\n", {{"网格", "巡查,上报"}}},
      {"，号,x\n", {{"，号", "x"}}},  // begins with the first byte of a mark
      {"\xEF\xBB", {{"\xEF\xBB"}}},
      {"5\" pipe,x\n", {{"5\" pipe", "x"}}},
  };
  for (auto const& c : cases) EXPECT_EQ(read(c.text), c.rows) << c.text;
}

TEST(Csv, NamesTheLineOfAFault) {
  for (auto const& [text, line] :
       std::vector<std::pair<std::string, int>>{{"a\nb,\"never ends\n", 2}, {"a\n\"x\"y\n", 2}}) {
    try {
      read(text);
      ADD_FAILURE() << text;
    } catch (CsvBroken const& broken) {
      EXPECT_EQ(broken.line, line) << text;
    }
  }
}

TEST(Csv, TakesFieldsOfFiveMegabytes) {
  std::string const big(5 << 20, 'x');
  auto const rows = read("k,\"" + big + "\"\nnext,1\n");
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0][1].size(), big.size());
}

TEST(Csv, WritesWhatItReads) {
  for (std::string const text : {"plain", "a,b", "say \"hi\"", "two\nlines", ""}) {
    EXPECT_EQ(read(csv_field(text) + ",x\n")[0][0], text);
  }
}

}  // namespace
}  // namespace wangge::deploy
