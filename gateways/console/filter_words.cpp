// What each query parameter may be: a code for programs, words for people.
#include <algorithm>
#include <array>

#include "gateways/console/answers.hpp"
#include "gateways/console/case_filter.hpp"

namespace wangge::console {
namespace {

struct Words {
  std::string_view field, code, zh, en;
};
constexpr std::array kWords{
    Words{"limit", "out_of_range", "limit 是 1 到 200 的整数", "limit is a whole number from 1 to 200"},
    Words{"cursor", "bad_cursor", "游标不属于这个列表，请从头读起", "The cursor is none of this list; begin anew"},
    Words{"sort", "unknown_value", "sort 可以是 due、-opened_at、opened_at 或 case_no", "sort is due, -opened_at, opened_at or case_no"},
    Words{"state", "unknown_value", "没有这个状态", "There is no such state"},
    Words{"stage", "unknown_value", "没有这个环节", "There is no such stage"},
    Words{"light", "unknown_value", "light 可以是 green、yellow 或 red", "light is green, yellow or red"},
    Words{"all", "unknown_value", "all 可以是 true 或 false", "all is true or false"},
    Words{"open", "unknown_value", "open 可以是 true 或 false", "open is true or false"},
    Words{"month", "bad_format", "月份写作 YYYY-MM，且不与 from、to 同用", "The month is written YYYY-MM, and without from and to"},
    Words{"due", "bad_format", "due 是带时区的时间（RFC 3339）或日期 YYYY-MM-DD", "due is a time with its zone (RFC 3339) or a day YYYY-MM-DD"},
    Words{"role", "unknown_value", "没有这个岗位", "There is no such role"},
    Words{"since", "bad_format", "since 是带时区的时间（RFC 3339）", "since is a time with its zone (RFC 3339)"},
    Words{"until", "bad_format", "until 是带时区的时间（RFC 3339）", "until is a time with its zone (RFC 3339)"},
    Words{"as_of", "bad_format", "as_of 是带时区的时间（RFC 3339）", "as_of is a time with its zone (RFC 3339)"},
    Words{"bbox", "bad_format", "bbox 写作 西,南,东,北（度）", "bbox is written west,south,east,north in degrees"},
    Words{"text", "bad_format", "检索词含有无法检索的字符", "The text holds what cannot be searched for"},
    Words{"from", "bad_format", "from 是日期 YYYY-MM-DD", "from is a day YYYY-MM-DD"},
    Words{"to", "bad_format", "to 是不早于 from 的日期 YYYY-MM-DD", "to is a day YYYY-MM-DD, not before from"},
    Words{"period", "unknown_value", "period 可以是 day、week、month、quarter 或 year", "period is day, week, month, quarter or year"},
    Words{"by", "unknown_value", "by 可以是 district、street、unit、squad、class、source、grid 或 category；结案统计还可以是 community、region_tree、unit_tree，指标统计还可以是 region、post、person、region_tree、unit_tree；巡查覆盖是 person、street、community 或 district",
          "by is district, street, unit, squad, class, source, grid or category; for the closure table also community, region_tree, unit_tree, for indicators region, post, person, region_tree, unit_tree; for coverage person, street, community or district"},
    Words{"format", "unknown_value", "format 可以是 json、csv 或 xlsx；供打印的表还可以是 html，通报是 docx 或 xlsx",
          "format is json, csv or xlsx; html too for tables to print; docx or xlsx for a bulletin"},
    Words{"compare", "unknown_value", "compare 可以是 true 或 false", "compare is true or false"},
    Words{"scheme", "unknown_value", "该时期没有这个评价方案", "There is no such scheme of evaluation in that period"},
    Words{"closure_month", "bad_format", "closure_month 写作 YYYY-MM", "closure_month is written YYYY-MM"},
    Words{"closure_from", "bad_format", "closure_from 是日期 YYYY-MM-DD", "closure_from is a day YYYY-MM-DD"},
    Words{"closure_to", "bad_format", "closure_to 是不早于 closure_from 的日期 YYYY-MM-DD",
          "closure_to is a day YYYY-MM-DD, not before closure_from"},
    Words{"closure_by", "unknown_value", "closure_by 不是该表的分组",
          "closure_by is no grouping of that table"},
    Words{"closure_field", "unknown_value", "closure_field 不是结案率统计表的列", "closure_field is no column of the closure table"},
    Words{"indicator", "unknown_value", "indicator 不是指标统计中的计数", "indicator is no count of the indicators"},
    Words{"campaign", "unknown_value", "没有这个专项", "There is no such campaign"},
    Words{"campaign_field", "unknown_value", "campaign_field 不是专项任务的进展数字，或没有给出 campaign", "campaign_field is no number of a campaign, or there is no campaign"},
    Words{"day", "bad_format", "day 是日期 YYYY-MM-DD", "day is a day YYYY-MM-DD"},
    Words{"walked", "unknown_value", "walked 可以是 true 或 false", "walked is true or false"},
    Words{"rostered", "unknown_value", "rostered 可以是 true 或 false", "rostered is true or false"},
    Words{"region", "bad_format", "region 是街道、社区或网格的编码", "region is the code of a street, a community or a cell"},
    Words{"waiting", "unknown_value", "waiting 可以是 answer 或 word，且不与 settled 同用", "waiting is answer or word, and without settled"},
    Words{"settled", "unknown_value", "settled 可以是 true 或 false", "settled is true or false"},
    Words{"cases", "unknown_value", "cases 是 1 到 50 个案卷号，以逗号分隔", "cases are 1 to 50 case numbers with commas between"},
    Words{"dispatch_by", "unknown_value", "by 可以是 officer、unit 或 rule", "by is officer, unit or rule"},
    Words{"lon", "out_of_range", "lon 是 -180 到 180 的度数", "lon is in degrees from -180 to 180"},
    Words{"lat", "out_of_range", "lat 是 -90 到 90 的度数", "lat is in degrees from -90 to 90"},
    Words{"since", "bad_format", "since 是带时区的时间（RFC 3339）", "since is a time with its zone (RFC 3339)"},
    Words{"until", "bad_format", "until 是带时区的时间（RFC 3339）", "until is a time with its zone (RFC 3339)"},
    Words{"roll_call_id", "id_taken", "该编号属于另一次点名", "This id belongs to another call"},
    Words{"standing", "unknown_value", "standing 可以是 filed、in_hand、checking、paused 或 closed", "standing is filed, in_hand, checking, paused or closed"},
    Words{"within", "out_of_range", "within 是 1 到 500 米", "within is 1 to 500 metres"},
};

}  // namespace

http::Response bad_filter(storage::BadFilter const& e, std::string_view lang) {
  bool const en = lang == "en";
  auto const answer = [&](std::string_view code, std::string const& words) {
    return http::problem(422, "bad_query", lang, words, {{"/" + (e.field == "dispatch_by" ? std::string("by") : e.field), std::string(code)}});
  };
  if (e.what() == std::string_view(kTooLong)) return answer("too_long", en ? e.field + " is too long" : e.field + " 过长");
  auto const* const it = std::find_if(kWords.begin(), kWords.end(), [&](Words const& w) { return w.field == e.field; });
  if (it == kWords.end()) return answer("bad_value", "");
  return answer(it->code, std::string(en ? it->en : it->zh));
}

}  // namespace wangge::console
