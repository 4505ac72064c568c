// Where a picture's own metadata (EXIF, in JPEG) says it was taken. A claim like every other: kept beside what the
// device said, never shown with the picture. Reads bytes as they come from outside: every offset is checked, whatever
// does not fit is no place.
#pragma once

#include <optional>
#include <string_view>

#include "gateways/media/media.hpp"

namespace wangge::media {

std::optional<Place> exif_place(std::string_view jpeg);

}  // namespace wangge::media
