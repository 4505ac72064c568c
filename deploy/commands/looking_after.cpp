// doctor: what is wrong and what to do about it.
#include <iostream>

#include "deploy/commands/commands.hpp"
#include "deploy/doctor.hpp"
#include "deploy/errors.hpp"
#include "deploy/output.hpp"

namespace wangge::deploy {
namespace {

int list_settings(Context const& c) {
  Listing table{{"setting", "meaning"}, {}, {}};
  for (auto const& key : setting_keys()) table.rows.push_back({key.name, key.help});
  print(table, style_for_stdout(c.json), std::cout);
  return kOk;
}

int run_doctor(Context const& c, std::vector<std::filesystem::path> const& spools) {
  constexpr char const* kLevels[] = {"ok", "warn", "bad"};
  Listing table{{"level", "check", "text", "remedy"}, {}, {}};
  if (c.lang == "zh") table.titles = {"级别", "检查", "情况", "办法"};
  bool bad = false;
  for (auto const& f : examine(c.settings, c.layout, c.lang, spools)) {
    table.rows.push_back({kLevels[static_cast<int>(f.level)], f.check, f.text, f.remedy});
    bad = bad || f.level == Finding::Level::bad;
  }
  print(table, style_for_stdout(c.json), std::cout);
  return bad ? kFailed : kOk;
}

}  // namespace

void add_doctor(CLI::App& app, Context& c) {
  auto* sub = app.add_subcommand(
      "doctor", "Look at everything that commonly goes wrong and say what to do (exit code 1: something is bad)");
  auto const settings = std::make_shared<bool>(false);
  sub->add_flag("--settings", *settings, "List every setting instead");
  auto const spools = std::make_shared<std::vector<std::filesystem::path>>();
  sub->add_option("--spool", *spools, "Spool folder of another gateway, to see what a restore lost; may be repeated");
  sub->callback([&c, settings, spools] {
    c.run = [&c, settings, spools] { return *settings ? list_settings(c) : run_doctor(c, *spools); };
  });
}

}  // namespace wangge::deploy
