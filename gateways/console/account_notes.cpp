#include "gateways/console/account_notes.hpp"

#include <boost/json.hpp>

namespace wangge::console {
namespace {

namespace json = boost::json;

json::object text(std::size_t most) { return {{"type", "string"}, {"maxLength", most}}; }
json::object parameter(std::string_view name, json::object schema) {
  return {{"name", name}, {"in", "query"}, {"schema", std::move(schema)}};
}
std::string body(std::initializer_list<std::pair<std::string_view, std::size_t>> fields, std::initializer_list<std::string_view> required) {
  json::object properties;
  for (auto const& [name, most] : fields) properties[name] = text(most);
  json::array needed;
  for (auto const name : required) needed.emplace_back(name);
  return json::serialize(json::object{{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(needed)}});
}
std::string parameters(std::initializer_list<json::object> list) {
  json::array out;
  for (auto const& one : list) out.emplace_back(one);
  return json::serialize(out);
}

}  // namespace

void add_account_notes(std::map<std::string, http::Described>& notes, std::string const& lang) {
  bool const en = lang == "en";
  std::string const object = R"({"type":"object"})";
  std::string const list = R"({"type":"object","properties":{"items":{"type":"array","items":{"type":"object"}},"next_cursor":{"type":["string","null"]}},"required":["items","next_cursor"]})";
  json::object const limit = parameter("limit", {{"type", "integer"}, {"minimum", 1}, {"maximum", 200}});
  json::object const time{{"type", "string"}, {"format", "date-time"}};
  auto const described = [&](json::object schema, char const* zh, char const* english) {
    schema["description"] = en ? english : zh;
    return schema;
  };
  notes["GET /api/v1/session"] = {.answer = object};
  notes["POST /api/v1/session"] = {.schema = body({{"name", 64}, {"password", 256}, {"code", 32}, {"role", 32}, {"district", 32}}, {"name", "password"}),
                                   .answer = object, .refusals = {401, 409, 415, 429}};
  notes["DELETE /api/v1/session"] = {.success = {204}};
  notes["GET /api/v1/session/oidc/start"] = {.parameters = parameters({parameter("page", described(text(200), "返回的页面", "the page to return to"))}),
                                             .success = {302}, .refusals = {404, 429}};
  notes["GET /api/v1/session/oidc/callback"] = {.parameters = parameters({parameter("code", text(2000)), parameter("state", text(200)), parameter("error", text(200))}),
                                                .success = {302}, .refusals = {404, 429}};
  notes["GET /api/v1/me"] = {.answer = object};
  notes["POST /api/v1/me/password"] = {.schema = body({{"password", 256}, {"new_password", 256}}, {"password", "new_password"}), .success = {204}, .refusals = {429}};
  notes["POST /api/v1/me/totp"] = {.schema = body({{"password", 256}}, {"password"}), .answer = object, .refusals = {429}};
  notes["POST /api/v1/me/totp/confirm"] = {.schema = body({{"code", 32}}, {"code"}), .answer = object, .refusals = {429}};
  notes["POST /api/v1/me/totp/remove"] = {.schema = body({{"password", 256}, {"code", 32}}, {"password", "code"}), .success = {204}, .refusals = {429}};
  notes["GET /api/v1/me/sessions"] = {.answer = list};
  notes["DELETE /api/v1/me/sessions"] = {.answer = object};
  notes["DELETE /api/v1/me/sessions/{session_id}"] = {.success = {204}};
  notes["GET /api/v1/accounts"] = {.parameters = parameters({parameter("text", text(64)), parameter("role", text(32)), limit, parameter("cursor", text(64))}), .answer = list};
  notes["POST /api/v1/accounts"] = {.schema = body({{"name", 64}, {"role", 32}, {"street", 64}, {"unit", 64}, {"squad", 64}}, {"name", "role"}),
                                    .answer = object, .success = {200, 201}, .refusals = {429}};
  notes["POST /api/v1/accounts/{name}/actions/{action}"] = {.answer = object, .refusals = {422, 429}};
  notes["GET /api/v1/accounts/{name}/sessions"] = {.answer = list};
  notes["GET /api/v1/audit"] = {
      .parameters = parameters({parameter("actor", text(200)), parameter("deed", described(text(200), "sign_in、sign_in_refused、personal、read、admin、account_… 等", "sign_in, sign_in_refused, personal, read, admin, account_…")),
                                parameter("text", text(200)), parameter("since", time), parameter("until", time), limit, parameter("cursor", text(200))}),
      .answer = list};
  auto const reason = body({{"reason", 200}}, {"reason"});
  for (auto const* route : {"POST /api/v1/cases/{case_no}/unmask", "POST /api/v1/hotline-orders/{order_no}/unmask"})
    notes[route] = {.schema = reason, .answer = object};
}

}  // namespace wangge::console
