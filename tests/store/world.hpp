// A small loaded district with cases in it, for the read model and the closure table.
#pragma once

#include <gtest/gtest.h>

#include <memory>

#include "storage/postgres_store.hpp"
#include "storage/read_model.hpp"
#include "tests/store/backends.hpp"
#include "tests/store/batches.hpp"
#include "tests/support/temporary_postgres.hpp"

namespace wangge::tests {

class World : public testing::Test {
 protected:
  void SetUp() override;
  void save(std::vector<storage::CaseSave> saves, core::Instant recorded = at(2));
  std::vector<std::vector<std::string>> sql(std::string const& text) { return server.sql(url, text); }

  TemporaryPostgres& server = TemporaryPostgres::shared();
  std::string url;
  std::unique_ptr<storage::Store> store;
  std::int64_t epoch = 0;
  std::unique_ptr<storage::ReadModel> reads;
};

core::Principal principal(core::Role role, std::string name = "someone");
// The strings of a member in a JSON array of flat objects, in order: enough of a JSON reader for tests.
std::vector<std::string> members(std::string const& json, std::string const& name);

}  // namespace wangge::tests
