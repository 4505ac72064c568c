// The query of GET /cases read into the read model's filter. Throws storage::BadFilter naming the parameter.
#pragma once

#include "gateways/console/reads.hpp"
#include "gateways/http/http.hpp"

namespace wangge::console {

storage::CaseFilter read_filter(http::Request const& request);
int read_limit(http::Request const& request);  // 1..200, 50 when absent

}  // namespace wangge::console
