#include "gateways/console/publication_door.hpp"

#include <boost/json.hpp>

#include "gateways/console/answers.hpp"
#include "gateways/console/case_filter.hpp"
#include "gateways/console/table_answers.hpp"
#include "gateways/http/rfc3339.hpp"
#include "gateways/http/strict_json.hpp"
#include "storage/export_text.hpp"
#include "storage/publish/bulletin.hpp"

namespace wangge::console {
namespace {

namespace json = boost::json;
constexpr std::array<std::string_view, 2> kBulletins{"docx", "xlsx"};
constexpr std::size_t kMostDifferences = 200;  // shown; the count says how many there are
constexpr std::size_t kWordMost = 200;  // of number and organisation

storage::ClosureRequest request_of(http::Request const& request, PeriodRead const& p) {
  return {request.who, "unit", p.from, p.to, p.as_of, p.previous_as_of, request.lang, request.arg("as_of").empty()};
}

storage::Periods periods_of(http::Request const& request, PeriodRead const& read, core::Calendar const& calendar) {
  return {request_of(request, read), request_of(request, period_before(read, calendar)), request_of(request, year_before(read, calendar))};
}

// A sheet in the form that was asked for; `json` only when it is.
template <class Json>
http::Response as_asked(http::Request const& request, std::string const& format, storage::Sheet const& sheet, std::string const& label,
                        std::string const& what, core::City const& city, Json&& json_text) {
  auto const& lang = request.lang;
  if (format == "html") return as_page({lang, lang == "en" ? city.en : city.zh, sheet.title, std::string(request.arg("number"))}, {sheet});
  if (format == "csv") return as_file("text/csv; charset=utf-8", storage::sheet_csv(sheet), file_name(label, "", "csv", what));
  if (format == "xlsx")
    return as_xlsx(lang, file_name(label, "", "xlsx", what), [&](std::string const& path) { storage::write_workbook({sheet}, path); });
  return http::json(200, json_text());
}

// The month of the path: its first day.
std::optional<core::LocalDay> month_from(std::string_view text) {
  return text.size() == 7 ? day_from(std::string(text) + "-01") : std::nullopt;
}

std::string state_json(storage::MonthState const& state, std::vector<std::string> const& waiting, std::chrono::minutes offset, std::string const& lang) {
  std::string out = "{\"month\":\"" + state.month + "\"";
  storage::put_state(out, state, offset, lang);
  out += ",\"appeals_waiting\":[";
  for (auto const& no : waiting) out += (&no == &waiting.front() ? "" : ",") + http::json_quoted(no);
  return out + "]}";
}

// Words of the caller's that stand in the bulletin.
std::map<std::string, std::string> words_of(http::Request const& request) {
  std::map<std::string, std::string> out;
  for (auto const& [name, value] : {std::pair("number", request.arg("number")), std::pair("organisation", request.arg("organisation"))}) {
    if (value.size() > kWordMost) throw storage::BadFilter(name, kTooLong);
    if (!value.empty()) out[name] = std::string(value);
  }
  return out;
}

}  // namespace

void PublicationDoor::evaluation(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const format = word(request, "format", kPrintedFormats, wants_page(request) ? "html" : "json");
    auto const city = publisher_.city(request.who.district);
    auto const read = period_of(request, city->calendar_of(""));
    auto const scheme = request.arg("scheme").empty() ? std::string("department") : std::string(request.arg("scheme"));
    auto const table = publisher_.evaluation(request_of(request, read), scheme);
    return as_asked(request, format, storage::evaluation_sheet(table, request.lang), read.label, "evaluation-" + std::string(table.scheme.asked()), *city,
                    [&] { return storage::evaluation_json(table, request.lang); });
  }));
}

void PublicationDoor::schemes(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const city = publisher_.city(request.who.district);
    bool const en = request.lang == "en";
    json::array items;
    auto const add = [&](core::Scheme const& s, bool standard) {
      json::array groups;
      for (auto const& g : s.groups) {
        json::array members(g.members.begin(), g.members.end());
        groups.push_back(json::object{{"id", g.id}, {"name", en ? g.en : g.zh}, {"members", std::move(members)}});
      }
      auto const day = [](std::optional<core::LocalDay> at) { return at ? json::value(http::format_time(core::Instant{*at}, 0).substr(0, 10)) : json::value(nullptr); };
      items.push_back(json::object{{"id", s.id}, {"object", s.asked()}, {"name", en ? s.en : s.zh}, {"by", s.by}, {"post", s.post}, {"document", s.document},
                                   {"standard", standard}, {"from_day", day(s.from)}, {"to_day", day(s.to ? std::optional(*s.to - core::Days{1}) : std::nullopt)},
                                   {"groups", std::move(groups)}});
    };
    for (auto const& s : city->schemes) add(s, false);
    for (auto const& s : core::standard_schemes()) add(s, true);
    return http::json(200, json::serialize(json::object{{"items", std::move(items)}, {"next_cursor", nullptr}}));
  }));
}

void PublicationDoor::settlement(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const format = word(request, "format", kPrintedFormats, wants_page(request) ? "html" : "json");
    auto const city = publisher_.city(request.who.district);
    auto const read = period_of(request, city->calendar_of(""));
    auto const table = publisher_.settlement(request_of(request, read));
    return as_asked(request, format, storage::settlement_sheet(table, request.lang), read.label, "settlement", *city,
                    [&] { return storage::settlement_json(table, request.lang); });
  }));
}

void PublicationDoor::months(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const city = publisher_.city(request.who.district);
    std::string out = "{\"items\":[";
    for (auto const& month : publisher_.sealed_months(request.who.district)) {
      if (out.back() == '}') out += ',';
      out += "{\"month\":\"" + month + "\"";
      storage::put_state(out, publisher_.month_state(request.who.district, *month_from(month)), city->utc_offset, request.lang);
      out += '}';
    }
    return http::json(200, out + "],\"next_cursor\":null}");
  }));
}

void PublicationDoor::month(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const first = month_from(request.params.get("month"));
    if (!first) return not_found(request.lang);
    auto const city = publisher_.city(request.who.district);
    auto const state = publisher_.month_state(request.who.district, *first);
    return http::json(200, state_json(state, publisher_.waiting_appeals(request.who.district, *first), city->utc_offset, request.lang));
  }));
}

void PublicationDoor::seal(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const first = month_from(request.params.get("month"));
    if (!first) return not_found(request.lang);
    if (!request.who.street.empty() || !request.who.unit.empty() || !request.who.squad.empty()) return http::problem(403, "not_yours", request.lang);
    if (!sign_) return http::problem(422, "not_allowed", request.lang, request.lang == "en" ? "this gateway has no key to sign with: wangge report seal" : "本网关没有签名密钥，请用 wangge report seal 封存");
    auto const city = publisher_.city(request.who.district);
    auto const& calendar = city->calendar_of("");
    auto const read = std::get<PeriodRead>(read_period({request.params.get("month"), "", "", "", ""}, calendar, request.received_at));
    auto asked = request_of(request, read);
    asked.live = false;
    try {
      auto const state = publisher_.seal(asked, request.who.name, sign_);
      return http::json(200, state_json(state, {}, city->utc_offset, request.lang));
    } catch (storage::SealRefused const& e) {
      auto problem = http::problem(e.code == "sealed_already" ? 409 : 422, e.code == "sealed_already" ? "sealed_already" : "not_allowed", request.lang, e.what());
      std::string members = "\"reason\":" + http::json_quoted(e.code) + ",\"appeals_waiting\":[";
      for (auto const& no : e.cases) members += (&no == &e.cases.front() ? "" : ",") + http::json_quoted(no);
      extend(problem, members + "]");
      return problem;
    }
  }));
}

void PublicationDoor::verification(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const first = month_from(request.params.get("month"));
    if (!first) return not_found(request.lang);
    if (!request.who.street.empty() || !request.who.unit.empty() || !request.who.squad.empty()) return http::problem(403, "not_yours", request.lang);
    auto const city = publisher_.city(request.who.district);
    auto const read = std::get<PeriodRead>(read_period({request.params.get("month"), "", "", "", ""}, city->calendar_of(""), request.received_at));
    auto const check = publisher_.check_seal(request_of(request, read), sign_);
    if (!check) return not_found(request.lang);
    json::array differences;
    for (auto const& one : check->differences)
      if (differences.size() < kMostDifferences) differences.push_back(json::object{{"where", one.sealed ? "sealed" : "now"}, {"line", one.line}});
    return http::json(200, json::serialize(json::object{{"month", check->month}, {"digest", check->digest}, {"digest_fits", check->digest_fits},
                                                        {"signature_fits", check->signature_fits ? json::value(*check->signature_fits) : json::value(nullptr)},
                                                        {"count", check->differences.size()}, {"differences", std::move(differences)}}));
  }));
}

void PublicationDoor::corrections(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const month = request.params.get("month");
    if (!month_from(month)) return not_found(request.lang);
    if (!request.who.street.empty() || !request.who.unit.empty() || !request.who.squad.empty())
      return http::problem(403, "not_yours", request.lang);
    return list_answer(publisher_.corrections(request.who.district, std::string(month),
                                              std::string(request.arg("cursor")), read_limit(request, kLongPage)));
  }));
}

void PublicationDoor::book(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const city = publisher_.city(request.who.district);
    auto const read = period_of(request, city->calendar_of(""));
    auto const sheets = storage::month_book(publisher_, periods_of(request, read, city->calendar_of("")), request.lang);
    return as_xlsx(request.lang, file_name(read.label, "", "xlsx", "month"), [&](std::string const& path) { storage::write_workbook(sheets, path); });
  }));
}

void PublicationDoor::bulletin(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    bool const own = request.method == "POST";
    auto more = words_of(request);
    auto const format = word(request, "format", kBulletins, "docx");
    try {
      if (own && request.body.empty()) throw storage::BadTemplate(request.lang == "en" ? "the body is the template" : "请求体应为模板文件");
      bool const xlsx = own ? storage::kind_of(storage::read_package(request.body)) == storage::PackageKind::xlsx : format == "xlsx";
      auto const city = publisher_.city(request.who.district);
      auto const& calendar = city->calendar_of("");
      auto const read = period_of(request, calendar);
      more["made_on"] = http::format_time(request.received_at, static_cast<int>(city->utc_offset.count())).substr(0, 10);
      auto body = storage::bulletin(publisher_, periods_of(request, read, calendar), request.lang, own ? request.body : std::string(), xlsx, std::move(more));
      auto const* const type = xlsx ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                                    : "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
      return as_file(type, std::move(body), file_name(read.label, "", xlsx ? "xlsx" : "docx", "bulletin"));
    } catch (storage::BadTemplate const& e) {
      return http::problem(422, "bad_template", request.lang, e.what());
    }
  }));
}

}  // namespace wangge::console
