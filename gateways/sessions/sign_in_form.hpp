// What somebody who signs in sends, read from the body of POST /session. Apart from the door, so that a fuzzer can
// throw anything at it.
#pragma once

#include <optional>
#include <string>

#include "gateways/http/http.hpp"

namespace wangge::sessions {

inline constexpr std::size_t kNameMost = 64, kPasswordMost = 256, kCodeMost = 32;

struct SignInForm {
  std::string name, password, code, role, district;
};
// The answer where it cannot be taken (400, 415, 422); nothing where `form` is what was sent.
std::optional<http::Response> read_sign_in(http::Request const& request, SignInForm& form);
// The same for bodies of texts that are all wanted, in the order named: a password, a code.
std::optional<http::Response> read_texts(http::Request const& request,
                                         std::initializer_list<std::pair<std::string_view, std::string*>> texts);

}  // namespace wangge::sessions
