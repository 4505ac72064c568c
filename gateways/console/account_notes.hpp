// What the description of the API says of signing in, accounts and the audit log.
#pragma once

#include <map>
#include <string>

#include "gateways/http/openapi.hpp"

namespace wangge::console {

void add_account_notes(std::map<std::string, http::Described>& notes, std::string const& lang);

}  // namespace wangge::console
