// Reads records out of a damaged spool without trusting any structure of the file: every place in every page (and in
// every frame of the log) is tried as the beginning of a row, and what carries a right checksum is a record.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "gateways/spool/row.hpp"

namespace wangge::spool {

struct Salvaged {
  Record record;
  std::optional<Word> word;
};
// One a key and body, in the order of their seqs. Placeholders of earlier damage are left out.
std::vector<Salvaged> salvage(std::string_view database, std::string_view log);

// Does the log hold acknowledged records that the opened database (last seq by district number) does not? SQLite stops
// reading at a damaged frame without a word, for it cannot tell damage from a torn end. But every append is synced
// before the next one begins: a transaction with records that is not the last one had been acknowledged. (Damage in the
// very last transaction looks like a torn end, and is taken for one.)
bool log_lost_records(std::string_view log, std::map<std::int64_t, std::int64_t> const& last);

// The bytes of a file as the VFS sees them, "" when it is not there.
std::string read_through(char const* vfs, std::string const& path, bool log);

}  // namespace wangge::spool
