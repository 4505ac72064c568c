#include "deploy/standing_desk.hpp"

#include <algorithm>
#include <map>
#include <sstream>
#include <tuple>

#include "deploy/city/readers.hpp"
#include "deploy/city/tables.hpp"
#include "deploy/city/xlsx.hpp"
#include "deploy/csv.hpp"

namespace wangge::deploy {
namespace {

namespace standing = storage::standing;
using console::PartFault;
using console::PartPut;
using console::PartResult;

// The texts that the part's readers ask for, and where each row of the page stands in them.
struct Texts {
  std::map<std::string, FileText> files;
  std::map<std::string, std::string> tables;  // file -> table
  std::vector<PartTable> const* given;

  explicit Texts(std::vector<PartTable> const& list) : given(&list) {
    for (auto const& table : list) {
      auto [file, text] = file_of(table);
      tables[file] = table.name;
      files[file] = std::move(text);
    }
  }
  FileSource source() const {
    return [this](std::string const& name, std::string& text) {
      auto const found = files.find(name);
      if (found == files.end()) return false;
      text = found->second.text;
      return true;
    };
  }
  PartFault fault(BadRow const& bad) const {
    PartFault out;
    auto const table = tables.find(bad.file);
    out.table = table == tables.end() ? bad.file.substr(0, bad.file.find('.')) : table->second;
    out.column = bad.column, out.reason = bad.reason;
    auto const file = files.find(bad.file);
    if (file != files.end() && bad.line > 0) {
      auto const& lines = file->second.lines;
      auto const row = std::upper_bound(lines.begin(), lines.end(), bad.line);
      out.row = row == lines.begin() ? -1 : row - lines.begin() - 1;
    }
    if (out.table == "switches" && bad.column.starts_with("policy.")) {  // a switch that stands at its default has no line of its own
      auto const name = bad.column.substr(7);
      for (auto const& one : *given) {
        auto const at = std::find_if(one.rows.begin(), one.rows.end(), [&](auto const& row) { return row[0] == name; });
        if (at != one.rows.end()) out.row = at - one.rows.begin();
      }
      out.column = "value";
    }
    return out;
  }
};

std::vector<core::Finding> findings_of(std::string const& part, standing::StandingSet const& set) {
  if (part != "rules" && part != "responsibility" && part != "catalogue" && part != "bodies") return {};
  auto const city = set.city();
  auto const now = std::chrono::system_clock::now() + std::chrono::minutes(set.utc_offset_minutes);
  core::LocalDay const today = std::chrono::floor<std::chrono::days>(now);
  std::vector<std::string> streets;
  for (auto const& street : set.streets) streets.push_back(street.code);
  auto found = part == "responsibility" ? std::vector<core::Finding>{} : core::check_rules(city, today);
  if (part != "rules") {
    auto const list = core::check_list(city, today, streets);
    found.insert(found.end(), list.begin(), list.end());
  }
  return found;
}

}  // namespace

bool CityDesk::has(std::string const& part) const {
  auto const parts = editable_parts();
  return std::find(parts.begin(), parts.end(), part) != parts.end();
}

console::PartStands CityDesk::stands(std::string const& district, std::string const& part) {
  return standing::part_stands(url_, district, part);
}

std::vector<console::PartTable> CityDesk::tables(std::string const& district, std::string const& part) {
  return tables_of(part, standing::load_set(url_, district));
}

PartResult CityDesk::put(std::string const& district, std::string const& part, PartPut const& put) {
  PartResult out;
  Texts const texts(put.tables);
  auto const read = read_part_files(part, texts.source(), standing::load_set(url_, district));
  for (auto const& bad : read.bad) {
    auto fault = texts.fault(bad);
    auto const same = [&](PartFault const& f) { return std::tie(f.table, f.row, f.column, f.reason) == std::tie(fault.table, fault.row, fault.column, fault.reason); };
    // A column that is read twice (as a time of its own and among the dates) is told once.
    if (std::none_of(out.faults.begin(), out.faults.end(), same)) out.faults.push_back(std::move(fault));
  }
  if (!out.faults.empty()) return out;
  out.findings = findings_of(part, read.set);
  out.refused = part == "rules" && !put.allow_findings && std::any_of(out.findings.begin(), out.findings.end(), [](core::Finding const& f) {
                  return f.kind == "never" || f.kind == "shadowed" || f.kind == "disputed";
                });
  standing::WriteOptions options;
  options.parts = {part};
  options.dry_run = put.dry_run || out.refused;
  options.expect = put.version;
  options.by = put.by, options.note = put.note;
  auto written = standing::write(url_, read.set, options);
  out.changes = std::move(written.changes);
  out.version = written.version;
  if (part == "calendars" || part == "bodies" || part == "policy") out.moved = standing::moved_deadlines(url_, read.set.city());
  return out;
}

std::vector<console::PartTable> CityDesk::unpack(std::string const& part, std::string const& name, std::string const& bytes,
                                                 std::vector<PartFault>& faults) {
  auto const known = tables_of(part, standing::StandingSet{});
  auto const table_of = [&](std::string const& stem) {
    return std::find_if(known.begin(), known.end(), [&](auto const& t) { return t.name == stem; });
  };
  std::map<std::string, std::string> texts;  // table -> CSV
  auto const stem = name.substr(0, name.rfind('.'));
  if (bytes.starts_with("PK")) {
    try {
      auto sheets = read_xlsx(bytes);
      bool const only = sheets.size() == 1 && known.size() == 1;
      for (auto& [sheet, csv] : sheets) {
        auto const table = only ? known.begin() : table_of(sheet);
        if (table != known.end()) texts[table->name] = std::move(csv);
      }
    } catch (XlsxBroken const& broken) {
      faults.push_back({name, -1, "", broken.what()});
      return {};
    }
  } else {
    auto const table = known.size() == 1 ? known.begin() : table_of(stem);
    if (table != known.end()) texts[table->name] = bytes;
  }
  std::string names;
  for (auto const& table : known) names += (names.empty() ? "" : ", ") + table.name;
  if (texts.empty()) faults.push_back({name, -1, "", "holds none of " + names});
  std::vector<console::PartTable> out;
  for (auto const& [table_name, text] : texts) {
    auto const& form = *table_of(table_name);
    PartTable table{table_name, form.columns, {}};
    if (!is_utf8(text)) {
      faults.push_back({table_name, -1, "", "is not UTF-8"});
      continue;
    }
    std::istringstream in(text);
    CsvReader csv(in);
    std::vector<std::string> head, fields;
    try {
      csv.next(head);
      std::vector<std::size_t> to(head.size(), form.columns.size());
      for (std::size_t i = 0; i < head.size(); ++i) {
        auto const at = std::find(form.columns.begin(), form.columns.end(), head[i]);
        to[i] = static_cast<std::size_t>(at - form.columns.begin());
        if (at == form.columns.end()) faults.push_back({table_name, -1, head[i], "there is no such column"});
      }
      while (csv.next(fields)) {
        auto& row = table.rows.emplace_back(form.columns.size());
        if (fields.size() > head.size())
          faults.push_back({table_name, static_cast<std::int64_t>(table.rows.size()) - 1, "", "has more fields than the head"});
        for (std::size_t i = 0; i < std::min(fields.size(), head.size()); ++i) {
          if (to[i] < form.columns.size()) row[to[i]] = fields[i];
        }
      }
    } catch (CsvBroken const& broken) {
      faults.push_back({table_name, static_cast<std::int64_t>(table.rows.size()), "", broken.what()});
      continue;
    }
    out.push_back(std::move(table));
  }
  return out;
}

bool CityDesk::switch_plan(std::string const& district, std::string const& plan, bool on, std::string const& by, std::string const& reason) {
  return standing::switch_plan(url_, district, plan, on, by, reason);
}

}  // namespace wangge::deploy
