#include "gateways/sessions/sign_in_form.hpp"

#include "gateways/http/body.hpp"
#include "gateways/http/text.hpp"

namespace wangge::sessions {

using http::Need;

std::optional<http::Response> read_sign_in(http::Request const& request, SignInForm& form) {
  // A form of another site can be sent with three content types, and this is none of them: nobody is signed in behind
  // his back.
  auto const type = request.header("content-type");
  if (!http::equal_ignoring_case(http::trimmed(type.substr(0, type.find(';'))), "application/json"))
    return http::problem(415, "unsupported_type", request.lang);
  return http::body_fault(request, [&](http::Fields& fields) {
    form.name = fields.text("name", Need::required, kNameMost);
    form.password = fields.text("password", Need::required, kPasswordMost);
    form.code = fields.text("code", Need::optional, kCodeMost);
    form.role = fields.text("role", Need::optional, kCodeMost);
    form.district = fields.text("district", Need::optional, kCodeMost);
  });
}

std::optional<http::Response> read_texts(http::Request const& request,
                                         std::initializer_list<std::pair<std::string_view, std::string*>> texts) {
  return http::body_fault(request, [&](http::Fields& fields) {
    for (auto const& [name, to] : texts)
      *to = fields.text(name, Need::required, name == "code" ? kCodeMost : kPasswordMost);
  });
}

}  // namespace wangge::sessions
