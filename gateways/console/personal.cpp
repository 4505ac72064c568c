#include "gateways/console/personal.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "gateways/console/answers.hpp"
#include "gateways/http/body.hpp"

namespace wangge::console {
namespace {

namespace json = boost::json;
constexpr std::size_t kReasonMost = 200;
constexpr std::size_t kEndShown = 4, kHidden = 4;  // of a telephone number

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

}  // namespace

std::string masked_name(std::string_view name) {
  if (name.empty()) return {};
  std::size_t first = 1;
  while (first < name.size() && continues(name[first])) ++first;
  auto const rest = name.substr(first);
  return std::string(name.substr(0, first)) + std::string(static_cast<std::size_t>(std::ranges::count_if(rest, [](char c) { return !continues(c); })), '*');
}

std::string masked_phone(std::string_view phone) {
  std::string out(phone);
  std::erase_if(out, continues);
  bool const whole = out.size() > kEndShown + kHidden;
  auto const end = out.size() - (whole ? kEndShown : std::min<std::size_t>(out.size(), 2));
  for (std::size_t at = whole ? end - kHidden : 0; at < end; ++at) out[at] = '*';
  return out;
}

json::object person_json(std::string const& name, std::string const& phone, bool whole) {
  auto const or_null = [](std::string text) { return text.empty() ? json::value(nullptr) : json::value(std::move(text)); };
  return {{"name", or_null(whole ? name : masked_name(name))}, {"phone", or_null(whole ? phone : masked_phone(phone))}, {"masked", !whole}};
}

http::Response unmask(http::Request const& request, std::string_view member, std::function<std::optional<Person>()> const& find) {
  std::string reason;
  if (auto const fault = http::body_fault(request, [&](http::Fields& fields) { reason = fields.text("reason", http::Need::required, kReasonMost); })) return *fault;
  return reading(request.lang, [&] {
    auto const person = find();
    if (!person) return not_found(request.lang);
    auto response = http::json(200, json::serialize(json::object{
                                        {member, json::object{{"name", person->name}, {"phone", person->phone}, {"masked", false}}}}));
    response.personal = true;
    response.note = std::move(reason);
    return response;
  });
}

}  // namespace wangge::console
