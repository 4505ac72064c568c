// Schemes of evaluation and tariffs of settlement: read and written with the standing data.
#include <pqxx/stream_to>

#include "storage/codec.hpp"
#include "storage/queries.hpp"
#include "storage/standing_rules.hpp"

namespace wangge::storage::standing {
namespace {

using Field = std::optional<std::string>;
constexpr std::array<std::string_view, 3> kPartKinds{"rate", "inverse", "bands"};

template <class... T>
std::array<Field, sizeof...(T)> fields(T&&... values) {
  return {Field(std::forward<T>(values))...};
}
std::string text(std::int64_t n) {
  return std::to_string(n);
}
Field day(std::optional<core::LocalDay> value) {
  if (!value) return std::nullopt;
  return iso_day(*value);
}

// "0:100;51:90" and back; the city's file has the same form.
std::string bands_text(core::SchemePart const& part) {
  std::string out;
  for (auto const& [from, points] : part.bands) out += (out.empty() ? "" : ";") + text(from) + ":" + text(points);
  return out;
}
std::vector<std::pair<std::int64_t, std::int64_t>> bands_from(char const* at) {
  std::vector<std::pair<std::int64_t, std::int64_t>> bands;
  long long from = 0, points = 0;
  for (int length = 0; std::sscanf(at, "%lld:%lld%n", &from, &points, &length) == 2; at += *at == ';' ? 1 : 0) {
    bands.emplace_back(from, points);
    at += length;
  }
  return bands;
}

// The parts or deductions of a scheme ('' of a group: the scheme's own).
template <class List>
List* list_of(std::vector<core::Scheme>& schemes, std::string_view id, std::string_view group, List core::Scheme::*own,
              List core::SchemeGroup::*of_group) {
  for (auto& scheme : schemes) {
    if (scheme.id != id) continue;
    if (group.empty()) return &(scheme.*own);
    for (auto& one : scheme.groups) {
      if (one.id == group) return &(one.*of_group);
    }
  }
  return nullptr;
}

template <class Rows, class ToFields>
void copy(pqxx::work& tx, std::string const& table, std::vector<std::string> const& columns, Rows const& rows,
          ToFields to_fields) {
  pqxx::stream_to stream(tx, table, columns);
  for (auto const& row : rows) stream << to_fields(row);
  stream.complete();
}

}  // namespace

void read_published(Transaction& tx, core::City& city) {
  for (auto const& row : tx.exec_params(queries::evaluation_schemes.sql, city.district)) {
    auto& s = city.schemes.emplace_back();
    Columns(row) >> s.id >> s.object >> s.zh >> s.en >> s.by >> s.post >> s.from >> s.to >> s.document;
  }
  std::string scheme, group, kind;
  for (auto const& row : tx.exec_params(queries::evaluation_groups.sql, city.district)) {
    core::SchemeGroup g;
    Columns(row) >> scheme >> g.id >> g.zh >> g.en >> g.members;
    for (auto& one : city.schemes) {
      if (one.id == scheme) one.groups.push_back(g);
    }
  }
  for (auto const& row : tx.exec_params(queries::evaluation_parts.sql, city.district)) {
    core::SchemePart p;
    Columns(row) >> scheme >> group >> p.indicator >> p.weight >> kind;
    p.kind = enum_from<core::SchemePart::Kind>(kPartKinds, kind);
    p.bands = bands_from(row[5].c_str());
    if (auto* list = list_of(city.schemes, scheme, group, &core::Scheme::parts, &core::SchemeGroup::parts))
      list->push_back(std::move(p));
  }
  for (auto const& row : tx.exec_params(queries::evaluation_deductions.sql, city.district)) {
    core::Deduction d;
    Columns(row) >> scheme >> group >> d.indicator >> d.hundredths >> d.free >> d.most;
    if (auto* list = list_of(city.schemes, scheme, group, &core::Scheme::deductions, &core::SchemeGroup::deductions))
      list->push_back(std::move(d));
  }
  for (auto const& row : tx.exec_params(queries::settlement_tariffs.sql, city.district)) {
    auto& t = city.tariffs.emplace_back();
    Columns in(row);
    in >> t.id >> t.zh >> t.en >> t.contractor >> kind >> t.item >> t.less >> t.price >> t.free >> t.bound >> t.most;
    in >> t.document >> t.from >> t.to;
    t.kind = enum_from<core::Tariff::Kind>(core::kTariffKinds, kind);
  }
}

void copy_schemes(pqxx::work& tx, StandingSet const& set) {
  auto const& d = set.district;
  std::int64_t seq = 0;
  copy(tx, "evaluation_scheme",
       {"district", "seq", "id", "object", "zh", "en", "by", "post", "from_day", "to_day", "document"}, set.schemes,
       [&](core::Scheme const& s) {
         return fields(d, text(seq++), s.id, std::string(s.asked()), s.zh, s.en, s.by, s.post, day(s.from), day(s.to),
                       s.document);
       });
  for (auto const& scheme : set.schemes) {
    seq = 0;
    copy(tx, "evaluation_group", {"district", "scheme", "seq", "id", "zh", "en", "members"}, scheme.groups,
         [&](core::SchemeGroup const& g) {
           return fields(d, scheme.id, text(seq++), g.id, g.zh, g.en, spaced(g.members));
         });
    seq = 0;
    auto const parts = [&](std::string const& group, std::vector<core::SchemePart> const& list) {
      copy(tx, "evaluation_part", {"district", "scheme", "seq", "grp", "indicator", "weight", "kind", "bands"}, list,
           [&](core::SchemePart const& p) {
             return fields(d, scheme.id, text(seq++), group, p.indicator, text(p.weight),
                           std::string(kPartKinds[static_cast<std::size_t>(p.kind)]), bands_text(p));
           });
    };
    parts("", scheme.parts);
    for (auto const& group : scheme.groups) parts(group.id, group.parts);
    seq = 0;
    auto const deductions = [&](std::string const& group, std::vector<core::Deduction> const& list) {
      copy(tx, "evaluation_deduction",
           {"district", "scheme", "seq", "grp", "indicator", "hundredths", "free", "most"}, list,
           [&](core::Deduction const& x) {
             return fields(d, scheme.id, text(seq++), group, x.indicator, text(x.hundredths), text(x.free), text(x.most));
           });
    };
    deductions("", scheme.deductions);
    for (auto const& group : scheme.groups) deductions(group.id, group.deductions);
  }
}

void copy_tariffs(pqxx::work& tx, StandingSet const& set) {
  std::int64_t seq = 0;
  copy(tx, "settlement_tariff",
       {"district", "seq", "id", "zh", "en", "contractor", "kind", "item", "less", "price", "free", "bound", "most",
        "document", "from_day", "to_day"},
       set.tariffs, [&](core::Tariff const& t) {
         return fields(set.district, text(seq++), t.id, t.zh, t.en, t.contractor,
                       std::string(core::kTariffKinds[static_cast<std::size_t>(t.kind)]), t.item, t.less, text(t.price),
                       text(t.free), text(t.bound), text(t.most), t.document, day(t.from), day(t.to));
       });
}

}  // namespace wangge::storage::standing
