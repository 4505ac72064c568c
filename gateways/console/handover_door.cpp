#include "gateways/console/handover_door.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

#include "gateways/console/answers.hpp"
#include "gateways/console/case_filter.hpp"
#include "gateways/console/handover_sheet.hpp"
#include "gateways/console/table_answers.hpp"
#include "gateways/http/body.hpp"
#include "gateways/http/rfc3339.hpp"
#include "storage/times.hpp"

namespace wangge::console {
namespace {

namespace json = boost::json;
using http::Fields;
using http::Need;
using storage::Handover;

constexpr std::size_t kShown = 14, kWordsMost = 4000, kNameMost = 20;  // a week of two shifts a day
constexpr std::int64_t kNumberMost = 1'000'000'000'000;

// A part of a district hands over nothing: the record is the center's.
bool of_the_center(core::Principal const& who) { return who.street.empty() && who.unit.empty() && who.squad.empty(); }

json::value time_of(std::optional<core::Instant> const& at, std::chrono::minutes offset) {
  return at ? json::value(storage::format_instant(*at, offset)) : json::value(nullptr);
}
json::value or_null(std::string const& text) { return text.empty() ? json::value(nullptr) : json::value(text); }

json::object shift_json(core::DeskShift const& shift, std::chrono::minutes offset, std::string const& lang) {
  return {{"from", storage::format_instant(shift.from, offset)}, {"to", storage::format_instant(shift.to, offset)}, {"name", lang == "en" ? shift.en : shift.zh}};
}

json::object handover_json(Handover const& h, std::chrono::minutes offset, http::Request const& request) {
  auto const light = core::handover_light(h.shift, h.state(), request.received_at);
  json::object out{{"number", h.number},
                   {"version", h.version},
                   {"state", core::id(h.state())},
                   {"light", light.empty() ? json::value(nullptr) : json::value(light)},
                   {"shift", shift_json(h.shift, offset, request.lang)},
                   {"opened_at", time_of(h.opened_at, offset)},
                   {"opened_by", h.opened_by},
                   {"notes", h.notes},
                   {"outgoing", or_null(h.outgoing)},
                   {"outgoing_at", time_of(h.outgoing_at, offset)},
                   {"digest", or_null(h.digest)},
                   {"incoming", or_null(h.incoming)},
                   {"incoming_at", time_of(h.incoming_at, offset)},
                   {"remark", or_null(h.remark)}};
  bool const leader = request.who.role == core::Role::shift_leader;
  json::array actions;
  if (leader && h.state() == core::HandoverState::opened) actions = {"notes", "renew", "sign"};
  if (leader && h.state() == core::HandoverState::signed_out && h.outgoing != request.who.name) actions = {"sign"};
  out["actions"] = std::move(actions);
  return out;
}

std::optional<std::int64_t> number_of(http::Request const& request) {
  auto const text = request.params.get("number");
  std::int64_t number = 0;
  auto const read = std::from_chars(text.data(), text.data() + text.size(), number);
  if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || number < 1) return std::nullopt;
  return number;
}

std::optional<int> minute_from(std::string const& text) {  // 08:00
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (auto const i : {0, 1, 3, 4})
    if (text[static_cast<std::size_t>(i)] < '0' || text[static_cast<std::size_t>(i)] > '9') return std::nullopt;
  int const hour = (text[0] - '0') * 10 + text[1] - '0', minute = (text[3] - '0') * 10 + text[4] - '0';
  return hour < 24 && minute < 60 ? std::optional(hour * 60 + minute) : std::nullopt;
}

std::string two(int n) { return (n < 10 ? "0" : "") + std::to_string(n); }

// What is red before the next shift ends is its business to know.
core::Instant soon(storage::ShiftPlan const& plan, core::DeskShift const& shift) { return core::shift_at(plan.begins, shift.to, plan.utc_offset).to; }

}  // namespace

void HandoverDoor::shifts(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const& district = request.who.district;
    auto const plan = records_.shifts(district);
    json::array begins, items;
    for (auto const& b : plan.begins) begins.push_back(json::object{{"at", two(b.minute / 60) + ":" + two(b.minute % 60)}, {"zh", b.zh}, {"en", b.en}});
    auto const made = records_.handovers(district, std::nullopt, static_cast<int>(kShown) * 2);
    std::int64_t red = 0;
    for (auto const& shift : core::last_shifts(plan.begins, request.received_at, plan.since, plan.utc_offset, kShown)) {
      // The plan may have changed since: a handover counts for the shift in which its own ended.
      auto const it = std::find_if(made.begin(), made.end(), [&](Handover const& h) { return h.shift.from == shift.from || (h.shift.to > shift.from && h.shift.to <= shift.to); });
      auto const state = it == made.end() ? core::HandoverState::missing : it->state();
      auto const light = core::handover_light(shift, state, request.received_at);
      if (light == "red") ++red;
      auto one = shift_json(shift, plan.utc_offset, request.lang);
      one["state"] = core::id(state);
      one["light"] = light.empty() ? json::value(nullptr) : json::value(light);
      one["number"] = it == made.end() ? json::value(nullptr) : json::value(it->number);
      one["outgoing"] = it == made.end() ? json::value(nullptr) : or_null(it->outgoing);
      one["incoming"] = it == made.end() ? json::value(nullptr) : or_null(it->incoming);
      items.push_back(std::move(one));
    }
    return http::json(200, json::serialize(json::object{{"begins", std::move(begins)}, {"red", red}, {"items", std::move(items)}}));
  }));
}

void HandoverDoor::set_shifts(http::Request request, http::Reply reply) {
  std::vector<core::ShiftBegin> begins;
  auto const fault = http::body_fault(request, [&](Fields& fields) {
    auto all = fields.objects("begins", 1, core::kShiftsMost);
    for (auto& one : all) {
      core::ShiftBegin begin;
      auto const at = one.text("at", Need::required, 5);
      auto const minute = minute_from(at);
      if (!at.empty() && !minute) one.fail("at", "bad_format");
      begin.minute = minute.value_or(0);
      begin.zh = one.text("zh", Need::required, kNameMost);
      begin.en = one.text("en", Need::required, kNameMost);
      if (std::any_of(begins.begin(), begins.end(), [&](auto const& b) { return minute && b.minute == begin.minute; })) one.fail("at", "repeated");
      begins.push_back(std::move(begin));
    }
  });
  if (fault) return reply(*fault);
  if (!of_the_center(request.who)) return reply(http::problem(403, "not_yours", request.lang));
  auto const done = reading(request.lang, [&] {
    records_.set_shifts(request.who.district, begins);
    return http::json(200, "");
  });
  if (done.status != 200) return reply(done);
  shifts(std::move(request), std::move(reply));
}

void HandoverDoor::list(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const limit = read_limit(request);
    auto const cursor = request.arg("cursor");
    auto const before = http::parse_time(cursor);
    if (!cursor.empty() && !before) throw storage::BadFilter("cursor", "not of this list");
    auto const offset = records_.shifts(request.who.district).utc_offset;
    auto found = records_.handovers(request.who.district, before, limit + 1);
    std::string next;
    if (found.size() > static_cast<std::size_t>(limit)) {
      found.resize(static_cast<std::size_t>(limit));
      next = storage::format_utc(found.back().shift.from);
    }
    json::array items;
    for (auto const& h : found) items.push_back(handover_json(h, offset, request));
    return list_answer({json::serialize(items), next});
  }));
}

void HandoverDoor::open(http::Request request, http::Reply reply) {
  std::optional<core::Instant> from;
  if (auto const fault = http::body_fault(request, [&](Fields& fields) { from = fields.time("shift_from", Need::optional); })) return reply(*fault);
  if (!of_the_center(request.who)) return reply(http::problem(403, "not_yours", request.lang));
  reply(reading(request.lang, [&] {
    auto const plan = records_.shifts(request.who.district);
    auto const known = core::last_shifts(plan.begins, request.received_at, plan.since, plan.utc_offset, kShown);
    auto const shift = std::find_if(known.begin(), known.end(), [&](auto const& s) { return !from || s.from == *from; });
    if (shift == known.end()) return http::problem(422, "invalid", request.lang, "", {{"/shift_from", "out_of_range"}});
    bool made = false;
    auto const h = records_.open_handover(request.who, *shift, request.received_at, soon(plan, *shift), made);
    return shown(request, h.number, made ? 201 : 200);
  }));
}

void HandoverDoor::get(http::Request request, http::Reply reply) {
  reply(reading(request.lang, [&] {
    auto const number = number_of(request);
    return number ? shown(request, *number) : not_found(request.lang);
  }));
}

http::Response HandoverDoor::shown(http::Request const& request, std::int64_t number, int status) {
  auto const h = records_.handover(request.who.district, number);
  if (!h) return not_found(request.lang);
  auto const offset = records_.shifts(request.who.district).utc_offset;
  auto const snapshot = json::parse(h->snapshot);
  if (request.method == "GET") {
    auto const format = word(request, "format", kPrintedFormats, wants_page(request) ? "html" : "json");
    auto const label = storage::format_instant(h->shift.from, offset).substr(0, 10) + "-" + std::to_string(h->number);
    if (format != "json") {
      auto const sheets = handover_sheets(*h, snapshot, offset, request.lang);
      if (format == "html") return as_page({request.lang, "", sheets.front().title, std::to_string(h->number)}, sheets);
      if (format == "csv") return as_file("text/csv; charset=utf-8", storage::sheet_csv(whole_sheet(sheets)), file_name(label, "", "csv", "handover"));
      return as_xlsx(request.lang, file_name(label, "", "xlsx", "handover"), [&](std::string const& path) { storage::write_workbook(sheets, path); });
    }
  }
  auto out = handover_json(*h, offset, request);
  out["snapshot"] = snapshot;
  // Whoever reads it may see that what stands there is what was signed.
  if (!h->digest.empty()) out["intact"] = storage::handover_digest(request.who.district, *h) == h->digest;
  return http::json(status, json::serialize(out));
}

// The record as it is now beside the refusal: signed already, or changed by somebody meanwhile.
http::Response HandoverDoor::moved(http::Request const& request, Handover const& now) {
  bool const en = request.lang == "en";
  auto const words = now.state() == core::HandoverState::complete ? (en ? "The handover is signed by both; it stays as it is" : "交接班已由双方签字，不可更改")
                     : now.state() == core::HandoverState::signed_out ? (en ? "The handover waits for the second signature, of another shift leader" : "交接班已由交班人签字，待另一位值班长接班签字")
                                                                      : (en ? "The handover has changed; read it again" : "交接班记录已被更新，请刷新后再试");
  auto problem = http::problem(409, "stale_version", request.lang, words);
  extend(problem, "\"handover\":" + json::serialize(handover_json(now, records_.shifts(request.who.district).utc_offset, request)));
  return problem;
}

void HandoverDoor::notes(http::Request request, http::Reply reply) {
  std::int64_t version = 0;
  std::string notes;
  bool renew = false;
  auto const fault = http::body_fault(request, [&](Fields& fields) {
    version = fields.integer("version", Need::required, 1, kNumberMost).value_or(0);
    notes = fields.text("notes", Need::optional, kWordsMost);
    renew = fields.boolean("renew", Need::optional).value_or(false);
  });
  if (fault) return reply(*fault);
  if (!of_the_center(request.who)) return reply(http::problem(403, "not_yours", request.lang));
  reply(reading(request.lang, [&] {
    auto const number = number_of(request);
    auto const h = number ? records_.handover(request.who.district, *number) : std::nullopt;
    if (!h) return not_found(request.lang);
    auto const until = soon(records_.shifts(request.who.district), h->shift);
    auto const done = records_.write_handover(request.who, *number, version, notes, renew ? std::optional(request.received_at) : std::nullopt, until);
    if (done) return shown(request, *number);
    auto const now = records_.handover(request.who.district, *number);
    // A retry of what was done already: the same words, one version on.
    if (now && !renew && now->state() == core::HandoverState::opened && now->notes == notes && now->version == version + 1) return shown(request, *number);
    return now ? moved(request, *now) : not_found(request.lang);
  }));
}

void HandoverDoor::sign(http::Request request, http::Reply reply) {
  std::int64_t version = 0;
  std::string remark;
  auto const fault = http::body_fault(request, [&](Fields& fields) {
    version = fields.integer("version", Need::required, 1, kNumberMost).value_or(0);
    remark = fields.text("remark", Need::optional, kWordsMost);
  });
  if (fault) return reply(*fault);
  if (!of_the_center(request.who)) return reply(http::problem(403, "not_yours", request.lang));
  reply(reading(request.lang, [&] {
    auto const number = number_of(request);
    auto const h = number ? records_.handover(request.who.district, *number) : std::nullopt;
    if (!h) return not_found(request.lang);
    auto const& name = request.who.name;
    // A retry: this person's signature under the version he read stands already.
    if (h->version == version + 1 && ((h->state() == core::HandoverState::signed_out && h->outgoing == name) || (h->state() == core::HandoverState::complete && h->incoming == name)))
      return shown(request, *number);
    if (h->version != version || h->state() == core::HandoverState::complete || h->outgoing == name) return moved(request, *h);
    auto const done = h->state() == core::HandoverState::opened ? records_.sign_out(request.who, *h, request.received_at)
                                                                : records_.sign_in(request.who, *h, request.received_at, remark);
    if (done) return shown(request, *number);
    auto const now = records_.handover(request.who.district, *number);
    return now ? moved(request, *now) : not_found(request.lang);
  }));
}

}  // namespace wangge::console
