// report indicators, recompute: the figures of evaluation, and whether they still stand.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <iostream>
#include <map>
#include <tuple>

#include "deploy/commands/figures.hpp"
#include "deploy/output.hpp"
#include "storage/lists.hpp"
#include "storage/publish/publisher.hpp"

namespace wangge::deploy {
namespace {

void tell(std::string const& text) {
  spdlog::info("{}", text);
}

Listing indicator_table(storage::IndicatorTable const& t, std::string const& lang) {
  Listing table{{"key", "name"}, {}, {}};
  for (auto const& i : core::indicators()) table.names.emplace_back(i.id);
  if (lang == "zh") {
    table.titles = {"代码", "名称"};
    for (auto const& i : core::indicators()) table.titles.push_back(std::string(i.zh) + std::string(i.unit));
  }
  auto const line = [&](storage::IndicatorRow const& row) {
    auto& cells = table.rows.emplace_back();
    cells = {row.key, row.name};
    for (auto const& i : core::indicators()) {
      auto const value = core::value_of(i, row.counts);
      cells.push_back(!value || !core::is_count(i) ? points_text(value) : std::to_string(*value));
    }
  };
  for (auto const& row : t.rows) line(row);
  line(t.total);
  return table;
}

int run_indicators(Context& c, FigureFlags const& f) {
  Figures figures(c, f, tell);
  auto const table = figures.reads.indicators(figures.request);
  auto const other = [&](console::PeriodRead const& p) {
    return figures.reads.indicators(figures.request_of(p, f, c.lang));
  };
  auto const format = !f.format.empty() ? f.format : c.json ? "json" : isatty(STDOUT_FILENO) ? "table" : "tsv";
  if (format == "xlsx" && f.file.empty()) throw UsageError("--format xlsx wants -o FILE");
  if (format == "table" || format == "tsv") {
    print(indicator_table(table, c.lang), format == "table" ? Style::table : Style::tsv, std::cout);
    return kOk;
  }
  if (format == "csv") {
    auto const text = storage::indicators_csv(table, c.lang);
    f.file.empty() ? void(std::cout << text) : write_file(std::filesystem::absolute(f.file), text, 0644);
    return kOk;
  }
  auto const before = other(console::period_before(figures.period, figures.calendar)),
             year_ago = other(console::year_before(figures.period, figures.calendar));
  if (format == "xlsx") {
    storage::indicators_xlsx(table, &before, &year_ago, f.file, c.lang);
    return kOk;
  }
  auto const text = storage::indicators_json(table, &before, &year_ago, c.lang) + "\n";
  f.file.empty() ? void(std::cout << text) : write_file(std::filesystem::absolute(f.file), text, 0644);
  return kOk;
}

// Scores and settlement ask for the same tables again and again: each is counted once.
class Remembering : public storage::Publisher {
 public:
  using Publisher::Publisher;
  storage::IndicatorTable indicators(storage::ClosureRequest const& r) override {
    auto const key = std::tuple(r.by, r.from, r.to, r.as_of);
    auto const known = tables_.find(key);
    return known != tables_.end() ? known->second : tables_.emplace(key, Publisher::indicators(r)).first->second;
  }

 private:
  std::map<std::tuple<std::string, core::Instant, core::Instant, core::Instant>, storage::IndicatorTable> tables_;
};

int run_recompute(Context& c, FigureFlags const& f) {
  Figures figures(c, f, tell);
  storage::HistoryCheck history;
  if (!f.rollup_only)
    history =
        storage::check_histories(figures.database.url(), figures.district,
                                 {figures.period.from, figures.period.to, figures.period.as_of}, f.rebuild);
  if (f.rebuild) {
    auto const done = storage::rebuild_figures(figures.database.url(), figures.district, figures_now(), [](std::int64_t cases) {
      if (cases % 100'000 == 0) tell(std::to_string(cases) + " cases");
    });
    if (!done.usable) tell("the calendar reads a month after the next one's end: tables are computed from spans");
  }
  if (f.rebuild) {
    std::chrono::year_month_day const first{figures.calendar.local_day(figures.period.from)};
    auto const month = int(first.year()) * 12 + int(unsigned(first.month())) - 1;
    if (auto const listed = storage::list_month(figures.database.url(), figures.district, month, figures_now()))
      tell("the lists behind the month's numbers: " + std::to_string(listed->cases) + " cases in " + std::to_string(listed->sets) + " sets");
  }
  auto const check = storage::check_figures(figures.reads, figures.request);
  if (history.repaired != 0) tell("the marks of " + std::to_string(history.repaired) + " cases were put right");
  // Scores and settlement follow from the marks that the replay has just confirmed; their digits by themselves.
  Remembering publisher(figures.database.url(), 1, storage::kUnhurried);
  auto const judged = storage::judged_content(publisher, figures.request);
  tell("scores and settlement: " + std::to_string(std::count(judged.begin(), judged.end(), '\n')) + " lines, digest " + storage::sha256_hex(judged));
  tell(std::to_string(history.cases) + " cases and " + std::to_string(history.marks) + " marks replayed, " + std::to_string(check.tables) + " tables, " +
       std::to_string(check.numbers) + " numbers, " +
       std::to_string(history.findings.size() + check.differences.size()) + " differences");
  Listing table{{"what"}, {}, {}};
  for (auto const* list : {&std::as_const(history).findings, &check.differences}) {
    for (auto const& line : *list) table.rows.push_back({line});
  }
  if (!table.rows.empty() || c.json) print(table, style_for_stdout(c.json), std::cout);
  return table.rows.empty() ? kOk : kDamaged;
}

}  // namespace

void add_figures(CLI::App& report, Context& c) {
  auto const f = std::make_shared<FigureFlags>();
  auto const add = [&](char const* name, char const* help, FigureRun run) { return add_figure_command(report, c, f, name, help, run); };
  auto* indicators =
      add("indicators", "The indicators of a month, or of another period, beside the period before and a year ago",
          run_indicators);
  add_period_options(indicators, *f);
  indicators
      ->add_option("--by", f->by,
                   "region, district, street, grid, unit, squad, post, person, class, category, source, region_tree or unit_tree")
      ->capture_default_str();
  indicators->add_option("--campaign", f->campaign, "The figures of this campaign alone (its key); without it those counted apart are left out");
  indicators->add_option("--format", f->format, "table, tsv, json, csv or xlsx")
      ->check(CLI::IsMember({"table", "tsv", "json", "csv", "xlsx"}));
  indicators->add_option("-o,--output", f->file, "Write to this file");
  auto* recompute =
      add("recompute", "Count a month again from history, and compare (exit code 4: something differs)", run_recompute);
  recompute->add_flag("--rebuild", f->rebuild, "Put right what the month's rows are counted as, and build the rollup of every month anew, before comparing");
  recompute->add_flag("--rollup-only", f->rollup_only, "Compare the rollup with the spans, and replay no history");
}

}  // namespace wangge::deploy
