// See openapi.hpp.
#include "gateways/http/openapi.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <set>
#include <stdexcept>

#include "gateways/http/strict_json.hpp"
#include "gateways/http/text.hpp"

namespace wangge::http {
namespace {

namespace bj = boost::json;

bj::object problem_answer(char const* zh, char const* en, std::string const& lang) {
  return {{"description", lang == "en" ? en : zh},
          {"content", {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
}

bj::array parameters_of(std::string const& path) {
  bj::array out;
  for (std::size_t open = path.find('{'); open != std::string::npos; open = path.find('{', open + 1)) {
    std::string const name = path.substr(open + 1, path.find('}', open) - open - 1);
    out.push_back({{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
  }
  return out;
}

bj::object responses_of(Route const& r, bool has_body, std::string const& lang) {
  bj::object out;
  if (r.stream) {
    out["200"] = {{"description", lang == "en" ? "A live stream of events" : "实时事件流"},
                  {"content", {{"text/event-stream", {{"schema", {{"type", "string"}}}}}}}};
  } else {
    out["2XX"] = {{"description", lang == "en" ? "Done" : "成功"}};
  }
  if (has_body) {
    out["400"] = problem_answer("请求格式有误", "The request is malformed", lang);
    out["413"] = problem_answer("内容过大", "The content is too large", lang);
    out["422"] = problem_answer("有字段不符合要求", "Some fields are not acceptable", lang);
  }
  if (r.access != Access::public_) {
    out["401"] = problem_answer("需要有效的令牌", "A valid token is required", lang);
    out["403"] = problem_answer("不在您的职责或范围内", "This is not yours to do", lang);
  }
  out["503"] = problem_answer("系统繁忙，请稍后再试", "The system is busy; try again shortly", lang);
  return out;
}

bj::object operation(Route const& r, std::string const* schema, std::string const& lang) {
  bool const has_body = r.method == "POST" || r.method == "PUT" || r.method == "PATCH";
  bj::object out;
  out["summary"] = lang == "en" ? r.summary_en : r.summary_zh;
  if (auto parameters = parameters_of(r.path); !parameters.empty()) out["parameters"] = std::move(parameters);
  if (schema != nullptr) {
    auto parsed = parse_json(*schema);
    if (!parsed) throw std::logic_error("openapi: the schema of " + r.method + ' ' + r.path + " is not JSON");
    out["requestBody"] = {{"required", true}, {"content", {{"application/json", {{"schema", std::move(*parsed)}}}}}};
  }
  out["responses"] = responses_of(r, has_body, lang);
  if (r.access == Access::public_) {
    out["security"] = bj::array();
  } else {
    bj::array roles;
    for (auto const role : r.roles) roles.emplace_back(core::id(role));
    if (!roles.empty()) out["x-roles"] = std::move(roles);
  }
  out["x-audit"] = r.audit;
  return out;
}

bj::object components() {
  bj::object const fault{{"type", "object"},
                         {"properties", {{"field", {{"type", "string"}}}, {"code", {{"type", "string"}}}}}};
  bj::object const problem{
      {"type", "object"},
      {"required", {"type", "title", "status", "code"}},
      {"properties",
       {{"type", {{"type", "string"}}},
        {"title", {{"type", "string"}}},
        {"status", {{"type", "integer"}}},
        {"code", {{"type", "string"}}},
        {"detail", {{"type", "string"}}},
        {"errors", {{"type", "array"}, {"items", fault}}}}}};
  return {{"schemas", {{"Problem", problem}}},
          {"securitySchemes", {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}}}}};
}

}  // namespace

std::string openapi(std::vector<Route> const& routes, std::map<std::string, std::string> const& request_schemas,
                    std::string lang) {
  bj::object paths;
  std::set<std::string> used;
  for (auto const& route : routes) {
    std::string const key = route.method + ' ' + route.path;
    auto const schema = request_schemas.find(key);
    if (schema != request_schemas.end()) used.insert(key);
    auto& path = paths[route.path];
    if (path.is_null()) path = bj::object();
    path.get_object()[lower(route.method)] =
        operation(route, schema == request_schemas.end() ? nullptr : &schema->second, lang);
  }
  for (auto const& [key, schema] : request_schemas) {
    if (!used.contains(key)) throw std::logic_error("openapi: a schema for " + key + ", which is no route");
  }
  bj::object document{
      {"openapi", "3.1.0"},
      {"info",
       {{"title", lang == "en" ? "Wangge, open grid command center" : "网格：开放的网格指挥中心"}, {"version", "1"}}},
      {"security", bj::array{{{"bearer", bj::array()}}}},
      {"paths", std::move(paths)},
      {"components", components()}};
  return bj::serialize(document);
}

}  // namespace wangge::http
