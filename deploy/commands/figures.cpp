// report indicators, evaluation, recompute, seal, verify: the figures of evaluation, and whether they still stand.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <toml++/toml.h>

#include <algorithm>
#include <iostream>
#include <sstream>

#include "deploy/anchor.hpp"
#include "deploy/commands/commands.hpp"
#include "deploy/database.hpp"
#include "deploy/errors.hpp"
#include "deploy/output.hpp"
#include "dispatcher/core/evaluation.hpp"
#include "gateways/console/period.hpp"
#include "storage/figures.hpp"

namespace wangge::deploy {
namespace {

using storage::ClosureRequest;
using storage::ReadModel;

void tell(std::string const& text) {
  spdlog::info("{}", text);
}
core::Instant now() {
  return std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
}

struct Flags {
  std::string month, by = "unit", format, file, district, from, to, period, as_of, who = "cli", scheme = "department";
  bool rebuild = false, rollup_only = false;
};

// The figures of a district in one period, and where they come from.
struct Figures {
  Figures(Context& c, Flags const& f)
      : database(c.settings, c.layout, tell),
        district(only_district(database.url(), f.district)),
        reads(database.url(), 1) {
    calendar = reads.calendar(district);
    auto const read = console::read_period({f.month, f.from, f.to, f.period, f.as_of}, calendar, now());
    if (auto const* bad = std::get_if<console::BadPeriod>(&read))
      throw UsageError("--" + bad->field + " cannot be read");
    period = std::get<console::PeriodRead>(read);
    request = request_of(period, f, c.lang);
  }
  ClosureRequest request_of(console::PeriodRead const& p, Flags const& f, std::string const& lang) const {
    return {reader_of(district), f.by == "region" ? "street" : f.by, p.from, p.to, p.as_of, p.previous_as_of, lang,
            f.as_of.empty()};
  }
  Database database;
  std::string district;
  ReadModel reads;
  core::Calendar calendar;
  console::PeriodRead period;
  ClosureRequest request;
};

// Only a whole month, read at its T, can be sealed.
bool is_over(Figures const& figures) {
  return figures.calendar.end_of_working_day_after(figures.calendar.local_day(figures.period.to) - core::Days{1},
                                                   storage::kWorkingDaysToRead) <= now();
}

std::string points_text(std::optional<std::int64_t> const& hundredths) {
  if (!hundredths) return "–";
  auto const size = std::abs(*hundredths);
  auto const rest = std::to_string(size % 100);
  return (*hundredths < 0 ? "-" : "") + std::to_string(size / 100) + "." + std::string(2 - rest.size(), '0') + rest;
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

int run_indicators(Context& c, Flags const& f) {
  Figures figures(c, f);
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

// ---- evaluation

core::SchemePart::Kind kind_from(std::string const& word) {
  if (word == "rate") return core::SchemePart::Kind::rate;
  if (word == "inverse") return core::SchemePart::Kind::inverse;
  if (word == "bands") return core::SchemePart::Kind::bands;
  throw UsageError("a part's kind is rate, inverse or bands, not " + word);
}

// A city's own scheme: id, zh, en, by; [[part]] indicator, weight, kind, bands; [[deduction]] indicator, points, free.
core::Scheme scheme_from_file(std::string const& file) {
  try {
    auto const read = toml::parse_file(file);
    core::Scheme scheme;
    scheme.id = read["id"].value_or(std::string(file));
    scheme.zh = read["zh"].value_or(scheme.id);
    scheme.en = read["en"].value_or(scheme.id);
    scheme.by = read["by"].value_or(std::string("unit"));
    if (auto const* parts = read["part"].as_array()) {
      for (auto const& node : *parts) {
        auto const& t = *node.as_table();
        core::SchemePart part{t["indicator"].value_or(std::string()), t["weight"].value_or(std::int64_t{0}),
                              kind_from(t["kind"].value_or(std::string("rate")))};
        if (auto const* bands = t["bands"].as_array()) {
          for (auto const& band : *bands) {
            auto const* pair = band.as_array();
            if (pair == nullptr || pair->size() != 2) throw UsageError(file + ": a band is [from, points]");
            part.bands.emplace_back((*pair)[0].value_or(std::int64_t{0}), (*pair)[1].value_or(std::int64_t{0}));
          }
        }
        scheme.parts.push_back(std::move(part));
      }
    }
    if (auto const* deductions = read["deduction"].as_array()) {
      for (auto const& node : *deductions) {
        auto const& t = *node.as_table();
        auto const hundredths = static_cast<std::int64_t>(t["points"].value_or(0.0) * 100 + 0.5);
        scheme.deductions.push_back(
            {t["indicator"].value_or(std::string()), hundredths, t["free"].value_or(std::int64_t{0})});
      }
    }
    return scheme;
  } catch (toml::parse_error const& e) {
    throw UsageError(file + ", line " + std::to_string(e.source().begin.line) + ": " + std::string(e.description()));
  }
}

core::Scheme find_scheme(std::string const& wanted) {
  std::string known;
  for (auto const& scheme : core::standard_schemes()) {
    if (scheme.id == wanted) return scheme;
    known += " " + scheme.id;
  }
  if (wanted.find('.') == std::string::npos)
    throw UsageError("there is no scheme " + wanted + "; give a file, or one of:" + known);
  return scheme_from_file(wanted);
}

int run_evaluation(Context& c, Flags const& f) {
  auto const scheme = find_scheme(f.scheme);
  if (auto const fault = core::fault_of(scheme); !fault.empty()) throw UsageError(fault);
  Flags by = f;
  by.by = scheme.by;
  Figures figures(c, by);
  bool const zh = c.lang == "zh";
  Listing table{{"key", "name"}, {}, {}};
  if (zh) table.titles = {"代码", "名称"};
  for (auto const& part : scheme.parts) {
    table.names.push_back(part.indicator);
    if (zh)
      table.titles.push_back(std::string(core::find_indicator(part.indicator)->zh) + "×" + std::to_string(part.weight) +
                             "%");
  }
  for (auto const* name : {"deducted", "score", "grade"}) table.names.emplace_back(name);
  if (zh) table.titles.insert(table.titles.end(), {"扣分", "得分", "等级"});
  for (auto const& row : figures.reads.indicators(figures.request).rows) {
    auto const score = core::score_of(scheme, row.counts);
    auto& cells = table.rows.emplace_back();
    cells = {row.key, row.name};
    for (auto const& part : score.parts) cells.push_back(points_text(part));
    cells.insert(cells.end(), {points_text(score.deducted), points_text(score.total), std::string(1, score.grade)});
  }
  print(table, style_for_stdout(c.json), std::cout);
  return kOk;
}

int run_recompute(Context& c, Flags const& f) {
  Figures figures(c, f);
  storage::HistoryCheck history;
  if (!f.rollup_only)
    history =
        storage::check_histories(figures.database.url(), figures.district,
                                 {figures.period.from, figures.period.to, figures.period.as_of}, f.rebuild);
  if (f.rebuild) {
    auto const done = storage::rebuild_figures(figures.database.url(), figures.district, now(), [](std::int64_t cases) {
      if (cases % 100'000 == 0) tell(std::to_string(cases) + " cases");
    });
    if (!done.usable) tell("the calendar reads a month after the next one's end: tables are computed from spans");
  }
  auto const check = storage::check_figures(figures.reads, figures.request);
  if (history.repaired != 0) tell("the marks of " + std::to_string(history.repaired) + " cases were put right");
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

std::string signed_text(std::string const& district, std::string const& month, std::string const& digest) {
  return "wangge month seal 1\n" + district + " " + month + " " + digest + "\n";
}

int run_seal(Context& c, Flags const& f) {
  if (f.month.empty()) throw UsageError("--month says which");
  Figures figures(c, f);
  if (!is_over(figures))
    throw UsageError(f.month + " still runs: it is sealed after the third working day behind its end");
  if (storage::find_seal(figures.database.url(), figures.district, f.month))
    throw Failure(f.month + " is sealed already");
  make_folders(c.layout);
  storage::Seal seal;
  seal.month = f.month;
  seal.to = figures.period.to;
  seal.as_of = figures.period.as_of;
  seal.content = storage::seal_content(figures.reads, figures.request);
  seal.digest = storage::sha256_hex(seal.content);
  seal.signature = sign_text(signed_text(figures.district, f.month, seal.digest), c.layout.keys);
  seal.sealed_by = f.who;
  storage::put_seal(figures.database.url(), figures.district, seal);
  std::cout << seal.digest << "\n";
  return kOk;
}

// The lines that stand in one of two texts only.
std::vector<std::vector<std::string>> differing_lines(std::string const& sealed, std::string const& present) {
  auto const lines = [](std::string const& text) {
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) out.push_back(line);
    std::ranges::sort(out);
    return out;
  };
  auto const a = lines(sealed), b = lines(present);
  std::vector<std::vector<std::string>> out;
  std::vector<std::string> only;
  std::ranges::set_difference(a, b, std::back_inserter(only));
  for (auto const& line : only) out.push_back({"sealed", line});
  only.clear();
  std::ranges::set_difference(b, a, std::back_inserter(only));
  for (auto const& line : only) out.push_back({"now", line});
  return out;
}

int run_verify(Context& c, Flags const& f) {
  if (f.month.empty()) throw UsageError("--month says which");
  Figures figures(c, f);
  auto const seal = storage::find_seal(figures.database.url(), figures.district, f.month);
  if (!seal) throw Failure(f.month + " is not sealed");
  Listing table{{"where", "line"}, {}, {}};
  if (storage::sha256_hex(seal->content) != seal->digest)
    table.rows.push_back({"seal", "its digest does not fit its content"});
  if (!signature_fits(signed_text(figures.district, f.month, seal->digest), seal->signature, c.layout.keys))
    table.rows.push_back({"seal", "its signature is not this installation's"});
  for (auto& line : differing_lines(seal->content, storage::seal_content(figures.reads, figures.request)))
    table.rows.push_back(std::move(line));
  tell(f.month + ", sealed by " + seal->sealed_by + ": " + std::to_string(table.rows.size()) + " differences");
  if (!table.rows.empty() || c.json) print(table, style_for_stdout(c.json), std::cout);
  return table.rows.empty() ? kOk : kDamaged;
}

}  // namespace

void add_figures(CLI::App& report, Context& c) {
  auto const f = std::make_shared<Flags>();
  auto const add = [&](char const* name, char const* help, int (*run)(Context&, Flags const&)) {
    auto* sub = report.add_subcommand(name, help);
    sub->fallthrough();
    sub->add_option("--month", f->month, "2026-10 (default: this month)");
    sub->add_option("--district", f->district, "Six digits (default: the only one)");
    sub->callback([&c, f, run] { c.run = [&c, f, run] { return run(c, *f); }; });
    return sub;
  };
  auto* indicators =
      add("indicators", "The indicators of a month, or of another period, beside the period before and a year ago",
          run_indicators);
  indicators->add_option("--from", f->from, "First local day, with --to");
  indicators->add_option("--to", f->to, "Last local day");
  indicators->add_option("--period", f->period, "day, week, month, quarter or year around --month or --from");
  indicators->add_option("--as-of", f->as_of, "Read as of this moment");
  indicators
      ->add_option("--by", f->by,
                   "region, district, street, grid, unit, squad, post, person, class, category or source")
      ->capture_default_str();
  indicators->add_option("--format", f->format, "table, tsv, json, csv or xlsx")
      ->check(CLI::IsMember({"table", "tsv", "json", "csv", "xlsx"}));
  indicators->add_option("-o,--output", f->file, "Write to this file");
  auto* evaluation = add("evaluation", "Scores and grades of a month by a scheme", run_evaluation);
  evaluation
      ->add_option("--scheme", f->scheme,
                   "patroller, acceptor, shift_leader, dispatcher, department, region, or a city's own file.toml")
      ->capture_default_str();
  auto* recompute =
      add("recompute", "Count a month again from history, and compare (exit code 4: something differs)", run_recompute);
  recompute->add_flag("--rebuild", f->rebuild, "Put right what the month's rows are counted as, and build the rollup of every month anew, before comparing");
  recompute->add_flag("--rollup-only", f->rollup_only, "Compare the rollup with the spans, and replay no history");
  auto* seal =
      add("seal", "Seal a month: digest and sign its figures; nothing can be backdated into it any more", run_seal);
  seal->add_option("--who", f->who, "Who seals it")->capture_default_str();
  add("verify", "Compare a sealed month with what is counted now (exit code 4: something differs)", run_verify);
}

}  // namespace wangge::deploy
