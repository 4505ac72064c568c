#include "tests/bench/templates.hpp"

#include <cstdio>
#include <map>

namespace wangge::bench {
namespace {

// What one report writes (storage/postgres_save.cpp), the idempotency key first; and where a row's case number is found. Not
// figure_delta: its rows are a batch's, not a report's.
Table const kTables[] = {
    {"report_key", "report_key x", "x.case_no", {}},
    {"cases", "cases x", "x.case_no", {}},
    {"span", "span x", "x.case_no", {}},
    {"task", "task x", "x.case_no", {}},
    {"history", "history x", "x.case_no", {}},
    {"reporter", "reporter x", "x.case_no", {}},
    {"report_extras", "report_extras x", "x.case_no", {}},
    {"case_mark", "case_mark x", "x.case_no", {}},
    {"timer", "timer x", "x.case_no", {}},
    {"case_media", "case_media x", "x.case_no", {}},
    {"outbox", "task k JOIN outbox x ON x.district = k.district AND x.task_id = k.task_id", "k.case_no", {}}};

// Nothing but the report and what followed at once by itself.
constexpr char const* kFresh =
    "SELECT case_no, report_id, key FROM report_key r WHERE EXISTS (SELECT FROM cases c WHERE c.district = r.district "
    "AND "
    "c.case_no = r.case_no AND c.state = 'pending_dispose' AND c.signed_at IS NULL) ORDER BY recorded_at DESC LIMIT ";

void replace(std::string& in, std::string const& what, std::string const& by) {
  for (auto at = in.find(what); at != std::string::npos; at = in.find(what, at + by.size()))
    in.replace(at, what.size(), by);
}

// The last characters of a text give way to these.
std::string ending(std::string text, std::string const& end) {
  if (text.size() < end.size()) return end;
  return text.replace(text.size() - end.size(), end.size(), end);
}

std::string formatted(char const* format, std::int64_t number) {
  char text[40];
  std::snprintf(text, sizeof text, format, static_cast<long long>(number));
  return text;
}

}  // namespace

std::vector<Column> columns_of(Postgres& db, std::string const& table) {
  std::vector<Column> columns;
  auto const r = db.run(
      "SELECT a.attname, format_type(a.atttypid, a.atttypmod), t.typcategory = 'A' OR t.typname = 'bytea' FROM "
      "pg_attribute a "
      "JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = '" +
      table +
      "'::regclass AND a.attnum > 0 AND NOT a.attisdropped "
      "AND a.attidentity = '' AND a.attgenerated = '' ORDER BY a.attnum");
  for (int i = 0; i < PQntuples(r.get()); ++i) columns.push_back({text(r, i, 0), text(r, i, 1), text(r, i, 2) == "t"});
  return columns;
}

std::string names(std::vector<Column> const& columns) {
  std::string list;
  for (auto const& c : columns) list += (list.empty() ? "" : ", ") + c.name;
  return list;
}

std::string selected(std::vector<Column> const& columns) {
  std::string list;
  for (auto const& c : columns) list += (list.empty() ? "t." : ", t.") + c.name + (c.cast ? "::" + c.type : "");
  return list;
}

std::string unnested(std::vector<Column> const& columns, int& n, bool with_owner) {
  std::string arrays, alias;
  auto const add = [&](std::string const& name, std::string const& type) {
    arrays += (arrays.empty() ? "$" : ", $") + std::to_string(n++) + "::" + type + "[]";
    alias += (alias.empty() ? "" : ", ") + name;
  };
  for (auto const& c : columns) add(c.name, c.cast ? "text" : c.type);
  if (with_owner) add("of_case", "text");
  return "unnest(" + arrays + ") AS t(" + alias + ")";
}

Templates::Templates(Postgres& db, int most_cases) {
  auto const fresh = db.run(kFresh + std::to_string(most_cases));
  for (int i = 0; i < PQntuples(fresh.get()); ++i)
    cases_.push_back({{text(fresh, i, 0), text(fresh, i, 1), text(fresh, i, 2)}, {}});
  if (cases_.empty()) throw std::runtime_error("no fresh cases to take as templates: send reports first");
  for (auto const& table : kTables) {
    tables_.push_back(table);
    tables_.back().columns = columns_of(db, table.name);
    read_rows(db, tables_.size() - 1);
  }
}

void Templates::read_rows(Postgres& db, std::size_t table) {
  auto const& t = tables_[table];
  Array wanted;
  std::map<std::string, Case*> by_number;
  for (auto& c : cases_) {
    wanted.add(c.ids.case_no);
    by_number[c.ids.case_no] = &c;
    c.rows.emplace_back();
  }
  std::string list;
  for (auto const& c : t.columns) list += "x." + c.name + ", ";
  db.prepare("SELECT " + list + t.owner + " FROM " + t.from + " WHERE " + t.owner + " = ANY ($1::text[])");
  auto const r = db.run_prepared({wanted.finish()});
  auto const owner = static_cast<int>(t.columns.size());
  for (int i = 0; i < PQntuples(r.get()); ++i) {
    Row row;
    for (int c = 0; c < owner; ++c) row.values.push_back(value(r, i, c));
    by_number.at(text(r, i, owner))->rows[table].push_back(std::move(row));
  }
}

// As long as the template's own, so that rows keep their size; report ids begin anywhere, as hashes do.
Templates::Ids Templates::ids_for(std::int64_t number) const {
  auto const& old = cases_[static_cast<std::size_t>(number) % cases_.size()].ids;
  Ids ids{case_no(number), old.report_id, ending(old.key, formatted("%012llx", number))};
  ids.report_id.replace(0, 8, formatted("%08llx", (number * 2654435761) & 0xffffffff));
  ids.report_id = ending(ids.report_id, formatted("%012llx", number));
  return ids;
}

std::string Templates::case_no(std::int64_t number) const {
  auto const& old = cases_[static_cast<std::size_t>(number) % cases_.size()].ids.case_no;
  return ending(old, formatted("%013lld", number));
}

std::vector<std::string> Templates::batch(std::int64_t number, std::size_t count) const {
  std::vector<std::vector<Array>> arrays;
  for (auto const& t : tables_) arrays.emplace_back(t.columns.size() + 1);
  for (auto end = number + static_cast<std::int64_t>(count); number < end; ++number) {
    auto const& c = cases_[static_cast<std::size_t>(number) % cases_.size()];
    auto const ids = ids_for(number);
    for (std::size_t t = 0; t < tables_.size(); ++t) {
      for (auto const& row : c.rows[t]) {
        for (std::size_t i = 0; i < row.values.size(); ++i) {
          auto v = row.values[i];
          if (v && v->size() >= c.ids.case_no.size()) {
            replace(*v, c.ids.case_no, ids.case_no);
            replace(*v, c.ids.report_id, ids.report_id);
            replace(*v, c.ids.key, ids.key);
          }
          arrays[t][i].add(v);
        }
        arrays[t].back().add(ids.case_no);
      }
    }
  }
  std::vector<std::string> params;
  for (auto& table : arrays)
    for (auto& array : table) params.push_back(array.finish());
  return params;
}

}  // namespace wangge::bench
