// An order read from the row of parts/order_columns.sql. Only for storage/*.cpp.
#pragma once

#include "dispatcher/core/hotline.hpp"
#include "storage/pg.hpp"

namespace wangge::storage {

// How many columns parts/order_columns.sql has: what a statement adds comes behind them.
inline constexpr int kOrderColumns = 29;
core::HotlineOrder read_order(std::string const& district, pqxx::row const& row);

}  // namespace wangge::storage
