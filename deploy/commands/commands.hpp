// What every subcommand gets, and the subcommands themselves: thin, each calls one thing that does the work.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

#include "deploy/layout.hpp"
#include "deploy/settings/settings.hpp"
#include "dispatcher/core/types.hpp"

namespace wangge::deploy {

struct Context {
  std::string data = "var", lang = "zh";
  bool json = false;
  Overrides overrides;
  Settings settings;  // filled before the subcommand runs
  Layout layout;
  std::function<int()> run;  // set by the chosen subcommand's callback
  std::string_view say(std::string_view zh, std::string_view en) const { return lang == "zh" ? zh : en; }
};

// The district that is meant: the given one, or the only one there is. Throws UsageError.
std::string only_district(std::string const& url, std::string const& given);
// Somebody who reads everything of a district but no reporter's name or phone.
core::Principal reader_of(std::string const& district);

// Each adds one subcommand whose callback sets context.run.
void add_up(CLI::App& app, Context& context);
void add_gateway(CLI::App& app, Context& context);
void add_dispatcher(CLI::App& app, Context& context);
void add_migrate(CLI::App& app, Context& context);
void add_load(CLI::App& app, Context& context);
void add_demo_day(CLI::App& app, Context& context);
void add_demo_years(CLI::App& app, Context& context);
void add_replay(CLI::App& app, Context& context);
void add_user(CLI::App& app, Context& context);
void add_rules(CLI::App& app, Context& context);
void add_plan(CLI::App& app, Context& context);
void add_report(CLI::App& app, Context& context);
void add_figures(CLI::App& report, Context& context);  // report indicators, recompute
void add_publication(CLI::App& report, Context& context);  // report evaluation, settlement, book, bulletin, month, seal, verify
void add_case(CLI::App& app, Context& context);
void add_spool(CLI::App& app, Context& context);
void add_audit(CLI::App& app, Context& context);
void add_backup(CLI::App& app, Context& context);
void add_restore(CLI::App& app, Context& context);
void add_doctor(CLI::App& app, Context& context);
void add_version(CLI::App& app, Context& context);

}  // namespace wangge::deploy
