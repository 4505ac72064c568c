// The audit chain: every history row (and audit row) carries SHA-256 of the row before it and its own canonical bytes, so
// that an edit, a deletion, an insertion or a cut shows. One chain a writing connection: chain = its lane's name.
#pragma once

#include <string>

#include "storage/store.hpp"

namespace wangge::storage {

struct ChainHead {
  std::int64_t seq = 0;
  std::string hash = std::string(32, '\0');  // raw bytes
};

// Fields in a fixed order, each with its length before it, so that no two rows share their bytes.
class CanonicalBytes {
 public:
  CanonicalBytes& add(std::string_view text);
  CanonicalBytes& add(std::int64_t number);
  std::string const& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

// changes as stored and hashed: [["field","value"],…]
std::string changes_json(core::Changes const& changes);
core::Changes changes_from_json(std::string_view json);  // throws std::invalid_argument

std::string canonical(std::string const& district, std::string const& case_no, core::HistoryRow const& row,
                      std::string const& photos_joined, std::string const& changes, core::Instant recorded_at,
                      std::string const& chain, std::int64_t seq);
// The next head: seq + 1, SHA-256(previous hash + bytes).
ChainHead chained(ChainHead const& previous, std::string_view bytes);

std::string to_hex(std::string_view bytes);
std::string from_hex(std::string_view hex);  // throws std::invalid_argument
std::string joined(std::vector<std::string> const& list);
std::vector<std::string> split(std::string_view list);

}  // namespace wangge::storage
