// Any bytes as a JSON body: read strictly or refused, never a crash; what was read has one canonical text, for ever.
#include <boost/json/parse.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "gateways/http/fields.hpp"
#include "gateways/http/strict_json.hpp"
#include "gateways/http/text.hpp"

namespace {

void demand(bool fact) {
  if (!fact) std::abort();
}

// Every reader of every member, so that a wrong type never gets further than its fault.
void read_all(boost::json::value const& value) {
  using namespace wangge::http;
  auto const* object = value.if_object();
  if (object == nullptr) return;
  FieldErrors errors;
  Fields fields(value, errors);
  constexpr std::string_view kWords[]{"a", "b"};
  for (auto const& member : *object) {
    std::string_view const name(member.key().data(), member.key().size());
    fields.text(name, Need::required, 3);
    fields.number(name, Need::required, -1, 1);
    fields.integer(name, Need::required, -1, 1);
    fields.boolean(name, Need::required);
    fields.time(name, Need::required);
    fields.one_of(name, Need::required, kWords);
    fields.texts(name, 1, 3, 3);
    fields.object(name, Need::required);
    fields.objects(name, 1, 3);
  }
  for (auto const& [pointer, code] : errors) demand(!pointer.empty() && !code.empty() && valid_utf8(pointer));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace wangge::http;
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  std::string why;
  auto const value = parse_json(text, &why);
  if (!value) {
    demand(!why.empty());
    return 0;
  }
  demand(valid_utf8(text));
  boost::system::error_code ec;
  boost::json::parse({text.data(), text.size()}, ec);
  demand(!ec);  // stricter than Boost, never looser
  std::string const once = canonical(*value);
  auto const again = parse_json(once);
  demand(again.has_value() && canonical(*again) == once);
  read_all(*value);
  return 0;
}
