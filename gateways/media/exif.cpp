// JPEG's APP1 holds a small TIFF file; its IFD 0 points to a GPS IFD with latitude and longitude as three rationals
// each (EXIF 2.32).
#include "gateways/media/exif.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace wangge::media {
namespace {

constexpr std::uint16_t kGpsIfd = 0x8825, kLatRef = 1, kLat = 2, kLonRef = 3, kLon = 4;
constexpr std::uint16_t kAscii = 2, kLong = 4, kRational = 5;
constexpr std::size_t kEntriesMost = 512;

class Tiff {
 public:
  explicit Tiff(std::string_view bytes) : bytes_(bytes), little_(bytes.starts_with("II")) {}
  bool whole() const { return bytes_.size() >= 8 && (little_ || bytes_.starts_with("MM")) && u16(2) == 42; }
  std::uint32_t u32(std::size_t at) const { return number(at, 4); }
  std::uint16_t u16(std::size_t at) const { return static_cast<std::uint16_t>(number(at, 2)); }

  // Where the 12 bytes of a tag stand in the directory at `ifd`.
  std::optional<std::size_t> entry(std::size_t ifd, std::uint16_t tag, std::uint16_t type, std::uint32_t count) const {
    if (!has(ifd, 2)) return std::nullopt;
    std::size_t const entries = u16(ifd);
    for (std::size_t i = 0; i < std::min(entries, kEntriesMost); ++i) {
      std::size_t const at = ifd + 2 + 12 * i;
      if (!has(at, 12)) return std::nullopt;
      if (u16(at) != tag) continue;
      if (u16(at + 2) != type || (count != 0 && u32(at + 4) != count)) return std::nullopt;
      return at;
    }
    return std::nullopt;
  }
  // Degrees of a tag of three rationals: degrees, minutes, seconds.
  std::optional<double> degrees(std::size_t ifd, std::uint16_t tag) const {
    auto const at = entry(ifd, tag, kRational, 3);
    if (!at) return std::nullopt;
    std::size_t const from = u32(*at + 8);
    if (!has(from, 24)) return std::nullopt;
    double out = 0, unit = 1;
    for (std::size_t part = 0; part < 3; ++part, unit *= 60) {
      double const top = u32(from + 8 * part), bottom = u32(from + 8 * part + 4);
      if (bottom == 0 && !(part > 0 && top == 0)) return std::nullopt;  // some phones leave seconds out as 0/0
      if (bottom != 0) out += top / bottom / unit;
    }
    return out;
  }
  char letter(std::size_t ifd, std::uint16_t tag) const {
    auto const at = entry(ifd, tag, kAscii, 0);
    return at ? bytes_[*at + 8] : '\0';
  }

 private:
  bool has(std::size_t at, std::size_t size) const { return at <= bytes_.size() && size <= bytes_.size() - at; }
  std::uint32_t number(std::size_t at, std::size_t size) const {
    if (!has(at, size)) return 0;
    std::uint32_t out = 0;
    for (std::size_t i = 0; i < size; ++i) {
      auto const byte = static_cast<std::uint8_t>(bytes_[at + (little_ ? size - 1 - i : i)]);
      out = out << 8 | byte;
    }
    return out;
  }
  std::string_view bytes_;
  bool little_;
};

std::optional<Place> place_in(Tiff const& tiff) {
  if (!tiff.whole()) return std::nullopt;
  auto const pointer = tiff.entry(tiff.u32(4), kGpsIfd, kLong, 1);
  if (!pointer) return std::nullopt;
  std::size_t const gps = tiff.u32(*pointer + 8);
  auto const lat = tiff.degrees(gps, kLat), lon = tiff.degrees(gps, kLon);
  char const south = tiff.letter(gps, kLatRef), west = tiff.letter(gps, kLonRef);
  if (!lat || !lon || (south != 'N' && south != 'S') || (west != 'E' && west != 'W')) return std::nullopt;
  Place const place{west == 'W' ? -*lon : *lon, south == 'S' ? -*lat : *lat};
  // 0,0 is what a camera writes that knows no place.
  if (!is_place(place) || (place.lon == 0 && place.lat == 0)) return std::nullopt;
  return place;
}

}  // namespace

bool is_place(Place const& place) {
  return std::isfinite(place.lon) && std::isfinite(place.lat) && std::abs(place.lon) <= 180 &&
         std::abs(place.lat) <= 90;
}

std::string place_text(Place const& place) {
  char text[64];
  auto end = std::to_chars(text, text + sizeof text, place.lon).ptr;
  *end++ = ',';
  end = std::to_chars(end, text + sizeof text, place.lat).ptr;
  return {text, end};
}

std::optional<Place> place_from(std::string_view text) {
  Place place;
  auto const comma = std::min(text.find(','), text.size());
  auto const lon = std::from_chars(text.data(), text.data() + comma, place.lon);
  if (comma == text.size() || lon.ec != std::errc{} || lon.ptr != text.data() + comma) return std::nullopt;
  auto const lat = std::from_chars(text.data() + comma + 1, text.data() + text.size(), place.lat);
  if (lat.ec != std::errc{} || lat.ptr != text.data() + text.size() || !is_place(place)) return std::nullopt;
  return place;
}

std::optional<Place> exif_place(std::string_view jpeg) {
  if (!jpeg.starts_with("\xff\xd8")) return std::nullopt;
  for (std::size_t at = 2; at + 4 <= jpeg.size();) {
    auto const byte = [&](std::size_t i) { return static_cast<std::uint8_t>(jpeg[i]); };
    if (byte(at) != 0xff || byte(at + 1) == 0xda) return std::nullopt;  // the picture itself begins
    if (byte(at + 1) == 0xff) {
      ++at;
      continue;
    }
    std::size_t const length = std::size_t{byte(at + 2)} << 8 | byte(at + 3);
    if (length < 2 || length > jpeg.size() - at - 2) return std::nullopt;
    auto const segment = jpeg.substr(at + 4, length - 2);
    constexpr std::string_view kMark{"Exif\0\0", 6};
    if (byte(at + 1) == 0xe1 && segment.starts_with(kMark)) return place_in(Tiff(segment.substr(kMark.size())));
    at += 2 + length;
  }
  return std::nullopt;
}

}  // namespace wangge::media
