// Scores and settlement, counted.
#include "storage/publish/publisher.hpp"

#include <algorithm>
#include <set>

#include "storage/figures.hpp"
#include "storage/reader.hpp"
#include "storage/times.hpp"

namespace wangge::storage {

struct Publisher::Impl {
  Impl(std::string const& u, int connections, Patience patience)
      : url(u), reads(u, connections, patience), pool(u, connections, patience) {}
  std::string url;
  ReadModel reads;
  Pool pool;

  // Who took steps as this role in the period up to T, with his days.
  std::map<std::string, std::int64_t> people(std::string const& district, core::Instant from, core::Instant to, std::string_view post) {
    return pool.with(pool.patience().heavy, [&](pg::Session& s) {
      std::map<std::string, std::int64_t> out;
      auto const params = pg::Params().text(district).number(from.time_since_epoch().count()).number(to.time_since_epoch().count()).text(post);
      for (auto const& row : s.run(queries::mark_people, params)) out.emplace(pg::text(row[0]), pg::number(row[1]));
      return out;
    });
  }
};

Publisher::Publisher(std::string const& url, int connections, Patience patience)
    : impl_(std::make_unique<Impl>(url, connections, patience)) {}
Publisher::~Publisher() = default;

std::shared_ptr<core::City const> Publisher::city(std::string const& district) { return impl_->reads.city(district); }
ClosureTable Publisher::closure(ClosureRequest const& request) { return impl_->reads.closure(request); }
IndicatorTable Publisher::indicators(ClosureRequest const& request) { return impl_->reads.indicators(request); }
MonthState Publisher::month_state(std::string const& district, core::LocalDay first) { return impl_->reads.month_state(district, first); }

Evaluation Publisher::evaluation(ClosureRequest request, std::string const& wanted) {
  auto const city = this->city(request.who.district);
  auto const first = city->calendar_of("").local_day(request.from);
  auto const* scheme = core::find_scheme(city->schemes, wanted, first);
  if (scheme == nullptr) {
    std::string known;
    for (auto const* one : core::schemes_on(city->schemes, first)) known += (known.empty() ? "" : ", ") + std::string(one->asked());
    throw BadFilter("scheme", known);
  }
  bool const own = std::any_of(city->schemes.begin(), city->schemes.end(), [&](core::Scheme const& s) { return &s == scheme; });
  return evaluation(std::move(request), *scheme, !own);
}

Evaluation Publisher::evaluation(ClosureRequest request, core::Scheme const& scheme, bool standard) {
  request.by = scheme.by;
  auto const table = indicators(request);
  Evaluation out;
  out.scheme = scheme, out.standard = standard, out.label = table.label, out.state = table.state;
  out.from = table.from, out.to = table.to, out.as_of = table.as_of, out.utc_offset = table.utc_offset;
  out.ranked = request.who.street.empty() && request.who.unit.empty() && request.who.squad.empty();
  std::map<std::string, std::int64_t> holders;
  if (!scheme.post.empty())
    holders = impl_->people(request.who.district, table.from, std::min(table.to, table.as_of + core::Millis{1}), scheme.post);
  std::vector<std::pair<std::string, core::Counts>> rows;
  for (auto const& row : table.rows) {
    if (row.key.empty() || (!scheme.post.empty() && !holders.contains(row.key))) continue;
    if (!scheme.groups.empty() && core::group_of(scheme, row.key) == nullptr) {
      out.outside.push_back(row.name);
      continue;
    }
    rows.emplace_back(row.key, row.counts);
    out.judged.emplace(row.key, row);
  }
  out.rows = core::judge(scheme, rows);
  if (!out.ranked) {
    for (auto& row : out.rows) row.rank.reset();
  }
  return out;
}

namespace {

void add(core::Counts& to, core::Counts const& from) {
  for (auto const& [id, count] : from) to[id] += count;
}

}  // namespace

Settlement Publisher::settlement(ClosureRequest const& request) {
  auto const city = this->city(request.who.district);
  auto const& calendar = city->calendar_of("");
  Settlement out;
  out.first = calendar.local_day(request.from), out.behind = calendar.local_day(request.to);
  auto stretches = core::stretches(city->duty, out.first, out.behind);
  // Days behind T are not over: nobody was absent on them.
  auto const read_to = std::min(request.to, request.as_of + core::Millis{1});
  auto const known_to = std::min(out.behind, calendar.local_day(request.as_of) + core::Days{1});
  if (known_to < out.behind) stretches = core::stretches(city->duty, out.first, known_to);
  std::set<std::string> rostered;
  for (auto const& stretch : stretches) rostered.insert(stretch.person);
  auto const all = impl_->people(request.who.district, request.from, read_to, "patroller");
  for (auto const& [person, days] : all) {
    if (!rostered.contains(person)) stretches.push_back({person, "", out.first, known_to, -1});  // on no roster: attendance unknown
  }
  // Most stretches are the whole period: one count for each span of days.
  std::map<std::pair<core::LocalDay, core::LocalDay>, std::pair<IndicatorTable, std::map<std::string, std::int64_t>>> counted;
  std::map<std::string, SettledCompany> companies;
  for (auto const& stretch : stretches) {
    auto const span = std::pair(stretch.from, stretch.to);
    if (!counted.contains(span)) {
      ClosureRequest part = request;
      part.by = "person";
      part.from = calendar.start_of(stretch.from);
      part.to = stretch.to == known_to ? request.to : calendar.start_of(stretch.to);
      counted.emplace(span, std::pair(indicators(part), impl_->people(request.who.district, part.from, std::min(part.to, read_to), "patroller")));
    }
    auto const& [table, worked] = counted.at(span);
    if (out.label.empty() || stretch.from == out.first) out.as_of = table.as_of, out.utc_offset = table.utc_offset;
    SettledPerson person{stretch, {}, {}, 0};
    auto const row = std::find_if(table.rows.begin(), table.rows.end(), [&](IndicatorRow const& r) { return r.key == stretch.person; });
    for (auto const& indicator : core::indicators()) {
      if (indicator.measure >= core::Measure::closure) continue;  // what no person's step makes
      person.counts[indicator.id] = row == table.rows.end() ? 0 : row->counts.at(indicator.id);
    }
    auto const days = worked.find(stretch.person);
    auto const worked_days = days == worked.end() ? 0 : days->second;
    person.counts["worked_days"] = worked_days;
    if (stretch.duty_days >= 0) {
      person.counts["duty_days"] = stretch.duty_days;
      person.counts["absent_days"] = std::max<std::int64_t>(0, stretch.duty_days - worked_days);
    }
    auto& company = companies[stretch.contractor];
    if (company.people.empty()) {
      company.key = stretch.contractor;
      auto const unit = city->units.find(stretch.contractor);
      company.name = unit == city->units.end() ? stretch.contractor : request.lang == "en" && !unit->second.en.empty() ? unit->second.en : unit->second.zh;
      if (company.key.empty()) company.name = request.lang == "en" ? "(on no roster)" : "（未排班）";
      for (auto const* tariff : core::tariffs_of(city->tariffs, company.key, out.first)) company.tariffs.push_back(*tariff);
      company.amounts.resize(company.tariffs.size());
    }
    for (std::size_t i = 0; i < company.tariffs.size(); ++i) {
      // A monthly sum is paid once a month, where the month began.
      bool const again = company.tariffs[i].kind == core::Tariff::Kind::monthly && std::any_of(company.people.begin(), company.people.end(), [&](auto const& p) { return p.stretch.person == stretch.person; });
      auto const amount = again ? core::Amount{0, 0} : core::amount_of(company.tariffs[i], person.counts);
      person.amounts.push_back(amount);
      person.total += amount.money;
      company.amounts[i] += amount.money;
    }
    company.total += person.total;
    add(company.counts, person.counts);
    company.people.push_back(std::move(person));
  }
  out.from = request.from, out.to = request.to;
  if (counted.empty()) out.as_of = request.as_of;
  out.label = period_label(out.first, out.behind);
  if (out.label.size() == 7) out.state = month_state(request.who.district, out.first);
  for (auto& [key, company] : companies) out.companies.push_back(std::move(company));
  return out;
}

std::vector<std::string> Publisher::sealed_months(std::string const& district) {
  return impl_->pool.with([&](pg::Session& s) {
    std::vector<std::string> out;
    for (auto const& row : s.run(queries::seal_list, pg::Params().text(district))) out.push_back(pg::text(row[0]));
    return out;
  });
}

Page Publisher::corrections(std::string const& district, std::string const& month, std::string const& cursor,
                            int limit) {
  static List const list{"corrections", queries::seal_corrections, 2};
  return page(impl_->pool, list, pg::Params().text(district).text(month), Start::empty_text, cursor, limit);
}

std::vector<std::string> Publisher::waiting_appeals(std::string const& district, core::LocalDay first) {
  auto const city = this->city(district);
  auto const& calendar = city->calendar_of("");
  auto const month = core::month_of(first);
  return impl_->pool.with([&](pg::Session& s) {
    auto const params = pg::Params()
                            .text(district)
                            .number(calendar.start_of(month.behind).time_since_epoch().count())
                            .number(core::cut_off(calendar, month).time_since_epoch().count());
    std::vector<std::string> out;
    for (auto const& row : s.run(queries::seal_appeals, params)) out.push_back(pg::text(row[0]));
    return out;
  });
}

std::optional<SealCheck> Publisher::check_seal(ClosureRequest const& month, Sign const& sign) {
  auto const district = month.who.district;
  auto const name = format_day(city(district)->calendar_of("").local_day(month.from)).substr(0, 7);
  auto const seal = find_seal(impl_->url, district, name);
  if (!seal) return std::nullopt;
  SealCheck out{name, seal->digest, sha256_hex(seal->content) == seal->digest, std::nullopt, {}};
  if (sign) out.signature_fits = sign(seal_signed_text(district, name, seal->digest)) == seal->signature;
  auto request = month;
  request.as_of = seal->as_of;
  request.live = false;
  out.differences = seal_differences(seal->content, seal_content(*this, request, seal_form(seal->content)));
  return out;
}

MonthState Publisher::seal(ClosureRequest const& month, std::string const& who, Sign const& sign) {
  auto const district = month.who.district;
  auto const first = city(district)->calendar_of("").local_day(month.from);
  auto const state = month_state(district, first);
  bool const en = month.lang == "en";
  auto const until = [&](core::Instant at) { return format_instant(at, std::chrono::minutes{city(district)->utc_offset}).substr(0, 16); };
  switch (state.stage) {
    case core::MonthStage::sealed:
      throw SealRefused("sealed_already", en ? state.month + " is sealed already" : state.month + " 已封存");
    case core::MonthStage::running:
    case core::MonthStage::counting:
      throw SealRefused("still_running", en ? state.month + " is counted until " + until(state.cut_off) : state.month + " 尚未截数，截数时刻为 " + until(state.cut_off));
    case core::MonthStage::appeals:
      throw SealRefused("window_open", en ? "appeals against " + state.month + " may be asked for until " + until(state.appeals_until)
                                          : state.month + " 的申诉期至 " + until(state.appeals_until) + "，期满后方可封存");
    case core::MonthStage::due:
      break;
  }
  if (auto waiting = waiting_appeals(district, first); !waiting.empty()) {
    auto const count = std::to_string(waiting.size());
    auto const why = en ? count + " appeals wait for a decision: " + waiting.front() + " …" : "尚有 " + count + " 件申诉未决：" + waiting.front() + " 等";
    throw SealRefused("appeals_waiting", why, std::move(waiting));
  }
  auto request = month;
  request.as_of = state.cut_off;
  request.live = false;
  Seal seal;
  seal.month = state.month;
  seal.to = request.to;
  seal.as_of = request.as_of;
  seal.content = seal_content(*this, request);
  seal.digest = sha256_hex(seal.content);
  seal.signature = sign(seal_signed_text(district, seal.month, seal.digest));
  seal.sealed_by = who;
  try {
    put_seal(impl_->url, district, seal);
  } catch (Conflict const&) {
    throw SealRefused("sealed_already", en ? state.month + " is sealed already" : state.month + " 已封存");
  }
  return month_state(district, first);
}

}  // namespace wangge::storage
