// Reading a district's standing data on a connection of the caller's: catalogue, calendars, units, routes, duty, cells,
// tokens. Each function runs its own read transaction; none may be open on the connection.
#pragma once

#include <pqxx/pqxx>

#include "storage/standing_set.hpp"

namespace wangge::storage::standing {

std::vector<std::string> read_districts(pqxx::connection_base& connection);
core::City read_city(pqxx::connection_base& connection, std::string const& district);  // finish() called
std::vector<CellShape> read_cells(pqxx::connection_base& connection, std::string const& district);
std::int64_t city_version(pqxx::connection_base& connection, std::string const& district);
std::vector<TokenRow> read_tokens(pqxx::connection_base& connection, std::int64_t* version);  // neither expired nor revoked
std::int64_t token_version(pqxx::connection_base& connection);

}  // namespace wangge::storage::standing
