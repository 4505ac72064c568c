// A pipeline must say of a batch what its statements would have said one by one, and leave the connection as it was found.
#include <gtest/gtest.h>

#include "storage/pg.hpp"
#include "tests/support/temporary_postgres.hpp"

namespace wangge::tests {
namespace {

using storage::Query;
using storage::pg::Params;
using storage::pg::Pipeline;

constexpr Query kAdd{"test_add", "INSERT INTO thing SELECT $1::bigint + n FROM generate_series(1, $2::bigint) n"};
constexpr Query kRename{"test_rename", "UPDATE thing SET id = $2::bigint WHERE id = $1::bigint"};
constexpr Query kCount{"test_count", "SELECT count(*) FROM thing"};
constexpr Query kDivide{"test_divide", "SELECT 1 / $1::bigint"};
constexpr Query kNoTable{"test_no_table", "INSERT INTO nothing VALUES ($1::bigint)"};

Pipeline::Check rows(std::size_t want) {
  return [want](std::size_t got) {
    if (got != want) throw storage::Conflict("rows");
  };
}

class PipelineTest : public testing::Test {
 protected:
  void SetUp() override {
    server.sql(url, "CREATE TABLE thing (id bigint PRIMARY KEY)");
    session = std::make_unique<storage::pg::Session>(url, storage::pg::Session::Use::writer);
  }
  static Params with(std::int64_t a, std::int64_t b) { return std::move(Params().number(a).number(b)); }
  std::int64_t count() { return storage::pg::number(session->run(kCount)[0][0]); }

  // One transaction of what `send` sends; what finish() threw.
  template <class Thrown>
  void fails(std::function<void(Pipeline&)> const& send) {
    storage::pg::Transaction transaction(*session);
    Pipeline p(*session);
    send(p);
    EXPECT_THROW(p.finish(), Thrown);
  }

  TemporaryPostgres& server = TemporaryPostgres::shared();
  std::string url = server.fresh_database();
  std::unique_ptr<storage::pg::Session> session;
};

TEST_F(PipelineTest, WritesAndCountsRows) {
  for (int round = 0; round < 3; ++round) {
    storage::pg::Transaction transaction(*session);
    Pipeline p(*session);
    std::vector<std::size_t> told;
    for (int i = 0; i < 4; ++i) p.send(kAdd, with(1000 * round + 100 * i, i), [&](std::size_t n) { told.push_back(n); });
    p.finish();
    transaction.commit();
    EXPECT_EQ(told, (std::vector<std::size_t>{0, 1, 2, 3}));
  }
  EXPECT_EQ(count(), 18);
}

TEST_F(PipelineTest, TheFirstThatFailsIsTold) {
  fails<storage::Conflict>([](Pipeline& p) {  // a check before a broken statement
    p.send(kRename, with(1, 2), rows(1));
    p.send(kDivide, std::move(Params().number(0)));
  });
  fails<storage::Poison>([](Pipeline& p) {  // a broken statement before a check
    p.send(kDivide, std::move(Params().number(0)));
    p.send(kRename, with(1, 2), rows(1));
  });
  fails<storage::Conflict>([](Pipeline& p) {  // a key that is taken
    p.send(kAdd, with(0, 1));
    p.send(kAdd, with(0, 1));
  });
  fails<storage::Broken>([](Pipeline& p) { p.send(kNoTable, std::move(Params().number(1))); });
  EXPECT_TRUE(session->alive());
  EXPECT_EQ(count(), 0) << "each rolled back whole";
}

// What was never made ready because something before it failed must be made ready the next time.
TEST_F(PipelineTest, AStatementAfterAFailureIsPreparedAgain) {
  fails<storage::Poison>([](Pipeline& p) {
    p.send(kDivide, std::move(Params().number(0)));
    p.send(kAdd, with(0, 1));
  });
  storage::pg::Transaction transaction(*session);
  Pipeline p(*session);
  p.send(kAdd, with(0, 2), rows(2));
  p.finish();
  transaction.commit();
  EXPECT_EQ(count(), 2);
}

TEST_F(PipelineTest, LeftInTheMiddleNothingStands) {
  EXPECT_THROW(
      {
        storage::pg::Transaction transaction(*session);
        Pipeline p(*session);
        p.send(kAdd, with(0, 2));
        p.send(kAdd, std::move(Params().text(std::string_view("\0", 1))));
      },
      storage::Poison);
  EXPECT_TRUE(session->alive());
  EXPECT_EQ(count(), 0);
}

TEST_F(PipelineTest, ALostConnectionIsBroken) {
  server.sql(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()");
  EXPECT_THROW(
      {
        Pipeline p(*session);
        p.send(kAdd, with(0, 2));
        p.finish();
      },
      storage::Broken);
  EXPECT_FALSE(session->alive());
  EXPECT_THROW(Pipeline again(*session), storage::Broken);
}

}  // namespace
}  // namespace wangge::tests
