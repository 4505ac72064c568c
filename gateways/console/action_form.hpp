// The body of an action read into a command: its shape comes from the lifecycle's own FieldSpecs, so that a new field
// needs no line here. Pure; whether the city agrees is the dispatcher's to say.
#pragma once

#include <variant>

#include <boost/json/value.hpp>

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

std::variant<core::Command, ActionFault> read_action(boost::json::value const& body, ActionAsked const& asked);

}  // namespace wangge::console
