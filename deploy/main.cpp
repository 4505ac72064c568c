// The one program. Wiring only: the command line, the settings, then the chosen subcommand; and the one place where a
// failure becomes an exit code and a sentence.
#include <spdlog/spdlog.h>

#include <csignal>
#include <iostream>

#include "deploy/commands/commands.hpp"
#include "deploy/errors.hpp"
#include "deploy/log.hpp"
#include "gateways/spool/spool.hpp"
#include "storage/read_model.hpp"

namespace {

using namespace wangge::deploy;

constexpr auto kFooter = R"(
Exit codes: 0 done; 1 tried and did not work, or the answer is no; 2 wrong command line or settings;
            3 surroundings: database away, port in use, folder locked, no room, a package missing;
            4 a check found damage (backup, audit chain, spool).
Settings:   DATA/wangge.toml, then WANGGE_SECTION_KEY, then --set section.key=value; `wangge doctor --settings` lists them.
Output:     a table on a terminal, tab-separated when piped, --json for programs.)";

std::string language_of_environment() {
  for (char const* name : {"LC_ALL", "LC_MESSAGES", "LANG"})
    if (char const* value = std::getenv(name); value && *value)
      return std::string_view(value).starts_with("zh") ? "zh" : "en";
  return "en";
}

void add_common(CLI::App& app, Context& c) {
  app.add_option("--data", c.data, "Folder of all data (default ./var)")->envname("WANGGE_DATA");
  app.add_option("--lang", c.lang, "zh or en (default: LANG)")
      ->check(CLI::IsMember({"zh", "en"}))
      ->envname("WANGGE_LANG");
  app.add_flag("--json", c.json, "JSON instead of a table");
  auto const set = [&c](std::vector<std::string> const& pairs) {
    for (auto const& pair : pairs) {
      auto const equals = pair.find('=');
      if (equals == std::string::npos) throw CLI::ValidationError("--set", "wants section.key=value");
      c.overrides.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
    }
  };
  app.add_option_function<std::vector<std::string>>("--set", set, "A setting, section.key=value; may be repeated")
      ->expected(1)
      ->take_all()
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

int run_chosen(Context& c) {
  auto const draft = layout_of(c.data, Settings{});
  c.settings = load_settings(draft.settings, environment(), c.overrides);
  c.layout = layout_of(c.data, c.settings);
  return c.run();
}

int guarded(Context& c) {
  try {
    return run_chosen(c);
  } catch (UsageError const& error) {
    std::cerr << "wangge: " << error.what() << "\n";
    return kUsage;
  } catch (wangge::storage::BadFilter const& error) {
    std::cerr << "wangge: --" << error.field << ": " << error.what() << "\n";
    return kUsage;
  } catch (wangge::spool::InUse const& error) {
    std::cerr << "wangge: " << error.what() << "\n";
    return kEnvironment;
  } catch (EnvironmentError const& error) {
    std::cerr << "wangge: " << error.what() << "\n";
    return kEnvironment;
  } catch (DamageError const& error) {
    std::cerr << "wangge: " << error.what() << "\n";
    return kDamaged;
  } catch (std::exception const& error) {
    std::cerr << "wangge: " << error.what() << "\n";
    return kFailed;
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);  // a broken link is an error code, never a death
  start_plain_logging("info");
  Context context;
  context.lang = language_of_environment();
  CLI::App app{"Wangge (网格): an open grid command center for cities"};
  app.name("wangge");
  app.require_subcommand(1);
  app.footer(kFooter);
  app.fallthrough();
  add_common(app, context);
  for (auto* add : {add_up, add_gateway, add_dispatcher, add_migrate, add_load, add_demo_day, add_demo_years, add_replay, add_rules, add_plan, add_report,
                    add_case, add_spool, add_audit, add_user, add_backup, add_restore, add_doctor, add_version})
    add(app, context);
  for (auto* sub : app.get_subcommands({})) sub->fallthrough();
  try {
    app.parse(argc, argv);
  } catch (CLI::RequiredError const& error) {  // a word that is no subcommand is told as none given
    auto const rest = app.remaining();
    if (rest.empty()) return app.exit(error) == 0 ? kOk : kUsage;
    std::cerr << "wangge: there is no subcommand " << rest.front() << "; wangge --help lists them\n";
    return kUsage;
  } catch (CLI::ParseError const& error) {
    return app.exit(error) == 0 ? kOk : kUsage;
  }
  return guarded(context);
}
