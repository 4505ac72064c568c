// A rule as JSON, both ways: members are the columns of routes.csv.
#pragma once

#include <boost/json.hpp>

#include "dispatcher/core/rules.hpp"
#include "gateways/http/fields.hpp"

namespace wangge::console {

boost::json::object rule_json(core::RouteRule const& rule);
core::RouteRule read_rule(http::Fields& fields);
// The columns with what each may be, for the description of the API.
boost::json::object rule_schema();

inline constexpr std::size_t kRulesMost = 5000;

}  // namespace wangge::console
