// The settlement told.
#include "storage/export_text.hpp"
#include "storage/publish/publisher.hpp"
#include "storage/times.hpp"

namespace wangge::storage {
namespace {

struct Shown {
  std::string_view id, zh, en;
};
// What is shown of a patroller's month whatever is paid for.
constexpr std::array kShown{
    Shown{"report_num", "上报数", "Reports"},           Shown{"valid_report_num", "有效上报数", "Valid"},        Shown{"valid_report_rate", "有效上报率", "Valid"},
    Shown{"missed_num", "漏报数", "Missed"},            Shown{"need_verify_num", "应核实数", "Verifications due"}, Shown{"intime_verify_num", "按时核实数", "In time"},
    Shown{"intime_verify_rate", "按时核实率", "In time"}, Shown{"need_check_num", "应核查数", "Checks due"},       Shown{"intime_check_num", "按时核查数", "In time"},
    Shown{"intime_check_rate", "按时核查率", "In time"}, Shown{"duty_days", "排班天数", "Days on duty"},          Shown{"worked_days", "出勤天数", "Days worked"},
    Shown{"absent_days", "缺勤天数", "Days absent"}};

Cell cell_of(std::string_view id, core::Counts const& counts) {
  if (auto const* indicator = core::find_indicator(id)) {
    auto const value = core::value_of(*indicator, counts);
    return !core::is_count(*indicator) ? Cell::two(value) : Cell::count(value);
  }
  auto const found = counts.find(id);
  return Cell::count(found == counts.end() ? std::nullopt : std::optional(found->second));
}

std::string json_of(Cell const& cell) { return cell.kind == Cell::Kind::nothing ? "null" : cell.text(); }

std::string tariff_name(core::Tariff const& t, bool en) { return en ? t.en : t.zh; }

void put(std::string& out, char const* name, std::string_view text) {
  out += ",\"" + std::string(name) + "\":";
  quote(out, text);
}

void put_values(std::string& out, core::Counts const& counts) {
  out += ",\"values\":{";
  for (auto const& shown : kShown) out += std::string(&shown == &kShown.front() ? "\"" : ",\"") + std::string(shown.id) + "\":" + json_of(cell_of(shown.id, counts));
  out += '}';
}

void put_person(std::string& out, Settlement const& s, SettledCompany const& company, SettledPerson const& p) {
  out += "{\"person\":";
  quote(out, p.stretch.person);
  put(out, "from_day", format_day(p.stretch.from));
  put(out, "to_day", format_day(p.stretch.to - core::Days{1}));
  put_values(out, p.counts);
  out += ",\"amounts\":[";
  for (std::size_t i = 0; i < p.amounts.size(); ++i) {
    auto const& t = company.tariffs[i];
    auto const quantity = p.amounts[i].quantity;
    out += std::string(i == 0 ? "" : ",") + "{\"tariff\":";
    quote(out, t.id);
    out += ",\"quantity\":" + (!quantity ? "null" : t.kind == core::Tariff::Kind::below ? rate_text(*quantity) : std::to_string(*quantity)) + ",\"amount\":" + core::money_text(p.amounts[i].money) + "}";
  }
  out += "],\"total\":" + core::money_text(p.total) + ",\"cases\":{";
  // His stretch of days, in the same words as an indicator by person.
  core::Instant const from = core::Instant{p.stretch.from} - s.utc_offset, to = core::Instant{p.stretch.to} - s.utc_offset;
  bool first = true;
  for (auto const& [id, count] : p.counts) {
    if (core::find_indicator(id) == nullptr) continue;
    out += std::string(first ? "\"" : ",\"") + std::string(id) + "\":";
    quote(out, indicator_cases("person", from, to, s.as_of, s.utc_offset, p.stretch.person, id));
    first = false;
  }
  out += "}}";
}

}  // namespace

std::string settlement_json(Settlement const& s, std::string const& lang) {
  bool const en = lang == "en";
  std::string out = "{\"month\":";
  quote(out, s.label);
  for (auto const& [name, at] : {std::pair("from", s.from), std::pair("to", s.to), std::pair("as_of", s.as_of)}) put(out, name, format_instant(at, s.utc_offset));
  put_state(out, s.state, s.utc_offset, lang);
  out += ",\"companies\":[";
  for (auto const& company : s.companies) {
    out += std::string(&company == &s.companies.front() ? "" : ",") + "{\"key\":";
    quote(out, company.key);
    put(out, "name", company.name);
    out += ",\"tariffs\":[";
    for (auto const& t : company.tariffs) {
      out += std::string(&t == &company.tariffs.front() ? "" : ",") + "{\"id\":";
      quote(out, t.id);
      put(out, "name", tariff_name(t, en));
      put(out, "kind", core::kTariffKinds[static_cast<std::size_t>(t.kind)]);
      put(out, "item", t.item);
      put(out, "less", t.less);
      put(out, "document", t.document);
      out += ",\"price\":" + core::money_text(t.price) + ",\"free\":" + std::to_string(t.free) + ",\"bound\":" + (t.bound > 0 ? rate_text(t.bound) : "null") +
             ",\"most\":" + (t.most > 0 ? core::money_text(t.most) : "null") + "}";
    }
    out += "],\"people\":[";
    for (auto const& person : company.people) {
      if (&person != &company.people.front()) out += ',';
      put_person(out, s, company, person);
    }
    out += "]";
    put_values(out, company.counts);
    out += ",\"amounts\":[";
    for (std::size_t i = 0; i < company.amounts.size(); ++i) out += std::string(i == 0 ? "" : ",") + core::money_text(company.amounts[i]);
    out += "],\"total\":" + core::money_text(company.total) + "}";
  }
  return out + "]}";
}

Sheet settlement_sheet(Settlement const& s, std::string const& lang) {
  bool const en = lang == "en";
  Sheet sheet;
  sheet.id = "settlement";
  sheet.name = en ? "Settlement" : "采集结算";
  sheet.title = (en ? "Settlement of patrols, " : "信息采集月度结算表 ") + s.label;
  sheet.above.push_back((en ? "Read at: " : "读数时刻：") + format_instant(s.as_of, s.utc_offset));
  if (s.state) sheet.above.push_back(state_line(*s.state, s.utc_offset, lang));
  sheet.columns = {{"company", en ? "Company" : "采集公司"}, {"name", en ? "Patroller" : "监督员"}, {"from_day", en ? "From" : "起"}, {"to_day", en ? "To" : "止"}};
  for (auto const& shown : kShown) {
    auto const* indicator = core::find_indicator(shown.id);
    bool const rate = indicator != nullptr && !core::is_count(*indicator);
    sheet.columns.push_back({std::string(shown.id), std::string(en ? shown.en : shown.zh) + (rate ? "%" : ""), rate});
  }
  // Companies may have different prices: a column for each tariff of any.
  std::vector<core::Tariff const*> tariffs;
  for (auto const& company : s.companies) {
    for (auto const& t : company.tariffs) {
      if (std::none_of(tariffs.begin(), tariffs.end(), [&](auto const* other) { return other->id == t.id; })) tariffs.push_back(&t);
    }
  }
  for (auto const* t : tariffs) sheet.columns.push_back({"amount." + t->id, tariff_name(*t, en)});
  sheet.columns.push_back({"amount", en ? "Amount" : "金额"});
  auto const line = [&](SettledCompany const& company, std::string const& name, core::Stretch const* stretch, core::Counts const& counts, auto const& amount_of, std::int64_t total) {
    auto& cells = sheet.rows.emplace_back();
    cells = {Cell::of(company.name), Cell::of(name), Cell::of(stretch ? format_day(stretch->from) : ""), Cell::of(stretch ? format_day(stretch->to - core::Days{1}) : "")};
    for (auto const& shown : kShown) cells.push_back(cell_of(shown.id, counts));
    for (auto const* t : tariffs) {
      auto const own = std::find_if(company.tariffs.begin(), company.tariffs.end(), [&](core::Tariff const& c) { return c.id == t->id; });
      cells.push_back(own == company.tariffs.end() ? Cell{} : Cell::two(amount_of(static_cast<std::size_t>(own - company.tariffs.begin()))));
    }
    cells.push_back(Cell::two(total));
  };
  for (auto const& company : s.companies) {
    for (auto const& person : company.people)
      line(company, person.stretch.person, &person.stretch, person.counts, [&](std::size_t i) { return person.amounts[i].money; }, person.total);
    line(company, en ? "Total" : "小计", nullptr, company.counts, [&](std::size_t i) { return company.amounts[i]; }, company.total);
  }
  for (auto const* t : tariffs) {
    auto const kind = core::kTariffKinds[static_cast<std::size_t>(t->kind)];
    sheet.below.push_back(tariff_name(*t, en) + ": " + std::string(kind) + " " + t->item + (t->less.empty() ? "" : " - " + t->less) + " × " + core::money_text(t->price) +
                          (t->free > 0 ? (en ? ", free " : "，免计 ") + std::to_string(t->free) : "") + (t->bound > 0 ? (en ? ", below " : "，低于 ") + rate_text(t->bound) + "%" : "") +
                          (t->most > 0 ? (en ? ", at most " : "，封顶 ") + core::money_text(t->most) : "") + (t->document.empty() ? "" : en ? " (" + t->document + ")" : "（" + t->document + "）"));
  }
  if (tariffs.empty()) sheet.below.push_back(en ? "No tariff is in force: load settlement tariffs.csv" : "没有在用的计价项：请导入 tariffs.csv");
  return sheet;
}

}  // namespace wangge::storage
