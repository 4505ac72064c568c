// Keeping the rollup: months, folding, building anew, comparing with the span computation.
#include "storage/figures.hpp"

#include <algorithm>
#include <array>

#include "storage/codec.hpp"
#include "storage/pg.hpp"
#include "storage/reader.hpp"
#include "storage/standing.hpp"
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

bool figures_stand(std::string const& url, std::string const& district) {
  pg::Session session(url, pg::Session::Use::batch);
  auto const found = session.run(queries::figure_stands, pg::Params().text(district));
  return pg::yes(found[0][0]);
}

void fold_figures(std::string const& url, std::string const& district, core::Instant now) {
  pg::Session session(url, pg::Session::Use::writer);
  fold(session, district, now);
}

core::Months load_months(pg::Session& s, std::string const& district) {
  std::map<std::int32_t, core::Instant> read_at;
  std::chrono::minutes offset{480};
  for (auto const& [month, edges] : stored_months(s, district)) {
    read_at[static_cast<std::int32_t>(month)] = core::Instant{core::Millis{edges.read}};
    // The zone is the distance of a month's begin from the same midnight in UTC.
    std::chrono::year_month_day const first{std::chrono::year{int(month / 12)} /
                                            std::chrono::month{unsigned(month % 12 + 1)} / 1};
    offset = std::chrono::duration_cast<std::chrono::minutes>(core::Instant{LocalDay{first}} -
                                                              core::Instant{core::Millis{edges.from}});
  }
  return {offset, std::move(read_at)};
}

namespace {

void read_counted(pqxx::result const& rows, std::map<std::string, FigureCase>& out) {
  for (auto const& row : rows) {
    auto const [slot, fresh] = out.try_emplace(pg::text(row[0]));
    auto& c = slot->second.row;
    if (fresh) {
      c.case_no = slot->first;
      c.street = pg::text(row[1]);
      c.class_code = pg::text(row[2]);
      c.source = pg::text(row[3]);
      c.unit = pg::text(row[4]);
      c.squad = pg::text(row[5]);
      c.state = read_state(pg::text(row[6]));
      c.last_at = *pg::instant(row[7]);
      c.filed_at = pg::instant(row[8]);
      c.dispatched_at = pg::instant(row[9]);
      c.closed_at = pg::instant(row[10]);
      c.exempt = pg::yes(row[11]);
      c.enforcement_no = pg::text(row[12]);
      c.rework = pg::number(row[13]);
      c.extensions = pg::number(row[14]);
      c.grid = pg::text(row[26]);
      c.community = pg::text(row[27]);
      c.code = pg::text(row[28]);
      if (auto const flags = pg::text(row[15]); !flags.empty()) core::patch(c, {{"flags", flags}});
    }
    if (!row[16].is_null()) slot->second.spans.push_back(read_span(row, 16));
  }
}

}  // namespace

std::map<std::string, FigureCase> load_counted(pg::Session& s, std::string const& district,
                                               std::vector<std::string> const& cases) {
  std::map<std::string, FigureCase> out;
  read_counted(s.run(queries::figure_before, pg::Params().text(district).array(cases)), out);
  return out;
}

void apply(std::vector<core::Span>& spans, std::vector<core::SpanChange> const& changes) {
  for (auto const& change : changes) {
    if (change.close && !spans.empty()) {
      auto& last = spans.back();
      last.until_at = change.close_at;
      last.ended = change.ended;
      last.effect_at = change.effect_at;
      last.effect_due_at = change.effect_due_at;
    }
    if (change.open) spans.push_back(*change.open);
  }
}

void FigureSum::add(FigureCase const& one, core::Months const& months, std::int64_t sign) {
  auto const& c = one.row;
  for (auto const& line : core::figures_of(c, one.spans, months)) {
    auto& sum = lines_[{std::string(line.street), std::string(line.unit), std::string(line.squad),
                        std::string(line.class_code), c.source, line.month, line.day}];
    for (std::size_t i = 0; i < core::kFigures; ++i) sum[i] += sign * line.n[i];
  }
  newest_ = std::max(newest_, c.last_at);
}

void FigureSum::write(pg::Pipeline& p, std::string const& district) {
  std::array<pg::Column, 5> words;
  pg::Column month, day;
  std::array<pg::Column, core::kFigures> counts;
  for (auto const& [key, n] : lines_) {
    if (std::all_of(n.begin(), n.end(), [](std::int64_t one) { return one == 0; })) continue;
    auto const& [street, unit, squad, class_code, source, in_month, on_day] = key;
    std::size_t at = 0;
    for (auto const* word : {&street, &unit, &squad, &class_code, &source}) words[at++].add(*word);
    month.add(std::int64_t{in_month});
    day.add(std::int64_t{on_day});
    for (std::size_t i = 0; i < core::kFigures; ++i) counts[i].add(n[i]);
  }
  if (month.size() != 0) {
    auto params = pg::Params().text(district).number(newest_.time_since_epoch().count());
    for (auto& word : words) params.array(word);
    params.array(month).array(day);
    for (auto& count : counts) params.array(count);
    p.send(queries::figure_put, params);
  }
  lines_.clear();
}

Rebuilt rebuild_figures(std::string const& url, std::string const& district, core::Instant now,
                        std::function<void(std::int64_t)> const& progress) {
  pg::Session s(url, pg::Session::Use::writer);
  Rebuilt done;
  auto const city = s.guarded([&] { return standing::read_city(s.raw(), district); });
  auto const center = city.calendars.find(city.policy.calendar);
  keep_months(s, district, center != city.calendars.end() ? center->second : core::Calendar{});
  auto const only = pg::Params().text(district);
  pg::Transaction transaction(s);
  s.run(queries::figure_snapshot);
  s.run(queries::figure_lock, only);
  auto const stored = stored_months(s, district);
  done.usable = std::all_of(stored.begin(), stored.end(), [&](auto const& m) {
    auto const next = stored.find(m.first + 1);
    return next == stored.end() || m.second.read < next->second.to;
  });
  auto const months = load_months(s, district);
  s.run(queries::figure_clear, only);
  s.run(queries::list_forget, only);
  FigureSum sum;
  std::string after;
  for (;;) {
    std::map<std::string, FigureCase> page;
    read_counted(s.run(queries::figure_page, pg::Params().text(district).text(after)), page);
    if (page.empty()) break;
    after = page.rbegin()->first;
    for (auto const& [number, one] : page) sum.add(one, months, 1);
    done.cases += static_cast<std::int64_t>(page.size());
    if (progress) progress(done.cases);
  }
  pg::Pipeline p(s);
  sum.write(p, district);
  p.finish();
  fold_inside(s, district, now);
  if (done.usable) s.run(queries::figure_built, only);
  transaction.commit();
  return done;
}

FigureCheck check_figures(ReadModel& reads, ClosureRequest month) {
  FigureCheck check;
  std::map<std::string, std::vector<ClosureRow>> spans;  // as of month.as_of; computed anew only while now moves on
  for (std::string const by : {"district", "street", "unit", "squad", "class", "source"}) {
    month.by = by;
    auto const rolled = reads.closure(month);
    if (month.previous_as_of == month.as_of) month.previous_as_of = rolled.as_of;
    if (spans.empty() || month.as_of != rolled.as_of) {
      month.as_of = rolled.as_of;
      spans = reads.closures_from_spans(month);
    }
    if (!rolled.from_rollup) check.differences.push_back(rolled.month + " by " + by + ": the rollup does not answer");
    ++check.tables;
    std::map<std::string, ClosureRow> left;
    for (auto const& row : rolled.rows) left.emplace(row.key, row);
    auto const compare = [&](ClosureRow const& want, ClosureRow const& have) {
      for (auto const& column : kClosureColumns) {
        ++check.numbers;
        if (want.*column.count != have.*column.count) {
          check.differences.push_back(rolled.month + " by " + by + ", " + (want.key.empty() ? have.key : want.key) +
                                      " " + std::string(column.id) + ": from spans " +
                                      std::to_string(want.*column.count) + ", in the rollup " +
                                      std::to_string(have.*column.count));
        }
      }
    };
    for (auto const& row : spans[by]) {
      auto const found = left.find(row.key);
      compare(row, found == left.end() ? ClosureRow{} : found->second);
      if (found != left.end()) left.erase(found);
    }
    for (auto const& [key, row] : left) compare(ClosureRow{}, row);
  }
  return check;
}

}  // namespace wangge::storage
