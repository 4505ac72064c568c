// Moments, languages, percent signs, and what a refusal looks like.
#include <gtest/gtest.h>

#include <set>

#include "gateways/http/http.hpp"
#include "gateways/http/response.hpp"
#include "gateways/http/rfc3339.hpp"
#include "gateways/http/strict_json.hpp"
#include "gateways/http/text.hpp"

namespace wangge::http {
namespace {

using namespace std::string_literals;

std::string round(std::string_view text, int offset = 0) {
  auto const at = parse_time(text);
  return at ? format_time(*at, offset) : "refused";
}

TEST(Time, IsReadWithItsZoneAndWrittenInAnother) {
  EXPECT_EQ(round("2026-10-01T08:00:00+08:00"), "2026-10-01T00:00:00Z");
  EXPECT_EQ(round("2026-10-01T00:00:00Z", 480), "2026-10-01T08:00:00+08:00");
  EXPECT_EQ(round("2026-10-01t00:00:00.25z", -210), "2026-09-30T20:30:00.250-03:30");
  EXPECT_EQ(round("2026-10-01T00:00:00.123987654321Z"), "2026-10-01T00:00:00.123Z");
  EXPECT_EQ(round("2024-02-29T23:59:59-12:00"), "2024-03-01T11:59:59Z");
  EXPECT_EQ(round("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z");
  EXPECT_EQ(round("2017-01-01T07:59:60.5+08:00"), "2017-01-01T00:00:00Z");
  EXPECT_EQ(round("1969-12-31T23:59:59.999Z"), "1969-12-31T23:59:59.999Z");
  EXPECT_EQ(round("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00Z");
  EXPECT_EQ(round("2026-10-01T08:00:00-00:00"), "2026-10-01T08:00:00Z");
}

TEST(Time, NonsenseIsRefused) {
  for (auto const* text :
       {"", "2026", "2026-10-01", "2026-10-01T08:00:00", "2026-10-01T08:00Z", "2026-10-01 08:00:00Z", "2026-02-30T08:00:00Z",
        "2025-02-29T08:00:00Z", "1900-02-29T08:00:00Z", "2026-13-01T08:00:00Z", "2026-00-10T08:00:00Z",
        "2026-10-00T08:00:00Z", "2026-10-01T24:00:00Z", "2026-10-01T08:60:00Z", "2026-10-01T08:00:61Z",
        "2026-10-01T08:00:60Z", "2026-10-01T08:00:00+0800", "2026-10-01T08:00:00+24:00", "2026-10-01T08:00:00+08:60",
        "2026-10-01T08:00:00.Z", "2026-10-01T08:00:00Zx", " 2026-10-01T08:00:00Z", "2026-1-01T08:00:00Z",
        "+026-10-01T08:00:00Z", "2026-10-01T08:00:00,5Z", "20261001T080000Z", "2026-10-01T-8:00:00Z", "1790812800"}) {
    EXPECT_EQ(round(text), "refused") << text;
  }
  EXPECT_FALSE(parse_time("2026-10-01T08:00:00Z\0"s));
}

TEST(Language, IsChineseUnlessEnglishIsPreferred) {
  for (auto const* header : {"", "zh", "zh-CN,en;q=0.8", "fr", "*", "en;q=0.5,zh;q=0.9", "en,zh", "english", "en;q=0", "zz,,;q", "e", ";", "-",
                             "de;q=0.9, zh-Hans;q=0.5, en;q=0.4"}) {
    EXPECT_EQ(preferred_language(header), "zh") << header;
  }
  for (auto const* header : {"en", "en-US,en;q=0.9", "EN", "zh;q=0.3,en;q=0.7", "fr, en;q=0.1", "en-GB;q=0.8, zh;q=0"}) {
    EXPECT_EQ(preferred_language(header), "en") << header;
  }
}

TEST(Text, PercentSignsDecodeToWellFormedTextOrNothing) {
  EXPECT_EQ(percent_decode("a%20b+c"), "a b+c");
  EXPECT_EQ(percent_decode("a%20b+c", true), "a b c");
  EXPECT_EQ(percent_decode("%E7%BD%91"), "网");
  for (auto const* bad : {"%", "%4", "%zz", "a%2", "%00", "%C0%80", "%ED%A0%80", "%FF"}) {
    EXPECT_EQ(percent_decode(bad), std::nullopt) << bad;
  }
}

TEST(Text, CharactersAreCountedAsPeopleCountThem) {
  EXPECT_EQ(count_characters("网格a😀"), 4U);
  EXPECT_EQ(count_characters(""), 0U);
}

TEST(Problem, SaysWhatIsWrongInBothLanguagesAndByCode) {
  auto const zh = problem(422, "invalid", "zh", "", {{"/lat", "out_of_range"}, {"/photos/3", "bad_format"}});
  EXPECT_EQ(zh.content_type, "application/problem+json");
  EXPECT_EQ(zh.body,
            R"({"type":"urn:wangge:problem:invalid","title":"有字段不符合要求","status":422,"code":"invalid",)"
            R"("detail":"有字段不符合要求","errors":[{"field":"/lat","code":"out_of_range"},{"field":"/photos/3","code":"bad_format"}]})");
  auto const en = parse_json(problem(409, "stale_version", "en", "say \"hi\"\n").body);
  ASSERT_TRUE(en);
  EXPECT_EQ(en->at("detail").as_string(), "say \"hi\"\n");
  EXPECT_EQ(en->at("title").as_string(), "The case has changed; read it again");
}

TEST(Problem, AskingToRetryComesWithAScatteredTime) {
  for (int const status : {429, 503, 507}) {
    std::set<std::string> seen;
    for (int i = 0; i < 200; ++i) {
      for (auto const& [name, value] : problem(status, "overloaded", "zh").headers) {
        if (name == "Retry-After") seen.insert(value);
      }
    }
    EXPECT_GT(seen.size(), 5U);
    for (auto const& value : seen) EXPECT_TRUE(std::stoi(value) >= 1 && std::stoi(value) <= 30) << value;
  }
  for (auto const& [name, value] : problem(404, "not_found", "zh").headers) EXPECT_NE(name, "Retry-After");
}

TEST(ResponseHead, AHandlerCannotSplitAnAnswerNorReplaceItsFraming) {
  Response r;
  r.body = "xyz";
  r.headers = {{"X-Name", "a\r\nSet-Cookie: stolen=1"}, {"Bad Name", "x"},       {"Content-Length", "999"},
               {"Transfer-Encoding", "chunked"},        {"cache-control", "max-age=60"}};
  std::string head;
  write_head(head, r, {}, 0);
  EXPECT_NE(head.find("X-Name: a  Set-Cookie: stolen=1\r\n"), std::string::npos);
  EXPECT_EQ(head.find("Bad Name"), std::string::npos);
  EXPECT_EQ(head.find("999"), std::string::npos);
  EXPECT_EQ(head.find("chunked"), std::string::npos);
  EXPECT_NE(head.find("Content-Length: 3\r\n"), std::string::npos);
  EXPECT_NE(head.find("cache-control: max-age=60\r\n"), std::string::npos);
  EXPECT_EQ(head.find("no-store"), std::string::npos) << "the handler's own word on caching counts";
  EXPECT_NE(head.find("Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"), std::string::npos);
}

TEST(Events, LineBreaksCannotBeginAnotherField) {
  std::string out;
  write_event(out, "task\nid: 1", "one\r\ntwo\rthree\nevent: x");
  write_comment(out, "beat\ndata: x");
  EXPECT_EQ(out,
            "event: task id: 1\ndata: one\ndata: two\ndata: three\ndata: event: x\n\n"
            ": beat\n: data: x\n\n");
}

}  // namespace
}  // namespace wangge::http
