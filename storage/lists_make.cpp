// Making a month's lists, and noticing what changes them.
#include <algorithm>

#include "storage/chain.hpp"
#include "storage/lists.hpp"
#include "storage/pg.hpp"
#include "storage/place_set.hpp"

namespace wangge::storage {
namespace {

constexpr std::size_t kPage = 2'000;    // cases read at once
constexpr std::size_t kPart = 1'000;    // numbers a row, as queries/list/numbers.sql has it
constexpr std::int64_t kTouched = 200;  // more are listed anew: a page asks about each of them

using Sums = std::map<std::tuple<std::string_view, std::string_view>, std::array<std::int64_t, core::kFigures>>;

// What a case counts as in one month at its T, by who has it then: like the rollup, standing figures from the month
// they begin in.
Sums in_month(std::vector<core::FigureLine> const& lines, std::int32_t month) {
  Sums sums;
  for (auto const& line : lines) {
    if (line.day != 0 || line.month > month) continue;
    auto& n = sums[{line.unit, line.squad}];
    for (std::size_t i = 0; i < core::kFigures; ++i) {
      bool const stands = i > static_cast<std::size_t>(core::Figure::ended_extended);
      if (stands || line.month == month) n[i] += line.n[i];
    }
  }
  std::erase_if(sums, [](auto const& one) {
    return std::all_of(one.second.begin(), one.second.end(), [](auto n) { return n == 0; });
  });
  return sums;
}

using core::Figure;
struct Column {
  std::string_view id;
  std::vector<Figure> figures;  // any of them
};
std::vector<Column> const& columns() {
  static std::vector<Column> const kColumns{{"filed", {Figure::filed}},
                                            {"dispatched", {Figure::dispatched}},
                                            {"due", {Figure::ended, Figure::undone}},
                                            {"carried_over", {Figure::undone_carried}},
                                            {"closed", {Figure::closed}},
                                            {"closed_on_time", {Figure::closed_on_time}},
                                            {"reworked", {Figure::ended_reworked, Figure::undone_reworked}},
                                            {"extended", {Figure::ended_extended, Figure::undone_extended}},
                                            {"awaiting_check", {Figure::awaiting}},
                                            {"in_enforcement", {Figure::enforcement}},
                                            {"open_at_end", {Figure::open_at_end}}};
  return kColumns;
}

class Maker {
 public:
  Maker(pg::Session& s, std::string const& district, std::int32_t month)
      : s_(s), district_(district), month_(month), months_(load_months(s, district)) {}

  Listed run() {
    std::vector<std::string> asked;
    for (auto const& row : s_.run(queries::list_members, pg::Params().text(district_).number(month_)))
      asked.push_back(pg::text(row[0]));
    s_.run(queries::list_clear, pg::Params().text(district_).number(month_));
    for (std::size_t from = 0; from < asked.size(); from += kPage) {
      for (auto const& [number, one] :
           load_counted(s_, district_,
                        {asked.begin() + std::ptrdiff_t(from),
                         asked.begin() + std::ptrdiff_t(std::min(from + kPage, asked.size()))}))
        put(number, one);
    }
    write_numbers();
    write_sets();
    s_.run(queries::list_put_month, pg::Params().text(district_).number(month_).number(std::int64_t(numbers_.size())));
    s_.run(queries::list_sweep, pg::Params().text(district_));
    return {static_cast<std::int64_t>(numbers_.size()), static_cast<std::int64_t>(sets_.size())};
  }

 private:
  void put(std::string const& number, FigureCase const& one) {
    auto const sums = in_month(core::figures_of(one.row, one.spans, months_), month_);
    if (sums.empty()) return;
    auto const place = numbers_.size();
    numbers_.push_back(number);
    auto const& c = one.row;
    auto const in = [&](std::string_view by, std::string_view key) {
      sets_[{std::string(by), std::string(key)}].add(place);
    };
    for (auto const& was : core::places_of(c)) {  // as it counts there
      if (month_ < was.from || month_ >= was.to) continue;
      in("street", was.street), in("class", was.class_code), in("grid", was.grid), in("community", was.community);
      in("category", was.code);
    }
    in("source", c.source);
    auto const& [who, n] = *sums.begin();  // a case has one unit at a time
    in("unit", std::get<0>(who)), in("squad", std::get<1>(who));
    for (auto const& column : columns())
      if (std::any_of(column.figures.begin(), column.figures.end(),
                      [&, &n = n](Figure f) { return n[std::size_t(f)] > 0; }))
        in("column", column.id);
  }
  void write_numbers() {
    for (std::size_t from = 0; from < numbers_.size(); from += kPart) {
      std::vector<std::string> const part(numbers_.begin() + std::ptrdiff_t(from),
                                          numbers_.begin() + std::ptrdiff_t(std::min(from + kPart, numbers_.size())));
      s_.run(queries::list_put_numbers, pg::Params()
                                            .text(district_)
                                            .number(month_)
                                            .number(std::int64_t(from / kPart))
                                            .text(part.front())
                                            .array(part));
    }
  }
  void write_sets() {
    pg::Column by, key, places;
    auto const flush = [&] {
      if (by.size() == 0) return;
      s_.run(queries::list_put_sets, pg::Params().text(district_).number(month_).array(by).array(key).array(places));
      by = {}, key = {}, places = {};
    };
    for (auto const& [name, gaps] : sets_) {
      by.add(name.first), key.add(name.second), places.add(to_hex(gaps.packed(numbers_.size())));
      if (by.size() == 200) flush();
    }
    flush();
  }

  pg::Session& s_;
  std::string const& district_;
  std::int32_t month_;
  core::Months months_;
  std::vector<std::string> numbers_;
  std::map<std::pair<std::string, std::string>, Gaps> sets_;
};

// Everything it adds to the listed months, in one comparable form.
auto up_to(FigureCase const& one, core::Months const& months, std::int32_t listed) {
  std::map<std::tuple<std::string, std::string, std::int32_t>, std::array<std::int64_t, core::kFigures>> sums;
  for (auto const& line : core::figures_of(one.row, one.spans, months)) {
    if (line.day != 0 || line.month > listed) continue;
    auto& n = sums[{std::string(line.unit), std::string(line.squad), line.month}];
    for (std::size_t i = 0; i < core::kFigures; ++i) n[i] += line.n[i];
  }
  std::erase_if(sums, [](auto const& sum) {
    return std::all_of(sum.second.begin(), sum.second.end(), [](auto n) { return n == 0; });
  });
  return sums;
}

// Whose rows it stands in up to that month; what is amended after all of them were sealed changes nothing there.
auto keys_of(core::Case const& c, std::int32_t listed) {
  std::vector<std::tuple<std::string_view, std::string_view, std::string_view, std::string_view, std::string_view, std::string_view, std::int32_t>> keys;
  for (auto const& one : core::places_of(c))
    if (one.from <= listed) keys.emplace_back(one.street, one.community, one.grid, one.class_code, one.code, c.source, std::min(one.to, listed + 1));
  return keys;
}

}  // namespace

bool counts_otherwise(FigureCase const* before, FigureCase const& after, core::Months const& months,
                      std::int32_t listed) {
  auto const may = [&](core::Case const& c) { return c.filed_at && months.month_of(*c.filed_at) <= listed; };
  if (!may(after.row) && (before == nullptr || !may(before->row))) return false;
  auto const now = up_to(after, months, listed);
  if (before == nullptr) return !now.empty();
  return now != up_to(*before, months, listed) || (!now.empty() && keys_of(before->row, listed) != keys_of(after.row, listed));
}

std::optional<std::int32_t> wants_lists(pg::Session& s, std::string const& district, core::Instant now) {
  auto const found =
      s.run(queries::list_wanted, pg::Params().text(district).number(now.time_since_epoch().count()).number(kTouched));
  if (found.empty()) return std::nullopt;
  return static_cast<std::int32_t>(pg::number(found[0][0]));
}

std::optional<Listed> list_month(std::string const& url, std::string const& district, std::int32_t month,
                                 core::Instant now) {
  pg::Session s(url, pg::Session::Use::writer);
  auto const which = pg::Params().text(district).number(month);
  if (s.run(queries::list_over, pg::Params().text(district).number(month).number(now.time_since_epoch().count()))
          .empty())
    return std::nullopt;
  {  // From here on every writer notes what it changes in the month.
    pg::Transaction transaction(s);
    s.run(queries::figure_lock_writers, pg::Params().text(district));
    s.run(queries::list_begin, which);
    transaction.commit();
  }
  pg::Transaction transaction(s);
  s.run(queries::figure_snapshot);
  s.run(queries::figure_patient);
  if (!pg::yes(s.run(queries::list_alone, pg::Params().text(district))[0][0])) return std::nullopt;
  auto const done = Maker(s, district, month).run();
  transaction.commit();
  return done;
}

}  // namespace wangge::storage
