// Raw bodies in, served renditions out (CONTRACT 3).
#include "gateways/patrol/media_door.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "gateways/http/strict_json.hpp"
#include "gateways/http/text.hpp"

namespace wangge::patrol {
namespace {

// Without parameters: "image/jpeg; q=1" is image/jpeg.
std::string media_type(std::string_view content_type) {
  return http::lower(http::trimmed(content_type.substr(0, content_type.find(';'))));
}

std::optional<std::string> contents(std::string const& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  std::ostringstream out;
  out << in.rdbuf();
  return std::move(out).str();
}

http::Response served(std::string type, std::string bytes) {
  http::Response response;
  response.content_type = std::move(type);
  response.body = std::move(bytes);
  response.headers = {{"Cache-Control", "private, max-age=3600"},
                      {"X-Content-Type-Options", "nosniff"},
                      {"Content-Security-Policy", "default-src 'none'; sandbox"}};
  return response;
}

}  // namespace

void MediaDoor::post(http::Request request, http::Reply reply) {
  auto const type = media_type(request.header("content-type"));
  auto const limit = folder_.limit_of(type);
  if (!limit) return reply(http::problem(415, "unsupported_type", request.lang));
  if (request.body.size() > *limit) return reply(http::problem(413, "too_large", request.lang));
  try {
    auto const stored = folder_.put(type, request.body, request.who, request.received_at);
    reply(http::json(stored.existed ? 200 : 201, "{\"media_id\":" + http::json_quoted(stored.media_id) +
                                                     ",\"size\":" + std::to_string(stored.size) +
                                                     ",\"type\":" + http::json_quoted(stored.type) + "}"));
  } catch (media::Bad const& e) {
    reply(http::problem(422, "bad_media", request.lang, e.what()));
  } catch (media::Full const&) {
    reply(http::problem(507, "spool_full", request.lang));
  } catch (media::Unknown const&) {
    reply(http::problem(415, "unsupported_type", request.lang));
  }
}

void MediaDoor::get(http::Request request, http::Reply reply) {
  auto const not_found = [&] { reply(http::problem(404, "not_found", request.lang)); };
  std::string const id(request.params.get("media_id"));
  if (!media::Folder::is_id(id)) return not_found();
  auto const found = folder_.find(id);
  if (!found) return not_found();
  auto const& up = found->uploaders;
  try {
    bool const own = std::find(up.begin(), up.end(), request.who.district + "/" + request.who.name) != up.end();
    if (!own && !may_read_(request.who, id)) return not_found();
  } catch (doors::Away const&) {
    return reply(http::problem(503, "no_database", request.lang));
  }
  auto bytes = contents(found->served_path);
  if (!bytes) return not_found();
  reply(served(found->type, std::move(*bytes)));
}

}  // namespace wangge::patrol
