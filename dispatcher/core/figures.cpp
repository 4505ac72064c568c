#include "dispatcher/core/figures.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

namespace wangge::core {

std::int32_t Months::month_of(Instant at) const {
  std::chrono::year_month_day const day{std::chrono::floor<std::chrono::days>(at + offset_)};
  return int(day.year()) * 12 + static_cast<std::int32_t>(unsigned(day.month())) - 1;
}

std::int32_t Months::day_of(Instant at) const {
  return static_cast<std::int32_t>(std::chrono::floor<std::chrono::days>(at + offset_).time_since_epoch().count());
}

std::int32_t Months::known(Instant at) const {
  auto const month = month_of(at);
  auto const before = read_at_.find(month - 1);
  return before != read_at_.end() && at <= before->second ? month - 1 : month;
}

namespace {

constexpr auto kForEver = Months::kForEver;

// The month behind "2026-10": the first one that is not sealed. 0: no month.
std::int32_t behind(std::string_view text) {
  int year = 0, month = 0;
  if (text.size() != 7 || std::from_chars(text.data(), text.data() + 4, year).ec != std::errc{} ||
      std::from_chars(text.data() + 5, text.data() + 7, month).ec != std::errc{})
    return 0;
  return year * 12 + month;
}

}  // namespace

std::vector<Placed> places_of(Case const& c) {
  constexpr std::string_view kFlag = "counted_as:";
  std::vector<Placed> out;
  std::int32_t from = 0;
  for (std::string_view flag : c.flags) {  // in the order of their months
    if (!flag.starts_with(kFlag)) continue;
    std::array<std::string_view, 6> parts;  // month, street, community, grid, class, code
    flag.remove_prefix(kFlag.size());
    for (auto& part : parts) {
      part = flag.substr(0, flag.find(':'));
      flag.remove_prefix(std::min(flag.size(), part.size() + 1));
    }
    if (auto const to = behind(parts[0]); to > from) {
      out.push_back({parts[1], parts[2], parts[3], parts[4], parts[5], from, to});
      from = to;
    }
  }
  out.push_back({c.street, c.community, c.grid, c.class_code, c.code, from, kForEver});
  return out;
}

namespace {

class Figures {
 public:
  Figures(Case const& c, std::span<Span const> spans, Months const& months)
      : c_(c), spans_(spans), months_(months), places_(places_of(c)) {
    // Those sealed by then still count it (DECISIONS 143).
    if (c.exempt || !c.enforcement_no.empty()) counts_to_ = behind(flag_value(c, "counted_to"));
    if (c.filed_at) filed_ = months.month_of(*c.filed_at);
    if (c.closed_at) closed_ = months.month_of(*c.closed_at);
    for (auto const& span : spans) {
      if (span.ended == "failed") failed_ = std::min(failed_, months.known(*span.until_at));
      bool const longer = span.effect_at && span.effect_due_at && *span.effect_due_at > span.due_at && *span.effect_due_at < kNever;
      if (longer && span.until_at) extended_ = std::min(extended_, months.known(*span.until_at));
    }
    hold();
  }

  std::vector<FigureLine> all() && {
    if (c_.filed_at) {
      in(Figure::filed, filed_);
      stand(Figure::open_at_end, filed_, closed_);
      if (!c_.enforcement_no.empty())
        stand(Figure::enforcement, std::max(filed_, counts_to_), closed_ == kForEver ? kForEver : closed_ + 1);
      if (c_.state == State::forced_closed) over(closed_);
    }
    if (c_.dispatched_at) in(Figure::dispatched, months_.month_of(*c_.dispatched_at));
    for (std::size_t i = 0; i < spans_.size(); ++i) follow(spans_.subspan(i));
    return std::move(lines_);
  }

 private:
  // Who holds it at the end of each month: nobody, the last span begun before, and since its last row the case itself.
  struct Held {
    std::string_view unit, squad;
    std::int32_t from, to;
  };
  void hold() {
    auto const last = months_.month_of(c_.last_at);
    std::string_view unit, squad;
    std::int32_t from = 0;
    for (auto const& span : spans_) {
      auto const month = std::min(months_.month_of(span.from_at), last);
      if (from < month) held_.push_back({unit, squad, from, month});
      from = month, unit = span.unit, squad = span.squad;
    }
    if (from < last) held_.push_back({unit, squad, from, last});
    held_.push_back({c_.unit, c_.squad, last, kForEver});
  }

  // The first of what is left to come.
  void follow(std::span<Span const> spans) {
    auto const& s = spans.front();
    auto const since = months_.month_of(s.from_at);
    auto const until = s.until_at ? months_.month_of(*s.until_at) : kForEver;
    auto const known = s.until_at ? months_.known(*s.until_at) : kForEver;
    auto const due = months_.month_of(s.due_at);
    if (s.kind == SpanKind::awaiting) {
      auto const end = std::max(since, known);
      stand(Figure::awaiting, since, end);
      if (s.ended == "closed" && end < counts_to_) {
        in(Figure::closed, end);
        if (s.from_at <= s.due_at) in(Figure::closed_on_time, end);
        over(end);
      }
      if (s.ended == "failed" && s.due_at < s.from_at) undone(end, until);
    } else {
      if (s.due_at < kNever) late(std::max(since, due), until, spans);
      if (!s.until_at && counts_to_ == kForEver && s.due_at < kNever) open_late(s);
    }
    if (s.ended == "voided" && c_.state == State::voided &&
        s.due_at < (s.kind == SpanKind::awaiting ? s.from_at : *s.until_at)) {
      over(until);
    }
  }
  // An approval known by then counts from its asking (RULINGS 2), whoever of the unit had the case when it was given.
  void late(std::int32_t from, std::int32_t to, std::span<Span const> spans) {
    for (auto const& a : spans) {
      if (!a.effect_at || !a.effect_due_at || !a.until_at) continue;
      auto const gap = std::max(months_.month_of(*a.effect_at), months_.known(*a.until_at)), over = months_.month_of(*a.effect_due_at);
      if (gap >= over || over <= from) continue;
      undone(from, std::min(to, gap));
      from = std::max(from, over);
    }
    undone(from, to);
  }
  // Due once, in the month it is over: closed by T, forced closed, voided after its deadline.
  void over(std::int32_t month) {
    if (month >= counts_to_) return;
    in(Figure::ended, month);
    if (c_.rework > 0 && failed_ <= month) in(Figure::ended_reworked, month);
    if (c_.extensions > 0 && extended_ <= month) in(Figure::ended_extended, month);
  }
  // Open at these months' ends without a valid hand-over, the deadline in force passed.
  void undone(std::int32_t from, std::int32_t to) {
    to = std::min(to, counts_to_);
    stand(Figure::undone, from, to);
    if (c_.filed_at) stand(Figure::undone_carried, std::max(from, filed_ + 1), to);
    if (c_.rework > 0) stand(Figure::undone_reworked, std::max(from, failed_), to);
    if (c_.extensions > 0) stand(Figure::undone_extended, std::max(from, extended_), to);
  }
  // In the month that still runs a deadline passes at its instant, not at the month's end.
  void open_late(Span const& s) {
    auto const filed = c_.filed_at ? filed_ : kForEver;
    auto& n = line({c_.unit, c_.squad, c_.street, c_.class_code, filed, months_.day_of(s.due_at), {}}).n;
    n[std::size_t(Figure::undone)] += 1;
    if (c_.rework > 0 && failed_ != kForEver) n[std::size_t(Figure::undone_reworked)] += 1;
    if (c_.extensions > 0 && extended_ != kForEver) n[std::size_t(Figure::undone_extended)] += 1;
  }

  void in(Figure figure, std::int32_t month) { put(figure, month, month + 1, false); }
  void stand(Figure figure, std::int32_t from, std::int32_t to) { put(figure, from, to, true); }
  void put(Figure figure, std::int32_t from, std::int32_t to, bool stands) {
    for (auto const& held : held_) {
      for (auto const& place : places_) {
        auto const a = std::max({from, held.from, place.from}), b = std::min({to, held.to, place.to});
        if (a >= b) continue;
        auto const at = [&](std::int32_t in) {
          return FigureLine{held.unit, held.squad, place.street, place.class_code, in, 0, {}};
        };
        line(at(a)).n[std::size_t(figure)] += 1;
        if (stands && b != kForEver) line(at(b)).n[std::size_t(figure)] -= 1;
      }
    }
  }
  FigureLine& line(FigureLine const& wanted) {
    auto const key = [](FigureLine const& l) {
      return std::tie(l.month, l.day, l.unit, l.squad, l.street, l.class_code);
    };
    for (auto& one : lines_) {
      if (key(one) == key(wanted)) return one;
    }
    lines_.push_back(wanted);
    return lines_.back();
  }

  Case const& c_;
  std::span<Span const> spans_;
  Months const& months_;
  std::vector<Placed> places_;
  std::int32_t counts_to_ = kForEver;  // the first month that counts it no more
  std::int32_t filed_ = kForEver, closed_ = kForEver, failed_ = kForEver, extended_ = kForEver;
  std::vector<Held> held_;
  std::vector<FigureLine> lines_;
};

}  // namespace

std::vector<FigureLine> figures_of(Case const& c, std::span<Span const> spans, Months const& months) {
  if (!flag_value(c, "counted_apart").empty()) return {};  // a campaign's own table
  return Figures(c, spans, months).all();
}

}  // namespace wangge::core
