// The whole month: as a workbook, and what a bulletin may ask of it.
#include <algorithm>

#include "storage/export_text.hpp"
#include "storage/publish/bulletin.hpp"
#include "storage/publish/publisher.hpp"
#include "storage/times.hpp"

namespace wangge::storage {
namespace {

template <class Read>
auto three(Periods const& p, std::string const& by, Read&& read) {
  auto const one = [&](ClosureRequest request) {
    request.by = by;
    return read(request);
  };
  return std::tuple(one(p.now), one(p.before), one(p.year_ago));
}

Sheet closure_of(Publisher& publisher, Periods const& p, std::string const& by, bool compared, std::string const& lang) {
  auto const read = [&](ClosureRequest const& r) { return publisher.closure(r); };
  if (compared) {
    auto const [now, before, year_ago] = three(p, by, read);
    return closure_sheet(now, lang, &before, &year_ago);
  }
  auto request = p.now;
  request.by = by;
  return closure_sheet(read(request), lang);
}

Sheet indicators_of(Publisher& publisher, Periods const& p, std::string const& by, bool compared, std::string const& lang) {
  auto const read = [&](ClosureRequest const& r) { return publisher.indicators(r); };
  if (compared) {
    auto const [now, before, year_ago] = three(p, by, read);
    return indicator_sheet(now, lang, &before, &year_ago);
  }
  auto request = p.now;
  request.by = by;
  return indicator_sheet(read(request), lang);
}

std::string month_words(core::LocalDay first, core::LocalDay behind, bool en) {
  std::chrono::year_month_day const d{first};
  auto const label = format_day(first) + (en ? " to " : " 至 ") + format_day(behind - core::Days{1});
  if (unsigned(d.day()) != 1 || month_after(first) != behind) return label;
  static constexpr std::array<char const*, 12> kMonths{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"};
  auto const year = std::to_string(int(d.year()));
  return en ? std::string(kMonths[unsigned(d.month()) - 1]) + " " + year : year + "年" + std::to_string(unsigned(d.month())) + "月";
}

}  // namespace

std::vector<Sheet> month_book(Publisher& publisher, Periods const& p, std::string const& lang) {
  std::vector<Sheet> out;
  for (std::string const by : {"district", "street", "unit", "squad", "class", "source"}) out.push_back(closure_of(publisher, p, by, true, lang));
  auto const [now, before, year_ago] = three(p, "unit", [&](ClosureRequest const& r) { return publisher.indicators(r); });
  out.push_back(indicator_sheet(now, lang));
  out.push_back(compared_sheet(now, &before, &year_ago, lang));
  auto const city = publisher.city(p.now.who.district);
  for (auto const* scheme : core::schemes_on(city->schemes, city->calendar_of("").local_day(p.now.from))) {
    bool const own = std::any_of(city->schemes.begin(), city->schemes.end(), [&](core::Scheme const& s) { return &s == scheme; });
    out.push_back(evaluation_sheet(publisher.evaluation(p.now, *scheme, !own), lang));
  }
  out.push_back(settlement_sheet(publisher.settlement(p.now), lang));
  out.push_back(formula_sheet(lang));
  return out;
}

std::string bulletin(Publisher& publisher, Periods const& p, std::string const& lang, std::string const& template_bytes, bool xlsx,
                     std::map<std::string, std::string> more) {
  bool const en = lang == "en";
  auto const city = publisher.city(p.now.who.district);
  auto const& calendar = city->calendar_of("");
  auto const first = calendar.local_day(p.now.from), behind = calendar.local_day(p.now.to);
  auto const before = calendar.local_day(p.before.from), year_ago = calendar.local_day(p.year_ago.from);
  std::chrono::year_month_day const d{first};
  std::map<std::string, std::string> words{
      {"month", format_day(first).substr(0, 7)},
      {"month_text", month_words(first, behind, en)},
      {"previous_month_text", month_words(before, first, en)},
      {"year_ago_month_text", month_words(year_ago, calendar.local_day(p.year_ago.to), en)},
      {"year", std::to_string(int(d.year()))},
      {"month_number", std::to_string(unsigned(d.month()))},
      {"district", en ? city->en : city->zh},
      {"district_code", city->district},
      {"as_of", format_instant(p.now.as_of, city->utc_offset).substr(0, 16)},
      {"basis", std::string(closure_basis(lang)) + (en ? " " : "") +
                    core::switches_text(core::switches_of(core::ReportOf::closure, core::switch_values(city->policy)), lang)},
      {"organisation", en ? city->en : city->zh},
      {"number", en ? "No. ______" : "〔" + std::to_string(int(d.year())) + "〕____号"},
      {"made_on", ""},
      {"digest", "–"},
      {"sealed_by", "–"}};
  words["state"] = "";
  if (unsigned(d.day()) == 1 && month_after(first) == behind) {
    auto const state = publisher.month_state(city->district, first);
    words["state"] = state_line(state, city->utc_offset, lang);
    if (state.sealed_at) words["digest"] = state.digest, words["sealed_by"] = state.sealed_by;
  }
  for (auto& [name, text] : more) words[name] = std::move(text);
  auto const tables = [&](std::vector<std::string> const& asked) -> Sheet {
    auto const is = [&](std::size_t i, std::string_view word) { return i < asked.size() && asked[i] == word; };
    bool const compared = !asked.empty() && asked.back() == "compared";
    std::string const by = is(1, "by") && asked.size() > 2 ? asked[2] : "";
    auto const length = asked.size() - (compared ? 1 : 0);
    try {
      if (is(0, "closure") && length == 3 && !by.empty()) return closure_of(publisher, p, by, compared, lang);
      if (is(0, "indicator") && length == 3 && !by.empty()) return indicators_of(publisher, p, by, compared, lang);
      if (is(0, "indicators") && length == 1) {
        auto const [now, one, two] = three(p, "district", [&](ClosureRequest const& r) { return publisher.indicators(r); });
        return compared_sheet(now, &one, &two, lang);
      }
      if (is(0, "evaluation") && length == 2) return evaluation_sheet(publisher.evaluation(p.now, asked[1]), lang);
      if (is(0, "settlement") && length == 1) return settlement_sheet(publisher.settlement(p.now), lang);
      if (is(0, "formulas") && length == 1) return formula_sheet(lang);
    } catch (BadFilter const& e) {
      throw UnknownPlaceholder(e.field + ": " + e.what());
    }
    return {};
  };
  BulletinWords answers(std::move(words), tables, lang);
  auto const bytes = template_bytes.empty() ? default_template(xlsx ? PackageKind::xlsx : PackageKind::docx, lang) : template_bytes;
  return fill_bulletin(bytes, answers);
}

}  // namespace wangge::storage
