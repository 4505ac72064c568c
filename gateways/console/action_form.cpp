// Every field of an action checked at once; the body's hash is of what was read.
#include "gateways/console/action_form.hpp"

#include <algorithm>
#include <limits>

#include <boost/json.hpp>

#include "gateways/http/ids.hpp"
#include "gateways/http/strict_json.hpp"
#include "gateways/http/text.hpp"
#include "gateways/patrol/photos.hpp"

namespace wangge::console {
namespace {

namespace json = boost::json;
using http::Fields;
using http::Need;

constexpr std::size_t kTextMost = 4000, kCodeMost = 64, kAddressMost = 200, kCodesMost = 9;
constexpr core::Instant kEarliest = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1} - std::chrono::hours{8};  // as a report's

std::string* text_slot(core::ActionInput& in, std::string_view name) {
  if (name == "reason") return &in.reason;
  if (name == "opinion") return &in.opinion;
  if (name == "result") return &in.result;
  if (name == "closing_condition") return &in.closing_condition;
  if (name == "condition") return &in.condition;
  if (name == "check_mode") return &in.check_mode;
  if (name == "unit") return &in.unit;
  if (name == "squad") return &in.squad;
  if (name == "holder") return &in.holder;
  if (name == "address") return &in.address;
  if (name == "component_id") return &in.component_id;
  if (name == "text") return &in.text;
  if (name == "request_id") return &in.request_id;
  if (name == "into") return &in.into;
  if (name == "number") return &in.number;
  if (name == "satisfaction") return &in.satisfaction;
  if (name == "milestone") return &in.milestone;
  if (name == "as_rule") return &in.as_rule;
  return nullptr;
}

std::vector<std::string_view> split(std::string_view choices) {
  std::vector<std::string_view> out;
  while (!choices.empty()) {
    auto const end = std::min(choices.find('|'), choices.size());
    out.push_back(choices.substr(0, end));
    choices.remove_prefix(std::min(end + 1, choices.size()));
  }
  return out;
}

// "result=unable": is the other field what makes this one required?
bool required_now(Fields const& fields, core::FieldSpec const& spec) {
  if (spec.required) return true;
  auto const equals = spec.required_when.find('=');
  if (equals == std::string_view::npos) return false;
  auto const* other = fields.find(spec.required_when.substr(0, equals));
  auto const* text = other ? other->if_string() : nullptr;
  return text && std::string_view(text->data(), text->size()) == spec.required_when.substr(equals + 1);
}

void read_text(Fields& fields, core::FieldSpec const& spec, Need need, core::ActionInput& in) {
  auto* slot = text_slot(in, spec.name);
  if (slot == nullptr) throw std::logic_error("no place for the action field " + std::string(spec.name));
  if (spec.type == "choice") {
    *slot = fields.one_of(spec.name, need, split(spec.choices));
  } else {
    *slot = fields.text(spec.name, need, longest(spec));
  }
}

void read_number(Fields& fields, core::FieldSpec const& spec, core::ActionInput& in) {
  bool const lon = spec.name == "lon";
  auto& slot = lon ? in.lon : in.lat;
  auto const* value = fields.find(spec.name);
  if (value == nullptr) return;
  double const most = lon ? 180 : 90;
  double const degrees = value->is_number() ? value->to_number<double>() : std::numeric_limits<double>::quiet_NaN();
  if (!(degrees >= -most && degrees <= most)) return fields.fail(spec.name, "coordinate_out_of_range");
  slot = degrees;
}

void read_category(Fields& fields, core::FieldSpec const& spec, Need need, core::ActionInput& in) {
  auto category = fields.object(spec.name, need);
  if (!category) return;
  in.category = core::CategoryKey{category->text("standard", Need::required, 32), category->text("kind", Need::required, 32),
                                  category->text("code", Need::required, 32)};
}

void read_field(Fields& fields, core::FieldSpec const& spec, core::ActionInput& in, http::FieldErrors& errors) {
  Need const need = required_now(fields, spec) ? Need::required : Need::optional;
  if (spec.type == "photos") {
    in.photos = patrol::read_photos(fields, spec.name, need == Need::required ? 1 : 0, errors);
  } else if (spec.type == "codes") {
    in.assist = fields.texts(spec.name, need == Need::required ? 1 : 0, kCodesMost, kCodeMost);
  } else if (spec.type == "time") {
    in.until = fields.time(spec.name, need);
  } else if (spec.type == "number") {
    read_number(fields, spec, in);
  } else if (spec.type == "category") {
    read_category(fields, spec, need, in);
  } else {
    read_text(fields, spec, need, in);
  }
}

std::string hash_of(json::value const& body, std::string_view id, std::span<core::FieldSpec const> specs, std::string const& case_no) {
  json::object known;
  auto const keep = [&](std::string_view name) {
    auto const* value = body.as_object().if_contains({name.data(), name.size()});
    if (value && !value->is_null()) known[json::string_view(name.data(), name.size())] = *value;
  };
  keep("version");
  keep("at");
  for (auto const& spec : specs) keep(spec.name);
  return http::sha256_hex(http::joined(case_no, id, http::canonical(known)));
}

}  // namespace

std::size_t longest(core::FieldSpec const& spec) {
  return spec.type == "code" ? kCodeMost : spec.name == "address" ? kAddressMost : kTextMost;
}

json::object field_json(core::FieldSpec const& spec, std::vector<std::string> const& closing_conditions) {
  json::object out{{"name", spec.name}, {"type", spec.type}, {"required", spec.required}};
  json::array choices;
  for (std::size_t from = 0; from < spec.choices.size();) {
    auto const bar = std::min(spec.choices.find('|', from), spec.choices.size());
    choices.emplace_back(spec.choices.substr(from, bar - from));
    from = bar + 1;
  }
  if (spec.name == "closing_condition")
    for (auto const& code : closing_conditions) choices.emplace_back(code);
  if (!choices.empty()) out["choices"] = std::move(choices);
  if (spec.type == "photos" && spec.required) out["min"] = 1;
  if (!spec.required_when.empty()) out["required_when"] = spec.required_when;
  return out;
}

std::variant<core::Command, ActionFault> read_action(json::value const& body, ActionAsked const& asked) {
  auto const& info = core::info(asked.action);
  return read_action(body, info.id, info.fields, asked);
}

std::variant<core::Command, ActionFault> read_action(json::value const& body, std::string_view id, std::span<core::FieldSpec const> specs,
                                                     ActionAsked const& asked) {
  if (!body.is_object()) return ActionFault{422, "invalid", {{"", "wrong_type"}}};
  http::FieldErrors errors;
  Fields fields(body, errors);
  core::Command command;
  command.command_id = http::lower(fields.text("command_id", Need::required, kCodeMost));
  if (!command.command_id.empty() && !http::is_uuid(command.command_id)) fields.fail("command_id", "bad_format");
  command.version = fields.integer("version", Need::required, 0, std::int64_t{1} << 53).value_or(0);
  command.at = fields.time("at", Need::optional);
  if (command.at && (*command.at < kEarliest || *command.at > asked.received_at)) fields.fail("at", "out_of_range");
  for (auto const& spec : specs) read_field(fields, spec, command.input, errors);
  auto const& known = asked.closing_conditions;
  if (auto const& code = command.input.closing_condition; !code.empty() && !known.empty())
    if (std::find(known.begin(), known.end(), code) == known.end()) fields.fail("closing_condition", "unknown_value");
  if (!errors.empty()) {
    bool const place = std::all_of(errors.begin(), errors.end(), [](auto const& e) { return e.second == "coordinate_out_of_range"; });
    return ActionFault{422, place ? "coordinate_out_of_range" : "invalid", std::move(errors)};
  }
  // `at` without the right to it is the dispatcher's to refuse: a command seen before and the scope come first.
  command.body_hash = hash_of(body, id, specs, asked.case_no);
  command.who = asked.who;
  command.action = id;
  command.case_no = asked.case_no;
  command.received_at = asked.received_at;
  return command;
}

}  // namespace wangge::console
