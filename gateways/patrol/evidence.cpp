#include "gateways/patrol/evidence.hpp"

#include <algorithm>
#include <array>

#include "gateways/doors.hpp"
#include "gateways/http/rfc3339.hpp"

namespace wangge::patrol {
namespace {

struct Why {
  std::string_view code, zh, en;
};
constexpr std::array kWhy{
    Why{"empty", "文件是空的", "The file is empty"},
    Why{"too_large", "文件过大", "The file is too large"},
    Why{"wrong_content", "文件内容不是所声明的类型", "The content is not of the type it claims"},
    Why{"no_dimensions", "图片没有尺寸信息，可能没有传完整", "The picture has no size; it may be incomplete"},
    Why{"too_many_pixels", "图片像素过多（最多一亿）", "The picture has too many pixels (100 million at most)"},
    Why{"not_decodable", "图片无法解码，可能已损坏或没有传完整",
        "The picture cannot be decoded; it may be damaged or incomplete"},
    Why{"original_unknown", "找不到它的原图，请先上传原图", "Its original is not there; upload that first"},
};
constexpr auto kAhead = std::chrono::hours{24};  // a wrong clock is kept as it is said; nonsense is not
constexpr core::Instant kEarliest = std::chrono::sys_days{std::chrono::year{2000} / 1 / 1};

}  // namespace

http::Response bad_media(media::Bad const& e, std::string_view lang) {
  auto const* const it = std::find_if(kWhy.begin(), kWhy.end(), [&](Why const& w) { return w.code == e.code; });
  std::string_view const words = it == kWhy.end() ? std::string_view() : lang == "en" ? it->en : it->zh;
  return http::problem(422, "bad_media", lang, words, {{"", e.code}});
}

media::Evidence read_evidence(std::string_view taken, std::string_view captured_at, std::string_view original, std::string_view place,
                              core::Instant received_at, http::FieldErrors& errors) {
  media::Evidence out;
  if (!taken.empty() && taken != "camera" && taken != "gallery") errors.emplace_back("/taken", "unknown_value");
  out.taken = taken;
  if (!captured_at.empty()) {
    out.captured_at = http::parse_time(captured_at);
    if (!out.captured_at)
      errors.emplace_back("/captured_at", "bad_format");
    else if (*out.captured_at < kEarliest || *out.captured_at > received_at + kAhead)
      errors.emplace_back("/captured_at", "out_of_range");
  }
  if (!original.empty() && !media::Folder::is_id(original)) errors.emplace_back("/original", "bad_format");
  out.original = original;
  out.place = media::place_from(place);
  if (!place.empty() && !out.place) errors.emplace_back("/place", "bad_format");
  return out;
}

std::optional<http::Response> refuse_gallery(http::Request const& request, media::Evidence const& evidence,
                                             GalleryAllowed const& allowed) {
  bool const patrols = request.who.role == core::Role::patroller || request.who.role == core::Role::patrol_lead;
  if (evidence.taken != "gallery" || !patrols) return std::nullopt;
  try {
    if (allowed(request.who.district)) return std::nullopt;
    return http::problem(422, "gallery_not_allowed", request.lang, "", {{"/taken", "gallery_not_allowed"}});
  } catch (doors::Away const&) {
    return http::problem(503, "no_database", request.lang);
  }
}

}  // namespace wangge::patrol
