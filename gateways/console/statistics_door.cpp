// One question, three forms of answer.
#include "gateways/console/statistics_door.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "gateways/console/answers.hpp"
#include "gateways/console/period.hpp"
#include "gateways/console/table_answers.hpp"
#include "gateways/http/rfc3339.hpp"
#include "storage/publish/sheets.hpp"

namespace wangge::console {
namespace {

constexpr std::size_t kMostCases = 200;  // named of one pattern; the count says how many there are
constexpr std::array<std::string_view, 13> kIndicatorWords{"region", "district", "street", "grid",   "unit",        "squad",    "post",
                                                           "person", "class",    "category", "source", "region_tree", "unit_tree"};
}  // namespace

void StatisticsDoor::closure(http::Request request, http::Reply reply) {
  auto const& lang = request.lang;
  reply(reading(lang, [&] {
    auto const by = word(request, "by", storage::kClosureBy, "unit");
    auto const format = word(request, "format", kPrintedFormats, wants_page(request) ? "html" : "json");
    bool const compare = word(request, "compare", kYesNo, "false") == "true";
    auto const calendar = reads_.calendar(request.who.district);
    auto const read = period_of(request, calendar);
    auto const table_of = [&](PeriodRead const& p) {
      storage::ClosureRequest asked{request.who, by, p.from, p.to, p.as_of, p.previous_as_of, lang, request.arg("as_of").empty()};
      asked.campaign = request.arg("campaign");
      auto table = reads_.closure(asked);
      if (table.month.empty()) table.month = p.label;
      return table;
    };
    auto const table = table_of(read);
    std::optional<storage::ClosureTable> before, year_ago;
    if (compare) before = table_of(period_before(read, calendar)), year_ago = table_of(year_before(read, calendar));
    auto const* const earlier = before ? &*before : nullptr;
    auto const* const a_year_ago = year_ago ? &*year_ago : nullptr;
    if (format == "html") {
      auto const city = reads_.city(request.who.district);
      auto const sheet = storage::closure_sheet(table, lang, earlier, a_year_ago);
      return as_page({lang, lang == "en" ? city->en : city->zh, sheet.title, std::string(request.arg("number"))}, {sheet});
    }
    if (format == "csv")
      return as_file("text/csv; charset=utf-8", compare ? storage::sheet_csv(storage::closure_sheet(table, lang, earlier, a_year_ago)) : storage::closure_csv(table, lang),
                     file_name(read.label, by, "csv"));
    if (format == "xlsx") {
      return as_xlsx(lang, file_name(read.label, by, "xlsx"),
                     [&](std::string const& path) { storage::closure_xlsx(table, path, lang, earlier, a_year_ago); });
    }
    return http::json(200, storage::closure_json(table, read.label, lang, earlier, a_year_ago));
  }));
}

void StatisticsDoor::indicators(http::Request request, http::Reply reply) {
  auto const& lang = request.lang;
  reply(reading(lang, [&] {
    auto by = word(request, "by", kIndicatorWords, "unit");
    if (by == "region") by = "street";
    auto const format = word(request, "format", kPrintedFormats, wants_page(request) ? "html" : "json");
    auto const calendar = reads_.calendar(request.who.district);
    PeriodAsked const asked{request.arg("month"), request.arg("from"), request.arg("to"), request.arg("period"),
                            request.arg("as_of")};
    auto const period = read_period(asked, calendar, request.received_at);
    if (auto const* bad = std::get_if<BadPeriod>(&period)) throw storage::BadFilter(bad->field, "no such period");
    auto const& read = std::get<PeriodRead>(period);
    auto const table_of = [&](PeriodRead const& p) {
      storage::ClosureRequest one{request.who, by, p.from, p.to, p.as_of, p.previous_as_of, lang, asked.as_of.empty()};
      one.campaign = request.arg("campaign");
      return reads_.indicators(one);
    };
    auto const table = table_of(read);
    if (format == "csv")
      return as_file("text/csv; charset=utf-8", storage::indicators_csv(table, lang),
                     file_name(read.label, by, "csv", "indicators"));
    auto const before = table_of(period_before(read, calendar)), year_ago = table_of(year_before(read, calendar));
    if (format == "xlsx") {
      return as_xlsx(lang, file_name(read.label, by, "xlsx", "indicators"),
                     [&](std::string const& path) { storage::indicators_xlsx(table, &before, &year_ago, path, lang); });
    }
    if (format == "html") {
      // On paper: the whole compared, then the rows with the counts and rates that say something, then the formulas.
      auto const city = reads_.city(request.who.district);
      auto const wide = storage::indicator_sheet(table, lang);
      std::vector<storage::Sheet> sheets{storage::compared_sheet(table, &before, &year_ago, lang)};
      for (auto& part : storage::paper_sheets(wide, lang)) sheets.push_back(std::move(part));
      sheets.push_back(storage::formula_sheet(lang));
      return as_page({lang, lang == "en" ? city->en : city->zh, wide.title, std::string(request.arg("number"))}, sheets);
    }
    return http::json(200, storage::indicators_json(table, &before, &year_ago, lang));
  }));
}

void StatisticsDoor::suspicions(http::Request request, http::Reply reply) {
  bool const en = request.lang == "en";
  reply(reading(request.lang, [&] {
    auto const calendar = reads_.calendar(request.who.district);
    auto const period = read_period({request.arg("month"), request.arg("from"), request.arg("to"), request.arg("period"), ""}, calendar, request.received_at);
    if (auto const* bad = std::get_if<BadPeriod>(&period)) throw storage::BadFilter(bad->field, "no such period");
    auto const& read = std::get<PeriodRead>(period);
    namespace json = boost::json;
    json::array items;
    for (auto const& s : reads_.suspicions(request.who.district, read.from, read.to)) {
      json::array cases;
      for (auto const& no : s.cases)
        if (cases.size() < kMostCases) cases.emplace_back(no);
      auto const words = core::words(s.pattern);
      items.push_back(json::object{{"pattern", core::id(s.pattern)}, {"title", en ? words.en : words.zh}, {"checker", s.checker}, {"squad", s.squad},
                                   {"score", s.score}, {"count", s.cases.size()}, {"cases", std::move(cases)}});
    }
    auto const city = reads_.city(request.who.district);
    json::object const policy{{"check_metres", city->policy.check_metres}, {"blind_percent", city->policy.blind_percent}};
    return http::json(200, json::serialize(json::object{{"label", read.label}, {"from", http::format_time(read.from)}, {"to", http::format_time(read.to)},
                                                        {"policy", policy}, {"items", std::move(items)}}));
  }));
}

}  // namespace wangge::console
