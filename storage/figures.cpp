// Keeping the rollup: months, folding, building anew, comparing with the span computation.
#include "storage/figures.hpp"

#include <algorithm>
#include <array>

#include "storage/pg.hpp"
#include "storage/reader.hpp"
#include "storage/times.hpp"

namespace wangge::storage {
namespace {

using core::Days;
using core::LocalDay;

constexpr int kFirstYear = 1999, kLastYear = 2069;  // reports before 2000 are refused (CONTRACT 3)
constexpr int kDaysKept = 2;  // deadlines of the newest days stay apart: whoever reads may be a little behind

struct Month {
  std::int64_t from = 0, to = 0, read = 0;  // milliseconds
  bool operator==(Month const&) const = default;
};

std::map<std::int64_t, Month> months_of(core::Calendar const& calendar) {
  std::map<std::int64_t, Month> months;
  auto const millis = [](core::Instant at) { return at.time_since_epoch().count(); };
  for (LocalDay first{std::chrono::year{kFirstYear} / 1 / 1}; first < LocalDay{std::chrono::year{kLastYear} / 1 / 1};) {
    auto const behind = month_after(first);
    std::chrono::year_month_day const date{first};
    auto const number = std::int64_t{int(date.year())} * 12 + unsigned(date.month()) - 1;
    months[number] = {millis(calendar.start_of(first)), millis(calendar.start_of(behind)),
                      millis(calendar.end_of_working_day_after(behind - Days{1}, kWorkingDaysToRead))};
    first = behind;
  }
  return months;
}

// The local day from which on deadlines are kept by their day.
std::int64_t past_day(core::Instant now) {
  return std::chrono::floor<Days>(now).time_since_epoch().count() - kDaysKept;
}

std::map<std::int64_t, Month> stored_months(pg::Session& s, std::string const& district) {
  std::map<std::int64_t, Month> months;
  for (auto const& row : s.run(queries::figure_months, pg::Params().text(district))) {
    months[pg::number(row[0])] = {pg::number(row[1]), pg::number(row[2]), pg::number(row[3])};
  }
  return months;
}

void fold_inside(pg::Session& s, std::string const& district, core::Instant now) {
  auto const only = pg::Params().text(district);
  s.run(queries::figure_fold, pg::Params().text(district).number(past_day(now)));
  s.run(queries::figure_sweep, only);
}

}  // namespace

void keep_months(pg::Session& s, std::string const& district, core::Calendar const& calendar) {
  auto const wanted = months_of(calendar);
  if (stored_months(s, district) == wanted) return;
  pg::Column number, from, to, read;
  for (auto const& [month, edges] : wanted) {
    number.add(month);
    from.add(edges.from);
    to.add(edges.to);
    read.add(edges.read);
  }
  pg::Transaction transaction(s);
  s.run(queries::figure_lock_writers, pg::Params().text(district));
  s.run(queries::figure_put_months, pg::Params().text(district).array(number).array(from).array(to).array(read));
  transaction.commit();
}

void fold(pg::Session& s, std::string const& district, core::Instant now) {
  if (pg::number(s.run(queries::figure_waiting, pg::Params().text(district))[0][0]) == 0) return;
  pg::Transaction transaction(s);
  if (!s.run(queries::figure_lock, pg::Params().text(district)).empty()) fold_inside(s, district, now);
  transaction.commit();
}

void fold_figures(std::string const& url, std::string const& district, core::Instant now) {
  pg::Session session(url, pg::Session::Use::writer);
  fold(session, district, now);
}

Rebuilt rebuild_figures(std::string const& url, std::string const& district, core::Instant now,
                        std::function<void(std::string const&)> const& progress) {
  pg::Session s(url, pg::Session::Use::writer);
  Rebuilt done;
  auto const only = pg::Params().text(district);
  pg::Transaction transaction(s);
  s.run(queries::figure_snapshot);
  s.run(queries::figure_plan_each);
  if (s.run(queries::figure_lock, only).empty()) throw Broken("district " + district + " has no months yet: no dispatcher ever served it");
  auto const months = stored_months(s, district);
  done.usable = std::all_of(months.begin(), months.end(), [&](auto const& m) {
    auto const next = months.find(m.first + 1);
    return next == months.end() || m.second.read < next->second.to;
  });
  s.run(queries::figure_clear, only);
  auto const range = s.run(queries::figure_range, only);
  auto const day = [&](pqxx::field const& field) {
    auto const text = pg::text(field).substr(district.size());  // YYYYMMDD
    return parse_month(text.substr(0, 4) + "-" + text.substr(4, 2));
  };
  if (!range.empty() && !range[0][0].is_null()) {
    auto const last = day(range[0][1]);
    for (auto month = day(range[0][0]); month && last && *month <= *last; month = month_after(*month)) {
      auto const prefix = [&](LocalDay first) {
        auto const text = format_day(first);
        return district + text.substr(0, 4) + text.substr(5, 2);
      };
      s.run(queries::figure_put_range, pg::Params().text(district).text(prefix(*month)).text(prefix(month_after(*month))));
      ++done.months;
      if (progress) progress(format_day(*month).substr(0, 7));
    }
  }
  fold_inside(s, district, now);
  if (done.usable) s.run(queries::figure_built, only);
  transaction.commit();
  return done;
}

FigureCheck check_figures(ReadModel& reads, ClosureRequest month) {
  FigureCheck check;
  for (std::string const by : {"district", "street", "unit", "squad", "class", "source"}) {
    month.by = by;
    month.from_spans = false;
    auto const rolled = reads.closure(month);
    month.from_spans = true;
    if (month.previous_as_of == month.as_of) month.previous_as_of = rolled.as_of;
    month.as_of = rolled.as_of;
    if (!rolled.from_rollup) check.differences.push_back(rolled.month + " by " + by + ": the rollup does not answer");
    auto const spans = reads.closure(month);
    ++check.tables;
    std::map<std::string, ClosureRow> left;
    for (auto const& row : rolled.rows) left.emplace(row.key, row);
    auto const compare = [&](ClosureRow const& want, ClosureRow const& have) {
      for (auto const& column : kClosureColumns) {
        ++check.numbers;
        if (want.*column.count != have.*column.count) {
          check.differences.push_back(rolled.month + " by " + by + ", " + (want.key.empty() ? have.key : want.key) + " " + std::string(column.id) +
                                      ": from spans " + std::to_string(want.*column.count) + ", in the rollup " + std::to_string(have.*column.count));
        }
      }
    };
    for (auto const& row : spans.rows) {
      auto const found = left.find(row.key);
      compare(row, found == left.end() ? ClosureRow{} : found->second);
      if (found != left.end()) left.erase(found);
    }
    for (auto const& [key, row] : left) compare(ClosureRow{}, row);
  }
  return check;
}

}  // namespace wangge::storage
