// The query of GET /cases read into the read model's filter. Throws storage::BadFilter naming the parameter.
#pragma once

#include "gateways/console/reads.hpp"
#include "gateways/http/http.hpp"

namespace wangge::console {

// Every parameter that read_filter asks for, beside limit.
std::vector<std::string> case_query();
storage::CaseFilter read_filter(http::Request const& request);
inline constexpr char kTooLong[] = "too long";  // what a BadFilter says of a value beyond every use
inline constexpr int kPage = 50, kLongPage = 200;  // lists; timelines, tasks and master data, which are read whole
int read_limit(http::Request const& request, int otherwise = kPage);  // 1..200

}  // namespace wangge::console
