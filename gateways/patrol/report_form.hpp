// A report's body read into core words, or refused with every fault at once (CONTRACT 4). Pure: what it checks against
// is handed in. Knows nothing of cases.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>

#include <boost/json/value.hpp>

#include "dispatcher/core/types.hpp"
#include "gateways/http/fields.hpp"
#include "gateways/link/link.hpp"

namespace wangge::patrol {

struct Fault {
  int status = 422;
  std::string code;
  http::FieldErrors errors;
};

struct Asking {
  core::Principal const& who;
  std::string_view header_key;  // Idempotency-Key, "" when absent
  core::Instant received_at;
  link::Reference const& reference;
};

// The report with its id, key and body hash set, ready for the road.
std::variant<core::Report, Fault> read_report(boost::json::value const& body, Asking const& asking);

// May this caller report under this source? Deny by default.
bool may_use_source(core::Principal const& who, std::string_view source);
// Roles with the right to report, in the order of core::Role.
std::span<core::Role const> reporting_roles();

inline constexpr std::size_t kDescriptionMost = 4000;

}  // namespace wangge::patrol
