// Raw bodies in, served renditions out (CONTRACT 3).
#include "gateways/patrol/media_door.hpp"

#include <algorithm>
#include <array>

#include "gateways/http/strict_json.hpp"
#include "gateways/http/text.hpp"

namespace wangge::patrol {
namespace {

// Without parameters: "image/jpeg; q=1" is image/jpeg.
std::string media_type(std::string_view content_type) {
  return http::lower(http::trimmed(content_type.substr(0, content_type.find(';'))));
}

struct Why {
  std::string_view code, zh, en;
};
constexpr std::array kWhy{
    Why{"empty", "文件是空的", "The file is empty"},
    Why{"too_large", "文件过大", "The file is too large"},
    Why{"wrong_content", "文件内容不是所声明的类型", "The content is not of the type it claims"},
    Why{"no_dimensions", "图片没有尺寸信息，可能没有传完整", "The picture has no size; it may be incomplete"},
    Why{"too_many_pixels", "图片像素过多（最多一亿）", "The picture has too many pixels (100 million at most)"},
    Why{"not_decodable", "图片无法解码，可能已损坏或没有传完整", "The picture cannot be decoded; it may be damaged or incomplete"},
};

http::Response bad_media(media::Bad const& e, std::string_view lang) {
  auto const* const it = std::find_if(kWhy.begin(), kWhy.end(), [&](Why const& w) { return w.code == e.code; });
  std::string_view const words = it == kWhy.end() ? std::string_view() : lang == "en" ? it->en : it->zh;
  return http::problem(422, "bad_media", lang, words, {{"", e.code}});
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
    reply(bad_media(e, request.lang));
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
    bool const asks = doors::may_read_cases(request.who.role) || request.who.role == core::Role::reporter;
    if (!own && !(asks && may_read_(request.who, id))) return not_found();
  } catch (doors::Away const&) {
    return reply(http::problem(503, "no_database", request.lang));
  }
  auto opened = http::OpenFile::open(found->served_path);
  if (!opened) return not_found();
  auto response = http::file(request, std::move(opened), found->type);
  for (auto const& [name, value] : {std::pair{"Cache-Control", "private, max-age=3600"}, std::pair{"X-Content-Type-Options", "nosniff"},
                                    std::pair{"Content-Security-Policy", "default-src 'none'; sandbox"}})
    response.headers.emplace_back(name, value);
  reply(std::move(response));
}

}  // namespace wangge::patrol
