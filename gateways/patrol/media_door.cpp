// Raw bodies in, served renditions out (CONTRACT 3).
#include "gateways/patrol/media_door.hpp"

#include <algorithm>

#include "gateways/http/rfc3339.hpp"
#include "gateways/http/strict_json.hpp"
#include "gateways/http/text.hpp"

namespace wangge::patrol {
namespace {

// Without parameters: "image/jpeg; q=1" is image/jpeg.
std::string media_type(std::string_view content_type) {
  return http::lower(http::trimmed(content_type.substr(0, content_type.find(';'))));
}

}  // namespace

void MediaDoor::post(http::Request request, http::Reply reply) {
  auto const type = media_type(request.header("content-type"));
  auto const limit = folder_.limit_of(type);
  if (!limit) return reply(http::problem(415, "unsupported_type", request.lang));
  if (request.body.size() > *limit) return reply(http::problem(413, "too_large", request.lang));
  http::FieldErrors errors;
  auto const evidence = read_evidence(request.arg("taken"), request.arg("captured_at"), request.arg("original"), request.arg("place"), request.received_at, errors);
  if (!errors.empty()) return reply(http::problem(422, "invalid", request.lang, "", errors));
  if (auto refused = refuse_gallery(request, evidence, gallery_allowed_)) return reply(std::move(*refused));
  try {
    auto const stored = folder_.put(type, request.body, request.who, request.received_at, evidence);
    reply(http::json(stored.existed ? 200 : 201, "{\"media_id\":" + http::json_quoted(stored.media_id) +
                                                     ",\"size\":" + std::to_string(stored.size) +
                                                     ",\"type\":" + http::json_quoted(stored.type) + "}"));
  } catch (media::Bad const& e) {
    reply(bad_media(e, request.lang));
  } catch (media::Full const&) {
    reply(http::problem(507, "spool_full", request.lang));
  } catch (media::Unknown const&) {
    reply(http::problem(415, "unsupported_type", request.lang));
  }
}

// The medium, where the caller uploaded it or may read a case that names it or a copy drawn from it; the refusal otherwise.
std::variant<media::Folder::Found, http::Response> MediaDoor::find(http::Request const& request) const {
  auto const no = http::problem(404, "not_found", request.lang);
  std::string const id(request.params.get("media_id"));
  if (!media::Folder::is_id(id)) return no;
  auto found = folder_.find(id);
  if (!found) return no;
  auto const& up = found->uploaders;
  try {
    bool const own = std::find(up.begin(), up.end(), request.who.district + "/" + request.who.name) != up.end();
    bool const asks = doors::may_read_cases(request.who.role) || request.who.role == core::Role::reporter;
    auto const named = [&](std::string const& one) { return may_read_(request.who, one); };
    if (!own && !(asks && (named(id) || std::any_of(found->copies.begin(), found->copies.end(), named)))) return no;
  } catch (doors::Away const&) {
    return http::problem(503, "no_database", request.lang);
  }
  return std::move(*found);
}

void MediaDoor::get(http::Request request, http::Reply reply) {
  auto found = find(request);
  if (auto* refused = std::get_if<http::Response>(&found)) return reply(std::move(*refused));
  auto const& medium = std::get<media::Folder::Found>(found);
  auto opened = http::OpenFile::open(medium.served_path);
  if (!opened) return reply(http::problem(404, "not_found", request.lang));
  auto response = http::file(request, std::move(opened), medium.type);
  for (auto const& [name, value] : {std::pair{"Cache-Control", "private, max-age=3600"}, std::pair{"X-Content-Type-Options", "nosniff"},
                                    std::pair{"Content-Security-Policy", "default-src 'none'; sandbox"}})
    response.headers.emplace_back(name, value);
  reply(std::move(response));
}

// When it was taken by its device's word and when it came, by camera or from the gallery, and which original it was drawn from.
void MediaDoor::facts(http::Request request, http::Reply reply) {
  auto const found = find(request);
  if (auto const* refused = std::get_if<http::Response>(&found)) return reply(*refused);
  auto const& m = std::get<media::Folder::Found>(found);
  auto const or_null = [](std::string const& text) { return text.empty() ? std::string("null") : http::json_quoted(text); };
  reply(http::json(200, "{\"media_id\":" + http::json_quoted(request.params.get("media_id")) + ",\"type\":" + http::json_quoted(m.original_type) +
                            ",\"size\":" + std::to_string(m.size) + ",\"received_at\":" + http::json_quoted(http::format_time(m.received_at)) +
                            ",\"captured_at\":" + (m.evidence.captured_at ? http::json_quoted(http::format_time(*m.evidence.captured_at)) : "null") +
                            ",\"taken\":" + or_null(m.evidence.taken) + ",\"original\":" + or_null(m.evidence.original) + "}"));
}

}  // namespace wangge::patrol
