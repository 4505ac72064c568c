#include "gateways/link/sender.hpp"

#include <gtest/gtest.h>

namespace wangge::link {
namespace {

constexpr char const* kDistrict = "370871";

core::Instant at(std::int64_t ms) { return core::Instant(core::Millis(1'000'000 + ms)); }

spool::Record record(std::int64_t seq, std::size_t bytes = 100) {
  spool::Record r;
  r.district = kDistrict;
  r.seq = seq;
  r.report_id = "r" + std::to_string(seq);
  r.payload = std::string(bytes, 'x');
  return r;
}

std::vector<std::int64_t> sent(Sender::Todo const& todo) {
  std::vector<std::int64_t> out;
  for (auto const& f : todo.send) out.push_back(f.record.seq);
  return out;
}

// A sender that has been welcomed and has read an empty spool.
Sender caught_up(std::int64_t credit = 1 << 20) {
  Sender s;
  s.on_welcome({{kDistrict, 0}}, credit);
  auto const todo = s.todo(at(0));
  s.on_page(todo.pages.at(0), {});
  return s;
}

TEST(Sender, AsksForTheCursorBeforeAnyPage) {
  Sender s;
  EXPECT_TRUE(s.todo(at(0)).pages.empty()) << "nobody is connected";
  s.on_welcome({{kDistrict, 41}}, 1000);
  auto const todo = s.todo(at(0));
  ASSERT_EQ(todo.requeues.size(), 1u);
  EXPECT_EQ(todo.requeues[0].cursor, 41);
  ASSERT_EQ(todo.pages.size(), 1u);
  EXPECT_EQ(todo.pages[0].after_seq, 0);
  EXPECT_TRUE(s.todo(at(1)).requeues.empty()) << "once a welcome";
}

TEST(Sender, SendsWhatIsAppendedAtOnceAndOnlyOnce) {
  auto s = caught_up();
  s.on_appended(record(1));
  s.on_appended(record(2));
  EXPECT_EQ(sent(s.todo(at(1))), (std::vector<std::int64_t>{1, 2}));
  EXPECT_TRUE(sent(s.todo(at(2))).empty());
}

TEST(Sender, SendsAgainWhatStaysUnanswered) {
  auto s = caught_up();
  s.on_appended(record(1));
  s.todo(at(0));
  EXPECT_TRUE(sent(s.todo(at(Sender::kResendAfter.count() - 1))).empty());
  EXPECT_EQ(sent(s.todo(at(Sender::kResendAfter.count() + 1000))), std::vector<std::int64_t>{1});
  EXPECT_EQ(s.times_sent(kDistrict, 1), 2);
  EXPECT_TRUE(s.on_settled(kDistrict, 1));
  EXPECT_FALSE(s.on_settled(kDistrict, 1)) << "an answer that comes twice settles once";
}

TEST(Sender, NeverHasMoreBytesUnderWayThanItsCredit) {
  auto s = caught_up(1000);
  for (std::int64_t seq = 1; seq <= 10; ++seq) s.on_appended(record(seq, 100));  // 300 each with overhead
  EXPECT_EQ(sent(s.todo(at(1))), (std::vector<std::int64_t>{1, 2, 3}));
  s.on_settled(kDistrict, 2);
  EXPECT_EQ(sent(s.todo(at(2))), std::vector<std::int64_t>{4});
}

TEST(Sender, OneRecordLargerThanTheCreditStillGoes) {
  auto s = caught_up(10);
  s.on_appended(record(1, 5000));
  s.on_appended(record(2, 5000));
  EXPECT_EQ(sent(s.todo(at(1))), std::vector<std::int64_t>{1});
}

TEST(Sender, SendsEverythingAgainAfterANewWelcome) {
  auto s = caught_up();
  s.on_appended(record(1));
  s.todo(at(1));
  s.on_lost(kDistrict);
  EXPECT_TRUE(sent(s.todo(at(2))).empty()) << "nobody to send to";
  s.on_welcome({{kDistrict, 0}}, 1 << 20);
  EXPECT_EQ(sent(s.todo(at(3))), std::vector<std::int64_t>{1});
}

TEST(Sender, LeavesAppendsToThePageThatIsUnderWay) {
  Sender s;
  s.on_welcome({{kDistrict, 0}}, 1 << 20);
  auto const todo = s.todo(at(0));
  s.on_appended(record(1));  // written before the page was read: it is in it
  s.on_page(todo.pages.at(0), {record(1)});
  s.on_appended(record(2));  // written after
  EXPECT_EQ(sent(s.todo(at(1))), (std::vector<std::int64_t>{1, 2}));
}

TEST(Sender, DropsAPageAskedBeforeANewerWelcome) {
  Sender s;
  s.on_welcome({{kDistrict, 5}}, 1 << 20);
  auto const old = s.todo(at(0)).pages.at(0);
  s.on_welcome({{kDistrict, 3}}, 1 << 20);  // the database went back: records 4 and 5 are queued again by the requeue
  auto const todo = s.todo(at(1));
  ASSERT_EQ(todo.requeues.size(), 1u);
  s.on_page(old, {});
  s.on_appended(record(6));
  EXPECT_TRUE(sent(s.todo(at(2))).empty()) << "not caught up: the new page brings it";
  s.on_page(todo.pages.at(0), {record(4), record(5), record(6)});
  EXPECT_EQ(sent(s.todo(at(3))), (std::vector<std::int64_t>{4, 5, 6}));
}

TEST(Sender, ReadsALongBacklogPageByPage) {
  Sender s;
  s.on_welcome({{kDistrict, 0}}, 1 << 30);
  std::int64_t next = 1;
  for (int pages = 0; pages < 3; ++pages) {
    auto const todo = s.todo(at(pages));
    ASSERT_EQ(todo.pages.size(), 1u);
    EXPECT_EQ(todo.pages[0].after_seq, next - 1);
    std::vector<spool::Record> full;
    for (int i = 0; i < Sender::kPage; ++i) full.push_back(record(next++));
    s.on_page(todo.pages[0], std::move(full));
  }
  EXPECT_EQ(s.window_size(), 3u * Sender::kPage);
}

TEST(Sender, CountsRecordsFromAPageAsAnswered) {
  Sender s;
  s.on_welcome({{kDistrict, 0}}, 1 << 20);
  s.on_page(s.todo(at(0)).pages.at(0), {record(1)});
  s.on_appended(record(2));
  EXPECT_TRUE(s.answered(kDistrict, 1));
  EXPECT_FALSE(s.answered(kDistrict, 2));
  s.mark_answered(kDistrict, 2, false);
  EXPECT_TRUE(s.answered(kDistrict, 2));
}

TEST(Sender, AsksAgainForWhatTheSpoolCouldNotDo) {
  Sender s;
  s.on_welcome({{kDistrict, 7}}, 1000);
  auto const first = s.todo(at(0));
  ASSERT_EQ(first.requeues.size(), 1u);
  ASSERT_EQ(first.pages.size(), 1u);
  s.on_page_failed(first.pages[0], at(0));
  EXPECT_TRUE(s.todo(at(1)).pages.empty()) << "not at once";
  auto const again = s.todo(at(1000));
  ASSERT_EQ(again.pages.size(), 1u);
  EXPECT_TRUE(again.requeues.empty()) << "that one was done";
  s.on_page(again.pages[0], {record(9)});
  EXPECT_EQ(s.window_size(), 1u);

  s.on_requeue_failed(first.requeues[0], at(2000));  // what was to be requeued was passed by
  auto const anew = s.todo(at(3000));
  ASSERT_EQ(anew.requeues.size(), 1u);
  EXPECT_EQ(anew.requeues[0].cursor, 7);
  ASSERT_EQ(anew.pages.size(), 1u);
  EXPECT_EQ(anew.pages[0].after_seq, 0) << "from the beginning";
  s.on_welcome({{kDistrict, 9}}, 1000);
  s.on_page_failed(anew.pages[0], at(3000));
  s.on_requeue_failed(anew.requeues[0], at(3000));
  EXPECT_EQ(s.todo(at(3001)).requeues.at(0).cursor, 9) << "failures from before a newer welcome are nobody's";
}

}  // namespace
}  // namespace wangge::link
