// See heads.hpp.
#include "storage/heads.hpp"

#include "storage/pg.hpp"
#include "storage/queries.hpp"

namespace wangge::storage {

std::vector<ChainState> read_heads(std::string const& url) {
  pg::Session session(url, pg::Session::Use::batch);
  std::vector<ChainState> heads;
  for (auto const& row : session.run(queries::chain_head_all))
    heads.push_back({pg::text(row[0]), pg::text(row[1]), row[2].as<std::int64_t>(), pg::text(row[3])});
  return heads;
}

}  // namespace wangge::storage
