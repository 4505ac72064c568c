// Every statement is valid on a fresh schema, and used.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "storage/pg.hpp"
#include "tests/support/temporary_postgres.hpp"

namespace wangge::tests {
namespace {

std::string sources() {
  std::ostringstream all;
  for (auto const& entry : std::filesystem::recursive_directory_iterator(std::filesystem::path(WANGGE_STORAGE))) {
    if (entry.path().extension() == ".cpp") all << std::ifstream(entry.path()).rdbuf();
  }
  return all.str();
}

TEST(Queries, EveryOneCanBePreparedOnAFreshSchema) {
  auto& server = TemporaryPostgres::shared();
  auto const url = server.fresh_database();
  for (auto const& query : storage::queries::all) {
    std::string const text = query.sql;
    auto const statement = text.find("DECLARE ") == std::string::npos && text.find("\nFETCH ") == std::string::npos && text.find("\nSET ") == std::string::npos;
    if (!statement) continue;  // no plan of their own: run by the tests of the audit
    EXPECT_NO_THROW(server.sql(url, "PREPARE one AS " + text)) << query.name;
  }
}

TEST(Queries, EveryOneIsUsed) {
  auto const code = sources();
  for (auto const& query : storage::queries::all) {
    EXPECT_NE(code.find("queries::" + std::string(query.name)), std::string::npos) << query.name << " is used by nobody";
  }
}

TEST(Queries, EveryOneSaysItsPurpose) {
  for (auto const& query : storage::queries::all) EXPECT_EQ(std::string(query.sql).rfind("-- ", 0), 0u) << query.name;
}

}  // namespace
}  // namespace wangge::tests
