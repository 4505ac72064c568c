// What the API's description says of a route beyond the table: bodies, parameters, answers.
#pragma once

#include <map>
#include <string>

#include "gateways/http/openapi.hpp"

namespace wangge::console {

// By "METHOD /path". `lang`: "zh" or "en".
std::map<std::string, http::Described> api_notes(std::string const& lang);

}  // namespace wangge::console
