// Envelopes and refusals.
#include "gateways/console/answers.hpp"

#include "dispatcher/core/lifecycle.hpp"
#include "gateways/http/strict_json.hpp"

namespace wangge::console {
namespace {

// The city's own reason: by its name, or by the API's code where only that came.
core::ReasonInfo const* reason_of(std::string_view word) {
  auto const all = core::reasons();
  for (auto const& r : all)
    if (r.id == word) return &r;
  for (auto const& r : all)
    if (r.code == word) return &r;
  return nullptr;
}

std::string_view words_of(core::ReasonInfo const* reason, std::string_view lang) {
  if (reason == nullptr) return {};
  return lang == "en" ? reason->en : reason->zh;
}

}  // namespace

http::Response list_answer(storage::Page const& page) {
  return http::json(200, "{\"items\":" + page.items + ",\"next_cursor\":" +
                             (page.next_cursor.empty() ? "null" : http::json_quoted(page.next_cursor)) + "}");
}

http::Response not_found(std::string_view lang) { return http::problem(404, "not_found", lang); }

std::optional<http::Response> without_body(core::Principal const& who, std::string_view lang) {
  using core::Role;
  bool const squad = who.role == Role::squad_leader || who.role == Role::disposer;
  bool const unit = squad || who.role == Role::unit_clerk || who.role == Role::unit_head;
  if (!unit || (!who.unit.empty() && (!squad || !who.squad.empty()))) return std::nullopt;
  bool const en = lang == "en";
  std::string_view const words = who.unit.empty() ? (en ? "Your account names no unit; ask the administrator to set it"
                                                        : "您的账号未指定所属部门，请联系管理员设置")
                                                  : (en ? "Your account names no squad; ask the administrator to set it"
                                                        : "您的账号未指定所属中队，请联系管理员设置");
  return http::problem(403, "not_yours", lang, words);
}

void extend(http::Response& problem, std::string_view members) {
  problem.body.pop_back();
  problem.body.append(",").append(members).append("}");
}

http::Response refusal(link::CommandOutcome const& o, std::string_view lang) {
  auto const* reason = reason_of(o.code);
  std::string_view const name = reason ? reason->id : std::string_view(o.code);
  http::FieldErrors errors;
  if (!o.field.empty()) errors.emplace_back(o.field, name);
  switch (o.status) {
    case 403: return http::problem(403, "not_yours", lang, words_of(reason, lang), errors);
    case 404: return not_found(lang);
    case 409: return http::problem(409, "stale_version", lang, words_of(reason, lang));
    case 503: return http::problem(503, "no_dispatcher", lang);
    case 504: return http::problem(504, "outcome_unknown", lang);
    case 422: break;
    case 413: return http::problem(413, "too_large", lang);
    default: return http::problem(500, "internal", lang, "unexpected status " + std::to_string(o.status));
  }
  if (o.code == "command_id_reused") return http::problem(422, o.code, lang, words_of(reason, lang));
  // The state or a guard says no: one code for programs, the reason for people and for those who want to know more.
  auto problem = http::problem(422, "not_allowed", lang, words_of(reason, lang), errors);
  if (!name.empty()) extend(problem, "\"reason\":" + http::json_quoted(name));
  return problem;
}

}  // namespace wangge::console
