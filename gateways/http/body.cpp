#include "gateways/http/body.hpp"

#include "gateways/http/strict_json.hpp"

namespace wangge::http {

std::optional<Response> body_fault(Request const& request, std::function<void(Fields&)> const& read) {
  std::string why;
  auto const body = parse_json(request.body, &why);
  if (!body) return problem(400, "bad_json", request.lang, why);
  FieldErrors errors;
  Fields fields(*body, errors);
  read(fields);
  if (!errors.empty()) return problem(422, "invalid", request.lang, "", errors);
  return std::nullopt;
}

}  // namespace wangge::http
