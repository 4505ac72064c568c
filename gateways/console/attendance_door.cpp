#include "gateways/console/attendance_door.hpp"

#include <algorithm>

#include "gateways/console/answers.hpp"
#include "gateways/console/case_filter.hpp"
#include "gateways/console/table_answers.hpp"
#include "gateways/http/body.hpp"
#include "gateways/http/ids.hpp"
#include "gateways/http/rfc3339.hpp"
#include "gateways/http/strict_json.hpp"
#include "gateways/media/media.hpp"

namespace wangge::console {
namespace {

using http::Fields;
using http::Need;

constexpr double kFar = 1e6;  // metres of inaccuracy that a device may claim

// Place and device's time. Both or neither of lon and lat.
storage::Spot read_spot(Fields& fields) {
  storage::Spot spot;
  spot.lon = fields.number("lon", Need::optional, -180, 180);
  spot.lat = fields.number("lat", Need::optional, -90, 90);
  spot.accuracy_m = fields.number("accuracy_m", Need::optional, 0, kFar);
  spot.device_at = fields.time("device_at", Need::optional);
  std::string_view const without = fields.has("lon") ? "lat" : "lon";
  if (fields.has("lon") != fields.has("lat")) fields.fail(without, "required");
  return spot;
}

std::string read_id(Fields& fields, std::string_view name) {
  auto id = fields.text(name, Need::required, 36);
  if (!id.empty() && !http::is_uuid(id)) fields.fail(name, "bad_format");
  return id;
}

// Reads a body with `read(Fields&)`; answers what is wrong with it, or goes on with `go(value)` where a database may be
// away.
template <class Read, class Go>
void with_body(http::Request const& request, http::Reply const& reply, Read&& read, Go&& go) {
  std::optional<decltype(read(std::declval<Fields&>()))> value;
  if (auto const fault = http::body_fault(request, [&](Fields& fields) { value = read(fields); })) return reply(*fault);
  reply(reading(request.lang, [&] { return go(*value); }));
}

std::optional<core::Instant> time_of(std::string_view text, char const* name) {
  if (text.empty()) return std::nullopt;
  auto const at = http::parse_time(text);
  if (!at) throw storage::BadFilter(name, "an RFC 3339 time");
  return at;
}

constexpr std::array<std::string_view, 3> kYesNoAny{"", "true", "false"};

// day, by, person, walked, region, rostered, cursor, limit. Throws BadFilter.
storage::CoverageAsked coverage_asked(http::Request const& request) {
  storage::CoverageAsked asked;
  asked.day = request.arg("day"), asked.person = request.arg("person"), asked.region = request.arg("region");
  if (!asked.day.empty() && !day_from(asked.day)) throw storage::BadFilter("day", "YYYY-MM-DD");
  if (asked.person.size() > kNameMost * 4) throw storage::BadFilter("person", kTooLong);
  bool const digits = std::all_of(asked.region.begin(), asked.region.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits || asked.region.size() > 15) throw storage::BadFilter("region", "the code of a street, a community or a cell");
  asked.by = word(request, "by", storage::kCoverageBy, "person");
  asked.walked = word(request, "walked", kYesNoAny, "");
  asked.rostered = word(request, "rostered", kYesNoAny, "");
  asked.cursor = request.arg("cursor"), asked.limit = read_limit(request, kLongPage);
  return asked;
}

}  // namespace

void AttendanceDoor::coverage(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] { return list_answer(attendance_.coverage(request.who, coverage_asked(request), request.received_at)); }));
}

void AttendanceDoor::walked(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] { return list_answer(attendance_.coverage_cells(request.who, coverage_asked(request), request.received_at)); }));
}

void AttendanceDoor::mark(http::Request const& request, http::Reply const& reply, bool on) {
  with_body(
      request, reply,
      [&](Fields& fields) {
        return storage::DutyMark{read_id(fields, "mark_id"), on, read_spot(fields)};
      },
      [&](storage::DutyMark const& mark) {
        auto const kept = attendance_.mark(request.who, mark, request.received_at);
        if (!kept) return http::problem(422, "invalid", request.lang, "", {{"/mark_id", "id_taken"}});
        return http::json(200, *kept);
      });
}

void AttendanceDoor::people(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    return list_answer(attendance_.people(request.who, request.received_at, std::string(request.arg("cursor")),
                                          read_limit(request, kLongPage)));
  }));
}

void AttendanceDoor::marks(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const person = request.arg("person");
    if (person.size() > kNameMost * 4) throw storage::BadFilter("person", kTooLong);
    return list_answer(attendance_.marks(request.who, std::string(person), time_of(request.arg("since"), "since"),
                                         time_of(request.arg("until"), "until"), std::string(request.arg("cursor")),
                                         read_limit(request, kPage)));
  }));
}

void AttendanceDoor::cells(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    return list_answer(attendance_.cells(request.who, request.received_at, std::string(request.arg("cursor")),
                                         read_limit(request, kLongPage)));
  }));
}

// Who is connected here hears it at once; the other phones look for roll-calls by themselves every half minute.
void AttendanceDoor::call(http::Request request, http::Reply reply) {
  with_body(
      request, reply,
      [&](Fields& fields) {
        storage::RollCall call;
        call.roll_call_id = read_id(fields, "roll_call_id");
        call.street = fields.text("street", Need::optional, 32);
        call.note = fields.text("note", Need::optional, kNoteMost);
        call.people = fields.texts("people", 0, kCalledMost, kNameMost);
        call.within = std::chrono::minutes{fields.integer("minutes", Need::optional, 1, kWithinMost).value_or(3)};
        if (!call.street.empty() && !request.who.street.empty() && call.street != request.who.street)
          fields.fail("street", "unknown_value");
        return call;
      },
      [&](storage::RollCall const& call) {
        auto const called = attendance_.call(request.who, call, request.received_at);
        if (!called) return http::problem(422, "nobody_on_duty", request.lang);
        streams_.tell(request.who.district, called->people, "roll_call",
                      "{\"roll_call_id\":" + http::json_quoted(call.roll_call_id) + "}");
        return http::json(called->existed ? 200 : 201, called->json);
      });
}

void AttendanceDoor::calls(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const open = request.arg("open");
    if (!open.empty() && open != "true" && open != "false") throw storage::BadFilter("open", "true or false");
    return list_answer(attendance_.roll_calls(request.who, open == "true", std::string(request.arg("cursor")),
                                              read_limit(request, kPage)));
  }));
}

void AttendanceDoor::answer(http::Request request, http::Reply reply) {
  std::string const id(request.params.get("roll_call_id"));
  if (!http::is_uuid(id)) return reply(not_found(request.lang));
  with_body(
      request, reply,
      [&](Fields& fields) {
        storage::RollAnswer answer;
        answer.photo = fields.text("photo", Need::required, 71);
        if (!answer.photo.empty() && !media::Folder::is_id(answer.photo)) fields.fail("photo", "bad_format");
        answer.note = fields.text("note", Need::optional, kNoteMost);
        answer.spot = read_spot(fields);
        return answer;
      },
      [&](storage::RollAnswer const& answer) {
        auto const kept = attendance_.answer(request.who, id, answer, request.received_at);
        return kept ? http::json(200, *kept) : not_found(request.lang);
      });
}

// A patroller's are his tasks: the points of today's roster lines that nobody looked at yet (`state=open`).
void AttendanceDoor::points(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    storage::PointsWanted const wanted{std::string(request.arg("campaign")), std::string(request.arg("state"))};
    if (!wanted.state.empty() && wanted.state != "open" && wanted.state != "done")
      throw storage::BadFilter("state", "open or done");
    if (wanted.campaign.size() > kNameMost) throw storage::BadFilter("campaign", kTooLong);
    return list_answer(attendance_.points(request.who, wanted, request.received_at, std::string(request.arg("cursor")),
                                          read_limit(request, kLongPage)));
  }));
}

void AttendanceDoor::visit(http::Request request, http::Reply reply) {
  with_body(
      request, reply,
      [&](Fields& fields) {
        storage::Visit visit;
        visit.campaign = std::string(request.params.get("campaign")),
        visit.point = std::string(request.params.get("point"));
        visit.visit_id = read_id(fields, "visit_id");
        visit.result = fields.text("result", Need::required, 16);
        bool const known = std::ranges::find(storage::kVisitResults, visit.result) != storage::kVisitResults.end();
        if (!visit.result.empty() && !known) fields.fail("result", "unknown_value");
        visit.checked = fields.texts("checked", 0, kCheckedMost, 400);
        visit.photos = fields.texts("photos", 0, kVisitPhotosMost, 71);
        for (auto const& photo : visit.photos)
          if (!media::Folder::is_id(photo)) fields.fail("photos", "bad_format");
        visit.note = fields.text("note", Need::optional, kNoteMost);
        // Somebody was there: a picture shows it. Who could not get there says why.
        if (visit.result == "unable" && visit.note.empty()) fields.fail("note", "required");
        if (known && visit.result != "unable" && visit.photos.empty()) fields.fail("photos", "required");
        visit.spot = read_spot(fields);
        return visit;
      },
      [&](storage::Visit const& visit) {
        auto const kept = attendance_.visit(request.who, visit, request.received_at);
        if (kept.other) return http::problem(422, "invalid", request.lang, "", {{"/visit_id", "id_taken"}});
        return kept.json ? http::json(200, *kept.json) : not_found(request.lang);
      });
}

}  // namespace wangge::console
