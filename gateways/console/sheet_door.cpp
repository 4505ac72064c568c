#include "gateways/console/sheet_door.hpp"

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "gateways/console/answers.hpp"
#include "gateways/console/case_door.hpp"
#include "gateways/console/case_json.hpp"
#include "gateways/console/short_link.hpp"
#include "gateways/console/table_answers.hpp"
#include "storage/publish/case_sheets.hpp"

namespace wangge::console {
namespace {

// The numbers asked for, in their order, each once. Throws BadFilter.
std::vector<std::string> case_nos(std::string_view text) {
  std::vector<std::string> out;
  std::set<std::string_view> seen;
  while (!text.empty()) {
    auto const comma = std::min(text.find(','), text.size());
    auto const no = text.substr(0, comma);
    if (!is_case_no(no)) throw storage::BadFilter("cases", "unknown value");
    if (seen.insert(no).second) out.emplace_back(no);
    if (out.size() > kSheetsMost) throw storage::BadFilter("cases", "too many");
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  if (out.empty()) throw storage::BadFilter("cases", "unknown value");
  return out;
}

std::string listed(std::vector<std::string> const& nos) {
  std::string out;
  for (auto const& no : nos) out += (out.empty() ? "" : ", ") + no;
  return out;
}

bool is_host(std::string_view host) {
  return !host.empty() && host.size() <= 255 && std::all_of(host.begin(), host.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '-' || c == ':' || c == '[' || c == ']';
  });
}

}  // namespace

std::string SheetDoor::own_templates(std::string const& lang) const {
  if (place_.folder.empty()) return "";
  std::ifstream in(place_.folder + (lang == "en" ? "/sheets_en.txt" : "/sheets_zh.txt"), std::ios::binary);
  if (!in) return "";
  std::string out(storage::kSheetTemplatesMost + 1, '\0');
  in.read(out.data(), static_cast<std::streamsize>(out.size()));
  out.resize(static_cast<std::size_t>(in.gcount()));
  return out;
}

// A code printed today is scanned for years: the address a city names goes before the one this caller happened to use.
std::string SheetDoor::link(http::Request const& request, std::string const& case_no) const {
  auto const host = request.header("host");
  auto const base = !place_.public_url.empty() ? place_.public_url
                    : is_host(host)            ? (place_.tls ? "https://" : "http://") + std::string(host)
                                               : "";
  return base.empty() ? "" : base + (base.back() == '/' ? "m/" : "/m/") + link_code(case_no);
}

void SheetDoor::print(http::Request request, http::Reply reply) {
  auto const& lang = request.lang;
  bool const en = lang == "en";
  if (auto no = without_body(request.who, lang)) return reply(std::move(*no));
  reply(reading(lang, [&] {
    auto const* const kind = storage::find_sheet_kind(request.params.get("sheet"));
    if (kind == nullptr) return not_found(lang);
    auto const nos = case_nos(request.arg("cases"));
    std::vector<storage::ReadModel::CaseAsked> asked;
    for (auto const& no : nos) asked.push_back({request.who, no});
    auto found = reads_.find_cases(asked);
    std::vector<std::string> missing, without;
    std::vector<storage::PaperCase> cases;
    bool personal = false;
    for (std::size_t i = 0; i < nos.size(); ++i) {
      if (!found[i]) {
        missing.push_back(nos[i]);
        continue;
      }
      storage::PaperCase item{std::move(found[i]->row), reads_.rows_of(request.who.district, nos[i]), "", "",
                              link(request, nos[i])};
      if (shows_reporter(*found[i], request.who)) {
        item.reporter_name = storage::masked_name(found[i]->reporter_name);
        item.reporter_phone = storage::masked_phone(found[i]->reporter_phone);
        personal = true;
      }
      if (!storage::has_sheet(*kind, item)) without.push_back(nos[i]);
      cases.push_back(std::move(item));
    }
    if (!missing.empty())
      return http::problem(404, "not_found", lang, (en ? "no such case: " : "没有这些案卷：") + listed(missing));
    if (!without.empty())
      return http::problem(422, "not_allowed", lang,
                           en ? std::string(kind->en) + ": there is none of " + listed(without)
                              : listed(without) + " 没有" + std::string(kind->zh));
    try {
      auto const form = storage::sheet_template(kind->id, lang, own_templates(lang));
      auto const city = reads_.city(request.who.district);
      http::Response response =
          as_printed(storage::sheets_page(form, cases, {lang, *city, request.who.name, request.received_at}));
      response.personal = personal;
      return response;
    } catch (storage::BadTemplate const& e) {
      return http::problem(422, "bad_template", lang, std::string(en ? "in lines " : "模板第几行有误：") + e.what());
    }
  }));
}

}  // namespace wangge::console
