// What PostgreSQL itself could do: the same rows into the same tables, and the same moves, without Wangge around them.
#pragma once

#include <string>

namespace wangge::bench {

struct LimitOptions {
  std::string from, into;  // database URLs: where the templates lie; the scratch database
  double seconds = 5;
  std::size_t batch = 200, cases = 2000, pool = 100'000;
  int connections = 2;
};

// One statement a batch: the keys decide which rows are new, everything else joins them. Prints reports a second.
void measure_inserts(LimitOptions const& options);
// A version compared and raised and a history row, batched, on a pool of cases inserted beforehand. Prints moves a
// second.
void measure_moves(LimitOptions const& options);
// 400 bytes and fdatasync, one after the other, into a preallocated file of that folder.
void measure_disk(std::string const& folder, double seconds);

// For both: the statement that inserts a batch of templates.
class Templates;
std::string insert_statement(Templates const& templates);

}  // namespace wangge::bench
