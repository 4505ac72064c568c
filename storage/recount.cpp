// A period counted again from history: rows, spans and marks of every case it may speak of, all as of one instant. The
// cases are read in the order of their numbers, in bands, one a core; every band streams what it compares by ranges of
// numbers over a connection of its own.
#include <algorithm>
#include <future>
#include <thread>

#include "dispatcher/core/decide.hpp"
#include "storage/codec.hpp"
#include "storage/figures.hpp"
#include "storage/pg.hpp"
#include "storage/reader.hpp"
#include "storage/standing.hpp"

namespace wangge::storage {
namespace {

constexpr std::size_t kPage = 1000;       // cases read at once
constexpr std::size_t kBand = 5'000;      // fewer are not worth a connection of their own
constexpr unsigned kBands = 4;            // the database has other work
constexpr std::size_t kWritten = 20'000;  // marks put right at once

// One mark as it is kept, and where; comparable.
struct Kept {
  std::string mark, person, post, unit, squad;
  std::int64_t version = 0;
  core::Instant at{};
  std::string place;
  auto key() const { return std::tie(version, mark, person, post, unit, squad, at); }
};
// What the roster and the windows of the day said is frozen in the mark and cannot be asked again.
bool frozen(std::string const& mark) {
  return mark == "missed" || mark == "overtime_back";
}

struct Number {
  std::string case_no;
  bool in_period;  // reported since the period began: then no number between two such is missing
};
using Numbers = std::span<Number const>;

// Everything that speaks of one case.
struct Life {
  core::Case row;
  std::vector<core::HistoryRow> history;
  std::vector<core::Span> spans;
  std::vector<core::Task> tasks;
};

// The marks of a band, case after case.
class MarkStream {
 public:
  MarkStream(pg::Session& s, std::string const& district, HistoryPeriod const& period, Numbers band) : s_(s) {
    s.run(queries::figure_sort_in_memory);
    auto const millis = [](core::Instant at) { return at.time_since_epoch().count(); };
    s.run(queries::mark_declare_period, pg::Params()
                                            .text(district)
                                            .number(millis(period.from))
                                            .number(millis(period.to))
                                            .text(band.front().case_no)
                                            .text(band.back().case_no));
  }
  // Those of this case; asked for in the order of numbers.
  std::vector<Kept> of(std::string const& number) {
    std::vector<Kept> marks;
    for (; there() && rows_[at_][0].c_str() <= number; ++at_) {
      auto const row = rows_[at_];
      if (row[0].c_str() != number) continue;
      marks.push_back({pg::text(row[1]), pg::text(row[2]), pg::text(row[3]), pg::text(row[4]), pg::text(row[5]),
                       pg::number(row[6]), *pg::instant(row[7]), pg::text(row[8])});
    }
    return marks;
  }

 private:
  bool there() {
    if (at_ < rows_.size()) return true;
    if (over_) return false;
    rows_ = s_.run(queries::mark_fetch_period);
    at_ = 0;
    over_ = rows_.empty();
    return !over_;
  }
  pg::Session& s_;
  pqxx::result rows_;
  pqxx::result::size_type at_ = 0;
  bool over_ = false;
};

class Band {
 public:
  Band(std::string const& url, std::string snapshot, core::City const& city, std::string const& district,
       HistoryPeriod const& period, bool repair, Numbers numbers)
      : s_(url, pg::Session::Use::batch),
        snapshot_(std::move(snapshot)),
        city_(city),
        district_(district),
        period_(period),
        repair_(repair),
        numbers_(numbers) {}

  struct Found {
    HistoryCheck check;
    std::vector<std::string> gone;                    // places of marks that are wrong
    std::vector<std::pair<std::string, Kept>> fresh;  // by case
  };
  Found run() {
    pg::Transaction transaction(s_, snapshot_);
    MarkStream marks(s_, district_, period_, numbers_);
    for (std::size_t from = 0; from < numbers_.size(); from += kPage) {
      for (auto& [number, life] : lives(numbers_.subspan(from, std::min(kPage, numbers_.size() - from))))
        check(life, marks.of(number));
    }
    transaction.commit();
    return std::move(found_);
  }

 private:
  std::map<std::string, Life> lives(Numbers page) {
    std::map<std::string, Life> lives;
    std::vector<std::string> only;
    bool const gaps = !page.front().in_period || !page.back().in_period;
    for (auto const& one : page) {
      lives.try_emplace(lives.end(), one.case_no);
      if (gaps) only.push_back(one.case_no);
    }
    auto params = pg::Params().text(district_).text(page.front().case_no).text(page.back().case_no);
    gaps ? params.array(only) : params.null();
    auto const each = [&](Query const& query, int number, auto&& put) {
      auto at = lives.begin();  // rows come in the order of their cases, but for tasks of one text order or another
      for (auto const& row : s_.run(query, params)) {
        if (at == lives.end() || at->first != row[number].c_str()) at = lives.find(row[number].c_str());
        if (at != lives.end()) put(at->second, row);
      }
    };
    each(queries::history_of_range, 0,
         [](Life& life, pqxx::row const& row) { life.history.push_back(read_history_row(row, 1)); });
    each(queries::span_of_range, 0, [](Life& life, pqxx::row const& row) { life.spans.push_back(read_span(row, 1)); });
    each(queries::task_of_range, 1, [](Life& life, pqxx::row const& row) { life.tasks.push_back(read_task(row)); });
    each(queries::cases_of_range, 1, [](Life& life, pqxx::row const& row) {
      int at = 0;
      life.row = read_case(row, at);
    });
    return lives;
  }

  void check(Life& life, std::vector<Kept> kept) {
    auto const& number = life.row.case_no;
    auto& findings = found_.check.findings;
    ++found_.check.cases;
    try {
      std::vector<core::Span> replayed;
      core::MarksReplayed marks{&city_, std::move(life.tasks), {}};
      auto const differences = core::diff(core::replay(district_, number, life.history, &replayed, &marks), life.row);
      if (!differences.empty())
        findings.push_back(number + ": its history does not give its field " + differences.front().first);
      else if (replayed != life.spans)
        findings.push_back(number + ": its history does not lead to its spans");
      compare(number, std::move(kept), marks.steps);
    } catch (std::invalid_argument const& e) {
      findings.push_back(number + ": " + e.what());
    }
  }

  void compare(std::string const& number, std::vector<Kept> kept, std::vector<core::StepMarks> const& steps) {
    bool const counted = !kept.empty();
    std::vector<Kept> wanted;
    for (auto const& step : steps) {
      if (step.at < period_.from || step.at >= period_.to) continue;
      for (auto const& m : step.marks) {
        if (counted && frozen(std::string(m.id))) continue;
        wanted.push_back(
            {std::string(m.id), m.person, std::string(core::id(m.post)), m.unit, m.squad, step.version, step.at, ""});
      }
    }
    for (auto const& one : kept)
      if (frozen(one.mark)) wanted.push_back(one);
    found_.check.marks += static_cast<std::int64_t>(wanted.size());
    auto const by_key = [](Kept const& a, Kept const& b) { return a.key() < b.key(); };
    std::sort(wanted.begin(), wanted.end(), by_key);
    std::sort(kept.begin(), kept.end(), by_key);
    bool const same = std::equal(wanted.begin(), wanted.end(), kept.begin(), kept.end(),
                                 [](auto const& a, auto const& b) { return a.key() == b.key(); });
    if (same) return;
    if (!repair_) return found_.check.findings.push_back(number + ": its history does not count as its marks do");
    ++found_.check.repaired;
    for (auto& one : kept) found_.gone.push_back(std::move(one.place));
    for (auto& one : wanted) found_.fresh.emplace_back(number, std::move(one));
  }

  pg::Session s_;
  std::string snapshot_;
  core::City const& city_;
  std::string const& district_;
  HistoryPeriod const& period_;
  bool repair_;
  Numbers numbers_;
  Found found_;
};

void put_right(pg::Session& s, std::string const& district, Band::Found const& found) {
  for (std::size_t from = 0; from < found.gone.size(); from += kWritten) {
    auto const last = std::min(from + kWritten, found.gone.size());
    s.run(queries::mark_remove, pg::Params().text(district).array({found.gone.begin() + std::ptrdiff_t(from),
                                                                   found.gone.begin() + std::ptrdiff_t(last)}));
  }
  for (std::size_t from = 0; from < found.fresh.size(); from += kWritten) {
    pg::Column at, mark, case_no, version, person, post, unit, squad;
    for (std::size_t i = from; i < std::min(from + kWritten, found.fresh.size()); ++i) {
      auto const& [number, one] = found.fresh[i];
      at.add(one.at), mark.add(one.mark), case_no.add(number), version.add(one.version);
      person.add(one.person), post.add(one.post), unit.add(one.unit), squad.add(one.squad);
    }
    auto params = pg::Params().text(district);
    for (auto* column : {&at, &mark, &case_no, &version, &person, &post, &unit, &squad}) params.array(*column);
    s.run(queries::mark_insert, params);
  }
}

std::vector<Number> period_numbers(pg::Session& s, std::string const& district, HistoryPeriod const& period) {
  std::vector<Number> numbers;
  auto const millis = [](core::Instant at) { return at.time_since_epoch().count(); };
  for (auto const& row : s.run(queries::figure_period_cases,
                               pg::Params().text(district).number(millis(period.from)).number(millis(period.as_of))))
    numbers.push_back({pg::text(row[0]), pg::yes(row[1])});
  return numbers;
}

}  // namespace

HistoryCheck check_histories(std::string const& url, std::string const& district, HistoryPeriod const& period,
                             bool repair) {
  pg::Session s(url, repair ? pg::Session::Use::writer : pg::Session::Use::batch);
  auto const city = s.guarded([&] { return standing::read_city(s.raw(), district); });
  pg::Transaction transaction(s);
  s.run(queries::figure_snapshot);
  s.run(queries::figure_patient);
  auto const snapshot = pg::text(s.run(queries::figure_snapshot_name)[0][0]);
  auto const numbers = period_numbers(s, district, period);
  HistoryCheck check;
  if (numbers.empty()) return check;
  auto const bands =
      std::clamp<std::size_t>(numbers.size() / kBand, 1, std::clamp(std::thread::hardware_concurrency(), 1u, kBands));
  std::vector<std::future<Band::Found>> running;
  for (std::size_t i = 0; i < bands; ++i) {
    auto const from = numbers.size() * i / bands, to = numbers.size() * (i + 1) / bands;
    running.push_back(std::async(std::launch::async, [&, from, to] {
      return Band(url, snapshot, city, district, period, repair, Numbers(numbers).subspan(from, to - from)).run();
    }));
  }
  for (auto& band : running) {
    auto found = band.get();
    check.cases += found.check.cases;
    check.marks += found.check.marks;
    check.repaired += found.check.repaired;
    std::move(found.check.findings.begin(), found.check.findings.end(), std::back_inserter(check.findings));
    if (repair) put_right(s, district, found);
  }
  transaction.commit();
  return check;
}

}  // namespace wangge::storage
