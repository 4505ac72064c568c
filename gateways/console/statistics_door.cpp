// One question, three forms of answer.
#include "gateways/console/statistics_door.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <stdlib.h>
#include <unistd.h>

#include <boost/json.hpp>

#include "gateways/console/answers.hpp"
#include "gateways/console/period.hpp"
#include "gateways/http/rfc3339.hpp"

namespace wangge::console {
namespace {

constexpr std::size_t kMostCases = 200;  // named of one pattern; the count says how many there are
constexpr std::array<std::string_view, 6> kBy{"district", "street", "unit", "squad", "class", "source"};
constexpr std::array<std::string_view, 11> kIndicatorWords{"region", "district", "street", "grid",     "unit",  "squad",
                                                           "post",   "person",   "class",  "category", "source"};
constexpr std::array<std::string_view, 3> kFormats{"json", "csv", "xlsx"};

template <std::size_t N>
std::string word(http::Request const& request, char const* name, std::array<std::string_view, N> const& allowed,
                 std::string_view otherwise) {
  auto const value = request.arg(name).empty() ? otherwise : request.arg(name);
  if (std::find(allowed.begin(), allowed.end(), value) == allowed.end())
    throw storage::BadFilter(name, "unknown value");
  return std::string(value);
}

// A file of our own that is gone when the answer is written: libxlsxwriter writes to a path only.
class Scratch {
 public:
  Scratch() {
    int const fd = ::mkstemps(path_.data(), 5);
    if (fd < 0) throw std::runtime_error("no scratch file for the table");
    ::close(fd);
  }
  ~Scratch() { ::unlink(path_.c_str()); }
  Scratch(Scratch const&) = delete;
  Scratch& operator=(Scratch const&) = delete;
  std::string const& path() const { return path_; }
  std::string contents() const {
    std::ifstream in(path_, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return std::move(out).str();
  }

 private:
  std::string path_ = (std::filesystem::temp_directory_path() / "closure-XXXXXX.xlsx").string();
};

http::Response as_file(std::string type, std::string body, std::string const& name) {
  http::Response response;
  response.content_type = std::move(type);
  response.body = std::move(body);
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"" + name + "\"");
  return response;
}

// `write` writes a workbook to a path.
template <class Write>
http::Response as_xlsx(std::string const& lang, std::string const& name, Write&& write) {
  try {
    Scratch const scratch;
    write(scratch.path());
    return as_file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", scratch.contents(), name);
  } catch (std::runtime_error const& e) {  // no room for a scratch file; the other formats need none
    spdlog::error("the table could not be written as xlsx: {}", e.what());
    return http::problem(507, "spool_full", lang);
  }
}

std::string file_name(std::string label, std::string const& by, std::string const& extension,
                      std::string const& what = "closure") {
  std::replace(label.begin(), label.end(), '/', '_');
  return what + "-" + label + "-" + by + "." + extension;
}

}  // namespace

void StatisticsDoor::closure(http::Request request, http::Reply reply) {
  auto const& lang = request.lang;
  reply(reading(lang, [&] {
    auto const by = word(request, "by", kBy, "unit");
    auto const format = word(request, "format", kFormats, "json");
    auto const calendar = reads_.calendar(request.who.district);
    auto const period = read_period(
        {request.arg("month"), request.arg("from"), request.arg("to"), request.arg("period"), request.arg("as_of")},
        calendar, request.received_at);
    if (auto const* bad = std::get_if<BadPeriod>(&period)) throw storage::BadFilter(bad->field, "no such period");
    auto const& read = std::get<PeriodRead>(period);
    auto table = reads_.closure(
        {request.who, by, read.from, read.to, read.as_of, read.previous_as_of, lang, request.arg("as_of").empty()});
    if (table.month.empty()) table.month = read.label;
    if (format == "csv")
      return as_file("text/csv; charset=utf-8", storage::closure_csv(table, lang), file_name(read.label, by, "csv"));
    if (format == "xlsx") {
      return as_xlsx(lang, file_name(read.label, by, "xlsx"),
                     [&](std::string const& path) { storage::closure_xlsx(table, path, lang); });
    }
    return http::json(200, storage::closure_json(table, read.label, lang));
  }));
}

void StatisticsDoor::indicators(http::Request request, http::Reply reply) {
  auto const& lang = request.lang;
  reply(reading(lang, [&] {
    auto by = word(request, "by", kIndicatorWords, "unit");
    if (by == "region") by = "street";
    auto const format = word(request, "format", kFormats, "json");
    auto const calendar = reads_.calendar(request.who.district);
    PeriodAsked const asked{request.arg("month"), request.arg("from"), request.arg("to"), request.arg("period"),
                            request.arg("as_of")};
    auto const period = read_period(asked, calendar, request.received_at);
    if (auto const* bad = std::get_if<BadPeriod>(&period)) throw storage::BadFilter(bad->field, "no such period");
    auto const& read = std::get<PeriodRead>(period);
    auto const table_of = [&](PeriodRead const& p) {
      return reads_.indicators({request.who, by, p.from, p.to, p.as_of, p.previous_as_of, lang, asked.as_of.empty()});
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
