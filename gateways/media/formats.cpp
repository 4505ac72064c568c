// See formats.hpp.
#include "gateways/media/formats.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace wangge::media {
namespace {

// WebP is shown as JPEG: see free_of_metadata.
constexpr Format kFormats[] = {
    {"image/jpeg", "image/jpeg", ".jpg"},
    {"image/png", "image/png", ".png"},
    {"image/webp", "image/jpeg", ".jpg"},
    {"audio/mpeg", "audio/mpeg", ""},
    {"audio/mp4", "audio/mp4", ""},
    {"audio/aac", "audio/aac", ""},
    {"audio/ogg", "audio/ogg", ""},
    {"audio/wav", "audio/wav", ""},
    {"video/mp4", "video/mp4", ""},
    {"video/webm", "video/webm", ""},
    {"video/quicktime", "video/quicktime", ""},
};
constexpr std::pair<std::string_view, std::string_view> kAliases[] = {
    {"image/jpg", "image/jpeg"},  {"audio/mp3", "audio/mpeg"},   {"audio/x-m4a", "audio/mp4"},   {"audio/m4a", "audio/mp4"},
    {"audio/x-wav", "audio/wav"}, {"audio/wave", "audio/wav"},   {"audio/vnd.wave", "audio/wav"}, {"audio/x-aac", "audio/aac"},
    {"audio/aacp", "audio/aac"},
};

std::uint32_t byte(std::string_view b, std::size_t at) { return at < b.size() ? static_cast<unsigned char>(b[at]) : 0U; }
std::uint32_t big16(std::string_view b, std::size_t at) { return byte(b, at) << 8 | byte(b, at + 1); }
std::uint32_t big32(std::string_view b, std::size_t at) { return big16(b, at) << 16 | big16(b, at + 2); }
std::uint32_t little16(std::string_view b, std::size_t at) { return byte(b, at) | byte(b, at + 1) << 8; }
std::uint32_t little24(std::string_view b, std::size_t at) { return little16(b, at) | byte(b, at + 2) << 16; }
std::string_view part(std::string_view b, std::size_t at, std::size_t size) { return at < b.size() ? b.substr(at, size) : std::string_view(); }

// ISO base media: "ftyp" and a brand that is no still picture (HEIC, AVIF wear the same coat).
bool is_iso_media(std::string_view b) {
  if (part(b, 4, 4) != "ftyp") return false;
  constexpr std::array<std::string_view, 8> pictures{"heic", "heix", "heim", "heis", "mif1", "msf1", "avif", "avis"};
  return std::find(pictures.begin(), pictures.end(), part(b, 8, 4)) == pictures.end();
}

std::optional<Dimensions> jpeg_dimensions(std::string_view b) {
  for (std::size_t at = 2; at + 9 < b.size();) {
    if (byte(b, at) != 0xff) return std::nullopt;
    std::uint32_t const marker = byte(b, at + 1);
    if (marker == 0xff) {  // fill byte
      ++at;
      continue;
    }
    if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {  // stand alone
      at += 2;
      continue;
    }
    if (marker == 0xd9 || marker == 0xda) return std::nullopt;  // picture data before its frame header
    if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) {
      return Dimensions{big16(b, at + 7), big16(b, at + 5)};
    }
    std::uint32_t const length = big16(b, at + 2);
    if (length < 2) return std::nullopt;
    at += 2 + length;
  }
  return std::nullopt;
}

std::optional<Dimensions> webp_dimensions(std::string_view b) {
  auto const kind = part(b, 12, 4);
  if (kind == "VP8 ") return Dimensions{little16(b, 26) & 0x3fff, little16(b, 28) & 0x3fff};
  if (kind == "VP8L") {
    std::uint32_t const bits = little16(b, 21) | little16(b, 23) << 16;
    return Dimensions{(bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1};
  }
  if (kind == "VP8X") return Dimensions{little24(b, 24) + 1, little24(b, 27) + 1};
  return std::nullopt;
}

}  // namespace

std::span<Format const> formats() { return kFormats; }

Format const* format_of(std::string_view content_type) {
  std::string name(content_type.substr(0, content_type.find(';')));
  while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.pop_back();
  std::transform(name.begin(), name.end(), name.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  std::string_view wanted = name;
  for (auto const& [alias, type] : kAliases) {
    if (alias == wanted) wanted = type;
  }
  auto const found = std::find_if(std::begin(kFormats), std::end(kFormats), [&](Format const& f) { return f.type == wanted; });
  return found == std::end(kFormats) ? nullptr : found;
}

bool looks_like(Format const& format, std::string_view b) {
  auto const type = format.type;
  if (type == "image/jpeg") return part(b, 0, 3) == "\xff\xd8\xff";
  if (type == "image/png") return part(b, 0, 8) == "\x89PNG\r\n\x1a\n";
  if (type == "image/webp") return part(b, 0, 4) == "RIFF" && part(b, 8, 4) == "WEBP";
  if (type == "audio/wav") return part(b, 0, 4) == "RIFF" && part(b, 8, 4) == "WAVE";
  if (type == "audio/ogg") return part(b, 0, 4) == "OggS";
  bool const sync = byte(b, 0) == 0xff && (byte(b, 1) & 0xe0) == 0xe0;  // MPEG audio frame; its layer bits tell AAC
  bool const no_layer = (byte(b, 1) & 0x06) == 0;
  if (type == "audio/mpeg") return part(b, 0, 3) == "ID3" || (sync && !no_layer);
  if (type == "audio/aac") return (sync && no_layer && (byte(b, 1) & 0xf0) == 0xf0) || part(b, 0, 4) == "ADIF";
  if (type == "audio/mp4" || type == "video/mp4") return is_iso_media(b);
  if (type == "video/quicktime") {
    constexpr std::array<std::string_view, 5> atoms{"moov", "mdat", "wide", "free", "skip"};  // before ftyp was invented
    return is_iso_media(b) || std::find(atoms.begin(), atoms.end(), part(b, 4, 4)) != atoms.end();
  }
  if (type == "video/webm") return part(b, 0, 4) == "\x1a\x45\xdf\xa3" && part(b, 0, 64).find("webm") != std::string_view::npos;
  return false;
}

std::optional<Dimensions> dimensions(Format const& format, std::string_view b) {
  if (format.type == "image/jpeg") return jpeg_dimensions(b);
  if (format.type == "image/png" && part(b, 12, 4) == "IHDR") return Dimensions{big32(b, 16), big32(b, 20)};
  if (format.type == "image/webp") return webp_dimensions(b);
  return std::nullopt;
}

bool free_of_metadata(std::string_view b) {
  if (part(b, 0, 3) == "\xff\xd8\xff") {
    // Before the picture data: JFIF (APP0) and Adobe's colour mark (APP14) only, no other application data, no comment.
    for (std::size_t at = 2; at + 4 < b.size(); at += 2 + big16(b, at + 2)) {
      std::uint32_t const marker = byte(b, at + 1);
      if (byte(b, at) != 0xff || big16(b, at + 2) < 2) return false;
      if (marker == 0xda) return true;
      if (marker == 0xfe || (marker >= 0xe1 && marker <= 0xef && marker != 0xee)) return false;
    }
    return false;
  }
  if (part(b, 0, 8) == "\x89PNG\r\n\x1a\n") {
    constexpr std::array<std::string_view, 11> picture{"IHDR", "PLTE", "tRNS", "IDAT", "IEND", "gAMA", "cHRM", "sRGB", "pHYs", "bKGD", "sBIT"};
    for (std::size_t at = 8; at + 8 <= b.size(); at += 12 + std::size_t{big32(b, at)}) {
      auto const kind = part(b, at + 4, 4);
      if (std::find(picture.begin(), picture.end(), kind) == picture.end()) return false;
      if (kind == "IEND") return true;
    }
  }
  return false;
}

}  // namespace wangge::media
