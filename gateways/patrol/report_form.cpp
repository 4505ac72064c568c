// Reading a report: the key first, then every field, then what the caller may not do.
#include "gateways/patrol/report_form.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <boost/json.hpp>

#include "gateways/http/ids.hpp"
#include "gateways/http/strict_json.hpp"
#include "gateways/http/text.hpp"
#include "dispatcher/core/coordinates.hpp"
#include "gateways/patrol/photos.hpp"

namespace wangge::patrol {
namespace {

namespace json = boost::json;
using http::Fields;
using http::Need;

constexpr std::size_t kKeyMost = 128, kIdMost = 64, kLineMost = 200, kMeasuresMost = 16 * 1024;
constexpr auto kAhead = std::chrono::minutes{5};
// 2000 began where the cities are: the doors know no district's own zone, so this is the default one's.
constexpr core::Instant kEarliest = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1} - std::chrono::hours{8};
// The names people write, without hyphens and in capitals, and the one that is kept.
constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kCrs{
    {{"CGCS2000", "CGCS2000"}, {"EPSG:4490", "CGCS2000"}, {"WGS84", "WGS84"}, {"EPSG:4326", "WGS84"}, {"GCJ02", "GCJ02"}}};
// What of the body counts for "the same body": everything that is read, save the key itself.
constexpr std::array<std::string_view, 17> kMembers{
    "source", "category", "condition", "description", "lon",         "lat",           "crs",      "address", "component_id",
    "measures", "photos",  "reported_at", "confidence", "self_disposed", "reporter", "upstream", "at"};

std::string body_text(json::value const& body) {
  json::object known;
  for (auto const name : kMembers)
    if (auto const* value = body.as_object().if_contains({name.data(), name.size()}))
      if (!value->is_null()) known[json::string_view(name.data(), name.size())] = *value;
  return http::canonical(known);
}

bool visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x21 && c <= 0x7e; });
}

// The idempotency key, from the header or the body; both must agree.
std::variant<std::string, Fault> read_key(json::value const& body, std::string_view header_key) {
  http::FieldErrors errors;
  Fields fields(body, errors);
  auto key = fields.text("client_report_id", Need::optional, kKeyMost);
  if (!errors.empty()) return Fault{422, "invalid", errors};
  if (key.empty() && header_key.empty()) return Fault{400, "key_required", {}};
  if (!key.empty() && !header_key.empty() && key != header_key) return Fault{400, "key_required", {}};
  auto const field = key.empty() ? "Idempotency-Key" : "/client_report_id";  // a header has no pointer: its name
  if (key.empty()) key = header_key;
  if (key.size() > kKeyMost) return Fault{422, "invalid", {{field, "too_long"}}};
  if (!visible_ascii(key)) return Fault{422, "invalid", {{field, "bad_format"}}};
  return key;
}


double read_degrees(Fields& fields, std::string_view name, double most) {
  auto const* value = fields.find(name);
  double const degrees = value && value->is_number() ? value->to_number<double>() : std::nan("");
  if (!(std::abs(degrees) <= most)) fields.fail(name, "coordinate_out_of_range");
  return degrees;
}

std::optional<core::Instant> read_time(Fields& fields, std::string_view name, Need need, core::Instant latest) {
  auto const at = fields.time(name, need);
  if (at && (*at < kEarliest || *at > latest)) fields.fail(name, "out_of_range");
  return at;
}

std::string read_crs(Fields& fields) {
  if (!fields.has("crs")) return {};
  auto name = http::lower(fields.text("crs", Need::optional, kIdMost));
  std::erase(name, '-');
  for (auto const& [written, kept] : kCrs)
    if (http::equal_ignoring_case(written, name)) return std::string(kept);
  fields.fail("crs", "unknown_value");
  return {};
}

void read_place(Fields& fields, core::Report& report, json::object& extras) {
  report.lon = read_degrees(fields, "lon", 180);
  report.lat = read_degrees(fields, "lat", 90);
  auto const crs = read_crs(fields);
  report.address = fields.text("address", Need::optional, kLineMost);
  report.component_id = fields.text("component_id", Need::optional, kIdMost);
  if (crs.empty()) return;
  extras["crs"] = crs;
  if (crs != "GCJ02") return;
  extras["lon"] = report.lon;
  extras["lat"] = report.lat;
  auto const straight = core::wgs84_from_gcj02({report.lon, report.lat});
  report.lon = straight.lon;
  report.lat = straight.lat;
}

void read_category(Fields& fields, core::Report& report) {
  auto category = fields.object("category", Need::required);
  if (!category) return;
  // Which words are known is for the catalogue to say: any other is an unknown category.
  report.category.standard = category->text("standard", Need::required, 32);
  report.category.kind = category->text("kind", Need::required, 32);
  report.category.code = category->text("code", Need::required, 32);
}

void read_others(Fields& fields, core::Report& report, json::object& extras, http::FieldErrors& errors) {
  report.confidence = fields.number("confidence", Need::optional, 0, 1);
  if (auto const* measures = fields.find("measures")) {
    if (!measures->is_object() && !measures->is_array()) fields.fail("measures", "wrong_type");
    if (!http::all_finite(*measures)) fields.fail("measures", "out_of_range");
    if (json::serialize(*measures).size() > kMeasuresMost) fields.fail("measures", "too_long");
    extras["measures"] = *measures;
    if (auto const* named = measures->if_object()) {  // {"damage_cm2": 30}: what a filing condition's threshold reads
      for (auto const& [name, value] : *named) {
        if (value.is_number()) report.measures.emplace_back(std::string(name), value.to_number<double>());
      }
    }
  }
  if (auto disposed = fields.object("self_disposed", Need::optional)) {
    report.self_disposed = true;
    json::array before, after;
    report.before_photos = read_photos(*disposed, "before", 0, errors);
    report.after_photos = read_photos(*disposed, "after", 1, errors);
    for (auto const& id : report.before_photos) before.emplace_back(id);
    for (auto const& id : report.after_photos) after.emplace_back(id);
    extras["self_disposed"] = json::object{{"before", before}, {"after", after}};
  }
  if (auto reporter = fields.object("reporter", Need::optional)) {
    report.reporter_name = reporter->text("name", Need::optional, 100);
    report.reporter_phone = reporter->text("phone", Need::optional, 40);
  }
  if (auto upstream = fields.object("upstream", Need::optional)) {
    report.upstream_system = upstream->text("system", Need::required, kIdMost);
    report.upstream_number = upstream->text("number", Need::required, kIdMost);
    report.upstream_due_at = upstream->time("deadline", Need::optional);
    json::object kept{{"system", report.upstream_system}, {"number", report.upstream_number}};
    if (report.upstream_due_at) kept["deadline"] = *upstream->find("deadline");
    extras["upstream"] = std::move(kept);
  }
}

// A code of its own when it is the only trouble (CONTRACT 4), else `invalid` with every fault listed.
std::string code_for(http::FieldErrors const& errors) {
  for (std::string_view const special : {"coordinate_out_of_range", "unknown_category"})
    if (std::all_of(errors.begin(), errors.end(), [&](auto const& e) { return e.second == special; }))
      return std::string(special);
  return "invalid";
}

void check_known(core::Report const& report, link::Reference const& reference, http::FieldErrors& errors) {
  switch (reference.known(report.district, report.category, report.condition, report.reported_at)) {
    case link::Reference::Known::yes: return;
    case link::Reference::Known::unknown_category: errors.emplace_back("/category", "unknown_category"); return;
    case link::Reference::Known::unknown_condition: errors.emplace_back("/condition", "unknown_value"); return;
  }
}

}  // namespace

std::variant<core::Report, Fault> read_report(json::value const& body, Asking const& asking) {
  if (!body.is_object()) return Fault{422, "invalid", {{"", "wrong_type"}}};
  auto key = read_key(body, asking.header_key);
  if (auto* fault = std::get_if<Fault>(&key)) return std::move(*fault);

  http::FieldErrors errors;
  Fields fields(body, errors);
  core::Report report;
  json::object extras;
  report.district = asking.who.district;
  report.principal = asking.who.name;
  report.role = asking.who.role;
  report.key = std::get<std::string>(key);
  report.received_at = asking.received_at;
  report.source = fields.one_of("source", Need::required, core::kSources);
  read_category(fields, report);
  report.condition = fields.text("condition", Need::optional, 32);
  // May be empty (a sensor has nothing to say) but not left out.
  report.description = fields.text("description", Need::optional, kDescriptionMost);
  if (!fields.has("description")) fields.fail("description", "required");
  read_place(fields, report, extras);
  report.photos = read_photos(fields, "photos", 0, errors);
  auto const reported_at = read_time(fields, "reported_at", Need::required, asking.received_at + kAhead);
  report.reported_at = reported_at.value_or(core::Instant{});
  read_others(fields, report, extras, errors);
  report.at = read_time(fields, "at", Need::optional, asking.received_at);
  bool const category_read = std::none_of(errors.begin(), errors.end(), [](auto const& e) {
    return e.first.starts_with("/category") || e.first == "/reported_at" || e.first == "/condition";
  });
  if (category_read) check_known(report, asking.reference, errors);
  if (!errors.empty()) return Fault{422, code_for(errors), std::move(errors)};

  if (!may_use_source(asking.who, report.source)) return Fault{403, "not_yours", {{"/source", "source_not_allowed"}}};
  if (report.at && !asking.who.backdate) return Fault{403, "not_yours", {{"/at", "backdate_not_allowed"}}};

  if (!extras.empty()) report.extras = json::serialize(extras);
  auto const text = body_text(body);
  report.body_hash = http::sha256_hex(text);
  report.report_id =
      http::uuid_v5(http::kReportNamespace, http::joined(report.district, report.principal, report.key, text));
  return report;
}

}  // namespace wangge::patrol
