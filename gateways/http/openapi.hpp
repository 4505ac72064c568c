// The OpenAPI 3.1 document, built from the very table of routes that is served: the two cannot differ.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateways/http/http.hpp"

namespace wangge::http {

// `request_schemas`: "POST /api/v1/reports" → JSON Schema text of the body. `lang`: "zh" or "en" for the summaries.
// Throws std::logic_error when a schema names no route or is not JSON: a document that says what is not served is a fault.
std::string openapi(std::vector<Route> const& routes, std::map<std::string, std::string> const& request_schemas,
                    std::string lang);

}  // namespace wangge::http
