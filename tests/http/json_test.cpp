// One reading of a body, whoever reads it; and every fault of its fields at once.
#include <gtest/gtest.h>

#include "gateways/http/fields.hpp"
#include "gateways/http/ids.hpp"
#include "gateways/http/strict_json.hpp"

namespace wangge::http {
namespace {

using namespace std::string_literals;

std::string canon(std::string_view text) {
  auto const value = parse_json(text);
  return value ? canonical(*value) : "refused";
}

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

TEST(StrictJson, OrdinaryDocumentsAreRead) {
  EXPECT_EQ(canon(R"( { "b" : [1, 2.5, true, null], "a" : "网格" } )"), R"({"a":"网格","b":[1,2.5,true,null]})");
  EXPECT_EQ(canon("3"), "3");
  EXPECT_EQ(canon(R"("\ud83d\ude00")"), "\"😀\"");
}

TEST(StrictJson, WhatHasTwoReadingsIsRefused) {
  for (std::string const& text : {
           ""s, " "s, "{"s, "[1,]"s, "{\"a\":1,}"s, "{'a':1}"s, "{a:1}"s, "01"s, "+1"s, ".5"s, "1."s, "0x10"s, "NaN"s,
           "-NaN"s, "Infinity"s, "-Infinity"s, "[NaN]"s, "nul"s, "True"s, "1 2"s, "{} {}"s, "[] x"s, "{}\0"s,
           "// no\n1"s, "/* no */1"s, "\xEF\xBB\xBF{}"s, "\"a\nb\""s, "\"\t\""s, "\"\\x41\""s, "\"\\u00\""s,
       }) {
    std::string why;
    EXPECT_FALSE(parse_json(text, &why)) << text;
    EXPECT_FALSE(why.empty()) << text;
  }
}

TEST(StrictJson, DuplicateMembersAreRefusedAtAnyDepthAndInAnySpelling) {
  for (auto const* text : {R"({"a":1,"a":1})", R"({"a":1,"b":2,"a":3})", R"({"a":1,"\u0061":2})", R"([{"x":{"y":1,"y":2}}])",
                           R"({"a":{"b":1,"b":{"c":1,"d":2}}})", R"({"":1,"":2})"}) {
    EXPECT_FALSE(parse_json(text)) << text;
  }
  std::string many = "{";
  for (int i = 0; i < 1000; ++i) many += "\"k" + std::to_string(i) + "\":0,";
  EXPECT_TRUE(parse_json(many + "\"k1000\":0}"));
  EXPECT_FALSE(parse_json(many + "\"k500\":0}"));
  EXPECT_TRUE(parse_json(R"({"a":{"a":{"a":1}},"b":{"a":1}})")) << "the same name in different objects is no duplicate";
}

TEST(StrictJson, DepthEndsAtSixteen) {
  EXPECT_TRUE(parse_json(nested(16)));
  EXPECT_FALSE(parse_json(nested(17)));
  EXPECT_FALSE(parse_json(nested(100'000)));
  EXPECT_FALSE(parse_json(std::string(100'000, '[')));
}

TEST(StrictJson, OnlyWellFormedUtf8IsRead) {
  for (std::string const& bytes : {
           "\x80"s, "\xBF"s, "\xC0\x80"s, "\xC1\xBF"s, "\xC2"s, "\xC2\x41"s, "\xE0\x80\x80"s, "\xE0\x9F\xBF"s,
           "\xED\xA0\x80"s, "\xED\xBF\xBF"s, "\xE4\xBD"s, "\xF0\x80\x80\x80"s, "\xF0\x8F\xBF\xBF"s, "\xF4\x90\x80\x80"s,
           "\xF5\x80\x80\x80"s, "\xF8\x88\x80\x80\x80"s, "\xFF"s, "\xFE"s, "ok\xC3"s,
       }) {
    EXPECT_FALSE(parse_json("\"" + bytes + "\"")) << testing::PrintToString(bytes);
    EXPECT_FALSE(parse_json("{\"" + bytes + "\":1}")) << testing::PrintToString(bytes);
  }
  for (std::string const& bytes : {"\x7F"s, "\xC2\x80"s, "\xDF\xBF"s, "\xE0\xA0\x80"s, "\xED\x9F\xBF"s, "\xEE\x80\x80"s,
                                   "\xEF\xBF\xBF"s, "\xF0\x90\x80\x80"s, "\xF4\x8F\xBF\xBF"s}) {
    EXPECT_TRUE(parse_json("\"" + bytes + "\"")) << testing::PrintToString(bytes);
  }
}

TEST(StrictJson, LoneSurrogatesAndZeroCharactersAreRefused) {
  for (auto const* text : {R"("\ud800")", R"("\udc00")", R"("\ud800x")", R"("\ud800\ud800")", R"("\ud800\u0041")",
                           R"("\u0000")", R"("a\u0000b")", R"({"\u0000":1})", R"({"a\u0000":1})"}) {
    EXPECT_FALSE(parse_json(text)) << text;
  }
  EXPECT_FALSE(parse_json("\"\0\""s));
}

TEST(StrictJson, ANumberBeyondADoubleIsLegalAndToBeRefusedByWhoeverReadsIt) {
  for (auto const& text : {std::string("1e400"), std::string("-1e400"), std::string(400, '9'), "[{\"a\":1e999}]"s}) {
    auto const value = parse_json(text);
    ASSERT_TRUE(value) << text;
    EXPECT_FALSE(all_finite(*value)) << text;
  }
  EXPECT_EQ(canon("[1e400,-1e400]"), "[1e999,-1e999]");
  EXPECT_EQ(canon("1e-400"), "0");
  EXPECT_EQ(canon("-1e-400"), "0");
  EXPECT_TRUE(all_finite(*parse_json(R"({"a":[1,2.5,"x",null,1e-400]})")));
  EXPECT_EQ(canon("1.7976931348623157e308"), "1.7976931348623157e+308");
  EXPECT_EQ(canon("116.58704200000001"), "116.58704200000001") << "every digit of a coordinate survives";
  EXPECT_EQ(canon("0.1"), "0.1");
}

TEST(StrictJson, EqualDocumentsHaveOneCanonicalText) {
  EXPECT_EQ(canon(R"({"a":1,"b":{"y":1.0,"x":[1e0]}})"), canon("{ \"b\":{\"x\":[1],\"y\":1},\n\"a\":10e-1 }"));
  EXPECT_EQ(canon("-0.0"), canon("0"));
  EXPECT_EQ(canon(R"("\u7f51")"), canon("\"网\""));
  EXPECT_EQ(canon("18446744073709551615"), "18446744073709551615");
  EXPECT_NE(canon("9007199254740993"), canon("9007199254740992")) << "whole numbers are not rounded";
  EXPECT_NE(canon(R"(["1"])"), canon("[1]"));
  EXPECT_EQ(canon(canon(R"({"k":"\"\\\b\f\n\r\t\u0001/"})")), canon(R"({"k":"\"\\\u0008\u000c\n\r\t\u0001\/"})"));
}

TEST(Ids, DigestsAndNamesAreThePublishedOnes) {
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(uuid_v5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com"), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
  EXPECT_THROW(uuid_v5("not a uuid", ""), std::invalid_argument);
  EXPECT_TRUE(is_uuid("2ED6657D-e927-568b-95e1-2665a8aea6a2"));
  EXPECT_FALSE(is_uuid("2ED6657De927-568b-95e1-2665a8aea6a2-"));
  EXPECT_FALSE(is_uuid("2ed6657d-e927-568b-95e1-2665a8aea6ag"));
  EXPECT_NE(joined("ab"s, "c"s), joined("a"s, "bc"s));
}

struct Read {
  boost::json::value body;
  FieldErrors errors;
  explicit Read(std::string_view text) : body(parse_json(text).value()) {}
  Fields fields() { return Fields(body, errors); }
};

TEST(Fields, GoodMembersAreReadWithoutFaults) {
  Read r(R"({"s":"网格","n":1.5,"i":3.0,"b":true,"t":"2026-10-01T08:00:00+08:00","e":"two","l":["x","y"],
             "o":{"k":"v"},"os":[{"k":"1"},{"k":"2"}],"unknown":{"ignored":1},"null":null})");
  auto f = r.fields();
  EXPECT_EQ(f.text("s", Need::required, 2), "网格");
  EXPECT_EQ(f.number("n", Need::required, 0, 2), 1.5);
  EXPECT_EQ(f.integer("i", Need::required, 0, 3), 3);
  EXPECT_EQ(f.boolean("b", Need::required), true);
  EXPECT_EQ(f.time("t", Need::required)->time_since_epoch(), std::chrono::seconds(1'790'812'800));
  constexpr std::string_view kWords[]{"one", "two"};
  EXPECT_EQ(f.one_of("e", Need::required, kWords), "two");
  EXPECT_EQ(f.texts("l", 1, 2, 1), (std::vector<std::string>{"x", "y"}));
  EXPECT_EQ(f.object("o", Need::required)->text("k", Need::required, 1), "v");
  EXPECT_EQ(f.objects("os", 0, 2).at(1).text("k", Need::required, 1), "2");
  EXPECT_EQ(f.text("null", Need::optional, 1), "");
  EXPECT_FALSE(f.has("null"));
  EXPECT_TRUE(r.errors.empty());
}

TEST(Fields, EveryFaultIsNamedAtOnceWithItsPointer) {
  Read r(R"({"long":"网格指","type":1,"empty":"","low":-1,"half":1.5,"blank":" \u3000\t","vast":1e999,"big":18446744073709551615,"text":"1","time":"tomorrow",
             "zone":"2026-10-01T08:00:00","word":"three","list":["", 1, "toolong", "ok"],"many":[1,2,3],"few":[],
             "object":[],"objects":[{}, 1],"a/b~c":1,"bool":"true"})");
  auto f = r.fields();
  constexpr std::string_view kWords[]{"one", "two"};
  f.text("missing", Need::required, 9);
  f.text("long", Need::required, 2);
  f.text("type", Need::optional, 9);
  f.text("empty", Need::required, 9);
  f.text("blank", Need::required, 9);
  f.number("low", Need::required, 0, 9);
  f.number("vast", Need::required, 0, 9);
  f.integer("vast", Need::required, 0, 9);
  f.integer("half", Need::required, 0, 9);
  f.integer("big", Need::required, 0, 9);
  f.number("text", Need::required, 0, 9);
  f.time("time", Need::required);
  f.time("zone", Need::required);
  f.one_of("word", Need::required, kWords);
  EXPECT_EQ(f.texts("list", 0, 9, 3), std::vector<std::string>{"ok"});
  f.texts("many", 0, 2, 9);
  f.texts("few", 1, 2, 9);
  f.object("object", Need::optional);
  EXPECT_EQ(f.objects("objects", 0, 9).size(), 1U);
  f.text("a/b~c", Need::optional, 9);
  f.boolean("bool", Need::optional);
  f.fail("low", "door_says_no");
  EXPECT_EQ(r.errors, (FieldErrors{{"/missing", "required"},
                                   {"/long", "too_long"},
                                   {"/type", "wrong_type"},
                                   {"/empty", "required"},
                                   {"/blank", "required"},
                                   {"/low", "out_of_range"},
                                   {"/vast", "out_of_range"},
                                   {"/vast", "out_of_range"},
                                   {"/half", "wrong_type"},
                                   {"/big", "out_of_range"},
                                   {"/text", "wrong_type"},
                                   {"/time", "bad_format"},
                                   {"/zone", "bad_format"},
                                   {"/word", "unknown_value"},
                                   {"/list/0", "required"},
                                   {"/list/1", "wrong_type"},
                                   {"/list/2", "too_long"},
                                   {"/many", "too_many"},
                                   {"/few", "required"},
                                   {"/object", "wrong_type"},
                                   {"/objects/1", "wrong_type"},
                                   {"/a~1b~0c", "wrong_type"},
                                   {"/bool", "wrong_type"},
                                   {"/low", "door_says_no"}}));
}

TEST(Fields, ABodyThatIsNoObjectIsOneFault) {
  Read r("[1]");
  auto f = r.fields();
  f.text("a", Need::required, 9);
  f.number("b", Need::required, 0, 1);
  EXPECT_EQ(r.errors, (FieldErrors{{"", "wrong_type"}}));
}

}  // namespace
}  // namespace wangge::http
