// From request to road and back to 201 or 202 (CONTRACT 4).
#include "gateways/patrol/report_door.hpp"

#include "gateways/http/ids.hpp"
#include "gateways/http/strict_json.hpp"
#include "gateways/http/text.hpp"
#include "gateways/patrol/report_form.hpp"

namespace wangge::patrol {
namespace {

using Kind = link::ReportOutcome::Kind;

std::string queued_body(std::string const& report_id) {
  return "{\"report_id\":" + http::json_quoted(report_id) + ",\"state\":\"queued\"}";
}

std::string committed_body(std::string const& report_id, ReportDoor::Committed const& c) {
  return "{\"report_id\":" + http::json_quoted(report_id) + ",\"case_no\":" + http::json_quoted(c.case_no) +
         ",\"state\":\"committed\",\"case_state\":" + http::json_quoted(c.case_state) +
         ",\"place_unusable\":" + (c.place_unusable ? "true" : "false") + "}";
}

http::Response answer(link::ReportOutcome const& o, std::string_view lang) {
  switch (o.kind) {
    case Kind::committed: {
      auto response = http::json(201, committed_body(o.report_id, {o.case_no, o.case_state, o.place_unusable}));
      if (o.replayed) response.headers.emplace_back("Idempotency-Replayed", "true");
      response.headers.emplace_back("Location", "/api/v1/reports/" + o.report_id);
      return response;
    }
    case Kind::queued: {
      auto response = http::json(202, queued_body(o.report_id));
      response.headers.emplace_back("Location", "/api/v1/reports/" + o.report_id);
      return response;
    }
    case Kind::key_conflict: return http::problem(422, "key_conflict", lang);
    case Kind::spool_full: return http::problem(507, "spool_full", lang);
    case Kind::overloaded: return http::problem(503, "overloaded", lang);
    case Kind::broken: return http::problem(503, "spool_broken", lang);
  }
  return http::problem(500, "internal", lang);
}

// RFC 7240: preferences separated by commas, each perhaps with parameters.
bool prefers_async(std::string_view prefer) {
  while (!prefer.empty()) {
    auto const end = std::min(prefer.find(','), prefer.size());
    auto const one = prefer.substr(0, end);
    if (http::equal_ignoring_case(http::trimmed(one.substr(0, one.find(';'))), "respond-async")) return true;
    prefer.remove_prefix(std::min(end + 1, prefer.size()));
  }
  return false;
}

}  // namespace

void ReportDoor::post(http::Request request, http::Reply reply) {
  auto const lang = request.lang;
  std::string why;
  auto const body = http::parse_json(request.body, &why);
  if (!body) return reply(http::problem(400, "bad_json", lang, why));
  auto const reference = road_.reference();
  if (reference->version() == 0) return reply(http::problem(503, "no_reference", lang));
  auto read = read_report(*body, {request.who, request.header("idempotency-key"), request.received_at, *reference});
  if (auto const* fault = std::get_if<Fault>(&read))
    return reply(http::problem(fault->status, fault->code, lang, "", fault->errors));
  auto const wait = prefers_async(request.header("prefer")) ? std::chrono::milliseconds{0} : answer_wait_;
  road_.submit(std::move(std::get<core::Report>(read)), wait,
               [reply = std::move(reply), lang](link::ReportOutcome const& o) { reply(answer(o, lang)); });
}

void ReportDoor::get(http::Request request, http::Reply reply) {
  auto const lang = request.lang;
  std::string const id(request.params.get("report_id"));
  if (!http::is_uuid(id)) return reply(http::problem(404, "not_found", lang));
  auto const who = request.who;
  road_.find_report(id, [this, id, who, lang, reply = std::move(reply)](std::optional<link::Link::Known> const& known) {
    if (known && (known->principal != who.name || known->district != who.district))
      return reply(http::problem(404, "not_found", lang));  // somebody else's is not told from none
    if (known && known->committed)
      return reply(http::json(200, committed_body(id, {known->case_no, known->case_state, known->place_unusable})));
    if (known) return reply(http::json(200, queued_body(id)));
    bool const posted = crew_.post([this, id, who, lang, reply] {
      try {
        auto const found = find_committed_(who, id);
        reply(found ? http::json(200, committed_body(id, *found)) : http::problem(404, "not_found", lang));
      } catch (doors::Away const&) {
        reply(http::problem(503, "no_database", lang));
      }
    });
    if (!posted) reply(http::problem(503, "overloaded", lang));
  });
}

}  // namespace wangge::patrol
