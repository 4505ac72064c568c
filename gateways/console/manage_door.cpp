#include "gateways/console/manage_door.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "dispatcher/core/switches.hpp"
#include "gateways/console/answers.hpp"
#include "gateways/console/table_answers.hpp"
#include "gateways/http/body.hpp"
#include "gateways/http/rfc3339.hpp"

namespace wangge::console {
namespace {

namespace json = boost::json;
using core::Role;

constexpr std::size_t kTablesMost = 8, kRowsMost = 20'000, kColumnsMost = 40, kCellMost = 4000, kNoteMost = 500;
constexpr std::array<std::string_view, 3> kPartFormats{"json", "csv", "xlsx"};

struct PartRight {
  std::string_view part;
  std::vector<Role> who;
};
std::vector<PartRight> const& rights() {
  static std::vector<PartRight> const all{
      {"policy", {Role::catalogue_admin, Role::leader}},
      {"calendars", {Role::catalogue_admin}},
      {"bodies", {Role::catalogue_admin, Role::sys_admin}},
      {"catalogue", {Role::catalogue_admin}},
      {"rules", {Role::catalogue_admin, Role::coordinator}},
      {"responsibility", {Role::catalogue_admin, Role::coordinator}},
      {"shifts", {Role::catalogue_admin, Role::shift_leader}},
      {"duty", {Role::catalogue_admin, Role::shift_leader, Role::patrol_lead}},
      {"areas", {Role::catalogue_admin}},
      {"campaigns", {Role::catalogue_admin, Role::shift_leader, Role::coordinator}},
      {"plans", {Role::catalogue_admin, Role::coordinator}},
  };
  return all;
}

// A part is the whole city's: who sees only a street or a unit of it does not publish it.
bool may_publish(core::Principal const& who, std::string_view part) {
  if (!who.street.empty() || !who.unit.empty() || !who.squad.empty()) return false;
  auto const found = std::find_if(rights().begin(), rights().end(), [&](PartRight const& r) { return r.part == part; });
  return found != rights().end() && std::find(found->who.begin(), found->who.end(), who.role) != found->who.end();
}

json::array tables_json(std::vector<PartTable> const& tables) {
  json::array out;
  for (auto const& table : tables) {
    json::array columns, rows;
    for (auto const& column : table.columns) columns.emplace_back(column);
    for (auto const& row : table.rows) {
      json::array cells;
      for (auto const& cell : row) cells.emplace_back(cell);
      rows.push_back(std::move(cells));
    }
    out.push_back(json::object{{"name", table.name}, {"columns", std::move(columns)}, {"rows", std::move(rows)}});
  }
  return out;
}

// As the file would be: what is downloaded can be uploaded again.
std::string csv_of(PartTable const& table) {
  std::string text = "\xEF\xBB\xBF";
  auto const put = [&](std::vector<std::string> const& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      text += i == 0 ? "" : ",";
      if (row[i].find_first_of(",\"\r\n") == std::string::npos) {
        text += row[i];
        continue;
      }
      text += '"';
      for (char const c : row[i]) text += c == '"' ? "\"\"" : std::string(1, c);
      text += '"';
    }
    text += "\r\n";
  };
  put(table.columns);
  for (auto const& row : table.rows) put(row);
  return text;
}

json::array faults_json(std::vector<PartFault> const& faults) {
  json::array out;
  for (auto const& f : faults)
    out.push_back(json::object{{"table", f.table}, {"row", f.row}, {"column", f.column}, {"reason", f.reason}});
  return out;
}

json::value parsed_or_null(std::string const& text) { return text.empty() ? json::value(nullptr) : json::parse(text); }

json::array changes_json(std::vector<storage::standing::PartChange> const& changes) {
  json::array out;
  for (auto const& change : changes) {
    json::array rows;
    for (auto const& row : change.rows)
      rows.push_back(json::object{{"key", row.key}, {"change", row.change}, {"was", parsed_or_null(row.was)}, {"is", parsed_or_null(row.is)}});
    out.push_back(json::object{{"part", change.part}, {"added", change.added}, {"changed", change.changed}, {"removed", change.removed}, {"rows", std::move(rows)}});
  }
  return out;
}

json::array findings_json(std::vector<core::Finding> const& findings, std::string_view lang) {
  json::array out;
  for (auto const& f : findings)
    out.push_back(json::object{{"kind", f.kind}, {"rule", f.rule}, {"other", f.other}, {"words", lang == "en" ? f.en : f.zh}});
  return out;
}

json::object moved_json(storage::standing::MovedDeadlines const& moved) {
  json::array cases;
  for (auto const& one : moved.first)
    cases.push_back(json::object{{"case_no", one.case_no}, {"unit", one.unit}, {"before", http::format_time(one.before)}, {"after", http::format_time(one.after)}});
  return {{"open", moved.open}, {"moved", moved.moved}, {"cases", std::move(cases)}};
}

// What each switch is, for a form: its words, its kind, its bounds.
json::array switches_json() {
  json::array out;
  core::Policy const defaults;
  auto const values = core::switch_values(defaults);
  for (auto const& [name, value] : values) {
    auto const* info = core::find_switch(name);
    std::string kind = name == "verify_first" ? "words" : "text";
    core::for_each_switch(defaults, [&, known = name](std::string_view one, auto const& now) {
      using Kind = std::decay_t<decltype(now)>;
      if (one != known) return;
      kind = std::is_same_v<Kind, bool> ? "boolean" : std::is_same_v<Kind, std::string> ? "text" : std::is_same_v<Kind, double> ? "real" : "number";
    });
    json::object one{{"name", name}, {"kind", kind}, {"default", value}};
    if (info != nullptr) {
      one["zh"] = info->zh, one["en"] = info->en, one["choices"] = info->choices, one["reports"] = info->reports;
      if (info->most > info->least) one["least"] = info->least, one["most"] = info->most;
    }
    out.push_back(std::move(one));
  }
  return out;
}

json::object stands_json(PartStands const& stands) {
  return {{"version", stands.version}, {"at", stands.at}, {"by", stands.by}, {"note", stands.note}};
}

std::vector<PartTable> read_tables(http::Fields& fields, std::vector<PartTable> const& known) {
  std::vector<PartTable> out;
  for (auto& one : fields.objects("tables", 1, kTablesMost)) {
    PartTable table{one.text("name", http::Need::required, 40), one.texts("columns", 1, kColumnsMost, 40), {}};
    auto const form = std::find_if(known.begin(), known.end(), [&](auto const& t) { return t.name == table.name; });
    if (form == known.end()) {
      one.fail("name", "unknown_value");
      continue;
    }
    if (table.columns != form->columns) one.fail("columns", "unknown_value");
    auto const* rows = one.find("rows");
    if (rows == nullptr || !rows->is_array() || rows->as_array().size() > kRowsMost) {
      one.fail("rows", rows == nullptr ? "required" : rows->is_array() ? "too_many" : "wrong_type");
      continue;
    }
    for (auto const& row : rows->as_array()) {
      auto& cells = table.rows.emplace_back();
      bool good = row.is_array() && row.as_array().size() == form->columns.size();
      for (std::size_t i = 0; good && i < row.as_array().size(); ++i) {
        auto const& cell = row.as_array()[i];
        good = cell.is_string() && cell.as_string().size() <= kCellMost;
        if (good) cells.emplace_back(cell.as_string());
      }
      if (good) continue;
      one.fail("rows", "bad_format");
      break;
    }
    out.push_back(std::move(table));
  }
  return out;
}

http::Response stale(PartStands const& stands, std::string_view lang) {
  auto const words = lang == "en" ? stands.by + " changed it at " + stands.at + (stands.note.empty() ? "" : ": " + stands.note)
                                  : stands.by + " 已于 " + stands.at + " 修改" + (stands.note.empty() ? "" : "：" + stands.note);
  auto problem = http::problem(409, "stale_part", lang, words);
  extend(problem, "\"stands\":" + json::serialize(stands_json(stands)));
  return problem;
}

http::Response no_desk(std::string_view lang) { return http::problem(501, "not_implemented", lang); }

}  // namespace

std::vector<Role> part_readers() {
  return {Role::patrol_lead, Role::acceptor,  Role::shift_leader, Role::dispatch_officer, Role::coordinator, Role::evaluator,
          Role::inspector,   Role::leader,    Role::auditor,      Role::catalogue_admin,  Role::sys_admin,   Role::unit_head};
}

std::vector<Role> part_makers() {
  std::vector<Role> out;
  for (auto const& right : rights()) {
    for (auto const role : right.who) {
      if (std::find(out.begin(), out.end(), role) == out.end()) out.push_back(role);
    }
  }
  return out;
}

void ManageDoor::part(http::Request request, http::Reply reply) {
  if (desk_ == nullptr) return reply(no_desk(request.lang));
  reply(reading(request.lang, [&] {
    std::string const part(request.params.get("part"));
    if (!desk_->has(part)) return not_found(request.lang);
    auto const format = word(request, "format", kPartFormats, "json");
    auto const stands = desk_->stands(request.who.district, part);
    auto const tables = desk_->tables(request.who.district, part);
    if (format == "xlsx")
      return as_xlsx(request.lang, part + "-" + std::to_string(stands.version) + ".xlsx",
                     [&](std::string const& path) { storage::standing::write_tables(tables, path); });
    if (format == "csv") {
      auto const table = request.arg("table").empty() ? tables.begin() : std::find_if(tables.begin(), tables.end(), [&](auto const& t) { return t.name == request.arg("table"); });
      if (table == tables.end()) throw storage::BadFilter("table", "no such table");
      return as_file("text/csv; charset=utf-8", csv_of(*table), table->name + ".csv");
    }
    auto out = stands_json(stands);
    out["part"] = part;
    out["may_publish"] = may_publish(request.who, part);
    out["tables"] = tables_json(tables);
    if (part == "policy") out["switches"] = switches_json();
    return http::json(200, json::serialize(out));
  }));
}

void ManageDoor::unpack(http::Request request, http::Reply reply) {
  if (desk_ == nullptr) return reply(no_desk(request.lang));
  reply(reading(request.lang, [&] {
    std::string const part(request.params.get("part")), name(request.arg("name"));
    if (!desk_->has(part)) return not_found(request.lang);
    if (name.size() > 200) throw storage::BadFilter("name", "is too long");
    std::vector<PartFault> faults;
    auto const tables = desk_->unpack(part, name.empty() ? part : name, request.body, faults);
    return http::json(200, json::serialize(json::object{{"tables", tables_json(tables)}, {"faults", faults_json(faults)}}));
  }));
}

void ManageDoor::check(http::Request request, http::Reply reply) { put(std::move(request), std::move(reply), true); }
void ManageDoor::publish(http::Request request, http::Reply reply) { put(std::move(request), std::move(reply), false); }

void ManageDoor::put(http::Request request, http::Reply reply, bool dry_run) {
  if (desk_ == nullptr) return reply(no_desk(request.lang));
  std::string const part(request.params.get("part"));
  if (!desk_->has(part)) return reply(not_found(request.lang));
  if (!may_publish(request.who, part)) return reply(http::problem(403, "not_yours", request.lang));
  reply(reading(request.lang, [&] {
    PartPut put;
    put.dry_run = dry_run;
    put.by = request.who.name;
    auto const fault = http::body_fault(request, [&](http::Fields& fields) {
      put.version = fields.integer("version", http::Need::required, 0, INT64_MAX).value_or(0);
      put.note = fields.text("note", dry_run ? http::Need::optional : http::Need::required, kNoteMost);
      put.allow_findings = fields.boolean("allow_findings", http::Need::optional).value_or(false);
      put.tables = read_tables(fields, desk_->tables(request.who.district, part));
    });
    if (fault) return *fault;
    try {
      auto const result = desk_->put(request.who.district, part, put);
      if (!result.faults.empty()) {
        auto problem = http::problem(422, "bad_part", request.lang,
                                     request.lang == "en" ? std::to_string(result.faults.size()) + " faults; nothing was changed"
                                                          : "有 " + std::to_string(result.faults.size()) + " 处错误，未作任何修改");
        extend(problem, "\"faults\":" + json::serialize(faults_json(result.faults)));
        return problem;
      }
      if (result.refused && !dry_run) {
        auto problem = http::problem(422, "bad_part", request.lang,
                                     request.lang == "en" ? "Rules never answer, stand in a shadow or dispute; nothing was changed" : "有规则永不命中、被遮盖或相互冲突，未作任何修改");
        extend(problem, "\"findings\":" + json::serialize(findings_json(result.findings, request.lang)));
        return problem;
      }
      return http::json(200, json::serialize(json::object{{"part", part},
                                                          {"version", dry_run ? put.version : result.version},
                                                          {"published", !dry_run},
                                                          {"refused", result.refused},
                                                          {"changes", changes_json(result.changes)},
                                                          {"findings", findings_json(result.findings, request.lang)},
                                                          {"moved", moved_json(result.moved)}}));
    } catch (storage::standing::StalePart const& e) {
      return stale(e.stands, request.lang);
    }
  }));
}

void ManageDoor::switch_plan(http::Request request, http::Reply reply) {
  if (desk_ == nullptr) return reply(no_desk(request.lang));
  if (!request.who.street.empty() || !request.who.unit.empty() || !request.who.squad.empty()) return reply(http::problem(403, "not_yours", request.lang));
  std::optional<bool> on;
  std::string reason;
  auto const fault = http::body_fault(request, [&](http::Fields& fields) {
    on = fields.boolean("on", http::Need::required);
    reason = fields.text("reason", http::Need::required, kNoteMost);
  });
  if (fault) return reply(*fault);
  reply(reading(request.lang, [&] {
    std::string const plan(request.params.get("plan"));
    auto const tables = desk_->tables(request.who.district, "plans");
    bool const known = !tables.empty() && std::any_of(tables[0].rows.begin(), tables[0].rows.end(), [&](auto const& row) { return row[0] == plan; });
    if (!known) return not_found(request.lang);
    if (!desk_->switch_plan(request.who.district, plan, *on, request.who.name, reason)) {
      bool const en = request.lang == "en";
      return http::problem(409, "already_so", request.lang, *on ? (en ? "the plan is on already" : "该预案已经启动") : (en ? "the plan is off already" : "该预案已经解除"));
    }
    return http::json(200, json::serialize(json::object{{"plan", plan}, {"on", *on}}));
  }));
}

}  // namespace wangge::console
