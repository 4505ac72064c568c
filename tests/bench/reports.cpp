#include "tests/bench/reports.hpp"

#include <charconv>
#include <cstdio>
#include <random>

namespace wangge::bench {
namespace {

constexpr std::size_t kDigits = 8;
constexpr char kNumber[] = "00000000";

void put_number(char* at, std::uint32_t n) {
  constexpr char kHex[] = "0123456789abcdef";
  for (std::size_t i = kDigits; i-- > 0; n >>= 4) at[i] = kHex[n & 15];
}

// About 100 m around a place: reports of a city do not all stand on the same spot.
std::string near(std::string const& degrees, std::mt19937& chance) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6f", std::stod(degrees) + std::uniform_real_distribution(-3e-4, 3e-4)(chance));
  return text;
}

std::string body(Plan const& plan, std::string const& word, std::mt19937& chance) {
  auto const any = [&](auto const& list) { return list[chance() % list.size()]; };
  auto const category = any(plan.categories);
  auto const place = any(plan.places);
  return R"({"source":"patrol","category":{"standard":")" + category.standard + R"(","kind":")" + category.kind +
         R"(","code":")" + category.code + R"("},"description":"井盖移位，夜间行人多，请尽快处理。)" + word +
         R"(","lon":)" + near(place.first, chance) + R"(,"lat":)" + near(place.second, chance) +
         R"(,"address":"洸河街道光河路与海川路交叉口东北角，公交站旁","photos":[],"reported_at":")" + plan.reported_at +
         R"("})";
}

}  // namespace

ReportMaker::ReportMaker(Plan const& plan, std::uint32_t run, std::size_t templates) {
  char stem[32];
  std::snprintf(stem, sizeof stem, "bench-%08x-", run);
  stem_ = stem;
  for (std::size_t i = 0; i < templates; ++i) {
    async_.push_back(build(plan, i, true));
    waiting_.push_back(build(plan, i, false));
  }
}

ReportMaker::Template ReportMaker::build(Plan const& plan, std::size_t i, bool async) const {
  std::mt19937 chance(static_cast<std::uint32_t>(i));
  auto const word = stem_ + kNumber;
  auto const text = body(plan, word, chance);
  Template t;
  t.request = "POST /api/v1/reports HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " +
              plan.reporters[i % plan.reporters.size()].token +
              "\r\nContent-Type: application/json\r\nIdempotency-Key: " + word +
              (async ? "\r\nPrefer: respond-async" : "") + "\r\nContent-Length: " + std::to_string(text.size()) +
              "\r\n\r\n" + text;
  t.key = t.request.find(word) + stem_.size();
  t.description = t.request.rfind(word) + stem_.size();
  return t;
}

std::string_view ReportMaker::make(std::uint32_t n, bool async) {
  auto& list = async ? async_ : waiting_;
  auto& t = list[n % list.size()];
  put_number(t.request.data() + t.key, n);
  put_number(t.request.data() + t.description, n);
  return t.request;
}

std::optional<std::uint32_t> ReportMaker::find(std::string_view text) const {
  auto const at = text.find(stem_);
  if (at == std::string_view::npos || text.size() < at + stem_.size() + kDigits) return std::nullopt;
  std::uint32_t n = 0;
  auto const* from = text.data() + at + stem_.size();
  if (std::from_chars(from, from + kDigits, n, 16).ptr != from + kDigits) return std::nullopt;
  return n;
}

}  // namespace wangge::bench
