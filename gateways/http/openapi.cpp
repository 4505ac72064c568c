// See openapi.hpp.
#include "gateways/http/openapi.hpp"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <set>
#include <stdexcept>

#include "gateways/http/strict_json.hpp"
#include "gateways/http/text.hpp"

namespace wangge::http {
namespace {

namespace bj = boost::json;

struct StatusWords {
  int status;
  std::string_view zh, en;
};
constexpr std::array kStatuses{
    StatusWords{200, "成功", "Done"},
    StatusWords{201, "已保存", "Stored"},
    StatusWords{202, "已受理，排队中", "Accepted and queued"},
    StatusWords{204, "成功，无内容", "Done, nothing to say"},
    StatusWords{206, "文件的一部分", "A part of the file"},
    StatusWords{304, "未改变", "Still the same"},
    StatusWords{302, "转到另一地址", "Goes on at another address"},
    StatusWords{400, "请求格式有误", "The request is malformed"},
    StatusWords{401, "需要有效的令牌", "A valid token is required"},
    StatusWords{403, "不在您的职责或范围内", "This is not yours to do"},
    StatusWords{404, "没有找到，或不在您的范围内", "Not found, or not within your scope"},
    StatusWords{409, "已被更新或重新分派", "It has changed, or was given anew"},
    StatusWords{412, "断点续传协议只支持 tus 1.0.0", "Only tus 1.0.0 is spoken here"},
    StatusWords{413, "内容过大", "The content is too large"},
    StatusWords{415, "不支持的内容类型或压缩方式", "The content type or encoding is not supported"},
    StatusWords{416, "文件没有所要的部分", "The file has no such part"},
    StatusWords{422, "有字段不符合要求，或当前状态不允许", "Some fields are not acceptable, or the state does not allow it"},
    StatusWords{429, "请求、尝试或未完成的上传过多，请稍后再试", "Too many requests, tries or unfinished uploads; wait before the next"},
    StatusWords{460, "校验和不符，这一段没有采用", "The checksum does not match; this piece was not taken"},
    StatusWords{503, "系统繁忙或暂不可用，请稍后再试", "Busy or away; try again shortly"},
    StatusWords{501, "本网关不提供此功能", "This gateway does not do that"},
    StatusWords{504, "已发送但未收到结果，请用同一 command_id 重试", "Sent, but no answer came; ask again with the same command_id"},
    StatusWords{507, "存储已满，请稍后再试", "Storage is full; try again later"},
};

std::string_view words_of(int status, std::string const& lang) {
  auto const* const it = std::find_if(kStatuses.begin(), kStatuses.end(), [&](auto const& s) { return s.status == status; });
  if (it == kStatuses.end()) throw std::logic_error("openapi: no words for status " + std::to_string(status));
  return lang == "en" ? it->en : it->zh;
}

bj::value parsed(std::string const& text, Route const& r, char const* what) {
  auto value = parse_json(text);
  if (!value) throw std::logic_error("openapi: the " + std::string(what) + " of " + r.method + ' ' + r.path + " is not JSON");
  return std::move(*value);
}

bj::array parameters_of(Route const& r, Described const& d) {
  bj::array out;
  for (std::size_t open = r.path.find('{'); open != std::string::npos; open = r.path.find('{', open + 1)) {
    std::string const name = r.path.substr(open + 1, r.path.find('}', open) - open - 1);
    out.push_back({{"name", name}, {"in", "path"}, {"required", true}, {"schema", {{"type", "string"}}}});
  }
  if (d.parameters.empty()) return out;
  auto more = parsed(d.parameters, r, "parameters");
  if (!more.is_array()) throw std::logic_error("openapi: the parameters of " + r.path + " are no array");
  for (auto& parameter : more.get_array()) out.push_back(std::move(parameter));
  return out;
}

// Every refusal that this route can give, and no other.
std::set<int> refusals_of(Route const& r, Described const& d, bool has_body, bool has_query) {
  std::set<int> out(d.refusals.begin(), d.refusals.end());
  out.insert({400, 503});
  if (has_body) out.insert({413, 415});
  if (has_body || has_query) out.insert(422);
  if (r.path.find('{') != std::string::npos) out.insert(404);
  if (r.access != Access::public_) out.insert({401, 403});
  return out;
}

bj::object responses_of(Route const& r, Described const& d, std::set<int> const& refusals, std::string const& lang) {
  bj::object out;
  for (int const status : d.success) {
    bj::object answer{{"description", words_of(status, lang)}};
    if (r.stream) answer["content"] = {{"text/event-stream", {{"schema", {{"type", "string"}}}}}};
    if (!d.answer.empty()) answer["content"] = {{"application/json", {{"schema", parsed(d.answer, r, "answer")}}}};
    out[std::to_string(status)] = std::move(answer);
  }
  for (int const status : refusals) {
    bj::object answer{{"description", words_of(status, lang)},
                      {"content", {{"application/problem+json", {{"schema", {{"$ref", "#/components/schemas/Problem"}}}}}}}};
    if (status == 503 || status == 507) {
      answer["headers"] = {{"Retry-After", {{"schema", {{"type", "integer"}}}}}};
    }
    out[std::to_string(status)] = std::move(answer);
  }
  return out;
}

bj::object operation(Route const& r, Described const& d, std::string const& lang) {
  bool const has_body = r.method == "POST" || r.method == "PUT" || r.method == "PATCH";
  bj::object out;
  out["summary"] = lang == "en" ? r.summary_en : r.summary_zh;
  auto parameters = parameters_of(r, d);
  bool const has_query = std::any_of(parameters.begin(), parameters.end(), [](bj::value const& p) { return p.at("in") == "query"; });
  if (!parameters.empty()) out["parameters"] = std::move(parameters);
  bj::object content;
  if (!d.schema.empty()) content["application/json"] = {{"schema", parsed(d.schema, r, "schema")}};
  for (auto const& type : d.raw) content[type] = {{"schema", {{"type", "string"}, {"format", "binary"}}}};
  if (!content.empty()) out["requestBody"] = {{"required", true}, {"content", std::move(content)}};
  out["responses"] = responses_of(r, d, refusals_of(r, d, has_body, has_query), lang);
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
      {"required", {"type", "title", "status", "code", "detail", "errors"}},
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

std::string openapi(std::vector<Route> const& routes, std::map<std::string, Described> const& described, std::string lang) {
  bj::object paths;
  std::set<std::string> used;
  for (auto const& route : routes) {
    std::string const key = route.method + ' ' + route.path;
    auto const found = described.find(key);
    if (found != described.end()) used.insert(key);
    auto& path = paths[route.path];
    if (path.is_null()) path = bj::object();
    path.get_object()[lower(route.method)] = operation(route, found == described.end() ? Described{} : found->second, lang);
  }
  for (auto const& [key, entry] : described) {
    if (!used.contains(key)) throw std::logic_error("openapi: a description of " + key + ", which is no route");
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
