// report, case, spool, audit: looking, never changing.
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <fstream>
#include <iostream>

#include "deploy/anchor.hpp"
#include "deploy/commands/commands.hpp"
#include "deploy/database.hpp"
#include "deploy/errors.hpp"
#include "deploy/http_client.hpp"
#include "deploy/output.hpp"
#include "gateways/console/period.hpp"
#include "gateways/http/rfc3339.hpp"
#include "gateways/spool/spool.hpp"
#include "storage/audit.hpp"
#include "storage/heads.hpp"
#include "storage/postgres_store.hpp"
#include "storage/publish/sheets.hpp"
#include "storage/read_model.hpp"

namespace wangge::deploy {

std::string only_district(std::string const& url, std::string const& given) {
  if (!given.empty()) return given;
  auto const districts = storage::open_postgres(url, "cli")->districts();
  if (districts.size() == 1) return districts[0];
  throw UsageError(districts.empty() ? "no district is loaded: wangge load --demo, or wangge load DIR"
                                     : "there are several districts: say which with --district");
}

core::Principal reader_of(std::string const& district) {
  core::Principal who;
  who.name = "cli";
  who.role = core::Role::leader;
  who.district = district;
  return who;
}

namespace {

namespace json = boost::json;
using storage::ReadModel;

void tell(std::string const& text) { spdlog::info("{}", text); }
core::Instant now() { return std::chrono::floor<core::Millis>(std::chrono::system_clock::now()); }

// ---- report closure

struct ClosureFlags {
  std::string month, by = "unit", format, file, district, from, to, period, as_of, campaign;
  std::string number, organisation;
  bool demo_month = false, compare = false;
};

console::PeriodRead period_of(ClosureFlags const& f, core::Calendar const& calendar) {
  auto const asked_now = f.demo_month ? now() - std::chrono::days{1} : now();  // yesterday's month
  console::PeriodAsked const asked{f.month, f.from, f.to, f.period, f.as_of};
  auto read = console::read_period(asked, calendar, asked_now);
  if (auto const* bad = std::get_if<console::BadPeriod>(&read)) throw UsageError("--" + bad->field + " cannot be read");
  if (!f.demo_month) return std::get<console::PeriodRead>(read);
  // The same month, but read at this moment.
  auto const label = std::get<console::PeriodRead>(read).label;
  return std::get<console::PeriodRead>(console::read_period({label, "", "", "", ""}, calendar, now()));
}

std::string page_of(ReadModel& reads, Context& c, ClosureFlags const& f, std::string const& district, storage::Sheet const& sheet) {
  auto const city = reads.city(district);
  return storage::print_page({c.lang, f.organisation.empty() ? std::string(c.say(city->zh, city->en)) : f.organisation, sheet.title, f.number}, {sheet});
}

int run_closure(Context& c, ClosureFlags const& f) {
  Database database(c.settings, c.layout, tell);
  auto const district = only_district(database.url(), f.district);
  ReadModel reads(database.url(), 1);
  auto const period = period_of(f, reads.calendar(district));
  storage::ClosureRequest request;
  request.who = reader_of(district);
  request.by = f.by;
  request.from = period.from;
  request.to = period.to;
  request.as_of = period.as_of;
  request.previous_as_of = period.previous_as_of;
  request.lang = c.lang;
  request.live = f.as_of.empty();
  request.campaign = f.campaign;
  auto table = reads.closure(request);
  if (table.month.empty()) table.month = period.label;
  std::optional<storage::ClosureTable> before, year_ago;
  if (f.compare) {
    auto const other = [&](console::PeriodRead const& p) {
      auto asked = request;
      asked.from = p.from, asked.to = p.to, asked.as_of = p.as_of, asked.previous_as_of = p.previous_as_of;
      return reads.closure(asked);
    };
    auto const calendar = reads.calendar(district);
    before = other(console::period_before(period, calendar));
    year_ago = other(console::year_before(period, calendar));
  }
  auto const* const earlier = before ? &*before : nullptr;
  auto const* const a_year_ago = year_ago ? &*year_ago : nullptr;
  auto format = f.format;
  if (format.empty()) format = c.json ? "json" : isatty(STDOUT_FILENO) ? "table" : "tsv";
  if (format == "xlsx") {
    if (f.file.empty()) throw UsageError("--format xlsx wants -o FILE");
    storage::closure_xlsx(table, f.file, c.lang, earlier, a_year_ago);
    return kOk;
  }
  auto const sheet = storage::closure_sheet(table, c.lang, earlier, a_year_ago);
  if (f.compare && (format == "table" || format == "tsv")) format = "csv";  // as wide as it is, for a spreadsheet
  auto const text = format == "json"  ? storage::closure_json(table, period.label, c.lang, earlier, a_year_ago) + "\n"
                    : format == "csv" ? (f.compare ? storage::sheet_csv(sheet) : storage::closure_csv(table, c.lang))
                    : format == "html" ? page_of(reads, c, f, district, sheet)
                    : format == "tsv" ? storage::closure_tsv(table)
                                      : storage::closure_text(table, c.lang);
  if (f.file.empty())
    std::cout << text;
  else
    write_file(std::filesystem::absolute(f.file), text, 0644);
  return kOk;
}

// ---- case

int run_show(Context& c, std::string const& case_no, std::string const& district) {
  Database database(c.settings, c.layout, tell);
  ReadModel reads(database.url(), 1);
  auto const view = reads.find_case(reader_of(only_district(database.url(), district)), case_no);
  if (!view) throw Failure("there is no case " + case_no);
  Listing table{{"field", "value"}, {}, {}};
  if (c.lang == "zh") table.titles = {"字段", "值"};
  table.rows.push_back({"case_no", view->row.case_no});
  table.rows.push_back({"version", std::to_string(view->row.version)});
  for (auto const& [name, value] : core::diff(core::Case{}, view->row)) {
    bool const moment = name.ends_with("_at") && !value.empty();
    table.rows.push_back({name, moment ? http::format_time(core::Instant(core::Millis(std::stoll(value))), 480) : value});
  }
  for (auto const& task : view->open_tasks)
    table.rows.push_back({"task", task.task_id + " " + std::string(core::id(task.kind)) + " " + task.squad + " " + task.holder});
  print(table, style_for_stdout(c.json), std::cout);
  return kOk;
}

int run_history(Context& c, std::string const& case_no, std::string const& district) {
  Database database(c.settings, c.layout, tell);
  ReadModel reads(database.url(), 1);
  auto const code = only_district(database.url(), district);
  json::array all;
  std::string cursor;
  do {
    auto const page = reads.history(code, case_no, cursor, 200);
    auto items = json::parse(page.items);
    for (auto& entry : items.as_array()) all.push_back(std::move(entry));
    cursor = page.next_cursor;
  } while (!cursor.empty());
  if (all.empty()) throw Failure("there is no case " + case_no);
  if (c.json) {
    std::cout << json::serialize(all) << "\n";
    return kOk;
  }
  Listing table{{"version", "at", "action", "actor", "role", "from", "to", "reason"}, {}, {}};
  for (auto const& entry : all) {
    std::vector<std::string> row;
    for (auto const& name : table.names) {
      auto const* field = entry.as_object().if_contains(name == "from" ? "from_state" : name == "to" ? "to_state" : name);
      if (!field) field = entry.as_object().if_contains(name);
      row.push_back(!field || field->is_null() ? "" : field->is_string() ? std::string(field->as_string()) : json::serialize(*field));
    }
    table.rows.push_back(std::move(row));
  }
  print(table, style_for_stdout(c.json), std::cout);
  return kOk;
}

// ---- spool

int run_spool(Context& c) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(c.layout.spool, ignored))
    throw EnvironmentError("no spool in " + c.layout.spool.string() + ": give the right --data");
  Listing table{{"queued", "committed", "damaged", "bytes", "oldest_queued"}, {}, {}, {"queued", "committed", "damaged", "bytes"}};
  if (c.lang == "zh") table.titles = {"待送", "已入库", "损坏", "字节", "最早待送"};
  std::int64_t damaged = 0;
  auto const gateway = read_pid(c.layout.pid_file("gateway"));
  if (gateway && alive(*gateway)) {  // it has the spool; ask it
    auto const doors = doors_of(c.layout, c.settings);
    HttpClient client(doors.url, std::chrono::seconds(15), doors.certificate);
    auto const spool = json::parse(client.request("GET", "/readyz").body).at("parts").at("spool");
    damaged = spool.at("damaged").as_int64();
    table.rows.push_back({json::serialize(spool.at("queued")), json::serialize(spool.at("kept")), std::to_string(damaged), "", ""});
  } else {
    auto const health = spool::open_sqlite(c.layout.spool.string(), 0)->health();
    damaged = health.damaged;
    table.rows.push_back({std::to_string(health.queued), std::to_string(health.committed), std::to_string(damaged), std::to_string(health.bytes),
                          health.oldest_queued ? http::format_time(*health.oldest_queued, 480) : ""});
  }
  print(table, style_for_stdout(c.json), std::cout);
  return damaged ? kDamaged : kOk;
}

// ---- audit

std::unique_ptr<AnchorPlace> place_of(Context const& c, std::string const& given) {
  auto const& where = given.empty() ? c.settings.audit.anchor : given;
  return where.empty() ? nullptr : anchor_place(where);
}

int run_anchor(Context& c, std::string const& given) {
  auto const place = place_of(c, given);
  if (!place) throw UsageError("no folder or URL: set [audit] anchor in wangge.toml, or give --to");
  Database database(c.settings, c.layout, tell);
  make_folders(c.layout);
  auto const lies = write_anchor(storage::read_heads(database.url()), *place, c.layout.keys);
  std::cout << (lies.empty() ? std::string(c.say("没有变化", "nothing moved since the last one")) : lies) << "\n";
  return kOk;
}

int run_verify(Context& c, std::string const& given) {
  Database database(c.settings, c.layout, tell);
  auto const place = place_of(c, given);
  auto const anchors = place ? read_anchors(*place, c.layout.keys) : Anchors{};
  auto report = storage::verify_chains(database.url(), anchors.heads);
  for (auto const& bad : anchors.bad) report.findings.push_back({"", "", 0, "", bad});
  for (auto const& district : storage::open_postgres(database.url(), "cli")->districts()) storage::verify_replays(database.url(), district, report);
  Listing table{{"district", "chain", "seq", "case_no", "what"}, {}, {}, {"seq"}};
  for (auto const& f : report.findings) table.rows.push_back({f.district, f.chain, std::to_string(f.seq), f.case_no, f.what});
  Listing counts{{"chains", "rows", "cases", "anchored_heads"}, {}, {}, {"chains", "rows", "cases", "anchored_heads"}};
  counts.rows.push_back({std::to_string(report.chains), std::to_string(report.rows), std::to_string(report.cases),
                         std::to_string(anchors.heads.size())});
  print_with_findings(counts, table, style_for_stdout(c.json), std::cout);
  return report.findings.empty() ? kOk : kDamaged;
}

}  // namespace

void add_report(CLI::App& app, Context& c) {
  auto* sub = app.add_subcommand("report", "Statistics");
  sub->require_subcommand(1);
  sub->fallthrough();
  auto* closure = sub->add_subcommand("closure", "The closure table of a month, or of another period");
  closure->fallthrough();
  auto const f = std::make_shared<ClosureFlags>();
  closure->add_option("--month", f->month, "2026-10 (default: this month)");
  closure->add_option("--from", f->from, "First local day, with --to");
  closure->add_option("--to", f->to, "Last local day");
  closure->add_option("--period", f->period, "day, week, month, quarter or year around --month or --from");
  closure->add_option("--as-of", f->as_of, "Read as of this moment");
  closure->add_option("--by", f->by, "district, street, community, grid, unit, squad, class, category, source, region_tree or unit_tree")->capture_default_str();
  closure->add_option("--campaign", f->campaign, "The figures of this campaign alone (its key); without it those counted apart are left out");
  closure->add_option("--format", f->format, "table, tsv, json, csv, xlsx or html (a page to print)")->check(CLI::IsMember({"table", "tsv", "json", "csv", "xlsx", "html"}));
  closure->add_flag("--compare", f->compare, "Beside the period before and a year ago (json, csv, xlsx, html)");
  closure->add_option("--number", f->number, "The printed page's number");
  closure->add_option("--organisation", f->organisation, "Who publishes it (default: the district)");
  closure->add_option("-o,--output", f->file, "Write to this file");
  closure->add_option("--district", f->district, "Six digits (default: the only one)");
  closure->add_flag("--demo-month", f->demo_month, "The month of yesterday")->group("");
  add_figures(*sub, c);
  add_publication(*sub, c);
  closure->callback([&c, f] { c.run = [&c, f] { return run_closure(c, *f); }; });
}

void add_case(CLI::App& app, Context& c) {
  auto* sub = app.add_subcommand("case", "One case");
  sub->require_subcommand(1);
  sub->fallthrough();
  auto const number = std::make_shared<std::string>();
  auto const district = std::make_shared<std::string>();
  auto* show = sub->add_subcommand("show", "Its present row and open tasks");
  auto* history = sub->add_subcommand("history", "Its timeline");
  for (auto* inner : {show, history}) {
    inner->fallthrough();
    inner->add_option("CASE_NO", *number, "The case number")->required();
    inner->add_option("--district", *district, "Six digits (default: the only one)");
  }
  show->callback([&c, number, district] { c.run = [&c, number, district] { return run_show(c, *number, *district); }; });
  history->callback([&c, number, district] { c.run = [&c, number, district] { return run_history(c, *number, *district); }; });
}

void add_spool(CLI::App& app, Context& c) {
  auto* sub = app.add_subcommand("spool", "Reports accepted by this machine's gateway");
  sub->require_subcommand(1);
  sub->fallthrough();
  auto* status = sub->add_subcommand("status", "How many wait, how many are kept (exit code 4: damaged records)");
  status->fallthrough();
  status->callback([&c] { c.run = [&c] { return run_spool(c); }; });
}

void add_audit(CLI::App& app, Context& c) {
  auto* sub = app.add_subcommand("audit", "The tamper-evident log");
  sub->require_subcommand(1);
  sub->fallthrough();
  auto const folder = std::make_shared<std::string>();
  auto* verify = sub->add_subcommand("verify", "Recompute every chain and replay every case (exit code 4: something was changed)");
  verify->fallthrough();
  verify->add_option("--anchor", *folder, "Folder or URL of signed heads (default audit.anchor)");
  verify->callback([&c, folder] { c.run = [&c, folder] { return run_verify(c, *folder); }; });
  auto* anchor = sub->add_subcommand("anchor", "Sign the heads of the chains and copy them away (what `up` does every ten minutes)");
  anchor->fallthrough();
  anchor->add_option("--to", *folder, "Folder or URL elsewhere (default audit.anchor)");
  anchor->callback([&c, folder] { c.run = [&c, folder] { return run_anchor(c, *folder); }; });
}

}  // namespace wangge::deploy
