// The media types that are taken, how each betrays itself in its first bytes, and how large a picture claims to be.
// Nothing is decoded here.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace wangge::media {

struct Format {
  std::string_view type;       // canonical
  std::string_view shown;      // type of the rendition; sound and film are shown as they are
  std::string_view extension;  // of the rendition; "" when it is no picture
  bool picture() const { return !extension.empty(); }
};

std::span<Format const> formats();
// By content type: parameters and letter case do not matter, common aliases are known. Null: not taken.
Format const* format_of(std::string_view content_type);
// The first bytes are what the type says.
bool looks_like(Format const& format, std::string_view bytes);

struct Dimensions {
  std::uint32_t width = 0, height = 0;
};
// From the header of a picture; nullopt when there is none.
std::optional<Dimensions> dimensions(Format const& format, std::string_view bytes);

// A rendition (JPEG or PNG) holds nothing but its picture. Trust in the tool is good; libvips 8.14 keeps EXIF in WebP
// when told to strip it.
bool free_of_metadata(std::string_view bytes);

}  // namespace wangge::media
