// The API's description, made from the served table: as OpenAPI, and as a page.
#include "gateways/console/api_notes.hpp"
#include "gateways/console/page_door.hpp"

namespace wangge::console {
namespace {

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
                     "\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>Wangge API</title><style>"
                     "body{background:#fff;color:#1b2430;font:14px/1.5 system-ui,sans-serif;margin:20px auto;max-width:1200px;padding:0 "
                     "16px}h1{font-size:20px}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #8884;padding:6px "
                     "8px;text-align:left;vertical-align:top}code{font-size:13px;overflow-wrap:anywhere}@media(max-width:700px)"
                     "{td{display:block;border:0;padding:2px 0}td:last-child{border-bottom:1px solid #8884;padding-bottom:8px}th{display:"
                     "none}}</style><h1>Wangge API</h1><p><a "
                     "href=\"/api/v1/openapi.json\">OpenAPI 3.1</a></p><table><tr><th>" +
                     (en ? "Route</th><th>Meaning</th><th>Who" : "接口</th><th>说明</th><th>角色") + "</th></tr>";
  for (auto const& route : routes)
    page += "<tr><td><code>" + escaped(route.method + " " + route.path) + "</code></td><td>" +
            escaped(en ? route.summary_en : route.summary_zh) + "</td><td>" + escaped(who_may(route, en)) + "</td></tr>";
  return page + "</table></html>";
}

void PageDoor::describe(std::vector<http::Route> const& routes) {
  openapi_zh_ = http::openapi(routes, api_notes("zh"), "zh");
  openapi_en_ = http::openapi(routes, api_notes("en"), "en");
  docs_zh_ = docs_page(routes, false);
  docs_en_ = docs_page(routes, true);
}

}  // namespace wangge::console
