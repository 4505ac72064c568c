// Any bytes as an upload of every type that is taken: its head is read or refused, within the bytes that are there.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "gateways/media/exif.hpp"
#include "gateways/media/formats.hpp"

namespace {

void demand(bool fact) {
  if (!fact) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using namespace wangge::media;
  std::string_view const bytes(reinterpret_cast<char const*>(data), size);
  if (auto const* named = format_of(bytes)) demand(format_of(named->type) == named);  // also as a Content-Type
  int pictures = 0;
  for (auto const* type : {"image/jpeg", "image/png", "image/webp", "audio/mpeg", "audio/mp4", "audio/aac", "audio/ogg",
                           "audio/wav", "video/mp4", "video/webm", "video/quicktime"}) {
    auto const* format = format_of(type);
    demand(format != nullptr);
    bool const fits = looks_like(*format, bytes);
    if (fits) demand(size >= 2);
    pictures += fits && format->picture();
    dimensions(*format, bytes);
  }
  demand(pictures <= 1);  // nothing is two kinds of picture at once
  free_of_metadata(bytes);
  if (auto const place = exif_place(bytes)) demand(is_place(*place) && bytes.size() > 60);
  if (auto const place = place_from(bytes)) demand(place_from(place_text(*place)).has_value());
  return 0;
}
