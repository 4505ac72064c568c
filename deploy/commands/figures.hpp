// What the commands of figures share: their flags, and the figures of a district in one period.
#pragma once

#include <algorithm>
#include <chrono>

#include "deploy/commands/commands.hpp"
#include "deploy/database.hpp"
#include "deploy/errors.hpp"
#include "gateways/console/period.hpp"
#include "storage/figures.hpp"

namespace wangge::deploy {

struct FigureFlags {
  std::string month, by = "unit", format, file, district, from, to, period, as_of, campaign, who = "cli", scheme = "department";
  std::string from_template, number, organisation;
  bool rebuild = false, rollup_only = false, write_template = false;
};

inline core::Instant figures_now() {
  return std::chrono::floor<core::Millis>(std::chrono::system_clock::now());
}

// Throws UsageError when the period cannot be read.
struct Figures {
  Figures(Context& c, FigureFlags const& f, std::function<void(std::string const&)> const& tell)
      : database(c.settings, c.layout, tell), district(only_district(database.url(), f.district)), reads(database.url(), 1, storage::kUnhurried) {
    calendar = reads.calendar(district);
    auto const read = console::read_period({f.month, f.from, f.to, f.period, f.as_of}, calendar, figures_now());
    if (auto const* bad = std::get_if<console::BadPeriod>(&read)) throw UsageError("--" + bad->field + " cannot be read");
    period = std::get<console::PeriodRead>(read);
    request = request_of(period, f, c.lang);
  }
  storage::ClosureRequest request_of(console::PeriodRead const& p, FigureFlags const& f, std::string const& lang) const {
    storage::ClosureRequest asked{reader_of(district), f.by == "region" ? "street" : f.by, p.from, p.to, p.as_of, p.previous_as_of, lang, f.as_of.empty()};
    asked.campaign = f.campaign;
    return asked;
  }
  Database database;
  std::string district;
  storage::ReadModel reads;
  core::Calendar calendar;
  console::PeriodRead period;
  storage::ClosureRequest request;
};

using FigureRun = int (*)(Context&, FigureFlags const&);

// A subcommand of `report`: which month, which district.
inline CLI::App* add_figure_command(CLI::App& report, Context& c, std::shared_ptr<FigureFlags> const& f, char const* name,
                                    char const* help, FigureRun run) {
  auto* sub = report.add_subcommand(name, help);
  sub->fallthrough();
  sub->add_option("--month", f->month, "2026-10 (default: this month)");
  sub->add_option("--district", f->district, "Six digits (default: the only one)");
  sub->callback([&c, f, run] { c.run = [&c, f, run] { return run(c, *f); }; });
  return sub;
}

// Another period than the month.
inline void add_period_options(CLI::App* sub, FigureFlags& f) {
  sub->add_option("--from", f.from, "First local day, with --to");
  sub->add_option("--to", f.to, "Last local day");
  sub->add_option("--period", f.period, "day, week, month, quarter or year around --month or --from");
  sub->add_option("--as-of", f.as_of, "Read as of this moment");
}

// "93.72"; "–".
inline std::string points_text(std::optional<std::int64_t> const& hundredths) {
  if (!hundredths) return "–";
  auto const size = std::abs(*hundredths);
  auto const rest = std::to_string(size % 100);
  return (*hundredths < 0 ? "-" : "") + std::to_string(size / 100) + "." + std::string(2 - rest.size(), '0') + rest;
}

}  // namespace wangge::deploy
