// A request's JSON body read by a door, in one place: what is no JSON is told with 400, what is wrong in it with 422 and every pointer.
#pragma once

#include <functional>
#include <optional>

#include "gateways/http/fields.hpp"
#include "gateways/http/http.hpp"

namespace wangge::http {

// The answer to a body that is none or in which `read` found faults; nothing when it is as it should be.
std::optional<Response> body_fault(Request const& request, std::function<void(Fields&)> const& read);

}  // namespace wangge::http
