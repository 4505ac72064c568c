// What only the store in memory can do: fail-over that loses commits, planted bugs that show.
#include <gtest/gtest.h>

#include "tests/store/backends.hpp"
#include "tests/store/batches.hpp"

namespace wangge::tests {
namespace {

class MemoryOnly : public testing::Test {
 protected:
  void SetUp() override {
    core::City city;
    city.district = kDistrict;
    database->put_city(city);
    epoch = store.take_over(kDistrict, "x").epoch;
  }
  std::int64_t take_over_anew() {
    EXPECT_THROW(store.districts(), storage::Broken);
    return store.take_over(kDistrict, "x").epoch;
  }
  std::shared_ptr<storage::MemoryDatabase> database = std::make_shared<storage::MemoryDatabase>();
  storage::MemoryStore store{database};
  std::int64_t epoch = 0;
};

TEST_F(MemoryOnly, AFailOverLosesTheLastTransactionsAndNothingElse) {
  Life first(1);
  store.reserve_numbers(kDistrict, epoch, "20261102", 10);
  store.save(batch(epoch, {first.dispatched().save()}), at(2));
  store.save(batch(epoch, {Life(2).save()}), at(3));
  first.step("sign", core::State::disposing, at(4));
  store.save(batch(epoch, {first.save()}), at(4));
  database->lose_last(2);
  auto const d = database->snapshot(kDistrict);
  ASSERT_EQ(d.cases.size(), 1u);
  EXPECT_EQ(d.cases.at(number(1)).version, 4);
  EXPECT_EQ(d.history.at(number(1)).size(), 4u);
  EXPECT_THROW(store.save(batch(epoch, {Life(2).save()}), at(5)), storage::Broken) << "no connection outlives a fail-over";
  EXPECT_THROW(store.save(batch(epoch, {Life(2).save()}), at(5)), storage::StaleEpoch);
  epoch = store.take_over(kDistrict, "x").epoch;
  EXPECT_GT(epoch, 1000);
  EXPECT_EQ(store.reserve_numbers(kDistrict, epoch, "20261102", 10), 100000);
}

TEST_F(MemoryOnly, AFailOverThatIsLostItselfLeapsElsewhereTheNextTime) {
  database->lose_last(0);
  epoch = take_over_anew();
  EXPECT_EQ(store.reserve_numbers(kDistrict, epoch, "20261102", 10), 100000);
  database->lose_last(3);  // the numbers, the take-over and the leap
  auto const again = take_over_anew();
  EXPECT_GT(again, epoch);
  EXPECT_EQ(store.reserve_numbers(kDistrict, again, "20261102", 10), 200000);
  database->bugs.repeated_leap = true;
  database->lose_last(3);
  EXPECT_EQ(store.reserve_numbers(kDistrict, take_over_anew(), "20261102", 10), 100000);
}

TEST_F(MemoryOnly, ADatabaseThatIsDownSaysSo) {
  database->set_down(true);
  EXPECT_THROW(store.load(kDistrict, {}), storage::Broken);
  EXPECT_THROW(store.save(batch(epoch, {Life(1).save()}), at(2)), storage::Broken);
  database->set_down(false);
  store.save(batch(epoch, {Life(1).save()}), at(2));
}

TEST_F(MemoryOnly, WithoutDeduplicationAKeyMakesTwoCases) {
  database->bugs.no_dedup = true;
  store.save(batch(epoch, {Life(1).save()}), at(2));
  auto again = Life(2).save();
  again.key->key = "key-1";
  store.save(batch(epoch, {again}), at(3));
  EXPECT_EQ(database->snapshot(kDistrict).cases.size(), 2u);
}

TEST_F(MemoryOnly, WithoutAnEpochCheckAnOldWriterGoesOn) {
  database->bugs.no_epoch_check = true;
  storage::MemoryStore other(database);
  other.take_over(kDistrict, "y");
  EXPECT_NO_THROW(store.save(batch(epoch, {Life(1).save()}), at(2)));
}

TEST_F(MemoryOnly, AReaderByIdMissesWhatTheOtherConnectionWroteLater) {
  storage::MemoryStore other(database);
  other.join(kDistrict, epoch);
  store.save(batch(epoch, {Life(1).dispatched().save()}), at(2));
  other.save(batch(epoch, {Life(2).dispatched().save()}), at(3));
  std::int64_t last = 0;
  EXPECT_EQ(database->pending_pushes(10, &last).size(), 2u);
  store.save(batch(epoch, {Life(3).dispatched().save()}), at(4));  // from this connection's own, lower block
  EXPECT_EQ(database->pending_pushes(10, &last).size(), 3u);
  database->bugs.id_greater_than_last = true;
  EXPECT_EQ(database->pending_pushes(10, &last).size(), 0u);
}

TEST_F(MemoryOnly, ALostOutboxRowLeavesTheTaskUntold) {
  database->bugs.lost_outbox_row = true;
  store.save(batch(epoch, {Life(1).dispatched().save()}), at(2));
  EXPECT_TRUE(database->snapshot(kDistrict).outbox.empty());
  EXPECT_EQ(database->snapshot(kDistrict).tasks.size(), 1u);
}

TEST_F(MemoryOnly, ATornSaveLeavesItsFirstCase) {
  database->bugs.torn_save = true;
  database->fault = [](char const*) { return storage::Fault::broken; };
  EXPECT_THROW(store.save(batch(epoch, {Life(1).save(), Life(2).save()}), at(2)), storage::Broken);
  EXPECT_EQ(database->snapshot(kDistrict).cases.size(), 1u);
}

}  // namespace
}  // namespace wangge::tests
