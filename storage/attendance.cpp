#include "storage/attendance.hpp"

#include <charconv>

#include "storage/reader.hpp"

namespace wangge::storage {
namespace {

List const kPeople{"duty", queries::duty_mark_people, 1}, kMarks{"duty_marks", queries::duty_mark_page, 2},
    kCells{"duty_cells", queries::duty_mark_cells, 1}, kCalls{"roll_calls", queries::roll_call_page, 2},
    kCoverage{"coverage", queries::duty_mark_coverage, 1}, kRegions{"coverage_regions", queries::duty_mark_coverage_regions, 1},
    kWalked{"coverage_cells", queries::duty_mark_coverage_cells, 1}, kPoints{"campaign_points", queries::campaign_visit_points, 2};

std::int64_t ms(core::Instant at) {
  return at.time_since_epoch().count();
}

void put(pg::Params& params, std::optional<double> value) {
  if (!value) return void(params.null());
  char text[40];
  auto const end = std::to_chars(text, text + sizeof text, *value).ptr;
  params.text({text, static_cast<std::size_t>(end - text)});
}
void put(pg::Params& params, std::optional<core::Instant> at) {
  at ? params.number(ms(*at)) : params.null();
}

// Who looks after others sees them; a patroller himself.
std::string only(core::Principal const& who) {
  return who.role == core::Role::patroller ? who.name : std::string();
}

// $1-$5 of queries/parts/patrol_day.sql.
pg::Params day_of(core::Principal const& who, CoverageAsked const& asked, core::Instant now) {
  auto const self = only(who);
  return pg::Params().text(who.district).text(self.empty() ? asked.person : self).text(self.empty() ? who.street : "").text(asked.day).number(ms(now));
}

std::vector<std::string> lines_of(std::string const& text) {
  std::vector<std::string> out;
  for (std::size_t from = 0; from < text.size();) {
    auto const end = std::min(text.find('\n', from), text.size());
    out.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return out;
}

}  // namespace

struct Attendance::Impl {
  Impl(std::string const& url, int connections, Patience patience)
      : reads(url, connections, patience), writes(url, connections, patience, pg::Session::Use::writer), sums(url, 1, patience) {}
  Pool reads, writes;  // what is tried again on a new connection is keyed by its id, so that it stands once
  Pool sums;           // a day's coverage takes a while: no phone waits behind it
};

Attendance::Attendance(std::string const& url, int connections, Patience patience)
    : impl_(std::make_unique<Impl>(url, connections, patience)) {}
Attendance::~Attendance() = default;

std::optional<std::string> Attendance::mark(core::Principal const& who, DutyMark const& mark, core::Instant at) {
  auto params =
      pg::Params().text(who.district).text(mark.mark_id).text(who.name).text(mark.on ? "t" : "f").number(ms(at));
  put(params, mark.spot.device_at);
  put(params, mark.spot.lon);
  put(params, mark.spot.lat);
  put(params, mark.spot.accuracy_m);
  return impl_->writes.with([&](pg::Session& s) -> std::optional<std::string> {
    s.run(queries::duty_mark_put, params);
    auto const kept = s.run(queries::duty_mark_find, pg::Params().text(who.district).text(mark.mark_id).text(who.name));
    if (kept.empty() || pg::yes(kept[0][1]) != mark.on) return std::nullopt;
    return pg::text(kept[0][0]);
  });
}

Page Attendance::people(core::Principal const& who, core::Instant now, std::string const& cursor, int limit) {
  return page(impl_->reads, kPeople, pg::Params().text(who.district).text(only(who)).text(who.street).number(ms(now)),
              Start::empty_text, cursor, limit);
}

Page Attendance::marks(core::Principal const& who, std::string const& person, std::optional<core::Instant> from,
                       std::optional<core::Instant> to, std::string const& cursor, int limit) {
  auto const self = only(who);
  auto params = pg::Params().text(who.district).text(self.empty() ? person : self).text(self.empty() ? who.street : "");
  put(params, from);
  put(params, to);
  return page(impl_->reads, kMarks, std::move(params), Start::null, cursor, limit);
}

Page Attendance::cells(core::Principal const& who, core::Instant now, std::string const& cursor, int limit) {
  return page(impl_->reads, kCells, pg::Params().text(who.district).text(who.name).number(ms(now)), Start::empty_text,
              cursor, limit);
}

Page Attendance::coverage(core::Principal const& who, CoverageAsked const& asked, core::Instant now) {
  bool const people = asked.by.empty() || asked.by == "person";
  auto params = day_of(who, asked, now);
  if (!people) params.text(asked.by);
  return page(impl_->sums, people ? kCoverage : kRegions, std::move(params), Start::empty_text, asked.cursor, asked.limit);
}

Page Attendance::coverage_cells(core::Principal const& who, CoverageAsked const& asked, core::Instant now) {
  auto params = day_of(who, asked, now);
  params.text(asked.walked).text(asked.region).text(asked.rostered);
  return page(impl_->sums, kWalked, std::move(params), Start::empty_text, asked.cursor, asked.limit);
}

std::optional<Attendance::Called> Attendance::call(core::Principal const& who, RollCall const& call, core::Instant at) {
  auto const street = who.street.empty() ? call.street : who.street;
  auto const found = pg::Params().text(who.district).text("").text(call.roll_call_id).text(who.street);
  return impl_->writes.with([&](pg::Session& s) -> std::optional<Called> {
    auto const made = s.run(queries::roll_call_call, pg::Params()
                                                         .text(who.district)
                                                         .text(call.roll_call_id)
                                                         .text(who.name)
                                                         .text(core::id(who.role))
                                                         .text(street)
                                                         .text(call.note)
                                                         .number(ms(at))
                                                         .number(ms(at + call.within))
                                                         .array(call.people));
    auto const rows = s.run(queries::roll_call_find, found);
    if (rows.empty()) return std::nullopt;
    if (pg::text(rows[0][2]) != who.name) throw BadFilter("roll_call_id", "belongs to another call");
    return Called{pg::text(rows[0][0]), lines_of(pg::text(rows[0][1])), made.affected_rows() == 0};
  });
}

Page Attendance::roll_calls(core::Principal const& who, bool waiting, std::string const& cursor, int limit) {
  auto const self = only(who);
  return page(impl_->reads, kCalls,
              pg::Params().text(who.district).text(self).text(self.empty() ? who.street : "").text(waiting ? "t" : "f"),
              Start::null, cursor, limit);
}

std::optional<std::string> Attendance::answer(core::Principal const& who, std::string const& roll_call_id,
                                              RollAnswer const& answer, core::Instant at) {
  auto params = pg::Params().text(who.district).text(who.name).text(roll_call_id).number(ms(at));
  put(params, answer.spot.device_at);
  put(params, answer.spot.lon);
  put(params, answer.spot.lat);
  put(params, answer.spot.accuracy_m);
  params.text(answer.photo).text(answer.note);
  return impl_->writes.with([&](pg::Session& s) -> std::optional<std::string> {
    s.run(queries::roll_call_answer, params);
    auto const rows =
        s.run(queries::roll_call_find, pg::Params().text(who.district).text(who.name).text(roll_call_id).text(""));
    if (rows.empty()) return std::nullopt;
    return pg::text(rows[0][0]);
  });
}

Page Attendance::points(core::Principal const& who, PointsWanted const& wanted, core::Instant now,
                        std::string const& cursor, int limit) {
  return page(impl_->reads, kPoints,
              pg::Params().text(who.district).text(only(who)).number(ms(now)).text(wanted.state).text(wanted.campaign),
              Start::empty_text, cursor, limit);
}

Attendance::Visited Attendance::visit(core::Principal const& who, Visit const& visit, core::Instant at) {
  auto params = pg::Params()
                    .text(who.district)
                    .text(visit.visit_id)
                    .text(visit.campaign)
                    .text(visit.point)
                    .text(who.name)
                    .number(ms(at));
  put(params, visit.spot.device_at);
  put(params, visit.spot.lon);
  put(params, visit.spot.lat);
  put(params, visit.spot.accuracy_m);
  params.text(visit.result).array(visit.checked).array(visit.photos).text(visit.note);
  auto const kept =
      pg::Params().text(who.district).text(visit.visit_id).text(visit.campaign).text(visit.point).text(who.name);
  return impl_->writes.with([&](pg::Session& s) -> Visited {
    s.run(queries::campaign_visit_put, params);
    auto const rows = s.run(queries::campaign_visit_find, kept);
    if (rows.empty()) return {};
    if (!pg::yes(rows[0][1])) return {std::nullopt, true};
    return {pg::text(rows[0][0]), false};
  });
}

}  // namespace wangge::storage
