// Standing data of one district as plain rows: what `wangge load` reads from files and writes in one transaction, and
// what tokens and accounts are made of. No pqxx here, so that deploy/ may include it; readers stand in standing.hpp.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "dispatcher/core/city.hpp"
#include "storage/logins.hpp"
#include "storage/store.hpp"

namespace wangge::storage::standing {

using Progress = std::function<void(std::string_view what, std::uint64_t done, std::uint64_t total)>;

struct CalendarRow {
  std::string key;
  std::vector<core::Session> sessions;
  core::LocalDay first{}, last{};
  std::map<core::LocalDay, bool> days;  // overrides: true works, false rests
  core::Calendar::Seasons seasons;      // other sessions from that day on
  std::map<core::LocalDay, std::string> notes;  // why a day differs: the holiday, the document
};

struct StreetRow {
  std::string code, zh, en;  // 9 digits: district 6 + street 3
};

struct CommunityRow {
  std::string code, street, zh, en;  // 12 digits: street 9 + community 3
};

struct CellRow {
  storage::CellShape shape;   // grid: 15 digits, community 12 + sequence 3
  std::string exchange_code;  // the code sent upward where the district's own is not in GB/T 2260 (RULINGS 21)
  double area_m2 = 0;
  std::string area_level;           // which limits column applies; empty = the only one
  std::string first_day, last_day;  // ISO dates; last_day empty = still valid
};

struct ComponentRow {
  std::string component_id;  // district 6 + category 5 + sequence 6
  std::string standard, code;
  std::string zh, en;
  std::string maintainer, owner, supervisor;
  double lon = 0, lat = 0;
  // The further attributes of GB/T 47678.5 table 2; dates are ISO, empty where the city has none.
  std::string maintainer_name, owner_name, supervisor_name;
  std::string grid, street, community, state, initial_date, changed_date, data_source, remark;
  // As the file gave the point, before it became CGCS2000: "" = it was.
  std::string crs;
  std::optional<double> source_x, source_y;
};

struct CatalogueRow : core::CatalogueEntry {
  std::optional<core::Instant> valid_from;  // kept; never refuses (CONTRACT 4)
};

// The parts of a city's standing data that are versioned; `part` of the table standing_version.
inline constexpr std::array<std::string_view, 18> kParts{"policy", "calendars", "catalogue", "closing", "crossmap",  "rules", "responsibility",
                                                         "bodies",    "shifts",  "duty",      "areas", "campaigns",
                                                         "plans",     "managed", "grids",     "components", "evaluation", "settlement"};
// A table of a part as files bring it and pages edit it: name without ending, the head, the rows.
struct PartTable {
  std::string name;
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};
// Texts only (a code keeps its zeros), the head in the first row, one sheet a table: what `load` reads back. Throws
// std::runtime_error when the file cannot be written.
void write_tables(std::vector<PartTable> const& tables, std::string const& file);
// Where a part stands: who changed it last, when (RFC 3339) and why. Version 0: it was never changed.
struct PartStands {
  std::int64_t version = 0;
  std::string at, by, note;
};

// Everything of one district. Written whole: what the set does not name any more is gone afterwards.
struct StandingSet {
  std::string district, zh, en, exchange_code;
  std::int32_t utc_offset_minutes = 480;
  core::Policy policy;
  std::vector<CalendarRow> calendars;
  std::vector<std::string> calendar_names;  // of a set read back for one part, which brings no calendars
  std::vector<core::Unit> units;
  std::vector<core::Squad> squads;
  std::vector<core::DutyLine> duty;
  std::vector<CatalogueRow> catalogue;
  std::vector<std::string> closing_conditions;
  std::map<std::string, core::ClosingName, std::less<>> closing_names;
  std::vector<core::CrossMap> cross_map;
  std::vector<core::RouteRule> routes;
  std::vector<core::Responsibility> responsibilities;
  std::vector<core::SquadShift> shifts;
  std::vector<core::Absence> absences;
  std::vector<core::Area> areas;
  std::vector<core::Campaign> campaigns;
  std::vector<core::Plan> plans;  // without their switches, which no load touches
  std::vector<core::ManagedPlace> managed;
  std::vector<core::Scheme> schemes;
  std::vector<core::Tariff> tariffs;
  std::vector<StreetRow> streets;
  std::vector<CommunityRow> communities;
  std::vector<CellRow> cells;
  std::vector<ComponentRow> components;

  core::City city() const;  // finish() called; version 0
};

struct RowChange {
  std::string key, change;  // added | changed | removed
  std::string was, is;      // JSON text; "" where there is none
};
struct PartChange {
  std::string part;
  std::int64_t added = 0, changed = 0, removed = 0;
  std::vector<RowChange> rows;  // the first kRowsShown
};
inline constexpr std::size_t kRowsShown = 200;

// Grids that cannot be: self_crossing, overlap, gap, reused. detail: PostGIS' reason, square metres, or the day it was retired.
struct GridFault {
  std::string fault, grid, other, detail;
};
struct BadGrids : std::runtime_error {
  explicit BadGrids(std::vector<GridFault> f) : std::runtime_error("the grids are refused"), faults(std::move(f)) {}
  std::vector<GridFault> faults;
};

// A scheme or a tariff that speaks for a sealed month stays as it is.
struct SealedPart : std::runtime_error {
  using runtime_error::runtime_error;
};

// Somebody was quicker: the part is no longer as it was when the change was begun.
struct StalePart : std::runtime_error {
  explicit StalePart(PartStands s) : std::runtime_error("the part was changed meanwhile"), stands(std::move(s)) {}
  PartStands stands;
};

struct WriteOptions {
  std::string fingerprint;  // names what was loaded, so that loading the same again can be skipped
  Progress progress;
  std::vector<std::string> parts;  // only these of the set are written (none of places, district), rules with bodies, on which they hang; empty: all
  std::optional<std::int64_t> expect;  // refused (StalePart) unless the first of `parts` still stands at this version
  std::string by, note;            // kept with the new versions
  bool dry_run = false;            // everything is done and then undone: what is told is exactly what would be
  bool check_grids = false, allow_gaps = false;
};
struct Written {
  std::int64_t version = 0;
  std::vector<PartChange> changes;  // of parts that changed
};
// The newest version of a part (the catalogue with its closing codes and its map).
PartStands part_stands(std::string const& url, std::string const& district, std::string const& part);
// Open cases whose deadline another calendar or another calendar of their unit would move (RULINGS 6): how many, and the first ones.
struct MovedDeadline {
  std::string case_no, unit;
  core::Instant before{}, after{};
};
struct MovedDeadlines {
  std::int64_t open = 0, moved = 0;
  std::vector<MovedDeadline> first;  // the first kMovedShown by their deadline
};
inline constexpr std::size_t kMovedShown = 50;
MovedDeadlines moved_deadlines(std::string const& url, core::City const& city);
// Writes the set in one transaction, keeps a version of each part that changed and raises the city's version. Throws Broken
// when the database refuses, BadGrids when the grids do, SealedPart where a sealed month would say something else; then nothing
// was changed.
Written write(std::string const& url, StandingSet const& set, WriteOptions const& options);
// The same without questions; returns the new version.
std::int64_t write(std::string const& url, StandingSet const& set, std::string const& fingerprint = "",
                   Progress const& progress = {});

// The set as it stands in the database, cells and components without their shapes and only when asked for. Throws Broken.
StandingSet load_set(std::string const& url, std::string const& district);
std::vector<std::string> districts_of(std::string const& url);

// Emergency plans are switched by a named person with a reason. False: it was so already. Throws Broken.
bool switch_plan(std::string const& url, std::string const& district, std::string const& plan, bool on, std::string const& by,
                 std::string const& reason);
// 0 when the district is not loaded.
std::int64_t version_of(std::string const& url, std::string const& district);
std::string fingerprint_of(std::string const& url, std::string const& district);

struct TokenWrite {
  std::string sha256;  // 32 raw bytes
  core::Principal who;
  core::Instant expires_at{};
};
// Adds tokens; one with a known hash only lives longer, and a revoked one stays revoked. Raises the token version when
// something changed; returns how many did.
std::int64_t add_tokens(std::string const& url, std::vector<TokenWrite> const& tokens);
// Revokes every token of that name in the district; returns how many.
std::int64_t revoke_tokens(std::string const& url, std::string const& district, std::string const& name);

// Says which part of the scope is not loaded ("no such squad"), or nothing.
std::string scope_error(std::string const& url, core::Principal const& who);

struct AccountWrite {
  core::Principal who;        // name, role, district, street, unit, squad
  std::string password_hash;  // argon2id, as libsodium writes it
  bool must_change = false;   // at the first sign-in
};
using storage::RoleClash;
// Adds or changes accounts. Throws RoleClash when the name already holds a role that may not go together with it.
std::int64_t put_accounts(std::string const& url, std::vector<AccountWrite> const& accounts);

// The same, but an account that is there stays as it is; returns how many are new.
std::int64_t add_accounts(std::string const& url, std::vector<AccountWrite> const& accounts);

struct AccountRow {
  core::Principal who;
  std::string password_hash;
};
std::vector<AccountRow> accounts_of(std::string const& url, std::string const& district, std::string const& name);

std::string policy_json(core::Policy const& policy);  // as it is kept

}  // namespace wangge::storage::standing
