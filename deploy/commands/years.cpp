// demo-years: whole months with known answers, put through the engine in batches.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>

#include "deploy/commands/commands.hpp"
#include "deploy/database.hpp"
#include "deploy/errors.hpp"
#include "deploy/years/years.hpp"

namespace wangge::deploy {
namespace {

int run_years(Context& c, YearOptions const& options) {
  Database database(c.settings, c.layout, [](std::string const& text) { spdlog::info("{}", text); });
  bool const bar = isatty(STDERR_FILENO) != 0;
  auto const progress = [bar](std::string_view what, std::uint64_t done, std::uint64_t total) {
    if (bar)
      std::fprintf(stderr, "\r\033[K%.*s %llu / %llu%s", static_cast<int>(what.size()), what.data(),
                   static_cast<unsigned long long>(done), static_cast<unsigned long long>(total),
                   done >= total ? "\n" : "");
  };
  YearsResult result;
  try {
    result = play_years(database.url(), options, std::chrono::floor<core::Millis>(std::chrono::system_clock::now()),
                        progress);
  } catch (storage::Broken const&) {
    throw;
  } catch (std::runtime_error const& error) {
    throw Failure(error.what());
  }
  spdlog::info("played {} reports and {} steps in {} batches", result.cases, result.commands, result.batches);
  for (auto const& refusal : result.refusals) spdlog::error("refused: {}", refusal);
  return result.refusals.empty() ? kOk : kFailed;
}

}  // namespace

void add_demo_years(CLI::App& app, Context& c) {
  auto* sub =
      app.add_subcommand("demo-years", "Fill the demo district with whole months of cases whose figures are known");
  auto const options = std::make_shared<YearOptions>();
  sub->add_option("--seed", options->seed, "The same seed gives the same cases")->capture_default_str();
  sub->add_option("--from", options->from, "First month, 2025-01 (default: so many months before this one)");
  sub->add_option("--months", options->months, "How many months")->check(CLI::Range(1, 240))->capture_default_str();
  sub->add_option("--per-day", options->per_day, "Reports a day, about")
      ->check(CLI::Range(1, 20'000))
      ->capture_default_str();
  sub->add_option("--script", options->script, "Write the plan there, one line of JSON a case");
  sub->add_flag("--live", options->live,
                "As if it had been lived then (clocks armed, nothing backdated), not entered afterwards");
  sub->add_flag("--fraud", options->fraud, "In the last three months one patroller covers for one squad");
  sub->callback([&c, options] { c.run = [&c, options] { return run_years(c, *options); }; });
}

}  // namespace wangge::deploy
