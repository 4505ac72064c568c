// Schemas of bodies, query parameters and headers, and what each route may answer. The actions' fields come from the
// lifecycle, their lengths from the form that reads them; tests compare the rest with what the doors read.
#include "gateways/console/api_notes.hpp"

#include <boost/json.hpp>

#include "dispatcher/core/hotline.hpp"
#include "dispatcher/core/lifecycle.hpp"
#include "gateways/console/account_notes.hpp"
#include "gateways/console/action_form.hpp"
#include "gateways/console/attendance_door.hpp"
#include "gateways/console/desk_door.hpp"
#include "gateways/console/rules_form.hpp"
#include "gateways/media/formats.hpp"
#include "storage/map_model.hpp"
#include "storage/read_model.hpp"
#include "storage/supervision_model.hpp"

namespace wangge::console {
namespace {

namespace json = boost::json;

json::object string_schema(std::size_t most) { return {{"type", "string"}, {"maxLength", most}}; }
json::object time_schema() { return {{"type", "string"}, {"format", "date-time"}}; }
json::object uuid_schema() { return {{"type", "string"}, {"format", "uuid"}}; }

json::object enum_schema(json::array values) { return {{"enum", std::move(values)}}; }

json::object range_schema(double low, double high) { return {{"type", "number"}, {"minimum", low}, {"maximum", high}}; }

json::object photos_schema(int least) {
  return {{"type", "array"},
          {"minItems", least},
          {"maxItems", 9},
          {"items", json::object{{"type", "string"}, {"pattern", "^sha256-[0-9a-f]{64}$"}}}};
}

json::object object_schema(json::object properties, json::array required) {
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
}

template <class Words>
json::array words(Words const& list) {
  json::array out;
  for (std::string_view const word : list) out.emplace_back(word);
  return out;
}

json::object category_schema() {
  return object_schema({{"standard", json::object{{"enum", {"gbt47678.5-2026", "gbt30428.2-2013", "local"}}}},
                        {"kind", json::object{{"enum", {"component", "matter"}}}},
                        {"code", string_schema(32)}},
                       {"standard", "kind", "code"});
}

json::object report_schema() {
  json::object const measures{{"type", {"object", "array"}}};
  return object_schema(
      {{"client_report_id", string_schema(128)},
       {"source", json::object{{"enum", words(core::kSources)}}},
       {"category", category_schema()},
       {"condition", string_schema(32)},
       {"description", string_schema(4000)},
       {"lon", range_schema(-180, 180)},
       {"lat", range_schema(-90, 90)},
       {"crs", enum_schema({"CGCS2000", "WGS-84", "GCJ-02", "WGS84", "GCJ02", "EPSG:4490", "EPSG:4326"})},
       {"address", string_schema(200)},
       {"component_id", string_schema(64)},
       {"measures", measures},
       {"photos", photos_schema(0)},
       {"reported_at", time_schema()},
       {"confidence", range_schema(0, 1)},
       {"self_disposed", object_schema({{"before", photos_schema(0)}, {"after", photos_schema(1)}}, {"after"})},
       {"reporter", object_schema({{"name", string_schema(100)}, {"phone", string_schema(40)}}, {})},
       {"upstream", object_schema({{"system", string_schema(64)}, {"number", string_schema(64)}, {"deadline", time_schema()}},
                                  {"system", "number"})},
       {"at", time_schema()}},
      {"source", "category", "description", "lon", "lat", "reported_at"});
}

json::object field_schema(core::FieldSpec const& spec) {
  if (spec.type == "photos") return photos_schema(spec.required ? 1 : 0);
  if (spec.type == "category") return category_schema();
  if (spec.type == "number") return spec.name == "lon" ? range_schema(-180, 180) : range_schema(-90, 90);
  if (spec.type == "time") return time_schema();
  if (spec.type == "codes") return {{"type", "array"}, {"maxItems", 9}, {"items", string_schema(64)}};
  if (spec.type != "choice") return string_schema(longest(spec));
  json::array choices;
  for (std::size_t from = 0; from < spec.choices.size();) {
    auto const bar = std::min(spec.choices.find('|', from), spec.choices.size());
    choices.emplace_back(spec.choices.substr(from, bar - from));
    from = bar + 1;
  }
  return {{"enum", std::move(choices)}};
}

template <class Info>
json::object action_schema(Info const& action, std::string const& lang) {
  json::object properties{{"command_id", uuid_schema()},
                          {"version", json::object{{"type", "integer"}, {"minimum", 0}}},
                          {"at", time_schema()}};
  json::array required{"command_id", "version"};
  for (auto const& spec : action.fields) {
    properties[spec.name] = field_schema(spec);
    if (spec.required) required.emplace_back(spec.name);
    if (!spec.required_when.empty())
      properties[spec.name].as_object()["description"] = "required when " + std::string(spec.required_when);
  }
  auto schema = object_schema(std::move(properties), std::move(required));
  schema["title"] = action.id;
  schema["description"] = lang == "en" ? action.en : action.zh;
  return schema;
}

// One body for each action of the path, told apart by its title.
json::object actions_schema(std::string const& lang) {
  json::array each;
  for (auto const& action : core::actions())
    if (action.action != core::Action::report) each.push_back(action_schema(action, lang));
  return {{"anyOf", std::move(each)}};
}

json::array order_actions_schema(std::string const& lang) {
  json::array each;
  for (auto const& action : core::order_actions())
    if (action.action != core::OrderAction::receive) each.push_back(action_schema(action, lang));
  return each;
}

json::object order_schema() {
  return object_schema({{"system", enum_schema(words(core::kHotlines))},
                        {"number", json::object{{"type", "string"}, {"pattern", "^[0-9A-Za-z._-]{1,64}$"}}},
                        {"text", string_schema(4000)},
                        {"address", string_schema(200)},
                        {"caller", object_schema({{"name", string_schema(100)}, {"phone", string_schema(40)}}, {})},
                        {"sign_by", time_schema()},
                        {"return_by", time_schema()},
                        {"due_at", time_schema()},
                        {"at", time_schema()}},
                       {"system", "number", "text"});
}

json::object parameter(char const* name, json::object schema, char const* description = "") {
  json::object out{{"name", name}, {"in", "query"}, {"schema", std::move(schema)}};
  if (*description != '\0') out["description"] = description;
  return out;
}

json::object header(char const* name, json::object schema, char const* description) {
  return {{"name", name}, {"in", "header"}, {"schema", std::move(schema)}, {"description", description}};
}

json::object text() { return {{"type", "string"}}; }
json::object day() { return {{"type", "string"}, {"format", "date"}}; }
json::object month() { return {{"type", "string"}, {"pattern", "^[0-9]{4}-[0-9]{2}$"}}; }

template <class Infos>
json::array ids(Infos const& infos) {
  json::array out;
  for (auto const& info : infos) out.emplace_back(info.id);
  return out;
}

json::array paging() {
  return {parameter("limit", {{"type", "integer"}, {"minimum", 1}, {"maximum", 200}}),
          parameter("cursor", text(), "next_cursor of the page before")};
}

json::array case_parameters(bool en) {
  auto out = paging();
  auto const add = [&](json::object one) { out.push_back(std::move(one)); };
  auto const by = enum_schema({"district", "street", "grid", "unit", "squad", "post", "person", "class", "category", "source",
                               "community", "region_tree", "unit_tree"});
  add(parameter("state", enum_schema(ids(core::kStates))));
  add(parameter("stage", enum_schema(words(core::kStageIds))));
  for (auto const* name : {"district", "street", "grid", "category", "unit", "squad"}) add(parameter(name, text()));
  add(parameter("light", enum_schema({"green", "yellow", "red"})));
  add(parameter("source", enum_schema(words(core::kSources))));
  add(parameter("text", text(), en ? "in description, address and case number, ended cases too" : "检索描述、地址和案卷号，含已结案卷"));
  add(parameter("month", month(), en ? "reported in that local month" : "该月（当地时间）上报的"));
  add(parameter("due", text(), en ? "due before that time (RFC 3339), or by the end of that day (YYYY-MM-DD)"
                                  : "时限早于该时间（RFC 3339），或不晚于该日（YYYY-MM-DD）"));
  add(parameter("bbox", text(), en ? "west,south,east,north in degrees" : "西,南,东,北（度）"));
  add(parameter("open", enum_schema({"true", "false"}), en ? "open cases only" : "只列未结案卷"));
  add(parameter("campaign", text(), en ? "cases of that campaign" : "该专项任务的案卷"));
  add(parameter("campaign_field", enum_schema(words(storage::kCampaignFields)), en ? "of them those behind one of its numbers" : "其中某个进展数字所含的案卷"));
  add(parameter("sort", enum_schema({"due", "-opened_at", "opened_at", "case_no"}),
                en ? "cases without a deadline come last under due" : "按 due 排序时，没有时限的列在最后"));
  add(parameter("closure_month", month(), en ? "the cases behind a number of the closure table" : "结案率统计表中某个数字所含的案卷"));
  add(parameter("closure_from", day()));
  add(parameter("closure_to", day()));
  add(parameter("closure_by", by));
  add(parameter("closure_key", text()));
  add(parameter("closure_field", text()));
  add(parameter("closure_campaign", text()));
  add(parameter("indicator", text(), en ? "the cases behind a count of the indicators, with closure_from, closure_to, closure_by, closure_key"
                                        : "指标统计中某个计数所含的案卷，与 closure_from、closure_to、closure_by、closure_key 同用"));
  add(parameter("as_of", time_schema()));
  return out;
}

json::array order_parameters(bool en) {
  auto out = paging();
  json::array states;
  for (auto const& state : core::kOrderStates) states.emplace_back(state.id);
  out.push_back(parameter("state", enum_schema(std::move(states))));
  for (auto const* name : {"open", "late"}) out.push_back(parameter(name, enum_schema({"true", "false"})));
  out.push_back(parameter("told", enum_schema({"true", "false"}),
                          en ? "what a clock that ran out told one's role and nobody has taken up" : "超时提醒到本岗位且无人知悉的"));
  out.push_back(parameter("case_no", text(), en ? "orders that this case belongs to" : "关联该案卷的工单"));
  return out;
}

json::array escalation_parameters(bool en) {
  auto out = paging();
  out.push_back(parameter("all", enum_schema({"true", "false"}),
                          en ? "also what was acknowledged or is over" : "含已知悉的和已失效的"));
  return out;
}

json::array statistics_parameters(json::array by, bool en) {
  return {parameter("month", month()),
          parameter("from", day()),
          parameter("to", day()),
          parameter("period", enum_schema({"day", "week", "month", "quarter", "year"})),
          parameter("as_of", time_schema()),
          parameter("campaign", text(), en ? "its cases alone; \"*\": everything; without it campaigns counted apart are left out"
                                           : "只统计该专项的案卷；“*”为全部；不写则不含单独统计的专项"),
          parameter("by", enum_schema(std::move(by))),
          parameter("format", enum_schema({"json", "csv", "xlsx"}))};
}

json::array closure_parameters(bool en) {
  auto out = statistics_parameters(words(storage::kClosureBy), en);
  out.back() = parameter("format", enum_schema({"json", "csv", "xlsx", "html"}));
  out.push_back(parameter("compare", enum_schema({"true", "false"}), en ? "beside the period before and a year ago" : "附上期和去年同期"));
  out.push_back(parameter("number", string_schema(200), en ? "the printed page's number" : "打印页的编号"));
  return out;
}

json::array indicator_parameters(bool en) {
  auto out = statistics_parameters(
      {"region", "district", "street", "grid", "unit", "squad", "post", "person", "class", "category", "source", "region_tree", "unit_tree"}, en);
  out.back() = parameter("format", enum_schema({"json", "csv", "xlsx", "html"}));
  out.push_back(parameter("number", string_schema(200), en ? "the printed page's number" : "打印页的编号"));
  return out;
}

json::array period_parameters();
json::array published_parameters(json::array formats, bool en) {
  auto out = period_parameters();
  out.push_back(parameter("as_of", time_schema()));
  if (!formats.empty()) out.push_back(parameter("format", enum_schema(std::move(formats))));
  out.push_back(parameter("number", string_schema(200), en ? "the document's number" : "文号"));
  return out;
}
json::array bulletin_parameters(bool with_format, bool en) {
  auto out = published_parameters(with_format ? json::array{"docx", "xlsx"} : json::array{}, en);
  out.push_back(parameter("organisation", string_schema(200), en ? "who publishes it" : "发文单位"));
  return out;
}

json::array accuracy_parameters() {
  return {parameter("month", month()), parameter("from", day()), parameter("to", day()),
          parameter("period", enum_schema({"day", "week", "month", "quarter", "year"})),
          parameter("by", enum_schema({"officer", "unit", "rule"}))};
}

json::array near_parameters() {
  json::object within = range_schema(1, 500);
  within["default"] = 20;
  return {parameter("lon", range_schema(-180, 180)), parameter("lat", range_schema(-90, 90)), parameter("within", std::move(within), "metres"),
          parameter("code", string_schema(6)), parameter("limit", {{"type", "integer"}, {"minimum", 1}, {"maximum", 200}})};
}

json::array public_parameters(bool en) {
  json::array out{parameter("district", text(), en ? "one of those opened; the first where left out" : "已开放的区划，缺省为第一个")};
  for (auto& one : paging()) out.push_back(std::move(one));
  out.push_back(parameter("bbox", text(), en ? "west,south,east,north in degrees, of the rounded places" : "西,南,东,北（度），按取整后的位置"));
  out.push_back(parameter("class", string_schema(32)));
  out.push_back(parameter("standing", enum_schema(words(storage::kStandings))));
  return out;
}

json::array period_parameters() {
  return {parameter("month", month()), parameter("from", day()), parameter("to", day()),
          parameter("period", enum_schema({"day", "week", "month", "quarter", "year"}))};
}

json::array report_headers(bool en) {
  return {header("Idempotency-Key", string_schema(128), en ? "this or client_report_id in the body" : "此请求头或正文中的 client_report_id 二者须有其一"),
          header("Prefer", text(), en ? "respond-async: 202 at once" : "respond-async：立即返回 202")};
}

std::string list_answer_schema();

json::array evidence_parameters(bool en) {
  return {parameter("taken", enum_schema({"camera", "gallery"}), en ? "by the page's camera, or from the gallery (refused of patrollers unless the city's switch gallery_photos is on)"
                                                                   : "页面内相机拍摄，或相册照片（城市设置 gallery_photos 未开时不收监督员的相册照片）"),
          parameter("place", json::object{{"type", "string"}, {"pattern", "^-?[0-9.]+,-?[0-9.]+$"}}, en ? "lon,lat where the device stood" : "设备所在位置：经度,纬度"),
          parameter("captured_at", time_schema(), en ? "the device's time of taking it; kept beside the receipt" : "设备所述拍摄时间，与接收时间并存"),
          parameter("original", string_schema(71), en ? "media_id of the picture this one was drawn from (watermark); uploaded before" : "水印副本所依据的原图 media_id，须先上传")};
}

json::object tus_header() { return {{"name", "Tus-Resumable"}, {"in", "header"}, {"required", true}, {"schema", json::object{{"const", "1.0.0"}}}}; }

// Resumable uploads speak in headers (tus 1.0.0); pieces are the client's choice, each counts once it is answered.
void upload_notes(std::map<std::string, http::Described>& notes, bool en) {
  auto const numbers = json::object{{"type", "integer"}, {"minimum", 0}};
  auto const text_of = [](json::array const& list) { return json::serialize(list); };
  std::string const object = R"({"type":"object"})";
  notes["OPTIONS /api/v1/uploads"] = {.success = {204}};
  notes["POST /api/v1/uploads"] = {
      .parameters = text_of({tus_header(), header("Upload-Length", numbers, en ? "bytes of the whole medium" : "整个文件的字节数"),
                             header("Upload-Metadata", text(), en ? "filetype (content type), and as of POST /media: taken, captured_at, place, original; values in base64"
                                                                  : "filetype（内容类型），另可有 taken、captured_at、place、original（同 POST /media），值为 base64")}),
      .success = {201}, .refusals = {412, 415, 429, 507}};
  notes["GET /api/v1/uploads/{upload_id}"] = {.parameters = text_of({tus_header()}), .answer = object, .refusals = {412}};
  notes["PATCH /api/v1/uploads/{upload_id}"] = {
      .raw = {"application/offset+octet-stream"},
      .parameters = text_of({tus_header(), header("Upload-Offset", numbers, en ? "where this piece begins: what the last answer said" : "这一段的起点：上次应答所说的位置"),
                             header("Upload-Checksum", text(), en ? "sha1 or sha256, a space, the digest in base64" : "sha1 或 sha256、空格、base64 摘要")}),
      .success = {204}, .refusals = {409, 412, 415, 460, 507}};
  notes["DELETE /api/v1/uploads/{upload_id}"] = {.parameters = text_of({tus_header()}), .success = {204}, .refusals = {412}};
  notes["GET /api/v1/media/{media_id}/facts"] = {.answer = object};
  notes["GET /api/v1/cases/{case_no}/suggestion"] = {.answer = object};
  notes["GET /api/v1/cases/{case_no}/photos"] = {.answer = list_answer_schema()};
}

json::object spot_members() {
  return {{"lon", range_schema(-180, 180)}, {"lat", range_schema(-90, 90)}, {"accuracy_m", json::object{{"type", "number"}, {"minimum", 0}}}, {"device_at", time_schema()}};
}

void attendance_notes(std::map<std::string, http::Described>& notes) {
  auto const text_of = [](auto const& value) { return json::serialize(value); };
  std::string const object = R"({"type":"object"})";
  auto mark = spot_members();
  mark["mark_id"] = uuid_schema();
  for (auto const* name : {"on", "off"})
    notes["POST /api/v1/duty/" + std::string(name)] = {.schema = text_of(object_schema(mark, {"mark_id"})), .answer = object};
  notes["GET /api/v1/duty"] = {.parameters = text_of(paging()), .answer = list_answer_schema()};
  notes["GET /api/v1/duty/grids"] = notes["GET /api/v1/duty"];
  auto marks = paging();
  marks.push_back(parameter("person", string_schema(kNameMost)));
  marks.push_back(parameter("since", time_schema()));
  marks.push_back(parameter("until", time_schema()));
  notes["GET /api/v1/duty/marks"] = {.parameters = text_of(marks), .answer = list_answer_schema()};
  auto coverage = paging();
  coverage.push_back(parameter("day", json::object{{"type", "string"}, {"format", "date"}}));
  coverage.push_back(parameter("person", string_schema(kNameMost)));
  auto cells = coverage;
  coverage.push_back(parameter("by", enum_schema(words(storage::kCoverageBy))));
  for (auto const* name : {"walked", "rostered"}) cells.push_back(parameter(name, enum_schema({"true", "false"})));
  cells.push_back(parameter("region", json::object{{"type", "string"}, {"pattern", "^[0-9]{0,15}$"}}));
  notes["GET /api/v1/duty/coverage"] = {.parameters = text_of(coverage), .answer = list_answer_schema()};
  notes["GET /api/v1/duty/coverage/cells"] = {.parameters = text_of(cells), .answer = list_answer_schema()};
  notes["POST /api/v1/roll-calls"] = {
      .schema = text_of(object_schema({{"roll_call_id", uuid_schema()},
                                       {"people", json::object{{"type", "array"}, {"maxItems", kCalledMost}, {"items", string_schema(kNameMost)}}},
                                       {"street", string_schema(32)},
                                       {"note", string_schema(kNoteMost)},
                                       {"minutes", json::object{{"type", "integer"}, {"minimum", 1}, {"maximum", kWithinMost}, {"default", 3}}}},
                                      {"roll_call_id"})),
      .answer = object, .success = {200, 201}};
  auto calls = paging();
  calls.push_back(parameter("open", enum_schema({"true", "false"})));
  notes["GET /api/v1/roll-calls"] = {.parameters = text_of(calls), .answer = list_answer_schema()};
  auto answer = spot_members();
  answer["photo"] = json::object{{"type", "string"}, {"pattern", "^sha256-[0-9a-f]{64}$"}};
  answer["note"] = string_schema(kNoteMost);
  notes["POST /api/v1/roll-calls/{roll_call_id}/answer"] = {.schema = text_of(object_schema(answer, {"photo"})), .answer = object};
  auto points = paging();
  points.push_back(parameter("campaign", string_schema(kNameMost)));
  points.push_back(parameter("state", enum_schema({"open", "done"})));
  notes["GET /api/v1/campaigns/points"] = {.parameters = text_of(points), .answer = list_answer_schema()};
  auto visit = spot_members();
  visit["visit_id"] = uuid_schema();
  visit["result"] = enum_schema({"clean", "found", "unable"});
  visit["checked"] = json::object{{"type", "array"}, {"maxItems", kCheckedMost}, {"items", string_schema(400)}};
  visit["photos"] = json::object{{"type", "array"}, {"maxItems", kVisitPhotosMost}, {"items", answer["photo"]}};
  visit["note"] = string_schema(kNoteMost);
  notes["POST /api/v1/campaigns/{campaign}/points/{point}/visits"] = {
      .schema = text_of(object_schema(visit, {"visit_id", "result"})), .answer = object};
}

std::string list_answer_schema() {
  json::object const items{{"type", "array"}, {"items", json::object{{"type", "object"}}}};
  json::object const next{{"type", {"string", "null"}}};
  return json::serialize(object_schema({{"items", items}, {"next_cursor", next}}, {"items", "next_cursor"}));
}

// Supervision and management.
json::object tables_schema() {
  json::object const texts{{"type", "array"}, {"items", text()}};
  json::object const rows{{"type", "array"}, {"maxItems", 20000}, {"items", texts}};
  return object_schema({{"name", string_schema(40)}, {"columns", texts}, {"rows", rows}}, {"name", "columns", "rows"});
}

void put_supervision(std::map<std::string, http::Described>& notes, bool en) {
  std::string const object = json::serialize(json::object{{"type", "object"}});
  auto const listed = [&](json::array more) {
    auto all = paging();
    for (auto& one : more) all.push_back(std::move(one));
    return http::Described{.parameters = json::serialize(all), .answer = list_answer_schema()};
  };
  auto const yes_no = enum_schema({"true", "false"});
  notes["GET /api/v1/requests"] = listed({parameter("kind", enum_schema(words(core::kRequestKinds))),
                                          parameter("mine", yes_no, en ? "only what the caller's role decides" : "只列本岗位审批的")});
  notes["GET /api/v1/orders"] = listed({parameter("kind", enum_schema(words(core::kOrderKinds))),
                                        parameter("waiting", enum_schema({"answer", "word"}), en ? "for an answer, or for a word on it" : "待回复，或待阅批"),
                                        parameter("late", yes_no, en ? "the day is over and nobody has answered; of settled ones, answered late" : "逾期未回复；已办结的为逾期回复"),
                                        parameter("settled", yes_no, en ? "those a word settled, the newest first" : "已办结的，按办结时间由近及远")});
  notes["GET /api/v1/statistics/suspicions/looks"] = {.parameters = json::serialize(period_parameters()), .answer = list_answer_schema()};
  notes["POST /api/v1/statistics/suspicions/looks"] = {
      .schema = json::serialize(object_schema({{"pattern", string_schema(40)}, {"checker", string_schema(100)}, {"squad", string_schema(100)},
                                               {"verdict", enum_schema(words(storage::kVerdicts))}, {"note", string_schema(1000)}},
                                              {"pattern", "verdict", "note"})),
      .parameters = json::serialize(period_parameters()),
      .answer = object,
      .success = {201}};
  notes["POST /api/v1/plans/{plan}/switch"] = {
      .schema = json::serialize(object_schema({{"on", json::object{{"type", "boolean"}}}, {"reason", string_schema(500)}}, {"on", "reason"})),
      .answer = object,
      .refusals = {409, 501}};
  notes["GET /api/v1/standing/{part}"] = {
      .parameters = json::serialize(json::array{parameter("format", enum_schema({"json", "csv", "xlsx"})),
                                                parameter("table", text(), en ? "of a part with several, for csv" : "多表部分导出 csv 时的表名")}),
      .answer = object,
      .refusals = {501, 507}};
  notes["POST /api/v1/standing/{part}/unpack"] = {
      .raw = {"text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
      .parameters = json::serialize(json::array{parameter("name", string_schema(200), en ? "the file's" : "文件名")}),
      .answer = object,
      .refusals = {501}};
  auto const change = json::serialize(object_schema({{"version", json::object{{"type", "integer"}, {"minimum", 0}}},
                                                     {"note", string_schema(500)},
                                                     {"allow_findings", json::object{{"type", "boolean"}}},
                                                     {"tables", json::object{{"type", "array"}, {"maxItems", 8}, {"items", tables_schema()}}}},
                                                    {"version", "tables"}));
  for (auto const* name : {"check", "publish"})
    notes["POST /api/v1/standing/{part}/" + std::string(name)] = {.schema = change, .answer = object, .refusals = {409, 501}};
}

}  // namespace

std::map<std::string, http::Described> api_notes(std::string const& lang) {
  bool const en = lang == "en";
  auto const text_of = [](auto const& value) { return json::serialize(value); };
  auto const list = [&](json::array const& parameters) {
    return http::Described{.parameters = text_of(parameters), .answer = list_answer_schema()};
  };
  std::vector<std::string> media;
  for (auto const& format : media::formats()) media.emplace_back(format.type);
  std::string const object = text_of(json::object{{"type", "object"}});
  std::map<std::string, http::Described> notes{
      {"POST /api/v1/reports",
       {.schema = text_of(report_schema()), .parameters = text_of(report_headers(en)), .answer = object, .success = {201, 202}, .refusals = {507}}},
      {"GET /api/v1/reports/{report_id}", {.answer = object}},
      {"POST /api/v1/media", {.raw = std::move(media), .parameters = text_of(evidence_parameters(en)), .answer = object, .success = {200, 201}, .refusals = {415, 507}}},
      {"GET /api/v1/media/{media_id}",
       {.parameters = text_of(json::array{header("Range", text(), en ? "bytes=FROM-TO, one part" : "bytes=起-止，一段")}),
        .success = {200, 206},
        .refusals = {416}}},
      {"GET /api/v1/cases", list(case_parameters(en))},
      {"GET /api/v1/cases/counts", {.answer = object}},
      {"GET /api/v1/cases/{case_no}", {.answer = object}},
      {"GET /api/v1/cases/{case_no}/history", list(paging())},
      {"GET /api/v1/cases/{case_no}/explain", {.answer = object}},
      {"POST /api/v1/cases/{case_no}/actions/{action}", {.schema = text_of(actions_schema(lang)), .answer = object, .refusals = {409, 504}}},
      {"GET /api/v1/tasks", list(paging())},
      {"GET /api/v1/escalations", list(escalation_parameters(en))},
      {"POST /api/v1/tasks/{task_id}/received",
       {.schema = text_of(object_schema({{"epoch", json::object{{"type", "integer"}, {"minimum", 0}}}}, {"epoch"})),
        .success = {204},
        .refusals = {409, 504}}},
      {"GET /api/v1/statistics/closure", {.parameters = text_of(closure_parameters(en)), .refusals = {507}}},
      {"GET /api/v1/statistics/indicators",
       {.parameters = text_of(indicator_parameters(en)),
        .refusals = {507}}},
      {"GET /api/v1/statistics/suspicions", {.parameters = text_of(period_parameters()), .answer = object}},
  };
  upload_notes(notes, en);
  attendance_notes(notes);
  notes["POST /api/v1/hotline-orders"] = {.schema = text_of(order_schema()), .answer = object, .success = {200, 201}, .refusals = {504}};
  notes["GET /api/v1/hotline-orders"] = list(order_parameters(en));
  notes["GET /api/v1/hotline-orders/{order_no}"] = {.answer = object};
  notes["GET /api/v1/hotline-orders/{order_no}/history"] = list(paging());
  notes["POST /api/v1/hotline-orders/{order_no}/actions/{action}"] = {
      .schema = text_of(json::object{{"anyOf", order_actions_schema(lang)}}), .answer = object, .refusals = {409, 504}};
  auto const text_with = [&](json::array parameters, json::object more) {
    parameters.push_back(std::move(more));
    return text_of(parameters);
  };
  json::array const printed{"json", "csv", "xlsx", "html"};
  notes["GET /api/v1/statistics/evaluation"] = {
      .parameters = text_with(published_parameters(printed, en), parameter("scheme", text(), en ? "object or id of a scheme (department)" : "评价方案的对象或编号（department）")),
      .answer = object,
      .refusals = {507}};
  notes["GET /api/v1/statistics/schemes"] = {.answer = list_answer_schema()};
  notes["GET /api/v1/statistics/settlement"] = {.parameters = text_of(published_parameters(printed, en)), .answer = object, .refusals = {507}};
  notes["GET /api/v1/statistics/book"] = {.parameters = text_of(published_parameters({}, en)), .refusals = {507}};
  notes["GET /api/v1/statistics/bulletin"] = {.parameters = text_of(bulletin_parameters(true, en))};
  notes["POST /api/v1/statistics/bulletin"] = {.raw = {"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                                                      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
                                               .parameters = text_of(bulletin_parameters(false, en))};
  notes["GET /api/v1/statistics/months"] = {.answer = list_answer_schema()};
  notes["GET /api/v1/statistics/months/{month}"] = {.answer = object};
  notes["POST /api/v1/statistics/months/{month}/seal"] = {.answer = object, .refusals = {409, 422}};
  notes["GET /api/v1/map"] = {.parameters = text_of(json::array{parameter("cell", string_schema(32), en ? "a unit grid whose place is wanted too" : "同时给出该单元网格的范围")}), .answer = object};
  notes["GET /api/v1/statistics/today"] = {.answer = object};
  notes["GET /api/v1/tiles/{layer}/{z}/{x}/{tile}"] = {
      .parameters = text_of(json::array{header("If-None-Match", text(), en ? "304 when the tile is still the same" : "瓦片未变时返回 304")}), .success = {200, 204, 304}, .refusals = {422}};
  notes["GET /api/v1/basemap/{z}/{x}/{y}"] = {.refusals = {422, 503}};
  notes["GET /api/v1/public"] = {.answer = object, .refusals = {429}};
  notes["GET /api/v1/public/cases"] = list(public_parameters(en));
  notes["GET /api/v1/public/cases"].refusals = {429};
  notes["GET /api/v1/public/cases/{case_no}"] = {.parameters = text_of(json::array{public_parameters(en).front()}), .answer = object, .refusals = {429}};
  notes["GET /api/v1/public/cases.csv"] = {.parameters = text_of(json::array{public_parameters(en).front()}), .refusals = {429}};
  notes["GET /api/v1/public/streets"] = {.parameters = text_of(json::array{public_parameters(en).front()}), .refusals = {429}};
  notes["GET /api/v1/statistics/months/{month}/verification"] = {.answer = object};
  notes["GET /m/{code}"] = {.success = {302}, .refusals = {404}};
  notes["GET /api/v1/statistics/months/{month}/corrections"] = list(paging());
  notes["GET /api/v1/print/{sheet}"] = {
      .parameters = text_of(json::array{parameter("cases", text(), en ? "1 to 50 case numbers with commas between; {sheet} is filing, dispatch, supervision, extension, deferral, suspension, return, check or closing"
                                                                     : "1 到 50 个案卷号，以逗号分隔；{sheet} 为 filing、dispatch、supervision、extension、deferral、suspension、return、check 或 closing")})};
  auto const integer = json::object{{"type", "integer"}, {"minimum", 1}};
  auto const yes_no = json::object{{"type", "boolean"}};
  json::object const begin = object_schema({{"at", json::object{{"type", "string"}, {"pattern", "^[0-2][0-9]:[0-5][0-9]$"}}}, {"zh", string_schema(20)}, {"en", string_schema(20)}}, {"at", "zh", "en"});
  notes["GET /api/v1/shifts"] = {.answer = object};
  notes["PUT /api/v1/shifts"] = {.schema = text_of(object_schema({{"begins", json::object{{"type", "array"}, {"minItems", 1}, {"maxItems", 6}, {"items", begin}}}}, {"begins"})), .answer = object};
  notes["GET /api/v1/handovers"] = list(paging());
  notes["POST /api/v1/handovers"] = {.schema = text_of(object_schema({{"shift_from", time_schema()}}, {})), .answer = object, .success = {200, 201}};
  notes["GET /api/v1/handovers/{number}"] = {.parameters = text_of(json::array{parameter("format", enum_schema(printed))}), .answer = object, .refusals = {507}};
  notes["POST /api/v1/handovers/{number}/notes"] = {
      .schema = text_of(object_schema({{"version", integer}, {"notes", string_schema(4000)}, {"renew", yes_no}}, {"version"})), .answer = object, .refusals = {409}};
  notes["POST /api/v1/handovers/{number}/sign"] = {.schema = text_of(object_schema({{"version", integer}, {"remark", string_schema(4000)}}, {"version"})), .answer = object, .refusals = {409}};
  notes["GET /api/v1/views"] = {.answer = list_answer_schema()};
  notes["POST /api/v1/views"] = {.schema = text_of(object_schema({{"view_id", uuid_schema()}, {"name", string_schema(40)}, {"query", string_schema(1000)}, {"shared", yes_no}, {"pinned", yes_no}},
                                                                 {"view_id", "name"})), .answer = object};
  notes["DELETE /api/v1/views/{view_id}"] = {.answer = object};
  notes["GET /api/v1/presence"] = {.answer = list_answer_schema()};
  notes["POST /api/v1/presence"] = {.schema = text_of(object_schema({{"seat", string_schema(36)}, {"case_no", string_schema(32)}, {"working", yes_no}}, {"seat"})), .answer = object};
  notes["POST /api/v1/cases/{case_no}/takeover"] = {.schema = text_of(object_schema({{"reason", string_schema(400)}}, {"reason"})), .answer = object};
  notes["POST /api/v1/callers/earlier"] = {.schema = text_of(object_schema({{"phone", string_schema(kPhoneMost)}}, {"phone"})), .answer = list_answer_schema()};
  notes["POST /api/v1/reports/{report_id}/promise"] = {.schema = text_of(object_schema({{"until", time_schema()}}, {"until"})), .answer = object};
  notes["POST /api/v1/rules/dry-run"] = {
      .schema = text_of(object_schema({{"rules", json::object{{"type", "array"}, {"maxItems", kRulesMost}, {"items", rule_schema()}}},
                                       {"from", time_schema()},
                                       {"to", time_schema()}},
                                      {"rules"})),
      .answer = object};
  put_supervision(notes, en);
  notes["GET /api/v1/statistics/dispatch-accuracy"] = {.parameters = text_of(accuracy_parameters()), .answer = object};
  notes["GET /api/v1/components/near"] = list(near_parameters());
  for (auto const* name : {"closing-conditions", "areas", "rules", "rules/findings", "responsibilities", "coordination", "campaigns", "plans",
                           "versions", "grids", "components", "units", "squads", "catalogue"}) notes["GET /api/v1/" + std::string(name)] = list(paging());
  add_account_notes(notes, lang);
  return notes;
}

}  // namespace wangge::console
