// rules, plan: what routes cases, tried before it is loaded; emergency plans switched on and off.
#include <spdlog/spdlog.h>

#include <boost/json.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "deploy/commands/commands.hpp"
#include "deploy/database.hpp"
#include "deploy/errors.hpp"
#include "deploy/load.hpp"
#include "deploy/output.hpp"
#include "dispatcher/core/route_words.hpp"
#include "dispatcher/core/rule_check.hpp"
#include "storage/rule_model.hpp"

namespace wangge::deploy {
namespace {

namespace json = boost::json;
namespace standing = storage::standing;

constexpr int kPastMost = 200'000;

void tell(std::string const& text) {
  spdlog::info("{}", text);
}

struct RuleFlags {
  std::vector<std::string> files;
  std::string district, from, to, by = "officer", part, plan, who, reason;
  std::size_t show = 200;
};

std::string the_district(std::string const& url, std::string const& given) {
  auto const all = standing::districts_of(url);
  if (!given.empty() && std::find(all.begin(), all.end(), given) == all.end())
    throw Failure("district " + given + " is not loaded");
  if (!given.empty()) return given;
  if (all.size() == 1) return all.front();
  throw UsageError(all.empty() ? "no district is loaded: wangge load --demo, or wangge load DIR"
                               : "there are several districts: say which with --district");
}

// Local days [from, to]; by default the last 90.
std::pair<core::Instant, core::Instant> span_of(core::City const& city, RuleFlags const& f) {
  auto const today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now() + city.utc_offset);
  auto const read = [](std::string const& text, char const* name, core::LocalDay otherwise) {
    if (text.empty()) return otherwise;
    auto const day = parse_day(text);
    if (!day) throw UsageError(std::string("--") + name + ": \"" + text + "\" is no date like 2026-10-01");
    return *day;
  };
  auto const from = read(f.from, "from", today - core::Days{90}), to = read(f.to, "to", today);
  if (to < from) throw UsageError("--to lies before --from");
  return {core::Instant(from) - city.utc_offset, core::Instant(to + core::Days{1}) - city.utc_offset};
}

std::string answer(std::optional<core::Routed> const& to, Context const& c) {
  if (!to) return std::string(c.say("人工", "a person"));
  return to->unit + " / " + to->squad + " (" + to->rule + ")";
}

void print_findings(Context const& c, std::vector<core::Finding> const& findings) {
  Listing table{{"kind", "rule", "other", "words"}, {}, {}};
  for (auto const& f : findings) table.rows.push_back({f.kind, f.rule, f.other, c.lang == "zh" ? f.zh : f.en});
  print(table, style_for_stdout(c.json), std::cout);
}

// The files are the new rules (routes.csv) and, if named so, the new responsibility list.
int run_dry(Context& c, RuleFlags const& f) {
  Database database(c.settings, c.layout, tell);
  auto const district = the_district(database.url(), f.district);
  auto set = standing::load_set(database.url(), district);
  for (std::string const part : {"responsibility", "rules"}) {
    std::vector<std::string> mine;
    for (auto const& file : f.files) {
      bool const list = std::filesystem::path(file).stem() == "responsibility";
      if (list == (part == "responsibility")) mine.push_back(file);
    }
    if (mine.empty()) continue;
    std::vector<BadRow> bad;
    auto read = read_part_files(part, part_source(part, mine, bad), std::move(set));
    bad.insert(bad.end(), read.bad.begin(), read.bad.end());
    for (auto const& row : bad)
      std::cerr << row.file << ":" << row.line << ": " << row.column << ": " << row.reason << "\n";
    if (!bad.empty()) return kFailed;
    set = std::move(read.set);
  }
  storage::RuleModel model(database.url());
  auto const before = model.city(district);
  auto after = *before;
  std::erase_if(after.routes, [](core::RouteRule const& r) { return r.level != core::RouteLevel::decision; });
  after.routes.insert(after.routes.end(), set.routes.begin(), set.routes.end());
  after.responsibilities = set.responsibilities;
  after.finish();
  auto const [from, to] = span_of(*before, f);
  auto const past = model.past_cases(district, from, to, kPastMost);
  auto const change = core::change_between(*before, after);
  auto const trial = core::try_rules(*before, after, past.cases, f.show);
  auto const today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now() + before->utc_offset);
  Listing table{{"case_no", "before", "after"}, {}, {}};
  if (c.lang == "zh") table.titles = {"案卷号", "现行规则", "新规则"};
  for (auto const& move : trial.moves)
    table.rows.push_back({move.case_no, answer(move.before, c), answer(move.after, c)});
  print(table, style_for_stdout(c.json), std::cout);
  for (auto const& finding : core::check_rules(after, today))
    std::cerr << c.say("注意：", "note: ") << (c.lang == "zh" ? finding.zh : finding.en) << "\n";
  std::cerr << c.say("规则：新增 ", "rules: ") << change.added << c.say("，修改 ", " added, ") << change.changed
            << c.say("，删除 ", " changed, ") << change.removed << c.say("\n", " removed\n");
  std::cerr << c.say("将改派 ", "would move ") << trial.moved << c.say(" 件，共 ", " of ") << trial.cases
            << c.say(" 件（重新计算 ", " (asked again: ") << trial.asked << c.say(" 件）", ")")
            << (past.more ? c.say("；案卷过多，只取最早的一部分", "; there are more, the oldest were taken") : "")
            << "\n";
  return kOk;
}

int run_check(Context& c, RuleFlags const& f) {
  Database database(c.settings, c.layout, tell);
  auto const district = the_district(database.url(), f.district);
  storage::RuleModel model(database.url());
  auto const city = model.city(district);
  auto const today = std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now() + city->utc_offset);
  auto findings = core::check_rules(*city, today);
  auto const list = core::check_list(*city, today, model.streets(district));
  findings.insert(findings.end(), list.begin(), list.end());
  print_findings(c, findings);
  return findings.empty() ? kOk : kFailed;
}

int run_accuracy(Context& c, RuleFlags const& f) {
  Database database(c.settings, c.layout, tell);
  auto const district = the_district(database.url(), f.district);
  storage::RuleModel model(database.url());
  auto const [from, to] = span_of(*model.city(district), f);
  Listing table{{f.by, "dispatched", "returned", "accuracy"}, {}, {}};
  if (c.lang == "zh")
    table.titles = {f.by == "unit" ? "部门" : f.by == "rule" ? "规则" : "派遣员", "派遣数", "回退数", "准确派遣率"};
  for (auto const& row : model.accuracy(district, from, to, f.by)) {
    auto const rate = storage::rate_hundredths(row.dispatched - row.returned, row.dispatched);
    char percent[32];
    std::snprintf(percent, sizeof percent, "%lld.%02lld%%", static_cast<long long>(*rate / 100),
                  static_cast<long long>(*rate % 100));
    table.rows.push_back({row.key, std::to_string(row.dispatched), std::to_string(row.returned), percent});
  }
  print(table, style_for_stdout(c.json), std::cout);
  return kOk;
}

// A page's items, all of them, as rows of the named members.
template <class Read>
void print_all(Context const& c, std::vector<std::string> const& names, std::vector<std::string> const& titles,
               Read&& read) {
  Listing table{names, {}, {}};
  if (c.lang == "zh") table.titles = titles;
  std::string cursor;
  do {
    auto const page = read(cursor);
    auto const items = json::parse(page.items);
    for (auto const& item : items.as_array()) {
      auto& row = table.rows.emplace_back();
      for (auto const& name : names) {
        auto const* value = item.as_object().if_contains(name);
        row.push_back(value == nullptr || value->is_null() ? ""
                      : value->is_string()                 ? std::string(value->as_string())
                                                           : json::serialize(*value));
      }
    }
    cursor = page.next_cursor;
  } while (!cursor.empty());
  print(table, style_for_stdout(c.json), std::cout);
}

int run_versions(Context& c, RuleFlags const& f) {
  Database database(c.settings, c.layout, tell);
  auto const district = the_district(database.url(), f.district);
  storage::RuleModel model(database.url());
  print_all(c, {"part", "version", "at", "by", "note", "rows"}, {"部分", "版本", "时间", "经办人", "依据", "条数"},
            [&](std::string const& cursor) { return model.versions(district, cursor, 200); });
  return kOk;
}

int run_plans(Context& c, RuleFlags const& f) {
  Database database(c.settings, c.layout, tell);
  auto const district = the_district(database.url(), f.district);
  storage::RuleModel model(database.url());
  print_all(c, {"key", "zh", "en", "on", "urgent", "relaxed", "clocks", "percent"},
            {"代码", "名称", "英文", "启用中", "转急要件", "放宽", "时限类型", "放宽至%"},
            [&](std::string const& cursor) { return model.plans(district, cursor, 200); });
  return kOk;
}

int run_switch(Context& c, RuleFlags const& f, bool on) {
  Database database(c.settings, c.layout, tell);
  auto const district = the_district(database.url(), f.district);
  auto const set = standing::load_set(database.url(), district);
  bool const known =
      std::any_of(set.plans.begin(), set.plans.end(), [&](core::Plan const& p) { return p.key == f.plan; });
  if (!known) throw Failure("district " + district + " has no plan " + f.plan);
  bool const done = standing::switch_plan(database.url(), district, f.plan, on, f.who, f.reason);
  std::cout << f.plan << (on ? c.say(" 已启用", " is on") : c.say(" 已停用", " is off"))
            << (done ? "" : c.say("（原本如此）", " (it was so already)")) << "\n";
  return kOk;
}

CLI::App* action(CLI::App& of, Context& c, std::shared_ptr<RuleFlags> const& flags, char const* name, char const* what,
                 std::function<int(Context&, RuleFlags const&)> run) {
  auto* sub = of.add_subcommand(name, what);
  sub->add_option("--district", flags->district, "Six digits; needed when several are loaded");
  sub->callback([&c, flags, run] { c.run = [&c, flags, run] { return run(c, *flags); }; });
  sub->fallthrough();
  return sub;
}

void add_span(CLI::App& sub, RuleFlags& flags) {
  sub.add_option("--from", flags.from, "First local day (default: 90 days ago)");
  sub.add_option("--to", flags.to, "Last local day (default: today)");
}

}  // namespace

void add_rules(CLI::App& app, Context& c) {
  auto* sub = app.add_subcommand(
      "rules", "The rules that route cases: try changed ones on past cases, find faults, measure accuracy");
  sub->require_subcommand(1);
  sub->fallthrough();
  auto const flags = std::make_shared<RuleFlags>();
  auto* dry = action(*sub, c, flags, "dry-run", "Which past cases would changed rules move? Changes nothing", run_dry);
  dry->add_option("FILE", flags->files,
                  "The new rules (routes.csv or .xlsx); a file named responsibility is the new list")
      ->required();
  add_span(*dry, *flags);
  dry->add_option("--show", flags->show, "At most so many cases are listed")->capture_default_str();
  action(*sub, c, flags, "check",
         "Rules that never answer, stand in a shadow or dispute; overlaps and gaps of the list (exit 1 when there are "
         "any)",
         run_check);
  auto* accuracy = action(*sub, c, flags, "accuracy", "Accuracy of dispatch, counted from returns", run_accuracy);
  add_span(*accuracy, *flags);
  accuracy->add_option("--by", flags->by, "officer, unit or rule")
      ->check(CLI::IsMember({"officer", "unit", "rule"}))
      ->capture_default_str();
  action(*sub, c, flags, "versions", "When which part of the city's data changed, by whom, on what paper",
         run_versions);
}

void add_plan(CLI::App& app, Context& c) {
  auto* sub = app.add_subcommand("plan", "Emergency plans: list them, switch them on and off");
  sub->require_subcommand(1);
  sub->fallthrough();
  auto const flags = std::make_shared<RuleFlags>();
  action(*sub, c, flags, "list", "Every plan and whether it is on", run_plans);
  for (bool const on : {true, false}) {
    auto* one = action(*sub, c, flags, on ? "on" : "off",
                       on ? "A plan begins: what is filed from now on follows it" : "A plan ends, whole",
                       [on](Context& context, RuleFlags const& f) { return run_switch(context, f, on); });
    one->add_option("KEY", flags->plan, "Which")->required();
    one->add_option("--by", flags->who, "Who orders it")->required();
    one->add_option("--reason", flags->reason, "Why, with the order's number")->required();
  }
}

}  // namespace wangge::deploy
