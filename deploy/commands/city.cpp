// load, demo-day, replay: what fills a city.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <iostream>

#include "deploy/commands/commands.hpp"
#include "deploy/database.hpp"
#include "deploy/demo/days.hpp"
#include "deploy/errors.hpp"
#include "deploy/load.hpp"
#include "deploy/output.hpp"
#include "deploy/replay.hpp"

namespace wangge::deploy {
namespace {

void tell(std::string const& text) {
  spdlog::info("{}", text);
}

// A line that rewrites itself on a terminal, nothing elsewhere.
Progress progress_bar() {
  if (!isatty(STDERR_FILENO)) return {};
  return [](std::string_view what, std::uint64_t done, std::uint64_t total) {
    std::fprintf(stderr, "\r\033[K%.*s %llu / %llu%s", static_cast<int>(what.size()), what.data(),
                 static_cast<unsigned long long>(done), static_cast<unsigned long long>(total),
                 done >= total ? "\n" : "");
  };
}

struct LoadAsked {
  LoadOptions city;
  PartOptions part;  // its dry_run, gaps, by and note are the city's
  bool demo = false, quiet = false;
};

int run_load(Context& c, LoadAsked const& asked) {
  auto options = asked.city;
  auto const parts = loadable_parts();
  bool const is_part = std::find(parts.begin(), parts.end(), options.dir) != parts.end();
  if (!asked.part.files.empty() && !is_part) {
    std::string all;
    for (auto const& part : parts) all += (all.empty() ? "" : ", ") + part;
    throw UsageError(options.dir + " is no part of a city; the parts are " + all);
  }
  if (is_part && asked.part.files.empty() && !std::filesystem::is_directory(options.dir))
    throw UsageError("load " + options.dir + " wants its file");
  if (!asked.part.files.empty()) {
    auto part = asked.part;
    part.part = options.dir;
    part.dry_run = options.dry_run || options.compare;
    part.allow_gaps = options.allow_gaps;
    part.by = options.by, part.note = options.note;
    Database database(c.settings, c.layout, tell);
    return load_part(database.url(), part, std::cout, std::cerr);
  }
  bool const demo = asked.demo;
  if (demo == !options.dir.empty()) throw UsageError("load wants a folder of files, a part with its file, or --demo");
  if (options.dry_run) return load_city("", options, std::cout, std::cerr, progress_bar());
  Database database(c.settings, c.layout, tell, options.compare ? Database::Wanted::present : Database::Wanted::made);
  if (!demo) return load_city(database.url(), options, std::cout, std::cerr, progress_bar());
  load_demo(database.url(), c.layout.data.string(), progress_bar());
  if (asked.quiet) return kOk;
  Listing table{{"district", "accounts", "backdate_tokens"}, {}, {}};
  if (c.lang == "zh") table.titles = {"区县", "账号", "补录令牌"};
  table.rows.push_back({"370871", (c.layout.data / "demo-accounts.json").string(), (c.layout.data / "demo-backdate.json").string()});
  print(table, style_for_stdout(c.json), std::cout);
  return kOk;
}

int run_demo_day(Context& c, PlayOptions options) {
  auto const doors = doors_of(c.layout, c.settings);
  if (options.base_url.empty()) options.base_url = doors.url;
  options.certificate = doors.certificate.string();
  options.tokens = (c.layout.data / "demo-backdate.json").string();
  auto const result = play_day(options, progress_bar());
  tell("played " + std::to_string(result.reports) + " reports (" + std::to_string(result.created) + " new, " +
       std::to_string(result.already) + " there already) and " + std::to_string(result.commands) + " actions");
  for (auto const& [reason, count] : result.refusals) spdlog::error("refused {} times: {}", count, reason);
  return result.ok() ? kOk : kFailed;
}

int run_replay(Context& c, ReplayOptions options, std::string const& given_url) {
  auto const doors = doors_of(c.layout, c.settings);
  options.url = given_url.empty() ? doors.url : given_url;
  options.certificate = doors.certificate.string();
  options.progress = isatty(STDERR_FILENO) != 0;
  // A token of one's own is enough to report; lives need somebody for each role.
  if (options.tokens.empty() && (options.lives || options.token.empty())) options.tokens = (c.layout.data / "demo-backdate.json").string();
  auto const summary = replay(options);
  print(summary, std::cout, c.json);
  return summary.ok() ? kOk : kFailed;
}

}  // namespace

void add_load(CLI::App& app, Context& c) {
  auto* sub = app.add_subcommand("load", "Load a city's standing data: a folder of files, one part with its file, or the demo district");
  auto const asked = std::make_shared<LoadAsked>();
  auto& options = asked->city;
  std::string parts;
  for (auto const& part : loadable_parts()) parts += (parts.empty() ? "" : ", ") + part;
  sub->add_option("WHAT", options.dir, "Folder with the files (deploy/demo/README.md describes them), or a part: " + parts);
  sub->add_option("FILE", asked->part.files, "The part's files: .csv, .geojson, or .xlsx with sheets of the tables' names");
  sub->add_flag("--demo", asked->demo, "The demo district 370871 with its accounts");
  sub->add_flag("--quiet", asked->quiet)->group("");  // `up --demo` tells of the accounts itself
  sub->add_flag("--dry-run", options.dry_run, "A folder: only check the files. A part: tell what would change, change nothing");
  sub->add_flag("--compare", options.compare, "Tell what a folder would change in the database, change nothing");
  sub->add_flag("--allow-gaps", options.allow_gaps, "Holes between the grids are meant (a lake)");
  sub->add_flag("--allow-findings", asked->part.allow_findings, "Load rules that never answer, stand in a shadow or dispute");
  sub->add_option("--district", asked->part.district, "Whose part; needed when several are loaded");
  sub->add_option("--by", options.by, "Who decided it; kept with the version");
  sub->add_option("--note", options.note, "On what paper; kept with the version");
  sub->callback([&c, asked] { c.run = [&c, asked] { return run_load(c, *asked); }; });
}

void add_demo_day(CLI::App& app, Context& c) {
  auto* sub = app.add_subcommand("demo-day", "Play a day of the demo district through the doors");
  auto const options = std::make_shared<PlayOptions>();
  options->base_url.clear();
  sub->add_option("--date", options->date, "Local day, 2026-11-23 (default: yesterday)");
  sub->add_option("--count", options->count, "Reports")->capture_default_str();
  sub->add_option("--seed", options->seed, "The same seed and day give the same reports")->capture_default_str();
  sub->add_option("--url", options->base_url, "Doors (default: those of the running system)");
  sub->callback([&c, options] { c.run = [&c, options] { return run_demo_day(c, *options); }; });
}

void add_replay(CLI::App& app, Context& c) {
  auto* sub = app.add_subcommand("replay", "Send the rows of a CSV file as reports, or play their whole lives");
  auto const options = std::make_shared<ReplayOptions>();
  auto const url = std::make_shared<std::string>();
  sub->add_option("FILE", options->file, "The CSV file")->required();
  sub->add_option("--map", options->map, "TOML file: columns, categories, coordinates")->required();
  sub->add_option("--rate", options->rate, "Reports a second; 0: as fast as answered")->capture_default_str()->check(CLI::NonNegativeNumber);
  sub->add_flag("--lives", options->lives,
                "Play the whole life from the file's open and close times (needs backdate tokens)");
  sub->add_option("--token", options->token, "A reporter's token; it must have every source that the map gives (default: the reporter of --tokens)");
  sub->add_option("--tokens", options->tokens, "File of backdate tokens, one a role (default DATA/demo-backdate.json)");
  sub->add_option("--answers", options->answers, "Write a line for each row: key, status, report_id, case_no, note");
  sub->add_option("--in-flight", options->in_flight, "Connections")->capture_default_str()->check(CLI::Range(1, 256));
  sub->add_option("--skip", options->skip, "Rows to skip")->check(CLI::NonNegativeNumber);
  sub->add_option("--limit", options->limit, "Rows to send; 0: all")->check(CLI::NonNegativeNumber);
  sub->add_option("--url", *url, "Doors (default: those of the running system)");
  sub->callback([&c, options, url] { c.run = [&c, options, url] { return run_replay(c, *options, *url); }; });
}

}  // namespace wangge::deploy
