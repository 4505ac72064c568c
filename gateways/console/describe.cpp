// The API's description: the served table, with the bodies it takes. The actions' fields come from the lifecycle.
#include <array>

#include <boost/json.hpp>

#include "dispatcher/core/lifecycle.hpp"
#include "gateways/console/page_door.hpp"
#include "gateways/http/openapi.hpp"

namespace wangge::console {
namespace {

namespace json = boost::json;

json::object string_schema(std::size_t most) { return {{"type", "string"}, {"maxLength", most}}; }
json::object time_schema() { return {{"type", "string"}, {"format", "date-time"}}; }
json::object uuid_schema() { return {{"type", "string"}, {"format", "uuid"}}; }

json::object range_schema(double low, double high) { return {{"type", "number"}, {"minimum", low}, {"maximum", high}}; }

json::object photos_schema(int least) {
  return {{"type", "array"},
          {"minItems", least},
          {"maxItems", 9},
          {"items", json::object{{"type", "string"}, {"pattern", "^sha256-[0-9a-f]{64}$"}}}};
}

json::object object_schema(json::object properties, json::array required) {
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
}

template <class Words>
json::array words(Words const& list) {
  json::array out;
  for (std::string_view const word : list) out.emplace_back(word);
  return out;
}

json::object category_schema() {
  return object_schema({{"standard", json::object{{"enum", {"gbt47678.5-2026", "gbt30428.2-2013", "local"}}}},
                        {"kind", json::object{{"enum", {"component", "matter"}}}},
                        {"code", string_schema(32)}},
                       {"standard", "kind", "code"});
}

json::object report_schema() {
  json::object const measures{{"type", {"object", "array"}}};
  return object_schema(
      {{"client_report_id", string_schema(128)},
       {"source", json::object{{"enum", words(core::kSources)}}},
       {"category", category_schema()},
       {"condition", string_schema(32)},
       {"description", string_schema(4000)},
       {"lon", range_schema(-180, 180)},
       {"lat", range_schema(-90, 90)},
       {"crs", json::object{{"enum", {"CGCS2000", "WGS84", "GCJ02"}}}},
       {"address", string_schema(200)},
       {"component_id", string_schema(64)},
       {"measures", measures},
       {"photos", photos_schema(0)},
       {"reported_at", time_schema()},
       {"confidence", range_schema(0, 1)},
       {"self_disposed", object_schema({{"before", photos_schema(0)}, {"after", photos_schema(1)}}, {"after"})},
       {"reporter", object_schema({{"name", string_schema(100)}, {"phone", string_schema(40)}}, {})},
       {"upstream", object_schema({{"system", string_schema(64)}, {"number", string_schema(64)}, {"deadline", time_schema()}},
                                  {"system", "number"})},
       {"at", time_schema()}},
      {"source", "category", "description", "lon", "lat", "reported_at"});
}

json::object field_schema(core::FieldSpec const& spec) {
  if (spec.type == "photos") return photos_schema(spec.required ? 1 : 0);
  if (spec.type == "category") return category_schema();
  if (spec.type == "number") return spec.name == "lon" ? range_schema(-180, 180) : range_schema(-90, 90);
  if (spec.type == "time") return time_schema();
  if (spec.type == "codes") return {{"type", "array"}, {"maxItems", 9}, {"items", string_schema(64)}};
  if (spec.type != "choice") return string_schema(spec.type == "code" ? 64 : 4000);
  json::array choices;
  for (std::size_t from = 0; from < spec.choices.size();) {
    auto const bar = std::min(spec.choices.find('|', from), spec.choices.size());
    choices.emplace_back(spec.choices.substr(from, bar - from));
    from = bar + 1;
  }
  return {{"enum", std::move(choices)}};
}

json::object action_schema(core::ActionInfo const& action, std::string const& lang) {
  json::object properties{{"command_id", uuid_schema()},
                          {"version", json::object{{"type", "integer"}, {"minimum", 0}}},
                          {"at", time_schema()}};
  json::array required{"command_id", "version"};
  for (auto const& spec : action.fields) {
    properties[spec.name] = field_schema(spec);
    if (spec.required) required.emplace_back(spec.name);
    if (!spec.required_when.empty())
      properties[spec.name].as_object()["description"] = "required when " + std::string(spec.required_when);
  }
  auto schema = object_schema(std::move(properties), std::move(required));
  schema["title"] = action.id;
  schema["description"] = lang == "en" ? action.en : action.zh;
  return schema;
}

// One body for each action of the path, told apart by its title.
json::object actions_schema(std::string const& lang) {
  json::array each;
  for (auto const& action : core::actions())
    if (action.action != core::Action::report) each.push_back(action_schema(action, lang));
  return {{"anyOf", std::move(each)}};
}

std::string escaped(std::string_view text) {
  std::string out;
  for (char const c : text) {
    if (c == '<') out += "&lt;";
    else if (c == '>') out += "&gt;";
    else if (c == '&') out += "&amp;";
    else if (c == '"') out += "&quot;";
    else out += c;
  }
  return out;
}

std::string who_may(http::Route const& route, bool en) {
  if (route.access == http::Access::public_) return en ? "everybody" : "所有人";
  if (route.access == http::Access::any_role) return en ? "any role" : "任何角色";
  std::string out;
  for (auto const role : route.roles) {
    if (!out.empty()) out += en ? ", " : "、";
    out += en ? core::info(role).en : core::info(role).zh;
  }
  return out;
}

}  // namespace

std::string docs_page(std::vector<http::Route> const& routes, bool en) {
  std::string page = std::string("<!doctype html><html lang=\"") + (en ? "en" : "zh-CN") +
                     "\"><meta charset=\"utf-8\"><title>Wangge API</title><style>body{font:14px sans-serif;margin:2em}"
                     "table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:4px 8px;text-align:left;"
                     "vertical-align:top}code{white-space:nowrap}</style><h1>Wangge API</h1><p><a "
                     "href=\"/api/v1/openapi.json\">OpenAPI 3.1</a></p><table><tr><th>" +
                     (en ? "Route</th><th>Meaning</th><th>Who" : "接口</th><th>说明</th><th>角色") + "</th></tr>";
  for (auto const& route : routes)
    page += "<tr><td><code>" + escaped(route.method + " " + route.path) + "</code></td><td>" +
            escaped(en ? route.summary_en : route.summary_zh) + "</td><td>" + escaped(who_may(route, en)) + "</td></tr>";
  return page + "</table></html>";
}

void PageDoor::describe(std::vector<http::Route> const& routes) {
  auto const schemas = [](std::string const& lang) {
    return std::map<std::string, std::string>{
        {"POST /api/v1/reports", json::serialize(report_schema())},
        {"POST /api/v1/cases/{case_no}/actions/{action}", json::serialize(actions_schema(lang))},
        {"POST /api/v1/tasks/{task_id}/received",
         json::serialize(object_schema({{"epoch", json::object{{"type", "integer"}, {"minimum", 1}}}}, {"epoch"}))},
    };
  };
  openapi_zh_ = http::openapi(routes, schemas("zh"), "zh");
  openapi_en_ = http::openapi(routes, schemas("en"), "en");
  docs_zh_ = docs_page(routes, false);
  docs_en_ = docs_page(routes, true);
}

}  // namespace wangge::console
