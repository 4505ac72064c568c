#include "gateways/sessions/audit_door.hpp"

#include <boost/json.hpp>

#include "gateways/console/answers.hpp"
#include "gateways/console/case_filter.hpp"
#include "gateways/http/rfc3339.hpp"

namespace wangge::sessions {
namespace {

namespace json = boost::json;
constexpr std::size_t kLongest = 200;

std::string word(http::Request const& request, char const* name) {
  if (request.arg(name).size() > kLongest) throw storage::BadFilter(name, console::kTooLong);
  return std::string(request.arg(name));
}

std::optional<core::Instant> time(std::string const& word, char const* name) {
  if (word.empty()) return std::nullopt;
  auto const at = http::parse_time(word);
  if (!at) throw storage::BadFilter(name, "no time");
  return at;
}

}  // namespace

void AuditDoor::list(http::Request request, http::Reply reply) {
  reply(console::reading(request.lang, [&] {
    storage::AuditFilter f{word(request, "actor"), word(request, "deed"), word(request, "text"), time(word(request, "since"), "since"),
                           time(word(request, "until"), "until"), word(request, "cursor"), console::read_limit(request)};
    auto const page = pages_.page(request.who.district, f);
    json::array items;
    for (auto const& line : page.items)
      items.emplace_back(json::object{{"at", http::format_time(line.at, 480)}, {"actor", line.actor}, {"role", line.role},
                                      {"deed", line.deed}, {"subject", line.subject}, {"detail", line.detail}});
    return http::json(200, json::serialize(json::object{{"items", std::move(items)},
                                                        {"next_cursor", page.next_cursor.empty() ? json::value(nullptr) : json::value(page.next_cursor)}}));
  }));
}

}  // namespace wangge::sessions
