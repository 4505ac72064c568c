// A period counted again from history: rows, spans and marks of every case it may speak of, all as of one instant.
#include <algorithm>

#include "dispatcher/core/decide.hpp"
#include "storage/codec.hpp"
#include "storage/figures.hpp"
#include "storage/pg.hpp"
#include "storage/reader.hpp"
#include "storage/standing.hpp"

namespace wangge::storage {
namespace {

constexpr std::size_t kPage = 500, kChunk = 20'000;  // cases read at once; cases whose marks are read at once

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

class Recount {
 public:
  Recount(pg::Session& s, std::string const& district, HistoryPeriod const& period, bool repair)
      : s_(s), district_(district), period_(period), repair_(repair) {}

  HistoryCheck run() {
    city_ = s_.guarded([&] { return standing::read_city(s_.raw(), district_); });
    pg::Transaction transaction(s_);
    s_.run(queries::figure_snapshot);
    auto const numbers = period_numbers();
    for (std::size_t from = 0; from < numbers.size(); from += kChunk) {
      auto const last = std::min(from + kChunk, numbers.size());
      read_marks(numbers[from], numbers[last - 1]);
      for (std::size_t page = from; page < last; page += kPage)
        check({numbers.begin() + std::ptrdiff_t(page), numbers.begin() + std::ptrdiff_t(std::min(page + kPage, last))});
      put_right();
    }
    transaction.commit();
    return std::move(check_);
  }

 private:
  static std::int64_t millis(core::Instant at) { return at.time_since_epoch().count(); }

  std::vector<std::string> period_numbers() {
    std::vector<std::string> numbers;
    auto const params = pg::Params().text(district_).number(millis(period_.from)).number(millis(period_.as_of));
    for (auto const& row : s_.run(queries::figure_period_cases, params)) numbers.push_back(pg::text(row[0]));
    return numbers;
  }

  void read_marks(std::string const& first, std::string const& last) {
    kept_.clear();
    auto const params =
        pg::Params().text(district_).number(millis(period_.from)).number(millis(period_.to)).text(first).text(last);
    for (auto const& row : s_.run(queries::mark_of_cases, params))
      kept_[pg::text(row[0])].push_back({pg::text(row[1]), pg::text(row[2]), pg::text(row[3]), pg::text(row[4]),
                                         pg::text(row[5]), pg::number(row[6]), *pg::instant(row[7]), pg::text(row[8])});
  }

  void check(std::vector<std::string> const& numbers) {
    auto const params = pg::Params().text(district_).array(numbers);
    std::map<std::string, std::vector<core::HistoryRow>> histories;
    std::map<std::string, std::vector<core::Span>> spans;
    std::map<std::string, std::vector<core::Task>> tasks;
    std::vector<std::string> sent;  // ids of the tasks that somebody was sent with
    for (auto const& row : s_.run(queries::history_of_cases, params)) {
      auto one = read_history_row(row, 1);
      auto const number = pg::text(row[0]);
      for (std::string_view const sends : {"report", "send_verify", "send_check", "recheck", "make_safe", "close", "accept_self_disposal", "appeal"})
        if (one.action == sends) sent.push_back(number + "-" + std::to_string(one.version));
      histories[number].push_back(std::move(one));
    }
    for (auto const& row : s_.run(queries::span_of_cases, params)) spans[pg::text(row[0])].push_back(read_span(row, 1));
    for (auto const& row : s_.run(queries::task_of_ids, pg::Params().text(district_).array(sent))) {
      auto task = read_task(row);
      if (task.kind == core::TaskKind::verify || task.kind == core::TaskKind::check)
        tasks[task.case_no].push_back(std::move(task));
    }
    for (auto const& row : s_.run(queries::figure_cases, params)) {
      int at = 0;
      auto const c = read_case(row, at);
      ++check_.cases;
      try {
        std::vector<core::Span> replayed;
        core::MarksReplayed marks{&city_, tasks[c.case_no], {}};
        auto const differences =
            core::diff(core::replay(district_, c.case_no, histories[c.case_no], &replayed, &marks), c);
        if (!differences.empty())
          check_.findings.push_back(c.case_no + ": its history does not give its field " + differences.front().first);
        else if (replayed != spans[c.case_no])
          check_.findings.push_back(c.case_no + ": its history does not lead to its spans");
        compare(c.case_no, marks.steps);
      } catch (std::invalid_argument const& e) {
        check_.findings.push_back(c.case_no + ": " + e.what());
      }
    }
  }

  void compare(std::string const& number, std::vector<core::StepMarks> const& steps) {
    auto& kept = kept_[number];
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
    check_.marks += static_cast<std::int64_t>(wanted.size());
    auto const by_key = [](Kept const& a, Kept const& b) { return a.key() < b.key(); };
    std::sort(wanted.begin(), wanted.end(), by_key);
    std::sort(kept.begin(), kept.end(), by_key);
    bool const same = std::equal(wanted.begin(), wanted.end(), kept.begin(), kept.end(),
                                 [](auto const& a, auto const& b) { return a.key() == b.key(); });
    if (same) return;
    if (!repair_) return check_.findings.push_back(number + ": its history does not count as its marks do");
    ++check_.repaired;
    for (auto const& one : kept) gone_.push_back(one.place);
    for (auto& one : wanted) fresh_.emplace_back(number, std::move(one));
  }

  void put_right() {
    if (gone_.empty() && fresh_.empty()) return;
    s_.run(queries::mark_remove, pg::Params().text(district_).array(gone_));
    pg::Column at, mark, case_no, version, person, post, unit, squad;
    for (auto const& [number, one] : fresh_) {
      at.add(one.at), mark.add(one.mark), case_no.add(number), version.add(one.version);
      person.add(one.person), post.add(one.post), unit.add(one.unit), squad.add(one.squad);
    }
    if (at.size() != 0)
      s_.run(queries::mark_insert, pg::Params()
                                       .text(district_)
                                       .array(at)
                                       .array(mark)
                                       .array(case_no)
                                       .array(version)
                                       .array(person)
                                       .array(post)
                                       .array(unit)
                                       .array(squad));
    gone_.clear();
    fresh_.clear();
  }

  pg::Session& s_;
  std::string const& district_;
  HistoryPeriod const& period_;
  bool repair_;
  core::City city_;
  std::map<std::string, std::vector<Kept>> kept_;
  std::vector<std::string> gone_;
  std::vector<std::pair<std::string, Kept>> fresh_;
  HistoryCheck check_;
};

}  // namespace

HistoryCheck check_histories(std::string const& url, std::string const& district, HistoryPeriod const& period,
                             bool repair) {
  pg::Session session(url, repair ? pg::Session::Use::writer : pg::Session::Use::batch);
  return Recount(session, district, period, repair).run();
}

}  // namespace wangge::storage
