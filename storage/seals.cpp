// Months that are closed for good: what their tables said, and whether histories still say it.
#include <sodium.h>

#include <algorithm>
#include <tuple>

#include "dispatcher/core/decide.hpp"
#include "storage/codec.hpp"
#include "storage/figures.hpp"
#include "storage/pg.hpp"
#include "storage/reader.hpp"

namespace wangge::storage {
namespace {

// The marks of a replayed case, digested as queries/mark/digests.sql does.
std::string digest_of(std::vector<core::StepMarks> const& steps, core::Instant from, core::Instant as_of) {
  using Line = std::tuple<std::int64_t, std::string, std::string, std::string>;
  std::vector<Line> lines;
  for (auto const& step : steps) {
    if (step.at < from || step.at >= as_of) continue;
    for (auto const& mark : step.marks) {
      if (mark.id == "intime_verify" || mark.id == "intime_check") continue;
      lines.emplace_back(step.version, std::string(mark.id), mark.person, std::string(core::id(mark.post)) + " " + mark.unit + " " + mark.squad);
    }
  }
  std::sort(lines.begin(), lines.end());
  std::string text;
  for (auto const& [version, mark, person, rest] : lines) {
    text += (text.empty() ? "" : "\n") + std::to_string(version) + " " + mark + " " + person + " " + rest;
  }
  return lines.empty() ? "" : sha256_hex(text);
}

}  // namespace

HistoryCheck check_histories(std::string const& url, std::string const& district, core::Instant from,
                             core::Instant as_of) {
  HistoryCheck check;
  pg::Session session(url, pg::Session::Use::batch);
  std::map<std::string, std::string> marked;
  auto const period = pg::Params().text(district).number(from.time_since_epoch().count()).number(as_of.time_since_epoch().count());
  for (auto const& row : session.run(queries::mark_digests, period)) marked.emplace(pg::text(row[0]), pg::text(row[1]));
  std::string after;
  for (;;) {
    pg::Transaction transaction(session);
    session.run(queries::chain_head_snapshot);
    std::map<std::string, core::Case> rows;
    auto const page = pg::Params()
                          .text(district)
                          .text(after)
                          .number(from.time_since_epoch().count())
                          .number(as_of.time_since_epoch().count());
    for (auto const& row : session.run(queries::figure_period_cases, page)) {
      int at = 0;
      auto c = read_case(row, at);
      rows.emplace(c.case_no, std::move(c));
    }
    if (rows.empty()) return check;
    after = rows.rbegin()->first;
    std::vector<std::string> numbers;
    for (auto const& [number, c] : rows) numbers.push_back(number);
    std::map<std::string, std::vector<core::HistoryRow>> histories;
    std::map<std::string, std::vector<core::Span>> spans;
    for (auto const& row : session.run(queries::history_of_cases, pg::Params().text(district).array(numbers))) {
      histories[pg::text(row[0])].push_back(read_history_row(row, 1));
    }
    for (auto const& row : session.run(queries::span_of_cases, pg::Params().text(district).array(numbers))) {
      spans[pg::text(row[0])].push_back(read_span(row, 1));
    }
    transaction.commit();
    for (auto const& [number, c] : rows) {
      ++check.cases;
      try {
        std::vector<core::Span> replayed;
        std::vector<core::StepMarks> marks;
        auto const differences = core::diff(core::replay(district, number, histories[number], &replayed, &marks), c);
        if (!differences.empty())
          check.findings.push_back(number + ": its history does not give its field " + differences.front().first);
        else if (replayed != spans[number])
          check.findings.push_back(number + ": its history does not lead to its spans");
        else if (auto const kept = marked.find(number); digest_of(marks, from, as_of) != (kept == marked.end() ? "" : kept->second))
          check.findings.push_back(number + ": its history does not count as its marks do");
      } catch (std::invalid_argument const& e) {
        check.findings.push_back(number + ": " + e.what());
      }
    }
  }
}

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), reinterpret_cast<unsigned char const*>(text.data()), text.size());
  std::string out(digest.size() * 2 + 1, '\0');
  sodium_bin2hex(out.data(), out.size(), digest.data(), digest.size());
  out.pop_back();
  return out;
}

std::optional<Seal> find_seal(std::string const& url, std::string const& district, std::string const& month) {
  pg::Session s(url, pg::Session::Use::batch);
  auto const found = s.run(queries::seal_find, pg::Params().text(district).text(month));
  if (found.empty()) return std::nullopt;
  auto const& row = found[0];
  Seal seal;
  seal.month = month;
  seal.content = pg::text(row[0]);
  seal.digest = pg::text(row[1]);
  seal.signature = pg::text(row[2]);
  seal.sealed_by = pg::text(row[3]);
  seal.sealed_at = *pg::instant(row[4]);
  seal.as_of = *pg::instant(row[5]);
  return seal;
}

void put_seal(std::string const& url, std::string const& district, Seal const& seal) {
  pg::Session s(url, pg::Session::Use::writer);
  s.run(queries::seal_put, pg::Params()
                               .text(district)
                               .text(seal.month)
                               .number(seal.to.time_since_epoch().count())
                               .number(seal.as_of.time_since_epoch().count())
                               .text(seal.content)
                               .text(seal.digest)
                               .text(seal.signature)
                               .text(seal.sealed_by));
}

}  // namespace wangge::storage
