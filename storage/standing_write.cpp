// Writes a district's standing data: everything of the district in one transaction, by COPY, so that a load is seen
// whole or not at all. Also the policy's JSON form. Nothing is checked here that the database does not check itself.
#include <algorithm>
#include <array>
#include <cstring>
#include <pqxx/pqxx>
#include <pqxx/stream_to>

#include "storage/codec.hpp"
#include "storage/queries.hpp"
#include "storage/standing_policy.hpp"
#include "storage/standing_rules.hpp"

namespace wangge::storage::standing {
namespace {

using Field = std::optional<std::string>;  // empty: NULL

// libpqxx streams tuples; an array is one.
template <class... T>
std::array<Field, sizeof...(T)> fields(T&&... values) {
  return {Field(std::forward<T>(values))...};
}

std::string text(std::int64_t n) {
  return std::to_string(n);
}

std::optional<std::string> timestamp_or_null(std::optional<core::Instant> at) {
  if (!at) return std::nullopt;
  auto const day = std::chrono::floor<std::chrono::days>(*at);
  std::chrono::hh_mm_ss const clock{*at - day};
  char out[32];
  std::snprintf(out, sizeof out, " %02d:%02d:%02d.%03d+00", static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return iso_day(day) + out;
}

Field number(std::optional<double> value) {
  if (!value) return std::nullopt;
  return pqxx::to_string(*value);
}

Field day(std::optional<core::LocalDay> value) {
  if (!value) return std::nullopt;
  return iso_day(*value);
}

std::optional<std::string> or_null(std::string const& value) {
  if (value.empty()) return std::nullopt;
  return value;
}

// PostGIS reads EWKB in hex from a COPY; binary keeps every bit of a coordinate.
class Ewkb {
 public:
  explicit Ewkb(std::uint32_t type) {
    put(std::uint8_t{1});
    put(type | 0x20000000u);
    put(std::uint32_t{4490});
  }
  template <class T>
  Ewkb& put(T value) {
    unsigned char raw[sizeof(T)];
    std::memcpy(raw, &value, sizeof(T));
    for (unsigned char const b : raw) {
      hex_ += "0123456789ABCDEF"[b >> 4];
      hex_ += "0123456789ABCDEF"[b & 15];
    }
    return *this;
  }
  std::string const& hex() const { return hex_; }

 private:
  std::string hex_;
};

std::string polygon_hex(CellShape const& shape) {
  Ewkb out(3);
  out.put(static_cast<std::uint32_t>(shape.rings.size()));
  for (auto const& ring : shape.rings) {
    out.put(static_cast<std::uint32_t>(ring.size()));
    for (auto const& [lon, lat] : ring) out.put(lon).put(lat);
  }
  return out.hex();
}

template <class Rows, class ToFields>
void copy(pqxx::work& tx, std::string const& table, std::vector<std::string> const& columns, Rows const& rows,
          ToFields to_fields) {
  pqxx::stream_to stream(tx, table, columns);
  for (auto const& row : rows) stream << to_fields(row);
  stream.complete();
}

std::int64_t put_district(pqxx::work& tx, StandingSet const& set, std::string const& fingerprint) {
  auto const row = tx.exec_params1(queries::district_put.sql, set.district, set.zh, set.en, set.exchange_code,
                                   set.utc_offset_minutes, policy_json(set.policy), fingerprint);
  return row[0].as<std::int64_t>();
}

std::string sessions_text(std::vector<core::Session> const& all) {
  std::string sessions = "{";
  for (auto const& s : all) {
    if (sessions.size() > 1) sessions += ',';
    sessions += text(s.from_minute) + "," + text(s.to_minute);
  }
  return sessions + "}";
}

void copy_calendars(pqxx::work& tx, StandingSet const& set) {
  auto const& d = set.district;
  copy(tx, "calendar", {"district", "key", "sessions", "first_day", "last_day"}, set.calendars,
       [&](CalendarRow const& c) { return fields(d, c.key, sessions_text(c.sessions), iso_day(c.first), iso_day(c.last)); });
  for (auto const& calendar : set.calendars) {
    auto const note = [&](core::LocalDay day) {
      auto const found = calendar.notes.find(day);
      return found == calendar.notes.end() ? std::string() : found->second;
    };
    copy(tx, "calendar_day", {"district", "calendar", "day", "works", "note"}, calendar.days,
         [&](auto const& day) { return fields(d, calendar.key, iso_day(day.first), day.second ? "t" : "f", note(day.first)); });
    copy(tx, "calendar_season", {"district", "calendar", "first_day", "sessions"}, calendar.seasons,
         [&](auto const& season) { return fields(d, calendar.key, iso_day(season.first), sessions_text(season.second)); });
  }
}

void copy_bodies(pqxx::work& tx, StandingSet const& set) {
  auto const& d = set.district;
  copy(tx, "unit", {"district", "key", "zh", "en", "calendar", "parent"}, set.units,
       [&](core::Unit const& u) { return fields(d, u.key, u.zh, u.en, u.calendar, u.parent); });
  copy(tx, "squad", {"district", "key", "unit", "zh", "en", "lon", "lat", "contractor"}, set.squads,
       [&](core::Squad const& s) { return fields(d, s.key, s.unit, s.zh, s.en, number(s.lon), number(s.lat), s.contractor); });
}

void copy_duty(pqxx::work& tx, StandingSet const& set) {
  std::int64_t line = 0;
  copy(tx, "duty_line",
       {"district", "line", "patroller", "unit", "street", "community", "grid", "from_minute", "to_minute", "duty_grid",
        "from_day", "to_day", "weekdays"},
       set.duty, [&](core::DutyLine const& l) {
         return fields(set.district, text(++line), l.patroller, l.unit, l.street, l.community, l.grid, text(l.from_minute),
                       text(l.to_minute), l.duty_grid, day(l.from), day(l.to), text(l.weekdays));
       });
}

void copy_catalogue(pqxx::work& tx, StandingSet const& set) {
  auto const& d = set.district;
  copy(tx, "category",
       {"district", "standard", "kind", "code", "class_code", "zh", "en", "class_zh", "class_en", "valid_from",
        "valid_to", "photos_least", "photo_rule_zh", "photo_rule_en", "do_not_report_zh", "do_not_report_en", "same_period"},
       set.catalogue, [&](CatalogueRow const& c) {
         return fields(d, c.key.standard, c.key.kind, c.key.code, c.class_code, c.zh, c.en, c.class_zh, c.class_en,
                       timestamp_or_null(c.valid_from), timestamp_or_null(c.valid_to), text(c.photos_least), c.photo_rule_zh,
                       c.photo_rule_en, c.do_not_report_zh, c.do_not_report_en, std::string(c.same_period ? "t" : "f"));
       });
  std::vector<std::pair<CatalogueRow const*, std::size_t>> conditions;
  for (auto const& entry : set.catalogue) {
    for (std::size_t i = 0; i < entry.conditions.size(); ++i) conditions.emplace_back(&entry, i);
  }
  copy(tx, "condition",
       {"district", "standard", "kind", "code", "id", "seq", "zh", "en", "clock", "minutes", "thresholds", "closing"},
       conditions, [&](auto const& at) {
         auto const& key = at.first->key;
         auto const& c = at.first->conditions[at.second];
         return fields(d, key.standard, key.kind, key.code, c.id, text(static_cast<std::int64_t>(at.second)), c.zh,
                       c.en, std::string(core::id(c.limit.clock)), text(c.limit.minutes),
                       core::thresholds_text(c.thresholds), spaced(c.closing));
       });
  std::vector<std::array<Field, 8>> limits;
  for (auto const& [entry, at] : conditions) {
    auto const& c = entry->conditions[at];
    for (auto const& [level, limit] : c.by_area)
      limits.push_back(fields(d, entry->key.standard, entry->key.kind, entry->key.code, c.id, level,
                              std::string(core::id(limit.clock)), text(limit.minutes)));
  }
  copy(tx, "condition_limit", {"district", "standard", "kind", "code", "id", "area_level", "clock", "minutes"}, limits,
       [](auto const& row) { return row; });
  std::int64_t seq = 0;
  copy(tx, "closing_condition", {"district", "seq", "code", "zh", "en"}, set.closing_conditions, [&](std::string const& code) {
    auto const name = set.closing_names.find(code);
    bool const named = name != set.closing_names.end();
    return fields(d, text(seq++), code, named ? name->second.zh : code, named ? name->second.en : code);
  });
  copy(tx, "cross_map",
       {"district", "old_standard", "old_kind", "old_code", "new_standard", "new_kind", "new_code", "kind"}, set.cross_map,
       [&](core::CrossMap const& m) {
         return fields(d, m.old_key.standard, m.old_key.kind, m.old_key.code, m.new_key.standard, m.new_key.kind, m.new_key.code,
                       m.kind);
       });
}

void copy_routes(pqxx::work& tx, StandingSet const& set) {
  auto const& d = set.district;
  std::int64_t seq = 0;
  copy(tx, "route_rule",
       {"district", "id", "seq", "level", "maintainer", "standard", "kind", "code", "condition", "class_code", "grid",
        "community", "street", "area_level", "source", "campaign", "from_day", "to_day", "weekdays", "from_minute",
        "to_minute", "unit", "squad", "pick", "document"},
       set.routes, [&](core::RouteRule const& r) {
         return fields(d, r.id, text(seq++), std::string(core::id(r.level)), r.maintainer, r.standard, r.kind, r.code,
                       r.condition, r.class_code, r.grid, r.community, r.street, r.area_level, r.source, r.campaign,
                       day(r.when.from), day(r.when.to), text(r.when.weekdays), text(r.when.from_minute),
                       text(r.when.to_minute), r.unit, or_null(r.squad), r.pick, r.document);
       });
}

void copy_list(pqxx::work& tx, StandingSet const& set) {
  std::int64_t seq = 0;
  copy(tx, "responsibility",
       {"district", "seq", "id", "standard", "kind", "code", "condition", "class_code", "area", "supervising", "responsible",
        "assisting", "basis", "document", "from_day", "to_day", "pick"},
       set.responsibilities, [&](core::Responsibility const& l) {
         return fields(set.district, text(seq++), l.id, l.standard, l.kind, l.code, l.condition, l.class_code, l.area,
                       l.supervising, l.responsible, spaced(l.assisting), l.basis, l.document, day(l.when.from),
                       day(l.when.to), l.pick);
       });
}

void copy_shifts(pqxx::work& tx, StandingSet const& set) {
  std::int64_t line = 0;
  copy(tx, "squad_shift",
       {"district", "line", "squad", "street", "community", "grid", "from_day", "to_day", "weekdays", "from_minute",
        "to_minute"},
       set.shifts, [&](core::SquadShift const& s) {
         return fields(set.district, text(++line), s.squad, s.street, s.community, s.grid, day(s.when.from), day(s.when.to),
                       text(s.when.weekdays), text(s.when.from_minute), text(s.when.to_minute));
       });
  line = 0;
  copy(tx, "absence", {"district", "line", "squad", "from_at", "to_at", "stand_in", "reason"}, set.absences,
       [&](core::Absence const& a) {
         return fields(set.district, text(++line), a.squad, timestamp_or_null(a.from), timestamp_or_null(a.to), a.stand_in,
                       a.reason);
       });
}

void copy_areas(pqxx::work& tx, StandingSet const& set) {
  copy(tx, "area", {"district", "layer", "code", "parent", "zh", "en", "grids"}, set.areas, [&](core::Area const& a) {
    std::string grids = "{";  // digits and '*' only: nothing to quote
    for (auto const& grid : a.grids) grids += (grids.size() > 1 ? "," : "") + grid;
    return fields(set.district, a.layer, a.code, a.parent, a.zh, a.en, grids + "}");
  });
}

void copy_campaigns(pqxx::work& tx, StandingSet const& set) {
  std::int64_t seq = 0;
  copy(tx, "campaign",
       {"district", "seq", "key", "zh", "en", "categories", "areas", "sources", "from_day", "to_day", "quota",
        "counted", "checklist", "points"},
       set.campaigns, [&](core::Campaign const& c) {
         std::string checklist, points;
         for (auto const& item : c.checklist) checklist += (checklist.empty() ? "" : "\n") + item;
         for (auto const& point : c.points) points += (points.empty() ? "" : "\n") + core::point_text(point);
         return fields(set.district, text(seq++), c.key, c.zh, c.en, spaced(c.categories), spaced(c.areas),
                       spaced(c.sources), day(c.when.from), day(c.when.to), text(c.quota), c.apart ? "apart" : "within",
                       checklist, points);
       });
}

void copy_plans(pqxx::work& tx, StandingSet const& set) {
  copy(tx, "plan", {"district", "key", "zh", "en", "urgent", "urgent_minutes", "relaxed", "clocks", "percent"}, set.plans,
       [&](core::Plan const& p) {
         return fields(set.district, p.key, p.zh, p.en, spaced(p.urgent), text(p.urgent_minutes), spaced(p.relaxed),
                       spaced(p.clocks), text(p.percent));
       });
}

void copy_managed(pqxx::work& tx, StandingSet const& set) {
  copy(tx, "managed_place",
       {"district", "key", "kind", "zh", "en", "allowed", "from_day", "to_day", "weekdays", "from_minute", "to_minute",
        "document", "stalls", "shape"},
       set.managed, [&](core::ManagedPlace const& m) {
         CellShape shape;
         shape.rings.push_back(m.ring);
         return fields(set.district, m.key, m.kind, m.zh, m.en, spaced(m.allowed), day(m.when.from), day(m.when.to),
                       text(m.when.weekdays), text(m.when.from_minute), text(m.when.to_minute), m.document, text(m.stalls),
                       polygon_hex(shape));
       });
}

void copy_places(pqxx::work& tx, StandingSet const& set) {
  auto const& d = set.district;
  copy(tx, "street", {"district", "code", "zh", "en"}, set.streets,
       [&](StreetRow const& s) { return fields(d, s.code, s.zh, s.en); });
  copy(tx, "community", {"district", "code", "street", "zh", "en"}, set.communities,
       [&](CommunityRow const& c) { return fields(d, c.code, c.street, c.zh, c.en); });
}

void copy_grids(pqxx::work& tx, StandingSet const& set, Progress const& progress) {
  auto const& d = set.district;
  std::uint64_t done = 0;
  copy(tx, "cell",
       {"district", "grid", "street", "community", "exchange_code", "area_m2", "area_level", "initial_date", "end_date",
        "shape"},
       set.cells, [&](CellRow const& c) {
         if (progress && ++done % 1000 == 0) progress("cells", done, set.cells.size());
         return fields(d, c.shape.grid, c.shape.street, c.shape.community, c.exchange_code, pqxx::to_string(c.area_m2),
                       c.area_level, c.first_day, or_null(c.last_day), polygon_hex(c.shape));
       });
}

void copy_components(pqxx::work& tx, StandingSet const& set) {
  copy(tx, "component",
       {"district", "id", "standard", "code", "zh", "en", "maintainer", "owner", "supervisor", "maintainer_name",
        "owner_name", "supervisor_name", "grid", "street", "community", "state", "initial_date", "changed_date",
        "data_source", "remark", "crs", "source_x", "source_y", "place"},
       set.components, [&](ComponentRow const& c) {
         return fields(set.district, c.component_id, c.standard, c.code, c.zh, c.en, c.maintainer, c.owner, c.supervisor,
                       c.maintainer_name, c.owner_name, c.supervisor_name, c.grid, c.street, c.community, c.state,
                       or_null(c.initial_date), or_null(c.changed_date), c.data_source, c.remark, c.crs, number(c.source_x),
                       number(c.source_y), Ewkb(1).put(c.lon).put(c.lat).hex());
       });
}

// Grids are never forgotten: what is not there any more, or has another shape, goes to the past; an id that had gone for
// good may not come back (GB/T 30428.1).
void replace_grids(pqxx::work& tx, StandingSet const& set, std::int64_t version, bool retired, Progress const& progress) {
  if (!retired) tx.exec_params(queries::cell_past_retire.sql, set.district, version);
  tx.exec_params(queries::district_clear_part.sql, set.district, "grids");
  copy_grids(tx, set, progress);
  tx.exec_params(queries::cell_past_keep.sql, set.district, version);
  tx.exec_params(queries::cell_past_redrawn.sql, set.district, version);
  std::vector<GridFault> faults;
  for (auto const& row : tx.exec_params(queries::cell_past_reused.sql, set.district))
    faults.push_back({"reused", row[0].c_str(), "", row[1].c_str()});
  if (!faults.empty()) throw BadGrids(std::move(faults));
}

void check_grids(pqxx::work& tx, std::string const& district, bool allow_gaps) {
  std::vector<GridFault> faults;
  for (auto const& row : tx.exec_params(queries::cell_faults.sql, district)) {
    GridFault fault{row[0].c_str(), row[1].c_str(), row[2].c_str(), row[3].c_str()};
    if (!(allow_gaps && fault.fault == "gap")) faults.push_back(std::move(fault));
  }
  if (!faults.empty()) throw BadGrids(std::move(faults));
}

struct PartWriter {
  std::string_view part;
  void (*copy)(pqxx::work& tx, StandingSet const& set);
};
// In the order in which they lean on each other; cleared from the last to the first.
constexpr PartWriter kWriters[] = {
    {"policy", [](pqxx::work& tx, StandingSet const& set) { tx.exec_params(queries::district_put_policy.sql, set.district, policy_json(set.policy)); }},
    {"calendars", copy_calendars},
    {"bodies", copy_bodies},
    {"catalogue", copy_catalogue},
    {"places", copy_places},
    {"rules", copy_routes},
    {"responsibility", copy_list},
    {"shifts", copy_shifts},
    {"duty", copy_duty},
    {"areas", copy_areas},
    {"campaigns", copy_campaigns},
    {"plans", copy_plans},
    {"managed", copy_managed},
    {"components", copy_components},
    {"evaluation", copy_schemes},
    {"settlement", copy_tariffs},
};

void refuse_sealed(pqxx::work& tx, std::string const& district, std::string const& part) {
  std::string text;
  for (auto const& row : tx.exec_params(queries::evaluation_of_sealed.sql, district, part)) {
    std::string const key = row[0].c_str(), month = row[1].c_str(), behind = row[2].c_str();
    text += (text.empty() ? "" : "\n") + part + " " + key + ": it speaks for " + month +
            ", which is sealed; end the old one with that month and begin a new one of its own id on " + behind;
  }
  if (!text.empty()) throw SealedPart(text);
}

bool wanted(WriteOptions const& options, std::string_view part) {
  return options.parts.empty() || std::find(options.parts.begin(), options.parts.end(), part) != options.parts.end();
}

std::vector<PartChange> keep_versions(pqxx::work& tx, std::string const& district, std::int64_t version,
                                      WriteOptions const& options) {
  std::vector<PartChange> changes;
  for (auto const part : kParts) {
    bool const with_catalogue = (part == "closing" || part == "crossmap") && wanted(options, "catalogue");
    if (!wanted(options, part) && !with_catalogue) continue;
    PartChange change{std::string(part)};
    for (auto const& row : tx.exec_params(queries::standing_version_diff.sql, district, change.part)) {
      RowChange one{row[0].c_str(), row[1].c_str(), row[2].c_str(), row[3].c_str()};
      ++(one.change == "added" ? change.added : one.change == "removed" ? change.removed : change.changed);
      if (change.rows.size() < kRowsShown) change.rows.push_back(std::move(one));
    }
    if (change.added + change.changed + change.removed == 0) continue;
    tx.exec_params(queries::standing_version_keep.sql, district, change.part, version, options.by, options.note);
    changes.push_back(std::move(change));
  }
  return changes;
}

}  // namespace

namespace {
// The catalogue is told by three parts.
std::string parts_of(std::string const& part) { return part == "catalogue" ? "catalogue closing crossmap" : part; }

PartStands stands(pqxx::transaction_base& tx, std::string const& district, std::string const& part) {
  PartStands out;
  for (auto const& row : tx.exec_params(queries::standing_version_stands.sql, district, parts_of(part)))
    out = {row[0].as<std::int64_t>(), row[1].c_str(), row[2].c_str(), row[3].c_str()};
  return out;
}
}  // namespace

PartStands part_stands(std::string const& url, std::string const& district, std::string const& part) {
  try {
    pqxx::connection connection(url);
    pqxx::nontransaction tx(connection);
    return stands(tx, district, part);
  } catch (pqxx::failure const& error) {
    throw Broken(error.what());
  }
}

Written write(std::string const& url, StandingSet const& set, WriteOptions const& given) {
  auto options = given;
  if (!options.parts.empty() && wanted(options, "bodies") && !wanted(options, "rules")) options.parts.emplace_back("rules");
  try {
    pqxx::connection connection(url);
    pqxx::work tx(connection);
    Written written;
    written.version = options.parts.empty()
                          ? put_district(tx, set, options.fingerprint)
                          : tx.exec_params1(queries::district_raise.sql, set.district)[0].as<std::int64_t>();
    // The district's row is locked by now: whoever else changes a part waits, and then finds the newer version here.
    if (options.expect) {
      if (auto found = stands(tx, set.district, options.parts.front()); found.version != *options.expect) throw StalePart(std::move(found));
    }
    // A whole load takes communities away, and their grids with them: the grids go to the past before that.
    bool const whole = options.parts.empty();
    if (whole) tx.exec_params(queries::cell_past_retire.sql, set.district, written.version);
    for (auto writer = std::rbegin(kWriters); writer != std::rend(kWriters); ++writer) {
      if (writer->part != "policy" && wanted(options, writer->part)) tx.exec_params(queries::district_clear_part.sql, set.district, std::string(writer->part));
    }
    for (auto const& writer : kWriters) {
      if (wanted(options, writer.part)) writer.copy(tx, set);
    }
    if (wanted(options, "grids")) replace_grids(tx, set, written.version, whole, options.progress);
    if (options.check_grids && wanted(options, "grids")) check_grids(tx, set.district, options.allow_gaps);
    for (std::string const part : {"evaluation", "settlement"}) {
      if (wanted(options, part)) refuse_sealed(tx, set.district, part);
    }
    written.changes = keep_versions(tx, set.district, written.version, options);
    if (!options.dry_run) tx.commit();
    return written;
  } catch (pqxx::failure const& error) {
    throw Broken(error.what());
  }
}

std::int64_t write(std::string const& url, StandingSet const& set, std::string const& fingerprint,
                   Progress const& progress) {
  WriteOptions options;
  options.fingerprint = fingerprint;
  options.progress = progress;
  return write(url, set, options).version;
}

}  // namespace wangge::storage::standing
