// report evaluation, settlement, book, bulletin, month, seal, verify: a month as it is published, and made final.
#include "deploy/commands/publication.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/json.hpp>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>

#include "deploy/anchor.hpp"
#include "deploy/output.hpp"
#include "storage/export_text.hpp"
#include "storage/publish/bulletin.hpp"
#include "storage/publish/publisher.hpp"
#include "storage/times.hpp"

namespace wangge::deploy {
namespace {

void tell(std::string const& text) { spdlog::info("{}", text); }

struct Published : Figures {
  Published(Context& c, FigureFlags const& f) : Figures(c, f, tell), publisher(database.url(), 1, storage::kUnhurried) {
    request.lang = c.lang;
    periods = {request, request_of(console::period_before(period, calendar), f, c.lang), request_of(console::year_before(period, calendar), f, c.lang)};
  }
  storage::Publisher publisher;
  storage::Periods periods;
};

std::string read_file(std::string const& name) {
  std::ifstream in(name, std::ios::binary);
  std::ostringstream all;
  if (!in || !(all << in.rdbuf())) throw UsageError("there is no file " + name);
  return std::move(all).str();
}

void give(FigureFlags const& f, std::string const& text) {
  f.file.empty() ? void(std::cout << text) : write_file(std::filesystem::absolute(f.file), text, 0644);
}

Listing listing_of(storage::Sheet const& sheet) {
  Listing table;
  for (auto const& column : sheet.columns) {
    table.names.push_back(column.id);
    table.titles.push_back(column.title);
  }
  for (auto const& row : sheet.rows) {
    auto& cells = table.rows.emplace_back();
    for (auto const& cell : row) cells.push_back(cell.text());
  }
  return table;
}

template <class Json>
int put_sheet(Context& c, Published& p, FigureFlags const& f, storage::Sheet const& sheet, Json&& json) {
  auto const format = !f.format.empty() ? f.format : c.json ? "json" : isatty(STDOUT_FILENO) ? "table" : "tsv";
  if (format == "xlsx") {
    if (f.file.empty()) throw UsageError("--format xlsx wants -o FILE");
    storage::write_workbook({sheet}, f.file);
  } else if (format == "table" || format == "tsv") {
    std::ostringstream out;
    print(listing_of(sheet), format == "table" ? Style::table : Style::tsv, out);
    if (format == "table") {
      std::string lines = sheet.title + "\n";
      for (auto const& line : sheet.above) lines += line + "\n";
      give(f, lines + "\n" + out.str());
    } else {
      give(f, out.str());
    }
  } else if (format == "html") {
    auto const city = p.publisher.city(p.district);
    give(f, storage::print_page({c.lang, f.organisation.empty() ? std::string(c.say(city->zh, city->en)) : f.organisation, sheet.title, f.number}, {sheet}));
  } else {
    give(f, format == "csv" ? storage::sheet_csv(sheet) : json() + "\n");
  }
  return kOk;
}

// A filter's name is the option's.
template <class Work>
auto asking(Work&& work) {
  try {
    return work();
  } catch (storage::BadFilter const& e) {
    throw UsageError("--" + e.field + ": " + (e.field == "scheme" ? std::string("there is no such scheme; give a file.toml, or one of: ") : std::string()) + e.what());
  }
}

int run_evaluation(Context& c, FigureFlags const& f) {
  Published p(c, f);
  auto const table = asking([&] {
    if (!f.scheme.ends_with(".toml")) return p.publisher.evaluation(p.request, f.scheme);
    auto const scheme = scheme_from_file(f.scheme);
    if (auto const fault = core::fault_of(scheme); !fault.empty()) throw UsageError(fault);
    return p.publisher.evaluation(p.request, scheme, false);
  });
  return put_sheet(c, p, f, storage::evaluation_sheet(table, c.lang), [&] { return storage::evaluation_json(table, c.lang); });
}

int run_settlement(Context& c, FigureFlags const& f) {
  Published p(c, f);
  auto const table = p.publisher.settlement(p.request);
  return put_sheet(c, p, f, storage::settlement_sheet(table, c.lang), [&] { return storage::settlement_json(table, c.lang); });
}

int run_book(Context& c, FigureFlags const& f) {
  if (f.file.empty()) throw UsageError("-o FILE.xlsx says where");
  Published p(c, f);
  storage::write_workbook(storage::month_book(p.publisher, p.periods, c.lang), f.file);
  return kOk;
}

int run_bulletin(Context& c, FigureFlags const& f) {
  if (f.file.empty()) throw UsageError("-o FILE.docx or FILE.xlsx says where");
  bool const xlsx = f.file.ends_with(".xlsx");
  if (!xlsx && !f.file.ends_with(".docx")) throw UsageError("-o: a bulletin is a .docx or an .xlsx file");
  auto const put = [&](std::string const& bytes) { write_file(std::filesystem::absolute(f.file), bytes, 0644); };
  if (f.write_template) return put(storage::default_template(xlsx ? storage::PackageKind::xlsx : storage::PackageKind::docx, c.lang)), kOk;
  try {
    std::string bytes;
    if (!f.from_template.empty()) {
      bytes = read_file(f.from_template);
      bool const is_xlsx = storage::kind_of(storage::read_package(bytes)) == storage::PackageKind::xlsx;
      if (is_xlsx != xlsx) throw UsageError("-o: the template is a ." + std::string(is_xlsx ? "xlsx" : "docx") + " file, and so is what comes of it");
    }
    Published p(c, f);
    std::map<std::string, std::string> more{{"made_on", storage::format_day(p.calendar.local_day(figures_now()))}};
    if (!f.number.empty()) more["number"] = f.number;
    if (!f.organisation.empty()) more["organisation"] = f.organisation;
    put(storage::bulletin(p.publisher, p.periods, c.lang, bytes, xlsx, std::move(more)));
  } catch (storage::BadTemplate const& e) {
    throw UsageError((f.from_template.empty() ? std::string("template") : f.from_template) + ": " + e.what());
  }
  return kOk;
}

int run_month(Context& c, FigureFlags const& f) {
  Published p(c, f);
  auto const first = p.calendar.local_day(p.period.from);
  auto const state = p.publisher.month_state(p.district, first);
  auto const waiting = p.publisher.waiting_appeals(p.district, first);
  auto const offset = p.publisher.city(p.district)->utc_offset;
  auto const& word = core::words(state.stage);
  Listing table{{"month", "state", "title", "cut_off", "appeals_until", "appeals_waiting", "sealed_by", "sealed_at", "digest"}, {}, {}};
  table.rows.push_back({state.month, std::string(word.id), std::string(c.say(word.zh, word.en)), storage::format_instant(state.cut_off, offset),
                        storage::format_instant(state.appeals_until, offset), std::to_string(waiting.size()), state.sealed_by,
                        state.sealed_at ? storage::format_instant(*state.sealed_at, offset) : "", state.digest});
  print(table, style_for_stdout(c.json), std::cout);
  return kOk;
}

int run_seal(Context& c, FigureFlags const& f) {
  if (f.month.empty()) throw UsageError("--month says which");
  Published p(c, f);
  make_folders(c.layout);
  try {
    auto const state = p.publisher.seal(p.request, f.who, [&](std::string const& text) { return sign_text(text, c.layout.keys); });
    std::cout << state.digest << "\n";
  } catch (storage::SealRefused const& e) {
    throw Failure(e.what());
  }
  return kOk;
}

constexpr int kPageOfRows = 200;

int run_corrections(Context& c, FigureFlags const& f) {
  if (f.month.empty()) throw UsageError("--month says which");
  Published p(c, f);
  namespace json = boost::json;
  Listing table{{"case_no", "kind", "sealed_to", "at", "by", "role", "reason", "was", "now"}, {}, {}};
  std::string cursor;
  do {
    auto const page = p.publisher.corrections(p.district, f.month, cursor, kPageOfRows);
    for (auto const& item : json::parse(page.items).as_array()) {
      auto& cells = table.rows.emplace_back();
      for (auto const& name : table.names) {
        auto const& value = item.at(name);
        cells.push_back(value.is_null()     ? ""
                        : value.is_string() ? std::string(value.as_string())
                                            : json::serialize(value));
      }
    }
    cursor = page.next_cursor;
  } while (!cursor.empty());
  print(table, style_for_stdout(c.json), std::cout);
  return kOk;
}

int run_verify(Context& c, FigureFlags const& f) {
  if (f.month.empty()) throw UsageError("--month says which");
  Published p(c, f);
  auto const seal = storage::find_seal(p.database.url(), p.district, f.month);
  if (!seal) throw Failure(f.month + " is not sealed");
  Listing table{{"where", "line"}, {}, {}};
  if (storage::sha256_hex(seal->content) != seal->digest) table.rows.push_back({"seal", "its digest does not fit its content"});
  if (!signature_fits(storage::seal_signed_text(p.district, f.month, seal->digest), seal->signature, c.layout.keys))
    table.rows.push_back({"seal", "its signature is not this installation's"});
  auto request = p.request;
  request.as_of = seal->as_of;
  request.live = false;
  for (auto& one : storage::seal_differences(seal->content, storage::seal_content(p.publisher, request, storage::seal_form(seal->content))))
    table.rows.push_back({one.sealed ? "sealed" : "now", std::move(one.line)});
  tell(f.month + ", sealed by " + seal->sealed_by + ": " + std::to_string(table.rows.size()) + " differences");
  if (!table.rows.empty() || c.json) print(table, style_for_stdout(c.json), std::cout);
  return table.rows.empty() ? kOk : kDamaged;
}

}  // namespace

void add_publication(CLI::App& report, Context& c) {
  auto const f = std::make_shared<FigureFlags>();
  auto const add = [&](char const* name, char const* help, FigureRun run) { return add_figure_command(report, c, f, name, help, run); };
  auto const period = [&](CLI::App* sub) { add_period_options(sub, *f); };
  auto const head = [&](CLI::App* sub) {
    sub->add_option("--number", f->number, "The document's number, on the page");
    sub->add_option("--organisation", f->organisation, "Who publishes it (default: the district)");
  };
  auto const form = [&](CLI::App* sub) {
    sub->add_option("--format", f->format, "table, tsv, json, csv, xlsx or html (a page to print)")->check(CLI::IsMember({"table", "tsv", "json", "csv", "xlsx", "html"}));
    sub->add_option("-o,--output", f->file, "Write to this file");
    head(sub);
  };
  auto* evaluation = add("evaluation", "Scores, grades and ranks of a month by a scheme", run_evaluation);
  period(evaluation), form(evaluation);
  evaluation
      ->add_option("--scheme", f->scheme, "What it judges: patroller, acceptor, shift_leader, dispatcher, department, region, another the city loaded; or a file.toml to try")
      ->capture_default_str();
  auto* settlement = add("settlement", "What contracted patrols did in a month, and what they are paid by the city's tariffs", run_settlement);
  period(settlement), form(settlement);
  auto* book = add("book", "The whole month as one workbook: closure by each grouping, indicators, scores, settlement, formulas", run_book);
  period(book);
  book->add_option("-o,--output", f->file, "The .xlsx file")->required();
  auto* bulletin = add("bulletin", "The bulletin (通报) of a month from a template (deploy/bulletin.md says what a template may ask for)", run_bulletin);
  period(bulletin), head(bulletin);
  bulletin->add_option("--template", f->from_template, "The city's own .docx or .xlsx (default: ours)");
  bulletin->add_flag("--write-template", f->write_template, "Write our own template to -o, to be changed to the city's taste");
  bulletin->add_option("-o,--output", f->file, "The .docx or .xlsx file")->required();
  add("month", "How final a month's figures are: cut-off, time for appeals, appeals that wait, seal", run_month);
  auto* seal = add("seal", "Seal a month once its time for appeals is over and none waits: digest and sign its figures; nothing can be backdated into it any more", run_seal);
  seal->add_option("--who", f->who, "Who seals it")->capture_default_str();
  add("corrections",
      "What was changed of a sealed month's cases since: amended, exempted, handed to enforcement; the month keeps its "
      "digits",
      run_corrections);
  add("verify", "Compare a sealed month with what is counted now (exit code 4: something differs)", run_verify);
}

}  // namespace wangge::deploy
