// Costly answers are kept for their time and within their memory, asked for once, and a failure keeps nobody out.
#include "storage/kept.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace wangge::tests {
namespace {

using std::chrono::seconds;
using storage::Kept;

TEST(Kept, AsksOnceWhileItIsFreshAndAgainWhenItIsOld) {
  Kept kept(1 << 20);
  int asked = 0;
  auto const ask = [&] { return std::to_string(++asked); };
  EXPECT_EQ(kept.get("a", seconds{60}, ask), "1");
  EXPECT_EQ(kept.get("a", seconds{60}, ask), "1");
  EXPECT_EQ(kept.known("a", seconds{60}), "1");
  EXPECT_EQ(kept.get("b", seconds{60}, ask), "2");
  EXPECT_EQ(kept.get("a", seconds{-1}, ask), "3") << "no age is young enough";
  EXPECT_EQ(kept.known("c", seconds{60}), std::nullopt);
}

TEST(Kept, StaysWithinItsMemoryAndLosesTheLongestUnasked) {
  Kept kept(3 * 1024);
  auto const ask = [] { return std::string(700, 'x'); };
  for (auto const* key : {"a", "b", "c"}) kept.get(key, seconds{60}, ask);
  kept.known("a", seconds{60});
  kept.get("d", seconds{60}, ask);
  EXPECT_TRUE(kept.known("a", seconds{60}));
  EXPECT_FALSE(kept.known("b", seconds{60}));
  EXPECT_TRUE(kept.known("d", seconds{60}));
  EXPECT_EQ(kept.get("large", seconds{60}, [] { return std::string(9000, 'x'); }).size(), 9000u)
      << "given, though not kept";
  EXPECT_FALSE(kept.known("large", seconds{60}));
}

TEST(Kept, AFailureIsToldAndTheNextOneAsksAnew) {
  Kept kept(1 << 20);
  auto const fail = []() -> std::string { throw std::runtime_error("away"); };
  EXPECT_THROW(kept.get("a", seconds{60}, fail), std::runtime_error);
  EXPECT_EQ(kept.get("a", seconds{60}, [] { return std::string("there"); }), "there");
}

TEST(Kept, ManyWhoWantTheSameCauseOneQuestion) {
  Kept kept(1 << 20);
  std::atomic<int> asked{0};
  std::promise<void> begun, go;
  auto const slow = [&] {
    if (++asked == 1) begun.set_value();
    go.get_future().wait();
    return std::string("answer");
  };
  std::vector<std::thread> threads;
  std::vector<std::string> got(4);
  threads.emplace_back([&] { got[0] = kept.get("a", seconds{60}, slow); });
  begun.get_future().wait();
  for (std::size_t n = 1; n < got.size(); ++n)
    threads.emplace_back([&, n] { got[n] = kept.get("a", seconds{60}, slow); });
  go.set_value();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(got, std::vector<std::string>(4, "answer"));
}

}  // namespace
}  // namespace wangge::tests
