// The notes of done steps: kept in order over restarts, bounded in time and size, torn lines left out.
#include "gateways/console/answered.hpp"

#include <gtest/gtest.h>

#include "tests/deploy/folder.hpp"

namespace wangge::console {
namespace {

using tests::Folder;
using namespace std::chrono_literals;

core::Instant const kDay{std::chrono::sys_days{std::chrono::year{2026} / 11 / 24}};

AnsweredStep step(int n, core::Instant at) { return {at, "3708712026112400001", n, "command-" + std::to_string(n)}; }

std::vector<std::int64_t> versions(Folder const& folder, core::Instant since = {}) {
  std::vector<std::int64_t> out;
  for (auto const& s : read_answered(folder.path, since)) out.push_back(s.version);
  return out;
}

TEST(AnsweredNotes, AreReadBackInOrderAlsoAfterARestart) {
  Folder const folder;
  for (int n : {1, 3}) {
    Answered answered(folder.path);
    answered.note(step(n, kDay));
    answered.note(step(n + 1, kDay + 1ms));
  }
  EXPECT_EQ(versions(folder), (std::vector<std::int64_t>{1, 2, 3, 4}));
  auto const first = read_answered(folder.path, {})[0];
  EXPECT_EQ(first.at, kDay);
  EXPECT_EQ(first.case_no, "3708712026112400001");
  EXPECT_EQ(first.command_id, "command-1");
  EXPECT_EQ(versions(folder, kDay + 1ms), (std::vector<std::int64_t>{2, 4}));
}

TEST(AnsweredNotes, ATornLineIsLeftOut) {
  Folder const folder;
  { Answered(folder.path).note(step(1, kDay)); }
  std::ofstream(folder.path / "answered.0", std::ios::app) << "17639712";
  EXPECT_EQ(versions(folder), std::vector<std::int64_t>{1});
}

TEST(AnsweredNotes, EachFileSpansADayAndFourAreKept) {
  Folder const folder;
  for (int day = 0; day < 6; ++day) Answered(folder.path).note(step(day, kDay + day * 24h));
  EXPECT_EQ(versions(folder), (std::vector<std::int64_t>{2, 3, 4, 5})) << "72 hours and what is left of a fourth day";
}

TEST(AnsweredNotes, TheyNeverTakeMoreThanTheirRoom) {
  Folder const folder;
  for (int n = 0; n < 100; ++n) Answered(folder.path, {.span = 24h, .bytes = 200}).note(step(n, kDay + n * 1s));
  std::uintmax_t bytes = 0;
  for (auto const& entry : std::filesystem::directory_iterator(folder.path)) bytes += entry.file_size();
  EXPECT_LT(bytes, 4u * 300);
  EXPECT_EQ(versions(folder).back(), 99);
}

TEST(AnsweredNotes, AFolderThatIsNotThereStopsNobody) {
  Answered answered("/nowhere/at/all");
  answered.note(step(1, kDay));
}

}  // namespace
}  // namespace wangge::console
