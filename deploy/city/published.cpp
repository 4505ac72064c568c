// What a month is judged and paid by: schemes of evaluation with groups, weights, bands and deductions; tariffs of the patrols'
// settlement. Dates are whole months: a month is judged by one scheme.
#include <algorithm>
#include <charconv>

#include "deploy/city/readers.hpp"
#include "dispatcher/core/settlement.hpp"
#include "storage/read_model.hpp"

namespace wangge::deploy {
namespace {

// "12.5" as 1250; up to two decimals and a sign.
std::optional<std::int64_t> hundredths_from(std::string_view text) {
  bool const minus = text.starts_with('-');
  if (minus) text.remove_prefix(1);
  auto const dot = std::min(text.find('.'), text.size());
  auto digits = std::string(text.substr(0, dot));
  auto rest = dot < text.size() ? std::string(text.substr(dot + 1)) : std::string();
  if (digits.empty() || rest.size() > 2 || (dot < text.size() && rest.empty())) return std::nullopt;
  digits += rest + std::string(2 - rest.size(), '0');
  std::int64_t value = 0;
  auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size() || value < 0 || value > 1'000'000'000'00) return std::nullopt;
  return minus ? -value : value;
}

std::int64_t hundredths(TableRow& row, std::string_view column) {
  if (row[column].empty()) return 0;
  auto const value = hundredths_from(row[column]);
  if (!value) row.bad(column, "\"" + row[column] + "\" is no number of at most two decimals");
  return value.value_or(0);
}

// from_day begins a month, to_day (the last day on which it holds) ends one.
void read_months(TableRow& row, std::optional<core::LocalDay>& from, std::optional<core::LocalDay>& to) {
  from = row.day_or_none("from_day");
  to = row.day_or_none("to_day");
  if (to) *to += core::Days{1};
  auto const first = [](core::LocalDay day) { return unsigned(std::chrono::year_month_day{day}.day()) == 1; };
  if (from && !first(*from)) row.bad("from_day", "months are judged whole: the first day of a month");
  if (to && !first(*to)) row.bad("to_day", "months are judged whole: the last day of a month");
  if (from && to && *from >= *to) row.bad("to_day", "lies before from_day");
}

bool meet(auto const& a, auto const& b) {
  return (!a.from || !b.to || *a.from < *b.to) && (!b.from || !a.to || *b.from < *a.to);
}

core::SchemePart read_part(TableRow& row) {
  core::SchemePart part;
  part.indicator = row.word("indicator");
  auto const* indicator = core::find_indicator(part.indicator);
  if (indicator == nullptr && !part.indicator.empty()) row.bad("indicator", "there is no indicator " + part.indicator);
  part.weight = row.number("weight", 1, 100);
  auto const& kind = row["kind"].empty() ? std::string("rate") : row.one_of("kind", {"rate", "inverse", "bands"});
  part.kind = kind == "inverse" ? core::SchemePart::Kind::inverse : kind == "bands" ? core::SchemePart::Kind::bands : core::SchemePart::Kind::rate;
  bool const rate = indicator != nullptr && !core::is_count(*indicator);
  if (indicator != nullptr && !rate && part.kind != core::SchemePart::Kind::bands)
    row.bad("kind", part.indicator + " is a count and wants bands");
  std::string_view rest = row["bands"];
  if (part.kind != core::SchemePart::Kind::bands) {
    if (!rest.empty()) row.bad("bands", "only kind bands has them");
    return part;
  }
  if (rest.empty()) row.bad("bands", "is empty: \"0:100;51:90\", from that value on so many points");
  while (!rest.empty()) {
    auto const one = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    auto const colon = one.find(':');
    auto const from = colon == std::string_view::npos ? std::nullopt : hundredths_from(one.substr(0, colon));
    auto const points = colon == std::string_view::npos ? std::nullopt : parse_number(one.substr(colon + 1));
    if (!from || !points || *points < 0 || *points > 100 || (!rate && *from % 100 != 0)) {
      row.bad("bands", "\"" + std::string(one) + "\": from that " + (rate ? "percentage" : "count") + " on 0 to 100 points, as 51:90");
      return part;
    }
    auto const value = rate ? *from : *from / 100;
    if (!part.bands.empty() && value <= part.bands.back().first) row.bad("bands", "they must ascend");
    part.bands.emplace_back(value, *points);
  }
  return part;
}

// The scheme of a row, or nothing and a complaint.
core::Scheme* scheme_of(CityReading& city, TableRow& row) {
  auto const& id = row.word("scheme");
  for (auto& scheme : city.set.schemes) {
    if (scheme.id == id) return &scheme;
  }
  if (!id.empty()) row.bad("scheme", "schemes.csv has no scheme " + id);
  return nullptr;
}

core::SchemeGroup* group_of(core::Scheme& scheme, TableRow& row) {
  for (auto& group : scheme.groups) {
    if (group.id == row["group"]) return &group;
  }
  row.bad("group", "scheme " + scheme.id + " has no group " + row["group"]);
  return nullptr;
}

// Keys that can stand in a scheme's rows, where the city knows them all.
bool can_be(CityReading const& city, std::string const& by, std::string const& key) {
  if (by == "unit") return city.units.contains(key);
  if (by == "squad") return city.squad_unit.contains(key);
  if (by == "street") return city.streets.contains(key);
  return true;
}

}  // namespace

void read_schemes(CityReading& city) {
  CityTable file(city.source, "schemes.csv", city.bad);
  if (!file.exists()) return;
  city.set.schemes.clear();
  Keys keys;
  std::map<std::string, std::int64_t> lines;
  file.each({"id", "object", "zh", "en", "by"}, [&](TableRow& row) {
    core::Scheme s;
    s.id = row.word("id"), s.object = row.word("object"), s.zh = row.word("zh"), s.en = row["en"].empty() ? row["zh"] : row["en"];
    keys.add(row, "id", s.id);
    s.by = row.word("by");
    if (std::find(storage::kIndicatorBy.begin(), storage::kIndicatorBy.end(), s.by) == storage::kIndicatorBy.end())
      row.bad("by", "\"" + s.by + "\" is no grouping of the indicators: district street grid unit squad post person class category source");
    s.post = row["post"], s.document = row["document"];
    if (!s.post.empty() && (s.by != "person" || !core::role_from(s.post))) row.bad("post", "is a role, and only of a scheme by person");
    read_months(row, s.from, s.to);
    for (auto const& other : city.set.schemes) {
      if (other.object == s.object && meet(other, s)) row.bad("from_day", "meets " + other.id + ": a month is judged by one scheme of " + s.object);
    }
    lines.emplace(s.id, row.line());
    city.set.schemes.push_back(std::move(s));
  });
  CityTable(city.source, "scheme_groups.csv", city.bad).each({"scheme", "id", "zh", "en", "members"}, [&](TableRow& row) {
    auto* scheme = scheme_of(city, row);
    core::SchemeGroup g{row.word("id"), row.word("zh"), row["en"].empty() ? row["zh"] : row["en"], row.words("members"), {}, {}};
    if (scheme == nullptr) return;
    if (g.members.empty()) row.bad("members", "is empty: keys by spaces, * for everybody else");
    for (auto const& member : g.members) {
      if (member != "*" && !can_be(city, scheme->by, member)) row.bad("members", "no " + scheme->by + " " + member);
      for (auto const& other : scheme->groups) {
        if (std::find(other.members.begin(), other.members.end(), member) != other.members.end())
          row.bad("members", member + " is in group " + other.id + " already");
      }
    }
    if (std::any_of(scheme->groups.begin(), scheme->groups.end(), [&](auto const& other) { return other.id == g.id; }))
      row.bad("id", "group " + g.id + " stands twice");
    scheme->groups.push_back(std::move(g));
  }, true);
  CityTable(city.source, "scheme_parts.csv", city.bad).each({"scheme", "group", "indicator", "weight", "kind", "bands"}, [&](TableRow& row) {
    auto* scheme = scheme_of(city, row);
    auto part = read_part(row);
    if (scheme == nullptr) return;
    auto* group = row["group"].empty() ? nullptr : group_of(*scheme, row);
    if (!row.good()) return;
    auto& list = group ? group->parts : scheme->parts;
    if (std::any_of(list.begin(), list.end(), [&](auto const& other) { return other.indicator == part.indicator; }))
      row.bad("indicator", part.indicator + " stands twice");
    list.push_back(std::move(part));
  });
  CityTable(city.source, "scheme_deductions.csv", city.bad).each({"scheme", "group", "indicator", "points", "free", "most"}, [&](TableRow& row) {
    auto* scheme = scheme_of(city, row);
    core::Deduction d{row.word("indicator"), hundredths(row, "points"), row.number_or_none("free", 0, 1'000'000'000).value_or(0), hundredths(row, "most")};
    auto const* indicator = core::find_indicator(d.indicator);
    if (indicator == nullptr || !core::is_count(*indicator)) row.bad("indicator", "points go off for counts; there is no count " + d.indicator);
    if (d.hundredths == 0) row.bad("points", "takes nothing off");
    if (d.most < 0) row.bad("most", "is a bound above 0, or empty");
    if (scheme == nullptr) return;
    auto* group = row["group"].empty() ? nullptr : group_of(*scheme, row);
    if (group != nullptr && group->parts.empty()) row.bad("group", "has no parts of its own, so its deductions are the scheme's: leave group empty");
    if (row.good()) (group ? group->deductions : scheme->deductions).push_back(std::move(d));
  }, true);
  if (!city.bad.empty()) return;  // weights of rows that could not be read add up to nothing
  for (auto const& scheme : city.set.schemes) {
    if (auto const fault = core::fault_of(scheme); !fault.empty()) city.complain("schemes.csv", lines[scheme.id], "", fault);
  }
}

void read_tariffs(CityReading& city) {
  CityTable file(city.source, "tariffs.csv", city.bad);
  if (!file.exists()) return;
  city.set.tariffs.clear();
  Keys keys;
  file.each({"id", "zh", "en", "contractor", "kind", "item", "less", "price"}, [&](TableRow& row) {
    core::Tariff t;
    t.id = row.word("id"), t.zh = row.word("zh"), t.en = row["en"].empty() ? row["zh"] : row["en"];
    keys.add(row, "id", t.id);
    t.contractor = row["contractor"];
    if (!t.contractor.empty() && !city.units.contains(t.contractor)) row.bad("contractor", "no unit " + t.contractor);
    auto const& kind = row.one_of("kind", {"each", "monthly", "below"});
    t.kind = static_cast<core::Tariff::Kind>(std::find(core::kTariffKinds.begin(), core::kTariffKinds.end(), kind) - core::kTariffKinds.begin());
    t.item = row["item"], t.less = row["less"], t.document = row["document"];
    t.price = hundredths(row, "price"), t.bound = hundredths(row, "bound"), t.most = hundredths(row, "most");
    t.free = row.number_or_none("free", 0, 1'000'000'000).value_or(0);
    if (t.most < 0) row.bad("most", "is a bound above 0, or empty");
    read_months(row, t.from, t.to);
    if (!row.good()) return;
    if (auto const fault = core::tariff_fault(t); !fault.empty()) row.bad(t.price == 0 ? "price" : t.kind == core::Tariff::Kind::below && fault.starts_with("the bound") ? "bound" : "item", fault);
    city.set.tariffs.push_back(std::move(t));
  });
}

}  // namespace wangge::deploy
