// Reads the rules of a district: see standing_rules.hpp.
#include "storage/standing_rules.hpp"

#include "storage/queries.hpp"

namespace wangge::storage::standing {
namespace {

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    auto const end = std::min(text.find('\n'), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return out;
}

Columns& operator>>(Columns& in, core::Times& when) {  // days and minutes
  return in >> when.from >> when.to >> when.weekdays >> when.from_minute >> when.to_minute;
}

void read_routes(Transaction& tx, core::City& city) {
  for (auto const& row : tx.exec_params(queries::desk_rule_load.sql, city.district)) {
    auto& r = city.routes.emplace_back();
    r.level = core::RouteLevel::decision;
    Columns in(row);
    in >> r.id >> r.standard >> r.kind >> r.code >> r.grid >> r.street >> r.when.from >> r.when.to >> r.unit >>
        r.squad >> r.document;
  }
  for (auto const& row : tx.exec_params(queries::route_rule_load.sql, city.district)) {
    auto& r = city.routes.emplace_back();
    std::string level;
    Columns in(row);
    in >> r.id >> level >> r.maintainer >> r.standard >> r.kind >> r.code >> r.condition >> r.class_code >> r.grid >>
        r.community >> r.street >> r.area_level >> r.source >> r.campaign >> r.when;
    in >> r.unit >> r.squad >> r.pick >> r.document;
    r.level = enum_from<core::RouteLevel>(core::kRouteLevels, level);
  }
}

void read_list(Transaction& tx, core::City& city) {
  for (auto const& row : tx.exec_params(queries::responsibility_load.sql, city.district)) {
    auto& l = city.responsibilities.emplace_back();
    Columns in(row);
    in >> l.id >> l.standard >> l.kind >> l.code >> l.condition >> l.class_code >> l.area >> l.supervising >>
        l.responsible >> l.assisting >> l.basis >> l.document >> l.when.from >> l.when.to >> l.pick;
  }
}

void read_shifts(Transaction& tx, core::City& city) {
  for (auto const& row : tx.exec_params(queries::squad_shift_load.sql, city.district)) {
    auto& s = city.shifts.emplace_back();
    Columns in(row);
    in >> s.squad >> s.street >> s.community >> s.grid >> s.when;
  }
  for (auto const& row : tx.exec_params(queries::absence_load.sql, city.district)) {
    auto& a = city.absences.emplace_back();
    Columns(row) >> a.squad >> a.from >> a.to >> a.stand_in >> a.reason;
  }
}

void read_areas(Transaction& tx, core::City& city) {
  for (auto const& row : tx.exec_params(queries::area_load.sql, city.district)) {
    auto& a = city.areas.emplace_back();
    Columns(row) >> a.layer >> a.code >> a.parent >> a.zh >> a.en >> a.grids;
  }
}

void read_campaigns(Transaction& tx, core::City& city) {
  for (auto const& row : tx.exec_params(queries::campaign_load.sql, city.district)) {
    auto& c = city.campaigns.emplace_back();
    std::string counted, checklist, points;
    Columns(row) >> c.key >> c.zh >> c.en >> c.categories >> c.areas >> c.sources >> c.when.from >> c.when.to >>
        c.quota >> counted >> checklist >> points;
    c.apart = counted == "apart";
    c.checklist = lines_of(checklist);
    for (auto const& line : lines_of(points))
      if (auto const point = core::point_from(line)) c.points.push_back(*point);
  }
}

void read_plans(Transaction& tx, core::City& city) {
  for (auto const& row : tx.exec_params(queries::plan_load.sql, city.district)) {
    auto& p = city.plans.emplace_back();
    Columns(row) >> p.key >> p.zh >> p.en >> p.urgent >> p.urgent_minutes >> p.relaxed >> p.clocks >> p.percent;
  }
  for (auto const& row : tx.exec_params(queries::plan_switch_load.sql, city.district)) {
    std::string key;
    std::pair<core::Instant, std::optional<core::Instant>> span;
    Columns(row) >> key >> span.first >> span.second;
    for (auto& plan : city.plans) {
      if (plan.key == key) plan.on.push_back(span);
    }
  }
}

void read_managed(Transaction& tx, core::City& city) {
  for (auto const& row : tx.exec_params(queries::managed_place_load.sql, city.district)) {
    auto& m = city.managed.emplace_back();
    std::string shape;
    Columns in(row);
    in >> m.key >> m.kind >> m.zh >> m.en >> m.allowed >> m.when;
    in >> m.document >> m.stalls >> shape;
    auto rings = rings_from_hex(shape);
    if (!rings.empty()) m.ring = std::move(rings.front());
  }
}

void read_cross_map(Transaction& tx, core::City& city) {
  for (auto const& row : tx.exec_params(queries::cross_map_load.sql, city.district)) {
    auto& m = city.cross_map.emplace_back();
    Columns(row) >> m.old_key.standard >> m.old_key.kind >> m.old_key.code >> m.new_key.standard >> m.new_key.kind >>
        m.new_key.code >> m.kind;
  }
}

}  // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  while (!text.empty()) {
    auto const end = std::min(text.find(' '), text.size());
    if (end > 0) out.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(text.size(), end + 1));
  }
  return out;
}

std::string spaced(std::vector<std::string> const& words) {
  std::string out;
  for (auto const& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

void read_rules(Transaction& tx, core::City& city) {
  read_routes(tx, city);
  read_list(tx, city);
  read_shifts(tx, city);
  read_areas(tx, city);
  read_campaigns(tx, city);
  read_plans(tx, city);
  read_managed(tx, city);
  read_cross_map(tx, city);
  city.knows_components = tx.exec_params1(queries::component_any.sql, city.district)[0].as<bool>();
}

}  // namespace wangge::storage::standing
