// The dispatcher's store on PostgreSQL: the truth. One store is one connection and one lane (its audit chains are named
// after it); open a second one and join() it for a second connection of the same epoch.
#pragma once

#include <memory>

#include "storage/store.hpp"

namespace wangge::storage {

// Connects at its first use and again after Broken or InDoubt; never in the middle of a transaction.
std::unique_ptr<Store> open_postgres(std::string const& url, std::string const& lane_name);

// Fills lifecycle_move from the core's table; part of `wangge migrate`. Without it no history row can be written.
void sync_lifecycle(std::string const& url);

}  // namespace wangge::storage
