// Pages and files from the program itself; health for people and for machines.
#include "gateways/console/page_door.hpp"

#include <algorithm>

#include "gateways/console/short_link.hpp"
#include "gateways/http/strict_json.hpp"

namespace wangge::console {
namespace {

std::string_view type_of(std::string_view name) {
  if (name.ends_with(".html")) return "text/html; charset=utf-8";
  if (name.ends_with(".js")) return "text/javascript; charset=utf-8";
  if (name.ends_with(".css")) return "text/css; charset=utf-8";
  if (name.ends_with(".svg")) return "image/svg+xml";
  if (name.ends_with(".png")) return "image/png";
  if (name.ends_with(".webmanifest")) return "application/manifest+json";
  if (name.ends_with(".json")) return "application/json";
  return "application/octet-stream";
}

WebFile const* find_file(std::string_view name) {
  auto const files = web_files();
  auto const found = std::find_if(files.begin(), files.end(), [&](auto const& f) { return f.name == name; });
  return found == files.end() ? nullptr : &*found;
}

bool takes_gzip(http::Request const& request) {
  auto const accepts = request.header("accept-encoding");
  auto const at = accepts.find("gzip");
  return at != std::string_view::npos && !accepts.substr(at).starts_with("gzip;q=0");
}

// "index-CyOLECwx.js": the build puts a hash of the content into the name, so that what was fetched once stays right
// for ever.
bool hashed(std::string_view name) {
  auto const dot = name.rfind('.');
  return name.starts_with("assets/") && dot != std::string_view::npos && dot > 9 && name[dot - 9] == '-';
}

http::Response file_answer(WebFile const& file, bool gzip) {
  http::Response response;
  response.content_type = type_of(file.name);
  gzip = gzip && !file.gzipped.empty();
  response.body = std::string(gzip ? file.gzipped : file.bytes);
  // Everything a page needs comes from here; photos are fetched with the token and shown as blobs.
  response.headers = {{"Content-Security-Policy",
                       "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
                       "frame-ancestors 'none'"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Referrer-Policy", "no-referrer"},
                      {"Cache-Control", hashed(file.name) ? "public, max-age=31536000, immutable" : "no-cache"},
                      {"Vary", "Accept-Encoding"}};
  if (gzip) response.headers.emplace_back("Content-Encoding", "gzip");
  return response;
}

http::Response html(std::string body) {
  http::Response response;
  response.content_type = "text/html; charset=utf-8";
  response.body = std::move(body);
  response.headers = {{"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'"},
                      {"X-Content-Type-Options", "nosniff"}};
  return response;
}

// One line of Prometheus' text form, with its help before it.
void metric(std::string& out, std::string_view name, std::string_view kind, std::string_view help, double value) {
  out += "# HELP " + std::string(name) + ' ' + std::string(help) + "\n# TYPE " + std::string(name) + ' ' + std::string(kind) +
         '\n' + std::string(name) + ' ' + std::to_string(static_cast<long long>(value)) + '\n';
}

}  // namespace

void PageDoor::page(std::string_view file, http::Request const& request, http::Reply const& reply) const {
  auto const* found = find_file(file);
  reply(found ? file_answer(*found, takes_gzip(request)) : http::problem(404, "not_found", request.lang));
}

void PageDoor::asset(http::Request request, http::Reply reply) const {
  page("assets/" + std::string(request.params.get("file")), request, reply);
}

void PageDoor::short_link(http::Request request, http::Reply reply) const {
  bool const en = request.lang == "en";
  auto const case_no = case_of_code(request.params.get("code"));
  if (!case_no) {
    auto page = html(std::string("<!doctype html><html lang=\"") + (en ? "en" : "zh-CN") + "\"><meta charset=\"utf-8\"><title>Wangge</title><p>" +
                     (en ? "This link belongs to no case. Scan the code anew, or search for the number on the paper." : "这个链接不是案卷的链接。请重新扫码，或按单据上的案卷号查找。") +
                     "</p><p><a href=\"/\">" + (en ? "To the console" : "到指挥席") + "</a></p></html>");
    page.status = 404;
    return reply(std::move(page));
  }
  http::Response response{302, "", "", {}};
  response.headers.emplace_back("Location", "/?case=" + *case_no);
  response.headers.emplace_back("Cache-Control", "no-store");
  reply(std::move(response));
}

void PageDoor::healthz(http::Request, http::Reply reply) const { reply(http::json(200, "{\"status\":\"ok\"}")); }

// 200 whenever a report can be made durable here: the spool writes, there is room, and a reference is known. The rest is
// `degraded`. Answered on the I/O thread, from what is known already: it must come also when nothing else does.
void PageDoor::readyz(http::Request, http::Reply reply) const {
  auto const link = vitals_.link();
  bool const database = vitals_.database();
  bool const ready = link.spool_writable && !link.spool_full && link.reference_version > 0;
  bool const whole = ready && link.dispatcher_connected && database;
  std::string body = std::string("{\"status\":\"") + (!ready ? "unavailable" : whole ? "ok" : "degraded") + "\",\"parts\":{";
  body += std::string("\"spool\":{\"status\":\"") + (!link.spool_writable ? "down" : link.spool_full ? "full" : "ok") +
          "\",\"queued\":" + std::to_string(link.queued) + ",\"kept\":" + std::to_string(link.committed) +
          ",\"damaged\":" + std::to_string(link.damaged) + "}";
  body += std::string(",\"reference\":{\"status\":\"") + (link.reference_version > 0 ? "ok" : "down") +
          "\",\"version\":" + std::to_string(link.reference_version) + "}";
  body += std::string(",\"dispatcher\":{\"status\":\"") + (link.dispatcher_connected ? "ok" : "degraded") + "\"}";
  body += std::string(",\"database\":{\"status\":\"") + (database ? "ok" : "degraded") + "\"}";
  for (auto const& [name, part] : vitals_.parts) body.append(",").append(http::json_quoted(name)).append(":").append(part());
  auto answer = http::json(ready ? 200 : 503, body + "}}");
  if (!ready) answer.headers.emplace_back("Retry-After", "5");
  reply(std::move(answer));
}

void PageDoor::metrics(http::Request, http::Reply reply) const {
  auto const link = vitals_.link();
  auto const server = vitals_.server();
  std::string out;
  auto const count = [&](std::string_view name, std::string_view help, double v) { metric(out, name, "counter", help, v); };
  auto const gauge = [&](std::string_view name, std::string_view help, double v) { metric(out, name, "gauge", help, v); };
  count("wangge_http_requests_total", "Requests answered.", double(server.requests));
  count("wangge_http_errors_4xx_total", "Requests refused.", double(server.errors_4xx));
  count("wangge_http_errors_5xx_total", "Requests failed.", double(server.errors_5xx));
  gauge("wangge_http_connections", "Connections open now.", double(server.connections));
  gauge("wangge_http_streams", "Live streams open now.", double(server.streams));
  gauge("wangge_task_streams", "Squads and patrollers listening for tasks.", double(vitals_.task_streams()));
  gauge("wangge_hint_streams", "Consoles listening for hints.", double(vitals_.hint_streams()));
  count("wangge_task_events_total", "Task events sent.", double(vitals_.pushed()));
  gauge("wangge_spool_queued", "Accepted reports not committed yet.", double(link.queued));
  gauge("wangge_spool_committed", "Committed reports still kept in the spool.", double(link.committed));
  gauge("wangge_spool_damaged", "Spool records set aside because their checksum failed.", double(link.damaged));
  gauge("wangge_spool_writable", "1 when reports can be made durable.", link.spool_writable);
  gauge("wangge_spool_full", "1 when there is no room for reports: they get 507.", link.spool_full);
  gauge("wangge_dispatcher_connected", "1 when a dispatcher answers.", link.dispatcher_connected);
  gauge("wangge_reference_version", "Version of the reference snapshot.", double(link.reference_version));
  gauge("wangge_commands_unanswered", "Commands kept because no answer came.", double(vitals_.attempts()));
  auto const audit = vitals_.audit();
  gauge("wangge_audit_waiting", "Deeds waiting in memory for the audit log.", double(audit.waiting));
  count("wangge_audit_written_total", "Deeds written to the audit log.", double(audit.written));
  count("wangge_audit_lost_total", "Deeds that found no room while the database was away.", double(audit.lost));
  http::Response response;
  response.content_type = "text/plain; version=0.0.4; charset=utf-8";
  response.body = std::move(out);
  reply(std::move(response));
}

void PageDoor::openapi(http::Request request, http::Reply reply) const {
  reply(http::json(200, request.lang == "en" ? openapi_en_ : openapi_zh_));
}

void PageDoor::docs(http::Request request, http::Reply reply) const {
  reply(html(request.lang == "en" ? docs_en_ : docs_zh_));
}

}  // namespace wangge::console
