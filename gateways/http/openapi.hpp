// The OpenAPI 3.1 document, built from the very table of routes that is served: the two cannot differ.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "gateways/http/http.hpp"

namespace wangge::http {

// What the table cannot say of a route; its schemas and parameters are JSON text.
struct Described {
  std::string schema;            // of a JSON body; "" = none
  std::vector<std::string> raw;  // or the content types of a body that is taken as it comes
  std::string parameters;        // array of OpenAPI parameter objects: query and headers; paths describe themselves
  std::string answer;            // schema of the body of a success; "" = not said
  std::vector<int> success{200};
  std::vector<int> refusals;     // beside those that follow from the route itself
};

// `described`: "POST /api/v1/reports" → … . `lang`: "zh" or "en" for summaries and words. Throws std::logic_error when an
// entry names no route or is not JSON: a document that says what is not served is a fault.
std::string openapi(std::vector<Route> const& routes, std::map<std::string, Described> const& described, std::string lang);

}  // namespace wangge::http
