// The committer thread: groups, order, bounds, and that nothing is answered before the flush.
#include "gateways/spool/group_commit.hpp"

#include <future>
#include <latch>

#include "tests/spool/records.hpp"

namespace wangge::spool {
namespace {

using Kind = GroupCommit::Result::Kind;

// A store in memory whose append waits at a gate and may fail.
class GatedStore : public Store {
 public:
  std::string spool_id() const override { return "gated"; }
  std::vector<Appended> append(std::vector<Record> records) override {
    {
      std::unique_lock lock(mutex_);
      ++arrived_;
      changed_.notify_all();
      changed_.wait(lock, [&] { return permits_ != 0; });
      if (permits_ > 0) --permits_;
      groups_.push_back(records.size());
      if (failing == 1) throw Full("no room");
      if (failing == 2) throw Damaged("fsync failed");
    }
    std::vector<Appended> appended;
    for (auto& r : records) {
      r.seq = ++seq_;
      flushed_ = seq_;
      appended.push_back({Appended::Kind::stored, std::move(r)});
    }
    return appended;
  }
  void settle(std::vector<Outcome> const&) override { ++settled; }
  std::vector<Record> queued(std::string const&, std::int64_t, int) override { return {}; }
  std::vector<std::string> districts() override { return {}; }
  std::int64_t requeue_after(std::string const&, std::int64_t) override { return 0; }
  std::optional<Record> find_report(std::string const&) override { return {}; }
  std::optional<Record> find_key(std::string const&, std::string const&, std::string const&) override { return {}; }
  std::int64_t settled_below(std::string const&) override { return 1; }
  std::int64_t prune(std::string const&, core::Instant, std::int64_t) override { return 0; }
  Health health() override { return {}; }

  void await_arrivals(int n) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return arrived_ >= n; });
  }
  void permit(int n) {  // -1: open for good
    std::lock_guard const lock(mutex_);
    permits_ = n;
    changed_.notify_all();
  }
  std::vector<std::size_t> groups() {
    std::lock_guard const lock(mutex_);
    return groups_;
  }
  std::atomic<std::int64_t> flushed_{0};
  std::atomic<int> failing{0}, settled{0};

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0, permits_ = 0;
  std::int64_t seq_ = 0;
  std::vector<std::size_t> groups_;
};

TEST(GroupCommit, WhatWaitsDuringAFlushMakesTheNextGroup) {
  GatedStore store;
  std::vector<std::int64_t> answered;  // only the committer thread writes it
  GroupCommit commit(store, 100);
  auto done = [&](GroupCommit::Result r) {
    EXPECT_EQ(r.kind, Kind::appended);
    EXPECT_GE(store.flushed_, r.appended.record.seq) << "answered before it was durable";
    answered.push_back(r.appended.record.seq);
  };
  commit.append(make_record("1"), done);
  store.await_arrivals(1);
  for (int i = 2; i <= 9; ++i) commit.append(make_record(std::to_string(i)), done);
  store.permit(-1);
  commit.stop();
  EXPECT_EQ(store.groups(), (std::vector<std::size_t>{1, 8}));
  EXPECT_EQ(answered, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
}

TEST(GroupCommit, SaysOverloadedAtOnceWhenTooManyOrTooHeavyOnesWait) {
  GatedStore store;
  GroupCommit commit(store, 2, 20'000);
  std::atomic<int> stored{0};
  auto done = [&](GroupCommit::Result r) { stored += r.kind == Kind::appended ? 1 : 0; };
  commit.append(make_record("flushing"), done);
  store.await_arrivals(1);
  commit.append(make_record("1"), done);
  bool refused = false;
  auto heavy = make_record("heavy");
  heavy.payload.assign(30'000, 'x');
  commit.append(heavy, [&](GroupCommit::Result r) { refused = r.kind == Kind::overloaded; });
  EXPECT_TRUE(refused) << "too many bytes";
  commit.append(make_record("2"), done);
  refused = false;
  commit.append(make_record("3"), [&](GroupCommit::Result r) { refused = r.kind == Kind::overloaded; });
  EXPECT_TRUE(refused) << "too many records";
  store.permit(-1);
  commit.stop();
  EXPECT_EQ(stored, 3);
}

TEST(GroupCommit, AFullDiskIsAnsweredAndLaterAppendsWorkAgain) {
  GatedStore store;
  store.permit(-1);
  store.failing = 1;
  GroupCommit commit(store, 10);
  std::promise<GroupCommit::Result> first, second;
  commit.append(make_record("a"), [&](GroupCommit::Result r) { first.set_value(r); });
  auto const full = first.get_future().get();
  EXPECT_EQ(full.kind, Kind::full);
  EXPECT_EQ(full.words, "no room");
  EXPECT_FALSE(commit.broken());
  store.failing = 0;
  commit.append(make_record("a"), [&](GroupCommit::Result r) { second.set_value(r); });
  EXPECT_EQ(second.get_future().get().kind, Kind::appended);
}

TEST(GroupCommit, ADamagedStoreIsSaidToBeBroken) {
  GatedStore store;
  store.permit(-1);
  store.failing = 2;
  GroupCommit commit(store, 10);
  std::promise<GroupCommit::Result> answer;
  commit.append(make_record("a"), [&](GroupCommit::Result r) { answer.set_value(r); });
  EXPECT_EQ(answer.get_future().get().kind, Kind::broken);
  EXPECT_TRUE(commit.broken());
  EXPECT_EQ(commit.trouble(), "fsync failed");
}

TEST(GroupCommit, JobsRunBetweenGroupsAndNoneIsLostAtStop) {
  GatedStore store;
  GroupCommit commit(store, 10);
  std::atomic<int> done{0};
  commit.append(make_record("a"), [&](GroupCommit::Result) { ++done; });
  store.await_arrivals(1);
  EXPECT_TRUE(commit.with_store([&](Store& s) { s.settle({}); }));
  std::string told;
  EXPECT_TRUE(commit.with_store([](Store&) { throw std::runtime_error("job failed"); }, [&](std::string const& words) { told = words; }));
  EXPECT_TRUE(commit.with_store([&](Store& s) { s.settle({}); }));
  commit.append(make_record("b"), [&](GroupCommit::Result) { ++done; });
  EXPECT_EQ(store.settled, 0) << "never during a flush";
  store.permit(-1);
  commit.stop();
  EXPECT_EQ(store.settled, 2);
  EXPECT_EQ(done, 2);
  EXPECT_EQ(commit.trouble(), "job failed");
  EXPECT_EQ(told, "job failed") << "whoever asked for it can ask again";
  EXPECT_FALSE(commit.broken());
  EXPECT_FALSE(commit.with_store([](Store&) {}));
  GroupCommit::Result late;
  commit.append(make_record("c"), [&](GroupCommit::Result r) { late = r; });
  EXPECT_EQ(late.kind, Kind::broken);
}

TEST(GroupCommit, ManyThreadsGetOneAnswerEach) {
  TempFolder dir;
  auto store = open_sqlite(dir.path(), 0);
  GroupCommit commit(*store, 100'000);
  constexpr int kThreads = 4, kEach = 500;
  std::latch answers(kThreads * kEach);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        commit.append(make_record(std::to_string(t) + "-" + std::to_string(i)), [&](GroupCommit::Result r) {
          EXPECT_EQ(r.kind, Kind::appended);
          answers.count_down();
        });
      }
    });
  }
  for (auto& thread : threads) thread.join();
  answers.wait();
  commit.stop();
  EXPECT_EQ(store->health().queued, kThreads * kEach);
  EXPECT_EQ(store->queued("370871", kThreads * kEach - 1, 10).size(), 1U);
}

}  // namespace
}  // namespace wangge::spool
