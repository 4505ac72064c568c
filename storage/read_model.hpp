// What people read: lists, case pages, tables, reports. Never writes. Scope is in the SQL: a row outside the caller's
// district, street, unit or squad is not found. JSON comes ready from PostgreSQL where no language or caller decides.
#pragma once

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dispatcher/core/decide.hpp"
#include "dispatcher/core/indicators.hpp"
#include "dispatcher/core/month.hpp"
#include "dispatcher/core/suspicion.hpp"
#include "dispatcher/core/switches.hpp"
#include "storage/store.hpp"

namespace wangge::storage {

struct Page {
  std::string items;        // JSON array text
  std::string next_cursor;  // "" = no more
};

// The numbers of a campaign (queries/campaign/report.sql); each opens into its cases.
inline constexpr std::array<std::string_view, 6> kCampaignFields{"reported", "filed", "dispatched", "handed_over", "handed_over_on_time", "closed"};
struct CaseFilter {
  std::string state, stage, street, grid, category, unit, squad, light, source, text, month, due_before, bbox, sort, cursor;
  std::string campaign, campaign_field;  // of a campaign's cases, those that one of its numbers counts: kCampaignFields
  std::string closure_month, closure_from, closure_to, closure_by, closure_key, closure_field, closure_campaign, indicator, as_of;  // the cases behind a number
  bool open_only = false;
  int limit = 50;
};

struct TaskPush {  // one undelivered outbox row
  std::string outbox_id, task_id, squad, holder, json;
  std::int64_t epoch = 0;
  bool withdrawn = false;
  std::string district;
  std::string desk;  // the unit whose desk has it, where neither a squad nor a person does (an assisting task, RULINGS 14)
};

// Bad filter value: names the parameter. The door answers 422.
struct BadFilter : std::runtime_error {
  BadFilter(std::string f, std::string why) : std::runtime_error(why), field(std::move(f)) {}
  std::string field;
};

// The closure table (CONTRACT 7). rates: percent, two decimals, half up, as integer hundredths; nullopt shows as –.
struct ClosureRow {
  std::string key, name;
  std::int64_t filed = 0, dispatched = 0, due = 0, carried_over = 0, closed = 0, closed_on_time = 0, reworked = 0, extended = 0,
               awaiting_check = 0, in_enforcement = 0, open_at_end = 0;
  std::string parent{};  // in a tree: the row above, which counts this one too
  int level = 0;
};
inline constexpr std::array<std::string_view, 11> kClosureBy{"district", "street", "unit", "squad", "class", "source", "community", "grid", "category",
                                                             "region_tree", "unit_tree"};
// The counted columns in the order of the table; names as in CONTRACT 7.
struct ClosureColumn {
  std::string_view id;
  std::int64_t ClosureRow::*count;
};
inline constexpr std::array<ClosureColumn, 11> kClosureColumns{{
    {"filed", &ClosureRow::filed}, {"dispatched", &ClosureRow::dispatched}, {"due", &ClosureRow::due}, {"carried_over", &ClosureRow::carried_over},
    {"closed", &ClosureRow::closed}, {"closed_on_time", &ClosureRow::closed_on_time}, {"reworked", &ClosureRow::reworked},
    {"extended", &ClosureRow::extended}, {"awaiting_check", &ClosureRow::awaiting_check}, {"in_enforcement", &ClosureRow::in_enforcement},
    {"open_at_end", &ClosureRow::open_at_end}}};
// How final a month's figures are (core/month.hpp).
struct MonthState {
  std::string month;  // 2026-10
  core::MonthStage stage = core::MonthStage::running;
  core::Instant cut_off{}, appeals_until{};
  std::optional<core::Instant> sealed_at;
  std::string sealed_by, digest, signature;
  bool final() const { return stage == core::MonthStage::sealed; }
};
struct ClosureTable {
  std::string by, period_zh, period_en, month;
  core::Instant from{}, to{}, as_of{};
  std::chrono::minutes utc_offset{480};  // the district's: days and times on the report are its own
  std::vector<ClosureRow> rows;
  ClosureRow total;
  bool from_rollup = false;
  std::vector<core::NamedSwitch> switches;  // the city's, as of T, that these figures depend on
  std::optional<MonthState> state;  // of a whole month
  std::string campaign;             // whose figures; "": the district's own
};
// The indicators of a period (core/indicators.hpp): counts by row; rates are divided by whoever shows them.
struct IndicatorRow {
  std::string key, name;
  core::Counts counts;  // what this grouping cannot know is not there
  std::string parent{};  // in a tree: the row above, and how deep
  int level = 0;
};
struct IndicatorTable {
  std::string by, label;
  core::Instant from{}, to{}, as_of{};
  std::chrono::minutes utc_offset{480};
  std::vector<IndicatorRow> rows;
  IndicatorRow total;
  std::vector<core::NamedSwitch> switches;  // as of T, that these figures depend on
  std::optional<MonthState> state;
  std::string campaign;
};
inline constexpr std::array<std::string_view, 10> kIndicatorBy{"district", "street", "grid", "unit", "squad",
                                                               "post", "person", "class", "category", "source"};
// Trees beside them: a row holds what lies below it, each case once. (Not in kIndicatorBy: a seal lists what stands there.)
inline constexpr std::array<std::string_view, 2> kTrees{"region_tree", "unit_tree"};
bool is_tree(std::string_view by);
bool groups_indicators(std::string_view by);
enum class Period { day, week, month, quarter, year };
struct ClosureRequest {
  core::Principal who;  // scope
  std::string by = "unit";
  core::Instant from{}, to{};  // half-open, from the district's local days
  core::Instant as_of{};       // T
  core::Instant previous_as_of{};  // T of the period before (what it left awaiting)
  std::string lang = "zh";
  // as_of was not asked for: it is now, and moves on when something happens before the answer. The table says what it became.
  bool live = false;
  bool from_spans = false;  // computed from cases and spans even where the rollup could answer: the reference
  std::string campaign;     // its cases alone; "": the district's own figures, without campaigns counted apart; "*": everything
};
// How long a read may wait; then it ends in Broken, whatever the database is doing.
struct Patience {
  std::chrono::milliseconds lease{2000};   // for a connection of the pool
  std::chrono::milliseconds read{5000};    // a case, a list
  std::chrono::milliseconds heavy{17000};  // tables and sweeps; just behind the server's own limit
  std::chrono::milliseconds pause{500};    // after one waited in vain, the next one tries
};
// For somebody who asked at a terminal and waits: a large month takes its minutes, and the server's own limit is lifted.
inline constexpr Patience kUnhurried{std::chrono::seconds{2}, std::chrono::minutes{10}, std::chrono::minutes{30}, std::chrono::milliseconds{500}};

class ReadModel {
 public:
  // A small pool of connections, each query on one of them; throws Broken when the database is away or stands still.
  explicit ReadModel(std::string const& database_url, int connections = 3, Patience patience = {});
  ~ReadModel();
  struct Delivery {  // of an open task: does a device have it, was the operator alarmed that none had
    bool received = false, escalated = false;
  };
  struct CaseView {
    core::Case row;
    std::vector<core::Task> open_tasks;
    std::map<std::string, Delivery> deliveries;  // by task_id
    std::string reporter_name, reporter_phone, extras;
  };
  std::optional<CaseView> find_case(core::Principal const& who, std::string const& case_no);
  struct CaseAsked {
    core::Principal who;
    std::string case_no;
  };
  // Several at once, in one query: for each whether he may see it, and how it stands.
  std::vector<std::optional<CaseView>> find_cases(std::vector<CaseAsked> const& asked);
  Page list_cases(core::Principal const& who, CaseFilter const& filter);
  // The open cases that a filter leaves, by light: {"all", "green", "yellow", "red"}.
  std::string light_counts(core::Principal const& who, CaseFilter const& filter);
  // Queue counts by state and light, JSON object, for the console's tabs.
  std::string case_counts(core::Principal const& who);
  // The timeline, oldest first. Here and below: a page of `limit` rows behind `cursor` ("" = from the beginning).
  Page history(std::string const& district, std::string const& case_no, std::string const& cursor, int limit);
  // The case as that version left it, from its history; nullopt when there is no such version.
  std::optional<core::Case> case_at(std::string const& district, std::string const& case_no, std::int64_t version);
  // What decides who sees each of these cases; unknown ones are left out.
  struct CaseScope {
    core::Case row;  // district, number, street, unit, squad and reporter only
    std::vector<std::string> holders;  // of its open tasks
  };
  std::vector<CaseScope> scopes_of(std::string const& district, std::vector<std::string> const& case_nos);
  struct ReportView {
    std::string report_id, case_no, case_state, principal;
    bool place_unusable = false;
  };
  std::optional<ReportView> find_report(std::string const& district, std::string const& report_id);
  std::optional<KeyRow> find_key(std::string const& district, std::string const& principal, std::string const& key);
  // Open tasks of a caller (squad, or holder by name), the task objects of CONTRACT 6, the most urgent first.
  Page tasks(core::Principal const& who, std::string const& cursor, int limit);
  // Every undelivered task of every squad, newest first: one query a gateway. Of outbox rows `told` before, only the id.
  std::vector<TaskPush> pending_pushes(int limit, std::vector<std::string> const& told = {});
  std::vector<TaskPush> unreceived_of(core::Principal const& who);  // for a fresh connection
  // What clocks that ran out told the caller's role, the newest first; `all`: also what was taken up or is over.
  Page escalations(core::Principal const& who, bool all, std::string const& cursor, int limit);
  // Suspicious patterns among the checks and reports of a period (RULINGS 13), the strongest first.
  std::vector<core::Suspicion> suspicions(std::string const& district, core::Instant from, core::Instant to);
  // The standing data of a district, kept until its version rises.
  std::shared_ptr<core::City const> city(std::string const& district);
  // A case's history as the core reads it, oldest first.
  std::vector<core::HistoryRow> rows_of(std::string const& district, std::string const& case_no);
  bool may_read_media(core::Principal const& who, std::string const& media_id);
  // Which of these media ids does any case name? (sweeping)
  std::vector<std::string> media_named(std::vector<std::string> const& ids);
  Page grids(std::string const& district, std::string const& cursor, int limit);
  Page components(std::string const& district, std::string const& cursor, int limit);
  Page units(std::string const& district, std::string const& cursor, int limit);
  Page squads(std::string const& district, std::string const& cursor, int limit);
  Page catalogue(std::string const& district, std::string const& cursor, int limit);

  // The center's own calendar of this district (policy.calendar): the closure table is read 3 of its working days after
  // the period's end, and its local days bound the period.
  core::Calendar calendar(std::string const& district);
  ClosureTable closure(ClosureRequest const& request);
  // Its rows by every grouping that the rollup keeps, computed from cases and spans in one pass: the reference. Without names.
  std::map<std::string, std::vector<ClosureRow>> closures_from_spans(ClosureRequest const& request);
  // One of kIndicatorBy; marks up to T. Throws BadFilter("by").
  IndicatorTable indicators(ClosureRequest const& request);
  // Of the month that begins on `first`, at this moment.
  MonthState month_state(std::string const& district, core::LocalDay first);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

std::optional<std::int64_t> rate_hundredths(std::int64_t part, std::int64_t whole);  // half up
// `before`, `year_ago`: the same of the period before and of a year ago, or null.
// Does this grouping ask who did it (a body or a person), not where or what it was?
bool is_body(std::string_view by);
std::string indicators_json(IndicatorTable const&, IndicatorTable const* before, IndicatorTable const* year_ago, std::string const& lang);
std::string indicators_csv(IndicatorTable const&, std::string const& lang);
void indicators_xlsx(IndicatorTable const&, IndicatorTable const* before, IndicatorTable const* year_ago, std::string const& file, std::string const& lang);
std::string closure_json(ClosureTable const&, std::string const& month, std::string const& lang, ClosureTable const* before = nullptr,
                         ClosureTable const* year_ago = nullptr);
std::string closure_csv(ClosureTable const&, std::string const& lang);   // UTF-8 BOM, formula-safe
std::string closure_tsv(ClosureTable const&);  // for scripts: the field names, the counts, then the rates; an empty one is null
std::string closure_text(ClosureTable const&, std::string const& lang);  // aligned columns, CJK width
void closure_xlsx(ClosureTable const&, std::string const& file, std::string const& lang, ClosureTable const* before = nullptr,
                  ClosureTable const* year_ago = nullptr);

}  // namespace wangge::storage
