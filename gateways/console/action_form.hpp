// The body of an action read into a command: its shape comes from the lifecycle's own FieldSpecs, so that a new field
// needs no line here. Pure; whether the city agrees is the dispatcher's to say.
#pragma once

#include <variant>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <span>

#include "dispatcher/core/lifecycle.hpp"
#include "gateways/http/fields.hpp"

namespace wangge::console {

struct ActionFault {
  int status = 422;
  std::string code;
  http::FieldErrors errors;
};

struct ActionAsked {
  core::Principal const& who;
  core::Action action;
  std::string case_no;
  core::Instant received_at;
  std::vector<std::string> const& closing_conditions;  // empty: not known here
};

// How many characters a text or code of an action may have.
std::size_t longest(core::FieldSpec const& spec);

// One field of an action as `actions[].fields` shows it; `closing_conditions` are the choices of that field.
boost::json::object field_json(core::FieldSpec const& spec, std::vector<std::string> const& closing_conditions = {});

std::variant<core::Command, ActionFault> read_action(boost::json::value const& body, ActionAsked const& asked);
// The same for whatever has FieldSpecs: an action named `id` on the thing `asked.case_no`.
std::variant<core::Command, ActionFault> read_action(boost::json::value const& body, std::string_view id,
                                                     std::span<core::FieldSpec const> specs, ActionAsked const& asked);

}  // namespace wangge::console
